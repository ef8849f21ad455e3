//! What would have to change for a blocker to let the packet pass.

use std::net::IpAddr;

use super::{Blocker, DecidedBy, Place};
use crate::model::{Network, NetworkAcl, NetworkAclEntry, RuleAction, RuleNumber};
use crate::net::{Cidr, Direction, Header, IcmpType, Payload, PortRange};

/// The change that mends `blocker`, in words. `client_ports` are the ports that the client may use.
pub fn remedy(network: &Network, blocker: &Blocker, client_ports: PortRange) -> String {
    let checkpoint = &blocker.checkpoint;
    let (header, direction) = (&checkpoint.header, checkpoint.direction);
    let rule = || format!("{} {} {}", service(header, blocker, client_ports), direction.preposition(), remote(header, direction));
    match (checkpoint.decided_by, checkpoint.place) {
        (DecidedBy::NoSecurityGroupRule, Place::NetworkInterface(card)) => {
            let groups = &network.network_interfaces[card].security_groups;
            match groups.first() {
                Some(group) => format!("{} {direction}: add a rule  allow {}", network.security_groups[*group].identity, rule()),
                None => format!("{}: attach a security group that allows {}", network.interface_label(card), rule()),
            }
        }
        (DecidedBy::NetworkAclEntry(position), Place::NetworkAcl(acl)) => {
            acl_remedy(&network.network_acls[acl], direction, position, &rule())
        }
        (DecidedBy::NoRoute, Place::RouteTable(table)) => {
            format!("{}: add a route to {}", network.route_tables[table].identity, header.destination)
        }
        (DecidedBy::Route(position) | DecidedBy::ArbitraryRoute(position), Place::RouteTable(table)) => {
            let table = &network.route_tables[table];
            let route = table.routes.get(position).map(ToString::to_string).unwrap_or_default();
            format!("{}: mend the target of  {route}", table.identity)
        }
        (DecidedBy::NoPublicAddress, _) => format!("associate an Elastic IP with {}", header.source),
        (DecidedBy::NoSuchPublicAddress, _) => {
            format!("associate an Elastic IP with an interface, and connect to it instead of {}", header.destination)
        }
        (DecidedBy::NoInternetGateway, _) => "attach an internet gateway to the VPC".to_owned(),
        (DecidedBy::ForeignAddress, Place::NetworkInterface(card)) => {
            format!("{}: send from its own address, or switch the source/destination check off", network.interface_label(card))
        }
        (DecidedBy::NobodyHasAddress, _) => format!("use an address that an interface has, instead of {}", header.destination),
        (DecidedBy::Host(_), Place::NetworkInterface(card)) => {
            format!("{}: start a program on {}, or let its own firewall pass it", network.interface_label(card), service(&header.reversed(), blocker, client_ports))
        }
        (DecidedBy::NotInitiatedInside, _) => "open the connection from inside, or use an internet gateway".to_owned(),
        (DecidedBy::PrivateAddress, _) => "use public addresses on both ends, or a VPN".to_owned(),
        _ => "no change of a rule helps".to_owned(),
    }
}

fn acl_remedy(acl: &NetworkAcl, direction: Direction, position: Option<usize>, rule: &str) -> String {
    let entries = acl.entries.get(direction);
    let name = &acl.identity;
    let denying = position.and_then(|position| entries.get(position)).filter(|entry| entry.action == RuleAction::Deny);
    match denying {
        None => match number_after(entries) {
            Some(number) => format!("{name} {direction}: add an entry  {number} allow {rule}"),
            None => format!("{name} {direction}: add an entry  allow {rule}"),
        },
        Some(entry) => match number_before(entries, entry.number) {
            Some(number) => format!("{name} {direction}: remove {}, or add before it  {number} allow {rule}", entry.number),
            None => format!("{name} {direction}: remove {}", entry.number),
        },
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

/// The far side alone.
fn remote(header: &Header, direction: Direction) -> Cidr {
    let address: IpAddr = header.remote(direction);
    Cidr::host(address)
}

/// The traffic of `header`; a port that is the client's stands for all that it may use.
fn service(header: &Header, blocker: &Blocker, client_ports: PortRange) -> String {
    let protocol = header.protocol;
    match header.payload {
        Payload::Ports { destination, .. } => match blocker.leg {
            crate::model::LegKind::Reverse if !matches!(blocker.checkpoint.decided_by, DecidedBy::Host(_)) => {
                format!("{protocol} {client_ports}")
            }
            _ => format!("{protocol} {destination}"),
        },
        Payload::Icmp(IcmpType { kind, code }) => format!("{protocol} {kind}/{code}"),
        Payload::Opaque => protocol.to_string(),
    }
}
