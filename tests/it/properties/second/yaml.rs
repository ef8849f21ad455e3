//! The same networks as the text of a scenario.

use std::fmt::Write as _;
use std::net::Ipv4Addr;

use super::world::{
    Acl, BUCKET, Connection, End, Entry, Group, Kind, OUTSIDE, Remote, Rule, S3, SUBNETS, Service, Target,
    VPCS, World, address, in_office, office_block, subnet_block, vpc_block, vpc_of,
};

impl World {
    pub(super) fn yaml(&self) -> String {
        let mut text =
            String::from("scenario: random\nproves: https://docs.aws.amazon.com/\nregion: us-east-1\n");
        let mut section = |name: &str, lines: Vec<String>| {
            let _ = writeln!(text, "{name}:");
            for line in lines {
                let _ = writeln!(text, "  - {line}");
            }
        };
        section(
            "vpcs",
            (0..VPCS)
                .map(|vpc| {
                    let igw = if self.internet[vpc] {
                        format!(", internet_gateway: igw{vpc}")
                    } else {
                        String::new()
                    };
                    format!(
                        "{{name: v{vpc}, cidr_block: {}, block_public_access: {}{igw}}}",
                        vpc_block(vpc),
                        self.blocks
                    )
                })
                .collect(),
        );
        section("prefix_lists", vec![format!("{{name: s3-list, entries: [{S3}]}}")]);
        section("subnets", (0..SUBNETS).map(|subnet| self.subnet_line(subnet)).collect());
        let acls =
            self.subnets.iter().enumerate().filter_map(|(at, subnet)| Some((at, subnet.acl.as_ref()?)));
        section("network_acls", acls.map(|(at, acl)| acl_line(at, acl)).collect());
        section(
            "security_groups",
            self.groups.iter().enumerate().map(|(at, group)| self.group_line(at, group)).collect(),
        );
        section(
            "nat_gateways",
            self.nats
                .iter()
                .enumerate()
                .map(|(at, nat)| {
                    let keys = |(private, public): (Ipv4Addr, Option<Ipv4Addr>)| {
                        let public =
                            public.map(|public| format!(", public_ip: {public}")).unwrap_or_default();
                        format!("private_ip: {private}{public}")
                    };
                    let mut all = self.nat_addresses(at).into_iter().map(keys);
                    let first = all.next().unwrap();
                    let second =
                        all.map(|own| format!(", secondary_private_ips: [{{{own}}}]")).collect::<String>();
                    format!("{{name: nat{at}, subnet: s{}, {first}{second}}}", nat.subnet)
                })
                .collect(),
        );
        let state = if self.peering_is_active { "active" } else { "pending-acceptance" };
        section(
            "vpc_peering_connections",
            vec![format!("{{name: pcx, requester: v0, accepter: v1, state: {state}}}")],
        );
        section("transit_gateways", vec![self.transit_line()]);
        section("vpn_gateways", vec![format!("{{name: vgw, vpc: v{}}}", self.vpn)]);
        section("vpc_endpoints", vec![format!("{{name: s3, vpc: v{}, service: s3}}", self.s3)]);
        let via = ["vgw", "to-offices", "vgw, to-offices"];
        section(
            "customer_networks",
            via.iter()
                .enumerate()
                .map(|(office, via)| {
                    format!("{{name: office{office}, cidr_blocks: [{}], via: [{via}]}}", office_block(office))
                })
                .collect(),
        );
        section("instances", self.instances.iter().enumerate().map(|(at, instance)| {
            let public = if instance.is_public { format!(", public_ip: {}", Self::public(at)) } else { String::new() };
            let (subnet, group, private) = (instance.subnet, instance.group, self.private(at));
            format!("{{name: i{at}, subnet: s{subnet}, security_groups: [g{group}], private_ip: {private}{public}}}")
        }).collect());
        section(
            "connections",
            self.connections
                .iter()
                .enumerate()
                .map(|(at, connection)| self.connection_line(at, connection))
                .collect(),
        );
        text
    }

    fn subnet_line(&self, at: usize) -> String {
        let subnet = &self.subnets[at];
        let mut routes: Vec<String> = subnet
            .routes
            .iter()
            .map(|route| {
                let target = match route.target {
                    Target::Internet => format!("igw{}", vpc_of(at)),
                    Target::Nat(nat) => format!("nat{nat}"),
                    Target::Peering => "pcx".to_owned(),
                    Target::Transit => "tgw".to_owned(),
                    Target::Vpn => "vgw".to_owned(),
                    Target::Blackhole => "blackhole".to_owned(),
                };
                format!("{} -> {target}{}", route.block, if route.propagated { " propagated" } else { "" })
            })
            .collect();
        routes.extend(subnet.reaches_s3.then(|| "s3-list -> s3".to_owned()));
        let acl = subnet.acl.as_ref().map(|_| format!(", network_acl: acl{at}")).unwrap_or_default();
        let exempt =
            subnet.exclusion.map(|own| format!(", block_public_access_exclusion: {own}")).unwrap_or_default();
        format!(
            "{{name: s{at}, vpc: v{}, cidr_block: {}, availability_zone_id: use1-az{}{acl}{exempt}, routes: [{}]}}",
            vpc_of(at),
            subnet_block(at),
            1 + subnet.zone,
            routes.join(", ")
        )
    }

    /// Rules name groups of other VPCs only where something joins the VPCs; others are left out, and match nothing.
    fn group_line(&self, at: usize, group: &Group) -> String {
        let rule = |rule: &Rule, word: &str| {
            let remote = match rule.remote {
                Remote::Block(block) => block.to_owned(),
                Remote::Group(other) if self.can_name(at, other) => format!("g{other}"),
                Remote::Group(_) => return None,
            };
            Some(format!("\"allow {} {word} {remote}\"", service(rule.service)))
        };
        let all = |rules: &[Rule], word: &str| {
            rules.iter().filter_map(|own| rule(own, word)).collect::<Vec<_>>().join(", ")
        };
        format!(
            "{{name: g{at}, vpc: v{}, ingress: [{}], egress: [{}]}}",
            at % VPCS,
            all(&group.ingress, "from"),
            all(&group.egress, "to")
        )
    }

    /// Whether rules of one group can name another: both are of one VPC, or something joins theirs.
    fn can_name(&self, group: usize, other: usize) -> bool {
        let (own, theirs) = (group % VPCS, other % VPCS);
        let attached = |vpc: usize| self.attachments.iter().any(|attachment| attachment.vpc == Some(vpc));
        own == theirs || own + theirs == 1 || attached(own) && attached(theirs)
    }

    fn transit_line(&self) -> String {
        let attachments: Vec<String> = self
            .attachments
            .iter()
            .enumerate()
            .map(|(at, attachment)| {
                let Some(vpc) = attachment.vpc else {
                    return "{name: to-offices, resource_type: vpn}".to_owned();
                };
                let subnets: Vec<String> = attachment
                    .subnets
                    .iter()
                    .map(|subnet| format!("{{subnet: s{subnet}, private_ip: {}}}", address(*subnet, 200)))
                    .collect();
                let (refers, appliances) = (attachment.refers, attachment.is_for_appliances);
                format!(
                    "{{name: at{at}, vpc: v{vpc}, subnets: [{}], security_group_referencing: {refers}, appliance_mode: {appliances}}}",
                    subnets.join(", ")
                )
            })
            .collect();
        let name = |at: usize| {
            if self.attachments[at].vpc.is_some() { format!("at{at}") } else { "to-offices".to_owned() }
        };
        let tables: Vec<String> = self
            .tables
            .iter()
            .enumerate()
            .map(|(at, table)| {
                let associated: Vec<String> = (0..self.attachments.len())
                    .filter(|attachment| self.attachments[*attachment].table == Some(at))
                    .map(name)
                    .collect();
                let propagated: Vec<String> =
                    table.propagations.iter().map(|attachment| name(*attachment)).collect();
                let routes: Vec<String> = table
                    .routes
                    .iter()
                    .map(|(block, target)| {
                        format!("{block} -> {}", target.map_or("blackhole".to_owned(), name))
                    })
                    .collect();
                format!(
                    "{{name: t{at}, associations: [{}], propagations: [{}], routes: [{}]}}",
                    associated.join(", "),
                    propagated.join(", "),
                    routes.join(", ")
                )
            })
            .collect();
        format!(
            "{{name: tgw, security_group_referencing: {}, attachments: [{}], route_tables: [{}]}}",
            self.refers,
            attachments.join(", "),
            tables.join(", ")
        )
    }

    fn connection_line(&self, at: usize, connection: &Connection) -> String {
        let end = |end: End| match end {
            End::Instance(instance) => self.private(instance).to_string(),
            End::Public(instance) => Self::public(instance).to_string(),
            End::Outside => OUTSIDE.to_string(),
            End::Bucket => BUCKET.to_string(),
            End::Office(office) => in_office(office).to_string(),
        };
        let traffic = match connection.kind {
            Kind::Tcp(port) => format!("tcp: {port}, source_port: {}", connection.source_port),
            Kind::Udp(port) => format!("udp: {port}, source_port: {}", connection.source_port),
            Kind::Ping => "icmp: echo-request".to_owned(),
            Kind::Gre => "protocol: gre".to_owned(),
        };
        format!("{{name: c{at}, from: {}, to: {}, {traffic}}}", end(connection.from), end(connection.to))
    }
}

fn acl_line(at: usize, acl: &Acl) -> String {
    let all = |entries: &[Entry], word: &str| {
        let line = |entry: &Entry| {
            let action = if entry.allow { "allow" } else { "deny" };
            format!("\"{} {action} {} {word} {}\"", entry.number, service(entry.service), entry.block)
        };
        entries.iter().map(line).collect::<Vec<_>>().join(", ")
    };
    format!(
        "{{name: acl{at}, vpc: v{}, ingress: [{}], egress: [{}]}}",
        vpc_of(at),
        all(&acl.ingress, "from"),
        all(&acl.egress, "to")
    )
}

fn service(service: Service) -> String {
    match service {
        Service::All => "all".to_owned(),
        Service::Tcp(from, to) => format!("tcp {from}-{to}"),
        Service::Udp(from, to) => format!("udp {from}-{to}"),
        Service::Icmp => "icmp".to_owned(),
    }
}
