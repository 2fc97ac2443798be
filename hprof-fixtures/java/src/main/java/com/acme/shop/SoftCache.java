package com.acme.shop;

import fixtures.Scenario;
import java.lang.ref.SoftReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A cache of softly referenced pages: it fills the heap as it should, and the collector empties it before an OutOfMemoryError. */
public final class SoftCache implements Scenario {
    private static PageCache pages;

    @Override
    public void run(Size size) {
        pages = new PageCache();
        for (int i = 0; i < size.pick(3_000, 30_000); i++) {
            pages.page("/catalog/" + i);
        }
    }
}

final class PageCache {
    private final Map<String, SoftReference<char[]>> pages = new ConcurrentHashMap<>();

    char[] page(String path) {
        SoftReference<char[]> known = pages.get(path);
        char[] page = known == null ? null : known.get();
        if (page == null) {
            page = new char[1_000];
            pages.put(path, new SoftReference<>(page));
        }
        return page;
    }
}
