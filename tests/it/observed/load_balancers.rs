//! Load balancers as several calls tell of them, and what stays unknown without each.

use flowcast::Scenario;
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
const RULES: &str = "unknown: load-balancer: the rules by which it sends that on were not collected";
const INSTANCES: &str = "unknown: load-balancer: instances that are targets of apps were not collected";
const BALANCER_ATTRIBUTES: &str = "unknown: load-balancer: the attributes of front were not collected";
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
        row("no rules", with(&["Rules"]), asked, RULES),
        row("no rules of other ports", with(&["Rules"]), "i-webs > front: tcp 81", "blocked: security-group-ingress: no rule matches"),
        row("which its groups admit", with(&["Rules"]).edit("sg-front", json!({"IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]})), "i-webs > front: tcp 81", "blocked: load-balancer: listens not on tcp 81, but on HTTP 80"),
        row("no health", with(&["TargetHealthDescriptions"]), asked, TARGETS),
        row("health of nobody knows whom", balanced().set("TargetGroupArn", json!(1.5)), asked, TARGETS),
        row("no attributes", with(&["Attributes"]), "i-webs > 10.0.1.20: tcp 80", ATTRIBUTES),
        row("that make no difference", with(&["Attributes"]), "i-webs > 10.0.2.20: tcp 80", "connected"),
        row("no group", with(&["TargetGroups"]), asked, unlisted),
        row("no state", balanced().edit(&arn("loadbalancer/app/front/0a1b"), json!({"State": null})), asked, NODES),
        row("a node is missing", balanced().edit("eni-node-b", json!({"Description": "mine"})), "i-webs > 10.0.1.20: tcp 80", NODES),
        row("an instance is missing", balanced().set("TargetHealthDescriptions", json!([health("i-apps", "healthy"), health("i-gone", "healthy")])), asked, INSTANCES),
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
            "i-webs > 10.0.1.20: tcp 80", BALANCER_ATTRIBUTES),
    ]);
}

/// What is told of answers that are missing: once, with its number, and the call that has them.
#[test]
fn what_is_missing_is_named() {
    let leaves_zones =
        json!([{"Key": "load_balancing.cross_zone.enabled", "Value": "use_load_balancer_configuration"}]);
    let rows = [
        (balanced().without(&["Rules"]), "1 listener has rules that were not collected", "describe-rules"),
        (
            network().set("Attributes", leaves_zones),
            "1 load balancer has attributes that were not collected, to which target groups leave what they do",
            "describe-load-balancer-attributes",
        ),
        (
            network(),
            "1 listener of TCP or GENEVE has attributes that were not collected",
            "describe-listener-attributes",
        ),
        (
            balanced().without(&["Attributes"]),
            "1 target group has attributes that were not collected",
            "describe-target-group-attributes",
        ),
        (
            balanced().set("TargetHealthDescriptions", json!([health("i-gone", "healthy")])),
            "1 instance that is a target was not collected",
            "describe-instances",
        ),
        (
            balanced().set(
                "TargetHealthDescriptions",
                json!([health("i-gone", "healthy"), health("i-off", "healthy")]),
            ),
            "2 instances that are targets were not collected",
            "describe-instances",
        ),
    ];
    for (dump, message, call) in rows {
        let scenario = dump.scenario();
        let found = scenario.warnings.iter().find(|problem| problem.message == message);
        let help = found.and_then(|problem| problem.help.clone()).unwrap_or_default();
        assert!(help.contains(call), "{message}: {:?}", dump.warnings());
    }
    assert_eq!(balanced().warnings(), [""; 0]);
}

/// What the first interface of an instance says of whose it is stands for the instance.
#[test]
fn targets_by_instance_are_found_by_their_interfaces() {
    let asked = "eni-webs > front: tcp 80";
    let second = |index: u8| {
        balanced().without(&["Reservations"]).edit("eni-apps", json!({"Attachment": {"DeviceIndex": index}}))
    };
    check(&[
        row("by its first interface", second(0), asked, "connected"),
        row("not by its second", second(1), asked, INSTANCES),
    ]);
    let imported = second(0).imported();
    assert_eq!(says(&imported, "eni-webs", "front", "tcp 80"), "connected");
}

/// Answers that do not say whose they are, which is told.
#[test]
fn answers_of_nobody_are_named() {
    for (key, list, parameter) in [
        ("TargetHealthDescriptions", json!([health("i-apps", "healthy")]), "`TargetGroupArn`"),
        ("Attributes", json!([]), "`ListenerArn` or `LoadBalancerArn` or `TargetGroupArn`"),
        ("InstanceStates", json!([]), "`LoadBalancerName`"),
        ("Entries", json!([{"Cidr": "10.0.0.0/8"}]), "`PrefixListId`"),
        ("Associations", json!([]), "`TransitGatewayRouteTableId`"),
    ] {
        let scenario = balanced().set("data", json!({key: list})).scenario();
        let message = format!("the answer `{key}` is there, and does not say whose it is");
        let found = scenario.warnings.iter().find(|problem| problem.message == message).unwrap();
        assert!(found.help.as_ref().unwrap().contains(parameter), "{key}: {found:?}");
    }
}

/// Attributes in words that AWS does not have, and in two words at once.
#[test]
fn attributes_that_cannot_be_are_refused() {
    let switch = "expected one of `true`, `false`";
    let rows = [
        ("TargetGroupArn", "preserve_client_ip.enabled", "maybe", switch),
        ("TargetGroupArn", "load_balancing.cross_zone.enabled", "on", "`use_load_balancer_configuration`"),
        ("TargetGroupArn", "target_failover.on_unhealthy", "yes", "`rebalance`, `no_rebalance`"),
        ("LoadBalancerArn", "load_balancing.cross_zone.enabled", "use_load_balancer_configuration", switch),
        ("ListenerArn", "tcp.idle_timeout.seconds", "abc", "expected 60 to 6000 seconds"),
        ("ListenerArn", "tcp.idle_timeout.seconds", "0", "expected 60 to 6000 seconds"),
        ("ListenerArn", "tcp.idle_timeout.seconds", "6001", "expected 60 to 6000 seconds"),
    ];
    for (whose, key, value, expected) in rows {
        let told = |all: Value| network().set("data", json!({whose: arn("of/any"), "Attributes": all}));
        let refused = told(json!([{"Key": key, "Value": value}])).refusal();
        assert!(refused.contains(key) && refused.contains(expected), "{key} {value}: {refused}");
        let twice = told(json!([{"Key": key, "Value": "true"}, {"Key": key, "Value": value}])).refusal();
        assert!(twice.contains("is described twice"), "{key} {value}: {twice}");
    }
    let twice = json!([health("i-apps", "healthy"), health("i-apps", "unhealthy")]);
    assert!(balanced().set("TargetHealthDescriptions", twice).refusal().contains("is described twice"));
    // What no version knows decides nothing.
    let other = json!([{"Key": "idle_timeout.timeout_seconds", "Value": "abc"}]);
    let told = network().set("data", json!({"LoadBalancerArn": arn("of/any"), "Attributes": other}));
    assert_eq!(told.says("i-webs", "front", "tcp 80"), "connected");
}

/// An idle time that was not collected is assumed, where a flow may have been forgotten meanwhile.
#[test]
fn idle_times_that_were_not_collected_are_assumed() {
    let assumed = |dump: &Dump, pause: u64| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("dump.json"), dump.text()).unwrap();
        let burst = |leg: &str, at: u64| format!("{{leg: {leg}, at: {at}s, packets: 1, bytes: 60}}");
        let bursts = [burst("request", 0), burst("reply", 1), burst("request", 1 + pause)].join(", ");
        let text = format!(
            "network: dump.json\nconnections:\n  - {{name: idle, from: i-webs, to: 10.0.2.20, tcp: 80, bursts: [{bursts}]}}\n"
        );
        let file = folder.path().join("scenario.yaml");
        std::fs::write(&file, text).unwrap();
        let scenario = Scenario::load(&file).unwrap_or_else(|error| panic!("{error}"));
        scenario.run().assumptions_of(0).contains("listener-idle")
    };
    let collected = |attributes: Value| {
        let of_listener =
            json!({"ListenerArn": arn("listener/app/front/0a1b/2c3d"), "Attributes": attributes});
        network().set("data", of_listener)
    };
    let told = collected(json!([{"Key": "tcp.idle_timeout.seconds", "Value": "60"}]));
    assert!(told.imported_text().contains("tcp_idle_timeout: 60s"));
    // Whoever asked, and was told of none, was told that it is AWS's own.
    assert!(collected(json!([])).imported_text().contains("tcp_idle_timeout: 350s"));
    assert!(!network().imported_text().contains("tcp_idle_timeout"));
    let rows = [(network(), 100, true), (network(), 30, false), (told, 100, false), (balanced(), 100, false)];
    for (dump, pause, expected) in rows {
        assert_eq!(assumed(&dump, pause), expected, "{pause}");
    }
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
    for (key, says) in [("Listeners", LISTENERS), ("Rules", RULES)] {
        assert_eq!(page(key).says("i-webs", "front", "tcp 80"), says, "{key}");
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
        network().set("Attributes", json!([])),
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
