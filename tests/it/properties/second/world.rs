//! Random networks with gateways, as values: three VPCs, each with three subnets, and everything that may join them to
//! each other, to the internet, to offices on premises and to Amazon S3.
//!
//! Addresses follow from positions, so that they need not be stored: subnet 4 is the second of the VPC 10.1.0.0/16 and has
//! the block 10.1.1.0/24.

use std::net::Ipv4Addr;

pub(super) const VPCS: usize = 3;
pub(super) const SUBNETS: usize = 9;

/// An address of the internet that nobody here has.
pub(super) const OUTSIDE: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 9);
/// An address of Amazon S3, and the list of its addresses.
pub(super) const BUCKET: Ipv4Addr = Ipv4Addr::new(52, 216, 0, 9);
pub(super) const S3: &str = "52.216.0.0/15";

/// Traffic that a rule or an entry names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Service {
    All,
    Tcp(u16, u16),
    Udp(u16, u16),
    Icmp,
}

#[derive(Debug, Clone)]
pub(super) enum Remote {
    Block(&'static str),
    Group(usize),
}

#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) service: Service,
    pub(super) remote: Remote,
}

/// A security group; it is of the VPC with its position modulo their number.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) ingress: Vec<Rule>,
    pub(super) egress: Vec<Rule>,
}

#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) number: u16,
    pub(super) allow: bool,
    pub(super) service: Service,
    pub(super) block: &'static str,
}

/// Ingress and egress entries.
#[derive(Debug, Clone)]
pub(super) struct Acl {
    pub(super) ingress: Vec<Entry>,
    pub(super) egress: Vec<Entry>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Target {
    Internet,
    Nat(usize),
    Peering,
    Transit,
    Vpn,
    Blackhole,
}

#[derive(Debug, Clone)]
pub(super) struct Route {
    pub(super) block: String,
    pub(super) target: Target,
    pub(super) propagated: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Subnet {
    pub(super) zone: usize,
    pub(super) acl: Option<Acl>,
    pub(super) routes: Vec<Route>,
    /// Whether its table has the route to the gateway endpoint.
    pub(super) reaches_s3: bool,
    pub(super) exclusion: Option<&'static str>,
}

#[derive(Debug, Clone)]
pub(super) struct Instance {
    pub(super) subnet: usize,
    pub(super) group: usize,
    pub(super) is_public: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Nat {
    pub(super) subnet: usize,
    pub(super) is_public: bool,
    /// Whether it has a second address.
    pub(super) has_two: bool,
}

/// An attachment of the transit gateway: of a VPC, or of offices where it has no VPC.
#[derive(Debug, Clone)]
pub(super) struct Attachment {
    pub(super) vpc: Option<usize>,
    pub(super) subnets: Vec<usize>,
    pub(super) table: Option<usize>,
    pub(super) refers: bool,
    /// Whether both directions of a flow use one zone of it.
    pub(super) is_for_appliances: bool,
}

#[derive(Debug, Clone, Default)]
pub(super) struct TransitTable {
    pub(super) propagations: Vec<usize>,
    pub(super) routes: Vec<(&'static str, Option<usize>)>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum End {
    Instance(usize),
    Public(usize),
    Outside,
    Bucket,
    Office(usize),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Tcp(u16),
    Udp(u16),
    Ping,
    Gre,
}

#[derive(Debug, Clone)]
pub(super) struct Connection {
    pub(super) from: End,
    pub(super) to: End,
    pub(super) kind: Kind,
    pub(super) source_port: u16,
}

#[derive(Debug, Clone)]
pub(super) struct World {
    /// By VPC: whether it has an internet gateway.
    pub(super) internet: [bool; VPCS],
    pub(super) subnets: Vec<Subnet>,
    pub(super) groups: Vec<Group>,
    pub(super) instances: Vec<Instance>,
    pub(super) nats: Vec<Nat>,
    /// Between the first two VPCs.
    pub(super) peering_is_active: bool,
    /// The VPC with the virtual private gateway.
    pub(super) vpn: usize,
    /// The VPC with the gateway endpoint.
    pub(super) s3: usize,
    pub(super) refers: bool,
    pub(super) attachments: Vec<Attachment>,
    pub(super) tables: Vec<TransitTable>,
    /// What Block Public Access keeps.
    pub(super) blocks: &'static str,
    pub(super) connections: Vec<Connection>,
}

pub(super) fn vpc_of(subnet: usize) -> usize {
    subnet / 3
}

pub(super) fn vpc_block(vpc: usize) -> String {
    format!("10.{vpc}.0.0/16")
}

pub(super) fn subnet_block(subnet: usize) -> String {
    format!("10.{}.{}.0/24", vpc_of(subnet), subnet % 3)
}

/// The address of something in a subnet.
pub(super) fn address(subnet: usize, host: usize) -> Ipv4Addr {
    let octet = |number: usize| u8::try_from(number).unwrap();
    Ipv4Addr::new(10, octet(vpc_of(subnet)), octet(subnet % 3), octet(host))
}

/// The offices 192.168.1.0/24 behind the virtual private gateway, 192.168.2.0/24 behind the transit gateway and
/// 192.168.3.0/24 behind both.
pub(super) fn office_block(office: usize) -> String {
    format!("192.168.{}.0/24", office + 1)
}

pub(super) fn in_office(office: usize) -> Ipv4Addr {
    Ipv4Addr::new(192, 168, u8::try_from(office + 1).unwrap(), 9)
}

impl World {
    pub(super) fn private(&self, instance: usize) -> Ipv4Addr {
        address(self.instances[instance].subnet, 10 + instance)
    }

    pub(super) fn public(instance: usize) -> Ipv4Addr {
        Ipv4Addr::new(198, 51, 100, u8::try_from(10 + instance).unwrap())
    }

    /// The private addresses of a NAT gateway, each with its public one.
    pub(super) fn nat_addresses(&self, nat: usize) -> Vec<(Ipv4Addr, Option<Ipv4Addr>)> {
        let own = &self.nats[nat];
        let of = |number: usize| {
            let public = Ipv4Addr::new(198, 51, 100, u8::try_from(200 + number).unwrap());
            (address(own.subnet, 100 + number), own.is_public.then_some(public))
        };
        [nat, 10 + nat].into_iter().take(if own.has_two { 2 } else { 1 }).map(of).collect()
    }

    /// The addresses of an instance.
    pub(super) fn addresses(&self, instance: usize) -> (Ipv4Addr, Option<Ipv4Addr>) {
        (self.private(instance), self.instances[instance].is_public.then(|| Self::public(instance)))
    }
}

/// Whether all addresses of `block` are in `outer`.
pub(super) fn within(outer: &str, block: &str) -> bool {
    let length = |text: &str| text.split_once('/').unwrap().1.parse::<u32>().unwrap();
    let first: Ipv4Addr = block.split_once('/').unwrap().0.parse().unwrap();
    length(outer) <= length(block) && holds(outer, first)
}

/// Whether the first bits of an address are those of the block.
pub(super) fn holds(block: &str, address: Ipv4Addr) -> bool {
    let (base, length) = block.split_once('/').unwrap();
    let base = u32::from(base.parse::<Ipv4Addr>().unwrap());
    let rest = 32 - length.parse::<u32>().unwrap();
    base.checked_shr(rest).unwrap_or(0) == u32::from(address).checked_shr(rest).unwrap_or(0)
}
