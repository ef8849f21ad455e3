//! Which nodes are drawn in which box: a VPC, and in it a zone.

use std::collections::BTreeMap;

use petgraph::graph::NodeIndex;

use super::label::Label;
use super::{Graph, Home, Node};
use crate::model::Subnet;

/// A VPC, drawn.
#[derive(Debug, Default)]
pub(super) struct VpcBox {
    /// What is written at it.
    pub(super) label: Label,
    /// Its zones by name, each with its subnets and what stands in them.
    pub(super) zones: Vec<(String, Vec<NodeIndex>)>,
    /// What stands in none of its subnets.
    pub(super) nodes: Vec<NodeIndex>,
}

impl Graph<'_> {
    /// Every VPC with its nodes, in the order of VPCs.
    pub(super) fn vpc_boxes(&self) -> Vec<VpcBox> {
        let network = self.network;
        let mut zones = vec![BTreeMap::<&str, Vec<NodeIndex>>::new(); network.vpcs.len()];
        let mut boxes: Vec<VpcBox> = Vec::with_capacity(network.vpcs.len());
        for (vpc, _) in network.vpcs.enumerate() {
            boxes.push(VpcBox { label: self.label(&Node::Vpc(vpc)), ..VpcBox::default() });
        }
        for (index, node) in self.nodes() {
            match self.home(node) {
                Home::Subnet(subnet) => {
                    let Subnet { vpc, availability_zone_id, .. } = &network.subnets[subnet];
                    if let Some(zones) = zones.get_mut(vpc.position()) {
                        zones.entry(availability_zone_id).or_default().push(index);
                    }
                }
                Home::Vpc(vpc) => {
                    if let Some(of) = boxes.get_mut(vpc.position()) {
                        of.nodes.push(index);
                    }
                }
                Home::Outside => {}
            }
        }
        for (of, zones) in boxes.iter_mut().zip(zones) {
            let name = |zone: &str| match zone {
                "" => "zone not known".to_owned(),
                zone => crate::diagnostic::escape(zone),
            };
            of.zones = zones.into_iter().map(|(zone, nodes)| (name(zone), nodes)).collect();
        }
        boxes
    }
}
