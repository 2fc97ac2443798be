//! Whether what `main` has in its variables was set up for good, or is what it works with.

use crate::{english, judge, library_object, payload};
use hprof_fixtures::{HeapBuilder, Kind, Value};
use oomph::report::{HolderKind, Report, SuspectKind};

/// `main` that waits as `wait` says, with a server of a library in a variable, called by way of `inner` if that is given.
fn server_in_main(wait: (&str, &str), inner: Option<(&str, &str)>) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let handlers = payload(&mut heap, "com.acme.Handler", 400, 4 << 10);
    let handlers = heap.array_list(&handlers);
    let loader = heap.app_class_loader();
    let vertx =
        heap.class("io.vertx.core.impl.VertxImpl").loader(loader).field("handlers", Kind::Ref).build();
    let vertx = heap.instance(vertx, &[Value::Ref(handlers)]);
    let waits = match wait.0 {
        "java.lang.Thread" => heap.class_named(wait.0),
        name => heap.class(name).build(),
    };
    let app = heap.app_class("com.acme.App").sticky().build();
    let called = inner.map(|(class, method)| (heap.app_class(class).sticky().build(), method));
    let mut thread = heap.thread("main").frame(waits, wait.1, "()V", "W.java", 1);
    if let Some((class, method)) = called {
        thread = thread.frame(class, method, "()V", "Inner.java", 5);
    }
    thread.frame(app, "main", "([Ljava/lang/String;)V", "App.java", 9).local(vertx).build();
    judge(heap)
}

#[test]
fn what_a_variable_of_a_waiting_main_holds_is_no_load() {
    for (wait, inner) in [
        (("java.lang.Thread", "sleep"), None),
        (("java.util.concurrent.locks.LockSupport", "park"), None),
        (("java.util.concurrent.CountDownLatch", "await"), Some(("com.acme.Server", "join"))),
        (("java.lang.Object", "wait"), None),
    ] {
        let report = server_in_main(wait, inner);
        let first = &report.suspects[0];
        assert_eq!((first.kind, first.holder.kind), (SuspectKind::Leak, HolderKind::StackLocal), "{wait:?}");
        assert_eq!(first.holder.label(), "com.acme.App.main(App.java:9) in thread \"main\"");
    }
}

/// An object of the application's whose method `main` has called and that waits there as its loop.
#[test]
fn what_the_loop_of_a_program_has_is_no_load() {
    let with = |wait: &[(&str, &str)]| {
        let mut heap = HeapBuilder::hotspot17();
        let presenters = payload(&mut heap, "com.acme.Presenter", 400, 4 << 10);
        let presenters = heap.array_list(&presenters);
        let shell = heap.app_class("com.acme.Shell").field("bus", Kind::Ref).sticky().build();
        let this = heap.instance(shell, &[Value::Ref(presenters)]);
        let frames: Vec<_> = wait
            .iter()
            .map(|&(class, method)| {
                let is_known = class == "java.lang.Object";
                (if is_known { heap.class_named(class) } else { heap.class(class).build() }, method)
            })
            .collect();
        let mut main = heap.thread("main");
        for (class, method) in frames {
            main = main.frame(class, method, "()V", "W.java", 1);
        }
        main.frame(shell, "run", "()V", "Shell.java", 14)
            .local(this)
            .frame(shell, "main", "([Ljava/lang/String;)V", "Shell.java", 22)
            .build();
        judge(heap).suspects.remove(0).kind
    };
    assert_eq!(with(&[("java.lang.Object", "wait")]), SuspectKind::Leak);
}

/// A cache in a bean of the context that `main` has set up and sleeps with, while two calls have the library's interceptor in hand that leads to it
/// by a shorter way.
#[test]
fn what_main_waits_with_is_no_load_of_calls_that_have_it_in_hand() {
    let with = |wait: (&str, &str)| {
        let mut heap = HeapBuilder::hotspot17();
        let offers = payload(&mut heap, "com.acme.Offer", 400, 4 << 10);
        let offers = heap.array_list(&offers);
        let store = [("store", Kind::Ref, Value::Ref(offers))];
        let cache = library_object(&mut heap, "org.springframework.cache.MapCache", &store);
        let caches = heap.array_list(&[cache]);
        let caches = [("caches", Kind::Ref, Value::Ref(caches))];
        let interceptor = library_object(&mut heap, "org.springframework.cache.CacheInterceptor", &caches);
        let beans = heap.array_list(&[interceptor]);
        let beans = [("beans", Kind::Ref, Value::Ref(beans))];
        let context = library_object(&mut heap, "org.springframework.context.Context", &beans);
        let thread = heap.class_named("java.lang.Thread");
        let waits = if wait.0 == "java.lang.Thread" { thread } else { heap.class(wait.0).build() };
        let app = heap.app_class("com.acme.App").sticky().build();
        let aspect = heap.class("org.springframework.cache.CacheAspect").build();
        let main = heap.thread("main").frame(waits, wait.1, "()V", "W.java", 1);
        main.frame(app, "main", "([Ljava/lang/String;)V", "App.java", 9).local(context).build();
        for number in 0..2 {
            heap.thread(&format!("web-{number}"))
                .frame(aspect, "execute", "()V", "CacheAspect.java", 395)
                .local(interceptor)
                .frame(app, "offerFor", "()V", "App.java", 12)
                .build();
        }
        let first = judge(heap).suspects.remove(0);
        (first.kind, first.holder.label())
    };
    let context = "com.acme.App.main(App.java:9) in thread \"main\"".to_owned();
    assert_eq!(with(("java.lang.Thread", "sleep")), (SuspectKind::Leak, context));
    assert_eq!(with(("java.util.regex.Matcher", "find")).0, SuspectKind::Load);
}

#[test]
fn what_main_works_with_is_load() {
    for (wait, inner) in [
        // It computes.
        (("java.util.regex.Matcher", "find"), None),
        // A method that it has called waits for a piece of work.
        (("java.util.concurrent.locks.LockSupport", "park"), Some(("com.acme.Batch", "step"))),
    ] {
        let first = server_in_main(wait, inner).suspects.remove(0);
        assert_eq!(first.kind, SuspectKind::Load, "{wait:?}");
    }
}

/// `main` with a list of papers in a variable that sleeps by way of `inner`, a method with its signature: with a paper in hand, or with an iterator
/// of the list in `main`.
fn sleeping_main(inner: Option<(&str, &str, &str)>, has_paper: bool, iterates: bool) -> SuspectKind {
    let mut heap = HeapBuilder::hotspot17();
    let papers = payload(&mut heap, "com.acme.Paper", 400, 4 << 10);
    let paper = papers[7];
    let papers = heap.array_list(&papers);
    let iterator = heap.class("java.util.ArrayList$Itr").field("this$0", Kind::Ref).build();
    let iterator = heap.instance(iterator, &[Value::Ref(papers)]);
    let thread = heap.class_named("java.lang.Thread");
    let app = heap.app_class("com.acme.App").sticky().build();
    let loader = heap.app_class_loader();
    let inner = inner.map(|(class, method, signature)| {
        (heap.class(class).loader(loader).sticky().build(), method, signature)
    });
    let mut main = heap.thread("main").frame(thread, "sleep", "(J)V", "Thread.java", -2);
    if let Some((class, method, signature)) = inner {
        main = main.frame(class, method, signature, "Inner.java", 5);
        if has_paper {
            main = main.local(paper);
        }
    }
    main = main.frame(app, "main", "([Ljava/lang/String;)V", "App.java", 9).local(papers);
    if iterates {
        main = main.local(iterator);
    }
    main.build();
    judge(heap).suspects.remove(0).kind
}

/// A batch that waits a moment for each piece of its work does not wait for the end.
#[test]
fn what_a_sleeping_main_works_off_is_load() {
    let grade = ("com.acme.Grading", "grade", "(Lcom/acme/Paper;)D");
    assert_eq!(sleeping_main(Some(grade), false, false), SuspectKind::Load);
    let limiter = ("com.google.common.util.concurrent.RateLimiter", "acquire", "()D");
    assert_eq!(sleeping_main(Some(limiter), false, false), SuspectKind::Load);
    let send = Some(("com.acme.Grading", "send", "(Lcom/acme/Paper;)V"));
    assert_eq!(sleeping_main(send, true, false), SuspectKind::Load);
    assert_eq!(sleeping_main(None, false, true), SuspectKind::Load);
    // Nothing says what these wait for.
    assert_eq!(sleeping_main(send, false, false), SuspectKind::Leak);
    assert_eq!(sleeping_main(Some(("com.acme.Program", "run", "()I")), false, false), SuspectKind::Leak);
    assert_eq!(sleeping_main(None, false, false), SuspectKind::Leak);
}

/// `main` with a server in a variable, reading from standard input or from a file of its own.
fn reading_main(standard: bool) -> SuspectKind {
    let mut heap = HeapBuilder::hotspot17();
    let handlers = payload(&mut heap, "com.acme.Handler", 400, 4 << 10);
    let handlers = heap.array_list(&handlers);
    let file = heap.class("java.io.FileInputStream").build();
    let buffered = heap.class("java.io.BufferedInputStream").field("in", Kind::Ref).build();
    let [console, other] = [(); 2].map(|()| heap.instance(file, &[]));
    let input = heap.instance(buffered, &[Value::Ref(console)]);
    heap.class("java.lang.System").static_field("in", Value::Ref(input)).sticky().build();
    let app = heap.app_class("com.acme.App").sticky().build();
    let thread = heap.thread("main").frame(file, "readBytes", "()I", "FileInputStream.java", -3);
    let thread = thread.frame(file, "read", "()I", "FileInputStream.java", 276);
    let thread = thread.local(if standard { console } else { other });
    thread.frame(app, "main", "([Ljava/lang/String;)V", "App.java", 9).local(handlers).build();
    judge(heap).suspects[0].kind
}

#[test]
fn a_main_that_waits_for_a_line_waits_and_one_that_reads_a_file_works() {
    assert_eq!(reading_main(true), SuspectKind::Leak);
    assert_eq!(reading_main(false), SuspectKind::Load);
}

/// A Spring context in a variable of a `main` that sleeps, or in an object of a library that is, with as many listeners, which its multicaster has as well.
fn context_in_main(count: usize, is_wrapped: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let sessions = payload(&mut heap, "com.acme.Session", count, 1 << 10);
    let entries: Vec<_> = sessions.iter().map(|&session| (session, session)).collect();
    let set = heap.class_named("java.util.HashSet");
    let mut listeners = || {
        let map = heap.hash_map(&entries);
        heap.instance(set, &[Value::Ref(map)])
    };
    let (own, others) = (listeners(), listeners());
    let multicaster = "org.springframework.context.event.AbstractApplicationEventMulticaster";
    let retriever = library_object(
        &mut heap,
        &format!("{multicaster}$DefaultListenerRetriever"),
        &[("applicationListeners", Kind::Ref, Value::Ref(others))],
    );
    let loader = heap.app_class_loader();
    let above = heap.class(multicaster).loader(loader).field("defaultRetriever", Kind::Ref);
    let above = above.field("retrieverCache", Kind::Ref).build();
    let simple = heap.class("org.springframework.context.event.SimpleApplicationEventMulticaster");
    let simple = simple.loader(loader).extends(above).build();
    let cache = heap.hash_map(&[]);
    let simple = heap.instance_with(
        simple,
        &[("defaultRetriever", Value::Ref(retriever)), ("retrieverCache", Value::Ref(cache))],
    );
    let above = heap.class("org.springframework.context.support.AbstractApplicationContext").loader(loader);
    let above = above
        .field("applicationListeners", Kind::Ref)
        .field("applicationEventMulticaster", Kind::Ref)
        .build();
    let context = heap.class("org.springframework.context.annotation.AnnotationConfigApplicationContext");
    let context = context.loader(loader).extends(above).build();
    let context = heap.instance_with(
        context,
        &[("applicationListeners", Value::Ref(own)), ("applicationEventMulticaster", Value::Ref(simple))],
    );
    let wrapper = [("context", Kind::Ref, Value::Ref(context))];
    let context = if is_wrapped {
        library_object(&mut heap, "org.springframework.boot.Launched", &wrapper)
    } else {
        context
    };
    let app = heap.app_class("com.acme.App").sticky().build();
    let thread = heap.class_named("java.lang.Thread");
    let main = heap.thread("main").frame(thread, "sleep", "()V", "Thread.java", -2);
    main.frame(app, "main", "([Ljava/lang/String;)V", "App.java", 9).local(context).build();
    judge(heap)
}

#[test]
fn what_a_rule_knows_in_a_variable_of_main_is_held_by_the_field_that_the_rule_names() {
    let report = context_in_main(4000, false);
    let first = &report.suspects[0];
    let field = "org.springframework.context.support.AbstractApplicationContext.applicationListeners";
    assert_eq!((first.kind, &*first.holder.label()), (SuspectKind::Leak, field));
    let said = english(&report.verdict.sentences[..1]);
    let expected = format!(
        "4,000 listeners are registered with a Spring context for its events: 4,000 Session, held by {field}: "
    );
    assert!(said.starts_with(&expected), "{said}");
    // What the rule finds nothing wrong with.
    assert_eq!(context_in_main(400, false).suspects[0].holder.kind, HolderKind::StackLocal);
    // What is no context, nor a server, says whose it is.
    assert_eq!(context_in_main(4000, true).suspects[0].holder.kind, HolderKind::StackLocal);
}
