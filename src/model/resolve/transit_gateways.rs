//! Transit gateways: attachments become indices, are associated with tables, and what AWS refuses is diagnosed.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html>

use std::collections::{BTreeMap, BTreeSet};

use super::Resolver;
use super::transit_route_tables::default_table;
use crate::diagnostic::problems;
use crate::model::inventory::{self, Reference};
use crate::model::{
    Association, AttachedResource, CustomerNetwork, Identity, Index, Network, NetworkInterface,
    TransitGateway, TransitGatewayAttachment, zone_of,
};

impl Resolver<'_, '_> {
    /// Resolves the form of the transit gateway `of`.
    pub(super) fn transit_gateway(
        &mut self,
        read: &inventory::TransitGateway,
        of: &inventory::Gateway,
        network: &Network,
    ) -> TransitGateway {
        let written = &read.attachments;
        let mut attachments: Vec<TransitGatewayAttachment> = written
            .iter()
            .map(|attachment| TransitGatewayAttachment {
                identity: attachment.identity.clone(),
                resource: self.attached_resource(attachment, of, network),
                availability: attachment.availability,
                association: Association::None,
                appliance_mode: self.option(attachment.appliance_mode, false),
                security_group_referencing: self.option(attachment.security_group_referencing, true),
            })
            .collect();
        if !self.observed {
            self.check_attachments(&attachments);
        }
        let default_tables;
        let tables = match &read.route_tables {
            Some(tables) => tables,
            None => {
                default_tables = [default_table(of, written)];
                &default_tables[..]
            }
        };
        self.associate(&mut attachments, written, tables);
        let route_tables = tables
            .iter()
            .map(|table| self.transit_route_table(table, written, &attachments, network))
            .collect();
        let attached = |own: &TransitGatewayAttachment| match own.resource {
            AttachedResource::Vpc { vpc, .. } => vpc,
            AttachedResource::Peering { .. } | AttachedResource::Customer { .. } => None,
        };
        let of_vpcs = attachments.iter().find_map(attached).map(|vpc| network.vpcs[vpc].region.clone());
        let region = read.region.clone().or(of_vpcs).unwrap_or_else(|| self.inventory.region.clone());
        TransitGateway {
            attachments,
            account: read.account.clone().unwrap_or_else(|| self.inventory.account.clone()),
            region,
            route_tables,
            security_group_referencing: self.option(read.security_group_referencing, false),
            is_whole: !self.observed,
        }
    }

    /// An option as it was said, or AWS's default; of what AWS answered nothing is known that was not said.
    pub(super) fn option(&self, said: Option<bool>, default: bool) -> Option<bool> {
        said.or((!self.observed).then_some(default))
    }

    fn attached_resource(
        &mut self,
        attachment: &inventory::TransitGatewayAttachment,
        of: &inventory::Gateway,
        network: &Network,
    ) -> AttachedResource {
        match &attachment.resource {
            inventory::AttachedResource::Vpc { vpc, network_interfaces } => {
                let found = if self.observed {
                    self.names.vpcs.get(&vpc.value)
                } else {
                    self.names.vpcs.find(vpc, self.problems)
                };
                let vpc_index = found.map(Index::new);
                let mut cards = Vec::new();
                for reference in network_interfaces {
                    cards.extend(self.own_interface(reference, network));
                }
                for card in cards.iter().filter(|card| Some(network.vpc_of(**card)) != vpc_index) {
                    if let Some(vpc) = vpc_index.filter(|_| !self.observed) {
                        let subnet = &network.subnets[network.network_interfaces[*card].subnet].identity;
                        let message =
                            format!("subnet `{subnet}` is not in VPC `{}`", network.vpcs[vpc].identity);
                        let help = "an attachment has subnets of the VPC that it attaches";
                        self.problems.push(problems::mismatch(attachment.identity.origin, message, help));
                    }
                }
                if !self.observed && network_interfaces.is_empty() {
                    // AWS: https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
                    let message = format!("attachment `{}` has no subnets", attachment.identity.name);
                    let help = "a VPC is attached with at least one of its subnets: `subnets`";
                    self.problems.push(problems::mismatch(attachment.identity.origin, message, help));
                }
                if !self.observed {
                    self.check_zones(attachment, &cards, network);
                }
                // One that was not collected is of some zone.
                let is_whole = cards.len() == network_interfaces.len();
                AttachedResource::Vpc { vpc: vpc_index, network_interfaces: cards, is_whole }
            }
            inventory::AttachedResource::Peering(other) => {
                let found = if self.observed {
                    self.names.gateways.get(&other.value)
                } else {
                    self.names.gateways.find(other, self.problems)
                };
                let half =
                    found.and_then(|found| Some((Index::new(found), self.half(found, attachment, of)?)));
                if let (Some(_), None, false) = (found, half, self.observed) {
                    let message =
                        format!("`{}` has no attachment that peers with `{}`", other.value, of.identity.name);
                    let help = "a peering of transit gateways is an attachment of both: write it at the other one too";
                    self.problems.push(problems::mismatch(other.origin, message, help));
                }
                AttachedResource::Peering { other: half }
            }
            inventory::AttachedResource::Customer(kind) => {
                AttachedResource::Customer { kind: *kind, networks: self.networks_behind(attachment, of) }
            }
        }
    }

    /// The customer networks that name an attachment, or its gateway where that has no other one that leads to any.
    fn networks_behind(
        &self,
        attachment: &inventory::TransitGatewayAttachment,
        of: &inventory::Gateway,
    ) -> Vec<Index<CustomerNetwork>> {
        let is_customer = |own: &&inventory::TransitGatewayAttachment| {
            matches!(own.resource, inventory::AttachedResource::Customer(_))
        };
        let is_only = match &of.form {
            inventory::GatewayForm::TransitGateway(own) => {
                own.attachments.iter().filter(is_customer).count() == 1
            }
            _ => false,
        };
        let names =
            |via: &Reference| attachment.identity.is(&via.value) || (is_only && of.identity.is(&via.value));
        let networks = self.inventory.customer_networks.iter().enumerate();
        networks.filter(|(_, network)| network.via.iter().any(names)).map(|(at, _)| Index::new(at)).collect()
    }

    /// The transit gateway that has the attachment which is called `name`.
    pub(super) fn gateway_of_attachment(&self, name: &str) -> Option<usize> {
        self.inventory.gateways.iter().position(|gateway| match &gateway.form {
            inventory::GatewayForm::TransitGateway(own) => {
                own.attachments.iter().any(|attachment| attachment.identity.is(name))
            }
            _ => false,
        })
    }

    /// The attachment of the other gateway that is the other half of a peering: the one with the same id, or else the
    /// first that peers with this gateway.
    fn half(
        &self,
        other: usize,
        attachment: &inventory::TransitGatewayAttachment,
        of: &inventory::Gateway,
    ) -> Option<usize> {
        let inventory::GatewayForm::TransitGateway(other) = &self.inventory.gateways.get(other)?.form else {
            return None;
        };
        let peers = |half: &inventory::TransitGatewayAttachment| matches!(&half.resource, inventory::AttachedResource::Peering(back) if of.identity.is(&back.value));
        let halves = || other.attachments.iter().enumerate().filter(|(_, half)| peers(half));
        let same = halves().find(|(_, half)| half.identity.id == attachment.identity.id);
        same.or_else(|| halves().next()).map(|(position, _)| position)
    }

    /// AWS: an attachment has at most one subnet of each zone.
    /// <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html>
    fn check_zones(
        &mut self,
        attachment: &inventory::TransitGatewayAttachment,
        cards: &[Index<NetworkInterface>],
        network: &Network,
    ) {
        let mut zones = BTreeSet::new();
        if let Some(zone) = cards.iter().map(|card| zone_of(network, *card)).find(|zone| !zones.insert(*zone))
        {
            let message = format!("attachment `{}` has two subnets in zone {zone}", attachment.identity.name);
            let help = "an attachment has one subnet of each zone; give subnets an `availability_zone_id`";
            self.problems.push(problems::mismatch(attachment.identity.origin, message, help));
        }
    }

    /// AWS: a VPC is attached to a gateway once.
    /// <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html>
    fn check_attachments(&mut self, attachments: &[TransitGatewayAttachment]) {
        let mut attached: BTreeMap<_, &Identity> = BTreeMap::new();
        for attachment in attachments.iter().filter(|attachment| attachment.availability.is_available()) {
            let AttachedResource::Vpc { vpc: Some(vpc), .. } = attachment.resource else { continue };
            if let Some(first) = attached.insert(vpc, &attachment.identity) {
                let message =
                    format!("`{}` attaches a VPC that `{}` attaches", attachment.identity.name, first.name);
                let help = "a VPC is attached to a transit gateway once; give one attachment all subnets";
                let problem = problems::mismatch(attachment.identity.origin, message, help);
                self.problems.push(problem.related(first.origin, "the first one"));
            }
        }
    }

    /// Notes which table each attachment is associated with.
    fn associate(
        &mut self,
        attachments: &mut [TransitGatewayAttachment],
        written: &[inventory::TransitGatewayAttachment],
        tables: &[inventory::TransitGatewayRouteTable],
    ) {
        if tables.iter().any(|table| table.associations.is_none()) || (tables.is_empty() && self.observed) {
            for attachment in attachments.iter_mut() {
                attachment.association = Association::NotCollected;
            }
        }
        for (attachment, _) in
            attachments.iter_mut().zip(written).filter(|(_, written)| written.association_unknown)
        {
            attachment.association = Association::NotCollected;
        }
        for (position, table) in tables.iter().enumerate() {
            for reference in table.associations.iter().flatten() {
                let Some(found) = self.attachment(reference, written) else { continue };
                let Some(attachment) = attachments.get_mut(found) else { continue };
                if let Association::Table(first) = attachment.association {
                    let other =
                        tables.get(first).map(|table| table.identity.said(self.observed)).unwrap_or_default();
                    let message = format!(
                        "attachment `{}` is associated with `{other}` already",
                        attachment.identity.said(self.observed)
                    );
                    let help = "an attachment is associated with one route table";
                    self.problems.push(problems::mismatch(reference.origin, message, help));
                }
                attachment.association = Association::Table(position);
            }
        }
    }

    /// The attachment that `reference` names; diagnosed when there is none.
    pub(super) fn attachment(
        &mut self,
        reference: &Reference,
        written: &[inventory::TransitGatewayAttachment],
    ) -> Option<usize> {
        let found = written.iter().position(|attachment| attachment.identity.is(&reference.value));
        if found.is_none() && !self.observed {
            let known = written.iter().map(|attachment| attachment.identity.name.as_str());
            let kind = "attachment of this transit gateway";
            self.problems.push(problems::unknown_reference(reference.origin, kind, &reference.value, known));
        }
        found
    }
}
