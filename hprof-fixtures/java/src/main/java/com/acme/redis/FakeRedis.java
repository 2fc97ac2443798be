package com.acme.redis;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A server that speaks just enough of the Redis protocol (RESP2) for clients to be content. One daemon thread for each connection. */
final class FakeRedis {
    private final ServerSocket socket;

    FakeRedis() throws IOException {
        socket = new ServerSocket(0, 2_000, InetAddress.getLoopbackAddress());
        daemon("redis-accept", this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = socket.accept();
                daemon("redis-serve-" + client.getPort(), () -> serve(client));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void serve(Socket client) {
        try (InputStream in = new BufferedInputStream(client.getInputStream(), 256); OutputStream out = client.getOutputStream()) {
            for (String header = line(in); header != null; header = line(in)) {
                String command = "";
                for (int i = Integer.parseInt(header.substring(1)); i > 0; i--) {
                    line(in); // the length of the argument
                    String argument = line(in);
                    command = command.isEmpty() ? argument.toUpperCase() : command;
                }
                String answer = command.equals("HELLO") ? "-ERR unknown command" : command.equals("PING") ? "+PONG" : "+OK";
                out.write((answer + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
        } catch (IOException e) {
            Thread.currentThread().setName("redis-serve-gone");
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return null;
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private static void daemon(String name, Runnable body) {
        Thread t = new Thread(null, body, name, 128 * 1024);
        t.setDaemon(true);
        t.start();
    }
}
