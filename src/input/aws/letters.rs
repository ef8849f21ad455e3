//! Ids in other letters: AWS writes them small, and one that somebody wrote otherwise would seem to be another's.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Diagnostics, problems};
use crate::model::inventory::{Destination, Inventory, Peer, Reference};
use crate::model::{Identity, said};

/// Tells of references that differ from an id of the inventory in capital letters alone.
pub(super) fn check_letters(inventory: &Inventory, problems: &mut Diagnostics) {
    let ids = || identities(inventory).map(|identity| identity.id.as_str());
    let capital: HashMap<String, &str> =
        ids().filter(|id| has_capital(id)).map(|id| (id.to_ascii_lowercase(), id)).collect();
    if capital.is_empty() && !references(inventory).any(|reference| has_capital(&reference.value)) {
        return;
    }
    let known: HashSet<&str> = ids().collect();
    for reference in references(inventory).filter(|reference| !known.contains(reference.value.as_str())) {
        let small = reference.value.to_ascii_lowercase();
        if let Some(id) = known.get(small.as_str()).or_else(|| capital.get(&small)) {
            problems.push(problems::other_letters(reference.origin, said(id, true)));
        }
    }
}

fn has_capital(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_uppercase())
}

fn identities(inventory: &Inventory) -> impl Iterator<Item = &Identity> {
    let vpcs = inventory.vpcs.iter().map(|of| &of.identity);
    let subnets = inventory.subnets.iter().map(|of| &of.identity);
    let lists = inventory.prefix_lists.iter().map(|of| &of.identity);
    let acls = inventory.network_acls.iter().map(|of| &of.identity);
    let groups = inventory.security_groups.iter().map(|of| &of.identity);
    let tables = inventory.route_tables.iter().map(|of| &of.identity);
    let gateways = inventory.gateways.iter().map(|of| &of.identity);
    let instances = inventory.instances.iter().map(|of| &of.identity);
    let cards = inventory.network_interfaces.iter().map(|of| &of.identity);
    vpcs.chain(subnets)
        .chain(lists)
        .chain(acls)
        .chain(groups)
        .chain(tables)
        .chain(gateways)
        .chain(instances)
        .chain(cards)
}

/// Everything that is named in the place of something else.
fn references(inventory: &Inventory) -> impl Iterator<Item = &Reference> {
    let subnets =
        inventory.subnets.iter().flat_map(|of| [&of.vpc, &of.network_acl, &of.route_table]).flatten();
    let owned = inventory.security_groups.iter().map(|of| &of.vpc);
    let owned = owned.chain(inventory.network_acls.iter().map(|of| &of.vpc));
    let owned = owned.chain(inventory.route_tables.iter().map(|of| &of.vpc));
    let owned = owned.chain(inventory.gateways.iter().map(|of| &of.vpc)).flatten();
    let rules = inventory.security_groups.iter().flat_map(|of| [&of.rules.ingress, &of.rules.egress]);
    let peers = rules.flatten().flatten().filter_map(|rule| match &rule.peer {
        Peer::Cidr(_) => None,
        Peer::Named(of) | Peer::Group(of) | Peer::PrefixList(of) => Some(of),
    });
    let routes = inventory.route_tables.iter().flat_map(|table| &table.routes).flat_map(|route| {
        let list = match &route.destination {
            Destination::PrefixList(list) => Some(list),
            Destination::Cidr(_) => None,
        };
        [Some(&route.target), list].into_iter().flatten()
    });
    let cards = inventory.network_interfaces.iter().flat_map(|card| {
        let groups = card.security_groups.iter().flatten();
        [Some(&card.subnet), card.instance.as_ref()].into_iter().flatten().chain(groups)
    });
    let logs = inventory.flow_logs.iter().flatten().map(|log| &log.resource);
    subnets.chain(owned).chain(peers).chain(routes).chain(cards).chain(logs)
}
