//! How a connection ends that needs no walk: between two hosts of a network whose rules are known, of which all there is
//! to ask is whether security groups and network ACLs let it through.
//!
//! Most connections are like that. The stages are those of a walk, in its order, and asked by the same functions; what is
//! left out is what such a packet cannot meet. Wherever anything else may matter there is no answer, and the walk is taken.

use super::choices::Choices;
use super::leg::{Next, Walker};
use super::ports::action_for_all;
use super::sender::Sender;
use super::toward::Toward;
use super::{Decision, Leg, Memory, Silent};
use crate::model::{
    Connection, Endpoint, Index, Network, NetworkInterface, Outcome, RuleAction, Subnet, Tracking,
};
use crate::net::{Direction, Header, PortRange, Protocol};

/// Below are ports of services that no rule sees, see [`ReservedTraffic`](crate::model::ReservedTraffic).
const FIRST_PLAIN_PORT: u16 = 1024;

/// How `connection` ends, if it is certain without a walk.
pub(super) fn outcome(network: &Network, connection: &Connection) -> Option<Outcome> {
    let (Endpoint::Interface(client), Endpoint::Interface(server)) = (connection.from, connection.to) else {
        return None;
    };
    let range = connection.source_ports;
    let header = connection.request.header(range.from());
    let is_plain = connection.alternatives.is_empty()
        && connection.near_alternatives.is_empty()
        && connection.doubt.is_none()
        && matches!(header.protocol, Protocol::TCP | Protocol::UDP)
        && range.from() >= FIRST_PLAIN_PORT
        && is_plain_host(network, client, &header, Direction::Egress)
        && is_plain_host(network, server, &header, Direction::Ingress);
    if !is_plain {
        return None;
    }
    let ends = [client, server].map(|end| network.card(end));
    let ([here, there], [from, to]) = (ends.map(|card| card.vpc), ends.map(|card| card.subnet));
    if here != there {
        return None;
    }
    let (memory, mut choices, mut leg) = (Memory::default(), Choices::default(), Leg::default());
    let mut packet = Walker {
        network,
        memory: &memory,
        choices: &mut choices,
        observe: &mut Silent,
        header,
        sender: Sender::direct(client),
        service: None,
        opens: true,
        left: Some(client),
        carried: None,
        is_inspected: false,
        toward: Some(Toward::of(network, server)),
        count: 0,
        leg: &mut leg,
    };
    if packet.exempt(from).is_some() {
        return None;
    }
    // The request. A certain stop decides, whatever stands behind it.
    let (decision, _, remembered_there) = packet.judged_by_groups(client, Direction::Egress, true);
    if decision != Decision::Allow {
        return stopped(decision);
    }
    let crosses = !packet.may_stay_within(from);
    if crosses {
        let acl = network.border(from).network_acl;
        let (decision, _) = packet.judged_by_acl(acl, Direction::Egress);
        if decision != Decision::Allow {
            return stopped(decision);
        }
        if !routes_within(&mut packet, from) {
            return None;
        }
        let acl = network.border(to).network_acl;
        let (decision, _) = packet.judged_by_acl(acl, Direction::Ingress);
        if decision != Decision::Allow {
            return stopped(decision);
        }
    }
    let (decision, _, remembered) = packet.judged_by_groups(server, Direction::Ingress, true);
    if decision != Decision::Allow {
        return stopped(decision);
    }
    // The reply. Groups that remember the flow let it pass. Those that need not remember it have a rule that admits
    // every answer: that is what makes a flow untracked.
    debug_assert!([remembered_there, remembered].iter().all(|tracking| *tracking != Tracking::Automatic));
    packet.header = header.reversed();
    packet.toward = Some(Toward::of(network, client));
    if packet.exempt(to).is_some() {
        return None;
    }
    if !packet.may_stay_within(to) {
        if !routes_within(&mut packet, to) {
            return None;
        }
        for (subnet, direction) in [(to, Direction::Egress), (from, Direction::Ingress)] {
            match for_all(network, subnet, direction, &packet.header, range)? {
                RuleAction::Allow => {}
                RuleAction::Deny => return Some(Outcome::Unanswered),
            }
        }
    }
    Some(Outcome::Connected)
}

/// Whether `interface` is a host that runs and answers, which has its side of `header` as its primary address.
fn is_plain_host(
    network: &Network,
    interface: Index<NetworkInterface>,
    header: &Header,
    direction: Direction,
) -> bool {
    let card = network.card(interface);
    let is_plain = !card.is_idle && !card.is_of_gateway && !card.states_listeners;
    is_plain && card.has_primary(header.remote(direction.opposite()))
}

/// What a decision that is no permission means for a request: a certain stop decides, anything else needs a walk.
fn stopped(decision: Decision) -> Option<Outcome> {
    decision.stops().then_some(Outcome::Blocked)
}

/// Whether the routes of `subnet` deliver the packet within the VPC.
fn routes_within(packet: &mut Walker<'_, Silent>, subnet: Index<Subnet>) -> bool {
    let vpc = packet.network.border(subnet).vpc;
    matches!(packet.choose_route(subnet), (Decision::Pass, _, Next::Router(to)) if to == vpc)
}

/// What the network ACL of `subnet` does with a packet like `header` to every port of `range`, if the same with all.
fn for_all(
    network: &Network,
    subnet: Index<Subnet>,
    direction: Direction,
    header: &Header,
    range: PortRange,
) -> Option<RuleAction> {
    let acl = &network.network_acls[network.border(subnet).network_acl];
    if acl.known { action_for_all(acl, direction, header, range) } else { None }
}
