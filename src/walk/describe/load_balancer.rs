//! What load balancers decide by, in words.

use super::{Describe, Reason, fact};
use crate::model::{
    Gateway, Index, LatticeService, ListenerProtocol, LoadBalancerType, TargetGroup, TargetHealth, TargetType,
};
use crate::walk::{LoadBalancerFact as Fact, Place};

impl Describe<'_> {
    pub(super) fn balanced(&self, decided_by: Fact) -> Reason {
        let (kind, id) = kind_and_id(decided_by);
        let assumption = match decided_by {
            Fact::Terminates => Some("proxy-carries-same"),
            Fact::NoListener => Some("no-listener-silent"),
            Fact::Carries { .. } | Fact::CarriesOn => Some("geneve-datagrams"),
            Fact::Target { group, target } if self.is_elsewhere(group, target) => Some("target-zones"),
            _ => None,
        };
        Reason { assumption, ..fact(kind, id, self.owner(), self.balanced_text(decided_by)) }
    }

    fn balanced_text(&self, fact: Fact) -> String {
        let header = &self.checkpoint.header;
        match fact {
            Fact::Terminates => "takes the connection itself, and opens one to a target".to_owned(),
            Fact::AnswersItself => "answers by itself".to_owned(),
            Fact::Target { group, target } => self.target_text(group, target, ""),
            Fact::Carries { group, target } => self.target_text(group, target, " in GENEVE"),
            Fact::CarriesOn => {
                "sends to the appliance that had the flow from its beginning in GENEVE, though it is no target any more".to_owned()
            }
            Fact::GivesBack => "the packet is back, and goes on from the endpoint".to_owned(),
            Fact::ApplianceElsewhere => "its target stands outside of this network: how that returns packets is not simulated".to_owned(),
            Fact::CarriedRound => "the datagram is led to the endpoint of the packet that it carries: its way does not end".to_owned(),
            Fact::CarriedTwice => {
                "the datagram itself is led to an inspection, which is not simulated".to_owned()
            }
            Fact::Rebalanced(group) => format!(
                "{} gives flows of appliances that are no targets any more to others, and when it does is not fixed",
                self.group(group)
            ),
            Fact::ApplianceGone => "the appliance that had the flow from its beginning is no more".to_owned(),
            Fact::ByEndpoint => "offers the service of the endpoint; nothing between both is logged".to_owned(),
            Fact::Returns => "answers what it sent".to_owned(),
            Fact::Forgotten => "the flow was idle for too long, and is forgotten".to_owned(),
            Fact::NoListener if self.listeners().is_empty() => "has no listeners".to_owned(),
            Fact::NoListener => {
                let port = header.destination_port().map(|port| format!(" {port}")).unwrap_or_default();
                format!("listens not on {}{port}, but on {}", header.protocol, self.listeners())
            }
            Fact::Undocumented if self.is_gateway() => {
                "AWS does not say what a Gateway Load Balancer does with packets for itself".to_owned()
            }
            Fact::Undocumented => format!("AWS does not say what it does with {}", header.protocol),
            Fact::NodesNotCollected => "its state, or some of its nodes, were not collected".to_owned(),
            Fact::ListenersNotCollected => {
                "what it listens on, or by what rules it sends that on, was not collected".to_owned()
            }
            Fact::RulesNotCollected => "the rules by which it sends that on were not collected".to_owned(),
            Fact::NoTarget(group) if self.is_empty(group) => format!("{} has no targets", self.group(group)),
            Fact::NoTarget(group) if self.is_unused(group) => {
                format!("no target of {} takes new connections: they drain, begin or are not used", self.group(group))
            }
            Fact::NoTarget(group) => {
                let whence = if self.lattice_service().is_some() { "is healthy" } else { "can be sent to from this zone" };
                format!("no target of {} {whence}", self.group(group))
            }
            Fact::TargetsNotCollected(group) if self.is_of_unknown_instances(group) => {
                format!("instances that are targets of {} were not collected", self.group(group))
            }
            Fact::TargetsNotCollected(group) => {
                format!("the targets of {}, or their health, were not collected", self.group(group))
            }
            Fact::AttributesNotCollected(group) => {
                format!("the attributes of {} were not collected", self.without_attributes(group))
            }
            Fact::Hairpin => format!(
                "{} is the target as well: with its address preserved, its own packets would come back to it",
                header.source
            ),
            Fact::PreservationNotCarried => {
                "the address of the client is preserved within the VPC and to a peer of the Region alone, and not through an inspection"
                    .to_owned()
            }
            Fact::NoNodeAddress => "its node has no address of the family of the target".to_owned(),
            Fact::TargetGone => "its target is one no more, and how long the connection to it lives is not simulated".to_owned(),
            Fact::TooManyProxies => "its targets lead back to it, or to more proxies than are followed".to_owned(),
        }
    }

    /// Whether a target is in another VPC than the load balancer, or in none.
    fn is_elsewhere(&self, group: Index<TargetGroup>, target: usize) -> bool {
        let Place::Gateway(gateway) = self.checkpoint.place else { return false };
        if self.lattice_service().is_some() {
            return false; // it has no zones
        }
        let vpc = self.network.gateways[gateway].vpc;
        let targets = self.network.target_groups[group].targets.as_ref();
        targets.and_then(|targets| targets.get(target)).is_some_and(|target| match target.interface {
            Some(card) => Some(self.network.vpc_of(card)) != vpc,
            None => vpc.is_none_or(|vpc| !self.network.vpcs[vpc].contains(target.address)),
        })
    }

    /// Whether its targets were told, and nobody collected the instances that they are.
    fn is_of_unknown_instances(&self, group: Index<TargetGroup>) -> bool {
        let own = &self.network.target_groups[group];
        own.is_listed && own.targets.is_none() && own.target_type == TargetType::Instance
    }

    /// Whose attributes are missing: those of a group that has its own leave zones to the load balancer.
    fn without_attributes(&self, group: Index<TargetGroup>) -> String {
        let own = &self.network.target_groups[group];
        match (own.protocol, own.preserve_client_ip) {
            (ListenerProtocol::Geneve, _) => format!("{}, or of {},", own.identity, self.owner()),
            (_, Some(_)) => self.owner(),
            (_, None) => own.identity.to_string(),
        }
    }

    fn is_empty(&self, group: Index<TargetGroup>) -> bool {
        self.network.target_groups[group].targets.as_ref().is_some_and(Vec::is_empty)
    }

    /// `sends to app-1 10.0.1.5:8080 of app`, and `how`.
    fn target_text(&self, group: Index<TargetGroup>, target: usize, how: &str) -> String {
        let group = &self.network.target_groups[group];
        let Some(target) = group.targets.as_ref().and_then(|targets| targets.get(target)) else {
            return String::new();
        };
        let name = target.interface.map(|card| format!("{} ", self.network.interface_label(card)));
        let socket = crate::net::socket(target.address, target.port);
        let is_unhealthy = target.health == TargetHealth::Unhealthy;
        let unhealthy = if is_unhealthy { ", though it is not healthy" } else { "" };
        format!("sends to {}{socket} of {}{how}{unhealthy}", name.unwrap_or_default(), group.identity)
    }

    fn group(&self, group: Index<TargetGroup>) -> String {
        self.network.target_groups[group].identity.to_string()
    }

    /// `HTTPS 443 and HTTP 80`.
    fn listeners(&self) -> String {
        let Place::Gateway(gateway) = self.checkpoint.place else { return String::new() };
        let own = self.network.gateways[gateway].load_balancer();
        let listeners = own.and_then(|own| own.listeners.as_ref()).into_iter().flatten();
        let of_lattice = self.lattice_service().and_then(|own| own.listeners.as_ref()).into_iter().flatten();
        let all: Vec<String> = listeners
            .map(|listener| format!("{} {}", listener.protocol, listener.port))
            .chain(of_lattice.map(|listener| format!("{} {}", listener.protocol, listener.port)))
            .collect();
        all.join(", ")
    }

    /// Whether no target of a group takes new connections.
    fn is_unused(&self, group: Index<TargetGroup>) -> bool {
        let mut all = self.network.target_groups[group].targets.iter().flatten();
        all.all(|target| target.health == TargetHealth::Unused)
    }

    fn is_gateway(&self) -> bool {
        let Place::Gateway(gateway) = self.checkpoint.place else { return false };
        let own = self.network.gateways[gateway].load_balancer();
        own.is_some_and(|own| own.kind == LoadBalancerType::Gateway)
    }

    /// The service of VPC Lattice at the place.
    fn lattice_service(&self) -> Option<&LatticeService> {
        let Place::Gateway(gateway) = self.checkpoint.place else { return None };
        self.network.gateways[gateway].lattice_service()
    }

    /// What brings an answer back to a load balancer whatever the routes say.
    pub(super) fn returns_to_load_balancer(&self, gateway: Index<Gateway>) -> String {
        let name = &self.network.gateways[gateway].identity;
        format!("answers what {name} passed on, and returns by it without a route")
    }
}

const fn kind_and_id(fact: Fact) -> (&'static str, &'static str) {
    match fact {
        Fact::Terminates => ("proxy", "proxy"),
        Fact::AnswersItself => ("answers-itself", "answers-itself"),
        Fact::Target { .. } | Fact::Carries { .. } | Fact::CarriesOn => ("target", "target"),
        Fact::GivesBack | Fact::Returns => ("returns", "returns"),
        Fact::ByEndpoint => ("endpoint-service", "endpoint-service"),
        Fact::Forgotten => ("flow-forgotten", "flow-forgotten"),
        Fact::NoListener => ("no-listener", "no-listener"),
        Fact::NoTarget(_) | Fact::NoNodeAddress | Fact::ApplianceGone => ("no-target", "no-target"),
        Fact::Hairpin => ("hairpin", "hairpin"),
        Fact::PreservationNotCarried => ("client-ip-preservation", "client-ip-preservation"),
        Fact::NodesNotCollected
        | Fact::ListenersNotCollected
        | Fact::RulesNotCollected
        | Fact::TargetsNotCollected(_)
        | Fact::AttributesNotCollected(_) => ("not-collected", "not-collected"),
        Fact::TargetGone
        | Fact::TooManyProxies
        | Fact::Undocumented
        | Fact::ApplianceElsewhere
        | Fact::CarriedRound
        | Fact::CarriedTwice
        | Fact::Rebalanced(_) => ("not-modelled", "not-modelled"),
    }
}
