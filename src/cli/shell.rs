//! What packages of the program bring along: completions for shells and the man page, made of the command line as clap knows it.

use super::args::Cli;
use super::failure::Failure;
use super::output;
use clap::CommandFactory;
use clap_complete::Shell;

/// Completions on standard output.
pub(super) fn completions(shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "oomph", &mut script);
    output::to_stdout(&String::from_utf8_lossy(&script))
}

/// The man page on standard output: the program, then each command.
pub(super) fn man() -> Result<(), Failure> {
    let mut command = Cli::command();
    command.build();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page).map_err(Failure::new)?;
    for command in command.get_subcommands().filter(|command| command.get_name() != "help") {
        let man = clap_mangen::Man::new(command.clone());
        // The title of a man page may stand there only once.
        let heading = format!(".SH \"OOMPH {}\"\n", command.get_name().to_uppercase());
        page.extend(heading.as_bytes());
        man.render_synopsis_section(&mut page).map_err(Failure::new)?;
        man.render_description_section(&mut page).map_err(Failure::new)?;
        man.render_options_section(&mut page).map_err(Failure::new)?;
    }
    output::to_stdout(&String::from_utf8_lossy(&page))
}
