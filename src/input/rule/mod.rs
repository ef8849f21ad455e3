//! Rules of security groups, entries of network ACLs and routes, each written short or with the API's fields.
//!
//! | short | long |
//! |---|---|
//! | `allow tcp 443 from 0.0.0.0/0` | `{ip_protocol: tcp, from_port: 443, to_port: 443, cidr_ipv4: 0.0.0.0/0}` |
//! | `100 deny icmp 8 to 10.0.0.0/8` | `{rule_number: 100, rule_action: deny, protocol: 1, icmp_type_code: {type: 8, code: -1}, cidr_block: 10.0.0.0/8}` |
//! | `10 drop tcp 22 from any to 10.0.0.0/16` | |
//! | `10 reject tcp 22 from 10.0.0.0/8 to 10.0.0.0/16` | |
//! | `0.0.0.0/0 -> igw` | `{destination_cidr_block: 0.0.0.0/0, gateway_id: igw}` |

mod firewall;
mod network_acl;
mod route;
mod security_group;
mod traffic_mirror;

#[cfg(feature = "json")]
pub(super) use firewall::{is_test, testing_keywords};
pub(super) use firewall::{stateful_rule, stateless_rule};
pub(super) use network_acl::acl_entry;
#[cfg(feature = "json")]
pub(super) use network_acl::numbered_entry;
pub(super) use route::{route, short_route};
pub(super) use security_group::group_rule;
pub(super) use traffic_mirror::mirror_rule;

use super::fields::{Fields, parsed};
use super::scalar::invalid;
use super::shape::Shape;
use super::yaml::Node;
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, problems};
use crate::net::{Direction, IcmpMatch, PortRange, Protocol, Service};

const ICMP_HELP: &str =
    "a type or type/code, e.g. 3/4; a ping is 8, answered by 0, and with icmpv6 128 and 129";

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
        let bad = |_| invalid(at, format!("`{detail}` is not an ICMP type"), ICMP_HELP);
        let (kind, code) = (kind.parse().map_err(bad)?, code.parse().map_err(bad)?);
        return numbered_service(Service::protocol(protocol), (Some(kind), Some(code)), at, "");
    }
    let message = format!("AWS ignores ports of protocol {protocol}");
    problems.push(problems::no_effect(
        Some(at),
        message,
        "only tcp and udp have ports, icmp and icmpv6 types",
    ));
    Ok(Service::protocol(protocol))
}

/// The first and last port, or the ICMP type and code.
pub(super) type Numbers = (Option<i64>, Option<i64>);

/// A service by the numbers that the API has: ports, or ICMP type and code with -1 for all. Other protocols ignore
/// them, and so does `-1`.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html>
pub(super) fn numbered_service(
    all: Service,
    numbers: Numbers,
    at: Origin,
    keys: &str,
) -> Result<Service, Diagnostic> {
    let Some(protocol) = all.protocol else { return Ok(all) };
    if protocol.has_ports() {
        let (Some(from), Some(to)) = numbers else {
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
        (Some(kind), Some(code)) => (kind, code),
        (None, None) if protocol == Protocol::ICMPV6 => (-1, -1),
        _ => {
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
    shape: &'static Shape,
    keys: [&'static str; 2],
    problems: &mut Diagnostics,
) -> Option<(i64, i64)> {
    let mut fields = Fields::of(node, shape, problems)?;
    let [first, second] = keys.map(|key| fields.value(key, integer, problems));
    fields.finish(problems);
    first.zip(second)
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
