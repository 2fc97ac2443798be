package com.acme.export;

import com.acme.web.PingServlet;
import com.acme.web.Server;
import fixtures.Scenario;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** A request thread exports a large workbook to a slow client: nothing but its stack holds the workbook. */
public final class XssfExport implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        run(size.pick(400, 100_000));
    }

    /** Returns when the export of so many orders waits for its client. */
    public void run(int orders) throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        new Server().with("/ping", new PingServlet()).with("/export", new ExportServlet(writing)).start();
        Server.get("/ping");
        Server.get("/ping");
        Server.getInBackground("/export?orders=" + orders);
        writing.await();
        Thread.sleep(500);
    }
}

final class ExportServlet extends HttpServlet {
    private final transient CountDownLatch writing;

    ExportServlet(CountDownLatch writing) {
        this.writing = writing;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        int orders = Integer.parseInt(request.getParameter("orders"));
        new OrderExport().export(orders, new SlowClientStream(response.getOutputStream(), writing));
    }
}

/** What a client looks like that does not read: the write does not come back. */
final class SlowClientStream extends OutputStream {
    private final OutputStream to;
    private final CountDownLatch writing;

    SlowClientStream(OutputStream to, CountDownLatch writing) {
        this.to = to;
        this.writing = writing;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
        to.write(b, off, len);
        to.flush();
        writing.countDown();
        try {
            Thread.sleep(3_600_000);
        } catch (InterruptedException e) {
            throw new IOException("client gone", e);
        }
    }
}
