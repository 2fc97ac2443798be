package com.acme.common;

import java.text.NumberFormat;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The ordinary life of a service beside any leak: a bounded cache, idle pool threads, a warm JDK. Nothing here is to blame. */
public final class Noise {
    private static final ProductCache CACHE = new ProductCache(500);
    private static final Map<String, Pattern> PATTERNS = new ConcurrentHashMap<>();
    private static final List<Thread> HOUSEKEEPING = new ArrayList<>();
    private static ScheduledExecutorService scheduler;

    private Noise() {}

    public static void start() throws InterruptedException {
        for (int i = 0; i < 1_500; i++) {
            CACHE.put("SKU-" + i, new Product(i, "Product number " + i, LocalDate.of(2024, 1 + i % 12, 1 + i % 28)));
        }
        for (String prefix : new String[] {"SKU", "ORDER", "BATCH"}) {
            String text = prefix + "-" + NumberFormat.getIntegerInstance(Locale.US).format(12) + DateTimeFormatter.ISO_DATE.format(LocalDate.of(2024, 2, 29));
            PATTERNS.computeIfAbsent(prefix + "-\\d{2,}", Pattern::compile).matcher(text).find();
        }
        scheduler = Executors.newScheduledThreadPool(2, r -> daemon(r, "housekeeping-" + (HOUSEKEEPING.size() + 1)));
        scheduler.scheduleAtFixedRate(CACHE::trim, 1, 3_600_000, TimeUnit.MILLISECONDS);
        scheduler.scheduleAtFixedRate(PATTERNS::size, 1, 3_600_000, TimeUnit.MILLISECONDS);
        Thread.sleep(100);
    }

    private static Thread daemon(Runnable r, String name) {
        Thread t = new Thread(r, name);
        t.setDaemon(true);
        HOUSEKEEPING.add(t);
        return t;
    }

    static final class Product {
        final int id;
        final String name;
        final LocalDate since;

        Product(int id, String name, LocalDate since) {
            this.id = id;
            this.name = name;
            this.since = since;
        }
    }

    /** A least-recently-used cache with a limit: healthy. */
    static final class ProductCache extends LinkedHashMap<String, Product> {
        private final int limit;

        ProductCache(int limit) {
            super(16, 0.75f, true);
            this.limit = limit;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Product> eldest) {
            return size() > limit;
        }

        void trim() {
            keySet().removeIf(k -> size() > limit);
        }
    }
}
