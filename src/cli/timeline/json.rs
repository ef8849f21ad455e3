//! The JSON of a timeline. Names of members are stable; members are added, never renamed.

use flowcast::chronicle::{Account, Chronicle, Cited, FATES, Flip, Overview, Passage, Row, Windows};
use flowcast::model::LegKind;
use flowcast::net::Timestamp;
use serde_json::{Value as Json, json};

use crate::cli::json::{SCHEMA_VERSION, pretty};

/// Everything that the picture shows. Times are milliseconds from the start.
pub(super) fn json(chronicle: &Chronicle<'_>) -> anyhow::Result<String> {
    let scenario = chronicle.report.scenario;
    let start: Timestamp = scenario.start;
    let all = json!({
        "schema_version": SCHEMA_VERSION,
        "scenario": scenario.title,
        "start": start.to_string(),
        "start_milliseconds": start.milliseconds(),
        "end": chronicle.end,
        "events": events(chronicle),
        "windows": chronicle.windows.iter().map(windows).collect::<Vec<_>>(),
        "connections": chronicle.accounts.iter().map(|of| connection(chronicle, of)).collect::<Vec<_>>(),
        "connections_left_out": chronicle.left_out,
        "overview": overview(&chronicle.overview),
        "packets_after_the_end": chronicle.later,
        "flips": chronicle.flips.iter().map(|of| flip(chronicle, of)).collect::<Vec<_>>(),
    });
    pretty(&all)
}

fn events(chronicle: &Chronicle<'_>) -> Json {
    let numbered = (1..).zip(&chronicle.events);
    numbered
        .map(|(number, event): (usize, _)| json!({"number": number, "at": event.at, "name": event.name}))
        .collect()
}

fn windows(windows: &Windows) -> Json {
    let interface = |(id, name): &(String, String)| json!({"id": id, "name": name});
    let window = |of: &flowcast::chronicle::WindowRecords| {
        json!({
            "begin": of.begin,
            "end": of.end,
            "accept": of.accepted,
            "reject": of.rejected,
            "nodata": of.no_data,
            "skipdata": of.skipped,
        })
    };
    json!({
        "length": windows.length,
        "interfaces": windows.interfaces.iter().map(interface).collect::<Vec<_>>(),
        "windows": windows.windows.iter().map(window).collect::<Vec<_>>(),
    })
}

fn connection(chronicle: &Chronicle<'_>, account: &Account) -> Json {
    let of = chronicle.report.connections.get(account.connection);
    let label = |end: usize| of.and_then(|of| of.connection.labels.get(end));
    json!({
        "connection": of.map(|of| &of.connection.name),
        "from": label(0),
        "to": label(1),
        "outcome": of.map(|of| of.outcome.to_string()),
        "ways": account.passages.iter().map(|of| way(chronicle, of)).collect::<Vec<_>>(),
        "legs": account.rows.iter().map(leg).collect::<Vec<_>>(),
    })
}

/// Packets of all connections, of those that are left out as well: a bin without any is left out.
fn overview(overview: &Overview) -> Json {
    let leg = |leg: LegKind| {
        let times = (0..).map(|number: u64| number.saturating_mul(overview.width));
        let bins = times.zip(overview.bins(leg)).filter(|(_, bin)| bin.worst().is_some()).map(|(at, bin)| {
            let fates = FATES.iter().map(|entry| (entry.name.to_owned(), bin.packets(entry.fate)));
            let fates = fates.filter(|(_, packets)| *packets > 0);
            Json::Object(
                std::iter::once(("from".to_owned(), Json::from(at)))
                    .chain(fates.map(|(name, packets)| (name, Json::from(packets))))
                    .collect(),
            )
        });
        bins.collect::<Vec<_>>()
    };
    json!({
        "bin": overview.width,
        "forward": leg(LegKind::Forward),
        "reverse": leg(LegKind::Reverse),
    })
}

fn leg(row: &Row) -> Json {
    let spans = row.spans.iter().map(|span| {
        json!({
            "from": span.from,
            "to": span.to,
            "packets": span.packets,
            "bytes": span.bytes,
            "fate": span.fate.entry().name,
            "way": span.passage,
        })
    });
    json!({"leg": row.leg.to_string(), "spans": spans.collect::<Vec<_>>()})
}

fn way(chronicle: &Chronicle<'_>, passage: &Passage) -> Json {
    let records = passage.records.iter().filter_map(|at| chronicle.report.records.get(*at));
    json!({
        "network": passage.epoch,
        "fate": passage.fate.entry().name,
        "place": passage.place,
        "decided_by": passage.reasons.iter().map(cited).collect::<Vec<_>>(),
        "records": records.map(|record| chronicle.report.line(record)).collect::<Vec<_>>(),
    })
}

fn cited(cited: &Cited) -> Json {
    json!({"text": cited.text, "origin": cited.place})
}

fn flip(chronicle: &Chronicle<'_>, flip: &Flip) -> Json {
    let name = |position: &usize| chronicle.report.connections.get(*position).map(|of| &of.connection.name);
    json!({
        "at": flip.at,
        "last_before": flip.between.0,
        "first_after": flip.between.1,
        "first_event": flip.events.map(|(first, _)| first),
        "last_event": flip.events.map(|(_, last)| last),
        "leg": flip.leg.to_string(),
        "before": flip.before.entry().name,
        "after": flip.after.entry().name,
        "place": flip.place,
        "decided_by": flip.reason.as_ref().map(cited),
        "traffic": flip.traffic.as_ref().map(|(name, _)| name),
        "connections": flip.connections,
        "named": flip.named.iter().map(name).collect::<Vec<_>>(),
        "sentence": flip.sentence(),
    })
}
