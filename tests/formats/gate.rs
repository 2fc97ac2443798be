//! Policies against a report: each budget kept and broken, allowances, growth, proposals.

use crate::sample::{self, HOSTILE_CLASS};
use jiff::civil::date;
use oomph::gate::{Judgement, Outcome, Policy, Status, compare, evaluate, propose};
use oomph::report::{Block, Cell, Column, Fact, Facts, Report, Section, Table, Tree, TreeNode};

fn policy(text: &str) -> Policy {
    text.parse().unwrap_or_else(|error| panic!("{error}\n{text}"))
}

pub(crate) fn judged(text: &str, earlier: Option<&Report>) -> Judgement {
    evaluate(&policy(text), &sample::report(), earlier, date(2027, 1, 1))
}

fn failed(text: &str) -> Vec<String> {
    judged(text, None).with_status(Status::Failed).map(|outcome| outcome.budget.clone()).collect()
}

#[test]
fn each_budget_can_be_kept_and_broken() {
    let factory = "org.apache.activemq.ActiveMQConnectionFactory";
    for (tables, key, kept, broken) in [
        ("[heap]", "heap.max-reachable", "\"401 MiB\"", "\"399 MiB\""),
        ("[heap]", "heap.max-objects", "10000000000", "1"),
        ("[threads]", "threads.max", "2", "1"),
        ("[threads]", "threads.max-locals", "\"6 MiB\"", "\"4 MiB\""),
        ("[threads]", "threads.max-thread-locals", "\"1 MiB\"", "1"),
        (&format!("[[class]]\nclass = \"{factory}\""), "class.max-instances", "5000", "4999"),
        (&format!("[[class]]\nclass = \"{factory}\""), "class.max-retained", "\"80%\"", "\"70%\""),
        ("[[class]]\nclass = \"com.acme.Row[]\"", "class.max-unreachable", "10", "9"),
        ("[[package]]\npackage = \"org.apache\"", "package.max-shallow", "1_000_000", "999_999"),
        ("[[package]]\npackage = \"org.apache\"", "package.max-retained", "\"300 MiB\"", "\"299 MiB\""),
        ("[[holder]]\nholder = \"com.acme.*\"", "holder.max-retained", "\"300 MiB\"", "\"299 MiB\""),
        ("[[holder]]\nholder = \"com.acme.MqRegistry.*\"", "holder.max-elements", "5000", "4999"),
        ("[[suspect]]\nkind = \"leak\"", "suspect.max", "1", "0"),
        ("[[finding]]\nrule = \"activemq.*\"", "finding.max", "1", "0"),
        ("[[finding]]\nrule = \"activemq.*\"", "finding.max-count", "5000", "4999"),
        ("[[thread]]\nthread = \"http-nio-*-Poller\"", "thread.max", "1", "0"),
        ("[[thread]]\nthread = \"http-nio-*-Poller\"", "thread.min", "1", "2"),
    ] {
        let limit = key.split_once('.').unwrap().1;
        let table = |value: &str| format!("{tables}\n{limit} = {value}\n");
        assert_eq!(failed(&table(kept)), Vec::<String>::new(), "{key} {kept}");
        assert_eq!(failed(&table(broken)), [key], "{key} {broken}");
    }
}

#[test]
fn a_broken_budget_says_who_holds_what_and_how_to_see_more() {
    let text = "[[class]]\nclass = \"org.apache.activemq.*\"\nmax-instances = 1\n";
    let judgement = judged(text, None);
    let outcome: &Outcome = judgement.with_status(Status::Failed).next().unwrap();
    assert_eq!(outcome.holder.as_ref().unwrap().label(), "com.acme.MqRegistry.FACTORIES");
    assert_eq!(outcome.path.len(), 3);
    assert_eq!(outcome.see[0], "show");
    assert!(!judgement.passed());
}

#[test]
fn what_a_report_does_not_hold_is_not_taken_for_kept() {
    let judgement = judged("[[waste]]\nmax = 1\n[off-heap]\nmax = 1\n", None);
    assert!(judgement.outcomes.iter().all(|outcome| outcome.status == Status::NotMeasured));
    assert_eq!(judgement.outcomes.len(), 2);
}

#[test]
fn a_gate_that_measures_nothing_is_not_passed() {
    let growth = judged("[growth]\nheap = \"20%\"\n", None);
    assert!(!growth.is_measured() && !growth.passed(), "{growth:?}");
    assert_eq!(growth.outcomes[0].budget, "growth.baseline");
    let none = judged("[[dump]]\nfile = \"other\"\n[dump.heap]\nmax-objects = 1\n", None);
    assert!(!none.is_measured() && !none.passed() && none.outcomes.len() == 1, "{none:?}");
    // Growth beside budgets that are measured is told, and breaks nothing.
    let both = judged("[heap]\nmax-reachable = \"401 MiB\"\n[growth]\nheap = \"20%\"\n", None);
    assert!(both.passed());
    assert_eq!(both.with_status(Status::NotMeasured).count(), 1);
    // Said once.
    let missing = both.clone().without_baseline("base.json");
    let told: Vec<_> =
        missing.outcomes.iter().filter(|outcome| outcome.budget == "growth.baseline").collect();
    assert!(told.len() == 1 && told[0].status == Status::Failed && !missing.passed(), "{told:?}");
    let first = growth.as_first_baseline("base.json");
    assert!(first.passed() && first.outcomes.len() == 1, "{first:?}");
}

#[test]
fn allowances_hold_until_their_day() {
    let text = |until: &str| {
        format!(
            "[[suspect]]\nkind = \"leak\"\nmax = 0\n[[allow]]\nholder = \"com.acme.MqRegistry.*\"\n\
             reason = \"ticket 4711\"\nuntil = {until}\n"
        )
    };
    let held = judged(&text("2027-01-01"), None);
    assert!(held.passed() && held.with_status(Status::Tolerated).count() == 1);
    let expired = judged(&text("2026-12-31"), None);
    assert!(!expired.passed());
    assert!(expired.with_status(Status::Failed).all(|outcome| outcome.note.is_some()));
}

#[test]
fn to_forgive_a_holder_does_not_forgive_the_whole_heap() {
    let allow = |by: &str| format!("[[allow]]\n{by}\nreason = \"ticket 4711\"\nuntil = 2027-06-30\n");
    let heap = "[heap]\nmax-reachable = 1\nmax-objects = 1\n[growth]\nheap = 0\n";
    let mut earlier = sample::report();
    earlier.heap.shallow_bytes = 1;
    let broken = |text: &str| {
        let judgement = judged(text, Some(&earlier));
        judgement.with_status(Status::Failed).cloned().collect::<Vec<Outcome>>()
    };
    let sums = broken(&format!("{heap}{}", allow("holder = \"*\"")));
    let keys: Vec<&str> = sums.iter().map(|outcome| outcome.budget.as_str()).collect();
    assert_eq!(keys, ["heap.max-reachable", "heap.max-objects", "growth.heap"]);
    // By its own fingerprint it can be forgiven.
    let by = format!("fingerprint = \"{}\"", sums[0].fingerprint);
    let left = broken(&format!("{heap}{}", allow(&by)));
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn growth_and_new_problems_against_a_baseline() {
    let same = sample::report();
    assert!(judged("[growth]\nheap = 0\nclasses = \"1%\"\ncollections = 0\n", Some(&same)).passed());
    let mut earlier = sample::report();
    earlier.heap.shallow_bytes /= 2;
    earlier.suspects.clear();
    earlier.findings.clear();
    if let Some(Block::Table(table)) = earlier.inspections[0].blocks.first_mut() {
        table.rows[0][2] = Cell::Count(10);
        table.rows[0][3] = Cell::Bytes(1 << 20);
    }
    let judgement =
        judged("[growth]\nheap = \"10%\"\nclasses = \"10%\"\ninstances = \"10%\"\n", Some(&earlier));
    let broken: Vec<&str> =
        judgement.with_status(Status::Failed).map(|outcome| outcome.budget.as_str()).collect();
    for budget in
        ["growth.heap", "growth.classes", "growth.instances", "growth.new-suspects", "growth.new-findings"]
    {
        assert!(broken.contains(&budget), "{budget}: {broken:?}");
    }
}

#[test]
fn the_dump_that_a_policy_was_proposed_for_passes_it() {
    let report = sample::report();
    let text = propose(&report);
    let judgement = evaluate(&policy(&text), &report, None, date(2027, 1, 1));
    let broken: Vec<_> = judgement.with_status(Status::Failed).collect();
    assert!(broken.is_empty(), "{broken:#?}\n{text}");
    assert!(judgement.outcomes.len() > 8);

    // One suspect more: the line says who holds it, and says nothing of those that were there.
    let mut later = report.clone();
    let mut new = later.suspects[0].clone();
    new.holder = sample::holder("com.acme.Audit", "PENDING");
    new.rank = 2;
    new.share = 0.1;
    new.retained_bytes = 40 << 20;
    later.suspects.push(new);
    later.heap.objects *= 10;
    let judgement = evaluate(&policy(&text), &later, None, date(2027, 1, 1));
    let broken: Vec<_> = judgement.with_status(Status::Failed).map(|outcome| &outcome.budget[..]).collect();
    assert_eq!(
        broken,
        ["suspect.max", "holder.max-retained", "heap.max-objects"],
        "who is to blame comes first"
    );
    assert_eq!(judgement.outcomes[0].holder.as_ref().unwrap().label(), "com.acme.Audit.PENDING");
}

#[test]
fn a_sum_that_is_broken_leads_to_what_it_is_made_of() {
    for (text, command) in [
        ("[heap]\nmax-unreachable = 1", "unreachable"),
        ("[heap]\nmax-classes = 1", "classloaders"),
        ("[loaders]\nmax = 1", "classloaders"),
        ("[threads]\nmax = 1", "threads"),
        ("[damage]\nmax = 0", "system"),
    ] {
        let judgement = judged(text, None);
        assert_eq!(judgement.with_status(Status::Failed).next().unwrap().see, [command], "{text}");
    }
}

/// A section with one table whose cells are sizes where they are numbers, else names.
fn section(id: &str, facts: &[(&str, u64)], table: &str, rows: &[&[(&str, &str)]]) -> Section {
    let cell = |value: &str| match value.parse() {
        Ok(bytes) => Cell::Bytes(bytes),
        Err(_) => Cell::Value(value.to_owned()),
    };
    let columns = rows[0].iter().map(|(key, _)| Column::left(key)).collect();
    let rows = rows.iter().map(|row| row.iter().map(|(_, value)| cell(value)).collect()).collect();
    let facts = facts.iter().map(|&(key, bytes)| Fact { key: key.into(), value: Cell::Bytes(bytes) });
    let facts = Block::Facts(Facts { id: "total".into(), facts: facts.collect() });
    let table = Block::Table(Table { id: table.into(), columns, rows, omitted: 0 });
    Section { id: id.into(), blocks: vec![facts, table] }
}

#[test]
fn budgets_of_what_is_no_suspect_name_a_holder_too() {
    let mut report = sample::report();
    report.inspections.retain(|section| !["off-heap", "waste", "classloaders"].contains(&&*section.id));
    report.inspections.extend([
        section(
            "off-heap",
            &[("direct_bytes", 1000)],
            "holders",
            &[
                &[("holder", "holder-nobody"), ("bytes", "900")],
                &[("holder", "com.acme.Pool.BUFFERS"), ("bytes", "100")],
            ],
        ),
        section(
            "waste",
            &[],
            "kinds",
            &[
                &[("waste", "waste-arrays"), ("wasted_bytes", "5")],
                &[("waste", "waste-strings"), ("wasted_bytes", "70")],
            ],
        ),
        section(
            "strings",
            &[],
            "fields",
            &[
                &[("field", "java.lang.Object[]"), ("wasted_bytes", "50")],
                &[("field", "com.acme.Customer.city"), ("wasted_bytes", "20")],
            ],
        ),
        section(
            "classloaders",
            &[],
            "loaders",
            &[
                &[
                    ("class", "jdk.internal.loader.ClassLoaders$AppClassLoader"),
                    ("name", "app"),
                    ("classes", "9"),
                ],
                &[("class", "com.acme.PluginLoader"), ("name", "p1"), ("classes", "7")],
                &[("class", "com.acme.PluginLoader"), ("name", "p2"), ("classes", "7")],
            ],
        ),
    ]);
    let loaders = row("com.acme.PluginLoader", "LOADERS", [2, 9, 900], vec![], 0);
    let tree = with_tree(vec![row("class com.acme.Plugins", "", [1, 9, 909], vec![loaders], 0)]);
    report.inspections.retain(|section| section.id != "dominators");
    report.inspections.extend(tree.inspections.into_iter().filter(|section| section.id == "dominators"));
    for (text, holder, see) in [
        ("[off-heap]\nmax = 1", "com.acme.Pool.BUFFERS", "off-heap"),
        ("[[waste]]\nmax = 1", "com.acme.Customer.city", "strings"),
        ("[loaders]\nmax = 1", "com.acme.Plugins.LOADERS", "paths"),
        ("[[loader]]\nloader = \"com.acme.*\"\nmax-classes = 1", "com.acme.Plugins.LOADERS", "paths"),
    ] {
        report.heap.class_loaders = 3;
        let judgement = evaluate(&policy(text), &report, None, date(2027, 1, 1));
        let broken = judgement.with_status(Status::Failed).next().unwrap_or_else(|| panic!("{text} is kept"));
        assert_eq!(broken.holder.as_ref().map(|holder| holder.label()).as_deref(), Some(holder), "{text}");
        assert_eq!(broken.see[0], see, "{text}");
    }
    let mut arrays = report;
    arrays.inspections.iter_mut().filter(|section| section.id == "waste").for_each(|waste| {
        if let Some(Block::Table(table)) = waste.blocks.last_mut() {
            table.rows.truncate(1);
        }
    });
    let judgement = evaluate(&policy("[[waste]]\nmax = 1"), &arrays, None, date(2027, 1, 1));
    assert_eq!(judgement.outcomes[0].see, ["arrays"], "where nobody is known, the list of them is shown");
}

pub(crate) fn table<'a>(section: &'a Section, id: &str) -> &'a oomph::report::Table {
    let found = section.blocks.iter().find_map(|block| match block {
        Block::Table(table) if table.id == id => Some(table),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no table {id}"))
}

/// Reports of a service whose collection grows from one to the next.
fn leaking(elements: u64) -> Report {
    let mut report = sample::report();
    report.suspects[0].retained_bytes = elements * 1000;
    report.suspects[0].accumulation_point.as_mut().unwrap().elements = elements;
    // The same service restarted: addresses and positions in arrays are others.
    for step in &mut report.suspects[0].path {
        step.address += elements * 8;
    }
    report.suspects[0].accumulation_point.as_mut().unwrap().address += elements * 8;
    report
}

#[test]
fn a_steady_leak_comes_first_with_its_elements() {
    let reports = [leaking(100), leaking(200), leaking(300)];
    let section = compare(&reports.iter().collect::<Vec<_>>(), 0);
    let first = &table(&section, "collections").rows[0];
    assert_eq!(first[0], Cell::Value("com.acme.MqRegistry.FACTORIES".into()));
    assert_eq!(first[2..5], [Cell::Count(100), Cell::Count(300), Cell::CountDelta(200)]);
    assert_eq!(first[7], Cell::Flag(true));
    assert_eq!(first[8], Cell::Series(vec![100_000, 200_000, 300_000]), "the line of the page");
    assert_eq!(
        first[9],
        Cell::Value("com.acme.MqRegistry.FACTORIES > java.util.HashSet.map > java.util.HashMap".into())
    );
    assert!(table(&section, "classes").rows.is_empty(), "{HOSTILE_CLASS} did not grow");
    assert!(table(&section, "new_suspects").rows.is_empty());
}

/// A dominator tree with one map below a static field.
fn tree(entries: u64) -> Section {
    let node = |class: &str, field: &str, objects, children| TreeNode {
        cells: vec![
            Cell::Class(class.into()),
            Cell::Value(field.into()),
            Cell::Count(objects),
            Cell::Bytes(1000 + entries * 40),
        ],
        children,
        omitted: 0,
    };
    let entry = node("java.util.HashMap$Node", "[7]", entries, vec![]);
    // The loader of a class stands above its static fields, and holds nothing that one could change.
    let class =
        node("class com.acme.Small", "[3]", 1, vec![node("java.util.HashMap", "MAP", 1, vec![entry])]);
    let nodes = vec![node(
        "jdk.internal.loader.Loader",
        "",
        1,
        vec![node("java.lang.Object[]", "classes", 1, vec![class])],
    )];
    let columns = vec![
        Column::left("class"),
        Column::left("field"),
        Column::right("objects"),
        Column::right("retained_bytes"),
    ];
    Section { id: "dominators".into(), blocks: vec![Block::Tree(Tree { id: "tree".into(), columns, nodes })] }
}

#[test]
fn a_leak_too_small_for_a_suspect_is_found_in_the_dominator_tree() {
    let reports = [10, 20, 30].map(|entries| {
        let mut report = sample::report();
        report.suspects.clear();
        report.heap.shallow_bytes = 100_000;
        *report.inspections.iter_mut().find(|section| section.id == "dominators").unwrap() = tree(entries);
        report
    });
    let text = "[growth]\ncollections = \"50%\"\nignore-below = 100\n";
    let judgement = evaluate(&policy(text), &reports[2], Some(&reports[0]), date(2027, 1, 1));
    let broken = judgement.with_status(Status::Failed).next().unwrap();
    assert_eq!(broken.holder.as_ref().unwrap().label(), "com.acme.Small.MAP");
    let retained = |limit: &str| {
        let text = format!("[[holder]]\nholder = \"com.acme.Small.*\"\nmax-retained = {limit}");
        let judgement = evaluate(&policy(&text), &reports[0], None, date(2027, 1, 1));
        let outcome = judgement.outcomes[0].clone();
        (outcome.status, outcome.holder.map(|holder| holder.label()))
    };
    let holder = Some("com.acme.Small.MAP".to_owned());
    assert_eq!(retained("1399"), (Status::Failed, holder.clone()), "a budget of a holder that is no suspect");
    assert_eq!(retained("1400"), (Status::Passed, holder));
    let none = "[[holder]]\nholder = \"com.acme.Gone.*\"\nmax-retained = ";
    for (limit, status) in [("1", Status::NotMeasured), ("\"50%\"", Status::Passed)] {
        let judgement = evaluate(&policy(&format!("{none}{limit}")), &reports[0], None, date(2027, 1, 1));
        assert_eq!(judgement.outcomes[0].status, status, "too small a part of the heap to be seen");
    }
    let section = compare(&reports.iter().collect::<Vec<_>>(), 0);
    let Block::Prose { text } = &section.blocks[0] else { panic!("a headline") };
    let headline = oomph::render::text::Language::En.text(text);
    assert!(headline.starts_with("com.acme.Small.MAP grew from"), "{headline}");
    let rows = &table(&section, "branches").rows;
    assert_eq!(rows.len(), 1, "only the innermost: {rows:?}");
    assert_eq!(
        rows[0][1],
        Cell::Value("jdk.internal.loader.Loader.classes > java.lang.Object[].[] > class com.acme.Small.MAP > java.util.HashMap.[] > java.util.HashMap$Node".into())
    );
    assert_eq!(rows[0][3..5], [Cell::CountDelta(20), Cell::Bytes(1400)]);
    crate::json::assert_valid(
        "growth.schema.json",
        &oomph::render::json::section(&section, oomph::render::text::Language::En),
    );
}

/// A tree as reports have it: `class`, `field`, objects, own and retained bytes, rows below, rows cut off.
pub(crate) fn row(
    class: &str,
    field: &str,
    sizes: [u64; 3],
    children: Vec<TreeNode>,
    omitted: u64,
) -> TreeNode {
    let [objects, shallow_bytes, retained_bytes] = sizes;
    let field = if field.is_empty() { Cell::None } else { Cell::Value(field.into()) };
    let sizes = [Cell::Count(objects), Cell::Bytes(shallow_bytes), Cell::Bytes(retained_bytes)];
    let cells = [Cell::Class(class.into()), field].into_iter().chain(sizes).collect();
    TreeNode { cells, children, omitted }
}

/// A report without suspects, with that tree.
pub(crate) fn with_tree(nodes: Vec<TreeNode>) -> Report {
    let keys = ["class", "field", "objects", "shallow_bytes", "retained_bytes"];
    let columns = keys.map(Column::left).to_vec();
    let tree = Block::Tree(Tree { id: "tree".into(), columns, nodes });
    let mut report = sample::report();
    report.suspects.clear();
    let section = report.inspections.iter_mut().find(|section| section.id == "dominators").unwrap();
    *section = Section { id: "dominators".into(), blocks: vec![tree] };
    report
}

/// A cache whose entries are listed one by one up to a limit, or together when the heap is larger and they are small in it.
fn cache(entry: TreeNode, omitted: u64) -> TreeNode {
    let table = row("java.util.HashMap$Node[]", "table", [1, 100, 4_000_100], vec![entry], omitted);
    row("class com.acme.Shop", "", [1, 0, 4_000_100], vec![table_of("CATALOGUE", table)], 0)
}

fn table_of(field: &str, table: TreeNode) -> TreeNode {
    row("java.util.HashMap", field, [1, 0, 4_000_100], vec![table], 0)
}

#[test]
fn rows_that_an_earlier_tree_cuts_off_have_not_grown_from_nothing() {
    let old = with_tree(vec![cache(row("java.util.HashMap$Node", "[3]", [1, 32, 40_000], vec![], 99), 99)]);
    let new = with_tree(vec![cache(row("java.util.HashMap$Node", "", [100, 0, 4_000_000], vec![], 0), 0)]);
    let section = compare(&[&old, &new], 0);
    assert_eq!(table(&section, "branches").rows, Vec::<Vec<Cell>>::new());
}

#[test]
fn what_becomes_a_suspect_without_growing_is_not_new_and_has_not_grown() {
    let map = |bytes| row("java.util.HashSet", "FACTORIES", [1, 48, bytes], vec![], 0);
    let old =
        with_tree(vec![row("class com.acme.MqRegistry", "", [1, 0, 300 << 20], vec![map(300 << 20)], 0)]);
    let new = sample::report();
    let fails = |old: &Report| {
        let judgement = evaluate(&policy("[growth]\nheap = 0\n"), &new, Some(old), date(2027, 1, 1));
        judgement.with_status(Status::Failed).any(|outcome| outcome.budget == "growth.new-suspects")
    };
    assert!(!fails(&old));
    let grown = compare(&[&old, &new], 0);
    let rows = &table(&grown, "collections").rows;
    assert!(rows.iter().all(|row| row[0] != Cell::Value("com.acme.MqRegistry.FACTORIES".into())), "{rows:?}");
    // Half of it was there.
    let half =
        with_tree(vec![row("class com.acme.MqRegistry", "", [1, 0, 150 << 20], vec![map(150 << 20)], 0)]);
    assert!(fails(&half));
    let grown = compare(&[&half, &new], 0);
    let first = &table(&grown, "collections").rows[0];
    assert_eq!(first[2], Cell::None, "elements were not counted then");
    assert_eq!(first[6], Cell::BytesDelta(150 << 20));
    let json = oomph::render::json::section(&grown, oomph::render::text::Language::En);
    crate::json::assert_valid("growth.schema.json", &json);
}

#[test]
fn another_java_is_told_and_its_own_classes_are_not_compared() {
    let text = "[growth]\nclasses = \"10%\"\n";
    let grown_rows = [("jdk.internal.util.WeakReferenceKey", 2), ("com.acme.Order", 3)];
    let mut new = sample::report();
    let mut old = sample::report();
    for (report, times) in [(&mut new, 10), (&mut old, 1)] {
        let Some(Block::Table(table)) = report.inspections[0].blocks.first_mut() else { panic!("classes") };
        for (class, megabytes) in grown_rows {
            let mut row = table.rows[0].clone();
            row[0] = Cell::Class(class.into());
            row[3] = Cell::Bytes((times * megabytes) << 20);
            table.rows.push(row);
        }
    }
    let broken = |old: &Report| -> Vec<String> {
        let judgement = evaluate(&policy(text), &new, Some(old), date(2027, 1, 1));
        judgement.with_status(Status::Failed).map(|outcome| outcome.subject.clone()).collect()
    };
    assert_eq!(broken(&old), ["com.acme.Order", "jdk.internal.util.WeakReferenceKey"], "the same Java");
    old.jvm.version = Some("17.0.2+8".into());
    assert_eq!(broken(&old).len(), 2, "the same release of Java");
    for version in ["21", "1.8.0_402", "25-ea"] {
        old.jvm.version = Some(version.into());
        assert_eq!(broken(&old), ["com.acme.Order"], "{version}");
    }
    let judgement = evaluate(&policy(text), &new, Some(&old), date(2027, 1, 1));
    let told = judgement.with_status(Status::NotMeasured).next().unwrap();
    let told = oomph::render::text::Language::En.text(&told.message);
    assert!(told.starts_with("The baseline is of Java 25 and this dump of Java 17"), "{told}");
}

#[test]
fn what_another_java_keeps_in_its_own_fields_has_not_grown() {
    let report = |bytes: u64, version: &str| {
        let field = |class: &str| {
            let held = row("java.util.ArrayList", "LIST", [1, 24, bytes], vec![], 0);
            row(class, "", [1, 0, bytes], vec![held], 0)
        };
        let mut report =
            with_tree(vec![field("class sun.security.jca.Providers"), field("class com.acme.Shop")]);
        report.jvm.version = Some(version.into());
        report
    };
    let broken = |version: &str| -> Vec<String> {
        let text = "[growth]\ncollections = \"50%\"\n";
        let (old, new) = (report(100 << 20, version), report(250 << 20, "25.0.1"));
        let judgement = evaluate(&policy(text), &new, Some(&old), date(2027, 1, 1));
        let grown =
            judgement.with_status(Status::Failed).filter(|outcome| outcome.budget == "growth.collections");
        grown.map(|outcome| outcome.subject.clone()).collect()
    };
    assert_eq!(
        broken("25"),
        ["com.acme.Shop.LIST", "sun.security.jca.Providers.LIST"],
        "of the same Java it is told"
    );
    assert_eq!(broken("17.0.2"), ["com.acme.Shop.LIST"]);
}

#[test]
fn damage_is_told_by_kind_as_a_policy_would_ignore_it() {
    let judgement = judged("[damage]\nmax = 0\n", None);
    let broken = judgement.with_status(Status::Failed).next().unwrap();
    let kind = &sample::report().dump.damage[0].kind;
    let told = oomph::render::text::Language::En.text(&broken.message);
    assert!(told.starts_with(&format!("Damaged places in the dump ({kind}): ")), "{told}");
    assert!(judged(&format!("[damage]\nmax = 0\nignore = \"{kind}\"\n"), None).passed());
}

#[test]
fn a_broken_budget_does_not_advise_to_do_nothing() {
    let mut report = sample::report();
    let ordinary = oomph::report::Text::message(oomph::report::ORDINARY);
    report.suspects[0].advice = vec![ordinary.clone()];
    let text = "[[suspect]]\nmax = 0\n";
    let judgement = evaluate(&policy(text), &report, None, date(2027, 1, 1));
    let broken: Vec<&Outcome> = judgement.with_status(Status::Failed).collect();
    assert!(!broken.is_empty() && broken.iter().all(|outcome| !outcome.advice.contains(&ordinary)));
}

#[test]
fn growth_of_the_heap_names_what_grew_and_not_what_is_large() {
    let mut old = sample::report();
    let mut new = sample::report();
    for (report, bytes) in [(&mut old, 1 << 20), (&mut new, 90 << 20)] {
        let mut leak = report.suspects[0].clone();
        leak.holder = sample::holder("com.acme.Audit", "PENDING");
        leak.fingerprint.0 = "audit".into();
        leak.retained_bytes = bytes;
        report.suspects.push(leak);
    }
    new.heap.shallow_bytes += 89 << 20;
    let judgement = evaluate(&policy("[growth]\nheap = \"1%\"\n"), &new, Some(&old), date(2027, 1, 1));
    let broken = judgement.with_status(Status::Failed).next().unwrap();
    assert_eq!(broken.holder.as_ref().unwrap().label(), "com.acme.Audit.PENDING");
}
