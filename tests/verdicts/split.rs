//! Objects of one class that belong to different holders: each is told with its own.

use crate::{held_by_static, judge, payload};
use hprof_fixtures::{Addr, HeapBuilder, Value};
use oomph::render::text::Language;
use oomph::report::Report;

/// Objects of a library, all of which are in a table of the library as well, so that nobody dominates them.
fn sources(heap: &mut HeapBuilder, count: usize) -> Vec<Addr> {
    let sources = payload(heap, "org.apache.commons.compress.Source", count, 16 << 10);
    let table = heap.object_array("java.lang.Object[]", &sources);
    let registry = heap.class("java.util.zip.ZipFile$Source");
    registry.static_field("files", Value::Ref(table)).sticky().build();
    sources
}

fn titles(report: &Report) -> Vec<String> {
    report.suspects.iter().map(|suspect| Language::En.text(&suspect.title)).collect()
}

/// 420 of 600 are in one map of the application's, the others in another: neither has 600.
#[test]
fn each_holder_is_told_with_its_own_of_many_of_a_class() {
    let mut heap = HeapBuilder::hotspot17();
    let sources = sources(&mut heap, 600);
    let (mine, others) = sources.split_at(420);
    let mine = heap.array_list(mine);
    held_by_static(&mut heap, "com.acme.PackIndex", "OPEN", mine);
    let others = heap.array_list(others);
    held_by_static(&mut heap, "com.acme.Plugins", "JARS", others);
    let report = judge(heap);
    let told = titles(&report);
    assert_eq!(told[0], "420 Source held by com.acme.PackIndex.OPEN", "{told:?}");
    assert_eq!(told[1], "180 Source held by com.acme.Plugins.JARS", "{told:?}");
    let made_of = report.suspects[0]
        .composition
        .iter()
        .find(|share| share.class == "org.apache.commons.compress.Source");
    assert_eq!(made_of.map(|share| share.instances), Some(420));
    assert!(report.suspects[0].retained_bytes < 430 * (16 << 10), "{}", report.suspects[0].retained_bytes);
}

/// Connections in two registries of a server.
#[test]
fn what_registries_of_a_library_have_is_not_split() {
    let mut heap = HeapBuilder::hotspot17();
    let sources = sources(&mut heap, 600);
    let (some, others) = sources.split_at(420);
    for (class, members) in [("org.eclipse.jetty.Connector", some), ("org.eclipse.jetty.Selector", others)] {
        let members = heap.array_list(members);
        let loader = heap.app_class_loader();
        let class = heap.class(class).loader(loader);
        class.static_field("ALL", Value::Ref(members)).sticky().build();
    }
    let told = titles(&judge(heap));
    assert!(told[0].starts_with("600 Source held by "), "{told:?}");
}

/// What two indexes hold together belongs to neither, whichever of them the shortest path to each leads through.
#[test]
fn what_two_indexes_share_is_not_split() {
    let mut heap = HeapBuilder::hotspot17();
    let sources = sources(&mut heap, 600);
    let list = heap.array_list(&sources);
    held_by_static(&mut heap, "com.acme.PackIndex", "OPEN", list);
    // The shorter way to some of them.
    let again = heap.object_array("java.lang.Object[]", &sources[..240]);
    held_by_static(&mut heap, "com.acme.Plugins", "JARS", again);
    let told = titles(&judge(heap));
    assert!(told[0].starts_with("600 Source held by "), "{told:?}");
}
