package com.acme.rules;

/** Stands for what a rule engine would generate: defined again and again. */
public final class CompiledRule implements Rule {
    private String text;

    public CompiledRule() {}

    @Override
    public void setText(String text) {
        this.text = text;
    }

    @Override
    public boolean matches(int price) {
        return text.length() < price;
    }
}
