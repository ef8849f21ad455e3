//! What excludes each other: far sides of a rule, targets of a route, families of addresses.

use serde_json::{Value, json};

use super::dump::Dump;

fn permission(patch: Value) -> Dump {
    let mut permission = json!({"IpProtocol": "-1"});
    permission.as_object_mut().unwrap().extend(patch.as_object().unwrap().clone());
    Dump::lab().edit("sg-webs", json!({"IpPermissions": [permission]}))
}

fn rule(patch: Value) -> Dump {
    let mut rule = json!({"SecurityGroupRuleId": "sgr-0001", "GroupId": "sg-webs", "IsEgress": false, "IpProtocol": "-1"});
    rule.as_object_mut().unwrap().extend(patch.as_object().unwrap().clone());
    Dump::lab().add("SecurityGroupRules", rule)
}

fn entry(patch: Value) -> Dump {
    let mut entry = json!({"RuleNumber": 100, "RuleAction": "allow", "Egress": false, "Protocol": "-1"});
    entry.as_object_mut().unwrap().extend(patch.as_object().unwrap().clone());
    Dump::lab().edit("acl-open", json!({"Entries": [entry]}))
}

fn route(patch: Value) -> Dump {
    let mut route = json!({"State": "active", "Origin": "CreateRoute"});
    route.as_object_mut().unwrap().extend(patch.as_object().unwrap().clone());
    Dump::lab().edit("rtb-main", json!({"Routes": [route]}))
}

fn vpc(patch: Value) -> Dump {
    Dump::lab().edit("vpc-main", patch)
}

fn subnet(patch: Value) -> Dump {
    Dump::lab().edit("subnet-front", patch)
}

#[test]
fn blocks_of_the_other_family() {
    let (v4, v6) = ("10.0.0.0/8", "2001:db8::/32");
    let set = json!([{"Ipv6CidrBlock": v4}]);
    for (dump, path, family) in [
        (permission(json!({"IpRanges": [{"CidrIp": v6}]})), "IpPermissions[0].IpRanges[0].CidrIp", "IPv4"),
        (
            permission(json!({"Ipv6Ranges": [{"CidrIpv6": v4}]})),
            "IpPermissions[0].Ipv6Ranges[0].CidrIpv6",
            "IPv6",
        ),
        (rule(json!({"CidrIpv4": v6})), "SecurityGroupRules[0].CidrIpv4", "IPv4"),
        (rule(json!({"CidrIpv6": v4})), "SecurityGroupRules[0].CidrIpv6", "IPv6"),
        (entry(json!({"CidrBlock": v6})), "Entries[0].CidrBlock", "IPv4"),
        (entry(json!({"Ipv6CidrBlock": v4})), "Entries[0].Ipv6CidrBlock", "IPv6"),
        (
            route(json!({"DestinationCidrBlock": v6, "GatewayId": "igw-main"})),
            "Routes[0].DestinationCidrBlock",
            "IPv4",
        ),
        (
            route(json!({"DestinationIpv6CidrBlock": v4, "GatewayId": "igw-main"})),
            "Routes[0].DestinationIpv6CidrBlock",
            "IPv6",
        ),
        (vpc(json!({"CidrBlock": v6})), "Vpcs[0].CidrBlock", "IPv4"),
        (
            vpc(json!({"CidrBlockAssociationSet": [{"CidrBlock": v6}]})),
            "Vpcs[0].CidrBlockAssociationSet[0].CidrBlock",
            "IPv4",
        ),
        (
            vpc(json!({"Ipv6CidrBlockAssociationSet": set})),
            "Vpcs[0].Ipv6CidrBlockAssociationSet[0].Ipv6CidrBlock",
            "IPv6",
        ),
        (subnet(json!({"CidrBlock": v6})), "Subnets[0].CidrBlock", "IPv4"),
        (
            subnet(json!({"Ipv6CidrBlockAssociationSet": set})),
            "Subnets[0].Ipv6CidrBlockAssociationSet[0].Ipv6CidrBlock",
            "IPv6",
        ),
    ] {
        let refused = dump.refusal();
        assert!(refused.contains(&format!("{path}`: not an {family} block")), "{path}: {refused}");
    }
}

#[test]
fn one_far_side_and_one_target() {
    let both = rule(json!({"CidrIpv4": "0.0.0.0/0", "CidrIpv6": "::/0"})).refusal();
    assert!(both.contains("has not exactly one far side"), "{both}");
    let to = |targets: Value| {
        let mut all = json!({"DestinationCidrBlock": "0.0.0.0/0"});
        all.as_object_mut().unwrap().extend(targets.as_object().unwrap().clone());
        route(all)
    };
    for targets in [
        json!({"GatewayId": "igw-main", "NatGatewayId": "nat-0001"}),
        json!({"NetworkInterfaceId": "eni-apps", "TransitGatewayId": "tgw-0001"}),
        json!({"InstanceId": "i-apps", "GatewayId": "igw-main"}),
    ] {
        let refused = to(targets.clone()).refusal();
        assert!(
            refused.contains("RouteTables[0].Routes[0]`: a route has one target"),
            "{targets}: {refused}"
        );
    }
    to(json!({"InstanceId": "i-apps", "NetworkInterfaceId": "eni-apps"})).scenario();
}

/// AWS lists no permission that admits nobody, and no association of nothing: such a one was cut on its way here.
#[test]
fn at_least_one_far_side_and_something_associated() {
    let none = json!({"IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": []});
    for cut in [json!({}), none] {
        let refused = permission(cut).refusal();
        let told = "security group `sg-webs` cannot be read: `SecurityGroups[0].IpPermissions[0]`: a permission needs a far side";
        assert!(refused.contains(told), "{refused}");
    }
    let associated = |own: Value| {
        let all = json!([{"Main": true, "RouteTableId": "rtb-main"}, own]);
        Dump::lab().edit("rtb-main", json!({"Associations": all}))
    };
    for cut in [json!({}), json!({"Main": false}), json!({"AssociationState": {"State": "associated"}})] {
        let refused = associated(cut).refusal();
        let told = "route table `rtb-main` cannot be read: `RouteTables[0].Associations[1]`: an association needs a subnet";
        assert!(refused.contains(told), "{refused}");
    }
    associated(json!({"AssociationState": {"State": "disassociated"}})).scenario();
    associated(json!({"PublicIpv4Pool": "ipv4pool-ec2-0001"})).scenario();
}

#[test]
fn a_local_route_is_no_blackhole() {
    let local = json!({"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "blackhole"});
    let refused = route(local).refusal();
    assert!(refused.contains("has a local route that is a blackhole"), "{refused}");
}

#[test]
fn a_private_address_has_one_elastic_ip() {
    let elastic = |public: &str| json!({"PublicIp": public, "NetworkInterfaceId": "eni-apps", "PrivateIpAddress": "10.0.2.10"});
    let twice = |one: &str, other: &str| Dump::lab().set("Addresses", json!([elastic(one), elastic(other)]));
    let refused = twice("203.0.113.44", "203.0.113.45").refusal();
    assert!(refused.contains("is associated with a private address that another one is"), "{refused}");
    twice("203.0.113.44", "203.0.113.44").scenario();
}
