//! `oomph paths`: shortest paths from GC roots, one for an object, merged for many.

use crate::inspect::holders::link_label;
use crate::inspect::{Context, InspectError};
use crate::ix::ObjectIx;
use crate::query::{Path, Paths};
use crate::report::{Block, Cell, Column, Section, Tree, TreeNode};
use crate::snapshot::Snapshot;
use std::collections::BTreeMap;

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
    let mut merged: BTreeMap<Vec<String>, (u64, ObjectIx)> = BTreeMap::new();
    let mut unreached = 0;
    for &target in targets.iter().step_by(step) {
        let path = paths.to(target)?;
        if path.steps.is_empty() {
            unreached += 1;
            continue;
        }
        let entry = merged.entry(signature(snapshot, &path)).or_insert((0, target));
        entry.0 += 1;
    }
    let mut ordered: Vec<(u64, ObjectIx)> = merged.into_values().collect();
    ordered.sort_by_key(|&(count, target)| (std::cmp::Reverse(count), target));
    let omitted = context.options.cut(&mut ordered);
    let mut nodes = Vec::with_capacity(ordered.len());
    for (count, target) in ordered {
        nodes.push(node(snapshot, &paths.to(target)?, count));
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
fn signature(snapshot: &Snapshot, path: &Path<'_>) -> Vec<String> {
    let root = path.root.map_or("", |root| root.kind.words()).to_owned();
    let steps = path.steps.iter().map(|step| {
        let link = step.link.map(|link| link_label(snapshot, link)).unwrap_or_default();
        let link = if link.starts_with('[') { "[]".to_owned() } else { link };
        format!("{} {link}", label(snapshot, step.object))
    });
    let mut all: Vec<String> = std::iter::once(root).chain(steps).collect();
    // Nodes of a list or of a chain of buckets: how many there are on the way says nothing.
    all.dedup();
    all
}

fn label(snapshot: &Snapshot, object: ObjectIx) -> String {
    snapshot
        .class_of_mirror(object)
        .map_or_else(|| snapshot.class_name(object).to_owned(), |class| format!("class {}", class.name))
}

fn node(snapshot: &Snapshot, path: &Path<'_>, count: u64) -> TreeNode {
    let row = |label: String, field: Cell, object: Option<ObjectIx>, count: Cell| {
        let address = object.map_or(Cell::None, |object| Cell::Address(snapshot.address_of(object).0));
        let retained = object.map_or(Cell::None, |object| Cell::Bytes(snapshot.retained_bytes(object)));
        TreeNode {
            cells: vec![Cell::Value(label), field, count, address, retained],
            children: Vec::new(),
            omitted: 0,
        }
    };
    let root =
        path.root.map_or_else(|| "GC root".to_owned(), |root| format!("GC root: {}", root.kind.words()));
    let mut top = row(root, Cell::None, None, Cell::Count(count));
    let all = path.steps.len();
    for (at, step) in path.steps.iter().enumerate() {
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
        let field = step.link.map_or(Cell::None, |link| Cell::Value(link_label(snapshot, link)));
        top.children.push(row(label(snapshot, step.object), field, Some(step.object), Cell::None));
    }
    top
}
