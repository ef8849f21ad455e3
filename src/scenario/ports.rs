//! Ports in records: on the walk one port stands for a whole case. Here the one that a record shows takes its place.
//!
//! A connection shows the client's port until a NAT gateway chooses another, and that one until the next does. What only
//! replaces addresses leaves the port as it is: an internet gateway, or the host of a NAT instance. Assumed: nat-instance-ports.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html>

use crate::flowlog::{ShownPort, Sighting};
use crate::model::{LegKind, stable_hash};
use crate::net::{Payload, PortRange};
use crate::walk::{Case, Checkpoint, Place, Translation};

/// Puts the ports that records show into what was seen of one leg of `case`: `client` is the client's, `name` the
/// connection's.
pub(super) fn show(seen: &mut [Sighting], case: &Case, leg: LegKind, name: &str, client: u16) {
    let shown = shown(seen, case, leg);
    for (sighting, [source_shows, destination_shows]) in seen.iter_mut().zip(shown) {
        let Payload::Ports { source, destination } = &mut sighting.header.payload else { continue };
        for (port, shows) in [(source, source_shows), (destination, destination_shows)] {
            *port = match shows {
                ShownPort::Own => *port,
                ShownPort::Client => client,
                ShownPort::Chosen { leg, at, ports } => {
                    let at = match leg {
                        LegKind::Forward => at.to_string(),
                        LegKind::Reverse => format!("reverse {at}"),
                    };
                    pick(ports, &["translated-port", name, &at])
                }
            };
        }
    }
}

/// Whose ports the source and destination of what was seen of one leg of `case` are.
pub(super) fn shown(seen: &[Sighting], case: &Case, leg: LegKind) -> Vec<[ShownPort; 2]> {
    let Some((_, walked)) = case.legs().find(|(kind, _)| *kind == leg) else { return Vec::new() };
    let asked = Chain::of(case.forward.remembers.translations(), LegKind::Forward);
    let answered = Chain::of(walked.remembers.translations(), LegKind::Reverse);
    let shown = |sighting: &Sighting| {
        let way = walked.checkpoints.get(..sighting.position).unwrap_or_default();
        match leg {
            LegKind::Forward => [asked.port(asked.applied(way), ShownPort::Client), ShownPort::Own],
            LegKind::Reverse => [
                // A gateway to which the answer is a flow of its own replaces the server's port.
                answered.port(answered.applied(way), ShownPort::Own),
                asked.port(asked.not_turned_back(way), ShownPort::Client),
            ],
        }
    };
    seen.iter().map(shown).collect()
}

/// Translations of one packet, in the order of its way, each with the port that it chose, if it did.
struct Chain<'a>(Vec<(&'a Translation, Option<ShownPort>)>);

impl<'a> Chain<'a> {
    fn of(translations: &'a [Translation], leg: LegKind) -> Self {
        let chosen = |(translation, at): (&'a Translation, u32)| {
            let chooses = matches!(translation.place, Place::Gateway(_));
            let port = chooses.then_some(ShownPort::Chosen { leg, at, ports: translation.ports });
            (translation, port)
        };
        Self(translations.iter().zip(0..).map(chosen).collect())
    }

    /// The port behind the first `count` translations of a packet that came with `first`.
    fn port(&self, count: usize, first: ShownPort) -> ShownPort {
        self.0.iter().take(count).filter_map(|(_, port)| *port).next_back().unwrap_or(first)
    }

    /// How many of them a packet has behind it that went this way.
    fn applied(&self, way: &[Checkpoint]) -> usize {
        let mut points = way.iter();
        let is_made = |(by, _): &&(&Translation, Option<ShownPort>)| {
            points.any(|point| point.place == by.place && point.header == by.before)
        };
        self.0.iter().take_while(is_made).count()
    }

    /// How many of them an answer that went this way has before it still.
    fn not_turned_back(&self, way: &[Checkpoint]) -> usize {
        let mut points = way.iter();
        let is_turned_back = |(by, _): &&(&Translation, Option<ShownPort>)| {
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
