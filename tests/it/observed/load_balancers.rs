//! Load balancers as several calls tell of them, and what stays unknown without each.

use serde_json::{Value, json};

use super::dump::{Dump, interface, says};
use super::{check, row};

const ARN: &str = "arn:aws:elasticloadbalancing:us-east-1:111122223333";

pub(super) fn arn(rest: &str) -> String {
    format!("{ARN}:{rest}")
}

/// A node of the load balancer that `owner` says, in no instance.
fn node(name: &str, subnet: &str, address: &str, owner: &str) -> Value {
    interface(
        name,
        subnet,
        address,
        json!({"Description": format!("ELB {owner}"), "RequesterManaged": true, "Groups": [{"GroupId": "sg-front"}],
               "Attachment": {"InstanceId": null}}),
    )
}

/// The group of the nodes, which the group of `apps` admits on 8080.
fn with_groups(dump: Dump) -> Dump {
    let everyone = json!([{"CidrIp": "0.0.0.0/0"}]);
    let permission = |port: u16| json!({"IpProtocol": "tcp", "FromPort": port, "ToPort": port});
    let mut front = permission(80);
    front["IpRanges"] = everyone.clone();
    let mut back = permission(8080);
    back["UserIdGroupPairs"] = json!([{"GroupId": "sg-front"}]);
    dump.add(
        "SecurityGroups",
        json!({"GroupId": "sg-front", "GroupName": "front", "VpcId": "vpc-main",
        "IpPermissions": [front], "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": everyone}]}),
    )
    .edit("sg-apps", json!({"IpPermissions": [back]}))
}

/// An Application Load Balancer in both subnets, that sends what comes to port 80 to `apps`.
pub(super) fn balanced() -> Dump {
    let (balancer, listener) = (arn("loadbalancer/app/front/0a1b"), arn("listener/app/front/0a1b/2c3d"));
    let group = arn("targetgroup/apps/4e5f");
    let forward = json!([{"Type": "forward", "TargetGroupArn": group, "Order": 1,
                          "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": group, "Weight": 1}]}}]);
    with_groups(Dump::lab())
        .add("NetworkInterfaces", node("node-a", "subnet-front", "10.0.1.20", "app/front/0a1b"))
        .add("NetworkInterfaces", node("node-b", "subnet-back", "10.0.2.20", "app/front/0a1b"))
        .add("LoadBalancers", json!({
            "LoadBalancerArn": balancer, "LoadBalancerName": "front", "Type": "application", "Scheme": "internal",
            "DNSName": "internal-front-1.us-east-1.elb.amazonaws.com", "VpcId": "vpc-main", "State": {"Code": "active"},
            "AvailabilityZones": [{"SubnetId": "subnet-front", "ZoneName": "us-east-1a"},
                                  {"SubnetId": "subnet-back", "ZoneName": "us-east-1b"}]}))
        .add("Listeners", json!({"ListenerArn": listener, "LoadBalancerArn": balancer, "Port": 80, "Protocol": "HTTP",
                                 "DefaultActions": forward}))
        .add("Rules", json!({"RuleArn": arn("listener-rule/app/front/0a1b/2c3d/6a7b"), "Priority": "default",
                             "IsDefault": true, "Conditions": [], "Actions": forward}))
        .add("TargetGroups", json!({"TargetGroupArn": group, "TargetGroupName": "apps", "Protocol": "HTTP", "Port": 8080,
                                    "VpcId": "vpc-main", "TargetType": "instance", "LoadBalancerArns": [balancer]}))
        .set("TargetGroupArn", json!(group))
        .add("TargetHealthDescriptions", health("i-apps", "healthy"))
        .add("Attributes", json!({"Key": "load_balancing.cross_zone.enabled", "Value": "use_load_balancer_configuration"}))
}

fn health(id: &str, state: &str) -> Value {
    json!({"Target": {"Id": id, "Port": 8080}, "HealthCheckPort": "8080", "TargetHealth": {"State": state}})
}

/// As [`balanced`], with a Network Load Balancer.
pub(super) fn network() -> Dump {
    let listener = json!({"LoadBalancerArn": arn("loadbalancer/net/front/0a1b"), "Protocol": "TCP"});
    balanced()
        .without(&["Rules"])
        .edit(
            &arn("loadbalancer/app/front/0a1b"),
            json!({"LoadBalancerArn": arn("loadbalancer/net/front/0a1b"), "Type": "network"}),
        )
        .edit(&arn("listener/app/front/0a1b/2c3d"), listener)
        .edit(
            &arn("targetgroup/apps/4e5f"),
            json!({"Protocol": "TCP", "LoadBalancerArns": [arn("loadbalancer/net/front/0a1b")]}),
        )
        .edit(
            "eni-node-a",
            json!({"Description": "ELB net/front/0a1b", "InterfaceType": "network_load_balancer"}),
        )
        .edit(
            "eni-node-b",
            json!({"Description": "ELB net/front/0a1b", "InterfaceType": "network_load_balancer"}),
        )
        .set(
            "Attributes",
            json!([{"Key": "load_balancing.cross_zone.enabled", "Value": "true"},
                                  {"Key": "preserve_client_ip.enabled", "Value": "false"}]),
        )
}

/// A Classic Load Balancer that sends to `apps`.
pub(super) fn classic() -> Dump {
    let listener =
        json!({"Protocol": "HTTP", "LoadBalancerPort": 80, "InstanceProtocol": "HTTP", "InstancePort": 8080});
    with_groups(Dump::lab())
        .add("NetworkInterfaces", node("node-b", "subnet-back", "10.0.2.20", "old"))
        .add("LoadBalancerDescriptions", json!({
            "LoadBalancerName": "old", "DNSName": "internal-old-1.us-east-1.elb.amazonaws.com", "Scheme": "internal",
            "VPCId": "vpc-main", "Subnets": ["subnet-back"], "Instances": [{"InstanceId": "i-apps"}],
            "ListenerDescriptions": [{"Listener": listener, "PolicyNames": []}]}))
        .set("LoadBalancerName", json!("old"))
        .add("InstanceStates", json!({"InstanceId": "i-apps", "State": "InService"}))
        .set("LoadBalancerAttributes", json!({"CrossZoneLoadBalancing": {"Enabled": true}}))
}

const LISTENERS: &str =
    "unknown: load-balancer: what it listens on, or by what rules it sends that on, was not collected";
const TARGETS: &str = "unknown: load-balancer: the targets of apps, or their health, were not collected";
const ATTRIBUTES: &str = "unknown: load-balancer: the attributes of apps were not collected";
const NODES: &str = "unknown: load-balancer: its state, or some of its nodes, were not collected";

#[test]
fn every_answer_is_needed() {
    let asked = "i-webs > front: tcp 80";
    let with = |keys: &[&str]| balanced().without(keys);
    let group = arn("targetgroup/apps/4e5f");
    let unlisted = "unknown: load-balancer: the targets of arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/apps/4e5f, or their health, were not collected";
    check(&[
        row("all", balanced(), asked, "connected"),
        row("by DNS name", balanced(), "i-webs > internal-front-1.us-east-1.elb.amazonaws.com: tcp 80", "connected"),
        row("by ARN", balanced(), "i-webs > arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/front/0a1b: tcp 80", "connected"),
        row("no listeners", with(&["Listeners"]), asked, LISTENERS),
        row("no rules", with(&["Rules"]), asked, LISTENERS),
        row("no health", with(&["TargetHealthDescriptions"]), asked, TARGETS),
        row("health of nobody knows whom", balanced().set("TargetGroupArn", json!(1.5)), asked, TARGETS),
        row("no attributes", with(&["Attributes"]), "i-webs > 10.0.1.20: tcp 80", ATTRIBUTES),
        row("that make no difference", with(&["Attributes"]), "i-webs > 10.0.2.20: tcp 80", "connected"),
        row("no group", with(&["TargetGroups"]), asked, unlisted),
        row("no state", balanced().edit(&arn("loadbalancer/app/front/0a1b"), json!({"State": null})), asked, NODES),
        row("a node is missing", balanced().edit("eni-node-b", json!({"Description": "mine"})), "i-webs > 10.0.1.20: tcp 80", NODES),
        row("an instance is missing", balanced().set("TargetHealthDescriptions", json!([health("i-apps", "healthy"), health("i-gone", "healthy")])), asked, TARGETS),
        row("that is not used", balanced().set("TargetHealthDescriptions", json!([health("i-apps", "healthy"), health("i-gone", "draining")])), asked, "connected"),
        row("not healthy", balanced().set("TargetHealthDescriptions", json!([health("i-apps", "initial")])), asked, "blocked: load-balancer: no target of apps can be sent to from this zone"),
        row("health that is shifted", balanced().set("TargetHealthDescriptions", json!([{"Target": {"Id": "i-apps"}, "TargetHealth": {"State": "healthy"}, "AdministrativeOverride": {"State": "zonal_shift_active"}}])), asked, TARGETS),
        row("no listener there", balanced(), "i-webs > 10.0.2.20: tcp 81", "blocked: security-group-ingress: no rule matches"),
        row("IPv6 of instances", balanced().edit(&group, json!({"IpAddressType": "ipv6"})), asked, TARGETS),
        row("a protocol of its own", balanced().edit(&arn("listener/app/front/0a1b/2c3d"), json!({"Protocol": "QUIC"})), asked, LISTENERS),
    ]);
}

#[test]
fn nodes_of_nobody_are_no_hosts() {
    let dump = balanced().without(&["LoadBalancers"]);
    let said = dump.says("i-webs", "10.0.1.20", "tcp 80");
    assert!(said.starts_with("unknown: "), "{said}");
    assert!(
        dump.warnings()
            .iter()
            .any(|text| text.starts_with("2 network interfaces are nodes of load balancers"))
    );
    // What somebody described so is no node.
    let own = dump.edit("eni-node-a", json!({"RequesterManaged": false}));
    assert_eq!(own.says("i-webs", "10.0.1.20", "tcp 80"), "connected");
}

#[test]
fn rules_are_asked_by_their_priority() {
    let rule = |name: &str, priority: &str, conditions: Value, actions: Value| {
        json!({"RuleArn": arn(&format!("listener-rule/app/front/0a1b/2c3d/{name}")), "Priority": priority,
               "IsDefault": false, "Conditions": conditions, "Actions": actions})
    };
    let redirect = json!([{"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_301"}}]);
    let from = |block: &str| json!([{"Field": "source-ip", "SourceIpConfig": {"Values": [block]}}]);
    let gone = balanced().set("TargetHealthDescriptions", json!([]));
    let none = "blocked: load-balancer: apps has no targets";
    let path = json!([{"Field": "path-pattern", "Values": ["/hunter2"]}]);
    let asked = "i-webs > front: tcp 80";
    let forward = json!({"TargetGroups": [{"TargetGroupArn": arn("targetgroup/apps/4e5f"), "Weight": 0}]});
    let authenticated = json!([{"Type": "authenticate-oidc", "Order": 1},
                               {"Type": "forward", "Order": 2, "TargetGroupArn": arn("targetgroup/apps/4e5f")}]);
    check(&[
        row(
            "answered by itself",
            gone.clone().add("Rules", rule("1", "5", from("10.0.1.0/24"), redirect.clone())),
            asked,
            "connected",
        ),
        row(
            "for others",
            gone.clone().add("Rules", rule("1", "5", from("10.0.2.0/24"), redirect.clone())),
            asked,
            none,
        ),
        row(
            "that read the request",
            gone.clone().add("Rules", rule("1", "5", path, redirect.clone())),
            asked,
            "depends: load-balancer: apps has no targets",
        ),
        row(
            "that authenticate",
            gone.clone().add("Rules", rule("1", "5", json!([]), authenticated)),
            asked,
            "depends: load-balancer: apps has no targets",
        ),
        row(
            "without weight",
            gone.clone().add(
                "Rules",
                rule("1", "5", json!([]), json!([{"Type": "forward", "ForwardConfig": forward}])),
            ),
            asked,
            LISTENERS,
        ),
    ]);
    let refused = gone.add("Rules", rule("1", "first", json!([]), redirect)).refusal();
    assert!(refused.contains("`Rules[1].Priority`: not a priority"), "{refused}");
}

#[test]
fn network_load_balancers() {
    let asked = "i-webs > front: tcp 80";
    let preserve = |value: &str| {
        network().set(
            "Attributes",
            json!([{"Key": "load_balancing.cross_zone.enabled", "Value": "true"},
                                           {"Key": "preserve_client_ip.enabled", "Value": value}]),
        )
    };
    check(&[
        row("all", network(), asked, "connected"),
        row("preserved, its groups are known all the same", preserve("true"), asked, "connected"),
        row("no attributes", network().without(&["Attributes"]), asked, ATTRIBUTES),
        row("nor in one zone", network().without(&["Attributes"]), "i-webs > 10.0.2.20: tcp 80", ATTRIBUTES),
        row("zones as the load balancer says", network()
            .set("Attributes", json!([{"Key": "load_balancing.cross_zone.enabled", "Value": "use_load_balancer_configuration"}]))
            .set("data", json!({"LoadBalancerArn": arn("loadbalancer/net/front/0a1b"),
                                "Attributes": [{"Key": "load_balancing.cross_zone.enabled", "Value": "false"}]})),
            "i-webs > 10.0.1.20: tcp 80", "blocked: load-balancer: no target of apps can be sent to from this zone"),
        row("who was not asked", network()
            .set("Attributes", json!([{"Key": "load_balancing.cross_zone.enabled", "Value": "use_load_balancer_configuration"}])),
            "i-webs > 10.0.1.20: tcp 80", ATTRIBUTES),
    ]);
}

#[test]
fn classic_load_balancers() {
    let asked = "i-webs > old: tcp 80";
    let not_told =
        "unknown: load-balancer: the targets of old:HTTP:8080, or their health, were not collected";
    let none = "blocked: load-balancer: no target of old:HTTP:8080 can be sent to from this zone";
    check(&[
        row("all", classic(), asked, "connected"),
        row(
            "by DNS name",
            classic(),
            "i-webs > internal-old-1.us-east-1.elb.amazonaws.com: tcp 80",
            "connected",
        ),
        row("no health", classic().without(&["InstanceStates"]), asked, not_told),
        row(
            "out of service",
            classic()
                .edit("i-apps", json!({}))
                .set("InstanceStates", json!([{"InstanceId": "i-apps", "State": "OutOfService"}])),
            asked,
            none,
        ),
        row("no attributes, one zone", classic().without(&["LoadBalancerAttributes"]), asked, "connected"),
        row(
            "no nodes",
            classic().edit("old", json!({"Subnets": ["subnet-back", "subnet-front"]})),
            asked,
            NODES,
        ),
        row("no listeners", classic().edit("old", json!({"ListenerDescriptions": null})), asked, LISTENERS),
    ]);
}

/// The same twice is told once; something else is refused, or is not known.
#[test]
fn told_twice() {
    let again = |dump: &Dump, key: &str, list: Value| {
        dump.clone().set("data", json!({"TargetGroupArn": arn("targetgroup/apps/4e5f"), key: list}))
    };
    let all = balanced();
    for key in
        ["LoadBalancers", "Listeners", "Rules", "TargetGroups", "TargetHealthDescriptions", "Attributes"]
    {
        let twice = again(&all, key, all.get(key).clone());
        assert_eq!(twice.says("i-webs", "front", "tcp 80"), "connected", "{key}");
        let mut other = all.get(key).clone();
        match key {
            "TargetHealthDescriptions" => other[0]["TargetHealth"]["State"] = json!("draining"),
            "Attributes" => other[0]["Value"] = json!("true"),
            "Rules" => other[0]["Priority"] = json!("7"),
            _ => other[0]["Port"] = json!(7),
        }
        if key == "LoadBalancers" {
            other[0]["Scheme"] = json!("internet-facing");
        }
        let refused = again(&all, key, other).refusal();
        assert!(
            refused.contains("described twice") || refused.contains("and not in another"),
            "{key}: {refused}"
        );
    }
}

#[test]
fn what_contradicts_is_refused() {
    let other = balanced()
        .add("Vpcs", json!({"VpcId": "vpc-else", "OwnerId": "111122223333", "CidrBlock": "10.9.0.0/16"}))
        .edit(&arn("loadbalancer/app/front/0a1b"), json!({"VpcId": "vpc-else"}));
    let refused = other.refusal();
    assert!(refused.contains("is a node of a load balancer in another VPC"), "{refused}");
}

#[test]
fn pages_are_not_whole() {
    let page = |key: &str| {
        let list = balanced().get(key).clone();
        balanced().without(&[key]).set("data", json!({key: list, "NextMarker": "more"}))
    };
    for key in ["Listeners", "Rules"] {
        assert_eq!(page(key).says("i-webs", "front", "tcp 80"), LISTENERS, "{key}");
    }
}

/// Listeners of load balancers that nobody described are counted, and nothing else is lost.
#[test]
fn what_is_not_used_is_counted() {
    let dump = balanced().add(
        "Listeners",
        json!({"ListenerArn": arn("listener/app/other/9f/8e"), "LoadBalancerArn": arn("loadbalancer/app/other/9f"),
               "Port": 80, "Protocol": "HTTP", "DefaultActions": []}),
    );
    let scenario = dump.scenario();
    let counts = |key: &str| {
        let found = scenario.usage.rows().find(|(known, _)| *known == key).unwrap().1;
        (found.used, found.unused)
    };
    assert_eq!(counts("LoadBalancers"), (1, 0));
    assert_eq!(counts("Listeners"), (1, 1));
    assert_eq!(counts("Attributes"), (1, 0));
    assert_eq!(dump.says("i-webs", "front", "tcp 80"), "connected");
}

#[test]
fn import_keeps_them() {
    let lambda = balanced()
        .edit(&arn("targetgroup/apps/4e5f"), json!({"TargetType": "lambda", "Protocol": null, "Port": null}))
        .set(
            "TargetHealthDescriptions",
            json!([{"Target": {"Id": "arn:aws:lambda:us-east-1:111122223333:function:f"}}]),
        );
    let dumps = [
        balanced(),
        network(),
        classic(),
        lambda,
        balanced().without(&["Rules"]),
        balanced().without(&["TargetGroups"]),
        network().without(&["Attributes"]),
        balanced().without(&["LoadBalancers"]),
        balanced().edit("eni-node-b", json!({"Description": "mine"})),
        classic().without(&["InstanceStates"]),
        balanced().set(
            "TargetHealthDescriptions",
            json!([health("10.0.2.10", "unhealthy"), health("i-apps", "draining")]),
        ),
    ];
    for dump in dumps {
        let imported = dump.imported();
        for (to, port) in [("10.0.1.20", 80), ("10.0.2.20", 80), ("10.0.2.20", 81)] {
            let traffic = format!("tcp {port}");
            assert_eq!(
                says(&imported, "i-webs", to, &traffic),
                dump.says("i-webs", to, &traffic),
                "{to} {port}"
            );
        }
    }
}
