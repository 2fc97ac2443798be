package com.acme.redis;

import fixtures.Scenario;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPool;
import redis.clients.jedis.JedisPoolConfig;

/** "One pool for each tenant", but the key of the map has the request's number in it, so that there is one pool for each request. */
public final class JedisPools implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        FakeRedis redis = new FakeRedis();
        TenantCache cache = new TenantCache(redis.port());
        for (int i = 0; i < size.pick(150, 1_500); i++) {
            cache.put("tenant-" + i % 5, i, "settings");
        }
        Thread.sleep(500);
    }
}

final class TenantCache {
    static final Map<String, JedisPool> POOLS = new ConcurrentHashMap<>();
    private final int port;

    TenantCache(int port) {
        this.port = port;
    }

    void put(String tenant, int request, String value) {
        JedisPool pool = POOLS.computeIfAbsent(tenant + "/" + request, key -> new JedisPool(config(), "127.0.0.1", port));
        try (Jedis jedis = pool.getResource()) {
            jedis.set(tenant, value);
        }
    }

    private static JedisPoolConfig config() {
        JedisPoolConfig config = new JedisPoolConfig();
        config.setJmxEnabled(false);
        return config;
    }
}
