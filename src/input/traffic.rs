//! The sections of a scenario that describe traffic and what is expected of it.

use super::fields::{Fields, count, located, located_text, text};
use super::scalar::{address, duration, icmp, leg, one_of, port, tcp_flags};
use super::yaml::{Node, Value};
use crate::diagnostic::{Diagnostics, Located, problems};
use crate::model::inventory::Connection;
use crate::model::{
    Burst, EPHEMERAL_PORTS, EphemeralPorts, Exchange, Expectation, Outcome, Symptom, Tracking, Traffic,
};
use crate::net::{Family, Protocol};

const TRAFFIC: [&str; 4] = ["tcp", "udp", "icmp", "protocol"];

/// One connection.
pub(super) fn connection(node: &Node, problems: &mut Diagnostics) -> Option<Connection> {
    let mut fields = Fields::of(node, "a connection", problems)?;
    let name = fields.required("name", text, problems);
    let from = fields.required("from", located_text, problems);
    let to = fields.required("to", located_text, problems);
    let present = fields.present(&TRAFFIC).len();
    let tcp = fields.optional("tcp", port, problems).map(Traffic::Tcp);
    let udp = fields.optional("udp", port, problems).map(Traffic::Udp);
    let icmp = fields.optional("icmp", icmp, problems).map(Traffic::Icmp);
    let protocol = fields.optional("protocol", other_protocol, problems).map(Traffic::Protocol);
    let source_port = fields.optional("source_port", port, problems);
    let client = fields.optional("client", client, problems);
    let source_address = fields.optional("source_address", address, problems);
    let families = &[("ipv4", Family::V4), ("ipv6", Family::V6)];
    let family = fields.optional("family", one_of("a family", families), problems);
    let at = fields.optional("at", duration, problems);
    let defaults = Exchange::default();
    let exchange = Exchange {
        request_bytes: fields.optional("request_bytes", count, problems),
        response_bytes: fields.optional("response_bytes", count, problems),
        count: fields.optional("count", count, problems).unwrap_or(defaults.count),
        timeout: fields.optional("timeout", duration, problems).unwrap_or(defaults.timeout),
    };
    let stated = fields.present(&["request_bytes", "response_bytes", "count", "timeout"]);
    let bursts = fields.list("bursts", burst, problems);
    let origin = fields.origin;
    fields.finish(problems);
    if present != 1 {
        problems.push(problems::key_choice(Some(origin), "a connection", &TRAFFIC, present));
    }
    if let (Some(key), Some(_)) = (stated.first(), &bursts) {
        problems.push(problems::keys_exclude(Some(origin), "bursts", key));
    }
    Some(Connection {
        name: name?,
        from: from?,
        to: to?,
        traffic: tcp.or(udp).or(icmp).or(protocol)?,
        source_port,
        ephemeral_ports: client.or(EPHEMERAL_PORTS.first())?,
        source_address,
        family,
        at: at.unwrap_or_default(),
        exchange,
        bursts,
        origin: Some(origin),
    })
}

/// A protocol that has a key of its own is refused here, so that its ports or types are not forgotten.
fn other_protocol(node: &Node, problems: &mut Diagnostics) -> Option<Protocol> {
    super::fields::parsed(node, problems, |text, at, _| {
        let help = "a number from 0 to 255, or a name such as gre; tcp, udp and icmp have keys of their own";
        match text.parse::<Protocol>() {
            Ok(protocol) if !protocol.has_ports() && !protocol.is_icmp() => Ok(protocol),
            Ok(protocol) => {
                Err(super::scalar::invalid(at, format!("protocol {protocol} needs its own key"), help))
            }
            Err(error) => Err(super::scalar::invalid(at, error.to_string(), help)),
        }
    })
}

fn client(node: &Node, problems: &mut Diagnostics) -> Option<&'static EphemeralPorts> {
    let names: Vec<_> = EPHEMERAL_PORTS.iter().map(|row| (row.client, row)).collect();
    one_of("a kind of client", &names)(node, problems)
}

fn burst(node: &Node, problems: &mut Diagnostics) -> Option<Burst> {
    let mut fields = Fields::of(node, "a burst", problems)?;
    let leg = fields.required("leg", leg, problems);
    let at = fields.optional("at", duration, problems).unwrap_or_default();
    let until = fields.optional("until", duration, problems).unwrap_or(at);
    let packets = fields.required("packets", count, problems);
    let bytes = fields.required("bytes", count, problems);
    let flags = fields.list("flags", tcp_flags, problems).unwrap_or_default();
    let origin = fields.origin;
    fields.finish(problems);
    let (packets, bytes) = (packets?, bytes?);
    let complaint = if packets == 0 {
        Some("a burst has at least one packet")
    } else if until < at {
        Some("a burst cannot end before it begins")
    } else if bytes < packets.saturating_mul(20) {
        Some("an IP packet has at least 20 bytes")
    } else if bytes > packets.saturating_mul(65_535) {
        Some("an IP packet has at most 65535 bytes")
    } else if u64::try_from(flags.len()).is_ok_and(|kinds| kinds > packets) {
        Some("a burst has at least one packet for each kind of flags")
    } else {
        None
    };
    if let Some(complaint) = complaint {
        let help = "`at` and `until` are offsets of the first and the last packet, `bytes` counts IP packets";
        problems.push(super::scalar::invalid(origin, complaint.to_owned(), help));
        return None;
    }
    Some(Burst { leg: leg?, at, until, packets, bytes, flags, origin: Some(origin) })
}

/// What is expected: a mapping from names of connections.
pub(super) fn expectations(node: &Node, problems: &mut Diagnostics) -> Option<Vec<Expectation>> {
    let Value::Map(entries) = &node.value else {
        let expected = "a mapping from names of connections to what is expected";
        problems.push(problems::wrong_type(Some(node.origin), expected, node.value.kind()));
        return None;
    };
    let mut all: Vec<Expectation> = Vec::new();
    for entry in entries {
        let name = Located::at(entry.key.clone(), entry.key_origin);
        if let Some(first) =
            all.iter().filter_map(|other| other.connection.as_ref()).find(|other| other.value == entry.key)
        {
            problems.push(problems::duplicate_key(Some(entry.key_origin), &entry.key, first.origin));
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
    let mut fields = Fields::of(node, "an expectation", problems)?;
    let expectation = Expectation {
        connection: None,
        outcome: fields.optional("outcome", outcome, problems),
        symptom: fields.optional("symptom", located(one_of("a symptom", &Symptom::NAMES)), problems),
        blocked_by: fields.located_list("blocked_by", text, problems),
        allowed_by: fields.located_list("allowed_by", text, problems),
        route: fields.optional("route", located_text, problems),
        tracking: fields.optional(
            "tracking",
            located(one_of("a kind of tracking", &Tracking::NAMES)),
            problems,
        ),
        records: fields.optional("records", located(count), problems),
        actions: fields.located_list("actions", text, problems),
        seen_as: fields.optional("seen_as", address, problems),
    };
    fields.finish(problems);
    Some(expectation)
}

fn outcome(node: &Node, problems: &mut Diagnostics) -> Option<Located<Outcome>> {
    located(one_of("an outcome", &Outcome::NAMES))(node, problems)
}
