package com.acme.mq;

import fixtures.Scenario;
import org.apache.activemq.ActiveMQConnectionFactory;

/**
 * One connection factory per message, dropped after each: allocated faster than collected, but not leaked.
 * Dumped without a collection before (as {@code jmap -dump:file=} does), so that the garbage is in the dump.
 */
public final class MqGarbage implements Scenario {
    /** Seen from outside, so that the optimizer must really make each factory. */
    static volatile ActiveMQConnectionFactory last;

    @Override
    public void run(Size size) throws InterruptedException {
        System.gc();
        Thread.sleep(200);
        for (int i = 0; i < size.pick(1_500, 70_000); i++) {
            last = new ActiveMQConnectionFactory("app", "s3cret", "tcp://mq.acme.example:61616");
        }
        last = null;
    }
}
