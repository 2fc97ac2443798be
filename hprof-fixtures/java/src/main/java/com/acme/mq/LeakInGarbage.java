package com.acme.mq;

import fixtures.Scenario;
import java.util.ArrayDeque;
import java.util.Deque;

/** A real leak, and beside it twice as much garbage of other classes that was not yet collected when the dump was taken. */
public final class LeakInGarbage implements Scenario {
    /** Seen from outside, so that the optimizer must really make each message. */
    static volatile Message last;

    @Override
    public void run(Size size) throws InterruptedException {
        Outbox outbox = new Outbox();
        System.gc();
        Thread.sleep(200);
        for (int i = 0; i < size.pick(6_000, 75_000); i++) {
            last = new Message(i, new byte[1_200]);
            if (i % 3 == 0) {
                outbox.remember(new Receipt(i, new byte[900]));
            }
        }
        last = null;
    }
}

final class Outbox {
    static final Deque<Receipt> RECEIPTS = new ArrayDeque<>();

    void remember(Receipt receipt) {
        RECEIPTS.add(receipt);
    }
}

final class Message {
    final int number;
    final byte[] body;

    Message(int number, byte[] body) {
        this.number = number;
        this.body = body;
    }
}

final class Receipt {
    final int number;
    final byte[] signature;

    Receipt(int number, byte[] signature) {
        this.number = number;
        this.signature = signature;
    }
}
