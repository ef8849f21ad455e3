//! Resources of services whose interfaces AWS manages, joined with what `DescribeNetworkInterfaces` tells.

use serde_json::{Value, json};

use super::dump::{Dump, interface, says};
use super::{check, row};

/// An interface that a service made: `apps` is the client of all.
fn card(name: &str, subnet: &str, address: &str, of: Value) -> Value {
    let mut card = interface(name, subnet, address, of);
    card["Attachment"] = json!({"InstanceOwnerId": "amazon-aws"});
    card["Groups"] = json!([{"GroupId": "sg-webs"}]);
    card
}

fn rds(name: &str, subnet: &str, address: &str) -> Value {
    card(name, subnet, address, json!({"RequesterId": "amazon-rds", "Description": "RDSNetworkInterface"}))
}

fn database(name: &str, zone: &str) -> Value {
    json!({"DBInstanceIdentifier": name, "AvailabilityZone": zone, "MultiAZ": false,
           "Endpoint": {"Address": format!("{name}.c1.us-east-1.rds.amazonaws.com"), "Port": 443},
           "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-webs", "Status": "active"}],
           "DBSubnetGroup": {"VpcId": "vpc-main", "Subnets": [{"SubnetIdentifier": "subnet-front"}, {"SubnetIdentifier": "subnet-back"}]}})
}

fn two_databases() -> Dump {
    Dump::lab()
        .add("NetworkInterfaces", rds("db-1", "subnet-front", "10.0.1.40"))
        .add("NetworkInterfaces", rds("db-2", "subnet-back", "10.0.2.40"))
        .add("DBInstances", database("orders", "us-east-1a"))
        .add("DBInstances", database("stock", "us-east-1b"))
        .add(
            "DBClusters",
            json!({"DBClusterIdentifier": "shop", "Port": 443,
            "DBClusterMembers": [{"DBInstanceIdentifier": "orders"}, {"DBInstanceIdentifier": "stock"}]}),
        )
}

#[test]
fn databases_are_told_apart_by_zone() {
    check(&[
        row("one", two_databases(), "i-apps > rds:orders: tcp 443", "connected"),
        row("the other", two_databases(), "i-apps > stock: tcp 443", "connected"),
        row("both", two_databases(), "i-apps > rds:shop: tcp 443", "connected"),
        row(
            "another port",
            two_databases(),
            "i-apps > rds:orders: tcp 22",
            "unknown: listener: rds answers at tcp 443; what becomes of others AWS does not say",
        ),
    ]);
    let text = |scenario| says(scenario, "i-apps", "rds:orders", "tcp 443");
    assert_eq!(text(&two_databases().imported()), text(&two_databases().scenario()));
}

/// Two databases that could have either interface have none.
#[test]
fn what_is_not_certain_is_told() {
    let dump = two_databases().edit("orders", json!({"AvailabilityZone": null}));
    let told = dump.warnings();
    let lost = "3 resources have no interface that is known for certain to be of it: rds";
    assert!(told.iter().any(|warning| warning.contains(lost)), "{told:?}");
    assert!(
        told.iter().all(|warning| !warning.contains("orders")),
        "names of an account are not said: {told:?}"
    );
}

#[test]
fn services_that_name_or_describe_their_interfaces() {
    let efs = card(
        "target",
        "subnet-back",
        "10.0.2.41",
        json!({"InterfaceType": "efs", "Description": "EFS mount target for fs-1 (fsmt-1)"}),
    );
    let cache = card(
        "cache",
        "subnet-back",
        "10.0.2.42",
        json!({"RequesterId": "amazon-elasticache", "Description": "ElastiCache sessions-001"}),
    );
    let task = card(
        "task",
        "subnet-back",
        "10.0.2.43",
        json!({"Description": "arn:aws:ecs:us-east-1:111122223333:attachment/1"}),
    );
    let function = card(
        "function",
        "subnet-back",
        "10.0.2.44",
        json!({"InterfaceType": "lambda", "Description": "AWS Lambda VPC ENI-resize-1"}),
    );
    let door =
        card("door", "subnet-back", "10.0.2.45", json!({"InterfaceType": "ec2_instance_connect_endpoint"}));
    let dump = [efs, cache, task, function, door]
        .into_iter()
        .fold(Dump::lab(), |dump, card| dump.add("NetworkInterfaces", card))
        .edit("sg-webs", json!({"IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}]}))
        .add("MountTargets", json!({"FileSystemId": "fs-1", "MountTargetId": "fsmt-1", "NetworkInterfaceId": "eni-target"}))
        .add("CacheClusters", json!({"CacheClusterId": "sessions-001", "CacheNodes": [{"Endpoint": {"Port": 6379}}]}))
        .add("ReplicationGroups", json!({"ReplicationGroupId": "sessions", "MemberClusters": ["sessions-001"]}))
        .add("tasks", json!({
            "taskArn": "arn:aws:ecs:us-east-1:111122223333:task/shop/0a1b", "group": "service:web",
            "clusterArn": "arn:aws:ecs:us-east-1:111122223333:cluster/shop",
            "attachments": [{"type": "ElasticNetworkInterface",
                             "details": [{"name": "networkInterfaceId", "value": "eni-task"}]}],
            "containers": [{"runtimeId": "0a1b-1"}]}))
        .add("Functions", json!({"FunctionName": "resize",
            "VpcConfig": {"VpcId": "vpc-main", "SubnetIds": ["subnet-back", "subnet-front"], "SecurityGroupIds": ["sg-webs"]}}))
        .add("InstanceConnectEndpoints", json!({"InstanceConnectEndpointId": "eice-1", "PreserveClientIp": false,
            "NetworkInterfaceIds": ["eni-door"]}));
    for scenario in [dump.scenario(), dump.imported()] {
        for (from, to, traffic, expected) in [
            ("i-apps", "efs:fs-1", "tcp 2049", "connected"),
            ("i-apps", "sessions", "tcp 6379", "connected"),
            ("i-apps", "elasticache:sessions-001", "tcp 6379", "connected"),
            ("i-apps", "ecs:web", "tcp 8080", "connected"),
            ("lambda:resize", "i-webs", "tcp 8080", "connected"),
            (
                "i-apps",
                "lambda:resize",
                "tcp 443",
                "blocked: delivery: an interface of lambda opens connections alone: what comes to it is for nobody",
            ),
            ("eice-1", "i-webs", "tcp 22", "connected"),
        ] {
            let said = says(&scenario, from, to, traffic);
            assert!(said.starts_with(expected), "{from} > {to}: {said}");
        }
    }
    let warnings = dump.warnings();
    assert!(warnings.iter().all(|warning| !warning.contains("no interface that is known")), "{warnings:?}");
}

#[test]
fn encryption_controls_are_read() {
    let dump =
        Dump::lab().edit("vpc-main", json!({"EncryptionControl": {"VpcId": "vpc-main", "Mode": "enforce"}}));
    let mode = |scenario: flowcast::Scenario| {
        scenario.network.vpcs.iter().map(|vpc| vpc.encryption_controls).collect::<Vec<_>>()
    };
    assert_eq!(mode(dump.scenario()), [Some(flowcast::model::EncryptionMode::Enforce)]);
    assert_eq!(mode(dump.imported()), mode(dump.scenario()));
}
