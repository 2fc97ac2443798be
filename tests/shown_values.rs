//! What `show` and `find` say that objects stand for: on a real dump whose contents a program has fixed (`hprof-fixtures/java/.../zoo/Values.java`),
//! and on a heap made for what must not be shown.

use hprof_fixtures::{Addr, HeapBuilder, Kind, Root, Value};
use oomph::hprof::ObjectId;
use oomph::inspect::{ClassPattern, Context, Options, find, find_section, show_section};
use oomph::ix::ObjectIx;
use oomph::progress::Progress;
use oomph::report::{Block, Cell, Section, Table};
use oomph::snapshot::{Options as OpenOptions, Snapshot};
use oomph::storage::Source;
use std::path::Path;

fn zoo() -> Snapshot {
    let dump = Path::new(env!("CARGO_MANIFEST_DIR")).join("hprof-fixtures/dumps/zoo.hprof.zst");
    Snapshot::open(&dump, &OpenOptions::default(), &Progress::default()).expect("a good dump")
}

fn show(snapshot: &Snapshot, object: ObjectIx) -> Section {
    show_section(&Context::new(snapshot, Options::default()), object)
}

fn table<'s>(section: &'s Section, id: &str) -> Option<&'s Table> {
    section.blocks.iter().find_map(|block| match block {
        Block::Table(table) if table.id == id => Some(table),
        _ => None,
    })
}

/// The first cell and the value of each row, `-` for no value.
fn values(section: &Section, id: &str) -> Vec<(String, String)> {
    let table = table(section, id).expect("a table of that name");
    let at = table.columns.iter().position(|column| column.key == "value").expect("a column of values");
    let words = |cell: &Cell| match cell {
        Cell::Value(words) => words.clone(),
        _ => "-".to_owned(),
    };
    table.rows.iter().map(|row| (words(&row[0]), words(&row[at]))).collect()
}

/// The values of the static fields or elements of something of the zoo.
fn of_static(snapshot: &Snapshot, class: &str, field: &str) -> Section {
    show(snapshot, snapshot.static_reference(class, field).expect("a field of the zoo"))
}

fn only_values(section: &Section, id: &str) -> Vec<String> {
    values(section, id).into_iter().map(|(_, value)| value).collect()
}

#[test]
fn objects_of_the_jdk_say_what_they_stand_for() {
    let zoo = zoo();
    let textual = of_static(&zoo, "com.acme.zoo.Values", "TEXTUAL");
    assert_eq!(
        only_values(&textual, "fields"),
        [
            "reports/2024/orders.xlsx",
            "https://shop.acme.example/a?b=c#d",
            "12345678-9abc-def0-1234-56789abcdef0",
            "123456789012345678901234567890",
            "12345.6789",
            "2024-02-29",
            "2024-02-29T23:59:58",
            "2023-11-14T22:13:20Z",
            "PT1M30S",
            "2023-11-14T22:13:20Z",
            "zh-CN",
            "BLUE",
            "\"under construction!\"",
            "EUR",
            "Asia/Shanghai",
            "class java.lang.String",
            "class int[]",
        ]
    );
    let boxed = of_static(&zoo, "com.acme.zoo.Values", "BOXED");
    assert_eq!(
        only_values(&boxed, "fields"),
        [
            "1",
            "2",
            "c",
            "4",
            "5",
            "6.5",
            "7.25",
            "true",
            "100000",
            "-9223372036854775808",
            "NaN",
            "8",
            "9",
            "true",
            "ten",
            "11",
            "twelve"
        ]
    );
}

#[test]
fn fields_have_values_sizes_and_lengths() {
    let zoo = zoo();
    let class = ClassPattern::parse("com.acme.zoo.Values").expect("a name");
    let class = zoo.classes().get(class.classes(&zoo)[0]).mirror.get().expect("a class has a mirror");
    let fields = values(&show(&zoo, class), "fields");
    let of = |name: &str| {
        let found = fields.iter().find(|(field, _)| field == name);
        found.unwrap_or_else(|| panic!("no field {name}")).1.as_str()
    };
    assert_eq!(of("latin1"), "\"café\"");
    assert_eq!(of("utf16"), "\"内存泄漏\"");
    assert_eq!(of("empty"), "\"\"");
    assert_eq!(of("url"), "http://shop.acme.example:9010/cart");
    assert_eq!(of("CHARS"), "\"secret\"");
    assert_eq!(of("INTS"), "length 1,000");
    assert_eq!(of("RAGGED"), "length 4");
    let huge = of("huge");
    assert!(huge.starts_with("\"0123456789") && huge.ends_with("…\" (length 100,000)"), "{huge}");

    let numbers = of_static(&zoo, "com.acme.zoo.Values", "SHORTS");
    assert_eq!(only_values(&numbers, "fields"), ["1", "-1"]);
}

#[test]
fn collections_list_their_elements() {
    let zoo = zoo();
    let tree = of_static(&zoo, "com.acme.zoo.Collections1", "TREE_MAP");
    let elements = values(&tree, "elements");
    assert_eq!(elements[0].1, "0");
    assert!(elements.len() == 100 && elements.iter().any(|(key, _)| key.contains("99")), "{elements:?}");
    let list = of_static(&zoo, "com.acme.zoo.Collections1", "LIST_OF_5");
    let keys: Vec<String> = values(&list, "elements").into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["[0]", "[1]", "[2]", "[3]", "[4]"]);
    // What is no collection has no such table.
    assert!(table(&of_static(&zoo, "com.acme.zoo.Values", "INTS"), "elements").is_none());

    let context = Context::new(&zoo, Options::default());
    let found = find_section(&context, &ClassPattern::parse("java.util.TreeMap").expect("a name"));
    assert!(values(&found, "objects").iter().any(|(_, value)| value == "size 100"));
}

/// A class whose name was written out comes before others that end in it, however large those are.
#[test]
fn the_class_that_was_named_comes_first() {
    let mut heap = HeapBuilder::hotspot17();
    let outer = heap.class("com.acme.Shop$Order").field("next", Kind::Ref).build();
    let order = heap.class("com.acme.Order").build();
    let small = heap.instance(order, &[]);
    heap.root(Root::JniGlobal { object: small, handle: Addr(1) });
    let mut last = Value::NULL;
    for _ in 0..10 {
        last = Value::Ref(heap.instance(outer, &[last]));
    }
    let Value::Ref(first) = last else { panic!("a reference") };
    heap.root(Root::JniGlobal { object: first, handle: Addr(1) });
    let source = Source::from_memory(heap.finish());
    let snapshot =
        Snapshot::from_source(source, "orders.hprof", &OpenOptions::default(), &Progress::silent())
            .expect("a heap");
    let context = Context::new(&snapshot, Options::default());
    let found = find_section(&context, &ClassPattern::parse("Order").expect("a name"));
    let classes: Vec<&Cell> =
        table(&found, "classes").expect("classes").rows.iter().map(|row| &row[0]).collect();
    assert_eq!(classes, [&Cell::Class("com.acme.Order".into()), &Cell::Class("com.acme.Shop$Order".into())]);
}

/// Passwords are not shown, whether a field, a key or the text itself tells that they are.
#[test]
fn secrets_stay_masked() {
    let mut heap = HeapBuilder::hotspot17();
    let uuid =
        heap.class("java.util.UUID").field("mostSigBits", Kind::Long).field("leastSigBits", Kind::Long);
    let uuid = uuid.build();
    let token = heap.instance(uuid, &[Value::Long(1), Value::Long(2)]);
    let (password, url) = (heap.string("hunter2"), heap.string("jdbc:mysql://app:hunter2@db/shop"));
    let (key, user) = (heap.string("db.password"), heap.string("app"));
    let settings = heap.hash_map(&[(key, password), (user, user)]);
    let account = heap.class("com.acme.Account");
    let account = account
        .field("password", Kind::Ref)
        .field("url", Kind::Ref)
        .field("sessionToken", Kind::Ref)
        .field("id", Kind::Ref)
        .field("settings", Kind::Ref)
        .build();
    let account = heap.instance(account, &[password, url, token, token, settings].map(Value::Ref));
    heap.root(Root::JniGlobal { object: account, handle: Addr(1) });
    let address = account;
    let source = Source::from_memory(heap.finish());
    let snapshot =
        Snapshot::from_source(source, "account.hprof", &OpenOptions::default(), &Progress::silent())
            .expect("a heap");
    let at = |address| snapshot.find(ObjectId(address)).expect("an object");
    let fields = only_values(&show(&snapshot, at(address.0)), "fields");
    let id = "00000000-0000-0001-0000-000000000002";
    assert_eq!(fields, ["\"******\"", "\"jdbc:mysql://app:******@db/shop\"", "******", id, "size 2"]);
    let mut elements = values(&show(&snapshot, at(settings.0)), "elements");
    elements.sort();
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    assert_eq!(elements, [pair("\"app\"", "\"app\""), pair("\"db.password\"", "\"******\"")]);
}

/// Fields of the JDK's classes that hold what no JDK puts there: no value is shown then, and nothing panics.
#[test]
fn what_no_calendar_has_is_not_shown() {
    let mut heap = HeapBuilder::hotspot17();
    let mut made = Vec::new();
    for (name, first, second) in [
        ("java.time.Duration", "seconds", "nanos"),
        ("java.time.Instant", "seconds", "nanos"),
        ("java.math.BigDecimal", "intCompact", "scale"),
    ] {
        let class = heap.class(name).field(first, Kind::Long).field(second, Kind::Long).build();
        for [one, two] in
            [[i64::MAX, i64::from(i32::MAX)], [i64::MIN, i64::from(i32::MIN)], [7, i64::MIN], [7, i64::MAX]]
        {
            made.push(heap.instance(class, &[Value::Long(one), Value::Long(two)]));
        }
    }
    let all = heap.object_array("java.lang.Object[]", &made);
    heap.root(Root::JniGlobal { object: all, handle: Addr(1) });
    let source = Source::from_memory(heap.finish());
    let snapshot = Snapshot::from_source(source, "odd.hprof", &OpenOptions::default(), &Progress::silent())
        .expect("a heap");
    let shown = show(&snapshot, snapshot.find(ObjectId(all.0)).expect("an object"));
    let mut expected = vec!["-"; 8];
    expected.extend([
        "9223372036854775807E-2147483647",
        "-",
        "7E9223372036854775808",
        "7E-9223372036854775807",
    ]);
    assert_eq!(only_values(&shown, "fields"), expected);
}

/// A report is sent around: of what a stack holds it tells numbers and constants, but neither texts nor identifiers that may be tokens.
#[test]
fn a_report_shows_no_texts_and_no_tokens_of_local_variables() {
    let mut heap = HeapBuilder::hotspot17();
    let uuid =
        heap.class("java.util.UUID").field("mostSigBits", Kind::Long).field("leastSigBits", Kind::Long);
    let uuid = uuid.build();
    let token = heap.instance(uuid, &[Value::Long(1), Value::Long(2)]);
    let (text, number) = (heap.string("hunter2"), heap.boxed_int(123_456));
    let class = heap.class("com.acme.Login").build();
    let thread = heap.thread("exec-1").frame(class, "check", "()V", "Login.java", 7);
    thread.local(token).local(text).local(number).build();
    let source = Source::from_memory(heap.finish());
    let snapshot = Snapshot::from_source(source, "login.hprof", &OpenOptions::default(), &Progress::silent())
        .expect("a heap");
    let told = |strings: bool| {
        let mut options = Options::default();
        options.strings = strings;
        let threads =
            find("threads").expect("an inspection").run(&Context::new(&snapshot, options)).expect("it runs");
        serde_json::to_string(&threads.section).expect("a section is JSON")
    };
    let (id, safe, full) = ("00000000-0000-0001-0000-000000000002", told(false), told(true));
    assert!(safe.contains("\"123456\"") && safe.contains("length 7"), "{safe}");
    assert!(!safe.contains("hunter2") && !safe.contains(id), "{safe}");
    assert!(full.contains("hunter2") && full.contains(id), "{full}");
}
