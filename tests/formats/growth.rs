//! Growth of a service with a leak that is too small for a suspect, beside a cache that fills and what is always there.

use crate::gate::{row, table, with_tree};
use jiff::civil::date;
use oomph::gate::{Policy, Status, compare, evaluate};
use oomph::render::text::Language;
use oomph::report::{Block, Cell, Report, Section, TreeNode};

const SERVICE: &str = "com.acme.Service";

/// The fields of the service, which is there once: a bounded cache, a list of listeners that is never cleared, the catalogue. The class that
/// declares the field of the list is the JDK's, though the object is of a class of the application.
fn service(listeners: u64, cached: u64, catalogue: u64) -> TreeNode {
    let note = row("byte[]", "note", [listeners, 0, listeners * 80], vec![], 0);
    let elements = row("com.acme.Listener", "", [listeners, 0, listeners * 100], vec![note], 0);
    let array = row(
        "java.lang.Object[]",
        "java.util.ArrayList.elementData",
        [1, 16, 16 + listeners * 100],
        vec![elements],
        0,
    );
    let list = row("com.acme.MyList", "listeners", [1, 24, 40 + listeners * 100], vec![array], 0);
    let bus = row("com.acme.Bus", "bus", [1, 16, 56 + listeners * 100], vec![list], 0);
    let value = row("com.acme.Session", "value", [cached, 0, cached * 300], vec![], 0);
    let entries = row("java.util.HashMap$Node", "", [cached, 0, cached * 332], vec![value], 0);
    let nodes = row("java.util.HashMap$Node[]", "table", [1, 64, 64 + cached * 332], vec![entries], 0);
    let cache = row("java.util.HashMap", "sessions", [1, 48, 112 + cached * 332], vec![nodes], 0);
    let products = row("com.acme.Product[]", "products", [1, catalogue, catalogue], vec![], 0);
    row(
        SERVICE,
        "INSTANCE",
        [1, 32, 200 + listeners * 100 + cached * 332 + catalogue],
        vec![bus, cache, products],
        0,
    )
}

fn dump(listeners: u64, cached: u64) -> Report {
    let service = service(listeners, cached, 1_000_000);
    let bytes =
        service.cells.iter().find_map(|cell| if let Cell::Bytes(bytes) = cell { Some(*bytes) } else { None });
    let class = row("class com.acme.Service", "", [1, 0, bytes.unwrap_or(0)], vec![service], 0);
    let mut report = with_tree(vec![class]);
    report.heap.shallow_bytes = 2_000_000;
    report
}

/// The same while a thread works with the service: then it is not its field alone that holds it.
fn while_working(listeners: u64, cached: u64) -> Report {
    let mut service = service(listeners, cached, 1_000_000);
    service.cells[1] = Cell::None;
    let mut report = with_tree(vec![service]);
    report.heap.shallow_bytes = 2_000_000;
    report
}

fn headline(section: &Section) -> String {
    let Block::Prose { text } = &section.blocks[0] else { panic!("a headline") };
    Language::En.text(text)
}

#[test]
fn what_grows_steadily_comes_before_a_cache_that_fills() {
    let dumps = [dump(100, 100), dump(300, 900), dump(500, 900)];
    let section = compare(&dumps.iter().collect::<Vec<_>>(), 0);
    assert_eq!(
        headline(&section),
        "com.acme.Bus.listeners grew from 9.80 KiB to 48.9 KiB: 400 more Listener."
    );
    let rows = &table(&section, "collections").rows;
    let names: Vec<&Cell> = rows.iter().map(|row| &row[0]).collect();
    let name = |name: &str| Cell::Value(name.to_owned());
    assert_eq!(names, [&name("com.acme.Bus.listeners"), &name("com.acme.Service.sessions")]);
    assert_eq!(
        rows[0][1..5],
        [Cell::Class("com.acme.Listener".into()), Cell::Count(100), Cell::Count(500), Cell::CountDelta(400)]
    );
    assert_eq!(rows[1][1], Cell::Class("com.acme.Session".into()), "not the nodes of the map");
    assert_eq!(rows[1][4], Cell::CountDelta(800));
    // The service itself, and the notes of the listeners, are not to blame.
}

#[test]
fn what_a_thread_works_with_has_not_grown_from_nothing() {
    for dumps in [[while_working(100, 900), dump(300, 900)], [dump(100, 900), while_working(300, 900)]] {
        let section = compare(&dumps.iter().collect::<Vec<_>>(), 0);
        assert_eq!(
            headline(&section),
            "com.acme.Bus.listeners grew from 9.80 KiB to 29.3 KiB: 200 more Listener."
        );
        assert_eq!(table(&section, "collections").rows.len(), 1);
        for row in &table(&section, "branches").rows {
            assert!(matches!(row[6], Cell::BytesDelta(change) if change <= 20_000), "{row:?}");
        }
    }
}

#[test]
fn where_nothing_grew_nothing_is_blamed() {
    let dumps = [dump(100, 900), dump(101, 900)];
    let section = compare(&dumps.iter().collect::<Vec<_>>(), 0);
    assert!(headline(&section).starts_with("No holder of much memory grew"), "{}", headline(&section));
}

#[test]
fn a_broken_budget_of_growth_leads_to_the_collection() {
    let addressed = |mut report: Report| {
        for section in report.inspections.iter_mut().filter(|section| section.id == "dominators") {
            let Some(Block::Tree(tree)) = section.blocks.first_mut() else { continue };
            tree.columns.push(oomph::report::Column::left("address"));
            let mut open: Vec<(&mut TreeNode, u64)> =
                tree.nodes.iter_mut().map(|node| (node, 0x1000)).collect();
            while let Some((node, address)) = open.pop() {
                let is_one = node.cells[2] == Cell::Count(1);
                node.cells.push(if is_one { Cell::Address(address) } else { Cell::None });
                open.extend((1..).zip(&mut node.children).map(|(at, child)| (child, address * 16 + at)));
            }
        }
        report
    };
    let (old, new) = (addressed(dump(1000, 900)), addressed(dump(3000, 900)));
    let judged = |policy: &str, old: Option<&Report>| {
        let policy: Policy = policy.parse().unwrap();
        evaluate(&policy, &new, old, date(2027, 1, 1))
    };
    let growth = judged("[growth]\ncollections = \"50%\"\nignore-below = 1\n", Some(&old));
    let holder = judged("[[holder]]\nholder = \"com.acme.Bus.listeners\"\nmax-retained = 5000\n", None);
    for judgement in [growth, holder] {
        let broken: Vec<_> = judgement.with_status(Status::Failed).collect();
        let [broken] = broken.as_slice() else { panic!("one budget is broken: {broken:#?}") };
        assert_eq!(
            broken.holder.as_ref().map(|holder| holder.label()).as_deref(),
            Some("com.acme.Bus.listeners")
        );
        let path: Vec<_> =
            broken.path.iter().map(|step| (step.class.as_str(), step.field.as_deref())).collect();
        assert_eq!(
            path,
            [
                ("com.acme.Service", Some("INSTANCE")),
                (SERVICE, Some("bus")),
                ("com.acme.Bus", Some("listeners")),
                ("com.acme.MyList", None)
            ]
        );
        assert_eq!(broken.see, ["show", "0x1000111"], "the list");
    }
}
