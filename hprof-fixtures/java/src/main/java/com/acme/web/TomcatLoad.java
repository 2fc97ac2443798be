package com.acme.web;

import fixtures.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Forty requests at the same time, each with a result list of its own: load, not a leak; each is small, together they fill the heap. */
public final class TomcatLoad implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        CountDownLatch working = new CountDownLatch(40);
        new Server().with("/ping", new PingServlet()).with("/report", new ReportServlet(working, size.pick(3_000, 12_000))).start();
        for (int i = 0; i < 40; i++) {
            Server.getInBackground("/report?customer=" + i);
        }
        working.await();
        Thread.sleep(500);
    }
}

final class ReportServlet extends HttpServlet {
    private final transient CountDownLatch working;
    private final int lines;

    ReportServlet(CountDownLatch working, int lines) {
        this.working = working;
        this.lines = lines;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        List<ReportLine> report = new ArrayList<>();
        for (int i = 0; i < lines; i++) {
            report.add(new ReportLine(i, i * 119L));
        }
        working.countDown();
        waitForDatabase();
        response.setContentLength(report.size());
    }

    private static void waitForDatabase() {
        try {
            Thread.sleep(3_600_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

final class ReportLine {
    final int number;
    final long cents;
    final long[] taxes = new long[3];

    ReportLine(int number, long cents) {
        this.number = number;
        this.cents = cents;
    }
}
