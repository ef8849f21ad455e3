//! Services of VPC Lattice: their listeners, who may use them, and what AWS refuses of them.

use super::Resolver;
use crate::diagnostic::problems;
use crate::model::inventory::{self, Reference};
use crate::model::network::Vpc;
use crate::model::{
    Gateway, GatewayForm, GatewayKind, HealthCheckProtocol, Index, Kind, LatticeAssociation, LatticeListener,
    LatticeProtocol, LatticeService, ListenerProtocol, Network, ServiceNetworkPart, TargetGroup, TargetType,
};

/// A VPC that is associated with a service network, and where it is said.
type Associated<'i> = (Index<Vpc>, &'i Reference, &'i inventory::ServiceNetwork);

impl Resolver<'_, '_> {
    /// What a service has of its own. Service networks say later who may use it.
    pub(super) fn lattice_service(
        &mut self,
        of: Index<Gateway>,
        read: &inventory::LatticeService,
        network: &Network,
    ) -> Option<LatticeService> {
        let identity = &network.gateways[of].identity;
        let is_free = |place: &u8| {
            !network.gateways.iter().filter_map(Gateway::lattice_service).any(|own| own.place == *place)
        };
        let Some(place) = LatticeService::places(&identity.id).find(is_free) else {
            let most = LatticeService::MOST;
            let message = format!("there are more than {most} services of VPC Lattice");
            let help =
                format!("flowcast tells {most} apart by their addresses: leave out those that nobody asks");
            self.problems.push(problems::mismatch(identity.origin, message, &help));
            return None;
        };
        let name = identity.name.clone();
        let listeners = read.listeners.as_ref();
        let listeners = listeners.map(|all| self.lattice_listeners(&name, all));
        Some(LatticeService {
            place,
            listeners,
            requires_auth: read.requires_auth,
            associations: Vec::new(),
            doubtful: Vec::new(),
            dns_name: read.dns_name.clone(),
        })
    }

    fn lattice_listeners(
        &mut self,
        service: &str,
        read: &[inventory::LatticeListener],
    ) -> Vec<LatticeListener> {
        let written = if self.observed { &[][..] } else { read };
        for (position, listener) in written.iter().enumerate() {
            if let Some(earlier) = written.iter().take(position).find(|earlier| earlier.port == listener.port)
            {
                let message = format!("`{service}` listens on port {} twice", listener.port);
                let problem =
                    problems::mismatch(listener.origin, message, "give one of the listeners another port");
                self.problems.push(problem.related(earlier.origin, "the other one"));
            }
            self.check_passthrough(service, listener);
            let groups = listener.rules.iter().flatten();
            groups.for_each(|group| self.check_lattice_target(service, listener.protocol, group));
        }
        let named = |listener: &inventory::LatticeListener, this: &mut Self| {
            let rules = listener.rules.iter().map(|groups| {
                let found = groups.iter().map(|group| this.names.target_groups.find(group, this.problems));
                found.flatten().map(Index::new).collect()
            });
            LatticeListener { protocol: listener.protocol, port: listener.port, rules: rules.collect() }
        };
        read.iter().map(|listener| named(listener, self)).collect()
    }

    /// AWS: a TLS listener has its default action alone, which forwards.
    /// <https://docs.aws.amazon.com/vpc-lattice/latest/ug/tls-listeners.html>
    fn check_passthrough(&mut self, service: &str, listener: &inventory::LatticeListener) {
        if listener.protocol != LatticeProtocol::TlsPassthrough {
            return;
        }
        let what = match listener.rules.as_slice() {
            [only] if !only.is_empty() => return,
            [_] => "answers by itself",
            _ => "has rules",
        };
        let message = format!("a listener of `{service}` for {} {what}", listener.protocol);
        let help = "it cannot read requests: name one target group, or use HTTPS";
        self.problems.push(problems::mismatch(listener.origin, message, help));
    }

    /// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/tls-listeners.html>,
    /// <https://docs.aws.amazon.com/vpc-lattice/latest/ug/target-groups.html>
    fn check_lattice_target(&mut self, service: &str, protocol: LatticeProtocol, group: &Reference) {
        let found = self.names.target_groups.get(&group.value);
        let Some(to) = found.and_then(|at| self.inventory.target_groups.get(at)) else { return };
        self.check_lattice_health_check(group, to);
        if protocol == LatticeProtocol::TlsPassthrough && to.target_type == Some(TargetType::Lambda) {
            let message = format!("a listener of `{service}` for {protocol} cannot send to a function");
            self.problems.push(problems::mismatch(group.origin, message, "use HTTPS"));
        } else if !protocol.sends_in(to.protocol) {
            let message = format!(
                "a listener of `{service}` for {protocol} cannot send to `{}`, which is of {}",
                to.identity.name, to.protocol
            );
            let usual = match protocol {
                LatticeProtocol::Http | LatticeProtocol::Https => ListenerProtocol::Http,
                LatticeProtocol::TlsPassthrough => ListenerProtocol::Tcp,
            };
            let help = format!("give the group `protocol: {usual}`");
            self.problems.push(problems::mismatch(group.origin, message, &help));
        }
    }

    /// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/target-group-health-checks.html>
    fn check_lattice_health_check(&mut self, group: &Reference, to: &inventory::TargetGroup) {
        let Some(check) = to.health_check.filter(|_| !self.observed) else { return };
        let name = &to.identity.name;
        let (what, help) = match (check.protocol, to.target_type) {
            (_, Some(TargetType::Lambda | TargetType::Alb)) => (
                "checks no functions and no load balancers",
                "leave `health_check` out: AWS does not use it there",
            ),
            (Some(HealthCheckProtocol::Tcp), _) => {
                ("checks with HTTP or HTTPS", "give the check another `protocol`")
            }
            _ => return,
        };
        let message = format!("the targets of `{name}` cannot be checked so: VPC Lattice {what}");
        self.problems.push(problems::mismatch(group.origin, message, help));
    }

    /// Notes at every service which VPCs may use it; services and groups are resolved before.
    pub(super) fn service_networks(&mut self, network: &mut Network) {
        let inventory = self.inventory;
        let mut associated: Vec<Associated<'_>> = Vec::new();
        for read in &inventory.service_networks {
            let mut associations = Vec::new();
            for own in &read.vpcs {
                // An answer may tell of VPCs that were not collected.
                let known = self.names.vpcs.get(&own.vpc.value);
                let found = if self.observed { known } else { self.names.vpcs.find(&own.vpc, self.problems) };
                let Some(vpc) = found.map(Index::new) else { continue };
                if let Some((_, first, other)) = associated.iter().find(|(known, ..)| *known == vpc) {
                    self.associated_twice(&own.vpc, first, other);
                    continue;
                }
                associated.push((vpc, &own.vpc, read));
                let security_groups = own.security_groups.as_ref();
                let security_groups = security_groups.map(|own| self.groups_named(own, vpc, network));
                associations.push(LatticeAssociation {
                    service_network: read.identity.clone(),
                    vpc,
                    security_groups,
                    requires_auth: read.requires_auth,
                });
            }
            for service in &read.services {
                self.associate_service(service, &associations, network);
            }
        }
        self.doubtful_access(&associated, network);
    }

    /// Notes at every service the VPCs that may be able to use it by associations that were not collected.
    fn doubtful_access(&self, associated: &[Associated<'_>], network: &mut Network) {
        let inventory = self.inventory;
        let lacks =
            |own: &inventory::ServiceNetwork, part: ServiceNetworkPart| own.not_collected.contains(&part);
        let is_unasked = |vpc: &inventory::Vpc| vpc.not_collected.contains(&Kind::ServiceNetworks);
        let is_whole = inventory.service_networks.iter().all(|own| own.not_collected.is_empty())
            && !inventory.vpcs.iter().any(is_unasked);
        if is_whole {
            return;
        }
        let all: Vec<_> = network.gateways.enumerate().map(|(index, _)| index).collect();
        for index in all {
            let Some(gateway) = network.gateways.get_mut(index) else { continue };
            let identity = &gateway.identity;
            let has =
                |own: &inventory::ServiceNetwork| own.services.iter().any(|one| identity.is(&one.value));
            let GatewayForm::LatticeService(service) = &mut gateway.form else { continue };
            for (vpc, _) in network.vpcs.enumerate() {
                if service.associations.iter().any(|own| own.vpc == vpc) {
                    continue;
                }
                // A VPC that is associated with one service network is so with no other.
                let may_use = match associated.iter().find(|(known, ..)| *known == vpc) {
                    Some((_, _, own)) => lacks(own, ServiceNetworkPart::Services),
                    None => {
                        let may_have = |own: &&inventory::ServiceNetwork| {
                            lacks(own, ServiceNetworkPart::Vpcs)
                                && (has(own) || lacks(own, ServiceNetworkPart::Services))
                        };
                        inventory.vpcs.get(vpc.position()).is_some_and(is_unasked)
                            || inventory.service_networks.iter().any(|own| may_have(&own))
                    }
                };
                service.doubtful.extend(may_use.then_some(vpc));
            }
        }
    }

    /// AWS: a VPC has an association with one service network alone.
    /// <https://docs.aws.amazon.com/vpc-lattice/latest/ug/service-networks.html>
    fn associated_twice(&mut self, vpc: &Reference, first: &Reference, with: &inventory::ServiceNetwork) {
        let message = format!("VPC `{}` is associated with `{}` already", vpc.value, with.identity.name);
        let help = "a VPC has one association with a service network; put the services into that network";
        let problem = problems::mismatch(vpc.origin, message, help);
        self.problems.push(problem.related(first.origin, "the other one"));
    }

    fn associate_service(
        &mut self,
        service: &Reference,
        associations: &[LatticeAssociation],
        network: &mut Network,
    ) {
        let Some(index) = self.names.gateways.find(service, self.problems).map(Index::new) else { return };
        let Some(gateway) = network.gateways.get_mut(index) else { return };
        if gateway.kind != GatewayKind::LatticeService {
            let message = format!("{} `{}` is no service of VPC Lattice", gateway.kind, service.value);
            let help = "write services under `vpc_lattice_services`";
            self.problems.push(problems::mismatch(service.origin, message, help));
        }
        let GatewayForm::LatticeService(own) = &mut gateway.form else { return };
        own.associations.extend_from_slice(associations);
    }

    /// Which of the targets of services of VPC Lattice is meant by an address that several VPCs have: target groups are
    /// resolved before.
    pub(super) fn check_lattice_targets(&mut self, network: &Network) {
        let services = network.gateways.iter().filter_map(Gateway::lattice_service);
        let rules = services.flat_map(|own| own.listeners.iter().flatten()).flat_map(|own| &own.rules);
        let mut groups: Vec<Index<TargetGroup>> = rules.flatten().copied().collect();
        groups.sort_unstable();
        groups.dedup();
        for group in groups {
            let Some(read) = self.inventory.target_groups.get(group.position()) else { continue };
            for id in read.targets.iter().flatten().map(|target| &target.id) {
                let Ok(address) = id.value.parse() else { continue };
                let holders = network.interfaces_with(address).len();
                if holders > 1 {
                    let message = format!("{holders} interfaces have the address {address}");
                    let help = "name the instance or the interface that is the target";
                    self.problems.push(problems::ambiguous_reference(id.origin, message, help));
                }
            }
        }
    }
}
