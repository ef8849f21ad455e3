//! Random small networks with random traffic: as values, and as the text of a scenario.

use std::fmt::Write as _;

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// Blocks that rules name, in the order of likelihood. Some hold whole ends, some single addresses, some nobody.
const BLOCKS: &[&str] = &[
    "0.0.0.0/0",
    "0.0.0.0/0",
    "0.0.0.0/0",
    "::/0",
    "::/0",
    "10.0.0.0/16",
    "10.0.0.0/24",
    "10.0.1.0/24",
    "10.0.0.10/32",
    "10.0.1.12/32",
    "203.0.113.0/24",
    "198.51.100.0/24",
    "2001:db8:1::/56",
    "2001:db8:1:1::/64",
    "2001:db8:ffff::/48",
];

/// Blocks outside the VPC, which routes may name through prefix lists; two lists often share one.
const OUTSIDE: &[&str] = &["203.0.113.0/24", "192.0.2.0/24"];

/// Where ranges of ports begin and end: around services, and across the ephemeral ranges.
const PORTS: &[u16] =
    &[0, 22, 53, 80, 443, 1023, 1024, 30_000, 32_768, 40_000, 50_000, 60_999, 61_000, 65_535];

/// What a rule says about the traffic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Service {
    All,
    Tcp(u16, u16),
    Udp(u16, u16),
    /// Type and code of ICMP, or of ICMPv6.
    Icmp {
        v6: bool,
        kind: Option<(u8, Option<u8>)>,
    },
    Gre,
}

/// The far side of a rule.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Remote {
    Block(&'static str),
    Group(usize),
    List(usize),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rule {
    pub(super) service: Service,
    pub(super) remote: Remote,
}

#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) number: u16,
    pub(super) allow: bool,
    pub(super) service: Service,
    pub(super) block: &'static str,
}

/// Ingress and egress.
#[derive(Debug, Clone)]
pub(super) struct Both<T> {
    pub(super) ingress: Vec<T>,
    pub(super) egress: Vec<T>,
}

#[derive(Debug, Clone)]
pub(super) struct Subnet {
    /// `None` is the default network ACL.
    pub(super) acl: Option<usize>,
    pub(super) routes: Vec<(String, &'static str)>,
}

#[derive(Debug, Clone)]
pub(super) struct Instance {
    pub(super) subnet: usize,
    pub(super) groups: Vec<usize>,
    pub(super) public: bool,
    /// What listens, and whether the host drops what nobody listens for; `None` answers everything.
    pub(super) listens: Option<(Service, bool)>,
}

#[derive(Debug, Clone)]
pub(super) enum End {
    Instance(usize),
    Public(usize),
    Internet,
    Address(&'static str),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Tcp(u16),
    Udp(u16),
    Icmp(&'static str),
    Gre,
}

#[derive(Debug, Clone)]
pub(super) struct Connection {
    pub(super) from: End,
    pub(super) to: End,
    pub(super) kind: Kind,
    pub(super) source_port: Option<u16>,
    pub(super) v6: bool,
}

/// A VPC, `10.0.0.0/16` and `2001:db8:1::/56`, and what is in it.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) gateways: (bool, bool),
    pub(super) lists: Vec<Vec<&'static str>>,
    pub(super) groups: Vec<Both<Rule>>,
    pub(super) acls: Vec<Both<Entry>>,
    pub(super) subnets: Vec<Subnet>,
    pub(super) instances: Vec<Instance>,
    pub(super) connections: Vec<Connection>,
    pub(super) log_format: Option<String>,
}

fn ports() -> impl Strategy<Value = (u16, u16)> {
    let any_two = (select(PORTS), select(PORTS)).prop_map(|(a, b)| (a.min(b), a.max(b)));
    prop_oneof![2 => Just((0, 65_535)), 2 => Just((443, 443)), 2 => Just((1024, 65_535)), 3 => any_two]
}

fn service() -> impl Strategy<Value = Service> {
    let code = option::of(select(&[0_u8, 4]));
    let kind = option::of((select(&[0_u8, 3, 8, 13, 128, 129]), code));
    prop_oneof![
        4 => Just(Service::All),
        4 => ports().prop_map(|(from, to)| Service::Tcp(from, to)),
        2 => ports().prop_map(|(from, to)| Service::Udp(from, to)),
        2 => (any::<bool>(), kind).prop_map(|(v6, kind)| Service::Icmp { v6, kind }),
        1 => Just(Service::Gre),
    ]
}

const GROUPS: usize = 3;
/// The first one serves rules, the others routes as well.
const LISTS: usize = 3;
const ACLS: usize = 2;
const INSTANCES: usize = 4;

pub(super) fn rule() -> impl Strategy<Value = Rule> {
    let remote = prop_oneof![
        6 => select(BLOCKS).prop_map(Remote::Block),
        2 => (0..GROUPS).prop_map(Remote::Group),
        1 => (0..LISTS).prop_map(Remote::List),
    ];
    (service(), remote).prop_map(|(service, remote)| Rule { service, remote })
}

/// Any rules; mostly with broad ones among them, since most networks let most traffic pass.
fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let everyone =
        |service| ["0.0.0.0/0", "::/0"].map(|block| Rule { service, remote: Remote::Block(block) });
    let broad =
        select(&[Service::All, Service::Tcp(0, 65_535), Service::Udp(0, 65_535), Service::Tcp(22, 443)]);
    let with = prop_oneof![
        2 => Just(std::vec![]),
        3 => broad.prop_map(move |service| everyone(service).to_vec()),
        3 => Just(everyone(Service::All).to_vec()),
    ];
    (vec(rule(), 0..3), with).prop_map(|(rules, with)| [rules, with].concat()).prop_shuffle()
}

/// Any entries; mostly with one behind them that allows what they do not deny.
fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let entry = (prop::bool::weighted(0.6), service(), select(BLOCKS));
    let behind = [(32_001, "0.0.0.0/0"), (32_002, "::/0")];
    (btree_map(1_u16..=32_000, entry, 0..5), prop::bool::weighted(0.7))
        .prop_map(move |(entries, opened)| {
            let entry = |(number, (allow, service, block))| Entry { number, allow, service, block };
            let open = |(number, block)| Entry { number, allow: true, service: Service::All, block };
            let behind = behind.into_iter().filter(|_| opened).map(open);
            entries.into_iter().map(entry).chain(behind).collect::<Vec<_>>()
        })
        .prop_shuffle()
}

fn both<T: std::fmt::Debug, S: Strategy<Value = Vec<T>>>(
    one: impl Fn() -> S,
) -> impl Strategy<Value = Both<T>> {
    (one(), one()).prop_map(|(ingress, egress)| Both { ingress, egress })
}

/// Routes to gateways that are there, to nothing, through prefix lists; at most one for each destination.
fn routes(
    gateways: (bool, bool),
    other_subnet: &'static str,
) -> impl Strategy<Value = Vec<(String, &'static str)>> {
    let igw = if gateways.0 { "igw" } else { "blackhole" };
    let eigw = if gateways.1 { "eigw" } else { "blackhole" };
    let mut possible = std::vec![
        ("0.0.0.0/0".to_owned(), select(std::vec![igw, igw, igw, igw, igw, "blackhole"])),
        ("::/0".to_owned(), select(std::vec![igw, igw, eigw, eigw, "blackhole"])),
        ("203.0.113.0/24".to_owned(), select(std::vec![igw, "blackhole"])),
        (other_subnet.to_owned(), select(std::vec!["blackhole"])),
    ];
    possible.extend((1..LISTS).map(|list| (format!("list-{list}"), select(std::vec![igw, "blackhole"]))));
    let chance = |position: usize| if position < 2 { 0.85 } else { 0.2 };
    let route = |(position, (destination, target))| {
        (prop::bool::weighted(chance(position)), Just(destination), target)
    };
    let all: Vec<_> = possible.into_iter().enumerate().map(route).collect();
    all.prop_map(|all| {
        all.into_iter().filter(|(there, ..)| *there).map(|(_, to, target)| (to, target)).collect::<Vec<_>>()
    })
    .prop_shuffle()
}

fn subnets(gateways: (bool, bool)) -> impl Strategy<Value = Vec<Subnet>> {
    let subnet = move |other| {
        (option::of(0..ACLS), routes(gateways, other)).prop_map(|(acl, routes)| Subnet { acl, routes })
    };
    let two = (subnet("10.0.1.0/24"), subnet("10.0.0.0/24")).prop_map(|(a, b)| std::vec![a, b]);
    // With one subnet there is no other one to cut off.
    let one = subnet("203.0.113.0/25").prop_map(|only| std::vec![only]);
    prop_oneof![1 => one, 3 => two]
}

fn instance(subnets: usize) -> impl Strategy<Value = Instance> {
    let listens = option::weighted(0.2, (service(), any::<bool>()));
    let groups = subsequence((0..GROUPS).collect::<Vec<_>>(), 1..=2).prop_shuffle();
    (0..subnets, groups, prop::bool::weighted(0.7), listens)
        .prop_map(|(subnet, groups, public, listens)| Instance { subnet, groups, public, listens })
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        4 => select(&[22_u16, 80, 443]).prop_map(Kind::Tcp),
        2 => select(&[53_u16, 443]).prop_map(Kind::Udp),
        2 => select(&["echo-request", "3/4", "13"]).prop_map(Kind::Icmp),
        1 => Just(Kind::Gre),
    ]
}

/// An end outside, `true` for the one that is connected to.
fn outside(to: bool) -> impl Strategy<Value = End> {
    let addresses: &[&str] = if to {
        &["203.0.113.7", "192.0.2.9", "2001:db8:ffff::7", "10.0.1.200", "10.0.0.200", "172.16.0.9"]
    } else {
        &["203.0.113.7", "192.0.2.9", "2001:db8:ffff::7", "172.16.0.9"]
    };
    prop_oneof![
        Just(End::Internet),
        select(addresses).prop_map(End::Address),
        (0..INSTANCES).prop_map(End::Public)
    ]
}

fn connection() -> impl Strategy<Value = Connection> {
    let inside = (0..INSTANCES, 1..INSTANCES)
        .prop_map(|(from, by)| (End::Instance(from), End::Instance((from + by) % INSTANCES)));
    let ends = prop_oneof![
        3 => inside,
        2 => ((0..INSTANCES), outside(true)).prop_map(|(from, to)| (End::Instance(from), to)),
        2 => (outside(false), (0..INSTANCES)).prop_map(|(from, to)| (from, End::Instance(to))),
    ];
    let source_port = option::of(select(&[1_u16, 1500, 40_000, 61_000]));
    (ends, kind(), source_port, prop::bool::weighted(0.25))
        .prop_map(|((from, to), kind, source_port, v6)| Connection { from, to, kind, source_port, v6 })
        .prop_map(Connection::between_two)
}

/// A network with `connections` connections.
pub(super) fn world(connections: usize) -> impl Strategy<Value = World> {
    let blocks_of_one_family = |family: &'static str| {
        let blocks: Vec<_> = BLOCKS.iter().skip(3).copied().filter(|block| block.contains(family)).collect();
        subsequence(blocks, 1..=2)
    };
    let for_rules = prop_oneof![3 => blocks_of_one_family("."), 1 => blocks_of_one_family(":")];
    let for_routes = vec(subsequence(OUTSIDE, 1..=2), LISTS - 1);
    let lists =
        (for_rules, for_routes).prop_map(|(first, rest)| std::iter::once(first).chain(rest).collect());
    let network = (prop::bool::weighted(0.8), any::<bool>()).prop_flat_map(|gateways| {
        subnets(gateways).prop_flat_map(move |subnets| {
            let instances = vec(instance(subnets.len()), INSTANCES);
            (Just(gateways), Just(subnets), instances)
        })
    });
    let groups = vec(both(rules), GROUPS);
    let acls = vec(both(entries), ACLS);
    (network, lists, groups, acls, vec(connection(), connections)).prop_map(
        |((gateways, subnets, instances), lists, groups, acls, connections)| World {
            gateways,
            lists,
            groups,
            acls,
            subnets,
            instances,
            connections,
            log_format: None,
        },
    )
}

impl World {
    pub(super) fn private_ip(&self, instance: usize, v6: bool) -> String {
        let subnet = self.instances[instance].subnet;
        if v6 {
            format!("2001:db8:1:{subnet}::{}", 10 + instance)
        } else {
            format!("10.0.{subnet}.{}", 10 + instance)
        }
    }

    /// The same network, its rules, entries, routes and memberships written in another order.
    pub(super) fn shuffled(&self, seed: u64) -> Self {
        let mut world = self.clone();
        let mut state = seed | 1;
        let mut next = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(state >> 33).unwrap() % below
        };
        for group in &mut world.groups {
            shuffle(&mut group.ingress, &mut next);
            shuffle(&mut group.egress, &mut next);
        }
        for acl in &mut world.acls {
            shuffle(&mut acl.ingress, &mut next);
            shuffle(&mut acl.egress, &mut next);
        }
        world.subnets.iter_mut().for_each(|subnet| shuffle(&mut subnet.routes, &mut next));
        world.instances.iter_mut().for_each(|instance| shuffle(&mut instance.groups, &mut next));
        world.lists.iter_mut().for_each(|list| shuffle(list, &mut next));
        world
    }

    /// The text of the scenario.
    pub(super) fn yaml(&self) -> String {
        let mut text = String::from(
            "vpcs:\n  - {name: lab, cidr_block: 10.0.0.0/16, ipv6_cidr_block: \"2001:db8:1::/56\"",
        );
        text.push_str(if self.gateways.0 { ", internet_gateway: igw" } else { "" });
        text.push_str(if self.gateways.1 { ", egress_only_internet_gateway: eigw}\n" } else { "}\n" });
        let mut line = |line: String| text.push_str(&(line + "\n"));
        line("prefix_lists:".to_owned());
        for (index, list) in self.lists.iter().enumerate() {
            line(format!("  - {{name: list-{index}, entries: {}}}", quoted(list)));
        }
        line("security_groups:".to_owned());
        for (index, group) in self.groups.iter().enumerate() {
            let ingress = quoted(group.ingress.iter().map(|rule| rule.text("from")));
            let egress = quoted(group.egress.iter().map(|rule| rule.text("to")));
            line(format!("  - {{name: group-{index}, ingress: {ingress}, egress: {egress}}}"));
        }
        line("network_acls:".to_owned());
        for (index, acl) in self.acls.iter().enumerate() {
            let ingress = quoted(acl.ingress.iter().map(|entry| entry.text("from")));
            let egress = quoted(acl.egress.iter().map(|entry| entry.text("to")));
            line(format!("  - {{name: acl-{index}, ingress: {ingress}, egress: {egress}}}"));
        }
        line("subnets:".to_owned());
        for (index, subnet) in self.subnets.iter().enumerate() {
            let acl = subnet.acl.map(|acl| format!("network_acl: acl-{acl}, ")).unwrap_or_default();
            let routes = quoted(subnet.routes.iter().map(|(to, target)| format!("{to} -> {target}")));
            let blocks =
                format!("cidr_block: 10.0.{index}.0/24, ipv6_cidr_block: \"2001:db8:1:{index}::/64\"");
            line(format!("  - {{name: subnet-{index}, {blocks}, {acl}routes: {routes}}}"));
        }
        line("instances:".to_owned());
        for (index, instance) in self.instances.iter().enumerate() {
            line(self.instance(index, instance));
        }
        if let Some(format) = &self.log_format {
            line(format!("flow_logs:\n  - {{resource: lab, log_format: \"{format}\"}}"));
        }
        line("connections:".to_owned());
        for (index, connection) in self.connections.iter().enumerate() {
            line(connection.text(index));
        }
        text
    }

    fn instance(&self, index: usize, instance: &Instance) -> String {
        let groups = quoted(instance.groups.iter().map(|group| format!("group-{group}")));
        let (v4, v6) = (self.private_ip(index, false), self.private_ip(index, true));
        let mut text = format!(
            "  - {{name: i{index}, subnet: subnet-{}, security_groups: {groups}, private_ip: {v4}, ipv6_addresses: [\"{v6}\"]",
            instance.subnet
        );
        if instance.public {
            let _ = write!(text, ", public_ip: 198.51.100.{}", 10 + index);
        }
        if let Some((service, drops)) = instance.listens {
            let closed = if drops { "drop" } else { "refuse" };
            let _ = write!(text, ", listens: [\"{}\"], closed_ports: {closed}", service.text());
        }
        text + "}"
    }
}

fn shuffle<T>(list: &mut [T], next: &mut impl FnMut(usize) -> usize) {
    for last in (1..list.len()).rev() {
        list.swap(last, next(last + 1));
    }
}

fn quoted(items: impl IntoIterator<Item = impl std::fmt::Display>) -> String {
    let items: Vec<_> = items.into_iter().map(|item| format!("\"{item}\"")).collect();
    format!("[{}]", items.join(", "))
}

impl Service {
    fn text(self) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::Tcp(from, to) => format!("tcp {from}-{to}"),
            Self::Udp(from, to) => format!("udp {from}-{to}"),
            Self::Icmp { v6, kind } => {
                let name = if v6 { "icmpv6" } else { "icmp" };
                match kind {
                    None => name.to_owned(),
                    Some((kind, None)) => format!("{name} {kind}"),
                    Some((kind, Some(code))) => format!("{name} {kind}/{code}"),
                }
            }
            Self::Gre => "47".to_owned(),
        }
    }
}

impl Rule {
    pub(super) fn text(&self, preposition: &str) -> String {
        let remote = match &self.remote {
            Remote::Block(block) => (*block).to_owned(),
            Remote::Group(group) => format!("group-{group}"),
            Remote::List(list) => format!("list-{list}"),
        };
        format!("allow {} {preposition} {remote}", self.service.text())
    }
}

impl Entry {
    fn text(&self, preposition: &str) -> String {
        let action = if self.allow { "allow" } else { "deny" };
        format!("{} {action} {} {preposition} {}", self.number, self.service.text(), self.block)
    }
}

impl End {
    fn text(&self) -> String {
        match self {
            Self::Instance(index) => format!("i{index}"),
            Self::Public(index) => format!("198.51.100.{}", 10 + index),
            Self::Internet => "internet".to_owned(),
            Self::Address(address) => format!("\"{address}\""),
        }
    }

    /// Whether the end itself says of which family it is.
    fn is_literal(&self) -> bool {
        matches!(self, Self::Public(_) | Self::Address(_))
    }
}

impl Connection {
    /// Nobody connects to himself, not even by his public address.
    fn between_two(mut self) -> Self {
        match (&self.from, &self.to) {
            (End::Instance(a), End::Public(b)) if a == b => self.to = End::Internet,
            (End::Public(a), End::Instance(b)) if a == b => self.from = End::Internet,
            _ => {}
        }
        self
    }

    fn text(&self, index: usize) -> String {
        let kind = match self.kind {
            Kind::Tcp(port) => format!("tcp: {port}"),
            Kind::Udp(port) => format!("udp: {port}"),
            Kind::Icmp(message) => format!("icmp: {message}"),
            Kind::Gre => "protocol: 47".to_owned(),
        };
        let has_ports = matches!(self.kind, Kind::Tcp(_) | Kind::Udp(_));
        let source_port = self.source_port.filter(|_| has_ports).map(|port| format!(", source_port: {port}"));
        let stated = !self.from.is_literal() && !self.to.is_literal();
        let family = if self.v6 && stated { ", family: ipv6" } else { "" };
        format!(
            "  - {{name: c{index}, from: {}, to: {}, {kind}{}{family}}}",
            self.from.text(),
            self.to.text(),
            source_port.unwrap_or_default()
        )
    }
}
