//! Gateway Load Balancers and endpoint services, as several calls tell of them.

use serde_json::{Value, json};

use super::dump::{Dump, interface, says};
use super::firewalls::endpoint;
use super::load_balancers::{arn, network};
use super::{check, row};

const SERVICE: &str = "com.amazonaws.vpce.us-east-1.vpce-svc-0a1b2c3d";

fn service(key: &str, balancer: &str) -> Value {
    json!({"ServiceId": "vpce-svc-0a1b2c3d", "ServiceName": SERVICE, "ServiceState": "Available", key: [arn(balancer)]})
}

/// The appliance `fw` in the subnet of the endpoint between `webs` and `apps`, whose group admits what `permission` says.
fn inspected(permission: &Value) -> Dump {
    let everyone = json!([{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]);
    let (balancer, group) = (arn("loadbalancer/gwy/inspect/9f"), arn("targetgroup/firewalls/7d"));
    let node = json!({"Description": "ELB gwy/inspect/9f", "RequesterManaged": true, "Groups": [],
                      "InterfaceType": "gateway_load_balancer", "Attachment": {"InstanceId": null}});
    endpoint()
        .add("SecurityGroups", json!({"GroupId": "sg-fw", "GroupName": "fw", "VpcId": "vpc-main",
                                      "IpPermissions": [permission], "IpPermissionsEgress": everyone}))
        .add("NetworkInterfaces", interface("fw", "subnet-inspection", "10.0.3.20", json!({})))
        .add("NetworkInterfaces", interface("node", "subnet-inspection", "10.0.3.30", node))
        .add("Reservations", json!({"ReservationId": "r-fw", "Instances": [
            {"InstanceId": "i-fw", "InstanceType": "t3.micro", "State": {"Name": "running"}}]}))
        .add("LoadBalancers", json!({
            "LoadBalancerArn": balancer, "LoadBalancerName": "inspect", "Type": "gateway", "VpcId": "vpc-main",
            "State": {"Code": "active"},
            "AvailabilityZones": [{"SubnetId": "subnet-inspection", "ZoneName": "us-east-1a"}]}))
        .add("Listeners", json!({"ListenerArn": arn("listener/gwy/inspect/9f/8e"), "LoadBalancerArn": balancer,
                                 "DefaultActions": [{"Type": "forward", "TargetGroupArn": group}]}))
        .add("TargetGroups", json!({"TargetGroupArn": group, "TargetGroupName": "firewalls", "Protocol": "GENEVE",
                                    "Port": 6081, "VpcId": "vpc-main", "TargetType": "instance",
                                    "LoadBalancerArns": [balancer]}))
        .set("TargetGroupArn", json!(group))
        .add("TargetHealthDescriptions", json!({"Target": {"Id": "i-fw", "Port": 6081},
                                                "TargetHealth": {"State": "healthy"}}))
        .add("Attributes", json!({"Key": "load_balancing.cross_zone.enabled", "Value": "use_load_balancer_configuration"}))
        .add("ServiceConfigurations", service("GatewayLoadBalancerArns", "loadbalancer/gwy/inspect/9f"))
}

fn permission(protocol: &str, port: u16) -> Value {
    json!({"IpProtocol": protocol, "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": "10.0.3.0/24"}]})
}

#[test]
fn appliances_are_sent_geneve() {
    let asked = "i-webs > i-apps: tcp 8080";
    let geneve = || inspected(&permission("udp", 6081));
    let shut = || inspected(&permission("tcp", 443));
    let stated = "what the appliances behind it do is not known: `appliances: pass` would say";
    let without = format!("unknown: vpc-endpoint: {stated}");
    check(&[
        row("all", geneve(), asked, &format!("unknown: listener: {stated}")),
        row(
            "shut",
            shut(),
            asked,
            "blocked: security-group-ingress: no rule matches; there is tcp 443 from 10.0.3.0/24",
        ),
        row("no service", shut().without(&["ServiceConfigurations"]), asked, &without),
        row("no load balancer", shut().without(&["LoadBalancers"]), asked, &without),
        row(
            "no listeners",
            shut().without(&["Listeners"]),
            asked,
            "unknown: load-balancer: what it listens on, or by what rules it sends that on, was not collected",
        ),
        row(
            "no health",
            shut().without(&["TargetHealthDescriptions"]),
            asked,
            "unknown: load-balancer: the targets of firewalls, or their health, were not collected",
        ),
        row(
            "its state was not told",
            shut().edit(&arn("loadbalancer/gwy/inspect/9f"), json!({"State": null})),
            asked,
            "unknown: load-balancer: the state of inspect was not collected",
        ),
    ]);
}

#[test]
fn services_of_network_load_balancers_are_found() {
    let endpoint = interface(
        "vpce",
        "subnet-front",
        "10.0.1.30",
        json!({
        "InterfaceType": "vpc_endpoint", "RequesterManaged": true, "Groups": [{"GroupId": "sg-front"}],
        "Attachment": {"InstanceId": null}, "Description": "VPC Endpoint Interface vpce-nlb"}),
    );
    let dump = network().add("NetworkInterfaces", endpoint).add("VpcEndpoints", json!({
        "VpcEndpointId": "vpce-nlb", "VpcEndpointType": "Interface", "VpcId": "vpc-main", "State": "available",
        "ServiceName": SERVICE, "PrivateDnsEnabled": false, "NetworkInterfaceIds": ["eni-vpce"]}));
    let told = dump
        .clone()
        .add("ServiceConfigurations", service("NetworkLoadBalancerArns", "loadbalancer/net/front/0a1b"));
    assert_eq!(told.says("i-webs", "vpce-nlb", "tcp 80"), "connected");
    assert_ne!(told.says("i-webs", "vpce-nlb", "tcp 80"), dump.says("i-webs", "vpce-nlb", "tcp 80"));
    assert_eq!(says(&told.imported(), "i-webs", "vpce-nlb", "tcp 80"), "connected");
    // Only one that is available serves for certain.
    let unknown = format!("unknown: vpc-endpoint: what is behind {SERVICE} is not simulated");
    let in_state = |state: Value| {
        let of = service("NetworkLoadBalancerArns", "loadbalancer/net/front/0a1b");
        dump.clone()
            .add("ServiceConfigurations", of)
            .edit("vpce-svc-0a1b2c3d", json!({"ServiceState": state}))
    };
    for state in ["Pending", "Deleting", "Deleted", "Failed"] {
        assert_eq!(in_state(json!(state)).says("i-webs", "vpce-nlb", "tcp 80"), unknown, "{state}");
    }
    let untold = in_state(Value::Null);
    assert_eq!(untold.says("i-webs", "vpce-nlb", "tcp 80"), unknown);
    let idle = "endpoint services that are not `Available`: 1 found";
    assert!(untold.warnings().iter().any(|text| text == idle), "{:?}", untold.warnings());
    let refused = in_state(json!("available")).refusal();
    assert!(refused.contains("ServiceState`: expected one of `Pending`, `Available`"), "{refused}");
    // A second one of the load balancer is not simulated, which is said; after one that does not serve it is.
    let second = |first: &str| {
        let mut second = service("NetworkLoadBalancerArns", "loadbalancer/net/front/0a1b");
        second["ServiceId"] = json!("vpce-svc-0a1b2c3e");
        second["ServiceName"] = json!(SERVICE.replace("3d", "3e"));
        in_state(json!(first))
            .add("ServiceConfigurations", second)
            .edit("vpce-nlb", json!({"ServiceName": SERVICE.replace("3d", "3e")}))
    };
    assert_eq!(second("Available").says("i-webs", "vpce-nlb", "tcp 80"), unknown.replace("3d", "3e"));
    let others =
        "endpoint services of several load balancers, or of one that offers another as well: 1 found";
    assert!(second("Available").warnings().iter().any(|text| text == others));
    let scenario = second("Available").scenario();
    let (_, counted) = scenario.usage.rows().find(|(key, _)| *key == "ServiceConfigurations").unwrap();
    assert_eq!((counted.used, counted.unused), (1, 1));
    assert_eq!(second("Failed").says("i-webs", "vpce-nlb", "tcp 80"), "connected");
}

#[test]
fn import_keeps_them() {
    for dump in [inspected(&permission("udp", 6081)), inspected(&permission("tcp", 443))] {
        let imported = dump.imported();
        assert_eq!(
            says(&imported, "i-webs", "i-apps", "tcp 8080"),
            dump.says("i-webs", "i-apps", "tcp 8080")
        );
    }
}
