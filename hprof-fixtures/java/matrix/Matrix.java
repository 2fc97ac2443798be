import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Comparator;
import java.util.Date;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.WeakHashMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Exchanger;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Phaser;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Builds a small heap with as many kinds of layout as one JVM can show, says {@code ready}, and stands still so that
 * {@code jcmd} can count it and dump it. A line on standard input makes it drop garbage and say {@code garbage}; the end of
 * the input ends it.
 *
 * Compiled for Java 8 and run on whatever JVM is there: newer things (virtual threads, stack walkers) by reflection.
 * {@code Shapes} (random class hierarchies) is generated beside it by {@code size-matrix}.
 */
public final class Matrix {
    static final List<Object> KEEP = new ArrayList<>();
    static volatile Object sink;

    enum Colour { RED, GREEN, BLUE { @Override int weight() { return 3; } }; int weight() { return 1; } }

    interface Greeter { String greet(String name); }

    public static void main(String[] args) throws Throwable {
        arrays();
        values();
        collections();
        references();
        dynamic();
        concurrent();
        loaders(args[0]);
        part("virtual threads", Matrix::virtualThreads);
        part("stack frames", Matrix::stackFrames);
        Class<?> shapes = Class.forName("Shapes");
        shapes.getMethod("fill", List.class).invoke(null, KEEP);

        System.gc();
        Thread.sleep(300);
        System.out.println("ready");
        System.out.flush();
        InputStream in = System.in;
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                garbage();
                System.out.println("garbage");
                System.out.flush();
            }
        }
        Runtime.getRuntime().halt(0);
    }

    interface Part { void run() throws Exception; }

    /** Runs a part that needs a newer JVM; says so when this one has no such thing. */
    static void part(String name, Part part) {
        try {
            part.run();
        } catch (Exception e) {
            System.err.println("no " + name + " here: " + e);
        }
    }

    static void arrays() {
        Class<?>[] elements = {boolean.class, byte.class, char.class, short.class, int.class, float.class, long.class, double.class,
            Object.class, String.class, int[].class, Colour.class};
        for (Class<?> element : elements) {
            for (int length = 0; length <= 17; length++) {
                for (int copy = 0; copy < 3; copy++) {
                    KEEP.add(Array.newInstance(element, length));
                }
            }
            KEEP.add(Array.newInstance(element, 1000));
            KEEP.add(Array.newInstance(element, 20_001));
        }
        KEEP.add(new byte[1_500_000]);
        KEEP.add(new int[3][5][7]);
        KEEP.add(new Object[2][0][]);
    }

    static void values() {
        for (int i = 0; i < 20; i++) {
            KEEP.add(new Object());
            KEEP.add(Integer.valueOf(1000 + i));
            KEEP.add(Long.valueOf(1000 + i));
            KEEP.add(Short.valueOf((short) (1000 + i)));
            KEEP.add(Byte.valueOf((byte) i));
            KEEP.add(Character.valueOf((char) (1000 + i)));
            KEEP.add(Double.valueOf(i));
            KEEP.add(Float.valueOf(i));
            KEEP.add("latin-" + i);
            KEEP.add("\u4e2d\u6587-" + i);
            KEEP.add(new BigInteger("123456789012345678901234567890").add(BigInteger.valueOf(i)));
            KEEP.add(new BigDecimal("1.25").add(BigDecimal.valueOf(i)));
            KEEP.add(new UUID(i, i));
            KEEP.add(new Date(i));
            KEEP.add(Optional.of("o" + i));
            KEEP.add(new StringBuilder().append(i));
            KEEP.add(new StringBuffer().append(i));
            KEEP.add(new Random(i));
        }
        KEEP.add(Colour.values());
        KEEP.add(Calendar.getInstance(Locale.GERMANY));
        KEEP.add(java.time.ZonedDateTime.of(2020, 1, 2, 3, 4, 5, 6, java.time.ZoneId.of("UTC")));
        KEEP.add(java.time.Duration.ofMillis(5));
        KEEP.add(Pattern.compile("(a+|b*)[c-e]?\\d{2,3}(?<name>x)"));
        KEEP.add(String.format(Locale.ROOT, "%5.2f %s %d", 1.5, "x", 7));
        KEEP.add(new InternalError("kept"));
        KEEP.add(new IllegalStateException("kept", new RuntimeException("cause")));
        try {
            Class.forName("no.such.Thing");
        } catch (ClassNotFoundException e) {
            KEEP.add(e);
            KEEP.add(e.getStackTrace());
        }
    }

    static void collections() {
        List<Map<Object, Object>> maps = Arrays.asList(new HashMap<>(), new LinkedHashMap<>(), new IdentityHashMap<>(),
            new ConcurrentHashMap<>(), new WeakHashMap<>());
        for (Map<Object, Object> map : maps) {
            for (int i = 0; i < 40; i++) {
                map.put(i, "v" + i);
            }
            KEEP.add(map);
            KEEP.add(map.keySet());
            KEEP.add(map.entrySet().iterator());
        }
        Map<Object, Object> tree = new TreeMap<>(Comparator.comparing(Object::toString));
        Map<Object, Object> skip = new ConcurrentSkipListMap<>(Comparator.comparing(Object::toString));
        Map<Object, Object> bins = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            tree.put(i, i);
            skip.put(i, i);
            bins.put(new Clash(i), i);
        }
        KEEP.addAll(Arrays.asList(tree, skip, bins));
        KEEP.add(new EnumMap<>(java.util.Collections.singletonMap(Colour.RED, "r")));
        KEEP.add(new ArrayDeque<>(Arrays.asList(1, 2, 3)));
        KEEP.add(new LinkedList<>(Arrays.asList(1, 2, 3)));
        KEEP.add(new PriorityQueue<>(Arrays.asList(1, 2, 3)));
        KEEP.add(new CopyOnWriteArrayList<>(Arrays.asList(1, 2, 3)));
        KEEP.add(new ConcurrentLinkedQueue<>(Arrays.asList(1, 2, 3)));
        KEEP.add(new BitSet(300));
        KEEP.add(java.util.Collections.unmodifiableList(java.util.Collections.synchronizedList(new ArrayList<>())));
        KEEP.add(new java.util.Hashtable<>(java.util.Collections.singletonMap("k", "v")));
        KEEP.add(new java.util.Properties());
    }

    static final class Clash implements Comparable<Clash> {
        final int value;
        Clash(int value) { this.value = value; }
        @Override public int hashCode() { return 7; }
        @Override public boolean equals(Object other) { return other instanceof Clash && ((Clash) other).value == value; }
        @Override public int compareTo(Clash other) { return Integer.compare(value, other.value); }
    }

    static final ReferenceQueue<Object> QUEUE = new ReferenceQueue<>();

    static void references() {
        for (int i = 0; i < 10; i++) {
            Object target = new int[]{i};
            KEEP.add(target);
            KEEP.add(new WeakReference<>(target));
            KEEP.add(new SoftReference<>(target));
            KEEP.add(new PhantomReference<>(target, QUEUE));
            ThreadLocal<Object> local = new ThreadLocal<>();
            local.set(target);
            KEEP.add(local);
        }
        ByteBuffer direct = ByteBuffer.allocateDirect(4096);
        KEEP.add(direct);
        KEEP.add(direct.slice());
        KEEP.add(direct.asReadOnlyBuffer());
        KEEP.add(direct.asLongBuffer());
        KEEP.add(ByteBuffer.allocate(100).asReadOnlyBuffer());
    }

    static void dynamic() throws Throwable {
        for (int i = 0; i < 5; i++) {
            int captured = i;
            Supplier<Object> lambda = () -> captured;
            Function<Object, String> bound = Object::toString;
            KEEP.add(lambda);
            KEEP.add(bound);
        }
        KEEP.add((Callable<Object>) () -> "no capture");
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        MethodHandle handle = lookup.findStatic(Matrix.class, "twice", MethodType.methodType(long.class, long.class));
        MethodHandle filtered = MethodHandles.filterReturnValue(handle, handle);
        KEEP.add(handle);
        KEEP.add(filtered);
        KEEP.add(MethodHandles.insertArguments(handle, 0, 8L));
        MutableCallSite site = new MutableCallSite(handle);
        KEEP.add(site);
        KEEP.add(site.dynamicInvoker());
        KEEP.add(filtered.invokeWithArguments(4L));
        KEEP.add(site.dynamicInvoker().invokeWithArguments(9L));
        KEEP.add(Proxy.newProxyInstance(Matrix.class.getClassLoader(), new Class<?>[]{Greeter.class}, (p, m, a) -> "hi " + a[0]));
        KEEP.add(Matrix.class.getDeclaredMethods());
        KEEP.add(Matrix.class.getDeclaredFields());
        KEEP.add(Matrix.class.getDeclaredConstructors());
        Method twice = Matrix.class.getDeclaredMethod("twice", long.class);
        for (int i = 0; i < 40; i++) {
            sink = twice.invoke(null, 3L); // past the inflation threshold: a generated accessor
        }
        KEEP.add(twice);
        KEEP.add(java.io.ObjectStreamClass.lookup(ArrayList.class));
        KEEP.add(FunctionalInterface.class.getAnnotations());
    }

    static long twice(long x) { return 2 * x; }

    static void concurrent() throws Exception {
        LongAdder adder = new LongAdder();
        DoubleAccumulator accumulator = new DoubleAccumulator(Math::max, 0);
        ConcurrentHashMap<Integer, Integer> contended = new ConcurrentHashMap<>();
        Exchanger<Object> exchanger = new Exchanger<>();
        CountDownLatch done = new CountDownLatch(4);
        for (int t = 0; t < 4; t++) {
            int base = t * 1000;
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 30_000; i++) {
                    adder.increment();
                    accumulator.accumulate(i);
                    contended.merge(base + i % 50, 1, Integer::sum);
                    if (i % 50 == 49) {
                        contended.remove(base + i % 50);
                    }
                }
                done.countDown();
                LockSupport.park();
            }, "worker-" + t);
            thread.setDaemon(true);
            thread.start();
            KEEP.add(thread);
        }
        done.await();
        forceCells(adder, contended);
        KEEP.addAll(Arrays.asList(adder, accumulator, contended, exchanger));
        Thread waiting = new Thread(() -> {
            try {
                exchanger.exchange("alone");
            } catch (InterruptedException e) {
                sink = e;
            }
        }, "exchanger");
        waiting.setDaemon(true);
        waiting.start();

        ForkJoinPool pool = new ForkJoinPool(3);
        KEEP.add(pool.submit(new Sum(0, 500)).get());
        KEEP.add(pool);
        KEEP.add(CompletableFuture.supplyAsync(() -> "async").thenApply(s -> s + "!").get());
        KEEP.add(new CompletableFuture<String>().thenCombine(new CompletableFuture<String>(), (a, b) -> a + b));
        ExecutorService fixed = Executors.newFixedThreadPool(2, r -> {
            Thread t = new Thread(r, "fixed");
            t.setDaemon(true);
            return t;
        });
        fixed.submit(() -> sink = "ran").get();
        KEEP.add(fixed);
        ScheduledThreadPoolExecutor scheduled = new ScheduledThreadPoolExecutor(1);
        KEEP.add(scheduled.schedule(() -> sink = "later", 1, TimeUnit.DAYS));
        KEEP.add(scheduled);
        KEEP.add(new Phaser(3));
        KEEP.add(new StampedLock());
        ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        lock.readLock().lock();
        KEEP.add(lock);
        KEEP.add(new AtomicIntegerArray(5));
        KEEP.add(new AtomicLong(5));
        SynchronousQueue<Object> handOff = new SynchronousQueue<>();
        Thread taker = new Thread(() -> {
            try {
                sink = handOff.take();
            } catch (InterruptedException e) {
                sink = e;
            }
        }, "taker");
        taker.setDaemon(true);
        taker.start();
        KEEP.add(handOff);
        KEEP.add(new Thread("never started"));
        KEEP.add(new java.util.Timer("timer", true));
    }

    /** Makes sure that the padded cells exist even if one core never contended. */
    static void forceCells(LongAdder adder, ConcurrentHashMap<Integer, Integer> map) {
        part("padded cells", () -> {
            for (String name : new String[]{"java.util.concurrent.atomic.Striped64$Cell", "java.util.concurrent.ConcurrentHashMap$CounterCell"}) {
                java.lang.reflect.Constructor<?> constructor = Class.forName(name).getDeclaredConstructor(long.class);
                constructor.setAccessible(true);
                for (int i = 0; i < 4; i++) {
                    KEEP.add(constructor.newInstance((long) i));
                }
            }
        });
    }

    static final class Sum extends RecursiveTask<Integer> {
        final int from;
        final int to;
        Sum(int from, int to) { this.from = from; this.to = to; }
        @Override protected Integer compute() {
            if (to - from < 20) {
                return to - from;
            }
            int middle = (from + to) / 2;
            Sum left = new Sum(from, middle);
            left.fork();
            return new Sum(middle, to).compute() + left.join();
        }
    }

    static void loaders(String classPath) throws Exception {
        for (int i = 0; i < 2; i++) {
            URLClassLoader loader = new URLClassLoader(new URL[]{new java.io.File(classPath).toURI().toURL()}, null);
            KEEP.add(loader);
            KEEP.add(Class.forName("Shapes", true, loader));
        }
        KEEP.add(new ClassLoader() { });
    }

    /** Parked virtual threads of different stack depth: their stacks are StackChunk objects of different size. */
    static void virtualThreads() throws Exception {
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        Method start = Class.forName("java.lang.Thread$Builder").getMethod("start", Runnable.class);
        for (int depth : new int[]{0, 0, 1, 2, 3, 5, 10, 40}) {
            KEEP.add(start.invoke(builder, (Runnable) () -> descend(depth, depth)));
        }
        Thread.sleep(200);
    }

    static long descend(int depth, long carried) {
        if (depth == 0) {
            LockSupport.park();
            return carried;
        }
        return descend(depth - 1, carried + depth) + 1;
    }

    static void stackFrames() throws Exception {
        Class<?> walker = Class.forName("java.lang.StackWalker");
        Object instance = walker.getMethod("getInstance").invoke(null);
        List<Object> frames = new ArrayList<>();
        walker.getMethod("forEach", java.util.function.Consumer.class).invoke(instance, (java.util.function.Consumer<Object>) frames::add);
        KEEP.add(frames);
    }

    static void garbage() {
        for (int i = 0; i < 500; i++) {
            sink = new Clash(i);
            sink = new long[i % 9];
            sink = "garbage-" + i;
        }
        sink = null;
    }
}
