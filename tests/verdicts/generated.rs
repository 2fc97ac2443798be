//! Verdicts about classes that were generated again and again.

use crate::{bytes, english, held_by_static, judge, library_object, one_field, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::{OomRole, Report};

/// So many classes of that name with a number, each in a class loader of its own, and formulas that something holds.
fn scripts(name: &str, count: usize) -> Report {
    in_loaders(name, count, count)
}

/// [`scripts`], in so many class loaders.
fn in_loaders(name: &str, count: usize, loaders: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let formulas = payload(&mut heap, "com.acme.Formula", 3000, 400);
    let formulas = heap.array_list(&formulas);
    held_by_static(&mut heap, "com.acme.Tariffs", "FORMULAS", formulas);
    let own = heap.app_class_loader();
    let base = heap.class_named("java.lang.ClassLoader");
    let class = heap.class("groovy.lang.GroovyClassLoader$InnerLoader").loader(own).extends(base).build();
    let loaders: Vec<Addr> = (0..loaders).map(|_| heap.instance_with(class, &[])).collect();
    for number in 0..count {
        let loader = loaders[number % loaders.len()];
        heap.class(&format!("{name}{number}")).loader(loader).sticky().build();
    }
    judge(heap)
}

#[test]
fn that_most_classes_are_alike_is_told_beside_what_is_held() {
    let report = scripts("Script", 300);
    let told = english(&report.verdict.sentences);
    let expected = "300 of the 3";
    let at = told.find(expected).unwrap_or_else(|| panic!("{told}"));
    assert!(told.starts_with("3,000 Formula held by com.acme.Tariffs.FORMULAS"), "{told}");
    assert!(
        told[at..].contains(
            "loaded classes are called Script*, in 300 class loaders: each class takes Metaspace, which is outside of the heap, as \
             long as its loader is kept."
        ),
        "{told}"
    );
    let finding = report.findings.iter().find(|finding| finding.id == "classloaders.alike").unwrap();
    assert_eq!(finding.count, 300);
}

#[test]
fn few_that_are_alike_and_those_of_the_jdk_are_not() {
    for (report, why) in [
        (scripts("Script", 150), "few"),
        (scripts("java.lang.invoke.LambdaForm$MH", 300), "of the JDK"),
        (in_loaders("com.acme.Type", 300, 1), "somebody may have written them"),
    ] {
        assert!(!english(&report.verdict.sentences).contains("Metaspace"), "{why}");
        assert!(report.findings.iter().all(|finding| finding.id != "classloaders.alike"), "{why}");
    }
    let proxies = in_loaders("jdk.proxy2.$Proxy", 300, 1);
    assert!(proxies.findings.iter().any(|finding| finding.id == "classloaders.alike"));
}

/// A loader of a library that keeps the loaders of what it has compiled, each of which refers back to it, as every class does to its own loader. A field of the
/// application leads to it as well, if `is_own`.
fn compiled(is_own: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let own = heap.app_class_loader();
    let loaders = heap.class_named("java.lang.ClassLoader");
    let inner = heap.class("groovy.lang.GroovyClassLoader$InnerLoader").loader(own).extends(loaders);
    let inner =
        inner.field("delegate", Kind::Ref).field("data", Kind::Ref).field("classes", Kind::Ref).build();
    let made: Vec<Addr> = (0..1200)
        .map(|number| {
            let data = bytes(&mut heap, 3000);
            let made = heap.instance_with(inner, &[("data", Value::Ref(data))]);
            let script = heap.class(&format!("Script{number}")).loader(made).build();
            let classes = heap.array_list(&[script.address()]);
            heap.set_field(made, "classes", Value::Ref(classes));
            made
        })
        .collect();
    let cache = heap.hash_map(&made.iter().map(|&made| (made, made)).collect::<Vec<_>>());
    let outer = heap.class("groovy.lang.GroovyClassLoader").loader(own).extends(loaders);
    let outer = outer.field("classCache", Kind::Ref).build();
    let outer = heap.instance_with(outer, &[("classCache", Value::Ref(cache))]);
    made.iter().for_each(|&made| heap.set_field(made, "delegate", Value::Ref(outer)));
    // One of them runs.
    let runs = heap.class_named("Script7");
    heap.thread("tariffs-1").frame(runs, "run", "()V", "Script7.groovy", 1).local(made[7]).build();
    if is_own {
        let shell =
            library_object(&mut heap, "groovy.lang.GroovyShell", &[("loader", Kind::Ref, Value::Ref(outer))]);
        let engine = one_field(&mut heap, "com.acme.Tariffs", "shell", shell);
        let engine = one_field(&mut heap, "com.acme.Engine", "tariffs", engine);
        held_by_static(&mut heap, "com.acme.App", "ENGINE", engine);
    }
    judge(heap)
}

/// The loader of a class leads to all that any loader keeps, and says of none who keeps that one.
#[test]
fn what_keeps_a_loader_is_the_holder_of_what_that_keeps_and_not_a_class_of_it() {
    let report = compiled(true);
    assert_eq!(report.suspects[0].holder.label(), "com.acme.Tariffs.shell");
    assert_eq!(report.suspects[0].rule.as_deref(), Some("groovy.class-cache"));
    let advice = english(&report.suspects[0].advice);
    assert!(advice.contains("Binding"), "{advice}");
    let alone = compiled(false);
    assert_eq!(alone.suspects[0].holder.label(), "groovy.lang.GroovyClassLoader.classCache");
}

/// What the JDK knows of classes as beans goes with the classes.
#[test]
fn what_the_introspector_keeps_of_classes_is_no_leak() {
    let mut heap = HeapBuilder::hotspot17();
    let infos = heap.class("java.beans.GenericBeanInfo").field("data", Kind::Ref).build();
    let entries: Vec<(Addr, Addr)> = (0..1200)
        .map(|number| {
            let data = bytes(&mut heap, 3000);
            let info = heap.instance(infos, &[Value::Ref(data)]);
            (heap.string(&format!("Script{number}")), info)
        })
        .collect();
    let cache = heap.hash_map(&entries);
    let context =
        heap.class("java.beans.ThreadGroupContext").field("beanInfoCache", Kind::Ref).sticky().build();
    let one = heap.instance(context, &[Value::Ref(cache)]);
    let contexts = heap.array_list(&[one]);
    heap.static_field(context, "contexts", Value::Ref(contexts));
    payload(&mut heap, "com.acme.Dropped", 10, 40);
    let report = judge(heap);
    assert!(report.suspects.iter().all(|suspect| suspect.is_ordinary()), "{:?}", report.suspects);
    assert!(report.verdict.healthy, "{:?}", report.verdict);
}

/// So many classes of lambdas that nothing leads to, made by a method that throws for want of Metaspace, with `suffix` to their names.
fn lambdas(count: usize, suffix: &str, is_loader_kept: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let vm = heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(64 << 20));
    vm.sticky().build();
    let formulas = payload(&mut heap, "com.acme.Formula", 100, 400);
    let formulas = heap.array_list(&formulas);
    held_by_static(&mut heap, "com.acme.Tariffs", "FORMULAS", formulas);
    // Its list of classes has none of them.
    let loaders = heap.class_named("java.net.URLClassLoader");
    let loader = heap.instance_with(loaders, &[]);
    if is_loader_kept {
        held_by_static(&mut heap, "com.acme.Plugins", "LOADER", loader);
    }
    for number in 0..count {
        heap.class(&format!("com.acme.Binder$$Lambda${number}{suffix}")).loader(loader).build();
    }
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let loading = heap.class_named("java.lang.ClassLoader");
    let own = heap.app_class("com.acme.Binder").build();
    heap.thread("exec-1")
        .frame(error, "<init>", "()V", "OutOfMemoryError.java", 48)
        .frame(loading, "defineClass0", "()V", "ClassLoader.java", -3)
        .frame(own, "getter", "()V", "Binder.java", 14)
        .build();
    judge(heap)
}

/// Nothing leads to them, but they live as long as their loader: they are no garbage, and they are among the classes that are loaded.
#[test]
fn the_classes_of_lambdas_live_as_long_as_their_loader() {
    let report = lambdas(1500, "+0x00000008010", true);
    assert!(report.heap.classes > 1500, "{} classes", report.heap.classes);
    assert_eq!(report.heap.unreachable_objects, 0);
    let oom = report.oom.unwrap();
    assert_eq!((oom.kind.as_str(), oom.role), ("metaspace", OomRole::Culprit));
    let told = english(&oom.evidence);
    assert!(told.contains(&format!("{} classes are loaded", with_comma(report.heap.classes))), "{told}");
    assert!(told.contains("1,500 of these classes are com.acme.Binder$$Lambda"), "{told}");
}

/// An anonymous class of a JDK before 15 is unloaded alone, any class with its loader, and a few that nothing leads to are worth no search.
#[test]
fn what_can_be_unloaded_is_garbage_and_yet_counted_where_it_fills_metaspace() {
    for (count, suffix, is_loader_kept) in
        [(1500, "/1234567", true), (1500, "+0x00000008010", false), (300, "+0x00000008010", true)]
    {
        let report = lambdas(count, suffix, is_loader_kept);
        let garbage = report.heap.unreachable_objects;
        assert!(garbage >= count as u64, "{suffix}: {garbage}");
        let told = english(&report.oom.unwrap().evidence);
        assert!(told.contains("of these classes are com.acme.Binder$$Lambda"), "{told}");
        let (before, _) = told.split_once(" classes are loaded").unwrap();
        let classes = before.rsplit(' ').next().unwrap().replace(',', "");
        assert!(classes.parse::<usize>().unwrap() >= count, "{told}");
    }
}

fn with_comma(count: u64) -> String {
    assert!((1000..1_000_000).contains(&count), "{count}");
    format!("{},{:03}", count / 1000, count % 1000)
}
