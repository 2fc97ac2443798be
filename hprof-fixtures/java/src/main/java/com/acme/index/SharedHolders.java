package com.acme.index;

import fixtures.Scenario;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Shipments that are removed from neither of two indexes: each index alone, cleared, would free next to nothing. */
public final class SharedHolders implements Scenario {
    @Override
    public void run(Size size) {
        ShipmentIndex index = new ShipmentIndex();
        for (int i = 0; i < size.pick(6_000, 100_000); i++) {
            index.add(new Shipment(i, "customer-" + i % 100));
        }
    }
}

final class ShipmentIndex {
    static final Map<Integer, Shipment> BY_NUMBER = new HashMap<>();
    static final Map<String, List<Shipment>> BY_CUSTOMER = new TreeMap<>();

    void add(Shipment shipment) {
        BY_NUMBER.put(shipment.number, shipment);
        BY_CUSTOMER.computeIfAbsent(shipment.customer, key -> new ArrayList<>()).add(shipment);
    }
}

final class Shipment {
    final Integer number;
    final String customer;
    final short[] track = new short[250];

    Shipment(int number, String customer) {
        this.number = number;
        this.customer = customer;
    }
}
