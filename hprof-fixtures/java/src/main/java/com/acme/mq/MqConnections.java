package com.acme.mq;

import fixtures.Scenario;
import javax.jms.Connection;
import javax.jms.JMSException;
import javax.jms.MessageProducer;
import javax.jms.Session;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.broker.BrokerService;

/** One factory, as it should be, but a connection for each event, and none of them is ever closed. The broker runs in the same JVM. */
public final class MqConnections implements Scenario {
    private static BrokerService broker;

    @Override
    public void run(Size size) throws Exception {
        broker = new BrokerService();
        broker.setBrokerName("orders");
        broker.setPersistent(false);
        broker.setUseJmx(false);
        broker.setSchedulerSupport(false);
        broker.start();
        for (int i = 0; i < size.pick(100, 1_500); i++) {
            OrderEvents.publish("order " + i);
        }
        Thread.sleep(1_000);
    }
}

final class OrderEvents {
    static final ActiveMQConnectionFactory FACTORY = new ActiveMQConnectionFactory("vm://orders?create=false");

    private OrderEvents() {}

    static void publish(String text) throws JMSException {
        Connection connection = FACTORY.createConnection();
        connection.start();
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        MessageProducer producer = session.createProducer(session.createQueue("orders"));
        producer.send(session.createTextMessage(text)); // and no close()
    }
}
