package com.acme.cart;

import fixtures.Scenario;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Carts that nobody removes fill nearly the whole heap; then a small and innocent job runs into the OutOfMemoryError: a victim. */
public final class VictimOom implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        CartStore store = new CartStore();
        for (int i = 0; i % 500 != 0 || roomLeft(); i++) {
            store.open("visitor-" + i);
        }
        Thread thumbnails = new Thread(() -> new Thumbnails().make(400), "thumbnails-1");
        thumbnails.start();
        thumbnails.join();
    }

    /** Whether a sixth of the heap is free, after a collection if need be. */
    private static boolean roomLeft() {
        Runtime vm = Runtime.getRuntime();
        for (int tries = 0; tries < 2; tries++) {
            if (vm.maxMemory() - vm.totalMemory() + vm.freeMemory() > vm.maxMemory() / 6) {
                return true;
            }
            System.gc();
        }
        return false;
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
        for (int i = 0; i < count; i++) {
            byte[] image = new byte[100_000 + i * 500_000];
            byte[] small = new byte[image.length / 16];
            bytes += image.length + small.length;
        }
        return bytes;
    }
}
