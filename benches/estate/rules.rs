//! Security groups, prefix lists, network ACLs and route tables of the estate.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use flowcast::model::inventory::{
    Destination, NetworkAcl, NetworkAclEntry, Peer, PrefixList, Route, RouteTable, SecurityGroup,
    SecurityGroupRule,
};
use flowcast::model::{RouteOrigin, RuleAction, RuleNumber};
use flowcast::net::{Cidr, IcmpMatch, PerDirection, PortRange, Protocol, Service};

use super::random::Random;
use super::{Size, cidr, has_ipv6, identity, is_public, named, narrow, subnets_per_vpc, v4, vpc_base};
use flowcast::diagnostic::Located;

/// Number of prefix lists.
const PREFIX_LISTS: usize = 20;

/// Ports that programs listen on.
pub(crate) const PORTS: &[u16] = &[
    22, 25, 53, 80, 88, 123, 135, 389, 443, 445, 636, 1433, 1521, 2049, 2379, 3000, 3306, 3389, 4317, 5000,
    5432, 5601, 5671, 5985, 6379, 6443, 7000, 8000, 8080, 8125, 8443, 8500, 9000, 9042, 9090, 9092, 9200,
    9300, 10250, 11211, 15672, 27017, 50051, 61616,
];

fn everything() -> Cidr {
    cidr(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0)
}

fn everything_ipv6() -> Cidr {
    cidr(IpAddr::V6(Ipv6Addr::UNSPECIFIED), 0)
}

fn tcp(from: u16, to: u16) -> Service {
    Service::ports(Protocol::TCP, PortRange::new(from, to).expect("from is not above to"))
}

fn udp(port: u16) -> Service {
    Service::ports(Protocol::UDP, PortRange::single(port))
}

/// The groups of a VPC.
pub(crate) fn groups_of_vpc(vpc: usize, size: Size) -> Range<usize> {
    let per_vpc = size.security_groups.div_ceil(size.vpcs);
    (vpc * per_vpc).min(size.security_groups - 1)..((vpc + 1) * per_vpc).min(size.security_groups)
}

pub(crate) fn prefix_lists(random: &mut Random) -> Vec<PrefixList> {
    let entry = |random: &mut Random| {
        let length = u8::try_from(random.within(20..29)).expect("a prefix length");
        Located::nowhere(cidr(v4(narrow(random.within(0x0b00_0000..0xdf00_0000))), length))
    };
    let list = |number: usize, random: &mut Random| PrefixList {
        identity: identity("pl", number),
        entries: Some((0..random.within(10..60)).map(|_| entry(random)).collect()),
    };
    (0..PREFIX_LISTS).map(|number| list(number, random)).collect()
}

/// Some twenty rules; one group in ten has some sixty, one in a hundred two hundred.
pub(crate) fn security_group(number: usize, size: Size, random: &mut Random) -> SecurityGroup {
    let per_vpc = size.security_groups.div_ceil(size.vpcs);
    let vpc = number / per_vpc;
    let count = match random.below(100) {
        0 => random.within(150..250),
        1..10 => random.within(40..80),
        _ => random.within(5..22),
    };
    let ingress: Vec<_> = (0..count).map(|_| rule(vpc, size, random)).collect();
    let egress = match random.below(10) {
        0..7 => open_egress(vpc),
        _ => (0..random.within(2..8)).map(|_| rule(vpc, size, random)).collect(),
    };
    SecurityGroup {
        identity: identity("sg", number),
        vpc: Some(named("vpc", vpc)),
        associated_vpcs: Vec::new(),
        rules: PerDirection { ingress: Some(ingress), egress: Some(egress) },
    }
}

fn open_egress(vpc: usize) -> Vec<SecurityGroupRule> {
    let rule =
        |block| SecurityGroupRule { id: None, service: Service::ALL, peer: Peer::Cidr(block), origin: None };
    let blocks = [Some(everything()), has_ipv6(vpc).then(everything_ipv6)];
    blocks.into_iter().flatten().map(rule).collect()
}

fn service(random: &mut Random) -> Service {
    match random.below(20) {
        0 => Service::ALL,
        1 => Service { icmp: IcmpMatch { kind: Some(8), code: None }, ..Service::protocol(Protocol::ICMP) },
        2 => tcp(30000, 32767),
        3 => tcp(0, 65535),
        4..7 => udp(*random.of(PORTS)),
        _ => {
            let port = *random.of(PORTS);
            tcp(port, port)
        }
    }
}

fn rule(vpc: usize, size: Size, random: &mut Random) -> SecurityGroupRule {
    let subnet = vpc_base(vpc) + (narrow(random.below(subnets_per_vpc(size))) << 8);
    let peer = match random.below(20) {
        0 => Peer::Cidr(everything()),
        1 => Peer::Cidr(cidr(v4(vpc_base(0)), 8)),
        2..4 => Peer::Cidr(cidr(v4(vpc_base(vpc)), 16)),
        4..8 => Peer::Cidr(cidr(v4(subnet), 24)),
        8..12 => Peer::Cidr(cidr(v4(subnet + 10 + narrow(random.below(20))), 32)),
        12..14 => Peer::PrefixList(named("pl", random.below(PREFIX_LISTS))),
        _ => {
            let groups = groups_of_vpc(vpc, size);
            Peer::Group(named("sg", random.within(groups)))
        }
    };
    SecurityGroupRule { id: None, service: service(random), peer, origin: None }
}

/// Ten to twenty entries each way: denials first, then services, answers, and the private network.
pub(crate) fn network_acl(number: usize, size: Size, random: &mut Random) -> NetworkAcl {
    let vpc = number * 10 / subnets_per_vpc(size);
    let entries = |random: &mut Random| {
        let mut all = Vec::new();
        for _ in 0..random.within(1..5) {
            let block = cidr(v4(narrow(random.within(0x0b00_0000..0xdf00_0000))), 16);
            all.push((RuleAction::Deny, Service::ALL, block));
        }
        for _ in 0..random.within(3..9) {
            let port = *random.of(PORTS);
            all.push((RuleAction::Allow, tcp(port, port), everything()));
        }
        all.push((RuleAction::Allow, tcp(443, 443), everything()));
        all.push((RuleAction::Allow, tcp(1024, 65535), everything()));
        all.push((RuleAction::Allow, udp(53), everything()));
        if random.below(5) > 0 {
            all.push((RuleAction::Allow, Service::ALL, cidr(v4(vpc_base(0)), 8)));
        }
        if has_ipv6(vpc) {
            all.push((RuleAction::Allow, Service::ALL, everything_ipv6()));
        }
        let numbered =
            all.into_iter().zip(1_u16..).map(|((action, service, cidr_block), place)| NetworkAclEntry {
                number: RuleNumber::new(place * 100).expect("an estate has fewer than 300 entries"),
                action,
                service,
                cidr_block,
                origin: None,
            });
        Some(numbered.collect())
    };
    NetworkAcl {
        identity: identity("acl", number),
        vpc: Some(named("vpc", vpc)),
        entries: PerDirection { ingress: entries(random), egress: entries(random) },
    }
}

/// Ten to fifty routes: to the internet or the NAT gateway, and to other networks through the transit gateway.
pub(crate) fn route_table(number: usize, size: Size, random: &mut Random) -> RouteTable {
    let first_subnet = number * 5;
    let vpc = first_subnet / subnets_per_vpc(size);
    let route = |block, target| Route {
        destination: Destination::Cidr(block),
        target,
        blackhole: false,
        route_origin: RouteOrigin::CreateRoute,
        origin: None,
    };
    let way_out = if is_public(first_subnet % subnets_per_vpc(size)) { "igw" } else { "nat" };
    let mut routes = vec![route(everything(), named(way_out, vpc))];
    if has_ipv6(vpc) {
        routes.push(route(everything_ipv6(), named("igw", vpc)));
    }
    let count = random.within(8..48);
    for place in 0..count {
        let block = match place {
            0 => cidr(v4(vpc_base(0)), 8),
            _ => cidr(v4(0xac10_0000 + (narrow(number % 16) << 16) + (narrow(place) << 10)), 22),
        };
        routes.push(route(block, named("tgw", 0)));
    }
    RouteTable { identity: identity("rtb", number), vpc: Some(named("vpc", vpc)), main: false, routes }
}
