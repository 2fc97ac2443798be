//! Reports for who compares and judges: with all rows of classes, and more of the dominator tree than a person reads.

use super::rules::RuleSet;
use super::{Context, InspectError, Options, find, report};
use crate::report::Report;
use crate::snapshot::Snapshot;
use std::sync::Arc;

/// Inspections whose rows are objects and not classes: their tops serve.
const OUTLINES: [&str; 2] = ["dominators", "strings"];
/// Rows of these.
const TOP: usize = 10;
/// Rows of the dominator tree: a leak that has just begun is a small part of it.
const TREE_ROWS: usize = 4000;

/// The report that [`crate::gate`] measures budgets and growth on: the inspections that are `wanted` (all that it can use are
/// [`crate::gate::NEEDED`]), with all rows of their tables.
///
/// # Errors
/// As those of [`report`].
pub fn report_to_compare(
    snapshot: &Snapshot,
    rules: &Arc<RuleSet>,
    wanted: &[&str],
) -> Result<Report, InspectError> {
    let options = Options { limit: 0, class_limit: 0, ..Options::default() };
    let mut context = Context::new(snapshot, options).with_rules(Arc::clone(rules));
    let is_outline = |id: &str| OUTLINES.contains(&id);
    let mut report = report(&context, |id| wanted.contains(&id) && !is_outline(id))?;
    context.options.limit = TOP;
    context.options.tree_rows = TREE_ROWS;
    for outline in OUTLINES.iter().filter(|id| wanted.contains(id)).filter_map(|id| find(id)) {
        let outcome = outline.run(&context)?;
        report.inspections.push(outcome.section);
        report.findings.extend(outcome.findings);
    }
    report.sort_findings();
    Ok(report)
}
