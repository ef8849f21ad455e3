//! NAT gateways.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html>

use std::net::IpAddr;

use crate::model::{Index, NetworkInterface};

/// What a NAT gateway has beside the name.
#[derive(Debug, Clone, PartialEq)]
pub struct NatGateway {
    /// The interface in its subnet, which has its addresses: one private address for each that it translates to, with
    /// the Elastic IP of a public gateway.
    pub network_interface: Index<NetworkInterface>,
    /// Private addresses of the interface that no new connection is translated to: they failed, or are being given or
    /// taken away.
    /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGatewayAddress.html>,
    /// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateNatGatewayAddress.html>
    pub unused_private_ips: Vec<IpAddr>,
    /// Of a regional one the zones of its addresses, as far as they are known: what comes from a zone leaves by these.
    pub zones: Vec<(IpAddr, String)>,
    /// Whether it stands in no subnet but serves every zone of its VPC. What is its interface here AWS shows nobody: it
    /// has the public addresses themselves, and no network ACL before it.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html>
    pub is_regional: bool,
}
