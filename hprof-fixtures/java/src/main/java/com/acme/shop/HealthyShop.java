package com.acme.shop;

import com.acme.web.PingServlet;
import com.acme.web.Server;
import fixtures.Scenario;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A Spring application behind an embedded Tomcat, idle after some traffic. Nothing is to blame. */
public final class HealthyShop implements Scenario {
    private static AnnotationConfigApplicationContext context;

    @Override
    public void run(Size size) throws Exception {
        context = new AnnotationConfigApplicationContext(ShopConfig.class);
        CatalogService catalog = context.getBean(CatalogService.class);
        catalog.load(size.pick(2_000, 20_000));
        new Server().with("/ping", new PingServlet()).with("/product", new ProductServlet(catalog)).start();
        for (int i = 0; i < 200; i++) {
            Server.get(i % 4 == 0 ? "/ping" : "/product?id=" + i);
        }
    }
}

@Configuration
class ShopConfig {
    @Bean
    CatalogService catalogService() {
        return new CatalogService();
    }

    @Bean
    PriceService priceService(CatalogService catalog) {
        return new PriceService(catalog);
    }
}

/** The whole catalog, on purpose: this is what the service is for. Loaded once, as large as the business is. */
class CatalogService {
    private final Map<Integer, Item> items = new HashMap<>();
    private final Map<Integer, String> recent = new LinkedHashMap<Integer, String>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, String> eldest) {
            return size() > 100;
        }
    };

    void load(int count) {
        for (int i = 0; i < count; i++) {
            items.put(i, new Item(i, "Item " + i, 100 + i % 900));
        }
    }

    synchronized Item find(int id) {
        recent.put(id, "seen " + id);
        return items.get(id);
    }

    static final class Item {
        final int id;
        final String name;
        final int cents;

        Item(int id, String name, int cents) {
            this.id = id;
            this.name = name;
            this.cents = cents;
        }
    }
}

class PriceService {
    private final CatalogService catalog;

    PriceService(CatalogService catalog) {
        this.catalog = catalog;
    }

    int price(int id) {
        return catalog.find(id).cents;
    }
}

final class ProductServlet extends HttpServlet {
    private final transient CatalogService catalog;

    ProductServlet(CatalogService catalog) {
        this.catalog = catalog;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws java.io.IOException {
        response.getWriter().println(catalog.find(Integer.parseInt(request.getParameter("id"))).name);
    }
}
