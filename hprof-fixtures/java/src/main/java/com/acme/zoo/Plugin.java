package com.acme.zoo;

/** Defined once by each plugin loader; its static state is therefore there three times. */
public class Plugin {
    static final byte[] STATE = new byte[10_000];
    final String version = "1.0";
}
