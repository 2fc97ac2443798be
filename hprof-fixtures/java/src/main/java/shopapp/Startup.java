package shopapp;

import javax.servlet.ServletContextEvent;
import javax.servlet.ServletContextListener;

/** Of the web application: starts a thread with it and does not end it. */
public final class Startup implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
        Thread t = new Thread(new PriceUpdater(), "price-updater");
        t.setDaemon(true);
        t.start();
    }
}
