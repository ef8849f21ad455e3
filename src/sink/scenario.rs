//! An inventory as the scenario that says the same.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use super::hosts::addresses;
use super::keys::Keys;
use super::network_firewalls;
use super::quoted::is_plain;
use crate::diagnostic::Located;
use crate::model::inventory::{
    FlowLog, Gateway, GatewayForm, Inventory, PrefixList, Provenance, Reference, Subnet, Vpc,
};
use crate::model::{
    Availability, BlockExclusion, BlockMode, EncryptionMode, FlowLogKind, GATEWAY_KINDS, Identity, Inspection,
};
use crate::net::{Cidr, Family};

/// The text of a scenario with the network of `inventory` and without traffic.
pub(crate) fn scenario_text(inventory: &Inventory) -> String {
    let writer = Writer { names: names(inventory), text: String::new() };
    writer.scenario(inventory)
}

/// A scenario in the making.
pub(super) struct Writer<'i> {
    /// Names by id.
    pub(super) names: HashMap<&'i str, &'i str>,
    pub(super) text: String,
}

impl<'i> Writer<'i> {
    fn scenario(mut self, inventory: &'i Inventory) -> String {
        let mut top = Keys::default();
        top.text("account", &inventory.account);
        top.text("region", &inventory.region);
        if inventory.provenance == Provenance::Observed {
            top.raw("observed", true);
        }
        for line in top.0 {
            let _ = writeln!(self.text, "{line}");
        }
        self.section("vpcs", inventory.vpcs.iter().map(|vpc| Self::vpc(vpc, inventory).line()));
        let lines: Vec<_> = inventory.subnets.iter().map(|subnet| self.subnet(subnet).line()).collect();
        self.section("subnets", lines);
        self.section(
            "prefix_lists",
            inventory.prefix_lists.iter().map(|list| Self::prefix_list(list).line()),
        );
        for acl in self.heading("network_acls", &inventory.network_acls) {
            self.network_acl(acl);
        }
        for group in self.heading("security_groups", &inventory.security_groups) {
            self.security_group(group);
        }
        for table in self.heading("route_tables", &inventory.route_tables) {
            self.route_table(table, inventory);
        }
        for entry in GATEWAY_KINDS {
            let of_kind = inventory.gateways.iter().filter(|gateway| gateway.kind == entry.kind);
            let of_kind = of_kind.filter(|gateway| network_firewalls::endpoint(gateway).is_none());
            let lines: Vec<_> =
                of_kind.map(|gateway| self.gateway(gateway, inventory, entry.modelled).line()).collect();
            self.section(entry.section, lines);
        }
        let networks = inventory.service_networks.iter();
        let lines: Vec<_> = networks.map(|network| self.service_network(network).line()).collect();
        self.section("vpc_lattice_service_networks", lines);
        let groups = inventory.target_groups.iter();
        let lines: Vec<_> = groups.map(|group| self.target_group(group).line()).collect();
        self.section("target_groups", lines);
        self.network_firewalls(inventory);
        let networks = &inventory.customer_networks;
        let lines: Vec<_> = networks.iter().map(|network| self.customer_network(network).line()).collect();
        self.section("customer_networks", lines);
        self.section("instances", inventory.instances.iter().map(|instance| Self::instance(instance).line()));
        let of_gateways: HashSet<&str> = inventory.gateways.iter().filter_map(own_interface).collect();
        let cards = inventory.network_interfaces.iter();
        let cards = cards.filter(|card| !of_gateways.contains(card.identity.id.as_str()));
        let lines: Vec<_> = cards.map(|card| self.network_interface(card).line()).collect();
        self.section("network_interfaces", lines);
        let services = &inventory.managed_services;
        let lines: Vec<_> = services.iter().map(|service| self.managed_service(service).line()).collect();
        self.section("managed_services", lines);
        self.traffic_mirrors(inventory);
        let mut strays = Keys::default();
        let text = |own: &Located<std::net::IpAddr>| own.value.to_string();
        strays
            .some("unplaced_public_ips", &inventory.unplaced_public_ips.iter().map(text).collect::<Vec<_>>());
        let pools: Vec<_> = inventory.public_ipv4_pools.iter().map(|pool| pool.value.to_string()).collect();
        strays.some("public_ipv4_pools", &pools);
        strays.some(
            "unassociated_public_ips",
            &inventory.unassociated_public_ips.iter().map(text).collect::<Vec<_>>(),
        );
        for line in strays.0 {
            let _ = writeln!(self.text, "{line}");
        }
        if let Some(flow_logs) = &inventory.flow_logs {
            let lines: Vec<_> = flow_logs.iter().map(|log| self.flow_log(log, inventory).line()).collect();
            if lines.is_empty() {
                self.text.push_str("flow_logs: []\n");
            }
            self.section("flow_logs", lines);
        }
        self.text
    }

    /// A section whose items are a line each; none when there are no items.
    pub(super) fn section(&mut self, key: &str, lines: impl IntoIterator<Item = String>) {
        let mut lines = lines.into_iter().peekable();
        if lines.peek().is_some() {
            let _ = writeln!(self.text, "{key}:");
        }
        for line in lines {
            let _ = writeln!(self.text, "  - {line}");
        }
    }

    /// Begins a section whose items take several lines each.
    pub(super) fn heading<'v, T>(&mut self, key: &str, items: &'v [T]) -> std::slice::Iter<'v, T> {
        if !items.is_empty() {
            let _ = writeln!(self.text, "{key}:");
        }
        items.iter()
    }

    /// The name of what is referred to, where it has one of its own, or the id.
    pub(super) fn reference(&self, reference: &'i Reference) -> &'i str {
        self.names.get(reference.value.as_str()).copied().unwrap_or(&reference.value)
    }

    fn vpc(vpc: &Vpc, inventory: &Inventory) -> Keys {
        let mut keys = Keys::of(&vpc.identity);
        keys.optional("account", vpc.account.as_ref().filter(|account| **account != inventory.account));
        keys.optional("region", vpc.region.as_ref().filter(|region| **region != inventory.region));
        blocks(&mut keys, &vpc.cidr_blocks);
        let kinds = vpc.not_collected.iter().map(|kind| kind.entry().name);
        if !vpc.not_collected.is_empty() {
            keys.list("not_collected", kinds);
        }
        block_public_access(&mut keys, vpc.block_public_access, vpc.block_public_access_exclusion);
        if let Some((name, _)) =
            EncryptionMode::NAMES.iter().find(|(_, known)| Some(*known) == vpc.encryption_controls)
        {
            keys.raw("encryption_controls", name);
        }
        keys
    }

    fn subnet(&self, subnet: &'i Subnet) -> Keys {
        let mut keys = Keys::of(&subnet.identity);
        if let Some(vpc) = &subnet.vpc {
            keys.text("vpc", self.reference(vpc));
        }
        blocks(&mut keys, &subnet.cidr_blocks);
        keys.text("availability_zone_id", &subnet.availability_zone_id);
        if let Some(acl) = &subnet.network_acl {
            keys.text("network_acl", self.reference(acl));
        }
        if let Some(table) = &subnet.route_table {
            keys.text("route_table", self.reference(table));
        }
        block_public_access(&mut keys, subnet.block_public_access, subnet.block_public_access_exclusion);
        keys
    }

    fn prefix_list(list: &PrefixList) -> Keys {
        let mut keys = Keys::of(&list.identity);
        if let Some(entries) = &list.entries {
            keys.list("entries", entries.iter().map(|entry| entry.value.to_string()));
        }
        keys
    }

    /// The head of an item that has lists of rules below it.
    pub(super) fn item(&mut self, identity: &Identity, vpc: Option<&'i Reference>) {
        let mut keys = Keys::of(identity);
        if let Some(vpc) = vpc {
            keys.text("vpc", self.reference(vpc));
        }
        let _ = writeln!(self.text, "  - {}", keys.0.join("\n    "));
    }

    /// A list below an item.
    pub(super) fn rules(&mut self, key: &str, rules: &[String]) {
        if rules.is_empty() {
            let _ = writeln!(self.text, "    {key}: []");
            return;
        }
        let _ = writeln!(self.text, "    {key}:");
        for rule in rules {
            let _ = writeln!(self.text, "      - {rule}");
        }
    }

    fn gateway(&self, gateway: &'i Gateway, inventory: &'i Inventory, is_modelled: bool) -> Keys {
        let mut keys = Keys::of(&gateway.identity);
        if let Some(own) = own_interface(gateway) {
            let mut cards = inventory.network_interfaces.iter();
            if let Some(card) = cards.find(|card| card.identity.is(own)) {
                keys.text("subnet", self.reference(&card.subnet));
                keys.text("interface", &card.identity.id);
                addresses(&mut keys, card);
            }
        }
        if let GatewayForm::NatGateway { unused_private_ips, .. } = &gateway.form {
            let unused = unused_private_ips.iter().map(|address| address.value.to_string());
            keys.some("unused_private_ips", &unused.collect::<Vec<_>>());
        }
        if let GatewayForm::RegionalNatGateway { public_ips } = &gateway.form {
            let lines = public_ips.iter().map(|own| {
                let mut keys = Keys::default();
                keys.text("public_ip", &own.public_ip.value.to_string());
                keys.optional("availability_zone_id", own.availability_zone_id.as_ref());
                keys.line()
            });
            keys.raw("public_ips", format!("[{}]", lines.collect::<Vec<_>>().join(", ")));
        }
        if let GatewayForm::GatewayEndpoint { service } = &gateway.form {
            keys.text("service", service);
        }
        if let GatewayForm::GatewayLoadBalancerEndpoint { service, network_interface, inspection } =
            &gateway.form
        {
            keys.raw("type", "gateway-load-balancer");
            keys.optional("service", service.as_ref());
            keys.list("network_interfaces", [self.reference(network_interface)]);
            if *inspection == Inspection::Pass {
                keys.raw("appliances", "pass");
            }
        }
        if let GatewayForm::InterfaceEndpoint {
            service,
            private_dns,
            is_private_dns_for_inbound_only,
            dns_names,
            network_interfaces,
        } = &gateway.form
        {
            keys.text("service", service);
            keys.list("network_interfaces", network_interfaces.iter().map(|card| self.reference(card)));
            if let Some(private_dns) = private_dns {
                keys.raw("private_dns", private_dns);
            }
            if *is_private_dns_for_inbound_only {
                keys.raw("private_dns_only_for_inbound_resolver_endpoint", true);
            }
            keys.some("dns_names", dns_names);
        }
        let has_states_of_its_own =
            matches!(gateway.form, GatewayForm::VpcPeeringConnection { .. } | GatewayForm::LoadBalancer(_));
        if let Some(state) = state(gateway.availability).filter(|_| !has_states_of_its_own) {
            keys.raw("state", state);
        }
        if let Some(vpc) = gateway.vpc.as_ref().filter(|_| is_modelled) {
            keys.text("vpc", self.reference(vpc));
        }
        if let Some(table) = &gateway.route_table {
            keys.text("route_table", self.reference(table));
        }
        self.peering(&mut keys, gateway);
        self.load_balancer(&mut keys, gateway);
        self.lattice_service(&mut keys, gateway);
        if let GatewayForm::TransitGateway(own) = &gateway.form {
            self.transit_gateway(&mut keys, own);
        }
        keys
    }

    fn flow_log(&self, flow_log: &'i FlowLog, inventory: &Inventory) -> Keys {
        let mut keys = Keys::of(&flow_log.identity);
        keys.text("resource", self.reference(&flow_log.resource));
        let kind = inventory.flow_log_kind(flow_log);
        if kind == FlowLogKind::Vpc {
            let kept = flow_log.traffic_type.as_ref().map(|of| of.value).unwrap_or_default();
            keys.text("traffic_type", &kept.to_string());
        }
        let interval =
            flow_log.max_aggregation_interval.as_ref().map_or(kind.default_interval(), |of| of.value);
        keys.raw("max_aggregation_interval", interval.as_secs());
        let is_of_one = inventory.vpcs.iter().all(|vpc| vpc.account.as_ref() == Some(&inventory.account));
        let account = flow_log.account.as_ref().map(|account| &account.value);
        keys.optional("account", account.filter(|account| !is_of_one || **account != inventory.account));
        if let Some(format) = &flow_log.log_format {
            keys.text("log_format", &format.value);
        }
        let of_tags = flow_log.tag_fields.iter().map(|own| {
            let mut keys = Keys::default();
            keys.raw("resource_type", own.resource.name());
            keys.list("tag_keys", &own.tag_keys);
            keys.line()
        });
        if !flow_log.tag_fields.is_empty() {
            keys.raw("tag_field_specifications", format!("[{}]", of_tags.collect::<Vec<_>>().join(", ")));
        }
        keys
    }
}

/// The state of a gateway, where it is not available.
pub(super) const fn state(availability: Availability) -> Option<&'static str> {
    match availability {
        Availability::Available => None,
        // Which of the states in which it carries nothing makes no difference.
        Availability::NotAvailable => Some("pending"),
        Availability::Gone => Some("deleted"),
        Availability::Undocumented(state) => Some(state),
        Availability::NotCollected => Some("unknown"),
    }
}

fn block_public_access(keys: &mut Keys, mode: Option<BlockMode>, exclusion: Option<BlockExclusion>) {
    if let Some((name, _)) = BlockMode::NAMES.iter().find(|(_, known)| Some(*known) == mode) {
        keys.raw("block_public_access", name);
    }
    if let Some((name, _)) = BlockExclusion::NAMES.iter().find(|(_, known)| Some(*known) == exclusion) {
        keys.raw("block_public_access_exclusion", name);
    }
}

/// The interface that comes with a gateway, and is written there.
fn own_interface(gateway: &Gateway) -> Option<&str> {
    match &gateway.form {
        GatewayForm::NatGateway { network_interface, .. } => Some(&network_interface.value),
        _ => None,
    }
}

/// How references are written: by name, where it means one thing only and is a single word.
fn names(inventory: &Inventory) -> HashMap<&str, &str> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let all: Vec<&Identity> = identities(inventory).collect();
    for identity in &all {
        *counts.entry(&identity.name).or_default() += 1;
    }
    let is_word = |name: &str| is_plain(name) && !name.contains([' ', '/', '>']);
    let good =
        |identity: &&&Identity| counts.get(identity.name.as_str()) == Some(&1) && is_word(&identity.name);
    all.iter().filter(good).map(|identity| (identity.id.as_str(), identity.name.as_str())).collect()
}

fn identities(inventory: &Inventory) -> impl Iterator<Item = &Identity> {
    let vpcs = inventory.vpcs.iter().map(|of| &of.identity);
    let subnets = inventory.subnets.iter().map(|of| &of.identity);
    let lists = inventory.prefix_lists.iter().map(|of| &of.identity);
    let acls = inventory.network_acls.iter().map(|of| &of.identity);
    let groups = inventory.security_groups.iter().map(|of| &of.identity);
    let tables = inventory.route_tables.iter().map(|of| &of.identity);
    let gateways = inventory.gateways.iter().map(|of| &of.identity);
    let service_networks = inventory.service_networks.iter().map(|of| &of.identity);
    let target_groups = inventory.target_groups.iter().map(|of| &of.identity);
    let instances = inventory.instances.iter().map(|of| &of.identity);
    let cards = inventory.network_interfaces.iter().map(|of| &of.identity);
    let filters = inventory.traffic_mirror_filters.iter().map(|of| &of.identity);
    vpcs.chain(subnets)
        .chain(lists)
        .chain(acls)
        .chain(groups)
        .chain(tables)
        .chain(gateways)
        .chain(service_networks)
        .chain(target_groups)
        .chain(instances)
        .chain(cards)
        .chain(filters)
}

fn blocks(keys: &mut Keys, blocks: &[Located<Cidr>]) {
    let of = |family| {
        let mine = blocks.iter().filter(move |block| block.value.family() == family);
        mine.map(|block| block.value.to_string())
    };
    match of(Family::V4).collect::<Vec<_>>().as_slice() {
        [only] => keys.text("cidr_block", only),
        several => keys.list("cidr_block", several),
    }
    keys.some("ipv6_cidr_block", &of(Family::V6).collect::<Vec<_>>());
}
