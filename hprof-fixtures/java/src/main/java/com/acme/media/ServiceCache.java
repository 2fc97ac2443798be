package com.acme.media;

import fixtures.Scenario;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A service that only the tasks of its pool know, with a map that they fill, each just in the middle of adding to it. */
public final class ServiceCache implements Scenario {
    private static final int WORKERS = 4;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    @Override
    public void run(Size size) throws Exception {
        int n = size.pick(3_000, 120_000) / WORKERS;
        CountDownLatch filled = new CountDownLatch(WORKERS);
        start(n, filled);
        filled.await();
    }

    private static void start(int n, CountDownLatch filled) {
        ThumbnailService service = new ThumbnailService(filled);
        ExecutorService pool = Executors.newFixedThreadPool(WORKERS, task -> {
            Thread thread = new Thread(task, "thumbnails-" + NUMBER.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        CountDownLatch others = new CountDownLatch(WORKERS);
        for (int worker = 0; worker < WORKERS; worker++) {
            int of = worker;
            pool.execute(() -> {
                for (int i = 0; i < n; i++) {
                    service.thumbnail("https://images.example/" + of + "/" + i, false);
                }
                // Whoever is in the midst of adding to the map keeps others out of a part of it.
                others.countDown();
                awaitAll(others);
                service.thumbnail("https://images.example/" + of + "/slow", true);
            });
        }
    }

    private static void awaitAll(CountDownLatch others) {
        try {
            others.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

final class ThumbnailService {
    private final Map<String, Thumbnail> cache = new ConcurrentHashMap<>();
    private final CountDownLatch filled;

    ThumbnailService(CountDownLatch filled) {
        this.filled = filled;
    }

    Thumbnail thumbnail(String url, boolean slow) {
        return cache.computeIfAbsent(url, key -> render(key, slow));
    }

    private Thumbnail render(String url, boolean slow) {
        if (slow) {
            filled.countDown();
            try {
                Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return new Thumbnail(url);
    }
}

final class Thumbnail {
    final String url;
    final byte[] pixels = new byte[2_000];

    Thumbnail(String url) {
        this.url = url;
    }
}
