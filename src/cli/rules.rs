//! Rules: listing them, trying a file of one's own.

use super::args::{Rules, RulesCommand};
use super::failure::Failure;
use super::inspect::write;
use super::open::Session;
use crate::inspect::rules::{RuleSet, list_section, trial_section};
use crate::inspect::{Context, Options};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(super) fn run(session: &Session, args: &Rules) -> Result<(), Failure> {
    match &args.command {
        RulesCommand::List { rules, writing } => write(session, &list_section(&*load(rules)?), writing),
        RulesCommand::Test { rule_file, dump_file, writing } => {
            let rules = read(rule_file)?;
            session.note(&format!("{}: {} rules, no mistakes", rule_file.display(), rules.iter().len()));
            let Some(dump_file) = dump_file else { return Ok(()) };
            let snapshot = session.open(dump_file)?;
            let trials = rules.trial(&Context::new(&snapshot, Options::default()))?;
            write(session, &trial_section(&trials), writing)
        }
    }
}

/// The built-in rules and those of `files`; later files come before earlier ones and before the built-in ones.
pub(super) fn load(files: &[PathBuf]) -> Result<Arc<RuleSet>, Failure> {
    let mut rules = RuleSet::builtin();
    for file in files {
        Arc::make_mut(&mut rules).extend(read(file)?);
    }
    Ok(rules)
}

fn read(file: &Path) -> Result<RuleSet, Failure> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::new(format!("cannot read {}: {error}", file.display())))?;
    RuleSet::parse(&text, &file.display().to_string()).map_err(Failure::new)
}
