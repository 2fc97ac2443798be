//! A report as an analysis of a leaking service would give it, with names that attack every output format.

use oomph::report::*;

/// A class name that is markup, a Markdown table, a spreadsheet formula, a workflow command and terminal escapes.
pub(crate) const HOSTILE_CLASS: &str =
    "=cmd|'/C calc'!A0.<script>alert(1)</script>`x`|]]>&\"'::error::x%0A\u{1b}[31m";
pub(crate) const HOSTILE_THREAD: &str =
    "exec-1\u{1b}]0;owned\u{7}\n::warning::x\r\n| @all | <img src=x onerror=alert(1)>";

pub(crate) fn holder(class: &str, field: &str) -> Holder {
    Holder {
        kind: HolderKind::StaticField,
        class: Some(class.to_owned()),
        field: Some(field.to_owned()),
        thread: None,
        frame: None,
        threads: None,
    }
}

fn frame(class: &str, method: &str, file: &str, line: u32) -> Frame {
    Frame { class: class.into(), method: method.into(), file: Some(file.into()), line: Some(line) }
}

pub(crate) fn step(address: u64, class: &str, field: Option<&str>, retained_bytes: u64) -> PathStep {
    PathStep {
        address,
        class: class.to_owned(),
        field: field.map(str::to_owned),
        retained_bytes,
        bypassed: false,
    }
}

/// A suspect of one class that a static field holds.
pub(crate) fn suspect(
    rank: u32,
    kind: SuspectKind,
    class: &str,
    holder: Holder,
    retained_bytes: u64,
    share: f64,
) -> Suspect {
    let fingerprint = Fingerprint::of(&["suspect", &normalise_class(class), &holder.label()]);
    Suspect {
        rank,
        kind,
        standing: Standing::Blamed,
        pattern: Pattern::Collection,
        title: Text::with(
            "verdict-biggest-holder",
            [
                ("holder", Arg::name(holder.label())),
                ("size", Arg::Bytes(retained_bytes)),
                ("share", Arg::Share(share)),
            ],
        ),
        class: class.to_owned(),
        instances: 5_000,
        retained_bytes,
        share,
        holder,
        until: None,
        holders: Vec::new(),
        path_graph: Some(path_graph()),
        path_graph_of: None,
        together_bytes: 0,
        accumulation_point: Some(AccumulationPoint {
            address: 0x7_0010,
            class: "java.util.HashMap".into(),
            field: Some("map".into()),
            elements: 5_000,
        }),
        path: vec![
            step(0x7_0000, "com.acme.MqRegistry", Some("FACTORIES"), retained_bytes),
            step(0x7_0008, "java.util.HashSet", Some("map"), retained_bytes),
            step(0x7_0010, "java.util.HashMap", None, retained_bytes),
        ],
        root: Some("sticky class".into()),
        composition: vec![Share { class: class.to_owned(), instances: 5_000, bytes: retained_bytes / 2 }],
        examples: vec![Text::plain("tcp://mq:61616")],
        rule: Some("activemq.repeated-factory".into()),
        backlog: false,
        cache: false,
        activity: Vec::new(),
        advice: vec![Text::Both { en: "Keep one factory.".into(), zh: "只保留一个工厂。".into() }],
        confidence: Confidence::Exact,
        evidence: vec![Text::plain("all have brokerURL tcp://mq:61616")],
        fingerprint,
    }
}

pub(crate) fn finding(id: &str, severity: Severity, class: &str, bytes: u64, count: u64) -> Finding {
    Finding {
        id: id.to_owned(),
        severity,
        title: Text::Both { en: format!("{count} of {class}"), zh: format!("{count} 个 {class}") },
        class: Some(class.to_owned()),
        bytes,
        count,
        holder: Some(holder("com.acme.MqRegistry", "FACTORIES")),
        advice: vec![Text::Both { en: "Keep one.".into(), zh: "只保留一个。".into() }],
        evidence: Vec::new(),
        link: Some("https://activemq.apache.org/".into()),
        fingerprint: Fingerprint::of(&["finding", id, &normalise_class(class)]),
    }
}

fn histogram() -> Section {
    let row = |class: &str, instances, shallow, retained| {
        vec![
            Cell::Class(class.into()),
            Cell::Value("app".into()),
            Cell::Count(instances),
            Cell::Bytes(shallow),
            Cell::Bytes(retained),
        ]
    };
    let classes = Table {
        id: "classes".into(),
        columns: vec![
            Column::left("class"),
            Column::left("loader"),
            Column::right("instances"),
            Column::right("shallow_bytes"),
            Column::right("retained_bytes"),
        ],
        rows: vec![
            row("byte[]", 40_000, 200 << 20, 200 << 20),
            row("org.apache.activemq.ActiveMQConnectionFactory", 5_000, 1_000_000, 300 << 20),
            row(HOSTILE_CLASS, 3, 72, 72),
        ],
        omitted: 0,
    };
    let garbage = Table {
        id: "unreachable".into(),
        columns: vec![
            Column::left("class"),
            Column::left("loader"),
            Column::right("instances"),
            Column::right("shallow_bytes"),
        ],
        rows: vec![vec![
            Cell::Class("com.acme.Row[]".into()),
            Cell::Value("app".into()),
            Cell::Count(10),
            Cell::Bytes(50 << 20),
        ]],
        omitted: 7,
    };
    let packages = Table {
        id: "packages".into(),
        columns: vec![
            Column::left("package"),
            Column::right("instances"),
            Column::right("shallow_bytes"),
            Column::right("retained_bytes"),
        ],
        rows: vec![vec![
            Cell::Value("org.apache.activemq".into()),
            Cell::Count(5_000),
            Cell::Bytes(1_000_000),
            Cell::Bytes(300 << 20),
        ]],
        omitted: 0,
    };
    let total = Facts {
        id: "total".into(),
        facts: vec![
            Fact { key: "instances".into(), value: Cell::Count(45_003) },
            Fact { key: "shallow_bytes".into(), value: Cell::Bytes(400 << 20) },
        ],
    };
    let blocks =
        vec![Block::Table(classes), Block::Table(packages), Block::Table(garbage), Block::Facts(total)];
    Section { id: "histogram".into(), blocks }
}

fn dominators() -> Section {
    let objects = Table {
        id: "objects".into(),
        columns: vec![
            Column::right("address"),
            Column::left("class"),
            Column::right("shallow_bytes"),
            Column::right("retained_bytes"),
            Column::right("share"),
            Column::right("children"),
        ],
        rows: vec![vec![
            Cell::Address(0x7_0010),
            Cell::Class("java.util.HashMap".into()),
            Cell::Bytes(48),
            Cell::Bytes(300 << 20),
            Cell::Share(0.75),
            Cell::Count(1),
        ]],
        omitted: 0,
    };
    let leaf =
        TreeNode { cells: vec![Cell::Class("a.Leaf".into()), Cell::Bytes(9)], children: vec![], omitted: 4 };
    let tree = Tree {
        id: "tree".into(),
        columns: vec![Column::left("class"), Column::right("retained_bytes")],
        nodes: vec![TreeNode {
            cells: vec![Cell::Class("a.Root".into()), Cell::Bytes(10)],
            children: vec![leaf],
            omitted: 0,
        }],
    };
    let map = Block::Map {
        id: "map".into(),
        root: MapNode { label: "heap".into(), retained_bytes: 10, count: 1, ..MapNode::default() },
    };
    let bar = Block::Bar(Bar {
        id: "bar".into(),
        parts: vec![BarPart { label: Text::message("kind-leak"), bytes: 10 }],
    });
    let prose = Block::Prose {
        text: Text::with(
            "verdict-biggest-holder",
            [("holder", Arg::name(HOSTILE_CLASS)), ("size", Arg::Bytes(2048)), ("share", Arg::Share(0.5))],
        ),
    };
    let blocks = vec![prose, Block::Table(objects), Block::Tree(tree), map, bar];
    Section { id: "dominators".into(), blocks }
}

fn threads() -> Section {
    let local = LocalView {
        address: 0x7_1000,
        class: "com.acme.Row[]".into(),
        retained_bytes: 5 << 20,
        value: Some("Row[5000]".into()),
    };
    let thread = ThreadView {
        address: 0x7_2000,
        name: HOSTILE_THREAD.into(),
        class: "java.lang.Thread".into(),
        state: Some("RUNNABLE".into()),
        daemon: Some(true),
        shallow_bytes: 376,
        retained_bytes: 6 << 20,
        locals_retained_bytes: 5 << 20,
        thread_locals_retained_bytes: 1 << 20,
        threw_oom: true,
        frames: vec![FrameView {
            frame: frame("com.acme.Export", "run", "Export.java", 41),
            locals: vec![local],
        }],
        ..ThreadView::default()
    };
    let idle = ThreadView {
        address: 0x7_3000,
        name: "http-nio-9010-Poller".into(),
        class: "java.lang.Thread".into(),
        retained_bytes: 1000,
        shallow_bytes: 376,
        ..ThreadView::default()
    };
    let group = ThreadGroup {
        pattern: "exec-*".into(),
        count: 2,
        retained_bytes: 100,
        frames: vec![frame("java.lang.Object", "wait", "Object.java", 1)],
        doing: Some(Text::message("kind-load")),
    };
    Section {
        id: "threads".into(),
        blocks: vec![Block::Threads { threads: vec![thread, idle], groups: vec![group] }],
    }
}

/// The whole report.
pub(crate) fn report() -> Report {
    let dump = DumpFacts {
        file: "orders-soak.hprof".into(),
        bytes: 500 << 20,
        format: "JAVA PROFILE 1.0.2".into(),
        id_bytes: 8,
        created: Some("2026-11-25T20:10:05Z".into()),
        truncated: true,
        damage: vec![DamageNote {
            kind: "truncated-record".into(),
            count: 1,
            first_offset: Some(4096),
            message: Text::plain("the last record is cut"),
        }],
    };
    let jvm = JvmFacts {
        version: Some("17.0.15".into()),
        vendor: Some("Eclipse Adoptium".into()),
        properties: [("a_text".to_owned(), "property, not a text".to_owned())].into(),
        ..JvmFacts::default()
    };
    let heap = HeapFacts {
        objects: 45_003,
        shallow_bytes: 400 << 20,
        unreachable_objects: 10,
        unreachable_bytes: 50 << 20,
        classes: 3_000,
        class_loaders: 12,
        gc_roots: 2_000,
        certified: Some(Certified { objects: 45_003, edges: 90_000, ordered_objects: 12 }),
        ..HeapFacts::default()
    };
    let mut report = Report::new(dump, jvm, heap);
    report.verdict.sentences = vec![Text::plain("com.acme.MqRegistry.FACTORIES holds 300 MiB.")];
    report.oom = Some(Oom {
        kind: "java-heap-space".into(),
        thread: Some(HOSTILE_THREAD.into()),
        message: Some("Java heap space".into()),
        role: OomRole::Victim,
        site: Some(frame("com.acme.Export", "run", "Export.java", 41)),
        thread_retained_bytes: 6 << 20,
        culprit: Some(holder("com.acme.MqRegistry", "FACTORIES")),
        others_hold_more: false,
        asked_by: None,
        evidence: vec![Text::plain("it held 1.5 % only")],
    });
    let mut local = holder("com.acme.Export", "");
    local.kind = HolderKind::StackLocal;
    local.field = None;
    local.thread = Some(HOSTILE_THREAD.into());
    local.frame = Some(frame("com.acme.Export$Job", "run", "Export.java", 41));
    report.suspects = vec![
        suspect(
            1,
            SuspectKind::Leak,
            "org.apache.activemq.ActiveMQConnectionFactory",
            holder("com.acme.MqRegistry", "FACTORIES"),
            300 << 20,
            0.75,
        ),
        suspect(2, SuspectKind::Load, HOSTILE_CLASS, local, 5 << 20, 0.0125),
    ];
    report.findings = vec![
        finding(
            "activemq.repeated-factory",
            Severity::Error,
            "org.apache.activemq.ActiveMQConnectionFactory",
            300 << 20,
            5_000,
        ),
        finding("duplicate-strings", Severity::Warning, HOSTILE_CLASS, 1 << 20, 900),
    ];
    report.inspections = vec![histogram(), dominators(), threads()];
    report
}

fn path_graph() -> PathGraph {
    let node = |label: &str, objects| PathNode { label: label.into(), objects, targets: 2 };
    let edge = |from, to, field: &str| PathEdge { from, to, field: field.into(), paths: 1 };
    PathGraph {
        objects: 2,
        looked_at: 2,
        nodes: vec![node("GC roots", 0), node(HOSTILE_CLASS, 1), node(HOSTILE_CLASS, 2)],
        edges: vec![edge(0, 1, ""), edge(0, 2, HOSTILE_CLASS), edge(1, 2, "f")],
    }
}
