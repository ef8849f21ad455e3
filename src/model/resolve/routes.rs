//! Route tables: targets become indices, prefix lists their blocks, and what AWS refuses is diagnosed.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{Resolver, default_name, everything};
use crate::diagnostic::{Located, Origin, problems};
use crate::model::inventory::{self, Destination};
use crate::model::network::Vpc;
use crate::model::reserved::{NEVER_FORWARDED_SOURCE, overlaps_never_forwarded};
use crate::model::{
    Arena, Availability, Gateway, GatewayForm, GatewayKind, Identity, Index, Kind, Route, RouteOrigin,
    RouteTable, RouteTarget,
};
use crate::net::{Cidr, Family};

/// Routes of one table so far: destination, how it came, prefix list; and where each was read.
type Earlier = HashMap<(Cidr, RouteOrigin, Option<String>), Option<Origin>>;

impl Resolver<'_, '_> {
    /// The tables that were read, then for each VPC that has no main one the table that AWS creates, or one that stands
    /// for what was not collected.
    pub(super) fn route_tables(&mut self, vpcs: &Arena<Vpc>, gateways: &Arena<Gateway>) -> Arena<RouteTable> {
        let mut tables = Arena::default();
        for table in &self.inventory.route_tables {
            let vpc = self.vpc(table.vpc.as_ref(), &table.identity);
            if table.main && self.unclear != Some(vpc) {
                self.note_main(table, vpc, vpcs, &tables);
            }
            let (listed, unlisted) = self.routes(table, vpc, vpcs, gateways);
            let resolved = RouteTable::new(table.identity.clone(), vpc, listed);
            tables.push(RouteTable { unlisted, ..resolved });
        }
        for (index, vpc) in vpcs.enumerate() {
            if self.defaults_of(index).route_table.is_some() {
                continue;
            }
            let known = !self.observed && vpc.has_collected(Kind::RouteTables);
            let name = if known { "main" } else { "route-table-not-collected" };
            let name = default_name(name, vpc, self.inventory.vpcs.len());
            let identity = Identity::default("rtb", name, vpc.identity.origin);
            let table = RouteTable { known, ..RouteTable::new(identity, index, local_routes(vpc)) };
            let table = tables.push(table);
            if let Some(defaults) = self.defaults_mut(index) {
                defaults.route_table = Some(table);
            }
        }
        tables
    }

    /// Notes the next table of `tables` as the main one of `vpc`.
    fn note_main(
        &mut self,
        table: &inventory::RouteTable,
        vpc: Index<Vpc>,
        vpcs: &Arena<Vpc>,
        tables: &Arena<RouteTable>,
    ) {
        let next = Index::new(tables.len());
        let Some(defaults) = self.defaults_mut(vpc) else { return };
        if let Some(first) = defaults.route_table.replace(next) {
            let message =
                format!("VPC `{}` has two main route tables", vpcs[vpc].identity.said(self.observed));
            let help = "a VPC has exactly one main route table";
            let problem = problems::mismatch(table.identity.origin, message, help);
            self.problems.push(problem.related(tables[first].identity.origin, "the other one"));
        }
    }

    fn routes(
        &mut self,
        table: &inventory::RouteTable,
        vpc: Index<Vpc>,
        vpcs: &Arena<Vpc>,
        gateways: &Arena<Gateway>,
    ) -> (Vec<Route>, Vec<Route>) {
        let mut routes: Vec<Route> = Vec::new();
        let mut unlisted = Vec::new();
        let mut earlier = Earlier::default();
        for route in &table.routes {
            let Some(target) = self.target(route, vpc, gateways) else { continue };
            let Some((blocks, prefix_list)) = self.destinations(&route.destination) else { continue };
            let resolved = |destination| Route {
                destination,
                prefix_list: prefix_list.clone(),
                target,
                target_label: route.target.value.clone(),
                route_origin: route.route_origin,
                origin: route.origin,
            };
            let Some(blocks) = blocks else {
                unlisted.extend(everything().map(resolved));
                continue;
            };
            for destination in blocks {
                let resolved = resolved(destination);
                self.check_route(&resolved, table, &vpcs[vpc], vpc, &mut earlier, gateways);
                routes.push(resolved);
            }
        }
        // AWS: every table has a local route per block; only its target can be replaced.
        for local in local_routes(&vpcs[vpc]) {
            // A prefix list that holds the block is a route of its own, behind it.
            let mut same = routes
                .iter()
                .filter(|route| route.destination == local.destination && route.prefix_list.is_none());
            let replaced = same.any(|route| {
                route.route_origin != RouteOrigin::EnableVgwRoutePropagation
                    || self.observed && route.target == RouteTarget::Local
            });
            if !replaced {
                routes.push(local);
            }
        }
        (routes, unlisted)
    }

    /// The blocks that a route carries, when they are known, and the prefix list that they come from.
    pub(super) fn destinations(
        &mut self,
        destination: &Destination,
    ) -> Option<(Option<Vec<Cidr>>, Option<Identity>)> {
        let reference = match destination {
            Destination::Cidr(cidr) => return Some((Some(vec![*cidr]), None)),
            Destination::PrefixList(reference) => reference,
        };
        let external = self.observed && self.names.prefix_lists.get(&reference.value).is_none();
        if external {
            let id = reference.value.clone();
            return Some((None, Some(Identity { name: id.clone(), id, origin: reference.origin })));
        }
        let list = self.names.prefix_lists.find(reference, self.problems)?;
        let identity = self.inventory.prefix_lists.get(list).map(|list| list.identity.clone());
        let blocks = self.lists.is_listed(list).then(|| self.lists.blocks(list).to_vec());
        Some((blocks, identity))
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
            if gateways[index].availability == Availability::Gone {
                return Some(RouteTarget::Blackhole);
            }
            return self.attached(index, &gateways[index], vpc, *origin);
        }
        if let Some(found) = self.names.network_interfaces.get(text) {
            return self.interface_target(found, vpc, &route.target);
        }
        if self.names.instances.get(text).is_some() {
            return self.instance_target(vpc, &route.target);
        }
        if self.observed {
            return Some(RouteTarget::External);
        }
        let known = self.names.gateways.iter().chain(self.names.network_interfaces.iter());
        let known = known.chain(self.names.instances.iter()).chain(["local", "blackhole"]);
        let kind = "gateway, network interface or instance";
        self.problems.push(problems::unknown_reference(*origin, kind, text, known));
        None
    }

    /// AWS: a route can lead to an interface of its own VPC alone.
    /// <https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html>
    fn interface_target(
        &mut self,
        found: usize,
        vpc: Index<Vpc>,
        target: &inventory::Reference,
    ) -> Option<RouteTarget> {
        let inventory = self.inventory;
        let interface = inventory.network_interfaces.get(found)?;
        let subnet = self.names.subnets.get(&interface.subnet.value).and_then(|at| inventory.subnets.get(at));
        let theirs = subnet.and_then(|subnet| self.find_vpc(subnet.vpc.as_ref()));
        if theirs.is_none_or(|theirs| theirs == vpc) {
            return Some(RouteTarget::NetworkInterface(Index::new(found)));
        }
        if self.observed {
            return Some(RouteTarget::External); // what AWS does with such a route it does not say
        }
        let message = format!("interface `{}` is in another VPC", target.value);
        let help = "a route can name only interfaces of its own VPC";
        self.problems.push(problems::mismatch(target.origin, message, help));
        None
    }

    fn instance_target(&mut self, vpc: Index<Vpc>, target: &inventory::Reference) -> Option<RouteTarget> {
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
            return self.interface_target(*only, vpc, target);
        }
        if mine.is_empty() && self.problems.has_errors() {
            return None; // it has some, and what is wrong with them is told
        }
        if self.observed {
            return Some(RouteTarget::External);
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
        let ends_here = match gateway.kind {
            GatewayKind::VpcPeeringConnection => {
                gateway.peering().is_none_or(|peering| peering.far_side(vpc).is_some())
            }
            // It is no VPC's: whether this one is attached to it, the walk asks.
            GatewayKind::TransitGateway => true,
            GatewayKind::LatticeService => !self.observed, // no route leads to it, which is told
            _ => gateway.vpc == Some(vpc),
        };
        if !gateway.kind.entry().modelled || ends_here {
            return Some(RouteTarget::Gateway(index));
        }
        if self.observed {
            return Some(RouteTarget::External); // the route is no blackhole, or AWS had said so
        }
        let is_peering = gateway.kind == GatewayKind::VpcPeeringConnection;
        if gateway.vpc.is_none() && !is_peering {
            return Some(RouteTarget::Blackhole); // AWS: a route to a detached gateway has the state blackhole
        }
        let joins = if is_peering { "joins other VPCs" } else { "is attached to another VPC" };
        let message = format!("{} `{}` {joins}", gateway.kind, gateway.identity.name);
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
        earlier: &mut Earlier,
        gateways: &Arena<Gateway>,
    ) {
        let list = route.prefix_list.as_ref().map(|list| list.id.clone());
        match earlier.entry((route.destination, route.route_origin, list)) {
            Entry::Vacant(free) => drop(free.insert(route.origin)),
            Entry::Occupied(first) if route.route_origin == RouteOrigin::CreateRoute => {
                let name = table.identity.said(self.observed);
                self.problems.push(problems::duplicate_route(
                    route.origin,
                    route.destination,
                    name,
                    *first.get(),
                ));
            }
            Entry::Occupied(_) => {}
        }
        if self.observed || vpc.cidr_blocks.is_empty() {
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
        // AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html
        if kind == Some(GatewayKind::LoadBalancer) {
            let help = "clients name a load balancer as their destination; a route leads to the endpoint of a Gateway Load \
                        Balancer";
            return Some((
                format!("the route to {destination} cannot lead to a load balancer"),
                help.to_owned(),
            ));
        }
        if kind == Some(GatewayKind::LatticeService) {
            let help =
                "clients name a service as their destination; AWS adds the routes that lead to VPC Lattice";
            let message = format!("the route to {destination} cannot lead to a service of VPC Lattice");
            return Some((message, help.to_owned()));
        }
        if kind == Some(GatewayKind::EgressOnlyInternetGateway) && destination.family() == Family::V4 {
            let message = format!("an egress-only internet gateway carries IPv6 only, not {destination}");
            return Some((message, "use `::/0`".to_owned()));
        }
        // AWS: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html#gateway-endpoint-routing
        if let RouteTarget::Gateway(gateway) = route.target
            && let Gateway { form: GatewayForm::GatewayEndpoint(_), identity, .. } = &gateways[gateway]
            && route.prefix_list.is_none()
        {
            let message = format!("{destination} cannot lead to gateway endpoint `{}`", identity.name);
            let help = "only the prefix list of its service does: write it under `prefix_lists`, and its name as destination";
            return Some((message, help.to_owned()));
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

pub(super) fn local_routes(vpc: &Vpc) -> Vec<Route> {
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
