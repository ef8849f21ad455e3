//! From an [`Inventory`] to a [`Network`]: references become indices, defaults are added, and everything that
//! AWS would refuse is diagnosed, all at once.

mod addresses;
mod blocks;
mod connection;
mod edge_tables;
mod endpoints;
mod ends;
mod flow_logs;
mod gateways;
mod group_rules;
mod interfaces;
mod kept_addresses;
mod lattice;
mod load_balancers;
mod managed_ends;
mod managed_services;
mod names;
mod network_acls;
mod peering;
mod prefix_lists;
mod profiled;
mod routes;
mod security_groups;
mod services;
mod sharing;
mod somewhere;
mod strangers;
mod subnets;
mod target_groups;
mod traffic_mirrors;
mod transit_gateways;
mod transit_route_tables;

use std::collections::{BTreeSet, HashMap};

pub(crate) use services::{is_public_dns_name, is_public_service};

use names::Names;
use prefix_lists::PrefixLists;

use super::inventory::{self, Inventory, Provenance, Reference};
use super::network::Vpc;
use super::{
    AddressIndex, Arena, Border, Gateway, GatewayKind, Identity, Index, Instance, Network, NetworkAcl,
    RouteTable, SecurityGroup, is_nitro,
};
use crate::diagnostic::{Diagnostics, problems};
use crate::net::{Cidr, Family};

impl Network {
    /// Resolves an inventory. `None` when an error was found; `problems` then says which.
    pub fn resolve(inventory: &Inventory, problems: &mut Diagnostics) -> Option<Self> {
        let names = AllNames::of(inventory, problems);
        // Flow logs are not referred to, but their names are unique too.
        let flow_logs = inventory.flow_logs.iter().flatten().map(|flow_log| &flow_log.identity);
        Names::new("flow log", inventory.is_confidential, flow_logs, &mut BTreeSet::new(), problems);
        if problems.is_full() {
            return None; // what else there is would only be counted
        }
        let observed = inventory.provenance == Provenance::Observed;
        let mut resolver = Resolver {
            inventory,
            names,
            observed,
            defaults: Vec::new(),
            lists: PrefixLists::of(&inventory.prefix_lists),
            external_groups: HashMap::new(),
            unclear: None,
            problems,
        };
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
    target_groups: Names<'a>,
    instances: Names<'a>,
    network_interfaces: Names<'a>,
    traffic_mirror_filters: Names<'a>,
}

impl<'a> AllNames<'a> {
    fn of(inventory: &'a Inventory, problems: &mut Diagnostics) -> Self {
        let mut told = BTreeSet::new();
        macro_rules! names {
            ($kind:literal, $section:ident) => {
                Names::new(
                    $kind,
                    inventory.is_confidential,
                    inventory.$section.iter().map(|of| &of.identity),
                    &mut told,
                    problems,
                )
            };
        }
        // Nothing or connections alone refer to them, but their names are unique too.
        drop(names!("customer network", customer_networks));
        drop(names!("service network", service_networks));
        drop(names!("traffic mirror session", traffic_mirror_sessions));
        Self {
            vpcs: names!("VPC", vpcs),
            subnets: names!("subnet", subnets),
            prefix_lists: names!("prefix list", prefix_lists),
            network_acls: names!("network ACL", network_acls),
            security_groups: names!("security group", security_groups),
            route_tables: names!("route table", route_tables),
            gateways: names!("gateway", gateways),
            target_groups: names!("target group", target_groups),
            instances: names!("instance", instances),
            network_interfaces: names!("network interface", network_interfaces),
            traffic_mirror_filters: names!("traffic mirror filter", traffic_mirror_filters),
        }
    }
}

/// What AWS gives a subnet or an interface of a VPC that names nothing else.
#[derive(Debug, Clone, Copy, Default)]
struct Defaults {
    security_group: Option<Index<SecurityGroup>>,
    network_acl: Option<Index<NetworkAcl>>,
    route_table: Option<Index<RouteTable>>,
}

struct Resolver<'a, 'p> {
    inventory: &'a Inventory,
    names: AllNames<'a>,
    /// Whether AWS answered the inventory, so that what exists is not doubted and what dangles is external.
    observed: bool,
    /// By VPC.
    defaults: Vec<Defaults>,
    lists: PrefixLists<'a>,
    /// Groups that are named in an answer which does not hold them.
    external_groups: HashMap<String, Index<SecurityGroup>>,
    /// Stands for the VPC of what names none, so that the rest can be checked as well. Present only beside an error.
    unclear: Option<Index<Vpc>>,
    problems: &'p mut Diagnostics,
}

impl Resolver<'_, '_> {
    fn network(&mut self) -> Network {
        let mut vpcs = self.vpcs();
        self.defaults = vec![Defaults::default(); vpcs.len()];
        let mut gateways = self.gateways(&mut vpcs);
        self.check_peerings(&gateways);
        let customer_networks = self.customer_networks(&gateways);
        let security_groups = self.security_groups(&vpcs);
        let network_acls = self.network_acls(&vpcs);
        let route_tables = self.route_tables(&vpcs, &gateways);
        self.edge_tables(&mut gateways, &route_tables, &vpcs);
        self.check_routes_to_endpoints();
        let subnets = self.subnets(&vpcs, &network_acls, &route_tables);
        let mut network = Network {
            instances: self.instances(),
            flow_logs: Arena::default(),
            flow_logs_are_assumed: self.observed && self.inventory.flow_logs.is_none(),
            network_interfaces: Arena::default(),
            managed_services: Arena::default(),
            traffic_mirror_filters: Arena::default(),
            traffic_mirror_sessions: Arena::default(),
            attachments: Vec::new(),
            borders: subnets.iter().map(|subnet| Border::of(subnet, &route_tables)).collect(),
            cards: Arena::default(),
            addresses: AddressIndex::default(),
            ends: super::Ends::of(self.inventory),
            vpcs,
            subnets,
            network_acls,
            security_groups,
            route_tables,
            gateways,
            target_groups: Arena::default(),
            customer_networks,
        };
        self.network_interfaces(&mut network);
        self.gateway_forms(&mut network);
        self.service_networks(&mut network);
        self.managed_services(&mut network);
        self.target_groups(&mut network);
        self.check_instances(&network);
        self.check_lattice_targets(&network);
        self.check_network_firewalls(&network);
        self.check_offered_services(&network);
        self.traffic_mirrors(&mut network);
        network.attachments = network.list_attachments();
        network.flow_logs = self.flow_logs(&network);
        network
    }

    fn vpcs(&mut self) -> Arena<Vpc> {
        let inventory = self.inventory;
        if !self.observed {
            inventory.vpcs.iter().for_each(|vpc| self.check_vpc(vpc));
        }
        let resolved = |vpc: &inventory::Vpc| Vpc {
            identity: vpc.identity.clone(),
            account: vpc.account.clone().unwrap_or_else(|| inventory.account.clone()),
            region: vpc.region.clone().unwrap_or_else(|| inventory.region.clone()),
            cidr_blocks: vpc.cidr_blocks.iter().map(|block| block.value).collect(),
            not_collected: vpc.not_collected.clone(),
            encryption_controls: vpc.encryption_controls,
            internet_gateway: None,
        };
        let mut vpcs: Arena<Vpc> = inventory.vpcs.iter().map(resolved).collect();
        if self.has_unclear_vpc() {
            self.unclear = Some(vpcs.push(resolved(&inventory::Vpc {
                identity: Identity::default("vpc", String::new(), None),
                account: None,
                region: None,
                cidr_blocks: Vec::new(),
                not_collected: Vec::new(),
                block_public_access: None,
                block_public_access_exclusion: None,
                encryption_controls: None,
            })));
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
        let inventory = self.inventory;
        for gateway in &inventory.gateways {
            let form = self.form_without_interfaces(gateway, vpcs);
            let vpc = gateway.vpc.as_ref().and_then(|vpc| {
                // A gateway of an answer may be attached to a VPC that was not collected.
                let known = self.names.vpcs.get(&vpc.value);
                if self.observed { known } else { self.names.vpcs.find(vpc, self.problems) }
            });
            let vpc = vpc.map(Index::new).or_else(|| self.vpc_of_form(&gateway.form));
            let index = resolved.push(Gateway {
                identity: gateway.identity.clone(),
                kind: gateway.kind,
                vpc,
                route_table: None,
                availability: gateway.availability,
                form,
            });
            if gateway.kind != GatewayKind::InternetGateway {
                continue;
            }
            let Some(vpc) = vpc.and_then(|vpc| vpcs.get_mut(vpc)) else { continue };
            if let Some(first) = vpc.internet_gateway.replace(index) {
                let help = format!(
                    "detach `{}`: a VPC has at most one internet gateway",
                    resolved[first].identity.said(self.observed)
                );
                let message =
                    format!("VPC `{}` already has an internet gateway", vpc.identity.said(self.observed));
                let problem = problems::mismatch(gateway.identity.origin, message, &help);
                self.problems.push(problem.related(resolved[first].identity.origin, "the first one"));
            }
        }
        resolved
    }

    fn instances(&mut self) -> Arena<Instance> {
        let by_default = (!self.observed).then_some(true);
        let resolved = |instance: &inventory::Instance| Instance {
            identity: instance.identity.clone(),
            instance_type: instance.instance_type.clone(),
            nitro: instance.nitro.unwrap_or_else(|| instance.instance_type.as_deref().is_none_or(is_nitro)),
            running: instance.running.or(by_default),
            network_interfaces: Vec::new(),
            listens: instance.listens.clone(),
            closed_ports: instance.closed_ports,
            tags: instance.tags.clone(),
            auto_scaling_group_tags: instance.auto_scaling_group_tags.clone(),
        };
        self.inventory.instances.iter().map(resolved).collect()
    }

    /// What AWS gives to what names nothing else in `vpc`.
    fn defaults_of(&self, vpc: Index<Vpc>) -> Defaults {
        self.defaults.get(vpc.position()).copied().unwrap_or_default()
    }

    /// The defaults of `vpc`, to note them.
    fn defaults_mut(&mut self, vpc: Index<Vpc>) -> Option<&mut Defaults> {
        self.defaults.get_mut(vpc.position())
    }
}

/// Name of a default resource of `vpc`: `default`, or `default-NAME` when there are several VPCs.
fn default_name(base: &str, vpc: &Vpc, vpcs: usize) -> String {
    if vpcs == 1 { base.to_owned() } else { format!("{base}-{}", vpc.identity.name) }
}

/// `0.0.0.0/0`, and `::/0` when the VPC has an IPv6 block.
fn everything_of(vpc: &Vpc) -> impl Iterator<Item = Cidr> {
    let has_ipv6 = vpc.cidr_blocks.iter().any(|block| block.family() == Family::V6);
    everything().take(1 + usize::from(has_ipv6))
}

/// `0.0.0.0/0` and `::/0`.
fn everything() -> impl Iterator<Item = Cidr> {
    let unspecified = [std::net::Ipv4Addr::UNSPECIFIED.into(), std::net::Ipv6Addr::UNSPECIFIED.into()];
    unspecified.into_iter().filter_map(|address| Cidr::new(address, 0))
}

fn join(blocks: &[Cidr]) -> String {
    blocks.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
