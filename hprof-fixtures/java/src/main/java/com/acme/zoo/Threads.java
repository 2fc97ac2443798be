package com.acme.zoo;

import java.lang.reflect.Method;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** Threads: locals, thread locals (live and stale keys), a deadlock on two ReentrantLocks, one on monitors' queue, virtual ones (21+). */
final class Threads {
    static final ThreadLocal<byte[]> CONTEXT = new ThreadLocal<>();
    static final ThreadLocal<String> INHERITED = new InheritableThreadLocal<>();
    static final ReentrantLock LEFT = new ReentrantLock();
    static final ReentrantLock RIGHT = new ReentrantLock();
    static final Object MONITOR = new Object();

    private Threads() {}

    static void fill() throws InterruptedException {
        INHERITED.set("inherited from main");
        CountDownLatch ready = new CountDownLatch(5);
        start("zoo-locals", () -> Locals.hold(ready));
        start("zoo-thread-locals", () -> {
            CONTEXT.set(new byte[50_000]);
            new ThreadLocal<byte[]>().set(new byte[30_000]); // the key goes away, the value stays: stale
            ready.countDown();
            LockSupport.park();
        });
        CountDownLatch bothLocked = new CountDownLatch(2);
        start("zoo-deadlock-1", () -> deadlock(LEFT, RIGHT, bothLocked));
        start("zoo-deadlock-2", () -> deadlock(RIGHT, LEFT, bothLocked));
        start("zoo-owner", () -> {
            synchronized (MONITOR) {
                ready.countDown();
                sleep();
            }
        });
        Thread.sleep(200);
        start("zoo-blocked", () -> {
            ready.countDown();
            synchronized (MONITOR) {
                sleep();
            }
        });
        start("zoo-waiting", () -> {
            Object lock = new Object();
            synchronized (lock) {
                ready.countDown();
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        ready.await();
        new Thread(Threads::sleep, "zoo-never-started");
        virtual(10);
        Thread.sleep(300);
    }

    private static void deadlock(ReentrantLock first, ReentrantLock second, CountDownLatch bothLocked) {
        first.lock();
        bothLocked.countDown();
        try {
            bothLocked.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        second.lock();
    }

    /** Ten virtual threads, parked, each with 20,000 bytes on its stack; nothing on a JVM without them. */
    private static void virtual(int count) {
        try {
            Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
            for (int i = 0; i < count; i++) {
                start.invoke(null, (Runnable) Locals::holdVirtual);
            }
        } catch (ReflectiveOperationException e) {
            System.out.println("no virtual threads on this JVM");
        }
    }

    private static void start(String name, Runnable body) {
        Thread t = new Thread(body, name);
        t.setDaemon(true);
        t.start();
    }

    private static void sleep() {
        try {
            Thread.sleep(3_600_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static final class Locals {
        private Locals() {}

        /** Two locals: an array of 40,000 bytes and a String. */
        static void hold(CountDownLatch ready) {
            byte[] local = new byte[40_000];
            String text = new String("a local string");
            ready.countDown();
            LockSupport.park(text);
            local[0] = (byte) text.length();
        }

        static void holdVirtual() {
            byte[] local = new byte[20_000];
            LockSupport.park();
            local[0] = 1;
        }
    }
}
