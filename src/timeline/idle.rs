//! How long what is remembered outlives the last packet.
//!
//! | what | idle time |
//! |---|---|
//! | TCP at an interface | what its connection tracking configuration says, or 350 s on Nitro v6, else 5 days |
//! | UDP, one way or one request and reply | the same, or 30 s |
//! | UDP, more requests and replies | the same, or 180 s |
//! | ICMP and other protocols | 600 s |
//! | a NAT gateway's translation, an interface endpoint's | 350 s |
//! | a Network Load Balancer's flow | TCP what its listener says, or 350 s, UDP 120 s |
//! | TCP at a Gateway Load Balancer endpoint | what the listener behind it says, or 350 s |
//! | TCP at an endpoint of a network firewall | what its policy says, or 350 s |
//! | anything else there | 120 s |
//!
//! AWS: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html#connection-tracking-timeouts>
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html#nat-gateway-troubleshooting-timeout>
//! AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html#connection-idle-timeout>
//! AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html>
//! AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/gateway-load-balancers.html>, idle timeout
//! AWS: <https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_FlowTimeouts.html>

use std::time::Duration;

use crate::model::{ConnectionTracking, Gateway, Index, Network};
use crate::net::{Header, Protocol};
use crate::walk::{Place, TrackedFlow, Translation};

/// Milliseconds for which a gateway remembers a connection that is idle.
const TRANSLATION: u64 = 350_000;

/// Milliseconds for which a Network Load Balancer remembers a flow of UDP that is idle.
const BALANCED_UDP: u64 = 120_000;

/// Milliseconds for which other protocols than TCP and UDP are remembered. Of ICMP AWS does not say it: assumed, icmp-idle.
const OTHER: u64 = 600_000;

/// Milliseconds for which a Gateway Load Balancer remembers a flow, of TCP and of others.
const INSPECTED: [u64; 2] = [350_000, 120_000];

/// The shortest idle time that can be: packets that follow each other faster keep every memory.
pub(super) const SHORTEST: u64 = 30_000;

/// Milliseconds for which `flow` is remembered after its last packet. A `stream` has seen more than one request and one
/// reply.
pub(super) fn timeout(network: &Network, flow: &TrackedFlow, is_stream: bool) -> u64 {
    let tracking = match flow.place {
        Place::NetworkInterface(interface) => network.connection_tracking(interface),
        Place::Gateway(gateway) if network.gateways[gateway].gateway_load_balancer_endpoint().is_some() => {
            let [tcp, others] = INSPECTED;
            let policy = network.gateways[gateway].network_firewall().and_then(|own| own.policy.as_ref());
            let stated = policy
                .and_then(|own| own.tcp_idle_timeout)
                .or_else(|| of_appliances(network, gateway, &flow.header));
            let stated = stated.map(super::milliseconds);
            return if flow.header.protocol == Protocol::TCP { stated.unwrap_or(tcp) } else { others };
        }
        _ => ConnectionTracking::default(),
    };
    at_interface(&tracking, flow.header.protocol, is_stream)
}

/// Milliseconds for which an interface with `tracking` remembers a flow of `protocol` after its last packet.
pub(crate) fn at_interface(tracking: &ConnectionTracking, protocol: Protocol, is_stream: bool) -> u64 {
    let time = match protocol {
        Protocol::TCP => tracking.tcp_established,
        Protocol::UDP if is_stream => tracking.udp_stream,
        Protocol::UDP => tracking.udp,
        _ => return OTHER,
    };
    super::milliseconds(time)
}

/// Milliseconds for which `by` is remembered after its last packet; the hosts of NAT instances are not followed.
pub(super) fn translation_timeout(network: &Network, by: &Translation) -> Option<u64> {
    let Place::Gateway(gateway) = by.place else { return None };
    Some(match by.before.protocol {
        Protocol::UDP if network.gateways[gateway].load_balancer().is_some() => BALANCED_UDP,
        Protocol::TCP => {
            network.tcp_idle_timeout(gateway, &by.before).map_or(TRANSLATION, super::milliseconds)
        }
        _ => TRANSLATION,
    })
}

/// The idle time that is said of the Gateway Load Balancer behind an endpoint.
fn of_appliances(network: &Network, endpoint: Index<Gateway>, header: &Header) -> Option<Duration> {
    let own = network.gateways[endpoint].gateway_load_balancer_endpoint()?;
    let (gateway, _) = network.node_behind(endpoint, own.network_interface)?;
    network.tcp_idle_timeout(gateway, header)
}
