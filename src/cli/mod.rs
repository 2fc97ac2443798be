//! The command line: arguments, commands, exit codes.
//!
//! Owns what a person types and what the shell gets back: data on standard output, everything else on standard error, exit code 0
//! for fine, 1 for a broken gate, 2 for bad usage or unusable input, 130 when interrupted. Draws no conclusions about heaps.

mod analyze;
mod args;
mod check;
mod diff;
mod failure;
mod index;
mod inspect;
mod look;
mod open;
mod output;
mod progress;
mod reports;
mod rules;
mod shell;
mod sources;

use crate::storage::give_back_freed_memory;
use args::{Cli, Command};
use clap::Parser;
use failure::Failure;
use std::process::ExitCode;

/// Everything that the binary does.
pub fn main() -> ExitCode {
    give_back_freed_memory();
    let cli = match Cli::try_parse_from(args::with_index_dir(std::env::args_os())) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors. A closed pipe is none either.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    match run(&cli) {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}

fn run(cli: &Cli) -> Result<ExitCode, Failure> {
    let session = open::Session::new(&cli.global)?;
    match &cli.command {
        Command::Analyze(args) => analyze::run(&session, args),
        Command::Rules(args) => rules::run(&session, args),
        Command::Check(args) => return check::run(&session, args),
        Command::Index(args) => index::run(&session, args),
        Command::Diff(args) => diff::run(&session, args),
        Command::Render(args) => diff::render(&session, args),
        Command::Completions { shell } => shell::completions(*shell),
        Command::Man => shell::man(),
        Command::Find(args) => look::find(&session, args),
        Command::Show(args) => look::show(&session, args),
        Command::Paths(args) => look::paths(&session, args),
        command => match command.inspection() {
            Some((id, args)) => inspect::run(&session, id, args),
            None => Ok(()),
        },
    }?;
    Ok(ExitCode::SUCCESS)
}
