//! Gateway endpoint: S3 or DynamoDB by a route to the service's prefix list, without an internet gateway.
//!
//! AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html>; what it refuses:
//! <https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html> (`VPCE_GATEWAY_*`).
//! Rewrites nothing: the service sees the private address. Remembers nothing; for DynamoDB it makes security groups
//! track what passes it. Refuses: other protocols than TCP and ICMP echo; sources that no interface of the VPC has, so
//! that peers and networks on premises cannot use it; everything while it is not `available`.
//! Gateway Load Balancer endpoints are of this kind as well, and have a file of their own.
//! Not modelled: endpoint policies, which read requests and not packets; the other types of VPC endpoints as targets of
//! routes.

use super::{
    Behaviour, Context, Entering, Forward, Onward, Step, gateway_load_balancer_endpoint, interface_endpoint,
    unavailable,
};
use crate::model::{EncryptionMode, GatewayForm, GatewayKind, Kind, Tracking};
use crate::net::{IcmpType, Payload, Protocol};
use crate::walk::{DecidedBy, ServiceFact, Stage};

pub(super) const BEHAVIOUR: Behaviour = Behaviour {
    kind: GatewayKind::VpcEndpoint,
    stage: Stage::VpcEndpoint,
    is_public: false,
    tracks_automatically: false,
    traffic_path: (Some(7), Some(2)),
    traffic_path_assumption: Some("nitro-traffic-path"),
    face: gateway_load_balancer_endpoint::face,
    step,
};

/// ICMP messages that pass: an echo request, and its answer.
const ECHO: [u8; 2] = [8, 0];

fn step(context: &Context<'_>) -> Step {
    let Context { network, gateway, entering, header, .. } = context;
    let this = &network.gateways[*gateway];
    if let Some(own) = this.gateway_load_balancer_endpoint() {
        return gateway_load_balancer_endpoint::step(context, own);
    }
    let GatewayForm::GatewayEndpoint(own) = &this.form else {
        return Step::Unknown(DecidedBy::NotModelled);
    };
    if let Some(step) = unavailable(this.availability) {
        return step;
    }
    let is_echo = matches!(header.payload, Payload::Icmp(IcmpType { kind, .. }) if ECHO.contains(&kind));
    if header.protocol != Protocol::TCP && !(header.protocol == Protocol::ICMP && is_echo) {
        return Step::Drop(DecidedBy::ProtocolNotCarried);
    }
    // Of endpoints alone AWS says that they refuse what is not encrypted, of which kinds it does not say.
    let is_enforced = |vpc| network.vpcs[vpc].encryption_controls == Some(EncryptionMode::Enforce);
    let is_request = matches!(entering, Entering::FromSubnet(_));
    if is_request && this.vpc.is_some_and(is_enforced) && !interface_endpoint::is_encrypted(header) {
        return Step::Unknown(DecidedBy::Service(ServiceFact::UnencryptedUndocumented));
    }
    // Nothing comes to it but from its VPC and its service.
    let Some(vpc) = entering.vpc(network) else { return Step::Unknown(DecidedBy::NotModelled) };
    let onward = match entering {
        Entering::FromSubnet(_) if network.interface_at(vpc, header.source).is_none() => {
            return if network.vpcs[vpc].has_collected(Kind::NetworkInterfaces) {
                Step::Drop(DecidedBy::SpoofedSource)
            } else {
                Step::Unknown(DecidedBy::NotCollected(Kind::NetworkInterfaces))
            };
        }
        Entering::FromSubnet(_) => Onward::Service,
        Entering::FromService(_) => Onward::Router(vpc),
        _ => return Step::Unknown(DecidedBy::NotModelled), // it has no such side
    };
    let is_new = matches!(entering, Entering::FromSubnet(_)) && own.tracks_automatically();
    Step::Forward(Forward {
        header: *header,
        onward,
        remembers: is_new.then_some(Tracking::Automatic),
        translates: None,
        decided_by: DecidedBy::Unchanged,
    })
}
