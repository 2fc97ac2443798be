//! A report as the analysis of a real outage would give it: an order service that keeps a connection factory for each
//! message, while an export builds a workbook of 100,000 rows. All numbers are made by a rule, so the page never changes.

mod blame;
mod dominators;
mod threads;

use oomph::report::*;

const MIB: u64 = 1 << 20;
const FACTORY: &str = "org.apache.activemq.ActiveMQConnectionFactory";

fn named(en: &str, zh: &str, value: &str) -> NamedValue {
    NamedValue { en: en.into(), zh: zh.into(), value: value.into() }
}

fn both(en: &str, zh: &str) -> Text {
    Text::Both { en: en.into(), zh: zh.into() }
}

fn frame(class: &str, method: &str, file: &str, line: u32) -> Frame {
    Frame { class: class.into(), method: method.into(), file: Some(file.into()), line: Some(line) }
}

fn step(address: u64, class: &str, field: Option<&str>, retained_bytes: u64) -> PathStep {
    PathStep { address, class: class.into(), field: field.map(Into::into), retained_bytes, bypassed: false }
}

fn made_of(class: &str, instances: u64, bytes: u64) -> Share {
    Share { class: class.into(), instances, bytes }
}

fn registry() -> Holder {
    Holder {
        kind: HolderKind::StaticField,
        class: Some("com.acme.orders.mq.MqSender".into()),
        field: Some("FACTORIES".into()),
        thread: None,
        frame: None,
        threads: None,
    }
}

fn export() -> Holder {
    Holder {
        kind: HolderKind::StackLocal,
        class: Some("com.acme.orders.export.OrderExporter".into()),
        field: None,
        thread: Some("http-nio-9010-exec-7".into()),
        frame: Some(frame("com.acme.orders.export.OrderExporter", "writeAll", "OrderExporter.java", 88)),
        threads: None,
    }
}

const PACKAGES: [&str; 12] = [
    "com.acme.orders.domain",
    "org.apache.xmlbeans.impl.schema",
    "org.springframework.beans.factory.support",
    "org.apache.catalina.core",
    "java.util.concurrent",
    "com.fasterxml.jackson.databind.ser",
    "io.lettuce.core.protocol",
    "org.apache.poi.xssf.usermodel",
    "org.hibernate.engine.internal",
    "io.netty.buffer",
    "jdk.internal.math",
    "org.openxmlformats.schemas.spreadsheetml.x2006.main.impl",
];
const WORDS: [&str; 10] =
    ["Order", "Line", "Invoice", "Handler", "Registry", "Codec", "Factory", "Session", "Node", "Descriptor"];

fn class_name(i: u64) -> String {
    let pick = |n: u64, len: usize| (n % len as u64) as usize;
    let package = PACKAGES[pick(i * 7, PACKAGES.len())];
    format!(
        "{package}.{}{}{}",
        WORDS[pick(i, 10)],
        WORDS[pick(i / 10, 10)],
        if i < 100 { String::new() } else { format!("${i}") }
    )
}

/// The histogram of a heap with that many classes.
pub(crate) fn histogram(classes: u64) -> Section {
    let row = |i: u64| {
        let (class, shallow, instances) = match i {
            0 => ("byte[]".to_owned(), 201 * MIB, 420_133),
            1 => ("java.util.concurrent.ConcurrentHashMap$Node".to_owned(), 46 * MIB, 1_001_088),
            2 => ("org.apache.xmlbeans.impl.store.Xobj$ElementXobj".to_owned(), 59 * MIB, 812_400),
            _ => (class_name(i), 40 * MIB / (i * i / 9 + 1) + 16, 900_000 / (i * i / 7 + 1) + 1),
        };
        let loader =
            ["bootstrap", "org.springframework.boot.loader.LaunchedURLClassLoader @ 0x6c0000a10", "platform"];
        vec![
            Cell::Class(class),
            Cell::Value(loader[(i % 3) as usize].into()),
            Cell::Count(instances),
            Cell::Bytes(shallow),
            Cell::Bytes(shallow * 2 + shallow / 3),
        ]
    };
    let packages = Bar {
        id: "packages".into(),
        parts: [
            ("byte[], char[], …", 214),
            ("java.util", 118),
            ("org.apache.xmlbeans", 71),
            ("org.apache.poi", 44),
            ("org.apache.activemq", 22),
            ("com.acme", 9),
            ("…", 20),
        ]
        .map(|(label, size)| BarPart { label: Text::plain(label), bytes: size * MIB })
        .into(),
    };
    Section {
        id: "histogram".into(),
        blocks: vec![
            Block::Bar(packages),
            facts(
                "total",
                vec![("instances", Cell::Count(9_113_402)), ("shallow_bytes", Cell::Bytes(498 * MIB))],
            ),
            Block::Table(Table {
                id: "classes".into(),
                columns: vec![
                    Column::left("class"),
                    Column::left("loader"),
                    Column::right("instances"),
                    Column::right("shallow_bytes"),
                    Column::right("retained_bytes"),
                ],
                rows: (0..classes).map(row).collect(),
                omitted: 0,
            }),
        ],
    }
}

fn facts(id: &str, facts: Vec<(&str, Cell)>) -> Block {
    let facts = facts.into_iter().map(|(key, value)| Fact { key: key.into(), value }).collect();
    Block::Facts(Facts { id: id.into(), facts })
}

fn others() -> Vec<Section> {
    let table = |id: &str, columns: Vec<Column>, rows: Vec<Vec<Cell>>, omitted| {
        Block::Table(Table { id: id.into(), columns, rows, omitted })
    };
    let duplicates = (0..14_u64)
        .map(|i| {
            vec![
                Cell::Class(class_name(i + 30)),
                Cell::Count(40_000 / (i + 1)),
                Cell::Bytes(9 * MIB / (i + 1)),
                Cell::Share(0.4 / (i + 1) as f64),
            ]
        })
        .collect();
    let class_path =
        (0..200).map(|number| format!("/srv/app/lib/lib-{number}.jar")).collect::<Vec<_>>().join(":");
    let properties = [
        ("app.largest.field", "ServiceHeap$Order.attributes"),
        ("file.encoding", "UTF-8"),
        ("java.class.path", &class_path),
        ("java.home", "/opt/java"),
        ("java.io.tmpdir", "/tmp"),
        ("java.vendor", "Eclipse Adoptium"),
        ("java.version", "17.0.15"),
        ("spring.datasource.password", "••••••"),
        ("user.dir", "/srv/app"),
        ("user.timezone", "Asia/Shanghai"),
    ]
    .map(|(key, value)| vec![Cell::Value(key.into()), Cell::Value(value.into())])
    .into();
    let section = |id: &str, blocks| Section { id: id.into(), blocks };
    // Seven columns of which two are classes need more room than any others.
    let [left, right] = [Column::left, Column::right];
    let crowded = vec![
        left("address"),
        left("class"),
        left("key_class"),
        right("elements"),
        right("capacity"),
        right("buckets_used"),
        right("collision_ratio"),
    ];
    let colliding = (0..10_u64)
        .map(|i| {
            vec![
                Cell::Address(0x7_fca0_0000 + i * 64),
                Cell::Class("java.util.concurrent.ConcurrentHashMap".into()),
                Cell::Class("java.util.zip.ZipFile$Source$Key".into()),
                Cell::Count(1_283_000),
                Cell::Count(2_097_152),
                Cell::Count(937_000),
                Cell::Share(0.3),
            ]
        })
        .collect();
    vec![
        section(
            "waste",
            vec![
                table(
                    "collections",
                    vec![
                        Column::left("class"),
                        Column::right("count"),
                        Column::right("bytes"),
                        Column::right("share"),
                    ],
                    duplicates,
                    310,
                ),
                table("crowded", crowded, colliding, 0),
            ],
        ),
        section(
            "unreachable",
            vec![
                Block::Prose {
                    text: both(
                        "The dump was made without “live”, so it holds what the collector had not come to yet.",
                        "转储时没有使用 live 选项，因此其中包含回收器尚未处理的对象。",
                    ),
                },
                table(
                    "unreachable",
                    vec![Column::left("class"), Column::right("instances"), Column::right("shallow_bytes")],
                    vec![
                        vec![
                            Cell::Class("org.apache.activemq.ActiveMQSession".into()),
                            Cell::Count(41_002),
                            Cell::Bytes(12 * MIB),
                        ],
                        vec![Cell::Class("byte[]".into()), Cell::Count(120_002), Cell::Bytes(50 * MIB)],
                        vec![Cell::Class("char[]".into()), Cell::Count(2), Cell::Bytes(MIB)],
                    ],
                    0,
                ),
            ],
        ),
        section(
            "off-heap",
            vec![facts(
                "direct",
                vec![
                    ("bytes", Cell::Bytes(64 * MIB)),
                    ("count", Cell::Count(1_031)),
                    ("share", Cell::Share(0.25)),
                ],
            )],
        ),
        section(
            "system",
            vec![table("properties", vec![Column::left("name"), Column::left("value")], properties, 0)],
        ),
    ]
}

/// The whole report, with a histogram of that many classes.
pub(crate) fn report(classes: u64) -> Report {
    let dump = DumpFacts {
        file: "orders-service-20261124.hprof".into(),
        bytes: 601 * MIB,
        format: "JAVA PROFILE 1.0.2".into(),
        id_bytes: 8,
        created: Some("2026-11-24T03:12:44Z".into()),
        truncated: false,
        damage: Vec::new(),
    };
    let jvm = JvmFacts {
        version: Some("17.0.15".into()),
        vendor: Some("Eclipse Adoptium".into()),
        vm: Some("OpenJDK 64-Bit Server VM 17.0.15+6".into()),
        object_layout: LayoutFacts {
            header_bytes: 12,
            reference_bytes: 4,
            alignment_bytes: 8,
            compact_headers: false,
            confidence: Confidence::Exact,
            evidence: vec![both(
                "Adjacent objects lie 16, 24, 32 … bytes apart.",
                "相邻对象的间距为 16、24、32 …… 字节。",
            )],
        },
        ..JvmFacts::default()
    };
    let heap = HeapFacts {
        limit_bytes: Some(4 << 30),
        limit_is_estimate: false,
        objects: 9_113_402,
        shallow_bytes: 498 * MIB,
        unreachable_objects: 402_118,
        unreachable_bytes: 91 * MIB,
        unmounted_threads: 0,
        class_value_bytes: 0,
        no_garbage: NoGarbage::default(),
        finalizable: None,
        garbage: None,
        classes: 14_201,
        class_loaders: 31,
        gc_roots: 4_418,
        soft: SoftReach {
            softly_bytes: 6 * MIB,
            softly_objects: 90_112,
            finalizer_bytes: 0,
            finalizer_objects: 0,
        },
        certified: Some(Certified { objects: 9_113_402, edges: 14_000_000, ordered_objects: 31_902 }),
        outside: Vec::new(),
    };
    let mut report = Report::new(dump, jvm, heap);
    report.tool.version = "0.0.0".into();
    report.verdict.sentences = vec![
        both(
            "A leak fills the heap: MqSender.FACTORIES keeps 5,214 ActiveMQConnectionFactory alive, 312 MiB or 63% of the heap.",
            "堆被一处泄漏占满：MqSender.FACTORIES 使 5,214 个 ActiveMQConnectionFactory 存活，共 312 MiB，占堆的 63%。",
        ),
        both(
            "The export in thread http-nio-9010-exec-7 took another 24% for one workbook; alone it would have fitted. The thread that got the error is only the victim.",
            "线程 http-nio-9010-exec-7 的导出任务又为一个工作簿占用了 24%；若无泄漏，本可容纳。抛出错误的线程只是受害者。",
        ),
    ];
    report.oom = Some(Oom {
        kind: "java-heap-space".into(),
        thread: Some("mq-sender-3".into()),
        message: Some("Java heap space".into()),
        role: OomRole::Victim,
        site: Some(frame("com.acme.orders.mq.MqSender", "send", "MqSender.java", 57)),
        thread_retained_bytes: 72_408,
        culprit: Some(registry()),
        others_hold_more: false,
        asked_by: None,
        evidence: vec![both("It held 70.7 KiB itself.", "它自身只持有 70.7 KiB。")],
    });
    report.suspects = blame::suspects();
    report.findings = blame::findings();
    report.inspections = vec![histogram(classes), dominators::dominators(), threads::threads()];
    report.inspections.extend(others());
    report
}
