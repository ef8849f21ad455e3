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
    pub routes: RuleList<Route, RouteTarget>,
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
        let settled = settled(&routes);
        let is_final: Vec<bool> = (0..routes.len()).map(|position| is_final(&routes, position)).collect();
        let routes = RuleList::of_blocks(
            routes,
            |route| AddressMatch::Within(route.destination),
            |position| is_final.get(position).is_some_and(|is_final| *is_final),
            |route| route.target,
        );
        Self { identity, vpc, routes, unlisted: Vec::new(), known: true, settled }
    }

    /// Chooses the route for packets to `destination`.
    pub fn lookup(&self, destination: IpAddr) -> Lookup {
        match self.plain_route(destination) {
            Some((position, _)) => Lookup::Route(position),
            None => self.search(destination),
        }
    }

    /// The route that [`RouteTable::lookup`] chooses and its target, where the dense form says so by itself.
    #[inline]
    pub(crate) fn plain_route(&self, destination: IpAddr) -> Option<(usize, RouteTarget)> {
        self.settled_route(destination).or_else(|| self.final_route(destination))
    }

    /// Whether nothing is missing that might send packets another way.
    pub(crate) fn is_known_throughout(&self) -> bool {
        self.known && self.unlisted.is_empty()
    }

    /// The local route to `destination` where none of the others matters.
    #[inline]
    fn settled_route(&self, destination: IpAddr) -> Option<(usize, RouteTarget)> {
        let settled = self.settled.iter().find(|(block, _)| block.contains(destination));
        settled.map(|(_, position)| (*position, RouteTarget::Local))
    }

    /// The most specific route to `destination`, where no other may take its place.
    fn final_route(&self, destination: IpAddr) -> Option<(usize, RouteTarget)> {
        let first = self.routes.candidates(Probe::address(destination)).next()?;
        first.matches.then_some((first.position, first.note))
    }

    /// As [`RouteTable::lookup`], route by route.
    fn search(&self, destination: IpAddr) -> Lookup {
        // AWS: a propagated route never takes what a local route carries, however specific it is.
        // https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNRoutingTypes.html
        let yields = |route: &Route| route.is_propagated() && self.is_local(destination);
        let Some((best, _)) = self.matching(destination).find(|(_, route)| !yields(route)) else {
            return Lookup::NoRoute;
        };
        let mut tied = SmallVec::from_slice(&[best]);
        for (position, other) in equals(&self.routes, best) {
            let target = |tied: &usize| self.routes.get(*tied).map(|route| route.target);
            if !tied.iter().any(|tied| target(tied) == Some(other.target)) {
                tied.push(position);
            }
        }
        if tied.len() == 1 { Lookup::Route(best) } else { Lookup::Ambiguous(tied) }
    }

    /// Every route that covers `destination`, in the order of choice.
    pub fn matching(&self, destination: IpAddr) -> impl Iterator<Item = (usize, &Route)> {
        let candidates = self.routes.candidates(Probe::address(destination));
        let routes = candidates.filter_map(|found| Some((found.position, self.routes.get(found.position)?)));
        routes.filter(move |(_, route)| route.destination.contains(destination))
    }

    fn is_local(&self, destination: IpAddr) -> bool {
        self.matching(destination).any(|(_, route)| route.target == RouteTarget::Local)
    }
}

/// The routes behind the one at `position` that have its block and rank: they stand together.
fn equals(routes: &[Route], position: usize) -> impl Iterator<Item = (usize, &Route)> {
    let behind = routes.iter().enumerate().skip(position);
    let first = routes.get(position);
    let is_equal = move |other: &Route| {
        first.is_some_and(|own| other.destination == own.destination && other.rank() == own.rank())
    };
    behind.take_while(move |(_, other)| is_equal(other)).skip(1)
}

/// Whether the route at `position`, where it is the first to carry a packet, is chosen whatever else there is.
fn is_final(routes: &[Route], position: usize) -> bool {
    routes.get(position).is_some_and(|route| {
        let has_target = |(_, other): (usize, &Route)| other.target == route.target;
        !route.is_propagated() && equals(routes, position).all(has_target)
    })
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
