import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.locks.LockSupport;

/**
 * A heap such as services have, written by a real virtual machine: customers in a map, their orders in lists, each order refers to the one before, an index by
 * reference, an audit log that is one long list, recent things in queues, trees of JSON, soft and weak references, listeners, futures, 300 threads with locals and
 * thread-locals. Most objects are reached in several ways, so that no holder retains them alone.
 *
 *   java -Xmx8g benches/ServiceHeap.java 1000000 service.hprof      77 million objects, 3.6 GB
 */
public class ServiceHeap {
  record Money(BigDecimal amount, String currency) {}

  enum State { NEW, PAID, SHIPPED, BACK }

  record Item(String sku, int quantity, Money price) {}

  record Address(String street, String city, Integer zip) {}

  record Audit(Audit before, Object what, long nanos) {}

  static class Customer {
    String name, mail;
    LocalDate born;
    Address home;
    byte[] picture;
    Order last;
    final LinkedList<Order> orders = new LinkedList<>();
    final Set<String> tags = new TreeSet<>();
  }

  static class Order {
    long id;
    Instant at;
    State state;
    Customer by;
    Order previous;
    final UUID reference;
    Optional<String> note = Optional.empty();
    final List<Item> items = new ArrayList<>();
    final Map<String, String> attributes = new HashMap<>(4);

    Order(Random random) {
      reference = new UUID(random.nextLong(), random.nextLong());
    }
  }

  static final Map<Long, Customer> CUSTOMERS = new ConcurrentHashMap<>();
  static final TreeMap<String, Order> BY_REFERENCE = new TreeMap<>();
  static final Map<Object, SoftReference<byte[]>> PAGES = new HashMap<>();
  static final WeakHashMap<Customer, String> MAILS = new WeakHashMap<>();
  static final ConcurrentSkipListMap<Long, Item> PICKED = new ConcurrentSkipListMap<>();
  static final List<Runnable> LISTENERS = new CopyOnWriteArrayList<>();
  static final BlockingQueue<Runnable> QUEUE = new LinkedBlockingQueue<>();
  static final ArrayDeque<Object> RECENT = new ArrayDeque<>();
  static final Deque<Object> SEEN = new ConcurrentLinkedDeque<>();
  static final Map<String, Object> DOCUMENTS = new LinkedHashMap<>();
  static final CompletableFuture<Object> DONE = new CompletableFuture<>();
  static Audit audit;

  static Object json(Random random, int depth) {
    if (depth == 0) {
      return random.nextBoolean() ? "v" + random.nextInt(100_000) : (Object) random.nextDouble();
    }
    if (random.nextBoolean()) {
      Map<String, Object> map = new LinkedHashMap<>();
      for (int i = 0; i < 4; i++) map.put("k" + i, json(random, depth - 1));
      return map;
    }
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < 4; i++) list.add(json(random, depth - 1));
    return list;
  }

  static Customer customer(Random random, long number, String[] cities) {
    Customer customer = new Customer();
    customer.name = "Customer " + number;
    customer.mail = "c" + number + "@example.org";
    customer.born = LocalDate.ofEpochDay(random.nextInt(20_000));
    String city = cities[random.nextInt(cities.length)];
    customer.home = new Address("Street " + random.nextInt(9_999), city, random.nextInt(99_999));
    if (number % 10 == 0) customer.picture = new byte[random.nextInt(2_000)];
    for (int i = random.nextInt(3); i > 0; i--) customer.tags.add("tag" + random.nextInt(50));
    return customer;
  }

  static Order order(Random random, long number, Customer by) {
    Order order = new Order(random);
    order.id = number;
    order.at = Instant.ofEpochSecond(random.nextInt());
    order.state = State.values()[random.nextInt(4)];
    order.by = by;
    order.previous = by.last;
    by.last = order;
    by.orders.add(order);
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      Money price = new Money(new BigDecimal(random.nextInt(100_000)).movePointLeft(2), "EUR");
      Item item = new Item("sku-" + random.nextInt(20_000), random.nextInt(9), price);
      order.items.add(item);
      if (random.nextInt(20) == 0) PICKED.put(random.nextLong(), item);
    }
    if (random.nextInt(3) == 0) order.attributes.put("channel", new String("web"));
    if (random.nextInt(4) == 0) order.note = Optional.of("note " + random.nextInt());
    return order;
  }

  public static void main(String[] args) throws Exception {
    long customers = Long.parseLong(args[0]), orders = 0;
    Random random = new Random(7);
    String[] cities = new String[500];
    for (int i = 0; i < cities.length; i++) cities[i] = "City-" + i;
    List<Runnable> listeners = new ArrayList<>();
    CompletableFuture<?> chain = DONE;
    for (long number = 0; number < customers; number++) {
      Customer customer = customer(random, number, cities);
      CUSTOMERS.put(number, customer);
      MAILS.put(customer, customer.mail);
      for (int i = random.nextInt(5); i > 0; i--) {
        Order order = order(random, orders++, customer);
        if (random.nextInt(3) == 0) BY_REFERENCE.put(order.reference.toString(), order);
        if (random.nextInt(3) == 0) audit = new Audit(audit, order, System.nanoTime());
        if (random.nextInt(10) == 0) RECENT.add(order);
        if (random.nextInt(10) == 0) SEEN.add(new WeakReference<>(order));
      }
      if (number % 50 == 0) {
        PAGES.put(number, new SoftReference<>(new byte[500]));
        listeners.add(() -> System.out.println(customer.name));
        QUEUE.add(() -> System.out.println(customer.mail));
      }
      if (number % 200 == 0) chain = chain.thenApply(value -> value);
      if (number % 100 == 0) DOCUMENTS.put("doc" + number, json(random, 4));
    }
    LISTENERS.addAll(listeners);
    CountDownLatch ready = new CountDownLatch(300);
    for (int i = 0; i < 300; i++) {
      int number = i;
      Thread thread = new Thread(() -> work(number, ready), "worker-" + number);
      thread.setDaemon(true);
      thread.start();
    }
    ready.await();
    Files.deleteIfExists(Path.of(args[1]));
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(args[1], false);
    System.out.println(customers + " customers, " + orders + " orders");
    System.exit(0);
  }

  static void work(int number, CountDownLatch ready) {
    ThreadLocal<long[]> buffer = new ThreadLocal<>();
    buffer.set(new long[1_000 + number]);
    Map<Integer, String> local = new HashMap<>();
    for (int i = 0; i < 1_000; i++) local.put(i, "x" + i);
    ready.countDown();
    while (true) LockSupport.park(local);
  }
}
