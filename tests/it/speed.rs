//! What is fast says the same as what is plain, and the same at any number of threads.

#[path = "../../benches/estate/mod.rs"]
mod estate;

use std::time::Duration;

use estate::{Size, traffic};
use flowcast::flowlog::{FIELDS, FlowLogRecord, Lines};
use flowcast::model::Outcome;
use flowcast::walk::{Scratch, trace, verdict};
use flowcast::{Report, Scenario};

/// Connections of more than one unit of work.
const CONNECTIONS: usize = 9_000;

fn written(report: &Report<'_>, header: bool) -> String {
    let mut text = Vec::new();
    report.write_records(&mut text, header).unwrap();
    String::from_utf8(text).unwrap()
}

/// A record by its values, as the standard library writes them.
fn plain(report: &Report<'_>, record: &FlowLogRecord) -> String {
    let row = report.row(record);
    let values: Vec<_> = report.format(record).values(&row).map(|(_, value)| value.to_string()).collect();
    values.join(" ")
}

fn small() -> Scenario {
    estate::scenario(estate::network(Size::SMALL))
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let scenario = Scenario { duration: Some(Duration::from_secs(1800)), ..small() };
    let connections = traffic::local(&scenario.network, CONNECTIONS);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| written(&scenario.run_connections(&connections), true))
    };
    let one = on(1);
    assert!(one.contains(" NODATA\n") && one.contains(" REJECT OK\n") && one.contains(" ACCEPT OK\n"));
    for threads in [2, 3, 8] {
        assert!(on(threads) == one, "{threads} threads write other records than one");
    }
}

#[test]
fn records_are_written_as_the_table_of_fields_says() {
    let every_field = FIELDS.iter().filter(|field| field.kinds.vpc);
    let every_field: Vec<String> = every_field.map(|field| format!("${{{}}}", field.name)).collect();
    for format in [None, Some(every_field.join(" "))] {
        let mut scenario = small();
        if let Some(format) = format {
            scenario.formats = scenario.formats.iter().map(|_| format.parse().unwrap()).collect();
        }
        let mut connections = traffic::random(&scenario.network, 300);
        connections.extend(traffic::local(&scenario.network, 300));
        let report = scenario.run_connections(&connections);
        assert!(report.records.len() > 600);
        assert_eq!(written(&report, false), report.to_string());
        for (line, record) in written(&report, false).lines().zip(&report.records) {
            assert_eq!(line, plain(&report, record));
        }
    }
}

#[test]
fn lines_know_when_the_interface_changes() {
    let scenario = small();
    let connections = traffic::local(&scenario.network, 50);
    let report = scenario.run_connections(&connections);
    let mut lines = Lines::of(report.format(&report.records[0]));
    // Neighbours in this order are of different interfaces, mostly.
    for record in report.records.iter().step_by(7).chain(report.records.iter().rev().step_by(5)) {
        let mut text = Vec::new();
        lines.append(&report.row(record), &mut text);
        assert_eq!(String::from_utf8(text).unwrap(), plain(&report, record) + "\n");
    }
}

#[test]
fn a_verdict_allocates_nothing_and_is_that_of_the_trace() {
    let network = estate::network(Size::of_interfaces(2_000));
    let mut connections = traffic::random(&network, 2_000);
    connections.extend(traffic::local(&network, 2_000));
    let mut scratch = Scratch::default();
    let first: Vec<_> =
        connections.iter().map(|connection| verdict(&network, connection, &mut scratch)).collect();
    let mut again = Vec::with_capacity(connections.len());
    let counted = allocation_counter::measure(|| {
        again.extend(connections.iter().map(|connection| verdict(&network, connection, &mut scratch)));
    });
    assert_eq!(counted.count_total, 0, "{counted:?}");
    assert_eq!(first, again);
    for outcome in [Outcome::Connected, Outcome::Blocked, Outcome::Unanswered, Outcome::Unknown] {
        assert!(first.iter().any(|verdict| verdict.outcome == outcome), "no connection is {outcome}");
    }
    for (connection, verdict) in connections.iter().zip(first) {
        let trace = trace(&network, connection);
        assert_eq!((verdict.outcome, verdict.symptom), (trace.outcome, trace.symptom), "{connection:?}");
    }
}

#[test]
fn connections_that_are_measured_through_gateways_end_as_expected() {
    let text = include_str!("../../benches/gateways.yaml");
    let scenario = Scenario::parse("gateways.yaml", text).unwrap_or_else(|error| panic!("{error}"));
    let report = scenario.run();
    let failures: Vec<_> = report.failures().into_iter().map(|failure| failure.message).collect();
    assert!(failures.is_empty(), "{failures:#?}");
    assert_eq!(scenario.expectations.len(), scenario.connections.len());
}
