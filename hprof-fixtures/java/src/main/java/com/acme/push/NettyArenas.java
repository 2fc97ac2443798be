package com.acme.push;

import fixtures.Scenario;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Pooled buffers that are taken and never released: the arenas' chunks cannot be given back. */
public final class NettyArenas implements Scenario {
    @Override
    public void run(Size size) {
        FrameStore store = new FrameStore();
        for (int i = 0; i < size.pick(200, 2_000); i++) {
            store.receive("camera-" + i);
        }
    }
}

final class FrameStore {
    static final Map<String, ByteBuf> LAST_FRAME = new ConcurrentHashMap<>();

    void receive(String camera) {
        ByteBuf frame = PooledByteBufAllocator.DEFAULT.heapBuffer(48 * 1024);
        frame.writeZero(48 * 1024);
        LAST_FRAME.put(camera, frame);
    }
}
