package com.acme.host;

import fixtures.Scenario;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;

/** Each deployment loads the plugin in a class loader of its own; the old ones stay because each left a listener with the host. */
public final class PluginReload implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        for (int i = 0; i < size.pick(20, 300); i++) {
            PluginLoader loader = new PluginLoader("price-plugin-" + i);
            Runnable plugin = (Runnable) loader.loadClass("com.acme.host.PricePlugin").getDeclaredConstructor().newInstance();
            plugin.run();
        }
    }
}

final class PluginLoader extends URLClassLoader {
    PluginLoader(String name) {
        super(name, new URL[0], PluginLoader.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("com.acme.host.PricePlugin")) {
            return super.loadClass(name, resolve);
        }
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
            byte[] code = in.readAllBytes();
            return defineClass(name, code, 0, code.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
