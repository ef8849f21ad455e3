//! Interface endpoints: whose service is behind them, and by which names they go.

use serde_json::json;

use super::dump::{Dump, says};
use super::{check, row};

/// `apps` is the interface of an endpoint of AWS's queues.
fn endpoint() -> Dump {
    Dump::lab()
        .edit("eni-apps", json!({"InterfaceType": "vpc_endpoint", "Attachment": {"InstanceId": null}}))
        .edit("sg-apps", json!({"IpPermissions": [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-webs"}]}]}))
        .add("VpcEndpoints", json!({
            "VpcEndpointId": "vpce-queues", "VpcEndpointType": "Interface", "VpcId": "vpc-main", "State": "available",
            "ServiceName": "com.amazonaws.us-east-1.sqs", "NetworkInterfaceIds": ["eni-apps"], "PrivateDnsEnabled": true,
            "DnsEntries": [{"DnsName": "vpce-queues-1a2b.sqs.us-east-1.vpce.amazonaws.com", "HostedZoneId": "Z1"},
                           {"DnsName": "queue.amazonaws.com"}, {"DnsName": "sqs.us-east-1.amazonaws.com"}]}))
}

fn edited(patch: serde_json::Value) -> Dump {
    endpoint().edit("vpce-queues", patch)
}

#[test]
fn names_lead_to_them() {
    let offered = json!({"ServiceName": "com.amazonaws.vpce.us-east-1.vpce-svc-0a1b2c3d"});
    let unknown = "unknown: vpc-endpoint: what is behind com.amazonaws.vpce.us-east-1.vpce-svc-0a1b2c3d is not simulated";
    let pending = "blocked: vpc-endpoint: vpce-queues is not available";
    check(&[
        row("by id", endpoint(), "i-webs > vpce-queues: tcp 443", "connected"),
        row("by service", endpoint(), "i-webs > com.amazonaws.us-east-1.sqs: tcp 443", "connected"),
        row("by private name", endpoint(), "i-webs > sqs.us-east-1.amazonaws.com: tcp 443", "connected"),
        row("by an older one", endpoint(), "i-webs > queue.amazonaws.com: tcp 443", "connected"),
        row(
            "by its own",
            endpoint(),
            "i-webs > vpce-queues-1a2b.sqs.us-east-1.vpce.amazonaws.com: tcp 443",
            "connected",
        ),
        row("by address", endpoint(), "i-webs > 10.0.2.10: tcp 443", "connected"),
        row(
            "no ping",
            endpoint(),
            "i-webs > vpce-queues: icmp 8",
            "blocked: vpc-endpoint: it carries TCP and UDP alone",
        ),
        row("of another account", edited(offered), "i-webs > vpce-queues: tcp 443", unknown),
        row(
            "not accepted",
            edited(json!({"State": "pendingAcceptance"})),
            "i-webs > vpce-queues: tcp 443",
            pending,
        ),
    ]);
}

/// Without private DNS the name of the service is that of public addresses.
#[test]
fn public_names() {
    let public = edited(json!({"PrivateDnsEnabled": false, "DnsEntries": []}));
    let asked = ["i-webs", "sqs.us-east-1.amazonaws.com", "tcp 443"];
    for dump in [&public, &public.clone().edit("rtb-main", json!({"Routes": []}))] {
        let [from, to, traffic] = asked;
        assert_eq!(dump.says(from, to, traffic), dump.says(from, "internet", traffic));
    }
}

/// Private DNS for on-premises clients alone leaves the names to the public addresses within the VPC.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DnsOptionsSpecification.html>
#[test]
fn names_for_inbound_resolvers_alone() {
    let dump = edited(json!({"DnsOptions": {"PrivateDnsOnlyForInboundResolverEndpoint": true}}));
    let [from, traffic] = ["i-webs", "tcp 443"];
    let internet = dump.says(from, "internet", traffic);
    assert_eq!(dump.says(from, "sqs.us-east-1.amazonaws.com", traffic), internet);
    assert_eq!(dump.says(from, "vpce-queues-1a2b.sqs.us-east-1.vpce.amazonaws.com", traffic), "connected");
}

#[test]
fn import_keeps_them() {
    let inbound = json!({"DnsOptions": {"PrivateDnsOnlyForInboundResolverEndpoint": true}});
    let patches = [inbound, json!({"PrivateDnsEnabled": false}), json!({"State": "pending"})].map(edited);
    for dump in [endpoint()].into_iter().chain(patches) {
        let imported = dump.imported();
        for to in ["vpce-queues", "com.amazonaws.us-east-1.sqs", "sqs.us-east-1.amazonaws.com"] {
            assert_eq!(says(&imported, "i-webs", to, "tcp 443"), dump.says("i-webs", to, "tcp 443"));
        }
    }
}
