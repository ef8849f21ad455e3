//! What verdicts say of networks that AWS answered: what is certain in spite of what was not collected, and what is not.
//!
//! Each row of a table changes a small network in one place, asks of it, and says what must come out, word for word.
#![allow(clippy::needless_pass_by_value, reason = "JSON is made where it is given away, which reads best")]

mod addresses;
mod belonging;
mod collected;
mod dump;
mod endpoints;
mod exclusive;
mod files;
mod firewalls;
mod flow_logs;
mod gateway_load_balancers;
mod gateways;
mod groups;
mod health_checks;
mod import;
mod interfaces;
mod lattice;
mod load_balancers;
mod managed_services;
mod names;
mod peerings;
mod questions;
mod random;
mod routes;
mod rules;
mod secrets;
mod states;
mod tags;
mod traffic_mirrors;
mod transit_gateways;

use std::fmt::Write as _;

use dump::Dump;

/// A question to a network, and what decides it.
struct Row {
    what: &'static str,
    dump: Dump,
    /// `from > to: traffic`.
    asked: &'static str,
    says: String,
}

/// A row; `asked` is `from > to: traffic`.
fn row(what: &'static str, dump: Dump, asked: &'static str, says: &str) -> Row {
    Row { what, dump, asked, says: says.to_owned() }
}

/// Compares all rows, and tells every difference at once.
fn check(rows: &[Row]) {
    let mut differences = String::new();
    for Row { what, dump, asked, says } in rows {
        let (ends, traffic) = asked.split_once(": ").unwrap();
        let (from, to) = ends.split_once(" > ").unwrap();
        let said = dump.says(from, to, traffic);
        // What else was considered may follow.
        let rest = said.strip_prefix(says.as_str());
        if !rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("; ")) {
            let _ = writeln!(differences, "{what}: {asked}\n  expected {says}\n  said     {said}");
        }
    }
    assert!(differences.is_empty(), "{differences}");
}
