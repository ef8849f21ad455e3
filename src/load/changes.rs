//! The networks that events make of the first: resolved, and what AWS does not change refused.

use std::collections::{HashMap, HashSet};

use super::formats_of;
use crate::diagnostic::{Diagnostics, Origin, Sources, problems};
use crate::input::{ChangeText, ScenarioText};
use crate::model::inventory::{Gateway, GatewayForm, Inventory};
use crate::model::{
    Availability, FlowLog, FlowLogResource, Index, Network, NetworkInterface, ProfiledTraffic, inventory,
};
use crate::net::Family;
use crate::scenario::Change;
use crate::timeline::Numbering;

/// Whether both ends of each connection are known in the network in which it begins.
pub(super) fn check_ends(read: &ScenarioText, problems: &mut Diagnostics) -> Vec<bool> {
    if read.changes.is_empty() {
        return read.inventory.check_ends(&read.connections, problems);
    }
    let mut check = |connection: &inventory::Connection| {
        let begun = read.changes.iter().take_while(|change| change.at.value <= connection.begin()).last();
        let Some(change) = begun else {
            return read.inventory.check_ends(std::slice::from_ref(connection), problems) == [true];
        };
        let mut own = Diagnostics::default();
        let are_known = change.inventory.check_ends(std::slice::from_ref(connection), &mut own) == [true];
        problems.extend(own.iter().cloned().map(|problem| problem.after_removal(&change.gone)));
        are_known
    };
    read.connections.iter().map(&mut check).collect()
}

/// What events make of the network, resolved. What is noticed of one network is not told again of the next.
pub(super) fn resolve(
    read: Vec<ChangeText>,
    (inventory, first): (&Inventory, &Network),
    sources: &Sources,
    problems: &mut Diagnostics,
) -> Vec<Change> {
    let mut all: Vec<Change> = Vec::new();
    let mut peerings: Vec<Gateway> = peerings_of(inventory).cloned().collect();
    for mut change in read {
        let mut own = Diagnostics::default();
        keep_deleted(&mut peerings, &mut change.inventory);
        change.inventory.keep_addresses(all.last().map_or(first, |before| &before.network));
        let mut network = Network::resolve(&change.inventory, &mut own);
        let formats = formats_of(&change.inventory, sources, &mut own);
        problems.join_new(own, change.at.origin, &change.gone);
        if let Some(network) = &mut network {
            let before = all.last().map_or(first, |before| &before.network);
            network.release_addresses(before);
            check_windows(before, network, change.at.origin, problems);
        }
        let (at, name) = (change.at.value, change.name);
        all.extend(network.map(|network| Change { at, name, network, formats, edges: Vec::new() }));
    }
    all
}

fn peerings_of(inventory: &Inventory) -> impl Iterator<Item = &Gateway> {
    let is_peering = |gateway: &&Gateway| matches!(gateway.form, GatewayForm::VpcPeeringConnection { .. });
    inventory.gateways.iter().filter(is_peering)
}

/// A peering connection that is removed is deleted: rules that name groups of its other VPC stay, are stale, and match
/// nothing. `known` are those of earlier networks.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html#vpc-peering-stale-groups>
fn keep_deleted(known: &mut Vec<Gateway>, inventory: &mut Inventory) {
    let now: Vec<Gateway> = peerings_of(inventory).cloned().collect();
    let names = |gateway: &Gateway| (gateway.identity.name.clone(), gateway.identity.id.clone());
    let taken: HashSet<_> =
        inventory.gateways.iter().flat_map(|gateway| <[_; 2]>::from(names(gateway))).collect();
    known.retain(|gateway| <[_; 2]>::from(names(gateway)).iter().all(|name| !taken.contains(name)));
    let has_vpc = |side: &inventory::PeeringSide| {
        side.vpc.as_ref().is_none_or(|vpc| {
            let mut vpcs = inventory.vpcs.iter();
            vpcs.any(|own| [&own.identity.name, &own.identity.id].contains(&&vpc.value))
        })
    };
    let deleted = known.iter().filter_map(|gateway| match &gateway.form {
        GatewayForm::VpcPeeringConnection { requester, accepter, .. }
            if has_vpc(requester) && has_vpc(accepter) =>
        {
            let (requester, accepter) = (requester.clone(), accepter.clone());
            let form = GatewayForm::VpcPeeringConnection { requester, accepter, state: "deleted" };
            Some(Gateway { availability: Availability::NotAvailable, form, ..gateway.clone() })
        }
        _ => None,
    });
    let deleted: Vec<Gateway> = deleted.collect();
    inventory.gateways.extend(deleted);
    known.extend(now);
}

/// Refuses a change of what AWS does not change: flow logs, the type of an instance that runs, where an interface is.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-limitations.html>
fn check_windows(before: &Network, after: &Network, at: Option<Origin>, problems: &mut Diagnostics) {
    let logs: HashMap<&str, &FlowLog> = before.flow_logs.iter().map(|log| (&*log.identity.id, log)).collect();
    let text = |log: &FlowLog| log.log_format.as_ref().map(|format| format.value.clone());
    let watched = |network: &Network, log: &FlowLog| match log.resource {
        FlowLogResource::Vpc(vpc) => network.vpcs[vpc].identity.id.clone(),
        FlowLogResource::Subnet(subnet) => network.subnets[subnet].identity.id.clone(),
        FlowLogResource::NetworkInterface(card) => network.network_interfaces[card].identity.id.clone(),
        FlowLogResource::TransitGateway(gateway) => network.gateways[gateway].identity.id.clone(),
        FlowLogResource::TransitGatewayAttachment(attachment) => {
            network.vantage_id(attachment.into()).to_owned()
        }
    };
    let settings = |network: &Network, log: &FlowLog| {
        let interval = (log.max_aggregation_interval, log.record_times);
        let shown = (log.tag_fields.clone(), log.account.clone());
        (log.traffic_type, interval, text(log), shown, watched(network, log))
    };
    for log in &after.flow_logs {
        let own = logs.get(&*log.identity.id);
        if own.is_some_and(|own| settings(before, own) != settings(after, log)) {
            let message = format!("AWS changes nothing of a flow log, and this changes `{}`", log.identity);
            let help = "remove it, and add another one under a new name";
            problems.push(problems::mismatch(at, message, help));
        }
    }
    let cards: HashMap<&str, Index<NetworkInterface>> =
        before.network_interfaces.enumerate().map(|(index, card)| (&*card.identity.id, index)).collect();
    for (index, card) in after.network_interfaces.enumerate() {
        let Some(own) = cards.get(&*card.identity.id) else { continue };
        let place = |network: &Network, card: &NetworkInterface| {
            (network.subnets[card.subnet].identity.id.clone(), card.primary_address(Family::V4))
        };
        let (label, known) = (after.interface_label(index), &before.network_interfaces[*own]);
        let what = if before.is_nitro(*own) != after.is_nitro(index) {
            "the windows of `{}` would change with the type of its instance"
        } else if place(before, known) != place(after, card) {
            "`{}` would get another subnet or another primary address"
        } else {
            continue;
        };
        let message = what.replace("{}", &label.to_string());
        let help = "AWS does not do that to what exists: remove it, and add one under a new name";
        problems.push(problems::mismatch(at, message, help));
    }
}

/// Gives each change the edges of `traffic` as its network has them. What an edge is for may be there no more: then it is
/// an address that nobody has.
pub(super) fn move_edges(
    changes: &mut [Change],
    numberings: &[Numbering],
    traffic: &[ProfiledTraffic],
    problems: &mut Diagnostics,
) {
    /// Edges in all networks together; each is walked.
    const MOST: usize = 1_000_000;
    let count: usize = traffic.iter().map(|traffic| traffic.edges.len()).sum();
    if count.saturating_mul(changes.len()) > MOST {
        let message =
            format!("{count} pairs of a client and a service are too many for {} events", changes.len());
        let help = "name fewer ends of `traffic`, or have fewer events";
        problems.push(problems::invalid_value(None, message, help));
        return;
    }
    let Some((first, later)) = numberings.split_first() else { return };
    for (change, own) in changes.iter_mut().zip(later) {
        let edges = traffic.iter().flat_map(|traffic| &traffic.edges);
        change.edges = edges.map(|edge| own.connection(first, edge)).collect();
    }
}
