package com.acme.mq;

import com.acme.export.XssfExport;
import fixtures.Scenario;
import javax.jms.JMSException;
import org.apache.activemq.command.ActiveMQTextMessage;

/** An export fills the heap and waits for a slow client; then it is the sender of a message that runs into the OutOfMemoryError: a victim. */
public final class MqVictim implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        new XssfExport().run(size.pick(7_000, 27_000));
        Thread sender = new Thread(new OutboxSender(), "outbox-sender-1");
        sender.start();
        sender.join();
    }
}

/** Sends longer and longer messages, one after the other, and keeps none. */
final class OutboxSender implements Runnable {
    private int sent;

    @Override
    public void run() {
        try {
            for (int length = 50_000; length < 200_000_000; length += length / 5) {
                ActiveMQTextMessage message = new ActiveMQTextMessage();
                message.setText("order " + "x".repeat(length));
                message.storeContentAndClear(); // what ActiveMQSession.send does with it
                sent++;
            }
        } catch (JMSException e) {
            throw new IllegalStateException(sent + " messages sent", e);
        }
    }
}
