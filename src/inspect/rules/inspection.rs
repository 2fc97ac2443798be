//! The inspection that applies all rules.

use super::severity;
use crate::inspect::{Context, InspectError, Inspection, Outcome};
use crate::report::{Block, Cell, Column, Finding, Holder, Section, Table};

/// See [`super`].
#[derive(Debug)]
pub struct Rules;

impl Inspection for Rules {
    fn id(&self) -> &'static str {
        "rules"
    }

    fn run(&self, context: &Context<'_>) -> Result<Outcome, InspectError> {
        let findings = context.rule_findings()?.to_vec();
        let columns = vec![
            Column::left("rule"),
            Column::left("severity"),
            Column::left("finding"),
            Column::right("count"),
            Column::right("bytes"),
            Column::left("holder"),
        ];
        let row = |finding: &Finding| {
            vec![
                Cell::Value(finding.id.clone()),
                severity(finding.severity),
                Cell::Text(finding.title.clone()),
                Cell::Count(finding.count),
                Cell::Bytes(finding.bytes),
                finding.holder.as_ref().map(Holder::label).map_or(Cell::None, Cell::Value),
            ]
        };
        let mut rows: Vec<_> = findings.iter().map(row).collect();
        let omitted = context.options.cut(&mut rows);
        let table = Table { id: "rules".into(), columns, rows, omitted };
        Ok(Outcome { section: Section { id: self.id().into(), blocks: vec![Block::Table(table)] }, findings })
    }
}
