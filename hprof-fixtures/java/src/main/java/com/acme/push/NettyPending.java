package com.acme.push;

import fixtures.Scenario;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;

/** Prices are pushed to a client that does not read, without a look at isWritable(): the channel's outbound buffer holds them all. */
public final class NettyPending implements Scenario {
    private static PushService push;
    private static ServerSocket slowClient;

    @Override
    public void run(Size size) throws Exception {
        slowClient = new ServerSocket(); // accepts in the backlog and never reads
        slowClient.setReceiveBufferSize(4_096);
        slowClient.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        push = new PushService(slowClient.getLocalPort());
        for (int i = 0; i < size.pick(15_000, 250_000); i++) {
            push.price("item-" + i, i);
        }
        Thread.sleep(1_000);
    }
}

final class PushService {
    private final Channel channel;

    PushService(int port) throws InterruptedException {
        channel = new Bootstrap().group(new NioEventLoopGroup(1, new DefaultThreadFactory("push"))).channel(NioSocketChannel.class)
                .option(ChannelOption.SO_SNDBUF, 4_096).handler(new ChannelInboundHandlerAdapter()).connect("127.0.0.1", port).sync().channel();
    }

    void price(String item, int cents) {
        String line = "{\"item\":\"" + item + "\",\"cents\":" + cents + ",\"currency\":\"EUR\",\"note\":\"" + "price update ".repeat(12) + "\"}\n";
        channel.writeAndFlush(Unpooled.wrappedBuffer(line.getBytes(StandardCharsets.UTF_8)));
    }
}
