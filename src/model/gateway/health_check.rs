//! Health checks: connections that nodes of load balancers and services of VPC Lattice open to targets, to see whether they
//! answer.
//! AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html>,
//! <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html>,
//! <https://docs.aws.amazon.com/vpc-lattice/latest/ug/target-group-health-checks.html>

use std::time::Duration;

use super::{Gateway, LatticeService, LoadBalancerType, Target, TargetGroup, TargetHealth, TargetType};
use crate::model::by_name::display_by_name;
use crate::model::{Exchange, Index, Network, NetworkInterface};

/// How the names of all checks begin.
pub const HEALTH_CHECK_OF: &str = "health check of ";

/// How the targets of a group are checked; what is not stated is as AWS has it by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HealthCheck {
    /// The protocol.
    pub protocol: Option<HealthCheckProtocol>,
    /// The port; `None` is `traffic-port`, at which each target gets traffic, and 80 of appliances.
    pub port: Option<u16>,
    /// From one check of a target to the next.
    pub interval: Option<Duration>,
    /// How long a node waits for the answer.
    pub timeout: Option<Duration>,
}

/// A protocol of health checks. Each is TCP; that of HTTP has a request and a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum HealthCheckProtocol {
    Http,
    Https,
    Tcp,
}

impl HealthCheckProtocol {
    /// All protocols and their names, as AWS writes them.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html>
    pub const NAMES: [(&'static str, Self); 3] =
        [("HTTP", Self::Http), ("HTTPS", Self::Https), ("TCP", Self::Tcp)];
}

display_by_name!(HealthCheckProtocol);

impl HealthCheck {
    /// From one check of a target to the next, `HealthCheckIntervalSeconds`.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/health-checks.html>
    pub fn interval_by(&self, kind: LoadBalancerType) -> Duration {
        let by_default = if kind == LoadBalancerType::Gateway { 10 } else { 30 };
        self.interval.unwrap_or(Duration::from_secs(by_default))
    }

    /// The port at which a target is asked that gets traffic at `traffic_port`. That of GENEVE answers nothing.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/health-checks.html>
    pub fn port_by(&self, kind: LoadBalancerType, traffic_port: u16) -> u16 {
        let by_default = if kind == LoadBalancerType::Gateway { 80 } else { traffic_port };
        self.port.unwrap_or(by_default)
    }

    /// The protocol of checks by a load balancer of this type.
    pub fn protocol_by(&self, kind: LoadBalancerType) -> HealthCheckProtocol {
        let by_default = match kind {
            LoadBalancerType::Application => HealthCheckProtocol::Http,
            LoadBalancerType::Network | LoadBalancerType::Classic | LoadBalancerType::Gateway => {
                HealthCheckProtocol::Tcp
            }
        };
        self.protocol.unwrap_or(by_default)
    }

    /// What a node sends: a TCP check is a handshake and a close, others have a request.
    pub fn exchange_by(&self, kind: LoadBalancerType) -> Exchange {
        let protocol = self.protocol_by(kind);
        let by_default = match (kind, protocol) {
            (LoadBalancerType::Application | LoadBalancerType::Classic | LoadBalancerType::Gateway, _) => 5,
            (LoadBalancerType::Network, HealthCheckProtocol::Http) => 6,
            (LoadBalancerType::Network, HealthCheckProtocol::Https | HealthCheckProtocol::Tcp) => 10,
        };
        let bytes = (protocol == HealthCheckProtocol::Tcp).then_some(0);
        Exchange {
            request_bytes: bytes,
            response_bytes: bytes,
            timeout: self.timeout.unwrap_or(Duration::from_secs(by_default)),
            ..Exchange::default()
        }
    }
}

/// Who checks the health of targets.
#[derive(Debug, Clone, Copy)]
pub enum Checker<'n> {
    /// A node of a load balancer of this type.
    Node(LoadBalancerType, Index<NetworkInterface>),
    /// A service of VPC Lattice, from its address: it checks each target.
    /// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/network-acls.html>
    Service(&'n Gateway, &'n LatticeService),
}

impl Checker<'_> {
    /// The type of load balancers whose defaults its checks have: VPC Lattice has those of an Application Load Balancer.
    /// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_HealthCheckConfig.html>
    pub const fn like(&self) -> LoadBalancerType {
        match self {
            Self::Node(kind, _) => *kind,
            Self::Service(..) => LoadBalancerType::Application,
        }
    }
}

/// One check of a target: who asks whom, and where.
#[derive(Debug, Clone, Copy)]
pub struct Checked<'n> {
    /// Who checks.
    pub by: Checker<'n>,
    /// The group, and how it is checked.
    pub group: &'n TargetGroup,
    /// How.
    pub check: HealthCheck,
    /// The target.
    pub target: &'n Target,
}

impl Checked<'_> {
    /// From one check to the next.
    pub fn interval(&self) -> Duration {
        self.check.interval_by(self.by.like())
    }

    /// The port that is asked.
    pub fn port(&self) -> u16 {
        self.check.port_by(self.by.like(), self.target.port)
    }
}

impl Network {
    /// Who checks the health of whom, of groups that say so and to which a listener sends: each node checks the targets that
    /// it can send to, each service of VPC Lattice all. Assumed: health-checks.
    pub fn health_checks(&self) -> Vec<Checked<'_>> {
        let mut all = Vec::new();
        for gateway in &self.gateways {
            if let Some(load_balancer) = gateway.load_balancer() {
                let listeners = load_balancer.listeners.iter().flatten();
                let named = listeners.flat_map(|own| &own.rules).flat_map(|rule| &rule.target_groups);
                for (group, check) in self.checked_groups(named) {
                    for node in load_balancer.nodes.iter().copied() {
                        let by = Checker::Node(load_balancer.kind, node);
                        let targets = self.targets_in_reach(load_balancer, node, group);
                        all.extend(checked(by, group, check, targets));
                    }
                }
            } else if let Some(service) = gateway.lattice_service() {
                let listeners = service.listeners.iter().flatten();
                let named = listeners.flat_map(|own| &own.rules).flatten();
                for (group, check) in self.checked_groups(named) {
                    let by = Checker::Service(gateway, service);
                    // AWS: those of Application Load Balancers and of functions are not checked.
                    let is_checked = !matches!(group.target_type, TargetType::Alb | TargetType::Lambda);
                    let targets = group.targets.iter().flatten().filter(|_| is_checked);
                    all.extend(checked(by, group, check, targets));
                }
            }
        }
        all
    }

    /// Those of `named` of which it is said how their targets are checked, each once.
    fn checked_groups<'n>(
        &'n self,
        named: impl Iterator<Item = &'n Index<TargetGroup>>,
    ) -> impl Iterator<Item = (&'n TargetGroup, HealthCheck)> {
        let mut groups: Vec<_> = named.copied().collect();
        groups.sort_unstable();
        groups.dedup();
        let checked = |group| Some((&self.target_groups[group], self.target_groups[group].health_check?));
        groups.into_iter().filter_map(checked)
    }
}

/// The checks of `targets`, but for those that are not used.
fn checked<'n>(
    by: Checker<'n>,
    group: &'n TargetGroup,
    check: HealthCheck,
    targets: impl IntoIterator<Item = &'n Target>,
) -> impl Iterator<Item = Checked<'n>> {
    let targets = targets.into_iter().filter(|target| target.health != TargetHealth::Unused);
    targets.map(move |target| Checked { by, group, check, target })
}
