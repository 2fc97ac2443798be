//! Tables about rules themselves: which there are, and how far each got on a heap. For people who write rules.

use super::{RuleSet, severity};
use crate::report::{Block, Cell, Column, Section, Table, Text};

/// How far a rule got on a heap.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Trial {
    /// The rule.
    pub rule: String,
    /// Classes of the dump that it names, sub classes included.
    pub classes: u64,
    /// Their objects (or what else the rule counts), reachable or not.
    pub instances: u64,
    /// Those for which its conditions hold.
    pub fulfilling: u64,
    /// What it reports: titles.
    pub findings: Vec<Text>,
}

/// The rules of a set.
pub fn list_section(rules: &RuleSet) -> Section {
    let columns = vec![
        Column::left("rule"),
        Column::left("severity"),
        Column::left("class"),
        Column::left("finding"),
        Column::left("link"),
    ];
    let row = |rule: &super::Rule| {
        let (en, zh) = rule.title();
        vec![
            Cell::Value(rule.id().to_owned()),
            severity(rule.severity()),
            Cell::Value(rule.classes().collect::<Vec<_>>().join(", ")),
            Cell::Text(Text::Both { en: en.to_owned(), zh: zh.to_owned() }),
            rule.link().map_or(Cell::None, |link| Cell::Value(link.to_owned())),
        ]
    };
    let mut rows: Vec<_> = rules.iter().map(|rule| (rule.id().to_owned(), row(rule))).collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let rows = rows.into_iter().map(|(_, row)| row).collect();
    section(Table { id: "known-rules".into(), columns, rows, omitted: 0 })
}

/// How far rules got.
pub fn trial_section(trials: &[Trial]) -> Section {
    let columns = vec![
        Column::left("rule"),
        Column::right("classes"),
        Column::right("instances"),
        Column::right("fulfilling"),
        Column::left("finding"),
    ];
    let row = |trial: &Trial| {
        vec![
            Cell::Value(trial.rule.clone()),
            Cell::Count(trial.classes),
            Cell::Count(trial.instances),
            Cell::Count(trial.fulfilling),
            trial.findings.first().map_or(Cell::None, |title| Cell::Text(title.clone())),
        ]
    };
    section(Table { id: "rule-trial".into(), columns, rows: trials.iter().map(row).collect(), omitted: 0 })
}

fn section(table: Table) -> Section {
    Section { id: "rules".into(), blocks: vec![Block::Table(table)] }
}
