//! The way of a leg in one line, with the blockers marked. Request and reply are both drawn with the client on the left.

use flowcast::ConnectionReport;
use flowcast::diagnostic::escape;
use flowcast::model::{LegKind, Network};
use flowcast::walk::{
    Arrival, Blocker, Case, Checkpoint, DecidedBy, Decision, LoadBalancerFact, Place, Stage,
};

use crate::cli::output::{BAD, DIM, GOOD, OPEN, STRONG, paint};

/// `  reply    web < group < acl X[2] < route < acl X[1] < group < db   stops at [1]`.
pub(super) fn line(of: &ConnectionReport<'_>, case: &Case, kind: LegKind, blockers: &[Blocker]) -> String {
    let Some((_, leg)) = case.legs().find(|(leg, _)| *leg == kind) else { return String::new() };
    let [client, named] = of.connection.labels.each_ref().map(|label| escape(label));
    let server = passed_on(of.network, case).unwrap_or(named);
    let mut steps: Vec<String> = Vec::new();
    for (position, checkpoint) in leg.checkpoints.iter().enumerate() {
        let before = position.checked_sub(1).and_then(|position| leg.checkpoints.get(position));
        steps.extend(before.and_then(|before| crossing(of.network, before, checkpoint, kind)));
        steps.extend(step(of.network, checkpoint, kind, blockers));
    }
    let reached = leg.is_complete();
    let far = if reached { None } else { Some("?".to_owned()) };
    let (name, arrow) = match kind {
        LegKind::Forward => {
            steps.insert(0, client);
            steps.push(far.unwrap_or(server));
            ("request", " > ")
        }
        LegKind::Reverse => {
            steps.insert(0, server);
            steps.push(far.unwrap_or(client));
            steps.reverse();
            ("reply", " < ")
        }
    };
    // A reply to a request that does not arrive is only what would be.
    let real = kind == LegKind::Forward || case.forward.is_delivered();
    let end = match (leg.stopped_at, leg.unknown_at) {
        (Some(_), _) => {
            let mut checkpoints = leg.checkpoints.iter();
            let first = checkpoints.find_map(|checkpoint| blocker_number(blockers, kind, checkpoint));
            let at = first.map(|number| format!(" at [{number}]")).unwrap_or_default();
            paint(BAD, format!("{}{at}", if real { "stops" } else { "would stop" }))
        }
        (None, Some(_)) => paint(OPEN, "unknown"),
        (None, None) if real => paint(GOOD, "delivered"),
        (None, None) => paint(DIM, "would be delivered"),
    };
    format!("  {}  {}   {end}", paint(STRONG, format!("{name:<7}")), steps.join(arrow))
}

/// To whom a load balancer passed the packet on.
fn passed_on(network: &Network, case: &Case) -> Option<String> {
    let Some((Arrival::Interface(card), _)) = case.forward.arrival else { return None };
    let is_passed_on = !case.forward.remembers.pins().is_empty();
    let is_target = network.load_balancer_of(card).is_none();
    (is_passed_on && is_target).then(|| network.interface_label(card).to_string())
}

/// Where the packet goes straight from one subnet into another: `public => private`, the client's side on the left.
fn crossing(network: &Network, before: &Checkpoint, after: &Checkpoint, kind: LegKind) -> Option<String> {
    let subnet = |checkpoint: &Checkpoint| Some(network.network_interfaces[checkpoint.interface?].subnet);
    let (from, to) = (subnet(before)?, subnet(after)?);
    let name = |subnet| &network.subnets[subnet].identity;
    (from != to).then(|| match kind {
        LegKind::Forward => paint(DIM, format!("{} => {}", name(from), name(to))),
        LegKind::Reverse => paint(DIM, format!("{} <= {}", name(to), name(from))),
    })
}

/// Position of a stop among the blockers, from 1.
pub(super) fn blocker_number(blockers: &[Blocker], kind: LegKind, checkpoint: &Checkpoint) -> Option<usize> {
    let same = |blocker: &Blocker| {
        let other = &blocker.checkpoint;
        blocker.leg == kind
            && other.stage == checkpoint.stage
            && other.place == checkpoint.place
            && other.decided_by == checkpoint.decided_by
    };
    checkpoint.decision.stops().then(|| blockers.iter().position(same)).flatten().map(|position| position + 1)
}

/// The word for a checkpoint; none for checks that are passed.
fn step(network: &Network, checkpoint: &Checkpoint, kind: LegKind, blockers: &[Blocker]) -> Option<String> {
    let routine = matches!(
        checkpoint.stage,
        Stage::SourceCheck | Stage::DestinationCheck | Stage::Delivery | Stage::Listener
    );
    // A load balancer that a connection ends at or begins with is named as that end.
    let is_end = matches!(
        checkpoint.decided_by,
        DecidedBy::LoadBalancer(LoadBalancerFact::Terminates | LoadBalancerFact::Returns)
    ) || checkpoint.stage == Stage::LoadBalancer && checkpoint.decided_by == DecidedBy::Leaves;
    // So is VPC Lattice, whatever it passes by.
    let is_appliance = matches!(checkpoint.decided_by, DecidedBy::Inspection(_));
    let is_passed = (routine && !is_appliance || is_end) && checkpoint.decision == Decision::Pass
        || checkpoint.stage == Stage::VpcLattice
            && matches!(checkpoint.decision, Decision::Pass | Decision::Allow);
    if is_passed {
        return None;
    }
    let word = match checkpoint.place {
        Place::Gateway(gateway) => network.gateways[gateway].identity.to_string(),
        Place::NetworkInterface(appliance) if is_appliance => network.interface_label(appliance).to_string(),
        _ => checkpoint.stage.entry().short.to_owned(),
    };
    Some(match (blocker_number(blockers, kind, checkpoint), checkpoint.decision) {
        (Some(number), _) => paint(BAD, format!("{word} X[{number}]")),
        (None, Decision::Unknown) => paint(OPEN, format!("{word} ?")),
        _ if checkpoint.hypothetical => paint(DIM, word),
        _ => word,
    })
}
