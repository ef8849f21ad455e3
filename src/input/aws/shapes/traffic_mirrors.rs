//! What EC2 answers of Traffic Mirroring.
//! AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TrafficMirrorSession.html>,
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TrafficMirrorTarget.html>,
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TrafficMirrorFilter.html>

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::{List, Tags};
use crate::input::aws::json::Text;
use crate::input::aws::table::Resource;

resources! {
    TrafficMirrorSession: "traffic mirror session", traffic_mirror_session_id;
    TrafficMirrorTarget: "traffic mirror target", traffic_mirror_target_id;
    TrafficMirrorFilter: "traffic mirror filter", traffic_mirror_filter_id;
}

shapes! {
    TrafficMirrorSession {
        traffic_mirror_session_id: Text<'a>,
        traffic_mirror_target_id: Text<'a>,
        traffic_mirror_filter_id: Text<'a>,
        network_interface_id: Text<'a>,
        session_number: i64,
        packet_length: Option<i64>,
        tags: Tags<'a>,
    }
    TrafficMirrorTarget {
        traffic_mirror_target_id: Text<'a>,
        /// Absent of a load balancer or an endpoint.
        network_interface_id: Option<Text<'a>>,
    }
    TrafficMirrorFilter {
        traffic_mirror_filter_id: Text<'a>,
        ingress_filter_rules: List<TrafficMirrorFilterRule<'a>>,
        egress_filter_rules: List<TrafficMirrorFilterRule<'a>>,
        network_services: List<Text<'a>>,
        tags: Tags<'a>,
    }
    TrafficMirrorFilterRule {
        traffic_mirror_filter_rule_id: Text<'a>,
        rule_number: i64,
        rule_action: Text<'a>,
        /// Every protocol where it is absent.
        protocol: Option<i64>,
        source_cidr_block: Text<'a>,
        destination_cidr_block: Text<'a>,
        source_port_range: Option<TrafficMirrorPortRange<'a>>,
        destination_port_range: Option<TrafficMirrorPortRange<'a>>,
    }
    TrafficMirrorPortRange { from_port: Option<i64>, to_port: Option<i64> }
}
