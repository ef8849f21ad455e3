//! VPC Lattice: what comes to a service from a client, and what a service sends.
//!
//! AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/how-it-works.html>; the security groups of clients, of the VPC's
//! association and of targets: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/security-groups.html>; network ACLs of the
//! subnets of clients and targets: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/network-acls.html>.
//! Groups and network ACLs of clients and targets are asked as for any packet; here stands what is between both. A service
//! takes connections itself, and opens others to targets: see `lattice_proxy.rs`.
//! Refuses: clients of VPCs that are not associated with a service network that has the service; those whom the groups of the
//! association do not admit; ports on which the service does not listen.
//! Not modelled: auth policies, endpoints of service networks, resource configurations; how long idle connections are kept.

use std::ops::ControlFlow;

use super::leg::{Next, Walker};
use super::sender::Sender;
use super::toward::Toward;
use super::{
    Arrival, DecidedBy, Decision, LatticeFact as Fact, LoadBalancerFact, Observe, Pin, Place, Stage,
    TrackedFlow,
};
use crate::model::{
    Gateway, Index, LatticeAccess, LatticeListener, LatticeProtocol, LatticeService, Network, Peer,
    SecurityGroup, Tracking, Vpc, lattice_block,
};
use crate::net::{Direction, Header, Protocol};

/// The listener that a packet is for.
pub(super) fn listener<'a>(
    service: &'a LatticeService,
    header: &Header,
) -> ControlFlow<LoadBalancerFact, &'a LatticeListener> {
    if !header.protocol.has_ports() {
        return ControlFlow::Break(LoadBalancerFact::Undocumented);
    }
    let Some(listeners) = &service.listeners else {
        return ControlFlow::Break(LoadBalancerFact::ListenersNotCollected);
    };
    let is_for = |listener: &&LatticeListener| {
        header.protocol == Protocol::TCP && Some(listener.port) == header.destination_port()
    };
    match listeners.iter().find(is_for) {
        Some(listener) => ControlFlow::Continue(listener),
        None => ControlFlow::Break(LoadBalancerFact::NoListener),
    }
}

/// Why it is not certain that a VPC may use a service; nothing where it is.
fn doubted(network: &Network, service: Index<Gateway>, vpc: Index<Vpc>) -> Option<Fact> {
    match network.gateways[service].lattice_service().map(|own| own.access_of(vpc)) {
        Some(LatticeAccess::By(..)) => None,
        Some(LatticeAccess::NotCollected) => Some(Fact::AssociationNotCollected(vpc)),
        Some(LatticeAccess::None) | None => Some(Fact::NotAssociated(vpc)),
    }
}

impl<O: Observe> Walker<'_, O> {
    /// The route to VPC Lattice, from a subnet of `vpc`, of a packet for one of its addresses: no table needs it.
    /// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/security-groups.html#managed-prefix-list>
    #[cold]
    pub(super) fn route_to_lattice(&self, vpc: Index<Vpc>) -> Option<(Decision, DecidedBy, Next)> {
        let destination = self.header.destination;
        lattice_block(destination)?;
        let found = self.network.lattice_service_at(destination);
        let (fact, next) = match found {
            Some((service, _)) => (Fact::Routed(service), Next::Lattice(service, vpc)),
            None if self.network.was_of_lattice(destination) => (Fact::ServiceDeleted, Next::End),
            None => (Fact::NoServiceKnown, Next::End),
        };
        Some((fact.decision(), DecidedBy::Lattice(fact), next))
    }

    /// A packet from `vpc` at a service: a client's, or the answer of a target.
    pub(super) fn at_lattice(&mut self, index: Index<Gateway>, vpc: Index<Vpc>) -> Next {
        let network = self.network;
        let Some(service) = network.gateways[index].lattice_service() else { return Next::End };
        let (place, direction) = (Place::Gateway(index), Direction::Ingress);
        if self.memory.answered_pins(&self.header).any(|pin| pin.gateway == index) {
            self.lattice_decides(index, direction, Fact::AnsweredByTarget);
            return self.end_at(Arrival::Service(index));
        }
        let (position, association) = match service.access_of(vpc) {
            LatticeAccess::By(position, association) => (position, association),
            LatticeAccess::NotCollected => {
                self.lattice_decides(index, direction, Fact::AssociationNotCollected(vpc));
                return Next::End;
            }
            LatticeAccess::None => {
                self.lattice_decides(index, direction, Fact::NotAssociated(vpc));
                return Next::End;
            }
        };
        if self.memory.flow_of(place, direction, &self.header).is_some() {
            self.lattice_decides(index, direction, Fact::Taken);
            return self.end_at(Arrival::Service(index));
        }
        self.lattice_decides(index, direction, Fact::Associated(position));
        if association.security_groups.as_ref().is_none_or(|groups| !groups.is_empty()) {
            let (decision, by) = match &association.security_groups {
                Some(groups) => self.judged_by_association(position, groups),
                None => {
                    let fact = Fact::GroupsNotCollected(position);
                    (fact.decision(), DecidedBy::Lattice(fact))
                }
            };
            self.record(Stage::VpcLattice, place, None, direction, decision, by);
            if self.is_over() {
                return Next::End;
            }
        }
        let fact = match listener(service, &self.header) {
            ControlFlow::Continue(listener) if listener.protocol == LatticeProtocol::TlsPassthrough => {
                DecidedBy::Lattice(Fact::PassesThrough)
            }
            ControlFlow::Continue(_) => DecidedBy::LoadBalancer(LoadBalancerFact::Terminates),
            ControlFlow::Break(fact) => {
                let by = DecidedBy::LoadBalancer(fact);
                self.record(Stage::VpcLattice, place, None, direction, fact.decision(), by);
                return Next::End;
            }
        };
        self.record(Stage::VpcLattice, place, None, direction, Decision::Pass, fact);
        self.remember(TrackedFlow { place, direction, header: self.header, tracking: Tracking::Tracked });
        if let Some(interface) = self.left {
            self.leg.remembers.pin(Pin {
                gateway: index,
                header: self.header,
                interface,
                is_forgotten: false,
            });
        }
        self.end_at(Arrival::Service(index))
    }

    /// What the groups of an association say of a client: it is known by its private address and by its own groups.
    /// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/security-groups.html#security-group-rules>
    fn judged_by_association(
        &self,
        association: usize,
        groups: &[Index<SecurityGroup>],
    ) -> (Decision, DecidedBy) {
        let network = self.network;
        let client = match self.sender {
            Sender::Known(card, _) => Some(card),
            Sender::Outside | Sender::Doubtful(_) | Sender::Lost => None,
        };
        let is_member =
            |group| client.is_some_and(|card| network.card(card).security_groups.contains(&group));
        let mut doubt = None;
        for group in groups {
            let own = &network.security_groups[*group];
            if !own.known.ingress {
                doubt = doubt.or(Some(DecidedBy::GroupNotCollected(*group)));
            }
            for (position, rule) in own.rules.ingress.iter().enumerate() {
                let by = DecidedBy::SecurityGroupRule { group: *group, rule: position };
                if rule.admits(&self.header, is_member) {
                    return (Decision::Allow, by);
                }
                if rule.peer == Peer::Unlisted && rule.may_admit(&self.header) {
                    doubt = doubt.or(Some(DecidedBy::UnlistedRule { group: *group, rule: position }));
                }
            }
        }
        let refused = Fact::Refused(association);
        doubt.map_or((refused.decision(), DecidedBy::Lattice(refused)), |doubt| (Decision::Unknown, doubt))
    }

    /// What a service sends: an answer to a client, or what is for a target, whose groups do not know the client.
    /// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/security-groups.html#security-group-rules>
    pub(super) fn leave_lattice(&mut self, index: Index<Gateway>) -> Next {
        let network = self.network;
        self.sender = Sender::Lost;
        let client = self.memory.answered_pins(&self.header).find(|pin| pin.gateway == index);
        let (fact, toward) = match client.map(|pin| network.vpc_of(pin.interface)) {
            Some(vpc) => match doubted(network, index, vpc) {
                None => (Fact::AnswersClient, Some(vpc)),
                Some(doubt) => {
                    self.lattice_decides(index, Direction::Egress, doubt);
                    return Next::End;
                }
            },
            None => (Fact::SendsToTarget, self.vpc_of_target(index)),
        };
        self.lattice_decides(index, Direction::Egress, fact);
        match toward {
            Some(vpc) => Next::Router(vpc),
            None => {
                self.lattice_decides(index, Direction::Egress, Fact::TargetNotPlaced);
                Next::End
            }
        }
    }

    /// The VPC of the target that a packet is for, of which the service remembers that it sent there.
    fn vpc_of_target(&mut self, index: Index<Gateway>) -> Option<Index<Vpc>> {
        let network = self.network;
        let destination = self.header.destination;
        let card = self.toward.map(Toward::interface);
        let Some(interface) = card else {
            let mut holders = network.vpcs.enumerate().filter(|(_, vpc)| vpc.contains(destination));
            let (vpc, _) = holders.next()?;
            return holders.next().is_none().then_some(vpc);
        };
        self.leg.remembers.pin(Pin { gateway: index, header: self.header, interface, is_forgotten: false });
        Some(network.vpc_of(interface))
    }

    fn lattice_decides(&mut self, index: Index<Gateway>, direction: Direction, fact: Fact) {
        let place = Place::Gateway(index);
        self.record(Stage::VpcLattice, place, None, direction, fact.decision(), DecidedBy::Lattice(fact));
    }
}
