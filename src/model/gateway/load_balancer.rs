//! Load balancers: nodes in subnets, listeners, and the groups of targets behind them.
//! AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html>

use std::net::IpAddr;
use std::time::Duration;

use super::{Gateway, GatewayForm, HealthCheck, zone_of};
use crate::model::by_name::display_by_name;
use crate::model::{Identity, IdleTimeout, Index, Network, NetworkInterface};
use crate::net::{Cidr, Header, Protocol};

/// What a load balancer has beside the name.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadBalancer {
    /// Its type.
    pub kind: LoadBalancerType,
    /// Whether its DNS name stands for the public addresses of its nodes.
    pub is_internet_facing: bool,
    /// Whether a node sends to targets in other zones than its own, where a target group says nothing else; `None` when
    /// neither was collected.
    pub cross_zone: Option<bool>,
    /// Whether its security groups judge what comes by an endpoint service.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html>
    pub judges_private_link: bool,
    /// AWS's whole name of the endpoint service that it offers.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html>
    pub endpoint_service: Option<String>,
    /// Its DNS name, as far as it was told.
    pub dns_name: Option<String>,
    /// Its nodes, one in each zone that is enabled.
    pub nodes: Vec<Index<NetworkInterface>>,
    /// What it listens on; `None` when that was not collected.
    pub listeners: Option<Vec<LoadBalancerListener>>,
}

/// A type of load balancers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoadBalancerType {
    /// Application Load Balancer: reads requests, and sends them on in connections of its own.
    Application,
    /// Network Load Balancer: passes flows on.
    Network,
    /// Classic Load Balancer.
    Classic,
    /// Gateway Load Balancer: carries packets to appliances, and back.
    Gateway,
}

impl LoadBalancerType {
    /// All types and their names, as `LoadBalancer.Type` says them; AWS says `classic` nowhere.
    pub const NAMES: [(&'static str, Self); 4] = [
        ("application", Self::Application),
        ("network", Self::Network),
        ("gateway", Self::Gateway),
        ("classic", Self::Classic),
    ];

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Application => "Application Load Balancer",
            Self::Network => "Network Load Balancer",
            Self::Classic => "Classic Load Balancer",
            Self::Gateway => "Gateway Load Balancer",
        }
    }

    /// Whether its nodes send to targets in every enabled zone unless somebody says otherwise.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html#cross-zone-load-balancing>
    pub const fn cross_zone_by_default(self) -> bool {
        matches!(self, Self::Application)
    }

    /// `InterfaceType` of its nodes.
    pub const fn interface_type(self) -> &'static str {
        match self {
            Self::Application | Self::Classic => "interface",
            Self::Network => "network_load_balancer",
            Self::Gateway => "gateway_load_balancer",
        }
    }

    /// Whether its nodes may be without security groups: those of a Gateway Load Balancer always are.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html>
    pub const fn may_lack_groups(self) -> bool {
        matches!(self, Self::Network | Self::Gateway)
    }

    /// Whether an endpoint service can be offered with it.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html>,
    /// <https://docs.aws.amazon.com/vpc/latest/privatelink/create-gateway-load-balancer-endpoint-service.html>
    pub const fn offers_services(self) -> bool {
        matches!(self, Self::Network | Self::Gateway)
    }
}

/// The port of GENEVE, at which appliances are sent packets.
/// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/target-groups.html#target-group-routing-configuration>
pub const GENEVE_PORT: u16 = 6081;

display_by_name!(LoadBalancerType, ListenerProtocol, TargetType, TargetHealth);

impl LoadBalancerListener {
    /// What AWS accepts as the idle time of TCP, of Network Load Balancers and of Gateway Load Balancers.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html>,
    /// <https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/gateway-load-balancers.html#idle-timeout>
    pub const TCP_IDLE: IdleTimeout =
        IdleTimeout { key: "tcp_idle_timeout", name: "tcp.idle_timeout.seconds", least: 60, most: 6000 };

    /// The idle time where nobody changed it.
    /// AWS: as [`Self::TCP_IDLE`].
    pub const TCP_IDLE_BY_DEFAULT: Duration = Duration::from_secs(350);

    /// Whether its idle time can be said.
    pub const fn has_idle_timeout(protocol: ListenerProtocol) -> bool {
        matches!(protocol, ListenerProtocol::Tcp | ListenerProtocol::Geneve)
    }
}

/// Something a load balancer listens on.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadBalancerListener {
    /// The protocol.
    pub protocol: ListenerProtocol,
    /// The port.
    pub port: u16,
    /// Its rules in their order, the default action behind them; none where they were not collected.
    pub rules: Vec<ListenerRule>,
    /// How long TCP may be idle before its flow is forgotten; `None` leaves it to AWS.
    pub tcp_idle_timeout: Option<Duration>,
    /// Whether that was not collected, so that it may be another than AWS's own.
    pub is_idle_time_assumed: bool,
}

/// A protocol of listeners and target groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum ListenerProtocol {
    Http,
    Https,
    Tcp,
    Tls,
    Udp,
    TcpUdp,
    Ssl,
    Geneve,
}

impl ListenerProtocol {
    /// All protocols and their names, as AWS writes them.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Listener.html>
    pub const NAMES: [(&'static str, Self); 8] = [
        ("HTTP", Self::Http),
        ("HTTPS", Self::Https),
        ("TCP", Self::Tcp),
        ("TLS", Self::Tls),
        ("UDP", Self::Udp),
        ("TCP_UDP", Self::TcpUdp),
        ("SSL", Self::Ssl),
        ("GENEVE", Self::Geneve),
    ];

    /// Whether packets of `protocol` are for it.
    pub fn carries(self, protocol: Protocol) -> bool {
        match self {
            Self::Udp => protocol == Protocol::UDP,
            Self::TcpUdp => protocol == Protocol::UDP || protocol == Protocol::TCP,
            Self::Http | Self::Https | Self::Tcp | Self::Tls | Self::Ssl => protocol == Protocol::TCP,
            Self::Geneve => true,
        }
    }

    /// Whether a listener of it sends to target groups of `target`.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html#target-group-routing-configuration>
    pub const fn sends_in(self, target: Self) -> bool {
        match self {
            Self::Http | Self::Https => matches!(target, Self::Http | Self::Https),
            Self::Tcp => matches!(target, Self::Tcp | Self::TcpUdp),
            Self::Tls => matches!(target, Self::Tcp | Self::Tls),
            Self::Udp => matches!(target, Self::Udp | Self::TcpUdp),
            Self::TcpUdp => matches!(target, Self::TcpUdp),
            Self::Ssl => matches!(target, Self::Tcp | Self::Ssl),
            Self::Geneve => matches!(target, Self::Geneve),
        }
    }

    /// What target groups of a listener of it are usually of.
    #[must_use]
    pub const fn usual_target(self) -> Self {
        match self {
            Self::Http | Self::Https => Self::Http,
            Self::Tcp | Self::Tls | Self::Ssl => Self::Tcp,
            Self::Udp => Self::Udp,
            Self::TcpUdp => Self::TcpUdp,
            Self::Geneve => Self::Geneve,
        }
    }

    /// The types of load balancers that have such listeners.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html>
    pub const fn is_of(self, kind: LoadBalancerType) -> bool {
        match kind {
            LoadBalancerType::Application => matches!(self, Self::Http | Self::Https),
            LoadBalancerType::Network => matches!(self, Self::Tcp | Self::Tls | Self::Udp | Self::TcpUdp),
            LoadBalancerType::Classic => matches!(self, Self::Http | Self::Https | Self::Tcp | Self::Ssl),
            LoadBalancerType::Gateway => matches!(self, Self::Geneve),
        }
    }
}

/// A rule of a listener.
#[derive(Debug, Clone, PartialEq)]
pub struct ListenerRule {
    /// The blocks that the client's address must be in; all when there are none.
    pub source_ips: Vec<Cidr>,
    /// Whether it has conditions that read the request, so that it may apply or not.
    pub reads_request: bool,
    /// The groups to one of which it sends; none where the load balancer answers by itself.
    pub target_groups: Vec<Index<TargetGroup>>,
}

/// A group of targets.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetGroup {
    /// Name and id.
    pub identity: Identity,
    /// The protocol that targets are spoken to in.
    pub protocol: ListenerProtocol,
    /// Whether targets see the address of the client; `None` when that was not collected.
    pub preserve_client_ip: Option<bool>,
    /// What targets are named by.
    pub target_type: TargetType,
    /// Whether it has targets in every enabled zone be used from each; `None` leaves it to the load balancer.
    pub cross_zone: Option<bool>,
    /// Whether flows of appliances that are no targets any more, or not healthy, go on to others.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/edit-target-group-attributes.html#target-failover>
    pub rebalances: bool,
    /// Its targets, by address and port; `None` when they were not collected.
    pub targets: Option<Vec<Target>>,
    /// Whether it was told which they are, also where nobody collected what these are.
    pub is_listed: bool,
    /// How their health is checked, where such connections are simulated.
    pub health_check: Option<HealthCheck>,
    /// How many Lambda functions it has that may be called; they are no [`Self::targets`].
    pub functions: usize,
}

impl TargetGroup {
    /// What `target_failover` says, and whether flows go on to others then.
    pub const FAILOVERS: [(&'static str, bool); 2] = [("no_rebalance", false), ("rebalance", true)];

    /// Whether its targets see the address of the client of a Network Load Balancer; `None` when that was not collected.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation>
    pub fn preserves_client_ip(&self) -> Option<bool> {
        match self.protocol {
            // It cannot be disabled.
            ListenerProtocol::Udp | ListenerProtocol::TcpUdp => Some(true),
            ListenerProtocol::Geneve => Some(false), // packets are carried as a whole
            _ => self.preserve_client_ip,
        }
    }
}

/// What targets are named by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetType {
    /// Instances.
    Instance,
    /// Addresses.
    Ip,
    /// A Lambda function, which is called and not connected to.
    Lambda,
    /// An Application Load Balancer.
    Alb,
}

impl TargetType {
    /// All types and their names.
    pub const NAMES: [(&'static str, Self); 4] =
        [("instance", Self::Instance), ("ip", Self::Ip), ("lambda", Self::Lambda), ("alb", Self::Alb)];
}

/// A target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The interface, if it is one of the network's.
    pub interface: Option<Index<NetworkInterface>>,
    /// Its address.
    pub address: IpAddr,
    /// The port it is spoken to on.
    pub port: u16,
    /// Its health.
    pub health: TargetHealth,
}

/// Whether a target is sent requests, as health checks and registration decide it.
/// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetHealth {
    /// It is.
    Healthy,
    /// Health checks fail: it is where no other is healthy.
    Unhealthy,
    /// It takes no new connections: `draining`, `unused`.
    Unused,
    /// It takes none until it has passed health checks.
    Initial,
    /// Health was not collected.
    NotCollected,
}

impl TargetHealth {
    /// The states of AWS, and what they mean here.
    pub const NAMES: [(&'static str, Self); 8] = [
        ("healthy", Self::Healthy),
        ("unhealthy", Self::Unhealthy),
        ("unhealthy.draining", Self::Unhealthy),
        ("initial", Self::Initial),
        ("unused", Self::Unused),
        ("draining", Self::Unused),
        ("unavailable", Self::Healthy), // health checks are off
        ("unknown", Self::NotCollected),
    ];

    /// Whether it may be sent to.
    pub const fn takes_traffic(self) -> bool {
        !matches!(self, Self::Unused | Self::Initial)
    }
}

impl Gateway {
    /// The load balancer that it is.
    pub fn load_balancer(&self) -> Option<&LoadBalancer> {
        match &self.form {
            GatewayForm::LoadBalancer(own) => Some(own),
            _ => None,
        }
    }
}

impl Network {
    /// The load balancer that an interface is a node of.
    pub fn load_balancer_of(
        &self,
        interface: Index<NetworkInterface>,
    ) -> Option<(Index<Gateway>, &LoadBalancer)> {
        let gateway = self.network_interfaces[interface].gateway?;
        Some((gateway, self.gateways[gateway].load_balancer()?))
    }

    /// How long TCP as `header` may be idle at a gateway, as the listener that it is for says.
    pub fn tcp_idle_timeout(&self, gateway: Index<Gateway>, header: &Header) -> Option<Duration> {
        self.listener_for(gateway, header)?.tcp_idle_timeout
    }

    /// Whether a load balancer has a listener that passes TCP as `header` on to targets.
    pub fn passes_tcp_on(&self, gateway: Index<Gateway>, header: &Header) -> bool {
        self.listener_for(gateway, header).is_some_and(|own| own.protocol != ListenerProtocol::Tls)
    }

    /// The listener of a load balancer that is for what has `header`; that of a Gateway Load Balancer is for everything.
    fn listener_for(&self, gateway: Index<Gateway>, header: &Header) -> Option<&LoadBalancerListener> {
        let listeners = self.gateways[gateway].load_balancer()?.listeners.as_ref()?;
        let is_for = |own: &&LoadBalancerListener| {
            own.protocol == ListenerProtocol::Geneve
                || Some(own.port) == header.destination_port() && own.protocol.carries(header.protocol)
        };
        listeners.iter().find(is_for)
    }

    /// Whether nobody collected how long TCP as `header` may be idle at a gateway, or at the load balancer behind it.
    /// Assumed: listener-idle.
    pub fn assumes_idle_time(&self, gateway: Index<Gateway>, header: &Header) -> bool {
        let endpoint = self.gateways[gateway].gateway_load_balancer_endpoint();
        let behind = endpoint.and_then(|own| self.node_behind(gateway, own.network_interface));
        let gateway = behind.map_or(gateway, |(gateway, _)| gateway);
        self.listener_for(gateway, header).is_some_and(|own| own.is_idle_time_assumed)
    }

    /// The load balancer of this network that offers the service behind `interface` of an endpoint, and its node of the same
    /// zone.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html>
    pub fn node_behind(
        &self,
        endpoint: Index<Gateway>,
        interface: Index<NetworkInterface>,
    ) -> Option<(Index<Gateway>, Index<NetworkInterface>)> {
        let gateway = &self.gateways[endpoint];
        let (service, inspects) =
            match (gateway.interface_endpoint(), gateway.gateway_load_balancer_endpoint()) {
                (Some(own), _) => (&own.service, false),
                (None, own) => (own?.service.as_ref()?, true),
            };
        let offers = |own: &LoadBalancer| {
            own.endpoint_service.as_ref() == Some(service)
                && (own.kind == LoadBalancerType::Gateway) == inspects
        };
        let zone = zone_of(self, interface);
        let offering = self.gateways.enumerate().filter_map(|(index, gateway)| {
            gateway.load_balancer().filter(|own| offers(own)).map(|own| (index, own))
        });
        let mut nodes = offering.flat_map(|(index, own)| own.nodes.iter().map(move |node| (index, *node)));
        nodes.find(|(_, node)| zone_of(self, *node) == zone)
    }
}
