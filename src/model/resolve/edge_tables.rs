//! Route tables of internet gateways, virtual private gateways and regional NAT gateways: which one each has, and what AWS
//! refuses in them.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html>

use super::Resolver;
use crate::diagnostic::{Origin, problems};
use crate::model::inventory::Reference;
use crate::model::network::Vpc;
use crate::model::{
    Arena, Gateway, GatewayForm, GatewayKind, Index, Route, RouteOrigin, RouteTable, RouteTarget,
};

impl Resolver<'_, '_> {
    /// Gives every gateway the route table that it names.
    pub(super) fn edge_tables(
        &mut self,
        gateways: &mut Arena<Gateway>,
        tables: &Arena<RouteTable>,
        vpcs: &Arena<Vpc>,
    ) {
        let inventory = self.inventory;
        for (position, read) in inventory.gateways.iter().enumerate() {
            let (index, Some(reference)) = (Index::new(position), &read.route_table) else { continue };
            let Some(table) = self.edge_table(reference, gateways[index].vpc, tables, vpcs) else { continue };
            // What leaves a regional NAT gateway goes by its table, which is none of an edge.
            if !self.observed && read.kind != GatewayKind::NatGateway {
                self.check_edge_table(reference, index, table, tables, vpcs, gateways);
            }
            if let Some(gateway) = gateways.get_mut(index) {
                gateway.route_table = Some(table);
            }
        }
    }

    /// The table that `reference` names, of the VPC to which the gateway is attached. One that AWS answered is there.
    fn edge_table(
        &mut self,
        reference: &Reference,
        vpc: Option<Index<Vpc>>,
        tables: &Arena<RouteTable>,
        vpcs: &Arena<Vpc>,
    ) -> Option<Index<RouteTable>> {
        let (names, written) = (&self.names.route_tables, self.inventory.route_tables.len());
        let found = names.find_or_default(reference, tables, written, |table| &table.identity, self.problems);
        match vpc {
            Some(vpc) => self.same_vpc(found, reference, vpc, |table| tables[table].vpc, vpcs, "route table"),
            None => found,
        }
    }

    fn check_edge_table(
        &mut self,
        reference: &Reference,
        gateway: Index<Gateway>,
        index: Index<RouteTable>,
        tables: &Arena<RouteTable>,
        vpcs: &Arena<Vpc>,
        gateways: &Arena<Gateway>,
    ) {
        let (gateway, table) = (&gateways[gateway], &tables[index]);
        let (name, kind) = (&gateway.identity.name, gateway.kind);
        if self.defaults_of(table.vpc).route_table == Some(index) {
            let message = format!("{kind} `{name}` cannot have the main route table of its VPC");
            let help = "give it a table of its own";
            self.problems.push(problems::mismatch(reference.origin, message, help));
        }
        let mut seen = Vec::new(); // a prefix list is one route as it was written
        for route in table.routes.iter().filter(|route| !seen_before(&mut seen, route)) {
            let Some(what) = refused(route, &vpcs[table.vpc], gateways) else { continue };
            let message = format!("the route table of {kind} `{name}` cannot have a route {what}");
            let help = "it steers what enters the VPC: from a whole block of the VPC or of a subnet to `local`, to a \
                        network interface or to a Gateway Load Balancer endpoint";
            self.problems.push(problems::impossible_route(route.origin, message, help));
        }
    }
}

/// Whether a route that was read at the same place came before.
fn seen_before(seen: &mut Vec<Option<Origin>>, route: &Route) -> bool {
    let is_again = route.origin.is_some() && seen.contains(&route.origin);
    seen.push(route.origin);
    is_again
}

/// What of `route` AWS refuses in the table of a gateway. That it lies within the VPC and covers a whole subnet holds of
/// every table.
fn refused(route: &Route, vpc: &Vpc, gateways: &Arena<Gateway>) -> Option<String> {
    if let Some(list) = &route.prefix_list {
        return Some(format!("to a prefix list, as `{}` is", list.name));
    }
    if route.route_origin == RouteOrigin::EnableVgwRoutePropagation {
        return Some("that is propagated".to_owned());
    }
    if !vpc.cidr_blocks.iter().any(|block| block.covers(&route.destination)) {
        return Some(format!("to {}, outside the VPC", route.destination));
    }
    match route.target {
        RouteTarget::Local
        | RouteTarget::Blackhole
        | RouteTarget::NetworkInterface(_)
        | RouteTarget::External => None,
        RouteTarget::Gateway(index) => {
            let target = &gateways[index];
            let is_plain_endpoint =
                target.kind == GatewayKind::VpcEndpoint && target.form == GatewayForm::Plain;
            (!is_plain_endpoint).then(|| format!("to {} `{}`", target.kind, target.identity.name))
        }
    }
}
