package com.acme.host;

import java.util.ArrayList;
import java.util.List;

/** Of the host, loaded once. */
public final class EventBus {
    static final List<Object> LISTENERS = new ArrayList<>();

    private EventBus() {}

    public static void subscribe(Object listener) {
        LISTENERS.add(listener);
    }
}
