//! What Amazon EC2 answers of transit gateways.
//! AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGateway.html>

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::{List, Tags};
use crate::input::aws::json::Text;
use crate::input::aws::states::{self, GatewayState, TransitAssociationState, Word};
use crate::input::aws::table::Resource;
use crate::model::Availability;

resources! {
    TransitGateway: "transit gateway", transit_gateway_id;
    TransitGatewayRouteTable: "route table of a transit gateway", transit_gateway_route_table_id;
    TransitGatewayVpcAttachment: "VPC attachment of a transit gateway", transit_gateway_attachment_id;
    TransitGatewayAssociation: "association of a transit gateway", transit_gateway_attachment_id;
    TransitGatewayPropagation: "propagation of a transit gateway", transit_gateway_attachment_id;
}

/// A peering is an attachment of two gateways under one id, and each side is told in its own words.
impl Resource for TransitGatewayAttachment<'_> {
    const KIND: &'static str = "attachment of a transit gateway";
    const IS_PER_SCOPE: bool = true;

    fn id(&self) -> &Text<'_> {
        &self.transit_gateway_attachment_id
    }
}

/// As [`TransitGatewayAttachment`].
impl Resource for TransitGatewayPeeringAttachment<'_> {
    const KIND: &'static str = "peering attachment of a transit gateway";
    const IS_PER_SCOPE: bool = true;

    fn id(&self) -> &Text<'_> {
        &self.transit_gateway_attachment_id
    }
}

shapes! {
    TransitGateway {
        transit_gateway_id: Text<'a>,
        state: Option<Word<GatewayState>>,
        owner_id: Option<Text<'a>>,
        options: Option<TransitGatewayOptions<'a>>,
        tags: Tags<'a>,
    }
    TransitGatewayOptions { security_group_referencing_support: Option<Text<'a>> }
    TransitGatewayAttachment {
        transit_gateway_attachment_id: Text<'a>,
        transit_gateway_id: Text<'a>,
        resource_type: Option<Text<'a>>,
        resource_id: Option<Text<'a>>,
        state: Option<Word<(&'static str, Availability)>>,
        association: Option<TransitGatewayAttachmentAssociation<'a>>,
    }
    TransitGatewayAttachmentAssociation {
        transit_gateway_route_table_id: Option<Text<'a>>,
        state: Option<Word<TransitAssociationState>>,
    }
    TransitGatewayVpcAttachment {
        transit_gateway_attachment_id: Text<'a>,
        transit_gateway_id: Text<'a>,
        vpc_id: Text<'a>,
        subnet_ids: List<Text<'a>>,
        state: Option<Word<(&'static str, Availability)>>,
        options: Option<TransitGatewayVpcAttachmentOptions<'a>>,
    }
    TransitGatewayVpcAttachmentOptions {
        appliance_mode_support: Option<Text<'a>>,
        ipv6_support: Option<Text<'a>>,
        security_group_referencing_support: Option<Text<'a>>,
    }
    TransitGatewayPeeringAttachment {
        transit_gateway_attachment_id: Text<'a>,
        requester_tgw_info: Option<PeeringTgwInfo<'a>>,
        accepter_tgw_info: Option<PeeringTgwInfo<'a>>,
        state: Option<Word<(&'static str, Availability)>>,
    }
    PeeringTgwInfo { transit_gateway_id: Option<Text<'a>> }
    TransitGatewayRouteTable {
        transit_gateway_route_table_id: Text<'a>,
        transit_gateway_id: Text<'a>,
        state: Option<Word<states::TransitTableState>>,
    }
    TransitGatewayRoute {
        destination_cidr_block: Option<Text<'a>>,
        prefix_list_id: Option<Text<'a>>,
        transit_gateway_attachments: List<TransitGatewayRouteAttachment<'a>>,
        r#type: Option<Text<'a>>,
        state: Option<Word<states::TransitRouteState>>,
    }
    TransitGatewayRouteAttachment { transit_gateway_attachment_id: Option<Text<'a>> }
    TransitGatewayAssociation {
        transit_gateway_attachment_id: Text<'a>,
        state: Option<Word<TransitAssociationState>>,
    }
    TransitGatewayPropagation { transit_gateway_attachment_id: Text<'a>, state: Option<Text<'a>> }
    /// As a collector wraps the static routes of each table.
    CollectedRoutes {
        transit_gateway_route_table_id: Text<'a>,
        routes: List<TransitGatewayRoute<'a>>,
        additional_routes_available: Option<bool>,
    }
    /// As a collector wraps the propagations of each table.
    CollectedPropagations {
        transit_gateway_route_table_id: Text<'a>,
        transit_gateway_route_table_propagations: List<TransitGatewayPropagation<'a>>,
    }
}
