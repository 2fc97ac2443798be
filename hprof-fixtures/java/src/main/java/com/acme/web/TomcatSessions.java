package com.acme.web;

import fixtures.Scenario;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpSession;

/** Every visit makes a session that never expires and puts search results into it; robots come back without the cookie. */
public final class TomcatSessions implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        new Server().with("/ping", new PingServlet()).with("/search", new SearchServlet()).start();
        Server.get("/ping");
        for (int i = 0; i < size.pick(600, 10_000); i++) {
            Server.get("/search");
        }
    }
}

final class SearchServlet extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession session = request.getSession(true);
        session.setMaxInactiveInterval(-1);
        List<long[]> results = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            results.add(new long[64]);
        }
        session.setAttribute("searchResults", results);
        response.getWriter().println(results.size());
    }
}
