package com.acme.jobs;

import fixtures.Scenario;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A thread pool for each request, used once and never shut down: its idle threads hold it, and what they still have in thread-locals. */
public final class PoolPerRequest implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        Pricing pricing = new Pricing();
        for (int i = 0; i < size.pick(100, 1_000); i++) {
            pricing.price(i);
        }
    }
}

final class Pricing {
    private static final ThreadLocal<double[]> SCRATCH = ThreadLocal.withInitial(() -> new double[2_000]);

    double price(int request) throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        pool.submit(() -> SCRATCH.get()[0] = request).get();
        return pool.submit(() -> SCRATCH.get()[1] = request).get();
    }
}
