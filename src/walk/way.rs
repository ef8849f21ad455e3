//! What goes through the network, and what becomes of it.

use std::net::IpAddr;

use super::{Checkpoint, Memory};
use crate::model::{CustomerNetwork, Gateway, Index, MirroredBy, NetworkInterface, ReservedTraffic};
use crate::net::Header;

/// A packet and whence it comes.
#[derive(Debug, Clone, Copy)]
pub struct Packet {
    /// What it says.
    pub header: Header,
    /// Where it enters the network.
    pub from: Arrival,
    /// The address that stands for a service of AWS whose addresses are not known.
    pub service: Option<IpAddr>,
    /// Whether it may open a connection: a SYN of TCP, or whatever answers nothing.
    pub opens: bool,
}

/// Where a packet starts or ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Arrival {
    /// At an interface.
    Interface(Index<NetworkInterface>),
    /// Outside the network.
    Internet,
    /// At a service of AWS behind a gateway endpoint.
    Service(Index<Gateway>),
    /// In a network on premises.
    CustomerNetwork(Index<CustomerNetwork>),
    /// At an interface of a gateway, which sends by itself.
    Gateway(Index<Gateway>, Index<NetworkInterface>),
    /// At a service of AWS that no rule sees, on behalf of an interface.
    Reserved(&'static ReservedTraffic, Index<NetworkInterface>),
    /// At the source of a traffic mirror session, as a copy of another packet.
    Mirror(MirroredBy),
}

/// What became of a packet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Leg {
    /// Every decision, when somebody kept them.
    pub checkpoints: Vec<Checkpoint>,
    /// Position of the first certain stop; what follows is hypothetical.
    pub stopped_at: Option<usize>,
    /// Position of the first decision that rests on something not simulated.
    pub unknown_at: Option<usize>,
    /// Where the packet came to, or would have: absent without a next hop.
    pub arrival: Option<(Arrival, Header)>,
    /// What stateful places remember of it.
    pub remembers: Memory,
    /// Whether what stopped it answers TCP with RST.
    pub is_reset: bool,
}

impl Leg {
    /// The same way there from another of the client's ports, without its checkpoints.
    pub(super) fn with_source_port(&self, port: u16) -> Self {
        let mut remembers = self.remembers.clone();
        for flow in remembers.flows_mut() {
            flow.header = flow.header.with_source_port(port);
        }
        for pin in remembers.pins_mut() {
            pin.header = pin.header.with_source_port(port);
        }
        let arrival = self.arrival.map(|(at, header)| (at, header.with_source_port(port)));
        Self { checkpoints: Vec::new(), arrival, remembers, ..*self }
    }

    /// The checkpoints of the same way from another of the client's ports.
    pub(super) fn checkpoints_with_source_port(&self, port: u16) -> Vec<Checkpoint> {
        let moved = |point: &Checkpoint| Checkpoint { header: point.header.with_source_port(port), ..*point };
        self.checkpoints.iter().map(moved).collect()
    }

    /// Whether the way is known to its end.
    pub fn is_complete(&self) -> bool {
        self.arrival.is_some()
    }

    /// Whether the packet arrives.
    pub fn is_delivered(&self) -> bool {
        self.is_complete() && self.stopped_at.is_none() && self.unknown_at.is_none()
    }
}
