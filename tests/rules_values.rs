//! What expressions of rules give, on a real dump whose contents a program has fixed (`hprof-fixtures/java/.../zoo`).

use oomph::inspect::rules::RuleSet;
use oomph::inspect::{Context, Options};
use oomph::progress::Progress;
use oomph::snapshot::{Options as OpenOptions, Snapshot};
use std::fmt::Write;
use std::path::Path;

/// Conditions on the static fields of a class of the zoo.
const TRUE: &[(&str, &[&str])] = &[
    (
        "Collections1",
        &[
            "size(LINKED) == 20000",
            "size(HASH_MAP) == 1000",
            "size(LINKED_HASH_MAP) == 100",
            "size(TREE_MAP) == 100",
            "size(CONCURRENT) == 1000",
            "size(SKIP_LIST) == 100",
            "size(HASHTABLE) == 100",
            "size(IDENTITY) == 50",
            "size(WEAK) == 20",
            "size(ENUM_MAP) == 2",
            "size(TREE_BIN) == 10",
            "size(EMPTY_MAP) == 0",
            "size(MAP_OF_3) == 3",
            "size(UNMODIFIABLE_MAP) == 5",
            "size(SYNCHRONIZED_MAP) == 5",
            "size(PROPERTIES) == 10",
            "size(SPARSE_LIST) == 3",
            "size(VECTOR) == 100",
            "size(COPY_ON_WRITE) == 100",
            "size(LIST_OF_5) == 5",
            "size(AS_LIST) == 3",
            "some(AS_LIST[*]) == '0, 1, 2'",
            "some(LIST_OF_5[*]) == '0, 1, 2, …'",
            "some(ARRAY_LIST[*].class) ~ 'java.lang.Integer*'",
            "size(UNMODIFIABLE_LIST) == 5",
            "size(SYNCHRONIZED_LIST) == 5",
            "size(HASH_SET) == 100",
            "size(TREE_SET) == 100",
            "size(SET_OF_3) == 3",
            "size(CONCURRENT_SET) == 100",
            "size(COPY_ON_WRITE_SET) == 10",
            "size(ARRAY_DEQUE) == 100",
            "size(PRIORITY_QUEUE) == 100",
            "size(CONCURRENT_QUEUE) == 10",
            "size(CONCURRENT_DEQUE) == 10",
            "size(BLOCKING_QUEUE) == 10",
            "size(ARRAY_BLOCKING_QUEUE) == 10",
            "size(MATRIX) == 3",
            "sum(HASH_MAP[*]) == 499500",
            "sum(TREE_MAP[*]) == 4950",
            "sum(CONCURRENT[*]) == 499500",
            "max(TREE_BIN[*]) == 9",
            "count(HASH_MAP[keys]) == 1000",
            "HASH_MAP[keys] == 'k999'",
            "PROPERTIES[*] == 'v7'",
            "sum(HASH_SET[*]) == 4950",
            "sum(TREE_SET[*]) == 4950",
            "sum(COPY_ON_WRITE[*]) == 4950",
            "max(ARRAY_DEQUE[*]) == 103",
            "min(ARRAY_DEQUE[*]) == 4",
            "sum(BLOCKING_QUEUE[*]) == 45",
            "sum(CONCURRENT_QUEUE[*]) == 45",
            "count(LINKED[*]) == 20000",
            "ARRAY_LIST[7] == 7",
            "LINKED[0] == 'link'",
            "count(MATRIX[*]) * 4 == 12",
            "chain.value == 19999",
            "chain.next.value == 19998",
            "chain -> chain.next.next",
            "chain.class ~ '*Node'",
            "lineage(LINKED) == 'java.util.AbstractList'",
            "lineage(LINKED) == 'java.util.LinkedList'",
            "missing | chain.value == 19999",
            "this == 'com.acme.zoo.Collections1'",
            "loader.class ~ '*AppClassLoader'",
            "retained(LINKED) >= 20000 * 24",
            "shallow(chain) < 1 KiB",
            "false == true or size(VECTOR) == 100",
        ],
    ),
    (
        "Values",
        &[
            "latin1 == 'café'",
            "utf16 == '内存泄漏'",
            "size(huge) == 100000",
            "BOXED[3] == 4",
            "BOXED[7] == true",
            "BOXED[11] == 8",
            "BOXED[14] == 'ten'",
            "TEXTUAL[0] == 'reports/2024/orders.xlsx'",
            "TEXTUAL[1] == 'https://shop.acme.example/a?b=c#d'",
            "TEXTUAL[11] == 'BLUE'",
            "TEXTUAL[12] == 'under construction!'",
            "TEXTUAL[15] == 'java.lang.String'",
            "url == 'http://shop.acme.example:9010/cart'",
            "sharedA != null",
        ],
    ),
];

/// Conditions that must not hold: what is not there makes a condition false, whatever is asked of it.
const FALSE: &[(&str, &[&str])] = &[(
    "Collections1",
    &[
        "missing == 0",
        "missing != 0",
        "missing == null",
        "missing != null",
        "chain.missing < 1",
        "size(chain) == 0",
        "ARRAY_LIST[1000] == 0",
        "TREE_MAP.size.value == 100",
        "chain > 'a'",
        "chain.next -> chain",
        "lineage(LINKED) == 'java.util.ArrayList'",
        "lineage(missing) != 'java.lang.Object'",
        "chain.class !~ '*Node'",
    ],
)];

/// Which of the conditions hold in the zoo.
fn holding(snapshot: &Snapshot, all: &[(&str, &[&str])]) -> Vec<(String, bool)> {
    let conditions: Vec<(&str, &str)> =
        all.iter().flat_map(|(class, conditions)| conditions.iter().map(|c| (*class, *c))).collect();
    let mut file = String::new();
    for (at, (class, condition)) in conditions.iter().enumerate() {
        let words = r#"{ en = "x", zh = "x" }"#;
        write!(
            file,
            "[[rule]]\nid = \"t.{at}\"\nseverity = \"info\"\ncount = \"classes\"\nclass = \"com.acme.zoo.{class}\"\n\
             where = [\"{condition}\"]\ntitle = {words}\nadvice = [{words}]\n"
        )
        .expect("a string");
    }
    let rules = RuleSet::parse(&file, "zoo").unwrap_or_else(|error| panic!("{error}"));
    let trials = rules.trial(&Context::new(snapshot, Options::default())).expect("rules can be applied");
    assert!(trials.iter().all(|trial| trial.instances == 1), "each class is there once");
    let told = conditions.iter().zip(&trials);
    told.map(|((class, condition), trial)| (format!("{class}: {condition}"), trial.fulfilling == 1)).collect()
}

#[test]
fn expressions_give_what_the_program_put_there() {
    let dump = Path::new(env!("CARGO_MANIFEST_DIR")).join("hprof-fixtures/dumps/zoo.hprof.zst");
    let snapshot = Snapshot::open(&dump, &OpenOptions::default(), &Progress::default()).expect("a good dump");
    let wrong = |all, right: bool| -> Vec<String> {
        let all = holding(&snapshot, all).into_iter();
        all.filter(|(_, holds)| *holds != right).map(|(condition, _)| condition).collect()
    };
    assert_eq!(wrong(TRUE, true), Vec::<String>::new(), "should hold");
    assert_eq!(wrong(FALSE, false), Vec::<String>::new(), "should not hold");
}
