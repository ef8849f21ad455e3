//! What VPC Lattice answers. It writes members small, and lists as `items`.
//! AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_Types.html>
//!
//! A call that lists and one that gets a single resource have members of the same names; the latter has more.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::List;
use crate::input::aws::json::Text;
use crate::input::aws::states::{
    LatticeAuthType, LatticeState, LatticeTargetStatus, LatticeTargetType, Word,
};
use crate::input::aws::table::Resource;

/// Declares resources, of which accounts that share one are told in words of their own.
/// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/sharing.html>
macro_rules! shared {
    ($($name:ident: $kind:literal;)*) => {
        $(impl Resource for $name<'_> {
            const KIND: &'static str = $kind;
            const IS_PER_SCOPE: bool = true;

            fn id(&self) -> &Text<'_> {
                &self.id
            }
        })*
    };
}

shared! {
    LatticeService: "service of VPC Lattice";
    LatticeListener: "listener of VPC Lattice";
    LatticeRule: "rule of VPC Lattice";
    LatticeTargetGroup: "target group of VPC Lattice";
    LatticeTarget: "target of VPC Lattice";
    ServiceNetwork: "service network";
    ServiceNetworkServiceAssociation: "association of a service";
    ServiceNetworkVpcAssociation: "association of a VPC";
}

shapes! {
    in "camelCase":
    LatticeService {
        id: Text<'a>,
        name: Option<Text<'a>>,
        /// Not in lists.
        auth_type: Option<Word<LatticeAuthType>>,
        dns_entry: Option<LatticeDnsEntry<'a>>,
        custom_domain_name: Option<Text<'a>>,
        status: Option<Word<LatticeState>>,
    }
    LatticeDnsEntry { domain_name: Option<Text<'a>> }
    LatticeListener {
        id: Text<'a>,
        arn: Text<'a>,
        port: Option<i64>,
        protocol: Option<Text<'a>>,
        /// Not in lists.
        default_action: Option<LatticeAction<'a>>,
    }
    LatticeRule {
        id: Text<'a>,
        arn: Text<'a>,
        priority: Option<i64>,
        is_default: Option<bool>,
        /// Not in lists.
        action: Option<LatticeAction<'a>>,
    }
    /// One of both.
    LatticeAction { fixed_response: Option<FixedResponse<'a>>, forward: Option<LatticeForward<'a>> }
    FixedResponse { status_code: Option<i64> }
    LatticeForward { target_groups: List<WeightedTargetGroup<'a>> }
    WeightedTargetGroup { target_group_identifier: Option<Text<'a>>, weight: Option<i64> }

    LatticeTargetGroup {
        id: Text<'a>,
        name: Option<Text<'a>>,
        port: Option<i64>,
        protocol: Option<Text<'a>>,
        r#type: Option<Word<LatticeTargetType>>,
        vpc_identifier: Option<Text<'a>>,
        status: Option<Word<LatticeState>>,
        /// Not in lists, which have its members among their own.
        config: Option<LatticeTargetGroupConfig<'a>>,
    }
    LatticeTargetGroupConfig {
        port: Option<i64>,
        protocol: Option<Text<'a>>,
        vpc_identifier: Option<Text<'a>>,
        protocol_version: Option<Text<'a>>,
        health_check: Option<LatticeHealthCheck<'a>>,
    }
    /// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_HealthCheckConfig.html>
    LatticeHealthCheck {
        enabled: Option<bool>,
        protocol: Option<Text<'a>>,
        port: Option<i64>,
        health_check_interval_seconds: Option<i64>,
        health_check_timeout_seconds: Option<i64>,
    }
    LatticeTarget { id: Text<'a>, port: Option<i64>, status: Option<Word<LatticeTargetStatus>> }

    ServiceNetwork {
        id: Text<'a>,
        name: Option<Text<'a>>,
        /// Not in lists.
        auth_type: Option<Word<LatticeAuthType>>,
        number_of_associated_services: Option<i64>,
        #[serde(rename = "numberOfAssociatedVPCs")]
        number_of_associated_vpcs: Option<i64>,
    }
    ServiceNetworkServiceAssociation {
        id: Text<'a>,
        service_id: Option<Text<'a>>,
        service_network_id: Option<Text<'a>>,
        status: Option<Word<LatticeState>>,
    }
    ServiceNetworkVpcAssociation {
        id: Text<'a>,
        vpc_id: Option<Text<'a>>,
        service_network_id: Option<Text<'a>>,
        /// Not in lists.
        security_group_ids: List<Text<'a>>,
        status: Option<Word<LatticeState>>,
    }
}
