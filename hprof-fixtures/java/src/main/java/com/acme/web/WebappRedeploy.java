package com.acme.web;

import fixtures.Scenario;
import java.io.File;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.modeler.Registry;

/** A web application is deployed and taken away again and again; each time a thread that it had started lives on and keeps its class loader. */
public final class WebappRedeploy implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        Logger.getLogger("org.apache").setLevel(Level.OFF);
        Registry.disableRegistry();
        File base = Files.createTempDirectory(new File(".").toPath(), "tomcat").toFile();
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(base.getPath());
        tomcat.setPort(Server.PORT);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.start();
        File app = new File(base, "shop");
        File classes = new File(app, "WEB-INF/classes/shopapp");
        Files.createDirectories(classes.toPath());
        for (String name : new String[] {"Startup", "PriceUpdater"}) {
            try (InputStream in = WebappRedeploy.class.getResourceAsStream("/shopapp/" + name + ".class")) {
                Files.copy(in, new File(classes, name + ".class").toPath());
            }
        }
        for (int i = 0; i < size.pick(8, 60); i++) {
            StandardContext context = new StandardContext();
            context.setName("/shop");
            context.setPath("/shop");
            context.setDocBase(app.getAbsolutePath());
            context.addLifecycleListener(new Tomcat.FixContextListener());
            context.addApplicationListener("shopapp.Startup");
            tomcat.getHost().addChild(context); // and starts it
            if (i < size.pick(8, 60) - 1) {
                tomcat.getHost().removeChild(context); // stops and destroys it
            }
        }
    }
}
