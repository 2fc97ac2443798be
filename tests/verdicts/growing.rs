//! The level that grows: listeners of channels, maps under constants, lists of cells, and not the fixed collection around them.

use crate::{bytes, english, held_by_static, judge};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::Suspect;

fn said(suspect: &Suspect) -> String {
    let title = english(std::slice::from_ref(&suspect.title));
    format!("{title} | {} | {}", english(&suspect.activity), english(&suspect.advice))
}

/// Sessions by way of lambdas in the listeners of so many channels, each in the same number of them.
fn listeners_of_channels(channels: usize, of_each: usize, field: &str) -> String {
    let mut heap = HeapBuilder::hotspot17();
    let session = heap.app_class("com.acme.Session").field("data", Kind::Ref).build();
    let lambda = heap.app_class("com.acme.Session$$Lambda$14").field("arg$1", Kind::Ref).build();
    let channel = heap.app_class("com.acme.Channel").field(field, Kind::Ref).build();
    let mut registered: Vec<Vec<Addr>> = vec![Vec::new(); channels];
    for at in 0..3000 {
        let data = bytes(&mut heap, 2000);
        let session = heap.instance(session, &[Value::Ref(data)]);
        for other in 0..of_each {
            let made = heap.instance(lambda, &[Value::Ref(session)]);
            registered[(at + other) % channels].push(made);
        }
    }
    let entries: Vec<(Addr, Addr)> = registered
        .into_iter()
        .enumerate()
        .map(|(at, mut of_channel)| {
            of_channel.push(Addr::NULL);
            let array = heap.object_array("com.acme.Listener[]", &of_channel);
            let key = heap.boxed_int(i32::try_from(at).unwrap());
            (key, heap.instance(channel, &[Value::Ref(array)]))
        })
        .collect();
    let map = heap.hash_map(&entries);
    held_by_static(&mut heap, "com.acme.House", "CHANNELS", map);
    said(&judge(heap).suspects.remove(0))
}

#[test]
fn the_field_of_the_objects_in_a_collection_is_told_where_that_grows() {
    let said = listeners_of_channels(40, 4, "listeners");
    assert!(
        said.contains("They are in the field listeners of 40 Channel, in 12,000 places in all."),
        "{said}"
    );
    assert!(!said.contains("The map has"), "{said}");
    let said = listeners_of_channels(40, 4, "targets");
    assert!(said.contains("look at what is put into targets of each Channel and never taken out"), "{said}");
    // A channel for each.
    let said = listeners_of_channels(1500, 2, "listeners");
    assert!(!said.contains("They are in the field"), "{said}");
}

/// Matches under some constants, in maps of their own.
#[test]
fn the_collections_under_a_few_keys_are_told_to_be_bounded() {
    let mut heap = HeapBuilder::hotspot17();
    let base = heap.class_named("java.lang.Enum");
    let region = heap.app_class("com.acme.Region").extends(base).build();
    let game = heap.app_class("com.acme.Game").field("data", Kind::Ref).build();
    let entries: Vec<(Addr, Addr)> = [("EU_WEST", 2000), ("US_EAST", 500), ("ASIA", 300)]
        .into_iter()
        .map(|(name, count)| {
            let name = heap.string(name);
            let key = heap.instance_with(region, &[("name", Value::Ref(name))]);
            let games: Vec<Addr> = (0..count)
                .map(|_| {
                    let data = bytes(&mut heap, 2000);
                    heap.instance(game, &[Value::Ref(data)])
                })
                .collect();
            (key, heap.array_list(&games))
        })
        .collect();
    let map = heap.hash_map(&entries);
    held_by_static(&mut heap, "com.acme.Lobby", "GAMES", map);
    let said = said(&judge(heap).suspects[0]);
    assert!(said.contains("They are under 3 keys (Region), 2,000 of them under EU_WEST."), "{said}");
    let advised =
        "look at what is put into the collections in com.acme.Lobby.GAMES and never taken out; bound each";
    assert!(said.contains(advised), "{said}");
}

/// Methods of 2,000 flows as callbacks, in a list of somebody else or of their own class.
#[test]
fn callbacks_of_others_are_told_to_be_taken_back() {
    let told = |holder: &str, lambda: &str| {
        let mut heap = HeapBuilder::hotspot17();
        let flow = heap.app_class("com.acme.Flow").field("data", Kind::Ref).build();
        let lambda = heap.app_class(lambda).field("arg$1", Kind::Ref).build();
        let all: Vec<Addr> = (0..2000)
            .map(|_| {
                let data = bytes(&mut heap, 2000);
                let flow = heap.instance(flow, &[Value::Ref(data)]);
                heap.instance(lambda, &[Value::Ref(flow)])
            })
            .collect();
        let all = heap.array_list(&all);
        if holder == "com.acme.Flow" {
            let class = heap.class_named(holder);
            heap.static_field(class, "ALL", Value::Ref(all));
        } else {
            held_by_static(&mut heap, holder, "ALL", all);
        }
        said(&judge(heap).suspects.remove(0))
    };
    let said = told("com.acme.Feed", "com.acme.Flow$$Lambda$14");
    assert!(said.starts_with("2,000 Flow, each kept by a lambda in com.acme.Feed.ALL"), "{said}");
    let advised = "If it grows, and com.acme.Feed.ALL keeps callbacks: whoever registers one takes it back when its Flow ends.";
    assert!(said.contains(advised), "{said}");
    assert!(!said.contains("look at what is put into"), "{said}");
    // Who keeps an object by its lambda has not been handed a method of that.
    let said = told("com.acme.Feed", "com.acme.Page$$Lambda$14");
    assert!(said.contains("look at what is put into com.acme.Feed.ALL"), "{said}");
    assert!(!said.contains("callbacks"), "{said}");
}
