//! Load balancers: their nodes, listeners and targets, and what AWS refuses of them.

use std::net::IpAddr;

use super::Resolver;
use super::names::nothing_called;
use crate::diagnostic::{Located, problems};
use crate::model::inventory::{self, Reference};
use crate::model::{
    GENEVE_PORT, Gateway, GatewayKind, HealthCheckProtocol, Index, InterfaceEndpoint, ListenerProtocol,
    ListenerRule, LoadBalancer, LoadBalancerListener, LoadBalancerType, Network, NetworkInterface, Target,
    TargetGroup, TargetType,
};
use crate::net::{Family, Protocol, is_private};

/// What a target can be, for messages.
const TARGETS: &str = "instance, network interface, load balancer, function or address";

/// What managed services call functions.
const FUNCTION: &str = "lambda";

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
        }
    }

    /// Instances are targets within the VPC of the load balancer alone; across VPCs AWS has targets by address.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html#registered-targets>,
    /// <https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/target-group-register-targets.html>
    pub(super) fn check_instances(&mut self, network: &Network) {
        for gateway in network.gateways.iter().filter(|_| !self.observed) {
            let Some((own, vpc)) = gateway.load_balancer().zip(gateway.vpc) else { continue };
            let rules = own.listeners.iter().flatten().flat_map(|listener| &listener.rules);
            for group in rules.flat_map(|rule| &rule.target_groups).map(|at| &network.target_groups[*at]) {
                let is_far =
                    |target: &&Target| target.interface.is_some_and(|card| network.vpc_of(card) != vpc);
                let by_instance = group.target_type == TargetType::Instance;
                let Some(far) = group.targets.iter().flatten().find(|target| by_instance && is_far(target))
                else {
                    continue;
                };
                let message = format!(
                    "target group `{}` has an instance of another VPC than `{}`: {}",
                    group.identity, gateway.identity, far.address
                );
                let help = "add `target_type: ip`: across VPCs targets are addresses";
                self.problems.push(problems::mismatch(group.identity.origin, message, help));
            }
        }
    }

    /// Every group of targets; load balancers are resolved before.
    pub(super) fn target_groups(&mut self, network: &mut Network) {
        for read in &self.inventory.target_groups {
            let calls = self.is_of_functions(read);
            let functions = if calls { self.functions(read, network) } else { 0 };
            let named = read.targets.as_ref().and_then(|targets| {
                if calls { Some(Vec::new()) } else { self.all_targets(read, targets, network) }
            });
            let of_type = |(kind, _): &(TargetType, Target)| *kind;
            let told = named.as_ref().and_then(|named| named.first().map(of_type));
            let function = calls.then_some(TargetType::Lambda);
            let target_type = read.target_type.or(function).or(told).unwrap_or(TargetType::Instance);
            if let Some((first, other)) =
                told.zip(named.iter().flatten().map(of_type).find(|kind| Some(*kind) != told))
                && !self.observed
            {
                let message =
                    format!("`{}` has targets of two types: {first} and {other}", read.identity.name);
                let help = "a target group has targets of one type";
                self.problems.push(problems::mismatch(read.identity.origin, message, help));
            }
            let is_udp = matches!(read.protocol, ListenerProtocol::Udp | ListenerProtocol::TcpUdp);
            if is_udp && read.preserve_client_ip == Some(false) && !self.observed {
                let message =
                    format!("`{}` preserves the address of the client all the same", read.identity.name);
                let help = "with UDP it cannot be disabled; leave `preserve_client_ip` out";
                self.problems.push(problems::no_effect(read.identity.origin, message, help));
            }
            let stated = read.target_type.filter(|stated| {
                *stated != TargetType::Ip && told.is_some_and(|told| told != *stated) && !self.observed
            });
            if let (Some(stated), Some(told)) = (stated, told) {
                self.of_other_type(read, stated, told);
            }
            self.check_health_check(read);
            self.check_appliances(read);
            let mut targets: Option<Vec<Target>> =
                named.map(|named| named.into_iter().map(|(_, target)| target).collect());
            // Which of them is next does not depend on the order in which they are written.
            if let Some(targets) = &mut targets {
                targets.sort_by_key(|target| (target.address, target.port));
            }
            network.target_groups.push(TargetGroup {
                identity: read.identity.clone(),
                protocol: read.protocol,
                preserve_client_ip: read
                    .preserve_client_ip
                    .or_else(|| (!self.observed).then_some(target_type != TargetType::Ip)),
                target_type,
                cross_zone: read.cross_zone,
                rebalances: read.rebalances,
                targets,
                health_check: read.health_check,
                functions,
            });
        }
    }

    /// Appliances are sent GENEVE at its port, over IPv4.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/target-groups.html>
    fn check_appliances(&mut self, group: &inventory::TargetGroup) {
        let name = &group.identity.name;
        if group.rebalances && group.protocol != ListenerProtocol::Geneve && !self.observed {
            let message = format!("`{name}` is of {}, and does not rebalance flows", group.protocol);
            let help = "leave `target_failover` out: only groups of GENEVE have it";
            self.problems.push(problems::mismatch(group.identity.origin, message, help));
        }
        if group.protocol != ListenerProtocol::Geneve || self.observed {
            return;
        }
        let ports = group.targets.iter().flatten().map(|target| target.port).chain([group.port]);
        if let Some(other) = ports.flatten().find(|port| *port != GENEVE_PORT) {
            let message = format!("`{name}` sends GENEVE to port {other}");
            let help = "appliances take it at port 6081 alone: leave `port` out";
            self.problems.push(problems::mismatch(group.identity.origin, message, help));
        }
        if matches!(group.target_type, Some(TargetType::Lambda | TargetType::Alb))
            || self.is_of_functions(group)
        {
            let message = format!("`{name}` is of GENEVE, and has other targets than appliances");
            let help = "appliances are instances, or addresses";
            self.problems.push(problems::mismatch(group.identity.origin, message, help));
        }
        let is_ipv6 = |target: &&inventory::Target| {
            target.id.value.parse::<IpAddr>().is_ok_and(|address| address.is_ipv6())
        };
        if let Some(target) = group.targets.iter().flatten().find(is_ipv6) {
            let message = format!("target {} of `{name}` is an IPv6 address", target.id.value);
            let help = "appliances are sent GENEVE over IPv4, whatever it carries: give the IPv4 address";
            self.problems.push(problems::mismatch(target.id.origin, message, help));
        }
        if group.preserve_client_ip.is_some() {
            let message = format!("`{name}` has `preserve_client_ip`, which a group of GENEVE has not");
            let help = "leave it out: packets come to appliances as they are";
            self.problems.push(problems::no_effect(group.identity.origin, message, help));
        }
    }

    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html>,
    /// `HealthCheckProtocol`.
    fn check_health_check(&mut self, group: &inventory::TargetGroup) {
        let is_http = matches!(group.protocol, ListenerProtocol::Http | ListenerProtocol::Https);
        let is_tcp = group.health_check.is_some_and(|check| check.protocol == Some(HealthCheckProtocol::Tcp));
        if is_http && is_tcp && !self.observed {
            let message = format!(
                "`{}` is of protocol {}, and its targets cannot be checked with TCP",
                group.identity.name, group.protocol
            );
            let help = "an Application Load Balancer checks with HTTP or HTTPS";
            self.problems.push(problems::mismatch(group.identity.origin, message, help));
        }
    }

    /// Whether the targets of a group are Lambda functions: it says so, or the first is one of the network's.
    fn is_of_functions(&self, group: &inventory::TargetGroup) -> bool {
        let first = || group.targets.as_ref().and_then(|targets| targets.first());
        match group.target_type {
            Some(stated) => stated == TargetType::Lambda,
            None => first().is_some_and(|target| {
                let mut services = self.inventory.managed_services.iter();
                let is_it = |own: &inventory::ManagedService| own.identity.is(&target.id.value);
                services.any(|own| own.kind.name == FUNCTION && is_it(own))
            }),
        }
    }

    /// How many functions of a group may be called. Each goes by its ARN or a name of its own: the load balancer calls it,
    /// whether it has interfaces or not. One is all that a group can have.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html>
    fn functions(&mut self, group: &inventory::TargetGroup, network: &Network) -> usize {
        let targets = group.targets.as_deref().unwrap_or_default();
        let written = if self.observed { &[][..] } else { targets };
        for target in written {
            let id = target.id.value.as_str();
            let other = if self.names.instances.get(id).is_some() {
                Some(TargetType::Instance)
            } else if id.parse::<IpAddr>().is_ok() || self.names.network_interfaces.get(id).is_some() {
                Some(TargetType::Ip)
            } else {
                let gateway = self.names.gateways.get(id).map(Index::new);
                gateway.and_then(|own| network.gateways[own].load_balancer()).map(|_| TargetType::Alb)
            };
            if let Some(other) = other {
                self.of_other_type(group, TargetType::Lambda, other);
            }
        }
        if let Some(second) = written.get(1) {
            let message = format!("`{}` has {} functions", group.identity.name, targets.len());
            let help = "a target group has one Lambda function: make a group for each";
            self.problems.push(problems::mismatch(second.id.origin, message, help));
        }
        targets.iter().filter(|target| target.health.takes_traffic()).count()
    }

    fn of_other_type(&mut self, group: &inventory::TargetGroup, stated: TargetType, told: TargetType) {
        let name = &group.identity.name;
        let message = format!("`{name}` is of type `{stated}`, and has targets of type `{told}`");
        let help = "leave `target_type` out, or name targets of that type";
        self.problems.push(problems::mismatch(group.identity.origin, message, help));
    }

    /// What all targets of a group stand for. Of what AWS answered, a target that was not collected may be sent to, so that
    /// nothing is known of the group: `None`.
    fn all_targets(
        &mut self,
        group: &inventory::TargetGroup,
        targets: &[inventory::Target],
        network: &Network,
    ) -> Option<Vec<(TargetType, Target)>> {
        let mut all = Vec::new();
        for target in targets {
            let named = self.named_targets(group, target, network);
            if named.is_empty() && self.observed && target.health.takes_traffic() {
                return None;
            }
            all.extend(named);
        }
        Some(all)
    }

    /// The addresses that a target stands for: one, or those of a load balancer's nodes.
    fn named_targets(
        &mut self,
        group: &inventory::TargetGroup,
        read: &inventory::Target,
        network: &Network,
    ) -> Vec<(TargetType, Target)> {
        let Some(port) = read.port.or(group.port) else {
            self.without_port(group, &read.id);
            return Vec::new();
        };
        let target = |interface, address| Target { interface, address, port, health: read.health };
        let Located { value: id, .. } = &read.id;
        if let Ok(address) = id.parse::<IpAddr>() {
            self.check_target_address(group, &read.id, address);
            let interface = network.interfaces_with(address).into_iter().next();
            return vec![(TargetType::Ip, target(interface, address))];
        }
        let address_of =
            |card: Index<NetworkInterface>| network.network_interfaces[card].primary_address(Family::V4);
        let by_interface = |card| address_of(card).map(|address| target(Some(card), address));
        if let Some(instance) = self.names.instances.get(id).map(Index::new) {
            let card = network.interfaces_of(instance).next();
            return card
                .and_then(by_interface)
                .map(|target| (TargetType::Instance, target))
                .into_iter()
                .collect();
        }
        if let Some(card) = self.names.network_interfaces.get(id).map(Index::new) {
            return by_interface(card).map(|target| (TargetType::Ip, target)).into_iter().collect();
        }
        let gateway = self.names.gateways.get(id).map(Index::new);
        if let Some(own) = gateway.and_then(|gateway| network.gateways[gateway].load_balancer()) {
            // AWS: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/application-load-balancer-target.html
            if own.kind != LoadBalancerType::Application && !self.observed {
                let message =
                    format!("`{id}` cannot be a target: it is {} {}", article(own.kind), own.kind.name());
                let help = "of load balancers only Application Load Balancers are targets, of a Network Load Balancer";
                self.problems.push(problems::mismatch(read.id.origin, message, help));
            }
            return own
                .nodes
                .iter()
                .filter_map(|node| Some((TargetType::Alb, by_interface(*node)?)))
                .collect();
        }
        self.unknown_target(&read.id);
        Vec::new()
    }

    /// Targets by address are private ones, of the VPC, of peers or on premises.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-type>
    fn check_target_address(&mut self, group: &inventory::TargetGroup, id: &Reference, address: IpAddr) {
        let is_told = group.protocol == ListenerProtocol::Geneve && address.is_ipv6();
        if self.observed || is_told || is_private(address) || self.inventory_has(address) {
            return;
        }
        let message = format!("target {address} of `{}` is a public address", group.identity.name);
        let help = "targets by address are of the VPC's blocks, 10.0.0.0/8, 100.64.0.0/10, 172.16.0.0/12 or 192.168.0.0/16";
        self.problems.push(problems::mismatch(id.origin, message, help));
    }

    fn inventory_has(&self, address: IpAddr) -> bool {
        self.inventory.vpcs.iter().flat_map(|vpc| &vpc.cidr_blocks).any(|block| block.value.contains(address))
    }

    fn without_port(&mut self, group: &inventory::TargetGroup, id: &Reference) {
        if !self.observed {
            let message = format!("a target of `{}` has no port", group.identity.name);
            let help = "give the group a `port`, or each of its targets";
            self.problems.push(problems::mismatch(id.origin, message, help));
        }
    }

    /// What AWS answered may name targets that were not collected, see [`Resolver::all_targets`].
    fn unknown_target(&mut self, id: &Reference) {
        if self.observed {
            return;
        }
        let names = &self.names;
        let functions = self.inventory.managed_services.iter().filter(|own| own.kind.name == FUNCTION);
        let is_one = |own: &&inventory::Gateway| own.kind == GatewayKind::LoadBalancer;
        let balancers = self.inventory.gateways.iter().filter(is_one).map(|own| &own.identity);
        let others = functions.map(|own| &own.identity).chain(balancers).map(|own| own.name.as_str());
        let known = names.instances.iter().chain(names.network_interfaces.iter()).chain(others);
        let problem = nothing_called(id, TARGETS, false, known);
        self.problems.push(problem);
    }
}

const fn article(kind: LoadBalancerType) -> &'static str {
    match kind {
        LoadBalancerType::Application => "an",
        LoadBalancerType::Network | LoadBalancerType::Classic | LoadBalancerType::Gateway => "a",
    }
}
