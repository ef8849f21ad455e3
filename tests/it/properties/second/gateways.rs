//! What each kind of gateway does with a packet, from AWS's page of it.

use std::net::Ipv4Addr;

use super::evaluator::Walk;
use super::packet::{At, Ending, Ends, Host, Sender, Way, is_private, passes, stopped};
use super::world::{Kind, holds, office_block, vpc_block, vpc_of};

/// Where a route of a transit gateway leads.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Hop {
    Attachment(usize),
    Blackhole,
}

impl Walk<'_> {
    /// What Block Public Access lets through between a subnet and an internet gateway: everything, nothing, or out, and in
    /// only to NAT gateways. <https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html>
    fn is_kept_out(&self, host: Host, inward: bool) -> bool {
        let exclusion = self.world.subnets[self.subnet_of(host)].exclusion;
        let blocks = match (self.world.blocks, exclusion) {
            ("off", _) | (_, Some("allow-bidirectional")) => return false,
            ("block-bidirectional", Some("allow-egress")) => "block-ingress",
            (mode, _) => mode,
        };
        blocks == "block-bidirectional" || (inward && !matches!(host, Host::Nat(_)))
    }

    /// <https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html>
    pub(super) fn internet_gateway(&mut self, host: Host, subnet: usize, mut way: Way) -> Ends {
        let own = self.owner(vpc_of(subnet), way.packet.source);
        let mut addresses = own.into_iter().flat_map(|own| self.addresses_of(own));
        let public =
            addresses.find(|(private, _)| *private == way.packet.source).and_then(|(_, public)| public);
        let (Some(public), false, false) =
            (public, is_private(way.packet.destination), self.is_kept_out(host, false))
        else {
            return stopped();
        };
        way.packet.source = public;
        way.sender = Sender::Lost;
        self.outside(way)
    }

    /// Private addresses, each with its public one.
    fn addresses_of(&self, host: Host) -> Vec<(Ipv4Addr, Option<Ipv4Addr>)> {
        match host {
            Host::Instance(at) => vec![self.world.addresses(at)],
            Host::Nat(at) => self.world.nat_addresses(at),
            Host::Transit(_) => Vec::new(),
        }
    }

    /// A packet on the internet: to whoever has its public address.
    pub(super) fn outside(&mut self, mut way: Way) -> Ends {
        if is_private(way.packet.source) {
            return stopped();
        }
        let hosts = (0..self.world.instances.len())
            .map(Host::Instance)
            .chain((0..self.world.nats.len()).map(Host::Nat));
        let mut all = hosts.flat_map(|host| self.addresses_of(host).into_iter().map(move |own| (host, own)));
        let found = all.find(|(_, (_, public))| *public == Some(way.packet.destination));
        let Some((owner, (private, _))) = found else {
            let public = holds("198.51.100.0/24", way.packet.destination);
            let nobody = public || is_private(way.packet.destination);
            return if nobody {
                stopped()
            } else {
                vec![Ending::Arrived(At::Internet, way.packet, way.memory)]
            };
        };
        let vpc = vpc_of(self.subnet_of(owner));
        if !self.world.internet[vpc] || self.is_kept_out(owner, true) {
            return stopped();
        }
        way.packet.destination = private;
        self.deliver(vpc, way)
    }

    /// <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html>: it serves other subnets, TCP, UDP and
    /// ICMP, and takes a port from 1024 on.
    pub(super) fn enter_nat(&mut self, nat: usize, from: usize, way: &Way) -> Ends {
        /// One port of each range that the entries of network ACLs tell apart.
        const PORTS: [u16; 9] = [1024, 1025, 32_768, 32_769, 40_000, 40_001, 61_000, 61_001, 65_535];
        let subnet = self.world.nats[nat].subnet;
        let enters = from != subnet && passes(self.world.subnets[subnet].acl.as_ref(), true, &way.packet);
        if !enters || way.packet.kind == Kind::Gre {
            return stopped();
        }
        let ports: &[u16] = if way.packet.kind == Kind::Ping { &[0] } else { &PORTS };
        let mut ends = Ends::new();
        let addresses = self.world.nat_addresses(nat);
        for (own, port) in addresses.iter().flat_map(|(own, _)| ports.iter().map(move |port| (own, port))) {
            let mut way = way.clone();
            let inside = way.packet;
            way.packet.source = *own;
            // A packet that is an answer itself keeps the port of the client at its other end.
            way.packet.ports.0 = *port;
            way.memory.translations.push((nat, inside, way.packet));
            way.sender = Sender::Lost;
            ends.extend(self.leave(Host::Nat(nat), way));
        }
        ends
    }

    /// An answer to what it translated goes back inside; it takes nothing else.
    pub(super) fn back_through_nat(&mut self, nat: usize, mut way: Way) -> Ends {
        let answered = way.packet.reply();
        let known = way.memory.translations.iter().find(|(own, _, out)| *own == nat && *out == answered);
        let Some((_, inside, _)) = known else { return stopped() };
        way.packet = inside.reply();
        way.sender = Sender::Lost;
        self.leave(Host::Nat(nat), way)
    }

    /// <https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html>: it leads to the other VPC and no farther.
    pub(super) fn peering(&mut self, vpc: usize, mut way: Way) -> Ends {
        let other = 1 - vpc;
        let block = vpc_block(other);
        let is_theirs = holds(&block, way.packet.source) || holds(&block, way.packet.destination);
        if !self.world.peering_is_active || !is_theirs {
            return stopped();
        }
        if matches!(self.owner(vpc, way.packet.source), Some(Host::Nat(_))) {
            way.memory.peered.push(way.packet);
        }
        way.sender = match way.sender {
            Sender::Direct(sender) => Sender::Peered(sender),
            Sender::Nobody => Sender::Nobody,
            _ => Sender::Lost,
        };
        self.deliver(other, way)
    }

    /// From a VPC, by the interface in the zone of the subnet, whose network ACL asks what comes in even from the subnet
    /// itself. <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html>
    pub(super) fn enter_transit(&mut self, from: usize, way: Way) -> Ends {
        let zone = self.world.subnets[from].zone;
        let vpc = vpc_of(from);
        let attached = self.world.attachments.iter().position(|attachment| attachment.vpc == Some(vpc));
        let entry = attached.and_then(|at| {
            let mut subnets = self.world.attachments[at].subnets.iter();
            Some((at, *subnets.find(|subnet| self.world.subnets[**subnet].zone == zone)?))
        });
        match entry {
            Some((at, subnet)) if passes(self.world.subnets[subnet].acl.as_ref(), true, &way.packet) => {
                self.transit(at, Some(zone), way)
            }
            _ => stopped(),
        }
    }

    /// <https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html>
    fn transit(&mut self, from: usize, zone: Option<usize>, way: Way) -> Ends {
        let world = self.world;
        let attachment = match self.transit_route(from, way.packet.destination) {
            Some(Hop::Attachment(target)) => &world.attachments[target],
            Some(Hop::Blackhole) | None => return stopped(),
        };
        if attachment.vpc.is_none() {
            let mut offices = (1..3).filter(|office| holds(&office_block(*office), way.packet.destination));
            return match offices.next() {
                Some(office) => vec![Ending::Arrived(At::Office(office), way.packet, way.memory)],
                None => stopped(),
            };
        }
        let in_zone = attachment.subnets.iter().find(|subnet| Some(world.subnets[**subnet].zone) == zone);
        let kept = way
            .memory
            .kept
            .iter()
            .find(|(packet, _)| *packet == way.packet.reply())
            .map(|(_, subnet)| subnet);
        let ways = if attachment.is_for_appliances {
            // Both directions keep to one zone; what stays within a zone stays in it, and of others any may be chosen.
            // https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-appliance-scenario.html
            let kept = kept.filter(|subnet| attachment.subnets.contains(subnet));
            kept.or_else(|| in_zone.filter(|_| self.is_in_zone(way.packet.destination, zone)))
        } else {
            in_zone
        };
        let ways = ways.map_or_else(|| attachment.subnets.clone(), |subnet| vec![*subnet]);
        let refers = world.refers && attachment.refers && world.attachments[from].refers;
        let mut ends = Ends::new();
        for subnet in ways {
            let mut way = way.clone();
            way.sender = match way.sender {
                Sender::Direct(sender) if refers => Sender::ByTransit(sender),
                Sender::Nobody => Sender::Nobody,
                _ => Sender::Lost,
            };
            if attachment.is_for_appliances {
                way.memory.kept.push((way.packet, subnet));
            }
            ends.extend(self.leave(Host::Transit(subnet), way));
        }
        ends
    }

    /// Whether an address is somebody's in a zone of an attached VPC.
    fn is_in_zone(&self, address: Ipv4Addr, zone: Option<usize>) -> bool {
        let mut attached = self.world.attachments.iter().filter_map(|attachment| attachment.vpc);
        let owner = attached.find_map(|vpc| self.owner(vpc, address));
        owner.is_some_and(|owner| Some(self.world.subnets[self.subnet_of(owner)].zone) == zone)
    }

    /// The route that the table of an attachment has: to an attachment, or to nowhere.
    fn transit_route(&self, from: usize, destination: Ipv4Addr) -> Option<Hop> {
        let world = self.world;
        let table = &world.tables[world.attachments[from].table?];
        let mut all: Vec<(String, u8, Option<usize>)> =
            table.routes.iter().map(|(block, target)| ((*block).to_owned(), 0, *target)).collect();
        for propagated in &table.propagations {
            match world.attachments[*propagated].vpc {
                Some(vpc) => all.push((vpc_block(vpc), 1, Some(*propagated))),
                None => all.extend((1..3).map(|office| (office_block(office), 2, Some(*propagated)))),
            }
        }
        let length = |block: &str| block.split_once('/').unwrap().1.parse::<u8>().unwrap();
        let covering = all.into_iter().filter(|(block, ..)| holds(block, destination));
        covering
            .min_by_key(|(block, rank, _)| (u8::MAX - length(block), *rank))
            .map(|(.., target)| target.map_or(Hop::Blackhole, Hop::Attachment))
    }

    /// <https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html>: only addresses of the VPC's own
    /// interfaces, out and in.
    pub(super) fn vpn(&mut self, vpc: usize, way: Way) -> Ends {
        let mut offices =
            [0, 2].into_iter().filter(|office| holds(&office_block(*office), way.packet.destination));
        match (self.owner(vpc, way.packet.source), offices.next()) {
            (Some(_), Some(office)) => vec![Ending::Arrived(At::Office(office), way.packet, way.memory)],
            _ => stopped(),
        }
    }

    /// What an office sends goes by a gateway that leads there.
    pub(super) fn leave_office(&mut self, office: usize, way: Way) -> Ends {
        let world = self.world;
        let destination = way.packet.destination;
        let by_vpn = office != 1 && holds(&vpc_block(world.vpn), destination);
        let offices = world.attachments.iter().position(|attachment| attachment.vpc.is_none()).unwrap();
        let by_transit = office != 0 && self.transit_route(offices, destination).is_some();
        let mut ends = Ends::new();
        if by_vpn {
            ends.extend(self.deliver(world.vpn, way.clone()));
        }
        if by_transit {
            ends.extend(self.transit(offices, None, way));
        }
        if ends.is_empty() { stopped() } else { ends }
    }

    /// <https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html>: TCP and ICMP echo, from interfaces of
    /// its own VPC.
    pub(super) fn bucket(&mut self, vpc: usize, way: Way) -> Ends {
        let is_carried = matches!(way.packet.kind, Kind::Tcp(_) | Kind::Ping);
        if is_carried && self.owner(vpc, way.packet.source).is_some() {
            vec![Ending::Arrived(At::Bucket, way.packet, way.memory)]
        } else {
            stopped()
        }
    }
}
