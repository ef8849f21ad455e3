//! Connections of one scenario that would be one flow: the same ends, ports and protocol, either way, while what remembers
//! flows remembers the earlier one. Each is judged as if it were alone, which is said. Assumed: connections-apart.
//! AWS: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html>

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use crate::diagnostic::{Diagnostics, problems};
use crate::model::inventory::first_of;
use crate::model::{Connection, ConnectionTracking, TcpFlags};
use crate::net::Protocol;
use crate::timeline::at_interface;

/// An end, with its port if the protocol has ports.
type Side = (IpAddr, Option<u16>);

/// Warns of them, once for all repetitions of a connection, and marks them.
pub(super) fn mark(connections: &mut [Connection], problems: &mut Diagnostics) {
    let mut order: Vec<usize> = (0..connections.len()).collect();
    order.sort_by_key(|position| connections.get(*position).map(Connection::begin));
    let mut latest: HashMap<(Protocol, Side, Side), (Duration, usize)> = HashMap::new();
    let mut shared = Vec::new();
    for position in order {
        let Some(connection) = connections.get(position) else { continue };
        let Some(flow) = flow_of(connection) else { continue };
        let end = remembered_until(connection);
        let before = latest.get(&flow).copied().filter(|(end, _)| connection.begin() < *end);
        if let Some((_, earlier)) = before {
            shared.push((earlier, position));
        }
        let longest = before.map_or(end, |(before, _)| before.max(end));
        latest.insert(flow, (longest, position));
    }
    let mut told: Option<&str> = None;
    shared.sort_by_key(|(_, later)| *later);
    for (earlier, later) in &shared {
        let (Some(earlier), Some(later)) = (connections.get(*earlier), connections.get(*later)) else {
            continue;
        };
        let name = first_of(&later.name).0;
        if told == Some(name) {
            continue; // of another repetition
        }
        told = Some(name);
        let message = format!(
            "`{}` has the ends and ports of `{}`, whose flow is remembered when it begins: they are judged apart",
            later.name, earlier.name
        );
        let help = "write both as one connection with `bursts`, or give them different ports";
        problems.push(problems::not_modelled(later.origin, message, help));
    }
    for position in shared.into_iter().flat_map(|(earlier, later)| [earlier, later]) {
        if let Some(connection) = connections.get_mut(position) {
            connection.shares_flow = true;
        }
    }
}

/// What its flow has in common with that of the other direction; nothing where the port is anybody's choice, and nothing
/// of ICMP, of which each echo has a number of its own.
fn flow_of(connection: &Connection) -> Option<(Protocol, Side, Side)> {
    let request = &connection.request;
    if request.protocol.is_icmp() || connection.source_ports.count() != 1 {
        return None;
    }
    let own = request.port.map(|_| connection.source_ports.from());
    let (one, other) = ((request.source, own), (request.destination, request.port));
    Some((request.protocol, one.min(other), one.max(other)))
}

/// Up to when interfaces remember the flow, at the longest: an end or a reset of TCP ends it at once.
fn remembered_until(connection: &Connection) -> Duration {
    let (last, closes) = match &connection.bursts {
        Some(bursts) => {
            let closing = TcpFlags::FIN.0 | TcpFlags::RST.0;
            let closes = bursts.iter().flat_map(|burst| &burst.flags).any(|flags| flags.0 & closing != 0);
            (bursts.iter().map(|burst| burst.until).max().unwrap_or(connection.at), closes)
        }
        None => {
            let exchange = &connection.exchange;
            (connection.at.saturating_add(exchange.requests(false).1.max(exchange.lasts)), true)
        }
    };
    let idle = match connection.request.protocol {
        Protocol::TCP if closes => 0,
        protocol => at_interface(&ConnectionTracking::default(), protocol, true),
    };
    last.saturating_add(Duration::from_millis(idle))
}
