//! Rules in their order, with a dense form of their tests.
//!
//! A rule is as large as its texts, and a packet is tested against many. The dense form has a few bytes for each rule
//! and passes over those that cannot match; whatever it lets through is tested by the rule itself, so that the meaning
//! of a rule stands in [`Match`] alone. Long lists are searched first, by service or by address.

use std::net::IpAddr;
use std::ops::{BitAnd, Deref};

use super::buckets::Buckets;
use crate::net::{
    AddressMatch, Direction, Family, Header, IcmpMatch, Match, Payload, PortRange, Protocol, Service,
};

/// Rules in their order. It reads as a slice, and cannot be changed, so that the dense form always belongs to it.
#[derive(Debug, Clone)]
pub struct RuleList<T> {
    rules: Vec<T>,
    screen: Screen,
    /// Where a rule stands that may match.
    index: Option<Index>,
    /// Positions of rules for every address of a family.
    for_everyone: Vec<u32>,
    /// First ports of rules, and first ports behind them, in order.
    boundaries: Vec<u16>,
}

impl<T> RuleList<T> {
    /// Rules whose far side in `direction` is tested by what `test` says.
    pub(crate) fn new(direction: Direction, rules: Vec<T>, test: impl Fn(&T) -> &Match) -> Self {
        let tests = || {
            rules.iter().map(|rule| {
                let test = test(rule);
                (test.service, test.remote(direction))
            })
        };
        let screen = Screen::of(tests());
        let everyone = (0..).zip(tests()).filter(|(_, (_, remote))| remote.is_everything());
        let for_everyone = everyone.map(|(position, _)| position).collect();
        let ports = tests().map(|(service, _)| service.ports);
        let bounds = ports.flat_map(|ports| [Some(ports.from()), ports.to().checked_add(1)]);
        let mut boundaries: Vec<u16> = bounds.flatten().collect();
        boundaries.sort_unstable();
        boundaries.dedup();
        let numbers: Vec<_> = tests().map(|(service, _)| Some(numbers(service))).collect();
        let index = Buckets::of(&numbers).map(Index::ByService);
        Self { rules, screen, index, for_everyone, boundaries }
    }

    /// Rules that test the far side of a packet alone.
    pub(crate) fn of_blocks(rules: Vec<T>, block: impl Fn(&T) -> AddressMatch) -> Self {
        let blocks: Vec<AddressMatch> = rules.iter().map(block).collect();
        let screen = Screen::of(blocks.iter().map(|block| (Service::ALL, block)));
        let addresses: Vec<_> = blocks.iter().map(addresses).collect();
        let index = Buckets::of(&addresses).map(Index::ByAddress);
        Self { rules, screen, index, for_everyone: Vec::new(), boundaries: Vec::new() }
    }

    /// Those of [`RuleList::candidates`] that are for every address of a family.
    pub(crate) fn candidates_for_everyone(&self, probe: Probe) -> impl Iterator<Item = &T> {
        let may_match = move |position: &&u32| self.screen.passes(probe, **position as usize);
        self.for_everyone.iter().filter(may_match).filter_map(|position| self.rules.get(*position as usize))
    }

    /// Whether some rule's ports begin or end inside `range`, so that it tells ports of it apart.
    pub(crate) fn divides(&self, range: PortRange) -> bool {
        // The first port of the range divides nothing.
        let next = self.boundaries.partition_point(|boundary| *boundary <= range.from());
        self.boundaries.get(next).is_some_and(|boundary| range.contains(*boundary))
    }

    /// What `take` says of the first of [`RuleList::candidates`] of which it says something. Here the family and the
    /// service of the probe are looked at once, not for each rule.
    #[inline]
    pub(crate) fn find_map<R>(&self, probe: Probe, take: impl FnMut(usize, &T) -> Option<R>) -> Option<R> {
        let Screen { v4, v6 } = &self.screen;
        match (probe.address, probe.service) {
            (IpAddr::V4(address), Some((protocol, selector))) => {
                self.find_in(v4, probe, |row| row.passes(address.into(), protocol.0, selector), take)
            }
            (IpAddr::V4(address), None) => {
                self.find_in(v4, probe, |row| row.passes_address(address.into()), take)
            }
            (IpAddr::V6(address), Some((protocol, selector))) => {
                self.find_in(v6, probe, |row| row.passes(address.into(), protocol.0, selector), take)
            }
            (IpAddr::V6(address), None) => {
                self.find_in(v6, probe, |row| row.passes_address(address.into()), take)
            }
        }
    }

    #[inline]
    fn find_in<A, R>(
        &self,
        rows: &[Row<A>],
        probe: Probe,
        passes: impl Fn(&Row<A>) -> bool,
        mut take: impl FnMut(usize, &T) -> Option<R>,
    ) -> Option<R> {
        let mut take = |position: usize| self.rules.get(position).and_then(|rule| take(position, rule));
        match self.index.as_ref().and_then(|index| index.find(probe)) {
            Some(found) => {
                let mut found = found.iter().map(|position| *position as usize);
                found.find_map(|at| rows.get(at).filter(|row| passes(row)).and_then(|_| take(at)))
            }
            None => rows.iter().enumerate().filter(|(_, row)| passes(row)).find_map(|(at, _)| take(at)),
        }
    }

    /// The rules that may match, in order, and among them all that do.
    pub(crate) fn candidates(&self, probe: Probe) -> impl Iterator<Item = (usize, &T)> {
        let mut found = self.index.as_ref().and_then(|index| index.find(probe)).map(<[u32]>::iter);
        let mut from = 0;
        std::iter::from_fn(move || {
            let position = match &mut found {
                Some(found) => {
                    found.map(|position| *position as usize).find(|at| self.screen.passes(probe, *at))?
                }
                None => self.screen.next(probe, from)?,
            };
            from = position + 1;
            self.rules.get(position).map(|rule| (position, rule))
        })
    }
}

impl<T> Deref for RuleList<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.rules
    }
}

impl<'a, T> IntoIterator for &'a RuleList<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.rules.iter()
    }
}

impl<T: PartialEq> PartialEq for RuleList<T> {
    fn eq(&self, other: &Self) -> bool {
        self.rules == other.rules
    }
}

/// What a packet is screened by: the address of its far side, and its service where the dense form has it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Probe {
    address: IpAddr,
    service: Option<(Protocol, u16)>,
}

impl Probe {
    /// The far side and the service of `header`.
    pub(crate) fn of(header: &Header, direction: Direction) -> Self {
        let service = match header.payload {
            Payload::Ports { destination, .. } if header.protocol.has_ports() => Some(destination),
            Payload::Icmp(icmp) if header.protocol.is_icmp() => Some(selector(icmp.kind, icmp.code)),
            _ => None, // rare, and left to the rules
        };
        Self { address: header.remote(direction), service: service.map(|of| (header.protocol, of)) }
    }

    /// An address alone.
    pub(crate) fn address(address: IpAddr) -> Self {
        Self { address, service: None }
    }
}

/// ICMP type and code as one number, so that a range says what ports say.
const fn selector(kind: u8, code: u8) -> u16 {
    u16::from_be_bytes([kind, code])
}

/// The rules of a list by one of the numbers that they test.
#[derive(Debug, Clone)]
enum Index {
    /// By protocol and ports, or ICMP type and code.
    ByService(Buckets),
    /// By IPv4 address.
    ByAddress(Buckets),
}

impl Index {
    /// Where the rules stand that `probe` may pass, if it has the number.
    fn find(&self, probe: Probe) -> Option<&[u32]> {
        match (self, probe) {
            (Self::ByService(buckets), Probe { service: Some((protocol, selector)), .. }) => {
                Some(buckets.at(number(protocol, selector)))
            }
            (Self::ByAddress(buckets), Probe { address: IpAddr::V4(address), .. }) => {
                Some(buckets.at(address.into()))
            }
            _ => None,
        }
    }
}

/// The tests of a list, by address family; a rule has the same position in both.
#[derive(Debug, Clone)]
struct Screen {
    v4: Vec<Row<u32>>,
    v6: Vec<Row<u128>>,
}

/// One test, in as few bytes as it can.
#[derive(Debug, Clone, Copy)]
struct Row<A> {
    /// An address that passes has these bits where `mask` has ones.
    bits: A,
    mask: A,
    /// Ports, or ICMP types and codes: `low` and as many behind it.
    low: u16,
    behind: u16,
    /// A protocol that passes has these bits where `protocol_mask` has ones.
    protocol: u8,
    protocol_mask: u8,
}

impl<A: Copy + PartialEq + BitAnd<Output = A>> Row<A> {
    #[inline]
    fn passes_address(&self, address: A) -> bool {
        address & self.mask == self.bits
    }

    #[inline]
    fn passes(&self, address: A, protocol: u8, selector: u16) -> bool {
        // Ports come first: most rules are for others, so that the branch is easily foreseen.
        selector.wrapping_sub(self.low) <= self.behind
            && self.passes_address(address)
            && protocol & self.protocol_mask == self.protocol
    }

    fn passes_probe(&self, address: A, service: Option<(Protocol, u16)>) -> bool {
        match service {
            Some((protocol, selector)) => self.passes(address, protocol.0, selector),
            None => self.passes_address(address),
        }
    }

    /// The position of the first row from `from` on that `probe` with `address` may pass.
    fn next(rows: &[Self], from: usize, address: A, service: Option<(Protocol, u16)>) -> Option<usize> {
        let rest = rows.get(from..)?.iter();
        let found = match service {
            Some((protocol, selector)) => {
                rest.enumerate().find(|(_, row)| row.passes(address, protocol.0, selector))
            }
            None => rest.enumerate().find(|(_, row)| row.passes_address(address)),
        };
        found.map(|(position, _)| from + position)
    }
}

impl Screen {
    fn of<'t>(tests: impl Iterator<Item = (Service, &'t AddressMatch)>) -> Self {
        let mut screen = Self { v4: Vec::new(), v6: Vec::new() };
        for (service, remote) in tests {
            let (low, high) = range(service).unwrap_or((0, u16::MAX));
            let behind = high - low;
            let (protocol, protocol_mask) = service.protocol.map_or((0, 0), |protocol| (protocol.0, u8::MAX));
            // Lists have many blocks and are left to the rules.
            let block = match remote {
                AddressMatch::Within(block) => Some(block),
                AddressMatch::Any | AddressMatch::WithinAny(_) => None,
            };
            let family = block.map(crate::net::Cidr::family);
            // No address has a one where the mask has none.
            let (mut bits, mut mask) = if family == Some(Family::V6) { (1, 0) } else { (0, 0) };
            let (mut bits6, mut mask6) = if family == Some(Family::V4) { (1, 0) } else { (0, 0) };
            match block.map(|block| (block.first(), u32::from(block.prefix_length()))) {
                Some((IpAddr::V4(first), length)) => {
                    bits = u32::from(first);
                    mask = u32::MAX.checked_shl(u32::BITS - length).unwrap_or(0);
                }
                Some((IpAddr::V6(first), length)) => {
                    bits6 = u128::from(first);
                    mask6 = u128::MAX.checked_shl(u128::BITS - length).unwrap_or(0);
                }
                None => {}
            }
            screen.v4.push(Row { bits, mask, low, behind, protocol, protocol_mask });
            screen.v6.push(Row { bits: bits6, mask: mask6, low, behind, protocol, protocol_mask });
        }
        screen
    }

    /// Whether the rule at `position` may match.
    fn passes(&self, probe: Probe, position: usize) -> bool {
        match probe.address {
            IpAddr::V4(address) => {
                self.v4.get(position).is_some_and(|row| row.passes_probe(address.into(), probe.service))
            }
            IpAddr::V6(address) => {
                self.v6.get(position).is_some_and(|row| row.passes_probe(address.into(), probe.service))
            }
        }
    }

    /// The position of the first rule from `from` on that may match.
    fn next(&self, probe: Probe, from: usize) -> Option<usize> {
        match probe.address {
            IpAddr::V4(address) => Row::next(&self.v4, from, address.into(), probe.service),
            IpAddr::V6(address) => Row::next(&self.v6, from, address.into(), probe.service),
        }
    }
}

/// A protocol, and its port or ICMP type and code, as one number.
fn number(protocol: Protocol, selector: u16) -> u32 {
    u32::from(protocol.0) << u16::BITS | u32::from(selector)
}

/// The numbers that a service may pass.
fn numbers(service: Service) -> (u32, u32) {
    let (low, high) = range(service).unwrap_or((0, u16::MAX));
    match service.protocol {
        Some(protocol) => (number(protocol, low), number(protocol, high)),
        None => (0, number(Protocol(u8::MAX), u16::MAX)),
    }
}

/// The IPv4 addresses that may pass, if any do.
fn addresses(remote: &AddressMatch) -> Option<(u32, u32)> {
    match remote {
        AddressMatch::Within(block) => match (block.first(), block.last()) {
            (IpAddr::V4(first), IpAddr::V4(last)) => Some((first.into(), last.into())),
            _ => None,
        },
        AddressMatch::Any | AddressMatch::WithinAny(_) => Some((0, u32::MAX)),
    }
}

/// What a service tests besides its protocol, as one range; `None` when that cannot say it.
fn range(service: Service) -> Option<(u16, u16)> {
    let ports = || Some((service.ports.from(), service.ports.to()));
    match (service.protocol, service.icmp) {
        (None, icmp) if service.ports == PortRange::ALL && icmp == IcmpMatch::ALL => ports(),
        (Some(protocol), _) if protocol.has_ports() => ports(),
        (Some(protocol), icmp) if protocol.is_icmp() => match icmp {
            IcmpMatch { kind: Some(kind), code: Some(code) } => {
                Some((selector(kind, code), selector(kind, code)))
            }
            IcmpMatch { kind: Some(kind), code: None } => Some((selector(kind, 0), selector(kind, u8::MAX))),
            IcmpMatch { kind: None, .. } => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::net::{Cidr, IcmpType};

    const ADDRESSES: &[&str] =
        &["10.0.0.1", "10.0.0.255", "10.0.1.0", "192.0.2.1", "255.255.255.255", "2001:db8::1", "::"];

    fn remotes() -> Vec<AddressMatch> {
        let blocks = [
            "0.0.0.0/0",
            "::/0",
            "10.0.0.0/24",
            "10.0.0.1/32",
            "2001:db8::/32",
            "2001:db8::1/128",
            "128.0.0.0/1",
        ];
        let cidrs: Vec<Cidr> = blocks.iter().map(|text| text.parse().unwrap()).collect();
        let list = Arc::new(cidrs.iter().copied().skip(2).collect());
        let all = cidrs.into_iter().map(AddressMatch::Within);
        all.chain([AddressMatch::Any, AddressMatch::WithinAny(list), AddressMatch::WithinAny(Arc::default())])
            .collect()
    }

    fn services() -> Vec<Service> {
        let mut all = Vec::new();
        for protocol in [None, Some(1), Some(6), Some(17), Some(47), Some(58), Some(0), Some(255)] {
            for ports in [PortRange::ALL, PortRange::single(443), PortRange::new(8, 2049).unwrap()] {
                for (kind, code) in [(None, None), (Some(8), None), (Some(8), Some(1)), (None, Some(1))] {
                    all.push(Service {
                        protocol: protocol.map(Protocol),
                        ports,
                        icmp: IcmpMatch { kind, code },
                    });
                }
            }
        }
        all
    }

    fn headers() -> Vec<Header> {
        let ports =
            [0, 8, 443, 2048, 2049, 65535].map(|destination| Payload::Ports { source: 443, destination });
        let icmp =
            [(8, 0), (8, 1), (0, 1), (255, 255)].map(|(kind, code)| Payload::Icmp(IcmpType { kind, code }));
        let mut all = Vec::new();
        for payload in ports.into_iter().chain(icmp).chain([Payload::Opaque]) {
            for protocol in [0, 1, 6, 17, 47, 58, 255].map(Protocol) {
                for address in ADDRESSES {
                    let address: IpAddr = address.parse().unwrap();
                    all.push(Header { source: address, destination: address, protocol, payload });
                }
            }
        }
        all
    }

    #[test]
    fn no_rule_that_matches_is_passed_over() {
        for direction in Direction::BOTH {
            let services = services();
            let with = |remote: AddressMatch| {
                services.iter().map(move |service| Match::with_remote(*service, direction, remote.clone()))
            };
            let tests: Vec<Match> = remotes().into_iter().flat_map(with).collect();
            let list = RuleList::new(direction, tests, |test| test);
            assert!(list.index.is_some());
            let (mut passed, mut matched) = (0, 0);
            for header in headers() {
                let probe = Probe::of(&header, direction);
                let candidates: Vec<usize> = list.candidates(probe).map(|(position, _)| position).collect();
                assert!(candidates.is_sorted());
                let mut found = Vec::new();
                let none: Option<()> = list.find_map(probe, |position, _| {
                    found.push(position);
                    None
                });
                assert!(none.is_none() && found == candidates, "{header:?}");
                // The index finds what a walk through the dense form does.
                let walked = (0..list.len()).filter(|at| list.screen.passes(probe, *at));
                assert!(walked.eq(candidates.iter().copied()), "{header:?}");
                let passing = list.iter().enumerate().filter(|(_, test)| test.contains(&header));
                let passing: Vec<usize> = passing.map(|(position, _)| position).collect();
                for position in &passing {
                    assert!(candidates.binary_search(position).is_ok(), "{position} {header:?}");
                }
                if probe.service.is_some() {
                    passed += candidates.len();
                    matched += passing.len();
                }
            }
            // And few others are let through, or it would be of no use.
            assert!(passed < 2 * matched, "{passed} candidates for {matched} matches");
        }
    }

    #[test]
    fn an_address_alone_is_screened_by_blocks() {
        let remotes: Vec<_> = remotes().into_iter().cycle().take(30).collect();
        let list = RuleList::of_blocks(remotes, Clone::clone);
        for address in ADDRESSES {
            let address: IpAddr = address.parse().unwrap();
            let candidates: Vec<usize> = list.candidates(Probe::address(address)).map(|(at, _)| at).collect();
            let walked = (0..list.len()).filter(|at| list.screen.passes(Probe::address(address), *at));
            assert!(walked.eq(candidates.iter().copied()), "{address}");
            for (position, _) in list.iter().enumerate().filter(|(_, remote)| remote.contains(address)) {
                assert!(candidates.contains(&position), "{address}");
            }
        }
    }
}
