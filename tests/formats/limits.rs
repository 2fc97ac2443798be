//! A cache that still fills beside a leak that has just begun, from heaps to growth, proposed policies and baselines.

use crate::gate::table;
use hprof_fixtures::{Addr, HeapBuilder, Kind, Root, Value};
use jiff::civil::date;
use oomph::gate::{Judgement, NEEDED, Policy, Status, compare, evaluate, propose};
use oomph::inspect::{report_to_compare, rules::RuleSet};
use oomph::progress::Progress;
use oomph::render::text::Language;
use oomph::report::{Block, Cell, Report, Section, Text};
use oomph::snapshot::{Options, Snapshot};
use oomph::storage::Source;

/// How the cache of the heap says that it has a limit.
#[derive(Clone, Copy, PartialEq)]
enum Says {
    Nothing,
    /// A field of the object that holds the map.
    Field,
    /// A constant of its class.
    Constant,
    /// The map is a sub class of `LinkedHashMap` in access order.
    AccessOrder,
}

/// A service with a cache of rows and a list of open alerts.
fn heap(cached: i32, open: i32, says: Says) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let row = heap.app_class("com.acme.Row").field("a", Kind::Long).field("b", Kind::Long).build();
    let alert = heap.app_class("com.acme.Alert").field("at", Kind::Long).build();
    let rows: Vec<Addr> =
        (0..cached).map(|n| heap.instance(row, &[Value::Long(n.into()), Value::Long(0)])).collect();
    let entries: Vec<(Addr, Addr)> = (0..).zip(rows).map(|(n, row)| (heap.boxed_int(n), row)).collect();
    let mut map = heap.hash_map(&entries);
    if says == Says::AccessOrder {
        let hash_map = heap.jdk_class("java.util.HashMap");
        let linked = heap.class("java.util.LinkedHashMap").extends(hash_map);
        let linked = linked.field("accessOrder", Kind::Boolean).build();
        let lru = heap.app_class("com.acme.RowCache$1").extends(linked).build();
        let fields = [("accessOrder", Value::Boolean(true)), ("modCount", Value::Int(9 * cached))];
        map = heap.hash_map_of(lru, &entries, &fields);
    }
    let cache = heap.app_class("com.acme.RowCache").field("rows", Kind::Ref).field("maxEntries", Kind::Int);
    let cache = if says == Says::Constant { cache.static_field("MAX_SIZE", Value::Int(3000)) } else { cache };
    let cache = cache.build();
    let limit = if says == Says::Field { 3000 } else { 0 };
    let cache = heap.instance(cache, &[Value::Ref(map), Value::Int(limit)]);
    let alerts: Vec<Addr> = (0..open).map(|n| heap.instance(alert, &[Value::Long(n.into())])).collect();
    let list = heap.array_list(&alerts);
    let desk = heap.app_class("com.acme.Desk").static_field("CACHE", Value::Ref(cache));
    let desk = desk.static_field("OPEN", Value::Ref(list)).build();
    heap.root(Root::StickyClass(desk.address()));
    let source = Source::from_memory(heap.finish());
    let snapshot =
        Snapshot::from_source(source, "desk.hprof", &Options::default(), &Progress::silent()).unwrap();
    report_to_compare(&snapshot, &RuleSet::builtin(), NEEDED).unwrap()
}

fn sentences(section: &Section) -> Vec<String> {
    let prose = section.blocks.iter().filter_map(|block| match block {
        Block::Prose { text } => Some(Language::En.text(text)),
        _ => None,
    });
    prose.collect()
}

fn holders(section: &Section) -> Vec<&Cell> {
    table(section, "collections").rows.iter().map(|row| &row[0]).collect()
}

#[test]
fn between_two_dumps_a_cache_that_fills_comes_after_a_smaller_leak() {
    let cache = Cell::Value("com.acme.RowCache.rows".into());
    let leak = Cell::Value("com.acme.Desk.OPEN".into());
    for says in [Says::Field, Says::Constant, Says::AccessOrder, Says::Nothing] {
        let dumps = [heap(1000, 200, says), heap(2000, 400, says)];
        let section = compare(&dumps.iter().collect::<Vec<_>>(), 0);
        let told = sentences(&section);
        if says == Says::Nothing {
            assert_eq!(holders(&section), [&cache, &leak], "nothing tells them apart");
            assert!(!told.iter().any(|sentence| sentence.contains("limit")), "{told:?}");
            continue;
        }
        assert_eq!(holders(&section), [&leak, &cache]);
        let page = oomph::render::html::growth(&section, &oomph::render::html::HtmlOptions::default());
        assert_eq!(page.matches("Has a limit").count(), 1, "one card is no alarm");
        let json = oomph::render::json::section(&section, Language::En);
        crate::json::assert_valid("growth.schema.json", &json);
        assert!(told[0].starts_with("com.acme.Desk.OPEN grew"), "{told:?}");
        let limit = table(&section, "collections").rows[1].last().unwrap();
        if says == Says::AccessOrder {
            assert!(told[1].contains("but evicts"), "{told:?}");
            assert_eq!(*limit, Cell::Text(Text::message("growth-evicts")));
        } else {
            assert!(told[1].contains("2,000 of 3,000 elements"), "{told:?}");
            assert_eq!(*limit, Cell::Count(3000));
        }
    }
}

#[test]
fn of_three_dumps_growth_that_slows_down_comes_after_a_steady_leak() {
    let dumps =
        [heap(1000, 200, Says::Nothing), heap(2000, 400, Says::Nothing), heap(2200, 600, Says::Nothing)];
    let section = compare(&dumps.iter().collect::<Vec<_>>(), 0);
    assert_eq!(holders(&section)[0], &Cell::Value("com.acme.Desk.OPEN".into()));
}

fn judged(text: &str, report: &Report, earlier: Option<&Report>) -> Judgement {
    let policy: Policy = text.parse().unwrap_or_else(|error| panic!("{error}\n{text}"));
    evaluate(&policy, report, earlier, date(2027, 1, 1))
}

fn broken(judgement: &Judgement) -> Vec<(String, Option<String>)> {
    let failed = judgement.with_status(Status::Failed);
    failed.map(|one| (one.budget.clone(), one.holder.as_ref().map(|holder| holder.label()))).collect()
}

#[test]
fn a_proposed_policy_lets_caches_fill_and_catches_a_small_leak() {
    for says in [Says::Field, Says::Constant] {
        let policy = propose(&heap(1000, 200, says));
        assert!(policy.contains("with 1000 of 3000 elements"), "{policy}");
        assert_eq!(broken(&judged(&policy, &heap(1000, 200, says), None)), []);
        assert_eq!(broken(&judged(&policy, &heap(3000, 260, says), None)), [], "a healthy dump later");
        let leak = broken(&judged(&policy, &heap(1500, 6000, says), None));
        assert_eq!(leak[0].1.as_deref(), Some("com.acme.Desk.OPEN"), "{leak:?}\n{policy}");
        assert!(
            leak.iter().all(|(_, holder)| holder.as_deref() != Some("com.acme.RowCache.rows")),
            "{leak:?}"
        );
    }
}

#[test]
fn a_baseline_lets_caches_fill() {
    let growth =
        "[growth]\nheap = \"20%\"\nclasses = \"50%\"\ncollections = \"50%\"\nignore-below = \"1 KiB\"\n";
    let fails =
        |says, cached, open| broken(&judged(growth, &heap(cached, open, says), Some(&heap(1000, 200, says))));
    let holders = |fails: &[(String, Option<String>)]| -> Vec<Option<String>> {
        fails
            .iter()
            .filter(|(key, _)| key == "growth.collections")
            .map(|(_, holder)| holder.clone())
            .collect()
    };
    assert!(!holders(&fails(Says::Nothing, 2500, 200)).is_empty(), "what has no limit must not double");
    assert_eq!(holders(&fails(Says::Field, 2500, 200)), []);
    assert!(!fails(Says::Field, 2500, 200).iter().any(|(key, _)| key == "growth.heap"));
    let leak = fails(Says::Field, 2500, 900);
    assert_eq!(holders(&leak), [Some("com.acme.Desk.OPEN".to_owned())], "{leak:?}");
}
