//! The dominator tree of the sample: as areas, as rows, and the merged paths.

use super::*;

fn area(label: &str, field: Option<&str>, address: u64, mib: u64, children: Vec<MapNode>) -> MapNode {
    MapNode {
        label: label.into(),
        field: field.map(Into::into),
        address,
        count: if address == 0 { 5_214 } else { 1 },
        retained_bytes: mib * MIB,
        shallow_bytes: (address != 0).then_some(64),
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

pub(super) fn dominators() -> Section {
    let map = map();
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
        ],
    }
}

/// All ways to the factories: most hang in a static map, one is also remembered elsewhere.
pub(super) fn ways() -> PathGraph {
    let node =
        |(label, objects, targets): (&str, u64, u64)| PathNode { label: label.into(), objects, targets };
    let edge =
        |(from, to, field, paths): (u32, u32, &str, u64)| PathEdge { from, to, field: field.into(), paths };
    PathGraph {
        objects: 5_214,
        looked_at: 1_043,
        nodes: [
            ("GC roots", 0, 1_043),
            ("com.acme.orders.mq.MqSender", 1, 1_000),
            ("java.util.concurrent.ConcurrentHashMap", 1, 1_000),
            ("com.acme.orders.mq.MqHealthIndicator", 1, 31),
            (PathGraph::OTHERS, 0, 12),
            (FACTORY, 1_043, 1_043),
        ]
        .map(node)
        .into(),
        edges: [
            (0, 1, "", 1_000),
            (1, 2, "FACTORIES", 1_000),
            (0, 3, "", 31),
            (0, 4, "", 12),
            (2, 5, "table[].val", 1_000),
            (3, 5, "lastUsed", 31),
            (4, 5, "", 12),
        ]
        .map(edge)
        .into(),
    }
}
