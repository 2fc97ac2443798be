package com.acme.seats;

import fixtures.Scenario;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A payment is asked for while a monitor is held, and the other side never answers: all other bookings wait. */
public final class PoolMonitor implements Scenario {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final ExecutorService BOOKINGS =
            Executors.newFixedThreadPool(24, r -> new Thread(r, "booking-" + NUMBER.incrementAndGet()));

    @Override
    public void run(Size size) throws Exception {
        ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        SeatMap seats = new SeatMap(new Payments(silent));
        for (int i = 0; i < size.pick(100, 1_000); i++) {
            int seat = i;
            BOOKINGS.execute(() -> seats.reserve(seat));
        }
        Thread.sleep(500);
    }
}

final class SeatMap {
    private final Payments payments;
    private final boolean[] taken = new boolean[4_096];

    SeatMap(Payments payments) {
        this.payments = payments;
    }

    synchronized void reserve(int seat) {
        if (!taken[seat] && payments.charge(seat)) {
            taken[seat] = true;
        }
    }
}

final class Payments {
    private final ServerSocket server;

    Payments(ServerSocket server) {
        this.server = server;
    }

    boolean charge(int seat) {
        try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
            socket.getOutputStream().write(seat);
            return socket.getInputStream().read() == 1; // no time limit
        } catch (IOException e) {
            return false;
        }
    }
}
