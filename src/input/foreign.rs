//! Files of other tools that describe networks and are not read: told by their keys, to say what to do instead.

/// A tool, and how its files are told.
struct Foreign {
    /// What its file is called.
    name: &'static str,
    /// Keys at the top of its files that nobody else's have.
    keys: &'static [&'static str],
    /// Keys at the top that others may have as well, and what the text then has.
    with: Option<(&'static str, &'static str)>,
    /// What lines of its own language begin with.
    lines: &'static [&'static str],
}

static FOREIGN: &[Foreign] = &[
    Foreign {
        name: "Terraform",
        keys: &["terraform_version", "format_version", "resource_changes", "planned_values"],
        with: None,
        lines: &["resource \"aws_", "data \"aws_", "provider \"aws\"", "module \"", "terraform {"],
    },
    Foreign {
        name: "CloudFormation",
        keys: &["AWSTemplateFormatVersion"],
        with: Some(("Resources", "AWS::")),
        lines: &[],
    },
];

/// What to do with such a file.
pub(super) const HELP: &str =
    "deploy it and collect the result, as `flowcast import aws --commands` says, or write a scenario";

/// The tool whose file has this key at its top; `text` is what stands under it.
#[cfg(feature = "json")]
pub(super) fn by_key(key: &str, text: &str) -> Option<&'static str> {
    let is_its = |of: &&Foreign| {
        of.keys.contains(&key) || of.with.is_some_and(|(own, within)| own == key && text.contains(within))
    };
    FOREIGN.iter().find(is_its).map(|of| of.name)
}

/// The tool whose file a text is that is no JSON, and where that shows: its byte and length.
pub(super) fn in_text(text: &str) -> Option<(&'static str, usize, usize)> {
    let is_its = |line: &str, of: &Foreign| {
        let (key, is_key) = match line.split_once(':') {
            Some((key, _)) => (key.trim_matches(['"', '\'', '\u{feff}']), true),
            None => ("", false),
        };
        is_key && of.keys.contains(&key) || of.lines.iter().any(|begin| line.starts_with(begin))
    };
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if let Some(found) = FOREIGN.iter().find(|of| is_its(line, of)) {
            return Some((found.name, start, line.trim_end().len()));
        }
        start += line.len();
    }
    // A template need not say its version.
    FOREIGN.iter().find_map(|of| {
        let (key, within) = of.with?;
        let line = format!("\n{key}:");
        let at =
            if text.starts_with(line.trim_start()) { Some(0) } else { text.find(&line).map(|at| at + 1) };
        let start = at.filter(|_| text.contains(within))?;
        Some((of.name, start, key.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_told_from_scenarios() {
        let name = |text: &str| in_text(text).map(|(name, ..)| name);
        assert_eq!(name("Resources:\n  Vpc:\n    Type: AWS::EC2::VPC\n"), Some("CloudFormation"));
        assert_eq!(name("---\nAWSTemplateFormatVersion: '2010-09-09'\n"), Some("CloudFormation"));
        assert_eq!(name("# lab\nresource \"aws_vpc\" \"lab\" {\n"), Some("Terraform"));
        assert_eq!(name("Resources: []\nvpcs: []\n"), None);
        assert_eq!(name("vpcs:\n  - {name: lab}\n"), None);
        assert_eq!(name(""), None);
    }
}
