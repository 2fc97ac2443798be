package com.acme.ci;

/** A load test on a service that forgets to remove finished jobs: it grows from round to round. */
public final class CiLeak extends LoadTest {
    public CiLeak() {
        super(false);
    }
}
