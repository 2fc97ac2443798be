package com.acme.metrics;

import fixtures.Scenario;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;

/** A timer whose tag is the whole URI with its ids in it: one meter for each request. */
public final class MicrometerTags implements Scenario {
    @Override
    public void run(Size size) {
        RequestTimers timers = new RequestTimers();
        for (int i = 0; i < size.pick(3_000, 80_000); i++) {
            timers.served("/orders/" + i, i % 50);
        }
    }
}

final class RequestTimers {
    static final MeterRegistry REGISTRY = new SimpleMeterRegistry();

    void served(String uri, long millis) {
        Timer.builder("http.server.requests").tag("uri", uri).tag("status", "200").register(REGISTRY).record(millis, TimeUnit.MILLISECONDS);
    }
}
