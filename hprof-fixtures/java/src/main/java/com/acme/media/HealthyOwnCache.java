package com.acme.media;

import fixtures.Scenario;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** A cache of the application's own that evicts by hand at its limit, and is full: large, and nothing is to blame. */
public final class HealthyOwnCache implements Scenario {
    private static ThumbnailCache thumbnails;

    @Override
    public void run(Size size) {
        int limit = size.pick(3_000, 60_000);
        thumbnails = new ThumbnailCache(limit);
        for (int i = 0; i < 4 * limit; i++) {
            thumbnails.get("image-" + i);
        }
    }
}

final class ThumbnailCache {
    private final int maxEntries;
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    ThumbnailCache(int maxEntries) {
        this.maxEntries = maxEntries;
    }

    byte[] get(String image) {
        byte[] thumbnail = entries.computeIfAbsent(image, name -> new byte[2_000]);
        if (entries.size() > maxEntries) {
            Iterator<String> eldest = entries.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
        return thumbnail;
    }
}
