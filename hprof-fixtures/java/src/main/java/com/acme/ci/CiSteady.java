package com.acme.ci;

/** The same load test with the leak mended: the second dump is as large as the first. */
public final class CiSteady extends LoadTest {
    public CiSteady() {
        super(true);
    }
}
