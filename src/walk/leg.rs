//! One packet, one way.
//!
//! The order of the stages, each in a file of its own and nowhere else:
//!
//! 1. leaving an interface (`departure.rs`): source check, security groups (egress), the same-subnet shortcut, network ACL
//!    (egress), route;
//! 2. gateways in turn (`through.rs`), with what they rewrite;
//! 3. reaching an interface (`arrival.rs`): network ACL (ingress), security groups (ingress), destination check, delivery.
//!
//! It is the order in which AWS's Reachability Analyzer prints components:
//! <https://docs.aws.amazon.com/vpc/latest/reachability/how-reachability-analyzer-works.html>.
//! A stop does not end the walk: what stands behind it is judged as well, marked hypothetical. Only without a
//! next hop the leg ends, incomplete.

use std::net::IpAddr;

use smallvec::SmallVec;

use super::choices::Choices;
use super::gateway::Entering;
use super::geneve::Carried;
use super::sender::Sender;
use super::toward::Toward;
use super::{
    Arrival, Checkpoint, DecidedBy, Decision, Leg, Memory, Observe, Packet, Place, Stage, TrackedFlow,
};
use crate::model::{CustomerNetwork, Gateway, Index, Network, NetworkInterface, Tracking, Vpc};
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

    /// Whether the packet was stopped and nobody asks what it would have met.
    pub(super) fn is_over(&self) -> bool {
        self.leg.stopped_at.is_some() && self.observe.is_hasty()
    }

    pub(super) fn lost(&mut self) -> Next {
        let decided_by = DecidedBy::HopBudget;
        self.record(Stage::Route, Place::Internet, None, Direction::Egress, Decision::Unknown, decided_by);
        Next::End
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
