//! Arrays at an OutOfMemoryError: those that the thread which threw had in hand, and those that a region of the heap has to itself.

use crate::{bytes, english, held_by_static, judge, payload};
use hprof_fixtures::{Addr, HeapBuilder, Value};
use oomph::report::{OomRole, Report};

/// Scans of half a mebibyte in a static list of a heap of 24 MiB that ran out, one after the other or each in a region of its own.
fn scans(are_apart: bool) -> String {
    const REGION: u64 = 1 << 20;
    let mut heap = HeapBuilder::hotspot17();
    let vm = heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(24 << 20));
    vm.sticky().build();
    let scans: Vec<Addr> = (0..22)
        .map(|scan| {
            if are_apart {
                heap.next_at(Addr((1 << 32) + scan * REGION));
            }
            bytes(&mut heap, 540_000)
        })
        .collect();
    let list = heap.array_list(&scans);
    held_by_static(&mut heap, "com.acme.Workbench", "OPEN", list);
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let class = heap.app_class("com.acme.Scanner").build();
    let thread = heap.thread("scan-1").frame(error, "<init>", "()V", "OutOfMemoryError.java", 1);
    thread.frame(class, "take", "()V", "Scanner.java", 5).local(scans[3]).build();
    english(&judge(heap).oom.unwrap().evidence)
}

#[test]
fn what_arrays_leave_of_their_regions_explains_how_a_heap_is_full() {
    let said = scans(true);
    assert!(
        said.contains("22 arrays have regions of G1 to themselves and leave at least 10.7 MiB"),
        "{said}"
    );
    assert!(!scans(false).contains("regions of G1"));
}

/// A thread that throws in these methods with an array of 2 MiB in hand, beside a list with so many orders.
fn with_array(orders: usize, called: &[(&str, &str)]) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let orders = payload(&mut heap, "com.acme.Order", orders, 10_000);
    let orders = heap.array_list(&orders);
    held_by_static(&mut heap, "com.acme.Orders", "ALL", orders);
    let image = bytes(&mut heap, 2 << 20);
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let printer = heap.app_class("com.acme.Printer").build();
    let called: Vec<_> = called.iter().map(|&(class, method)| (heap.class(class).build(), method)).collect();
    let thread = heap.thread("printer-1").frame(error, "<init>", "()V", "OutOfMemoryError.java", 1);
    let thread = called
        .into_iter()
        .fold(thread, |thread, (class, method)| thread.frame(class, method, "()V", "Called.java", 7));
    thread.frame(printer, "print", "()V", "Printer.java", 5).local(image).build();
    judge(heap)
}

#[test]
fn only_what_was_being_enlarged_has_to_be_copied() {
    let said = |called: &[(&str, &str)]| english(&with_array(1500, called).oom.unwrap().evidence);
    let concat = said(&[("java.lang.StringConcatHelper", "newArray")]);
    assert!(concat.contains("is a byte[] of 2.00 MiB.") && !concat.contains("to grow"), "{concat}");
    let grows =
        said(&[("java.util.Arrays", "copyOf"), ("java.lang.StringBuilder", "ensureCapacityInternal")]);
    assert!(grows.contains("2.00 MiB; to grow, it has to be copied"), "{grows}");
    assert!(grows.contains("It was enlarging a buffer in"), "{grows}");
    let table = said(&[("java.util.IdentityHashMap", "resize"), ("java.util.IdentityHashMap", "put")]);
    assert!(
        table.contains("It was enlarging the table of a map or set in java.util.IdentityHashMap.resize"),
        "{table}"
    );
}

#[test]
fn the_buffer_of_a_victim_is_not_to_blame_beside_what_fills_the_heap() {
    let holders = |orders| -> Vec<String> {
        let report = with_array(orders, &[]);
        assert_eq!(report.oom.as_ref().unwrap().role, OomRole::Victim);
        let blamed = report.suspects.iter().filter(|suspect| !suspect.is_ordinary());
        blamed.map(|suspect| suspect.holder.label()).collect()
    };
    assert_eq!(holders(2500), ["com.acme.Orders.ALL"]);
    assert_eq!(holders(700).len(), 2, "a good part of the heap is told");
}
