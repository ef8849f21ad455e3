//! The tables themselves: names are unique and stable, every row says where AWS says so, and nothing that should be
//! in a table stands beside it.

use std::collections::BTreeSet;
use std::fmt::Debug;

use flowcast::diagnostic::CODES;
use flowcast::flowlog::{FIELDS, FIELDS_SOURCE, LogFormat, LogFormatError, TRANSIT_GATEWAY_SOURCE};
use flowcast::model::{ASSUMPTIONS, Assumption, EPHEMERAL_PORTS, FlowLogKind, GATEWAY_KINDS, RESERVED};
use flowcast::walk::STAGES;

use crate::floors::source::{SourceFile, sources};

/// The vocabulary of explanations, which grows and never changes.
const STAGE_NAMES: &str = "source-check security-group-egress network-acl-egress route internet-gateway \
    egress-only-internet-gateway nat-gateway vpc-peering transit-gateway vpn-gateway vpc-endpoint load-balancer \
    network-firewall local-gateway carrier-gateway core-network vpc-lattice block-public-access encryption-controls \
    edge-route network-acl-ingress security-group-ingress destination-check connection-tracking listener delivery";

fn assert_names<'n>(names: impl Iterator<Item = &'n str>) {
    let mut seen = BTreeSet::new();
    for name in names {
        let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(!name.is_empty() && name.chars().all(kebab), "`{name}` is not in kebab-case");
        assert!(
            !name.starts_with('-') && !name.ends_with('-') && !name.contains("--"),
            "`{name}` has loose hyphens"
        );
        assert!(seen.insert(name), "`{name}` is listed twice");
    }
    assert!(!seen.is_empty());
}

fn assert_source(name: &str, source: &str) {
    let (host, path) =
        source.strip_prefix("https://").and_then(|rest| rest.split_once('/')).unwrap_or_default();
    let known = ["docs.aws.amazon.com", "docs.kernel.org", "www.rfc-editor.org"];
    assert!(known.contains(&host) && !path.is_empty(), "{name}: `{source}` is not a page of documentation");
    assert!(!source.contains(char::is_whitespace), "{name}: `{source}`");
}

fn assert_sentence(name: &str, text: &str) {
    assert!(text.ends_with('.') && !text.contains("  ") && text.trim() == text, "{name}: `{text}`");
}

/// The variants of an enum, read from its source, so that a new one is not forgotten in its table.
fn variants(path: &str, name: &str) -> BTreeSet<String> {
    let files = sources();
    let file = files.iter().find(|file| file.path == path).unwrap();
    let (_, body) = file.code.split_once(&format!("pub enum {name} {{")).unwrap();
    let (body, _) = body.split_once('}').unwrap();
    SourceFile::words(body).map(|(_, word)| word.to_owned()).collect()
}

fn debug(values: impl Iterator<Item = impl Debug>) -> BTreeSet<String> {
    values.map(|value| format!("{value:?}")).collect()
}

fn kebab(variant: &str) -> String {
    let mut name = String::new();
    for c in variant.chars() {
        if c.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(c.to_ascii_lowercase());
    }
    name
}

#[test]
fn stages() {
    assert_names(STAGES.iter().map(|entry| entry.name));
    let names: BTreeSet<_> = STAGES.iter().map(|entry| entry.name).collect();
    for name in STAGE_NAMES.split_whitespace() {
        assert!(names.contains(name), "the stage `{name}` was renamed or removed");
    }
    for entry in STAGES {
        assert_eq!(kebab(&format!("{:?}", entry.stage)), entry.name);
        assert_eq!(entry.stage.to_string(), entry.name);
        assert_sentence(entry.name, entry.doc);
        assert_source(entry.name, entry.source);
        assert!(!entry.short.is_empty());
    }
    assert_eq!(debug(STAGES.iter().map(|entry| entry.stage)), variants("src/walk/stage.rs", "Stage"));
}

#[test]
fn assumptions() {
    assert_names(ASSUMPTIONS.iter().map(|assumption| assumption.name));
    for Assumption { name, text, source } in ASSUMPTIONS {
        assert_sentence(name, text);
        assert_source(name, source);
        assert_eq!(Assumption::find(name).map(|found| found.name), Some(*name));
    }
    assert_eq!(Assumption::find("unlisted"), None);
}

#[test]
fn every_assumption_is_named_where_it_is_made() {
    let files = sources();
    let others: Vec<_> = files.iter().filter(|file| file.path != "src/model/assumption.rs").collect();
    let named = |name: &str| others.iter().any(|file| file.text.contains(&format!("\"{name}\"")));
    let unnamed: Vec<_> = ASSUMPTIONS.iter().map(|row| row.name).filter(|name| !named(name)).collect();
    assert_eq!(unnamed, [""; 0], "output names every assumption that it rests on");
}

/// The other way round: what the code names as an assumption is in the table.
#[test]
fn every_named_assumption_is_listed() {
    const MARKS: [&str; 3] = ["assumption: Some(", "assumptions.push(", "assumptions.extend("];
    let mut count = 0;
    for file in sources() {
        // There they are collected; elsewhere names are names of other things.
        let collecting = (file.path == "src/check.rs").then_some("names.insert(");
        for mark in MARKS.into_iter().chain(collecting) {
            for (at, _) in file.text.match_indices(mark) {
                let statement = file.text[at..].split([';', '}']).next().unwrap_or_default();
                let statement = if mark.ends_with("Some(") {
                    &statement[..statement.find(')').unwrap()]
                } else {
                    statement
                };
                for name in statement.split('"').skip(1).step_by(2) {
                    assert!(Assumption::find(name).is_some(), "{}: no assumption `{name}`", file.at(at));
                    count += 1;
                }
            }
        }
        for (at, _) in file.text.match_indices("// Assumed: ") {
            let line = file.text[at..].lines().next().unwrap_or_default();
            let name = line
                .trim_start_matches("// Assumed: ")
                .split([' ', '.', ';', ','])
                .next()
                .unwrap_or_default();
            assert!(Assumption::find(name).is_some(), "{}: no assumption `{name}`", file.at(at));
        }
    }
    assert!(count > 10, "the names were not found");
}

#[test]
fn diagnostics() {
    assert_names(CODES.iter().map(|entry| entry.name));
    for entry in CODES {
        assert_eq!(kebab(&format!("{:?}", entry.code)), entry.name);
        assert_eq!((entry.code.name(), entry.code.severity()), (entry.name, entry.severity));
        assert_sentence(entry.name, entry.doc);
    }
    assert_eq!(debug(CODES.iter().map(|entry| entry.code)), variants("src/diagnostic/code.rs", "Code"));
}

#[test]
fn gateways() {
    assert_names(GATEWAY_KINDS.iter().map(|entry| entry.id_prefix));
    for entry in GATEWAY_KINDS {
        assert_source(entry.name, entry.source);
        assert_eq!(entry.kind.to_string(), entry.name);
        assert!(entry.section.ends_with('s') && !entry.section.contains('-'), "{}", entry.section);
    }
    let sections: BTreeSet<_> = GATEWAY_KINDS.iter().map(|entry| entry.section).collect();
    assert_eq!(sections.len(), GATEWAY_KINDS.len());
    assert_eq!(
        debug(GATEWAY_KINDS.iter().map(|entry| entry.kind)),
        variants("src/model/gateway/mod.rs", "GatewayKind")
    );
}

#[test]
fn reserved_traffic() {
    assert_names(RESERVED.iter().map(|row| row.name));
    for row in RESERVED {
        assert_source(row.name, row.source);
        assert!(row.assumption.is_none_or(|name| Assumption::find(name).is_some()), "{}", row.name);
        assert!(!row.doc.is_empty() && !row.doc.ends_with('.'), "{}: docs of rows are phrases", row.name);
    }
}

#[test]
fn client_ports() {
    assert_names(EPHEMERAL_PORTS.iter().map(|row| row.client));
    for row in EPHEMERAL_PORTS {
        assert!(1024 <= row.from && row.from < row.to, "{}", row.client);
        assert!(!row.doc.is_empty());
    }
    assert_eq!(EPHEMERAL_PORTS[0].client, "linux", "the first is used when nothing is said");
}

#[test]
fn fields() {
    assert_names(FIELDS.iter().map(|field| field.name));
    for source in [FIELDS_SOURCE, TRANSIT_GATEWAY_SOURCE] {
        assert_source("fields", source.split('#').next().unwrap());
    }
    for field in FIELDS {
        assert_sentence(field.name, field.doc);
        for (_, kind) in FlowLogKind::NAMES {
            let text = format!("${{{}}}", field.name);
            match LogFormat::parse(&text, kind) {
                Ok(format) if field.kinds.contain(kind) => {
                    assert_eq!((format.header().as_str(), format.version()), (field.name, field.version));
                }
                Err(LogFormatError::OtherKind(name, of)) => {
                    assert!(!field.kinds.contain(kind));
                    assert_eq!((name, of), (field.name, kind));
                }
                other => panic!("{}: {other:?}", field.name),
            }
        }
    }
    // The text that AWS shows for its default format.
    let default = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end \
                   action log-status";
    assert_eq!(LogFormat::default().header(), default);
    // The order of the page about transit gateways.
    let default = "version resource-type account-id tgw-id tgw-attachment-id tgw-src-vpc-account-id \
                   tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id tgw-src-subnet-id tgw-dst-subnet-id tgw-src-eni \
                   tgw-dst-eni tgw-src-az-id tgw-dst-az-id tgw-pair-attachment-id srcaddr dstaddr srcport dstport \
                   protocol packets bytes start end log-status type packets-lost-no-route packets-lost-blackhole \
                   packets-lost-mtu-exceeded packets-lost-ttl-expired tcp-flags region flow-direction \
                   pkt-src-aws-service pkt-dst-aws-service";
    let format = LogFormat::default_of(FlowLogKind::TransitGateway);
    assert_eq!((format.header().as_str(), format.version()), (default, 6));
}
