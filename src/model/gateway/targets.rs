//! To which targets a node of a load balancer sends, and which nodes its DNS name stands for.

use std::net::IpAddr;

use super::{LoadBalancer, Target, TargetGroup, TargetHealth, TargetType, zone_of};
use crate::model::{Index, Network, NetworkInterface};
use crate::net::Family;

/// The targets of a group that a node sends to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UsedTargets {
    /// One of these, by their positions; none of them when there are none.
    Any(Vec<usize>),
    /// Nobody connects to them: the load balancer calls a function.
    Called,
    /// They were not collected, or their health was not.
    NotCollected,
    /// It was not collected whether those in other zones are used, and some are there.
    CrossZoneNotCollected,
}

impl Network {
    /// To which targets of a group a node sends: to the healthy ones of its zone, or of every zone that is enabled; where none
    /// is healthy, to all of them.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html>,
    /// <https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html#cross-zone-load-balancing>
    pub fn targets_from(
        &self,
        load_balancer: &LoadBalancer,
        node: Index<NetworkInterface>,
        group: &TargetGroup,
    ) -> UsedTargets {
        if group.target_type == TargetType::Lambda {
            return UsedTargets::Called;
        }
        let Some(targets) = &group.targets else { return UsedTargets::NotCollected };
        let is_enabled = |target: &Target| {
            let Some(card) = target.interface else { return true }; // of no zone, or of all
            load_balancer.nodes.iter().any(|node| zone_of(self, *node) == zone_of(self, card))
        };
        let registered = || targets.iter().enumerate().filter(|(_, target)| is_enabled(target));
        if registered().any(|(_, target)| target.health == TargetHealth::NotCollected) {
            return UsedTargets::NotCollected;
        }
        let some_are_healthy = registered().any(|(_, target)| target.health == TargetHealth::Healthy);
        let wanted = if some_are_healthy { TargetHealth::Healthy } else { TargetHealth::Unhealthy };
        let is_near = |target: &Target| {
            let zone = target.interface.map(|card| zone_of(self, card));
            zone.is_none_or(|zone| zone == zone_of(self, node))
        };
        let (near, far): (Vec<_>, Vec<_>) = registered()
            .filter(|(_, target)| target.health == wanted)
            .partition(|(_, target)| is_near(target));
        let used = match group.cross_zone.or(load_balancer.cross_zone) {
            None if !far.is_empty() => return UsedTargets::CrossZoneNotCollected,
            Some(true) => registered().filter(|(_, target)| target.health == wanted).collect(),
            Some(false) | None => near,
        };
        UsedTargets::Any(used.into_iter().map(|(position, _)| position).collect())
    }

    /// Addresses of a load balancer as its DNS name gives them to a client: public ones where it is internet-facing, and
    /// none of a zone from which no target can be sent to, while there are others.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html#load-balancer-scheme>,
    /// <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html>
    pub fn addresses_of_load_balancer(
        &self,
        load_balancer: &LoadBalancer,
        family: Family,
    ) -> Vec<(IpAddr, Index<NetworkInterface>)> {
        let address = |node: &Index<NetworkInterface>| {
            let own = self.network_interfaces[*node].primary_address(family)?;
            let public = self.network_interfaces[*node].public_ip(own);
            let shown = if load_balancer.is_internet_facing && family == Family::V4 { public? } else { own };
            Some((shown, *node))
        };
        let all: Vec<_> = load_balancer.nodes.iter().filter_map(address).collect();
        let listed: Vec<_> =
            all.iter().filter(|(_, node)| self.has_targets(load_balancer, *node)).copied().collect();
        if listed.is_empty() { all } else { listed }
    }

    /// Whether a node has somewhere to send to, for some listener.
    fn has_targets(&self, load_balancer: &LoadBalancer, node: Index<NetworkInterface>) -> bool {
        let rules = load_balancer.listeners.iter().flatten().flat_map(|listener| &listener.rules);
        let mut groups = rules.flat_map(|rule| &rule.target_groups).map(|group| &self.target_groups[*group]);
        groups.any(|group| match self.targets_from(load_balancer, node, group) {
            UsedTargets::Any(targets) => !targets.is_empty(),
            UsedTargets::Called | UsedTargets::NotCollected | UsedTargets::CrossZoneNotCollected => true,
        })
    }
}
