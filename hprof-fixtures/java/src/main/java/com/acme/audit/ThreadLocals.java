package com.acme.audit;

import fixtures.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Each pool thread collects audit entries in a thread-local and nobody ever calls remove(). */
public final class ThreadLocals implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        AtomicInteger number = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(8, r -> new Thread(r, "orders-" + number.incrementAndGet()));
        int requests = size.pick(24_000, 600_000);
        CountDownLatch done = new CountDownLatch(8);
        for (int t = 0; t < 8; t++) {
            int first = t * (requests / 8);
            pool.execute(() -> {
                for (int i = 0; i < requests / 8; i++) {
                    AuditTrail.note("order " + (first + i) + " read by user-" + i % 97);
                }
                done.countDown();
                await(done); // so that each thread of the pool gets one of the tasks
            });
        }
        done.await();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

final class AuditTrail {
    private static final ThreadLocal<List<AuditEntry>> CURRENT = ThreadLocal.withInitial(ArrayList::new);

    private AuditTrail() {}

    static void note(String text) {
        CURRENT.get().add(new AuditEntry(text, System.nanoTime()));
    }
}

final class AuditEntry {
    final String text;
    final long at;

    AuditEntry(String text, long at) {
        this.text = text;
        this.at = at;
    }
}
