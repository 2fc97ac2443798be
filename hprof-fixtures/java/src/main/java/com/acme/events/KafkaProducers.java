package com.acme.events;

import fixtures.Scenario;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringSerializer;

/** A KafkaProducer for each event, dropped without close(): nothing of the application holds them, but each one's network thread lives on. */
public final class KafkaProducers implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        EventPublisher publisher = new EventPublisher();
        for (int i = 0; i < size.pick(40, 400); i++) {
            publisher.publish("event " + i);
        }
        Thread.sleep(500);
    }
}

final class EventPublisher {
    private int published;

    void publish(String event) {
        Properties properties = new Properties();
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:9");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "1");
        properties.put(ProducerConfig.RECONNECT_BACKOFF_MS_CONFIG, "600000");
        properties.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "600000");
        properties.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, "600000");
        properties.put("metric.reporters", "");
        properties.put("auto.include.jmx.reporter", "false");
        KafkaProducer<String, String> producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
        published += event.length() + producer.metrics().size();
    }
}
