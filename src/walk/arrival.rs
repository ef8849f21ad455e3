//! Reaching an interface: the subnet's network ACL, the interface's groups, and whoever is there.

use super::gateway::{Entering, interface_endpoint};
use super::leg::{Next, Walker};
use super::{Arrival, DecidedBy, Decision, Observe, Place, ServiceFact, Stage};
use crate::model::{Index, Kind, NetworkInterface, Vpc};
use crate::net::Direction;

impl<O: Observe> Walker<'_, O> {
    /// The interface that has the destination: of a host, or of a gateway.
    pub(super) fn reach(&self, interface: Index<NetworkInterface>, crosses_border: bool) -> Next {
        match self.network.network_interfaces[interface].gateway {
            Some(gateway) if !self.network.gateways[gateway].is_reached_as_host() => {
                Next::Gateway(gateway, Entering::ToInterface { interface, crosses_border })
            }
            _ => Next::Arrive { interface, crosses_border },
        }
    }

    /// Reaching an interface.
    pub(super) fn arrive(&mut self, interface: Index<NetworkInterface>, crosses_border: bool) -> Next {
        let subnet = self.network.card(interface).subnet;
        self.host_runs(interface, Direction::Ingress);
        if crosses_border {
            self.network_acl(interface, subnet, Direction::Ingress);
        }
        if self.is_over() {
            return Next::End;
        }
        self.security_groups(interface, Direction::Ingress);
        if self.passed_network_load_balancer() {
            self.track_automatically();
        }
        if self.is_over() {
            return Next::End;
        }
        if self.network.card(interface).is_of_gateway
            && let Some((gateway, _)) = self.network.load_balancer_of(interface)
        {
            return self.at_node(gateway, interface);
        }
        self.own_address_check(interface, Direction::Ingress);
        let place = Place::NetworkInterface(interface);
        if let Some(inner) = self.memory.translated_back(place, &self.header) {
            return self.forward_as(interface, inner);
        }
        if self.carried.is_some() {
            return self.at_appliance(interface);
        }
        let card = self.network.card(interface);
        if !card.conduct.opens || card.states_listeners {
            let behind = self
                .network
                .endpoint_of(interface)
                .and_then(|endpoint| Some((endpoint, self.network.node_behind(endpoint, interface)?)));
            self.enter_endpoint(interface, behind.is_some());
            self.enter_managed_service(interface);
            if self.is_over() {
                return Next::End;
            }
            if let Some((endpoint, node)) = behind {
                return self.enter_service(endpoint, interface, node);
            }
        }
        self.pass(Stage::Delivery, place, interface, Direction::Ingress, DecidedBy::Delivered);
        self.end_at(Arrival::Interface(interface))
    }

    /// At an interface of an interface endpoint: the service behind it. Security groups track the flow whatever their
    /// rules.
    /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html#automatic-tracking>
    pub(super) fn enter_endpoint(&mut self, interface: Index<NetworkInterface>, is_known: bool) {
        let Some(endpoint) = self.network.endpoint_of(interface) else { return };
        let (decision, decided_by) =
            interface_endpoint::judge(self.network, endpoint, &self.header, is_known);
        let place = Place::Gateway(endpoint);
        if self.network.enforces_encryption(interface) && !interface_endpoint::is_encrypted(&self.header) {
            let (stage, refused) = (Stage::EncryptionControls, DecidedBy::Service(ServiceFact::Unencrypted));
            self.record(stage, place, Some(interface), Direction::Ingress, Decision::Deny, refused);
            if self.is_over() {
                return;
            }
        }
        self.record(Stage::VpcEndpoint, place, Some(interface), Direction::Ingress, decision, decided_by);
        self.track_automatically();
    }

    pub(super) fn deliver_in(&mut self, vpc: Index<Vpc>) -> Next {
        if let Some(interface) = self.receiver(vpc) {
            return self.reach(interface, true);
        }
        let mut subnets = self.network.subnets.enumerate();
        let holder =
            subnets.find(|(_, subnet)| subnet.vpc == vpc && subnet.contains(self.header.destination));
        self.nobody(vpc, holder.map_or(Place::Vpc(vpc), |(index, _)| Place::Subnet(index)), None)
    }

    /// A packet with nowhere to go, unless somebody has its destination who was not collected.
    pub(super) fn nobody(
        &mut self,
        vpc: Index<Vpc>,
        place: Place,
        interface: Option<Index<NetworkInterface>>,
    ) -> Next {
        let (decision, decided_by) = if self.network.vpcs[vpc].has_collected(Kind::NetworkInterfaces) {
            (Decision::Drop, DecidedBy::NobodyHasAddress)
        } else {
            (Decision::Unknown, DecidedBy::NotCollected(Kind::NetworkInterfaces))
        };
        self.record(Stage::Delivery, place, interface, Direction::Egress, decision, decided_by);
        Next::End
    }
}
