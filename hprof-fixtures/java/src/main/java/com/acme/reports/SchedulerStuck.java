package com.acme.reports;

import fixtures.Scenario;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A scheduler with one thread, one task of which waits for a server that does not answer; all others are overdue. */
public final class SchedulerStuck implements Scenario {
    private static ScheduledExecutorService scheduler;

    @Override
    public void run(Size size) throws Exception {
        scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "housekeeping");
            thread.setDaemon(true);
            return thread;
        });
        RateImport rates = new RateImport();
        for (int i = 0; i < size.pick(12, 400); i++) {
            scheduler.scheduleAtFixedRate(new Sweep(), 200, 200, TimeUnit.MILLISECONDS);
        }
        scheduler.scheduleAtFixedRate(rates, 500, 500, TimeUnit.MILLISECONDS);
        rates.waits.await();
        Thread.sleep(6_000);
    }
}

final class Sweep implements Runnable {
    long rounds;

    @Override
    public void run() {
        rounds++;
    }
}

final class RateImport implements Runnable {
    final CountDownLatch waits = new CountDownLatch(1);
    private ServerSocket server;

    @Override
    public void run() {
        try {
            server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
                waits.countDown();
                socket.getInputStream().read(); // without a time limit
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
