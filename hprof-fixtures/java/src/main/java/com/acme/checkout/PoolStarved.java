package com.acme.checkout;

import fixtures.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Each checkout runs in a pool and asks the same pool for its prices: when all threads wait, nobody is left to work. */
public final class PoolStarved implements Scenario {
    private static final Checkout CHECKOUT = new Checkout();

    @Override
    public void run(Size size) throws Exception {
        for (int i = 0; i < size.pick(60, 600); i++) {
            CHECKOUT.begin(new Basket("basket-" + i, 3));
        }
        Thread.sleep(500);
    }
}

final class Checkout {
    private final AtomicInteger number = new AtomicInteger();
    private final ExecutorService pool =
            Executors.newFixedThreadPool(8, r -> new Thread(r, "checkout-" + number.incrementAndGet()));

    void begin(Basket basket) {
        pool.submit(() -> total(basket));
    }

    private long total(Basket basket) throws InterruptedException, ExecutionException {
        List<Future<Long>> prices = new ArrayList<>();
        for (int line = 0; line < basket.lines; line++) {
            prices.add(pool.submit(() -> 1_999L));
        }
        long sum = 0;
        for (Future<Long> price : prices) {
            Thread.sleep(20); // the others come here, too, before the first price is asked for
            sum += price.get();
        }
        return sum;
    }
}

final class Basket {
    final String id;
    final int lines;

    Basket(String id, int lines) {
        this.id = id;
        this.lines = lines;
    }
}
