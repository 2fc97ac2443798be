//! Who is to blame where the room for classes has run out.

use crate::{bytes, held_by_static, judge, library_object};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::{OomRole, Report, Standing};

/// What the thread was at that ran out of room for classes.
#[derive(Clone, Copy, PartialEq, Debug)]
enum At {
    /// It had one of the templates in hand.
    Template,
    /// It was in the class that makes their loaders.
    Maker,
    /// It was having a class made by the object whose field has them.
    Owner,
    /// It was loading a class of its own.
    Elsewhere,
}

/// 300 templates in a map, each with a class and a loader of its own, and a thread that throws.
fn templates(at: At) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let app = heap.app_class_loader();
    let loaders = heap.class_named("java.lang.ClassLoader");
    let of_each = heap.class("org.apache.xalan.xsltc.trax.TemplatesImpl$TransletClassLoader").loader(app);
    let of_each = of_each.extends(loaders).build();
    let kind = heap.class("org.apache.xalan.xsltc.trax.TemplatesImpl").loader(app);
    let kind = kind.field("loader", Kind::Ref).field("code", Kind::Ref).build();
    let entries: Vec<(Addr, Addr)> = (0..300)
        .map(|number| {
            let loader = heap.instance_with(of_each, &[]);
            heap.class("org.acme.Translet").loader(loader).build();
            let code = bytes(&mut heap, 4000);
            (heap.boxed_int(number), heap.instance(kind, &[Value::Ref(loader), Value::Ref(code)]))
        })
        .collect();
    let compiled = heap.hash_map(&entries);
    let sheets = heap.app_class("com.acme.Stylesheets").field("compiled", Kind::Ref).build();
    let owner = heap.instance(sheets, &[Value::Ref(compiled)]);
    held_by_static(&mut heap, "com.acme.Feed", "SHEETS", owner);
    let own = heap.app_class("com.acme.FeedController").sticky().build();
    let library = heap.class("org.springframework.cglib.core.ReflectUtils").loader(app).sticky().build();
    let other = library_object(
        &mut heap,
        "org.springframework.cglib.core.Config",
        &[("a", Kind::Int, Value::Int(1))],
    );
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let words = heap.string("Metaspace");
    let thrown = heap.instance_with(error, &[("detailMessage", Value::Ref(words))]);
    let (class, method, local) = match at {
        At::Template => (library, "instance", entries[7].1),
        At::Maker => (kind, "getTransletInstance", other),
        At::Owner => (library, "defineProxy", other),
        At::Elsewhere => (library, "defineProxy", other),
    };
    let in_hand = if at == At::Owner { owner } else { other };
    heap.thread("http-1")
        .frame(error, "<init>", "()V", "OutOfMemoryError.java", 1)
        .local(thrown)
        .frame(loaders, "defineClass", "()V", "ClassLoader.java", 1)
        .frame(class, method, "()V", "X.java", 5)
        .local(local)
        .frame(own, "convert", "()V", "FeedController.java", 22)
        .local(in_hand)
        .build();
    judge(heap)
}

/// How little of the heap a thread holds says nothing of the room for classes.
#[test]
fn nobody_is_the_victim_of_metaspace_by_the_bytes_that_it_holds() {
    for at in [At::Template, At::Maker, At::Owner, At::Elsewhere] {
        let report = templates(at);
        let oom = report.oom.as_ref().unwrap();
        let role = if at == At::Elsewhere { OomRole::Unknown } else { OomRole::Culprit };
        assert_eq!(oom.role, role, "{at:?}");
        let holder = oom.culprit.as_ref().map(oomph::report::Holder::label);
        assert_eq!(holder.as_deref(), Some("com.acme.Stylesheets.compiled"), "{at:?}");
        let told = Language::En.text(&report.verdict.sentences[0]);
        let expected = if at == At::Elsewhere {
            "Whoever needs one more class then gets this error: whether it was adding to com.acme.Stylesheets.compiled, which keeps the class loaders, the dump does not show."
        } else {
            "and it is the culprit: it was filling com.acme.Stylesheets.compiled."
        };
        assert!(told.ends_with(expected), "{told}");
    }
}

/// What it takes of the heap says nothing where the room for classes has run out.
#[test]
fn what_keeps_the_class_loaders_is_not_told_as_nothing_wrong() {
    let report = templates(At::Owner);
    let keeper =
        report.suspects.iter().find(|suspect| suspect.holder.label() == "com.acme.Stylesheets.compiled");
    assert_eq!(keeper.unwrap().standing, Standing::Blamed);
    let said: Vec<String> = report.verdict.sentences.iter().map(|text| Language::En.text(text)).collect();
    assert_eq!(said[1], "300 of the classes that are loaded are org.acme.Translet.");
    assert!(!said[2].contains("HashMap$Node"), "{}", said[2]);
}
