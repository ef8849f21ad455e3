//! Groups of targets: what each target stands for, and what AWS refuses of them.

use std::net::IpAddr;

use super::Resolver;
use super::load_balancers::article;
use super::names::nothing_called;
use crate::diagnostic::{Located, problems};
use crate::model::inventory::{self, Reference};
use crate::model::{
    GENEVE_PORT, GatewayKind, HealthCheckProtocol, Index, ListenerProtocol, LoadBalancerType, Network,
    NetworkInterface, Target, TargetGroup, TargetType,
};
use crate::net::{Family, is_private};

/// What a target can be, for messages.
const TARGETS: &str = "instance, network interface, load balancer, function or address";

/// What managed services call functions.
const FUNCTION: &str = "lambda";

impl Resolver<'_, '_> {
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
                is_listed: read.targets.is_some(),
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
