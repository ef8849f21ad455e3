//! Kinds that nobody collected: what is certain in spite of it, what is not, and why not.

use serde_json::{Value, json};

use super::dump::{Dump, interface, route};
use super::{check, row};

fn without(key: &str) -> Dump {
    Dump::lab().without(&[key])
}

#[test]
fn route_tables() {
    let missing = |address| {
        format!("unknown: route: route tables were not collected: no local route leads to {address}")
    };
    let out = missing("203.0.113.99");
    let back = missing("198.51.100.1");
    check(&[
        row(
            "within the VPC by local routes",
            without("RouteTables"),
            "i-webs > i-apps: tcp 8080",
            "connected",
        ),
        row(
            "denied on the way",
            without("RouteTables"),
            "i-webs > i-apps: tcp 80",
            "blocked: security-group-ingress: no rule matches; there is tcp 8080 from sg-webs",
        ),
        row("out of it", without("RouteTables"), "i-webs > 203.0.113.99: tcp 443", leak(out)),
        row("the reply to the internet", without("RouteTables"), "internet > i-webs: tcp 443", leak(back)),
        row(
            "denied at the interface",
            without("RouteTables"),
            "internet > i-webs: tcp 80",
            "blocked: security-group-ingress: no rule matches",
        ),
    ]);
    assert_warning(&without("RouteTables"), "route tables were not collected for 1 of 1 VPCs");
}

#[test]
fn network_acls() {
    let missing = "unknown: network-acl-egress: network ACLs were not collected";
    let dump = || without("NetworkAcls");
    let neighbour = || {
        dump().add(
            "NetworkInterfaces",
            interface(
                "side",
                "subnet-back",
                "10.0.2.11",
                json!({"Groups": [{"GroupId": "sg-webs"}], "Attachment": null}),
            ),
        )
    };
    check(&[
        row("between subnets", dump(), "i-webs > i-apps: tcp 8080", missing),
        row(
            "denied at the interface",
            dump(),
            "i-webs > i-apps: tcp 80",
            "blocked: security-group-ingress: no rule matches; there is tcp 8080 from sg-webs",
        ),
        row(
            "within a subnet no network ACL is asked",
            neighbour(),
            "eni-side > i-apps: tcp 8080",
            "connected",
        ),
        row(
            "from the internet",
            dump(),
            "internet > i-webs: tcp 443",
            "unknown: network-acl-ingress: network ACLs were not collected",
        ),
        row(
            "to nobody",
            dump().edit("rtb-main", json!({"Routes": [route("10.0.0.0/16", "local")]})),
            "i-webs > internet: tcp 443",
            "blocked: route: no route to 198.51.100.1",
        ),
    ]);
    assert_warning(&dump(), "network ACLs were not collected for 1 of 1 VPCs");
}

#[test]
fn network_acls_of_some_subnets() {
    let dump = || Dump::lab().edit("acl-open", json!({"Associations": [{"SubnetId": "subnet-front"}]}));
    check(&[
        row("of the sender's", dump(), "internet > i-webs: tcp 443", "connected"),
        row(
            "not of the receiver's",
            dump(),
            "i-webs > i-apps: tcp 8080",
            "unknown: network-acl-ingress: network ACLs were not collected",
        ),
    ]);
}

#[test]
fn network_interfaces() {
    let within = |name, subnet, address| json!({"NetworkInterfaces": [interface(name, subnet, address, json!({"Attachment": {"InstanceId": null}}))]});
    let dump = || {
        without("NetworkInterfaces")
            .edit("i-webs", within("webs", "subnet-front", "10.0.1.10"))
            .edit("i-apps", within("apps", "subnet-back", "10.0.2.10"))
    };
    check(&[
        row("those that instances tell of are known", dump(), "i-webs > i-apps: tcp 8080", "connected"),
        row(
            "others may be there",
            dump(),
            "i-webs > 10.0.2.99: tcp 80",
            "unknown: delivery: network interfaces were not collected: somebody may have 10.0.2.99",
        ),
        row(
            "also in the same subnet",
            dump(),
            "i-webs > 10.0.1.99: tcp 80",
            "unknown: delivery: network interfaces were not collected: somebody may have 10.0.1.99",
        ),
        row(
            "a network ACL denies all the same",
            dump().edit("acl-open", json!({"Entries": []})),
            "i-webs > 10.0.2.99: tcp 80",
            "blocked: network-acl-egress: no egress entries: everything is denied",
        ),
        row(
            "collected, nobody is there",
            Dump::lab(),
            "i-webs > 10.0.2.99: tcp 80",
            "blocked: delivery: no interface has 10.0.2.99",
        ),
    ]);
    assert_warning(&dump(), "network interfaces were not collected for 1 of 1 VPCs");
}

#[test]
fn internet_gateways() {
    let dump = || without("InternetGateways");
    check(&[
        row(
            "in",
            dump(),
            "internet > i-webs: tcp 443",
            "unknown: internet-gateway: internet gateways were not collected",
        ),
        row(
            "out",
            dump(),
            "i-webs > internet: tcp 443",
            "unknown: route: 0.0.0.0/0 -> igw-main, which was not collected or is not known",
        ),
        row("within", dump(), "i-webs > i-apps: tcp 8080", "connected"),
        row(
            "out without a route",
            dump().edit("rtb-main", json!({"Routes": [route("10.0.0.0/16", "local")]})),
            "i-webs > internet: tcp 443",
            "blocked: route: no route to 198.51.100.1",
        ),
        row(
            "collected, and there is none",
            Dump::lab()
                .set("InternetGateways", json!([]))
                .edit("rtb-main", json!({"Routes": [route("10.0.0.0/16", "local")]})),
            "internet > i-webs: tcp 443",
            "blocked: internet-gateway: no internet gateway is attached to the VPC",
        ),
    ]);
    assert_warning(&dump(), "internet gateways were not collected for 1 of 1 VPCs");
}

/// A route that carries packets proves that its gateway is attached, whether or not the gateway is among the answers.
#[test]
fn an_internet_gateway_in_use() {
    let lacking = || Dump::lab().set("InternetGateways", json!([]));
    let told = |state: &str| {
        let mut to_gateway = route("0.0.0.0/0", "igw-main");
        to_gateway["State"] = json!(state);
        lacking().edit("rtb-main", json!({"Routes": [route("10.0.0.0/16", "local"), to_gateway]}))
    };
    let (inward, outward) = ("internet > i-webs: tcp 443", "i-webs > internet: tcp 443");
    let unknown = "unknown: internet-gateway: internet gateways were not collected";
    check(&[
        row("in", told("active"), inward, unknown),
        row(
            "out",
            told("active"),
            outward,
            "unknown: route: 0.0.0.0/0 -> igw-main, which was not collected or is not known",
        ),
        row(
            "in, by a route that carries nothing",
            told("blackhole"),
            inward,
            "blocked: internet-gateway: no internet gateway is attached to the VPC",
        ),
        row(
            "out, by the same",
            told("blackhole"),
            outward,
            "blocked: route: 0.0.0.0/0 -> igw-main is a blackhole",
        ),
    ]);
    assert_warning(&told("active"), "internet gateways were not collected for 1 of 1 VPCs");
    assert_eq!(told("blackhole").warnings(), [""; 0]);
}

#[test]
fn egress_only_internet_gateways() {
    let v6 = |dump: Dump| {
        dump.edit("vpc-main", json!({"Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": "2001:db8:1::/56", "Ipv6CidrBlockState": {"State": "associated"}}]}))
    };
    assert_eq!(
        Dump::lab().without(&["EgressOnlyInternetGateways"]).warnings(),
        [""; 0],
        "of no concern without IPv6"
    );
    assert_warning(
        &v6(without("EgressOnlyInternetGateways")),
        "egress-only internet gateways were not collected for 1 of 1 VPCs",
    );
    assert_eq!(v6(Dump::lab()).warnings(), [""; 0]);
}

#[test]
fn vpcs() {
    check(&[
        row("blocks come from local routes", without("Vpcs"), "i-webs > i-apps: tcp 8080", "connected"),
        row("and out", without("Vpcs"), "i-webs > internet: tcp 443", "connected"),
        row(
            "neither VPCs nor route tables",
            Dump::lab().without(&["Vpcs", "RouteTables"]),
            "i-webs > i-apps: tcp 8080",
            "unknown: route: route tables were not collected: no local route leads to 10.0.2.10",
        ),
    ]);
    assert_warning(&without("Vpcs"), "1 VPC was not collected, although resources are in it");
}

#[test]
fn subnets() {
    let dump = || without("Subnets");
    let neighbour = |dump: Dump| {
        dump.add(
            "NetworkInterfaces",
            interface(
                "side",
                "subnet-back",
                "10.0.2.11",
                json!({"Groups": [{"GroupId": "sg-webs"}], "Attachment": null}),
            ),
        )
    };
    let closed = || dump().edit("acl-open", json!({"Entries": []}));
    check(&[
        row("between subnets", dump(), "i-webs > i-apps: tcp 8080", "connected"),
        row("to the internet", dump(), "i-webs > internet: tcp 443", "connected"),
        row("the network ACL of a subnet is known by its association", closed(), "i-webs > i-apps: tcp 8080",
            "blocked: network-acl-egress: no egress entries: everything is denied"),
        row("two interfaces of one subnet meet no network ACL", neighbour(closed()), "eni-side > i-apps: tcp 8080", "connected"),
        row("to the internet it is asked", closed(), "i-webs > internet: tcp 443", "blocked: network-acl-egress: no egress entries: everything is denied"),
        row(
            "an address of the VPC may be in the same subnet",
            closed().without(&["NetworkInterfaces"]).edit("i-webs", json!({"NetworkInterfaces": [
                interface("webs", "subnet-front", "10.0.1.10", json!({"Attachment": {"InstanceId": null}}))]})),
            "i-webs > 10.0.1.99: tcp 80",
            "unknown: delivery: network interfaces were not collected: somebody may have 10.0.1.99",
        ),
    ]);
    assert_warning(&dump(), "2 subnets were not collected, although resources are in them");
}

/// Nothing stands for instances and flow logs that nobody collected.
#[test]
fn instances_and_flow_logs() {
    check(&[row(
        "interfaces are enough",
        without("Reservations"),
        "eni-webs > eni-apps: tcp 8080",
        "connected",
    )]);
    let scenario = without("FlowLogs").scenario();
    assert!(scenario.network.flow_logs_are_assumed);
    assert_eq!(scenario.network.flow_logs.len(), 1, "one of all traffic for each VPC");
    let scenario = Dump::lab().set("FlowLogs", json!([])).scenario();
    assert!(!scenario.network.flow_logs_are_assumed);
    assert_eq!(scenario.network.flow_logs.len(), 0);
}

/// `null` in place of a list says as little as no key.
#[test]
fn lists_that_are_null() {
    for (key, from, to, traffic) in [
        ("InternetGateways", "internet", "i-webs", "tcp 443"),
        ("NetworkInterfaces", "eni-webs", "10.0.2.99", "tcp 80"),
        ("NetworkAcls", "i-webs", "i-apps", "tcp 8080"),
        ("RouteTables", "i-webs", "internet", "tcp 443"),
    ] {
        let within = json!({"NetworkInterfaces": [
            interface("webs", "subnet-front", "10.0.1.10", json!({"Attachment": {"InstanceId": null}}))]});
        let lab = || Dump::lab().edit("i-webs", within.clone());
        let null = lab().set(key, Value::Null);
        let said = null.says(from, to, traffic);
        assert!(said.starts_with("unknown: "), "{key}: {said}");
        assert_eq!(said, lab().without(&[key]).says(from, to, traffic), "{key}");
        assert_eq!(null.warnings(), lab().without(&[key]).warnings(), "{key}");
    }
}

fn assert_warning(dump: &Dump, message: &str) {
    let warnings = dump.warnings();
    assert!(warnings.iter().any(|warning| warning == message), "{warnings:#?}");
}

/// Rows outlive their test no longer than the program.
fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}
