//! NAT gateway: many private addresses behind the few of its own interface.
//!
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html>
//! Rewrites: the source to a private address of its interface and a port of 1024-65535; the internet gateway makes the
//! Elastic IP of it. The destination stays. Remembers every flow that it translates, turns the answers back, and makes
//! security groups track what passes it. Has no security group; the network ACL of its subnet judges both faces.
//! NAT64: IPv6 to `64:ff9b::/96` becomes IPv4 to the address that stands behind the prefix, from its own address as well;
//! its subnet needs no IPv6. Assumed: nat64-inner-face. AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html>
//! Refuses: other protocols than TCP, UDP and ICMP; what nobody inside asked for, which its flow log shows as ACCEPT;
//! every packet while it is not `available`; what belongs to a TCP connection that was idle for 350 seconds, with RST.
//! Not modelled: ICMPv6, other IPv6, and IPv6 at a regional one, of which AWS does not speak; how many connections an
//! address can carry.

use std::net::IpAddr;

use super::{Behaviour, Context, Entering, Face, Forward, Onward, Step, unavailable};
use crate::model::{
    GatewayForm, GatewayKind, Index, NatGateway, Network, NetworkInterface, PrivateAddress, Subnet,
};
use crate::net::{Family, Header, PortRange, Protocol, embedded_ipv4};
use crate::walk::{DecidedBy, Place, Stage, ports};

pub(super) const BEHAVIOUR: Behaviour = Behaviour {
    kind: GatewayKind::NatGateway,
    stage: Stage::NatGateway,
    is_public: false,
    tracks_automatically: true,
    traffic_path: (Some(1), Some(1)),
    traffic_path_assumption: Some("gateway-traffic-path"),
    face,
    step,
};

/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html>, ports of translated connections.
const FIRST_PORT: u16 = 1024;

/// The ports from which the NAT gateway chooses that has `address`, inside or outside, if one has it.
pub(in crate::walk) fn ports_at(network: &Network, address: IpAddr) -> Option<PortRange> {
    let outside = network.behind_public_ip(address).map(|(card, _)| card);
    let mut cards = network.interfaces_with(address).into_iter().chain(outside);
    let is_own = |card: Index<NetworkInterface>| {
        let gateway = network.network_interfaces[card].gateway;
        gateway.is_some_and(|own| matches!(network.gateways[own].form, GatewayForm::NatGateway(_)))
    };
    cards.any(is_own).then(all_ports)
}

fn all_ports() -> PortRange {
    PortRange::new(FIRST_PORT, u16::MAX).unwrap_or(PortRange::ALL)
}

fn nat_gateway<'a>(context: &Context<'a>) -> Option<&'a NatGateway> {
    match &context.network.gateways[context.gateway].form {
        GatewayForm::NatGateway(own) => Some(own),
        _ => None,
    }
}

fn face(context: &Context<'_>) -> Option<Face> {
    let &NatGateway { network_interface: interface, is_regional, .. } = nat_gateway(context)?;
    let crosses_border = match context.entering {
        Entering::FromSubnet(subnet) => context.network.network_interfaces[interface].subnet != subnet,
        Entering::ToInterface { crosses_border, .. } => crosses_border,
        Entering::FromInternet(_)
        | Entering::FromService(_)
        | Entering::FromCustomerNetwork(_)
        | Entering::FromAttachment(_) => true,
    };
    Some(Face { interface, crosses_border: crosses_border && !is_regional })
}

fn step(context: &Context<'_>) -> Step {
    let Context { network, gateway, entering, header, memory, .. } = context;
    let Some(own) = nat_gateway(context) else { return Step::Unknown(DecidedBy::NotModelled) };
    let interface = own.network_interface;
    if let Some(step) = unavailable(network.gateways[*gateway].availability) {
        return step;
    }
    let is_carried = match header.protocol {
        Protocol::TCP | Protocol::UDP | Protocol::ICMP => true,
        Protocol::ICMPV6 => header.family() == Family::V6,
        _ => false,
    };
    if !is_carried {
        return Step::Drop(DecidedBy::ProtocolNotCarried);
    }
    match entering {
        Entering::FromSubnet(subnet) if network.network_interfaces[interface].subnet == *subnet => {
            Step::Drop(DecidedBy::OwnSubnet)
        }
        Entering::FromSubnet(subnet) => match as_ipv4(header) {
            Some(destination) if header.family() == Family::V4 || !own.is_regional => {
                translate(context, own, *subnet, destination)
            }
            _ => Step::Unknown(DecidedBy::TranslationUndocumented),
        },
        // It has no other side.
        Entering::FromInternet(_)
        | Entering::FromService(_)
        | Entering::FromCustomerNetwork(_)
        | Entering::FromAttachment(_) => Step::Drop(DecidedBy::NotInitiatedInside),
        Entering::ToInterface { .. } => match memory.translated_back(Place::Gateway(*gateway), header) {
            Some(inner) => {
                let decided_by = DecidedBy::Translated { from: header.destination, to: inner.destination };
                Step::Forward(Forward {
                    header: inner,
                    onward: Onward::Interface(interface),
                    remembers: None,
                    translates: None,
                    decided_by,
                })
            }
            None => Step::Drop(DecidedBy::NotInitiatedInside),
        },
    }
}

/// The IPv4 address that a packet is for, as far as AWS says what becomes of it.
fn as_ipv4(header: &Header) -> Option<IpAddr> {
    match header.family() {
        Family::V4 => Some(header.destination),
        Family::V6 if header.protocol.has_ports() => embedded_ipv4(header.destination).map(IpAddr::V4),
        Family::V6 => None,
    }
}

/// One option for each of the interface's addresses that are used and each range of ports that the rules for answers tell
/// apart. A regional gateway uses those of the zone from which the packet comes; for a zone without any AWS gives it one
/// in time, unless its owner does that.
fn translate(
    context: &Context<'_>,
    gateway: &NatGateway,
    subnet: Index<Subnet>,
    destination: IpAddr,
) -> Step {
    let Context { network, header, memory, .. } = context;
    let range = all_ports();
    let interface = gateway.network_interface;
    if let Some(known) = memory.translated(Place::Gateway(context.gateway), header) {
        if known.is_forgotten {
            return Step::Drop(DecidedBy::TranslationForgotten);
        }
        return Step::Forward(Forward {
            header: known.after,
            onward: Onward::Interface(interface),
            remembers: None,
            translates: Some(known.ports),
            decided_by: DecidedBy::Translated { from: header.source, to: known.after.source },
        });
    }
    let card = &network.network_interfaces[interface];
    let zone = &network.subnets[subnet].availability_zone_id;
    let is_of_zone = |own: IpAddr| {
        let mut zones = gateway.zones.iter().filter(|(address, _)| *address == own);
        zones.all(|(_, of)| of == zone || zone.is_empty())
    };
    let is_used = |own: &&PrivateAddress| {
        !gateway.unused_private_ips.contains(&own.private_ip) && is_of_zone(own.private_ip)
    };
    let mut options = Vec::new();
    for own in card.private_ip_addresses.iter().filter(is_used) {
        let from_own = Header { source: own.private_ip, destination, ..*header };
        let pieces = match header.source_port() {
            Some(_) => ports::told_apart_by_acls(network, &from_own, range),
            None => vec![range],
        };
        options.extend(pieces.iter().map(|piece| Forward {
            header: from_own.with_source_port(piece.from()),
            onward: Onward::Interface(interface),
            remembers: None,
            translates: Some(*piece),
            decided_by: DecidedBy::Translated { from: header.source, to: own.private_ip },
        }));
    }
    if options.is_empty() { Step::Unknown(DecidedBy::NoAddressToUse) } else { Step::Choose(options) }
}
