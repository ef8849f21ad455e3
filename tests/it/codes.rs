//! The table of AWS's explanation codes: complete, true, and a page of the book.

use std::collections::BTreeSet;

use flowcast::Scenario;
use flowcast::walk::{EXPLANATION_CODES, Explained, Reason, trace};
use serde_json::Value;

use crate::book::Page;
use crate::shapes::files_below;

const PAGE: &str = "https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html";

/// Facts of AWS's page, in words of the collection's own.
const CODES: &str = include_str!("../data/aws-documentation/explanation-codes.json");

#[test]
fn every_code_is_in_the_table_once() {
    let listed: Value = serde_json::from_str(CODES).unwrap();
    let mut listed: Vec<&str> = listed["codes"].as_object().unwrap().keys().map(String::as_str).collect();
    listed.sort_unstable();
    let ours: Vec<&str> = EXPLANATION_CODES.iter().map(|row| row.code).collect();
    assert_eq!(ours, listed);
}

/// What the table says is said where a code belongs is said by some scenario.
#[test]
fn what_is_said_instead_is_said_somewhere() {
    let mut said = BTreeSet::new();
    for path in files_below("scenarios", "yaml") {
        let scenario = Scenario::load(&path).unwrap_or_else(|error| panic!("{error}"));
        for connection in &scenario.connections {
            let network = scenario.network_at(scenario.epoch_at(connection.begin()));
            let trace = trace(network, connection);
            for (_, leg) in trace.cases.iter().flat_map(|case| case.legs().collect::<Vec<_>>()) {
                for point in &leg.checkpoints {
                    let reason = Reason::of(network, leg, point);
                    said.insert((point.stage.to_string(), reason.kind));
                }
            }
        }
    }
    for row in EXPLANATION_CODES {
        let Explained::At(places) = row.says else { continue };
        assert!(!places.is_empty(), "{}", row.code);
        for (stage, kind) in places {
            assert!(said.contains(&(stage.to_string(), kind)), "{}: nobody says {kind} at {stage}", row.code);
        }
    }
}

#[test]
fn explanation_codes() {
    let listed: Value = serde_json::from_str(CODES).unwrap();
    let introduction = format!(
        "What AWS's Reachability Analyzer calls the reasons for which it finds no path \
         ([its page]({PAGE})), and the stage and kind of reason that `explain` gives instead."
    );
    let mut page = Page::new("Codes of the Reachability Analyzer", &introduction, &["code", "means", "here"]);
    for row in EXPLANATION_CODES {
        let means = listed["codes"][row.code].as_str().unwrap();
        let here = match row.says {
            Explained::At(places) => {
                let places = places.iter().map(|(stage, kind)| format!("`{stage}`: `{kind}`"));
                places.collect::<Vec<_>>().join(", ")
            }
            Explained::Never(why) => format!("Never: {why}"),
            Explained::NotSimulated(what) => format!("Not yet: {what}"),
        };
        page.row(&[&format!("`{}`", row.code), means, &here]);
    }
    page.compare("explanation-codes");
}
