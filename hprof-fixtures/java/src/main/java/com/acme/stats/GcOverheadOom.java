package com.acme.stats;

import fixtures.Scenario;
import java.util.HashMap;
import java.util.Map;

/** A job that counts everything in a map of its own until the collector finds hardly anything any more: GC overhead limit exceeded. */
public final class GcOverheadOom implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        Thread job = new Thread(() -> new VisitStatistics().count(Integer.MAX_VALUE), "statistics-1");
        job.start();
        job.join();
    }
}

final class VisitStatistics {
    /** Seen from outside, so that the optimizer must really make each line. */
    static volatile byte[] line;

    int count(int visits) {
        Map<Integer, Long> visitsByPage = new HashMap<>();
        for (int i = 1_000; i < visits; i++) {
            line = new byte[1_000]; // read and forgotten
            visitsByPage.merge(i, 1_000L + i, Long::sum);
        }
        return visitsByPage.size();
    }
}
