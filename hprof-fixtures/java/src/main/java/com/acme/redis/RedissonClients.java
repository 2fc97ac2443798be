package com.acme.redis;

import fixtures.Scenario;
import java.util.ArrayList;
import java.util.List;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** A RedissonClient for each lock, each with event loops, timers and connections of its own, none of them shut down. */
public final class RedissonClients implements Scenario {
    private static LockService locks;

    @Override
    public void run(Size size) throws Exception {
        locks = new LockService("redis://127.0.0.1:" + new FakeRedis().port());
        for (int i = 0; i < size.pick(8, 60); i++) {
            locks.client("lock-" + i);
        }
        Thread.sleep(500);
    }
}

final class LockService {
    private final String address;
    private final List<RedissonClient> clients = new ArrayList<>();

    LockService(String address) {
        this.address = address;
    }

    void client(String lock) {
        Config config = new Config();
        config.setNettyThreads(2);
        config.setThreads(2);
        config.useSingleServer().setAddress(address).setClientName(lock).setConnectionMinimumIdleSize(1).setConnectionPoolSize(2).setSubscriptionConnectionMinimumIdleSize(0);
        clients.add(Redisson.create(config));
    }
}
