//! Load balancers: their nodes and listeners, and what AWS refuses of them.

use super::Resolver;
use crate::diagnostic::{Located, problems};
use crate::model::inventory;
use crate::model::{
    GENEVE_PORT, Gateway, Index, InterfaceEndpoint, ListenerProtocol, ListenerRule, LoadBalancer,
    LoadBalancerListener, LoadBalancerType, Network, NetworkInterface,
};
use crate::net::Protocol;

impl Resolver<'_, '_> {
    /// What a load balancer has of its own, and its nodes.
    pub(super) fn load_balancer(
        &mut self,
        of: Index<Gateway>,
        read: &inventory::LoadBalancer,
        nodes: Vec<Index<NetworkInterface>>,
        network: &Network,
    ) -> LoadBalancer {
        self.check_one_in_each_zone(of, "a load balancer", &nodes, network);
        self.check_nodes(of, read, &nodes, network);
        let listeners = read
            .listeners
            .as_ref()
            .map(|all| all.iter().map(|listener| self.listener(of, read.kind, listener, network)).collect());
        LoadBalancer {
            kind: read.kind,
            is_internet_facing: read.is_internet_facing,
            // What a group says goes first, and only its attributes say that it leaves it to the load balancer.
            cross_zone: Some(read.cross_zone.unwrap_or(read.kind.cross_zone_by_default()))
                .filter(|_| !self.observed),
            judges_private_link: read.judges_private_link.unwrap_or(true),
            endpoint_service: self.endpoint_service(of, read, network),
            dns_name: read.dns_name.clone(),
            nodes,
            listeners,
        }
    }

    /// AWS's whole name of the endpoint service that a load balancer offers. Only Network and Gateway Load Balancers do.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html>
    fn endpoint_service(
        &mut self,
        of: Index<Gateway>,
        read: &inventory::LoadBalancer,
        network: &Network,
    ) -> Option<String> {
        let Located { value: name, origin } = read.endpoint_service.as_ref()?;
        let gateway = &network.gateways[of];
        if !read.kind.offers_services() && !self.observed {
            let message = format!(
                "`{}` is no Network or Gateway Load Balancer, and offers no endpoint service",
                gateway.identity.name
            );
            let help = "put a Network Load Balancer before it, which has it as its target";
            self.problems.push(problems::mismatch(*origin, message, help));
        }
        if !name.starts_with("vpce-svc-") && !InterfaceEndpoint::is_whole_name(name) && !self.observed {
            let message = format!("`{name}` is no name of an endpoint service");
            let help =
                "give the id that AWS gave it, `vpce-svc-…`, and the same as `service` of its endpoints";
            self.problems.push(problems::invalid_value(*origin, message, help));
        }
        let region = gateway.vpc.map_or("", |vpc| network.vpcs[vpc].region.as_str());
        Some(InterfaceEndpoint::whole_service_name(name, region))
    }

    /// An Application Load Balancer stands in two zones at least, and all but Network Load Balancers have groups.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer>
    fn check_nodes(
        &mut self,
        of: Index<Gateway>,
        read: &inventory::LoadBalancer,
        nodes: &[Index<NetworkInterface>],
        network: &Network,
    ) {
        let identity = &network.gateways[of].identity;
        if self.observed {
            return;
        }
        if nodes.is_empty() {
            let message = format!("`{}` has no subnets", identity.name);
            self.problems.push(problems::mismatch(
                identity.origin,
                message,
                "give it `subnets`, one of each zone",
            ));
        }
        for node in nodes.iter().filter(|_| !read.is_internet_facing) {
            let card = &network.network_interfaces[*node];
            if card.private_ip_addresses.iter().any(|own| own.public_ip.is_some()) {
                let message =
                    format!("node `{}` of internal `{}` has a public address", card.identity, identity.name);
                let help = "leave `public_ip` out, or say `scheme: internet-facing`";
                self.problems.push(problems::mismatch(card.identity.origin, message, help));
            }
            if card.security_groups.is_empty() && read.kind == LoadBalancerType::Application {
                let message = format!("`{}` has no security groups", identity.name);
                let help = "an Application Load Balancer has one at least; only Network Load Balancers can be without";
                self.problems.push(problems::mismatch(identity.origin, message, help));
                break;
            }
        }
        self.check_listeners(of, read, network);
        if read.kind == LoadBalancerType::Application && nodes.len() == 1 {
            let message = format!("`{}` has one subnet", identity.name);
            let help = "an Application Load Balancer has subnets in two Availability Zones or more";
            self.problems.push(problems::mismatch(identity.origin, message, help));
        }
        for node in nodes.iter().filter(|_| read.is_internet_facing) {
            let subnet = network.network_interfaces[*node].subnet;
            if !network.is_public(subnet) {
                let subnet = &network.subnets[subnet].identity;
                let message = format!(
                    "subnet `{subnet}` of internet-facing `{}` has no route to an internet gateway",
                    identity.name
                );
                let help = "its node there is not reached from the internet; add `0.0.0.0/0 -> IGW`, or say `scheme: internal`";
                self.problems.push(problems::no_effect(identity.origin, message, help));
            }
        }
    }

    /// What AWS refuses of several listeners, and of rules at load balancers that have none.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html>
    fn check_listeners(&mut self, of: Index<Gateway>, read: &inventory::LoadBalancer, network: &Network) {
        let name = &network.gateways[of].identity.name;
        let listeners = read.listeners.as_deref().unwrap_or_default();
        let is_other = |own: &&inventory::LoadBalancerListener| own.port != GENEVE_PORT;
        if read.kind == LoadBalancerType::Gateway
            && let Some(other) = listeners.iter().find(is_other)
        {
            let message = format!("`{name}` has a listener at port {}", other.port);
            let help = "a Gateway Load Balancer listens for all packets, and has one listener: `geneve 6081 -> GROUP`";
            self.problems.push(problems::mismatch(other.origin, message, help));
        }
        for listener in listeners.iter().filter(|_| read.kind == LoadBalancerType::Gateway) {
            let second = listener.rules.iter().flat_map(|rule| &rule.target_groups).nth(1);
            if let Some(second) = second {
                let message = format!("`{name}` sends to two target groups");
                let help = "a Gateway Load Balancer sends to one: put all appliances into it";
                self.problems.push(problems::mismatch(second.origin, message, help));
            }
        }
        let overlap = |one: &inventory::LoadBalancerListener, other: &inventory::LoadBalancerListener| {
            let carried = |protocol| one.protocol.carries(protocol) && other.protocol.carries(protocol);
            one.port == other.port && [Protocol::TCP, Protocol::UDP].into_iter().any(carried)
        };
        for (position, listener) in listeners.iter().enumerate() {
            let earlier = listeners.iter().take(position).find(|earlier| overlap(earlier, listener));
            if let Some(earlier) = earlier {
                let message = format!("`{name}` listens on port {} twice", listener.port);
                let help = "give one of the listeners another port";
                let problem = problems::mismatch(listener.origin, message, help);
                self.problems.push(problem.related(earlier.origin, "the other one"));
            }
            let has_rules = listener.rules.len() > 1;
            let answers = listener.rules.iter().any(|rule| rule.target_groups.is_empty());
            if read.kind != LoadBalancerType::Application && (has_rules || answers) {
                let what = if has_rules { "has rules" } else { "answers by itself" };
                let message = format!("a listener of `{name}` {what}");
                let help = "only Application Load Balancers read requests; name one target group";
                self.problems.push(problems::mismatch(listener.origin, message, help));
            }
            let groups = listener.rules.iter().flat_map(|rule| &rule.target_groups);
            for group in groups {
                let found = self.names.target_groups.get(&group.value);
                let Some(to) = found.and_then(|at| self.inventory.target_groups.get(at)) else { continue };
                // AWS: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
                let timeout = to.health_check.and_then(|check| check.timeout);
                if timeout.is_some_and(|timeout| timeout.as_secs() < 2) {
                    let message =
                        format!("`{name}` waits for health checks of `{}` for 1s", to.identity.name);
                    let help =
                        "load balancers wait for 2 to 120 seconds; services of VPC Lattice alone have less";
                    self.problems.push(problems::mismatch(to.identity.origin, message, help));
                }
                if !listener.protocol.sends_in(to.protocol) {
                    let message = format!(
                        "a listener of {} cannot send to `{}`, which is of {}",
                        listener.protocol, to.identity.name, to.protocol
                    );
                    let help = format!("give the group `protocol: {}`", listener.protocol.usual_target());
                    self.problems.push(problems::mismatch(group.origin, message, &help));
                }
            }
        }
    }

    fn listener(
        &mut self,
        of: Index<Gateway>,
        kind: LoadBalancerType,
        read: &inventory::LoadBalancerListener,
        network: &Network,
    ) -> LoadBalancerListener {
        if !read.protocol.is_of(kind) && !self.observed {
            let identity = &network.gateways[of].identity;
            let has = ListenerProtocol::NAMES.iter().filter(|(_, protocol)| protocol.is_of(kind));
            let has: Vec<&str> = has.map(|(name, _)| *name).collect();
            let message = format!("`{}` has no listeners of {}", identity.name, read.protocol);
            let help = format!("those of {} {} are {}", article(kind), kind.name(), has.join(", "));
            self.problems.push(problems::mismatch(read.origin, message, &help));
        }
        if read.tcp_idle_timeout.is_some()
            && !LoadBalancerListener::has_idle_timeout(read.protocol)
            && !self.observed
        {
            let message = format!("the idle time of listeners of {} cannot be changed", read.protocol);
            let help = "leave `tcp_idle_timeout` out: only those of TCP and GENEVE have one";
            self.problems.push(problems::mismatch(read.origin, message, help));
        }
        let rules = read.rules.iter().map(|rule| ListenerRule {
            source_ips: rule.source_ips.clone(),
            reads_request: rule.reads_request,
            target_groups: rule
                .target_groups
                .iter()
                .filter_map(|group| self.names.target_groups.find(group, self.problems).map(Index::new))
                .collect(),
        });
        LoadBalancerListener {
            protocol: read.protocol,
            port: read.port,
            rules: rules.collect(),
            tcp_idle_timeout: read.tcp_idle_timeout,
            is_idle_time_assumed: self.observed
                && read.tcp_idle_timeout.is_none()
                && LoadBalancerListener::has_idle_timeout(read.protocol)
                && kind.offers_services(),
        }
    }
}

pub(super) const fn article(kind: LoadBalancerType) -> &'static str {
    match kind {
        LoadBalancerType::Application => "an",
        LoadBalancerType::Network | LoadBalancerType::Classic | LoadBalancerType::Gateway => "a",
    }
}
