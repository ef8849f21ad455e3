//! What would have to change for a blocker to let the packet pass.

mod gateways;
mod groups;
mod inspection;
mod lattice;
mod load_balancer;
mod routes;
mod transit_gateway;

use std::net::IpAddr;

use super::block_public_access::lets_only_answers_in;
use super::gateway::nat_gateway;
use super::{Blocker, Case, Checkpoint, DecidedBy, InspectionFact, Place, Trace};
use crate::model::{
    Connection, Endpoint, GatewayKind, Index, LegKind, Network, NetworkAcl, NetworkAclEntry, RuleAction,
    RuleNumber, lattice_block,
};
use crate::net::{Cidr, Direction, Family, Header, IcmpType, Payload, PortRange};

/// The changes that mend the blockers of `trace`, which is of `connection`, in words, one for each; one change may mend
/// several. They can be made together: no two of them propose the same number of a network ACL.
pub fn remedies(network: &Network, connection: &Connection, trace: &Trace) -> Vec<String> {
    let (mut taken, cases) = (Vec::new(), trace.cases.as_slice());
    let blockers = trace.blockers();
    // No rule that is opened helps a protocol that is not carried: what mends that mends all.
    let carries_nothing =
        blockers.iter().find(|own| own.checkpoint.decided_by == DecidedBy::ProtocolNotCarried);
    let never = carries_nothing.filter(|_| cases.iter().all(is_of_protocol_not_carried));
    let texts = blockers.iter().map(|blocker| {
        let blocker = never.unwrap_or(blocker);
        Remedy { network, connection, cases, blocker, taken: &mut taken }.text()
    });
    texts.collect()
}

/// The change that lets a proxy have answered what it took, in words: `decided` is where it sends, or why it does not.
pub fn remedy_behind(network: &Network, decided: &Checkpoint) -> Option<String> {
    let DecidedBy::LoadBalancer(fact) = decided.decided_by else { return None };
    load_balancer::remedy(network, decided, fact)
}

/// Whether something on the way does not carry the protocol at all.
fn is_of_protocol_not_carried(case: &Case) -> bool {
    case.blockers().any(|own| own.checkpoint.decided_by == DecidedBy::ProtocolNotCarried)
}

/// A number of a network ACL and direction that an earlier remedy proposes.
type Taken = (Index<NetworkAcl>, Direction, RuleNumber);

struct Remedy<'a> {
    network: &'a Network,
    connection: &'a Connection,
    cases: &'a [Case],
    blocker: &'a Blocker,
    taken: &'a mut Vec<Taken>,
}

impl Remedy<'_> {
    fn text(&mut self) -> String {
        let network = self.network;
        let checkpoint = &self.blocker.checkpoint;
        let (header, direction) = (&checkpoint.header, checkpoint.direction);
        match (checkpoint.decided_by, checkpoint.place) {
            (DecidedBy::NoSecurityGroupRule, Place::NetworkInterface(card)) => {
                let groups = &network.network_interfaces[card].security_groups;
                match groups.first().map(|group| &network.security_groups[*group].identity) {
                    Some(group) => {
                        let rule = self.rule();
                        let rule = format!("security group {group} {direction}: add a rule  allow {rule}");
                        match self.references() {
                            Some(switch) => format!("{switch}, or {rule}"),
                            None => rule,
                        }
                    }
                    None => format!(
                        "{}: attach a security group that allows {}",
                        network.interface_label(card),
                        self.rule()
                    ),
                }
            }
            (DecidedBy::NetworkAclEntry(position), Place::NetworkAcl(acl)) => self.acl(acl, position),
            (DecidedBy::NoRoute, Place::RouteTable(table)) => self.missing_route(table),
            (DecidedBy::Route(position) | DecidedBy::ArbitraryRoute(position), Place::RouteTable(table)) => {
                let table = &network.route_tables[table];
                let route = table.routes.get(position).map(ToString::to_string).unwrap_or_default();
                match table.routes.get(position).map(|route| route.target_label.as_str()) {
                    Some("blackhole") => format!("route table {}: remove the route  {route}", table.identity),
                    _ => format!("route table {}: mend the target of  {route}", table.identity),
                }
            }
            (DecidedBy::NoPublicAddress, _) if self.has_never_public_address() => {
                "lead its route to a NAT gateway: a function of Lambda has no public address".to_owned()
            }
            (DecidedBy::NoPublicAddress, _) => self.public_address_for(header.source),
            (DecidedBy::NoSuchPublicAddress, _) if network.stray_public_ip(header.destination).is_some() => {
                format!("associate {} with a network interface", header.destination)
            }
            (DecidedBy::NoSuchPublicAddress, _) => self.public_address_of(header.destination),
            (DecidedBy::ForeignAddress, Place::NetworkInterface(card)) => {
                let card = network.interface_label(card);
                format!("{card}: send from its own address, or switch the source/destination check off")
            }
            (DecidedBy::NobodyHasAddress, _) => {
                format!("use an address that an interface has, instead of {}", header.destination)
            }
            (DecidedBy::Host(_), Place::NetworkInterface(card)) => {
                let (host, service) = (network.interface_label(card), service(&header.reversed(), None));
                if header.protocol.has_ports() {
                    format!("{host}: start a program on {service}, or let the host's firewall pass it")
                } else {
                    format!("{host}: let the host's firewall pass {service}")
                }
            }
            (DecidedBy::TransitGateway(fact), Place::Gateway(gateway)) => {
                let changed = transit_gateway::remedy(network, &network.gateways[gateway], fact, header);
                changed.unwrap_or_else(|| "no change of a rule helps".to_owned())
            }
            (DecidedBy::Lattice(fact), Place::Gateway(gateway)) => {
                let changed = lattice::remedy(network, &network.gateways[gateway], fact, &self.rule());
                changed.unwrap_or_else(|| "no change of a rule helps".to_owned())
            }
            (DecidedBy::LoadBalancer(fact), _) => load_balancer::remedy(network, checkpoint, fact)
                .unwrap_or_else(|| "no change of a rule helps".to_owned()),
            (DecidedBy::Inspection(InspectionFact::Midstream), Place::Gateway(here))
                if let Some(switch) =
                    self.case().and_then(|case| inspection::appliance_mode(network, case, here)) =>
            {
                switch
            }
            (DecidedBy::Inspection(fact), _) => {
                let rule = self.five_tuple();
                let changed = inspection::remedy(network, checkpoint, fact, &rule);
                changed.unwrap_or_else(|| "no change of a rule helps".to_owned())
            }
            (DecidedBy::BlockPublicAccess, _) => self.exemption(),
            (DecidedBy::NoMulticast, _) => "use unicast".to_owned(),
            _ => self
                .way_back()
                .or_else(|| gateways::remedy(network, checkpoint))
                .unwrap_or_else(|| "no change of a rule helps".to_owned()),
        }
    }

    /// What to ask for instead of a private address, from outside.
    fn public_address_of(&self, private: IpAddr) -> String {
        let mut owners = self.network.interfaces_with(private).into_iter();
        let public = owners.find_map(|owner| self.network.network_interfaces[owner].public_ip(private));
        match public {
            Some(public) => format!("connect to {public}, the public address of {private}"),
            None => format!("associate an Elastic IP with {private}, and connect to that"),
        }
    }

    /// Whether the packet is from an interface that cannot have a public address.
    /// AWS: <https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html>
    fn has_never_public_address(&self) -> bool {
        let network = self.network;
        let mut cards = network.interfaces_with(self.blocker.checkpoint.header.source).into_iter();
        cards.any(|card| network.card(card).conduct.refuses)
    }

    /// What to exempt from Block Public Access. A regional NAT gateway is in no subnet. Of what lets only answers in it is
    /// enough to exempt what leaves.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html>, exclusions
    fn exemption(&self) -> String {
        let (network, checkpoint) = (self.network, &self.blocker.checkpoint);
        let card = checkpoint.interface;
        let only_answers = match (checkpoint.place, card) {
            (Place::Gateway(gateway), Some(card)) => lets_only_answers_in(network, gateway, card),
            _ => false,
        };
        let mode = if only_answers { "allow-egress" } else { "allow-bidirectional" };
        if let Some(card) = card.filter(|card| network.is_in_no_subnet(*card)) {
            let vpc = &network.vpcs[network.vpc_of(card)].identity;
            return format!("exempt VPC {vpc} from Block Public Access: `{mode}`");
        }
        let endpoint = card.and_then(|card| network.network_interfaces[card].gateway);
        if endpoint.is_some_and(|own| network.gateways[own].network_firewall().is_some()) {
            return "switch Block Public Access off: no exclusion exempts Network Firewall".to_owned();
        }
        let subnet = card.map(|card| network.network_interfaces[card].subnet);
        let name = subnet.map(|subnet| network.subnets[subnet].identity.to_string()).unwrap_or_default();
        format!("exempt subnet {name} or its VPC from Block Public Access: `{mode}`")
    }

    /// What a rule has to say to admit the packet: `tcp 443 from 10.0.0.5/32`.
    fn rule(&self) -> String {
        let checkpoint = &self.blocker.checkpoint;
        let client = (self.blocker.leg == LegKind::Reverse).then(|| self.client_ports().to_string());
        let (service, direction) = (service(&checkpoint.header, client), checkpoint.direction);
        let far = match self.group_of_far_side() {
            Some(group) => group,
            None => self.remote(&checkpoint.header, direction).to_string(),
        };
        format!("{service} {} {far}", direction.preposition())
    }

    /// What a rule of a firewall has to say to match the packet: `tcp 443 from 10.0.0.5/32 to 192.0.2.1/32`.
    fn five_tuple(&self) -> String {
        let header = &self.blocker.checkpoint.header;
        let client = (self.blocker.leg == LegKind::Reverse).then(|| self.client_ports().to_string());
        let service = match header.payload {
            Payload::Icmp(_) => header.protocol.to_string(),
            _ => service(header, client),
        };
        let [from, to] = [Direction::Ingress, Direction::Egress].map(|side| self.remote(header, side));
        format!("{service} from {from} to {to}")
    }

    /// The destination ports of a reply: all that the client may use or, before a NAT gateway turns it back, all that
    /// this may.
    fn client_ports(&self) -> PortRange {
        let destination = self.blocker.checkpoint.header.destination;
        let is_client = destination == self.connection.request.source;
        let translated = if is_client { None } else { nat_gateway::ports_at(self.network, destination) };
        translated.unwrap_or(self.connection.source_ports)
    }

    /// The far side: its address alone, or everybody when the internet at large is meant. Which address VPC Lattice sends
    /// from nobody knows, so that its block is meant.
    fn remote(&self, header: &Header, direction: Direction) -> Cidr {
        let address = header.remote(direction);
        if let Some(block) = lattice_block(address) {
            return block;
        }
        let is_anyone = |end| matches!(end, Endpoint::Internet(at) | Endpoint::Service(at) if at == address);
        let anyone = [self.connection.from, self.connection.to].into_iter().any(is_anyone);
        match Cidr::new(address, 0) {
            Some(everything) if anyone => everything,
            _ => Cidr::host(address),
        }
    }

    fn acl(&mut self, index: Index<NetworkAcl>, position: Option<usize>) -> String {
        let acl = &self.network.network_acls[index];
        let (header, direction) = (self.blocker.checkpoint.header, self.blocker.checkpoint.direction);
        let entries = acl.entries.get(direction);
        let (name, rule) = (&acl.identity, self.rule());
        let denying = position.and_then(|position| Some((position, entries.get(position)?)));
        let Some((position, entry)) = denying else {
            let behind = entries.last().map_or(100, |last| (last.number.get() / 10).saturating_add(1) * 10);
            let number =
                self.free_number(index, entries, (behind..=RuleNumber::MAX).chain((1..behind).rev()));
            let number = number.map(|number| format!("{number} ")).unwrap_or_default();
            return format!("network ACL {name} {direction}: add an entry  {number}allow {rule}");
        };
        // Without the entry the next one that matches decides.
        let next = entries.iter().skip(position + 1).find(|next| next.test.contains(&header));
        let removing_helps = next.is_some_and(|next| next.action == RuleAction::Allow);
        let denied = entry.number;
        let add = self.free_number(index, entries, (1..denied.get()).rev());
        match (removing_helps, add) {
            (true, Some(add)) => format!(
                "network ACL {name} {direction}: remove {denied}, or add before it: {add} allow {rule}"
            ),
            (true, None) => format!("network ACL {name} {direction}: remove {denied}"),
            (false, Some(add)) => {
                format!("network ACL {name} {direction}: add before {denied}: {add} allow {rule}")
            }
            (false, None) => format!(
                "network ACL {name} {direction}: give {denied} a higher number, and add before it: allow {rule}"
            ),
        }
    }

    /// The first of `candidates` that neither an entry nor an earlier remedy has.
    fn free_number(
        &mut self,
        acl: Index<NetworkAcl>,
        entries: &[NetworkAclEntry],
        candidates: impl Iterator<Item = u16>,
    ) -> Option<RuleNumber> {
        let direction = self.blocker.checkpoint.direction;
        let free = |number: &RuleNumber| {
            entries.iter().all(|entry| entry.number != *number)
                && !self.taken.contains(&(acl, direction, *number))
        };
        let number = candidates.filter_map(RuleNumber::new).find(free)?;
        self.taken.push((acl, direction, number));
        Some(number)
    }

    /// Whether the sender's IPv4 address has no public one, so that a route to an internet gateway is not enough.
    fn lacks_public_address(&self) -> bool {
        let checkpoint = &self.blocker.checkpoint;
        let card = checkpoint.interface.map(|card| &self.network.network_interfaces[card]);
        checkpoint.header.family() == Family::V4
            && card.is_some_and(|card| card.public_ip(checkpoint.header.source).is_none())
    }

    /// How the sender's address gets a public one: a NAT gateway that has none is private.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html>
    fn public_address_for(&self, source: IpAddr) -> String {
        let network = self.network;
        let mut owners = network.interfaces_with(source).into_iter();
        let gateway = owners.find_map(|owner| network.network_interfaces[owner].gateway);
        match gateway.map(|gateway| &network.gateways[gateway]) {
            Some(nat) if nat.kind == GatewayKind::NatGateway => {
                format!("NAT gateway {} is private: use a public one (`public_ip`)", nat.identity)
            }
            _ => format!("associate an Elastic IP with {source}"),
        }
    }

    /// The case that the blocker stops.
    fn case(&self) -> Option<&Case> {
        let stops = |case: &&Case| case.blockers().any(|other| other == *self.blocker);
        self.cases.iter().find(stops)
    }
}

/// The traffic of `header`, with `ports` in the place of its destination port.
fn service(header: &Header, ports: Option<String>) -> String {
    let protocol = header.protocol;
    match header.payload {
        Payload::Ports { destination, .. } => {
            format!("{protocol} {}", ports.unwrap_or_else(|| destination.to_string()))
        }
        Payload::Icmp(IcmpType { kind, code }) => format!("{protocol} {kind}/{code}"),
        Payload::Opaque => protocol.to_string(),
    }
}
