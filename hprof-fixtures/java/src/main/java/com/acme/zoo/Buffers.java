package com.acme.zoo;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Memory outside the heap: 10 direct buffers of 65,536 bytes, 5 slices and 5 duplicates that own nothing, one heap buffer. */
final class Buffers {
    static final List<ByteBuffer> DIRECT = new ArrayList<>();
    static final List<ByteBuffer> VIEWS = new ArrayList<>();
    static final ByteBuffer HEAP = ByteBuffer.allocate(4_096);

    private Buffers() {}

    static void fill() {
        for (int i = 0; i < 10; i++) {
            DIRECT.add(ByteBuffer.allocateDirect(65_536));
        }
        for (int i = 0; i < 5; i++) {
            VIEWS.add(DIRECT.get(i).slice());
            VIEWS.add(DIRECT.get(i).duplicate());
        }
    }
}
