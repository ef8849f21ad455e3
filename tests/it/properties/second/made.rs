//! How random networks are made: mostly such as somebody could want, and some that nobody would.

use super::random::Random;
use super::world::{
    Acl, Attachment, Connection, End, Entry, Group, Instance, Kind, Nat, Remote, Route, Rule, S3, SUBNETS,
    Service, Subnet, Target, TransitTable, VPCS, World, subnet_block, vpc_block, vpc_of, within,
};

/// Blocks that rules and entries name.
const REMOTES: &[&str] = &[
    "0.0.0.0/0",
    "0.0.0.0/0",
    "0.0.0.0/0",
    "10.0.0.0/8",
    "10.0.0.0/16",
    "10.1.0.0/16",
    "10.2.0.0/16",
    "10.0.1.0/24",
    "192.168.0.0/16",
    "203.0.113.0/24",
    "198.51.100.0/24",
    S3,
];

/// Destinations of routes of subnets and of transit gateways.
const DESTINATIONS: &[&str] = &[
    "0.0.0.0/0",
    "0.0.0.0/0",
    "10.0.0.0/8",
    "10.0.0.0/16",
    "10.1.0.0/16",
    "10.2.0.0/16",
    "10.1.1.0/24",
    "10.2.0.0/15",
    "192.168.0.0/16",
    "192.168.2.0/24",
    "203.0.113.0/24",
    "52.216.0.0/15",
];

/// Where ranges of ports of network ACLs begin and end.
const PORTS: &[u16] = &[0, 80, 443, 1024, 32_768, 40_000, 61_000, 65_535];

impl World {
    pub(super) fn random(seed: u64) -> Self {
        let random = &mut Random::new(seed);
        let internet = [true, random.chance(50), random.chance(50)];
        let nats = (0..3)
            .map(|_| Nat {
                subnet: random.below(SUBNETS),
                is_public: random.chance(60),
                has_two: random.chance(25),
            })
            .collect();
        let (vpn, s3) = (random.below(VPCS), random.below(VPCS));
        let mut world = Self {
            internet,
            subnets: Vec::new(),
            groups: (0..6).map(|_| group(random)).collect(),
            instances: Vec::new(),
            nats,
            peering_is_active: random.chance(85),
            vpn,
            s3,
            refers: random.chance(60),
            attachments: Vec::new(),
            tables: Vec::new(),
            blocks: random.of(&["off", "off", "block-bidirectional", "block-ingress"]),
            connections: Vec::new(),
        };
        world.subnets = (0..SUBNETS).map(|subnet| world.subnet(random, subnet)).collect();
        world.instances = (0..7)
            .map(|_| {
                let subnet = random.below(SUBNETS);
                let group = vpc_of(subnet) + VPCS * random.below(2);
                Instance { subnet, group, is_public: random.chance(40) }
            })
            .collect();
        world.transit_gateway(random);
        world.connections = (0..12).filter_map(|_| world.connection(random)).collect();
        world
    }

    fn subnet(&self, random: &mut Random, subnet: usize) -> Subnet {
        let vpc = vpc_of(subnet);
        let mut routes: Vec<Route> = Vec::new();
        for _ in 0..5 {
            let route = self.route(random, vpc);
            let is_new = |other: &Route| other.block != route.block || other.propagated != route.propagated;
            if routes.iter().all(is_new) {
                routes.push(route);
            }
        }
        Subnet {
            zone: random.below(2),
            acl: random.chance(25).then(|| acl(random)),
            routes,
            reaches_s3: vpc == self.s3 && random.chance(60),
            exclusion: random.of(&[None, None, Some("allow-bidirectional"), Some("allow-egress")]),
        }
    }

    fn route(&self, random: &mut Random, vpc: usize) -> Route {
        let own_nats: Vec<usize> =
            (0..self.nats.len()).filter(|nat| vpc_of(self.nats[*nat].subnet) == vpc).collect();
        // A whole subnet of the VPC can be led to a NAT gateway.
        if !own_nats.is_empty() && random.chance(5) {
            let block = subnet_block(3 * vpc + random.below(3));
            return Route { block, target: Target::Nat(random.of(&own_nats)), propagated: false };
        }
        // Mostly what somebody could want: to other VPCs, to the internet, to the offices.
        let other = vpc_block((vpc + 1 + random.below(VPCS - 1)) % VPCS);
        let outward = if self.internet[vpc] { Target::Internet } else { Target::Transit };
        let useful = [
            Some((other.clone(), Target::Transit)),
            (vpc < 2).then(|| (vpc_block(1 - vpc), Target::Peering)),
            Some(("0.0.0.0/0".to_owned(), outward)),
            (!own_nats.is_empty()).then(|| ("0.0.0.0/0".to_owned(), Target::Nat(random.of(&own_nats)))),
            (!own_nats.is_empty()).then(|| (other, Target::Nat(random.of(&own_nats)))),
            Some(("192.168.0.0/16".to_owned(), if vpc == self.vpn { Target::Vpn } else { Target::Transit })),
            Some(("192.168.2.0/23".to_owned(), Target::Transit)),
        ];
        if random.chance(65) {
            let useful: Vec<_> = useful.into_iter().flatten().collect();
            let (block, target) = random.of(&useful);
            return Route { block, target, propagated: false };
        }
        let own = vpc_block(vpc);
        let block = loop {
            let block = random.of(DESTINATIONS);
            if !within(&own, block) {
                break block.to_owned();
            }
        };
        if vpc == self.vpn && random.chance(20) {
            // A propagated route may even lie within the VPC; the local route beats it.
            let block = if random.chance(20) { subnet_block(3 * vpc) } else { block };
            return Route { block, target: Target::Vpn, propagated: true };
        }
        let mut targets = vec![Target::Transit, Target::Transit, Target::Blackhole];
        if self.internet[vpc] {
            targets.extend([Target::Internet; 3]);
        }
        if vpc < 2 {
            targets.extend([Target::Peering; 2]);
        }
        if vpc == self.vpn {
            targets.push(Target::Vpn);
        }
        targets.extend(own_nats.into_iter().map(Target::Nat));
        Route { block, target: random.of(&targets), propagated: false }
    }

    fn transit_gateway(&mut self, random: &mut Random) {
        for vpc in 0..VPCS {
            if random.chance(15) {
                continue;
            }
            let mut subnets: Vec<usize> = Vec::new();
            for subnet in 3 * vpc..3 * vpc + 3 {
                let is_new_zone =
                    subnets.iter().all(|other| self.subnets[*other].zone != self.subnets[subnet].zone);
                if is_new_zone && (subnets.is_empty() || random.chance(60)) {
                    subnets.push(subnet);
                }
            }
            self.attachments.push(Attachment {
                vpc: Some(vpc),
                subnets,
                table: random.chance(92).then(|| random.below(2)),
                refers: random.chance(80),
                is_for_appliances: random.chance(20),
            });
        }
        let table = random.chance(92).then(|| random.below(2));
        self.attachments.push(Attachment {
            vpc: None,
            subnets: Vec::new(),
            table,
            refers: false,
            is_for_appliances: false,
        });
        let count = self.attachments.len();
        self.tables = (0..2)
            .map(|_| {
                let mut routes: Vec<(&'static str, Option<usize>)> = Vec::new();
                for _ in 0..random.below(3) {
                    let block = random.of(DESTINATIONS);
                    if routes.iter().all(|(other, _)| *other != block) {
                        routes.push((block, random.chance(80).then(|| random.below(count))));
                    }
                }
                TransitTable { propagations: (0..count).filter(|_| random.chance(85)).collect(), routes }
            })
            .collect();
    }

    fn connection(&self, random: &mut Random) -> Option<Connection> {
        let any = |random: &mut Random| random.below(self.instances.len());
        let public: Vec<usize> =
            (0..self.instances.len()).filter(|instance| self.instances[*instance].is_public).collect();
        let from = match random.below(10) {
            0 if !public.is_empty() => End::Outside,
            1 | 2 => End::Office(random.below(3)),
            _ => End::Instance(any(random)),
        };
        let to = match random.below(10) {
            _ if from == End::Outside => End::Public(random.of(&public)),
            0 if !public.is_empty() => End::Public(random.of(&public)),
            1 | 2 => End::Outside,
            3 => End::Bucket,
            4 => End::Office(random.below(3)),
            _ => End::Instance(any(random)),
        };
        let of = |end: End| match end {
            End::Instance(instance) | End::Public(instance) => Some(instance),
            _ => None,
        };
        let is_asked = match (of(from), of(to)) {
            (None, None) => false,
            (one, other) => one != other,
        };
        // What an office sends to the internet is its own affair.
        let is_asked = is_asked && !matches!((from, to), (End::Office(_), End::Public(_)));
        let kind = random.of(&[
            Kind::Tcp(443),
            Kind::Tcp(443),
            Kind::Tcp(80),
            Kind::Udp(443),
            Kind::Ping,
            Kind::Gre,
        ]);
        let source_port = random.of(&[33_000, 33_000, 50_000]);
        is_asked.then_some(Connection { from, to, kind, source_port })
    }
}

fn service(random: &mut Random) -> Service {
    let (one, other) = (random.of(PORTS), random.of(PORTS));
    let (from, to) = (one.min(other), one.max(other));
    random.of(&[
        Service::All,
        Service::All,
        Service::Tcp(from, to),
        Service::Udp(from, to),
        Service::Tcp(443, 443),
        Service::Icmp,
    ])
}

fn group(random: &mut Random) -> Group {
    let rule = |random: &mut Random| {
        let remote = if random.chance(25) {
            // Of its own VPC, or of one that may be peered or attached to the same transit gateway.
            Remote::Group(random.below(6))
        } else {
            Remote::Block(random.of(REMOTES))
        };
        Rule { service: service(random), remote }
    };
    let open = || vec![Rule { service: Service::All, remote: Remote::Block("0.0.0.0/0") }];
    let ingress = if random.chance(60) { open() } else { random.some(3, rule) };
    let egress = if random.chance(70) { open() } else { random.some(3, rule) };
    Group { ingress, egress }
}

fn acl(random: &mut Random) -> Acl {
    let mut entries = || {
        let mut number = 0;
        let mut all = random.some(3, |random| {
            number += 10;
            Entry { number, allow: random.chance(60), service: service(random), block: random.of(REMOTES) }
        });
        if random.chance(70) {
            all.push(Entry { number: 900, allow: true, service: Service::All, block: "0.0.0.0/0" });
        }
        all
    };
    Acl { ingress: entries(), egress: entries() }
}
