//! What is different at interfaces of services that AWS manages.
//!
//! - A function of Lambda opens connections and takes none: it runs in a VPC of the service, and what comes to the
//!   interface is for nobody. <https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html>
//! - An EC2 Instance Connect Endpoint and Global Accelerator may send with the address of their own client. What answers
//!   returns to them, whatever the routes: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/eice-security-groups.html>,
//!   <https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints.sipp-caveats.html>
//!
//! Which connections security groups track whatever their rules stands in the table of services.

use super::leg::{Next, Walker};
use super::sender::Sender;
use super::{DecidedBy, Decision, Observe, Place, ServiceFact, Stage};
use crate::model::{Index, Kind, ManagedServiceKind, NetworkInterface};
use crate::net::{Direction, Protocol};

impl<O: Observe> Walker<'_, O> {
    /// Behind the security groups of an interface: whether the service takes what others open to it.
    pub(super) fn enter_managed_service(&mut self, interface: Index<NetworkInterface>) {
        let network = self.network;
        let place = Place::NetworkInterface(interface);
        if self.memory.answered_by(place, Direction::Ingress, &self.header).is_some() {
            return;
        }
        if network.card(interface).conduct.refuses {
            let opens_only = DecidedBy::Service(ServiceFact::OpensOnly);
            self.record(Stage::Delivery, place, None, Direction::Ingress, Decision::Drop, opens_only);
            return;
        }
        let is_tcp = self.header.protocol == Protocol::TCP;
        let port = network.managed_service_of(interface).and_then(|service| service.port);
        let fact = match port {
            _ if !is_tcp && network.service_kind_of(interface).is_some_and(|kind| kind.tcp_alone) => {
                ServiceFact::TcpAlone
            }
            Some(port) if self.header.protocol.has_ports() => {
                if is_tcp && self.header.destination_port() == Some(port) {
                    return;
                }
                ServiceFact::PortNotServed(port)
            }
            _ => return,
        };
        let (ingress, unknown) = (Direction::Ingress, Decision::Unknown);
        self.record(Stage::Listener, place, None, ingress, unknown, DecidedBy::Service(fact));
    }

    /// What Global Accelerator brings in must be able to come from the internet: the VPC needs an internet gateway, though
    /// no route leads to it, and Block Public Access judges as there.
    /// AWS: <https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints.sipp-caveats.html>
    pub(super) fn enter_from_accelerator(&mut self, interface: Index<NetworkInterface>) {
        let network = self.network;
        if !network.preserves_client_ip(interface) || !is_accelerator(network.service_kind_of(interface)) {
            return;
        }
        let vpc = &network.vpcs[network.vpc_of(interface)];
        let (stage, ingress) = (Stage::InternetGateway, Direction::Ingress);
        match vpc.internet_gateway {
            Some(gateway) => self.block_public_access(gateway, interface, ingress),
            None if vpc.has_collected(Kind::InternetGateways) => {
                let none = DecidedBy::NoInternetGateway;
                self.record(stage, Place::Internet, None, ingress, Decision::Drop, none);
            }
            None => {
                let missing = DecidedBy::NotCollected(Kind::InternetGateways);
                self.record(stage, Place::Internet, None, ingress, Decision::Unknown, missing);
            }
        }
    }

    /// The way of an answer to what an interface of the same VPC sent with the address of its own client.
    ///
    /// At the border of its subnet the network ACL judges it as everything else. Of an accelerator, whose interfaces are in
    /// the subnets of those that answer, one page of AWS says that it judges what leaves, and another that it judges
    /// nothing: what it would deny is unknown.
    /// AWS: <https://docs.aws.amazon.com/global-accelerator/latest/dg/preserve-client-ip-address.how-to-enable-preservation.html>
    pub(super) fn return_to_client(&mut self, interface: Index<NetworkInterface>) -> Option<Next> {
        let network = self.network;
        let opening = self.header.reversed();
        let sender = self.memory.flows().iter().find_map(|flow| match flow.place {
            Place::NetworkInterface(card)
                if flow.direction == Direction::Egress && flow.header == opening =>
            {
                (card != interface && network.preserves_client_ip(card)).then_some(card)
            }
            _ => None,
        })?;
        if network.vpc_of(sender) != network.vpc_of(interface) {
            return None;
        }
        let [from, to] = [interface, sender].map(|card| network.card(card).subnet);
        let crosses_border = from != to;
        if crosses_border {
            self.network_acl(interface, from, Direction::Egress);
        } else if is_accelerator(network.service_kind_of(sender)) {
            let acl = network.border(from).network_acl;
            let (decision, _) = self.judged_by_acl(acl, Direction::Egress);
            if decision != Decision::Allow {
                let (place, doubt) =
                    (Place::NetworkAcl(acl), DecidedBy::Service(ServiceFact::AcceleratorAcl));
                let stage = Stage::NetworkAclEgress;
                self.record(stage, place, Some(interface), Direction::Egress, Decision::Unknown, doubt);
            }
        }
        if self.is_over() {
            return Some(Next::End);
        }
        let place = Place::RouteTable(network.border(from).route_table);
        self.pass(
            Stage::Route,
            place,
            interface,
            Direction::Egress,
            DecidedBy::Service(ServiceFact::ReturnsToClient(sender)),
        );
        Some(Next::Arrive { interface: sender, crosses_border })
    }

    /// Whether the security groups of an interface track a flow that begins with this packet, whatever their rules: at the
    /// interface of a service that opens it, and at the far end of one through Global Accelerator. Assumed of the far end
    /// of Lambda's: `lambda-tracking`.
    /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html#automatic-tracking>
    pub(super) fn is_tracked_automatically(
        &self,
        interface: Index<NetworkInterface>,
        direction: Direction,
    ) -> bool {
        let network = self.network;
        let opener = match (direction, self.sender) {
            (Direction::Egress, _) => interface,
            (Direction::Ingress, Sender::Known(sender, _)) if network.preserves_client_ip(sender) => sender,
            _ => return false,
        };
        network.service_kind_of(opener).is_some_and(|kind| kind.tracks_automatically)
    }
}

/// Whether it is Global Accelerator.
fn is_accelerator(kind: Option<&'static ManagedServiceKind>) -> bool {
    kind.is_some_and(|kind| kind.name == "global-accelerator")
}
