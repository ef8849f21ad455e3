//! Later packets of a connection that a service of VPC Lattice took: what it does with them may not be known any more.

use std::ops::ControlFlow;

use super::lattice::listener;
use super::{
    Arrival, Checkpoint, DecidedBy, LatticeFact as Fact, Leg, LoadBalancerFact, Memory, Place, Stage,
};
use crate::model::{Gateway, Index, LatticeAccess, LatticeService, LegKind, Network};
use crate::net::{Direction, Header};

/// Why it is not known what becomes of more packets like `header`, of a connection that came to `at`: an auth policy judges
/// each request, and what a service does with its connections when their listener is deleted AWS does not say.
/// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html#auth-policies-evaluation-logic>,
/// <https://docs.aws.amazon.com/vpc-lattice/latest/ug/delete-listener.html>
pub fn doubted(network: &Network, at: Arrival, header: &Header, memory: &Memory) -> Option<Fact> {
    let Arrival::Service(index) = at else { return None };
    let service = network.gateways[index].lattice_service()?;
    if matches!(listener(service, header), ControlFlow::Break(LoadBalancerFact::NoListener)) {
        return Some(Fact::ListenerDeleted);
    }
    policies(network, index, service, memory)
}

/// Whether an auth policy, of the service or of the service network by which the client came, may judge requests.
/// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html>
pub(super) fn policies(
    network: &Network,
    index: Index<Gateway>,
    service: &LatticeService,
    memory: &Memory,
) -> Option<Fact> {
    let pin = memory.pins().iter().find(|pin| pin.gateway == index);
    let by_network = pin.and_then(|pin| match service.access_of(network.vpc_of(pin.interface)) {
        LatticeAccess::By(_, own) => Some(own.requires_auth),
        LatticeAccess::NotCollected | LatticeAccess::None => None,
    });
    let told = [Some(service.requires_auth), by_network];
    if told.contains(&Some(Some(true))) {
        return Some(Fact::AuthPolicy);
    }
    told.contains(&Some(None)).then_some(Fact::AuthTypeNotCollected)
}

/// A packet of such a connection: a request comes to the service by `leg`, an answer would leave it as `header`.
pub fn in_doubt(fact: Fact, kind: LegKind, leg: Leg, (at, header): (Arrival, Header)) -> Leg {
    let Arrival::Service(index) = at else { return leg };
    let (header, direction) = match kind {
        LegKind::Forward => (header, Direction::Ingress),
        LegKind::Reverse => (header.reversed(), Direction::Egress),
    };
    let doubt = Checkpoint {
        stage: Stage::VpcLattice,
        place: Place::Gateway(index),
        interface: None,
        direction,
        header,
        decision: fact.decision(),
        decided_by: DecidedBy::Lattice(fact),
        hypothetical: false,
    };
    match kind {
        LegKind::Forward => {
            let unknown_at = leg.unknown_at.or(Some(leg.checkpoints.len()));
            let checkpoints = leg.checkpoints.into_iter().chain([doubt]).collect();
            Leg { checkpoints, unknown_at, ..leg }
        }
        LegKind::Reverse => Leg { checkpoints: vec![doubt], unknown_at: Some(0), ..Leg::default() },
    }
}
