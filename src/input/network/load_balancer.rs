//! Load balancers with their nodes and listeners, and groups of targets.

use std::net::{IpAddr, Ipv4Addr};
use std::ops::RangeInclusive;
use std::time::Duration;

use super::identity;
use super::interface::idle_timeout;
use crate::diagnostic::{Diagnostics, Located, Origin, problems};
use crate::input::fields::{Fields, Read, boolean, items, located_text, parsed, text};
use crate::input::scalar::{cidr, duration, invalid, ipv4, one_of, port};
use crate::input::shape::{
    HEALTH_CHECK, LISTENER, LISTENER_PARTS, LISTENER_RULE, LOAD_BALANCER, LOAD_BALANCER_SCHEMES,
    LOAD_BALANCER_STATES, LOAD_BALANCER_SUBNET, TARGET, TARGET_GROUP,
};
use crate::input::yaml::{Node, Value};
use crate::model;
use crate::model::inventory::{
    Gateway, GatewayForm, Inventory, ListenerRule, LoadBalancer, LoadBalancerListener, NetworkInterface,
    Provenance, Reference, Target, TargetGroup,
};
use crate::model::{
    GENEVE_PORT, GatewayKind, HealthCheck, HealthCheckProtocol, Identity, ListenerProtocol, LoadBalancerType,
    TargetHealth, TargetType,
};

/// What Gateway Load Balancers do not have.
/// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html>
const NOT_OF_GATEWAYS: [&str; 4] =
    ["scheme", "security_groups", "enforce_security_groups_on_private_link", "dns_name"];

/// A load balancer, and the nodes that AWS creates for it.
pub(super) fn load_balancer(
    node: &Node,
    inventory: &mut Inventory,
    problems: &mut Diagnostics,
) -> Option<Gateway> {
    let mut fields = Fields::of(node, &LOAD_BALANCER, problems)?;
    let identity = identity(&mut fields, GatewayKind::LoadBalancer.entry().id_prefix, problems);
    let kind = fields.value("type", one_of("a type of load balancer", &LoadBalancerType::NAMES), problems);
    let kind = kind.unwrap_or(LoadBalancerType::Application);
    let is_gateway = kind == LoadBalancerType::Gateway;
    let of_others = NOT_OF_GATEWAYS.map(|key| fields.key_origin(key)).into_iter().filter(|_| is_gateway);
    for at in of_others.flatten() {
        let message = "a Gateway Load Balancer has nothing of this".to_owned();
        let help = "its nodes have private addresses and no security groups; those of its targets judge";
        problems.push(problems::mismatch(Some(at), message, help));
    }
    let scheme = one_of("a scheme", LOAD_BALANCER_SCHEMES);
    let is_internet_facing = fields.value("scheme", scheme, problems).unwrap_or(!is_gateway);
    let subnets = fields.node("subnets").map_or(&[][..], items);
    let listed = fields.list("network_interfaces", located_text, problems);
    let security_groups = fields.list("security_groups", located_text, problems);
    let cross_zone = fields.value("cross_zone", boolean, problems);
    let judges_private_link = fields.value("enforce_security_groups_on_private_link", boolean, problems);
    let endpoint_service = fields.value("endpoint_service", located_text, problems);
    let dns_name = fields.value("dns_name", text, problems);
    let listeners = fields.list("listeners", listener, problems);
    let state = fields.value("state", one_of("a state of load balancers", LOAD_BALANCER_STATES), problems);
    fields.finish(problems);
    let identity = identity?;
    let security_groups = match kind {
        LoadBalancerType::Network | LoadBalancerType::Gateway => Some(security_groups.unwrap_or_default()),
        LoadBalancerType::Application | LoadBalancerType::Classic => security_groups,
    };
    let written = inventory.provenance == Provenance::Written;
    let mut created = Vec::new();
    for node in subnets {
        let Some(card) = own_node(node, &identity, kind, problems) else { continue };
        let public_ip = card.public_ip.or_else(|| {
            let is_given = is_internet_facing && written;
            is_given.then(|| Located { value: public_address(inventory), origin: None })
        });
        created.push(Located { value: card.identity.id.clone(), origin: card.identity.origin });
        let security_groups = security_groups.clone();
        // AWS: the internet reaches no node of an internal one, by IPv6 neither.
        // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#ip-address-type
        let deny_all_igw_traffic = written && !is_internet_facing;
        let node = NetworkInterface { security_groups, public_ip, deny_all_igw_traffic, ..card };
        inventory.network_interfaces.push(node);
    }
    let form = LoadBalancer {
        kind,
        is_internet_facing,
        cross_zone,
        judges_private_link,
        endpoint_service,
        dns_name,
        network_interfaces: created.into_iter().chain(listed.into_iter().flatten()).collect(),
        listeners,
    };
    Some(Gateway {
        availability: state.unwrap_or_default(),
        form: GatewayForm::LoadBalancer(Box::new(form)),
        ..Gateway::new(identity, GatewayKind::LoadBalancer, None)
    })
}

/// A public address for a node of an internet-facing load balancer, which AWS gives without being asked for one: of a
/// block for documentation (RFC 5737), one that nothing has yet. Assumed: load-balancer-public-addresses.
fn public_address(inventory: &Inventory) -> IpAddr {
    let is_free = |address: &IpAddr| {
        let has = |own: &Option<Located<IpAddr>>| own.as_ref().is_some_and(|own| own.value == *address);
        !inventory.network_interfaces.iter().any(|card| has(&card.public_ip))
    };
    let mut all = (1..=254).rev().map(|host| IpAddr::V4(Ipv4Addr::new(192, 0, 2, host)));
    let more =
        || (0..=255_u8).flat_map(|block| (1..=254).map(move |host| Ipv4Addr::new(198, 18, block, host)));
    all.find(is_free)
        .or_else(|| more().map(IpAddr::V4).find(is_free))
        .unwrap_or(IpAddr::V4(Ipv4Addr::new(198, 19, 255, 255)))
}

/// The node in a subnet: it is called after the load balancer and the subnet.
fn own_node(
    node: &Node,
    of: &Identity,
    kind: LoadBalancerType,
    problems: &mut Diagnostics,
) -> Option<NetworkInterface> {
    let (subnet, interface, private_ip, public_ip) = if matches!(node.value, Value::Map(_)) {
        let mut fields = Fields::of(node, &LOAD_BALANCER_SUBNET, problems)?;
        let subnet = fields.value("subnet", located_text, problems);
        let interface = fields.value("interface", text, problems);
        let [private_ip, public_ip] =
            ["private_ip", "public_ip"].map(|key| fields.value(key, ipv4, problems));
        fields.finish(problems);
        (subnet?, interface, private_ip, public_ip)
    } else {
        (located_text(node, problems)?, None, None, None)
    };
    let Located { value: name, origin } = &subnet;
    let card = Identity::new("eni", Some(format!("{}-{name}", of.name)), interface, *origin)?;
    let card = NetworkInterface::of_gateway(card, subnet, kind.interface_type());
    Some(NetworkInterface { private_ip, public_ip, ..card })
}

/// A port that can be listened on.
pub(super) fn some_port(node: &Node, problems: &mut Diagnostics) -> Option<u16> {
    let number = port(node, problems)?;
    if number == 0 {
        let help = "ports of listeners and targets go from 1 to 65535";
        problems.push(invalid(node.origin, "nobody listens on port 0".to_owned(), help));
        return None;
    }
    Some(number)
}

/// What stands for a load balancer that answers by itself.
const OWN_ANSWERS: [&str; 2] = ["redirect", "fixed-response"];

/// A listener: `https 443 -> app`, or with its rules.
fn listener(node: &Node, problems: &mut Diagnostics) -> Option<LoadBalancerListener> {
    if !matches!(node.value, Value::Map(_)) {
        return short_listener(node, problems);
    }
    let mut fields = Fields::of(node, &LISTENER, problems)?;
    let protocol =
        fields.value("protocol", one_of("a protocol of listeners", &ListenerProtocol::NAMES), problems);
    let port = fields.value("port", some_port, problems);
    let mut rules = fields.list("rules", rule, problems).unwrap_or_default();
    let target_groups = fields.list("target_groups", located_text, problems).unwrap_or_default();
    let uncollected = one_of("a part of a listener", LISTENER_PARTS);
    let is_collected = fields.list("not_collected", uncollected, problems).is_none();
    let tcp_idle_timeout = idle_timeout(&mut fields, &model::LoadBalancerListener::TCP_IDLE, problems);
    let origin = Some(fields.origin);
    fields.finish(problems);
    if is_collected {
        rules.push(ListenerRule { source_ips: Vec::new(), reads_request: false, target_groups });
    }
    Some(LoadBalancerListener { protocol: protocol?, port: port?, rules, tcp_idle_timeout, origin })
}

/// A listener in a line, as `https 443 -> app`: its protocol, port and target groups, of which it has none when it answers
/// by itself, by one of `answers`. Nothing when the line says something else.
pub(super) fn listener_in_line<P: Copy>(
    text: &str,
    at: Origin,
    protocols: &[(&str, P)],
    answers: &[&str],
) -> Option<(P, u16, Vec<Reference>)> {
    let (from, to) = text.split_once("->")?;
    let words: Vec<&str> = from.split_whitespace().collect();
    let to = to.trim();
    let &[protocol, port] = words.as_slice() else { return None };
    if to.is_empty() || to.contains(char::is_whitespace) {
        return None;
    }
    let (_, protocol) = protocols.iter().find(|(name, _)| name.eq_ignore_ascii_case(protocol))?;
    let port = port.parse().ok().filter(|port| *port > 0)?;
    let groups = if answers.contains(&to) { Vec::new() } else { vec![Located::at(to.to_owned(), at)] };
    Some((*protocol, port, groups))
}

fn short_listener(node: &Node, problems: &mut Diagnostics) -> Option<LoadBalancerListener> {
    parsed(node, problems, |text, at, _| {
        let help = "e.g. `https 443 -> app`, `tcp 5432 -> db`, `http 80 -> redirect`";
        let read = listener_in_line(text, at, &ListenerProtocol::NAMES, &OWN_ANSWERS);
        let (protocol, port, target_groups) =
            read.ok_or_else(|| invalid(at, format!("`{text}` is not a listener"), help))?;
        let rule = ListenerRule { source_ips: Vec::new(), reads_request: false, target_groups };
        let (rules, tcp_idle_timeout) = (vec![rule], None);
        Ok(LoadBalancerListener { protocol, port, rules, tcp_idle_timeout, origin: Some(at) })
    })
}

fn rule(node: &Node, problems: &mut Diagnostics) -> Option<ListenerRule> {
    let mut fields = Fields::of(node, &LISTENER_RULE, problems)?;
    let source_ips = fields.list("source_ip", cidr, problems).unwrap_or_default();
    let reads_request = fields.value("reads_request", boolean, problems);
    let target_groups = fields.list("target_groups", located_text, problems);
    fields.finish(problems);
    Some(ListenerRule {
        source_ips: source_ips.into_iter().map(|block| block.value).collect(),
        reads_request: reads_request.unwrap_or(false),
        target_groups: target_groups.unwrap_or_default(),
    })
}

/// A group of targets.
pub(super) fn target_group(node: &Node, problems: &mut Diagnostics) -> Option<TargetGroup> {
    let mut fields = Fields::of(node, &TARGET_GROUP, problems)?;
    let identity = identity(&mut fields, "tg", problems);
    let protocol =
        fields.value("protocol", one_of("a protocol of targets", &ListenerProtocol::NAMES), problems);
    let port = fields.value("port", some_port, problems);
    let target_type = fields.value("target_type", one_of("a type of targets", &TargetType::NAMES), problems);
    let preserve_client_ip = fields.value("preserve_client_ip", boolean, problems);
    let cross_zone = fields.value("cross_zone", boolean, problems);
    let failover = one_of("what becomes of flows", &model::TargetGroup::FAILOVERS);
    let rebalances = fields.value("target_failover", failover, problems).unwrap_or(false);
    let targets = fields.list("targets", target, problems);
    let health_check = fields.value("health_check", health_check, problems);
    fields.finish(problems);
    let protocol = protocol.unwrap_or(ListenerProtocol::Http);
    let is_geneve = protocol == ListenerProtocol::Geneve;
    Some(TargetGroup {
        identity: identity?,
        protocol,
        port: port.or(is_geneve.then_some(GENEVE_PORT)),
        target_type,
        preserve_client_ip,
        cross_zone,
        rebalances,
        targets,
        health_check,
    })
}

/// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html>
fn health_check(node: &Node, problems: &mut Diagnostics) -> Option<HealthCheck> {
    let mut fields = Fields::of(node, &HEALTH_CHECK, problems)?;
    let protocol = one_of("a protocol of health checks", &HealthCheckProtocol::NAMES);
    let protocol = fields.value("protocol", protocol, problems);
    let port = fields.value("port", some_port, problems);
    let interval = fields.value("interval", seconds("an interval", 5..=300), problems);
    let timeout = fields.value("timeout", seconds("a timeout", 1..=120), problems);
    fields.finish(problems);
    Some(HealthCheck { protocol, port, interval, timeout })
}

/// A time span of a health check, in the range that AWS has for it.
fn seconds(what: &'static str, range: RangeInclusive<u64>) -> impl Read<Duration> {
    move |node: &Node, problems: &mut Diagnostics| {
        let span = duration(node, problems)?;
        if range.contains(&span.as_secs()) && span.subsec_nanos() == 0 {
            return Some(span);
        }
        let message = format!("{what} of health checks has {} to {} seconds", range.start(), range.end());
        problems.push(invalid(node.origin, message, "e.g. 30s"));
        None
    }
}

fn target(node: &Node, problems: &mut Diagnostics) -> Option<Target> {
    if !matches!(node.value, Value::Map(_)) {
        return Some(Target { id: located_text(node, problems)?, port: None, health: TargetHealth::Healthy });
    }
    let mut fields = Fields::of(node, &TARGET, problems)?;
    let id = fields.value("id", located_text, problems);
    let port = fields.value("port", some_port, problems);
    let health = fields.value("health", one_of("a state of health", &TargetHealth::NAMES), problems);
    fields.finish(problems);
    Some(Target { id: id?, port, health: health.unwrap_or(TargetHealth::Healthy) })
}
