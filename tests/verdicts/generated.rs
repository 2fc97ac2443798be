//! Verdicts about classes that were generated again and again, where no thread that ran out of room for them is in the dump.

use crate::{english, held_by_static, judge, payload};
use hprof_fixtures::HeapBuilder;
use oomph::report::Report;

/// So many classes of that name with a number, each in a class loader of its own, and formulas that something holds.
fn scripts(name: &str, count: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let formulas = payload(&mut heap, "com.acme.Formula", 3000, 400);
    let formulas = heap.array_list(&formulas);
    held_by_static(&mut heap, "com.acme.Tariffs", "FORMULAS", formulas);
    let own = heap.app_class_loader();
    let loaders = heap.class_named("java.lang.ClassLoader");
    let class = heap.class("groovy.lang.GroovyClassLoader$InnerLoader").loader(own).extends(loaders).build();
    for number in 0..count {
        let loader = heap.instance_with(class, &[]);
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
    for report in [scripts("Script", 150), scripts("java.lang.invoke.LambdaForm$MH", 300)] {
        assert!(!english(&report.verdict.sentences).contains("Metaspace"));
        assert!(report.findings.iter().all(|finding| finding.id != "classloaders.alike"));
    }
}
