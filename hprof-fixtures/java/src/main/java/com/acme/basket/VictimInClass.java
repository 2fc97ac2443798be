package com.acme.basket;

import fixtures.Scenario;
import java.util.ArrayList;
import java.util.List;

/**
 * Baskets that nobody removes fill the heap. The thread that runs out of memory is in the class that declares the list, but it only prints a page
 * from it: a victim, although its class is the culprit's.
 */
public final class VictimInClass implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        Thread shop = new Thread(() -> {
            for (int i = 0; i % 500 != 0 || roomLeft(); i++) {
                Baskets.add(i);
            }
        }, "shop-1");
        shop.start();
        shop.join();
        Thread printer = new Thread(() -> {
            for (int bytes = 1 << 20; ; bytes *= 2) {
                Baskets.print(bytes);
            }
        }, "printer-1");
        printer.start();
        printer.join();
    }

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

final class Basket {
    final int number;
    final long[] items = new long[48];

    Basket(int number) {
        this.number = number;
    }
}

final class Baskets {
    static final List<Basket> OPEN = new ArrayList<>();

    static void add(int number) {
        OPEN.add(new Basket(number));
    }

    static int print(int bytes) {
        int lines = 0;
        for (Basket basket : OPEN) {
            lines += basket.items.length;
        }
        byte[] page = new byte[bytes];
        return lines + page.length;
    }
}
