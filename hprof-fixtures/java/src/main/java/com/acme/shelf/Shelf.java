package com.acme.shelf;

import clojure.lang.IPersistentMap;
import clojure.lang.IPersistentSet;
import clojure.lang.IPersistentVector;
import clojure.lang.PersistentArrayMap;
import clojure.lang.PersistentHashMap;
import clojure.lang.PersistentHashSet;
import clojure.lang.PersistentVector;
import com.carrotsearch.hppc.IntObjectHashMap;
import com.carrotsearch.hppc.ObjectHashSet;
import com.carrotsearch.hppc.ObjectIntHashMap;
import com.carrotsearch.hppc.ObjectObjectHashMap;
import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.ConcurrentHashMultiset;
import com.google.common.collect.EvictingQueue;
import com.google.common.collect.HashBasedTable;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.TreeMultimap;
import fixtures.Scenario;
import gnu.trove.map.hash.THashMap;
import gnu.trove.map.hash.TIntObjectHashMap;
import gnu.trove.map.hash.TObjectIntHashMap;
import io.netty.util.collection.CharObjectHashMap;
import io.reactivex.rxjava3.operators.SpscLinkedArrayQueue;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import it.unimi.dsi.fastutil.objects.Object2ObjectAVLTreeMap;
import it.unimi.dsi.fastutil.objects.Object2ObjectArrayMap;
import it.unimi.dsi.fastutil.objects.Object2ObjectLinkedOpenHashMap;
import it.unimi.dsi.fastutil.objects.Object2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.objects.ObjectArrayList;
import it.unimi.dsi.fastutil.objects.ObjectOpenHashSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.IntConsumer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.Object2IntHashMap;
import org.agrona.collections.Object2ObjectHashMap;
import org.apache.commons.collections4.map.HashedMap;
import org.apache.commons.collections4.map.LRUMap;
import org.apache.commons.collections4.map.LazyMap;
import org.eclipse.collections.impl.list.mutable.FastList;
import org.eclipse.collections.impl.map.mutable.UnifiedMap;
import org.eclipse.collections.impl.multimap.list.FastListMultimap;
import org.eclipse.collections.impl.set.mutable.UnifiedSet;
import org.jctools.queues.MpmcArrayQueue;
import org.jctools.queues.MpscArrayQueue;
import org.jctools.queues.MpscChunkedArrayQueue;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jctools.queues.SpscArrayQueue;
import org.jctools.queues.SpscUnboundedArrayQueue;
import org.springframework.util.ConcurrentReferenceHashMap;
import org.springframework.util.LinkedCaseInsensitiveMap;
import org.springframework.util.LinkedMultiValueMap;
import reactor.util.concurrent.Queues;
import scala.collection.concurrent.TrieMap;
import scala.collection.mutable.ArrayBuffer;
import scala.collection.mutable.ListBuffer;

/**
 * One of each collection of libraries that oomph reads, {@code COUNT} elements in each: keys {@code key-0} to {@code key-99}, values {@code value-0} and so on.
 * What a name says beside that: {@code same} has keys of which two have one hash code, {@code ten} has ten keys for all values, {@code six} has six entries.
 */
public final class Shelf implements Scenario {
    /** Elements of each. */
    static final int COUNT = 100;
    /** By name. */
    static final Map<String, Object> ALL = new LinkedHashMap<>();

    /** A key whose hash code another one has as well. */
    private static final class Same {
        private final int number;

        Same(int number) {
            this.number = number;
        }

        @Override
        public int hashCode() {
            return number % (COUNT / 2);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Same && ((Same) other).number == number;
        }
    }

    @Override
    public void run(Size size) {
        fastutil();
        eclipse();
        hppcTroveAgrona();
        queues();
        commonsAndSpring();
        scala();
        clojure();
        guava();
    }

    private static String key(int number) {
        return "key-" + number;
    }

    private static String value(int number) {
        return "value-" + number;
    }

    private static void each(String name, Object collection, IntConsumer add) {
        for (int number = 0; number < COUNT; number++) {
            add.accept(number);
        }
        ALL.put(name, collection);
    }

    private static void map(String name, Map<String, String> map) {
        each(name, map, number -> map.put(key(number), value(number)));
    }

    private static void collection(String name, Collection<String> collection) {
        each(name, collection, number -> collection.add(key(number)));
    }

    /** Five were taken. */
    private static void queue(String name, Queue<String> queue) {
        for (int number = -5; number < 0; number++) {
            queue.offer(key(number));
        }
        collection(name, queue);
        for (int number = -5; number < 0; number++) {
            queue.poll();
        }
    }

    private static void fastutil() {
        map("fastutil map", new Object2ObjectOpenHashMap<>());
        map("fastutil linked map", new Object2ObjectLinkedOpenHashMap<>());
        map("fastutil array map", new Object2ObjectArrayMap<>());
        map("fastutil tree map", new Object2ObjectAVLTreeMap<>());
        Int2ObjectOpenHashMap<String> byNumber = new Int2ObjectOpenHashMap<>();
        each("fastutil map by number", byNumber, number -> byNumber.put(number, value(number)));
        Object2IntOpenHashMap<String> numbers = new Object2IntOpenHashMap<>();
        each("fastutil map of numbers", numbers, number -> numbers.put(key(number), number));
        collection("fastutil set", new ObjectOpenHashSet<>());
        collection("fastutil list", new ObjectArrayList<>());
    }

    private static void eclipse() {
        map("eclipse map", new UnifiedMap<>());
        UnifiedMap<Same, String> same = new UnifiedMap<>();
        each("eclipse map same", same, number -> same.put(new Same(number), value(number)));
        collection("eclipse set", new UnifiedSet<>());
        collection("eclipse list", new FastList<>());
        FastListMultimap<String, String> ten = new FastListMultimap<>();
        each("eclipse multimap ten", ten, number -> ten.put(key(number % 10), value(number)));
    }

    private static void hppcTroveAgrona() {
        ObjectObjectHashMap<String, String> hppc = new ObjectObjectHashMap<>();
        each("hppc map", hppc, number -> hppc.put(key(number), value(number)));
        IntObjectHashMap<String> byNumber = new IntObjectHashMap<>();
        each("hppc map by number", byNumber, number -> byNumber.put(number, value(number)));
        ObjectIntHashMap<String> numbers = new ObjectIntHashMap<>();
        each("hppc map of numbers", numbers, number -> numbers.put(key(number), number));
        ObjectHashSet<String> set = new ObjectHashSet<>();
        each("hppc set", set, number -> set.add(key(number)));
        com.carrotsearch.hppc.ObjectArrayList<String> list = new com.carrotsearch.hppc.ObjectArrayList<>();
        each("hppc list", list, number -> list.add(key(number)));

        map("trove map", new THashMap<>());
        TIntObjectHashMap<String> troveByNumber = new TIntObjectHashMap<>();
        each("trove map by number", troveByNumber, number -> troveByNumber.put(number, value(number)));
        TObjectIntHashMap<String> troveNumbers = new TObjectIntHashMap<>();
        each("trove map of numbers", troveNumbers, number -> troveNumbers.put(key(number), number));

        map("agrona map", new Object2ObjectHashMap<>());
        Int2ObjectHashMap<String> agronaByInt = new Int2ObjectHashMap<>();
        each("agrona map by number", agronaByInt, number -> agronaByInt.put(number, value(number)));
        Long2ObjectHashMap<String> agronaByLong = new Long2ObjectHashMap<>();
        each("agrona map by long number", agronaByLong, number -> agronaByLong.put(number, value(number)));
        Object2IntHashMap<String> agronaNumbers = new Object2IntHashMap<>(-1);
        each("agrona map of numbers", agronaNumbers, number -> agronaNumbers.put(key(number), number));
        collection("agrona set", new org.agrona.collections.ObjectHashSet<>());
    }

    private static void queues() {
        queue("jctools queue of many, unbounded", new MpscUnboundedArrayQueue<>(16));
        queue("jctools queue of many, in chunks", new MpscChunkedArrayQueue<>(16, 1024));
        queue("jctools queue of many", new MpscArrayQueue<>(128));
        queue("jctools queue of one", new SpscArrayQueue<>(128));
        queue("jctools queue of many for many", new MpmcArrayQueue<>(128));
        queue("jctools queue of one, unbounded", new SpscUnboundedArrayQueue<>(16));
        queue("reactor queue", Queues.<String>unbounded(16).get());
        SpscLinkedArrayQueue<String> rx = new SpscLinkedArrayQueue<>(16);
        each("rxjava queue", rx, number -> rx.offer(key(number)));
    }

    private static void commonsAndSpring() {
        map("commons map", new HashedMap<>());
        map("commons lru map", new LRUMap<>(500));
        map("commons lazy map", LazyMap.lazyMap(new HashMap<>(), () -> ""));
        map("spring map of any case", new LinkedCaseInsensitiveMap<>());
        LinkedMultiValueMap<String, String> many = new LinkedMultiValueMap<>();
        each("spring map of lists", many, number -> many.add(key(number), value(number)));
        map("spring map of references", new ConcurrentReferenceHashMap<>());
        CharObjectHashMap<String> netty = new CharObjectHashMap<>();
        each("netty map by char", netty, number -> netty.put((char) number, value(number)));
    }

    private static void scala() {
        scala.collection.mutable.HashMap<String, String> map = new scala.collection.mutable.HashMap<>();
        each("scala map", map, number -> map.put(key(number), value(number)));
        scala.collection.mutable.LinkedHashMap<String, String> linked = new scala.collection.mutable.LinkedHashMap<>();
        each("scala linked map", linked, number -> linked.put(key(number), value(number)));
        scala.collection.mutable.HashSet<String> set = new scala.collection.mutable.HashSet<>();
        each("scala set", set, number -> set.add(key(number)));
        ArrayBuffer<String> buffer = new ArrayBuffer<>();
        each("scala buffer", buffer, number -> buffer.addOne(key(number)));
        ListBuffer<String> list = new ListBuffer<>();
        each("scala list", list, number -> list.addOne(key(number)));
        TrieMap<String, String> trie = new TrieMap<>();
        each("scala trie", trie, number -> trie.put(key(number), value(number)));
        TrieMap<Same, String> same = new TrieMap<>();
        each("scala trie same", same, number -> same.put(new Same(number), value(number)));
        scala.collection.immutable.HashMap<String, String> fixed = scala.collection.immutable.HashMap$.MODULE$.empty();
        for (int number = 0; number < COUNT; number++) {
            fixed = fixed.updated(key(number), value(number));
        }
        ALL.put("scala immutable map", fixed);
    }

    private static void clojure() {
        IPersistentMap map = PersistentHashMap.EMPTY;
        IPersistentMap same = PersistentHashMap.EMPTY;
        IPersistentSet set = PersistentHashSet.EMPTY;
        IPersistentVector vector = PersistentVector.EMPTY;
        for (int number = 0; number < COUNT; number++) {
            map = map.assoc(key(number), value(number));
            same = same.assoc(new Same(number), value(number));
            set = (IPersistentSet) set.cons(key(number));
            vector = vector.cons(key(number));
        }
        ALL.put("clojure map", map);
        ALL.put("clojure map same", same);
        ALL.put("clojure set", set);
        ALL.put("clojure vector", vector);
        Object[] six = new Object[12];
        for (int number = 0; number < 6; number++) {
            six[2 * number] = key(number);
            six[2 * number + 1] = value(number);
        }
        ALL.put("clojure map six", new PersistentArrayMap(six));
    }

    private static void guava() {
        ArrayListMultimap<String, String> ten = ArrayListMultimap.create();
        each("guava multimap ten", ten, number -> ten.put(key(number % 10), value(number)));
        TreeMultimap<String, String> sorted = TreeMultimap.create();
        each("guava sorted multimap", sorted, number -> sorted.put(key(number), value(number)));
        HashBasedTable<String, String, String> table = HashBasedTable.create();
        each("guava table", table, number -> table.put(key(number), "column", value(number)));
        collection("guava evicting queue", EvictingQueue.create(500));
        collection("guava multiset", ConcurrentHashMultiset.create());
        ImmutableSet.Builder<String> set = ImmutableSet.builder();
        for (int number = 0; number < COUNT; number++) {
            set.add(key(number));
        }
        ALL.put("guava immutable set", set.build());
    }
}
