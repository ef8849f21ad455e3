//! Connections through the estate: anybody to anybody, or as programs do it.

use std::time::Duration;

use flowcast::model::{
    Connection, EPHEMERAL_PORTS, Endpoint, Exchange, Index, Network, NetworkInterface, Peer, Request,
};
use flowcast::net::{Direction, Family, IcmpType, PortRange, Protocol};

use super::random::Random;
use super::rules::PORTS;
use super::v4;

/// Connections between any two interfaces, and some with the internet; most of them are refused.
pub(crate) fn random(network: &Network, count: usize) -> Vec<Connection> {
    let mut random = Random::new(2);
    let cards: Vec<_> = network.network_interfaces.enumerate().map(|(index, _)| index).collect();
    (0..count).map(|number| anyone(network, &cards, number, &mut random)).collect()
}

/// Connections within a VPC, many in turn from one interface, to a port that a rule of the server names.
pub(crate) fn local(network: &Network, count: usize) -> Vec<Connection> {
    let mut random = Random::new(3);
    let mut by_vpc = vec![Vec::new(); network.vpcs.len()];
    for (index, _) in network.network_interfaces.enumerate() {
        by_vpc[network.vpc_of(index).position()].push(index);
    }
    by_vpc.retain(|cards| cards.len() > 1);
    let mut client = by_vpc[0][0];
    let mut neighbours = &by_vpc[0];
    let connection = |number: usize| {
        if number.is_multiple_of(16) {
            neighbours = random.of(&by_vpc);
            client = *random.of(neighbours);
        }
        let mut server = *random.of(neighbours);
        while server == client {
            server = *random.of(neighbours);
        }
        let (protocol, port) = wanted(network, server, &mut random);
        between(network, client, server, protocol, port, number)
    };
    (0..count).map(connection).collect()
}

fn anyone(
    network: &Network,
    cards: &[Index<NetworkInterface>],
    number: usize,
    random: &mut Random,
) -> Connection {
    let (from, to) = (*random.of(cards), *random.of(cards));
    let port = *random.of(PORTS);
    let kind = random.below(20);
    let protocol = match kind {
        0 => Protocol::ICMP,
        1..5 => Protocol::UDP,
        _ => Protocol::TCP,
    };
    let mut connection = between(network, from, to, protocol, port, number);
    let address = v4(0xc000_0200 + u32::try_from(random.below(200)).expect("it is small"));
    match kind {
        18 => {
            connection.to = Endpoint::Address(address);
            connection.request.destination = address;
        }
        19 => {
            let card = &network.network_interfaces[to];
            let own = card.private_ip_addresses[0];
            connection.from = Endpoint::Address(address);
            connection.request.source = address;
            connection.request.destination = own.public_ip.unwrap_or(own.private_ip);
        }
        _ if from == to => connection.request.destination = address,
        _ => {}
    }
    connection
}

/// What a rule of `server` names, if it is for TCP or UDP.
fn wanted(network: &Network, server: Index<NetworkInterface>, random: &mut Random) -> (Protocol, u16) {
    let rules: Vec<_> = network.security_group_rules(server, Direction::Ingress).collect();
    let (.., rule) = random.of(&rules);
    let service = rule.test.service;
    let protocol = service.protocol.filter(|protocol| protocol.has_ports()).unwrap_or(Protocol::TCP);
    let by_group = matches!(rule.peer, Peer::Member(_));
    let port = if by_group || service.ports == PortRange::ALL { 443 } else { service.ports.from() };
    (protocol, port)
}

fn between(
    network: &Network,
    from: Index<NetworkInterface>,
    to: Index<NetworkInterface>,
    protocol: Protocol,
    port: u16,
    number: usize,
) -> Connection {
    let (client, server) = (&network.network_interfaces[from], &network.network_interfaces[to]);
    let both = |family| Some((client.primary_address(family)?, server.primary_address(family)?));
    let family = if number.is_multiple_of(8) && !protocol.is_icmp() { Family::V6 } else { Family::V4 };
    let (source, destination) =
        both(family).or(both(Family::V4)).expect("every interface has an IPv4 address");
    let has_ports = protocol.has_ports();
    let ephemeral = &EPHEMERAL_PORTS[0];
    let range = PortRange::new(ephemeral.from, ephemeral.to).expect("from is not above to");
    Connection {
        name: format!("c{number}"),
        from: Endpoint::Interface(from),
        to: Endpoint::Interface(to),
        alternatives: Vec::new(),
        proxies: 0,
        is_health_check: false,
        port_choice: 0,
        shares_flow: false,
        near_alternatives: Vec::new(),
        doubt: None,
        labels: [client.identity.id.clone(), server.identity.id.clone()],
        request: Request {
            source,
            destination,
            protocol,
            port: has_ports.then_some(port),
            icmp: protocol.is_icmp().then_some(IcmpType { kind: 8, code: 0 }),
        },
        source_ports: if has_ports { range } else { PortRange::single(0) },
        ephemeral: has_ports.then_some(ephemeral),
        at: Duration::from_millis(u64::try_from(number % 3_000_000).expect("it is small")),
        exchange: Exchange::default(),
        bursts: None,
        origin: None,
    }
}
