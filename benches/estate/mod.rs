//! A made-up network of any size, the same every time, for benches and tests: as an [`Inventory`], as the JSON of
//! `aws ec2 describe-*`, and with streams of connections through it.
//!
//! Nothing in it is copied from a real account. What counts is that costs are as in one: groups of very different
//! sizes that name each other, blocks and prefix lists, network ACLs with denials, route tables with more than two
//! routes, some public addresses and some IPv6.
#![allow(dead_code, reason = "each bench and test uses its own part of it")]

pub(crate) mod json;
mod random;
mod rules;
pub(crate) mod traffic;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use flowcast::Scenario;
use flowcast::diagnostic::{Diagnostics, Located, Sources, render};
use flowcast::flowlog::{AwsServices, LogFormat};
use flowcast::model::inventory::{
    Gateway, Instance, Inventory, NetworkInterface, Reference, SecondaryAddress, Subnet, Vpc,
};
use flowcast::model::{
    BlockMode, ClosedPorts, ConnectionTrackingConfiguration, GatewayKind, Identity, Network, Tags,
    WindowPhase,
};
use flowcast::net::{Cidr, Timestamp};
use random::Random;

/// Numbers of resources.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) vpcs: usize,
    pub(crate) subnets: usize,
    pub(crate) security_groups: usize,
    pub(crate) network_interfaces: usize,
}

impl Size {
    /// A small account.
    pub(crate) const SMALL: Self = Self::of_interfaces(300);
    /// The network of the published numbers: 10 000 interfaces, 2 000 groups, 500 subnets.
    pub(crate) const LARGE: Self = Self::of_interfaces(10_000);

    /// A network in which everything grows with the number of interfaces.
    pub(crate) const fn of_interfaces(network_interfaces: usize) -> Self {
        let subnets = network_interfaces.div_ceil(20);
        Self {
            vpcs: subnets.div_ceil(50),
            subnets,
            security_groups: network_interfaces.div_ceil(5),
            network_interfaces,
        }
    }
}

/// Where a VPC and its parts have their addresses: `10.VPC.0.0/16`, or further up when there are more than 250.
fn vpc_base(vpc: usize) -> u32 {
    let second = narrow(vpc);
    u32::from(Ipv4Addr::new(10, 0, 0, 0)) + (second << 16)
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).expect("an estate has fewer than four thousand million of anything")
}

fn v4(address: u32) -> IpAddr {
    IpAddr::V4(Ipv4Addr::from(address))
}

fn v6(vpc: usize, subnet: usize, host: usize) -> IpAddr {
    let prefix = 0x2600_1f00_u128 << 96;
    IpAddr::V6(Ipv6Addr::from(prefix + ((vpc as u128) << 72) + ((subnet as u128) << 64) + host as u128))
}

fn cidr(address: IpAddr, length: u8) -> Cidr {
    Cidr::new(address, length).expect("the length suits the family")
}

/// `kind-0…` with the number in 17 hexadecimal digits, as AWS's ids look.
fn id(kind: &str, number: usize) -> String {
    format!("{kind}-0{:016x}", (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number as u64)
}

fn identity(kind: &str, number: usize) -> Identity {
    Identity { name: id(kind, number), id: id(kind, number), origin: None }
}

fn named(kind: &str, number: usize) -> Reference {
    Located::nowhere(id(kind, number))
}

/// Subnets of a VPC.
fn subnets_per_vpc(size: Size) -> usize {
    size.subnets.div_ceil(size.vpcs)
}

/// Whether a VPC has IPv6: one in four.
fn has_ipv6(vpc: usize) -> bool {
    vpc % 4 == 1
}

/// Whether a subnet routes to the internet gateway: one in five.
fn is_public(subnet: usize) -> bool {
    subnet.is_multiple_of(5)
}

/// Makes the network of `size`.
pub(crate) fn inventory(size: Size) -> Inventory {
    let mut random = Random::new(1);
    let mut estate = Inventory {
        account: "123456789012".to_owned(),
        region: "eu-central-1".to_owned(),
        vpcs: (0..size.vpcs).map(vpc).collect(),
        prefix_lists: rules::prefix_lists(&mut random),
        gateways: gateways(size),
        ..Inventory::default()
    };
    estate.security_groups =
        (0..size.security_groups).map(|number| rules::security_group(number, size, &mut random)).collect();
    estate.network_acls =
        (0..size.subnets.div_ceil(10)).map(|number| rules::network_acl(number, size, &mut random)).collect();
    estate.route_tables =
        (0..size.subnets.div_ceil(5)).map(|number| rules::route_table(number, size, &mut random)).collect();
    estate.subnets = (0..size.subnets).map(|number| subnet(number, size)).collect();
    for number in 0..size.network_interfaces {
        let has_instance = number % 2 == 0;
        if has_instance {
            estate.instances.push(instance(number, &mut random));
        }
        estate.network_interfaces.push(interface(number, size, has_instance, &mut random));
    }
    estate
}

/// The network of `size`, resolved.
pub(crate) fn network(size: Size) -> Network {
    resolve(&inventory(size))
}

/// Resolves an estate.
pub(crate) fn resolve(estate: &Inventory) -> Network {
    let mut problems = Diagnostics::default();
    let network = Network::resolve(estate, &mut problems);
    network.unwrap_or_else(|| panic!("{}", render(&problems, &Sources::default())))
}

/// A scenario without connections, for `run_connections`; every VPC has a flow log of everything.
pub(crate) fn scenario(network: Network) -> Scenario {
    let formats = network.flow_logs.iter().map(|_| LogFormat::default()).collect();
    Scenario {
        title: None,
        proves: Vec::new(),
        start: Timestamp::DEFAULT_START,
        duration: None,
        network,
        changes: Vec::new(),
        numberings: Vec::new(),
        connections: Vec::new(),
        expectations: Vec::new(),
        traffic: Vec::new(),
        window_phase: WindowPhase::Aligned,
        expected_records: Vec::new(),
        formats,
        usage: flowcast::model::Usage::default(),
        services: AwsServices::default(),
        warnings: Diagnostics::default(),
        sources: Sources::default(),
    }
}

fn vpc(number: usize) -> Vpc {
    let mut cidr_blocks = vec![Located::nowhere(cidr(v4(vpc_base(number)), 16))];
    if has_ipv6(number) {
        cidr_blocks.push(Located::nowhere(cidr(v6(number, 0, 0), 56)));
    }
    Vpc {
        identity: identity("vpc", number),
        account: None,
        region: None,
        cidr_blocks,
        not_collected: Vec::new(),
        block_public_access: Some(BlockMode::Off),
        block_public_access_exclusion: None,
        encryption_controls: None,
    }
}

fn subnet(number: usize, size: Size) -> Subnet {
    let (vpc, within) = (number / subnets_per_vpc(size), number % subnets_per_vpc(size));
    let mut cidr_blocks = vec![Located::nowhere(cidr(v4(vpc_base(vpc) + (narrow(within) << 8)), 24))];
    if has_ipv6(vpc) {
        cidr_blocks.push(Located::nowhere(cidr(v6(vpc, within, 0), 64)));
    }
    Subnet {
        identity: identity("subnet", number),
        vpc: Some(named("vpc", vpc)),
        cidr_blocks,
        availability_zone_id: format!("euc1-az{}", 1 + number % 3),
        network_acl: Some(named("acl", number / 10)),
        route_table: Some(named("rtb", number / 5)),
        block_public_access: None,
        block_public_access_exclusion: None,
    }
}

/// An internet gateway and a NAT gateway for each VPC, and one transit gateway.
fn gateways(size: Size) -> Vec<Gateway> {
    let of_vpc =
        |kind, prefix, number| Gateway::new(identity(prefix, number), kind, Some(named("vpc", number)));
    let internet = (0..size.vpcs).map(|vpc| of_vpc(GatewayKind::InternetGateway, "igw", vpc));
    let nat = (0..size.vpcs).map(|vpc| of_vpc(GatewayKind::NatGateway, "nat", vpc));
    let transit = Gateway::new(identity("tgw", 0), GatewayKind::TransitGateway, None);
    internet.chain(nat).chain([transit]).collect()
}

fn instance(number: usize, random: &mut Random) -> Instance {
    const TYPES: &[&str] = &["t3.micro", "m5.large", "c6g.xlarge", "r5.2xlarge", "t2.micro"];
    Instance {
        identity: identity("i", number),
        instance_type: Some((*random.of(TYPES)).to_owned()),
        nitro: None,
        running: Some(true),
        listens: None,
        closed_ports: ClosedPorts::default(),
        tags: Tags::new(),
        auto_scaling_group_tags: Tags::new(),
    }
}

fn interface(number: usize, size: Size, has_instance: bool, random: &mut Random) -> NetworkInterface {
    let subnet = number % size.subnets;
    let vpc = subnet / subnets_per_vpc(size);
    let within = subnet % subnets_per_vpc(size);
    let host = 10 + number / size.subnets;
    let address = |host: usize| v4(vpc_base(vpc) + (narrow(within) << 8) + narrow(host));
    let public = |kind: u32| v4(u32::from(Ipv4Addr::new(52, 0, 0, 0)) + (kind << 22) + narrow(number) + 1);
    let groups = rules::groups_of_vpc(vpc, size);
    let mut security_groups: Vec<usize> =
        (0..=random.below(3)).map(|_| groups.start + random.below(groups.len())).collect();
    security_groups.sort_unstable();
    security_groups.dedup();
    let is_public = is_public(within);
    let secondary = random.below(10) == 0;
    NetworkInterface {
        identity: identity("eni", number),
        account: None,
        interface_type: None,
        subnet: named("subnet", subnet),
        instance: has_instance.then(|| named("i", number)),
        security_groups: Some(security_groups.into_iter().map(|group| named("sg", group)).collect()),
        private_ip: Some(Located::nowhere(address(host))),
        public_ip: is_public.then(|| Located::nowhere(public(0))),
        secondary_private_ips: secondary
            .then(|| SecondaryAddress { private_ip: Located::nowhere(address(130 + host)), public_ip: None })
            .into_iter()
            .collect(),
        ipv6_addresses: has_ipv6(vpc).then(|| Located::nowhere(v6(vpc, within, host))).into_iter().collect(),
        prefixes: Vec::new(),
        source_dest_check: Some(random.below(50) > 0),
        forwards: None,
        deny_all_igw_traffic: false,
        connection_tracking: ConnectionTrackingConfiguration::default(),
        attached: true,
        tags: Tags::new(),
    }
}
