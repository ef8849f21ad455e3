//! The members of Network Firewall's answers that are used, under AWS's names.
//! AWS: <https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_Types.html>

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use super::json::Text;
use super::shapes::shapes;

type List<T> = Option<Vec<T>>;

shapes! {
    Firewall {
        firewall_name: Option<Text<'a>>,
        firewall_arn: Text<'a>,
        firewall_policy_arn: Option<Text<'a>>,
        subnet_mappings: List<SubnetMapping<'a>>,
    }
    SubnetMapping { subnet_id: Text<'a> }

    FirewallPolicy {
        stateless_rule_group_references: List<GroupReference<'a>>,
        stateless_default_actions: List<Text<'a>>,
        stateless_fragment_default_actions: List<Text<'a>>,
        stateful_rule_group_references: List<GroupReference<'a>>,
        stateful_default_actions: List<Text<'a>>,
        stateful_engine_options: Option<StatefulEngineOptions<'a>>,
        #[serde(rename = "TLSInspectionConfigurationArn")]
        tls_inspection_configuration_arn: Option<Text<'a>>,
    }
    GroupReference { resource_arn: Text<'a>, priority: Option<i64> }
    StatefulEngineOptions {
        rule_order: Option<Text<'a>>,
        stream_exception_policy: Option<Text<'a>>,
        flow_timeouts: Option<FlowTimeouts<'a>>,
    }
    FlowTimeouts {
        tcp_idle_timeout_seconds: Option<u64>,
        #[serde(skip)]
        lifetime: PhantomData<&'a ()>,
    }

    RuleGroup { rule_variables: Option<RuleVariables<'a>>, rules_source: Option<RulesSource<'a>> }
    RuleVariables {
        #[serde(rename = "IPSets")]
        ip_sets: Option<std::collections::HashMap<String, Definition<'a>>>,
        port_sets: Option<std::collections::HashMap<String, Definition<'a>>>,
    }
    Definition { definition: List<Text<'a>> }
    RulesSource {
        rules_string: Option<Text<'a>>,
        rules_source_list: Option<IgnoredAny>,
        stateful_rules: List<StatefulRule<'a>>,
        stateless_rules_and_custom_actions: Option<StatelessRules<'a>>,
    }
    StatefulRule { action: Option<Text<'a>>, header: Header<'a>, rule_options: List<RuleOption<'a>> }
    Header {
        protocol: Option<Text<'a>>,
        source: Option<Text<'a>>,
        source_port: Option<Text<'a>>,
        direction: Option<Text<'a>>,
        destination: Option<Text<'a>>,
        destination_port: Option<Text<'a>>,
    }
    RuleOption { keyword: Text<'a> }
    StatelessRules { stateless_rules: List<StatelessRule<'a>> }
    StatelessRule { priority: i64, rule_definition: RuleDefinition<'a> }
    RuleDefinition { match_attributes: MatchAttributes<'a>, actions: List<Text<'a>> }
    MatchAttributes {
        sources: List<Address<'a>>,
        destinations: List<Address<'a>>,
        source_ports: List<FirewallPorts<'a>>,
        destination_ports: List<FirewallPorts<'a>>,
        protocols: List<i64>,
        #[serde(rename = "TCPFlags")]
        tcp_flags: List<IgnoredAny>,
    }
    Address { address_definition: Text<'a> }
    FirewallPorts { from_port: i64, to_port: i64 }
}
