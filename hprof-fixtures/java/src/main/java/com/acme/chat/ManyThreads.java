package com.acme.chat;

import fixtures.Scenario;
import java.util.concurrent.LinkedBlockingQueue;

/** A thread for each client that ever connected, each waiting for a message that will never come, each with a buffer on its stack. */
public final class ManyThreads implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        for (int i = 0; i < size.pick(300, 3_000); i++) {
            Thread t = new Thread(null, new ClientLoop("user-" + i), "chat-client-" + i, 256 * 1024);
            t.setDaemon(true);
            t.start();
        }
        Thread.sleep(1_000);
    }
}

final class ClientLoop implements Runnable {
    private final LinkedBlockingQueue<String> inbox = new LinkedBlockingQueue<>();
    private final String user;

    ClientLoop(String user) {
        this.user = user;
    }

    @Override
    public void run() {
        char[] buffer = new char[8_192];
        try {
            while (true) {
                String message = inbox.take();
                message.getChars(0, message.length(), buffer, 0);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().setName(user + " gone");
        }
    }
}
