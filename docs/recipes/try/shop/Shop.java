package com.acme;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A service that keeps its last orders, and with SHOP_LEAK in the environment one of ten for ever. */
final class Shop {
    record Order(int number, String customer, int cents) {}

    private static final int RECENT = 1_000;
    private static final boolean LEAKS = System.getenv("SHOP_LEAK") != null;

    private final Deque<Order> recent = new ArrayDeque<>();
    private final List<Order> audit = new ArrayList<>();

    void order(int number) {
        Order order = new Order(number, "customer-" + number % 500, number % 10_000);
        recent.addLast(order);
        if (recent.size() > RECENT) {
            recent.removeFirst();
        }
        if (LEAKS && number % 10 == 0) {
            audit.add(order);
        }
    }
}
