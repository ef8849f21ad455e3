//! Flow logs: what they watch.

use std::time::Duration;

use super::Resolver;
use super::names::nothing_called;
use crate::diagnostic::{Located, problems};
use crate::model::inventory::Reference;
use crate::model::network::Vpc;
use crate::model::{
    Arena, FlowLog, FlowLogKind, FlowLogResource, GatewayForm, GatewayKind, Identity, Index, Network,
    NetworkInterface, RecordTimes, Skip, TrafficType, inventory, said,
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
            self.check_maker(flow_log, resource, network);
            let kind = self.inventory.flow_log_kind(flow_log);
            if kind == FlowLogKind::TransitGateway {
                self.check_transit_gateway_log(flow_log);
            }
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
                account: flow_log.account.as_ref().map(|account| account.value.clone()),
                identity: flow_log.identity.clone(),
                resource,
                traffic_type: flow_log.traffic_type.as_ref().map(|of| of.value).unwrap_or_default(),
                max_aggregation_interval: flow_log
                    .max_aggregation_interval
                    .as_ref()
                    .map_or(kind.default_interval(), |of| of.value),
                log_format: flow_log.log_format.clone(),
                tag_fields: flow_log.tag_fields.clone(),
            });
        }
        resolved
    }

    fn is_watchable(&self, reference: &Reference) -> bool {
        let names = &self.names;
        let mut kinds = [&names.vpcs, &names.subnets, &names.network_interfaces].into_iter();
        let is_transit = || {
            let transit = |own: &inventory::Gateway| {
                own.kind == GatewayKind::TransitGateway && own.identity.is(&reference.value)
            };
            self.inventory.gateways.iter().any(transit)
                || self.gateway_of_attachment(&reference.value).is_some()
        };
        kinds.any(|names| names.get(&reference.value).is_some()) || is_transit()
    }

    /// What AWS refuses in flow logs of transit gateways: a traffic type, and any interval but 60 seconds.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/tgw/flow-logs-api-cli.html>
    fn check_transit_gateway_log(&mut self, log: &inventory::FlowLog) {
        let name = log.identity.said(self.observed).to_owned();
        if let Some(kept) = log.traffic_type.as_ref().filter(|_| !self.observed) {
            let message = format!("`{name}` is of a transit gateway, whose flow logs have no traffic type");
            let help = "leave `traffic_type` out: a transit gateway neither accepts nor rejects";
            self.problems.push(problems::mismatch(kept.origin, message, help));
        }
        let only = FlowLogKind::TransitGateway.default_interval();
        let is_other = |interval: &&Located<Duration>| interval.value != only;
        if let Some(interval) = log.max_aggregation_interval.as_ref().filter(is_other) {
            let message =
                format!("`{name}` is of a transit gateway, whose flow logs have an interval of 60 seconds");
            let help = "leave `max_aggregation_interval` out, or make it 60";
            self.problems.push(problems::mismatch(interval.origin, message, help));
        }
        if !log.tag_fields.is_empty() {
            let message = format!("`{name}` is of a transit gateway, whose flow logs show no tags");
            let help = "leave `tag_field_specifications` out";
            self.problems.push(problems::no_effect(log.identity.origin, message, help));
        }
        for lost in log.skipdata.iter().filter_map(|skip| skip.interface.as_ref()) {
            let message = format!("`{name}` is of a transit gateway, and watches no network interface");
            let help = "leave `interface` out: the records of all its attachments are lost in that window";
            self.problems.push(problems::mismatch(lost.origin, message, help));
        }
    }

    /// The transit gateway, or the attachment of one, that `reference` names.
    fn transit_resources(&self, reference: &Reference, network: &Network) -> Vec<FlowLogResource> {
        let gateway = self.names.gateways.get(&reference.value).map(Index::new);
        let gateway = gateway.filter(|own| network.gateways[*own].kind == GatewayKind::TransitGateway);
        let is_called = |at: &Index<_>| {
            network.attached(*at).is_some_and(|of| of.attachment.identity.is(&reference.value))
        };
        let attachments = network.attachments().map(|(attachment, ..)| attachment).filter(is_called);
        let gateway = gateway.map(FlowLogResource::TransitGateway).into_iter();
        gateway.chain(attachments.map(FlowLogResource::TransitGatewayAttachment)).collect()
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
        let transit = self.transit_resources(reference, network);
        let is_other = vpc.is_some() || subnet.is_some() || known_interface;
        match transit.as_slice() {
            [] => {}
            [only] if !is_other => return Some(*only),
            [_, _, ..] if self.observed => {
                let text = said(text, self.inventory.is_confidential);
                let message = format!(
                    "`{text}` is an attachment of several transit gateways, and which is watched is not told"
                );
                let help = "both ends of a peering have one id: the flow log has no records here, one of a whole transit gateway has";
                self.problems.push(problems::not_modelled(reference.origin, message, help));
                return None;
            }
            _ => return self.names_several(reference),
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
                let known = known.chain(self.names.gateways.iter());
                let attachments = self.inventory.gateways.iter().flat_map(|gateway| match &gateway.form {
                    inventory::GatewayForm::TransitGateway(own) => own.attachments.as_slice(),
                    _ => &[],
                });
                let known = known.chain(attachments.map(|of| of.identity.name.as_str()));
                let kind = "VPC, subnet, network interface, instance or transit gateway";
                let problem = nothing_called(reference, kind, self.inventory.is_confidential, known);
                self.problems.push(problem);
                None
            }
            _ => self.names_several(reference),
        }
    }

    fn names_several(&mut self, reference: &Reference) -> Option<FlowLogResource> {
        let text = said(&reference.value, self.inventory.is_confidential);
        let message = format!("`{text}` names several things");
        let help = "use the id: `vpc-…`, `subnet-…`, `eni-…` or `tgw-…`; of a peering, whose ends have one id, the name";
        self.problems.push(problems::ambiguous_reference(reference.origin, message, help));
        None
    }

    /// The interface that `reference` names, itself or by an instance that has no other.
    /// The interface that `reference` names, or that of an instance which has no other.
    pub(super) fn interface(
        &mut self,
        reference: &Reference,
        network: &Network,
    ) -> Option<Index<NetworkInterface>> {
        if let Some(found) = self.names.network_interfaces.get(&reference.value) {
            // Where nothing has a subnet, no interface came to be, and what is wrong is told.
            return (found < network.network_interfaces.len()).then(|| Index::new(found));
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
        max_aggregation_interval: FlowLogKind::Vpc.default_interval(),
        log_format: None,
        tag_fields: Vec::new(),
        account: None,
        skipdata: Vec::new(),
        record_times: RecordTimes::default(),
    }
}
