//! Route tables and the choice of a route.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html>
//!
//! The longest prefix wins. Among equal ones a static route beats one through a prefix list, and that one a
//! propagated one. The local route beats propagated routes even when these are more specific. Between two prefix
//! lists with the same block AWS chooses arbitrarily: the lookup returns both.

use std::fmt;
use std::net::IpAddr;

use smallvec::SmallVec;

use super::{Gateway, Identity, Index, NetworkInterface, Probe, RuleList, network::Vpc};
use crate::diagnostic::Origin;
use crate::net::{AddressMatch, Cidr};

/// A route table.
#[derive(Debug, Clone, PartialEq)]
pub struct RouteTable {
    /// Name and id.
    pub identity: Identity,
    /// Its VPC.
    pub vpc: Index<Vpc>,
    /// One route for each block; those of a prefix list share their origin. The most specific first.
    pub routes: RuleList<Route>,
    /// Routes through prefix lists whose entries were not collected; their destinations are meaningless.
    pub unlisted: Vec<Route>,
    /// Whether its routes were collected; otherwise it holds the local ones alone.
    pub known: bool,
    /// Local routes that none before them reaches into and none equals, with their positions: nearly every packet within
    /// a network is for one of them.
    pub(super) settled: Vec<(Cidr, usize)>,
}

/// A route to one block.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// The packets it carries.
    pub destination: Cidr,
    /// The prefix list it came from.
    pub prefix_list: Option<Identity>,
    /// What takes the packets.
    pub target: RouteTarget,
    /// The target as it was written.
    pub target_label: String,
    /// How it came into the table.
    pub route_origin: RouteOrigin,
    /// Where it was read.
    pub origin: Option<Origin>,
}

/// What takes the packets of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RouteTarget {
    /// The VPC itself.
    Local,
    /// Nothing: the state of the route is `blackhole`.
    Blackhole,
    /// A gateway.
    Gateway(Index<Gateway>),
    /// An interface that forwards.
    NetworkInterface(Index<NetworkInterface>),
    /// Something that was not collected, or of a kind that nobody knows.
    External,
}

/// How a route came into its table, as `DescribeRouteTables` says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RouteOrigin {
    /// With the table: the local routes.
    CreateRouteTable,
    /// Written by somebody.
    CreateRoute,
    /// Propagated by a virtual private gateway.
    EnableVgwRoutePropagation,
}

/// The answer of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// No route carries the packet.
    NoRoute,
    /// The route at this position does.
    Route(usize),
    /// AWS chooses one of these positions, which have different targets, and does not say which.
    Ambiguous(SmallVec<[usize; 4]>),
}

impl Route {
    /// Rank among routes with equal prefixes, lowest first.
    fn rank(&self) -> u8 {
        match (self.route_origin, &self.prefix_list) {
            (RouteOrigin::CreateRouteTable | RouteOrigin::CreateRoute, None) => 0,
            (RouteOrigin::CreateRouteTable | RouteOrigin::CreateRoute, Some(_)) => 1,
            (RouteOrigin::EnableVgwRoutePropagation, _) => 2,
        }
    }

    fn is_propagated(&self) -> bool {
        self.route_origin == RouteOrigin::EnableVgwRoutePropagation
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {}", self.destination, crate::diagnostic::escape(&self.target_label))
    }
}

impl RouteTable {
    /// A table whose routes are put into the order of choice.
    pub(crate) fn new(identity: Identity, vpc: Index<Vpc>, mut routes: Vec<Route>) -> Self {
        // Routes among which AWS chooses stand in the order of their lists' names, not in that of the file.
        routes.sort_by_cached_key(|route| {
            let list = route.prefix_list.as_ref().map(|list| list.name.clone());
            (u8::MAX - route.destination.prefix_length(), route.rank(), route.destination, list)
        });
        let routes = RuleList::of_blocks(routes, |route| AddressMatch::Within(route.destination));
        let settled = settled(&routes);
        Self { identity, vpc, routes, unlisted: Vec::new(), known: true, settled }
    }

    /// Chooses the route for packets to `destination`.
    pub fn lookup(&self, destination: IpAddr) -> Lookup {
        let settled = self.settled.iter().find(|(block, _)| block.contains(destination));
        settled.map_or_else(|| self.search(destination), |(_, position)| Lookup::Route(*position))
    }

    /// As [`RouteTable::lookup`], whatever is settled.
    fn search(&self, destination: IpAddr) -> Lookup {
        // AWS: a propagated route never takes what a local route carries, however specific it is.
        // https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNRoutingTypes.html
        let best = self.routes.find_map(Probe::address(destination), |position, route| {
            let yields = || route.is_propagated() && self.is_local(destination);
            (route.destination.contains(destination) && !yields()).then_some(position)
        });
        let Some((best, route)) = best.and_then(|best| Some((best, self.routes.get(best)?))) else {
            return Lookup::NoRoute;
        };
        // Routes of one block and rank stand together.
        let behind = self.routes.iter().enumerate().skip(best + 1);
        let equal = behind
            .take_while(|(_, other)| other.destination == route.destination && other.rank() == route.rank());
        let mut others = equal.filter(|(_, other)| other.target != route.target).peekable();
        if others.peek().is_none() {
            return Lookup::Route(best);
        }
        let mut tied = SmallVec::from_slice(&[best]);
        for (position, other) in others {
            let target = |tied: &usize| self.routes.get(*tied).map(|route| route.target);
            if !tied.iter().any(|tied| target(tied) == Some(other.target)) {
                tied.push(position);
            }
        }
        Lookup::Ambiguous(tied)
    }

    /// Every route that covers `destination`, in the order of choice.
    pub fn matching(&self, destination: IpAddr) -> impl Iterator<Item = (usize, &Route)> {
        let candidates = self.routes.candidates(Probe::address(destination));
        candidates.filter(move |(_, route)| route.destination.contains(destination))
    }

    fn is_local(&self, destination: IpAddr) -> bool {
        self.matching(destination).any(|(_, route)| route.target == RouteTarget::Local)
    }
}

/// The local routes among `routes`, in the order of choice, that are chosen for every packet they carry.
fn settled(routes: &[Route]) -> Vec<(Cidr, usize)> {
    let local = routes.iter().enumerate().filter(|(_, route)| route.target == RouteTarget::Local);
    let is_alone = |(position, local): &(usize, &Route)| {
        let differs = |(at, other): (usize, &Route)| {
            other.destination == local.destination
                || (at < *position && other.destination.overlaps(&local.destination))
        };
        !routes.iter().enumerate().any(|(at, other)| at != *position && differs((at, other)))
    };
    local.filter(is_alone).map(|(position, route)| (route.destination, position)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(routes: &[(&str, RouteTarget, RouteOrigin)]) -> RouteTable {
        let route = |(block, target, route_origin): &(&str, RouteTarget, RouteOrigin)| Route {
            destination: block.parse().unwrap(),
            prefix_list: None,
            target: *target,
            target_label: String::new(),
            route_origin: *route_origin,
            origin: None,
        };
        let identity = Identity::default("rtb", "r".to_owned(), None);
        RouteTable::new(identity, Index::new(0), routes.iter().map(route).collect())
    }

    #[test]
    fn what_is_settled_is_what_a_search_finds() {
        use RouteOrigin::{CreateRoute, CreateRouteTable, EnableVgwRoutePropagation};
        use RouteTarget::{Blackhole, External, Local};
        let plain = [
            ("10.0.0.0/16", Local, CreateRouteTable),
            ("10.1.0.0/16", Local, CreateRouteTable),
            ("2001:db8::/56", Local, CreateRouteTable),
            ("0.0.0.0/0", External, CreateRoute),
            ("10.0.0.0/8", Blackhole, CreateRoute),
        ];
        for (more, settled) in [
            (None, 3),
            (Some(("10.0.1.0/24", Blackhole, CreateRoute)), 2),
            (Some(("10.0.1.0/24", External, EnableVgwRoutePropagation)), 2),
            (Some(("10.1.0.0/16", External, EnableVgwRoutePropagation)), 2),
            (Some(("2001:db8::/64", Local, CreateRouteTable)), 3),
            (Some(("10.2.0.0/16", External, CreateRoute)), 3),
        ] {
            let table = table(&plain.into_iter().chain(more).collect::<Vec<_>>());
            assert_eq!(table.settled.len(), settled, "{more:?}");
            for address in
                ["10.0.0.1", "10.0.1.1", "10.1.255.255", "10.2.0.1", "192.0.2.1", "2001:db8::1", "::1"]
            {
                let address = address.parse().unwrap();
                assert_eq!(table.lookup(address), table.search(address), "{address} with {more:?}");
            }
        }
    }
}
