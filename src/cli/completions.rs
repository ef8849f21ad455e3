//! `flowcast completions`: what a shell completes, made from the definition of the command line.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::exit::Exit;
use super::output;

/// The script with which a shell completes commands and options.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  flowcast completions bash > ~/.local/share/bash-completion/completions/flowcast
  flowcast completions zsh > ~/.zfunc/_flowcast
  flowcast completions fish > ~/.config/fish/completions/flowcast.fish")]
pub(super) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(super) fn execute(&self) -> anyhow::Result<Exit> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut super::Cli::command(), "flowcast", &mut script);
        output::print(&String::from_utf8(script)?)?;
        Ok(Exit::Success)
    }
}
