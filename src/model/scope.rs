//! What is modelled and what is not: one table, which the README and the book show.

/// A row of the table of what is modelled.
#[derive(Debug, Clone, Copy)]
pub struct ScopeEntry {
    /// The resources or behaviour of AWS.
    pub what: &'static str,
    /// Whether this version models it.
    pub modelled: bool,
    /// What of it is modelled, or what happens instead.
    pub doc: &'static str,
}

const fn yes(what: &'static str, doc: &'static str) -> ScopeEntry {
    ScopeEntry { what, modelled: true, doc }
}

const fn not_yet(what: &'static str, doc: &'static str) -> ScopeEntry {
    ScopeEntry { what, modelled: false, doc }
}

/// What is modelled, then what is not.
pub static SCOPE: &[ScopeEntry] = &[
    yes(
        "security groups",
        "all rules of all groups as one set; groups and prefix lists as far side; connection tracking, and the flows that are not tracked; groups that are associated with several VPCs, or had by participants of a shared one",
    ),
    yes(
        "network ACLs",
        "ordered, stateless, judged at the border of the subnet in both directions; one list of numbers for IPv4 and IPv6",
    ),
    yes(
        "route tables",
        "longest prefix, static before propagated, prefix lists, blackholes, main and explicit tables, those of internet gateways and virtual private gateways, routes more specific than local, arbitrary choices shown as `depends`",
    ),
    yes("internet gateways, egress-only internet gateways", "IPv4 translation, IPv6, what they refuse"),
    yes(
        "VPC peering",
        "within a Region and across: both routes, what neither address of may cross, groups of the peer, what a NAT gateway sent returns",
    ),
    yes(
        "virtual private gateways, site-to-site VPN, Direct Connect",
        "networks on premises as ends of connections; static and propagated routes; no transit",
    ),
    yes(
        "network interfaces",
        "several per instance, secondary and public addresses, delegated prefixes, source/destination check",
    ),
    yes(
        "traffic of AWS's own services",
        "DNS, metadata, time, DHCP, licence activation, the default router: exempt from rules, and in no record where AWS says so",
    ),
    yes(
        "TCP, UDP, ICMP, ICMPv6, other protocols",
        "handshake, retries, refusal, four pings; or packets and bytes as you state them",
    ),
    yes(
        "time",
        "connections that last, pause and repeat; events that change anything of the network while traffic flows; what tracking and NAT gateways remember, and for how long; packets after the close",
    ),
    yes(
        "flow logs",
        "every documented field of VPC and transit gateway flow logs, custom formats, both intervals, Nitro's windows, filters, `NODATA`, `SKIPDATA`",
    ),
    yes(
        "shared subnets",
        "interfaces and flow logs of participants, what each account's flow logs tell of others, Block Public Access of the owner",
    ),
    yes(
        "transit gateways",
        "attachments by zone, association, propagation, static and blackhole routes, peering, appliance mode, network ACLs of attachment subnets, group references, networks on premises",
    ),
    yes(
        "AWS's JSON",
        "answers of `describe-*` calls, of several accounts and Regions, whole or in part; what rests on answers that were not collected is `unknown`",
    ),
    yes(
        "NAT gateways",
        "public, private and regional; several addresses, ports, TCP, UDP and ICMP, NAT64, the network ACL on both faces, what nobody inside asked for",
    ),
    yes(
        "hosts that forward: NAT instances, routers",
        "as they are or from their own address, when the scenario says so; their security groups judge twice",
    ),
    yes(
        "gateway endpoints",
        "S3 and DynamoDB by prefix lists; TCP and ICMP echo alone; not their policies, which judge requests",
    ),
    yes(
        "interface endpoints",
        "by the name of the service or by DNS names, private and public; their security groups, zones, states; services of AWS",
    ),
    yes(
        "load balancers",
        "Application, Network and Classic: listeners, rules by source address, target groups, zones, health, health checks as traffic, client addresses, groups, endpoint services; both connections of a proxy",
    ),
    yes(
        "databases, caches, functions, tasks: RDS, Aurora, ElastiCache, Redshift, OpenSearch, EFS, Lambda, ECS, WorkSpaces",
        "by their names; their interfaces and security groups, who opens and who answers, zones, tracking of Lambda's flows; the `ecs-*` fields of records",
    ),
    yes(
        "EC2 Instance Connect Endpoints, Global Accelerator with client IP preservation",
        "what they open in the VPC, with the address of the client or their own, and what answers",
    ),
    yes(
        "VPC encryption controls",
        "`encryption-status` as far as instance types and endpoints tell; what interface endpoints refuse where they are enforced, `EC` in records; not what AWS refuses to make there",
    ),
    yes(
        "Gateway Load Balancer endpoints",
        "as targets of routes, also of gateways' own tables; their network ACLs within one subnet; automatic tracking; one endpoint for both directions; what the appliances do is said, or `unknown`; behind Gateway Load Balancers the datagrams of GENEVE that carry packets to them and back, with records of their own",
    ),
    yes(
        "AWS Network Firewall",
        "endpoints by zone; stateless and stateful rules of the five-tuple, both rule orders, default actions, flows that are passed as a whole, asymmetric routing; a rule that tests more, a domain list or a managed group is `unknown` where it could decide otherwise; policies and rule groups that other accounts share are read as any, and endpoints of a firewall that another account shares are `unknown`",
    ),
    yes(
        "Traffic Mirroring",
        "filters and sessions between interfaces: copies by the routes of the source, past its security groups, judged at the target and in its records alone; not Network Load Balancers and Gateway Load Balancer endpoints as targets, not Amazon DNS, not copies of traffic of profiles",
    ),
    yes(
        "VPC Lattice",
        "services, listeners, targets, service networks with their VPCs; the groups of client, association and target, network ACLs of both subnets; auth policies are `unknown`; not endpoints of service networks, nor resource configurations",
    ),
    yes("VPC Block Public Access", "both modes, exclusions of VPCs and subnets, `BPA` in records"),
    not_yet(
        "local and carrier gateways, core networks",
        "they can be named and routed to, with a warning; a path through them ends as `unknown`, and the records end before it",
    ),
    not_yet(
        "what a host forwards of which AWS's JSON alone tells, addresses of one's own brought to AWS",
        "routes to them are read; what takes such a route ends as `unknown`",
    ),
    not_yet("sublocations", "their fields exist and hold `-`"),
    not_yet(
        "interfaces of other services of AWS, API Gateway and QuickSight among them",
        "AWS's JSON tells of them; what they may decide is `unknown`",
    ),
    not_yet("Terraform and CloudFormation as input", "networks are read from YAML and from AWS's JSON"),
];
