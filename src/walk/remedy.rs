//! What would have to change for a blocker to let the packet pass.

use super::{Blocker, DecidedBy, Place};
use crate::model::{
    Connection, Endpoint, Index, LegKind, Network, NetworkAcl, NetworkAclEntry, RouteTable, RuleAction,
    RuleNumber,
};
use crate::net::{Cidr, Direction, Family, Header, IcmpType, Payload, is_private};

/// The change that mends `blocker` of `connection`, in words.
pub fn remedy(network: &Network, connection: &Connection, blocker: &Blocker) -> String {
    Remedy { network, connection, blocker }.text()
}

struct Remedy<'a> {
    network: &'a Network,
    connection: &'a Connection,
    blocker: &'a Blocker,
}

impl Remedy<'_> {
    fn text(&self) -> String {
        let network = self.network;
        let checkpoint = &self.blocker.checkpoint;
        let (header, direction) = (&checkpoint.header, checkpoint.direction);
        match (checkpoint.decided_by, checkpoint.place) {
            (DecidedBy::NoSecurityGroupRule, Place::NetworkInterface(card)) => {
                let groups = &network.network_interfaces[card].security_groups;
                match groups.first().map(|group| &network.security_groups[*group].identity) {
                    Some(group) => {
                        format!("security group {group} {direction}: add a rule  allow {}", self.rule())
                    }
                    None => format!(
                        "{}: attach a security group that allows {}",
                        network.interface_label(card),
                        self.rule()
                    ),
                }
            }
            (DecidedBy::NetworkAclEntry(position), Place::NetworkAcl(acl)) => {
                self.acl(&network.network_acls[acl], position)
            }
            (DecidedBy::NoRoute, Place::RouteTable(table)) => self.missing_route(table),
            (DecidedBy::Route(position) | DecidedBy::ArbitraryRoute(position), Place::RouteTable(table)) => {
                let table = &network.route_tables[table];
                let route = table.routes.get(position).map(ToString::to_string).unwrap_or_default();
                match table.routes.get(position).map(|route| route.target_label.as_str()) {
                    Some("blackhole") => format!("route table {}: remove the route  {route}", table.identity),
                    _ => format!("route table {}: mend the target of  {route}", table.identity),
                }
            }
            (DecidedBy::NoPublicAddress, _) => format!("associate an Elastic IP with {}", header.source),
            (DecidedBy::NoSuchPublicAddress, _) => {
                format!("associate an Elastic IP with {}, and connect to that", header.destination)
            }
            (DecidedBy::NoInternetGateway, _) => "attach an internet gateway to the VPC".to_owned(),
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
            (DecidedBy::NotInitiatedInside, _) => {
                "open the connection from inside, or use an internet gateway".to_owned()
            }
            (DecidedBy::WrongFamily, _) => "use IPv6, or another kind of gateway".to_owned(),
            (DecidedBy::PrivateAddress, _) => {
                "use public addresses on both ends, or a private path".to_owned()
            }
            (DecidedBy::NoMulticast, _) => "use unicast".to_owned(),
            _ => "no change of a rule helps".to_owned(),
        }
    }

    /// What a rule has to say to admit the packet: `tcp 443 from 10.0.0.5/32`.
    fn rule(&self) -> String {
        let checkpoint = &self.blocker.checkpoint;
        // The destination port of a reply is the client's: the rule must admit all that it may use.
        let client = (self.blocker.leg == LegKind::Reverse).then(|| self.connection.source_ports.to_string());
        let (service, direction) = (service(&checkpoint.header, client), checkpoint.direction);
        format!("{service} {} {}", direction.preposition(), self.remote(&checkpoint.header, direction))
    }

    /// The far side: its address alone, or everybody when the internet at large is meant.
    fn remote(&self, header: &Header, direction: Direction) -> Cidr {
        let address = header.remote(direction);
        let anyone = [self.connection.from, self.connection.to].contains(&Endpoint::Internet(address));
        match Cidr::new(address, 0) {
            Some(everything) if anyone => everything,
            _ => Cidr::host(address),
        }
    }

    fn acl(&self, acl: &NetworkAcl, position: Option<usize>) -> String {
        let direction = self.blocker.checkpoint.direction;
        let entries = acl.entries.get(direction);
        let (name, rule) = (&acl.identity, self.rule());
        let denying = position.and_then(|position| Some((position, entries.get(position)?)));
        let Some((position, entry)) = denying else {
            let number = number_after(entries).map(|number| format!("{number} ")).unwrap_or_default();
            return format!("network ACL {name} {direction}: add an entry  {number}allow {rule}");
        };
        // Without the entry the next one that matches decides.
        let header = &self.blocker.checkpoint.header;
        let next = entries.iter().skip(position + 1).find(|next| next.test.contains(header));
        let removing_helps = next.is_some_and(|next| next.action == RuleAction::Allow);
        let add = number_before(entries, entry.number).map(|number| format!("{number} allow {rule}"));
        match (removing_helps, add) {
            (true, Some(add)) => {
                format!("network ACL {name} {direction}: remove {}, or add before it  {add}", entry.number)
            }
            (true, None) => format!("network ACL {name} {direction}: remove {}", entry.number),
            (false, Some(add)) => {
                format!("network ACL {name} {direction}: add before {}  {add}", entry.number)
            }
            (false, None) => {
                format!(
                    "network ACL {name} {direction}: replace {} by  {} allow {rule}",
                    entry.number, entry.number
                )
            }
        }
    }

    /// Whether the sender's IPv4 address has no public one, so that a route to an internet gateway is not enough.
    fn lacks_public_address(&self) -> bool {
        let checkpoint = &self.blocker.checkpoint;
        let card = checkpoint.interface.map(|card| &self.network.network_interfaces[card]);
        checkpoint.header.family() == Family::V4
            && card.is_some_and(|card| card.public_ip(checkpoint.header.source).is_none())
    }

    fn missing_route(&self, table: Index<RouteTable>) -> String {
        let table = &self.network.route_tables[table];
        let destination = self.blocker.checkpoint.header.destination;
        let gateway = self.network.vpcs[table.vpc].internet_gateway;
        match (gateway, Cidr::new(destination, 0)) {
            (Some(gateway), Some(everything)) if !is_private(destination) => {
                let gateway = &self.network.gateways[gateway].identity;
                let route = format!("route table {}: add a route  {everything} -> {gateway}", table.identity);
                if self.lacks_public_address() {
                    let source = self.blocker.checkpoint.header.source;
                    format!("{route}, and associate an Elastic IP with {source}")
                } else {
                    route
                }
            }
            _ => format!("route table {}: add a route to {destination}", table.identity),
        }
    }
}

/// A free number behind all entries, in AWS's steps of ten.
fn number_after(entries: &[NetworkAclEntry]) -> Option<RuleNumber> {
    let last = entries.last().map_or(90, |entry| entry.number.get());
    RuleNumber::new(last.checked_add(10)? / 10 * 10).or_else(|| RuleNumber::new(last.checked_add(1)?))
}

/// The highest free number before `number`.
fn number_before(entries: &[NetworkAclEntry], number: RuleNumber) -> Option<RuleNumber> {
    let taken = |candidate: u16| entries.iter().any(|entry| entry.number.get() == candidate);
    (1..number.get()).rev().find(|candidate| !taken(*candidate)).and_then(RuleNumber::new)
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
