package com.acme.price;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import fixtures.Scenario;

/** A Caffeine cache without a maximum and without expiry, keyed by something that never comes again. */
public final class CaffeineUnbounded implements Scenario {
    @Override
    public void run(Size size) {
        PriceLookup lookup = new PriceLookup();
        for (int i = 0; i < size.pick(12_000, 300_000); i++) {
            lookup.price("basket-" + i);
        }
    }
}

final class PriceLookup {
    static final Cache<String, Quote> QUOTES = Caffeine.newBuilder().build();

    Quote price(String basket) {
        return QUOTES.get(basket, key -> new Quote(key, key.hashCode() % 10_000));
    }
}

final class Quote {
    final String basket;
    final long[] cents = new long[12];

    Quote(String basket, long total) {
        this.basket = basket;
        this.cents[0] = total;
    }
}
