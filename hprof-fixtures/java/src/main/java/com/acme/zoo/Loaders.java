package com.acme.zoo;

import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Class loaders: the same class defined three times, proxies, lambdas. */
final class Loaders {
    /** Three URLClassLoaders, each with a {@code com.acme.zoo.Plugin} of its own. */
    static final List<Object> PLUGINS = new ArrayList<>();
    static final Object PROXY = Proxy.newProxyInstance(Loaders.class.getClassLoader(), new Class<?>[] {Runnable.class, Comparable.class}, (p, m, a) -> null);
    static final List<Supplier<String>> LAMBDAS = new ArrayList<>();

    private Loaders() {}

    static void fill() throws Exception {
        for (int i = 0; i < 3; i++) {
            PLUGINS.add(new PluginLoader(i).loadClass("com.acme.zoo.Plugin").getDeclaredConstructor().newInstance());
            String captured = "captured " + i;
            LAMBDAS.add(() -> captured);
        }
    }

    static final class PluginLoader extends URLClassLoader {
        final int number;

        PluginLoader(int number) {
            super("plugin-" + number, new URL[0], Loaders.class.getClassLoader());
            this.number = number;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals("com.acme.zoo.Plugin")) {
                return super.loadClass(name, resolve);
            }
            try (InputStream in = Loaders.class.getResourceAsStream("Plugin.class")) {
                byte[] code = in.readAllBytes();
                return defineClass(name, code, 0, code.length);
            } catch (java.io.IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
