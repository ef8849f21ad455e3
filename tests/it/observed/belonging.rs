//! What belongs to what: a subnet has one network ACL and one route table, and all of them are of one VPC.

use serde_json::{Value, json};

use super::dump::{Dump, route};

/// A network ACL or route table of `vpc`, associated with the back subnet.
fn associated(key: &str, vpc: &str, association: Value) -> Dump {
    let resource = match key {
        "NetworkAcls" => {
            json!({"NetworkAclId": "acl-more", "VpcId": vpc, "Associations": [association], "Entries": []})
        }
        _ => json!({"RouteTableId": "rtb-more", "VpcId": vpc, "Associations": [association],
                    "Routes": [route("10.0.0.0/16", "local")]}),
    };
    let other = json!({"VpcId": "vpc-other", "OwnerId": "111122223333", "CidrBlock": "10.9.0.0/16"});
    Dump::lab().add("Vpcs", other).add(key, resource)
}

/// The same with the list of `key` turned around.
fn reversed(dump: Dump, key: &str) -> Dump {
    let list: Value = dump.get(key).as_array().unwrap().iter().rev().cloned().collect();
    dump.set(key, list)
}

#[track_caller]
fn refused(dump: &Dump, because: &str) {
    let refusal = dump.refusal();
    assert!(refusal.contains(because), "{because}\n{refusal}");
}

#[test]
fn a_subnet_has_one_network_acl() {
    let two = associated("NetworkAcls", "vpc-main", json!({"SubnetId": "subnet-back"}));
    refused(
        &two,
        "network ACL `acl-more` is associated with a subnet that network ACL `acl-open` has already",
    );
    let message =
        "network ACL `acl-open` is associated with a subnet that network ACL `acl-more` has already";
    refused(&reversed(two, "NetworkAcls"), message);
    let twice =
        json!([{"SubnetId": "subnet-front"}, {"SubnetId": "subnet-back"}, {"SubnetId": "subnet-back"}]);
    Dump::lab().edit("acl-open", json!({"Associations": twice})).scenario();
}

#[test]
fn a_subnet_has_one_route_table() {
    let back = json!([{"Main": true}, {"SubnetId": "subnet-back"}]);
    let two = |state: &str| {
        let association = json!({"SubnetId": "subnet-back", "AssociationState": {"State": state}});
        associated("RouteTables", "vpc-main", association).edit("rtb-main", json!({"Associations": back}))
    };
    let message =
        "route table `rtb-more` is associated with a subnet that route table `rtb-main` has already";
    refused(&two("associated"), message);
    let message =
        "route table `rtb-main` is associated with a subnet that route table `rtb-more` has already";
    refused(&reversed(two("associated"), "RouteTables"), message);
    two("disassociated").scenario();
}

#[test]
fn a_subnet_has_what_is_of_its_vpc() {
    let acl = associated("NetworkAcls", "vpc-other", json!({"SubnetId": "subnet-back"}))
        .edit("acl-open", json!({"Associations": [{"SubnetId": "subnet-front"}]}));
    refused(&acl, "network ACL `acl-more` is associated with a subnet of another VPC");
    acl.edit("acl-more", json!({"VpcId": "vpc-main"})).scenario();
    let table = associated("RouteTables", "vpc-other", json!({"SubnetId": "subnet-back"}));
    refused(&table, "route table `rtb-more` is associated with a subnet of another VPC");
    table.clone().edit("rtb-more", json!({"VpcId": "vpc-main"})).scenario();
    // Of which VPC the subnet is, only `DescribeSubnets` says.
    table.without(&["Subnets"]).scenario();
}

#[test]
fn an_interface_is_in_the_vpc_of_its_subnet() {
    let elsewhere = Dump::lab().edit("eni-apps", json!({"VpcId": "vpc-other"}));
    refused(&elsewhere, "network interface `eni-apps` is in subnet `subnet-back`, which is in another VPC");
    Dump::lab().edit("eni-apps", json!({"VpcId": null})).scenario();
}

#[test]
fn a_gateway_is_attached_to_one_vpc() {
    let attached = |state: &str| {
        let attachments =
            json!([{"VpcId": "vpc-main", "State": "available"}, {"VpcId": "vpc-other", "State": state}]);
        Dump::lab().edit("igw-main", json!({"Attachments": attachments}))
    };
    refused(&attached("available"), "internet gateway `igw-main` is attached to two VPCs");
    attached("detached").scenario();
}
