//! To which targets a node of a load balancer sends, and which nodes its DNS name stands for.

use std::net::IpAddr;

use super::{LoadBalancer, LoadBalancerType, Target, TargetGroup, TargetHealth, zone_of};
use crate::model::{Index, Network, NetworkInterface, TargetType};
use crate::net::Family;

/// The targets of a group that a node sends to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UsedTargets {
    /// One of these, by their positions; nobody when there are none.
    Any {
        /// The positions.
        targets: Vec<usize>,
        /// Whether they are healthy: where none is, those that are not are sent to.
        are_healthy: bool,
    },
    /// Nobody connects to them: the load balancer calls a function.
    Called,
    /// They were not collected, or their health was not.
    NotCollected,
    /// It was not collected whether those in other zones are used, and some are there.
    CrossZoneNotCollected,
}

impl Network {
    /// The targets of a group to which a node can send, whatever their health: those of its zone or, crossing zones, of
    /// every zone that is enabled. None of a function, which is called, nor where they were not collected.
    pub fn targets_in_reach<'t>(
        &self,
        load_balancer: &LoadBalancer,
        node: Index<NetworkInterface>,
        group: &'t TargetGroup,
    ) -> Vec<&'t Target> {
        let crosses_zones = group.cross_zone.or(load_balancer.cross_zone) == Some(true);
        let is_in_reach = |target: &&Target| {
            let zone = self.zone_of_target(node, target);
            let mut enabled = load_balancer.nodes.iter().filter(|other| crosses_zones || **other == node);
            zone.is_none() || enabled.any(|node| zone == Some(zone_of(self, *node)))
        };
        let targets = group.targets.iter().flatten().filter(|_| group.target_type != TargetType::Lambda);
        targets.filter(is_in_reach).collect()
    }

    /// To which targets of a group a node sends: to the healthy ones of its zone or, crossing zones, of every zone that is
    /// enabled; where none of these is healthy, to all of them.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html>,
    /// <https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html#cross-zone-load-balancing>
    pub fn targets_from(
        &self,
        load_balancer: &LoadBalancer,
        node: Index<NetworkInterface>,
        group: &TargetGroup,
    ) -> UsedTargets {
        let Some(targets) = &group.targets else { return UsedTargets::NotCollected };
        if group.functions > 0 {
            return UsedTargets::Called;
        }
        let zone_of_node = |node: &Index<NetworkInterface>| Some(zone_of(self, *node));
        let is_enabled = |target: &Target| {
            let zone = self.zone_of_target(node, target);
            zone.is_none() || load_balancer.nodes.iter().any(|node| zone == zone_of_node(node))
        };
        let registered: Vec<(usize, &Target)> =
            targets.iter().enumerate().filter(|(_, target)| is_enabled(target)).collect();
        if registered.iter().any(|(_, target)| target.health == TargetHealth::NotCollected) {
            return UsedTargets::NotCollected;
        }
        let is_near = |target: &Target| {
            let zone = self.zone_of_target(node, target);
            zone.is_none() || zone == zone_of_node(&node)
        };
        let near: Vec<(usize, &Target)> =
            registered.iter().filter(|(_, target)| is_near(target)).copied().collect();
        let sent_to = match group.cross_zone.or(load_balancer.cross_zone) {
            None if near.len() < registered.len() => return UsedTargets::CrossZoneNotCollected,
            Some(true) => registered,
            Some(false) | None => near,
        };
        let of = |wanted: TargetHealth| -> Vec<usize> {
            let is_wanted = |(_, target): &&(usize, &Target)| target.health == wanted;
            sent_to.iter().filter(is_wanted).map(|(position, _)| *position).collect()
        };
        let healthy = of(TargetHealth::Healthy);
        // AWS: a Classic Load Balancer sends to healthy instances alone.
        // https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-healthchecks.html
        if healthy.is_empty() && load_balancer.kind != LoadBalancerType::Classic {
            return UsedTargets::Any { targets: of(TargetHealth::Unhealthy), are_healthy: false };
        }
        UsedTargets::Any { targets: healthy, are_healthy: true }
    }

    /// Zones in which a group has healthy targets that `node` does not send to by itself: those that the load balancer has
    /// nodes in, and others.
    pub(crate) fn zones_with_targets<'n>(
        &'n self,
        load_balancer: &LoadBalancer,
        node: Index<NetworkInterface>,
        group: &TargetGroup,
    ) -> [Vec<&'n str>; 2] {
        let healthy = group.targets.iter().flatten().filter(|target| target.health == TargetHealth::Healthy);
        let own = zone_of(self, node);
        let zones = healthy.filter_map(|target| self.zone_of_target(node, target));
        let is_enabled = |zone: &&str| load_balancer.nodes.iter().any(|node| zone_of(self, *node) == *zone);
        zones.filter(|zone| *zone != own).partition::<Vec<_>, _>(is_enabled).into()
    }

    /// The zone of a target: that of its subnet in the VPC of the load balancer that has `node`. Targets elsewhere have none,
    /// and are sent to from each. Assumed: target-zones.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetDescription.html>
    fn zone_of_target(&self, node: Index<NetworkInterface>, target: &Target) -> Option<&str> {
        let vpc = self.vpc_of(node);
        if let Some(card) = target.interface.filter(|card| self.vpc_of(*card) == vpc) {
            return Some(zone_of(self, card));
        }
        let mut subnets = self.subnets.iter().filter(|subnet| subnet.vpc == vpc);
        let holder = subnets.find(|subnet| subnet.contains(target.address))?;
        Some(holder.availability_zone_id.as_str())
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

    /// Whether a node has healthy targets to send to in each target group.
    /// AWS: <https://repost.aws/knowledge-center/elb-dns-cross-zone-balance-configuration>
    fn has_targets(&self, load_balancer: &LoadBalancer, node: Index<NetworkInterface>) -> bool {
        let rules = load_balancer.listeners.iter().flatten().flat_map(|listener| &listener.rules);
        let mut groups = rules.flat_map(|rule| &rule.target_groups).map(|group| &self.target_groups[*group]);
        groups.all(|group| match self.targets_from(load_balancer, node, group) {
            UsedTargets::Any { targets, are_healthy } => are_healthy && !targets.is_empty(),
            UsedTargets::Called | UsedTargets::NotCollected | UsedTargets::CrossZoneNotCollected => true,
        })
    }
}
