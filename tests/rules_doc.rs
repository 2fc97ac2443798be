//! `docs/rules.md`: its examples are rules, they do what the text says, and its tables are complete.

use hprof_fixtures::{HeapBuilder, Kind, Root, Value};
use oomph::inspect::rules::RuleSet;
use oomph::inspect::{Context, Options};
use oomph::progress::Progress;
use oomph::render::text::Language;
use oomph::report::{Finding, HolderKind, Severity, Text};
use oomph::snapshot::{Options as OpenOptions, Snapshot};
use oomph::storage::Source;

const DOC: &str = include_str!("../docs/rules.md");

/// The TOML of the document's examples, put together.
fn examples() -> String {
    let blocks = DOC.split("```toml\n").skip(1).map(|rest| rest.split("```").next().expect("an end"));
    blocks.collect()
}

fn run(rules: &RuleSet, heap: HeapBuilder) -> Vec<Finding> {
    let source = Source::from_memory(heap.finish());
    let snapshot = Snapshot::from_source(source, "heap", &OpenOptions::default(), &Progress::default())
        .expect("a synthetic heap is whole");
    rules.run(&Context::new(&snapshot, Options::default())).expect("rules can be applied")
}

/// So many open clients in a static list, a closed one beside them, and some that nobody holds.
fn clients(open: usize, garbage: usize) -> HeapBuilder {
    let mut heap = HeapBuilder::hotspot17();
    let credentials = heap
        .app_class("com.acme.http.Credentials")
        .field("password", Kind::Ref)
        .field("user", Kind::Ref)
        .build();
    let client = heap
        .app_class("com.acme.http.Client")
        .field("credentials", Kind::Ref)
        .field("pool", Kind::Ref)
        .field("url", Kind::Ref)
        .field("closed", Kind::Boolean)
        .build();
    let url = heap.string("https://api.acme.example");
    let (user, password) = (heap.string("app"), heap.string("s3cret"));
    let mut made = Vec::new();
    for at in 0..open + 1 + garbage {
        let login = heap.instance(credentials, &[Value::Ref(password), Value::Ref(user)]);
        let connections = [heap.boxed_int(1), heap.boxed_int(2)];
        let pool = heap.array_list(&connections);
        let closed = Value::Boolean(at == open);
        made.push(heap.instance(client, &[Value::Ref(login), Value::Ref(pool), Value::Ref(url), closed]));
    }
    let list = heap.array_list(&made[..=open]);
    let gateway = heap.app_class("com.acme.Gateway").static_field("CLIENTS", Value::Ref(list)).build();
    heap.root(Root::StickyClass(gateway.address()));
    heap
}

#[test]
fn the_first_example_finds_the_clients_and_their_holder() {
    let rules = RuleSet::parse(&examples(), "docs/rules.md").unwrap_or_else(|error| panic!("{error}"));
    assert!(
        run(&rules, clients(3, 50)).is_empty(),
        "three are expected, the closed one and garbage do not count"
    );

    let findings = run(&rules, clients(12, 0));
    let [finding] = &*findings else { panic!("one finding, not {findings:?}") };
    assert_eq!((finding.id.as_str(), finding.severity), ("acme.repeated-client", Severity::Warning));
    assert_eq!(finding.count, 12);
    let Text::Both { en, zh } = &finding.title else { panic!("a text of the rule") };
    assert_eq!(en, "12 open clients for https://api.acme.example, where one is enough");
    assert!(zh.contains("12 个"));
    assert!(DOC.contains(en.as_str()), "the document shows this title");
    let holder = finding.holder.as_ref().expect("somebody holds them");
    assert_eq!((holder.kind, holder.label().as_str()), (HolderKind::StaticField, "com.acme.Gateway.CLIENTS"));
    let example = "url=https://api.acme.example, user=app, password=******, connections=2";
    assert!(DOC.contains(example), "the document shows this instance");
    let is_example = |text: &Text| {
        Language::En.text(text).starts_with(example) && Language::Zh.text(text).contains(", 用户=app, ")
    };
    assert!(finding.evidence.iter().any(is_example), "{:?}", finding.evidence);

    assert_eq!(run(&rules, clients(100, 0))[0].severity, Severity::Error);
}

#[test]
fn a_fingerprint_does_not_depend_on_numbers() {
    let rules = RuleSet::parse(&examples(), "docs/rules.md").expect("good rules");
    let print = |heap| run(&rules, heap)[0].fingerprint.clone();
    assert_eq!(print(clients(12, 0)), print(clients(70, 3)));
}

#[test]
fn the_second_example_misses_the_thread_and_only_then() {
    let rules = RuleSet::parse(&examples(), "docs/rules.md").expect("good rules");
    let heap = |threads: &[&str]| {
        let mut heap = HeapBuilder::hotspot17();
        let poller = heap
            .app_class("com.acme.queue.Poller")
            .field("name", Kind::Ref)
            .field("running", Kind::Boolean)
            .build();
        let name = heap.string("orders");
        let object = heap.instance(poller, &[Value::Ref(name), Value::Boolean(true)]);
        heap.root(Root::JniGlobal { object, handle: object });
        for name in threads {
            heap.thread(name).build();
        }
        heap
    };
    let findings = run(&rules, heap(&["main"]));
    assert_eq!(findings.iter().map(|finding| finding.id.as_str()).collect::<Vec<_>>(), ["acme.dead-poller"]);
    assert_eq!(
        findings[0].title,
        Text::Both {
            en: "Poller orders says that it runs, but its thread is gone".into(),
            zh: "轮询器 orders 显示正在运行，但其线程已消失".into()
        }
    );
    assert!(run(&rules, heap(&["main", "acme-poller-orders-1"])).is_empty(), "the thread is there");
    assert!(run(&rules, heap(&[])).is_empty(), "a dump without threads tells nothing");
}

#[test]
fn all_keys_are_in_the_table() {
    let error = RuleSet::parse("[[rule]]\nzzzzzzzz = 1", "x").expect_err("no such key").to_string();
    let known = error.split("possible are ").nth(1).expect("a list of the keys");
    for key in known.split(", ") {
        let row = format!("`{key}`");
        assert!(
            DOC.lines().any(|line| line.starts_with('|') && line.contains(&row)),
            "{key} is not in the table"
        );
    }
}
