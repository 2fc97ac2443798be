package com.acme.zoo;

import fixtures.Scenario.Size;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

/** Maps have the entries {@code "k0"=0 .. "k(n-1)"=n-1} (Integers), collections the Integers 0 .. n-1, both in order of insertion. */
final class Collections1 {
    enum Colour { RED, GREEN, BLUE, BLACK }

    /** 1,000,000 nodes when large, 20,000 when small; every element is the same String "link". */
    static final LinkedList<String> LINKED = new LinkedList<>();
    /** The same number of nodes, each holding the next by a field of its own class. */
    static Node chain;

    static final Map<String, Integer> HASH_MAP = map(new HashMap<>(), 1_000);
    static final Map<String, Integer> LINKED_HASH_MAP = map(new LinkedHashMap<>(), 100);
    static final Map<String, Integer> TREE_MAP = map(new TreeMap<>(), 100);
    static final Map<String, Integer> CONCURRENT = map(new ConcurrentHashMap<>(), 1_000);
    static final Map<String, Integer> SKIP_LIST = map(new ConcurrentSkipListMap<>(), 100);
    static final Map<String, Integer> HASHTABLE = map(new Hashtable<>(), 100);
    static final Map<String, Integer> IDENTITY = map(new IdentityHashMap<>(), 50);
    static final Map<String, Integer> WEAK = map(new WeakHashMap<>(), 20);
    /** Keeps the keys of {@link #WEAK} alive. */
    static final List<String> WEAK_KEYS = new ArrayList<>(WEAK.keySet());
    static final Map<Colour, Integer> ENUM_MAP = new EnumMap<>(Map.of(Colour.RED, 1, Colour.BLUE, 3));
    /** Ten keys that share one hash code, in a table of 64: a bin of tree nodes. */
    static final Map<Colliding, Integer> TREE_BIN = new HashMap<>(64);
    static final Map<String, Integer> EMPTY_MAP = new HashMap<>();
    /** A table of 1,024 slots for three entries. */
    static final Map<String, Integer> SPARSE_MAP = map(new HashMap<>(1_000), 3);
    static final Map<String, Integer> MAP_OF_1 = Map.of("k0", 0);
    static final Map<String, Integer> MAP_OF_3 = Map.of("k0", 0, "k1", 1, "k2", 2);
    static final Map<String, Integer> UNMODIFIABLE_MAP = Collections.unmodifiableMap(map(new HashMap<>(), 5));
    static final Map<String, Integer> SYNCHRONIZED_MAP = Collections.synchronizedMap(map(new HashMap<>(), 5));
    static final Map<String, Integer> SINGLETON_MAP = Collections.singletonMap("k0", 0);
    static final Properties PROPERTIES = new Properties();

    static final List<Integer> ARRAY_LIST = list(new ArrayList<>(), 100);
    /** Capacity 10,000, three elements. */
    static final List<Integer> SPARSE_LIST = list(new ArrayList<>(10_000), 3);
    static final List<Integer> EMPTY_LIST = new ArrayList<>();
    static final List<Integer> VECTOR = list(new Vector<>(), 100);
    static final List<Integer> COPY_ON_WRITE = list(new CopyOnWriteArrayList<>(), 100);
    static final List<Integer> LIST_OF_2 = List.of(0, 1);
    static final List<Integer> LIST_OF_5 = List.of(0, 1, 2, 3, 4);
    static final List<Integer> AS_LIST = Arrays.asList(0, 1, 2);
    static final List<Integer> UNMODIFIABLE_LIST = Collections.unmodifiableList(list(new ArrayList<>(), 5));
    static final List<Integer> SYNCHRONIZED_LIST = Collections.synchronizedList(list(new ArrayList<>(), 5));
    static final List<Integer> SUB_LIST = list(new ArrayList<>(), 100).subList(10, 20);
    static final List<String> N_COPIES = Collections.nCopies(1_000, "same");

    static final Set<Integer> HASH_SET = set(new HashSet<>(), 100);
    static final Set<Integer> TREE_SET = set(new TreeSet<>(), 100);
    static final Set<Integer> LINKED_HASH_SET = set(new LinkedHashSet<>(), 100);
    static final Set<Integer> SET_OF_3 = Set.of(0, 1, 2);
    static final Set<Integer> CONCURRENT_SET = set(ConcurrentHashMap.newKeySet(), 100);
    static final Set<Integer> COPY_ON_WRITE_SET = set(new CopyOnWriteArraySet<>(), 10);
    static final EnumSet<Colour> ENUM_SET = EnumSet.of(Colour.GREEN, Colour.BLACK);

    /** Four were taken from the head before the last were added, so that the ring is wrapped: 4 .. 103. */
    static final ArrayDeque<Integer> ARRAY_DEQUE = new ArrayDeque<>();
    static final PriorityQueue<Integer> PRIORITY_QUEUE = new PriorityQueue<>();
    static final Queue<Integer> CONCURRENT_QUEUE = new ConcurrentLinkedQueue<>();
    static final Queue<Integer> CONCURRENT_DEQUE = new ConcurrentLinkedDeque<>();
    static final Queue<Integer> BLOCKING_QUEUE = new LinkedBlockingQueue<>();
    static final Queue<Integer> ARRAY_BLOCKING_QUEUE = new ArrayBlockingQueue<>(200);
    static final BitSet BITS = new BitSet();
    static final AtomicReferenceArray<String> ATOMIC_ARRAY = new AtomicReferenceArray<>(new String[] {"a", null, "c"});
    static final Object[][][] MATRIX = new Object[3][4][5];
    /** 1,000 collections that were never used, 1,000 with one element: waste. */
    static final List<Collection<Integer>> WASTE = new ArrayList<>();

    private Collections1() {}

    static void fill(Size size) {
        int n = size.pick(20_000, 1_000_000);
        for (int i = 0; i < n; i++) {
            LINKED.add("link");
            chain = new Node(chain, i);
        }
        for (int i = 0; i < 104; i++) {
            ARRAY_DEQUE.add(i);
            PRIORITY_QUEUE.add(i);
            if (i == 13) {
                for (int k = 0; k < 4; k++) {
                    ARRAY_DEQUE.poll();
                    PRIORITY_QUEUE.poll();
                }
            }
        }
        for (int i = 0; i < 10; i++) {
            TREE_BIN.put(new Colliding(i), i);
            PROPERTIES.setProperty("p" + i, "v" + i);
            CONCURRENT_QUEUE.add(i);
            CONCURRENT_DEQUE.add(i);
            BLOCKING_QUEUE.add(i);
            ARRAY_BLOCKING_QUEUE.add(i);
            BITS.set(i * 100);
        }
        for (int i = 0; i < 1_000; i++) {
            WASTE.add(i % 2 == 0 ? new ArrayList<>() : new HashSet<>());
            WASTE.add(i % 2 == 0 ? list(new ArrayList<>(), 1) : new HashSet<>(List.of(1)));
        }
    }

    private static <M extends Map<String, Integer>> M map(M map, int n) {
        for (int i = 0; i < n; i++) {
            map.put(("k" + i).intern(), i);
        }
        return map;
    }

    private static <L extends List<Integer>> L list(L list, int n) {
        for (int i = 0; i < n; i++) {
            list.add(i);
        }
        return list;
    }

    private static <S extends Set<Integer>> S set(S set, int n) {
        for (int i = 0; i < n; i++) {
            set.add(i);
        }
        return set;
    }

    static final class Node {
        final Node next;
        final int value;

        Node(Node next, int value) {
            this.next = next;
            this.value = value;
        }
    }

    static final class Colliding implements Comparable<Colliding> {
        final int id;

        Colliding(int id) {
            this.id = id;
        }

        @Override
        public int hashCode() {
            return 42;
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Colliding && ((Colliding) o).id == id;
        }

        @Override
        public int compareTo(Colliding o) {
            return Integer.compare(id, o.id);
        }
    }
}
