//! Classic Load Balancers: their instances are their own, so that each port of them is made a target group.
//! AWS: <https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_LoadBalancerDescription.html>

use super::assemble::{Assembly, text};
use super::balancing::classic_key;
use super::health_checks;
use super::json::Read;
use super::lacking::Lacking;
use super::listeners::{port, protocol};
use super::shapes::{ClassicListener, ClassicLoadBalancer};
use super::states::{InstanceHealthState, Word};
use super::table::Resource;
use crate::diagnostic::Located;
use crate::model::inventory::{self, ListenerRule, LoadBalancerListener, Target, TargetGroup};
use crate::model::{Identity, ListenerProtocol, LoadBalancerType, TargetHealth, TargetType};

impl Assembly<'_, '_, '_> {
    /// What a Classic Load Balancer has of its own; `id` is what it goes by.
    pub(super) fn classic(
        &mut self,
        read: &Read<'_, ClassicLoadBalancer<'_>>,
        id: &str,
        lacking: &mut Lacking,
    ) -> inventory::LoadBalancer {
        let own = &read.value;
        let key = classic_key(read.scope, own.load_balancer_name.as_str());
        let told = &self.answers.balancing.classic_attributes;
        let attributes = told.get(&key).and_then(Option::as_ref);
        let cross_zone = attributes.and_then(|own| own.cross_zone_load_balancing.as_ref()?.enabled);
        let targets = self.registered(read, &key);
        let mut health_check = health_checks::of_classic(read, self.problems);
        let mut listeners = own.listener_descriptions.as_ref().map(|_| Vec::new());
        lacking.listeners += usize::from(listeners.is_none());
        for (position, described) in own.listener_descriptions.iter().flatten().enumerate() {
            let path = format!("ListenerDescriptions[{position}].Listener");
            let Some((protocol, port, to)) = self.classic_listener(read, &described.listener, &path) else {
                continue;
            };
            let group = format!("{id}:{}:{}", to.0, to.1);
            let origin = read.origin();
            if !self.inventory.target_groups.iter().any(|known| known.identity.id == group) {
                lacking.attributes += usize::from(cross_zone.is_none());
                let is_told = targets.iter().flatten().all(|own| own.health != TargetHealth::NotCollected);
                lacking.targets += usize::from(targets.is_none() || !is_told);
                self.inventory.target_groups.push(TargetGroup {
                    identity: Identity { name: group.clone(), id: group.clone(), origin },
                    protocol: to.0,
                    port: Some(to.1),
                    target_type: Some(TargetType::Instance),
                    preserve_client_ip: Some(false),
                    rebalances: false,
                    cross_zone,
                    targets: targets.clone(),
                    // All instances are checked at one port, whatever the listeners.
                    health_check: health_check.take(),
                });
            }
            let target_groups = vec![Located { value: group, origin }];
            let rule = ListenerRule { source_ips: Vec::new(), reads_request: false, target_groups };
            let listener =
                LoadBalancerListener { protocol, port, rules: vec![rule], tcp_idle_timeout: None, origin };
            listeners.get_or_insert_default().push(listener);
        }
        inventory::LoadBalancer {
            kind: LoadBalancerType::Classic,
            is_internet_facing: own.scheme.is_some_and(|Word(scheme)| scheme.is_internet_facing),
            cross_zone,
            judges_private_link: None,
            endpoint_service: None,
            dns_name: text(own.dns_name.as_ref()),
            network_interfaces: Vec::new(),
            listeners,
        }
    }

    /// The protocol and port of a listener, and those of its instances.
    fn classic_listener(
        &mut self,
        read: &Read<'_, ClassicLoadBalancer<'_>>,
        listener: &ClassicListener<'_>,
        path: &str,
    ) -> Option<(ListenerProtocol, u16, (ListenerProtocol, u16))> {
        let known = listener.protocol.as_ref().and_then(protocol);
        // AWS: it is the listener's where nothing is said.
        // https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_Listener.html
        let behind = listener.instance_protocol.as_ref().map_or(known, protocol);
        let Some((known, behind)) = known.zip(behind) else {
            read.complain(read.value.id(), format!("{path}.Protocol"), "not a protocol", self.problems);
            return None;
        };
        let front =
            port(read, listener.load_balancer_port, &format!("{path}.LoadBalancerPort"), self.problems)?;
        let back = port(read, listener.instance_port, &format!("{path}.InstancePort"), self.problems)?;
        Some((known, front, (behind, back)))
    }

    /// Its instances, with their health as far as it was told.
    fn registered(&self, read: &Read<'_, ClassicLoadBalancer<'_>>, key: &str) -> Option<Vec<Target>> {
        let told = self.answers.balancing.classic_health.get(key).and_then(Option::as_ref);
        let health = |id: &str| {
            let own = told?.iter().find(|own| own.value.instance_id.as_str() == id)?;
            own.value.state.map(|Word(InstanceHealthState(health))| health)
        };
        let instances = read.value.instances.as_ref()?.iter().map(|own| &own.instance_id);
        let targets = instances.map(|id| Target {
            id: read.reference(id),
            port: None,
            health: health(id.as_str()).unwrap_or(TargetHealth::NotCollected),
        });
        Some(targets.collect())
    }
}
