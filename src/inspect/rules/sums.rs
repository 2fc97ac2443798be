//! What is told of many instances together: a number added up, and the name under which nearly each has another value.
//!
//! Cost: a few records for each instance that is added up, and for a thousand of those whose values are compared.

use super::evaluate::Evaluator;
use super::rule::Rule;
use super::tell::{EXAMPLE_SAMPLES, samples};
use crate::ix::ObjectIx;
use crate::query;
use crate::snapshot::Snapshot;
use std::collections::{BTreeMap, BTreeSet};

/// How many things all of them have, if that is known of one of them at least.
pub(super) fn entries(snapshot: &Snapshot, rule: &Rule, members: &[ObjectIx]) -> Option<u64> {
    let entries = rule.entries.as_ref()?;
    let evaluator = Evaluator { snapshot };
    let numbers = members.iter().filter_map(|&member| evaluator.number(entries, member));
    let sum = numbers.reduce(|sum, number| sum + number)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
    (sum >= 0.0).then_some(sum as u64)
}

/// The name under which the instances have more different values than under any other, if these are many: a kind of request has few, its number as many as
/// there were requests.
pub(super) fn varied(snapshot: &Snapshot, rule: &Rule, members: &[ObjectIx]) -> Option<String> {
    const MANY: usize = 16;
    /// Of two names that vary about as much one does because the other does.
    const TIMES: usize = 2;
    let evaluator = Evaluator { snapshot };
    let mut values: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for member in samples(members, EXAMPLE_SAMPLES).filter(|_| !rule.varied.is_empty()) {
        for (name, value) in &rule.varied {
            let text = |expression| evaluator.text(expression, member).filter(|text| text != "null");
            if let (Some(name), Some(value)) = (text(name), text(value)) {
                values.entry(name).or_default().insert(value);
            }
        }
    }
    let mut counts: Vec<(usize, String)> =
        values.into_iter().map(|(name, values)| (values.len(), name)).collect();
    counts.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let most = counts.first().map(|&(count, _)| count).filter(|&count| count >= MANY)?;
    let names: Vec<String> = counts
        .into_iter()
        .take_while(|&(count, _)| count * TIMES > most)
        .map(|(_, name)| query::mask_value(&name).into_owned())
        .collect();
    Some(names.join(", "))
}
