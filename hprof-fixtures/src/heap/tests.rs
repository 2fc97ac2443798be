use super::*;
use crate::walk::walk;

/// A heap with every record and sub-record of the format.
fn everything(builder: HeapBuilder) -> Vec<u8> {
    let mut heap = builder;
    let node = heap
        .app_class("com.acme.Node")
        .field("next", Kind::Ref)
        .field("value", Kind::Int)
        .static_field("COUNT", Value::Long(7))
        .constant(3, Value::Int(1))
        .build();
    let tail = heap.instance(node, &[Value::NULL, Value::Int(2)]);
    let head = heap.instance(node, &[Value::Ref(tail), Value::Int(1)]);
    heap.set_field(tail, "next", Value::Ref(head));
    heap.static_field(node, "HEAD", Value::Ref(head));
    let text = heap.string("h\u{e9}llo \u{4e2d}");
    let list = heap.array_list(&[head, tail, text]);
    let map = heap.hash_map(&[(text, list), (head, tail)]);
    heap.system_properties(&[("java.version", "17.0.9"), ("java.vm.name", "OpenJDK 64-Bit Server VM")]);
    for kind in [Kind::Boolean, Kind::Char, Kind::Float, Kind::Double, Kind::Byte, Kind::Short, Kind::Long] {
        heap.primitive_array(PrimitiveArray::zeros(kind, 3));
    }
    heap.heap_info(65, "app");
    heap.primitive_array_without_data(Kind::Int, 1000);
    let thread =
        heap.thread("main").frame(node, "run", "()V", "Node.java", 12).local(map).jni_local(text).build();
    let (object, thread_serial, frame) = (head, thread.serial, 0);
    for root in [
        Root::Unknown(head),
        Root::JniGlobal { object, handle: Addr(0x7000) },
        Root::NativeStack { object, thread: thread_serial },
        Root::ThreadBlock { object, thread: thread_serial },
        Root::MonitorUsed(head),
        Root::InternedString(text),
        Root::Finalizing(head),
        Root::Debugger(head),
        Root::ReferenceCleanup(head),
        Root::VmInternal(head),
        Root::JniMonitor { object, thread: thread_serial, frame },
        Root::Unreachable(head),
    ] {
        heap.root(root);
    }
    let trace = heap.stack_trace(&[(node, "main", "Node.java", 3)]);
    let site = AllocSite {
        array: 0,
        class: heap.class_serial(node),
        trace,
        live_bytes: 48,
        live_instances: 2,
        allocated_bytes: 96,
        allocated_instances: 4,
    };
    heap.alloc_sites(&AllocSites {
        flags: 2,
        cutoff: 0.5,
        live_bytes: 48,
        live_instances: 2,
        allocated_bytes: 96,
        allocated_instances: 4,
        sites: vec![site],
    });
    heap.heap_summary(48, 2, 96, 4).start_thread(thread.serial, thread.object, trace, "main", "main");
    heap.end_thread(thread.serial).cpu_samples(&[(3, trace)]).control_settings(3, 8).unload_class(node);
    heap.finish()
}

#[test]
fn every_record_has_the_length_it_says() {
    let builders: [fn() -> HeapBuilder; 5] = [
        HeapBuilder::hotspot8,
        HeapBuilder::hotspot17,
        HeapBuilder::hotspot21,
        HeapBuilder::hotspot6_32bit,
        HeapBuilder::android,
    ];
    for builder in builders {
        for order in [Order::RootsLast, Order::RootsFirst, Order::ClassesLast] {
            for records in [HeapRecords::Segments(100), HeapRecords::Segments(1 << 20), HeapRecords::One] {
                let walk = walk(&everything(builder().order(order).records(records)), false);
                let tags: Vec<u8> = walk.records.keys().copied().filter(|tag| *tag < 0x0c).collect();
                assert_eq!(tags, [1, 2, 3, 4, 5, 6, 7, 0x0a, 0x0b]);
                let subs: Vec<u8> = walk.subs.keys().copied().collect();
                assert_eq!(
                    subs,
                    [
                        1, 2, 3, 4, 5, 6, 7, 8, 0x20, 0x21, 0x22, 0x23, 0x89, 0x8a, 0x8b, 0x8c, 0x8d, 0x8e,
                        0x90, 0xc3, 0xfe, 0xff
                    ]
                );
                for object in &walk.objects {
                    walk.references(object);
                }
            }
        }
    }
}

#[test]
fn versions_and_widths_are_as_asked() {
    let walk_of = |heap: HeapBuilder| walk(&everything(heap), false);
    assert_eq!(walk_of(HeapBuilder::hotspot17()).version, "JAVA PROFILE 1.0.2");
    assert_eq!(walk_of(HeapBuilder::hotspot17()).id_size, 8);
    assert_eq!(walk_of(HeapBuilder::hotspot17().id_size(IdSize::Four)).id_size, 4);
    assert_eq!(walk_of(HeapBuilder::hotspot6_32bit()).version, "JAVA PROFILE 1.0.1");
    assert_eq!(walk_of(HeapBuilder::android()).version, "JAVA PROFILE 1.0.3");
}

#[test]
fn a_heap_dump_can_lie_about_its_length() {
    let honest = everything(HeapBuilder::hotspot17().records(HeapRecords::One));
    let lying = everything(HeapBuilder::hotspot17().records(HeapRecords::OneClaiming(0)));
    let differing: Vec<usize> = (0..honest.len()).filter(|&i| honest[i] != lying[i]).collect();
    assert!(!differing.is_empty() && differing.len() <= 4);
    assert_eq!(walk(&lying, true).objects.len(), walk(&honest, false).objects.len());
}

#[test]
fn objects_follow_one_another_without_gaps() {
    let mut heap = HeapBuilder::hotspot17();
    let node = heap.class("com.acme.Node").field("next", Kind::Ref).field("value", Kind::Long).build();
    let first = heap.instance(node, &[]);
    let second = heap.instance(node, &[]);
    let array = heap.primitive_array(PrimitiveArray::Byte(vec![0; 5]));
    let last = heap.instance(node, &[]);
    assert_eq!((second.0 - first.0, heap.instance_bytes(node)), (24, 24));
    assert_eq!(last.0 - array.0, 24);
    assert_eq!(heap.next_at(Addr(0x1000)).instance(node, &[]), Addr(0x1000));
    assert_eq!(heap.instance(node, &[]).0, last.0 + 24);
}

#[test]
fn shadowed_and_inherited_fields_are_in_file_order() {
    let mut heap = HeapBuilder::hotspot17();
    let base = heap.class("Base").field("val", Kind::Int).field("link", Kind::Ref).build();
    let derived = heap.class("Derived").extends(base).field("val", Kind::Byte).build();
    let object = heap.instance(derived, &[Value::Byte(1), Value::Int(2), Value::Ref(Addr(0xdead))]);
    heap.set_field(object, "val", Value::Byte(9));
    let walk = walk(&heap.finish(), false);
    let object = &walk.objects[0];
    assert_eq!(object.body[..5], [9, 0, 0, 0, 2]);
    assert_eq!(walk.references(object), [0xdead]);
    assert_eq!(walk.classes[&object.class].instance_size, 1 + 4 + 8);
}

#[test]
fn the_app_class_loader_lists_its_classes() {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let store = heap.app_class("com.acme.Store").build();
    let walk = walk(&heap.finish(), false);
    assert_eq!(walk.count_of("java/util/ArrayList"), 1);
    assert_eq!(walk.classes[&store.address().0].loader, loader.0);
    let holders = walk.objects.iter().filter(|o| walk.references(o).contains(&store.address().0));
    assert_eq!(holders.map(|o| &walk.class_names[&o.class]).collect::<Vec<_>>(), ["[Ljava/lang/Object;"]);
}

#[test]
fn classes_may_be_loaded_several_times_or_never() {
    let mut heap = HeapBuilder::hotspot17();
    let twice = heap.class("int[]").load_records(3).build();
    let nameless = heap.class("Nameless").load_records(0).build();
    let last = heap.class("Last").build();
    let serials = [twice, nameless, last].map(|class| heap.class_serial(class));
    let walk = walk(&heap.finish(), false);
    assert_eq!(serials[1] - serials[0], 3);
    assert_eq!(serials[2] - serials[1], 1);
    assert_eq!(walk.records[&0x02], 3 + 1 + 1); // with java.lang.Object
    assert!(!walk.class_names.contains_key(&nameless.address().0));
}

/// Sizes that `GC.class_histogram` of a JDK 17 shows.
#[test]
fn jdk_classes_have_the_jvms_sizes() {
    let mut heap = HeapBuilder::hotspot17();
    for (name, bytes) in [
        ("java.lang.String", 24),
        ("java.lang.Thread", 368),
        ("java.util.HashMap", 48),
        ("java.util.concurrent.ConcurrentHashMap", 64),
        ("java.util.Properties", 56),
        ("java.lang.OutOfMemoryError", 40),
        ("jdk.internal.loader.ClassLoaders$AppClassLoader", 104),
        ("java.net.URLClassLoader", 96),
    ] {
        let class = heap.jdk_class(name);
        assert_eq!(heap.instance_bytes(class), bytes, "{name}");
    }
}
