package com.acme.index;

import fixtures.Scenario;
import java.util.Map;
import java.util.WeakHashMap;

/** A WeakHashMap whose values refer to their keys: no entry ever goes away. */
public final class WeakMapBackReference implements Scenario {
    @Override
    public void run(Size size) {
        LayoutCache cache = new LayoutCache();
        for (int i = 0; i < size.pick(8_000, 100_000); i++) {
            cache.layout(new Page(i));
        }
    }
}

final class LayoutCache {
    static final Map<Page, Layout> LAYOUTS = new WeakHashMap<>();

    Layout layout(Page page) {
        return LAYOUTS.computeIfAbsent(page, Layout::new);
    }
}

final class Page {
    final int number;

    Page(int number) {
        this.number = number;
    }
}

final class Layout {
    final Page page;
    final float[] boxes = new float[80];

    Layout(Page page) {
        this.page = page;
    }
}
