//! From an [`Inventory`] to a [`Network`]: references become indices, defaults are added, and everything that
//! AWS would refuse is diagnosed, all at once.

mod addresses;
mod blocks;
mod connection;
mod flow_logs;
mod names;
mod routes;
mod rules;
mod subnets;

use std::collections::BTreeSet;

use names::Names;

use super::inventory::{self, Inventory, Reference};
use super::network::{AddressIndex, Vpc};
use super::{Arena, Gateway, GatewayKind, Identity, Index, Instance, Network, is_nitro};
use crate::diagnostic::{Diagnostics, problems};
use crate::net::Cidr;

impl Network {
    /// Resolves an inventory. `None` when an error was found; `problems` then says which.
    pub fn resolve(inventory: &Inventory, problems: &mut Diagnostics) -> Option<Self> {
        let names = AllNames::of(inventory, problems);
        // Flow logs are not referred to, but their names are unique too.
        let flow_logs = inventory.flow_logs.iter().flatten().map(|flow_log| &flow_log.identity);
        Names::new("flow log", flow_logs, &mut BTreeSet::new(), problems);
        let mut resolver = Resolver { inventory, names, unclear: None, problems };
        let network = resolver.network();
        (!problems.has_errors()).then_some(network)
    }
}

/// Names by kind. Default resources that nobody wrote stand behind those that were read.
struct AllNames<'a> {
    vpcs: Names<'a>,
    subnets: Names<'a>,
    prefix_lists: Names<'a>,
    network_acls: Names<'a>,
    security_groups: Names<'a>,
    route_tables: Names<'a>,
    gateways: Names<'a>,
    instances: Names<'a>,
    network_interfaces: Names<'a>,
}

impl<'a> AllNames<'a> {
    fn of(inventory: &'a Inventory, problems: &mut Diagnostics) -> Self {
        let mut told = BTreeSet::new();
        macro_rules! names {
            ($kind:literal, $section:ident) => {
                Names::new($kind, inventory.$section.iter().map(|of| &of.identity), &mut told, problems)
            };
        }
        Self {
            vpcs: names!("VPC", vpcs),
            subnets: names!("subnet", subnets),
            prefix_lists: names!("prefix list", prefix_lists),
            network_acls: names!("network ACL", network_acls),
            security_groups: names!("security group", security_groups),
            route_tables: names!("route table", route_tables),
            gateways: names!("gateway", gateways),
            instances: names!("instance", instances),
            network_interfaces: names!("network interface", network_interfaces),
        }
    }
}

struct Resolver<'a, 'p> {
    inventory: &'a Inventory,
    names: AllNames<'a>,
    /// Stands for the VPC of what names none, so that the rest can be checked as well. Present only beside an error.
    unclear: Option<Index<Vpc>>,
    problems: &'p mut Diagnostics,
}

impl Resolver<'_, '_> {
    fn network(&mut self) -> Network {
        let inventory = self.inventory;
        let mut vpcs = self.vpcs();
        let gateways = self.gateways(&mut vpcs);
        let security_groups = self.security_groups(&vpcs);
        let network_acls = self.network_acls(&vpcs);
        let route_tables = self.route_tables(&vpcs, &gateways);
        let subnets = self.subnets(&vpcs, &network_acls, &route_tables);
        let mut network = Network {
            account: inventory.account.clone(),
            region: inventory.region.clone(),
            instances: self.instances(),
            flow_logs: Arena::default(),
            network_interfaces: Arena::default(),
            addresses: AddressIndex::default(),
            vpcs,
            subnets,
            network_acls,
            security_groups,
            route_tables,
            gateways,
        };
        self.network_interfaces(&mut network);
        network.flow_logs = self.flow_logs(&network);
        network
    }

    fn vpcs(&mut self) -> Arena<Vpc> {
        for vpc in &self.inventory.vpcs {
            self.check_vpc(vpc);
        }
        let blocks = |vpc: &inventory::Vpc| vpc.cidr_blocks.iter().map(|block| block.value).collect();
        let resolved = |vpc: &inventory::Vpc| Vpc {
            identity: vpc.identity.clone(),
            cidr_blocks: blocks(vpc),
            internet_gateway: None,
        };
        let mut vpcs: Arena<Vpc> = self.inventory.vpcs.iter().map(resolved).collect();
        if self.has_unclear_vpc() {
            let identity = Identity::default("vpc", String::new(), None);
            self.unclear = Some(vpcs.push(Vpc { identity, cidr_blocks: Vec::new(), internet_gateway: None }));
        }
        vpcs
    }

    /// Whether the VPC of something cannot be told; [`Resolver::vpc`] then says of what.
    fn has_unclear_vpc(&self) -> bool {
        let inventory = self.inventory;
        let subnets = inventory.subnets.iter().map(|subnet| &subnet.vpc);
        let acls = inventory.network_acls.iter().map(|acl| &acl.vpc);
        let groups = inventory.security_groups.iter().map(|group| &group.vpc);
        let tables = inventory.route_tables.iter().map(|table| &table.vpc);
        let mut all = subnets.chain(acls).chain(groups).chain(tables);
        all.any(|reference| self.find_vpc(reference.as_ref()).is_none())
    }

    fn find_vpc(&self, reference: Option<&Reference>) -> Option<Index<Vpc>> {
        match (reference, self.inventory.vpcs.as_slice()) {
            (Some(reference), _) => self.names.vpcs.get(&reference.value).map(Index::new),
            (None, [_]) => Some(Index::new(0)),
            (None, _) => None,
        }
    }

    /// The VPC that `reference` names, or the only one there is.
    fn vpc(&mut self, reference: Option<&Reference>, owner: &Identity) -> Index<Vpc> {
        if let Some(found) = self.find_vpc(reference) {
            return found;
        }
        match reference {
            Some(reference) => drop(self.names.vpcs.find(reference, self.problems)),
            // Without any VPC, or when its key was misread, another message says so.
            None if self.inventory.vpcs.is_empty() || self.problems.concern(owner.origin) => {}
            None => {
                let message = format!("the VPC of `{}` is not clear", owner.name);
                self.problems.push(problems::ambiguous_reference(
                    owner.origin,
                    message,
                    "there are several: add `vpc: NAME`",
                ));
            }
        }
        self.unclear.unwrap_or(Index::new(0))
    }

    fn gateways(&mut self, vpcs: &mut Arena<Vpc>) -> Arena<Gateway> {
        let mut resolved = Arena::default();
        for gateway in &self.inventory.gateways {
            let vpc =
                gateway.vpc.as_ref().and_then(|vpc| self.names.vpcs.find(vpc, self.problems)).map(Index::new);
            let index =
                resolved.push(Gateway { identity: gateway.identity.clone(), kind: gateway.kind, vpc });
            if gateway.kind != GatewayKind::InternetGateway {
                continue;
            }
            let Some(vpc) = vpc.and_then(|vpc| vpcs.get_mut(vpc)) else { continue };
            if let Some(first) = vpc.internet_gateway.replace(index) {
                let help = format!(
                    "detach `{}`: a VPC has at most one internet gateway",
                    resolved[first].identity.name
                );
                let message = format!("VPC `{}` already has an internet gateway", vpc.identity.name);
                let problem = problems::mismatch(gateway.identity.origin, message, &help);
                self.problems.push(problem.related(resolved[first].identity.origin, "the first one"));
            }
        }
        resolved
    }

    fn instances(&mut self) -> Arena<Instance> {
        let mut counts = vec![0; self.inventory.instances.len()];
        let owners = self.inventory.network_interfaces.iter().filter_map(|card| card.instance.as_ref());
        for owner in owners.filter_map(|owner| self.names.instances.get(&owner.value)) {
            if let Some(count) = counts.get_mut(owner) {
                *count += 1;
            }
        }
        let instances = self.inventory.instances.iter();
        instances
            .zip(counts)
            .map(|(instance, interface_count)| Instance {
                identity: instance.identity.clone(),
                instance_type: instance.instance_type.clone(),
                nitro: instance.instance_type.as_deref().is_none_or(is_nitro),
                interface_count,
                listens: instance.listens.clone(),
                closed_ports: instance.closed_ports,
            })
            .collect()
    }
}

/// The default of `vpc`: the one somebody wrote under AWS's name for it, or the one that stands for it
/// behind the `written` ones.
fn default_of<T>(
    arena: &Arena<T>,
    written: usize,
    vpc: Index<Vpc>,
    vpc_of: impl Fn(&T) -> Index<Vpc>,
    name: &str,
    identity: impl Fn(&T) -> &Identity,
) -> Option<Index<T>> {
    let mut of_vpc = arena.enumerate().filter(|(_, value)| vpc_of(value) == vpc);
    of_vpc
        .find(|(index, value)| index.position() >= written || identity(value).name == name)
        .map(|(index, _)| index)
}

/// Name of a default resource of `vpc`: `default`, or `default-NAME` when there are several VPCs.
fn default_name(base: &str, vpc: &Vpc, vpcs: usize) -> String {
    if vpcs == 1 { base.to_owned() } else { format!("{base}-{}", vpc.identity.name) }
}

fn join(blocks: &[Cidr]) -> String {
    blocks.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
