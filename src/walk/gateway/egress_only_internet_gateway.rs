//! Egress-only internet gateway: IPv6 out of the VPC, and only answers in.
//!
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html>
//! Rewrites nothing. Remembers every flow that left through it, and makes security groups track it
//! automatically. Refuses: IPv4, what comes by a Gateway Load Balancer endpoint, and whatever was not initiated inside.
//! Not modelled: how long it remembers an idle flow.

use super::{Behaviour, Context, Entering, Forward, Onward, Step, no_face};
use crate::model::{GatewayKind, Tracking};
use crate::net::{Direction, Family, is_private};
use crate::walk::{DecidedBy, InspectionFact, Place, Stage};

pub(super) const BEHAVIOUR: Behaviour = Behaviour {
    kind: GatewayKind::EgressOnlyInternetGateway,
    stage: Stage::EgressOnlyInternetGateway,
    is_public: true,
    tracks_automatically: true,
    traffic_path: (Some(8), Some(2)),
    traffic_path_assumption: Some("eigw-traffic-path"),
    face: no_face,
    step,
};

fn step(context: &Context<'_>) -> Step {
    let Context { network, header, entering, memory, gateway, .. } = context;
    let forward = |onward, remembers| {
        Step::Forward(Forward {
            header: *header,
            onward,
            remembers,
            translates: None,
            decided_by: DecidedBy::Unchanged,
        })
    };
    match entering {
        _ if header.family() == Family::V4 => Step::Drop(DecidedBy::WrongFamily),
        Entering::FromSubnet(_) if is_private(header.destination) || is_private(header.source) => {
            Step::Drop(DecidedBy::PrivateAddress)
        }
        Entering::FromSubnet(subnet)
            if network.interface_at(network.subnets[*subnet].vpc, header.source).is_none() =>
        {
            Step::Drop(DecidedBy::SpoofedSource)
        }
        // AWS: https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html
        Entering::FromSubnet(_) if let Some(inspected) = inspected(context) => inspected,
        // It is stateful and lets nobody in; of an answer to what came in by another way AWS says nothing.
        Entering::FromSubnet(_) if memory.flows().iter().any(|flow| flow.header == header.reversed()) => {
            Step::Unknown(DecidedBy::UnseenFlow)
        }
        Entering::FromSubnet(_) => forward(Onward::Internet, Some(Tracking::Automatic)),
        Entering::FromInternet(vpc) => {
            match memory.answered_by(Place::Gateway(*gateway), Direction::Ingress, header) {
                Some(_) => forward(Onward::Router(*vpc), None),
                None => Step::Drop(DecidedBy::NotInitiatedInside),
            }
        }
        Entering::FromService(_)
        | Entering::FromCustomerNetwork(_)
        | Entering::FromAttachment(_)
        | Entering::ToInterface { .. } => Step::Unknown(DecidedBy::NotModelled), // it has none
    }
}

/// AWS: IPv6 that comes by a Gateway Load Balancer endpoint is dropped. Of the endpoints of Network Firewall, which are of
/// that type, AWS does not say it.
fn inspected(context: &Context<'_>) -> Option<Step> {
    let left = context.left.and_then(|left| context.network.network_interfaces[left].gateway)?;
    let endpoint = &context.network.gateways[left];
    endpoint.gateway_load_balancer_endpoint()?;
    let decided_by = DecidedBy::Inspection(InspectionFact::BeforeEgressOnly);
    Some(match endpoint.network_firewall() {
        None => Step::Drop(decided_by),
        Some(_) => Step::Unknown(decided_by),
    })
}
