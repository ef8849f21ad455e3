//! What enters a VPC by an internet gateway or a virtual private gateway: delivered by local routes, or as the gateway's
//! own route table says.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html>
//!
//! Such a table leads to a network interface of a middlebox appliance, or to a Gateway Load Balancer endpoint, what is for
//! a subnet or for the whole VPC. It sees
//! packets as they are inside, behind the translation of an internet gateway. Security groups of nobody are known behind
//! the appliance, and what answers must come back by it: a subnet that is redirected cannot use the internet gateway
//! directly, nor can an appliance without a public address take what comes by one.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html> (`INGRESS_RTB_NO_PUBLIC_IP`,
//! `INGRESS_RTB_TRAFFIC_REDIRECTION`). Not modelled: public pools of one's own, for which an internet gateway can have routes as well: their addresses are `unknown`.

use super::gateway::Entering;
use super::leg::{Next, Walker};
use super::{DecidedBy, Decision, Observe, Place, Stage};
use crate::model::{
    Gateway, GatewayKind, Index, Lookup, Network, NetworkInterface, RouteTable, RouteTarget, Vpc,
};
use crate::net::{Direction, Family, Header, is_private};

impl<O: Observe> Walker<'_, O> {
    /// A packet that `gateway` lets into `vpc`.
    pub(super) fn enter_vpc(&mut self, gateway: Index<Gateway>, vpc: Index<Vpc>, is_public: bool) -> Next {
        let next = match self.network.gateways[gateway].route_table {
            Some(table) => self.edge_route(gateway, table, vpc),
            None => Next::Router(vpc),
        };
        let touching = match next {
            Next::Forward { interface, .. } => Some(interface),
            Next::Router(vpc) => self.network.interface_at(vpc, self.header.destination),
            Next::Gateway(endpoint, _) => endpoint_interface(self.network, endpoint),
            _ => None,
        };
        if let (true, Some(interface)) = (is_public, touching) {
            self.block_public_access(gateway, interface, Direction::Ingress);
        }
        next
    }

    /// Which route of the gateway's own table takes the packet.
    fn edge_route(&mut self, gateway: Index<Gateway>, index: Index<RouteTable>, vpc: Index<Vpc>) -> Next {
        let network = self.network;
        let (mut decision, mut decided_by, target) = self.choose_target(&network.route_tables[index]);
        let mut next = match target {
            None | Some(RouteTarget::Blackhole | RouteTarget::External) => Next::End,
            Some(RouteTarget::Local) => Next::Router(vpc),
            Some(RouteTarget::Gateway(endpoint)) => Next::Gateway(endpoint, Entering::FromInternet(vpc)),
            Some(RouteTarget::NetworkInterface(interface)) => {
                Next::Forward { interface, crosses_border: true }
            }
        };
        if let Next::Forward { interface, .. } = next
            && network.gateways[gateway].kind == GatewayKind::InternetGateway
            && !has_public_address(&network.network_interfaces[interface], self.header.family())
        {
            (decision, decided_by) = (Decision::Drop, DecidedBy::ApplianceNotPublic(interface));
            next = Next::End;
        }
        let place = Place::RouteTable(index);
        self.record(Stage::EdgeRoute, place, None, Direction::Ingress, decision, decided_by);
        next
    }
}

/// Whether an internet gateway passes to an appliance what is not for the appliance itself. AWS asks for a public
/// address, of which IPv6 has no other.
fn has_public_address(card: &NetworkInterface, family: Family) -> bool {
    let has_ipv6 = || family == Family::V6 && card.ipv6_addresses.iter().any(|own| !is_private(*own));
    card.private_ip_addresses.iter().any(|own| own.public_ip.is_some()) || has_ipv6()
}

/// The appliance to which the internet gateway's own table redirects what is for the packet's source.
pub(super) fn appliance_of(
    network: &Network,
    gateway: Index<Gateway>,
    header: &Header,
) -> Option<Index<NetworkInterface>> {
    let table = &network.route_tables[network.gateways[gateway].route_table?];
    let Lookup::Route(position) = table.lookup(header.source) else { return None };
    match table.routes.get(position)?.target {
        RouteTarget::NetworkInterface(appliance) => Some(appliance),
        RouteTarget::Gateway(endpoint) => endpoint_interface(network, endpoint),
        _ => None,
    }
}

/// The interface of a Gateway Load Balancer endpoint.
fn endpoint_interface(network: &Network, endpoint: Index<Gateway>) -> Option<Index<NetworkInterface>> {
    network.gateways[endpoint].gateway_load_balancer_endpoint().map(|own| own.network_interface)
}
