package com.acme.shop;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import fixtures.Scenario;
import java.time.Duration;

/** A cache with a maximum and an expiry, full, as large as it is meant to be: most of the heap, and nothing is to blame. */
public final class HealthyFullCache implements Scenario {
    private static ImageService images;

    @Override
    public void run(Size size) {
        images = new ImageService(size.pick(4_000, 40_000));
        for (int i = 0; i < size.pick(6_000, 60_000); i++) {
            images.thumbnail(i);
        }
    }
}

final class ImageService {
    private final Cache<Integer, byte[]> thumbnails;

    ImageService(int limit) {
        thumbnails = Caffeine.newBuilder().maximumSize(limit).expireAfterWrite(Duration.ofHours(1)).executor(Runnable::run).build();
    }

    byte[] thumbnail(int id) {
        return thumbnails.get(id, key -> new byte[1_500]);
    }
}
