//! Single values: addresses, blocks, ports, durations, instants, names from tables.

use std::error::Error;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use super::fields::{Read, parsed};
use super::shape::LEGS;
use super::yaml::Node;
use crate::diagnostic::{Diagnostic, Diagnostics, Located, Origin, problems};
use crate::model::{Icmp, LegKind, TcpFlags};
use crate::net::{Cidr, Family, IcmpType, Timestamp};

/// Text that is not what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseTextError(pub(crate) String);

impl fmt::Display for ParseTextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for ParseTextError {}

/// An address.
pub(super) fn address(node: &Node, problems: &mut Diagnostics) -> Option<Located<IpAddr>> {
    parsed(node, problems, |text, at, _| match text.parse() {
        Ok(address) => Ok(Located::at(address, at)),
        Err(_) => Err(invalid(at, format!("`{text}` is not an IP address"), "e.g. 10.0.0.5 or 2001:db8::5")),
    })
}

/// An address of one family.
fn address_of(family: Family, node: &Node, problems: &mut Diagnostics) -> Option<Located<IpAddr>> {
    let address = address(node, problems)?;
    if Family::of(address.value) == family {
        return Some(address);
    }
    let message = format!("{} is not an {family} address", address.value);
    problems.push(invalid(
        node.origin,
        message,
        "IPv6 addresses stand under `ipv6_addresses`, IPv4 ones elsewhere",
    ));
    None
}

/// An IPv4 address.
pub(super) fn ipv4(node: &Node, problems: &mut Diagnostics) -> Option<Located<IpAddr>> {
    address_of(Family::V4, node, problems)
}

/// An IPv6 address.
pub(super) fn ipv6(node: &Node, problems: &mut Diagnostics) -> Option<Located<IpAddr>> {
    address_of(Family::V6, node, problems)
}

/// A CIDR block; host bits are zeroed with a warning, as AWS zeroes them.
pub(super) fn cidr(node: &Node, problems: &mut Diagnostics) -> Option<Located<Cidr>> {
    parsed(node, problems, cidr_text).map(|cidr| Located::at(cidr, node.origin))
}

/// As [`cidr`], from text.
pub(super) fn cidr_text(text: &str, at: Origin, problems: &mut Diagnostics) -> Result<Cidr, Diagnostic> {
    match Cidr::parse(text) {
        Ok((cidr, host_bits)) => {
            if host_bits {
                problems.push(problems::host_bits(Some(at), text, cidr));
            }
            Ok(cidr)
        }
        Err(error) => {
            Err(invalid(at, error.to_string(), "e.g. 10.0.0.0/16; a single address is 10.0.0.5/32"))
        }
    }
}

/// A port.
pub(super) fn port(node: &Node, problems: &mut Diagnostics) -> Option<u16> {
    parsed(node, problems, |text, at, _| {
        text.parse().map_err(|_| invalid(at, format!("`{text}` is not a port"), "ports go from 0 to 65535"))
    })
}

/// A duration such as `90s`, `2m` or `1h 30m`.
pub(super) fn duration(node: &Node, problems: &mut Diagnostics) -> Option<Duration> {
    const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);
    parsed(node, problems, |text, at, _| {
        let help = "e.g. 500ms, 90s, 2m or 1h 30m, at most 366 days";
        let bad = |_| invalid(at, format!("`{text}` is not a duration"), help);
        let duration = humantime::parse_duration(text).map_err(bad)?;
        if duration > LONGEST {
            return Err(invalid(at, format!("`{text}` is too long"), help));
        }
        Ok(duration)
    })
}

/// An instant such as `2026-01-01T00:00:00Z`, or seconds since 1970.
pub(super) fn instant(node: &Node, problems: &mut Diagnostics) -> Option<Timestamp> {
    const LAST: u64 = 253_402_300_799; // the end of the year 9999
    parsed(node, problems, |text, at, _| {
        let bad = || {
            invalid(
                at,
                format!("`{text}` is not an instant"),
                "e.g. 2026-01-01T00:00:00Z, or seconds since 1970",
            )
        };
        if let Ok(seconds) = text.parse::<u64>() {
            return if seconds <= LAST {
                Ok(Timestamp::from_milliseconds(seconds * 1000))
            } else {
                Err(bad())
            };
        }
        let instant = humantime::parse_rfc3339(text).map_err(|_| bad())?;
        let since = instant.duration_since(std::time::UNIX_EPOCH).map_err(|_| bad())?;
        u64::try_from(since.as_millis()).map(Timestamp::from_milliseconds).map_err(|_| bad())
    })
}

/// A twelve-digit account id.
pub(super) fn account(node: &Node, problems: &mut Diagnostics) -> Option<String> {
    parsed(node, problems, |text, at, _| {
        if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(text.to_owned());
        }
        let help = "twelve digits in quotes, e.g. \"123456789010\"";
        Err(invalid(at, format!("`{text}` is not an account id"), help))
    })
}

/// One of a table's names.
fn named<T: Copy>(
    node: &Node,
    problems: &mut Diagnostics,
    what: &str,
    names: &[(&'static str, T)],
) -> Option<T> {
    parsed(node, problems, |text, at, _| {
        let found = names.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, value)| *value);
        let all = || names.iter().map(|(name, _)| *name);
        let meant = problems::nearest(text, all()).map(|name| format!("did you mean `{name}`? It is "));
        let list = all().collect::<Vec<_>>().join(", ");
        let help = || format!("{}one of {list}", meant.unwrap_or_default());
        found.ok_or_else(|| invalid(at, format!("`{text}` is not {what}"), &help()))
    })
}

/// Reads one of a table's names: [`named`] as a value.
pub(super) fn one_of<'a, T: Copy>(what: &'a str, names: &'a [(&'static str, T)]) -> impl Read<T> + 'a {
    move |node: &Node, problems: &mut Diagnostics| named(node, problems, what, names)
}

/// `request` or `reply`.
pub(super) fn leg(node: &Node, problems: &mut Diagnostics) -> Option<LegKind> {
    named(node, problems, "a leg", LEGS)
}

/// Flags of one kind of packet: `SYN`, `SYN-ACK`, `FIN-ACK`.
pub(super) fn tcp_flags(node: &Node, problems: &mut Diagnostics) -> Option<TcpFlags> {
    parsed(node, problems, |text, at, _| {
        let help = "flags of one packet joined by `-`: SYN, SYN-ACK, ACK, PSH-ACK, FIN-ACK, RST-ACK";
        TcpFlags::parse(text).ok_or_else(|| invalid(at, format!("`{text}` names no TCP flags"), help))
    })
}

/// An ICMP message of a connection.
pub(super) fn icmp(node: &Node, problems: &mut Diagnostics) -> Option<Icmp> {
    parsed(node, problems, |text, at, _| {
        let help = "a type or type/code, e.g. 3/4; a ping is `echo-request`";
        parse_icmp(text).map_err(|error| invalid(at, error.to_string(), help))
    })
}

/// Reads `echo-request`, a type, or `type/code`.
///
/// # Errors
/// [`ParseTextError`] when the text is none of them.
pub fn parse_icmp(text: &str) -> Result<Icmp, ParseTextError> {
    if text == "echo-request" {
        return Ok(Icmp::EchoRequest);
    }
    let (kind, code) = text.split_once('/').unwrap_or((text, "0"));
    match (kind.trim().parse(), code.trim().parse()) {
        (Ok(kind), Ok(code)) => Ok(Icmp::Number(IcmpType { kind, code })),
        _ => Err(ParseTextError(format!("`{text}` is not an ICMP type"))),
    }
}

/// A value that is out of its format or range.
pub(super) fn invalid(at: Origin, message: String, help: &str) -> Diagnostic {
    problems::invalid_value(Some(at), message, help)
}
