package com.acme.report;

import fixtures.Scenario;

/** A report built in one StringBuilder in memory, until its array cannot double any more. */
public final class StringBuilderOom implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        Thread worker = new Thread(() -> new CsvReport().build(Integer.MAX_VALUE), "report-1");
        worker.start();
        worker.join();
    }
}

final class CsvReport {
    String build(int rows) {
        StringBuilder text = new StringBuilder("order;customer;amount\n");
        for (int i = 0; i < rows; i++) {
            text.append("A-").append(i).append(";customer ").append(i % 5_000).append(';').append(i * 119L).append('\n');
        }
        return text.toString();
    }
}
