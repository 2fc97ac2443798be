use super::*;
use crate::value::Addr;
use crate::walk::{Walk, walk};
use std::collections::{HashMap, HashSet};
use std::io::Cursor;

fn dump(shape: ShapeKind, objects: u64, giant: Option<Giant>) -> (Vec<u8>, Summary) {
    let mut out = Cursor::new(Vec::new());
    let summary =
        generate(&Options { shape, objects, seed: 7, giant }, &mut out).expect("memory takes it all");
    (out.into_inner(), summary)
}

/// Walks the dump and compares what is there with what the summary says. No reference dangles.
fn checked(shape: ShapeKind, objects: u64) -> (Walk, Summary) {
    let (bytes, summary) = dump(shape, objects, None);
    let walk = walk(&bytes, false);
    assert_eq!(summary.file_bytes, bytes.len() as u64);
    assert_eq!(summary.objects, walk.objects.len() as u64);
    assert_eq!(summary.classes, walk.classes.len() as u64);
    assert_eq!(summary.roots, walk.roots.len() as u64);
    let known: HashSet<u64> =
        walk.objects.iter().map(|object| object.address).chain(walk.classes.keys().copied()).collect();
    assert_eq!(known.len(), walk.objects.len() + walk.classes.len(), "two objects at one address");
    let mut references = 0;
    for object in &walk.objects {
        let targets = walk.references(object);
        references += targets.len() as u64;
        for target in targets {
            assert!(known.contains(&target), "{:#x} -> {target:#x}", object.address);
        }
    }
    assert_eq!(summary.references, references);
    for class in walk.classes.values() {
        assert!(class.loader == 0 || known.contains(&class.loader));
        assert!(class.static_references.iter().all(|target| known.contains(target)));
    }
    (walk, summary)
}

fn reachable(walk: &Walk) -> usize {
    let by_address: HashMap<u64, &crate::walk::Object> =
        walk.objects.iter().map(|o| (o.address, o)).collect();
    let mut stack: Vec<u64> = walk.roots.iter().map(|root| root.1).collect();
    let mut seen = HashSet::new();
    while let Some(address) = stack.pop() {
        if !seen.insert(address) {
            continue;
        }
        if let Some(class) = walk.classes.get(&address) {
            stack.extend(&class.static_references);
            stack.push(class.loader);
        } else if let Some(object) = by_address.get(&address) {
            stack.extend(walk.references(object));
            stack.push(object.class);
        }
    }
    walk.objects.iter().filter(|object| seen.contains(&object.address)).count()
}

#[test]
fn a_shop_is_as_dense_as_the_heap_it_imitates() {
    let (walk, summary) = checked(ShapeKind::Shop, 50_000);
    assert!(summary.objects.abs_diff(50_000) < 2_500, "{summary}");
    let bytes_per_object = summary.file_bytes as f64 / summary.objects as f64;
    assert!((55.0..61.0).contains(&bytes_per_object), "{bytes_per_object}");
    let references_per_object = summary.references as f64 / summary.objects as f64;
    assert!((1.5..1.65).contains(&references_per_object), "{references_per_object}");
    assert_eq!(walk.records[&0x2c], 1);
    assert!(walk.records[&0x1c] >= 2);
    assert_eq!(reachable(&walk), walk.objects.len());
    assert_eq!(walk.count_of("com/acme/shop/Customer"), walk.count_of("java/util/HashMap") - 1);
    let mut referrers: HashMap<u64, u32> = HashMap::new();
    for target in walk.objects.iter().flat_map(|object| walk.references(object)) {
        *referrers.entry(target).or_default() += 1;
    }
    let customers: HashSet<u64> = walk
        .objects
        .iter()
        .filter(|o| walk.class_names.get(&o.class).is_some_and(|n| n == "com/acme/shop/Customer"))
        .map(|o| o.address)
        .collect();
    assert!(customers.iter().all(|customer| referrers[customer] >= 2));
}

/// The smallest gap behind the instances of a class is its size, and in the bulk every gap is.
#[test]
fn neighbours_in_a_shop_have_the_sizes_of_the_jvm() {
    let (walk, _) = checked(ShapeKind::Shop, 20_000);
    let mut addresses: Vec<u64> =
        walk.objects.iter().map(|o| o.address).chain(walk.classes.keys().copied()).collect();
    addresses.sort_unstable();
    let next: HashMap<u64, u64> = addresses.windows(2).map(|pair| (pair[0], pair[1])).collect();
    let bulk = jvm::Place { layout: Layout::COMPRESSED, zgc: false }.bulk();
    for object in walk.objects.iter().filter(|o| o.address >= bulk) {
        let Some(end) = next.get(&object.address) else { continue };
        let expected = match (object.element, object.class) {
            (8, _) => (16 + u64::from(object.length)).next_multiple_of(8),
            (2 | 10, _) => (16 + 4 * u64::from(object.length)).next_multiple_of(8),
            (_, class) => match walk.class_names[&class].as_str() {
                "java/lang/String" | "java/lang/Long" | "java/util/ArrayList" => 24,
                "java/util/HashMap$Node" => 32,
                "java/util/HashMap" => 48,
                "com/acme/shop/Customer" => 40,
                "com/acme/shop/Order" => 48,
                "com/acme/shop/Line" => 40,
                "com/acme/shop/Product" => 40,
                other => panic!("{other} in the bulk"),
            },
        };
        assert_eq!(end - object.address, expected, "{:#x}", object.address);
    }
}

#[test]
fn a_shop_under_zgc_is_the_same_heap_in_another_order() {
    let (walk, summary) = checked(ShapeKind::Zgc, 20_000);
    let shop = checked(ShapeKind::Shop, 20_000).1;
    assert_eq!((summary.objects, summary.references), (shop.objects, shop.references));
    let descents = walk.objects.windows(2).filter(|pair| pair[0].address > pair[1].address).count();
    assert!(descents * 10 > walk.objects.len() * 8, "{descents}");
    assert!(walk.objects.iter().all(|object| object.address >= 0x400_0000_0000));
}

#[test]
fn seeds_decide() {
    let options = Options { shape: ShapeKind::Shop, objects: 3_000, seed: 7, giant: None };
    let bytes_of = |options: &Options| {
        let mut out = Cursor::new(Vec::new());
        generate(options, &mut out).expect("memory takes it all");
        out.into_inner()
    };
    assert_eq!(bytes_of(&options), bytes_of(&options));
    assert_ne!(bytes_of(&options), bytes_of(&Options { seed: 8, ..options }));
}

#[test]
fn a_giant_record_holds_the_same_heap() {
    let (segments, _) = dump(ShapeKind::Shop, 50_000, None);
    let segments = walk(&segments, false);
    for giant in [Giant::Zero, Giant::Overflowed] {
        let (bytes, summary) = dump(ShapeKind::Shop, 50_000, Some(giant));
        assert_eq!(summary.file_bytes, bytes.len() as u64);
        let walk = walk(&bytes, giant == Giant::Zero); // below 4 GiB the other length is right
        assert_eq!(walk.records.get(&0x0c), Some(&1));
        assert_eq!(walk.records.get(&0x2c), None);
        assert_eq!(walk.objects.len(), segments.objects.len());
    }
}

#[test]
fn the_jvm_says_which_it_is() {
    let (walk, _) = checked(ShapeKind::Shop, 1);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let texts: HashSet<String> =
        walk.objects.iter().filter(|o| o.element == 8).map(|o| text(&o.body)).collect();
    assert!(texts.contains("java.version") && texts.contains("17.0.9"));
    let loader = walk.objects.iter().find(|o| {
        walk.class_names.get(&o.class).is_some_and(|n| n == "jdk/internal/loader/ClassLoaders$AppClassLoader")
    });
    let loader = Addr(loader.expect("an application class loader").address);
    let of_app: Vec<u64> = walk
        .classes
        .iter()
        .filter(|(_, class)| class.loader == loader.0)
        .map(|(&address, _)| address)
        .collect();
    assert!(of_app.len() >= 8);
}

/// Every shape has about as many objects as asked for, and all of them are held.
#[test]
fn shapes_are_as_large_as_asked_and_reachable() {
    for shape in [
        ShapeKind::Chain,
        ShapeKind::Star,
        ShapeKind::Bipartite,
        ShapeKind::Classes,
        ShapeKind::Loaders,
        ShapeKind::Roots,
        ShapeKind::DeepTree,
        ShapeKind::WideDag,
    ] {
        let (walk, summary) = checked(shape, 4_097);
        assert!((4_000..4_500).contains(&summary.objects), "{shape:?}: {summary}");
        assert_eq!(reachable(&walk), walk.objects.len(), "{shape:?}");
        assert_eq!(walk.records[&0x2c], 1);
    }
}

/// Longest way from the first node, where each node has one way in.
fn depth_of_tree(walk: &Walk) -> usize {
    let is_node = |o: &&crate::walk::Object| {
        walk.class_names.get(&o.class).is_some_and(|name| name == "com/acme/graph/Node")
    };
    let mut depth: HashMap<u64, usize> = HashMap::new();
    for node in walk.objects.iter().filter(is_node) {
        let own = *depth.entry(node.address).or_insert(1);
        for target in walk.references(node) {
            assert_eq!(depth.insert(target, own + 1), None, "a tree has one way to each node");
        }
    }
    depth.into_values().max().unwrap_or(0)
}

#[test]
fn chains_and_trees_are_deep() {
    assert_eq!(depth_of_tree(&checked(ShapeKind::Chain, 1_000).0), 1_000);
    assert_eq!(depth_of_tree(&checked(ShapeKind::DeepTree, 1_000).0), 203);
}

#[test]
fn strained_parts_are_strained() {
    let (jvm, _) = checked(ShapeKind::Chain, 1);
    let more_than_jvm = |count: u64, of_jvm: usize| count - of_jvm as u64;
    let star = checked(ShapeKind::Star, 5_000).0;
    assert_eq!(star.objects.iter().map(|o| o.length).max(), Some(4_999));
    let bipartite = checked(ShapeKind::Bipartite, 1_024).1;
    assert!(bipartite.references > 2 * 256 * 256, "{bipartite}");
    let classes = checked(ShapeKind::Classes, 5_000).1;
    assert!(more_than_jvm(classes.classes, jvm.classes.len()) >= 4_998, "{classes}");
    let loaders = checked(ShapeKind::Loaders, 4_000).0;
    let distinct: HashSet<u64> = loaders.classes.values().map(|class| class.loader).collect();
    assert_eq!(distinct.len(), 1_000 + 2);
    let roots = checked(ShapeKind::Roots, 5_000).1;
    assert!(more_than_jvm(roots.roots, jvm.roots.len()) >= 4_998, "{roots}");
}
