package com.acme.mq;

import fixtures.Scenario;
import javax.jms.Connection;
import javax.jms.Destination;
import javax.jms.JMSException;
import javax.jms.MessageConsumer;
import javax.jms.MessageProducer;
import javax.jms.Session;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.broker.BrokerService;

/** A consumer with a huge prefetch whose listener hangs: messages wait in the consumer. The broker runs in the same JVM. */
public final class MqUnconsumed implements Scenario {
    private static BrokerService broker;
    private static InvoiceListener listener;

    @Override
    public void run(Size size) throws Exception {
        broker = new BrokerService();
        broker.setBrokerName("invoices");
        broker.setPersistent(false);
        broker.setUseJmx(false);
        broker.setSchedulerSupport(false);
        broker.start();
        int messages = size.pick(4_000, 60_000);
        ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory("vm://invoices?create=false");
        factory.getPrefetchPolicy().setAll(messages);
        listener = new InvoiceListener(factory);
        Connection connection = factory.createConnection();
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        Destination queue = session.createQueue("invoices");
        MessageProducer producer = session.createProducer(queue);
        for (int i = 0; i < messages; i++) {
            producer.send(session.createTextMessage("invoice " + i + " ".repeat(600)));
        }
        connection.close();
        Thread.sleep(1_000);
    }
}

final class InvoiceListener {
    private final MessageConsumer consumer;

    InvoiceListener(ActiveMQConnectionFactory factory) throws JMSException {
        Connection connection = factory.createConnection();
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        consumer = session.createConsumer(session.createQueue("invoices"));
        consumer.setMessageListener(message -> waitForPrinter());
        connection.start();
    }

    private static void waitForPrinter() {
        try {
            Thread.sleep(3_600_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
