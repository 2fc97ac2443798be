package com.acme.gateway;

import fixtures.Scenario;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;

/** An Apache HttpClient with a connection manager of its own for each user, remembered by user, never closed. */
public final class ApacheHttpClients implements Scenario {
    private static final PaymentGateway GATEWAY = new PaymentGateway();

    @Override
    public void run(Size size) {
        for (int i = 0; i < size.pick(1_200, 10_000); i++) {
            GATEWAY.pay("user-" + i);
        }
    }
}

final class PaymentGateway {
    private final Map<String, CloseableHttpClient> clients = new ConcurrentHashMap<>();

    void pay(String user) {
        clients.computeIfAbsent(user, key -> HttpClients.custom().setConnectionManager(new PoolingHttpClientConnectionManager()).build());
    }
}
