package com.acme.web;

import fixtures.Scenario;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Two requests have locked each other out, the other workers wait for the same locks, and connections pile up to the connector's limit. */
public final class TomcatStuck implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        CountDownLatch stuck = new CountDownLatch(8);
        new Server().limits(8, 40).with("/ping", new PingServlet()).with("/transfer", new TransferServlet(stuck)).start();
        Server.get("/ping");
        for (int i = 0; i < 8; i++) {
            Server.getInBackground("/transfer?from=" + (i % 2 == 0 ? "giro" : "savings"));
        }
        stuck.await();
        for (int i = 0; i < 45; i++) {
            Server.getInBackground("/ping");
        }
        Thread.sleep(2_000);
    }
}

final class TransferServlet extends HttpServlet {
    private static final ReentrantLock GIRO = new ReentrantLock();
    private static final ReentrantLock SAVINGS = new ReentrantLock();
    private final transient CountDownLatch stuck;

    TransferServlet(CountDownLatch stuck) {
        this.stuck = stuck;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        boolean fromGiro = "giro".equals(request.getParameter("from"));
        transfer(fromGiro ? GIRO : SAVINGS, fromGiro ? SAVINGS : GIRO);
        response.setStatus(204);
    }

    private void transfer(ReentrantLock from, ReentrantLock to) {
        stuck.countDown();
        from.lock();
        try {
            stuck.await();
            to.lock();
            to.unlock();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            from.unlock();
        }
    }
}
