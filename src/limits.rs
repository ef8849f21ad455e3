//! What a scenario may ask for: so many windows, and nothing after the end of its own duration.

use std::time::Duration;

use crate::diagnostic::{Diagnostics, Located, Origin, problems};
use crate::input::{ChangeText, ScenarioText};
use crate::model::inventory::Connection;
use crate::model::{ProfiledTraffic, Traffic};

/// Windows of flow logs that may be written, over all interfaces; each becomes a record or more.
const MOST_WINDOWS: u128 = 1_000_000;

/// Connections that are kept. More are made by traffic profiles, which keep none.
const MOST_CONNECTIONS: u128 = 100_000;

/// Events through which connections may live, over all of them: behind each their packets are walked anew.
const MOST_CROSSED: u128 = 20_000;

/// Bytes that are sent: those of a record are a number of 64 bits with a sign.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html>
const MOST_BYTES: u128 = i64::MAX as u128;

/// Bytes of headers of a request and its response, about, and how many times larger headers make a payload, at most.
const HEADER_BYTES: u128 = 1_000;
const WITH_HEADERS: u128 = 2;

/// Packets that are followed one by one, because memory may have forgotten them before the next.
const MOST_FOLLOWED: u128 = 200_000;

/// The shortest pause after which that may be.
const PAUSE: Duration = Duration::from_secs(30);

/// Connections of profiles that may be drawn.
const MOST_DRAWN: u128 = 200_000_000;

/// Connections of profiles that may be open or in an open window: all of them are in memory at one time.
const MOST_AT_ONCE: u128 = 2_000_000;

/// The longest window.
const LONGEST_WINDOW: Duration = Duration::from_secs(600);

/// The shortest window, that of interfaces of Nitro instances.
const SHORTEST_WINDOW: Duration = Duration::from_secs(60);

/// Warns of traffic and losses after the end, and refuses what would fill the memory with records.
pub(crate) fn check(read: &ScenarioText, problems: &mut Diagnostics) {
    if let Some(end) = &read.duration {
        after_the_end(read, end, problems);
        let interfaces = read.inventory.network_interfaces.len().max(1) as u128;
        let logs =
            read.inventory.flow_logs.as_ref().map_or(read.inventory.vpcs.len(), Vec::len).max(1) as u128;
        let windows = windows(end.value) * interfaces * logs;
        refuse(windows, end.origin, "the duration", problems);
    }
    let interfaces = read.inventory.network_interfaces.len() as u128;
    for flow_log in read.inventory.flow_logs.iter().flatten() {
        let lost = flow_log.skipdata.len() as u128 * interfaces;
        refuse(lost, flow_log.identity.origin, "the losses of this flow log", problems);
    }
    let logs = read.inventory.flow_logs.as_ref().map_or(1, Vec::len).max(1) as u128;
    let (mut filled, mut followed, mut opened, mut crossed, mut sent) = (0, 0, 0, 0, 0);
    for connection in &read.connections {
        let times = u128::from(connection.repeat.times);
        let of_connection = connection.origin;
        let mut limit =
            |sum: &mut u128, more: u128, most: u128, at, complaint: &dyn Fn(u128) -> String, help| {
                let before = *sum;
                *sum += more * times;
                if before <= most && *sum > most {
                    problems.push(problems::invalid_value(at, complaint(*sum), help));
                }
            };
        let too_many = |sum| format!("the connections up to here are {sum}, more than {MOST_CONNECTIONS}");
        let help = "repeat them less often, or let `traffic` draw them";
        limit(&mut opened, 1, MOST_CONNECTIONS, of_connection, &too_many, help);
        let too_many = |sum| format!("the connections up to here send {sum} bytes, more than {MOST_BYTES}");
        let help = "send less: the bytes of a record are a number of 64 bits";
        limit(&mut sent, bytes_of(connection), MOST_BYTES, of_connection, &too_many, help);
        for (length, packets, origin) in lengths(connection) {
            // The first window of a connection is what every connection costs.
            let windows = windows(length).min(u128::from(packets)).saturating_sub(1) * logs;
            let too_many = |sum| too_many_windows(sum, "the traffic up to here");
            limit(&mut filled, windows, MOST_WINDOWS, origin, &too_many, SHORTEN);
            let is_sparse = length.as_millis() > PAUSE.as_millis() * u128::from(packets);
            let packets = if is_sparse { u128::from(packets) } else { 0 };
            let too_many = |sum| {
                format!(
                    "{sum} packets with pauses between them are sent up to here, more than {MOST_FOLLOWED}"
                )
            };
            limit(
                &mut followed,
                packets,
                MOST_FOLLOWED,
                origin,
                &too_many,
                "send fewer, or closer to each other",
            );
        }
        let before = crossed;
        crossed += events_within(connection, &read.changes);
        if before <= MOST_CROSSED && crossed > MOST_CROSSED {
            let message =
                format!("the connections up to here live through {crossed} events, more than {MOST_CROSSED}");
            let help = "have fewer events, or fewer connections that last";
            problems.push(problems::invalid_value(of_connection, message, help));
        }
    }
}

/// What a connection sends, both ways and with headers, at the most.
fn bytes_of(connection: &Connection) -> u128 {
    if let Some(bursts) = &connection.bursts {
        return bursts.iter().map(|burst| u128::from(burst.bytes)).sum();
    }
    let exchange = &connection.exchange;
    let (requests, _) = exchange.requests(matches!(connection.traffic, Traffic::Icmp(_)));
    let payload = [exchange.request_bytes, exchange.response_bytes].into_iter().flatten().map(u128::from);
    u128::from(requests) * (WITH_HEADERS * payload.sum::<u128>() + HEADER_BYTES)
}

/// Through how many of `changes` the repetitions of a connection live, over all of them.
fn events_within(connection: &Connection, changes: &[ChangeText]) -> u128 {
    let length = lengths(connection).into_iter().map(|(length, ..)| length).max().unwrap_or_default();
    let begin = connection.begin();
    let end = match &connection.bursts {
        Some(bursts) => bursts.iter().map(|burst| burst.until).max().unwrap_or(begin),
        None => begin.saturating_add(length),
    };
    let (times, every) = (u128::from(connection.repeat.times), connection.repeat.every.as_millis().max(1));
    // Repetitions that did something before a time which the first did at `first`.
    let before = |first: Duration, time: Duration| match time.checked_sub(first) {
        None | Some(Duration::ZERO) => 0,
        Some(since) => times.min(since.as_millis().div_ceil(every)),
    };
    changes.iter().map(|change| before(begin, change.at.value) - before(end, change.at.value)).sum()
}

/// How long each part of the traffic of a connection takes, and its packets.
fn lengths(connection: &Connection) -> Vec<(Duration, u64, Option<Origin>)> {
    match &connection.bursts {
        None => {
            let exchange = &connection.exchange;
            let are_counted = matches!(connection.traffic, Traffic::Icmp(_));
            let (requests, length) = exchange.requests(are_counted);
            vec![(length.max(exchange.lasts), requests.max(2), connection.origin)]
        }
        Some(bursts) => bursts
            .iter()
            .map(|burst| (burst.until.saturating_sub(burst.at), burst.packets, burst.origin))
            .collect(),
    }
}

/// Refuses traffic of profiles that would take all memory or never end.
pub(crate) fn check_traffic(all: &[ProfiledTraffic], read: &ScenarioText, problems: &mut Diagnostics) {
    let (mut total, mut busiest) = (0, 0);
    let mut is_told = false;
    for (traffic, read) in all.iter().zip(&read.traffic) {
        let habits = &traffic.habits;
        let length = habits.until.saturating_sub(habits.at);
        let within = |time| habits.expected(traffic.edges.len(), time);
        total += within(length);
        let open = LONGEST_WINDOW + 2 * Duration::from_millis(habits.lasts.typical());
        busiest += within(open.min(length));
        let (count, most, time) = if busiest > MOST_AT_ONCE {
            (busiest, MOST_AT_ONCE, " at one time")
        } else {
            (total, MOST_DRAWN, "")
        };
        if count > most && !is_told {
            is_told = true;
            let message = format!("the traffic up to here has {count} connections{time}, more than {most}");
            let help = "lower its `rate`, or shorten it";
            problems.push(problems::invalid_value(read.origin, message, help));
        }
    }
}

fn windows(length: Duration) -> u128 {
    length.as_millis() / SHORTEST_WINDOW.as_millis() + 1
}

const SHORTEN: &str = "shorten it, or watch fewer interfaces with fewer flow logs";

fn too_many_windows(windows: u128, what: &str) -> String {
    format!("{what} may fill {windows} windows of flow logs, more than {MOST_WINDOWS}")
}

fn refuse(windows: u128, at: Option<Origin>, what: &str, problems: &mut Diagnostics) {
    if windows > MOST_WINDOWS {
        problems.push(problems::invalid_value(at, too_many_windows(windows, what), SHORTEN));
    }
}

fn after_the_end(read: &ScenarioText, end: &Located<Duration>, problems: &mut Diagnostics) {
    let mut warn = |at: Option<Origin>, what: String, so: &str| {
        let message = format!("{what} after the declared `duration`, {so}");
        problems.push(problems::no_effect(at, message, "lengthen `duration`, or begin earlier"));
    };
    for connection in &read.connections {
        if connection.bursts.is_none() && connection.at >= end.value {
            warn(connection.origin, format!("`{}` begins", connection.name), "so nothing of it is recorded");
        }
        for burst in connection.bursts.iter().flatten() {
            let leg = burst.leg.name();
            if burst.at >= end.value {
                warn(burst.origin, format!("the {leg} burst begins"), "so nothing of it is recorded");
            } else if burst.until >= end.value {
                warn(
                    burst.origin,
                    format!("the {leg} burst goes on"),
                    "and what comes later is not recorded",
                );
            }
        }
    }
    for change in read.changes.iter().filter(|change| change.at.value >= end.value) {
        warn(change.at.origin, "this event comes".to_owned(), "so that nothing of it is seen");
    }
    for flow_log in read.inventory.flow_logs.iter().flatten() {
        for skip in flow_log.skipdata.iter().filter(|skip| skip.at.value >= end.value) {
            warn(skip.at.origin, "this loss of records comes".to_owned(), "where there are none");
        }
    }
}
