package com.acme.export;

import com.acme.web.PingServlet;
import com.acme.web.Server;
import fixtures.Scenario;
import java.io.IOException;
import java.io.OutputStream;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** The same export, but the heap is too small for it: the request thread itself runs into the OutOfMemoryError. */
public final class XssfOom implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        new Server().with("/ping", new PingServlet()).with("/export", new ExportToNowhere()).start();
        Server.get("/ping");
        Server.get("/ping");
        Server.get("/export?orders=100000");
    }

    static final class ExportToNowhere extends HttpServlet {
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            int orders = Integer.parseInt(request.getParameter("orders"));
            new OrderExport().export(orders, OutputStream.nullOutputStream());
        }
    }
}
