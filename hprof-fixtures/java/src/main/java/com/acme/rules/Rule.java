package com.acme.rules;

/** What a compiled rule can do. */
public interface Rule {
    void setText(String text);

    boolean matches(int price);
}
