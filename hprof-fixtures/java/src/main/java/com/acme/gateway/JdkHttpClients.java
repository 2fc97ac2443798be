package com.acme.gateway;

import fixtures.Scenario;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;

/** A java.net.http.HttpClient for each call, each with a selector thread and a pool of its own, all kept "for statistics". */
public final class JdkHttpClients implements Scenario {
    private static final StockGateway GATEWAY = new StockGateway();

    @Override
    public void run(Size size) throws Exception {
        for (int i = 0; i < size.pick(150, 1_500); i++) {
            GATEWAY.call("item-" + i);
        }
        Thread.sleep(500);
    }
}

final class StockGateway {
    private final List<HttpClient> used = new ArrayList<>();

    void call(String item) {
        HttpClient client = HttpClient.newHttpClient();
        used.add(client);
        if (item.isEmpty()) {
            throw new IllegalArgumentException("no item");
        }
    }
}
