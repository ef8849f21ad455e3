//! Interface endpoint: a service behind interfaces in one's own subnets, by AWS PrivateLink.
//!
//! AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html>; what it refuses:
//! <https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html> (`VPCE_*`).
//! Its interfaces are reached as those of hosts are, by the rules of their subnets and of the endpoint's security groups;
//! this file says what happens behind these. Rewrites nothing that its VPC sees. Remembers every flow, and makes security
//! groups track it. Refuses: ping; everything while it is not `available`. Opens no connections.
//! Not modelled: what is behind it when some account offers the service and its load balancer is not in the network;
//! policies, which read requests and not packets; services of AWS that take UDP.

use super::doubted;
use crate::model::{Gateway, Index, InterfaceEndpoint, Network};
use crate::net::{Header, Protocol};
use crate::walk::{DecidedBy, Decision};

/// Whether an endpoint counts a request as encrypted: its port decides, nobody looks into packets.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html>
pub(in crate::walk) fn is_encrypted(header: &Header) -> bool {
    const HTTPS: u16 = 443;
    header.protocol == Protocol::TCP && header.destination_port() == Some(HTTPS)
}

/// What becomes of a packet at an interface of `endpoint`, behind its security groups. Of a service that some account offers
/// `is_known` says whether the load balancer behind it is in the network.
pub(in crate::walk) fn judge(
    network: &Network,
    endpoint: Index<Gateway>,
    header: &Header,
    is_known: bool,
) -> (Decision, DecidedBy) {
    let this = &network.gateways[endpoint];
    if let Some(doubt) = doubted(this.availability) {
        return doubt;
    }
    let is_of_aws = this.interface_endpoint().is_some_and(|own| InterfaceEndpoint::is_of_aws(&own.service));
    match header.protocol {
        Protocol::TCP | Protocol::UDP if is_known => (Decision::Pass, DecidedBy::ServiceBehind),
        Protocol::TCP if is_of_aws => (Decision::Pass, DecidedBy::ServiceBehind),
        Protocol::TCP | Protocol::UDP => (Decision::Unknown, DecidedBy::OnwardConnection),
        _ => (Decision::Drop, DecidedBy::ProtocolNotCarried),
    }
}
