//! What Batfish's own tests ask of networks in AWS's JSON, asked of the same files.
//!
//! Batfish leaves the protocol unset in most questions: it is 0 then, and only rules for all traffic match it. Some of
//! its packets start where no host is; each case says what stands for them.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use flowcast::Scenario;
use flowcast::diagnostic::Code;
use flowcast::model::{Outcome, Traffic};
use flowcast::net::Protocol;
use flowcast::walk::{DecidedBy, Place, Stage, Trace, TransitGatewayFact};
use serde_json::{Value, json};

use crate::asking::{ask, deciding, question};
use crate::shared::shared;

/// Only rules for all traffic match it.
const NO_PROTOCOL: Traffic = Traffic::Protocol(Protocol(0));

fn folder(network: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/batfish").join(network).join("aws_configs")
}

fn network(name: &str) -> Scenario {
    Scenario::load(folder(name)).unwrap()
}

/// The stages of the first case's legs, and the stage and reason of its first stop.
fn told(trace: &Trace) -> (Vec<Stage>, Option<(Stage, DecidedBy)>) {
    let case = trace.main().unwrap();
    let stages = case.forward.checkpoints.iter().map(|checkpoint| checkpoint.stage).collect();
    (stages, deciding(case).map(|checkpoint| (checkpoint.stage, checkpoint.decided_by)))
}

/// subnet-1: one instance to another of its subnet; no network ACL is asked.
#[test]
fn from_instance_to_instance_of_a_subnet() {
    let scenario = network("test-subnet");
    let asked =
        |traffic| ask(&scenario, &question("i-08ef86e76fceabd8d", "i-07519d6ba3f9497e4", traffic)).unwrap().1;
    let trace = asked(NO_PROTOCOL);
    assert_eq!(trace.outcome, Outcome::Blocked);
    let (stages, decided) = told(&trace);
    assert_eq!(decided, Some((Stage::SecurityGroupIngress, DecidedBy::NoSecurityGroupRule)));
    assert!(stages.contains(&Stage::SecurityGroupEgress) && !stages.contains(&Stage::NetworkAclEgress));
    assert_eq!(asked(Traffic::Tcp(22)).outcome, Outcome::Connected);
    assert_eq!(asked(Traffic::Tcp(80)).outcome, Outcome::Blocked);
}

/// subnet-2: to an address of the VPC that lies in no subnet.
#[test]
fn to_an_address_of_no_subnet() {
    let scenario = network("test-subnet");
    let (_, trace) = ask(&scenario, &question("i-08ef86e76fceabd8d", "10.10.0.1", NO_PROTOCOL)).unwrap();
    assert_eq!(trace.outcome, Outcome::Blocked);
    let (stages, decided) = told(&trace);
    assert_eq!(decided, Some((Stage::Delivery, DecidedBy::NobodyHasAddress)));
    assert!(stages.contains(&Stage::NetworkAclEgress), "the one filter at the border");
    let stop = deciding(trace.main().unwrap()).unwrap();
    assert!(matches!(stop.place, Place::Vpc(_)), "{stop:?}");
}

/// subnet-3: Batfish starts at the VPC's router. An instance of another subnet stands for it.
#[test]
fn from_another_subnet_to_an_instance() {
    let with_neighbour = edited("test-subnet", |file, content| match file {
        "Subnets.json" => {
            let mut other = content["Subnets"][0].clone();
            other["SubnetId"] = json!("subnet-00000000000000002");
            other["CidrBlock"] = json!("10.10.2.0/24");
            content["Subnets"].as_array_mut().unwrap().push(other);
        }
        "NetworkInterfaces.json" => {
            let interface = &mut content["NetworkInterfaces"][0];
            assert_eq!(interface["Attachment"]["InstanceId"], "i-08ef86e76fceabd8d");
            move_to(interface, "10.10.2.228");
        }
        "Reservations.json" => {
            let instance = &mut content["Reservations"][0]["Instances"][0];
            assert_eq!(instance["InstanceId"], "i-08ef86e76fceabd8d");
            move_to(instance, "10.10.2.228");
            move_to(&mut instance["NetworkInterfaces"][0], "10.10.2.228");
        }
        "NetworkAcls.json" => {
            let associations = content["NetworkAcls"][0]["Associations"].as_array_mut().unwrap();
            let mut other = associations[0].clone();
            other["SubnetId"] = json!("subnet-00000000000000002");
            other["NetworkAclAssociationId"] = json!("aclassoc-00000000000000002");
            associations.push(other);
        }
        _ => {}
    });
    let scenario = Scenario::load(with_neighbour.path()).unwrap();
    let question = question("i-08ef86e76fceabd8d", "i-07519d6ba3f9497e4", NO_PROTOCOL);
    let (_, trace) = ask(&scenario, &question).unwrap();
    assert_eq!(trace.outcome, Outcome::Blocked);
    let (stages, decided) = told(&trace);
    assert_eq!(decided, Some((Stage::SecurityGroupIngress, DecidedBy::NoSecurityGroupRule)));
    assert!(stages.contains(&Stage::NetworkAclIngress), "evaluated at the border of the subnet");
}

/// pubsubnet-1: from the internet to a public address.
#[test]
fn from_the_internet_to_a_public_address() {
    let scenario = network("test-public-subnet");
    let asked = |port| {
        let mut question = question("8.8.8.8", "18.216.80.133", Traffic::Tcp(port));
        question.source_port = Some(49152);
        ask(&scenario, &question).unwrap().1
    };
    let trace = asked(80);
    assert_eq!(trace.outcome, Outcome::Blocked);
    let (_, decided) = told(&trace);
    assert_eq!(decided, Some((Stage::SecurityGroupIngress, DecidedBy::NoSecurityGroupRule)));
    assert_eq!(translation(&trace), Some((address("18.216.80.133"), address("10.0.0.91"))));
    assert_eq!(asked(22).outcome, Outcome::Connected);
}

/// pubsubnet-2: to a public address of somebody else. We say that no end is in the network.
#[test]
fn from_the_internet_to_a_public_address_of_nobody() {
    let scenario = network("test-public-subnet");
    let problem = ask(&scenario, &question("8.8.8.8", "54.191.107.23", NO_PROTOCOL)).unwrap_err();
    assert_eq!(problem.code, Code::ConnectionEnds, "{problem:?}");
}

/// pubsubnet-3: to the private address of an instance that has a public one.
#[test]
fn from_the_internet_to_a_private_address() {
    let scenario = network("test-public-subnet");
    for from in ["240.254.254.1", "8.8.8.8", "internet"] {
        for traffic in [NO_PROTOCOL, Traffic::Tcp(22)] {
            let (_, trace) = ask(&scenario, &question(from, "10.0.0.91", traffic)).unwrap();
            assert_eq!(trace.outcome, Outcome::Blocked, "{from}");
            let (stages, decided) = told(&trace);
            assert_eq!(stages.len(), 1, "it comes to no subnet: {stages:?}");
            assert_eq!(decided, Some((Stage::InternetGateway, DecidedBy::NoSuchPublicAddress)));
        }
    }
}

/// pubsubnet-5: out to the internet.
#[test]
fn to_the_internet() {
    let scenario = network("test-public-subnet");
    let (_, trace) = ask(&scenario, &question("i-06669a407b2ef3ae5", "8.8.8.8", NO_PROTOCOL)).unwrap();
    let case = trace.main().unwrap();
    assert!(case.forward.is_delivered(), "{trace:#?}");
    let arrival = case.forward.arrival.unwrap();
    assert_eq!(arrival.1.source, address("18.216.80.133"));
    assert_eq!(translation(&trace), Some((address("10.0.0.91"), address("18.216.80.133"))));
}

/// pubsubnet-6: Batfish starts at the subnet's router, from an address without a public one. An instance whose
/// interface has only that address stands for it.
#[test]
fn to_the_internet_without_a_public_address() {
    let without = edited("test-public-subnet", |file, content| {
        let instance = match file {
            "NetworkInterfaces.json" => &mut content["NetworkInterfaces"][0],
            "Reservations.json" => {
                let instance = &mut content["Reservations"][0]["Instances"][0];
                instance.as_object_mut().unwrap().remove("PublicIpAddress").unwrap();
                readdress(instance, "10.0.0.92");
                &mut instance["NetworkInterfaces"][0]
            }
            _ => return,
        };
        readdress(instance, "10.0.0.92");
        instance.as_object_mut().unwrap().remove("Association").unwrap();
        instance["PrivateIpAddresses"][0].as_object_mut().unwrap().remove("Association").unwrap();
    });
    let scenario = Scenario::load(without.path()).unwrap();
    let mut question = question("i-06669a407b2ef3ae5", "8.8.8.8", Traffic::Tcp(80));
    question.source_port = Some(49152);
    let (connection, trace) = ask(&scenario, &question).unwrap();
    assert_eq!(connection.request.source, address("10.0.0.92"));
    assert_eq!(trace.outcome, Outcome::Blocked);
    assert_eq!(told(&trace).1, Some((Stage::InternetGateway, DecidedBy::NoPublicAddress)));
}

/// The cases of the collection are those of this file, and each ends as here.
#[test]
fn no_case_of_the_collection_is_missing() {
    const HERE: &[(&str, &str)] = &[
        ("subnet-1", "denied"),
        ("subnet-2", "no_route"),
        ("subnet-3", "denied"),
        ("pubsubnet-1", "denied"),
        ("pubsubnet-2", "no_route"),
        ("pubsubnet-3", "no_route"),
        ("pubsubnet-5", "exits_network"),
        ("pubsubnet-6", "denied"),
    ];
    let path = shared("cases/batfish.json");
    let Ok(text) = std::fs::read_to_string(path) else { return };
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    let of = |case: &Value| {
        let data = case["data"].as_str()?;
        (data.ends_with("test-subnet") || data.ends_with("test-public-subnet")).then(|| {
            (case["id"].as_str().unwrap().to_owned(), case["expect"]["verdict"].as_str().unwrap().to_owned())
        })
    };
    let collection: Vec<_> = cases.iter().filter_map(of).collect();
    let here: Vec<_> = HERE.iter().map(|(id, verdict)| ((*id).to_owned(), (*verdict).to_owned())).collect();
    assert_eq!(collection, here);
}

/// tgw-1 to tgw-4: two VPCs at a transit gateway, whose attachment to the first has no subnet in the zone of `a2`.
#[test]
fn across_a_transit_gateway() {
    let scenario = network("test-transit-gateway");
    let (a, a2, b) = ("i-06ba034d88c84ef07", "i-075e846ed41670385", "i-0b14080af811fda3d");
    let asked = |from: &str, to: &str, traffic| {
        let (_, trace) = ask(&scenario, &question(from, to, traffic)).unwrap();
        let decided = deciding(trace.main().unwrap()).map(|checkpoint| checkpoint.decided_by);
        (trace.outcome, decided)
    };
    let no_rule = Some(DecidedBy::NoSecurityGroupRule);
    let not_in_zone = Some(DecidedBy::TransitGateway(TransitGatewayFact::NotInZone(0)));
    for (from, to, outcome, decided) in [
        (a, "192.168.1.106", Outcome::Connected, None),
        (b, "10.10.10.157", Outcome::Connected, None),
        (a2, "192.168.1.106", Outcome::Blocked, not_in_zone),
        (b, "10.10.20.154", Outcome::Unanswered, not_in_zone),
    ] {
        let (without, refused) = asked(from, to, NO_PROTOCOL);
        assert_eq!(without, Outcome::Blocked, "{from} to {to}");
        assert_eq!(
            refused,
            if outcome == Outcome::Blocked { not_in_zone } else { no_rule },
            "{from} to {to}"
        );
        assert_eq!(asked(from, to, Traffic::Tcp(22)), (outcome, decided), "{from} to {to}");
    }
}

/// nat-1 to nat-4: out through a NAT gateway, another protocol, from outside, and to its own address.
#[test]
fn through_a_nat_gateway() {
    let scenario = network("test-nat-gateway");
    let asked = |from: &str, to: &str, traffic| ask(&scenario, &question(from, to, traffic)).unwrap().1;
    let out = asked("i-0a128d26e59be60f3", "8.8.8.8", Traffic::Tcp(80));
    assert_eq!(out.outcome, Outcome::Connected);
    assert_eq!(translation(&out), Some((address("10.1.1.98"), address("10.1.250.210"))));
    let arrival = out.main().unwrap().forward.arrival.unwrap();
    assert_eq!(arrival.1.source, address("3.135.127.225"));
    for (from, to, traffic, decided_by) in [
        ("i-0a128d26e59be60f3", "8.8.8.8", Traffic::Protocol(Protocol(107)), DecidedBy::ProtocolNotCarried),
        ("8.8.8.8", "3.135.127.225", Traffic::Tcp(80), DecidedBy::NotInitiatedInside),
        ("i-0b31b509174d7f5de", "10.1.250.210", Traffic::Tcp(80), DecidedBy::NotInitiatedInside),
    ] {
        let trace = asked(from, to, traffic);
        assert_eq!(trace.outcome, Outcome::Blocked, "{from} to {to}");
        assert_eq!(told(&trace).1, Some((Stage::NatGateway, decided_by)), "{from} to {to}");
    }
}

/// vpcegw-1 to vpcegw-4: to S3 by its gateway endpoint, and to another service.
#[test]
fn through_a_gateway_endpoint() {
    let scenario = network("test-vpc-endpoint-gateway");
    let asked = |from: &str, to: &str| ask(&scenario, &question(from, to, Traffic::Tcp(443))).unwrap().1;
    let (private, public) = ("i-01c6c0647fdccc89e", "i-0464d440ca0ee9e34");
    for from in [private, public] {
        let trace = asked(from, "52.216.237.77");
        assert_eq!(trace.outcome, Outcome::Connected, "{from}");
        assert!(told(&trace).0.contains(&Stage::VpcEndpoint), "{from}");
    }
    let trace = asked(private, "54.222.57.1");
    assert_eq!(trace.outcome, Outcome::Blocked);
    assert_eq!(told(&trace).1, Some((Stage::Route, DecidedBy::NoRoute)));
    let trace = asked(public, "54.222.57.1");
    assert_eq!(trace.outcome, Outcome::Connected);
    assert!(told(&trace).0.contains(&Stage::InternetGateway));
}

/// pcx-1 to pcx-5: across a peering connection, and to addresses that nobody has there.
#[test]
fn across_a_peering_connection() {
    let scenario = network("test-vpc-peering");
    let (a, b) = ("i-06ba034d88c84ef07", "i-0b14080af811fda3d");
    let asked = |from: &str, to: &str, traffic| {
        let trace = ask(&scenario, &question(from, to, traffic)).unwrap().1;
        (trace.outcome, told(&trace).1)
    };
    let refused = |stage, decided_by| (Outcome::Blocked, Some((stage, decided_by)));
    for (from, to, says) in [
        (a, "192.168.1.106", refused(Stage::SecurityGroupIngress, DecidedBy::NoSecurityGroupRule)),
        (b, "10.10.10.157", refused(Stage::SecurityGroupIngress, DecidedBy::NoSecurityGroupRule)),
        (a, "192.168.100.1", refused(Stage::Route, DecidedBy::NoRoute)),
        (b, "10.10.100.1", refused(Stage::Delivery, DecidedBy::NobodyHasAddress)),
        (b, "10.10.10.11", refused(Stage::Delivery, DecidedBy::NobodyHasAddress)),
    ] {
        assert_eq!(asked(from, to, NO_PROTOCOL), says, "{from} to {to}");
    }
    assert_eq!(asked(a, "192.168.1.106", Traffic::Tcp(22)), (Outcome::Connected, None));
    assert_eq!(asked(b, "10.10.10.157", Traffic::Tcp(22)), (Outcome::Connected, None));
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// What an internet gateway rewrote on the way of the request.
fn translation(trace: &Trace) -> Option<(IpAddr, IpAddr)> {
    trace.main()?.forward.checkpoints.iter().find_map(|checkpoint| match checkpoint.decided_by {
        DecidedBy::Translated { from, to } => Some((from, to)),
        _ => None,
    })
}

/// A copy of a network's files, changed.
fn edited(network: &str, edit: impl Fn(&str, &mut Value)) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in folder(network).read_dir().unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let mut content: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        edit(name, &mut content);
        std::fs::write(copy.path().join(name), content.to_string()).unwrap();
    }
    copy
}

/// Another private address for an instance or an interface.
fn readdress(of: &mut Value, private_ip: &str) {
    of["PrivateIpAddress"] = json!(private_ip);
    if let Some(first) = of.get_mut("PrivateIpAddresses").and_then(|all| all.get_mut(0)) {
        first["PrivateIpAddress"] = json!(private_ip);
    }
}

/// Another subnet for an instance or an interface.
fn move_to(of: &mut Value, private_ip: &str) {
    of["SubnetId"] = json!("subnet-00000000000000002");
    readdress(of, private_ip);
}
