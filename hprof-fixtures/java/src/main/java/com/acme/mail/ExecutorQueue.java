package com.acme.mail;

import fixtures.Scenario;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Mails are queued faster than four workers can send them: newFixedThreadPool has a queue without a limit. */
public final class ExecutorQueue implements Scenario {
    private static final MailService MAILS = new MailService();

    @Override
    public void run(Size size) throws Exception {
        for (int i = 0; i < size.pick(20_000, 400_000); i++) {
            MAILS.send("customer-" + i + "@shop.acme.example", "Your order " + i + " is on its way. Thank you!");
        }
        Thread.sleep(200);
    }
}

final class MailService {
    private final AtomicInteger number = new AtomicInteger();
    private final ExecutorService executor = Executors.newFixedThreadPool(4, r -> new Thread(r, "mail-" + number.incrementAndGet()));

    void send(String to, String text) {
        executor.execute(new SendMail(to, text));
    }
}

final class SendMail implements Runnable {
    private final String to;
    private final String text;

    SendMail(String to, String text) {
        this.to = to;
        this.text = text;
    }

    @Override
    public void run() {
        try {
            TimeUnit.HOURS.sleep(1); // a mail server that does not answer
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return to + ": " + text;
    }
}
