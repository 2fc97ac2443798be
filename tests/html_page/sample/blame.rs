//! What is to blame in the sample: suspects and findings.

use super::*;

pub(super) fn suspects() -> Vec<Suspect> {
    let leak = Suspect {
        rank: 1,
        kind: SuspectKind::Leak,
        standing: Standing::Blamed,
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
        until: None,
        holders: vec![
            HolderShare { holder: registry(), alone_bytes: 309 * MIB },
            HolderShare {
                holder: Holder {
                    kind: HolderKind::InstanceField,
                    class: Some("com.acme.orders.mq.MqHealthIndicator".into()),
                    field: Some("lastUsed".into()),
                    thread: None,
                    frame: None,
                    threads: None,
                },
                alone_bytes: 61_440,
            },
        ],
        path_graph: Some(super::dominators::ways()),
        path_graph_of: None,
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
        examples: vec![
            Text::Values {
                values: vec![
                    named("brokerURL", "brokerURL", "tcp://mq.acme.internal:61616"),
                    named("user", "用户", "orders"),
                    named("at most", "上限", "8"),
                ],
                share: Some(0.75),
            },
            // As in reports of older versions.
            Text::Both { en: "user = orders, at most = 8".into(), zh: "用户 = orders, 上限 = 8".into() },
        ],
        rule: Some("activemq.repeated-factory".into()),
        backlog: false,
        cache: false,
        activity: Vec::new(),
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
        standing: Standing::Blamed,
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
        until: None,
        holders: Vec::new(),
        path_graph: None,
        path_graph_of: None,
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
        backlog: false,
        cache: false,
        activity: Vec::new(),
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
        standing: Standing::Blamed,
        pattern: Pattern::Repeated,
        title: both(
            "Sessions and producers of closed connections, not yet collected",
            "已关闭连接的会话与生产者，尚未回收",
        ),
        class: "org.apache.activemq.ActiveMQSession".into(),
        instances: 41_002,
        retained_bytes: 74 * MIB,
        share: 0.81,
        holder: Holder {
            kind: HolderKind::Nobody,
            class: None,
            field: None,
            thread: None,
            frame: None,
            threads: None,
        },
        until: None,
        holders: Vec::new(),
        path_graph: None,
        path_graph_of: None,
        together_bytes: 0,
        accumulation_point: None,
        path: Vec::new(),
        root: None,
        composition: vec![made_of("org.apache.activemq.ActiveMQSession", 41_002, 12 * MIB)],
        examples: Vec::new(),
        rule: None,
        backlog: false,
        cache: false,
        activity: Vec::new(),
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

pub(super) fn findings() -> Vec<Finding> {
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
