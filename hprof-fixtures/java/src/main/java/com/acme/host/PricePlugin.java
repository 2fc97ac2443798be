package com.acme.host;

import java.util.HashMap;
import java.util.Map;

/** Of the plugin: one copy of this class in each deployment, each with a price list in a static field. */
public final class PricePlugin implements Runnable {
    private static final Map<String, double[]> PRICES = new HashMap<>();

    @Override
    public void run() {
        for (int i = 0; i < 100; i++) {
            PRICES.put("region-" + i, new double[256]);
        }
        EventBus.subscribe(this); // and nobody unsubscribes it when the plugin is loaded anew
    }
}
