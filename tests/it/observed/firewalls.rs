//! Gateway Load Balancer endpoints and network firewalls: which endpoints are a firewall's, and what its policy says.

use serde_json::{Value, json};

use super::dump::{Dump, interface, route, says};
use super::{check, row};

const POLICY: &str = "arn:aws:network-firewall:us-east-1:111122223333:firewall-policy/main";
const GROUP: &str = "arn:aws:network-firewall:us-east-1:111122223333:stateful-rulegroup/main";
const STATELESS: &str = "arn:aws:network-firewall:us-east-1:111122223333:stateless-rulegroup/main";

/// `webs` and `apps` reach each other by an endpoint in a third subnet.
pub(super) fn endpoint() -> Dump {
    let table = |name: &str, subnet: &str, to: &str| {
        json!({"RouteTableId": format!("rtb-{name}"), "VpcId": "vpc-main", "Associations": [{"SubnetId": subnet}],
               "Routes": [route("10.0.0.0/16", "local"), route(to, "vpce-main")]})
    };
    let card = interface(
        "main",
        "subnet-inspection",
        "10.0.3.10",
        json!({
        "InterfaceType": "gateway_load_balancer_endpoint", "Groups": [], "Attachment": null, "SourceDestCheck": false}),
    );
    Dump::lab()
        .add(
            "Subnets",
            json!({"SubnetId": "subnet-inspection", "VpcId": "vpc-main", "CidrBlock": "10.0.3.0/24",
                               "AvailabilityZone": "us-east-1a", "AvailabilityZoneId": "use1-az1"}),
        )
        .add("RouteTables", table("front", "subnet-front", "10.0.2.0/24"))
        .add("RouteTables", table("back", "subnet-back", "10.0.1.0/24"))
        .edit(
            "acl-open",
            json!({"Associations": [{"SubnetId": "subnet-front"}, {"SubnetId": "subnet-back"},
                                                  {"SubnetId": "subnet-inspection"}]}),
        )
        .edit(
            "sg-apps",
            json!({"IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}]}),
        )
        .add("NetworkInterfaces", card)
        .add(
            "VpcEndpoints",
            json!({
            "VpcEndpointId": "vpce-main", "VpcEndpointType": "GatewayLoadBalancer", "VpcId": "vpc-main",
            "State": "available", "ServiceName": "com.amazonaws.vpce.us-east-1.vpce-svc-0a1b2c3d",
            "NetworkInterfaceIds": ["eni-main"]}),
        )
}

/// The same of a firewall, whose policy was not collected.
fn firewall() -> Dump {
    endpoint()
        .set("Firewall", json!({"FirewallName": "central", "FirewallPolicyArn": POLICY, "VpcId": "vpc-main",
             "FirewallArn": "arn:aws:network-firewall:us-east-1:111122223333:firewall/central",
             "SubnetMappings": [{"SubnetId": "subnet-inspection"}]}))
        .set("FirewallStatus", json!({"Status": "READY", "SyncStates": {"us-east-1a": {
             "Attachment": {"SubnetId": "subnet-inspection", "EndpointId": "vpce-main", "Status": "READY"}}}}))
}

fn policy(patch: Value) -> Dump {
    let mut policy = json!({"StatelessDefaultActions": ["aws:forward_to_sfe"],
                            "StatelessFragmentDefaultActions": ["aws:drop"]});
    policy.as_object_mut().unwrap().extend(patch.as_object().unwrap().clone());
    firewall()
        .set("FirewallPolicyResponse", json!({"FirewallPolicyArn": POLICY}))
        .set("FirewallPolicy", policy)
}

fn stateful(source: Value) -> Dump {
    policy(json!({"StatefulRuleGroupReferences": [{"ResourceArn": GROUP}]}))
        .set("RuleGroupResponse", json!({"RuleGroupArn": GROUP}))
        .set("RuleGroup", json!({"RulesSource": source}))
}

fn five_tuple(action: &str, options: Value) -> Value {
    json!({"StatefulRules": [{"Action": action, "RuleOptions": options, "Header": {
        "Protocol": "TCP", "Source": "10.0.1.0/24", "SourcePort": "ANY", "Direction": "FORWARD",
        "Destination": "ANY", "DestinationPort": "8000:8080"}}]})
}

#[test]
fn endpoints_before_an_inspection() {
    let asked = "i-webs > i-apps: tcp 8080";
    let pending = endpoint().edit("vpce-main", json!({"State": "pendingAcceptance"}));
    check(&[
        row(
            "of appliances",
            endpoint(),
            asked,
            "unknown: vpc-endpoint: what the appliances behind it do is not known: `appliances: pass` would say",
        ),
        row("not accepted", pending, asked, "blocked: vpc-endpoint: vpce-main is not available"),
        row(
            "of a firewall",
            firewall(),
            asked,
            "unknown: network-firewall: the policy of the firewall was not collected",
        ),
        row(
            "of which nobody told the endpoints",
            firewall().without(&["FirewallStatus"]),
            asked,
            "unknown: vpc-endpoint: what the appliances behind it do is not known: `appliances: pass` would say",
        ),
    ]);
}

#[test]
fn policies_decide() {
    let asked = "i-webs > i-apps: tcp 8080";
    let rule = "drop tcp 8000-8080 from 10.0.1.0/24 to any";
    let dropped = format!("blocked: network-firewall: {rule}");
    let strict = json!({"StatefulEngineOptions": {"RuleOrder": "STRICT_ORDER"},
                        "StatefulDefaultActions": ["aws:drop_strict", "aws:alert_strict"]});
    let managed = json!({"StatefulRuleGroupReferences": [
        {"ResourceArn": "arn:aws:network-firewall:us-east-1:aws-managed:stateful-rulegroup/Botnets"}]});
    let group = json!({"StatelessRuleGroupReferences": [{"ResourceArn": STATELESS, "Priority": 1}]});
    let stateless = policy(group.clone()).set("RuleGroupResponse", json!({"RuleGroupArn": STATELESS})).set(
        "RuleGroup",
        json!({"RulesSource": {"StatelessRulesAndCustomActions": {"StatelessRules": [
            {"Priority": 20, "RuleDefinition": {"Actions": ["aws:pass"], "MatchAttributes": {}}},
            {"Priority": 10, "RuleDefinition": {"Actions": ["aws:drop", "Count"], "MatchAttributes": {
                "Sources": [{"AddressDefinition": "10.0.1.0/24"}], "Protocols": [6],
                "DestinationPorts": [{"FromPort": 8080, "ToPort": 8080}]}}}]}}}),
    );
    let text = json!({"RulesString": "drop tcp 10.0.1.0/24 any -> any 8000:8080 (msg:\"no\"; sid:1;)\n"});
    check(&[
        row("without rules", policy(json!({})), asked, "connected"),
        row(
            "the default of strict order",
            policy(strict),
            asked,
            "blocked: network-firewall: no stateful rule decides; the default action is drop_strict",
        ),
        row(
            "a rule",
            stateful(five_tuple("DROP", json!([{"Keyword": "sid", "Settings": ["1"]}]))),
            asked,
            &dropped,
        ),
        row(
            "for other ports",
            stateful(five_tuple("DROP", json!([]))),
            "i-webs > i-apps: tcp 9000",
            "connected",
        ),
        row("a text", stateful(text), asked, &dropped),
        row(
            "that tests more",
            stateful(five_tuple("DROP", json!([{"Keyword": "content"}]))),
            asked,
            "unknown: network-firewall: drop tcp 8000-8080 from 10.0.1.0/24 to any with content: it tests more than the five-tuple",
        ),
        row(
            "domains",
            stateful(json!({"RulesSourceList": {"Targets": ["example.com"]}})),
            asked,
            "unknown: network-firewall: unknown all from any to any with domain-list: it tests more than the five-tuple",
        ),
        row(
            "a managed group",
            policy(managed),
            asked,
            "unknown: network-firewall: unknown all from any to any with managed-rule-group: it tests more than the five-tuple",
        ),
        row(
            "a group that nobody told",
            policy(json!({"StatefulRuleGroupReferences": [{"ResourceArn": GROUP}]})),
            asked,
            "unknown: network-firewall: unknown all from any to any with not-collected: it tests more than the five-tuple",
        ),
        row(
            "a stateless one",
            policy(group),
            asked,
            "unknown: network-firewall: 1 pass all from any to any with not-collected: it tests more than the five-tuple",
        ),
        row(
            "by priority",
            stateless.clone(),
            asked,
            "blocked: network-firewall: 10 drop tcp 8080 from 10.0.1.0/24 to any",
        ),
        row("and else", stateless, "i-webs > i-apps: tcp 443", "connected"),
    ]);
}

#[test]
fn import_keeps_them() {
    let dropping = stateful(five_tuple("DROP", json!([{"Keyword": "flow"}])));
    for dump in
        [endpoint(), firewall(), policy(json!({})), stateful(five_tuple("REJECT", json!([]))), dropping]
    {
        let imported = dump.imported();
        for traffic in ["tcp 8080", "tcp 9000", "udp 53"] {
            let [from, to] = ["i-webs", "i-apps"];
            assert_eq!(says(&imported, from, to, traffic), dump.says(from, to, traffic), "{traffic}");
        }
    }
}

#[test]
fn idle_timeouts_of_policies_are_kept() {
    let options = json!({"StatefulEngineOptions": {"FlowTimeouts": {"TcpIdleTimeoutSeconds": 600}}});
    let text = policy(options).imported_text();
    assert!(text.contains("tcp_idle_timeout: 600s"), "{text}");
    assert!(!policy(json!({})).imported_text().contains("tcp_idle_timeout"));
}

#[test]
fn firewalls_without_endpoints_are_told() {
    let told = |dump: &Dump| -> Vec<String> {
        let about = |message: &String| message.contains("network firewalls");
        dump.warnings().into_iter().filter(about).collect()
    };
    assert!(told(&firewall()).is_empty());
    assert_eq!(
        told(&firewall().without(&["VpcEndpoints"])),
        ["1 endpoints of network firewalls were not collected"]
    );
    assert_eq!(
        told(&firewall().without(&["FirewallStatus"])),
        ["1 network firewalls were collected without their status, which tells of their endpoints"]
    );
}
