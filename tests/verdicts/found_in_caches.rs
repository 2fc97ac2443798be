//! Caches of which a rule knows nothing wrong, full of what another one does.

use crate::{bytes, held_by_static, judge, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::{Report, Standing};

/// The limit of a Caffeine cache, and whether the futures in it are completed.
struct Cache {
    class: &'static str,
    maximum: i64,
    is_completed: bool,
}

/// A cache of futures whose entries expire, beside 100 mappers that take much less.
fn cache_of_futures(cache: &Cache) -> Report {
    const COUNT: i32 = 5200;
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let future = heap.class("java.util.concurrent.CompletableFuture").field("result", Kind::Ref);
    let future = future.field("stack", Kind::Ref).build();
    let base = heap.class("java.util.concurrent.CompletableFuture$UniCompletion").field("next", Kind::Ref);
    let base = base.field("dep", Kind::Ref).field("src", Kind::Ref).build();
    let stage = heap.class("java.util.concurrent.CompletableFuture$UniApply").extends(base);
    let stage = stage.field("fn", Kind::Ref).build();
    let function = heap.app_class("com.acme.Lookup$$Lambda$7").field("arg$1", Kind::Ref).build();
    let entries: Vec<(Addr, Addr)> = (0..COUNT)
        .map(|number| {
            let request = bytes(&mut heap, 400);
            if cache.is_completed {
                let fields = [Value::Ref(request), Value::Ref(Addr::NULL)];
                return (heap.boxed_int(number), heap.instance(future, &fields));
            }
            let function = heap.instance(function, &[Value::Ref(request)]);
            let made = heap.instance(future, &[Value::Ref(Addr::NULL), Value::Ref(Addr::NULL)]);
            let dependent = heap.instance(future, &[Value::Ref(Addr::NULL), Value::Ref(Addr::NULL)]);
            let fields = [("dep", dependent), ("src", made), ("fn", function)];
            let fields = fields.map(|(name, object)| (name, Value::Ref(object)));
            let waiting = heap.instance_with(stage, &fields);
            heap.set_field(made, "stack", Value::Ref(waiting));
            (heap.boxed_int(number), made)
        })
        .collect();
    let data = heap.concurrent_hash_map(&entries);
    let kind = heap.class("com.github.benmanes.caffeine.cache.BoundedLocalCache").loader(loader);
    let kind = kind.field("data", Kind::Ref).build();
    let made = heap.class(cache.class).loader(loader).extends(kind);
    let made = made.field("expiresAfterWriteNanos", Kind::Long);
    let has_limit = cache.maximum > 0;
    let made = if has_limit {
        made.field("maximum", Kind::Long).field("weightedSize", Kind::Long).build()
    } else {
        made.build()
    };
    let mut fields =
        vec![("data", Value::Ref(data)), ("expiresAfterWriteNanos", Value::Long(600_000_000_000))];
    if has_limit {
        fields.extend([("maximum", Value::Long(cache.maximum)), ("weightedSize", Value::Long(40))]);
    }
    let made = heap.instance_with(made, &fields);
    held_by_static(&mut heap, "com.acme.Lookup", "PROFILES", made);
    let mapper = heap.class("com.fasterxml.jackson.databind.ObjectMapper").loader(loader);
    let mapper = mapper.field("cache", Kind::Ref).build();
    let mappers: Vec<Addr> = (0..100)
        .map(|_| {
            let own = bytes(&mut heap, 6000);
            heap.instance(mapper, &[Value::Ref(own)])
        })
        .collect();
    let mappers = heap.array_list(&mappers);
    held_by_static(&mut heap, "com.acme.Views", "MAPPERS", mappers);
    judge(heap)
}

/// 60 % of a heap that a rule finds wrong come before 15 % of it, although they are in a cache that evicts.
#[test]
fn a_cache_full_of_what_a_rule_finds_wrong_is_to_blame() {
    let with_limit =
        Cache { class: "com.github.benmanes.caffeine.cache.SSMSW", maximum: 2000, is_completed: false };
    let without = Cache { class: "com.github.benmanes.caffeine.cache.SSW", maximum: 0, is_completed: false };
    for cache in [with_limit, without] {
        let report = cache_of_futures(&cache);
        let first = &report.suspects[0];
        assert_eq!(first.rule.as_deref(), Some("java.unfinished-futures"), "{}", cache.class);
        assert_eq!(first.standing, Standing::Blamed);
        let told = Language::En.text(&report.verdict.sentences[0]);
        assert!(told.starts_with("5,200 CompletableFutures"), "{told}");
        assert!(told.contains("com.acme.Lookup.PROFILES"), "{told}");
        // It has a limit already.
        let advice = crate::english(&first.advice);
        assert_eq!(advice.contains("give it a maximumSize"), cache.maximum == 0, "{advice}");
        assert_eq!(advice.contains("until its future is completed"), cache.maximum > 0, "{advice}");
        assert_eq!(report.suspects[1].rule.as_deref(), Some("jackson.repeated-mapper"));
    }
}

/// What is completed is what a cache is for.
#[test]
fn a_cache_of_futures_that_are_completed_is_none() {
    let report = cache_of_futures(&Cache {
        class: "com.github.benmanes.caffeine.cache.SSW",
        maximum: 0,
        is_completed: true,
    });
    let cache = report.suspects.iter().find(|suspect| suspect.holder.label() == "com.acme.Lookup.PROFILES");
    let cache = cache.unwrap();
    assert_eq!(cache.rule.as_deref(), Some("caffeine.expiring-cache"));
    assert_eq!(cache.standing, Standing::Largest);
    assert_eq!(report.suspects[0].rule.as_deref(), Some("jackson.repeated-mapper"));
}

/// Of two leaks that which has most of the heap comes first, whatever a rule knows of the other one.
#[test]
fn what_is_most_of_the_heap_comes_first() {
    let first = |rows: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let loader = heap.app_class_loader();
        let mapper = heap.class("com.fasterxml.jackson.databind.ObjectMapper").loader(loader);
        let mapper = mapper.field("cache", Kind::Ref).build();
        let mappers: Vec<Addr> = (0..400)
            .map(|_| {
                let own = bytes(&mut heap, 5000);
                heap.instance(mapper, &[Value::Ref(own)])
            })
            .collect();
        let mappers = heap.array_list(&mappers);
        held_by_static(&mut heap, "com.acme.Views", "MAPPERS", mappers);
        let rows = payload(&mut heap, "com.acme.Watcher", rows, 1000);
        let rows = heap.array_list(&rows);
        held_by_static(&mut heap, "com.acme.Board", "WATCHERS", rows);
        judge(heap).suspects[0].holder.label()
    };
    assert_eq!(first(2400), "com.acme.Board.WATCHERS");
    assert_eq!(first(1700), "com.acme.Views.MAPPERS");
}
