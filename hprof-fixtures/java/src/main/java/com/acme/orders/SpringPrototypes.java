package com.acme.orders;

import fixtures.Scenario;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;

/** A prototype bean for each order, and each registers itself as a listener with a singleton that never forgets one. */
public final class SpringPrototypes implements Scenario {
    private static AnnotationConfigApplicationContext context;

    @Override
    public void run(Size size) {
        context = new AnnotationConfigApplicationContext(OrderConfig.class);
        for (int i = 0; i < size.pick(3_000, 60_000); i++) {
            context.getBean(OrderWorkflow.class).begin(i);
        }
    }
}

@Configuration
class OrderConfig {
    @Bean
    OrderMonitor orderMonitor() {
        return new OrderMonitor();
    }

    @Bean
    @Scope("prototype")
    OrderWorkflow orderWorkflow(OrderMonitor monitor) {
        OrderWorkflow workflow = new OrderWorkflow();
        monitor.watch(workflow);
        return workflow;
    }
}

class OrderMonitor {
    private final List<OrderWorkflow> watched = new ArrayList<>();

    void watch(OrderWorkflow workflow) {
        watched.add(workflow);
    }
}

class OrderWorkflow {
    private final byte[] document = new byte[1_500];
    private final List<String> steps = new ArrayList<>();

    void begin(int order) {
        steps.add("order " + order + " received");
        document[0] = (byte) order;
    }
}
