//! The outcome of a connection, found by following every way that its packets may take: plain, slow, and written from
//! AWS's pages alone. It shares no code with the library.
//!
//! Where AWS chooses (the zone by which a transit gateway enters a VPC, the port of a NAT gateway, the gateway that an
//! office uses) all ways are followed, and a connection that does not end the same way on each depends on it.
//!
//! Order of a packet's way: <https://docs.aws.amazon.com/vpc/latest/reachability/how-reachability-analyzer-works.html>;
//! each rule names its own page.

use std::net::Ipv4Addr;

use super::packet::{At, Ending, Ends, Host, Memory, Packet, Sender, Way, is_of, passes, stopped};
use super::world::{
    BUCKET, Connection, End, Kind, OUTSIDE, Remote, Rule, S3, SUBNETS, Target, VPCS, World, address, holds,
    in_office, subnet_block, vpc_block, vpc_of, within,
};

/// Outcomes of all ways, or nothing when there are too many.
pub(super) fn outcome(world: &World, connection: &Connection) -> Option<&'static str> {
    let mut walk = Walk { world, budget: 20_000 };
    let address = |end: End| match end {
        End::Instance(instance) => world.private(instance),
        End::Public(instance) => World::public(instance),
        End::Outside => OUTSIDE,
        End::Bucket => BUCKET,
        End::Office(office) => in_office(office),
    };
    let port = match connection.kind {
        Kind::Tcp(port) | Kind::Udp(port) => Some(port),
        Kind::Ping | Kind::Gre => None,
    };
    let packet = Packet {
        source: address(connection.from),
        destination: address(connection.to),
        kind: connection.kind,
        ports: port.map_or((0, 0), |port| (connection.source_port, port)),
        is_reply: false,
    };
    let (from, to) = (place(connection.from), place(connection.to));
    let mut outcomes: Vec<&'static str> = Vec::new();
    let start = Way { packet, sender: Sender::Nobody, memory: Memory::default(), steps: 0 };
    for end in walk.begin(from, start) {
        let (at, seen, memory) = match end {
            Ending::Stopped => {
                outcomes.push("blocked");
                continue;
            }
            Ending::Lost => {
                outcomes.push("unknown");
                continue;
            }
            Ending::Arrived(at, ..) if matches!(to, At::Instance(_)) && at != to => {
                outcomes.push("blocked");
                continue;
            }
            Ending::Arrived(at, seen, memory) => (at, seen, memory),
        };
        let back = Way { packet: seen.reply(), sender: Sender::Nobody, memory, steps: 0 };
        for end in walk.begin(at, back) {
            outcomes.push(match end {
                // The client knows the answer by its addresses and ports.
                Ending::Arrived(home, answer, _) if home == from && answer == packet.reply() => "connected",
                Ending::Arrived(..) | Ending::Stopped => "unanswered",
                Ending::Lost => "unknown",
            });
        }
    }
    outcomes.sort_unstable();
    outcomes.dedup();
    match (walk.budget, outcomes.as_slice()) {
        (0, _) => None,
        (_, [one]) => Some(one),
        _ => Some("depends"),
    }
}

fn place(end: End) -> At {
    match end {
        End::Instance(instance) | End::Public(instance) => At::Instance(instance),
        End::Outside => At::Internet,
        End::Bucket => At::Bucket,
        End::Office(office) => At::Office(office),
    }
}

pub(super) struct Walk<'w> {
    pub(super) world: &'w World,
    /// Steps that are still taken, of all ways together.
    budget: usize,
}

impl Walk<'_> {
    /// A packet that somebody sends.
    fn begin(&mut self, at: At, way: Way) -> Ends {
        match at {
            At::Instance(instance) => self.send(instance, way),
            At::Internet => self.outside(way),
            At::Bucket => self.deliver(self.world.s3, way),
            At::Office(office) => self.leave_office(office, way),
        }
    }

    /// An instance sends: its security group, then its subnet.
    fn send(&mut self, instance: usize, mut way: Way) -> Ends {
        let own = &self.world.instances[instance];
        let is_answer = way.memory.flows.contains(&(instance, way.packet.reply()));
        if !is_answer {
            let group = &self.world.groups[own.group];
            if !group.egress.iter().any(|rule| self.lets_out(own.group, rule, &way.packet)) {
                return stopped();
            }
            way.memory.flows.push((instance, way.packet));
        }
        way.sender = Sender::Direct(instance);
        self.leave(Host::Instance(instance), way)
    }

    /// Ingress and egress rules that name a block are alike; one that names a group is met by private addresses of its
    /// members, in the VPC and over an active peering connection, not over a transit gateway.
    /// <https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html>
    fn lets_out(&self, group: usize, rule: &Rule, packet: &Packet) -> bool {
        let named = match rule.remote {
            Remote::Block(block) => holds(block, packet.destination),
            Remote::Group(other) => {
                let (own, theirs) = (group % VPCS, other % VPCS);
                let is_peered = own + theirs == 1 && self.world.peering_is_active;
                let member = |at: usize| {
                    self.world.instances[at].group == other && self.world.private(at) == packet.destination
                };
                (own == theirs || is_peered) && (0..self.world.instances.len()).any(member)
            }
        };
        named && is_of(rule.service, packet)
    }

    fn lets_in(&self, rule: &Rule, way: &Way) -> bool {
        let named = match rule.remote {
            Remote::Block(block) => holds(block, way.packet.source),
            Remote::Group(other) => match way.sender {
                Sender::Direct(sender) | Sender::Peered(sender) | Sender::ByTransit(sender) => {
                    self.world.instances[sender].group == other
                }
                Sender::Nobody | Sender::Lost => false,
            },
        };
        named && is_of(rule.service, &way.packet)
    }

    pub(super) fn subnet_of(&self, host: Host) -> usize {
        match host {
            Host::Instance(instance) => self.world.instances[instance].subnet,
            Host::Nat(nat) => self.world.nats[nat].subnet,
            Host::Transit(subnet) => subnet,
        }
    }

    /// From an interface on: within the subnet nothing is asked; out of it the network ACL, then the route table.
    /// <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html>
    pub(super) fn leave(&mut self, host: Host, mut way: Way) -> Ends {
        let subnet = self.subnet_of(host);
        if holds(&subnet_block(subnet), way.packet.destination) {
            return match self.owner(vpc_of(subnet), way.packet.destination) {
                Some(neighbour) => self.reach(neighbour, subnet, way),
                None => stopped(),
            };
        }
        if !passes(self.world.subnets[subnet].acl.as_ref(), false, &way.packet) {
            return stopped();
        }
        way.steps += 1;
        self.budget = self.budget.saturating_sub(1);
        if way.steps > 40 || self.budget == 0 {
            return vec![Ending::Lost];
        }
        // What a NAT gateway sent over a peering connection comes back without a route.
        // https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
        if way.memory.peered.contains(&way.packet.reply()) {
            return self.peering(vpc_of(subnet), way);
        }
        self.route(host, subnet, way)
    }

    /// The longest prefix; among equal ones static before prefix list before propagated; and the local route before
    /// everything that is propagated. <https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html>,
    /// <https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNRoutingTypes.html>
    fn route(&mut self, host: Host, subnet: usize, way: Way) -> Ends {
        /// What a route leads to.
        #[derive(Clone, Copy)]
        enum Chosen {
            Local,
            Bucket,
            To(Target),
        }
        let (vpc, destination) = (vpc_of(subnet), way.packet.destination);
        let local = vpc_block(vpc);
        let table = &self.world.subnets[subnet];
        let mut all: Vec<(String, u8, Chosen)> = vec![(local.clone(), 0, Chosen::Local)];
        for route in &table.routes {
            if !(route.propagated && within(&local, &route.block)) {
                all.push((
                    route.block.clone(),
                    if route.propagated { 2 } else { 0 },
                    Chosen::To(route.target),
                ));
            }
        }
        if table.reaches_s3 {
            all.push((S3.to_owned(), 1, Chosen::Bucket));
        }
        let length = |block: &str| block.split_once('/').unwrap().1.parse::<u8>().unwrap();
        let best = all
            .iter()
            .filter(|(block, ..)| holds(block, destination))
            .min_by_key(|(block, rank, _)| (u8::MAX - length(block), *rank));
        match best.map(|(.., chosen)| *chosen) {
            None | Some(Chosen::To(Target::Blackhole)) => stopped(),
            Some(Chosen::Local) => self.deliver(vpc, way),
            Some(Chosen::Bucket) => self.bucket(vpc, way),
            Some(Chosen::To(Target::Internet)) => self.internet_gateway(host, subnet, way),
            Some(Chosen::To(Target::Nat(nat))) => self.enter_nat(nat, subnet, &way),
            Some(Chosen::To(Target::Peering)) => self.peering(vpc, way),
            Some(Chosen::To(Target::Transit)) => self.enter_transit(subnet, way),
            Some(Chosen::To(Target::Vpn)) => self.vpn(vpc, way),
        }
    }

    /// Who has an address in a VPC.
    pub(super) fn owner(&self, vpc: usize, address_of: Ipv4Addr) -> Option<Host> {
        let world = self.world;
        let instance =
            (0..world.instances.len()).find(|at| world.private(*at) == address_of).map(Host::Instance);
        let nat = (0..world.nats.len())
            .find(|at| world.nat_addresses(*at).iter().any(|(own, _)| *own == address_of))
            .map(Host::Nat);
        let attached = world.attachments.iter().flat_map(|attachment| attachment.subnets.iter());
        let transit = attached.copied().find(|subnet| address(*subnet, 200) == address_of).map(Host::Transit);
        let found = instance.or(nat).or(transit)?;
        (vpc_of(self.subnet_of(found)) == vpc).then_some(found)
    }

    /// The router of a VPC, from outside of all its subnets or from one of them.
    pub(super) fn deliver(&mut self, vpc: usize, way: Way) -> Ends {
        match self.owner(vpc, way.packet.destination) {
            Some(host) => self.reach(host, SUBNETS, way),
            None => stopped(),
        }
    }

    /// An interface, from the subnet `from`; its own subnet's network ACL is not asked then.
    fn reach(&mut self, host: Host, from: usize, mut way: Way) -> Ends {
        let subnet = self.subnet_of(host);
        if from != subnet && !passes(self.world.subnets[subnet].acl.as_ref(), true, &way.packet) {
            return stopped();
        }
        match host {
            Host::Transit(_) => stopped(),
            Host::Nat(nat) => self.back_through_nat(nat, way),
            Host::Instance(instance) => {
                let is_answer = way.memory.flows.contains(&(instance, way.packet.reply()));
                if !is_answer {
                    let group = &self.world.groups[self.world.instances[instance].group];
                    if !group.ingress.iter().any(|rule| self.lets_in(rule, &way)) {
                        return stopped();
                    }
                    way.memory.flows.push((instance, way.packet));
                }
                vec![Ending::Arrived(At::Instance(instance), way.packet, way.memory)]
            }
        }
    }
}
