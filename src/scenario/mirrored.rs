//! Copies that traffic mirror sessions make of what a connection sends.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-how-it-works.html>

use std::time::Duration;

use smallvec::SmallVec;

use crate::flowlog::{Action, Packets, Sighting, Traffic, Way, lengthened, sightings};
use crate::model::{Burst, Index, LegKind, MirroredBy, Network, NetworkInterface, stable_hash};
use crate::net::{Direction, Header};
use crate::report::ConnectionReport;
use crate::timeline::Stretch;
use crate::walk::{Leg, mirrored};

use super::Scenario;

/// The copies of all packets of one way that one interface sees: they go one way as well.
#[derive(Debug, Clone)]
pub struct Copied {
    /// The network, by its position among those of the scenario.
    pub epoch: usize,
    /// Which way the packets went that are copied.
    pub kind: LegKind,
    /// The first of these packets, as the source sees it.
    pub header: Header,
    /// By which rule.
    pub by: MirroredBy,
    /// When the first of them is copied, from the scenario's start.
    pub from: Duration,
    /// How many are.
    pub packets: u64,
    /// The way of the copies.
    pub leg: Leg,
}

/// Ports that copies are sent from: those that RFC 7348 recommends.
const FIRST_PORT: u16 = 49152;

/// How many these are.
const PORTS: u64 = 16_384;

impl Scenario {
    /// The copies of a connection's packets.
    pub(crate) fn copied(&self, position: usize, of: &ConnectionReport<'_>) -> Vec<Copied> {
        let traffic = of.case().map(|case| self.uncopied(&self.epochs(), position, of, &case));
        traffic.map(|mut traffic| self.add_copies(&mut traffic)).unwrap_or_default()
    }

    /// Adds the ways of copies behind those of the packets; says which they are, in the same order.
    pub(super) fn add_copies(&self, traffic: &mut Traffic) -> Vec<Copied> {
        let (mut all, mut ways) = (Vec::new(), Vec::new());
        let sent = traffic.bursts.clone();
        for way in traffic.ways.iter().filter(|way| self.network_at(way.epoch).mirrors()) {
            let network = self.network_at(way.epoch);
            for sighting in &way.sightings {
                let Some((copied, bursts)) = copy(network, way, sighting, &sent) else { continue };
                let sightings = sightings(network, &copied.leg);
                let packets = way.packets.clone();
                let new = Way { epoch: way.epoch, leg: way.leg, packets, sightings };
                ways.push(new.behind(&bursts, traffic.bursts.len()));
                traffic.bursts.extend(bursts);
                all.push(copied);
            }
        }
        if !ways.is_empty() {
            // Whoever counts all packets of a leg would count those of copies too.
            traffic.ways =
                std::mem::take(&mut traffic.ways).into_iter().map(|way| way.behind(&sent, 0)).collect();
            traffic.ways.extend(ways);
        }
        all
    }
}

/// The copies of what `sighting` saw, with what is sent as such of the bursts `sent`.
fn copy(network: &Network, way: &Way, sighting: &Sighting, sent: &[Burst]) -> Option<(Copied, Vec<Burst>)> {
    let (header, by) = accepted(network, sighting)?;
    let session = &network.traffic_mirror_sessions[by.session];
    let family = session.family(network)?;
    let offset = stable_hash(&["mirrored", &header.to_string()]) % PORTS;
    let leg = mirrored(network, by, FIRST_PORT + u16::try_from(offset).ok()?)?;
    let copied = |burst: &Burst| {
        let bytes = lengthened(burst.bytes, sighting.longer, burst.packets);
        let bytes = session.copied_bytes(family, burst.packets, bytes);
        Burst { bytes, flags: SmallVec::new(), ..burst.clone() }
    };
    let bursts = sent.iter().map(copied).collect();
    let stretches = match &way.packets {
        Packets::All => Stretch::all(sent, way.leg).collect(),
        Packets::Some(stretches) => stretches.clone(),
    };
    let first = stretches.iter().filter_map(|own| own.first_packet(sent)).min().unwrap_or_default();
    let packets = stretches.iter().map(|own| own.packets.end - own.packets.start).sum();
    Some((Copied { epoch: way.epoch, kind: way.leg, header, by, from: first, packets, leg }, bursts))
}

/// By which rule what `sighting` saw is copied: what the source's own rules refuse is not.
/// Assumed of egress: mirror-source-rules.
fn accepted(network: &Network, sighting: &Sighting) -> Option<(Header, MirroredBy)> {
    let source = sighting.vantage.interface().filter(|_| sighting.action == Action::Accept)?;
    network.mirrored_by(source, sighting.direction, &sighting.header).map(|by| (sighting.header, by))
}

/// Whether it rests on `mirror-source-rules` that something of what was seen is copied, or is not.
pub(crate) fn leans_on_source_rules(network: &Network, sighting: &Sighting) -> bool {
    let Some(source): Option<Index<NetworkInterface>> = sighting.vantage.interface() else { return false };
    let by = network.mirrored_by(source, sighting.direction, &sighting.header);
    by.is_some_and(|by| match sighting.action {
        Action::Reject => sighting.direction == Direction::Egress,
        Action::Accept => network.is_rejected_before(source, by, &sighting.header),
    })
}
