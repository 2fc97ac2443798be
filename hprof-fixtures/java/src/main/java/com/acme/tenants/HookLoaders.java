package com.acme.tenants;

import fixtures.Scenario;
import java.net.URL;
import java.net.URLClassLoader;

/** Each deployment of a tenant registers a shutdown hook, a lambda: the JVM keeps it, and with it the deployment's class loader. */
public final class HookLoaders implements Scenario {
    @Override
    public void run(Size size) throws Exception {
        int n = size.pick(40, 200);
        URL[] here = {HookLoaders.class.getProtectionDomain().getCodeSource().getLocation()};
        for (int i = 0; i < n; i++) {
            URLClassLoader loader = new URLClassLoader(here, ClassLoader.getPlatformClassLoader());
            Class.forName("com.acme.tenants.Tenant", true, loader).getMethod("start").invoke(null);
        }
    }
}
