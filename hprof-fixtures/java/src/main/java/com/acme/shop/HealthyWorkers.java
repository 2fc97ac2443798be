package com.acme.shop;

import fixtures.Scenario;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** A pool with a bounded queue after its work, with metrics, logging and thread-locals that were cleared. Nothing is to blame. */
public final class HealthyWorkers implements Scenario {
    private static final WorkerPool POOL = new WorkerPool();

    @Override
    public void run(Size size) throws Exception {
        for (int i = 0; i < size.pick(2_000, 200_000); i++) {
            POOL.submit(i);
        }
        Thread.sleep(500);
    }
}

final class WorkerPool {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final Counter done = registry.counter("work.done");
    private final ThreadPoolExecutor executor =
            new ThreadPoolExecutor(8, 8, 1, TimeUnit.HOURS, new ArrayBlockingQueue<>(1_000), new ThreadPoolExecutor.CallerRunsPolicy());

    void submit(int number) {
        executor.execute(() -> work(number));
    }

    private void work(int number) {
        MDC.put("work", "number " + number);
        try {
            LOG.trace("working on {}", number);
            done.increment();
        } finally {
            MDC.clear();
        }
    }
}
