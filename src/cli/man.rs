//! `flowcast man`: manual pages, made from the definition of the command line.

use std::path::{Path, PathBuf};

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
            Some(folder) => {
                std::fs::create_dir_all(folder)
                    .with_context(|| format!("cannot write into {}", folder.display()))?;
                let mut command = command;
                command.build();
                write(command, folder)?;
            }
            None => {
                output::print(&page(&clap_mangen::Man::new(command))?)?;
            }
        }
        Ok(Exit::Success)
    }
}

/// Writes a page for `command` and for each of its own.
fn write(command: clap::Command, folder: &Path) -> anyhow::Result<()> {
    for own in command.get_subcommands().filter(|own| !own.is_hide_set()) {
        write(own.clone(), folder)?;
    }
    let man = clap_mangen::Man::new(command);
    let file = folder.join(man.get_filename());
    std::fs::write(&file, page(&man)?).with_context(|| format!("cannot write {}", file.display()))
}

/// A page. What stands behind the help is examples or a table: its lines stay as they are.
fn page(man: &clap_mangen::Man) -> anyhow::Result<String> {
    const EXTRA: &str = "\n.SH EXTRA\n";
    let mut page = Vec::new();
    man.render(&mut page)?;
    let page = String::from_utf8(page)?;
    let Some((before, extra)) = page.split_once(EXTRA) else { return Ok(page) };
    let (extra, behind) = extra.split_once("\n.SH ").unwrap_or((extra.trim_end(), ""));
    let (title, lines) = extra.split_once('\n').unwrap_or(("", extra));
    let title = title.trim_end_matches(':').to_uppercase();
    let behind = if behind.is_empty() { String::new() } else { format!(".SH {behind}") };
    Ok(format!("{before}\n.SH {title}\n.nf\n{lines}\n.fi\n{behind}"))
}
