//! Load balancers: what several calls tell of them, joined, with the interfaces that are their nodes.
//!
//! AWS answers nowhere which interfaces are a load balancer's, but describes each as `ELB app/NAME/ID`, `ELB net/NAME/ID`,
//! `ELB gwy/NAME/ID` or `ELB NAME`.
//! AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html>,
//! <https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html>

use std::collections::{HashMap, HashSet};

use super::Answers;
use super::assemble::{Assembly, text};
use super::attributes::{self, CROSS_ZONE};
use super::endpoint_services::name_of;
use super::interfaces::Found;
use super::json::{Read, Text};
use super::lacking::Lacking;
use super::names::UniqueNames;
use super::shapes::ClassicLoadBalancer;
use super::states::Word;
use super::table::Resource;
use crate::diagnostic::problems;
use crate::model::inventory::{self, GatewayForm, Reference};
use crate::model::{Availability, GatewayKind, Identity, LoadBalancerType};

/// The load balancer that an interface says it is a node of: `app/NAME/ID`, or the name of a Classic one.
pub(super) fn owner_of_node<'r>(card: &Found<'r, '_>) -> Option<&'r str> {
    let is_aws_own = card.instance.is_none() && card.read.value.requester_managed != Some(false);
    let said = card.read.value.description.as_ref().filter(|_| is_aws_own)?;
    said.as_str().strip_prefix("ELB ").filter(|owner| !owner.is_empty())
}

impl Assembly<'_, '_, '_> {
    pub(super) fn load_balancers(&mut self) {
        let answers = self.answers;
        let told = &answers.balancing;
        let mut lacking = Lacking::default();
        told.check_attributes(self.problems);
        let offered: HashMap<_, _> = answers.offered_services().collect();
        let names = self.names_of_load_balancers();
        let groups = self.target_groups(&mut lacking);
        for read in told.load_balancers.iter() {
            let kind = read.value.kind.map_or(LoadBalancerType::Application, |Word(kind)| kind);
            let state = read.value.state.as_ref().and_then(|state| state.code);
            let state = state.map_or(Availability::NotCollected, |Word(state)| state.0);
            if state == Availability::Gone {
                continue; // it could not be set up
            }
            let zones = read.value.availability_zones.iter().flatten().map(|zone| zone.subnet_id.as_ref());
            let nodes = self.nodes_of(
                read,
                node_name(&read.value.load_balancer_arn),
                read.value.vpc_id.as_ref(),
                zones,
            );
            let judges = read.value.enforce_security_group_inbound_rules_on_private_link_traffic.as_ref();
            let form = inventory::LoadBalancer {
                kind,
                is_internet_facing: read.value.scheme.is_some_and(|Word(scheme)| scheme.is_internet_facing),
                cross_zone: self.crosses_zones(read.value.load_balancer_arn.as_str(), kind),
                judges_private_link: judges.map(|judges| judges.as_str() != "off"),
                endpoint_service: offered
                    .get(read.value.load_balancer_arn.as_str())
                    .and_then(|own| name_of(own)),
                dns_name: text(read.value.dns_name.as_ref()),
                network_interfaces: Vec::new(),
                listeners: self.listeners(read, kind, &groups, &mut lacking),
            };
            let identity = read.identity(names.keep(text(read.value.load_balancer_name.as_ref())));
            let is_known = read.value.scheme.is_some() || kind == LoadBalancerType::Gateway;
            self.put(identity, form, nodes, state, is_known, &mut lacking);
        }
        for read in told.classic.iter().filter(|read| read.value.vpc_id.is_some()) {
            let zones = read.value.subnets.iter().flatten().map(Some);
            let name = Some(read.value.load_balancer_name.as_str());
            let nodes = self.nodes_of(read, name, read.value.vpc_id.as_ref(), zones);
            let identity = self.identity_of_classic(read);
            let form = self.classic(read, &identity.id, &mut lacking);
            let is_known = read.value.scheme.is_some();
            self.put(identity, form, nodes, Availability::Available, is_known, &mut lacking);
        }
        self.tell_lacking(&lacking);
        self.tell_endpoint_services();
    }

    /// Puts a load balancer into the inventory; one of which something decisive is missing stays unknown.
    fn put(
        &mut self,
        identity: Identity,
        form: inventory::LoadBalancer,
        nodes: Nodes,
        state: Availability,
        is_known: bool,
        lacking: &mut Lacking,
    ) {
        let Nodes { interfaces, is_whole } = nodes;
        lacking.nodes += usize::from(!is_whole);
        self.nodes.extend(interfaces.iter().map(|node| node.value.clone()));
        let form = inventory::LoadBalancer { network_interfaces: interfaces, ..form };
        self.inventory.gateways.push(inventory::Gateway {
            availability: if is_whole && is_known { state } else { Availability::NotCollected },
            form: GatewayForm::LoadBalancer(Box::new(form)),
            ..inventory::Gateway::new(identity, GatewayKind::LoadBalancer, None)
        });
    }

    /// The interfaces that say that they are nodes of `owner`, in the subnets that it has, and whether each has one.
    fn nodes_of<'t, T: Resource>(
        &mut self,
        read: &Read<'_, T>,
        owner: Option<&str>,
        vpc: Option<&Text<'_>>,
        subnets: impl Iterator<Item = Option<&'t Text<'t>>>,
    ) -> Nodes {
        let mut missing = HashSet::new();
        let mut is_whole = true;
        for subnet in subnets {
            match subnet {
                Some(subnet) => drop(missing.insert(subnet.as_str())),
                None => is_whole = false,
            }
        }
        let enabled = missing.clone();
        let mut interfaces: Vec<Reference> = Vec::new();
        for card in self.cards.iter().filter(|card| owner.is_some() && owner_of_node(card) == owner) {
            let own = card.read.value;
            let Some(subnet) = own.subnet_id.as_ref().filter(|subnet| enabled.contains(subnet.as_str()))
            else {
                continue; // one that goes
            };
            if let Some((own_vpc, vpc)) = own.vpc_id.as_ref().zip(vpc).filter(|(own, vpc)| own != vpc) {
                let (name, path) = (card.read.name(), card.read.path());
                let message = "is a node of a load balancer in another VPC";
                let problem = problems::contradiction(Some(card.read.place(own_vpc)), &name, &path, message);
                self.problems.push(problem.related(Some(read.place(vpc)), "the load balancer's VPC"));
            }
            missing.remove(subnet.as_str());
            interfaces.push(card.read.reference(&own.network_interface_id));
        }
        Nodes { is_whole: is_whole && missing.is_empty() && !interfaces.is_empty(), interfaces }
    }

    /// Whether a load balancer sends to targets in other zones; an Application Load Balancer always does.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#load-balancer-attributes>
    pub(super) fn crosses_zones(&self, arn: &str, kind: LoadBalancerType) -> Option<bool> {
        if kind == LoadBalancerType::Application {
            return Some(true);
        }
        let told = attributes::told(&self.answers.balancing.load_balancer_attributes, arn, CROSS_ZONE)?;
        Some(told? == "true")
    }

    /// Names that one load balancer alone has, and no other gateway.
    fn names_of_load_balancers(&self) -> UniqueNames {
        let told = &self.answers.balancing;
        let others = self.inventory.gateways.iter().map(|gateway| &gateway.identity);
        let others = others.map(|identity| (identity.id.as_str(), Some(identity.name.clone())));
        let own = told.load_balancers.iter().map(|read| {
            (read.value.load_balancer_arn.as_str(), text(read.value.load_balancer_name.as_ref()))
        });
        let classic = told.classic.iter().map(|read| (read.value.load_balancer_name.as_str(), None));
        UniqueNames::of(others.chain(own).chain(classic))
    }

    /// Its name is its id; where accounts or Regions have several of one name, with the VPC.
    fn identity_of_classic(&self, read: &Read<'_, ClassicLoadBalancer<'_>>) -> Identity {
        let name = read.value.load_balancer_name.as_str();
        let is_name =
            |other: &&Read<'_, ClassicLoadBalancer<'_>>| other.value.load_balancer_name.as_str() == name;
        let mut identity = read.identity(None);
        if self.answers.balancing.classic.iter().filter(is_name).count() > 1 {
            let vpc = read.value.vpc_id.as_ref().map_or("", Text::as_str);
            identity.id = format!("{vpc}/{name}");
            identity.name.clone_from(&identity.id);
        }
        identity
    }
}

/// The nodes that were found, and whether each subnet has one.
struct Nodes {
    interfaces: Vec<Reference>,
    is_whole: bool,
}

/// What the nodes of a load balancer are described by: what its ARN ends in, `app/NAME/ID`.
/// AWS: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html>
fn node_name<'r>(arn: &'r Text<'_>) -> Option<&'r str> {
    arn.as_str().split_once(":loadbalancer/").map(|(_, name)| name)
}

impl Answers<'_> {
    /// Counts what was used of the lists of load balancers: not what belongs to those that nobody described.
    pub(super) fn count_load_balancers(&mut self) {
        let told = &self.balancing;
        let all: HashSet<&str> =
            told.load_balancers.iter().map(|read| read.value.load_balancer_arn.as_str()).collect();
        let is_used = |arn: Option<&str>| arn.is_some_and(|arn| all.contains(arn));
        let listeners: HashMap<&str, bool> = told
            .listeners
            .iter()
            .map(|read| {
                let of = read.value.load_balancer_arn.as_ref().map(Text::as_str);
                (read.value.listener_arn.as_str(), is_used(of))
            })
            .collect();
        let of_rule = |arn: &str| super::listeners::listener_of_rule(arn);
        let rules = told.rules.iter().map(|read| of_rule(read.value.rule_arn.as_str()));
        let rules = rules.map(|of| of.and_then(|of| listeners.get(of.as_str()).copied()).unwrap_or_default());
        let classic = told.classic.iter().map(|read| read.value.vpc_id.is_some());
        let of_nobody = "no load balancer that is simulated has them";
        let counts: [(&str, Vec<bool>, &'static str); 5] = [
            ("LoadBalancers", vec![true; all.len()], of_nobody),
            ("Listeners", listeners.values().copied().collect(), of_nobody),
            ("Rules", rules.collect(), of_nobody),
            ("TargetGroups", vec![true; told.target_groups.iter().count()], of_nobody),
            ("LoadBalancerDescriptions", classic.collect(), "EC2-Classic is no more"),
        ];
        for (key, all, why) in counts {
            let used = all.iter().filter(|used| **used).count();
            if used > 0 {
                self.usage.count_used(key, used);
            }
            if used < all.len() {
                self.usage.count_unused(key, all.len() - used, why);
            }
        }
    }
}
