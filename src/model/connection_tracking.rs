//! How long an interface remembers flows that are idle.
//! AWS: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html#connection-tracking-timeouts>

use std::time::Duration;

use super::{Index, Network, NetworkInterface, is_nitro_v6};

/// Idle times of an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionTracking {
    /// Of TCP.
    pub tcp_established: Duration,
    /// Of UDP that went one way only, or of a single request and reply.
    pub udp: Duration,
    /// Of UDP with more requests and replies.
    pub udp_stream: Duration,
}

impl Default for ConnectionTracking {
    fn default() -> Self {
        Self {
            tcp_established: Duration::from_secs(432_000),
            udp: Duration::from_secs(30),
            udp_stream: Duration::from_secs(180),
        }
    }
}

/// What is configured at an interface; the rest is as the instance type has it.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ConnectionTrackingConfiguration.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ConnectionTrackingConfiguration {
    /// Of TCP, 60 s to 5 days.
    pub tcp_established: Option<Duration>,
    /// Of UDP one way, 30 s to 60 s.
    pub udp: Option<Duration>,
    /// Of UDP streams, 60 s to 180 s.
    pub udp_stream: Option<Duration>,
}

/// An idle time that can be configured.
#[derive(Debug)]
pub struct IdleTimeout {
    /// In scenarios.
    pub key: &'static str,
    /// In the API.
    pub name: &'static str,
    /// The least seconds that AWS accepts.
    pub least: u64,
    /// The most seconds.
    pub most: u64,
}

impl ConnectionTrackingConfiguration {
    /// Every idle time, in the order of its members.
    pub const TIMEOUTS: [IdleTimeout; 3] = [
        IdleTimeout { key: "tcp_established", name: "TcpEstablishedTimeout", least: 60, most: 432_000 },
        IdleTimeout { key: "udp", name: "UdpTimeout", least: 30, most: 60 },
        IdleTimeout { key: "udp_stream", name: "UdpStreamTimeout", least: 60, most: 180 },
    ];

    /// From the values of [`Self::TIMEOUTS`], in their order.
    pub const fn of([tcp_established, udp, udp_stream]: [Option<Duration>; 3]) -> Self {
        Self { tcp_established, udp, udp_stream }
    }

    /// The values of [`Self::TIMEOUTS`], in their order.
    pub const fn values(&self) -> [Option<Duration>; 3] {
        [self.tcp_established, self.udp, self.udp_stream]
    }
}

/// TCP on instances of the newest generation.
const NITRO_V6_TCP: Duration = Duration::from_secs(350);

impl Network {
    /// The idle times of `interface`.
    pub fn connection_tracking(&self, interface: Index<NetworkInterface>) -> ConnectionTracking {
        let own = self.network_interfaces[interface].connection_tracking;
        let usual = ConnectionTracking::default();
        let instance_type = self.instance_of(interface).and_then(|of| of.instance_type.as_deref());
        let tcp = if instance_type.is_some_and(is_nitro_v6) { NITRO_V6_TCP } else { usual.tcp_established };
        ConnectionTracking {
            tcp_established: own.tcp_established.unwrap_or(tcp),
            udp: own.udp.unwrap_or(usual.udp),
            udp_stream: own.udp_stream.unwrap_or(usual.udp_stream),
        }
    }
}
