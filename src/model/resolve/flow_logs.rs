//! Flow logs: what they watch.

use std::time::Duration;

use super::Resolver;
use super::names::nothing_called;
use crate::diagnostic::problems;
use crate::model::inventory::Reference;
use crate::model::network::Vpc;
use crate::model::{
    Arena, FlowLog, FlowLogResource, GatewayForm, Identity, Index, Network, NetworkInterface, RecordTimes,
    Skip, TrafficType, said,
};

impl Resolver<'_, '_> {
    pub(super) fn flow_logs(&mut self, network: &Network) -> Arena<FlowLog> {
        let Some(flow_logs) = &self.inventory.flow_logs else {
            return network.vpcs.enumerate().map(|(index, vpc)| default_flow_log(index, vpc)).collect();
        };
        let mut resolved = Arena::default();
        for flow_log in flow_logs {
            if self.observed && !self.is_watchable(&flow_log.resource) {
                continue; // of something that was not collected, of which there are no records to write
            }
            let Some(resource) = self.flow_log_resource(&flow_log.resource, network) else { continue };
            let skips = flow_log.skipdata.iter().filter_map(|skip| {
                let interface = match &skip.interface {
                    None => None,
                    Some(reference) => Some(self.interface(reference, network)?),
                };
                Some(Skip { at: skip.at.value, interface })
            });
            resolved.push(FlowLog {
                skipdata: skips.collect(),
                record_times: flow_log.record_times,
                identity: flow_log.identity.clone(),
                resource,
                traffic_type: flow_log.traffic_type,
                max_aggregation_interval: flow_log.max_aggregation_interval,
                log_format: flow_log.log_format.clone(),
                tag_fields: flow_log.tag_fields.clone(),
            });
        }
        resolved
    }

    fn is_watchable(&self, reference: &Reference) -> bool {
        let names = &self.names;
        let mut kinds = [&names.vpcs, &names.subnets, &names.network_interfaces].into_iter();
        kinds.any(|names| names.get(&reference.value).is_some())
    }

    fn flow_log_resource(&mut self, reference: &Reference, network: &Network) -> Option<FlowLogResource> {
        let text = &reference.value;
        let vpc = self.names.vpcs.get(text).map(|index| FlowLogResource::Vpc(Index::new(index)));
        let subnet = self.names.subnets.get(text).map(|index| FlowLogResource::Subnet(Index::new(index)));
        let known_interface =
            self.names.network_interfaces.get(text).is_some() || self.names.instances.get(text).is_some();
        let gateway = self.names.gateways.get(text).map(|found| &network.gateways[Index::new(found)].form);
        if let Some(GatewayForm::NatGateway(own)) = gateway
            && own.is_regional
        {
            return Some(FlowLogResource::NetworkInterface(own.network_interface));
        }
        match (vpc, subnet, known_interface) {
            (Some(vpc), None, false) => Some(vpc),
            (None, Some(subnet), false) => Some(subnet),
            (None, None, true) => self.interface(reference, network).map(FlowLogResource::NetworkInterface),
            (None, None, false) => {
                let known = self
                    .names
                    .vpcs
                    .iter()
                    .chain(self.names.subnets.iter())
                    .chain(self.names.instances.iter());
                let known = known.chain(self.names.network_interfaces.iter());
                let kind = "VPC, subnet, network interface or instance";
                let problem = nothing_called(reference, kind, self.inventory.is_confidential, known);
                self.problems.push(problem);
                None
            }
            _ => {
                let text = said(text, self.inventory.is_confidential);
                let message = format!("`{text}` names several things");
                let help = "use the id: `vpc-…`, `subnet-…` or `eni-…`";
                self.problems.push(problems::ambiguous_reference(reference.origin, message, help));
                None
            }
        }
    }

    /// The interface that `reference` names, itself or by an instance that has no other.
    fn interface(&mut self, reference: &Reference, network: &Network) -> Option<Index<NetworkInterface>> {
        if let Some(found) = self.names.network_interfaces.get(&reference.value) {
            return Some(Index::new(found));
        }
        let instance = self.names.instances.find(reference, self.problems).map(Index::new)?;
        let interfaces: Vec<_> = network.interfaces_of(instance).collect();
        if let [only] = interfaces.as_slice() {
            return Some(*only);
        }
        if interfaces.is_empty() && self.problems.has_errors() {
            return None; // it has some, and what is wrong with them is told
        }
        let text = said(&reference.value, self.inventory.is_confidential);
        let message = format!("instance `{text}` has {} network interfaces", interfaces.len());
        let help = "name the interface";
        self.problems.push(problems::ambiguous_reference(reference.origin, message, help));
        None
    }
}

/// Without a `flow_logs` key each VPC has one log of all traffic in the default format.
fn default_flow_log(vpc: Index<Vpc>, of: &Vpc) -> FlowLog {
    FlowLog {
        identity: Identity::default("fl", format!("fl-{}", of.identity.name), None),
        resource: FlowLogResource::Vpc(vpc),
        traffic_type: TrafficType::All,
        max_aggregation_interval: Duration::from_secs(600),
        log_format: None,
        tag_fields: Vec::new(),
        skipdata: Vec::new(),
        record_times: RecordTimes::default(),
    }
}
