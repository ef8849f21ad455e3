//! An inventory as the scenario that says the same.

use std::collections::HashMap;
use std::fmt::{Display, Write as _};
use std::net::IpAddr;

use super::quoted::{is_plain, list, quoted};
use crate::diagnostic::Located;
use crate::model::inventory::{
    Destination, FlowLog, Gateway, Instance, Inventory, NetworkAcl, NetworkInterface, Peer, PrefixList,
    Provenance, Reference, Route, RouteTable, SecurityGroup, SecurityGroupRule, Subnet, Vpc,
};
use crate::model::{ClosedPorts, GATEWAY_KINDS, Identity, RouteOrigin};
use crate::net::{Cidr, Direction, Family, Service};

/// The text of a scenario with the network of `inventory` and without traffic.
pub(crate) fn scenario_text(inventory: &Inventory) -> String {
    let writer = Writer { names: names(inventory), text: String::new() };
    writer.scenario(inventory)
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

/// The keys of one mapping, in the order in which they were given.
#[derive(Default)]
struct Keys(Vec<String>);

impl Keys {
    fn of(identity: &Identity) -> Self {
        let mut keys = Self::default();
        if identity.name != identity.id {
            keys.text("name", &identity.name);
        }
        keys.text("id", &identity.id);
        keys
    }

    fn text(&mut self, key: &str, value: &str) {
        self.raw(key, quoted(value));
    }

    fn raw(&mut self, key: &str, value: impl Display) {
        self.0.push(format!("{key}: {value}"));
    }

    fn optional(&mut self, key: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.text(key, value);
        }
    }

    fn list<T: AsRef<str>>(&mut self, key: &str, items: impl IntoIterator<Item = T>) {
        self.raw(key, list(items));
    }

    /// A list, unless it is empty.
    fn some(&mut self, key: &str, items: &[String]) {
        if !items.is_empty() {
            self.list(key, items);
        }
    }

    fn line(self) -> String {
        format!("{{{}}}", self.0.join(", "))
    }
}

struct Writer<'i> {
    names: HashMap<&'i str, &'i str>,
    text: String,
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
            let lines: Vec<_> = of_kind.map(|gateway| self.gateway(gateway, entry.modelled).line()).collect();
            self.section(entry.section, lines);
        }
        self.section("instances", inventory.instances.iter().map(|instance| Self::instance(instance).line()));
        let cards = inventory.network_interfaces.iter();
        let lines: Vec<_> = cards.map(|card| self.network_interface(card).line()).collect();
        self.section("network_interfaces", lines);
        if let Some(flow_logs) = &inventory.flow_logs {
            let lines: Vec<_> = flow_logs.iter().map(|flow_log| self.flow_log(flow_log).line()).collect();
            if lines.is_empty() {
                self.text.push_str("flow_logs: []\n");
            }
            self.section("flow_logs", lines);
        }
        self.text
    }

    /// A section whose items are a line each; none when there are no items.
    fn section(&mut self, key: &str, lines: impl IntoIterator<Item = String>) {
        let mut lines = lines.into_iter().peekable();
        if lines.peek().is_some() {
            let _ = writeln!(self.text, "{key}:");
        }
        for line in lines {
            let _ = writeln!(self.text, "  - {line}");
        }
    }

    /// Begins a section whose items take several lines each.
    fn heading<'v, T>(&mut self, key: &str, items: &'v [T]) -> std::slice::Iter<'v, T> {
        if !items.is_empty() {
            let _ = writeln!(self.text, "{key}:");
        }
        items.iter()
    }

    fn reference(&self, reference: &'i Reference) -> &'i str {
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
        if vpc.block_public_access {
            keys.raw("block_public_access", true);
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
    fn item(&mut self, identity: &Identity, vpc: Option<&'i Reference>) {
        let mut keys = Keys::of(identity);
        if let Some(vpc) = vpc {
            keys.text("vpc", self.reference(vpc));
        }
        let _ = writeln!(self.text, "  - {}", keys.0.join("\n    "));
    }

    fn rules(&mut self, key: &str, rules: &[String]) {
        if rules.is_empty() {
            let _ = writeln!(self.text, "    {key}: []");
            return;
        }
        let _ = writeln!(self.text, "    {key}:");
        for rule in rules {
            let _ = writeln!(self.text, "      - {rule}");
        }
    }

    fn network_acl(&mut self, acl: &'i NetworkAcl) {
        self.item(&acl.identity, acl.vpc.as_ref());
        for direction in Direction::BOTH {
            let Some(entries) = acl.entries.get(direction) else { continue };
            let mut sorted: Vec<_> = entries.iter().collect();
            sorted.sort_by_key(|entry| entry.number);
            let lines: Vec<String> = sorted
                .iter()
                .map(|entry| {
                    let service = entry.service;
                    let preposition = direction.preposition();
                    quoted(&format!(
                        "{} {} {service} {preposition} {}",
                        entry.number, entry.action, entry.cidr_block
                    ))
                })
                .collect();
            self.rules(&direction.to_string(), &lines);
        }
    }

    fn security_group(&mut self, group: &'i SecurityGroup) {
        self.item(&group.identity, group.vpc.as_ref());
        for direction in Direction::BOTH {
            let Some(rules) = group.rules.get(direction) else { continue };
            let lines: Vec<String> = rules.iter().map(|rule| self.group_rule(rule, direction)).collect();
            self.rules(&direction.to_string(), &lines);
        }
    }

    /// Short where that says everything: it has no place for the rule's id, nor for what kind of thing a name means.
    fn group_rule(&self, rule: &'i SecurityGroupRule, direction: Direction) -> String {
        let peer = match &rule.peer {
            Peer::Cidr(cidr) => Some(cidr.to_string()),
            Peer::Group(group) | Peer::Named(group) => {
                self.names.get(group.value.as_str()).map(|name| (*name).to_owned())
            }
            Peer::PrefixList(_) => None,
        };
        if let (None, Some(peer)) = (&rule.id, peer) {
            return quoted(&format!("allow {} {} {peer}", rule.service, direction.preposition()));
        }
        let mut keys = Keys::default();
        keys.optional("security_group_rule_id", rule.id.as_ref());
        service(&mut keys, &rule.service);
        match &rule.peer {
            Peer::Cidr(cidr) if cidr.family() == Family::V4 => keys.text("cidr_ipv4", &cidr.to_string()),
            Peer::Cidr(cidr) => keys.text("cidr_ipv6", &cidr.to_string()),
            Peer::Group(group) | Peer::Named(group) => {
                keys.text("referenced_group_id", self.reference(group));
            }
            Peer::PrefixList(list) => keys.text("prefix_list_id", self.reference(list)),
        }
        keys.line()
    }

    fn route_table(&mut self, table: &'i RouteTable, inventory: &Inventory) {
        self.item(&table.identity, table.vpc.as_ref());
        let _ = writeln!(self.text, "    main: {}", table.main);
        let own =
            table.vpc.as_ref().and_then(|vpc| inventory.vpcs.iter().find(|own| own.identity.is(&vpc.value)));
        let is_implied = |route: &&Route| {
            let local = route.target.value == "local" && route.route_origin == RouteOrigin::CreateRouteTable;
            let of_vpc =
                |cidr: &Cidr| own.is_some_and(|vpc| vpc.cidr_blocks.iter().any(|block| block.value == *cidr));
            local && matches!(&route.destination, Destination::Cidr(cidr) if of_vpc(cidr))
        };
        let routes = table.routes.iter().filter(|route| !is_implied(route));
        let lines: Vec<String> = routes.map(|route| self.route(route)).collect();
        self.rules("routes", &lines);
    }

    fn route(&self, route: &'i Route) -> String {
        let destination = match &route.destination {
            Destination::Cidr(cidr) => cidr.to_string(),
            Destination::PrefixList(list) => self.reference(list).to_owned(),
        };
        let target = self.reference(&route.target);
        let state = match (route.blackhole, route.route_origin) {
            (true, _) => " blackhole",
            (false, RouteOrigin::EnableVgwRoutePropagation) => " propagated",
            (false, _) => "",
        };
        quoted(&format!("{destination} -> {target}{state}"))
    }

    fn gateway(&self, gateway: &'i Gateway, is_modelled: bool) -> Keys {
        let mut keys = Keys::of(&gateway.identity);
        if let Some(vpc) = gateway.vpc.as_ref().filter(|_| is_modelled) {
            keys.text("vpc", self.reference(vpc));
        }
        if gateway.edge_routed {
            keys.raw("edge_routed", true);
        }
        keys
    }

    fn instance(instance: &Instance) -> Keys {
        let mut keys = Keys::of(&instance.identity);
        keys.optional("type", instance.instance_type.as_ref());
        if let Some(nitro) = instance.nitro {
            keys.raw("nitro", nitro);
        }
        if !instance.running {
            keys.raw("running", false);
        }
        if let Some(services) = &instance.listens {
            keys.list("listens", services.iter().map(ToString::to_string));
        }
        if instance.closed_ports == ClosedPorts::Drop {
            keys.raw("closed_ports", "drop");
        }
        // Its interfaces have a section of their own.
        keys.raw("interfaces", "[]");
        keys
    }

    fn network_interface(&self, card: &'i NetworkInterface) -> Keys {
        let mut keys = Keys::of(&card.identity);
        keys.text("subnet", self.reference(&card.subnet));
        if let Some(instance) = &card.instance {
            keys.text("instance", self.reference(instance));
        }
        keys.optional("account", card.account.as_ref());
        keys.optional("interface_type", card.interface_type.as_ref());
        if let Some(groups) = &card.security_groups {
            keys.list("security_groups", groups.iter().map(|group| self.reference(group)));
        }
        let address = |address: &Located<IpAddr>| address.value.to_string();
        keys.optional("private_ip", card.private_ip.as_ref().map(address).as_ref());
        keys.optional("public_ip", card.public_ip.as_ref().map(address).as_ref());
        let secondary: Vec<String> = card
            .secondary_private_ips
            .iter()
            .map(|own| {
                let mut keys = Keys::default();
                keys.text("private_ip", &address(&own.private_ip));
                keys.optional("public_ip", own.public_ip.as_ref().map(address).as_ref());
                keys.line()
            })
            .collect();
        if !secondary.is_empty() {
            keys.raw("secondary_private_ips", format!("[{}]", secondary.join(", ")));
        }
        keys.some("ipv6_addresses", &card.ipv6_addresses.iter().map(address).collect::<Vec<_>>());
        for (key, family) in [("ipv4_prefixes", Family::V4), ("ipv6_prefixes", Family::V6)] {
            let mine = card.prefixes.iter().filter(|prefix| prefix.value.family() == family);
            keys.some(key, &mine.map(|prefix| prefix.value.to_string()).collect::<Vec<_>>());
        }
        if !card.source_dest_check {
            keys.raw("source_dest_check", false);
        }
        keys
    }

    fn flow_log(&self, flow_log: &'i FlowLog) -> Keys {
        let mut keys = Keys::of(&flow_log.identity);
        keys.text("resource", self.reference(&flow_log.resource));
        keys.text("traffic_type", &flow_log.traffic_type.to_string());
        keys.raw("max_aggregation_interval", flow_log.max_aggregation_interval.as_secs());
        if let Some(format) = &flow_log.log_format {
            keys.text("log_format", &format.value);
        }
        keys
    }
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

/// A service with the API's fields.
fn service(keys: &mut Keys, service: &Service) {
    let Some(protocol) = service.protocol else {
        keys.text("ip_protocol", "-1");
        return;
    };
    keys.text("ip_protocol", &protocol.to_string());
    let or_all = |number: Option<u8>| number.map_or(-1, i64::from);
    let numbers = if protocol.has_ports() {
        Some((i64::from(service.ports.from()), i64::from(service.ports.to())))
    } else if protocol.is_icmp() {
        Some((or_all(service.icmp.kind), or_all(service.icmp.code)))
    } else {
        None
    };
    if let Some((from, to)) = numbers {
        keys.raw("from_port", from);
        keys.raw("to_port", to);
    }
}
