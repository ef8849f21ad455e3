//! The reference pages of the book are made from the tables. `UPDATE_GOLDEN=1 cargo test --test it book` writes them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use flowcast::assert_golden;
use flowcast::diagnostic::CODES;
use flowcast::flowlog::{FIELDS, FIELDS_SOURCE, LogFormat};
use flowcast::model::{ASSUMPTIONS, EPHEMERAL_PORTS, GATEWAY_KINDS, RESERVED};
use flowcast::walk::STAGES;

const SUMMARY: &str = "book/src/SUMMARY.md";
const REFERENCE: &str = "book/src/reference";

/// A page with one table.
pub(crate) struct Page {
    text: String,
    columns: usize,
}

impl Page {
    pub(crate) fn new(title: &str, introduction: &str, columns: &[&str]) -> Self {
        let mut text = format!("<!-- Made by tests/it/book.rs from the program's tables. -->\n# {title}\n\n");
        let _ = writeln!(text, "{introduction}\n");
        let mut page = Self { text, columns: columns.len() };
        page.row(columns);
        page.row(&vec!["---"; columns.len()]);
        page
    }

    pub(crate) fn row<C: AsRef<str>>(&mut self, cells: &[C]) {
        assert_eq!(cells.len(), self.columns);
        let cells: Vec<_> = cells.iter().map(|cell| escape(cell.as_ref())).collect();
        let _ = writeln!(self.text, "| {} |", cells.join(" | "));
    }

    pub(crate) fn compare(&self, name: &str) {
        assert_golden(format!("{REFERENCE}/{name}.md"), &self.text);
    }
}

/// A bar would end the cell, and a line end the table, within code as well.
fn escape(cell: &str) -> String {
    cell.replace('|', "\\|").replace('\n', " ")
}

fn code(name: impl std::fmt::Display) -> String {
    format!("`{name}`")
}

fn page_link(source: &str) -> String {
    let page = source.split('#').next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    format!("[{}]({source})", page.trim_end_matches(".html"))
}

fn yes(value: bool) -> &'static str {
    if value { "yes" } else { "" }
}

#[test]
fn fields() {
    let introduction = format!(
        "Every field of VPC flow log records, in the order of [AWS's table]({FIELDS_SOURCE}). A field that does not \
         apply, or is not known, is written `-`. *Default* marks the fields of the default format, *no data* those \
         that NODATA and SKIPDATA records show."
    );
    let columns = ["field", "version", "Parquet", "default", "no data", "what it holds"];
    let mut page = Page::new("Fields of a record", &introduction, &columns);
    let default = LogFormat::default();
    for field in FIELDS {
        let in_default = yes(default.fields().contains(&field)).to_owned();
        let without = yes(field.without_traffic).to_owned();
        let (version, parquet) = (field.version.to_string(), field.parquet.to_string());
        page.row(&[code(field.name), version, parquet, in_default, without, field.doc.to_owned()]);
    }
    page.compare("fields");
}

#[test]
fn stages() {
    let introduction = "Where something decides about a packet. These names stand in explanations and in their JSON; \
                        new ones are added, none is ever renamed.";
    let mut page =
        Page::new("Stages of a packet's way", introduction, &["stage", "what is decided", "documented at"]);
    for stage in STAGES {
        page.row(&[code(stage.name), stage.doc.to_owned(), page_link(stage.source)]);
    }
    page.compare("stages");
}

#[test]
fn assumptions() {
    let introduction = "Where AWS's documentation is silent, a choice had to be made. Each has a name, and output that \
                        rests on it names it.";
    let mut page = Page::new("Assumptions", introduction, &["name", "what is assumed", "nearest page"]);
    for assumption in ASSUMPTIONS {
        page.row(&[code(assumption.name), assumption.text.to_owned(), page_link(assumption.source)]);
    }
    page.compare("assumptions");
}

#[test]
fn diagnostics() {
    let introduction = "What can be wrong with a scenario. All problems of a file are told at once. An error forbids \
                        computing anything; a warning does not.";
    let mut page = Page::new("Diagnostics", introduction, &["code", "severity", "meaning"]);
    for entry in CODES {
        page.row(&[code(entry.name), entry.severity.to_string(), entry.doc.to_owned()]);
    }
    page.compare("diagnostics");
}

#[test]
fn gateways() {
    let introduction = "What a route can lead to besides `local` and network interfaces. A path through a gateway that \
                        is not simulated ends as `unknown`.";
    let columns = ["gateway", "section of a scenario", "ids", "simulated", "documented at"];
    let mut page = Page::new("Gateways", introduction, &columns);
    for entry in GATEWAY_KINDS {
        let ids = format!("`{}-…`", entry.id_prefix);
        let modelled = yes(entry.modelled).to_owned();
        page.row(&[entry.name.to_owned(), code(entry.section), ids, modelled, page_link(entry.source)]);
    }
    page.compare("gateways");
}

#[test]
fn not_logged() {
    let introduction = "Traffic between an instance and the services of its own VPC. *Exempt* traffic passes security \
                        groups and network ACLs unseen; what is not *logged* appears in no record; what AWS does not \
                        say to be *answered* has an `unknown` reply.";
    let columns = ["name", "traffic", "exempt", "logged", "answered", "assumption", "documented at"];
    let mut page = Page::new("Traffic that is not logged", introduction, &columns);
    for row in RESERVED {
        let [exempt, logged] = [row.exempt, row.logged].map(|value| yes(value).to_owned());
        let assumption = row.assumption.map(code).unwrap_or_default();
        page.row(&[
            code(row.name),
            row.doc.to_owned(),
            exempt,
            logged,
            row.answered.to_owned(),
            assumption,
            page_link(row.source),
        ]);
    }
    page.compare("not-logged");
}

#[test]
fn client_ports() {
    let introduction = "A client that states no source port may use any port of its system's ephemeral range, and \
                        the rules that judge its replies have to admit all of them. The first row is taken when \
                        nothing is said.";
    let mut page = Page::new("Ports of clients", introduction, &["client", "first", "last", "who"]);
    for row in EPHEMERAL_PORTS {
        page.row(&[code(row.client), row.from.to_string(), row.to.to_string(), row.doc.to_owned()]);
    }
    page.compare("client-ports");
}

/// The one table that the library does not have: read from the source of the command line.
#[test]
fn exit_codes() {
    let introduction = "How the program ends. With several reasons the highest number counts.";
    let mut page = Page::new("Exit codes", introduction, &["code", "meaning"]);
    let source = fs::read_to_string("src/cli/exit.rs").unwrap();
    let mut codes = 0;
    for line in source.lines() {
        let Some((variant, number)) = line.trim().trim_end_matches(',').split_once(" => ") else { continue };
        let variant = variant.trim_start_matches("Exit::");
        let doc: Vec<_> = source
            .lines()
            .take_while(|line| line.trim() != format!("{variant},"))
            .map(str::trim)
            .collect::<Vec<_>>()
            .rsplit(|line| !line.starts_with("///"))
            .next()
            .unwrap()
            .iter()
            .map(|line| line.trim_start_matches("/// "))
            .collect();
        assert!(!doc.is_empty(), "`{variant}` says nothing");
        page.row(&[number.to_owned(), doc.join(" ")]);
        codes += 1;
    }
    assert_eq!(codes, 5, "the exit codes were not found");
    page.compare("exit-codes");
}

/// Every page that is made is listed, and every listed page is there.
#[test]
fn the_summary_lists_every_page() {
    let summary = fs::read_to_string(SUMMARY).unwrap();
    let listed: Vec<_> = summary.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    for page in &listed {
        assert!(Path::new("book/src").join(page).is_file(), "{SUMMARY} lists {page}, which is not there");
    }
    for entry in fs::read_dir(REFERENCE).unwrap() {
        let name = format!("reference/{}", entry.unwrap().file_name().to_str().unwrap());
        assert!(listed.contains(&name.as_str()), "{SUMMARY} does not list {name}");
    }
}

#[test]
fn bars_are_escaped() {
    assert_eq!(escape("a|b\nc"), "a\\|b c");
}
