//! `flowcast fields`: the table of flow log fields.

use std::fmt::Write as _;

use clap::Args;
use flowcast::flowlog::{FIELDS, FIELDS_SOURCE, LogFormat, PLAIN_TYPE, TRANSIT_GATEWAY_SOURCE};
use flowcast::model::FlowLogKind;

use super::exit::Exit;
use super::output::{self, DIM, STRONG, paint};
use super::{Format, json};

/// The table of flow log fields: name, version, Parquet type, which flow logs have it, and what it holds.
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
    let defaults = FlowLogKind::NAMES.map(|(_, kind)| (kind, LogFormat::default_of(kind)));
    let line = |columns: [&dyn std::fmt::Display; 4], [vpc, transit]: [&str; 2]| {
        let [name, version, parquet, doc] = columns;
        format!("{name:<26} {version:>3}  {parquet:<7} {vpc:<7}  {transit:<7}  {doc}")
    };
    let head = line([&"field", &"ver", &"parquet", &"meaning"], ["VPC", "TGW"]);
    let _ = writeln!(text, "{}", paint(STRONG, head));
    for field in FIELDS {
        let has = defaults.each_ref().map(|(kind, default)| match () {
            () if default.fields().contains(&field) => "default",
            () if field.kinds.contain(*kind) => "yes",
            () => "",
        });
        let _ = writeln!(text, "{}", line([&field.name, &field.version, &field.parquet, &field.doc], has));
    }
    let _ = writeln!(
        text,
        "\n{}",
        paint(
            DIM,
            format!(
                "VPC and TGW: flow logs of VPCs and of transit gateways that have the field, by default or if asked for.\n\
                 In text files every field is a {PLAIN_TYPE}; `-` stands for what does not apply or is not known.\n\
                 {FIELDS_SOURCE}\n{TRANSIT_GATEWAY_SOURCE}"
            )
        )
    );
    text
}
