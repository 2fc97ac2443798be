package com.acme.config;

import fixtures.Scenario;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Each request waits for the same settings, which never come: a future keeps all that was chained to it. */
public final class FutureChain implements Scenario {
    private static final RemoteSettings SETTINGS = new RemoteSettings();

    @Override
    public void run(Size size) {
        for (int i = 0; i < size.pick(8_000, 160_000); i++) {
            SETTINGS.answer(new SettingsRequest("key-" + i % 10));
        }
    }
}

final class RemoteSettings {
    private final CompletableFuture<Map<String, String>> loaded = new CompletableFuture<>();

    CompletableFuture<String> answer(SettingsRequest request) {
        return loaded.thenApply(settings -> settings.get(request.key) + request.body.length);
    }
}

final class SettingsRequest {
    final String key;
    final byte[] body = new byte[1_000];

    SettingsRequest(String key) {
        this.key = key;
    }
}
