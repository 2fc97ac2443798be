//! Lists and trees of which an inner method has one link or node in hand, and an outer one the object that has the list, or the node above.

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

/// A document that a call puts together: what it has called has the element in hand that was appended last, and it has the root or something else itself.
fn document(has_root: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let element = heap.class("com.sun.org.apache.xerces.internal.dom.ElementImpl");
    let element = element.field("ownerNode", Kind::Ref).field("firstChild", Kind::Ref);
    let element = element.field("nextSibling", Kind::Ref).field("previousSibling", Kind::Ref);
    let element = element.field("name", Kind::Ref).build();
    let none = [("name", Value::Ref(Addr::NULL))];
    let root = heap.instance_with(element, &none);
    let mut all: Vec<Addr> = Vec::new();
    for number in 0..5000 {
        let name = heap.string(&format!("InstrId of transfer {number} in this file"));
        let inner = heap.instance_with(element, &[("name", Value::Ref(name))]);
        let fields = [("ownerNode", Value::Ref(root)), ("firstChild", Value::Ref(inner))];
        let of = heap.instance_with(element, &fields);
        heap.set_field(inner, "ownerNode", Value::Ref(of));
        // The first one leads to the last one.
        heap.set_field(inner, "previousSibling", Value::Ref(inner));
        if let Some(&before) = all.last() {
            heap.set_field(before, "nextSibling", Value::Ref(of));
            heap.set_field(of, "previousSibling", Value::Ref(before));
        }
        all.push(of);
    }
    heap.set_field(root, "firstChild", Value::Ref(all[0]));
    heap.set_field(all[0], "previousSibling", Value::Ref(all[4999]));
    let export = heap.app_class("com.acme.Export").build();
    let other = heap.instance(export, &[]);
    let class =
        heap.class("com.sun.org.apache.xerces.internal.dom.DocumentImpl").field("docElement", Kind::Ref);
    let class = class.build();
    let of_root = heap.instance(class, &[Value::Ref(root)]);
    heap.set_field(root, "ownerNode", Value::Ref(of_root));
    let thread = heap.thread("http-1").frame(export, "child", "()V", "Export.java", 8).local(all[4999]);
    let thread = thread.frame(export, "transfer", "()V", "Export.java", 7);
    let thread = if has_root { thread.local(of_root) } else { thread };
    let thread = thread.frame(export, "file", "()V", "Export.java", 5);
    let thread = if has_root { thread.local(of_root) } else { thread };
    thread.local(if has_root { root } else { other }).build();
    judge(heap)
}

#[test]
fn who_has_the_root_of_a_tree_holds_it_and_not_whom_it_has_given_a_node() {
    let report = document(true);
    let [only] = &report.suspects[..] else { panic!("{:?}", report.suspects) };
    assert_eq!(only.holder.label(), "com.acme.Export.file(Export.java:5) in thread \"http-1\"");
    assert_eq!((only.until.as_ref(), only.holders.len()), (None, 0), "{:?}", only.holders);
    assert_eq!(only.path[0].field.as_deref(), Some("<local> com.acme.Export.file(Export.java:5)"));
    // Those of both levels.
    assert!((9990..=10_001).contains(&only.instances), "{}", only.instances);
    let first = &document(false).suspects[0];
    assert_eq!(first.holder.label(), "com.acme.Export.child(Export.java:8) in thread \"http-1\"");
}
