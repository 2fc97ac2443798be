package com.acme.rules;

import fixtures.Scenario;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** A rule engine that "compiles" each rule into a class with a loader of its own and keeps them all: Metaspace runs out, the heap does not. */
public final class MetaspaceOom implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        RuleCompiler compiler = new RuleCompiler();
        Thread reload = new Thread(() -> {
            for (int i = 0; i < 1_000_000; i++) {
                compiler.compile("price > " + i);
            }
        }, "rules-reload");
        reload.start();
        reload.join();
    }
}

final class RuleCompiler {
    static final List<Rule> COMPILED = new ArrayList<>();
    private static final byte[] CODE = code();

    void compile(String text) {
        try {
            Rule rule = (Rule) new RuleLoader().define(CODE).getDeclaredConstructor().newInstance();
            rule.setText(text);
            COMPILED.add(rule);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] code() {
        try (InputStream in = RuleCompiler.class.getResourceAsStream("CompiledRule.class")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}

final class RuleLoader extends ClassLoader {
    RuleLoader() {
        super(RuleLoader.class.getClassLoader());
    }

    Class<?> define(byte[] code) {
        return defineClass("com.acme.rules.CompiledRule", code, 0, code.length);
    }
}
