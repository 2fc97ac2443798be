package com.acme.zoo;

import fixtures.Scenario;

/** One of each: structures of the JDK whose contents are known. The comments in the enclosures say what each field holds. */
public final class Zoo implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        Collections1.fill(size);
        Values.fill();
        References.fill();
        Loaders.fill();
        Buffers.fill();
        Threads.fill();
    }
}
