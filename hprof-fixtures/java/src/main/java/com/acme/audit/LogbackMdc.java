package com.acme.audit;

import fixtures.Scenario;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Request data put into the MDC under keys with the request's number and never removed: it stays with the threads of the pool. */
public final class LogbackMdc implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        AtomicInteger number = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(4, r -> new Thread(r, "requests-" + number.incrementAndGet()));
        CountDownLatch done = new CountDownLatch(4);
        int requests = size.pick(1_000, 15_000);
        for (int t = 0; t < 4; t++) {
            int first = t * requests;
            pool.execute(() -> {
                RequestLog log = new RequestLog();
                for (int i = first; i < first + requests; i++) {
                    log.received(i, "{\"order\":" + i + ",\"items\":\"" + "x".repeat(700) + "\"}");
                }
                done.countDown();
                try {
                    done.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        done.await();
    }
}

final class RequestLog {
    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);

    void received(int number, String body) {
        MDC.put("request-" + number, body);
        LOG.trace("received {}", number);
    }
}
