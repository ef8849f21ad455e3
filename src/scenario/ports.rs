//! Ports in records: on the walk one port stands for a whole case. Here the one that a record shows takes its place.
//!
//! A connection shows the client's port until a NAT gateway chooses another, and that one until the next does. What only
//! replaces addresses leaves the port as it is: an internet gateway, or the host of a NAT instance. Assumed: nat-instance-ports.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html>

use crate::flowlog::Sighting;
use crate::model::{LegKind, stable_hash};
use crate::net::{Header, Payload, PortRange};
use crate::walk::{Case, Checkpoint, Memory, Pin, Place, Translation};

/// Puts the ports that records show into what was seen of one leg of `case`: `client` is the client's, `name` the
/// connection's.
pub(super) fn show(seen: &mut [Sighting], case: &Case, leg: LegKind, name: &str, client: u16) {
    let Some((_, walked)) = case.legs().find(|(kind, _)| *kind == leg) else { return };
    let asked = Chain::of(case.forward.remembers.translations(), name, LegKind::Forward);
    let answered = Chain::of(walked.remembers.translations(), name, LegKind::Reverse);
    for sighting in seen {
        let Payload::Ports { source, destination } = &mut sighting.header.payload else { continue };
        let way = walked.checkpoints.get(..sighting.position).unwrap_or_default();
        match leg {
            LegKind::Forward => *source = asked.port(asked.applied(way), client),
            LegKind::Reverse => {
                *destination = asked.port(asked.not_turned_back(way), client);
                // A gateway to which the answer is a flow of its own replaces the server's port.
                *source = answered.port(answered.applied(way), *source);
            }
        }
    }
}

/// The request of `case` as the client sends it from the port that records show, and what gateways will remember of it
/// with the ports that they are shown to choose: later packets of the connection keep to all of these.
pub(super) fn chosen(case: &Case, name: &str, client: u16) -> (Header, Memory) {
    let known = &case.forward.remembers;
    let chain = Chain::of(known.translations(), name, LegKind::Forward);
    let mut memory = Memory::default();
    let mut port = client;
    for (by, chosen) in &chain.0 {
        let before = by.before.with_source_port(port);
        port = chosen.unwrap_or(port);
        memory.translate(Translation {
            before,
            after: by.after.with_source_port(port),
            is_forgotten: false,
            ..**by
        });
    }
    for pin in known.pins() {
        let translated = chain.0.iter().rev().find(|(by, _)| by.after == pin.header);
        let port = translated.and_then(|(_, port)| *port).unwrap_or(client);
        memory.pin(Pin { header: pin.header.with_source_port(port), ..*pin });
    }
    (case.request.with_source_port(client), memory)
}

/// Translations of one packet, in the order of its way, each with the port that it chose, if it did.
struct Chain<'a>(Vec<(&'a Translation, Option<u16>)>);

impl<'a> Chain<'a> {
    fn of(translations: &'a [Translation], name: &str, leg: LegKind) -> Self {
        let chosen = |(at, translation): (usize, &'a Translation)| {
            let at = match leg {
                LegKind::Forward => at.to_string(),
                LegKind::Reverse => format!("reverse {at}"),
            };
            let chooses = matches!(translation.place, Place::Gateway(_));
            let port = chooses.then(|| pick(translation.ports, &["translated-port", name, &at]));
            (translation, port)
        };
        Self(translations.iter().enumerate().map(chosen).collect())
    }

    /// The port behind the first `count` translations of a packet that came with `first`.
    fn port(&self, count: usize, first: u16) -> u16 {
        self.0.iter().take(count).filter_map(|(_, port)| *port).next_back().unwrap_or(first)
    }

    /// How many of them a packet has behind it that went this way.
    fn applied(&self, way: &[Checkpoint]) -> usize {
        let mut points = way.iter();
        let is_made = |(by, _): &&(&Translation, Option<u16>)| {
            points.any(|point| point.place == by.place && point.header == by.before)
        };
        self.0.iter().take_while(is_made).count()
    }

    /// How many of them an answer that went this way has before it still.
    fn not_turned_back(&self, way: &[Checkpoint]) -> usize {
        let mut points = way.iter();
        let is_turned_back = |(by, _): &&(&Translation, Option<u16>)| {
            let answer = by.after.reversed();
            points.any(|point| point.place == by.place && point.header == answer)
        };
        self.0.len() - self.0.iter().rev().take_while(is_turned_back).count()
    }
}

/// One of `ports`, by a stable hash.
pub(super) fn pick(ports: PortRange, key: &[&str]) -> u16 {
    let offset = u16::try_from(stable_hash(key) % u64::from(ports.count())).unwrap_or(0);
    ports.from().saturating_add(offset)
}
