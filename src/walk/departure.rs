//! Leaving an interface: what the host and its groups let out, then the subnet's network ACL and its routes.

use super::gateway::Entering;
use super::leg::{Next, Walker};
use super::sender::Sender;
use super::{Arrival, DecidedBy, Decision, Observe, Place, Stage};
use crate::model::{Index, Kind, NetworkInterface, ReservedTraffic, Subnet};
use crate::net::Direction;

impl<O: Observe> Walker<'_, O> {
    /// Leaving an interface.
    pub(super) fn depart(&mut self, interface: Index<NetworkInterface>) -> Next {
        let network = self.network;
        let index = network.card(interface).subnet;
        if !network.managed_services.is_empty() {
            self.enter_from_accelerator(interface);
            if self.is_over() {
                return Next::End;
            }
        }
        self.host_runs(interface, Direction::Egress);
        self.own_address_check(interface, Direction::Egress);
        if let Some(row) = self.exempt(index) {
            self.pass(
                Stage::Delivery,
                Place::NetworkInterface(interface),
                interface,
                Direction::Egress,
                DecidedBy::Reserved(row),
            );
            return self.end_at(Arrival::Reserved(row, interface));
        }
        self.sender = Sender::direct(interface);
        self.security_groups(interface, Direction::Egress);
        if self.is_over() {
            return Next::End;
        }
        if !self.network.managed_services.is_empty()
            && let Some(next) = self.return_to_client(interface)
        {
            return next;
        }
        self.leave(interface)
    }

    /// From an interface on: within its subnet, or by its routes.
    pub(super) fn leave(&mut self, interface: Index<NetworkInterface>) -> Next {
        let network = self.network;
        self.left = Some(interface);
        let index = network.card(interface).subnet;
        if network.card(interface).is_of_gateway && network.is_in_no_subnet(interface) {
            return self.route(interface, index);
        }
        let border = network.border(index);
        if !self.memory.pins().is_empty() {
            if let Some(pin) = self.returns_to_endpoint(interface) {
                return self.return_to_endpoint(interface, &pin);
            }
            if let Some((gateway, node)) = self.returns_to_node() {
                return self.return_to_node(interface, gateway, node);
            }
        }
        // AWS: inside a subnet neither route table nor network ACL is consulted.
        // https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
        if self.may_stay_within(index) && !self.is_inspected_at(interface) {
            let neighbour = self.receiver(border.vpc);
            return match neighbour {
                Some(neighbour) => self.reach(neighbour, false),
                None => self.nobody(border.vpc, Place::Subnet(index), Some(interface)),
            };
        }
        self.network_acl(interface, index, Direction::Egress);
        if self.is_over() {
            return Next::End;
        }
        self.route(interface, index)
    }

    /// Whether an interface is that of an endpoint before an inspection: between it and hosts of its own subnet network
    /// ACLs are asked.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-load-balancer-endpoints.html>
    pub(super) fn is_inspected_at(&self, interface: Index<NetworkInterface>) -> bool {
        self.network.card(interface).is_of_gateway && self.network.is_inspected_at(interface)
    }

    /// The row of reserved traffic that the packet is, sent from `subnet`, if no rule sees it.
    pub(super) fn exempt(&self, subnet: Index<Subnet>) -> Option<&'static ReservedTraffic> {
        let (network, border) = (self.network, self.network.border(subnet));
        let is_for_router = || border.is_router(self.header.destination) != Some(false);
        if !ReservedTraffic::may_be(&self.header, is_for_router) {
            return None;
        }
        let row = ReservedTraffic::find(&self.header, &network.vpcs[border.vpc], &network.subnets[subnet]);
        row.filter(|row| row.exempt)
    }

    /// Whether the packet is for an address of `subnet`. Of one whose blocks were not collected, interfaces alone are
    /// known; where they were not collected either, every address of the VPC may be in it.
    #[inline]
    pub(super) fn may_stay_within(&self, subnet: Index<Subnet>) -> bool {
        let known = self.network.border(subnet).contains(self.header.destination);
        known.unwrap_or_else(|| self.may_be_neighbour(subnet))
    }

    pub(super) fn may_be_neighbour(&self, subnet: Index<Subnet>) -> bool {
        let (network, destination) = (self.network, self.header.destination);
        let Subnet { vpc, ref cidr_blocks, .. } = network.subnets[subnet];
        if !cidr_blocks.is_empty() {
            return network.subnets[subnet].contains(destination);
        }
        match self.receiver(vpc) {
            Some(neighbour) => network.card(neighbour).subnet == subnet,
            None => {
                let of = &network.vpcs[vpc];
                !of.has_collected(Kind::NetworkInterfaces)
                    && (of.cidr_blocks.is_empty() || of.contains(destination))
            }
        }
    }

    /// The subnet's router: which route takes the packet.
    pub(super) fn route(&mut self, interface: Index<NetworkInterface>, subnet: Index<Subnet>) -> Next {
        let (decision, decided_by, next) = match self.returns_to_sender() {
            Some(peering) => {
                let next = Next::Gateway(peering, Entering::FromSubnet(subnet));
                (Decision::Pass, DecidedBy::ReturnsToSender(peering), next)
            }
            None => self.choose_route(subnet),
        };
        let place = Place::RouteTable(self.network.border(subnet).route_table);
        self.record(Stage::Route, place, Some(interface), Direction::Egress, decision, decided_by);
        next
    }
}
