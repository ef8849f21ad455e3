//! Rules of security groups, entries of network ACLs and routes, each written short or with the API's fields.
//!
//! | short | long |
//! |---|---|
//! | `allow tcp 443 from 0.0.0.0/0` | `{ip_protocol: tcp, from_port: 443, to_port: 443, cidr_ipv4: 0.0.0.0/0}` |
//! | `100 deny icmp 8 to 10.0.0.0/8` | `{rule_number: 100, rule_action: deny, protocol: 1, icmp_type_code: {type: 8, code: -1}, cidr_block: 10.0.0.0/8}` |
//! | `0.0.0.0/0 -> igw` | `{destination_cidr_block: 0.0.0.0/0, gateway_id: igw}` |

use super::fields::{Fields, located_text, parsed, text};
use super::scalar::{cidr, cidr_text, invalid, one_of};
use super::yaml::{Node, Value};
use crate::diagnostic::{Diagnostic, Diagnostics, Located, Origin, problems};
use crate::model::inventory::{Destination, NetworkAclEntry, Peer, Route, SecurityGroupRule};
use crate::model::{RouteOrigin, RuleAction, RuleNumber};
use crate::net::{Cidr, Direction, Family, IcmpMatch, PortRange, Protocol, Service};

const ACTIONS: &[(&str, RuleAction)] = &[("allow", RuleAction::Allow), ("deny", RuleAction::Deny)];
const GROUP_RULE: &str = "e.g. `allow tcp 443 from 0.0.0.0/0`, `allow all to sg-db`";
const ACL_ENTRY: &str = "e.g. `100 allow tcp 1024-65535 to 0.0.0.0/0`";
const ROUTE: &str = "e.g. `0.0.0.0/0 -> igw`, `10.1.0.0/16 -> vgw propagated`, `10.2.0.0/16 -> blackhole`";

/// A rule of a security group.
pub(super) fn group_rule(
    node: &Node,
    direction: Direction,
    problems: &mut Diagnostics,
) -> Option<SecurityGroupRule> {
    if let Value::Map(_) = node.value {
        return long_group_rule(node, problems);
    }
    parsed(node, problems, |text, at, problems| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let rest = match words.as_slice() {
            ["deny", ..] => {
                let message = "a security group has no deny rules".to_owned();
                return Err(invalid(at, message, "leave the rule out, or deny in a network ACL"));
            }
            ["allow", rest @ ..] | rest => rest,
        };
        let line = Line { text, at, help: GROUP_RULE };
        let (service, peer) = split(rest, direction, line)?;
        let service = short_service(service, line, problems)?;
        let at_peer = line.place(peer);
        let peer = if peer.contains('/') {
            Peer::Cidr(cidr_text(peer, at_peer, problems)?)
        } else {
            Peer::Named(Located::at(peer.to_owned(), at_peer))
        };
        Ok(SecurityGroupRule { id: None, service, peer, origin: Some(at) })
    })
}

fn long_group_rule(node: &Node, problems: &mut Diagnostics) -> Option<SecurityGroupRule> {
    const PEERS: [&str; 4] = ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_group_id"];
    let mut fields = Fields::of(node, "a security group rule", problems)?;
    let id = fields.optional("security_group_rule_id", text, problems);
    let protocol = fields.required("ip_protocol", protocol, problems);
    let numbers_at = fields.key_origin("to_port").unwrap_or(fields.origin);
    let from = fields.optional("from_port", integer, problems);
    let to = fields.optional("to_port", integer, problems);
    fields.choice(&PEERS);
    let blocks = [fields.optional("cidr_ipv4", cidr, problems), fields.optional("cidr_ipv6", cidr, problems)];
    let names =
        ["prefix_list_id", "referenced_group_id"].map(|key| fields.optional(key, located_text, problems));
    fields.optional("description", text, problems);
    let origin = fields.origin;
    if !fields.finish(problems) {
        return None;
    }
    let service =
        problems.ok(numbered_service(protocol?, from.zip(to), numbers_at, "`from_port` and `to_port`"));
    let block = blocks.into_iter().flatten().next().map(|block| Peer::Cidr(block.value));
    let peer = block.or_else(|| names.into_iter().flatten().next().map(Peer::Named))?;
    Some(SecurityGroupRule { id, service: service?, peer, origin: Some(origin) })
}

/// An entry of a network ACL.
pub(super) fn acl_entry(
    node: &Node,
    direction: Direction,
    problems: &mut Diagnostics,
) -> Option<NetworkAclEntry> {
    if let Value::Map(_) = node.value {
        return long_acl_entry(node, problems);
    }
    parsed(node, problems, |text, at, problems| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let line = Line { text, at, help: ACL_ENTRY };
        let [number, action, rest @ ..] = words.as_slice() else { return Err(line.malformed()) };
        let number = rule_number(number, line.place(number))?;
        let action = ACTIONS.iter().find(|(name, _)| name == action).map(|(_, action)| *action);
        let action = action.ok_or_else(|| line.malformed())?;
        let (service, block) = split(rest, direction, line)?;
        let service = short_service(service, line, problems)?;
        let at_block = line.place(block);
        if !block.contains('/') {
            let message = format!("`{block}` is not a CIDR block");
            return Err(invalid(
                at_block,
                message,
                "network ACLs know neither security groups nor prefix lists",
            ));
        }
        Ok(entry(number, action, service, cidr_text(block, at_block, problems)?, at))
    })
}

fn long_acl_entry(node: &Node, problems: &mut Diagnostics) -> Option<NetworkAclEntry> {
    const BLOCKS: [&str; 2] = ["cidr_block", "ipv6_cidr_block"];
    let mut fields = Fields::of(node, "a network ACL entry", problems)?;
    let number = fields.required(
        "rule_number",
        |node, problems| parsed(node, problems, |text, at, _| rule_number(text, at)),
        problems,
    );
    let action = fields.required("rule_action", one_of("an action", ACTIONS), problems);
    let protocol = fields.required("protocol", protocol, problems);
    fields.choice(&BLOCKS);
    let numbers_at = ["port_range", "icmp_type_code"]
        .into_iter()
        .find_map(|key| fields.key_origin(key))
        .unwrap_or(fields.origin);
    let blocks = BLOCKS.map(|key| fields.optional(key, cidr, problems));
    let ports = fields.optional(
        "port_range",
        |node, problems| pair(node, "a port range", ["from", "to"], problems),
        problems,
    );
    let icmp = fields.optional(
        "icmp_type_code",
        |node, problems| pair(node, "an ICMP type and code", ["type", "code"], problems),
        problems,
    );
    let origin = fields.origin;
    if !fields.finish(problems) {
        return None;
    }
    let protocol = protocol?;
    let (numbers, keys) = match protocol.protocol {
        Some(protocol) if protocol.is_icmp() => (icmp, "`icmp_type_code`"),
        _ => (ports, "`port_range`"),
    };
    let service = problems.ok(numbered_service(protocol, numbers, numbers_at, keys))?;
    let block = blocks.into_iter().flatten().next()?;
    Some(entry(number?, action?, service, block.value, origin))
}

/// AWS: with protocol 58 and an IPv4 block, all types and codes match whatever was given.
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html>
fn entry(
    number: RuleNumber,
    action: RuleAction,
    mut service: Service,
    cidr_block: Cidr,
    at: Origin,
) -> NetworkAclEntry {
    if service.protocol == Some(Protocol::ICMPV6) && cidr_block.family() == Family::V4 {
        service.icmp = IcmpMatch::ALL;
    }
    NetworkAclEntry { number, action, service, cidr_block, origin: Some(at) }
}

/// A route.
pub(super) fn route(node: &Node, problems: &mut Diagnostics) -> Option<Route> {
    if let Value::Map(_) = node.value {
        return long_route(node, problems);
    }
    parsed(node, problems, |text, at, problems| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let line = Line { text, at, help: ROUTE };
        let ([destination, "->", target], state) = (match words.as_slice() {
            [first @ .., state @ ("propagated" | "blackhole")] if first.len() == 3 => (first, Some(*state)),
            all => (all, None),
        }) else {
            return Err(line.malformed());
        };
        let at_destination = line.place(destination);
        let destination = if destination.contains('/') {
            Destination::Cidr(cidr_text(destination, at_destination, problems)?)
        } else {
            Destination::PrefixList(Located::at((*destination).to_owned(), at_destination))
        };
        Ok(Route {
            destination,
            target: Located::at((*target).to_owned(), line.place(target)),
            blackhole: state == Some("blackhole"),
            route_origin: match state {
                Some("propagated") => RouteOrigin::EnableVgwRoutePropagation,
                _ => RouteOrigin::CreateRoute,
            },
            origin: Some(at),
        })
    })
}

fn long_route(node: &Node, problems: &mut Diagnostics) -> Option<Route> {
    const DESTINATIONS: [&str; 3] =
        ["destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id"];
    const TARGETS: [&str; 10] = [
        "gateway_id",
        "nat_gateway_id",
        "network_interface_id",
        "instance_id",
        "transit_gateway_id",
        "vpc_peering_connection_id",
        "egress_only_internet_gateway_id",
        "local_gateway_id",
        "carrier_gateway_id",
        "core_network_arn",
    ];
    let mut fields = Fields::of(node, "a route", problems)?;
    let [v4, v6, list] = DESTINATIONS;
    fields.choice(&DESTINATIONS);
    let blocks = [v4, v6].map(|key| fields.optional(key, cidr, problems));
    let list = fields.optional(list, located_text, problems);
    fields.choice(&TARGETS);
    let target = TARGETS.map(|key| fields.optional(key, located_text, problems)).into_iter().flatten().next();
    let states = &[("active", false), ("blackhole", true)];
    let blackhole = fields.optional("state", one_of("a state", states), problems);
    let origins = &[
        ("CreateRoute", RouteOrigin::CreateRoute),
        ("CreateRouteTable", RouteOrigin::CreateRouteTable),
        ("EnableVgwRoutePropagation", RouteOrigin::EnableVgwRoutePropagation),
    ];
    let route_origin = fields.optional("origin", one_of("an origin", origins), problems);
    let origin = fields.origin;
    if !fields.finish(problems) {
        return None;
    }
    let block = blocks.into_iter().flatten().next().map(|block| Destination::Cidr(block.value));
    Some(Route {
        destination: block.or_else(|| list.map(Destination::PrefixList))?,
        target: target?,
        blackhole: blackhole.unwrap_or(false),
        route_origin: route_origin.unwrap_or(RouteOrigin::CreateRoute),
        origin: Some(origin),
    })
}

/// Something that listens, written `tcp 443`.
pub(super) fn service(node: &Node, problems: &mut Diagnostics) -> Option<Service> {
    parsed(node, problems, |text, at, problems| {
        let words: Vec<&str> = text.split_whitespace().collect();
        short_service(&words, Line { text, at, help: "e.g. `tcp 443`, `udp 53`" }, problems)
    })
}

/// Splits `SERVICE from|to REMOTE`, with the preposition of the direction.
fn split<'t, 'w>(
    words: &'w [&'t str],
    direction: Direction,
    line: Line<'_>,
) -> Result<(&'w [&'t str], &'t str), Diagnostic> {
    let [service @ .., preposition, remote] = words else { return Err(line.malformed()) };
    let expected = direction.preposition();
    if *preposition == expected {
        return Ok((service, remote));
    }
    if *preposition == direction.opposite().preposition() {
        let message = format!("an {direction} rule says `{expected}`, not `{preposition}`");
        let help = "ingress rules test the source, egress rules the destination";
        return Err(invalid(line.place(preposition), message, help));
    }
    Err(line.malformed())
}

/// `all`, `tcp`, `tcp 443`, `udp 1024-65535`, `icmp 8`, `icmp 3/4`, `47`.
fn short_service(words: &[&str], line: Line<'_>, problems: &mut Diagnostics) -> Result<Service, Diagnostic> {
    let (name, detail) = match words {
        ["all" | "-1"] => return Ok(Service::ALL),
        [name] => (*name, None),
        [name, detail] => (*name, Some(*detail)),
        _ => return Err(line.malformed()),
    };
    let at = line.place(detail.unwrap_or(name));
    let bad_protocol = |_| {
        invalid(
            line.place(name),
            format!("`{name}` is not a protocol"),
            "all, tcp, udp, icmp, icmpv6, or a number from 0 to 255",
        )
    };
    let protocol: Protocol = name.parse().map_err(bad_protocol)?;
    let Some(detail) = detail else { return Ok(Service::protocol(protocol)) };
    if protocol.has_ports() {
        let ports: PortRange = detail.parse().map_err(|error: crate::net::PortRangeError| {
            invalid(at, error.to_string(), "a port or two joined by `-`, from 0 to 65535")
        })?;
        return Ok(Service::ports(protocol, ports));
    }
    if protocol.is_icmp() {
        let (kind, code) = detail.split_once('/').unwrap_or((detail, "-1"));
        let bad =
            |_| invalid(at, format!("`{detail}` is not an ICMP type"), "a type or type/code, e.g. 8 or 3/4");
        let (kind, code) = (kind.parse().map_err(bad)?, code.parse().map_err(bad)?);
        return numbered_service(Service::protocol(protocol), Some((kind, code)), at, "");
    }
    let message = format!("AWS ignores ports of protocol {protocol}");
    problems.push(problems::no_effect(
        Some(at),
        message,
        "only tcp and udp have ports, icmp and icmpv6 types",
    ));
    Ok(Service::protocol(protocol))
}

/// A service by the numbers that the API has: ports, or ICMP type and code with -1 for all. Other protocols ignore
/// them, and so does `-1`.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html>
fn numbered_service(
    all: Service,
    numbers: Option<(i64, i64)>,
    at: Origin,
    keys: &str,
) -> Result<Service, Diagnostic> {
    let Some(protocol) = all.protocol else { return Ok(all) };
    if protocol.has_ports() {
        let Some((from, to)) = numbers else {
            return Err(invalid(at, format!("{protocol} needs {keys}"), "all ports are 0 to 65535"));
        };
        let port = |number: i64| u16::try_from(number).map_err(|_| format!("{number} is not a port"));
        let range = port(from).and_then(|from| {
            port(to).and_then(|to| PortRange::new(from, to).map_err(|error| error.to_string()))
        });
        let range = range.map_err(|message| invalid(at, message, "ports go from 0 to 65535"))?;
        return Ok(Service::ports(protocol, range));
    }
    if !protocol.is_icmp() {
        return Ok(all);
    }
    let (kind, code) = match numbers {
        Some(numbers) => numbers,
        None if protocol == Protocol::ICMPV6 => (-1, -1),
        None => {
            return Err(invalid(at, format!("{protocol} needs {keys}"), "-1 stands for all types and codes"));
        }
    };
    let number = |value: i64| match value {
        -1 => Ok(None),
        _ => u8::try_from(value).map(Some).map_err(|_| {
            invalid(at, format!("{value} is not an ICMP type or code"), "0 to 255, or -1 for all")
        }),
    };
    let (kind, code) = (number(kind)?, number(code)?);
    // AWS: all types means all codes.
    let icmp = IcmpMatch { kind, code: kind.and(code) };
    Ok(Service { icmp, ..all })
}

/// All traffic of a protocol, by name or number; `-1` and `all` are every one.
fn protocol(node: &Node, problems: &mut Diagnostics) -> Option<Service> {
    parsed(node, problems, |text, at, _| match text {
        "-1" | "all" => Ok(Service::ALL),
        _ => text.parse().map(Service::protocol).map_err(|error: crate::net::ProtocolError| {
            invalid(at, error.to_string(), "-1, tcp, udp, icmp, icmpv6, or a number from 0 to 255")
        }),
    })
}

fn integer(node: &Node, problems: &mut Diagnostics) -> Option<i64> {
    parsed(node, problems, |text, at, _| {
        text.parse().map_err(|_| invalid(at, format!("`{text}` is not a whole number"), "e.g. 443"))
    })
}

fn pair(
    node: &Node,
    owner: &'static str,
    keys: [&'static str; 2],
    problems: &mut Diagnostics,
) -> Option<(i64, i64)> {
    let mut fields = Fields::of(node, owner, problems)?;
    let [first, second] = keys.map(|key| fields.required(key, integer, problems));
    fields.finish(problems);
    first.zip(second)
}

fn rule_number(text: &str, at: Origin) -> Result<RuleNumber, Diagnostic> {
    let number = text.parse::<u16>().ok().and_then(RuleNumber::new);
    number.ok_or_else(|| {
        let help = "numbers go from 1 to 32766; `*` stands behind every list by itself";
        invalid(at, format!("`{text}` is not a rule number"), help)
    })
}

/// A rule or route written short, where it stands, and an example of its kind.
#[derive(Clone, Copy)]
struct Line<'t> {
    text: &'t str,
    at: Origin,
    help: &'static str,
}

impl Line<'_> {
    /// The place of `word`, a part of the text; the whole text's when escapes or folding may have moved it.
    fn place(self, word: &str) -> Origin {
        let length = |text: &str| u32::try_from(text.len()).unwrap_or(u32::MAX);
        let offset = (word.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize);
        let offset = offset
            .filter(|offset| offset + word.len() <= self.text.len())
            .and_then(|offset| u32::try_from(offset).ok());
        let quote = match self.at.length.checked_sub(length(self.text)) {
            Some(0) => 0,
            Some(2) => 1,
            _ => return self.at,
        };
        offset.map_or(self.at, |offset| Origin {
            start: self.at.start + quote + offset,
            length: length(word),
            ..self.at
        })
    }

    fn malformed(self) -> Diagnostic {
        let what = if self.text.is_empty() { "an empty text".to_owned() } else { format!("`{}`", self.text) };
        invalid(self.at, format!("{what} cannot be read"), self.help)
    }
}
