//! Transit gateways: what several calls tell of them, and what is not known where one was not made.

use serde_json::{Value, json};

use super::dump::{Dump, interface, route, says};
use super::{check, row};

/// The laboratory and a second VPC, `vpc-far` with `i-fars` in `subnet-far`, both attached to `tgw-hubs`; the front
/// subnet and the far one have the interfaces.
pub(super) fn hub() -> Dump {
    let everyone = json!([{"CidrIp": "0.0.0.0/0"}]);
    let entry = |egress: bool| json!({"RuleNumber": 100, "RuleAction": "allow", "Egress": egress, "Protocol": "-1", "CidrBlock": "0.0.0.0/0"});
    let mut routes = Dump::lab().get("RouteTables")[0]["Routes"].clone();
    routes.as_array_mut().unwrap().push(to_hub("172.16.0.0/16"));
    let card = |name: &str, subnet: &str, vpc: &str, address: &str, attachment: &str| {
        interface(
            name,
            subnet,
            address,
            json!({"VpcId": vpc, "InterfaceType": "transit_gateway", "Groups": [], "Attachment": null,
                   "Description": format!("Network Interface for Transit Gateway Attachment {attachment}")}),
        )
    };
    let attachment = |id: &str, vpc: &str| {
        json!({"TransitGatewayAttachmentId": id, "TransitGatewayId": "tgw-hubs", "ResourceType": "vpc", "ResourceId": vpc,
               "State": "available", "Association": {"TransitGatewayRouteTableId": "tgw-rtb-hubs", "State": "associated"}})
    };
    let of_vpc = |id: &str, vpc: &str, subnet: &str| {
        json!({"TransitGatewayAttachmentId": id, "TransitGatewayId": "tgw-hubs", "VpcId": vpc, "State": "available",
               "SubnetIds": [subnet], "Options": {"ApplianceModeSupport": "disable", "Ipv6Support": "disable", "SecurityGroupReferencingSupport": "enable"}})
    };
    Dump::lab()
        .edit("rtb-main", json!({"Routes": routes}))
        .add("Vpcs", json!({"VpcId": "vpc-far", "OwnerId": "111122223333", "CidrBlock": "172.16.0.0/16"}))
        .add("Subnets", json!({"SubnetId": "subnet-far", "VpcId": "vpc-far", "CidrBlock": "172.16.1.0/24",
                               "AvailabilityZone": "us-east-1a", "AvailabilityZoneId": "use1-az1"}))
        .add("RouteTables", json!({"RouteTableId": "rtb-fars", "VpcId": "vpc-far", "Associations": [{"Main": true}],
                                   "Routes": [route("172.16.0.0/16", "local"), to_hub("10.0.0.0/16")]}))
        .add("NetworkAcls", json!({"NetworkAclId": "acl-fars", "VpcId": "vpc-far", "Associations": [{"SubnetId": "subnet-far"}],
                                   "Entries": [entry(true), entry(false)]}))
        .add("SecurityGroups", json!({"GroupId": "sg-fars", "GroupName": "far", "VpcId": "vpc-far",
                "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/16"}]},
                                  {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": [{"GroupId": "sg-webs"}]}],
                "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": everyone}]}))
        .add("NetworkInterfaces", interface("fars", "subnet-far", "172.16.1.10", json!({"VpcId": "vpc-far"})))
        .add("NetworkInterfaces", card("hubs", "subnet-front", "vpc-main", "10.0.1.99", "tgw-attach-main"))
        .add("NetworkInterfaces", card("hubf", "subnet-far", "vpc-far", "172.16.1.99", "tgw-attach-fars"))
        .add("Reservations", json!({"ReservationId": "r-fars", "Instances": [{"InstanceId": "i-fars", "InstanceType": "t3.micro", "State": {"Name": "running"}}]}))
        .add("TransitGateways", json!({"TransitGatewayId": "tgw-hubs", "State": "available", "Options": {"SecurityGroupReferencingSupport": "disable"}}))
        .add("TransitGatewayAttachments", attachment("tgw-attach-main", "vpc-main"))
        .add("TransitGatewayAttachments", attachment("tgw-attach-fars", "vpc-far"))
        .add("TransitGatewayVpcAttachments", of_vpc("tgw-attach-main", "vpc-main", "subnet-front"))
        .add("TransitGatewayVpcAttachments", of_vpc("tgw-attach-fars", "vpc-far", "subnet-far"))
        .add("TransitGatewayRouteTables", json!({"TransitGatewayRouteTableId": "tgw-rtb-hubs", "TransitGatewayId": "tgw-hubs", "State": "available"}))
        .set("TransitGatewayRouteTableId", json!("tgw-rtb-hubs"))
        .set("Routes", json!([found("10.0.0.0/16", "tgw-attach-main"), found("172.16.0.0/16", "tgw-attach-fars")]))
}

fn to_hub(destination: &str) -> Value {
    json!({"DestinationCidrBlock": destination, "TransitGatewayId": "tgw-hubs", "State": "active", "Origin": "CreateRoute"})
}

/// A propagated route as a search finds it.
fn found(destination: &str, attachment: &str) -> Value {
    json!({"DestinationCidrBlock": destination, "Type": "propagated", "State": "active",
           "TransitGatewayAttachments": [{"TransitGatewayAttachmentId": attachment, "ResourceType": "vpc"}]})
}

/// What is just changing decides nothing.
#[test]
fn changing() {
    let asked = "i-webs > i-fars: tcp 443";
    let of = |state: &str| {
        let association = json!({"TransitGatewayRouteTableId": "tgw-rtb-hubs", "State": state});
        hub().edit("tgw-attach-main", json!({"Association": association}))
    };
    let table = |state: &str| hub().edit("tgw-rtb-hubs", json!({"State": state}));
    let told = |state: &str| {
        let one = |id: &str, state: &str| json!({"TransitGatewayAttachmentId": id, "State": state});
        let both = json!([one("tgw-attach-main", state), one("tgw-attach-fars", "associated")]);
        hub().without(&["TransitGatewayAttachments"]).set("Associations", both)
    };
    let undocumented = "unknown: transit-gateway: AWS does not say whether attachment tgw-attach-main carries packets in its state";
    let unknown = "unknown: transit-gateway: the routes of its route table tgw-rtb-hubs were not collected";
    check(&[
        row("associated", of("associated"), asked, "connected"),
        row("associating", of("associating"), asked, undocumented),
        row("disassociating", of("disassociating"), asked, undocumented),
        row("disassociating, as the table says", told("disassociating"), asked, undocumented),
        row("a table that is available", table("available"), asked, "connected"),
        row("a table that is being deleted", table("deleting"), asked, unknown),
        row("a table that is being created", table("pending"), asked, unknown),
    ]);
}

/// Interfaces of gateways that are simulated are no hosts that anybody would miss.
#[test]
fn managed_interfaces() {
    let told = |dump: Dump| dump.warnings().iter().any(|warning| warning.contains("that AWS manages"));
    assert!(!told(hub()));
    assert!(told(hub().edit("eni-apps", json!({"InterfaceType": "quicksight"}))));
}

#[test]
fn what_decides() {
    let asked = "i-webs > i-fars: tcp 443";
    check(&[
        row("told whole", hub(), asked, "connected"),
        row(
            "another zone",
            hub(),
            "i-apps > i-fars: tcp 443",
            "blocked: transit-gateway: attachment tgw-attach-main has no subnet in the zone of the sender",
        ),
        row(
            "a static blackhole",
            hub().set("Routes", json!([found("10.0.0.0/16", "tgw-attach-main"),
                {"DestinationCidrBlock": "172.16.0.0/16", "Type": "static", "State": "blackhole"}])),
            asked,
            "blocked: transit-gateway: tgw-rtb-hubs: 172.16.0.0/16 -> blackhole",
        ),
        row(
            "no route there",
            hub().set("Routes", json!([found("10.0.0.0/16", "tgw-attach-main")])),
            asked,
            "blocked: transit-gateway: its route table tgw-rtb-hubs has no route to 172.16.1.10",
        ),
        row(
            "no route back",
            hub().set("Routes", json!([found("172.16.0.0/16", "tgw-attach-fars")])),
            asked,
            "unanswered: transit-gateway: its route table tgw-rtb-hubs has no route to 10.0.1.10",
        ),
        row(
            "an attachment that is not accepted",
            hub().set("TransitGatewayVpcAttachments", json!([
                {"TransitGatewayAttachmentId": "tgw-attach-main", "TransitGatewayId": "tgw-hubs", "VpcId": "vpc-main",
                 "State": "pendingAcceptance", "SubnetIds": ["subnet-front"]}])),
            asked,
            "blocked: transit-gateway: attachment tgw-attach-main is not available",
        ),
        row(
            "an attachment that is just changing",
            hub().set("TransitGatewayVpcAttachments", json!([
                {"TransitGatewayAttachmentId": "tgw-attach-main", "TransitGatewayId": "tgw-hubs", "VpcId": "vpc-main",
                 "State": "modifying", "SubnetIds": ["subnet-front"]}])),
            asked,
            "unknown: transit-gateway: AWS does not say whether attachment tgw-attach-main carries packets in its state",
        ),
        row(
            "an attachment of no table",
            hub().edit("tgw-attach-main", json!({"Association": null})),
            asked,
            "blocked: transit-gateway: attachment tgw-attach-main is associated with no route table",
        ),
        row(
            "a group across it, which is off",
            hub(),
            "i-webs > i-fars: tcp 22",
            "blocked: security-group-ingress: no rule matches",
        ),
        row(
            "a group across it, which is on",
            hub().edit("tgw-hubs", json!({"Options": {"SecurityGroupReferencingSupport": "enable"}})),
            "i-webs > i-fars: tcp 22",
            "connected",
        ),
    ]);
}

/// The far VPC is attached in two zones, and `fars` is in this subnet of it.
fn two_zones(appliance_mode: Value, subnet: &str) -> Dump {
    let card = json!({"NetworkInterfaceId": "eni-hubg", "SubnetId": "subnet-farb", "VpcId": "vpc-far",
                      "OwnerId": "111122223333", "InterfaceType": "transit_gateway", "PrivateIpAddress": "172.16.2.99",
                      "PrivateIpAddresses": [{"Primary": true, "PrivateIpAddress": "172.16.2.99"}], "Groups": [],
                      "Description": "Network Interface for Transit Gateway Attachment tgw-attach-fars"});
    let attached = |id: &str, vpc: &str, subnets: Value, mode: Value| {
        json!({"TransitGatewayAttachmentId": id, "TransitGatewayId": "tgw-hubs", "VpcId": vpc, "State": "available",
               "SubnetIds": subnets, "Options": {"ApplianceModeSupport": mode}})
    };
    let address = if subnet == "subnet-far" { "172.16.1.10" } else { "172.16.2.10" };
    hub()
        .add(
            "Subnets",
            json!({"SubnetId": "subnet-farb", "VpcId": "vpc-far", "CidrBlock": "172.16.2.0/24",
                               "AvailabilityZone": "us-east-1b", "AvailabilityZoneId": "use1-az2"}),
        )
        .edit("acl-fars", json!({"Associations": [{"SubnetId": "subnet-far"}, {"SubnetId": "subnet-farb"}]}))
        .add("NetworkInterfaces", card)
        .edit(
            "eni-fars",
            json!({"SubnetId": subnet, "PrivateIpAddress": address,
                                 "PrivateIpAddresses": [{"Primary": true, "PrivateIpAddress": address}]}),
        )
        .set(
            "TransitGatewayVpcAttachments",
            json!([
                attached("tgw-attach-main", "vpc-main", json!(["subnet-front"]), json!("disable")),
                attached("tgw-attach-fars", "vpc-far", json!(["subnet-far", "subnet-farb"]), appliance_mode)
            ]),
        )
}

/// Without the items of these attachments in the answer that tells of every kind.
fn described_but(lacking: &[&str]) -> Dump {
    let all = hub().get("TransitGatewayAttachments").clone();
    let is_kept = |own: &&Value| !lacking.contains(&own["TransitGatewayAttachmentId"].as_str().unwrap());
    let kept: Vec<Value> = all.as_array().unwrap().iter().filter(is_kept).cloned().collect();
    hub().set("TransitGatewayAttachments", json!(kept))
}

/// An attachment that one answer has and another lacks is there; what is not told of it is not known.
#[test]
fn what_was_not_told_of_one_attachment() {
    let asked = "i-webs > i-fars: tcp 443";
    check(&[
        row(
            "one attachment, of which its own kind alone tells",
            described_but(&["tgw-attach-main"]),
            asked,
            "unknown: transit-gateway: the route table of attachment tgw-attach-main was not collected",
        ),
        row(
            "the attachment behind, of which its own kind alone tells",
            described_but(&["tgw-attach-fars"]),
            asked,
            "unknown: transit-gateway: the route table of attachment tgw-attach-fars was not collected",
        ),
        row(
            "one attachment, but for the table's own answer",
            described_but(&["tgw-attach-main"]).set(
                "Associations",
                json!([{"TransitGatewayAttachmentId": "tgw-attach-main", "State": "associated"},
                       {"TransitGatewayAttachmentId": "tgw-attach-fars", "State": "associated"}]),
            ),
            asked,
            "connected",
        ),
        row(
            "one attachment, which the table's own answer does not have",
            described_but(&["tgw-attach-main"]).set(
                "Associations",
                json!([{"TransitGatewayAttachmentId": "tgw-attach-fars", "State": "associated"}]),
            ),
            asked,
            "blocked: transit-gateway: attachment tgw-attach-main is associated with no route table",
        ),
        row(
            "the subnets of one attachment",
            hub().edit("tgw-attach-main", json!({"State": "available"})).set(
                "TransitGatewayVpcAttachments",
                json!([{"TransitGatewayAttachmentId": "tgw-attach-main",
                    "TransitGatewayId": "tgw-hubs", "VpcId": "vpc-main", "State": "available"}]),
            ),
            asked,
            "unknown: transit-gateway: the interfaces of attachment tgw-attach-main were not collected",
        ),
    ]);
}

/// Whoever is told that a network has no problems must not meet unknowns afterwards that a call would clear up.
#[test]
fn what_was_not_collected_is_told() {
    let pending = hub().without(&["Routes"]).edit("tgw-rtb-hubs", json!({"State": "pending"}));
    let of_gateway = |what: &str| vec![format!("{what} were not collected for 1 of 1 transit gateways")];
    let routes = vec!["all routes were not collected for 1 of 1 route tables of transit gateways".to_owned()];
    for (dump, told) in [
        (hub(), Vec::new()),
        (hub().without(&["Routes"]), routes.clone()),
        (hub().set("AdditionalRoutesAvailable", json!(true)), routes),
        (pending, Vec::new()),
        (hub().without(&["TransitGatewayAttachments"]), of_gateway("associations of all attachments")),
        (described_but(&["tgw-attach-fars"]), of_gateway("associations of all attachments")),
        (hub().without(&["TransitGatewayRouteTables"]), of_gateway("route tables")),
        (
            hub().without(&["TransitGatewayAttachments", "TransitGatewayVpcAttachments"]),
            of_gateway("attachments"),
        ),
    ] {
        let of_gateways = |warning: &String| warning.contains("transit gateway");
        let warnings: Vec<String> = dump.warnings().into_iter().filter(of_gateways).collect();
        assert_eq!(warnings, told, "{}", dump.text());
    }
}

#[test]
fn what_was_not_collected() {
    let asked = "i-webs > i-fars: tcp 443";
    let without_state = json!({"TransitGatewayAttachmentId": "tgw-attach-main", "TransitGatewayId": "tgw-hubs",
                               "VpcId": "vpc-main", "SubnetIds": ["subnet-front"]});
    check(&[
        row(
            "any attachment",
            hub().without(&["TransitGatewayAttachments", "TransitGatewayVpcAttachments"]),
            asked,
            "unknown: transit-gateway: nothing is known of what it is attached to",
        ),
        row(
            "the subnets of attachments",
            hub().without(&["TransitGatewayVpcAttachments"]),
            asked,
            "unknown: transit-gateway: the interfaces of attachment tgw-attach-main were not collected",
        ),
        row(
            "associations",
            hub().without(&["TransitGatewayAttachments"]),
            asked,
            "unknown: transit-gateway: the route table of attachment tgw-attach-main was not collected",
        ),
        row(
            "associations, but for the table's own answer",
            hub().without(&["TransitGatewayAttachments"]).set("Associations",
                json!([{"TransitGatewayAttachmentId": "tgw-attach-main", "State": "associated"},
                       {"TransitGatewayAttachmentId": "tgw-attach-fars", "State": "associated"}])),
            asked,
            "connected",
        ),
        row(
            "routes",
            hub().without(&["Routes"]),
            asked,
            "unknown: transit-gateway: the routes of its route table tgw-rtb-hubs were not collected",
        ),
        row(
            "some routes",
            hub().set("AdditionalRoutesAvailable", json!(true)),
            asked,
            "unknown: transit-gateway: the routes of its route table tgw-rtb-hubs were not collected",
        ),
        row(
            "what a route leads to",
            hub().set("Routes", json!([found("10.0.0.0/16", "tgw-attach-main"), found("172.16.0.0/16", "tgw-attach-else")])),
            asked,
            "unknown: transit-gateway: the routes of its route table tgw-rtb-hubs were not collected",
        ),
        row(
            "the other half of a peering",
            hub().set("Routes", json!([found("10.0.0.0/16", "tgw-attach-main"), found("172.16.0.0/16", "tgw-attach-peer")]))
                .add("TransitGatewayPeeringAttachments", json!({"TransitGatewayAttachmentId": "tgw-attach-peer", "State": "available",
                    "RequesterTgwInfo": {"TransitGatewayId": "tgw-hubs"}, "AccepterTgwInfo": {"TransitGatewayId": "tgw-else"}})),
            asked,
            "unknown: transit-gateway: nothing is known of what is behind attachment tgw-attach-peer",
        ),
        row(
            "the state of an attachment",
            hub().edit("tgw-attach-main", json!({"State": null}))
                .set("TransitGatewayVpcAttachments", json!([without_state])),
            asked,
            "unknown: transit-gateway: the state of attachment tgw-attach-main was not collected",
        ),
        row(
            "the state of the gateway",
            hub().edit("tgw-hubs", json!({"State": null})),
            asked,
            "unknown: transit-gateway: the state of tgw-hubs was not collected",
        ),
        row(
            "whether rules can name groups across it",
            hub().edit("tgw-hubs", json!({"Options": {"SecurityGroupReferencingSupport": null}})),
            "i-webs > i-fars: tcp 22",
            "unknown: security-group-ingress: whether rules can name security groups across the transit gateway was not collected",
        ),
        row(
            "the same, where no rule names one",
            hub().edit("tgw-hubs", json!({"Options": {"SecurityGroupReferencingSupport": null}})),
            asked,
            "connected",
        ),
        row("appliance mode, where it makes no difference", two_zones(json!(null), "subnet-far"), asked, "connected"),
        row(
            "appliance mode",
            two_zones(json!(null), "subnet-farb"),
            asked,
            "unknown: transit-gateway: whether attachment tgw-attach-fars is in appliance mode was not collected, and \
             that decides by which interface it goes on",
        ),
        row("appliance mode that is off", two_zones(json!("disable"), "subnet-farb"), asked, "connected"),
        row(
            "a path past it",
            hub().without(&["TransitGatewayAttachments", "TransitGatewayVpcAttachments"]),
            "i-webs > internet: tcp 443",
            "connected",
        ),
    ]);
}

/// What is printed says the same as what was answered.
#[test]
fn a_scenario_of_it_says_the_same() {
    let path = std::env::temp_dir().join(format!("flowcast-transit-{}", std::process::id()));
    std::fs::create_dir_all(&path).unwrap();
    for (what, dump) in [
        ("whole", hub()),
        ("without routes", hub().without(&["Routes"])),
        ("without associations", hub().without(&["TransitGatewayAttachments"])),
        ("without one of them", described_but(&["tgw-attach-main"])),
        ("without the mode", two_zones(json!(null), "subnet-farb")),
        ("with the mode", two_zones(json!("enable"), "subnet-farb")),
        ("just changing", hub().edit("tgw-hubs", json!({"State": "modifying"}))),
        ("without groups", hub().edit("tgw-hubs", json!({"Options": null}))),
        ("without subnets", hub().without(&["TransitGatewayVpcAttachments"])),
        (
            "with groups",
            hub().edit("tgw-hubs", json!({"Options": {"SecurityGroupReferencingSupport": "enable"}})),
        ),
    ] {
        let file = path.join("dump.json");
        std::fs::write(&file, dump.text()).unwrap();
        let text = flowcast::import_aws(&file).unwrap().text;
        let printed = flowcast::Scenario::parse("printed.yaml", &text)
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        for (from, to, traffic) in [
            ("i-webs", "i-fars", "tcp 443"),
            ("i-webs", "i-fars", "tcp 22"),
            ("i-apps", "i-fars", "tcp 443"),
            ("i-fars", "i-webs", "tcp 443"),
        ] {
            // What else was considered may have another name there.
            let decides = |said: String| said.split("; ").next().unwrap_or_default().to_owned();
            assert_eq!(
                decides(says(&printed, from, to, traffic)),
                decides(dump.says(from, to, traffic)),
                "{what}: {from} > {to}: {traffic}\n{text}"
            );
        }
    }
    std::fs::remove_dir_all(path).unwrap();
}
