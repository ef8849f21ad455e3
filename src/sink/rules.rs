//! Rules, entries and routes: short where that says everything.

use std::fmt::Write as _;

use super::keys::Keys;
use super::quoted::{list, quoted};
use super::scenario::Writer;
use crate::model::RouteOrigin;
use crate::model::inventory::{
    Destination, Inventory, NetworkAcl, Peer, Reference, Route, RouteTable, SecurityGroup, SecurityGroupRule,
};
use crate::net::{Cidr, Direction, Family, Service};

impl<'i> Writer<'i> {
    pub(super) fn network_acl(&mut self, acl: &'i NetworkAcl) {
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

    pub(super) fn security_group(&mut self, group: &'i SecurityGroup) {
        self.item(&group.identity, group.vpc.as_ref());
        if !group.associated_vpcs.is_empty() {
            let all = list(group.associated_vpcs.iter().map(|vpc| self.reference(vpc)));
            let _ = writeln!(self.text, "    associated_vpcs: {all}");
        }
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

    pub(super) fn route_table(&mut self, table: &'i RouteTable, inventory: &Inventory) {
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

    pub(super) fn route(&self, route: &'i Route) -> String {
        let is_dead_propagated =
            route.blackhole && route.route_origin == RouteOrigin::EnableVgwRoutePropagation;
        let is_word = |reference: &Reference| !reference.value.contains([' ', '\t', '\n', '>']);
        let by_list = matches!(&route.destination, Destination::PrefixList(list) if !is_word(list));
        if is_dead_propagated || by_list || !is_word(&route.target) {
            return self.long_route(route);
        }
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

    /// A short route has one word for its state and one for its target; this one needs more.
    fn long_route(&self, route: &'i Route) -> String {
        let mut keys = Keys::default();
        match &route.destination {
            Destination::Cidr(cidr) if cidr.family() == Family::V4 => {
                keys.text("destination_cidr_block", &cidr.to_string());
            }
            Destination::Cidr(cidr) => keys.text("destination_ipv6_cidr_block", &cidr.to_string()),
            Destination::PrefixList(list) => keys.text("destination_prefix_list_id", self.reference(list)),
        }
        keys.text("gateway_id", self.reference(&route.target));
        if route.blackhole {
            keys.text("state", "blackhole");
        }
        if route.route_origin == RouteOrigin::EnableVgwRoutePropagation {
            keys.text("origin", "EnableVgwRoutePropagation");
        }
        keys.line()
    }
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
