//! `flowcast fields`: the table of flow log fields.

use std::fmt::Write as _;

use clap::Args;
use flowcast::flowlog::{FIELDS, FIELDS_SOURCE, LogFormat, PLAIN_TYPE};

use super::exit::Exit;
use super::output::{self, DIM, STRONG, paint};
use super::{Format, json};

/// The table of flow log fields: name, version, Parquet type, whether the default format has it, and what it holds.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  flowcast fields\n  flowcast fields --output json | jq -r '.fields[].name'"
)]
pub(super) struct Fields {
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    output: Format,
}

impl Fields {
    pub(super) fn execute(&self) -> anyhow::Result<Exit> {
        let text = match self.output {
            Format::Text => text(),
            Format::Json => json::fields()?,
        };
        output::print(&text)?;
        Ok(Exit::Success)
    }
}

fn text() -> String {
    let mut text = String::new();
    let default = LogFormat::default();
    let _ = writeln!(
        text,
        "{}",
        paint(STRONG, format!("{:<26} {:>3}  {:<7} {:<7}  meaning", "field", "ver", "parquet", "default"))
    );
    for field in FIELDS {
        let in_default = if default.fields().contains(&field) { "yes" } else { "" };
        let _ = writeln!(
            text,
            "{:<26} {:>3}  {:<7} {in_default:<7}  {}",
            field.name, field.version, field.parquet, field.doc
        );
    }
    let _ = writeln!(
        text,
        "\n{}",
        paint(
            DIM,
            format!(
                "In text files every field is a {PLAIN_TYPE}; `-` stands for what does not apply or is not known.\n{FIELDS_SOURCE}"
            )
        )
    );
    text
}
