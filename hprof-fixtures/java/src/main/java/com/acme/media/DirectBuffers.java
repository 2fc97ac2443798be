package com.acme.media;

import fixtures.Scenario;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Frames in direct buffers that are never given back: a small heap, and "Direct buffer memory" runs out. */
public final class DirectBuffers implements Scenario {
    @Override
    public void run(Size size) {
        FrameDecoder decoder = new FrameDecoder();
        try {
            for (int i = 0; i < 1_000_000; i++) {
                decoder.decode(i);
            }
        } catch (OutOfMemoryError e) {
            FrameDecoder.lastFailure = e;
        }
    }
}

final class FrameDecoder {
    static final List<Frame> IN_USE = new ArrayList<>();
    static Throwable lastFailure;

    void decode(int number) {
        IN_USE.add(new Frame(number, ByteBuffer.allocateDirect(128 * 1024)));
    }
}

final class Frame {
    final int number;
    final ByteBuffer pixels;

    Frame(int number, ByteBuffer pixels) {
        this.number = number;
        this.pixels = pixels;
    }
}
