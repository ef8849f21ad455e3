//! Instances and interfaces: where they are told of, what they are, and whether they run.

use flowcast::Scenario;
use flowcast::diagnostic::Located;
use flowcast::walk::{DecidedBy, Decision, Stage};
use serde_json::{Value, json};

use super::dump::{Dump, interface, parse, says};
use super::{check, row};
use crate::asking::{ask, question};

#[test]
fn instances_that_do_not_run() {
    let state = |name: &str| Dump::lab().edit("i-apps", json!({"State": {"Name": name}}));
    check(&[
        row(
            "a stopped one",
            state("stopped"),
            "i-webs > i-apps: tcp 8080",
            "unknown: listener: the instance does not run",
        ),
        row(
            "as sender",
            state("stopped"),
            "i-apps > i-webs: tcp 443",
            "unknown: listener: the instance does not run",
        ),
        row(
            "what is denied is denied",
            state("stopped"),
            "i-webs > i-apps: tcp 80",
            "blocked: security-group-ingress: no rule matches; there is tcp 8080 from sg-webs",
        ),
        row(
            "one on its way",
            state("pending"),
            "i-webs > i-apps: tcp 8080",
            "unknown: listener: the instance does not run",
        ),
    ]);
    let gone = state("terminated")
        .without(&["NetworkInterfaces"])
        .add("NetworkInterfaces", interface("webs", "subnet-front", "10.0.1.10", json!({})));
    check(&[row(
        "a terminated one is gone, and its address free",
        gone,
        "i-webs > 10.0.2.10: tcp 8080",
        "blocked: delivery: no interface has 10.0.2.10",
    )]);
}

#[test]
fn interfaces_that_aws_manages() {
    let managed = |kind: &str| {
        Dump::lab().add(
            "NetworkInterfaces",
            json!({"NetworkInterfaceId": "eni-nats", "SubnetId": "subnet-front", "VpcId": "vpc-main",
            "InterfaceType": kind, "PrivateIpAddress": "10.0.1.20", "Groups": [], "RequesterManaged": true}),
        )
    };
    let says = "unknown: security-group-ingress: AWS manages the interface, and its traffic is not simulated";
    check(&[
        row("a NAT gateway's", managed("nat_gateway"), "i-apps > eni-nats: tcp 443", says),
        row("a transit gateway's", managed("transit_gateway"), "i-apps > eni-nats: tcp 443", says),
        row("one of no known kind", managed("interface"), "i-apps > eni-nats: tcp 443", says),
        row(
            "as sender",
            managed("nat_gateway"),
            "eni-nats > i-webs: tcp 443",
            "unknown: security-group-egress: AWS manages the interface, and its traffic is not simulated",
        ),
        row(
            "it is a member of no group",
            managed("nat_gateway"),
            "eni-nats > i-apps: tcp 8080",
            "blocked: security-group-ingress: no rule matches; there is tcp 8080 from sg-webs",
        ),
    ]);
}

/// An endpoint opens no connections, and what is behind it no answer about its interface alone tells: not even whether it
/// answers a ping. What it is not allowed to send it does not send either.
#[test]
fn endpoints_of_which_the_interface_alone_is_known() {
    let typed = |kind: &str| Dump::lab().edit("eni-apps", json!({"InterfaceType": kind}));
    let says = "unknown: security-group-egress: AWS manages the interface, and its traffic is not simulated";
    let takes =
        "unknown: security-group-ingress: AWS manages the interface, and its traffic is not simulated";
    let of_aws = |dump: Dump| {
        dump.edit("eni-apps", json!({"Attachment": {"InstanceId": null}})).add("VpcEndpoints", json!({
            "VpcEndpointId": "vpce-queues", "VpcEndpointType": "Interface", "VpcId": "vpc-main", "State": "available",
            "ServiceName": "com.amazonaws.us-east-1.sqs", "NetworkInterfaceIds": ["eni-apps"]}))
    };
    let open = json!([{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]);
    let opened = |kind: &str| typed(kind).edit("sg-apps", json!({"IpPermissions": open}));
    check(&[
        row("an interface does", typed("interface"), "i-apps > i-webs: tcp 443", "connected"),
        row("an endpoint", typed("vpc_endpoint"), "i-apps > i-webs: tcp 443", says),
        row("of a load balancer", typed("gateway_load_balancer_endpoint"), "i-apps > i-webs: tcp 443", says),
        row("it may answer", typed("vpc_endpoint"), "i-webs > i-apps: tcp 8080", takes),
        row("a ping", opened("vpc_endpoint"), "i-webs > i-apps: icmp 8", takes),
        row(
            "the load balancer's",
            opened("gateway_load_balancer_endpoint"),
            "i-webs > i-apps: tcp 8080",
            takes,
        ),
        row(
            "it is not admitted",
            typed("vpc_endpoint"),
            "i-webs > i-apps: tcp 80",
            "blocked: security-group-ingress: no rule matches",
        ),
        row("it answers", of_aws(typed("vpc_endpoint")), "i-webs > eni-apps: tcp 8080", "connected"),
        row(
            "also what rules would not track",
            of_aws(opened("vpc_endpoint")),
            "i-webs > eni-apps: tcp 8080",
            "connected",
        ),
        row(
            "it may not",
            typed("vpc_endpoint").edit("sg-apps", json!({"IpPermissionsEgress": []})),
            "i-apps > i-webs: tcp 443",
            "blocked: security-group-egress: no egress rules",
        ),
    ]);
}

/// Interfaces of other types have groups as well: what the groups admit is not simulated, what they deny is denied.
#[test]
fn managed_interfaces_with_groups() {
    let typed = |kind: &str| Dump::lab().edit("eni-apps", json!({"InterfaceType": kind}));
    let ingress =
        "unknown: security-group-ingress: AWS manages the interface, and its traffic is not simulated";
    let egress =
        "unknown: security-group-egress: AWS manages the interface, and its traffic is not simulated";
    let (to, from) = ("i-webs > i-apps: tcp 8080", "i-apps > i-webs: tcp 443");
    for kind in ["network_load_balancer", "nat_gateway", "load_balancer", "quicksight", "of_tomorrow"] {
        check(&[row(kind, typed(kind), to, ingress), row(kind, typed(kind), from, egress)]);
        assert_eq!(says(&typed(kind).imported(), "i-webs", "i-apps", "tcp 8080"), ingress, "{kind}");
    }
    check(&[
        row(
            "a function is not called so",
            typed("lambda"),
            to,
            "blocked: delivery: an interface of lambda opens connections alone: what comes to it is for nobody",
        ),
        row("it calls", typed("lambda"), from, "connected"),
        row(
            "a denial is certain",
            typed("lambda"),
            "i-webs > i-apps: tcp 80",
            "blocked: security-group-ingress: no rule matches",
        ),
    ]);
    let told = "network interfaces that AWS manages are not simulated as hosts: 1 found";
    assert_eq!(typed("quicksight").warnings(), [told]);
    assert_eq!(typed("lambda").warnings(), [""; 0]);
    assert_eq!(typed("efa").warnings(), [""; 0]);
}

#[test]
fn addresses_of_carriers() {
    let carrier = json!({"PrivateIpAddresses": [
        {"Primary": true, "PrivateIpAddress": "10.0.2.10"},
        {"PrivateIpAddress": "10.0.2.11", "Association": {"CarrierIp": "155.146.10.111"}}]});
    let warnings = Dump::lab().edit("eni-apps", carrier).warnings();
    let told = "network interface `eni-apps` has `Association.CarrierIp`, which is not simulated";
    assert_eq!(warnings, [told]);
}

fn told_within(patch: Value) -> Value {
    let mut card = interface(
        "webs",
        "subnet-front",
        "10.0.1.10",
        json!({"OwnerId": null, "Association": {"PublicIp": "203.0.113.10"}}),
    );
    card.as_object_mut().unwrap().extend(patch.as_object().unwrap().clone());
    json!({"NetworkInterfaces": [card]})
}

#[test]
fn interfaces_within_instances() {
    check(&[
        row(
            "told twice",
            Dump::lab().edit("i-webs", told_within(json!({}))),
            "internet > i-webs: tcp 443",
            "connected",
        ),
        row(
            "told by the instance alone",
            Dump::lab().without(&["NetworkInterfaces"]).edit("i-webs", told_within(json!({}))),
            "internet > i-webs: tcp 443",
            "connected",
        ),
    ]);
    let count =
        Dump::lab().edit("i-webs", told_within(json!({}))).scenario().network.network_interfaces.len();
    assert_eq!(count, 2, "each once");
    for contradiction in [
        json!({"PrivateIpAddress": "10.0.1.11"}),
        json!({"SubnetId": "subnet-back"}),
        json!({"Groups": [{"GroupId": "sg-apps"}]}),
        json!({"SourceDestCheck": false}),
        json!({"PrivateIpAddresses": [{"PrivateIpAddress": "10.0.1.10"}, {"PrivateIpAddress": "10.0.1.11"}]}),
        json!({"Association": {"PublicIp": "203.0.113.11"}}),
    ] {
        let refused = Dump::lab().edit("i-webs", told_within(contradiction.clone())).refusal();
        assert!(
            refused.contains("instance `i-webs` has an interface that describes itself otherwise"),
            "{contradiction}: {refused}"
        );
    }
}

/// What an interface does not say of itself, its instance may.
#[test]
fn an_interface_is_completed_by_its_instance() {
    let told = || Dump::lab().edit("i-webs", told_within(json!({})));
    let silent = |key: &str| told().edit("eni-webs", json!({key: null}));
    let alone = Dump::lab().edit("eni-webs", json!({"Association": null}));
    check(&[
        row(
            "nobody tells of a public address",
            alone,
            "internet > i-webs: tcp 443",
            "blocked: internet-gateway: 10.0.1.10 is not the public address of an interface behind it",
        ),
        row("the instance does", silent("Association"), "internet > i-webs: tcp 443", "connected"),
        row("and of groups", silent("Groups"), "internet > i-webs: tcp 443", "connected"),
        row("and of addresses", silent("PrivateIpAddresses"), "internet > i-webs: tcp 443", "connected"),
        row("and of the primary one", silent("PrivateIpAddress"), "i-webs > i-apps: tcp 8080", "connected"),
    ]);
    let more = json!([{"PrivateIpAddress": "10.0.1.10", "Primary": true}, {"PrivateIpAddress": "10.0.1.11"}]);
    let more = Dump::lab()
        .edit("i-webs", told_within(json!({"PrivateIpAddresses": more})))
        .edit("eni-webs", json!({"PrivateIpAddresses": null}));
    check(&[row("and of secondary ones", more, "i-apps > 10.0.1.11: tcp 22", "connected")]);
}

#[test]
fn an_interface_described_twice_in_different_words() {
    let again = interface("webs", "subnet-front", "10.0.1.12", json!({}));
    let refused = Dump::lab().add("NetworkInterfaces", again).refusal();
    assert!(
        refused.contains("network interface `eni-webs` is described twice, in different words"),
        "{refused}"
    );
}

#[test]
fn nitro_comes_from_instance_types_or_the_table_of_families() {
    let nitro = |dump: &Dump, id: &str| {
        let network = dump.scenario().network;
        network.instances.iter().find(|instance| instance.identity.id == id).unwrap().nitro
    };
    // What `DescribeInstances` says of the hypervisor is `xen` for every instance.
    let xen = Dump::lab().edit("i-webs", json!({"Hypervisor": "xen"}));
    assert!(nitro(&xen, "i-webs"), "t3 is Nitro, by the table of families");
    let old = xen.edit("i-webs", json!({"InstanceType": "t2.micro"}));
    assert!(!nitro(&old, "i-webs"));
    let new = old.clone().edit("i-webs", json!({"InstanceType": "z99.large"}));
    let described = |hypervisor: &str| {
        new.clone().set(
            "InstanceTypes",
            json!([{"InstanceType": "z99.large", "Hypervisor": hypervisor, "BareMetal": false}]),
        )
    };
    assert!(!nitro(&described("xen"), "i-webs"));
    assert!(nitro(&described("nitro"), "i-webs"));
    let metal = new.set("InstanceTypes", json!([{"InstanceType": "z99.large", "BareMetal": true}]));
    assert!(nitro(&metal, "i-webs"));
}

#[test]
fn zones_by_availability_zones() {
    let dump = Dump::lab()
        .edit("subnet-back", json!({"AvailabilityZoneId": null}))
        .set("AvailabilityZones", json!([{"ZoneName": "us-east-1b", "ZoneId": "use1-az6"}]));
    let zones: Vec<String> =
        dump.scenario().network.subnets.iter().map(|subnet| subnet.availability_zone_id.clone()).collect();
    assert_eq!(zones, ["use1-az1", "use1-az6"]);
}

#[test]
fn several_interfaces_in_the_order_of_their_device_index() {
    let second = interface(
        "more",
        "subnet-back",
        "10.0.2.20",
        json!({"Groups": [{"GroupId": "sg-webs"}], "Attachment": {"InstanceId": "i-webs", "DeviceIndex": 1}}),
    );
    let mut all = vec![second];
    all.extend(Dump::lab().get("NetworkInterfaces").as_array().unwrap().iter().cloned());
    let dump = Dump::lab().set("NetworkInterfaces", json!(all));
    let network = dump.scenario().network;
    let webs =
        network.instances.enumerate().find(|(_, instance)| instance.identity.id == "i-webs").unwrap().0;
    let order: Vec<&str> = network
        .interfaces_of(webs)
        .map(|card| network.network_interfaces[card].identity.id.as_str())
        .collect();
    assert_eq!(order, ["eni-webs", "eni-more"]);
}

/// Whose an interface is may be said by either; where it is nobody's, nobody sends or answers.
#[test]
fn what_interfaces_are_attached_to() {
    let stopped =
        json!({"State": {"Name": "stopped"}, "NetworkInterfaces": [{"NetworkInterfaceId": "eni-apps"}]});
    let terminated = json!({"State": {"Name": "terminated"}});
    let no_attachment = json!({"Attachment": null});
    let does_not_run = "unknown: listener: the instance does not run";
    check(&[
        row(
            "the instance alone says so",
            Dump::lab().edit("eni-apps", no_attachment.clone()).edit("i-apps", stopped),
            "i-webs > 10.0.2.10: tcp 8080",
            does_not_run,
        ),
        row(
            "an interface of one that is gone",
            Dump::lab().edit("i-apps", terminated),
            "i-webs > 10.0.2.10: tcp 8080",
            does_not_run,
        ),
        row(
            "AWS says that it is attached to nothing",
            Dump::lab()
                .edit("eni-apps", no_attachment.clone())
                .edit("eni-apps", json!({"Status": "available"})),
            "i-webs > 10.0.2.10: tcp 8080",
            "unknown: listener: the interface is attached to nothing",
        ),
        row(
            "nobody says",
            Dump::lab().edit("eni-apps", no_attachment),
            "i-webs > 10.0.2.10: tcp 8080",
            "connected",
        ),
    ]);
}

/// What an answer does not say is neither yes nor no: it is unknown where it decides, or an assumption has its name.
#[test]
fn what_is_not_said_of_hosts() {
    let to_apps = "i-webs > 10.0.2.10: tcp 8080";
    let unsaid = || Dump::lab().edit("eni-webs", json!({"SourceDestCheck": null}));
    check(&[
        row("its own addresses pass any check", unsaid(), to_apps, "connected"),
        row("they reach it", unsaid(), "internet > i-webs: tcp 443", "connected"),
    ]);
    // An address that it sends from, and that is none of its own.
    let foreign = |dump: Dump| {
        let scenario = dump.scenario();
        let mut asked = question("eni-webs", "i-apps", parse("tcp 8080"));
        asked.source_address = Some(Located::nowhere("10.0.1.99".parse().unwrap()));
        let (_, trace) = ask(&scenario, &asked).unwrap();
        let first = trace.main().unwrap().forward.checkpoints[0];
        (first.stage, first.decision, first.decided_by)
    };
    let dropped = (Stage::SourceCheck, Decision::Drop, DecidedBy::ForeignAddress);
    let unknown = (Stage::SourceCheck, Decision::Unknown, DecidedBy::CheckNotCollected);
    assert_eq!((foreign(Dump::lab()), foreign(unsaid())), (dropped, unknown));
    let card = unsaid()
        .imported()
        .network
        .network_interfaces
        .iter()
        .find(|card| card.identity.id == "eni-webs")
        .cloned();
    assert_eq!(card.unwrap().source_dest_check, None);

    let assumed = |scenario: &Scenario| {
        let mut scenario = scenario.clone();
        let asked = question("i-webs", "i-apps", parse("tcp 8080"));
        scenario.connections = vec![scenario.connection(&asked).unwrap()];
        scenario.run().assumptions().contains("instances-run")
    };
    let stateless = Dump::lab().edit("i-apps", json!({"State": null}));
    check(&[row("no state", stateless.clone(), to_apps, "connected")]);
    assert_eq!((assumed(&Dump::lab().scenario()), assumed(&Dump::lab().imported())), (false, false));
    assert_eq!((assumed(&stateless.scenario()), assumed(&stateless.imported())), (true, true));
}

#[test]
fn instances_that_their_account_does_not_list() {
    let webs_alone = || {
        let reservations = Dump::lab().get("Reservations").as_array().unwrap().clone();
        Dump::lab().set("Reservations", json!([reservations[0]]))
    };
    let asked = "i-webs > 10.0.2.10: tcp 8080";
    let unknown = "unknown: listener: its instance is not among the account's";
    check(&[
        row("all instances were asked for", webs_alone(), asked, unknown),
        row(
            "nobody asked",
            Dump::lab().without(&["Reservations"]),
            "eni-webs > 10.0.2.10: tcp 8080",
            "connected",
        ),
        row("a page of several", webs_alone().set("NextToken", json!("more")), asked, "connected"),
        row(
            "one that takes part in the VPC",
            webs_alone().edit("eni-apps", json!({"OwnerId": "444455556666"})),
            asked,
            "connected",
        ),
    ]);
    assert_eq!(says(&webs_alone().imported(), "i-webs", "10.0.2.10", "tcp 8080"), unknown);
}
