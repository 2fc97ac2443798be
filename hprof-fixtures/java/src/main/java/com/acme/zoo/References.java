package com.acme.zoo;

import java.lang.ref.*;
import java.util.*;

/** References of every strength. {@link Referent}s with {@code only*} names are held by nothing else. */
final class References {
    static final ReferenceQueue<Object> QUEUE = new ReferenceQueue<>();
    static final Referent STRONG = new Referent("strong");
    static final WeakReference<Referent> WEAK_TO_STRONG = new WeakReference<>(STRONG);
    /** Gone in a live dump: the collector clears it. */
    static final WeakReference<Referent> WEAK_ONLY = new WeakReference<>(new Referent("only weak"), QUEUE);
    static final SoftReference<Referent> SOFT_ONLY = new SoftReference<>(new Referent("only soft"));
    static final PhantomReference<Referent> PHANTOM_ONLY = new PhantomReference<>(new Referent("only phantom"), QUEUE);
    /** 50 objects with a finalizer that are in use. */
    static final List<Finalizable> FINALIZABLE = new ArrayList<>();
    static final Cleaner CLEANER = Cleaner.create();
    static Object cleaned = new Object();
    /** A soft cache: 20 values of 1,000 bytes that only soft references hold. */
    static final Map<String, SoftReference<byte[]>> SOFT_CACHE = new HashMap<>();
    static final Map<Referent, String> WEAK_MAP = new WeakHashMap<>();

    private References() {}

    static void fill() {
        for (int i = 0; i < 50; i++) {
            FINALIZABLE.add(new Finalizable(i));
        }
        for (int i = 0; i < 20; i++) {
            SOFT_CACHE.put("soft" + i, new SoftReference<>(new byte[1_000]));
        }
        WEAK_MAP.put(STRONG, "kept");
        WEAK_MAP.put(new Referent("only a weak key"), "goes away");
        CLEANER.register(cleaned, new Cleanup("cleaned"));
    }

    static final class Referent {
        final String name;
        final byte[] payload = new byte[1_000];

        Referent(String name) {
            this.name = name;
        }
    }

    static final class Cleanup implements Runnable {
        final String of;

        Cleanup(String of) {
            this.of = of;
        }

        @Override
        public void run() {}
    }

    @SuppressWarnings({"deprecation", "removal"})
    static final class Finalizable {
        final int id;

        Finalizable(int id) {
            this.id = id;
        }

        @Override
        protected void finalize() {}
    }
}
