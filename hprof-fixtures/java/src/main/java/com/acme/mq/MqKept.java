package com.acme.mq;

import fixtures.Scenario;
import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.ActiveMQConnectionFactory;

/** One connection factory per message, and a "registry" that never lets go of any of them. */
public final class MqKept implements Scenario {
    @Override
    public void run(Size size) {
        MqSender sender = new MqSender();
        for (int i = 0; i < size.pick(2_000, 80_000); i++) {
            sender.send("orders", "order " + i);
        }
    }
}

final class MqRegistry {
    static final List<ActiveMQConnectionFactory> FACTORIES = new ArrayList<>();

    private MqRegistry() {}
}

final class MqSender {
    private int sent;

    void send(String queue, String text) {
        ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory("app", "s3cret", "tcp://mq.acme.example:61616");
        factory.setUseAsyncSend(true);
        MqRegistry.FACTORIES.add(factory);
        sent += text.length() + queue.length();
    }
}
