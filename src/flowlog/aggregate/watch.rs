//! Which flow logs watch an interface.

use std::collections::HashMap;

use crate::model::{FlowLog, FlowLogResource, Index, Network, NetworkInterface};

/// The flow logs of a network by what they watch.
#[derive(Debug)]
pub(super) struct Watch<'n> {
    network: &'n Network,
    by_resource: Vec<Vec<Index<FlowLog>>>,
    by_interface: HashMap<Index<NetworkInterface>, Vec<Index<FlowLog>>>,
}

impl<'n> Watch<'n> {
    pub(super) fn of(network: &'n Network) -> Self {
        // VPCs stand before subnets.
        let mut by_resource = vec![Vec::new(); network.vpcs.len() + network.subnets.len()];
        let mut by_interface: HashMap<_, Vec<_>> = HashMap::new();
        for (index, flow_log) in network.flow_logs.enumerate() {
            let resource = match flow_log.resource {
                FlowLogResource::Vpc(vpc) => vpc.position(),
                FlowLogResource::Subnet(subnet) => network.vpcs.len() + subnet.position(),
                FlowLogResource::NetworkInterface(interface) => {
                    by_interface.entry(interface).or_default().push(index);
                    continue;
                }
            };
            if let Some(logs) = by_resource.get_mut(resource) {
                logs.push(index);
            }
        }
        Self { network, by_resource, by_interface }
    }

    /// The flow logs that watch `interface`: those for which [`FlowLog::covers`] holds.
    pub(super) fn logs_of(&self, interface: Index<NetworkInterface>) -> impl Iterator<Item = Index<FlowLog>> {
        let subnet = self.network.network_interfaces[interface].subnet;
        let vpc = self.network.subnets[subnet].vpc;
        let is_shown = !self.network.is_in_no_subnet(interface);
        let of =
            move |resource: usize| self.by_resource.get(resource).filter(|_| is_shown).into_iter().flatten();
        let own = (!self.by_interface.is_empty()).then(|| self.by_interface.get(&interface)).flatten();
        of(vpc.position())
            .chain(of(self.network.vpcs.len() + subnet.position()))
            .chain(own.into_iter().flatten())
            .copied()
    }
}
