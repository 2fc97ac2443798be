package com.acme.chat;

import fixtures.Scenario;
import java.lang.reflect.Method;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Thousands of virtual threads of one executor, each waiting for an answer with its request in hand. */
public final class VirtualThreads implements Scenario {
    private static ExecutorService executor;

    @Override
    public void run(Size size) throws Exception {
        Method make = Executors.class.getMethod("newVirtualThreadPerTaskExecutor"); // JDK 21
        executor = (ExecutorService) make.invoke(null);
        int count = size.pick(2_000, 20_000);
        CountDownLatch waiting = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            executor.execute(new ForwardCall("call-" + i, waiting));
        }
        waiting.await();
        Thread.sleep(500);
    }
}

final class ForwardCall implements Runnable {
    private final byte[] request = new byte[1_000];
    private final String id;
    private final CountDownLatch waiting;

    ForwardCall(String id, CountDownLatch waiting) {
        this.id = id;
        this.waiting = waiting;
    }

    @Override
    public void run() {
        waiting.countDown();
        try {
            Thread.sleep(3_600_000); // a server that does not answer
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        request[0] = (byte) id.length();
    }
}
