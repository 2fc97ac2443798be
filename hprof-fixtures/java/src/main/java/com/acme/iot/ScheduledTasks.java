package com.acme.iot;

import fixtures.Scenario;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A heartbeat for each device that ever connected, and none is cancelled. Nothing but a thread's stack refers to the object with the executor. */
public final class ScheduledTasks implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        int n = size.pick(4_000, 80_000);
        Thread gateway = new Thread(() -> new Heartbeats().serve(n), "gateway");
        gateway.setDaemon(true);
        gateway.start();
        while (gateway.getState() != Thread.State.TIMED_WAITING) {
            Thread.sleep(50);
        }
    }
}

final class Heartbeats {
    private final ScheduledExecutorService ticker = Executors.newScheduledThreadPool(2);

    void serve(int devices) {
        for (int i = 0; i < devices; i++) {
            DeviceSession session = new DeviceSession("device-" + i);
            ticker.scheduleAtFixedRate(session::ping, 3_600, 3_600, TimeUnit.SECONDS);
        }
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            ticker.shutdownNow();
        }
    }
}

final class DeviceSession {
    private final String device;
    private final byte[] buffer = new byte[2_500];

    DeviceSession(String device) {
        this.device = device;
    }

    void ping() {
        buffer[0] = (byte) device.length();
    }
}
