package com.acme.redis;

import fixtures.Scenario;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.ArrayList;
import java.util.List;

/** A RedisClient (with resources of its own: timer, event loops, threads) for each reconnect, none of them shut down. */
public final class LettuceClients implements Scenario {
    private static StockCache cache;

    @Override
    public void run(Size size) throws Exception {
        FakeRedis redis = new FakeRedis();
        cache = new StockCache("redis://127.0.0.1:" + redis.port());
        for (int i = 0; i < size.pick(12, 120); i++) {
            cache.reconnect();
            cache.put("item-" + i, "in stock");
        }
        Thread.sleep(500);
    }
}

final class StockCache {
    private final String uri;
    private final List<StatefulRedisConnection<String, String>> connections = new ArrayList<>();

    StockCache(String uri) {
        this.uri = uri;
    }

    void reconnect() {
        connections.add(RedisClient.create(uri).connect());
    }

    void put(String key, String value) {
        connections.get(connections.size() - 1).sync().set(key, value);
    }
}
