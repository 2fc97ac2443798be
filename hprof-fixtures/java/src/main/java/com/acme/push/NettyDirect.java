package com.acme.push;

import fixtures.Scenario;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayDeque;
import java.util.Queue;

/** Pooled direct buffers that wait in a queue nobody empties: Netty's direct arenas fill up, outside of the heap. */
public final class NettyDirect implements Scenario {
    @Override
    public void run(Size size) {
        UploadRelay relay = new UploadRelay();
        for (int i = 0; i < size.pick(600, 8_000); i++) {
            relay.receive(i);
        }
    }
}

final class UploadRelay {
    static final Queue<ByteBuf> WAITING = new ArrayDeque<>();

    void receive(int number) {
        ByteBuf part = PooledByteBufAllocator.DEFAULT.directBuffer(64 * 1024);
        part.writeInt(number);
        WAITING.add(part);
    }
}
