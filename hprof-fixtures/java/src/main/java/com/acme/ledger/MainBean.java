package com.acme.ledger;

import fixtures.Scenario;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A bean whose map grows, in a context that only a local variable of {@code main} refers to: it lives as long as the process. */
public final class MainBean implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        int n = size.pick(20_000, 400_000);
        CountDownLatch ready = new CountDownLatch(1);
        Thread service = new Thread(() -> Service.main(new String[] {String.valueOf(n)}, ready), "main");
        service.setDaemon(true);
        service.start();
        ready.await();
    }
}

/** The entry point of a service, as it would be started by itself. */
final class Service {
    private Service() {}

    static void main(String[] args, CountDownLatch ready) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Beans.class);
        PriceHistory history = context.getBean(PriceHistory.class);
        for (int i = 0; i < Integer.parseInt(args[0]); i++) {
            history.record(i, new Price(i));
        }
        ready.countDown();
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            context.close();
        }
    }
}

@Configuration
class Beans {
    @Bean
    PriceHistory priceHistory() {
        return new PriceHistory();
    }
}

class PriceHistory {
    private final ConcurrentSkipListMap<Long, Price> byTime = new ConcurrentSkipListMap<>();

    void record(long time, Price price) {
        byTime.put(time, price);
    }
}

final class Price {
    final long cents;
    final double[] levels = new double[40];

    Price(long cents) {
        this.cents = cents;
    }
}
