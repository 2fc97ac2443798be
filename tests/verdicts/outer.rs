//! Lists of which an inner method has one link in hand, and an outer one the object that has the list.

use crate::judge;
use hprof_fixtures::{Addr, HeapBuilder, Kind, PrimitiveArray, Value};
use oomph::report::Report;

/// A parser with its tokens in a list and its input; a matcher that is called with one token after the other. What the caller has in hand may be the parser or not.
fn tokens(at: usize, has_parser: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let token = heap.app_class("com.acme.Token").field("text", Kind::Ref).field("next", Kind::Ref).build();
    let mut all: Vec<Addr> = Vec::new();
    let mut next = Addr::NULL;
    for number in 0..4000 {
        let text = heap.string(&format!("token {number} of a statement that is long"));
        next = heap.instance(token, &[Value::Ref(text), Value::Ref(next)]);
        all.push(next);
    }
    all.reverse();
    let input = heap.primitive_array(PrimitiveArray::zeros(Kind::Char, 50_000));
    let parser = heap.app_class("com.acme.Parser").field("input", Kind::Ref).field("first", Kind::Ref);
    let parser = parser.field("last", Kind::Ref).build();
    let of = heap.instance(parser, &[Value::Ref(input), Value::Ref(all[0]), Value::Ref(all[3999])]);
    let (matcher, desk) =
        (heap.app_class("com.acme.Matcher").build(), heap.app_class("com.acme.Desk").build());
    let mut thread =
        heap.thread("reconcile-1").frame(matcher, "match", "()V", "Matcher.java", 13).local(all[at]);
    if has_parser {
        thread = thread.frame(parser, "sum", "()V", "Parser.java", 11).local(of);
        thread = thread.frame(desk, "reconcile", "()V", "Desk.java", 16).local(of);
    } else {
        thread = thread.frame(desk, "reconcile", "()V", "Desk.java", 16);
    }
    thread.build();
    judge(heap)
}

#[test]
fn what_an_outer_method_has_all_of_is_not_held_by_the_inner_one_that_has_a_link() {
    let report = tokens(40, true);
    let [only] = &report.suspects[..] else { panic!("{:?}", report.suspects) };
    assert_eq!(only.holder.label(), "com.acme.Parser.sum(Parser.java:11) in thread \"reconcile-1\"");
    assert_eq!(only.class, "com.acme.Parser");
    assert_eq!(
        only.until.as_ref().map(ToString::to_string).as_deref(),
        Some("com.acme.Desk.reconcile(Desk.java:16)")
    );
    let fields: Vec<&str> = only.path.iter().filter_map(|step| step.field.as_deref()).collect();
    assert_eq!(fields, ["<local> com.acme.Parser.sum(Parser.java:11)"]);
    // Nobody else has it.
    let report = tokens(40, false);
    let first = &report.suspects[0];
    assert_eq!(first.holder.label(), "com.acme.Matcher.match(Matcher.java:13) in thread \"reconcile-1\"");
    assert_eq!(first.class, "com.acme.Token");
}
