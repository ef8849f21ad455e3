//! Gateways: attached to their VPCs, with the route tables that are theirs.

use std::collections::{BTreeMap, HashSet};

use super::assemble::Assembly;
use super::convert::name_tag;
use super::json::Read;
use super::names::UniqueNames;
use super::shapes::GatewayAttachment;
use super::states::{AttachmentState, Word};
use super::table::Resource;
use crate::diagnostic::{Diagnostics, problems};
use crate::model::inventory::{self, Reference};
use crate::model::{GatewayKind, Identity};

impl Assembly<'_, '_, '_> {
    pub(super) fn gateways(&mut self) {
        let answers = self.answers;
        let tables = answers.tables_of_gateways(self.problems);
        let igws = answers.internet_gateways.iter().map(|read| (read.value.id(), read.value.tags.as_ref()));
        let eigws = answers
            .egress_only_internet_gateways
            .iter()
            .map(|read| (read.value.id(), read.value.tags.as_ref()));
        let peerings = answers.peerings.iter().map(|read| (read.value.id(), read.value.tags.as_ref()));
        let vgws = answers.vpn_gateways.iter().map(|read| (read.value.id(), read.value.tags.as_ref()));
        let tgws = answers.transit_gateways.iter().map(|read| (read.value.id(), read.value.tags.as_ref()));
        let tagged = igws.chain(eigws).chain(peerings).chain(vgws).chain(tgws);
        let all = tagged.map(|(id, tags)| (id.as_str(), name_tag(tags)));
        let others = answers
            .gateways
            .iter()
            .filter_map(|(kind, gateway)| Some((gateway.value.id(*kind)?.as_str(), None)));
        let named = UniqueNames::of(all.chain(others));
        for gateway in answers.internet_gateways.iter() {
            let identity = gateway.identity(named.keep(name_tag(gateway.value.tags.as_ref())));
            let route_table = tables.get(identity.id.as_str()).cloned();
            let vpc = attached(gateway, &gateway.value.attachments, self.problems);
            let kind = GatewayKind::InternetGateway;
            let gateway = inventory::Gateway::new(identity, kind, vpc);
            self.inventory.gateways.push(inventory::Gateway { route_table, ..gateway });
        }
        for gateway in answers.egress_only_internet_gateways.iter() {
            let identity = gateway.identity(named.keep(name_tag(gateway.value.tags.as_ref())));
            let vpc = attached(gateway, &gateway.value.attachments, self.problems);
            let kind = GatewayKind::EgressOnlyInternetGateway;
            self.inventory.gateways.push(inventory::Gateway::new(identity, kind, vpc));
        }
        self.transit_gateways(&named);
        self.peerings(&named);
        self.vpn_gateways(&named, &tables);
        let mut seen = HashSet::new();
        let mut counts: BTreeMap<GatewayKind, usize> = BTreeMap::new();
        for (kind, gateway) in &answers.gateways {
            let Some(id) = gateway.value.id(*kind) else { continue };
            if seen.insert(id.as_str()) {
                *counts.entry(*kind).or_default() += 1;
                let origin = gateway.file.origin(id.as_str());
                let id = id.as_str().to_owned();
                let identity = Identity { name: id.clone(), id, origin };
                self.inventory.gateways.push(inventory::Gateway::new(identity, *kind, None));
            }
        }
        for (kind, count) in counts {
            let message = format!("gateways of the kind `{kind}` are not simulated: {count} found");
            let help = "paths through them end as `unknown`; everything else is computed";
            self.problems.push(problems::not_modelled(None, message, help));
        }
    }
}

/// The VPC that a gateway is attached to: at most one.
pub(super) fn attached<T: Resource>(
    gateway: &Read<'_, T>,
    attachments: &[GatewayAttachment<'_>],
    problems: &mut Diagnostics,
) -> Option<Reference> {
    let mut vpcs = attachments
        .iter()
        .enumerate()
        .filter(|(_, attachment)| attachment.state != Some(Word(AttachmentState::Gone)))
        .map(|(at, attachment)| (at, &attachment.vpc_id));
    let (_, vpc) = vpcs.next()?;
    if let Some((at, other)) = vpcs.find(|(_, other)| *other != vpc) {
        let message = "is attached to two VPCs";
        gateway.contradict(other, format_args!("Attachments[{at}].VpcId"), message, problems);
    }
    Some(gateway.reference(vpc))
}
