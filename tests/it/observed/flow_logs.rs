//! Flow logs of transit gateways, as `describe-flow-logs` tells of them.
//! AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_FlowLog.html>

use flowcast::Scenario;
use flowcast::model::{FlowLogKind, FlowLogResource};
use serde_json::json;

use super::dump::{Dump, parse};
use super::transit_gateways::hub;
use crate::asking::{ask, question};

/// The hub, watched as a whole and at one attachment.
fn watched() -> Dump {
    hub().edit("tgw-hubs", json!({"OwnerId": "444455556666"})).set(
        "FlowLogs",
        json!([
            {"FlowLogId": "fl-hub", "ResourceId": "tgw-hubs", "FlowLogStatus": "ACTIVE", "MaxAggregationInterval": 60},
            {"FlowLogId": "fl-far", "ResourceId": "tgw-attach-fars", "FlowLogStatus": "ACTIVE", "MaxAggregationInterval": 60,
             "LogFormat": "${tgw-attachment-id} ${tgw-pair-attachment-id} ${flow-direction} ${account-id}"},
            {"FlowLogId": "fl-else", "ResourceId": "tgw-elsewhere", "FlowLogStatus": "ACTIVE", "LogFormat": "${tgw-id}"},
        ]),
    )
}

fn lines(scenario: &Scenario) -> Vec<String> {
    let (connection, _) = ask(scenario, &question("i-webs", "i-fars", parse("tcp 443"))).unwrap();
    scenario.run_connections(&[connection]).to_string().lines().map(str::to_owned).collect()
}

#[test]
fn transit_gateways_are_watched() {
    for scenario in [watched().scenario(), watched().imported()] {
        let network = &scenario.network;
        let resources: Vec<_> = network.flow_logs.iter().map(|log| log.resource).collect();
        assert!(
            matches!(
                resources.as_slice(),
                [FlowLogResource::TransitGateway(_), FlowLogResource::TransitGatewayAttachment(_)]
            ),
            "{resources:?}"
        );
        assert!(network.flow_logs.iter().all(|log| log.kind() == FlowLogKind::TransitGateway));
        let lines = lines(&scenario);
        let of_far: Vec<_> = lines.iter().filter(|line| line.starts_with("tgw-attach-fars ")).collect();
        assert_eq!(
            of_far,
            [
                "tgw-attach-fars tgw-attach-main egress 444455556666",
                "tgw-attach-fars tgw-attach-main ingress 444455556666"
            ]
        );
        let of_hub = lines.iter().filter(|line| line.starts_with("6 TransitGateway 444455556666 tgw-hubs "));
        assert_eq!(of_hub.count(), 4);
    }
}

/// Both ends of a peering have one id, and no answer tells which of them a flow log watches.
#[test]
fn an_end_of_a_peering_may_be_either() {
    let peering = json!({"TransitGatewayAttachmentId": "tgw-attach-both", "State": "available",
        "RequesterTgwInfo": {"TransitGatewayId": "tgw-hubs"}, "AccepterTgwInfo": {"TransitGatewayId": "tgw-more"}});
    let dump = watched()
        .add("TransitGateways", json!({"TransitGatewayId": "tgw-more", "State": "available"}))
        .add("TransitGatewayPeeringAttachments", peering)
        .edit("fl-far", json!({"ResourceId": "tgw-attach-both"}));
    let scenario = dump.scenario();
    assert_eq!(scenario.network.flow_logs.len(), 1, "that of the hub");
    let told = dump.warnings();
    assert!(told.iter().any(|message| message.contains("which is watched is not told")), "{told:?}");
}

#[test]
fn a_field_of_the_other_kind_is_refused() {
    let refusal = watched().edit("fl-hub", json!({"LogFormat": "${tgw-id} ${action}"})).refusal();
    assert!(
        refusal.contains("the format names a field that transit gateway flow logs do not have"),
        "{refusal}"
    );
    let refusal = watched().edit("fl-hub", json!({"MaxAggregationInterval": 600})).refusal();
    assert!(refusal.contains("have an interval of 60 seconds"), "{refusal}");
}
