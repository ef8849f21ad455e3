//! Which flow logs watch an interface, or an attachment of a transit gateway.

use std::collections::HashMap;

use crate::model::{FlowLog, FlowLogResource, Index, Network, Vantage};

/// The flow logs of a network by what they watch.
#[derive(Debug)]
pub(super) struct Watch<'n> {
    network: &'n Network,
    by_resource: Vec<Vec<Index<FlowLog>>>,
    /// Those of one interface, or of attachments.
    by_vantage: HashMap<Vantage, Vec<Index<FlowLog>>>,
}

impl<'n> Watch<'n> {
    pub(super) fn of(network: &'n Network) -> Self {
        // VPCs stand before subnets.
        let mut by_resource = vec![Vec::new(); network.vpcs.len() + network.subnets.len()];
        let mut by_vantage: HashMap<Vantage, Vec<_>> = HashMap::new();
        for (index, flow_log) in network.flow_logs.enumerate() {
            let resource = match flow_log.resource {
                FlowLogResource::Vpc(vpc) => vpc.position(),
                FlowLogResource::Subnet(subnet) => network.vpcs.len() + subnet.position(),
                FlowLogResource::NetworkInterface(interface) => {
                    by_vantage.entry(interface.into()).or_default().push(index);
                    continue;
                }
                FlowLogResource::TransitGateway(_) | FlowLogResource::TransitGatewayAttachment(_) => {
                    let all = network.attachments().map(|(attachment, ..)| Vantage::from(attachment));
                    for vantage in all.filter(|vantage| flow_log.covers(network, *vantage)) {
                        by_vantage.entry(vantage).or_default().push(index);
                    }
                    continue;
                }
            };
            if let Some(logs) = by_resource.get_mut(resource) {
                logs.push(index);
            }
        }
        Self { network, by_resource, by_vantage }
    }

    /// The flow logs that watch `vantage`: those for which [`FlowLog::covers`] holds.
    pub(super) fn logs_of(&self, vantage: Vantage) -> impl Iterator<Item = Index<FlowLog>> {
        let network = self.network;
        let shown = vantage.interface().filter(|interface| !network.is_in_no_subnet(*interface));
        let around = shown.map(|interface| {
            let subnet = network.network_interfaces[interface].subnet;
            [network.subnets[subnet].vpc.position(), network.vpcs.len() + subnet.position()]
        });
        let around = around.into_iter().flatten();
        let own = (!self.by_vantage.is_empty()).then(|| self.by_vantage.get(&vantage)).flatten();
        around
            .filter_map(|resource| self.by_resource.get(resource))
            .flatten()
            .chain(own.into_iter().flatten())
            .copied()
    }
}
