//! Tags that flow logs show: those that they name, and no others.

use flowcast::import_aws;
use serde_json::json;

use super::dump::Dump;

/// A flow log that shows a tag of the instance, one of the interface and one of the Auto Scaling group.
fn dump() -> Dump {
    let tags = |values: &[(&str, &str)]| -> serde_json::Value {
        values.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect()
    };
    Dump::lab()
        .edit("i-webs", json!({"Tags": tags(&[("Name", "web"), ("team", "pay ments"), ("secret", "hush")])}))
        .edit("eni-webs", json!({"TagSet": tags(&[("role", "main"), ("secret", "hush")])}))
        .edit(
            "fl-main",
            json!({
            "LogFormat": "${interface-id} ${instance-tag} ${instance-tag-2} ${interface-tag} ${asg-tag}",
            "TagFieldSpecifications": [
                {"ResourceType": "instance", "TagKeys": ["team", "none"]},
                {"ResourceType": "network-interface", "TagKeys": ["role"]},
                {"ResourceType": "auto-scaling-group", "TagKeys": ["team"]}]}),
        )
}

#[test]
fn are_those_that_the_flow_log_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("network.json");
    std::fs::write(&path, dump().text()).unwrap();
    let text = import_aws(&path).unwrap().text;
    let traffic = "connections: [{name: https, from: internet, to: i-webs, tcp: 443}]\n";
    let scenario = flowcast::Scenario::parse("imported.yaml", &format!("{text}{traffic}")).unwrap();
    assert!(scenario.run().to_string().starts_with("eni-webs pay%20ments - main -\n"), "{}", scenario.run());
    assert!(!text.contains("hush"), "{text}");
}

#[test]
fn of_auto_scaling_groups_are_not_read() {
    let warnings = dump().warnings();
    let said = "the field `asg-tag` is always `-`: which tags Auto Scaling groups have is not read from AWS's answers";
    assert!(warnings.iter().any(|warning| warning.contains(said)), "{warnings:?}");
}
