package com.acme;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A load test. What is to be judged must still be referred to when the heap is dumped, by a static field for example. */
@Tag("load")
class ShopLoadIT {
    private static final Shop SHOP = new Shop();

    @Test
    void manyOrders() {
        for (int i = 0; i < 30_000; i++) {
            SHOP.order(i);
        }
    }

    @AfterAll
    static void dumpHeap() throws IOException {
        // Maven's folder; heap-gate.gradle sets its own.
        Path dump = Path.of(System.getProperty("dumps", "target/dumps"), "shop.hprof");
        Files.createDirectories(dump.getParent());
        // A JVM does not write over a file.
        Files.deleteIfExists(dump);
        boolean live = true;
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(dump.toString(), live);
    }
}
