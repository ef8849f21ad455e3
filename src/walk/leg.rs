//! One packet, one way.
//!
//! The order of the stages stands here and nowhere else:
//!
//! 1. leaving an interface: source check, security groups (egress), the same-subnet shortcut, network ACL
//!    (egress), route;
//! 2. gateways in turn, with what they rewrite;
//! 3. reaching an interface: network ACL (ingress), security groups (ingress), destination check, delivery.
//!
//! It is the order in which AWS's Reachability Analyzer prints components:
//! <https://docs.aws.amazon.com/vpc/latest/reachability/how-reachability-analyzer-works.html>.
//! A stop does not end the walk: what stands behind it is judged as well, marked hypothetical. Only without a
//! next hop the leg ends, incomplete.

use std::net::IpAddr;

use smallvec::SmallVec;

use super::choices::Choices;
use super::gateway::{self, Entering, Face, Onward, Step, interface_endpoint};
use super::geneve::Carried;
use super::sender::Sender;
use super::toward::Toward;
use super::{
    Arrival, Checkpoint, DecidedBy, Decision, Leg, Memory, Observe, Packet, Pin, Place, ServiceFact, Stage,
    TrackedFlow, Translation,
};
use crate::model::{
    CustomerNetwork, Gateway, Index, Kind, Network, NetworkInterface, ReservedTraffic, Subnet, Tracking, Vpc,
};
use crate::net::{Direction, Header};

/// Gateways on the longest path we follow; real ones have a handful.
const HOP_BUDGET: u8 = 16;

/// Walks `packet` through `network`.
pub fn leg(network: &Network, packet: &Packet, memory: &Memory, observe: &mut impl Observe) -> Leg {
    let mut leg = Leg::default();
    walk(network, packet, None, memory, &mut Choices::default(), observe, &mut leg);
    leg
}

/// As [`leg`] into `leg`, which is new, where AWS chooses as `choices` say. Whoever is `toward` is looked for first.
pub(super) fn walk(
    network: &Network,
    packet: &Packet,
    toward: Option<Index<NetworkInterface>>,
    memory: &Memory,
    choices: &mut Choices,
    observe: &mut impl Observe,
    leg: &mut Leg,
) {
    let mut walker = Walker {
        network,
        memory,
        choices,
        observe,
        header: packet.header,
        sender: Sender::Outside,
        service: packet.service,
        opens: packet.opens,
        left: None,
        carried: None,
        is_inspected: false,
        toward: toward.map(|interface| Toward::of(network, interface)),
        count: 0,
        leg,
    };
    let mut next = match packet.from {
        Arrival::Interface(interface) => walker.depart(interface),
        Arrival::Internet => Next::Internet,
        Arrival::Service(endpoint) => walker.leave_service(endpoint),
        Arrival::CustomerNetwork(customer) => walker.leave_customer_network(customer),
        Arrival::Gateway(gateway, interface) => walker.leave_gateway(gateway, interface),
        Arrival::Reserved(row, interface) => walker.answer_from_reserved(row, interface),
        Arrival::Mirror(by) => walker.leave_mirrored(by),
    };
    let mut hops = 0;
    // A packet that comes to a gateway as it came before goes round.
    let mut passed: SmallVec<[(Index<Gateway>, Entering, Header); 6]> = SmallVec::new();
    while let Some(current) = next.step().filter(|_| !walker.is_over()) {
        hops += 1;
        let mut goes_round = hops > 3 * HOP_BUDGET;
        if let Next::Gateway(gateway, entering) = current {
            let here = (gateway, entering, walker.header);
            goes_round |= passed.contains(&here);
            passed.push(here);
        }
        next = if goes_round { walker.lost() } else { walker.follow(current) };
    }
    walker.lose_datagram();
    walker.after_inspections(&passed);
}

/// What a packet meets next.
#[derive(Debug, Clone, Copy)]
pub(super) enum Next {
    /// An interface; whether the packet crosses the border of its subnet to get there.
    Arrive { interface: Index<NetworkInterface>, crosses_border: bool },
    /// A gateway, from inside or outside.
    Gateway(Index<Gateway>, Entering),
    /// An interface that is to forward it; whether the packet crosses the border of its subnet to get there.
    Forward { interface: Index<NetworkInterface>, crosses_border: bool },
    /// The internet.
    Internet,
    /// The router of a VPC, which delivers to whoever has the address.
    Router(Index<Vpc>),
    /// A network on premises.
    CustomerNetwork(Index<CustomerNetwork>),
    /// A service of VPC Lattice, from a VPC.
    Lattice(Index<Gateway>, Index<Vpc>),
    /// Nothing: the walk is over.
    End,
}

impl Next {
    const fn step(self) -> Option<Self> {
        match self {
            Self::End => None,
            other => Some(other),
        }
    }
}

pub(super) struct Walker<'a, O> {
    pub(super) network: &'a Network,
    pub(super) memory: &'a Memory,
    pub(super) choices: &'a mut Choices,
    pub(super) observe: &'a mut O,
    /// The packet as it is now.
    pub(super) header: Header,
    /// Whose packet it is, as far as security groups know.
    pub(super) sender: Sender,
    /// The address that stands for a service whose addresses are not known.
    pub(super) service: Option<IpAddr>,
    /// Whether the packet may open a connection.
    pub(super) opens: bool,
    /// The interface that the packet left last.
    pub(super) left: Option<Index<NetworkInterface>>,
    /// The packet that the datagram at hand carries to an appliance, or back.
    pub(super) carried: Option<Carried>,
    /// Whether it passed an endpoint before an inspection.
    pub(super) is_inspected: bool,
    /// The interface that the packet is for, as far as the sender knows.
    pub(super) toward: Option<Toward>,
    pub(super) count: usize,
    pub(super) leg: &'a mut Leg,
}

impl<O: Observe> Walker<'_, O> {
    fn follow(&mut self, next: Next) -> Next {
        match next {
            Next::Arrive { interface, crosses_border } => self.arrive(interface, crosses_border),
            Next::Gateway(gateway, entering) => self.gateway(gateway, entering),
            Next::Forward { interface, crosses_border } => self.forward(interface, crosses_border),
            Next::Internet => self.internet(),
            Next::Router(vpc) => self.deliver_in(vpc),
            Next::CustomerNetwork(network) => self.reach_customer_network(network),
            Next::Lattice(service, vpc) => self.at_lattice(service, vpc),
            Next::End => Next::End,
        }
    }

    /// Leaving an interface.
    fn depart(&mut self, interface: Index<NetworkInterface>) -> Next {
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
    fn is_inspected_at(&self, interface: Index<NetworkInterface>) -> bool {
        self.network.card(interface).is_of_gateway && self.network.is_inspected_at(interface)
    }

    /// The interface that has the destination: of a host, or of a gateway.
    pub(super) fn reach(&self, interface: Index<NetworkInterface>, crosses_border: bool) -> Next {
        match self.network.network_interfaces[interface].gateway {
            Some(gateway) if !self.network.gateways[gateway].is_reached_as_host() => {
                Next::Gateway(gateway, Entering::ToInterface { interface, crosses_border })
            }
            _ => Next::Arrive { interface, crosses_border },
        }
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

    fn may_be_neighbour(&self, subnet: Index<Subnet>) -> bool {
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

    /// Reaching an interface.
    fn arrive(&mut self, interface: Index<NetworkInterface>, crosses_border: bool) -> Next {
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
    fn enter_endpoint(&mut self, interface: Index<NetworkInterface>, is_known: bool) {
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

    /// Whether the packet was stopped and nobody asks what it would have met.
    pub(super) fn is_over(&self) -> bool {
        self.leg.stopped_at.is_some() && self.observe.is_hasty()
    }

    /// The subnet's router: which route takes the packet.
    fn route(&mut self, interface: Index<NetworkInterface>, subnet: Index<Subnet>) -> Next {
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

    /// One gateway, with what it rewrites and remembers.
    fn gateway(&mut self, index: Index<Gateway>, entering: Entering) -> Next {
        let behaviour = gateway::behaviour(self.network.gateways[index].kind);
        let context = gateway::Context {
            network: self.network,
            gateway: index,
            entering,
            header: self.header,
            left: self.left,
            is_inspected: self.is_inspected,
            memory: self.memory,
            opens: self.opens,
        };
        let stage = gateway::stage(behaviour, &self.network.gateways[index]);
        let place = Place::Gateway(index);
        let mut direction = entering.direction();
        // Its own interface stands at the border of a subnet, and sees what comes to the gateway.
        let face = (behaviour.face)(&context);
        if let Some(Face { interface, crosses_border }) = face {
            direction = Direction::Ingress;
            if crosses_border {
                let subnet = self.network.network_interfaces[interface].subnet;
                self.network_acl(interface, subnet, direction);
            }
            if self.is_over() {
                return Next::End;
            }
        }
        let at = face.map(|face| face.interface);
        if let (true, Some(interface)) = (behaviour.is_public && direction == Direction::Egress, self.left) {
            self.block_public_access(index, interface, direction);
            if self.is_over() {
                return Next::End;
            }
        }
        let forward = match (behaviour.step)(&context) {
            Step::Forward(forward) => forward,
            Step::Choose(mut options) => {
                let pick = self.choices.pick(options.len());
                if pick >= options.len() {
                    return self.lost();
                }
                options.swap_remove(pick)
            }
            Step::Terminate(interface) => {
                // A proxy answers by itself; whether that helps depends on its onward connection.
                let decided_by = DecidedBy::OnwardConnection;
                self.record(stage, place, at, direction, Decision::Unknown, decided_by);
                return Next::Arrive { interface, crosses_border: true };
            }
            Step::Drop(decided_by) => {
                self.note_reset(index, stage, decided_by);
                self.record(stage, place, at, direction, Decision::Drop, decided_by);
                return self.behind_inspection(index, decided_by);
            }
            Step::Unknown(decided_by) => {
                self.record(stage, place, at, direction, Decision::Unknown, decided_by);
                return Next::End;
            }
        };
        self.record(stage, place, at, direction, Decision::Pass, forward.decided_by);
        if let Some(tracking) = forward.remembers {
            self.remember(TrackedFlow { place, direction, header: self.header, tracking });
        }
        if behaviour.tracks_automatically || forward.remembers == Some(Tracking::Automatic) {
            self.track_automatically();
        }
        if let Some(ports) = forward.translates {
            let (before, after) = (self.header, forward.header);
            let translation =
                Translation { place, before, after, from: self.left, ports, is_forgotten: false };
            self.leg.remembers.translate(translation);
        }
        self.header = forward.header;
        let far = match forward.onward {
            Onward::Interface(interface) | Onward::PinnedInterface(interface) => Some(interface),
            _ => None,
        };
        self.sender = self.sender.behind(self.network, index, far);
        match forward.onward {
            Onward::Service => self.reach_service(index),
            Onward::CustomerNetwork(network) => Next::CustomerNetwork(network),
            Onward::Internet => Next::Internet,
            Onward::Router(vpc) => self.enter_vpc(index, vpc, behaviour.is_public),
            Onward::Gateway(gateway, entering) => Next::Gateway(gateway, entering),
            Onward::Appliances(interface) => self.enter_appliances(index, interface),
            Onward::Interface(interface) | Onward::PinnedInterface(interface) => {
                if let Onward::PinnedInterface(interface) = forward.onward {
                    let is_forgotten = false;
                    self.leg.remembers.pin(Pin {
                        gateway: index,
                        header: self.header,
                        interface,
                        is_forgotten,
                    });
                }
                let (egress, leaves) = (Direction::Egress, DecidedBy::Leaves);
                self.record(stage, place, Some(interface), egress, Decision::Pass, leaves);
                self.is_inspected |= self.network.is_inspected_at(interface);
                self.leave(interface)
            }
        }
    }

    /// What a gateway sends by itself leaves one of its interfaces.
    fn leave_gateway(&mut self, gateway: Index<Gateway>, interface: Index<NetworkInterface>) -> Next {
        if let Some(own) = self.network.gateways[gateway].load_balancer() {
            return self.open_from_node(gateway, own, interface);
        }
        let stage = gateway::behaviour(self.network.gateways[gateway].kind).stage;
        let (place, egress) = (Place::Gateway(gateway), Direction::Egress);
        self.record(stage, place, Some(interface), egress, Decision::Pass, DecidedBy::Leaves);
        self.leave(interface)
    }

    /// A packet that is at the service behind an endpoint.
    fn reach_service(&mut self, endpoint: Index<Gateway>) -> Next {
        let (place, reached) = (Place::Gateway(endpoint), DecidedBy::LeftNetwork);
        self.record(Stage::Delivery, place, None, Direction::Egress, Decision::Pass, reached);
        self.end_at(Arrival::Service(endpoint))
    }

    /// What a service answers returns by its endpoint; a service of VPC Lattice sends by itself.
    fn leave_service(&mut self, endpoint: Index<Gateway>) -> Next {
        if self.network.gateways[endpoint].lattice_service().is_some() {
            return self.leave_lattice(endpoint);
        }
        self.network.gateways[endpoint]
            .vpc
            .map_or(Next::End, |vpc| Next::Gateway(endpoint, Entering::FromService(vpc)))
    }

    /// A packet with nowhere to go, unless somebody has its destination who was not collected.
    fn nobody(&mut self, vpc: Index<Vpc>, place: Place, interface: Option<Index<NetworkInterface>>) -> Next {
        let (decision, decided_by) = if self.network.vpcs[vpc].has_collected(Kind::NetworkInterfaces) {
            (Decision::Drop, DecidedBy::NobodyHasAddress)
        } else {
            (Decision::Unknown, DecidedBy::NotCollected(Kind::NetworkInterfaces))
        };
        self.record(Stage::Delivery, place, interface, Direction::Egress, decision, decided_by);
        Next::End
    }

    pub(super) fn lost(&mut self) -> Next {
        let decided_by = DecidedBy::HopBudget;
        self.record(Stage::Route, Place::Internet, None, Direction::Egress, Decision::Unknown, decided_by);
        Next::End
    }

    fn deliver_in(&mut self, vpc: Index<Vpc>) -> Next {
        if let Some(interface) = self.receiver(vpc) {
            return self.reach(interface, true);
        }
        let mut subnets = self.network.subnets.enumerate();
        let holder =
            subnets.find(|(_, subnet)| subnet.vpc == vpc && subnet.contains(self.header.destination));
        self.nobody(vpc, holder.map_or(Place::Vpc(vpc), |(index, _)| Place::Subnet(index)), None)
    }

    /// Notes a decision; the first certain stop makes the rest hypothetical.
    #[inline]
    pub(super) fn record(
        &mut self,
        stage: Stage,
        place: Place,
        interface: Option<Index<NetworkInterface>>,
        direction: Direction,
        decision: Decision,
        decided_by: DecidedBy,
    ) {
        let hypothetical = self.leg.stopped_at.is_some();
        if decision.stops() && !hypothetical && !self.observe.waives(stage, place) {
            self.leg.stopped_at = Some(self.count);
            self.choices.settle();
        }
        if decision == Decision::Unknown && self.leg.unknown_at.is_none() {
            self.leg.unknown_at = Some(self.count);
        }
        self.count += 1;
        if self.observe.wants(stage) {
            let header = self.header;
            self.observe.checkpoint(Checkpoint {
                stage,
                place,
                interface,
                direction,
                header,
                decision,
                decided_by,
                hypothetical,
            });
        }
    }

    pub(super) fn pass(
        &mut self,
        stage: Stage,
        place: Place,
        interface: Index<NetworkInterface>,
        direction: Direction,
        decided_by: DecidedBy,
    ) {
        self.record(stage, place, Some(interface), direction, Decision::Pass, decided_by);
    }

    pub(super) fn end_at(&mut self, arrival: Arrival) -> Next {
        self.leg.arrival = Some((arrival, self.header));
        Next::End
    }

    pub(super) fn remember(&mut self, flow: TrackedFlow) {
        self.leg.remembers.remember(flow);
    }

    /// What led here is tracked whatever the rules; what stands behind follows its own.
    pub(super) fn track_automatically(&mut self) {
        // Gateways remember in their own way.
        let of_groups = |flow: &&mut TrackedFlow| matches!(flow.place, Place::NetworkInterface(_));
        for flow in self.leg.remembers.flows_mut().iter_mut().filter(of_groups) {
            flow.tracking = Tracking::Automatic;
        }
    }
}
