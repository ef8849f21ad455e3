//! np-guard's endpoint reports: which endpoints reach which, on what.
//!
//! ```text
//! Endpoint connectivity for VPC prod_vpc
//! Public Internet (all ranges) => wl20[10.240.3.195] : All Connections
//! a[10.0.0.1],b[10.0.0.2] => c[10.0.0.3] : protocol: TCP src-ports: 1-9079 dst-ports: 80,443; protocol: UDP *
//! ```
//!
//! An endpoint is a name and an address; several share a line. A connection is a union of terms, and pairs that
//! are not listed have none. Lines that end in `*` hold TCP whose replies do not come back.

use std::net::IpAddr;
use std::ops::RangeInclusive;

use flowcast::net::Protocol;

/// A packet as far as the reports tell packets apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packet {
    /// TCP or UDP, source and destination port.
    Ports { protocol: Protocol, source: u16, destination: u16 },
    /// ICMP type and code.
    Icmp { kind: u8, code: u8 },
}

/// A line: all of `from` reach all of `to` on what the terms hold.
#[derive(Debug, PartialEq)]
pub(super) struct Line {
    from: Vec<String>,
    to: Vec<String>,
    terms: Vec<Term>,
    reply_blocked: bool,
}

/// One product of the union; no list means everything.
#[derive(Debug, Default, PartialEq)]
struct Term {
    protocols: Option<Vec<Protocol>>,
    source_ports: Option<Ranges>,
    destination_ports: Option<Ranges>,
    icmp_types: Option<Ranges>,
    icmp_codes: Option<Ranges>,
}

#[derive(Debug, PartialEq)]
struct Ranges(Vec<RangeInclusive<u16>>);

/// The lines of a report between endpoints inside of VPCs.
pub(super) fn parse(text: &str) -> Vec<Line> {
    let lines = text.lines().filter(|line| line.contains(" => "));
    lines.map(line).filter(|line| !line.from.is_empty() && !line.to.is_empty()).collect()
}

impl Line {
    fn is_about(&self, from: &str, to: &str) -> bool {
        self.from.iter().any(|end| end == from) && self.to.iter().any(|end| end == to)
    }

    /// Every endpoint, by name and address as the report writes them.
    pub(super) fn endpoints(&self) -> impl Iterator<Item = &str> {
        self.from.iter().chain(&self.to).map(String::as_str)
    }

    /// Ends of every range of ports.
    pub(super) fn port_ends(&self) -> impl Iterator<Item = u16> {
        let ports = self.terms.iter().flat_map(|term| [&term.source_ports, &term.destination_ports]);
        ports.flatten().flat_map(|ranges| &ranges.0).flat_map(|range| [*range.start(), *range.end()])
    }
}

impl Term {
    fn holds(&self, packet: Packet) -> bool {
        let within = |ranges: &Option<Ranges>, value: u16| {
            ranges.as_ref().is_none_or(|ranges| ranges.0.iter().any(|range| range.contains(&value)))
        };
        let is = |protocol| self.protocols.as_ref().is_none_or(|protocols| protocols.contains(&protocol));
        match packet {
            Packet::Ports { protocol, source, destination } => {
                is(protocol)
                    && within(&self.source_ports, source)
                    && within(&self.destination_ports, destination)
            }
            Packet::Icmp { kind, code } => {
                is(Protocol::ICMP)
                    && within(&self.icmp_types, kind.into())
                    && within(&self.icmp_codes, code.into())
            }
        }
    }
}

/// Whether `packet` gets from one endpoint to the other.
pub(super) fn arrives(report: &[Line], from: &str, to: &str, packet: Packet) -> bool {
    let mut about = report.iter().filter(|line| line.is_about(from, to));
    about.any(|line| line.terms.iter().any(|term| term.holds(packet)))
}

/// Whether the answer to it comes back, of TCP.
pub(super) fn is_answered(report: &[Line], from: &str, to: &str, packet: Packet) -> bool {
    let mut about = report.iter().filter(|line| line.is_about(from, to) && !line.reply_blocked);
    about.any(|line| line.terms.iter().any(|term| term.holds(packet)))
}

fn line(text: &str) -> Line {
    let wrong = || panic!("not a line of a report: `{text}`");
    let (from, rest) = text.split_once(" => ").unwrap_or_else(wrong);
    let (to, connection) = rest.split_once(" : ").unwrap_or_else(wrong);
    let connection = connection.trim();
    let plain = connection.trim_end_matches('*').trim_end();
    let terms = plain.split(';').map(|term| self::term(term.trim())).collect();
    Line { from: endpoints(from), to: endpoints(to), terms, reply_blocked: plain.len() < connection.len() }
}

/// The endpoints of one side: none when it is the internet.
fn endpoints(side: &str) -> Vec<String> {
    if side.contains("Public Internet") {
        return Vec::new();
    }
    let all: Vec<_> = side.split(',').map(|end| end.trim().to_owned()).collect();
    assert!(all.iter().all(|end| address(end).is_some()), "not endpoints: `{side}`");
    all
}

/// The address of `name[address]`.
pub(super) fn address(endpoint: &str) -> Option<IpAddr> {
    endpoint.split_once('[')?.1.strip_suffix(']')?.parse().ok()
}

fn term(text: &str) -> Term {
    let mut term = Term::default();
    if text == "All Connections" {
        return term;
    }
    let words: Vec<_> = text.split_whitespace().collect();
    let (pairs, []) = words.as_chunks::<2>() else { panic!("a key without a value: `{text}`") };
    for [key, value] in pairs {
        match *key {
            "protocol:" => {
                let names = value.split(',').map(|name| name.to_lowercase().parse().expect("a protocol"));
                term.protocols = Some(names.collect());
            }
            "src-ports:" => term.source_ports = Some(ranges(value)),
            "dst-ports:" => term.destination_ports = Some(ranges(value)),
            "icmp-type:" => term.icmp_types = Some(ranges(value)),
            "icmp-code:" => term.icmp_codes = Some(ranges(value)),
            _ => panic!("unknown key `{key}` in `{text}`"),
        }
    }
    term
}

fn ranges(text: &str) -> Ranges {
    let number = |text: &str| text.parse::<u16>().expect("a number");
    let range = |text: &str| match text.split_once('-') {
        Some((from, to)) => number(from)..=number(to),
        None => number(text)..=number(text),
    };
    Ranges(text.split(',').map(range).collect())
}

#[test]
fn a_report_is_read() {
    let report = parse(
        "Endpoint connectivity for VPC lab\n\
         Public Internet (all ranges) => a[10.0.0.1] : All Connections\n\
         a[10.0.0.1],b[10.0.0.2] => c[10.0.0.3] : protocol: TCP src-ports: 1-9,11 dst-ports: 80; protocol: ICMP icmp-type: 3 *\n\
         a[10.0.0.1] => c[10.0.0.3] : protocol: TCP,UDP src-ports: 10\n\n\
         TCP connections for which response is not permitted are marked with *\n",
    );
    assert_eq!(report.len(), 2, "the internet is left out");
    let tcp = |source, destination| Packet::Ports { protocol: Protocol::TCP, source, destination };
    let asked = |from: &str, packet| {
        let (from, to) = (format!("{from}[10.0.0.{}]", if from == "a" { 1 } else { 2 }), "c[10.0.0.3]");
        (arrives(&report, &from, to, packet), is_answered(&report, &from, to, packet))
    };
    assert_eq!(asked("b", tcp(11, 80)), (true, false));
    assert_eq!(asked("b", tcp(10, 80)), (false, false));
    assert_eq!(asked("a", tcp(10, 80)), (true, true));
    assert_eq!(asked("a", tcp(9, 81)), (false, false));
    assert!(asked("b", Packet::Icmp { kind: 3, code: 1 }).0);
    assert!(!asked("b", Packet::Icmp { kind: 8, code: 0 }).0);
    assert!(!arrives(&report, "c[10.0.0.3]", "a[10.0.0.1]", tcp(11, 80)), "a pair that is not listed");
    assert!(report[0].port_ends().eq([1, 9, 11, 11, 80, 80]));
}
