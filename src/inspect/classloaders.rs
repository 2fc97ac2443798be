//! Class loaders: which there are, what they loaded, what they keep.
//!
//! What it finds: each class loader with its parent, classes, their instances and what these retain; classes that several loaders have defined;
//! web applications that were stopped and are still there.
//! Why it matters: a class loader keeps all its classes and their static fields. An application that is redeployed should leave nothing
//! behind; generated classes that pile up end in `OutOfMemoryError: Metaspace`.
//! How it is computed: from the loaders of all classes. What a loader's instances retain counts each byte once; what the loader object
//! itself retains is shown beside it.
//! False positives: the same class in two applications of one server is usual. Lambdas, proxies and accessors are left out of duplicates.

use super::blocks::{self, address, facts, table};
use super::oom::commonest_class;
use super::{Context, InspectError, Inspection, Outcome};
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{LoaderNames, instances_of};
use crate::report::{
    Arg, Block, Cell, Column, Fact, Finding, Fingerprint, Holder, HolderKind, Section, Severity, Text, Tree,
    TreeNode, normalise_class, normalise_thread,
};
use crate::snapshot::{Class, Snapshot};
use hashbrown::{HashMap, HashSet};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// So many loaders that define a class of the same name are worth a warning.
const MANY_LOADERS: u64 = 10;
/// Compilers that make a loader for each piece of code, and a class of the same name in each, by design: Janino, with which Spark and Flink compile.
const FOR_EACH_PIECE: [&str; 2] = ["org.codehaus.commons.compiler.", "org.codehaus.janino."];
/// So many sub classes that were made from one class are made for each use of it.
const MANY_GENERATED: u64 = 500;
/// The finding about these; in the heap there are only their instances.
pub(super) const GENERATED: &str = "classloaders.generated";
/// The finding about classes that are called alike, numbers apart.
const ALIKE: &str = "classloaders.alike";
/// Findings that tell of classes which are made again and again, one of them that of a rule.
pub(super) const PILED_UP: [&str; 3] = [ALIKE, "java.duplicate-classes", GENERATED];
/// Levels of the hierarchy that are shown.
const DEEPEST: usize = 16;
/// Rows of the hierarchy in all.
const MOST_ROWS: usize = 1000;

/// See the module.
#[derive(Debug)]
pub(super) struct ClassLoaders;

/// A loader with its figures.
#[derive(Debug)]
struct Loader {
    /// `None` is the boot loader.
    object: Option<ObjectIx>,
    label: String,
    /// What it calls itself, or the application that it belongs to.
    name: Option<String>,
    parent: Option<ObjectIx>,
    classes: u64,
    instances: u64,
    shallow_bytes: u64,
    /// What all instances of its classes retain.
    instances_retained_bytes: u64,
    /// What the loader object retains.
    retained_bytes: u64,
    /// Whether it belongs to a web application that was stopped.
    is_stopped: bool,
}

impl Inspection for ClassLoaders {
    fn id(&self) -> &'static str {
        "classloaders"
    }

    fn run(&self, context: &Context<'_>) -> Result<Outcome, InspectError> {
        let loaders = loaders(context)?;
        let duplicates = duplicates(context);
        let figures = vec![
            Fact::new("class_loaders", Cell::Count(loaders.len() as u64)),
            Fact::new("classes", Cell::Count(context.snapshot.loaded_class_count() as u64)),
            Fact::new(
                "empty_loaders",
                Cell::Count(loaders.iter().filter(|loader| loader.classes == 0).count() as u64),
            ),
            Fact::new("duplicate_classes", Cell::Count(duplicates.len() as u64)),
        ];
        let mut findings: Vec<Finding> =
            loaders.iter().filter(|loader| loader.is_stopped).map(stopped).collect();
        findings.extend(many_loaders(context.snapshot, &duplicates));
        findings.extend(generated_from_one(context)?);
        let told = context.rule_findings()?.iter().chain(&findings);
        if !told.into_iter().any(|finding| PILED_UP.contains(&&*finding.id)) {
            findings.extend(alike(context.snapshot));
        }
        let tree = Block::Tree(hierarchy(&loaders));
        let mut rows: Vec<&Loader> = loaders.iter().collect();
        // The boot loader is no object, so it retains nothing; it is never cut off.
        rows.sort_by_key(|loader| {
            (loader.object.is_some(), Reverse(loader.retained_bytes), Reverse(loader.classes), loader.object)
        });
        let blocks = vec![
            facts("total", figures),
            loader_table(context, rows),
            tree,
            by_loader_class(context, &loaders),
            duplicate_table(context, duplicates),
            generated(context),
        ];
        Ok(Outcome { section: Section { id: self.id().into(), blocks }, findings })
    }
}

/// All reachable loaders, those without classes too; the boot loader first.
fn loaders(context: &Context<'_>) -> Result<Vec<Loader>, InspectError> {
    let snapshot = context.snapshot;
    let classes = snapshot.classes();
    let names = LoaderNames::new(snapshot);
    let mut objects = instances_of(snapshot, &classes.sub_classes_of("java.lang.ClassLoader"))?;
    objects.retain(|&object| snapshot.is_reachable(object));
    objects.extend(names.iter().map(|(loader, _)| loader));
    objects.sort_unstable();
    objects.dedup();
    // Group 0 is the boot loader.
    let at_by_object: HashMap<ObjectIx, usize> =
        (1..).zip(&objects).map(|(at, &object)| (object, at)).collect();
    let at_by_class: Vec<Option<usize>> = classes
        .iter()
        .map(|(_, class)| match class.loader.get() {
            Some(loader) => at_by_object.get(&loader).copied(),
            None if class.loader_id.is_null() => Some(0),
            None => None,
        })
        .collect();
    let retained = snapshot.group_retained();
    let mut loaders: Vec<Loader> = std::iter::once(None)
        .chain(objects.iter().copied().map(Some))
        .map(|object| Loader {
            object,
            label: object.map_or(LoaderNames::BOOT, |object| snapshot.class_name(object)).to_owned(),
            name: object.and_then(|object| name_of(snapshot, object)),
            parent: object.and_then(|object| snapshot.follow(object, "parent")),
            classes: 0,
            instances: 0,
            shallow_bytes: 0,
            instances_retained_bytes: retained.of_loader(object),
            retained_bytes: object.map_or(0, |object| snapshot.retained_bytes(object)),
            is_stopped: object.is_some_and(|object| is_stopped(snapshot, object)),
        })
        .collect();
    for (class, _) in classes.iter().filter(|&(class, _)| snapshot.is_loaded(class)) {
        let Some(at) = at_by_class[class.index()] else { continue };
        let count = context.histogram().of_class(class);
        let loader = &mut loaders[at];
        loader.classes += 1;
        loader.instances += count.instances;
        loader.shallow_bytes += count.shallow_bytes;
    }
    Ok(loaders)
}

/// `ClassLoader.name` (JDK 9 and later), or the context of a Tomcat web application.
fn name_of(snapshot: &Snapshot, loader: ObjectIx) -> Option<String> {
    let context = snapshot.follow_all(loader, &["resources", "context"]);
    let of_context = context.and_then(|context| snapshot.text_field(context, "name"));
    of_context.or_else(|| snapshot.text_field(loader, "name")).filter(|name| !name.is_empty())
}

/// Whether it is the loader of a web application in Tomcat that was stopped or destroyed.
fn is_stopped(snapshot: &Snapshot, loader: ObjectIx) -> bool {
    if !snapshot.class_name(loader).starts_with("org.apache.catalina.loader.") {
        return false;
    }
    let state = snapshot.follow(loader, "state").and_then(|state| snapshot.text_field(state, "name"));
    matches!(state.as_deref(), Some("STOPPED" | "DESTROYING" | "DESTROYED" | "FAILED"))
}

fn loader_columns() -> Vec<Column> {
    vec![
        Column::left("class"),
        Column::left("name"),
        Column::left("address"),
        Column::right("classes"),
        Column::right("instances"),
        Column::right("shallow_bytes"),
        Column::right("instances_retained_bytes"),
        Column::right("retained_bytes"),
        Column::left("stopped"),
    ]
}

fn loader_table(context: &Context<'_>, loaders: Vec<&Loader>) -> Block {
    let mut columns = loader_columns();
    columns.insert(3, Column::left("parent"));
    table(context, "loaders", columns, loaders, |loader| {
        let parent = loader.parent.map(|parent| context.snapshot.class_name(parent).to_owned());
        vec![
            blocks::loader(&loader.label, Cell::Class),
            loader.name.clone().map_or(Cell::None, Cell::Value),
            loader.object.map_or(Cell::None, |object| address(context.snapshot, object)),
            parent.map_or(Cell::None, Cell::Class),
            Cell::Count(loader.classes),
            Cell::Count(loader.instances),
            Cell::Bytes(loader.shallow_bytes),
            Cell::Bytes(loader.instances_retained_bytes),
            loader.object.map_or(Cell::None, |_| Cell::Bytes(loader.retained_bytes)),
            Cell::Flag(loader.is_stopped),
        ]
    })
}

/// Loaders below their parents.
fn hierarchy(loaders: &[Loader]) -> Tree {
    let mut below: HashMap<Option<ObjectIx>, Vec<usize>> = HashMap::new();
    for (at, loader) in loaders.iter().enumerate().filter(|(_, loader)| loader.object.is_some()) {
        below.entry(loader.parent).or_default().push(at);
    }
    for children in below.values_mut() {
        children.sort_by_key(|&at| (Reverse(loaders[at].classes), loaders[at].object));
    }
    let mut budget = MOST_ROWS;
    let mut root = node(&loaders[0], Vec::new());
    (root.children, root.omitted) = children_of(None, loaders, &below, DEEPEST, &mut budget);
    let columns = vec![
        Column::left("class"),
        Column::left("name"),
        Column::right("classes"),
        Column::right("instances"),
        Column::right("retained_bytes"),
    ];
    Tree { id: "hierarchy".into(), columns, nodes: vec![root] }
}

fn node(loader: &Loader, children: Vec<TreeNode>) -> TreeNode {
    let cells = vec![
        blocks::loader(&loader.label, Cell::Class),
        loader.name.clone().map_or(Cell::None, Cell::Value),
        Cell::Count(loader.classes),
        Cell::Count(loader.instances),
        Cell::Bytes(if loader.object.is_some() {
            loader.retained_bytes
        } else {
            loader.instances_retained_bytes
        }),
    ];
    TreeNode { cells, children, omitted: 0 }
}

/// The nodes below a loader. `depth` bounds the recursion, also where damaged parents form a circle.
fn children_of(
    parent: Option<ObjectIx>,
    loaders: &[Loader],
    below: &HashMap<Option<ObjectIx>, Vec<usize>>,
    depth: usize,
    budget: &mut usize,
) -> (Vec<TreeNode>, u64) {
    let Some(children) = below.get(&parent).filter(|_| depth > 0) else { return (Vec::new(), 0) };
    let shown = children.len().min(*budget);
    *budget -= shown;
    let nodes = children[..shown].iter().map(|&at| {
        let (inner, omitted) = children_of(loaders[at].object, loaders, below, depth - 1, budget);
        TreeNode { omitted, ..node(&loaders[at], inner) }
    });
    (nodes.collect(), (children.len() - shown) as u64)
}

/// Loaders by their own class: what piles up is seen here, and all there are, however many.
fn by_loader_class(context: &Context<'_>, loaders: &[Loader]) -> Block {
    #[derive(Default)]
    struct Sum {
        loaders: u64,
        classes: u64,
        shallow_bytes: u64,
        retained_bytes: u64,
    }
    let mut by_class: BTreeMap<&str, Sum> = BTreeMap::new();
    for loader in loaders {
        let sum = by_class.entry(&loader.label).or_default();
        sum.loaders += 1;
        sum.classes += loader.classes;
        sum.shallow_bytes += loader.shallow_bytes;
        sum.retained_bytes += loader.retained_bytes;
    }
    let mut rows: Vec<(&str, Sum)> = by_class.into_iter().collect();
    rows.sort_by_key(|(name, sum)| (Reverse(sum.loaders), Reverse(sum.retained_bytes), *name));
    let columns = vec![
        Column::left("class"),
        Column::right("instances"),
        Column::right("classes"),
        Column::right("shallow_bytes"),
        Column::right("retained_bytes"),
    ];
    table(context, "kinds_of_loaders", columns, rows, |(name, sum)| {
        let is_boot = name == LoaderNames::BOOT;
        vec![
            blocks::loader(name, Cell::Class),
            Cell::Count(sum.loaders),
            Cell::Count(sum.classes),
            Cell::Bytes(sum.shallow_bytes),
            if is_boot { Cell::None } else { Cell::Bytes(sum.retained_bytes) },
        ]
    })
}

/// Class names that several loaders have defined: name, loaders, instances, bytes; most loaders first.
fn duplicates(context: &Context<'_>) -> Vec<(String, u64, u64, u64)> {
    let mut by_name: HashMap<&str, (u64, u64, u64)> = HashMap::new();
    for (ix, class) in context.snapshot.classes().iter() {
        let is_ordinary = class.described && !class.is_array() && normalise_class(&class.name) == *class.name;
        if is_ordinary {
            let count = context.histogram().of_class(ix);
            let sum = by_name.entry(&class.name).or_default();
            sum.0 += 1;
            sum.1 += count.instances;
            sum.2 += count.shallow_bytes;
        }
    }
    let several = by_name.into_iter().filter(|(_, (loaders, ..))| *loaders > 1);
    let mut rows: Vec<_> = several
        .map(|(name, (loaders, instances, bytes))| (name.to_owned(), loaders, instances, bytes))
        .collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then(b.3.cmp(&a.3)).then_with(|| a.0.cmp(&b.0)));
    rows
}

fn duplicate_table(context: &Context<'_>, rows: Vec<(String, u64, u64, u64)>) -> Block {
    let columns = vec![
        Column::left("class"),
        Column::right("loaders"),
        Column::right("instances"),
        Column::right("shallow_bytes"),
    ];
    table(context, "duplicates", columns, rows, |(name, loaders, instances, bytes)| {
        vec![Cell::Class(name), Cell::Count(loaders), Cell::Count(instances), Cell::Bytes(bytes)]
    })
}

/// Classes that were made at run time, by what they are called without their numbers.
fn generated(context: &Context<'_>) -> Block {
    let mut by_name: HashMap<String, (u64, u64)> = HashMap::new();
    for (ix, class) in context.snapshot.classes().iter().filter(|(_, class)| class.described) {
        let stable = normalise_class(&class.name);
        if stable != *class.name && !class.is_array() {
            let sum = by_name.entry(stable.into_owned()).or_default();
            sum.0 += 1;
            sum.1 += context.histogram().of_class(ix).instances;
        }
    }
    let mut rows: Vec<_> = by_name.into_iter().collect();
    rows.sort_by(|a, b| b.1.0.cmp(&a.1.0).then_with(|| a.0.cmp(&b.0)));
    let columns = vec![Column::left("class"), Column::right("classes"), Column::right("instances")];
    table(context, "generated", columns, rows, |(name, (classes, instances))| {
        vec![Cell::Class(name), Cell::Count(classes), Cell::Count(instances)]
    })
}

fn stopped(loader: &Loader) -> Finding {
    let name = loader.name.clone().unwrap_or_else(|| "?".to_owned());
    Finding {
        id: "classloaders.stopped-application".into(),
        severity: Severity::Warning,
        title: Text::with(
            "classloaders-stopped",
            [("name", Arg::name(name.clone())), ("size", Arg::Bytes(loader.retained_bytes))],
        ),
        class: Some(loader.label.clone()),
        bytes: loader.retained_bytes,
        count: loader.classes,
        holder: Some(Holder {
            kind: HolderKind::ClassLoader,
            class: Some(loader.label.clone()),
            field: None,
            thread: None,
            frame: None,
            threads: None,
        }),
        advice: vec![Text::message("classloaders-stopped-advice")],
        evidence: Vec::new(),
        link: None,
        fingerprint: Fingerprint::of(&["classloaders.stopped-application", &name]),
    }
}

/// One finding for the class that most loaders have defined, if those are many.
fn many_loaders(snapshot: &Snapshot, duplicates: &[(String, u64, u64, u64)]) -> Option<Finding> {
    // The boot loader has several classes of one name where the JDK makes hidden ones.
    let defining = |name: &str| {
        let classes = snapshot.classes().named(name).iter();
        let is_for_each = |&loader: &ObjectIx| {
            FOR_EACH_PIECE.iter().any(|begin| snapshot.class_name(loader).starts_with(begin))
        };
        let loaders = classes.filter_map(|&class| snapshot.classes().get(class).loader.get());
        let mut loaders: Vec<ObjectIx> = loaders.filter(|loader| !is_for_each(loader)).collect();
        loaders.sort_unstable();
        loaders.dedup();
        loaders
    };
    let many = duplicates.iter().take_while(|(_, copies, ..)| *copies >= MANY_LOADERS);
    let mut many = many.map(|(name, ..)| (name, defining(name)));
    let (name, mut defining) = many.find(|(_, loaders)| loaders.len() as u64 >= MANY_LOADERS)?;
    // The loader of the application may have defined it once, too.
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    defining.iter().for_each(|&loader| *counts.entry(snapshot.class_name(loader)).or_default() += 1);
    let commonest = counts.into_iter().max_by_key(|&(name, count)| (count, Reverse(name)));
    let loader = commonest.map(|(name, _)| name.to_owned());
    defining.retain(|&object| loader.as_deref() == Some(snapshot.class_name(object)));
    let loaders = defining.len() as u64;
    let label = loader.clone().unwrap_or_default();
    let args =
        [("count", Arg::Count(loaders)), ("loader", Arg::name(label.clone())), ("class", Arg::name(name))];
    Some(Finding {
        id: "classloaders.many".into(),
        severity: Severity::Warning,
        title: Text::with("classloaders-many", args),
        class: loader,
        bytes: defining.iter().map(|&loader| snapshot.retained_bytes(loader)).sum(),
        count: loaders,
        holder: None,
        advice: vec![Text::message("classloaders-many-advice")],
        evidence: Vec::new(),
        link: None,
        fingerprint: Fingerprint::of(&["classloaders.many", &normalise_class(&label)]),
    })
}

/// One finding for the class of which most sub classes were made at run time, if those are many: proxies and enhanced classes have the name of the
/// class that they are made from, and are made once where nothing is wrong. They take Metaspace, and little of the heap.
fn generated_from_one(context: &Context<'_>) -> Result<Option<Finding>, InspectError> {
    let snapshot = context.snapshot;
    let classes = snapshot.classes();
    let made_from = |class: &Class| {
        let base = class.super_class?;
        let rest = class.name.strip_prefix(&*classes.get(base).name)?;
        (rest.contains('$') && normalise_class(&class.name) != *class.name).then_some(base)
    };
    let mut by_base: BTreeMap<ClassIx, Vec<ClassIx>> = BTreeMap::new();
    for (ix, class) in classes.iter().filter(|(_, class)| class.described && !class.is_array()) {
        if let Some(base) = made_from(class) {
            by_base.entry(base).or_default().push(ix);
        }
    }
    let most = by_base.iter().max_by_key(|&(&base, made)| (made.len(), Reverse(base)));
    let Some((&base, made)) = most.filter(|(_, made)| made.len() as u64 >= MANY_GENERATED) else {
        return Ok(None);
    };
    let (name, count) = (&*classes.get(base).name, made.len() as u64);
    let retained = |&class: &ClassIx| {
        classes.get(class).mirror.get().map_or(0, |mirror| snapshot.retained_bytes(mirror))
    };
    let (holder, evidence) = holder_of_instances(context, made)?.unzip();
    Ok(Some(Finding {
        id: GENERATED.into(),
        severity: Severity::Warning,
        title: Text::with(
            "classloaders-generated",
            [("count", Arg::Count(count)), ("class", Arg::name(name.to_owned()))],
        ),
        class: Some(name.to_owned()),
        bytes: made.iter().map(retained).sum(),
        count,
        holder,
        advice: vec![Text::message("classloaders-generated-advice")],
        evidence: evidence.into_iter().collect(),
        link: None,
        fingerprint: Fingerprint::of(&[GENERATED, name]),
    }))
}

/// Whether so many of all classes are more than anybody writes or a library makes once.
pub(super) fn are_most(count: u64, classes: u64) -> bool {
    const MANY: u64 = 200;
    count >= MANY && count * 5 >= classes
}

/// One finding for classes that are called alike, if those are a good part of all and were made for each use: proxies, or what has a loader for every few. Those
/// of one loader somebody may have written. What the JDK makes for itself it makes once for each place in the code.
fn alike(snapshot: &Snapshot) -> Option<Finding> {
    const FEW: u64 = 4;
    const OF_JDK: [&str; 3] = ["java.lang.invoke.", "jdk.internal.reflect.", "sun.reflect."];
    let all = snapshot.loaded_class_count() as u64;
    let (name, count) = commonest_class(snapshot)?;
    let is_of_jdk = OF_JDK.iter().any(|package| name.starts_with(package)) || name.contains("$$Lambda");
    if is_of_jdk || !are_most(count, all) {
        return None;
    }
    let is_alike = |class: &Class| {
        let stable = normalise_class(&class.name);
        class.described && (*stable == *name || *normalise_thread(&stable) == *name)
    };
    let alike: Vec<&Class> =
        snapshot.classes().iter().map(|(_, class)| class).filter(|class| is_alike(class)).collect();
    let loaders: HashSet<ObjectIx> = alike.iter().filter_map(|class| class.loader.get()).collect();
    if loaders.len() as u64 * FEW < count && !name.contains("$Proxy") {
        return None;
    }
    let are_numbered = !name.contains('*') && alike.iter().any(|class| *class.name != *name);
    let label = if are_numbered { format!("{name}*") } else { name.clone() };
    let args = [
        ("count", Arg::Count(count)),
        ("all", Arg::Count(all)),
        ("class", Arg::name(label)),
        ("loaders", Arg::Count(loaders.len() as u64)),
    ];
    Some(Finding {
        id: ALIKE.into(),
        severity: Severity::Warning,
        title: Text::with("classloaders-alike", args),
        class: Some(name.clone()),
        // What the heap has of them says nothing of the room for classes.
        bytes: 0,
        count,
        holder: None,
        advice: vec![Text::message("classloaders-alike-advice")],
        evidence: Vec::new(),
        link: None,
        fingerprint: Fingerprint::of(&[ALIKE, &name]),
    })
}

/// Who holds nearly all instances of generated classes, and how many of those looked at; `None` if nobody holds most of them, or only the stack of
/// a thread.
fn holder_of_instances(
    context: &Context<'_>,
    classes: &[ClassIx],
) -> Result<Option<(Holder, Text)>, InspectError> {
    const LOOKED_AT: usize = 64;
    let snapshot = context.snapshot;
    let mut instances = instances_of(snapshot, classes)?;
    instances.retain(|&object| snapshot.is_reachable(object));
    // One or two of many classes say nothing of the others.
    if instances.len() * 2 < classes.len() {
        return Ok(None);
    }
    let ownership = context.ownership()?;
    let step = instances.len().div_ceil(LOOKED_AT);
    let samples: Vec<ObjectIx> = instances.into_iter().step_by(step).collect();
    let is_field = |holder: &Holder| {
        matches!(holder.kind, HolderKind::StaticField | HolderKind::InstanceField | HolderKind::ThreadLocal)
    };
    let mut held: Vec<(Holder, usize)> = Vec::new();
    for holder in samples.iter().filter_map(|&sample| ownership.of(sample, 0)).map(|held| held.holder) {
        match held.iter_mut().find(|(known, _)| known.label() == holder.label()) {
            Some((_, count)) => *count += 1,
            None => held.push((holder, 1)),
        }
    }
    let most =
        held.into_iter().find(|&(ref holder, count)| is_field(holder) && count * 4 >= samples.len() * 3);
    Ok(most.map(|(holder, count)| {
        let args = [
            ("holder", holder.words()),
            ("count", Arg::Count(count as u64)),
            ("samples", Arg::Count(samples.len() as u64)),
        ];
        (holder, Text::with("classloaders-generated-held", args))
    }))
}
