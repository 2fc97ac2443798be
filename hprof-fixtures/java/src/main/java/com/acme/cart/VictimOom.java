package com.acme.cart;

import fixtures.Scenario;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Carts that nobody removes fill nearly the whole heap; then a small and innocent job runs into the OutOfMemoryError: a victim. */
public final class VictimOom implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        CartStore store = new CartStore();
        Runtime vm = Runtime.getRuntime();
        for (int i = 0; vm.maxMemory() - vm.totalMemory() + vm.freeMemory() > vm.maxMemory() / 6; i++) {
            store.open("visitor-" + i);
            if (i % 1_000 == 0) {
                System.gc();
            }
        }
        System.gc();
        Thread thumbnails = new Thread(() -> new Thumbnails().make(2_000), "thumbnails-1");
        thumbnails.start();
        thumbnails.join();
    }
}

final class CartStore {
    static final Map<String, Cart> OPEN = new ConcurrentHashMap<>();

    void open(String visitor) {
        OPEN.put(visitor, new Cart(visitor));
    }
}

final class Cart {
    final String visitor;
    final long[] items = new long[64];

    Cart(String visitor) {
        this.visitor = visitor;
    }
}

final class Thumbnails {
    /** Never holds more than one image. */
    int make(int count) {
        int bytes = 0;
        for (int i = 1; i <= count; i++) {
            byte[] image = new byte[i * 65_536];
            byte[] small = new byte[image.length / 16];
            bytes += image.length + small.length;
        }
        return bytes;
    }
}
