//! Rules in their order, with a dense form of their tests.

use std::ops::Deref;

use super::Probe;
use super::rows::Rest;
use super::screen::{Candidate, Candidates, Screen, Test};
use crate::net::{AddressMatch, Direction, Header, Match, PortRange, Service};

/// A rule that tests headers.
pub(crate) trait Rule {
    /// Its test.
    fn test(&self) -> &Match;
}

/// Rules in their order. It reads as a slice, and cannot be changed, so that the dense form always belongs to it.
///
/// `N` is what a walk wants to know of a rule that matches, kept beside its test.
#[derive(Debug, Clone)]
pub struct RuleList<T, N> {
    screen: Screen<N>,
    rules: Vec<T>,
}

impl<T, N: Copy> RuleList<T, N> {
    /// Rules whose far side in `direction` is tested by what `test` says.
    pub(crate) fn new(direction: Direction, rules: Vec<T>, note: impl Fn(&T) -> N) -> Self
    where
        T: Rule,
    {
        let screen = Screen::of(rules.iter().map(|rule| {
            let test = rule.test();
            let is_all = *test.remote(direction.opposite()) == AddressMatch::Any;
            Test { service: test.service, remote: test.remote(direction), is_all, note: note(rule) }
        }));
        Self { screen, rules }
    }

    /// Rules that test the far side of a packet alone; `is_final` says whether no other is asked when one matches.
    pub(crate) fn of_blocks(
        rules: Vec<T>,
        block: impl Fn(&T) -> AddressMatch,
        is_final: impl Fn(usize) -> bool,
        note: impl Fn(&T) -> N,
    ) -> Self {
        let blocks: Vec<AddressMatch> = rules.iter().map(block).collect();
        let tests = rules.iter().zip(&blocks).enumerate();
        let screen = Screen::of(tests.map(|(position, (rule, remote))| Test {
            service: Service::ALL,
            remote,
            is_all: is_final(position),
            note: note(rule),
        }));
        Self { screen: screen.by_address(), rules }
    }

    /// The rules that match `header`, in order; their far side in `direction` is tested.
    pub(crate) fn matching(&self, direction: Direction, header: &Header) -> impl Iterator<Item = Candidate<N>>
    where
        T: Rule,
    {
        self.candidates(Probe::of(header, direction)).filter(|found| self.is_met(found, header))
    }

    /// What `wanted` says of the first of [`RuleList::matching`] of which it says something.
    #[inline]
    pub(crate) fn find<B>(
        &self,
        direction: Direction,
        header: &Header,
        wanted: impl FnMut(Candidate<N>) -> Option<B>,
    ) -> Option<B>
    where
        T: Rule,
    {
        let probe = Probe::of(header, direction);
        self.find_from(self.begin(&probe), &probe, header, wanted)
    }

    /// Where to look for the rules that match what is screened by `probe`.
    #[inline]
    pub(crate) fn begin(&self, probe: &Probe) -> Rest<'_> {
        self.screen.begin(probe)
    }

    /// As [`RuleList::find`], of which it is known where it begins.
    #[inline]
    pub(crate) fn find_from<B>(
        &self,
        mut begin: Rest<'_>,
        probe: &Probe,
        header: &Header,
        mut wanted: impl FnMut(Candidate<N>) -> Option<B>,
    ) -> Option<B>
    where
        T: Rule,
    {
        let met = |found: Candidate<N>| self.is_met(&found, header).then_some(found).and_then(&mut wanted);
        self.screen.find(probe, &mut begin, met)
    }

    /// Whether the rule matches; it is asked where the dense form does not know.
    fn is_met(&self, found: &Candidate<N>, header: &Header) -> bool
    where
        T: Rule,
    {
        found.matches || self.rules.get(found.position).is_some_and(|rule| rule.test().contains(header))
    }

    /// Those of [`RuleList::matching`] that are for every address of a family.
    pub(crate) fn open(&self, direction: Direction, header: &Header) -> impl Iterator<Item = Candidate<N>>
    where
        T: Rule,
    {
        let may_be_open = self.screen.may_be_open(Probe::of(header, direction));
        let matching = may_be_open.then(|| self.matching(direction, header)).into_iter().flatten();
        matching.filter(|found| found.is_for_everyone)
    }

    /// What `wanted` says of the first rule of which it says something, among those that match `header` at some
    /// destination port of `ports`, in order: it is told at which ports, and what is noted of the rule.
    #[inline]
    pub(crate) fn find_at_some_of<B>(
        &self,
        direction: Direction,
        header: &Header,
        ports: PortRange,
        mut wanted: impl FnMut(PortRange, N) -> Option<B>,
    ) -> Option<B>
    where
        T: Rule,
    {
        let mut candidates = self.candidates(Probe::of_ports(header, direction, ports));
        candidates.find_map(|found| {
            let (from, to) = found.ports;
            let known = PortRange::new(from, to).ok().filter(|_| found.is_exact);
            let range = known.or_else(|| self.asked_for_ports(found.position, header))?;
            let overlaps = range.from() <= ports.to() && ports.from() <= range.to();
            overlaps.then_some(range).and_then(|range| wanted(range, found.note))
        })
    }

    /// The ports at which the rule at `position` matches, if it matches `header` but for its port.
    fn asked_for_ports(&self, position: usize, header: &Header) -> Option<PortRange>
    where
        T: Rule,
    {
        let Match { service, source, destination } = self.rules.get(position)?.test();
        let is_for = service.protocol.is_none_or(|protocol| protocol == header.protocol)
            && source.contains(header.source)
            && destination.contains(header.destination);
        is_for.then_some(service.ports)
    }

    /// The rules that may match, in order, and among them all that do.
    #[inline]
    pub(crate) fn candidates(&self, probe: Probe) -> Candidates<'_, N> {
        self.screen.candidates(probe)
    }
}

impl<T, N> Deref for RuleList<T, N> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.rules
    }
}

impl<'a, T, N> IntoIterator for &'a RuleList<T, N> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.rules.iter()
    }
}

impl<T: PartialEq, N> PartialEq for RuleList<T, N> {
    fn eq(&self, other: &Self) -> bool {
        self.rules == other.rules
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;
    use std::sync::Arc;

    use super::*;
    use crate::net::{Cidr, IcmpMatch, IcmpType, Payload, Protocol};

    const ADDRESSES: &[&str] =
        &["10.0.0.1", "10.0.0.255", "10.0.1.0", "192.0.2.1", "255.255.255.255", "2001:db8::1", "::"];

    impl Rule for Match {
        fn test(&self) -> &Match {
            self
        }
    }

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
            let list = RuleList::new(direction, tests, |_| ());
            let (mut passed, mut matched, mut asked) = (0, 0, 0);
            for header in headers() {
                let probe = Probe::of(&header, direction);
                let candidates: Vec<_> = list.candidates(probe).collect();
                assert!(candidates.is_sorted_by_key(|found| found.position));
                let passing = list.iter().enumerate().filter(|(_, test)| test.contains(&header));
                let passing: Vec<usize> = passing.map(|(position, _)| position).collect();
                for position in &passing {
                    assert!(
                        candidates.iter().any(|found| found.position == *position),
                        "{position} {header:?}"
                    );
                }
                // What is said to match does, and the rules that are asked do the rest.
                for found in &candidates {
                    let is_right = passing.contains(&found.position);
                    assert!(is_right || !found.matches, "{} {header:?}", found.position);
                    let remote = list[found.position].remote(direction);
                    assert_eq!(found.is_for_everyone, remote.is_everything());
                    asked += usize::from(!found.matches && !probe.any_service);
                }
                let matching = list.matching(direction, &header).map(|found| found.position);
                assert!(matching.eq(passing.iter().copied()), "{header:?}");
                let open = list.open(direction, &header).map(|found| found.position);
                let is_open = |position: &usize| list[*position].remote(direction).is_everything();
                assert!(open.eq(passing.iter().copied().filter(is_open)), "{header:?}");
                if !probe.any_service {
                    passed += candidates.len();
                    matched += passing.len();
                }
            }
            // And few others are let through, or it would be of no use.
            assert!(passed < 2 * matched, "{passed} candidates for {matched} matches");
            assert!(asked < passed, "{asked} of {passed} candidates are asked");
        }
    }

    #[test]
    fn an_address_alone_is_screened_by_blocks() {
        let remotes: Vec<_> = remotes().into_iter().cycle().take(30).collect();
        let list = RuleList::of_blocks(remotes, Clone::clone, |position| position % 2 == 0, |_| ());
        for address in ADDRESSES {
            let address: IpAddr = address.parse().unwrap();
            let candidates: Vec<_> = list.candidates(Probe::address(address)).collect();
            for (position, _) in list.iter().enumerate().filter(|(_, remote)| remote.contains(address)) {
                assert!(candidates.iter().any(|found| found.position == position), "{address}");
            }
            for found in candidates {
                let Some(remote) = list.get(found.position) else { panic!("{address}") };
                let is_exact = !matches!(remote, AddressMatch::WithinAny(_));
                assert!(remote.contains(address) || !is_exact, "{address}");
                assert_eq!(found.matches, is_exact && found.position % 2 == 0, "{address}");
            }
        }
    }
}
