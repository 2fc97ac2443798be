package com.acme.orders;

import fixtures.Scenario;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.event.ContextClosedEvent;

/** A listener for each order, added to the application context by the code and never removed. */
public final class SpringListeners implements Scenario {
    private static AnnotationConfigApplicationContext context;

    @Override
    public void run(Size size) {
        context = new AnnotationConfigApplicationContext();
        context.refresh();
        for (int i = 0; i < size.pick(4_000, 80_000); i++) {
            context.addApplicationListener(new OrderListener(i));
        }
    }
}

final class OrderListener implements ApplicationListener<ContextClosedEvent> {
    private final int order;
    private final byte[] draft = new byte[900];

    OrderListener(int order) {
        this.order = order;
    }

    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        draft[0] = (byte) order;
    }
}
