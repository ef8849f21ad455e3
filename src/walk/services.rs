//! Services of AWS whose addresses nothing names: prefix lists may hold them, or not.
//!
//! AWS calls its own list of a service by the service's name, and a route to a gateway endpoint tells whose list it has.
//! Of any other list nobody knows whose addresses it holds.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html>

use super::leg::Walker;
use super::{DecidedBy, Observe};
use crate::model::{GatewayForm, Index, Network, NetworkInterface, Route, RouteTable, RouteTarget};
use crate::net::{AddressMatch, Cidr, Direction, Header, is_private};

impl<O: Observe> Walker<'_, O> {
    /// Whether the far side is a service whose addresses are not known.
    pub(super) fn is_unplaced(&self, direction: Direction) -> bool {
        self.service.is_some_and(|service| service == self.header.remote(direction))
    }

    /// The first rule of an interface's groups that would admit the packet if its list held the service's addresses.
    pub(super) fn may_be_listed(
        &self,
        interface: Index<NetworkInterface>,
        direction: Direction,
    ) -> Option<DecidedBy> {
        if !self.is_unplaced(direction) {
            return None;
        }
        let network = self.network;
        network.security_group_rules(interface, direction).find_map(|(group, position, rule)| {
            let AddressMatch::WithinAny(blocks) = rule.test.remote(direction) else { return None };
            let within = blocks.iter().map(Cidr::first).find(|first| {
                !is_private(*first) && rule.test.contains(&with_remote(&self.header, direction, *first))
            });
            let admits = within.is_some() && may_be_of_service(network, |list| list == rule.peer_label);
            admits.then_some(DecidedBy::ServiceMayBeListed { group, rule: position })
        })
    }

    /// The first route that would carry the packet if its list held the service's addresses.
    pub(super) fn may_be_routed_by_list(&self, table: &RouteTable) -> Option<DecidedBy> {
        if !self.is_unplaced(Direction::Egress) {
            return None;
        }
        let may_carry = |route: &Route| {
            let list = route.prefix_list.as_ref().filter(|_| !is_private(route.destination.first()));
            route.destination.family() == self.header.family()
                && list.is_some_and(|list| may_be_of_service(self.network, |other| list.is(other)))
        };
        table.routes.iter().position(may_carry).map(DecidedBy::ServiceMayBeRouted)
    }
}

/// Whether the list of which `is_called` knows the names may be that of a service whose addresses are not known: it is
/// neither of a name that AWS gives, nor led to a gateway endpoint, which is of another service.
fn may_be_of_service(network: &Network, is_called: impl Fn(&str) -> bool) -> bool {
    let is_endpoint = |target| {
        matches!(target, RouteTarget::Gateway(gateway)
            if matches!(network.gateways[gateway].form, GatewayForm::GatewayEndpoint(_)))
    };
    let leads_to_endpoint = |route: &Route| {
        let list = route.prefix_list.as_ref();
        list.is_some_and(|list| is_called(&list.name) || is_called(&list.id)) && is_endpoint(route.target)
    };
    !network.service_list_names().any(&is_called)
        && !network.route_tables.iter().any(|table| table.routes.iter().any(leads_to_endpoint))
}

/// The packet with another far side.
fn with_remote(header: &Header, direction: Direction, remote: std::net::IpAddr) -> Header {
    match direction {
        Direction::Egress => Header { destination: remote, ..*header },
        Direction::Ingress => Header { source: remote, ..*header },
    }
}
