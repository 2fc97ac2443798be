package com.acme.gateway;

import com.acme.web.PingServlet;
import com.acme.web.Server;
import fixtures.Scenario;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** An OkHttpClient for each call instead of one for all: each has a dispatcher and a connection pool with an idle connection. */
public final class OkHttpClients implements Scenario {
    private static final WeatherGateway GATEWAY = new WeatherGateway();

    @Override
    public void run(Size size) throws Exception {
        new Server().with("/ping", new PingServlet()).start();
        for (int i = 0; i < size.pick(150, 1_000); i++) {
            GATEWAY.ask("http://127.0.0.1:" + Server.PORT + "/ping");
        }
    }
}

final class WeatherGateway {
    private final List<OkHttpClient> clients = new ArrayList<>();

    void ask(String url) throws IOException {
        OkHttpClient client = new OkHttpClient.Builder().retryOnConnectionFailure(false).build();
        clients.add(client);
        try (Response response = client.newCall(new Request.Builder().url(url).build()).execute()) {
            response.body().string();
        }
    }
}
