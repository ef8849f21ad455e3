//! The sections of a scenario that describe traffic and what is expected of it.

use std::time::Duration;

use super::fields::{Fields, count, located, located_text, text};
use super::scalar::{address, duration, icmp, leg, one_of, port, tcp_flags};
use super::shape::{BURST, CONNECTION, EXPECTATION, FAMILIES, REPEAT};
use super::yaml::{Node, Value};
use crate::diagnostic::{Diagnostics, Located, problems};
use crate::model::inventory::{Connection, Repeat};
use crate::model::{
    Burst, EPHEMERAL_PORTS, EphemeralPorts, Exchange, Expectation, Outcome, Symptom, Tracking, Traffic,
};
use crate::net::Protocol;

/// One connection.
pub(super) fn connection(node: &Node, problems: &mut Diagnostics) -> Option<Connection> {
    let mut fields = Fields::of(node, &CONNECTION, problems)?;
    let name = fields.value("name", text, problems);
    let from = fields.value("from", located_text, problems);
    let to = fields.value("to", located_text, problems);
    let tcp = fields.value("tcp", port, problems).map(Traffic::Tcp);
    let udp = fields.value("udp", port, problems).map(Traffic::Udp);
    let icmp = fields.value("icmp", icmp, problems).map(Traffic::Icmp);
    let protocol = fields.value("protocol", other_protocol, problems).map(Traffic::Protocol);
    let source_port = fields.value("source_port", port, problems);
    let client = fields.value("client", client, problems);
    let source_address = fields.value("source_address", address, problems);
    let family = fields.value("family", one_of("a family", FAMILIES), problems);
    let at = fields.value("at", duration, problems);
    let defaults = Exchange::default();
    let exchange = Exchange {
        request_bytes: fields.value("request_bytes", count, problems),
        response_bytes: fields.value("response_bytes", count, problems),
        count: fields.value("count", count, problems).unwrap_or(defaults.count),
        lasts: fields.value("lasts", duration, problems).unwrap_or(defaults.lasts),
        request_every: fields.value("request_every", period, problems),
        timeout: fields.value("timeout", duration, problems).unwrap_or(defaults.timeout),
    };
    let bursts = fields.list("bursts", burst, problems);
    let repeat = fields.value("repeat", repeat, problems);
    let origin = fields.origin;
    let keys: Vec<_> =
        ["source_port", "client", "count", "response_bytes", "timeout", "lasts", "request_every", "at"]
            .into_iter()
            .filter_map(|key| Some((key, fields.key_origin(key)?)))
            .collect();
    let payloads = ["request_bytes", "response_bytes"].map(|key| fields.key_origin(key).unwrap_or(origin));
    if !fields.finish(problems) {
        return None;
    }
    let traffic = tcp.or(udp).or(icmp).or(protocol)?;
    for (key, at) in keys {
        if let Some((message, help)) =
            without_effect(key, traffic, &exchange, source_port.is_some(), bursts.is_some())
        {
            problems.push(problems::no_effect(Some(at), message, help));
        }
    }
    // A packet of these is never split, so it must fit into one.
    let one_packet = matches!(traffic, Traffic::Icmp(_) | Traffic::Protocol(_));
    for (bytes, place) in [exchange.request_bytes, exchange.response_bytes].into_iter().zip(payloads) {
        if one_packet && bytes.is_some_and(|bytes| bytes > 65_507) {
            let message = "the payload does not fit into one packet".to_owned();
            let help = "icmp and other protocols send single packets, of at most 65507 bytes";
            problems.push(super::scalar::invalid(place, message, help));
        }
    }
    Some(Connection {
        name: name?,
        from: from?,
        to: to?,
        traffic,
        source_port,
        ephemeral_ports: client.or(EPHEMERAL_PORTS.first())?,
        source_address,
        family,
        at: at.unwrap_or_default(),
        exchange,
        bursts,
        repeat: repeat.unwrap_or_default(),
        origin: Some(origin),
    })
}

/// A time after which something comes again.
fn period(node: &Node, problems: &mut Diagnostics) -> Option<Duration> {
    let period = duration(node, problems)?;
    if period < Duration::from_millis(1) {
        let message = "nothing can come again after no time".to_owned();
        problems.push(super::scalar::invalid(node.origin, message, "at least 1ms"));
        return None;
    }
    Some(period)
}

/// How often a connection is opened.
fn repeat(node: &Node, problems: &mut Diagnostics) -> Option<Repeat> {
    /// More are made by traffic profiles.
    const MOST: u64 = 100_000;
    let mut fields = Fields::of(node, &REPEAT, problems)?;
    let every = fields.value("every", period, problems);
    let times = fields.value("times", count, problems);
    let place = fields.key_origin("times").unwrap_or(fields.origin);
    fields.finish(problems);
    let times = times?;
    if !(1..=MOST).contains(&times) {
        let message = format!("a connection cannot be opened {times} times");
        problems.push(super::scalar::invalid(place, message, "from 1 to 100000 times"));
        return None;
    }
    Some(Repeat { every: every?, times })
}

/// Why a key of a connection changes nothing, and what to do.
fn without_effect(
    key: &str,
    traffic: Traffic,
    exchange: &Exchange,
    has_source_port: bool,
    has_bursts: bool,
) -> Option<(String, &'static str)> {
    let has_ports = matches!(traffic, Traffic::Tcp(_) | Traffic::Udp(_));
    match key {
        "source_port" | "client" if !has_ports => {
            Some((format!("`{key}` has no effect: the traffic has no ports"), "only tcp and udp have ports"))
        }
        "client" if has_source_port => Some((
            "`client` has no effect beside `source_port`".to_owned(),
            "`client` chooses the range of source ports; keep one of them",
        )),
        "count" if !matches!(traffic, Traffic::Icmp(_)) => Some((
            "`count` has no effect: it is the number of pings".to_owned(),
            "state `bursts` for other traffic",
        )),
        "response_bytes" if matches!(traffic, Traffic::Icmp(_)) => Some((
            "`response_bytes` has no effect: a ping's reply has the size of its request".to_owned(),
            "use `request_bytes`",
        )),
        "timeout" if !matches!(traffic, Traffic::Tcp(_)) => {
            Some(("`timeout` has no effect: only tcp tries again".to_owned(), "leave it out"))
        }
        "count" if !exchange.lasts.is_zero() => Some((
            "`count` has no effect beside `lasts`".to_owned(),
            "`lasts` and `request_every` say how often a ping is sent",
        )),
        "request_every" if exchange.lasts.is_zero() && !matches!(traffic, Traffic::Icmp(_)) => Some((
            "`request_every` has no effect without `lasts`".to_owned(),
            "`lasts` says how long the client goes on asking",
        )),
        "lasts" if matches!(traffic, Traffic::Protocol(_)) => Some((
            "`lasts` has no effect: one packet is sent each way".to_owned(),
            "state `bursts` for more packets",
        )),
        "at" if has_bursts => {
            Some(("`at` has no effect beside `bursts`".to_owned(), "each burst has its own `at`"))
        }
        _ => None,
    }
}

/// A protocol that has a key of its own is refused here, so that its ports or types are not forgotten.
fn other_protocol(node: &Node, problems: &mut Diagnostics) -> Option<Protocol> {
    super::fields::parsed(node, problems, |text, at, _| {
        let help = "a number from 0 to 255, or a name such as gre; tcp, udp and icmp have keys of their own";
        match text.parse::<Protocol>() {
            Ok(protocol) if !protocol.has_own_key() => Ok(protocol),
            Ok(protocol) => {
                Err(super::scalar::invalid(at, format!("protocol {protocol} needs its own key"), help))
            }
            Err(error) => Err(super::scalar::invalid(at, error.to_string(), help)),
        }
    })
}

pub(super) fn client(node: &Node, problems: &mut Diagnostics) -> Option<&'static EphemeralPorts> {
    let names: Vec<_> = EPHEMERAL_PORTS.iter().map(|row| (row.client, row)).collect();
    one_of("a kind of client", &names)(node, problems)
}

fn burst(node: &Node, problems: &mut Diagnostics) -> Option<Burst> {
    let mut fields = Fields::of(node, &BURST, problems)?;
    let leg = fields.value("leg", leg, problems);
    let at = fields.value("at", duration, problems).unwrap_or_default();
    let until = fields.value("until", duration, problems).unwrap_or(at);
    let packets = fields.value("packets", count, problems);
    let bytes = fields.value("bytes", count, problems);
    let flags = fields.list("flags", tcp_flags, problems).unwrap_or_default();
    let origin = fields.origin;
    let place = |key: &str| fields.key_origin(key).unwrap_or(origin);
    let places = ["packets", "until", "bytes", "flags"].map(place);
    if !fields.finish(problems) {
        return None;
    }
    let (packets, bytes) = (packets?, bytes?);
    let [at_packets, at_until, at_bytes, at_flags] = places;
    let complaint = if packets == 0 {
        Some((at_packets, "a burst has at least one packet", "leave the burst out, or count its packets"))
    } else if until < at {
        Some((
            at_until,
            "the burst ends before it begins",
            "`at` and `until` are offsets of the first and the last packet",
        ))
    } else if bytes < packets.saturating_mul(20) {
        Some((
            at_bytes,
            "an IP packet has at least 20 bytes",
            "`bytes` is the sum of all packets, with their headers",
        ))
    } else if bytes > packets.saturating_mul(65_535) {
        Some((
            at_bytes,
            "an IP packet has at most 65535 bytes",
            "`bytes` is the sum of all packets; state more packets",
        ))
    } else if u64::try_from(flags.len()).is_ok_and(|kinds| kinds > packets) {
        Some((
            at_flags,
            "there are more kinds of flags than packets",
            "each packet has the flags of one kind, e.g. SYN-ACK",
        ))
    } else {
        None
    };
    if let Some((place, complaint, help)) = complaint {
        problems.push(super::scalar::invalid(place, complaint.to_owned(), help));
        return None;
    }
    Some(Burst { leg: leg?, at, until, packets, bytes, flags: flags.into(), origin: Some(origin) })
}

/// What is expected: a mapping from names of connections.
pub(super) fn expectations(node: &Node, problems: &mut Diagnostics) -> Option<Vec<Expectation>> {
    let Value::Map(entries) = &node.value else {
        let expected = "a mapping from names of connections to what is expected";
        problems.push(problems::wrong_type(Some(node.origin), expected, node.value.kind()));
        return None;
    };
    let mut all: Vec<Expectation> = Vec::new();
    let mut seen = std::collections::BTreeMap::new();
    for entry in entries {
        let name = Located::at(entry.key.clone(), entry.key_origin);
        if let Some(first) = seen.insert(entry.key.as_str(), entry.key_origin) {
            problems.push(problems::duplicate_key(Some(entry.key_origin), &entry.key, Some(first)));
        }
        let read = expectation(&entry.node, problems);
        all.extend(read.map(|expectation| Expectation { connection: Some(name), ..expectation }));
    }
    Some(all)
}

fn expectation(node: &Node, problems: &mut Diagnostics) -> Option<Expectation> {
    // `ping: connected` is short for `ping: {outcome: connected}`.
    if !matches!(node.value, Value::Map(_)) {
        return Some(Expectation { outcome: outcome(node, problems), ..Expectation::default() });
    }
    let mut fields = Fields::of(node, &EXPECTATION, problems)?;
    let expectation = Expectation {
        connection: None,
        outcome: fields.value("outcome", outcome, problems),
        symptom: fields.value("symptom", located(one_of("a symptom", &Symptom::NAMES)), problems),
        blocked_by: fields.located_list("blocked_by", text, problems),
        allowed_by: fields.located_list("allowed_by", text, problems),
        route: fields.value("route", located_text, problems),
        tracking: fields.value("tracking", located(one_of("a kind of tracking", &Tracking::NAMES)), problems),
        records: fields.value("records", located(count), problems),
        actions: fields.located_list("actions", text, problems),
        seen_as: fields.value("seen_as", address, problems),
    };
    fields.finish(problems);
    Some(expectation)
}

fn outcome(node: &Node, problems: &mut Diagnostics) -> Option<Located<Outcome>> {
    located(one_of("an outcome", &Outcome::NAMES))(node, problems)
}
