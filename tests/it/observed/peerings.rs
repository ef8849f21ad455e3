//! VPC peering connections and virtual private gateways: in every state, with ends that nobody asked about.

use serde_json::{Value, json};

use super::dump::{Dump, interface, route};
use super::{check, row};

/// The small network with a peer, whose one interface admits 443 from the group of `webs`.
fn joined(peering: Value) -> Dump {
    let local = |block: &str| route(block, "local");
    let by_peering = |block: &str| json!({"DestinationCidrBlock": block, "VpcPeeringConnectionId": "pcx-main", "State": "active", "Origin": "CreateRoute"});
    Dump::lab()
        .add("Vpcs", json!({"VpcId": "vpc-peer", "OwnerId": "111122223333", "CidrBlock": "10.1.0.0/16"}))
        .add("Subnets", json!({"SubnetId": "subnet-peer", "VpcId": "vpc-peer", "CidrBlock": "10.1.1.0/24",
                               "AvailabilityZone": "us-east-1a", "AvailabilityZoneId": "use1-az1"}))
        .edit("rtb-main", json!({"Routes": [local("10.0.0.0/16"), route("0.0.0.0/0", "igw-main"), by_peering("10.1.0.0/16")]}))
        .add("RouteTables", json!({"RouteTableId": "rtb-peer", "VpcId": "vpc-peer",
                                   "Associations": [{"Main": true, "RouteTableId": "rtb-peer"}],
                                   "Routes": [local("10.1.0.0/16"), by_peering("10.0.0.0/16")]}))
        .add("NetworkAcls", json!({"NetworkAclId": "acl-peer", "VpcId": "vpc-peer",
                                   "Associations": [{"SubnetId": "subnet-peer"}], "Entries": [
            {"RuleNumber": 100, "RuleAction": "allow", "Egress": false, "Protocol": "-1", "CidrBlock": "0.0.0.0/0"},
            {"RuleNumber": 100, "RuleAction": "allow", "Egress": true, "Protocol": "-1", "CidrBlock": "0.0.0.0/0"}]}))
        .add("SecurityGroups", json!({"GroupId": "sg-peer", "GroupName": "peer", "VpcId": "vpc-peer", "IpPermissions": [
            {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [
                {"GroupId": "sg-webs", "UserId": "111122223333", "VpcId": "vpc-main", "VpcPeeringConnectionId": "pcx-main"}]}],
            "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}))
        .add("NetworkInterfaces", interface("peer", "subnet-peer", "10.1.1.10", json!({"VpcId": "vpc-peer"})))
        .add("Reservations", json!({"ReservationId": "r-peer", "Instances": [
            {"InstanceId": "i-peer", "InstanceType": "t3.micro", "State": {"Name": "running"}}]}))
        .add("VpcPeeringConnections", peering)
}

fn peering(accepter: Value, state: &str) -> Value {
    json!({"VpcPeeringConnectionId": "pcx-main", "Status": {"Code": state, "Message": "hunter2"},
           "RequesterVpcInfo": {"VpcId": "vpc-main", "Region": "us-east-1", "OwnerId": "111122223333"},
           "AccepterVpcInfo": accepter})
}

#[test]
fn peering_connections() {
    let here = json!({"VpcId": "vpc-peer", "Region": "us-east-1"});
    let active = joined(peering(here.clone(), "active"));
    let asked = "i-webs > i-peer: tcp 443";
    check(&[
        row("a member of the group that the peer names", active.clone(), asked, "connected"),
        row(
            "told by both accounts, each with its own tags",
            {
                let mut told_again = peering(here.clone(), "active");
                told_again["Tags"] = json!([{"Key": "Name", "Value": "theirs"}]);
                active.clone().add("VpcPeeringConnections", told_again)
            },
            asked,
            "connected",
        ),
        row(
            "across Regions, where groups are not known",
            joined(peering(json!({"VpcId": "vpc-peer", "Region": "eu-west-1"}), "active")),
            asked,
            "blocked: security-group-ingress: no rule matches; there is tcp 443 from sg-webs",
        ),
        row(
            "nobody of that group",
            active.clone(),
            "i-apps > i-peer: tcp 443",
            "blocked: security-group-ingress: no rule matches; there is tcp 443 from sg-webs",
        ),
        row(
            "deleted",
            joined(peering(here.clone(), "deleted")),
            asked,
            "blocked: vpc-peering: pcx-main is not available",
        ),
        row(
            "to a VPC that was not collected",
            joined(peering(json!({"VpcId": "vpc-foreign", "Region": "us-east-1"}), "active")),
            "i-webs > 10.1.1.10: tcp 443",
            "unknown: vpc-peering: nothing is known of the VPC on its far side",
        ),
        row(
            "from a VPC that was not collected",
            joined(peering(json!({"VpcId": "vpc-foreign"}), "active")).edit(
                "sg-webs",
                json!({"IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}),
            ),
            "10.9.1.10 > i-webs: tcp 443",
            "unknown: internet-gateway: how 10.9.1.10 reaches the VPC is not simulated",
        ),
        row(
            "not collected itself",
            joined(peering(here, "active")).without(&["VpcPeeringConnections"]),
            "i-webs > i-peer: tcp 443",
            "unknown: route: 10.1.0.0/16 -> pcx-main, which was not collected or is not known",
        ),
    ]);
}

#[test]
fn states_that_are_not_listed_are_refused() {
    let refused = joined(peering(json!({"VpcId": "vpc-peer"}), "perhaps")).refusal();
    assert!(refused.contains("expected one of `initiating-request`"), "{refused}");
}

/// The small network with a virtual private gateway, to which a route leads.
fn with_vpn(gateway: Value, connection: Value, origin: &str) -> Dump {
    let to_office = json!({"DestinationCidrBlock": "192.168.0.0/16", "GatewayId": "vgw-main", "State": "active", "Origin": origin});
    Dump::lab()
        .edit("rtb-main", json!({"Routes": [route("10.0.0.0/16", "local"), to_office]}))
        .add("VpnGateways", gateway)
        .add("VpnConnections", connection)
}

fn gateway(state: &str) -> Value {
    json!({"VpnGatewayId": "vgw-main", "State": state, "VpcAttachments": [{"VpcId": "vpc-main", "State": "attached"}]})
}

fn connection(routes: Value, tunnels: [&str; 2]) -> Value {
    json!({"VpnConnectionId": "vpn-main", "VpnGatewayId": "vgw-main", "CustomerGatewayId": "cgw-main",
           "State": "available", "Routes": routes, "VgwTelemetry": tunnels.map(|status| json!({"Status": status}))})
}

#[test]
fn virtual_private_gateways() {
    let routed = || json!([{"DestinationCidrBlock": "192.168.0.0/16", "State": "available"}]);
    let up = ["UP", "DOWN"];
    let open = json!({"IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "192.168.0.0/16"}]}]});
    let not_known =
        "unknown: vpn-gateway: which networks are behind it is not known: one may have 192.168.5.5";
    check(&[
        row(
            "a static route of the VPN connection",
            with_vpn(gateway("available"), connection(routed(), up), "CreateRoute"),
            "i-apps > 192.168.5.5: tcp 443",
            "connected",
        ),
        row(
            "a propagated route",
            with_vpn(gateway("available"), connection(json!([]), up), "EnableVgwRoutePropagation"),
            "i-apps > 192.168.5.5: tcp 443",
            "connected",
        ),
        row(
            "in by the same way",
            with_vpn(gateway("available"), connection(routed(), up), "CreateRoute").edit("sg-apps", open),
            "192.168.5.5 > i-apps: tcp 443",
            "connected",
        ),
        row(
            "a static route of the table alone",
            with_vpn(gateway("available"), connection(json!([]), up), "CreateRoute"),
            "i-apps > 192.168.5.5: tcp 443",
            not_known,
        ),
        row(
            "both tunnels are down",
            with_vpn(gateway("available"), connection(routed(), ["DOWN", "DOWN"]), "CreateRoute"),
            "i-apps > 192.168.5.5: tcp 443",
            not_known,
        ),
        row(
            "a gateway that is going",
            with_vpn(gateway("deleting"), connection(routed(), up), "CreateRoute"),
            "i-apps > 192.168.5.5: tcp 443",
            "unknown: vpn-gateway: AWS does not say whether vgw-main carries packets while it is `deleting`",
        ),
    ]);
}
