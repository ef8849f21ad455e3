//! The attachments of transit gateways, of which several calls tell.

use std::collections::HashSet;

use super::super::assemble::Assembly;
use super::super::json::{Read, Text};
use super::super::shapes::{
    NetworkInterface, TransitGatewayAttachment, TransitGatewayPeeringAttachment, TransitGatewayVpcAttachment,
    TransitGatewayVpcAttachmentOptions,
};
use super::super::states::{TransitAssociationState as AssociationState, Word};
use super::super::table::Resource;
use super::is_enabled;
use crate::input::shape::RESOURCE_TYPES;
use crate::model::Availability;
use crate::model::inventory::{self, AttachedResource};

/// A state of an attachment, and whether packets pass in it.
type State = (&'static str, Availability);

/// As good as the state of an attachment whose route table is just changing.
const MODIFYING: State = ("modifying", Availability::Undocumented("modifying"));

impl Assembly<'_, '_, '_> {
    /// The attachments of a gateway, each once: what is told of one kind alone says more than what is told of all.
    pub(super) fn attachments(&self, gateway: &str) -> Vec<inventory::TransitGatewayAttachment> {
        let answers = self.answers;
        let mut seen = HashSet::new();
        let mut all = Vec::new();
        for own in answers.transit_gateway_vpc_attachments.iter() {
            if own.value.transit_gateway_id.as_str() == gateway && seen.insert(own.value.id().as_str()) {
                all.push(self.vpc_attachment(own));
            }
        }
        for own in answers.transit_gateway_peering_attachments.iter() {
            let peers = peering(own, gateway).filter(|_| !seen.contains(own.value.id().as_str()));
            if let Some(attachment) = peers {
                seen.insert(own.value.id().as_str());
                all.push(attachment);
            }
        }
        for own in answers.transit_gateway_attachments.iter() {
            if own.value.transit_gateway_id.as_str() == gateway && seen.insert(own.value.id().as_str()) {
                all.extend(any_attachment(own));
            }
        }
        for own in all.iter_mut().filter(|own| own.availability.is_available()) {
            if self.association_is_changing(gateway, &own.identity.id) {
                (own.state, own.availability) = MODIFYING;
            }
        }
        // Where nobody was asked about attachments, the tables say that theirs are not known.
        let are_told =
            answers.transit_gateway_attachments.len() == 0 || self.every_table_tells_associations(gateway);
        for own in all.iter_mut().filter(|_| !are_told) {
            let mut described = answers.transit_gateway_attachments.iter().map(|read| read.value.id());
            own.association_unknown = !described.any(|id| id.as_str() == own.identity.id);
        }
        all
    }

    /// Whether each route table of `gateway` told itself which attachments are associated with it: others are with none.
    fn every_table_tells_associations(&self, gateway: &str) -> bool {
        let told = &self.answers.transit_gateway_tables.associations;
        let mut tables = self.answers.transit_gateway_route_tables.iter().map(|table| &table.value);
        tables.all(|table| {
            table.transit_gateway_id.as_str() != gateway
                || told.get(table.id().as_str()).is_some_and(Option::is_some)
        })
    }

    /// Whether an attachment of `gateway` is just being associated with a route table, or no more.
    fn association_is_changing(&self, gateway: &str, attachment: &str) -> bool {
        let answers = self.answers;
        let is_changing =
            |state: Option<Word<AssociationState>>| state == Some(Word(AssociationState::Changing));
        let mut own = answers
            .transit_gateway_attachments
            .iter()
            .map(|own| &own.value)
            .filter(|own| own.transit_gateway_id.as_str() == gateway && own.id().as_str() == attachment);
        let tables = answers.transit_gateway_route_tables.iter().map(|table| &table.value);
        let mut told = tables
            .filter(|table| table.transit_gateway_id.as_str() == gateway)
            .filter_map(|table| {
                answers.transit_gateway_tables.associations.get(table.id().as_str())?.as_ref()
            })
            .flatten()
            .filter(|own| own.value.transit_gateway_attachment_id.as_str() == attachment);
        own.any(|own| own.association.as_ref().is_some_and(|own| is_changing(own.state)))
            || told.any(|own| is_changing(own.value.state))
    }

    /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayVpcAttachment.html>
    fn vpc_attachment(
        &self,
        own: &Read<'_, TransitGatewayVpcAttachment<'_>>,
    ) -> inventory::TransitGatewayAttachment {
        let options = own.value.options.as_ref();
        let option = |of: fn(&TransitGatewayVpcAttachmentOptions<'_>) -> Option<bool>| options.and_then(of);
        let id = own.value.id();
        let subnets = own.value.subnet_ids.iter().flatten();
        let network_interfaces = subnets.map(|subnet| match self.interface_of(id, subnet) {
            Some(interface) => own.reference(interface),
            // Not collected: a reference to nothing stands for it.
            None => own.reference(subnet),
        });
        let mut network_interfaces: Vec<_> = network_interfaces.collect();
        if network_interfaces.is_empty() {
            // AWS attaches a VPC with one subnet at least, so that these were not told.
            network_interfaces.push(own.reference(id));
        }
        inventory::TransitGatewayAttachment {
            appliance_mode: option(|options| is_enabled(options.appliance_mode_support.as_ref())),
            security_group_referencing: option(|options| {
                is_enabled(options.security_group_referencing_support.as_ref())
            }),
            ipv6_support: option(|options| is_enabled(options.ipv6_support.as_ref())),
            ..attachment(
                own,
                AttachedResource::Vpc { vpc: own.reference(&own.value.vpc_id), network_interfaces },
                own.value.state,
            )
        }
    }

    /// The interface of an attachment in a subnet: the only one of a transit gateway there, or the one that says whose
    /// it is.
    fn interface_of(&self, attachment: &Text<'_>, subnet: &Text<'_>) -> Option<&Text<'_>> {
        let all = self.answers.network_interfaces.iter().map(|card| &card.value).filter(|card| {
            let is_transit =
                card.interface_type.as_ref().is_some_and(|kind| kind.as_str() == "transit_gateway");
            is_transit && card.subnet_id.as_ref() == Some(subnet)
        });
        let all: Vec<_> = all.collect();
        let says = |card: &&&NetworkInterface<'_>| {
            card.description.as_ref().is_some_and(|text| text.as_str().ends_with(attachment.as_str()))
        };
        match all.as_slice() {
            [only] => Some(*only),
            several => several.iter().find(says).copied(),
        }
        .map(|card| &card.network_interface_id)
    }
}

fn attachment<T: Resource>(
    own: &Read<'_, T>,
    resource: AttachedResource,
    state: Option<Word<State>>,
) -> inventory::TransitGatewayAttachment {
    let Word((state, availability)) = state.unwrap_or(Word(("unknown", Availability::NotCollected)));
    inventory::TransitGatewayAttachment {
        identity: own.identity(None),
        resource,
        state,
        availability,
        association_unknown: false,
        appliance_mode: None,
        security_group_referencing: None,
        ipv6_support: None,
    }
}

/// The half of a peering that belongs to `gateway`.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayPeeringAttachment.html>
fn peering(
    own: &Read<'_, TransitGatewayPeeringAttachment<'_>>,
    gateway: &str,
) -> Option<inventory::TransitGatewayAttachment> {
    let sides = [&own.value.requester_tgw_info, &own.value.accepter_tgw_info];
    let [one, other] = sides.map(|side| side.as_ref().and_then(|side| side.transit_gateway_id.as_ref()));
    let is_own = |side: Option<&Text<'_>>| side.is_some_and(|id| id.as_str() == gateway);
    let far = match (is_own(one), is_own(other)) {
        (true, _) => other?,
        (false, true) => one?,
        (false, false) => return None,
    };
    Some(attachment(own, AttachedResource::Peering(own.reference(far)), own.value.state))
}

/// What is told of attachments of every kind. One that nobody knows is left out, so that its routes are unknown.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayAttachment.html>
fn any_attachment(
    own: &Read<'_, TransitGatewayAttachment<'_>>,
) -> Option<inventory::TransitGatewayAttachment> {
    let kind = own.value.resource_type.as_ref()?.as_str();
    let resource = own.value.resource_id.as_ref();
    let resource = match (kind, resource) {
        // Its interfaces are told by another call: this reference to nothing stands for them.
        ("vpc", Some(vpc)) => AttachedResource::Vpc {
            vpc: own.reference(vpc),
            network_interfaces: vec![own.reference(own.value.id())],
        },
        ("peering" | "tgw-peering", Some(other)) => AttachedResource::Peering(own.reference(other)),
        (kind, _) => {
            let listed = RESOURCE_TYPES.iter().find(|(name, _)| *name == kind);
            AttachedResource::Customer(listed?.1)
        }
    };
    Some(attachment(own, resource, own.value.state))
}
