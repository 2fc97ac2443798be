//! Threads by their names where they stand as objects among others: "java.lang.Thread" says nothing to whoever looks for the one that holds it all.
//!
//! Owns where a name is added to a class. Knows nothing of how either looks. Copies the tables that have a thread in them, and all trees and areas if there are threads. Cost: a look-up for each address.

use crate::report::{Cell, MapNode, Report, Table, Tree, TreeNode};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The names of threads by the addresses of their objects.
pub(super) struct Threads<'r> {
    name_by_address: BTreeMap<u64, &'r str>,
}

impl<'r> Threads<'r> {
    /// Those of a report.
    pub(super) fn of(report: &'r Report) -> Self {
        let named = report.threads().filter(|thread| !thread.name.is_empty());
        Self { name_by_address: named.map(|thread| (thread.address, thread.name.as_str())).collect() }
    }

    /// A table with names; one that has a column of names has them already.
    pub(super) fn table<'t>(&self, table: &'t Table) -> Cow<'t, Table> {
        let is_named = table.columns.iter().any(|column| matches!(&*column.key, "name" | "thread"));
        if is_named || !table.rows.iter().any(|row| self.name_in(row).is_some()) {
            return Cow::Borrowed(table);
        }
        let mut table = table.clone();
        table.rows.iter_mut().for_each(|row| self.name(row));
        Cow::Owned(table)
    }

    /// A tree with names.
    pub(super) fn tree<'t>(&self, tree: &'t Tree) -> Cow<'t, Tree> {
        let mut tree = Cow::Borrowed(tree);
        if self.name_by_address.is_empty() {
            return tree;
        }
        let mut left: Vec<&mut TreeNode> = tree.to_mut().nodes.iter_mut().collect();
        while let Some(node) = left.pop() {
            self.name(&mut node.cells);
            left.extend(&mut node.children);
        }
        tree
    }

    /// Areas with names.
    pub(super) fn map<'t>(&self, root: &'t MapNode) -> Cow<'t, MapNode> {
        let mut root = Cow::Borrowed(root);
        if self.name_by_address.is_empty() {
            return root;
        }
        let mut left = vec![root.to_mut()];
        while let Some(node) = left.pop() {
            if let Some(name) = self.name_by_address.get(&node.address) {
                node.label = named(&node.label, name);
            }
            left.extend(&mut node.children);
        }
        root
    }

    fn name_in(&self, row: &[Cell]) -> Option<&'r str> {
        row.iter().find_map(|cell| match cell {
            Cell::Address(address) => self.name_by_address.get(address).copied(),
            _ => None,
        })
    }

    fn name(&self, row: &mut [Cell]) {
        let Some(name) = self.name_in(row) else { return };
        if let Some(Cell::Class(class)) = row.iter_mut().find(|cell| matches!(cell, Cell::Class(_))) {
            *class = named(class, name);
        }
    }
}

/// As `jstack` writes names.
fn named(class: &str, name: &str) -> String {
    format!("{class} \"{name}\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Column;

    fn threads() -> Threads<'static> {
        Threads { name_by_address: BTreeMap::from([(0x10, "export-1")]) }
    }

    fn row(address: u64) -> Vec<Cell> {
        vec![Cell::Address(address), Cell::Class("java.lang.Thread".into())]
    }

    #[test]
    fn a_thread_among_objects_has_its_name() {
        let table = |columns: [&str; 2], rows| Table {
            id: "objects".into(),
            columns: columns.map(Column::left).into(),
            rows,
            omitted: 0,
        };
        let objects = table(["address", "class"], vec![row(0x10), row(0x20)]);
        let class = Cell::Class("java.lang.Thread \"export-1\"".into());
        assert_eq!(threads().table(&objects).rows[0][1], class);
        assert_eq!(threads().table(&objects).rows[1], row(0x20));
        let named = table(["address", "name"], vec![row(0x10)]);
        assert_eq!(*threads().table(&named), named);
    }

    #[test]
    fn so_it_has_in_trees_and_areas() {
        let node = |children| TreeNode { cells: row(0x10), children, omitted: 0 };
        let tree = Tree { id: "tree".into(), columns: Vec::new(), nodes: vec![node(vec![node(Vec::new())])] };
        let tree = threads().tree(&tree).into_owned();
        let class = Cell::Class("java.lang.Thread \"export-1\"".into());
        assert_eq!((&tree.nodes[0].cells[1], &tree.nodes[0].children[0].cells[1]), (&class, &class));
        let area = |address, children| MapNode {
            label: "java.lang.Thread".into(),
            field: None,
            address,
            count: 1,
            retained_bytes: 1,
            shallow_bytes: None,
            children,
        };
        let map = area(0, vec![area(0x10, Vec::new())]);
        assert_eq!(threads().map(&map).children[0].label, "java.lang.Thread \"export-1\"");
    }
}
