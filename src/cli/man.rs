//! `flowcast man`: manual pages, made from the definition of the command line.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, CommandFactory};

use super::exit::Exit;
use super::output;

/// The manual page of flowcast, or those of all commands as files.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  flowcast man | man -l -
  flowcast man ~/.local/share/man/man1")]
pub(super) struct Man {
    /// Write a page for each command into this folder.
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl Man {
    pub(super) fn execute(&self) -> anyhow::Result<Exit> {
        // `flowcast help` is no page of its own.
        let command = super::Cli::command().disable_help_subcommand(true);
        match &self.folder {
            Some(folder) => std::fs::create_dir_all(folder)
                .and_then(|()| clap_mangen::generate_to(command, folder))
                .with_context(|| format!("cannot write into {}", folder.display()))?,
            None => {
                let mut page = Vec::new();
                clap_mangen::Man::new(command).render(&mut page)?;
                output::print(&String::from_utf8(page)?)?;
            }
        }
        Ok(Exit::Success)
    }
}
