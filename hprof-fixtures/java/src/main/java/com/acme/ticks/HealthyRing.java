package com.acme.ticks;

import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.util.DaemonThreadFactory;
import fixtures.Scenario;

/** A Disruptor makes all slots of its ring when it starts: the largest thing in the heap, and nothing is to blame. */
public final class HealthyRing implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        Disruptor<Tick> disruptor = new Disruptor<>(Tick::new, size.pick(1 << 17, 1 << 20), DaemonThreadFactory.INSTANCE);
        disruptor.handleEventsWith((tick, sequence, end) -> tick.price++);
        disruptor.start();
        Thread.sleep(200);
    }
}

final class Tick {
    long price;
    long amount;
    double bid;
    double ask;
}
