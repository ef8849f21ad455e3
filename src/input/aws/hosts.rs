//! Instances and their interfaces.

use std::collections::{HashMap, HashSet};

use super::assemble::{Assembly, names, text};
use super::convert::{account, name_tag};
use super::flow_logs::shown;
use super::interfaces::Found;
use super::json::Text;
use super::load_balancers::owner_of_node;
use super::names::UniqueNames;
use super::states::{InstanceState, Word};
use crate::diagnostic::problems;
use crate::model::inventory::{AttachedResource, GatewayForm, Reference};
use crate::model::{
    ClosedPorts, Conduct, Identity, KeyedSet, ManagedServiceKind, TaggedResource, Tags, inventory,
};

impl Assembly<'_, '_, '_> {
    pub(super) fn instances(&mut self) {
        let answers = self.answers;
        let attached: KeyedSet<&str> =
            self.cards.iter().filter_map(|card| card.instance.map(Text::as_str)).collect();
        let shown_tags = self.shown_tags(TaggedResource::Instance);
        let names = names(&answers.instances, |instance| name_tag(instance.tags.as_ref()));
        for instance in answers.instances.iter() {
            let state = instance.value.state.as_ref().and_then(|state| state.name);
            // One that is gone stays while an interface is said to be its own.
            let is_attached = attached.contains(instance.value.instance_id.as_str());
            if state == Some(Word(InstanceState::Gone)) && !is_attached {
                continue;
            }
            let kind = instance.value.instance_type.as_ref();
            let described = kind.and_then(|kind| answers.instance_types.get(kind.as_str()));
            self.inventory.instances.push(inventory::Instance {
                identity: instance.identity(names.keep(name_tag(instance.value.tags.as_ref()))),
                instance_type: text(kind),
                nitro: described.and_then(|kind| kind.value.is_nitro()),
                running: state.map(|state| state == Word(InstanceState::Running)),
                listens: None,
                closed_ports: ClosedPorts::default(),
                tags: shown(instance.value.tags.as_ref(), &shown_tags),
                auto_scaling_group_tags: Tags::new(),
            });
        }
        self.inventory.shared_names = names.shared();
    }

    pub(super) fn interfaces(&mut self) {
        let answers = self.answers;
        let all = std::mem::take(&mut self.cards);
        let named = |card: &Found<'_, '_>| name_tag(card.read.value.tag_set.as_ref());
        let ids = all.iter().map(|card| (card.read.value.network_interface_id.as_str(), named(card)));
        let taken = self.inventory.instances.iter().map(|instance| &instance.identity);
        let name_of = |own: &Identity| (own.name != own.id).then(|| own.name.clone());
        let taken = taken.map(|identity| (identity.id.as_str(), name_of(identity)));
        let unique = UniqueNames::of(ids.chain(taken));
        let mut cards: Vec<_> = all.iter().collect();
        // Those of one instance in the order of their device index; others as they were read.
        cards.sort_by(|a, b| place_at_instance(a).cmp(&place_at_instance(b)));
        // The interface of a NAT gateway goes by the gateway's name.
        let gateways = self.inventory.gateways.iter();
        let of_gateways: HashMap<&str, &String> = gateways
            .filter_map(|gateway| match &gateway.form {
                GatewayForm::NatGateway { network_interface, .. } => {
                    Some((network_interface.value.as_str(), &gateway.identity.name))
                }
                _ => None,
            })
            .collect();
        let elsewhere = cards.iter().filter(|card| card.read.value.subnet_id.is_none()).count();
        let shown_tags = self.shown_tags(TaggedResource::NetworkInterface);
        // What such a node does nobody knows without its load balancer.
        let is_stray = |card: &&Found<'_, '_>| {
            owner_of_node(card).is_some()
                && !self.nodes.contains(card.read.value.network_interface_id.as_str())
        };
        let stray_nodes =
            all.iter().filter(is_stray).map(|card| card.read.value.network_interface_id.as_str());
        let stray_nodes: HashSet<String> = stray_nodes.map(str::to_owned).collect();
        let interfaces = self.problems.map_on_threads(&cards, |_, card, problems| {
            let account = account(card.read.value.owner_id.as_ref());
            let of_gateway = of_gateways.get(card.read.value.network_interface_id.as_str());
            let name = of_gateway.map_or_else(|| unique.keep(named(card)), |name| Some((*name).clone()));
            let tags = shown(card.read.value.tag_set.as_ref(), &shown_tags);
            card.interface(answers, name, account, problems)
                .map(|interface| inventory::NetworkInterface { tags, ..interface })
                .map(|interface| {
                    if stray_nodes.contains(&interface.identity.id) { no_host(interface) } else { interface }
                })
        });
        self.inventory.network_interfaces.extend(interfaces.into_iter().flatten());
        for (name, ids) in unique.shared() {
            // An instance's interface often has the name of the instance, which the instance goes by.
            self.inventory.shared_names.entry(name).or_insert(ids);
        }
        self.tell_managed();
        if elsewhere > 0 {
            let message = format!("{elsewhere} network interfaces are in no subnet");
            let help = "they are left out: EC2-Classic is no more";
            self.problems.push(problems::not_modelled(None, message, help));
        }
    }
}

impl Assembly<'_, '_, '_> {
    /// Tells of interfaces of which not all traffic is simulated. Those of gateways that are simulated are no hosts.
    fn tell_managed(&mut self) {
        let own = |gateway: &inventory::Gateway| -> Vec<String> {
            let ids = |of: &[Reference]| of.iter().map(|own| own.value.clone()).collect();
            match &gateway.form {
                GatewayForm::NatGateway { network_interface, .. }
                | GatewayForm::GatewayLoadBalancerEndpoint { network_interface, .. } => {
                    vec![network_interface.value.clone()]
                }
                GatewayForm::InterfaceEndpoint { network_interfaces, .. } => ids(network_interfaces),
                GatewayForm::LoadBalancer(own) => ids(&own.network_interfaces),
                GatewayForm::TransitGateway(own) => {
                    let attached = own.attachments.iter().map(|own| match &own.resource {
                        AttachedResource::Vpc { network_interfaces, .. } => ids(network_interfaces),
                        _ => Vec::new(),
                    });
                    attached.flatten().collect()
                }
                _ => Vec::new(),
            }
        };
        let services = self.inventory.managed_services.iter();
        let of_services =
            services.flat_map(|own| own.network_interfaces.iter().map(|card| card.value.clone()));
        let simulated: HashSet<String> =
            self.inventory.gateways.iter().flat_map(own).chain(of_services).collect();
        let is_managed = |card: &&inventory::NetworkInterface| {
            let kind = card.interface_type.as_deref();
            let no_groups = card.security_groups.as_ref().is_some_and(Vec::is_empty);
            let is_of_none = |kind: &str| {
                let service = ManagedServiceKind::of_type(kind);
                Conduct::of(kind) != Conduct::HOST
                    && service.is_none_or(|service| service.client_ip.is_some())
            };
            let is_no_host = no_groups || kind.is_some_and(is_of_none);
            is_no_host && !simulated.contains(&card.identity.id)
        };
        let count = self.inventory.network_interfaces.iter().filter(is_managed).count();
        if count > 0 {
            let message =
                format!("network interfaces that AWS manages are not simulated as hosts: {count} found");
            let help =
                "what such an interface opens or takes can end as `unknown`; everything else is computed";
            self.problems.push(problems::not_modelled(None, message, help));
        }
    }
}

/// An interface of a load balancer, which AWS describes as an ordinary one, under the type that says so.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html>
fn no_host(interface: inventory::NetworkInterface) -> inventory::NetworkInterface {
    let own = interface.interface_type.filter(|kind| Conduct::of(kind) != Conduct::HOST);
    let interface_type = own.or_else(|| Some("load_balancer".to_owned()));
    inventory::NetworkInterface { interface_type, ..interface }
}

/// The instance of an interface, and its place there.
fn place_at_instance<'r>(card: &Found<'r, '_>) -> (Option<&'r str>, Option<i64>) {
    let index = card.read.value.attachment.as_ref().and_then(|attachment| attachment.device_index);
    (card.instance.map(Text::as_str), index)
}
