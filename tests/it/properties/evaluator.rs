//! A second evaluator, naive on purpose: AWS's rules once more, for connections between two instances of one VPC by
//! their private addresses and a fixed source port. It shares no code with the library and reads no scenario.
//!
//! Security groups: <https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html>; which flows they
//! track: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html>; network ACLs:
//! <https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html>.

use std::net::IpAddr;

use super::network::{Both, Connection, End, Entry, Instance, Kind, Remote, Rule, Service, World};

/// A packet: addresses, protocol number, and what the protocol adds.
#[derive(Clone, Copy)]
struct Packet {
    source: IpAddr,
    destination: IpAddr,
    protocol: u8,
    source_port: u16,
    destination_port: u16,
    icmp: (u8, u8),
}

/// The outcome of a connection between two instances; `None` when the ends are others.
pub(super) fn outcome(world: &World, connection: &Connection) -> Option<&'static str> {
    let (End::Instance(client), End::Instance(server)) = (&connection.from, &connection.to) else {
        return None;
    };
    let (client, server) = (*client, *server);
    let request = packet(world, connection, client, server);
    let arrives = leaves(world, client, server, &request)
        && crosses(world, client, server, &request)
        && admitted(world, &world.instances[server].groups, true, &request, client);
    if !arrives {
        return Some("blocked");
    }
    let Some(reply) = reply(&request) else { return Some("connected") };
    let (a, b) = (&world.instances[client], &world.instances[server]);
    // A group that remembers the request lets the reply pass; one that does not asks its rules.
    let out = tracked(world, b, true, &request, client) || leaves(world, server, client, &reply);
    let back = tracked(world, a, false, &request, server) || admitted(world, &a.groups, true, &reply, server);
    let answered = answers(b, &request) && out && crosses(world, server, client, &reply) && back;
    Some(if answered { "connected" } else { "unanswered" })
}

fn packet(world: &World, connection: &Connection, client: usize, server: usize) -> Packet {
    let address = |instance| world.private_ip(instance, connection.v6).parse().unwrap();
    let (protocol, destination_port, icmp) = match (connection.kind, connection.v6) {
        (Kind::Tcp(port), _) => (6, port, (0, 0)),
        (Kind::Udp(port), _) => (17, port, (0, 0)),
        (Kind::Gre, _) => (47, 0, (0, 0)),
        (Kind::Icmp(message), v6) => {
            let echo = if v6 { (128, 0) } else { (8, 0) };
            let (kind, code) = message.split_once('/').unwrap_or((message, "0"));
            let icmp = kind.parse().ok().zip(code.parse().ok()).unwrap_or(echo);
            (if v6 { 58 } else { 1 }, 0, icmp)
        }
    };
    let source_port = connection.source_port.unwrap_or(0);
    Packet {
        source: address(client),
        destination: address(server),
        protocol,
        source_port,
        destination_port,
        icmp,
    }
}

/// What the server sends back, if such a packet is answered at all.
fn reply(request: &Packet) -> Option<Packet> {
    let icmp = match (request.protocol, request.icmp) {
        (1, (8, code)) => (0, code),
        (1, (13, code)) => (14, code),
        (58, (128, code)) => (129, code),
        (1 | 58, _) => return None,
        (_, none) => none,
    };
    Some(Packet {
        source: request.destination,
        destination: request.source,
        source_port: request.destination_port,
        destination_port: request.source_port,
        icmp,
        ..*request
    })
}

/// Security groups of the sender.
fn leaves(world: &World, from: usize, to: usize, packet: &Packet) -> bool {
    admitted(world, &world.instances[from].groups, false, packet, to)
}

/// Network ACLs and the route, when the packet leaves its subnet at all.
fn crosses(world: &World, from: usize, to: usize, packet: &Packet) -> bool {
    let (here, there) = (world.instances[from].subnet, world.instances[to].subnet);
    if here == there {
        return true;
    }
    // The local route, but for a more specific one for the other subnet.
    let cut_off = world.subnets[here].routes.iter().any(|(destination, target)| {
        *target == "blackhole" && destination.ends_with("/24") && within(destination, packet.destination)
    });
    passes(world, here, false, packet) && !cut_off && passes(world, there, true, packet)
}

/// The lowest number that matches decides; the default network ACL allows everything.
fn passes(world: &World, subnet: usize, ingress: bool, packet: &Packet) -> bool {
    let Some(acl) = world.subnets[subnet].acl else { return true };
    let entries = side(&world.acls[acl], ingress);
    let far = if ingress { packet.source } else { packet.destination };
    let matches = |entry: &&Entry| within(entry.block, far) && is_of(entry.service, packet);
    entries.iter().filter(matches).min_by_key(|entry| entry.number).is_some_and(|entry| entry.allow)
}

/// Any rule of any group.
fn admitted(world: &World, groups: &[usize], ingress: bool, packet: &Packet, far: usize) -> bool {
    rules(world, groups, ingress).any(|rule| admits(world, rule, ingress, packet, far))
}

fn rules<'w>(world: &'w World, groups: &'w [usize], ingress: bool) -> impl Iterator<Item = &'w Rule> {
    groups.iter().flat_map(move |group| side(&world.groups[*group], ingress))
}

fn admits(world: &World, rule: &Rule, ingress: bool, packet: &Packet, far: usize) -> bool {
    let address = if ingress { packet.source } else { packet.destination };
    let names_it = match &rule.remote {
        Remote::Block(block) => within(block, address),
        Remote::Group(group) => world.instances[far].groups.contains(group),
        Remote::List(list) => world.lists[*list].iter().any(|block| within(block, address)),
    };
    names_it && is_of(rule.service, packet)
}

/// Whether the groups of `at` remember the flow that `request` opened there. TCP and UDP are not remembered when a
/// rule for all addresses admits them and the other direction has a rule for all addresses and all ports.
fn tracked(world: &World, at: &Instance, ingress: bool, request: &Packet, far: usize) -> bool {
    let everyone = if request.source.is_ipv4() { "0.0.0.0/0" } else { "::/0" };
    let for_all = |rule: &&Rule| rule.remote == Remote::Block(everyone);
    let by_open = rules(world, &at.groups, ingress)
        .filter(for_all)
        .any(|rule| admits(world, rule, ingress, request, far));
    let all_ports = match request.protocol {
        6 => Service::Tcp(0, 65_535),
        17 => Service::Udp(0, 65_535),
        _ => return true,
    };
    let mut answering = rules(world, &at.groups, !ingress).filter(for_all);
    let open_answer = answering.any(|rule| rule.service == Service::All || rule.service == all_ports);
    !(by_open && open_answer)
}

/// Whether the host answers with a packet of the flow. What nobody listens for is dropped by a firewall of the host, or
/// else refused: TCP by TCP, UDP by nothing of the flow. The kernel itself answers what has no ports.
fn answers(server: &Instance, request: &Packet) -> bool {
    match server.listens {
        None => true,
        Some((service, drops)) => is_of(service, request) || (!drops && request.protocol != 17),
    }
}

fn is_of(service: Service, packet: &Packet) -> bool {
    let port = packet.destination_port;
    match service {
        Service::All => true,
        Service::Tcp(from, to) => packet.protocol == 6 && (from..=to).contains(&port),
        Service::Udp(from, to) => packet.protocol == 17 && (from..=to).contains(&port),
        Service::Icmp { v6, kind } => {
            let same = |(kind, code): (u8, Option<u8>)| {
                kind == packet.icmp.0 && code.is_none_or(|code| code == packet.icmp.1)
            };
            packet.protocol == if v6 { 58 } else { 1 } && kind.is_none_or(same)
        }
        Service::Gre => packet.protocol == 47,
    }
}

fn side<T>(both: &Both<T>, ingress: bool) -> &[T] {
    if ingress { &both.ingress } else { &both.egress }
}

/// Whether the first bits of an address are those of the block.
fn within(block: &str, address: IpAddr) -> bool {
    let (base, length) = block.split_once('/').unwrap();
    let bits = |address: IpAddr| match address {
        IpAddr::V4(v4) => (32, u128::from(u32::from(v4))),
        IpAddr::V6(v6) => (128, u128::from(v6)),
    };
    let ((width, base), (other, address)) = (bits(base.parse().unwrap()), bits(address));
    let rest = width - length.parse::<u32>().unwrap();
    width == other && base.checked_shr(rest).unwrap_or(0) == address.checked_shr(rest).unwrap_or(0)
}
