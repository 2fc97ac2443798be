//! A report as the analysis of a real outage would give it: an order service that keeps a connection factory for each
//! message, while an export builds a workbook of 100,000 rows. All numbers are made by a rule, so the page never changes.

use oomph::report::*;

const MIB: u64 = 1 << 20;
const FACTORY: &str = "org.apache.activemq.ActiveMQConnectionFactory";

fn both(en: &str, zh: &str) -> Text {
    Text::Both { en: en.into(), zh: zh.into() }
}

fn frame(class: &str, method: &str, file: &str, line: u32) -> Frame {
    Frame { class: class.into(), method: method.into(), file: Some(file.into()), line: Some(line) }
}

fn step(address: u64, class: &str, field: Option<&str>, retained_bytes: u64) -> PathStep {
    PathStep { address, class: class.into(), field: field.map(Into::into), retained_bytes }
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
    }
}

fn export() -> Holder {
    Holder {
        kind: HolderKind::StackLocal,
        class: Some("com.acme.orders.export.OrderExporter".into()),
        field: None,
        thread: Some("http-nio-9010-exec-7".into()),
        frame: Some(frame("com.acme.orders.export.OrderExporter", "writeAll", "OrderExporter.java", 88)),
    }
}

fn suspects() -> Vec<Suspect> {
    let leak = Suspect {
        rank: 1,
        kind: SuspectKind::Leak,
        pattern: Pattern::Repeated,
        title: both(
            "5,214 ActiveMQConnectionFactory where one is usual, all for tcp://mq.acme.internal:61616",
            "5,214 个 ActiveMQConnectionFactory，通常只需一个，全部指向 tcp://mq.acme.internal:61616",
        ),
        class: FACTORY.into(),
        instances: 5_214,
        retained_bytes: 312 * MIB,
        share: 312.0 / 498.0,
        holder: registry(),
        holders: vec![
            HolderShare { holder: registry(), alone_bytes: 309 * MIB },
            HolderShare {
                holder: Holder {
                    kind: HolderKind::InstanceField,
                    class: Some("com.acme.orders.mq.MqHealthIndicator".into()),
                    field: Some("lastUsed".into()),
                    thread: None,
                    frame: None,
                },
                alone_bytes: 61_440,
            },
        ],
        together_bytes: 0,
        accumulation_point: Some(AccumulationPoint {
            address: 0x6_c410_2a18,
            class: "java.util.concurrent.ConcurrentHashMap$Node[]".into(),
            field: Some("table".into()),
            elements: 5_214,
        }),
        path: vec![
            step(0x6_c400_0010, "com.acme.orders.mq.MqSender", Some("FACTORIES"), 312 * MIB),
            step(0x6_c410_0040, "java.util.concurrent.ConcurrentHashMap", Some("table"), 312 * MIB),
            step(0x6_c410_2a18, "java.util.concurrent.ConcurrentHashMap$Node[]", Some("[417]"), 312 * MIB),
            step(0x6_c480_1000, "java.util.concurrent.ConcurrentHashMap$Node", Some("val"), 62_744),
            step(0x6_c480_1020, FACTORY, None, 62_720),
        ],
        root: Some("sticky class".into()),
        composition: vec![
            made_of("byte[]", 182_490, 141 * MIB),
            made_of("java.util.concurrent.ConcurrentHashMap$Node", 1_001_088, 46 * MIB),
            made_of(FACTORY, 5_214, 1_084_512),
            made_of("org.apache.activemq.management.JMSStatsImpl", 5_214, 208_560),
        ],
        examples: vec!["brokerURL = tcp://mq.acme.internal:61616".into(), "userName = orders".into()],
        rule: Some("activemq.repeated-factory".into()),
        advice: vec![
            both(
                "Make one ActiveMQConnectionFactory when the service starts and share it; MqSender.send makes one for each message.",
                "在服务启动时创建一个 ActiveMQConnectionFactory 并共享使用；MqSender.send 为每条消息都新建了一个。",
            ),
            both(
                "Wrap it in a PooledConnectionFactory, and close connections and sessions after use.",
                "用 PooledConnectionFactory 包装它，并在用完后关闭连接与会话。",
            ),
        ],
        confidence: Confidence::Exact,
        evidence: vec![
            both(
                "All 5,214 have the same brokerURL and userName.",
                "5,214 个实例的 brokerURL 和 userName 完全相同。",
            ),
            both(
                "A static field keeps them: no request can let go of them.",
                "由静态字段持有：任何请求结束都不会释放它们。",
            ),
        ],
        fingerprint: Fingerprint::of(&["suspect", FACTORY]),
    };
    let load = Suspect {
        rank: 2,
        kind: SuspectKind::Load,
        pattern: Pattern::BigObject,
        title: both(
            "An XSSFWorkbook of 100,000 rows is built in memory for an export",
            "导出任务在内存中构建了一个 100,000 行的 XSSFWorkbook",
        ),
        class: "org.apache.poi.xssf.usermodel.XSSFWorkbook".into(),
        instances: 1,
        retained_bytes: 118 * MIB,
        share: 118.0 / 498.0,
        holder: export(),
        holders: Vec::new(),
        together_bytes: 0,
        accumulation_point: Some(AccumulationPoint {
            address: 0x6_d000_0108,
            class: "java.util.TreeMap".into(),
            field: Some("_rows".into()),
            elements: 100_000,
        }),
        path: [
            ("org.apache.poi.xssf.usermodel.XSSFWorkbook", "sheets"),
            ("java.util.ArrayList", "elementData"),
            ("java.lang.Object[]", "[0]"),
            ("org.apache.poi.xssf.usermodel.XSSFSheet", "_rows"),
            ("java.util.TreeMap", "root"),
            ("java.util.TreeMap$Entry", "right"),
            ("java.util.TreeMap$Entry", "right"),
            ("java.util.TreeMap$Entry", "left"),
            ("java.util.TreeMap$Entry", "right"),
            ("java.util.TreeMap$Entry", "left"),
            ("java.util.TreeMap$Entry", "value"),
            ("org.apache.poi.xssf.usermodel.XSSFRow", "_cells"),
            ("java.util.TreeMap", ""),
        ]
        .iter()
        .enumerate()
        .map(|(i, (class, field))| {
            let field = (!field.is_empty()).then_some(*field);
            step(0x6_d000_0100 + 2 * i as u64, class, field, (118 * MIB) >> (i / 2))
        })
        .collect(),
        root: Some("Java frame".into()),
        composition: vec![
            made_of("org.apache.xmlbeans.impl.store.Xobj$ElementXobj", 812_400, 59 * MIB),
            made_of("org.apache.poi.xssf.usermodel.XSSFCell", 800_000, 30 * MIB),
            made_of("java.util.TreeMap$Entry", 900_000, 28 * MIB),
        ],
        examples: Vec::new(),
        rule: Some("poi.xssf-in-memory".into()),
        advice: vec![both(
            "Write with SXSSFWorkbook (a window of 100 rows stays in memory), or page the query and write CSV.",
            "改用 SXSSFWorkbook（内存中只保留 100 行的窗口），或者分页查询并写 CSV。",
        )],
        confidence: Confidence::Likely,
        evidence: vec![both("It is reachable from a local variable only.", "只有局部变量能到达它。")],
        fingerprint: Fingerprint::of(&["suspect", "xssf"]),
    };
    let garbage = Suspect {
        rank: 3,
        kind: SuspectKind::Garbage,
        pattern: Pattern::Repeated,
        title: both(
            "Sessions and producers of closed connections, not yet collected",
            "已关闭连接的会话与生产者，尚未回收",
        ),
        class: "org.apache.activemq.ActiveMQSession".into(),
        instances: 41_002,
        retained_bytes: 74 * MIB,
        share: 0.81,
        holder: Holder { kind: HolderKind::Nobody, class: None, field: None, thread: None, frame: None },
        holders: Vec::new(),
        together_bytes: 0,
        accumulation_point: None,
        path: Vec::new(),
        root: None,
        composition: vec![made_of("org.apache.activemq.ActiveMQSession", 41_002, 12 * MIB)],
        examples: Vec::new(),
        rule: None,
        advice: vec![both(
            "Nothing to free; fewer sessions make less work for the collector.",
            "无需释放；减少会话可以减轻回收器的负担。",
        )],
        confidence: Confidence::Estimated,
        evidence: Vec::new(),
        fingerprint: Fingerprint::of(&["suspect", "session"]),
    };
    vec![leak, load, garbage]
}

fn findings() -> Vec<Finding> {
    let finding = |id: &str, severity, title: Text, class: &str, bytes, count, advice: Text| Finding {
        id: id.into(),
        severity,
        title,
        class: Some(class.into()),
        bytes,
        count,
        holder: None,
        advice: vec![advice],
        evidence: Vec::new(),
        link: Some("https://activemq.apache.org/components/classic/documentation/".into()),
        fingerprint: Fingerprint::of(&["finding", id]),
    };
    let mut first = finding(
        "activemq.repeated-factory",
        Severity::Error,
        both(
            "A new ActiveMQConnectionFactory is made for each message",
            "每条消息都新建一个 ActiveMQConnectionFactory",
        ),
        FACTORY,
        312 * MIB,
        5_214,
        both("Share one factory.", "共享一个工厂。"),
    );
    first.holder = Some(registry());
    vec![
        first,
        finding(
            "tomcat.dead-poller",
            Severity::Error,
            both(
                "Connector http-nio-9010 says it runs, but its Poller thread is gone",
                "连接器 http-nio-9010 声称在运行，但它的 Poller 线程已经消失",
            ),
            "org.apache.tomcat.util.net.NioEndpoint",
            0,
            1,
            both(
                "Restart the service: it accepts connections and answers none.",
                "重启服务：它接受连接，却不作任何应答。",
            ),
        ),
        finding(
            "strings.duplicate",
            Severity::Warning,
            both("Duplicate strings take 22.4 MiB", "重复字符串占用 22.4 MiB"),
            "java.lang.String",
            22 * MIB,
            181_022,
            both("Use -XX:+UseStringDeduplication with G1.", "使用 G1 时加上 -XX:+UseStringDeduplication。"),
        ),
        finding(
            "collections.empty",
            Severity::Info,
            both("12,004 empty HashMaps that were never used", "12,004 个从未使用的空 HashMap"),
            "java.util.HashMap",
            576_192,
            12_004,
            both("Create them when first needed.", "在首次需要时再创建。"),
        ),
    ]
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

fn area(label: &str, field: Option<&str>, address: u64, mib: u64, children: Vec<MapNode>) -> MapNode {
    MapNode {
        label: label.into(),
        field: field.map(Into::into),
        address,
        count: if address == 0 { 5_214 } else { 1 },
        retained_bytes: mib * MIB,
        children,
    }
}

fn map() -> MapNode {
    let factories = area(
        "java.util.concurrent.ConcurrentHashMap",
        Some("com.acme.orders.mq.MqSender.FACTORIES"),
        0x6_c410_0040,
        312,
        vec![area(
            "java.util.concurrent.ConcurrentHashMap$Node[]",
            Some("table"),
            0x6_c410_2a18,
            311,
            vec![
                area(
                    FACTORY,
                    Some("val"),
                    0,
                    271,
                    vec![
                        area("byte[]", Some("buffer"), 0, 141, vec![]),
                        area(
                            "org.apache.activemq.management.JMSStatsImpl",
                            Some("factoryStats"),
                            0,
                            62,
                            vec![],
                        ),
                        area("java.util.concurrent.ConcurrentHashMap", Some("properties"), 0, 40, vec![]),
                    ],
                ),
                area("java.util.concurrent.ConcurrentHashMap$Node", Some("[…]"), 0, 32, vec![]),
            ],
        )],
    );
    let workbook = area(
        "java.lang.Thread http-nio-9010-exec-7",
        None,
        0x6_d000_0001,
        120,
        vec![area(
            "org.apache.poi.xssf.usermodel.XSSFWorkbook",
            Some("<local>"),
            0x6_d000_0100,
            118,
            vec![
                area(
                    "java.util.TreeMap",
                    Some("_rows"),
                    0x6_d000_0108,
                    76,
                    vec![
                        area(
                            "org.apache.poi.xssf.usermodel.XSSFRow",
                            Some("value"),
                            0,
                            52,
                            vec![area(
                                "org.apache.poi.xssf.usermodel.XSSFCell",
                                Some("_cells"),
                                0,
                                40,
                                vec![],
                            )],
                        ),
                        area("java.util.TreeMap$Entry", Some("root"), 0, 20, vec![]),
                    ],
                ),
                area(
                    "org.apache.poi.xssf.model.SharedStringsTable",
                    Some("sharedStringSource"),
                    0x6_d000_0300,
                    31,
                    vec![],
                ),
            ],
        )],
    );
    let mut children = vec![factories, workbook];
    children.push(area(
        "org.springframework.boot.loader.LaunchedURLClassLoader",
        Some("contextClassLoader"),
        0x6_0001,
        24,
        vec![
            area(
                "org.springframework.beans.factory.support.DefaultListableBeanFactory",
                Some("singletonObjects"),
                0x6_0002,
                14,
                vec![],
            ),
            area("java.util.Vector", Some("classes"), 0x6_0003, 6, vec![]),
        ],
    ));
    children.push(area("io.lettuce.core.RedisClient", Some("client"), 0x6_0004, 12, vec![]));
    children.push(area(
        "org.hibernate.internal.SessionFactoryImpl",
        Some("sessionFactory"),
        0x6_0005,
        9,
        vec![],
    ));
    children.push(area("java.lang.String", None, 0, 7, vec![]));
    for i in 0..9 {
        children.push(area(&class_name(200 + i), Some("INSTANCE"), 0x6_1000 + i, 1, vec![]));
    }
    area("heap", None, 0, 498, children)
}

fn tree(node: &MapNode) -> TreeNode {
    TreeNode {
        cells: vec![
            Cell::Class(node.label.clone()),
            Cell::Value(node.field.clone().unwrap_or_default()),
            Cell::Count(node.count),
            Cell::Bytes(node.retained_bytes),
            Cell::Share(node.retained_bytes as f64 / (498 * MIB) as f64),
        ],
        children: node.children.iter().map(tree).collect(),
        omitted: if node.children.is_empty() { 0 } else { node.children.len() as u64 * 17 },
    }
}

fn dominators() -> Section {
    let map = map();
    let paths = PathGraph {
        id: "paths".into(),
        nodes: [
            ("GC roots", 1),
            ("com.acme.orders.mq.MqSender", 1),
            ("java.util.concurrent.ConcurrentHashMap", 1),
            ("com.acme.orders.mq.MqHealthIndicator", 1),
            ("java.util.concurrent.ConcurrentHashMap$Node", 5_213),
            (FACTORY, 5_214),
        ]
        .map(|(label, objects)| PathNode { label: label.into(), objects, targets: 5_214 })
        .into(),
        edges: vec![
            (0, 1, "sticky class".into(), 5_213),
            (1, 2, "FACTORIES".into(), 5_213),
            (0, 3, "Java frame".into(), 1),
            (2, 4, "table[…]".into(), 5_213),
            (4, 5, "val".into(), 5_213),
            (3, 5, "lastUsed".into(), 1),
        ],
    };
    let columns = vec![
        Column::left("class"),
        Column::left("field"),
        Column::right("objects"),
        Column::right("retained_bytes"),
        Column::right("share"),
    ];
    Section {
        id: "dominators".into(),
        blocks: vec![
            Block::Tree(Tree { id: "tree".into(), columns, nodes: map.children.iter().map(tree).collect() }),
            Block::Map { id: "dominators".into(), root: map },
            Block::Paths(paths),
        ],
    }
}

fn threads() -> Section {
    let idle = [
        frame("jdk.internal.misc.Unsafe", "park", "Unsafe.java", 1),
        frame("java.util.concurrent.locks.LockSupport", "park", "LockSupport.java", 341),
        frame("java.util.concurrent.LinkedBlockingQueue", "take", "LinkedBlockingQueue.java", 435),
        frame("org.apache.tomcat.util.threads.TaskQueue", "take", "TaskQueue.java", 141),
        frame(
            "org.apache.tomcat.util.threads.ThreadPoolExecutor",
            "runWorker",
            "ThreadPoolExecutor.java",
            1114,
        ),
        frame("java.lang.Thread", "run", "Thread.java", 840),
    ];
    let view = |frame: &Frame, locals| FrameView { frame: frame.clone(), locals };
    let mut threads = vec![
        ThreadView {
            address: 0x6_d000_0001,
            name: "http-nio-9010-exec-7".into(),
            class: "org.apache.tomcat.util.threads.TaskThread".into(),
            state: Some("RUNNABLE".into()),
            daemon: Some(true),
            shallow_bytes: 376,
            retained_bytes: 120 * MIB,
            locals_retained_bytes: 118 * MIB,
            thread_locals_retained_bytes: 2 * MIB,
            frames: vec![
                view(
                    &frame("org.apache.xmlbeans.impl.store.Cur", "createElementXobj", "Cur.java", 273),
                    vec![],
                ),
                view(
                    &frame("org.apache.poi.xssf.usermodel.XSSFRow", "createCell", "XSSFRow.java", 214),
                    vec![],
                ),
                view(
                    &frame("com.acme.orders.export.OrderExporter", "writeAll", "OrderExporter.java", 88),
                    vec![
                        LocalView {
                            address: 0x6_d000_0100,
                            class: "org.apache.poi.xssf.usermodel.XSSFWorkbook".into(),
                            retained_bytes: 118 * MIB,
                            value: None,
                        },
                        LocalView {
                            address: 0x6_d800_0010,
                            class: "java.util.ArrayList".into(),
                            retained_bytes: 188_416,
                            value: Some("size = 4,000".into()),
                        },
                    ],
                ),
                view(
                    &frame("com.acme.orders.web.ExportController", "download", "ExportController.java", 41),
                    vec![],
                ),
                view(&frame("java.lang.Thread", "run", "Thread.java", 840), vec![]),
            ],
            ..ThreadView::default()
        },
        ThreadView {
            address: 0x6_d000_2001,
            name: "mq-sender-3".into(),
            class: "java.lang.Thread".into(),
            state: Some("RUNNABLE".into()),
            daemon: Some(false),
            shallow_bytes: 376,
            retained_bytes: 72_408,
            locals_retained_bytes: 68_112,
            threw_oom: true,
            frames: vec![
                view(&frame("java.lang.OutOfMemoryError", "<init>", "OutOfMemoryError.java", 48), vec![]),
                view(
                    &frame("org.apache.activemq.ActiveMQSession", "send", "ActiveMQSession.java", 1953),
                    vec![LocalView {
                        address: 0x6_d900_0010,
                        class: "org.apache.activemq.command.ActiveMQTextMessage".into(),
                        retained_bytes: 65_536,
                        value: None,
                    }],
                ),
                view(&frame("com.acme.orders.mq.MqSender", "send", "MqSender.java", 57), vec![]),
            ],
            ..ThreadView::default()
        },
    ];
    for i in 0..198_u64 {
        threads.push(ThreadView {
            address: 0x6_e000_0000 + i * 0x100,
            name: format!("http-nio-9010-exec-{}", i + 8),
            class: "org.apache.tomcat.util.threads.TaskThread".into(),
            state: Some("WAITING".into()),
            daemon: Some(true),
            shallow_bytes: 376,
            retained_bytes: 21_504 + (198 - i) * 1_000,
            locals_retained_bytes: 1_104,
            frames: idle.iter().map(|frame| view(frame, vec![])).collect(),
            ..ThreadView::default()
        });
    }
    let groups = vec![ThreadGroup {
        pattern: "http-nio-9010-exec-*".into(),
        count: 198,
        retained_bytes: 23 * MIB,
        frames: idle.into(),
        doing: Some(both("waiting for work", "等待任务")),
    }];
    Section { id: "threads".into(), blocks: vec![Block::Threads { threads, groups }] }
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
    let properties = [
        ("java.io.tmpdir", "/tmp"),
        ("java.version", "17.0.15"),
        ("spring.datasource.password", "••••••"),
        ("user.timezone", "Asia/Shanghai"),
    ]
    .map(|(key, value)| vec![Cell::Value(key.into()), Cell::Value(value.into())])
    .into();
    let section = |id: &str, blocks| Section { id: id.into(), blocks };
    vec![
        section(
            "waste",
            vec![table(
                "collections",
                vec![
                    Column::left("class"),
                    Column::right("count"),
                    Column::right("bytes"),
                    Column::right("share"),
                ],
                duplicates,
                310,
            )],
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
        objects: 9_113_402,
        shallow_bytes: 498 * MIB,
        unreachable_objects: 402_118,
        unreachable_bytes: 91 * MIB,
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
        evidence: vec![both("It held 70.7 KiB itself.", "它自身只持有 70.7 KiB。")],
    });
    report.suspects = suspects();
    report.findings = findings();
    report.inspections = vec![histogram(classes), dominators(), threads()];
    report.inspections.extend(others());
    report
}
