//! AWS Network Firewall: what its policy makes of a packet that comes to one of its endpoints, which are Gateway Load
//! Balancer endpoints.
//!
//! AWS: <https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-policy-processing.html>; TCP in the
//! middle of a connection: <https://docs.aws.amazon.com/network-firewall/latest/developerguide/stream-exception-policy.html>;
//! both directions must come to one endpoint:
//! <https://docs.aws.amazon.com/network-firewall/latest/developerguide/asymmetric-routing.html>
//! Remembers flows at each endpoint by itself: `tracked` are those that the stateful engine passes by a rule, as a whole;
//! of `untracked` ones it judges every packet; of `automatic` ones it knows nothing, since stateless rules passed them.
//! Changed stateful rules are for new flows alone.
//! AWS: <https://docs.aws.amazon.com/network-firewall/latest/developerguide/rule-group-stateful-updating.html>
//! Not modelled: TLS inspection, what rules test beside the five-tuple, fragments, and the RST of `reject` as a packet.

use super::gateway_load_balancer_endpoint::{fact, pass};
use super::{Context, Step};
use crate::model::{
    FirewallPolicy, GatewayLoadBalancerEndpoint, Judgement, StatefulAction, StatelessAction,
    StreamExceptionPolicy, Tracking,
};
use crate::net::Protocol;
use crate::walk::{DecidedBy, InspectionFact as Fact};

/// `known` is what the endpoint remembers of the flow.
pub(super) fn step(
    context: &Context<'_>,
    own: &GatewayLoadBalancerEndpoint,
    policy: Option<&FirewallPolicy>,
    known: Option<Tracking>,
) -> Step {
    let Some(policy) = policy else { return Step::Unknown(fact(Fact::PolicyNotCollected)) };
    let is_tcp = context.header.protocol == Protocol::TCP;
    if known.is_none() && !context.opens && !is_tcp {
        return Step::Unknown(fact(Fact::BeginningUnseen));
    }
    match policy.stateless(&context.header) {
        Judgement::Doubtful(rule) => Step::Unknown(fact(Fact::DoubtfulStateless(rule))),
        Judgement::Certain(StatelessAction::Drop, by) => Step::Drop(fact(Fact::Stateless(by))),
        Judgement::Certain(StatelessAction::Pass, by) => match known {
            None if is_tcp && !context.opens => Step::Drop(fact(Fact::Midstream)),
            Some(Tracking::Tracked | Tracking::Untracked) if is_tcp => {
                Step::Unknown(fact(Fact::OneWayStateful))
            }
            Some(_) => pass(context, own, None, Fact::Stateless(by)),
            None => pass(context, own, Some(Tracking::Automatic), Fact::Stateless(by)),
        },
        Judgement::Certain(StatelessAction::Forward, _) => {
            let is_seen = matches!(known, Some(Tracking::Tracked | Tracking::Untracked));
            let is_midstream = is_tcp && !context.opens && !is_seen;
            match (known, policy.stream_exception_policy) {
                (Some(Tracking::Tracked), _) => pass(context, own, None, Fact::PassedFlow),
                (_, StreamExceptionPolicy::Continue) if is_midstream => {
                    Step::Unknown(fact(Fact::MidstreamContinues))
                }
                // AWS says neither what the engine makes of answers alone, nor that its stream exception policy is for them.
                _ if is_midstream && known.is_some() => Step::Unknown(fact(Fact::OneWayStateless)),
                _ if is_midstream => Step::Drop(fact(Fact::Midstream)),
                _ => stateful(context, own, policy, known),
            }
        }
    }
}

/// What the rules of the stateful engine make of a packet that opens a flow, or of a flow that no rule has passed.
fn stateful(
    context: &Context<'_>,
    own: &GatewayLoadBalancerEndpoint,
    policy: &FirewallPolicy,
    known: Option<Tracking>,
) -> Step {
    match policy.stateful(&context.header) {
        Judgement::Doubtful(rule) => Step::Unknown(fact(Fact::DoubtfulStateful(rule))),
        Judgement::Certain(None, _) => Step::Unknown(fact(Fact::DropEstablished)),
        Judgement::Certain(Some(StatefulAction::Drop | StatefulAction::Reject), by) => {
            Step::Drop(fact(Fact::Stateful(by)))
        }
        // A rule passes the whole flow, whichever packet of it matches.
        Judgement::Certain(Some(_), by) => {
            let whole = if by.is_some() { Tracking::Tracked } else { Tracking::Untracked };
            pass(context, own, known.is_none().then_some(whole), Fact::Stateful(by))
        }
    }
}

/// Whether the firewall answers with RST what `decided_by` drops.
pub(in crate::walk) fn resets(policy: &FirewallPolicy, decided_by: DecidedBy) -> bool {
    match decided_by {
        DecidedBy::Inspection(Fact::Stateful(Some(rule))) => {
            policy.stateful_rules.get(rule).is_some_and(|rule| rule.action == Some(StatefulAction::Reject))
        }
        DecidedBy::Inspection(Fact::Midstream) => {
            policy.stream_exception_policy == StreamExceptionPolicy::Reject
        }
        _ => false,
    }
}
