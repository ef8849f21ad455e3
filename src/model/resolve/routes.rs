//! Route tables: targets become indices, prefix lists their blocks, and what AWS refuses is diagnosed.

use super::{Resolver, default_name};
use crate::diagnostic::{Located, problems};
use crate::model::inventory::{self, Destination};
use crate::model::network::Vpc;
use crate::model::reserved::{NEVER_FORWARDED_SOURCE, overlaps_never_forwarded};
use crate::model::{
    Arena, Gateway, GatewayKind, Identity, Index, Route, RouteOrigin, RouteTable, RouteTarget,
};
use crate::net::{Cidr, Family};

impl Resolver<'_, '_> {
    /// The tables that were read, then the main table of each VPC that has none.
    pub(super) fn route_tables(&mut self, vpcs: &Arena<Vpc>, gateways: &Arena<Gateway>) -> Arena<RouteTable> {
        let mut tables = Arena::default();
        let mut main: Vec<Option<&inventory::RouteTable>> = vec![None; vpcs.len()];
        for table in &self.inventory.route_tables {
            let vpc = self.vpc(table.vpc.as_ref(), &table.identity);
            if let Some(seen) =
                main.get_mut(vpc.position()).filter(|_| table.main && self.unclear != Some(vpc))
                && let Some(first) = seen.replace(table)
            {
                let message = format!("VPC `{}` has two main route tables", vpcs[vpc].identity.name);
                let problem = problems::mismatch(
                    table.identity.origin,
                    message,
                    "a VPC has exactly one main route table",
                );
                self.problems.push(problem.related(first.identity.origin, "the other one"));
            }
            let routes = self.routes(table, vpc, vpcs, gateways);
            tables.push(RouteTable::new(table.identity.clone(), vpc, routes));
        }
        for (index, vpc) in
            vpcs.enumerate().filter(|(index, _)| matches!(main.get(index.position()), Some(None)))
        {
            let identity = Identity::default(
                "rtb",
                default_name("main", vpc, self.inventory.vpcs.len()),
                vpc.identity.origin,
            );
            tables.push(RouteTable::new(identity, index, local_routes(vpc)));
        }
        tables
    }

    fn routes(
        &mut self,
        table: &inventory::RouteTable,
        vpc: Index<Vpc>,
        vpcs: &Arena<Vpc>,
        gateways: &Arena<Gateway>,
    ) -> Vec<Route> {
        let mut routes: Vec<Route> = Vec::new();
        for route in &table.routes {
            let Some(target) = self.target(route, vpc, gateways) else { continue };
            let (blocks, prefix_list) = match &route.destination {
                Destination::Cidr(cidr) => (vec![*cidr], None),
                Destination::PrefixList(reference) => {
                    let Some(list) = self.names.prefix_lists.find(reference, self.problems) else { continue };
                    let identity = self.inventory.prefix_lists.get(list).map(|list| list.identity.clone());
                    (self.prefix_list(list).to_vec(), identity)
                }
            };
            for destination in blocks {
                let resolved = Route {
                    destination,
                    prefix_list: prefix_list.clone(),
                    target,
                    target_label: route.target.value.clone(),
                    route_origin: route.route_origin,
                    origin: route.origin,
                };
                self.check_route(&resolved, table, &vpcs[vpc], vpc, &routes, gateways);
                routes.push(resolved);
            }
        }
        // AWS: every table has a local route per block; only its target can be replaced.
        for local in local_routes(&vpcs[vpc]) {
            let replaced = routes.iter().any(|route| {
                route.destination == local.destination && route.route_origin == RouteOrigin::CreateRoute
            });
            if !replaced {
                routes.push(local);
            }
        }
        routes
    }

    fn target(
        &mut self,
        route: &inventory::Route,
        vpc: Index<Vpc>,
        gateways: &Arena<Gateway>,
    ) -> Option<RouteTarget> {
        let Located { value: text, origin } = &route.target;
        match text.as_str() {
            _ if route.blackhole => return Some(RouteTarget::Blackhole),
            "local" => return Some(RouteTarget::Local),
            "blackhole" => return Some(RouteTarget::Blackhole),
            _ => {}
        }
        if let Some(found) = self.names.gateways.get(text) {
            let index = Index::new(found);
            return self.attached(index, &gateways[index], vpc, *origin);
        }
        if let Some(found) = self.names.network_interfaces.get(text) {
            return Some(RouteTarget::NetworkInterface(Index::new(found)));
        }
        if self.names.instances.get(text).is_some() {
            return self.instance_target(&route.target);
        }
        let known = self.names.gateways.iter().chain(self.names.network_interfaces.iter());
        let known = known.chain(self.names.instances.iter()).chain(["local", "blackhole"]);
        let kind = "gateway, network interface or instance";
        self.problems.push(problems::unknown_reference(*origin, kind, text, known));
        None
    }

    fn instance_target(&mut self, target: &inventory::Reference) -> Option<RouteTarget> {
        let instance =
            self.names.instances.get(&target.value).and_then(|found| self.inventory.instances.get(found))?;
        let cards = self.inventory.network_interfaces.iter().enumerate();
        let mine: Vec<usize> = cards
            .filter(|(_, card)| {
                card.instance.as_ref().is_some_and(|owner| instance.identity.is(&owner.value))
            })
            .map(|(position, _)| position)
            .collect();
        if let [only] = mine.as_slice() {
            return Some(RouteTarget::NetworkInterface(Index::new(*only)));
        }
        if mine.is_empty() && self.problems.has_errors() {
            return None; // it has some, and what is wrong with them is told
        }
        // AWS: an instance can be the target only when it has exactly one interface.
        let message = format!("instance `{}` has {} network interfaces", target.value, mine.len());
        self.problems.push(problems::impossible_route(target.origin, message, "name the network interface"));
        None
    }

    fn attached(
        &mut self,
        index: Index<Gateway>,
        gateway: &Gateway,
        vpc: Index<Vpc>,
        origin: Option<crate::diagnostic::Origin>,
    ) -> Option<RouteTarget> {
        if !gateway.kind.entry().modelled || gateway.vpc == Some(vpc) {
            return Some(RouteTarget::Gateway(index));
        }
        if gateway.vpc.is_none() {
            return Some(RouteTarget::Blackhole); // AWS: a route to a detached gateway has the state blackhole
        }
        let message = format!("{} `{}` is attached to another VPC", gateway.kind, gateway.identity.name);
        self.problems.push(problems::mismatch(
            origin,
            message,
            "a route can name only gateways of its own VPC",
        ));
        None
    }

    fn check_route(
        &mut self,
        route: &Route,
        table: &inventory::RouteTable,
        vpc: &Vpc,
        vpc_index: Index<Vpc>,
        earlier: &[Route],
        gateways: &Arena<Gateway>,
    ) {
        let same = |other: &&Route| {
            other.destination == route.destination
                && other.route_origin == route.route_origin
                && other.prefix_list.as_ref().map(|list| &list.id)
                    == route.prefix_list.as_ref().map(|list| &list.id)
        };
        if route.route_origin == RouteOrigin::CreateRoute
            && let Some(first) = earlier.iter().find(same)
        {
            let name = &table.identity.name;
            self.problems.push(problems::duplicate_route(
                route.origin,
                route.destination,
                name,
                first.origin,
            ));
        }
        if vpc.cidr_blocks.is_empty() {
            return; // which routes it can have depends on blocks that are not known
        }
        if let Some((message, help)) = self.refusal(route, vpc, vpc_index, gateways) {
            self.problems.push(problems::impossible_route(route.origin, message, &help));
        }
    }

    /// Why AWS would refuse to create `route`, and what to do.
    fn refusal(
        &self,
        route: &Route,
        vpc: &Vpc,
        vpc_index: Index<Vpc>,
        gateways: &Arena<Gateway>,
    ) -> Option<(String, String)> {
        let destination = route.destination;
        if overlaps_never_forwarded(&destination) {
            let help = format!(
                "169.254.168.0/22 and fd00:ec2::/32 belong to AWS's services: {NEVER_FORWARDED_SOURCE}"
            );
            return Some((format!("no route can lead to {destination}"), help));
        }
        let kind = match route.target {
            RouteTarget::Gateway(gateway) => Some(gateways[gateway].kind),
            _ => None,
        };
        if kind == Some(GatewayKind::EgressOnlyInternetGateway) && destination.family() == Family::V4 {
            let message = format!("an egress-only internet gateway carries IPv6 only, not {destination}");
            return Some((message, "use `::/0`".to_owned()));
        }
        let local = vpc.cidr_blocks.iter().find(|block| block.covers(&destination));
        match (local, route.target) {
            (Some(block), RouteTarget::Local) if *block == destination => None,
            (_, RouteTarget::Local) => {
                let help =
                    format!("every table has local routes for {} by itself", super::join(&vpc.cidr_blocks));
                Some((
                    format!("{destination} is not a block of the VPC, so its target cannot be `local`"),
                    help,
                ))
            }
            // AWS: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html#route-table-routes
            (Some(block), _) if route.route_origin == RouteOrigin::CreateRoute => {
                let redirects =
                    matches!(route.target, RouteTarget::NetworkInterface(_) | RouteTarget::Blackhole)
                        || matches!(kind, Some(GatewayKind::NatGateway | GatewayKind::VpcEndpoint));
                let whole = *block == destination || self.is_subnet(destination, vpc_index);
                let help = "within the VPC a route must cover a whole subnet, and lead to a NAT gateway, a network \
                            interface or a Gateway Load Balancer endpoint";
                let message = || format!("{destination} lies within {block} of the VPC");
                (!redirects || !whole).then(|| (message(), help.to_owned()))
            }
            _ => None,
        }
    }

    fn is_subnet(&self, block: Cidr, vpc: Index<Vpc>) -> bool {
        let of_vpc = |subnet: &&inventory::Subnet| match &subnet.vpc {
            None => true,
            Some(reference) => self.names.vpcs.get(&reference.value) == Some(vpc.position()),
        };
        let mut subnets = self.inventory.subnets.iter().filter(of_vpc);
        subnets.any(|subnet| subnet.cidr_blocks.iter().any(|own| own.value == block))
    }
}

fn local_routes(vpc: &Vpc) -> Vec<Route> {
    let local = |destination: &Cidr| Route {
        destination: *destination,
        prefix_list: None,
        target: RouteTarget::Local,
        target_label: "local".to_owned(),
        route_origin: RouteOrigin::CreateRouteTable,
        origin: None,
    };
    vpc.cidr_blocks.iter().map(local).collect()
}
