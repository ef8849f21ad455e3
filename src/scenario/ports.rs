//! Ports in records: on the walk one port stands for a whole case. Here the one that a record shows takes its place.
//!
//! A connection shows the client's port until a NAT gateway chooses another, and that one until the next does. What only
//! replaces addresses leaves the port as it is: an internet gateway, or the host of a NAT instance. Assumed: nat-instance-ports.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html>

use std::net::IpAddr;

use crate::flowlog::{ShownPort, Sighting};
use crate::model::{self, Connection, LegKind, stable_hash};
use crate::net::{Header, Payload, PortRange};
use crate::walk::{CARRIER_PORT, Case, Checkpoint, Memory, Pin, Translation, is_carrier};

/// Puts the ports that records show into what was seen of one leg of `case` of the connection `of`: `client` is the
/// client's.
pub(super) fn show(seen: &mut [Sighting], case: &Case, leg: LegKind, of: &Connection, client: u16) {
    let Some(way) = Shown::on(case, leg) else { return };
    for sighting in seen {
        let [source_shows, destination_shows] = way.ports(sighting);
        let Payload::Ports { source, destination } = &mut sighting.header.payload else { continue };
        for (port, shows) in [(source, source_shows), (destination, destination_shows)] {
            *port = match shows {
                ShownPort::Own => *port,
                ShownPort::Client => client,
                chosen @ ShownPort::Chosen { .. } => chosen_port(chosen, *port, of),
            };
        }
    }
}

/// The same of what was seen of packets that have their own ports already: those of the datagrams which carry them are left.
pub(super) fn show_of_carriers(seen: &mut [Sighting], of: &Connection) {
    for sighting in seen.iter_mut().filter(|sighting| sighting.carried.is_some()) {
        let [shown, _] = ports_of_carrier(&sighting.header);
        if let Payload::Ports { source, .. } = &mut sighting.header.payload {
            *source = chosen_port(shown, *source, of);
        }
    }
}

/// The source port that records show of datagrams with `header`, if these carry packets of the connection `of`.
pub(super) fn port_of_carrier(header: &Header, of: &Connection) -> Option<u16> {
    let [shown, _] = ports_of_carrier(header);
    is_carrier(header).then(|| chosen_port(shown, CARRIER_PORT, of))
}

/// The port that a gateway chose for the connection `of`, if it did, or `own`.
fn chosen_port(shown: ShownPort, own: u16, of: &Connection) -> u16 {
    let ShownPort::Chosen { leg, at, ports } = shown else { return own };
    let at = match leg {
        LegKind::Forward => at.to_string(),
        LegKind::Reverse => format!("reverse {at}"),
    };
    model::chosen_port(ports, of.port_choice, &at)
}

/// Whose ports the source and destination of what was seen of one leg of `case` are.
pub(super) fn shown(seen: &[Sighting], case: &Case, leg: LegKind) -> Vec<[ShownPort; 2]> {
    let way = Shown::on(case, leg);
    way.map(|way| seen.iter().map(|sighting| way.ports(sighting)).collect()).unwrap_or_default()
}

/// Whose ports packets have along one leg of a case.
struct Shown<'a> {
    leg: LegKind,
    way: &'a [Checkpoint],
    /// What translates the request, and what its answer once more.
    asked: Chain<'a>,
    answered: Chain<'a>,
}

impl<'a> Shown<'a> {
    /// On `leg`, if it was walked.
    fn on(case: &'a Case, leg: LegKind) -> Option<Self> {
        let (_, walked) = case.legs().find(|(kind, _)| *kind == leg)?;
        Some(Self {
            leg,
            way: &walked.checkpoints,
            asked: Chain::of(case.forward.remembers.translations(), LegKind::Forward),
            answered: Chain::of(walked.remembers.translations(), LegKind::Reverse),
        })
    }

    /// Whose ports source and destination are where they were seen.
    fn ports(&self, seen: &Sighting) -> [ShownPort; 2] {
        if seen.carried.is_some() {
            return ports_of_carrier(&seen.header);
        }
        let way = self.way.get(..seen.position).unwrap_or_default();
        match self.leg {
            LegKind::Forward => [self.asked.port(self.asked.applied(way), ShownPort::Client), ShownPort::Own],
            LegKind::Reverse => [
                // A gateway to which the answer is a flow of its own replaces the server's port.
                self.answered.port(self.answered.applied(way), ShownPort::Own),
                self.asked.port(self.asked.not_turned_back(way), ShownPort::Client),
            ],
        }
    }
}

/// The same of what was seen on a way that may not be that of the case: `translations` are those that gateways remember of
/// the connection, and `client` is the client's port.
pub(super) fn shown_of(
    seen: &[Sighting],
    leg: LegKind,
    translations: &[Translation],
    client: u16,
) -> Vec<[ShownPort; 2]> {
    let port = |address: IpAddr, port: Option<u16>| {
        let mut chosen = translations.iter().enumerate().rev();
        let is_of = |by: &Translation| (by.after.source, by.after.source_port()) == (address, port);
        match chosen.find(|(_, by)| is_of(by)) {
            Some((at, by)) if by.chooses_port() => {
                let at = u32::try_from(at).unwrap_or(u32::MAX);
                ShownPort::Chosen { leg: LegKind::Forward, at, ports: by.ports }
            }
            _ if port == Some(client) => ShownPort::Client,
            _ => ShownPort::Own,
        }
    };
    let shown = |sighting: &Sighting| {
        let header = &sighting.header;
        if sighting.carried.is_some() {
            return ports_of_carrier(header);
        }
        match leg {
            LegKind::Forward => [port(header.source, header.source_port()), ShownPort::Own],
            LegKind::Reverse => [ShownPort::Own, port(header.destination, header.destination_port())],
        }
    };
    seen.iter().map(shown).collect()
}

/// The request of `case` as the client sends it from the port that records show, and what gateways will remember of it
/// with the ports that they are shown to choose: later packets of the connection `of` keep to all of these.
pub(super) fn chosen(case: &Case, of: &Connection, client: u16) -> (Header, Memory) {
    let known = &case.forward.remembers;
    let chain = Chain::of(known.translations(), LegKind::Forward);
    let mut memory = Memory::default();
    let mut port = client;
    for (by, chosen) in &chain.0 {
        let before = by.before.with_source_port(port);
        port = chosen.map_or(port, |chosen| chosen_port(chosen, port, of));
        memory.translate(Translation {
            before,
            after: by.after.with_source_port(port),
            is_forgotten: false,
            ..**by
        });
    }
    for pin in known.pins() {
        let translated = chain.0.iter().rev().find(|(by, _)| by.after == pin.header);
        let chosen = translated.and_then(|(_, port)| *port);
        let port = chosen.map_or(client, |chosen| chosen_port(chosen, client, of));
        memory.pin(Pin { header: pin.header.with_source_port(port), ..*pin });
    }
    (case.request.with_source_port(client), memory)
}

/// The ports of a datagram that carries a packet to an appliance or back: the node chooses one for each flow, which both keep.
/// Choices of different nodes, or for different appliances, are told apart. Assumed: geneve-datagrams.
fn ports_of_carrier(header: &Header) -> [ShownPort; 2] {
    let mut ends = [header.source.to_string(), header.destination.to_string()];
    ends.sort_unstable();
    let [one, other] = &ends;
    let at = u32::try_from(stable_hash(&["geneve", one, other]) >> 32).unwrap_or(0);
    let ports = PortRange::new(CARRIER_PORT, u16::MAX).unwrap_or(PortRange::ALL);
    [ShownPort::Chosen { leg: LegKind::Forward, at, ports }, ShownPort::Own]
}

/// Translations of one packet, in the order of its way, each with the port that it chose, if it did.
struct Chain<'a>(Vec<(&'a Translation, Option<ShownPort>)>);

impl<'a> Chain<'a> {
    fn of(translations: &'a [Translation], leg: LegKind) -> Self {
        let chosen = |(translation, at): (&'a Translation, u32)| {
            let port =
                translation.chooses_port().then_some(ShownPort::Chosen { leg, at, ports: translation.ports });
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
