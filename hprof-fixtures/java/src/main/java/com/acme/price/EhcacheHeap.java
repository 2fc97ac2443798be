package com.acme.price;

import fixtures.Scenario;
import org.ehcache.Cache;
import org.ehcache.CacheManager;
import org.ehcache.config.builders.CacheConfigurationBuilder;
import org.ehcache.config.builders.CacheManagerBuilder;
import org.ehcache.config.builders.ResourcePoolsBuilder;

/** An Ehcache whose heap tier may have a hundred million entries, and no expiry. */
public final class EhcacheHeap implements Scenario {
    @Override
    public void run(Size size) {
        RateLookup rates = new RateLookup();
        for (long i = 0; i < size.pick(8_000, 150_000); i++) {
            rates.rate(i);
        }
    }
}

final class RateLookup {
    static final CacheManager CACHES = CacheManagerBuilder.newCacheManagerBuilder()
            .withCache("rates", CacheConfigurationBuilder.newCacheConfigurationBuilder(Long.class, String.class, ResourcePoolsBuilder.heap(100_000_000)))
            .build(true);

    String rate(long shipment) {
        Cache<Long, String> cache = CACHES.getCache("rates", Long.class, String.class);
        String rate = cache.get(shipment);
        if (rate == null) {
            rate = "rate of shipment " + shipment + ": " + "zone surcharge ".repeat(15);
            cache.put(shipment, rate);
        }
        return rate;
    }
}
