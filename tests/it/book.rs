//! The reference pages of the book are made from the tables. `UPDATE_GOLDEN=1 cargo test --test it book` writes them.

mod format;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use flowcast::assert_golden;
use flowcast::aws::{ANSWERS, Use};
use flowcast::diagnostic::CODES;
use flowcast::flowlog::{FIELDS, FIELDS_SOURCE, LogFormat, TRANSIT_GATEWAY_SOURCE};
use flowcast::model::{
    ASSUMPTIONS, COURSES, EPHEMERAL_PORTS, GATEWAY_KINDS, KINDS, MANAGED_SERVICES, PROFILES, RESERVED, SCOPE,
};
use flowcast::walk::STAGES;

const SUMMARY: &str = "book/src/SUMMARY.md";
const REFERENCE: &str = "book/src/reference";

/// A page with tables.
pub(crate) struct Page {
    text: String,
    columns: usize,
}

impl Page {
    pub(crate) fn new(title: &str, introduction: &str, columns: &[&str]) -> Self {
        let mut page = Self::text(title, introduction);
        page.text.push('\n');
        page.columns(columns);
        page
    }

    /// A page that begins without a table.
    fn text(title: &str, introduction: &str) -> Self {
        let head = "<!-- Made by tests/it/book.rs from the program's tables. -->";
        Self { text: format!("{head}\n# {title}\n\n{introduction}\n"), columns: 0 }
    }

    /// Begins a table.
    fn columns(&mut self, columns: &[&str]) {
        self.columns = columns.len();
        self.row(columns);
        self.row(&vec!["---"; columns.len()]);
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

fn quoted(names: &[&str]) -> String {
    names.iter().map(code).collect::<Vec<_>>().join(", ")
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
        "Every field of flow log records, in the order of [AWS's table]({FIELDS_SOURCE}) of VPC flow logs. Those of \
         [transit gateway flow logs]({TRANSIT_GATEWAY_SOURCE}) have a number, which is their place in AWS's other \
         table; all of them are in the default format. Of VPC flow logs those of version 2 are. A field that does not \
         apply, or is not known, is written `-`. *No data* marks those that NODATA and SKIPDATA records show."
    );
    let columns = ["field", "version", "Parquet", "VPC", "transit gateway", "no data", "what it holds"];
    let mut page = Page::new("Fields of a record", &introduction, &columns);
    let default = LogFormat::default();
    for field in FIELDS {
        let of_vpc = if default.fields().contains(&field) { "default" } else { yes(field.kinds.vpc) };
        let place = field.kinds.transit_gateway.map(|place| place.to_string()).unwrap_or_default();
        let without = yes(field.without_traffic).to_owned();
        let (version, parquet) = (field.version.to_string(), field.parquet.to_string());
        page.row(&[
            code(field.name),
            version,
            parquet,
            of_vpc.to_owned(),
            place,
            without,
            field.doc.to_owned(),
        ]);
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
fn managed_services() {
    let introduction = "Services whose resources stand in subnets by interfaces that AWS manages: who opens connections \
                        and who takes them, at which TCP port unless the resource states one, and what \
                        `describe-network-interfaces` says of them. [This page](../managed-services.md) tells more.";
    let columns =
        ["service", "is", "opens", "takes", "port", "type, requester and description", "documented at"];
    let mut page = Page::new("Services with interfaces", introduction, &columns);
    for kind in MANAGED_SERVICES {
        let described = &kind.interfaces;
        let said = [described.interface_type, described.requester_id, described.description];
        let said: Vec<_> = said.into_iter().flatten().map(|text| code(text.trim())).collect();
        page.row(&[
            code(kind.name),
            kind.doc.to_owned(),
            yes(kind.conduct.opens).to_owned(),
            yes(kind.conduct.answers).to_owned(),
            kind.port.map(|port| port.to_string()).unwrap_or_default(),
            said.join(", "),
            page_link(kind.source),
        ]);
    }
    page.compare("managed-services");
}

#[test]
fn answers() {
    let introduction = "Which of AWS's answers are recognised, by the key under which their lists stand, and what becomes \
                        of them. What stands under another key is counted as not known. Read \
                        [AWS's JSON](../aws-json.md) first.";
    let columns = ["key", "call of the AWS CLI", "beside it", "what becomes of it"];
    let mut page = Page::new("Answers of AWS", introduction, &columns);
    for answer in ANSWERS {
        let becomes = match answer.becomes {
            Use::Network => "the network is made of it".to_owned(),
            Use::Gateway(kind) => format!("routes can lead there; paths through a {kind} end as `unknown`"),
            Use::Unused => "counted; nothing that is simulated depends on it".to_owned(),
        };
        let call = code(format_args!("aws {}", answer.call));
        page.row(&[code(answer.key), call, answer.beside.map(code).unwrap_or_default(), becomes]);
    }
    let _ = write!(
        page.text,
        "\nKinds whose absence changes verdicts. `not_collected` of a [VPC](scenario-format.md#vpc) lists them.\n\n"
    );
    page.columns(&["kind", "call of the AWS CLI"]);
    for entry in KINDS {
        page.row(&[code(entry.name), code(format_args!("aws {}", entry.call))]);
    }
    page.compare("answers");
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

#[test]
fn profiles() {
    let introduction = "What `traffic` of a scenario imitates; [Traffic](../traffic.md) tells how to use it. A number \
                        with a factor is a median, about which two thirds of all stay within that factor; `internet` \
                        stands for as many addresses as *addresses* says. The numbers are our own, as the assumption \
                        `traffic-profiles` says; keys of the traffic override them.";
    let columns = [
        "profile",
        "what it imitates",
        "service",
        "when",
        "request",
        "response",
        "lasts",
        "client",
        "addresses",
    ];
    let mut page = Page::new("Traffic profiles", introduction, &columns);
    for profile in PROFILES {
        let services: Vec<_> = profile.services.iter().map(ToString::to_string).collect();
        let (least, most) = profile.session.connections;
        let session = if most > 1 { format!(", in sessions of {least} to {most}") } else { String::new() };
        page.row(&[
            code(profile.name),
            profile.doc.to_owned(),
            services.join(", "),
            format!("{}{session}", profile.pace),
            profile.request.in_units("B"),
            profile.response.in_units("B"),
            profile.lasts.in_units("ms"),
            code(profile.client),
            profile.addresses.to_string(),
        ]);
    }
    let _ = write!(
        page.text,
        "\nThe courses of a day, in UTC: how much happens in each hour, in percent of the mean.\n\n"
    );
    page.columns(&["course", "what it imitates", "from 0 to 23 o'clock"]);
    for course in COURSES {
        let hours: Vec<_> = course.hours.iter().map(|hour| (hour / 10).to_string()).collect();
        page.row(&[course.name.to_owned(), course.doc.to_owned(), hours.join(" ")]);
    }
    page.compare("profiles");
}

/// The program's help, in lines of at most 100 columns.
fn help(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_flowcast")).args(arguments).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    // clap indents empty lines as well.
    help.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

#[test]
fn exit_codes() {
    let introduction = "How the program ends. With several reasons the highest number counts.";
    let mut page = Page::new("Exit codes", introduction, &["code", "meaning"]);
    let help = help(&[]);
    let (_, codes) = help.split_once("Exit codes:\n").unwrap();
    for line in codes.lines() {
        let (number, meaning) = line.trim().split_once("  ").unwrap();
        page.row(&[number, meaning]);
    }
    page.compare("exit-codes");
}

#[test]
fn commands() {
    let introduction = "What each command does, as `flowcast COMMAND --help` tells it.";
    let mut page = Page::text("Commands", introduction);
    for name in crate::examples::commands() {
        let _ = write!(page.text, "\n## {name}\n\n```text\n{}\n```\n", help(&[&name]).trim_end());
    }
    page.compare("commands");
}

/// The two tables of the README, of what is modelled and what is not.
fn scope(page: &mut Page, modelled: bool) {
    for entry in SCOPE.iter().filter(|entry| entry.modelled == modelled) {
        page.row(&[entry.what, entry.doc]);
    }
}

#[test]
fn what_is_modelled() {
    let introduction = "Nothing that was read is silently ignored, and nothing unknown is reported as known.";
    let mut page = Page::new("What is modelled", introduction, &["yes", ""]);
    scope(&mut page, true);
    page.text.push('\n');
    page.columns(&["not yet", "what happens"]);
    scope(&mut page, false);
    page.compare("scope");
    let tables = page.text.split_once(introduction).unwrap().1.trim();
    let readme = fs::read_to_string("README.md").unwrap().replace("|---|---|", "| --- | --- |");
    for table in tables.split("\n\n") {
        assert!(readme.contains(&table.replace("|  |", "| |")), "the README does not say:\n{table}");
    }
}

#[test]
fn the_readme_lists_the_exit_codes_and_commands() {
    let readme = fs::read_to_string("README.md").unwrap();
    let codes = fs::read_to_string(format!("{REFERENCE}/exit-codes.md")).unwrap();
    for line in codes.lines().filter(|line| line.starts_with('|') && !line.contains("---")) {
        assert!(line.contains("code") || readme.contains(line), "the README does not say {line}");
    }
    for command in crate::examples::commands() {
        assert!(readme.contains(&format!("| `flowcast {command}")), "the README does not list {command}");
    }
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
