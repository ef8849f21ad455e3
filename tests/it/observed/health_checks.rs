//! Health checks of targets, as target groups and Classic Load Balancers tell of them: the scenario that is made of answers
//! has them, and the answers alone do not.

use flowcast::Scenario;
use flowcast::model::HEALTH_CHECK_OF;
use serde_json::{Value, json};

use super::dump::Dump;
use super::load_balancers::{balanced, classic};

const GROUP: &str = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/apps/4e5f";

/// As `describe-target-groups` tells of checks.
fn checked(members: Value) -> Dump {
    balanced()
        .edit(
            GROUP,
            json!({"HealthCheckEnabled": true, "HealthCheckProtocol": "HTTP", "HealthCheckPort": "traffic-port",
                   "HealthCheckPath": "/", "HealthCheckIntervalSeconds": 15, "HealthCheckTimeoutSeconds": 5,
                   "HealthyThresholdCount": 5, "UnhealthyThresholdCount": 2, "Matcher": {"HttpCode": "200"}}),
        )
        .edit(GROUP, members)
}

/// The names of checks, and what becomes of each.
fn checks(scenario: &Scenario) -> Vec<String> {
    let report = scenario.run();
    let all = report.connections.iter().filter(|of| of.connection.is_health_check);
    all.map(|of| format!("{}: {}", of.connection.name.trim_start_matches(HEALTH_CHECK_OF), of.outcome))
        .collect()
}

/// What stands behind `health_check: ` of the scenario that is made of it, up to its end.
fn written(dump: &Dump) -> Option<String> {
    let text = dump.imported_text();
    let (_, rest) = text.split_once("health_check: {")?;
    Some(rest.split('}').next().unwrap().to_owned())
}

#[test]
fn the_scenario_of_answers_has_them() {
    let dump = checked(json!({}));
    assert_eq!(written(&dump).unwrap(), "protocol: HTTP, interval: 15s, timeout: 5s");
    assert_eq!(
        checks(&dump.imported()),
        ["apps:8080 by eni-node-a: connected", "apps:8080 by eni-node-b: connected"]
            .map(|line| line.replace("apps:", "i-apps:"))
    );
    // One that stands beside the answers as well, to its end.
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("dump.json"), dump.text()).unwrap();
    let beside = folder.path().join("scenario.yaml");
    std::fs::write(&beside, "network: dump.json\nduration: 45s\n").unwrap();
    assert_eq!(checks(&Scenario::load(&beside).unwrap()).len(), 6);
}

#[test]
fn the_answers_alone_have_none() {
    let scenario = checked(json!({"HealthCheckPort": "9000"})).scenario();
    assert!(scenario.connections.is_empty() && scenario.run().connections.is_empty());
    assert_eq!(checked(json!({})).says("i-webs", "front", "tcp 80"), "connected");
}

/// What AWS says is not doubted: a check that the network stops is no warning, and has its records.
#[test]
fn checks_that_the_network_stops_are_no_problem() {
    let dump = checked(json!({"HealthCheckPort": "9000"}));
    assert_eq!(written(&dump).unwrap(), "protocol: HTTP, port: 9000, interval: 15s, timeout: 5s");
    let scenario = dump.imported();
    assert_eq!(scenario.warnings.iter().count(), 0, "{:?}", scenario.warnings);
    assert!(checks(&scenario).iter().all(|check| check.ends_with("blocked")), "{:?}", checks(&scenario));
}

#[test]
fn those_that_are_off_are_not_made() {
    for (what, dump) in [
        ("off", checked(json!({"HealthCheckEnabled": false}))),
        ("of functions", checked(json!({"TargetType": "lambda", "HealthCheckEnabled": true}))),
        ("not told", checked(json!({"HealthCheckProtocol": null}))),
    ] {
        assert_eq!(written(&dump), None, "{what}");
    }
    // A group that no listener sends to, and targets that are not sent to.
    let unused = checked(json!({})).edit(
        "arn:aws:elasticloadbalancing:us-east-1:111122223333:listener-rule/app/front/0a1b/2c3d/6a7b",
        json!({"Actions": [{"Type": "fixed-response"}]}),
    );
    assert!(written(&unused).is_some() && checks(&unused.imported()).is_empty());
    let health = |state: &str| {
        let told = json!([{"Target": {"Id": "i-apps", "Port": 8080}, "TargetHealth": {"State": state}}]);
        checks(&checked(json!({})).set("TargetHealthDescriptions", told).imported()).len()
    };
    assert_eq!(
        [health("unused"), health("draining"), health("initial"), health("unhealthy"), health("healthy")],
        [0, 0, 2, 2, 2]
    );
}

#[test]
fn classic_load_balancers_check_at_one_port() {
    let check = |target: &str| json!({"HealthCheck": {"Target": target, "Interval": 10, "Timeout": 4, "HealthyThreshold": 2}});
    let dump = |target: &str| {
        let more = json!({"Listener": {"Protocol": "TCP", "LoadBalancerPort": 81, "InstancePort": 8081}});
        let mut dump = classic().edit("old", check(target));
        let listeners = dump.get("LoadBalancerDescriptions")[0]["ListenerDescriptions"].clone();
        let all = Value::Array(listeners.as_array().unwrap().iter().cloned().chain([more]).collect());
        dump = dump.edit("old", json!({"ListenerDescriptions": all}));
        dump
    };
    let of = |target: &str| written(&dump(target)).unwrap();
    assert_eq!(of("HTTP:8080/health/deep"), "protocol: HTTP, port: 8080, interval: 10s, timeout: 4s");
    assert_eq!(of("TCP:5432"), "protocol: TCP, port: 5432, interval: 10s, timeout: 4s");
    assert_eq!(of("SSL:8443"), "protocol: HTTPS, port: 8443, interval: 10s, timeout: 4s");
    assert_eq!(checks(&dump("HTTP:8080/").imported()), ["i-apps:8080 by eni-node-b: connected"]);
    // One out of service is checked until it passes.
    let out =
        dump("HTTP:8080/").set("InstanceStates", json!([{"InstanceId": "i-apps", "State": "OutOfService"}]));
    assert_eq!(checks(&out.imported()).len(), 1);
}

#[test]
fn what_cannot_be_is_refused_at_its_place() {
    for (members, path) in [
        (json!({"HealthCheckProtocol": "GOPHER"}), "TargetGroups[0].HealthCheckProtocol"),
        (json!({"HealthCheckPort": "70000"}), "TargetGroups[0].HealthCheckPort"),
        (json!({"HealthCheckIntervalSeconds": 0}), "TargetGroups[0].HealthCheckIntervalSeconds"),
        (json!({"HealthCheckTimeoutSeconds": -1}), "TargetGroups[0].HealthCheckTimeoutSeconds"),
    ] {
        let refused = checked(members).refusal();
        assert!(refused.contains(path), "{path}: {refused}");
    }
    let refused = classic().edit("old", json!({"HealthCheck": {"Target": "HTTP"}})).refusal();
    assert!(refused.contains("LoadBalancerDescriptions[0].HealthCheck.Target"), "{refused}");
}

/// More than can be simulated is left out and said, where nobody asked for it.
#[test]
fn too_many_are_left_out() {
    let text = checked(json!({"HealthCheckIntervalSeconds": 5})).imported_text();
    let scenario = Scenario::parse("long.yaml", &format!("{text}\nduration: 4d\n")).unwrap();
    assert!(scenario.connections.is_empty());
    let told: Vec<&str> = scenario.warnings.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(told, ["health checks of targets are left out: there are more than 100000"]);
}
