package com.acme.media;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import fixtures.Scenario;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A cache that is full and has a limit, four times as large as the map beside it from which nothing is ever removed. */
public final class CacheAndLeak implements Scenario {
    static final Thumbnails THUMBNAILS = new Thumbnails();
    static final Uploads UPLOADS = new Uploads();

    @Override
    public void run(Size size) {
        int n = size.pick(4_000, 80_000);
        for (int i = 0; i < 2 * n; i++) {
            THUMBNAILS.render(i);
        }
        THUMBNAILS.settle(n);
        for (int i = 0; i < n / 4; i++) {
            UPLOADS.begin("upload-" + i);
        }
    }
}

final class Thumbnails {
    private final Cache<Integer, byte[]> cache = Caffeine.newBuilder().maximumSize(80_000).executor(Runnable::run).build();

    void render(int image) {
        cache.put(image, new byte[4_000]);
    }

    void settle(int limit) {
        cache.policy().eviction().ifPresent(eviction -> eviction.setMaximum(limit));
        cache.cleanUp();
    }
}

final class Uploads {
    private final Map<String, byte[]> unfinished = new ConcurrentHashMap<>();

    void begin(String id) {
        unfinished.put(id, new byte[4_000]);
    }
}
