//! Copies that traffic mirror sessions send: each is a packet of its own.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-targets.html>
//!
//! It leaves the source past its security groups, goes by the route table of the source's subnet, and is judged at the
//! target as any packet is. Flow logs of the source do not show it.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-limitations.html>

use super::cases::{Watch, must_arrive};
use super::choices::Choices;
use super::leg::{Next, Walker, walk};
use super::sender::Sender;
use super::{Arrival, DecidedBy, Leg, Memory, Observe, Packet, Place, Stage, Waiving};
use crate::model::{LegKind, MirroredBy, Network, VXLAN_PORT};
use crate::net::{Direction, Header, Payload, Protocol};

/// The way of a copy that leaves from `source_port`; none where source and target have no addresses of one family.
pub fn mirrored(network: &Network, by: MirroredBy, source_port: u16) -> Option<Leg> {
    let session = &network.traffic_mirror_sessions[by.session];
    let family = session.family(network)?;
    let address = |card| network.network_interfaces[card].primary_address(family);
    let header = Header {
        source: address(session.source)?,
        destination: address(session.target)?,
        protocol: Protocol::UDP,
        payload: Payload::Ports { source: source_port, destination: VXLAN_PORT },
    };
    let packet = Packet { header, from: Arrival::Mirror(by), service: None, opens: true };
    let (mut leg, mut watch) = (Leg::default(), Waiving::default());
    watch.begin(LegKind::Forward);
    let (memory, mut choices) = (Memory::default(), Choices::default());
    walk(network, &packet, Some(session.target), &memory, &mut choices, &mut watch, &mut leg);
    leg.checkpoints = watch.end();
    must_arrive(&mut leg, Arrival::Interface(session.target), None, &watch);
    Some(leg)
}

impl<O: Observe> Walker<'_, O> {
    /// A copy leaves the source of its session.
    pub(super) fn leave_mirrored(&mut self, by: MirroredBy) -> Next {
        let source = self.network.traffic_mirror_sessions[by.session].source;
        self.sender = Sender::direct(source);
        let place = Place::NetworkInterface(source);
        self.pass(Stage::TrafficMirroring, place, source, Direction::Egress, DecidedBy::Mirrored(by));
        self.leave(source)
    }
}
