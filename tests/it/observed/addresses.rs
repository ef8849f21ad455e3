//! Addresses: public ones, secondary ones, delegated prefixes.

use serde_json::{Value, json};

use super::dump::{Dump, says};
use super::{check, row};

#[test]
fn elastic_ips_that_only_describe_addresses_tells_of() {
    let dump = || {
        Dump::lab().edit("eni-webs", json!({"Association": null})).set("Addresses", json!([
            {"PublicIp": "203.0.113.44", "NetworkInterfaceId": "eni-webs", "PrivateIpAddress": "10.0.1.10"},
            {"PublicIp": "203.0.113.45"},
        ]))
    };
    check(&[
        row("in", dump(), "internet > 203.0.113.44: tcp 443", "connected"),
        row("out", dump(), "i-webs > internet: tcp 443", "connected"),
    ]);
    let both = Dump::lab().set("Addresses", json!([{"PublicIp": "203.0.113.10", "NetworkInterfaceId": "eni-webs", "PrivateIpAddress": "10.0.1.10"}]));
    check(&[row("told twice", both, "internet > i-webs: tcp 443", "connected")]);
    let other = Dump::lab().set("Addresses", json!([{"PublicIp": "203.0.113.99", "NetworkInterfaceId": "eni-webs", "PrivateIpAddress": "10.0.1.10"}]));
    let refused = other.refusal();
    assert!(
        refused.contains("has another public address than the Elastic IP that is associated with it"),
        "{refused}"
    );
}

/// A public address of the account is not the internet, whoever of the answers tells of it.
#[test]
fn public_addresses_of_interfaces_that_are_not_known() {
    let elastic = |patch: Value| {
        let mut address = json!({"PublicIp": "203.0.113.44", "AllocationId": "eipalloc-0001"});
        address.as_object_mut().unwrap().extend(patch.as_object().unwrap().clone());
        Dump::lab().set("Addresses", json!([address]))
    };
    let card = json!({"NetworkInterfaceId": "eni-more", "SubnetId": "subnet-back", "VpcId": "vpc-main",
                      "Groups": [{"GroupId": "sg-apps"}], "Association": {"PublicIp": "203.0.113.44"}});
    let secondary = json!({"PrivateIpAddresses": [
        {"Primary": true, "PrivateIpAddress": "10.0.1.10", "Association": {"PublicIp": "203.0.113.10"}}]});
    let within = json!({"PublicIpAddress": "203.0.113.44"});
    let nat = json!({"NatGatewayId": "nat-0001", "State": "available",
                     "NatGatewayAddresses": [{"PublicIp": "203.0.113.44"}]});
    let gone = json!({"NatGatewayId": "nat-0001", "State": "deleted",
                      "NatGatewayAddresses": [{"PublicIp": "203.0.113.44"}]});
    let unknown =
        "unknown: internet-gateway: network interfaces were not collected: that of 203.0.113.44 is not known";
    let nobody =
        "blocked: internet-gateway: 203.0.113.44 is not the public address of an interface behind it";
    for (what, dump, says) in [
        (
            "an interface of another dump",
            elastic(json!({"NetworkInterfaceId": "eni-gone", "PrivateIpAddress": "10.0.2.9"})),
            unknown,
        ),
        (
            "a private address that is not listed",
            elastic(json!({"NetworkInterfaceId": "eni-webs", "PrivateIpAddress": "10.0.1.77"}))
                .edit("eni-webs", secondary),
            unknown,
        ),
        ("no private address", elastic(json!({"NetworkInterfaceId": "eni-apps"})), unknown),
        ("an association alone", elastic(json!({"AssociationId": "eipassoc-0001"})), unknown),
        ("an instance", elastic(json!({"InstanceId": "i-gone"})), unknown),
        ("nobody", elastic(json!({})), nobody),
        ("an interface without an address", Dump::lab().add("NetworkInterfaces", card), unknown),
        ("an instance's own", Dump::lab().edit("i-apps", within), unknown),
        ("a NAT gateway", Dump::lab().add("NatGateways", nat), unknown),
        ("a NAT gateway that is gone", Dump::lab().add("NatGateways", gone), "connected"),
    ] {
        check(&[row(what, dump.clone(), "i-webs > 203.0.113.44: tcp 443", says)]);
        same_as_imported(&dump, "i-webs", "203.0.113.44");
        if says == unknown {
            check(&[row(what, dump.clone(), "203.0.113.44 > i-webs: tcp 443", unknown)]);
            same_as_imported(&dump, "203.0.113.44", "i-webs");
        }
    }
}

fn same_as_imported(dump: &Dump, from: &str, to: &str) {
    let imported = dump.imported();
    assert_eq!(says(&imported, from, to, "tcp 443"), dump.says(from, to, "tcp 443"), "{from} > {to}");
}

#[test]
fn secondary_private_addresses() {
    let dump = || {
        Dump::lab().edit("eni-webs", json!({"PrivateIpAddresses": [
            {"Primary": false, "PrivateIpAddress": "10.0.1.11", "Association": {"PublicIp": "203.0.113.11"}},
            {"Primary": false, "PrivateIpAddress": "10.0.1.12"},
            {"Primary": true, "PrivateIpAddress": "10.0.1.10", "Association": {"PublicIp": "203.0.113.10"}},
        ]}))
    };
    check(&[
        row("each by its own public address", dump(), "internet > 203.0.113.11: tcp 443", "connected"),
        row("the primary one too", dump(), "internet > 203.0.113.10: tcp 443", "connected"),
        row("within", dump(), "i-apps > 10.0.1.12: tcp 443", "connected"),
        row(
            "one without a public address stays inside",
            dump(),
            "10.0.1.12 > internet: tcp 443",
            "blocked: internet-gateway: 10.0.1.12 has no public address",
        ),
        row("one with it goes out", dump(), "10.0.1.11 > internet: tcp 443", "connected"),
    ]);
}

#[test]
fn delegated_prefixes() {
    let dump = || Dump::lab().edit("eni-webs", json!({"Ipv4Prefixes": [{"Ipv4Prefix": "10.0.1.32/28"}]}));
    check(&[
        row("every address in it is the interface's", dump(), "i-apps > 10.0.1.47: tcp 443", "connected"),
        row(
            "one beside is not",
            dump(),
            "i-apps > 10.0.1.48: tcp 443",
            "blocked: delivery: no interface has 10.0.1.48",
        ),
    ]);
    let size =
        Dump::lab().edit("eni-webs", json!({"Ipv4Prefixes": [{"Ipv4Prefix": "10.0.1.32/27"}]})).refusal();
    assert!(size.contains("is not of the size of a delegated prefix"), "{size}");
}

#[test]
fn addresses_that_two_interfaces_have() {
    let twice = Dump::lab().edit(
        "eni-apps",
        json!({"SubnetId": "subnet-front", "PrivateIpAddress": "10.0.1.10", "PrivateIpAddresses": null}),
    );
    assert!(twice.refusal().contains("10.0.1.10"), "{}", twice.refusal());
    let outside =
        Dump::lab().edit("eni-apps", json!({"PrivateIpAddress": "10.0.1.99", "PrivateIpAddresses": null}));
    assert!(outside.refusal().contains("10.0.1.99"), "{}", outside.refusal());
}
