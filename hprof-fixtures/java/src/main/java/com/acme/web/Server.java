package com.acme.web;

import java.io.File;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.servlet.Servlet;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.modeler.Registry;

/** An embedded Tomcat on 127.0.0.1:9010, as a Spring Boot service would have it. */
public final class Server {
    public static final int PORT = 9010;
    private final Tomcat tomcat = new Tomcat();
    private final Context context;

    public Server() throws Exception {
        Logger.getLogger("org.apache").setLevel(Level.WARNING);
        Registry.disableRegistry(); // no MBeans, as Spring Boot has it
        File base = Files.createTempDirectory(new File(".").toPath(), "tomcat").toFile();
        base.deleteOnExit();
        tomcat.setBaseDir(base.getPath());
        tomcat.setPort(PORT);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.getConnector().setProperty("minSpareThreads", "5");
        context = tomcat.addContext("", base.getAbsolutePath());
    }

    public Server with(String path, Servlet servlet) {
        String name = servlet.getClass().getSimpleName();
        Tomcat.addServlet(context, name, servlet);
        context.addServletMappingDecoded(path, name);
        return this;
    }

    /** Few workers and few connections, so that both run out. */
    public Server limits(int workers, int connections) {
        tomcat.getConnector().setProperty("maxThreads", "" + workers);
        tomcat.getConnector().setProperty("maxConnections", "" + connections);
        return this;
    }

    public Context context() {
        return context;
    }

    public Server start() throws Exception {
        tomcat.start();
        return this;
    }

    /** A request over a connection of its own; the answer's status, or -1 when there is none. */
    public static int get(String path) {
        try {
            HttpURLConnection c = (HttpURLConnection) new URL("http://127.0.0.1:" + PORT + path).openConnection();
            c.setRequestProperty("Connection", "close");
            c.setReadTimeout(120_000);
            int status = c.getResponseCode();
            try (InputStream in = status < 400 ? c.getInputStream() : c.getErrorStream()) {
                while (in != null && in.read() >= 0) {
                    // the body does not matter
                }
            }
            return status;
        } catch (java.io.IOException e) {
            return -1;
        }
    }

    /** A request that nobody waits for. */
    public static Thread getInBackground(String path) {
        Thread client = new Thread(() -> get(path), "client");
        client.setDaemon(true);
        client.start();
        return client;
    }
}
