package com.acme.legacy;

import fixtures.Scenario;
import java.util.concurrent.CountDownLatch;

/** Handles with a finalize() that waits for a lock: the finalizer thread stands still, and all that was dropped since waits behind it. */
public final class FinalizerQueue implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        new LegacyHandle(new byte[10], true);
        System.gc();
        LegacyHandle.STUCK.await();
        for (int i = 0; i < size.pick(5_000, 150_000); i++) {
            new LegacyHandle(new byte[800], false);
        }
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(200);
        }
    }
}

final class LegacyHandle {
    static final CountDownLatch STUCK = new CountDownLatch(1);
    private static final CountDownLatch NEVER = new CountDownLatch(1);
    private final byte[] buffer;
    private final boolean slow;

    LegacyHandle(byte[] buffer, boolean slow) {
        this.buffer = buffer;
        this.slow = slow;
    }

    @Override
    @SuppressWarnings({"deprecation", "removal"})
    protected void finalize() throws InterruptedException {
        if (slow && buffer.length > 0) {
            STUCK.countDown();
            NEVER.await();
        }
    }
}
