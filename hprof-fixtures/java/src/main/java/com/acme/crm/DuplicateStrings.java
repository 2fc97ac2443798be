package com.acme.crm;

import fixtures.Scenario;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All customers in memory, each with strings of its own for the same dozen of cities, countries and tariffs, and a list and a map that hardly one uses. */
public final class DuplicateStrings implements Scenario {
    @Override
    public void run(Size size) {
        CustomerDirectory directory = new CustomerDirectory();
        for (int i = 0; i < size.pick(12_000, 200_000); i++) {
            directory.load(i, "Customer " + i, "Springfield District " + i % 12, i % 2 == 0 ? "United Kingdom" : "Netherlands");
        }
    }
}

final class CustomerDirectory {
    static final Map<Integer, Customer> CUSTOMERS = new HashMap<>();

    void load(int id, String name, String city, String country) {
        CUSTOMERS.put(id, new Customer(id, name, new String(city.toCharArray()), new String(country.toCharArray()), new String("standard tariff".toCharArray())));
    }
}

final class Customer {
    final Integer id;
    final String name;
    final String city;
    final String country;
    final String tariff;
    final List<String> notes = new ArrayList<>(32);
    final Map<String, String> flags = new HashMap<>();

    Customer(int id, String name, String city, String country, String tariff) {
        this.id = id;
        this.name = name;
        this.city = city;
        this.country = country;
        this.tariff = tariff;
    }
}
