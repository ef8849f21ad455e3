//! Packets on their way, and what entries and services say of one.

use std::net::Ipv4Addr;

use super::world::{Acl, Kind, Service, holds};

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Packet {
    pub(super) source: Ipv4Addr,
    pub(super) destination: Ipv4Addr,
    pub(super) kind: Kind,
    /// Of the client and of the server, for whom both are.
    pub(super) ports: (u16, u16),
    pub(super) is_reply: bool,
}

impl Packet {
    pub(super) fn reply(self) -> Self {
        let (from, to) = self.ports;
        Self {
            source: self.destination,
            destination: self.source,
            ports: (to, from),
            is_reply: !self.is_reply,
            ..self
        }
    }
}

/// Where a packet can be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Host {
    Instance(usize),
    Nat(usize),
    /// The interface of the transit gateway in a subnet.
    Transit(usize),
}

/// Where a packet ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum At {
    Instance(usize),
    Internet,
    Bucket,
    Office(usize),
}

/// How the groups of the sender are known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Sender {
    Nobody,
    Direct(usize),
    Peered(usize),
    ByTransit(usize),
    Lost,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Memory {
    /// Flows that security groups let through, by instance.
    pub(super) flows: Vec<(usize, Packet)>,
    /// Translations of NAT gateways, from inside to outside.
    pub(super) translations: Vec<(usize, Packet, Packet)>,
    /// The subnets by which flows came into a VPC in appliance mode.
    pub(super) kept: Vec<(Packet, usize)>,
    /// What NAT gateways sent over the peering connection.
    pub(super) peered: Vec<Packet>,
}

/// One way of a packet.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub(super) packet: Packet,
    pub(super) sender: Sender,
    pub(super) memory: Memory,
    pub(super) steps: usize,
}

/// What became of a packet on one way.
#[derive(Debug, Clone)]
pub(super) enum Ending {
    Arrived(At, Packet, Memory),
    Stopped,
    /// It goes round and round.
    Lost,
}

/// All ways on from somewhere.
pub(super) type Ends = Vec<Ending>;

pub(super) fn stopped() -> Ends {
    vec![Ending::Stopped]
}

/// The entry with the lowest number that matches; nothing matches is a refusal, and the default one allows everything.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html>
pub(super) fn passes(acl: Option<&Acl>, ingress: bool, packet: &Packet) -> bool {
    let Some(acl) = acl else { return true };
    let (entries, far) =
        if ingress { (&acl.ingress, packet.source) } else { (&acl.egress, packet.destination) };
    let matching = entries.iter().filter(|entry| holds(entry.block, far) && is_of(entry.service, packet));
    matching.min_by_key(|entry| entry.number).is_some_and(|entry| entry.allow)
}

/// Whether a packet is of a service; ports are those of its destination.
pub(super) fn is_of(service: Service, packet: &Packet) -> bool {
    let port = packet.ports.1;
    match (service, packet.kind) {
        (Service::All, _) | (Service::Icmp, Kind::Ping) => true,
        (Service::Tcp(from, to), Kind::Tcp(_)) | (Service::Udp(from, to), Kind::Udp(_)) => {
            (from..=to).contains(&port)
        }
        _ => false,
    }
}

pub(super) fn is_private(address: Ipv4Addr) -> bool {
    address.is_private() || holds("100.64.0.0/10", address)
}
