//! `oomph paths`: shortest paths from GC roots, one for an object, merged for many.

use crate::graph::PathTree;
use crate::inspect::holders::link_label;
use crate::inspect::{Context, InspectError};
use crate::ix::ObjectIx;
use crate::query::{Paths, best_root};
use crate::report::{Block, Cell, Column, Section, Tree, TreeNode};
use crate::snapshot::Snapshot;
use hashbrown::HashMap;

/// Objects whose paths are looked at, evenly chosen from all targets.
const SAMPLES: usize = 20_000;
/// Steps shown of a path; the middle of a longer one is left out.
const LONGEST: usize = 60;

/// The paths to `targets`, those that most objects share first.
///
/// # Errors
/// No memory, or the user stopped it.
pub fn paths_section(context: &Context<'_>, targets: &[ObjectIx]) -> Result<Section, InspectError> {
    let snapshot = context.snapshot;
    let mut paths = Paths::new(snapshot)?;
    let step = targets.len().div_ceil(SAMPLES).max(1);
    let mut signatures = Signatures::new(snapshot);
    let mut merged: HashMap<usize, (u64, ObjectIx)> = HashMap::new();
    let mut unreached = 0;
    for &target in targets.iter().step_by(step) {
        let tree = paths.reach(target)?;
        if tree.reaches(target) {
            merged.entry(signatures.of(tree, target)).or_insert((0, target)).0 += 1;
        } else {
            unreached += 1;
        }
    }
    let mut ordered: Vec<(u64, ObjectIx)> = merged.into_values().collect();
    ordered.sort_by_key(|&(count, target)| (std::cmp::Reverse(count), target));
    let omitted = context.options.cut(&mut ordered);
    let mut nodes = Vec::with_capacity(ordered.len());
    for (count, target) in ordered {
        nodes.push(node(snapshot, &paths.reach(target)?.path_to(target), count));
    }
    if unreached > 0 {
        let cells = vec![
            Cell::Value("unreachable, or only softly held".into()),
            Cell::None,
            Cell::Count(unreached),
            Cell::None,
            Cell::None,
        ];
        nodes.push(TreeNode { cells, children: Vec::new(), omitted: 0 });
    }
    if let Some(last) = nodes.last_mut() {
        last.omitted = omitted;
    }
    let columns = vec![
        Column::left("class"),
        Column::left("field"),
        Column::right("objects"),
        Column::left("address"),
        Column::right("retained_bytes"),
    ];
    let tree = Tree { id: "paths".into(), columns, nodes };
    Ok(Section { id: "paths".into(), blocks: vec![Block::Tree(tree)] })
}

/// What two paths have in common that are shown as one: classes and fields, whatever the positions in arrays.
///
/// A signature is the one of the way before and one step more, so paths with the same beginning are looked at once. Cost: some ten bytes for
/// each object on the paths.
struct Signatures<'a> {
    snapshot: &'a Snapshot,
    /// The signature of the way to an object, the object itself not included.
    before_by_object: HashMap<ObjectIx, usize>,
    number_by_step: HashMap<(usize, String), usize>,
    /// The last step of each signature.
    steps: Vec<String>,
}

/// The signature of nothing.
const START: usize = 0;

impl<'a> Signatures<'a> {
    fn new(snapshot: &'a Snapshot) -> Self {
        let (before_by_object, number_by_step) = (HashMap::new(), HashMap::new());
        Self { snapshot, before_by_object, number_by_step, steps: vec![String::new()] }
    }

    /// The number of the signature of the path to `target`.
    fn of(&mut self, tree: &PathTree<'_>, target: ObjectIx) -> usize {
        let mut way = vec![target];
        let mut at = target;
        while !self.before_by_object.contains_key(&at)
            && let Some(before) = tree.before(at)
        {
            way.push(before);
            at = before;
        }
        let mut number = match self.before_by_object.get(&at) {
            Some(&number) => number,
            None => self.longer(START, root_of(self.snapshot, at).to_owned()),
        };
        let mut before = None;
        for &object in way.iter().rev() {
            if let Some(before) = before {
                let step = format!("{} {}", label(self.snapshot, before), self.link(before, object));
                number = self.longer(number, step);
            }
            self.before_by_object.insert(object, number);
            before = Some(object);
        }
        self.longer(number, format!("{} ", label(self.snapshot, target)))
    }

    fn link(&self, from: ObjectIx, to: ObjectIx) -> String {
        // Which element it is does not matter, and arrays can be long.
        let is_class = self.snapshot.graph().hubs.hub_of(from) == Some(to);
        if self.snapshot.array_length(from).is_some() && !is_class {
            return "[]".to_owned();
        }
        self.snapshot.link(from, to).map_or_else(String::new, |link| link_label(self.snapshot, link))
    }

    fn longer(&mut self, number: usize, step: String) -> usize {
        // Nodes of a list or of a chain of buckets: how many there are on the way says nothing.
        if self.steps[number] == step {
            return number;
        }
        *self.number_by_step.entry((number, step)).or_insert_with_key(|(_, step)| {
            self.steps.push(step.clone());
            self.steps.len() - 1
        })
    }
}

/// Why the first object of a path is kept.
fn root_of(snapshot: &Snapshot, object: ObjectIx) -> &'static str {
    best_root(snapshot, object).map_or("", |root| root.kind.words())
}

fn label(snapshot: &Snapshot, object: ObjectIx) -> String {
    snapshot
        .class_of_mirror(object)
        .map_or_else(|| snapshot.class_name(object).to_owned(), |class| format!("class {}", class.name))
}

fn node(snapshot: &Snapshot, path: &[ObjectIx], count: u64) -> TreeNode {
    let row = |label: String, field: Cell, object: Option<ObjectIx>, count: Cell| {
        let address = object.map_or(Cell::None, |object| Cell::Address(snapshot.address_of(object).0));
        let retained = object.map_or(Cell::None, |object| Cell::Bytes(snapshot.retained_bytes(object)));
        TreeNode {
            cells: vec![Cell::Value(label), field, count, address, retained],
            children: Vec::new(),
            omitted: 0,
        }
    };
    let root = match path.first().map_or("", |&first| root_of(snapshot, first)) {
        "" => "GC root".to_owned(),
        words => format!("GC root: {words}"),
    };
    let mut top = row(root, Cell::None, None, Cell::Count(count));
    let all = path.len();
    for (at, &object) in path.iter().enumerate() {
        if all > LONGEST && (LONGEST / 2..all - LONGEST / 2).contains(&at) {
            if at == LONGEST / 2 {
                top.children.push(row(
                    format!("... {} more steps ...", all - LONGEST),
                    Cell::None,
                    None,
                    Cell::None,
                ));
            }
            continue;
        }
        let link = path.get(at + 1).and_then(|&next| snapshot.link(object, next));
        let field = link.map_or(Cell::None, |link| Cell::Value(link_label(snapshot, link)));
        top.children.push(row(label(snapshot, object), field, Some(object), Cell::None));
    }
    top
}
