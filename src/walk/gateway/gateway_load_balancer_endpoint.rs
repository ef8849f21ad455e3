//! Gateway Load Balancer endpoint: a hop to an inspection, from which packets return as they were and leave by the
//! routes of the endpoint's own subnet.
//!
//! AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-load-balancer-endpoints.html>; idle flows and packets of
//! unknown ones: <https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/gateway-load-balancers.html>
//! Rewrites nothing. Remembers every flow, and makes security groups track it. Has no security group; network ACLs judge
//! what comes to it and what leaves it even within one subnet. Security groups of the sender are not known behind it.
//! Refuses: TCP in the middle of a connection that it did not see begin; everything while it is not `available`.
//! What the appliances behind it do is stated with the endpoint, or unknown. Where the Gateway Load Balancer is known, packets
//! go by its appliances: see `geneve.rs`.

use super::{Behaviour, Context, Entering, Face, Forward, Onward, Step, network_firewall, unavailable};
use crate::model::{GatewayLoadBalancerEndpoint, Inspection, Tracking};
use crate::net::Protocol;
use crate::walk::{DecidedBy, InspectionFact, Place, Stage};

/// `traffic-path` of egress records from interfaces whose route leads to it: a resource with an interface in the VPC.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html>
pub(super) const TRAFFIC_PATH: u8 = 1;

pub(super) const fn fact(fact: InspectionFact) -> DecidedBy {
    DecidedBy::Inspection(fact)
}

/// AWS: the network ACL is asked even between it and hosts of its own subnet.
pub(super) fn face(context: &Context<'_>) -> Option<Face> {
    let own = context.network.gateways[context.gateway].gateway_load_balancer_endpoint()?;
    Some(Face { interface: own.network_interface, crosses_border: true })
}

/// The stage of its decisions: those of a firewall have one of their own.
pub(super) fn stage(behaviour: &Behaviour, inspection: &Inspection) -> Stage {
    match inspection {
        Inspection::NetworkFirewall(_) => Stage::NetworkFirewall,
        Inspection::NotStated | Inspection::Pass => behaviour.stage,
    }
}

pub(super) fn step(context: &Context<'_>, own: &GatewayLoadBalancerEndpoint) -> Step {
    let this = &context.network.gateways[context.gateway];
    if let Some(step) = unavailable(this.availability) {
        return step;
    }
    if matches!(context.entering, Entering::ToInterface { .. } | Entering::FromAttachment(_)) {
        return Step::Unknown(fact(InspectionFact::ForItself));
    }
    let known = context.memory.seen_at(Place::Gateway(context.gateway), &context.header);
    let is_midstream = known.is_none() && !context.opens && context.header.protocol == Protocol::TCP;
    match &own.inspection {
        Inspection::NetworkFirewall(firewall) => {
            network_firewall::step(context, own, firewall.policy.as_ref(), known.map(|flow| flow.tracking))
        }
        _ if is_midstream => Step::Drop(fact(InspectionFact::Midstream)),
        Inspection::Pass | Inspection::NotStated if is_balanced(context, own) => Step::Forward(Forward {
            header: context.header,
            onward: Onward::Appliances(own.network_interface),
            remembers: known.is_none().then_some(Tracking::Automatic),
            translates: None,
            decided_by: fact(InspectionFact::ToAppliances),
        }),
        Inspection::Pass => {
            let remembers = known.is_none().then_some(Tracking::Automatic);
            pass(context, own, remembers, InspectionFact::AppliancesPass)
        }
        Inspection::NotStated => Step::Unknown(fact(InspectionFact::AppliancesNotStated)),
    }
}

/// Whether the Gateway Load Balancer behind it is known.
fn is_balanced(context: &Context<'_>, own: &GatewayLoadBalancerEndpoint) -> bool {
    context.network.node_behind(context.gateway, own.network_interface).is_some()
}

/// The packet returns from the inspection, and the endpoint remembers a flow that is new to it.
pub(super) fn pass(
    context: &Context<'_>,
    own: &GatewayLoadBalancerEndpoint,
    remembers: Option<Tracking>,
    by: InspectionFact,
) -> Step {
    Step::Forward(Forward {
        header: context.header,
        onward: Onward::Interface(own.network_interface),
        remembers,
        translates: None,
        decided_by: fact(by),
    })
}
