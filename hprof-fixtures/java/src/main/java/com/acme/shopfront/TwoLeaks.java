package com.acme.shopfront;

import fixtures.Scenario;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Two leaks that have nothing to do with each other: pages in a static map, and listeners in a list of the pricing singleton. */
public final class TwoLeaks implements Scenario {
    private static final Pricing PRICING = new Pricing();

    @Override
    public void run(Size size) throws Exception {
        int n = size.pick(3_000, 50_000);
        PageRenderer renderer = new PageRenderer();
        ExecutorService pool = Executors.newFixedThreadPool(2);
        pool.execute(() -> {
            for (int i = 0; i < n; i++) {
                renderer.render("/product/" + i + "?session=" + i * 7_919L);
            }
        });
        pool.execute(() -> {
            for (int i = 0; i < n; i++) {
                PRICING.onChange(new PriceView(i));
            }
        });
        pool.shutdown();
        pool.awaitTermination(1, TimeUnit.MINUTES);
    }
}

final class PageRenderer {
    static final Map<String, char[]> RENDERED = new LinkedHashMap<>();

    void render(String url) {
        RENDERED.put(url, new char[600]);
    }
}

final class Pricing {
    private final List<PriceView> listeners = new ArrayList<>();

    void onChange(PriceView view) {
        listeners.add(view);
    }
}

final class PriceView {
    private final int product;
    private final int[] history = new int[160];

    PriceView(int product) {
        this.product = product;
        this.history[0] = product;
    }
}
