//! What the first screen leaves out, so that what it says fits on it.

use crate::sample;
use oomph::render::terminal::{TerminalOptions, report};
use oomph::report::*;

fn shown(told: &Report) -> String {
    report(told, &TerminalOptions::default())
}

/// A report of the first suspect alone, held by that path.
fn with_path(path: Vec<PathStep>) -> Report {
    let mut report = sample::report();
    report.suspects.truncate(1);
    report.suspects[0].path = path;
    report.suspects[0].path_graph = None;
    report
}

/// The lines of the path of the only suspect.
fn path_of(report: &Report) -> Vec<String> {
    let text = shown(report);
    let lines = text.lines().skip_while(|line| !line.contains("GC root"));
    let lines = lines.skip(1).take_while(|line| !line.contains("made of"));
    let without_size =
        |line: &str| line.trim_start_matches([' ', '└']).split("  ").next().unwrap().to_owned();
    lines.map(without_size).collect()
}

/// What lies deep in a queue has the same link above it again and again.
#[test]
fn the_links_of_a_chain_are_one_line() {
    let node = "com.acme.Queue$Node";
    let mut path = vec![sample::step(1, "com.acme.Pool", Some("queue"), 9000)];
    path.extend((0..60).map(|at| sample::step(100 + at, node, Some("next"), 9000 - 16 * at)));
    path.extend([sample::step(2, node, Some("item"), 700), sample::step(3, "com.acme.Job", None, 600)]);
    let lines = path_of(&with_path(path));
    assert_eq!(
        lines,
        ["com.acme.Pool.queue", "com.acme.Queue$Node.next × 60", "com.acme.Queue$Node.item", "com.acme.Job"]
    );
}

/// By which of their fields and arrays the nodes of a tree lead to each other says nothing, what is stored in the last one does.
#[test]
fn the_nodes_of_a_tree_are_one_line() {
    let mut path = vec![sample::step(1, "com.acme.Index", Some("root"), 9000)];
    for at in 0..4 {
        path.push(sample::step(10 + 2 * at, "com.acme.Inner", Some("kids"), 900 - at));
        path.push(sample::step(11 + 2 * at, "com.acme.Page[]", Some(&format!("[{at}]")), 890 - at));
    }
    path.extend([
        sample::step(2, "com.acme.Leaf", Some("mark"), 80),
        sample::step(3, "com.acme.Mark", None, 60),
    ]);
    assert_eq!(
        path_of(&with_path(path)),
        ["com.acme.Index.root", "com.acme.Inner.kids[] × 4", "com.acme.Leaf.mark", "com.acme.Mark"]
    );
    let letter = "com.acme.Letter";
    let mut path = vec![sample::step(1, "com.acme.Trie", Some("root"), 9000)];
    for (at, field) in (0..).zip(["child", "child", "sibling", "child", "word"]) {
        path.push(sample::step(10 + at, letter, Some(field), 900 - at));
    }
    path.push(sample::step(3, "com.acme.Word", None, 60));
    assert_eq!(
        path_of(&with_path(path)),
        [
            "com.acme.Trie.root",
            "com.acme.Letter.child, .sibling × 4",
            "com.acme.Letter.word",
            "com.acme.Word"
        ]
    );
    let short = vec![
        sample::step(1, "com.acme.Trie", Some("root"), 9000),
        sample::step(2, letter, Some("child"), 900),
        sample::step(3, letter, Some("sibling"), 800),
        sample::step(4, letter, None, 700),
    ];
    assert_eq!(path_of(&with_path(short)).len(), 4, "two are no more than that");
}

/// A path that has lost its middle within a list is one line all the same: where it was cut says nothing.
#[test]
fn a_list_that_is_too_long_for_a_path_is_one_line() {
    let node = "com.acme.Entry";
    let path = |gap: &str, behind: &str| {
        let mut path = vec![sample::step(1, "com.acme.Log", Some("last"), 9000)];
        for (at, field) in (0..).zip(["first", "previous", "previous", "previous"]) {
            path.push(sample::step(10 + at, node, Some(field), 900 - at));
        }
        path.push(sample::step(0, gap, None, 0));
        path.extend((0..5).map(|at| sample::step(30 + at, behind, Some("previous"), 90 - at)));
        path.push(sample::step(2, behind, None, 16));
        path_of(&with_path(path))
    };
    let lines = path("... 4034 or more steps ...", node);
    assert_eq!(lines, ["com.acme.Log.last", "com.acme.Entry.first, .previous × 4,043+", node]);
    let lines = path("... 20 more steps ...", node);
    assert_eq!(lines, ["com.acme.Log.last", "com.acme.Entry.first, .previous × 29", node]);
    assert_eq!(path("... 20 more steps ...", "com.acme.Chapter").len(), 5, "these are two lists");
}

/// Nobody changes anything inside of a map: its table, nodes and their links are one line, and what is held by a field of the JDK's keeps that.
#[test]
fn the_inside_of_a_collection_is_one_line() {
    let map = "java.util.HashMap";
    let node = "java.util.HashMap$Node";
    let mut path = vec![
        sample::step(1, "com.acme.Registry", Some("BY_NAME"), 9000),
        sample::step(2, map, Some("table"), 9000),
        sample::step(3, "java.util.HashMap$Node[]", Some("[417]"), 9000),
        sample::step(4, node, Some("next"), 800),
        sample::step(5, node, Some("next"), 700),
        sample::step(6, node, Some("value"), 600),
        sample::step(7, "com.acme.Rooms", Some("all"), 500),
        sample::step(8, "com.acme.Room[]", Some("[3]"), 400),
        sample::step(9, "com.acme.Room", None, 300),
    ];
    assert_eq!(
        path_of(&with_path(path.clone())),
        [
            "com.acme.Registry.BY_NAME",
            "java.util.HashMap.table[417].next × 2.value",
            "com.acme.Rooms.all",
            "com.acme.Room[3]",
            "com.acme.Room"
        ]
    );
    let mut deep = vec![sample::step(1, "com.acme.Registry", Some("BY_NAME"), 9000)];
    for at in 0..12 {
        deep.push(sample::step(10 + at, map, Some(&format!("ofTheInside{at}")), 9000 - at));
    }
    deep.push(sample::step(9, "com.acme.Room", None, 300));
    let lines = path_of(&with_path(deep));
    assert!(lines[1].contains('…') && lines.iter().all(|line| line.len() < 100), "{lines:?}");
    path.truncate(2);
    path.push(sample::step(3, "java.util.HashMap$Node[]", None, 9000));
    let mut report = with_path(path);
    report.suspects[0].holder = sample::holder(map, "table");
    let held = ["com.acme.Registry.BY_NAME", "java.util.HashMap.table", "java.util.HashMap$Node[]"];
    assert_eq!(path_of(&report), held);
}

/// By which fields a thread comes to what it runs is the same in every program; what it runs itself is not.
#[test]
fn the_way_from_a_thread_to_its_task_is_left_out() {
    let task = "com.acme.App$$Lambda$12+0x00007f0001234560";
    let below = |mut path: Vec<PathStep>| {
        path.extend([
            sample::step(8, task, Some("arg$1"), 9000),
            sample::step(9, "com.acme.App", Some("cache"), 9000),
            sample::step(10, "com.acme.Cache", None, 9000),
        ]);
        path_of(&with_path(path))
    };
    let lines = ["com.acme.App$$Lambda.arg$1", "com.acme.App.cache", "com.acme.Cache"];
    assert_eq!(
        below(vec![sample::step(1, "java.lang.Thread", Some("target"), 9000)]),
        lines,
        "before JDK 19"
    );
    let holder = sample::step(1, "java.lang.Thread", Some("holder"), 9000);
    let fields = sample::step(2, "java.lang.Thread$FieldHolder", Some("task"), 9000);
    assert_eq!(below(vec![holder.clone(), fields]), lines);
    let other = sample::step(2, "java.lang.Thread$FieldHolder", Some("group"), 9000);
    assert_eq!(below(vec![holder, other]).len(), 5);
}

/// A tree has as many ways to its leaves as it likes: only ways that come from elsewhere tell who else has them.
#[test]
fn ways_that_part_within_the_holder_are_left_out() {
    let node = |label: &str| PathNode { label: label.into(), objects: 1, targets: 100 };
    let edge = |from, to, field: &str, paths| PathEdge { from, to, field: field.into(), paths };
    let told = |last_to_holder: u64| {
        let mut report = with_path(vec![sample::step(1, "com.acme.Tree", Some("root"), 9000)]);
        report.suspects[0].holder = sample::holder("com.acme.Tree", "root");
        report.suspects[0].path_graph = Some(PathGraph {
            objects: 100,
            looked_at: 100,
            nodes: ["GC roots", "com.acme.Tree", "com.acme.Other", "com.acme.Leaf"].map(node).into(),
            edges: vec![
                edge(0, 1, "", last_to_holder),
                edge(0, 2, "", 100 - last_to_holder),
                edge(1, 3, "root.left", last_to_holder / 2),
                edge(1, 3, "root.right", last_to_holder - last_to_holder / 2),
                edge(2, 3, "leaves[]", 100 - last_to_holder),
            ],
        });
        shown(&report).contains("com.acme.Other")
    };
    assert!(told(60), "who else has them");
    let alone = |field: &str| {
        let mut report = with_path(vec![sample::step(1, "com.acme.Tree", Some("root"), 9000)]);
        report.suspects[0].holder = sample::holder("com.acme.Tree", "root");
        report.suspects[0].path_graph = Some(PathGraph {
            objects: 100,
            looked_at: 100,
            nodes: ["GC roots", "com.acme.Tree", "com.acme.Node", "com.acme.Leaf"].map(node).into(),
            edges: vec![
                edge(0, 1, "", 100),
                edge(1, 2, field, 100),
                edge(2, 3, "left", 55),
                edge(2, 3, "right", 45),
            ],
        });
        shown(&report).contains("com.acme.Node.left")
    };
    assert!(!alone("root[]"));
    // Those that are chained in a table part in the field itself.
    let mut report = with_path(vec![sample::step(1, "com.acme.Tree", Some("root"), 9000)]);
    report.suspects[0].holder = sample::holder("com.acme.Tree", "root");
    report.suspects[0].path_graph = Some(PathGraph {
        objects: 100,
        looked_at: 100,
        nodes: ["GC roots", "com.acme.Tree", "com.acme.Leaf", "com.acme.Leaf"].map(node).into(),
        edges: vec![
            edge(0, 1, "", 100),
            edge(1, 2, "root[]", 77),
            edge(1, 3, "root[]", 23),
            edge(3, 2, "next", 23),
        ],
    });
    assert!(!shown(&report).contains("com.acme.Leaf.next"));
    assert!(!alone("index[]"), "they lead past the holder");
}

/// What the verdict says of the error is not said once more below it, nor is how full the heap was, which stands beside it.
#[test]
fn of_the_error_only_what_the_verdict_does_not_say_is_shown() {
    let site = Arg::name("com.acme.Export.run(Export.java:41)");
    let mut report = sample::report();
    let oom = report.oom.as_mut().unwrap();
    oom.evidence = vec![
        Text::with("oom-evidence-held", [("size", Arg::Bytes(6 << 20)), ("share", Arg::Share(0.3))]),
        Text::with("oom-evidence-task", [("place", site)]),
        Text::with("oom-evidence-full", [("size", Arg::Bytes(400 << 20)), ("limit", Arg::Bytes(400 << 20))]),
    ];
    assert!(!shown(&report).contains("OutOfMemoryError"), "nothing is left to say");
    let oom = report.oom.as_mut().unwrap();
    oom.role = OomRole::Culprit;
    let text = shown(&report);
    let below: Vec<&str> = text.lines().skip_while(|line| *line != "OutOfMemoryError").take(2).collect();
    assert!(
        below[1].starts_with("  The thread itself held 6.00 MiB"),
        "who fills something else has that beside it"
    );
    let oom = report.oom.as_mut().unwrap();
    oom.message = Some("GC overhead limit exceeded in region 7".into());
    assert!(shown(&report).contains("Java heap space \"GC overhead limit exceeded in region 7\""));
    let oom = report.oom.as_mut().unwrap();
    oom.evidence[1] = Text::with("oom-evidence-task", [("place", Arg::name("com.acme.Other.run(O.java:1)"))]);
    assert!(shown(&report).contains("It was running com.acme.Other.run(O.java:1)."));
    let oom = report.oom.as_mut().unwrap();
    let own = Arg::name("com.acme.Export$Page.next(Export.java:9)");
    oom.evidence[1] = Text::with("oom-evidence-task", [("place", own)]);
    assert!(!shown(&report).contains("It was running"), "it threw in the same class");
}

/// A finding that a suspect tells stands with that: by its name where the title says it, with its words where it does not.
#[test]
fn what_a_suspect_tells_is_no_finding_besides() {
    let mut report = sample::report();
    report.suspects.truncate(1);
    report.findings.truncate(1);
    report.findings[0].advice = report.suspects[0].advice.clone();
    let text = shown(&report);
    let words = "5000 of org.apache.activemq.ActiveMQConnectionFactory [activemq.repeated-factory]";
    assert!(text.contains(words) && !text.contains("Findings"), "{text}");
    let holder = Arg::name("com.acme.MqRegistry.FACTORIES");
    let rule = Arg::text(report.findings[0].title.clone());
    report.suspects[0].title = Text::with("verdict-told-by-rule", [("rule", rule), ("holder", holder)]);
    let text = shown(&report);
    assert!(
        text.contains("holder proven [activemq.repeated-factory]") && !text.contains("Findings"),
        "{text}"
    );
    assert_eq!(text.matches("5000 of org.apache").count(), 1, "{text}");
    report.findings[0].advice = vec![Text::plain("Something else.")];
    (report.findings[0].bytes, report.findings[0].holder) = (1 << 20, None);
    let text = shown(&report);
    assert!(text.contains("Findings") && text.contains("Something else."), "{text}");
}

/// That threads have it is what such a suspect is told by; the name of the rule is enough.
#[test]
fn what_threads_have_is_not_told_by_another_size() {
    let mut report = sample::report();
    report.suspects.truncate(1);
    report.findings.truncate(1);
    report.findings[0].advice = report.suspects[0].advice.clone();
    report.suspects[0].holder.kind = HolderKind::ThreadLocal;
    report.findings[0].holder = Some(report.suspects[0].holder.clone());
    let text = shown(&report);
    assert!(text.contains("[activemq.repeated-factory]") && !text.contains("5000 of org.apache"), "{text}");
}

/// Of what is as large as it is meant to be nobody asks by which way it is held.
#[test]
fn of_what_is_meant_no_path_is_shown() {
    let mut report = sample::report();
    report.suspects.truncate(1);
    assert!(shown(&report).contains("GC root"));
    report.suspects[0].standing = Standing::Meant;
    assert!(!shown(&report).contains("GC root"));
}

/// What the verdict has said is not said again, and how to be sure stands after what to change, once.
#[test]
fn the_first_screen_says_each_thing_once() {
    let mut report = with_path(vec![sample::step(1, "com.acme.Tree", Some("root"), 9000)]);
    let said = Text::with("suspect-linked-list", [("count", Arg::Count(7)), ("class", Arg::name("Leaf"))]);
    let unsaid = Text::with("suspect-same-keys", [("count", Arg::Count(7))]);
    report.verdict.sentences.push(said.clone());
    let first = &mut report.suspects[0];
    first.activity = vec![said.clone(), unsaid.clone()];
    let change =
        Text::with("suspect-advice-field-if-it-grows", [("holder", Arg::name("com.acme.Tree.root"))]);
    first.advice = vec![Text::message("suspect-advice-compare"), change];
    let mut second = first.clone();
    second.rank = 2;
    report.suspects.truncate(1);
    report.suspects.push(second);
    let screen = shown(&report);
    let places = |words: &str| screen.match_indices(words).map(|(at, _)| at).collect::<Vec<_>>();
    assert_eq!(places("linked to each other").len(), 1, "{screen}");
    let (sure, change) = (places("One dump does not tell"), places("If it grows: look at"));
    assert_eq!((sure.len(), change.len()), (1, 2), "{screen}");
    assert!(change[0] < sure[0] && sure[0] < change[1], "{screen}");
}
