package com.acme.gateway;

import fixtures.Scenario;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A gRPC channel for each call, remembered by call and never shut down. */
public final class GrpcChannels implements Scenario {
    private static final RoutingClient CLIENT = new RoutingClient();

    @Override
    public void run(Size size) {
        for (int i = 0; i < size.pick(1_000, 8_000); i++) {
            CLIENT.call("call-" + i);
        }
    }
}

final class RoutingClient {
    private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();

    void call(String id) {
        channels.put(id, NettyChannelBuilder.forAddress("127.0.0.1", 9011).usePlaintext().build());
    }
}
