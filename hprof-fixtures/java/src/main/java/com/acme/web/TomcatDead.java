package com.acme.web;

import fixtures.Scenario;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * An upload fills the heap; while it is full, connections arrive, and Tomcat's Acceptor and Poller die of real
 * OutOfMemoryErrors. Then the upload ends, the heap recovers, and the server answers nobody: its connector says that it runs.
 */
public final class TomcatDead implements Scenario {
    static final PriceCache PRICES = new PriceCache();

    @Override
    public void run(Size size) throws Exception {
        PRICES.fill(size.pick(1_000, 1_500_000));
        CountDownLatch over = new CountDownLatch(1);
        new Server().with("/ping", new PingServlet()).with("/upload", new UploadServlet(over)).start();
        Server.get("/ping");
        // Clients live in a process of their own: in this one they would run out of memory as well.
        Process clients = new ProcessBuilder("bash", "-c", CLIENTS.replace("PORT", "" + Server.PORT))
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        boolean done = over.await(60, TimeUnit.SECONDS);
        clients.destroyForcibly().waitFor();
        Thread.sleep(1_000);
        if (!done || SheetReader.find("-Acceptor") != null || SheetReader.find("-Poller") != null) {
            throw new IllegalStateException("Acceptor or Poller did not die");
        }
    }

    /** One kept-alive connection that goes on asking (wakes the Poller), and a new one every tenth of a second (wakes the Acceptor). */
    private static final String CLIENTS = "ask() { printf 'GET /ping HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n' >&$1; }\n"
            + "exec 3<>/dev/tcp/127.0.0.1/PORT; ask 3\n"
            + "exec 4<>/dev/tcp/127.0.0.1/PORT; printf 'GET /upload HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n' >&4\n"
            + "sleep 1\n"
            + "for i in $(seq 600); do ask 3; (exec 5<>/dev/tcp/127.0.0.1/PORT; ask 5; sleep 0.05); sleep 0.05; done\n";
}

final class UploadServlet extends HttpServlet {
    private final transient CountDownLatch over;

    UploadServlet(CountDownLatch over) {
        this.over = over;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        try {
            new SheetReader().readAll();
        } finally {
            over.countDown();
        }
    }
}

/** Reads "rows" until there is no memory left and holds them until the server's threads have died of it. */
final class SheetReader {
    private Object[] rows;

    void readAll() {
        Thread acceptor = find("-Acceptor");
        Thread poller = find("-Poller");
        while (acceptor.isAlive() || poller.isAlive()) {
            int cells = 4_096;
            while (cells > 0) {
                try {
                    Object[] row = new Object[cells];
                    row[0] = rows;
                    rows = row;
                } catch (OutOfMemoryError full) {
                    cells /= 2;
                }
            }
        }
        rows = null;
    }

    static Thread find(String end) {
        for (Thread t : Thread.getAllStackTraces().keySet()) {
            if (t.getName().endsWith(end)) {
                return t;
            }
        }
        return null;
    }
}

/** A cache that is as large as it should be. */
final class PriceCache {
    private long[][] pages = new long[0][];

    void fill(int prices) {
        pages = new long[prices / 1_000][];
        for (int p = 0; p < pages.length; p++) {
            pages[p] = new long[1_000];
            for (int i = 0; i < 1_000; i++) {
                pages[p][i] = p * 7_919L + i;
            }
        }
    }
}
