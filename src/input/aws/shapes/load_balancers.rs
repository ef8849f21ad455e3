//! What Elastic Load Balancing answers: of Application and Network Load Balancers, and of Classic ones.
//! AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Types.html>,
//! <https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_Types.html>

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::List;
use crate::input::aws::json::Text;
use crate::input::aws::states::{
    EndpointServiceState, InstanceHealthState, LoadBalancerScheme, LoadBalancerState, Word,
};
use crate::input::aws::table::Resource;
use crate::model::{LoadBalancerType, TargetHealth, TargetType};

resources! {
    LoadBalancer: "load balancer", load_balancer_arn;
    Listener: "listener", listener_arn;
    Rule: "rule of a listener", rule_arn;
    TargetGroup: "target group", target_group_arn;
    Attribute: "attribute", key;
    InstanceHealth: "health of an instance", instance_id;
    EndpointService: "endpoint service", service_id;
}

impl Resource for TargetHealthDescription<'_> {
    const KIND: &'static str = "health of a target";

    fn id(&self) -> &Text<'_> {
        &self.target.id
    }
}

/// Names of Classic Load Balancers are unique in an account and Region.
/// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_CreateLoadBalancer.html>
impl Resource for ClassicLoadBalancer<'_> {
    const KIND: &'static str = "Classic Load Balancer";
    const IS_PER_SCOPE: bool = true;

    fn id(&self) -> &Text<'_> {
        &self.load_balancer_name
    }
}

shapes! {
    LoadBalancer {
        load_balancer_arn: Text<'a>,
        load_balancer_name: Option<Text<'a>>,
        #[serde(rename = "DNSName")]
        dns_name: Option<Text<'a>>,
        scheme: Option<Word<LoadBalancerScheme>>,
        vpc_id: Option<Text<'a>>,
        state: Option<LoadBalancerStateOf<'a>>,
        #[serde(rename = "Type")]
        kind: Option<Word<LoadBalancerType>>,
        availability_zones: List<LoadBalancerZone<'a>>,
        enforce_security_group_inbound_rules_on_private_link_traffic: Option<Text<'a>>,
    }
    /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ServiceConfiguration.html>
    EndpointService {
        service_id: Text<'a>,
        service_name: Option<Text<'a>>,
        service_state: Option<Word<EndpointServiceState>>,
        network_load_balancer_arns: List<Text<'a>>,
        gateway_load_balancer_arns: List<Text<'a>>,
    }
    LoadBalancerStateOf { code: Option<Word<LoadBalancerState>> }
    LoadBalancerZone { subnet_id: Option<Text<'a>> }

    Listener {
        listener_arn: Text<'a>,
        load_balancer_arn: Option<Text<'a>>,
        port: Option<i64>,
        protocol: Option<Text<'a>>,
        default_actions: List<Action<'a>>,
    }
    Action {
        #[serde(rename = "Type")]
        kind: Text<'a>,
        order: Option<i64>,
        target_group_arn: Option<Text<'a>>,
        forward_config: Option<ForwardConfig<'a>>,
    }
    ForwardConfig { target_groups: List<TargetGroupTuple<'a>> }
    TargetGroupTuple { target_group_arn: Option<Text<'a>>, weight: Option<i64> }
    Rule {
        rule_arn: Text<'a>,
        priority: Option<Text<'a>>,
        is_default: Option<bool>,
        conditions: List<RuleCondition<'a>>,
        actions: List<Action<'a>>,
    }
    RuleCondition {
        field: Option<Text<'a>>,
        values: List<Text<'a>>,
        source_ip_config: Option<SourceIpConfig<'a>>,
    }
    SourceIpConfig { values: List<Text<'a>> }

    TargetGroup {
        target_group_arn: Text<'a>,
        target_group_name: Option<Text<'a>>,
        protocol: Option<Text<'a>>,
        port: Option<i64>,
        target_type: Option<Word<TargetType>>,
        load_balancer_arns: List<Text<'a>>,
        health_check_enabled: Option<bool>,
        health_check_protocol: Option<Text<'a>>,
        health_check_port: Option<Text<'a>>,
        health_check_interval_seconds: Option<i64>,
        health_check_timeout_seconds: Option<i64>,
        ip_address_type: Option<Text<'a>>,
    }
    TargetHealthDescription {
        target: TargetDescription<'a>,
        target_health: Option<TargetHealthOf<'a>>,
        administrative_override: Option<AdministrativeOverride<'a>>,
    }
    TargetDescription { id: Text<'a>, port: Option<i64> }
    TargetHealthOf { state: Option<Word<TargetHealth>> }
    AdministrativeOverride { state: Option<Text<'a>> }

    /// Of a load balancer or a target group.
    Attribute { key: Text<'a>, value: Option<Text<'a>> }

    /// As Batfish joins answers about each load balancer.
    CollectedListeners { load_balancer_arn: Text<'a>, listeners: List<Listener<'a>> }
    /// As [`CollectedListeners`].
    CollectedAttributes { load_balancer_arn: Text<'a>, attributes: List<Attribute<'a>> }
    /// As [`CollectedListeners`], about each target group.
    CollectedHealth {
        target_group_arn: Text<'a>,
        target_health_descriptions: List<TargetHealthDescription<'a>>,
    }

    ClassicLoadBalancer {
        load_balancer_name: Text<'a>,
        #[serde(rename = "DNSName")]
        dns_name: Option<Text<'a>>,
        scheme: Option<Word<LoadBalancerScheme>>,
        #[serde(rename = "VPCId")]
        vpc_id: Option<Text<'a>>,
        subnets: List<Text<'a>>,
        listener_descriptions: List<ListenerDescription<'a>>,
        instances: List<RegisteredInstance<'a>>,
        health_check: Option<ClassicHealthCheck<'a>>,
    }
    ClassicHealthCheck { target: Option<Text<'a>>, interval: Option<i64>, timeout: Option<i64> }
    ListenerDescription { listener: ClassicListener<'a> }
    ClassicListener {
        protocol: Option<Text<'a>>,
        load_balancer_port: Option<i64>,
        instance_protocol: Option<Text<'a>>,
        instance_port: Option<i64>,
    }
    RegisteredInstance { instance_id: Text<'a> }
    InstanceHealth { instance_id: Text<'a>, state: Option<Word<InstanceHealthState>> }
    ClassicAttributes { cross_zone_load_balancing: Option<CrossZoneLoadBalancing<'a>> }
    CrossZoneLoadBalancing { enabled: Option<bool> }
}
