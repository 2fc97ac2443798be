//! The inspections on real dumps whose contents the program that was dumped has fixed (`hprof-fixtures/java`).

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like a test")]

use oomph::inspect::{ALL, Context, Options as InspectOptions, find, report};
use oomph::progress::Progress;
use oomph::render::text::Language;
use oomph::render::{html, json};
use oomph::snapshot::{Options, Snapshot};
use serde_json::Value;
use std::path::{Path, PathBuf};

fn open(file: &str) -> Snapshot {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("hprof-fixtures/dumps").join(file);
    Snapshot::open(&path, &Options::default(), &Progress::silent()).unwrap()
}

fn inspect(snapshot: &Snapshot, id: &str) -> Value {
    let mut options = InspectOptions::default();
    options.limit = 0;
    let context = Context::new(snapshot, options);
    json::section(&find(id).unwrap().run(&context).unwrap().section, Language::En)
}

/// The row of a table in which a column has that value.
fn row<'v>(section: &'v Value, table: &str, column: &str, value: &str) -> &'v Value {
    let rows = section[table].as_array().unwrap_or_else(|| panic!("there is no table {table}"));
    let row = rows.iter().find(|row| row[column] == value);
    row.unwrap_or_else(|| panic!("no row of {table} has {column} = {value}"))
}

/// The zoo holds every structure of the JDK that a reader must decode; see `Collections1.java`, `Values.java`, `Threads.java` and so on.
#[test]
fn the_zoo() {
    let zoo = open("zoo.hprof.zst");
    histogram(&zoo);
    dominators(&zoo);
    threads(&zoo);
    collections(&zoo);
    strings(&zoo);
    boxes_arrays_and_waste(&zoo);
    references(&zoo);
    loaders(&zoo);
    off_heap(&zoo);
    system(&zoo);
    holders_of_a_part(&zoo);
    the_boot_loader_on_a_page(&zoo);
}

/// The loader that is no object has a name of ours: programs read one word, people their language.
fn the_boot_loader_on_a_page(zoo: &Snapshot) {
    let histogram = inspect(zoo, "histogram");
    assert_eq!(row(&histogram, "classes", "class", "byte[]")["loader"], "<boot>");
    let context = Context::new(zoo, InspectOptions::default());
    let shown = ["histogram", "classloaders", "unreachable"];
    let report = report(&context, |id| shown.contains(&id)).unwrap();
    let page = html::render(&report, &html::HtmlOptions::default());
    let cells =
        page.matches("<span lang=en>&lt;boot&gt;</span><span lang=zh-Hans>&lt;引导类加载器&gt;</span>");
    assert!(cells.count() > 10, "rows of the histogram and of the loaders");
    assert_eq!(page.matches("&lt;boot&gt;").count(), page.matches("lang=en>&lt;boot&gt;<").count());
    // For the script, once in a column of thousands.
    let pair = r#"["\u003cboot\u003e","\u003c引导类加载器\u003e"]"#;
    assert_eq!(page.matches(r"\u003cboot\u003e").count(), page.matches(pair).count());
    assert!(page.matches(pair).count() < 10, "{}", page.matches(pair).count());
}

/// The bytes that a thread holds are not all bytes of the heap: tables of the JDK hold some, which says nothing about the thread's.
fn holders_of_a_part(zoo: &Snapshot) {
    let context = Context::new(zoo, InspectOptions::default());
    let report = report(&context, |_| false).unwrap();
    let bytes =
        report.suspects.iter().find(|suspect| suspect.class == "byte[]" && !suspect.holders.is_empty());
    let bytes = bytes.expect("a thread holds arrays of bytes, and others some more");
    let mut labels: Vec<String> = bytes.holders.iter().map(|share| share.holder.label()).collect();
    assert!(labels.iter().any(|label| label == "com.acme.zoo.Threads.CONTEXT"), "{labels:?}");
    assert!(
        !labels.iter().any(|label| label == "?" || label.starts_with("java.") || label.starts_with("jdk.")),
        "{labels:?}"
    );
    labels.sort();
    labels.dedup();
    assert_eq!(labels.len(), bytes.holders.len(), "each stands once");
}

fn histogram(zoo: &Snapshot) {
    let histogram = inspect(zoo, "histogram");
    assert_eq!(row(&histogram, "classes", "class", "java.util.LinkedList$Node")["instances"], 20_000);
    assert_eq!(
        row(&histogram, "classes", "class", "com.acme.zoo.Collections1$Node")["shallow_bytes"],
        480_000
    );
    let sum = |table: &str, column: &str| {
        let rows = histogram[table].as_array().unwrap().iter();
        rows.map(|row| row[column].as_u64().unwrap()).sum::<u64>()
    };
    assert_eq!(histogram["total"]["instances"], sum("classes", "instances"));
    assert_eq!(histogram["total"]["shallow_bytes"], sum("classes", "shallow_bytes"));
    assert_eq!(sum("packages", "shallow_bytes"), sum("classes", "shallow_bytes"));
    assert_eq!(sum("classes", "instances") + sum("unreachable", "instances"), zoo.object_count() as u64);
}

fn dominators(zoo: &Snapshot) {
    let all = inspect(zoo, "dominators");
    let objects = all["objects"].as_array().unwrap();
    assert_eq!(objects.len(), zoo.dominators().reachable_count());
    let retained: Vec<u64> =
        objects.iter().map(|object| object["retained_bytes"].as_u64().unwrap()).collect();
    assert!(retained.is_sorted_by(|a, b| a >= b));
    let mut by_brute_force: Vec<u64> =
        zoo.objects().filter(|&o| zoo.is_reachable(o)).map(|o| zoo.retained_bytes(o)).collect();
    by_brute_force.sort_unstable_by(|a, b| b.cmp(a));
    assert_eq!(retained, by_brute_force);
    let list = row(&all, "objects", "class", "java.util.LinkedList");
    assert_eq!(list["children"], 20_000);
    assert_eq!(list["retained_bytes"], 32 + 480_000);
    assert!(all["map"]["children"].as_array().is_some_and(|areas| !areas.is_empty()));
}

fn threads(zoo: &Snapshot) {
    let threads = inspect(zoo, "threads");
    let thread = |name: &str| row(&threads, "threads", "name", name);
    assert_eq!(thread("main")["daemon"], false);
    assert_eq!(thread("zoo-blocked")["state"], "BLOCKED");
    assert_eq!(thread("zoo-owner")["state"], "TIMED_WAITING");
    let holding = thread("zoo-locals");
    assert_eq!(holding["state"], "WAITING");
    let hold = holding["frames"].as_array().unwrap().iter().find(|frame| frame["method"] == "hold").unwrap();
    let largest = &hold["locals"][0];
    assert_eq!((&largest["class"], &largest["retained_bytes"]), (&"byte[]".into(), &40_016.into()));
    assert!(holding["locals_retained_bytes"].as_u64().unwrap() >= 40_016);
    assert!(holding["retained_bytes"].as_u64().unwrap() >= 40_016);
    // One live and one stale thread-local, of 50,000 and 30,000 bytes.
    assert!(thread("zoo-thread-locals")["thread_locals_retained_bytes"].as_u64().unwrap() >= 80_032);
    assert_eq!(threads["summary"]["virtual_threads"], 10);
    assert!(threads["threads"].as_array().unwrap().iter().all(|thread| thread["threw_oom"] == false));
    let deadlock: Vec<&str> =
        threads["deadlocks"].as_array().unwrap().iter().map(|row| row["thread"].as_str().unwrap()).collect();
    assert_eq!(deadlock, ["zoo-deadlock-1", "zoo-deadlock-2"]);
    let virtual_group = threads["groups"].as_array().unwrap().iter().find(|group| group["count"] == 10);
    assert!(virtual_group.is_some(), "ten virtual threads stand at the same place");
}

fn collections(zoo: &Snapshot) {
    let collections = inspect(zoo, "collections");
    let class = |name: &str| row(&collections, "classes", "class", name);
    assert_eq!(class("java.util.LinkedList")["longest"], 20_000);
    assert_eq!(class("java.util.ArrayDeque")["longest"], 100);
    assert_eq!(class("java.util.concurrent.ArrayBlockingQueue")["elements"], 10);
    assert_eq!(class("java.util.concurrent.ArrayBlockingQueue")["capacity"], 200);
    assert_eq!(class("java.util.concurrent.ConcurrentLinkedDeque")["elements"], 10);
    assert!(class("java.util.ArrayList")["empty"].as_u64().unwrap() >= 501);
    assert!(class("java.util.HashSet")["empty"].as_u64().unwrap() >= 500);
    // Room for 10,000 elements, and three in it.
    let sparse = row(&collections, "fields", "field", "com.acme.zoo.Collections1.SPARSE_LIST");
    assert_eq!((&sparse["sparse"], &sparse["wasted_bytes"]), (&1.into(), &(9_997 * 4).into()));
    assert_eq!(row(&collections, "fields", "field", "com.acme.zoo.Collections1.SPARSE_MAP")["sparse"], 1);
    let number = |row: &serde_json::Value, key: &str| row[key].as_u64().unwrap();
    let sum = |table: &str, key: &str| {
        collections[table].as_array().unwrap().iter().map(|row| number(row, key)).sum::<u64>()
    };
    assert_eq!(sum("fill", "capacity"), sum("classes", "capacity"), "all places count once");
    let steps = collections["fill"].as_array().unwrap();
    assert_eq!(steps.len(), 6);
    for (at, step) in (0..).zip(steps) {
        // As full as it says, all together too: from over so many fifths of the places up to one more.
        let (elements, places) = (5 * number(step, "elements"), number(step, "capacity"));
        assert!(elements <= at * places && (at == 0 || elements > (at - 1) * places), "{step}");
        assert!(number(step, "instances") > 0, "there are some of each in this heap: {step}");
    }
    assert!(number(&steps[1], "capacity") > 10_000, "the sparse list is here");
}

fn strings(zoo: &Snapshot) {
    let strings = inspect(zoo, "strings");
    let most = &strings["repeated"][0];
    // 500 that the program made, and the one in its code.
    assert_eq!((&most["strings"], &most["arrays"]), (&501.into(), &501.into()));
    assert_eq!(most["wasted_bytes"], 500 * (24 + 80));
    assert_eq!(most["field"], "java.lang.String[]");
    assert!(most.get("value").is_none(), "contents only where asked for");
    assert_eq!(strings["longest"][0]["characters"], 100_000);
    let mut options = InspectOptions::default();
    options.strings = true;
    let shown = find("strings").unwrap().run(&Context::new(zoo, options)).unwrap().section;
    let shown = json::section(&shown, Language::En);
    assert_eq!(shown["repeated"][0]["value"], "the same sixty characters of text, over and over, many times");
}

fn boxes_arrays_and_waste(zoo: &Snapshot) {
    let boxed = inspect(zoo, "boxed");
    let integers = row(&boxed, "classes", "class", "java.lang.Integer");
    assert_eq!((&integers["commonest"], &integers["commonest_count"]), (&"123456".into(), &1000.into()));
    let arrays = inspect(zoo, "arrays");
    assert_eq!(arrays["largest"][0]["length"], 100_000);
    assert!(row(&arrays, "classes", "class", "int[]")["zero"].as_u64().unwrap() >= 1);
    let waste = inspect(zoo, "waste");
    let collections = row(&waste, "kinds", "inspection", "collections");
    assert_eq!(collections["wasted_bytes"], inspect(zoo, "collections")["total"]["wasted_bytes"]);
}

fn references(zoo: &Snapshot) {
    let references = inspect(zoo, "references");
    let soft = references["referents"].as_array().unwrap().iter();
    let soft = soft.filter(|row| row["strength"] == "soft");
    let bytes =
        soft.filter(|row| row["class"] == "byte[]").map(|row| row["count"].as_u64().unwrap()).sum::<u64>();
    assert_eq!(bytes, 20, "the soft cache has 20 values");
    assert!(references["total"]["softly_bytes"].as_u64().unwrap() >= 20 * 1_016);
}

fn loaders(zoo: &Snapshot) {
    let loaders = inspect(zoo, "classloaders");
    assert_eq!(row(&loaders, "duplicates", "class", "com.acme.zoo.Plugin")["loaders"], 3);
    let plugins = row(&loaders, "kinds_of_loaders", "class", "com.acme.zoo.Loaders$PluginLoader");
    assert_eq!((&plugins["instances"], &plugins["classes"]), (&3.into(), &3.into()));
    assert_eq!(loaders["loaders"][0]["class"], "<boot>", "it retains nothing itself, but is never cut off");
    let sum = |table: &str| {
        let rows = loaders[table].as_array().unwrap().iter();
        rows.map(|row| row["shallow_bytes"].as_u64().unwrap()).sum::<u64>()
    };
    assert_eq!(sum("kinds_of_loaders"), sum("loaders"));
    assert_eq!(
        row(&loaders, "loaders", "name", "plugin-1")["parent"],
        "jdk.internal.loader.ClassLoaders$AppClassLoader"
    );
}

fn off_heap(zoo: &Snapshot) {
    let off_heap = inspect(zoo, "off-heap");
    assert_eq!(off_heap["total"]["direct_buffers"], 10);
    assert_eq!(off_heap["total"]["direct_bytes"], 10 * 65_536);
    assert_eq!(off_heap["total"]["limit_bytes"], 1 << 30);
    assert_eq!(off_heap["total"]["mapped_buffers"], 1, "the modules file of the JDK");
    assert_eq!(row(&off_heap, "holders", "holder", "com.acme.zoo.Buffers.DIRECT")["bytes"], 10 * 65_536);
}

fn system(zoo: &Snapshot) {
    let system = inspect(zoo, "system");
    assert_eq!(system["vm"]["java_version"], row(&system, "properties", "name", "java.version")["value"]);
    assert_eq!(system["layout"]["reference_bytes"], 4);
}

/// A Tomcat at rest: its executor, with nothing to do.
#[test]
fn executors_of_a_tomcat() {
    let shop = open("healthy-spring-tomcat.hprof.zst");
    let threads = inspect(&shop, "threads");
    let executor = row(&threads, "executors", "class", "org.apache.tomcat.util.threads.ThreadPoolExecutor");
    assert_eq!(executor["queue"], "org.apache.tomcat.util.threads.TaskQueue");
    assert_eq!((&executor["active"], &executor["queued"]), (&0.into(), &0.into()));
    assert!(executor["threads"].as_u64().unwrap() > 0);
    let workers = threads["groups"].as_array().unwrap().iter();
    let mut workers = workers.filter(|group| group["pattern"].as_str().unwrap().contains("-exec-"));
    assert_eq!(workers.next().unwrap()["doing"], "idle: waiting for work");
}

/// The thread that an OutOfMemoryError was thrown in comes first, whatever others retain.
#[test]
fn the_thread_that_threw() {
    let export = open("xssf-oom.hprof.zst");
    let threads = inspect(&export, "threads");
    let first = &threads["threads"][0];
    assert_eq!(first["threw_oom"], true);
    assert_eq!(first["frames"][0]["class"], "java.lang.OutOfMemoryError");
    let others = threads["threads"].as_array().unwrap().iter().skip(1);
    assert!(others.into_iter().all(|thread| thread["threw_oom"] == false));
}

/// 200,000 of them were made and dropped (here fewer): garbage, by class and with what hung on it.
#[test]
fn garbage_by_class() {
    let garbage = open("mq-garbage.hprof.zst");
    let unreachable = inspect(&garbage, "unreachable");
    let classes = unreachable["classes"].as_array().unwrap().iter();
    let sum = classes.map(|row| row["shallow_bytes"].as_u64().unwrap()).sum::<u64>();
    assert_eq!(unreachable["total"]["shallow_bytes"], sum);
    let tops = unreachable["tops"].as_array().unwrap().iter();
    let hung = tops.map(|row| row["bytes"].as_u64().unwrap()).sum::<u64>();
    assert_eq!(hung + unreachable["total"]["in_circles_bytes"].as_u64().unwrap(), sum);
    let factory = row(&unreachable, "classes", "class", "org.apache.activemq.ActiveMQConnectionFactory");
    assert!(factory["instances"].as_u64().unwrap() > 100);
}

/// Public dumps of JDK 5 to 21 and Android, two of them damaged: every inspection has an answer, and where others have published figures,
/// the same.
#[test]
fn public_dumps() {
    let given = std::env::var_os("OOMPH_CORPUS").map(PathBuf::from);
    let dir = given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"));
    let Ok(files) = std::fs::read_dir(&dir) else {
        eprintln!("not tested: no corpus of public dumps (set OOMPH_CORPUS)");
        return;
    };
    let files = files.map(|file| file.unwrap().path()).filter(|file| file.is_file());
    let mut opened = 0;
    for file in files {
        let Ok(snapshot) = Snapshot::open(&file, &Options::default(), &Progress::silent()) else { continue };
        opened += 1;
        let context = Context::new(&snapshot, InspectOptions::default());
        for inspection in ALL {
            let outcome = inspection.run(&context);
            assert!(outcome.is_ok(), "{}: {}", file.display(), inspection.id());
        }
        match file.file_name().unwrap().to_str().unwrap() {
            "calcite_mvn1m_jdk18.hprof" => {
                assert_eq!(inspect(&snapshot, "strings")["total"]["strings"], 3256);
                let loaders = inspect(&snapshot, "classloaders");
                for (class, classes) in [
                    ("<boot>", 748),
                    ("org.codehaus.plexus.classworlds.realm.ClassRealm", 217),
                    ("sun.misc.Launcher$AppClassLoader", 16),
                    ("sun.misc.Launcher$ExtClassLoader", 4),
                ] {
                    assert_eq!(row(&loaders, "loaders", "class", class)["classes"], classes, "{class}");
                }
            }
            "mat_oracle_jdk7_75_x64_directmemory.hprof" => {
                let off_heap = inspect(&snapshot, "off-heap");
                assert_eq!(off_heap["total"]["direct_bytes"], 7 << 20);
                assert_eq!(off_heap["total"]["limit_bytes"], 7 << 20);
                let holder = off_heap["holders"][0]["holder"].as_str().unwrap();
                assert!(holder.contains("ProduceHeapDumpWithDirectMemory.main"), "{holder}");
            }
            _ => {}
        }
    }
    assert!(opened > 10, "{opened} dumps in {}", dir.display());
}
