//! Which messages a report needs: those it names, and those that its sections, tables, columns and facts imply.

use crate::render::ways;
use crate::report::{Arg, Block, Cell, Certified, Report, Text, TreeNode};
use std::collections::BTreeSet;

/// The ids of all messages that rendering `report` asks for. A test compares them with the catalogues.
pub fn messages(report: &Report) -> BTreeSet<String> {
    let mut found = Messages::default();
    for note in &report.dump.damage {
        found.text(&note.message);
    }
    found.texts(&report.jvm.object_layout.evidence);
    found.texts(&report.heap.certified.iter().map(Certified::words).collect::<Vec<_>>());
    found.texts(&report.verdict.sentences);
    if let Some(oom) = &report.oom {
        found.id(oom.kind_message());
        found.texts(&oom.evidence);
    }
    for suspect in &report.suspects {
        found.text(&suspect.title);
        found.texts(&suspect.advice);
        found.texts(&suspect.evidence);
        if let Some(graph) = &suspect.path_graph {
            found.text(&ways::about(graph));
        }
        if let Some(rank) = suspect.path_graph_of {
            found.text(&ways::same(rank));
        }
    }
    for finding in &report.findings {
        found.text(&finding.title);
        found.texts(&finding.advice);
        found.texts(&finding.evidence);
    }
    for section in &report.inspections {
        found.id(format!("section-{}", section.id));
        found.id(format!("section-{}-about", section.id));
        for block in &section.blocks {
            found.block(block);
        }
    }
    found.ids
}

#[derive(Default)]
struct Messages {
    ids: BTreeSet<String>,
}

impl Messages {
    fn id(&mut self, id: String) {
        self.ids.insert(id);
    }

    fn texts(&mut self, texts: &[Text]) {
        for text in texts {
            self.text(text);
        }
    }

    fn text(&mut self, text: &Text) {
        if let Text::Message { id, args } = text {
            self.id(id.clone());
            for arg in args.values() {
                if let Arg::Text(inner) = arg {
                    self.text(inner);
                }
            }
        }
    }

    fn cell(&mut self, cell: &Cell) {
        if let Cell::Text(text) | Cell::Term { text, .. } = cell {
            self.text(text);
        }
    }

    fn nodes(&mut self, nodes: &[TreeNode]) {
        for node in nodes {
            node.cells.iter().for_each(|cell| self.cell(cell));
            self.nodes(&node.children);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Prose { text } => self.text(text),
            Block::Facts(facts) => {
                for fact in &facts.facts {
                    self.id(format!("fact-{}", fact.key));
                    self.cell(&fact.value);
                }
            }
            Block::Table(table) => {
                self.id(format!("table-{}", table.id));
                for column in &table.columns {
                    self.id(format!("column-{}", column.key));
                }
                table.rows.iter().flatten().for_each(|cell| self.cell(cell));
            }
            Block::Tree(tree) => {
                self.id(format!("table-{}", tree.id));
                for column in &tree.columns {
                    self.id(format!("column-{}", column.key));
                }
                self.nodes(&tree.nodes);
            }
            Block::Threads { groups, .. } => {
                for doing in groups.iter().filter_map(|group| group.doing.as_ref()) {
                    self.text(doing);
                }
            }
            Block::Map { id, .. } => self.id(format!("table-{id}")),
            Block::Bar(bar) => {
                self.id(format!("table-{}", bar.id));
                for part in &bar.parts {
                    self.text(&part.label);
                }
            }
        }
    }
}
