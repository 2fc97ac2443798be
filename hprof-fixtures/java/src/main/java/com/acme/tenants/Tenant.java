package com.acme.tenants;

import java.util.HashMap;
import java.util.Map;

/** A tenant's code, loaded by a class loader of its own. */
public final class Tenant {
    private static final Map<String, byte[]> TEMPLATES = new HashMap<>();

    private Tenant() {}

    public static void start() {
        for (int i = 0; i < 20; i++) {
            TEMPLATES.put("template-" + i, new byte[10_000]);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> TEMPLATES.clear(), "tenant-flush"));
    }
}
