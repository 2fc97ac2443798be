//! Pools of the application's own making: what was taken and never given back, and what is idle.

use crate::{bytes, english, held_by_static, ids, judge};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::{Report, Standing};

/// A pool of 400 frames.
#[derive(Debug, Clone, Copy)]
struct Pool {
    /// What its field with some of them is called.
    field: &'static str,
    /// How many of them are in that.
    idle: usize,
    /// Whether these lead from one to the next, and are in no list.
    is_chain: bool,
    /// How many are in use.
    used: usize,
    /// Whether what is idle is none of those.
    are_others: bool,
}

const LOST: Pool = Pool { field: "idle", idle: 2, is_chain: true, used: 0, are_others: false };

fn pool(pool: Pool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let frame = heap.app_class("com.acme.Frame").field("next", Kind::Ref).field("pixels", Kind::Ref).build();
    let mut next = Addr::NULL;
    let mut all: Vec<Addr> = Vec::new();
    for at in 0..400 + pool.idle {
        let pixels = bytes(&mut heap, 10_000);
        let link = if pool.is_chain && at < pool.idle { next } else { Addr::NULL };
        next = heap.instance(frame, &[Value::Ref(link), Value::Ref(pixels)]);
        all.push(next);
    }
    let idle = &all[..pool.idle];
    let idle_ones = if pool.is_chain { idle[pool.idle - 1] } else { heap.array_list(idle) };
    let made = if pool.are_others { &all[pool.idle..] } else { &all[..400] };
    let used = all[399 - pool.used..399].to_vec();
    let all_ones = heap.array_list(made);
    let class = heap.app_class("com.acme.FramePool").field("all", Kind::Ref).field(pool.field, Kind::Ref);
    let class = class.build();
    let frames = heap.instance(class, &[Value::Ref(all_ones), Value::Ref(idle_ones)]);
    held_by_static(&mut heap, "com.acme.Hub", "FRAMES", frames);
    let used = heap.array_list(&used);
    held_by_static(&mut heap, "com.acme.Cameras", "NOW", used);
    judge(heap)
}

fn said(report: &Report) -> (String, Vec<&str>) {
    let first = &report.suspects[0];
    (english(&first.activity), ids(&first.advice))
}

#[test]
fn what_only_the_list_of_all_refers_to_was_never_given_back() {
    for is_chain in [true, false] {
        let report = pool(Pool { is_chain, ..LOST });
        let (activity, advice) = said(&report);
        let expected = "It is a pool: of 400 Frame in FramePool.all only 2 are in FramePool.idle, and nothing but FramePool.all refers to 398 of them: they were taken and never given back.";
        assert!(activity.contains(expected), "{activity}");
        assert_eq!(advice, ["suspect-advice-pool-lost"]);
        assert_eq!(report.suspects[0].standing, Standing::Blamed);
    }
}

#[test]
fn what_is_in_use_or_in_no_pool_was_not_lost() {
    for (case, why) in [
        (Pool { used: 200, ..LOST }, "in use"),
        (Pool { field: "pending", ..LOST }, "by its name no pool"),
        (Pool { are_others: true, ..LOST }, "others are idle"),
    ] {
        let report = pool(case);
        let (activity, advice) = said(&report);
        assert!(!activity.contains("a pool"), "{why}: {activity}");
        assert!(!advice.contains(&"suspect-advice-pool-lost"), "{why}: {advice:?}");
    }
}

#[test]
fn a_pool_of_which_nearly_all_are_idle_is_only_large() {
    let report = pool(Pool { idle: 390, is_chain: false, ..LOST });
    let (activity, _) = said(&report);
    assert!(activity.contains("It is a pool: 390 of 400 Frame are idle, in FramePool.idle."), "{activity}");
    assert_eq!(report.suspects[0].standing, Standing::Largest);
    let report = pool(Pool { idle: 390, is_chain: false, field: "pending", ..LOST });
    assert_eq!(report.suspects[0].standing, Standing::Blamed, "what waits is no pool");
}

/// An array of the free ones, all that the pool knows.
#[test]
fn an_array_of_free_ones_that_is_full_is_only_large() {
    let standing = |field: &str, top: i32, grows: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let segment = heap.app_class("com.acme.Segment").field("samples", Kind::Ref).build();
        let all: Vec<Addr> = (0..900)
            .map(|at| {
                let samples = bytes(&mut heap, if grows { 8000 + at % 9 } else { 8000 });
                heap.instance(segment, &[Value::Ref(samples)])
            })
            .collect();
        let all = heap.object_array("com.acme.Segment[]", &all);
        let pool = heap.app_class("com.acme.SegmentPool").field(field, Kind::Ref).field("top", Kind::Int);
        let pool = pool.build();
        let pool = heap.instance(pool, &[Value::Ref(all), Value::Int(top)]);
        held_by_static(&mut heap, "com.acme.Node", "POOL", pool);
        judge(heap).suspects[0].standing
    };
    assert_eq!(standing("free", 900, false), Standing::Largest);
    assert_eq!(standing("segments", 900, false), Standing::Blamed, "by its name no pool");
    assert_eq!(standing("free", 900, true), Standing::Blamed, "what is in them may grow");
}
