//! Gateways: attached or not, with route tables of their own, behind Block Public Access.

use serde_json::{Value, json};

use super::dump::{Dump, parse, route, says};
use super::{check, row};
use crate::asking::question;

/// A table of the internet gateway with these routes.
fn edge(routes: Value) -> Dump {
    Dump::lab().add("RouteTables", json!({"RouteTableId": "rtb-edge", "VpcId": "vpc-main",
        "Associations": [{"GatewayId": "igw-main", "AssociationState": {"State": "associated"}}], "Routes": routes}))
}

/// A route that leads what is for the front subnet to something else.
fn redirecting(target: Value) -> Value {
    let mut route =
        json!({"DestinationCidrBlock": "10.0.1.0/24", "State": "active", "Origin": "CreateRoute"});
    route.as_object_mut().unwrap().extend(target.as_object().unwrap().clone());
    json!([local(), route])
}

fn local() -> Value {
    route("10.0.0.0/16", "local")
}

#[test]
fn route_tables_of_gateways() {
    let to_apps = || edge(redirecting(json!({"NetworkInterfaceId": "eni-apps"})));
    let public = || {
        to_apps()
            .edit("eni-apps", json!({"SourceDestCheck": false, "Association": {"PublicIp": "203.0.113.11"}}))
            .edit(
                "sg-apps",
                json!({"IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}),
            )
    };
    check(&[
        row(
            "one that leads nowhere else changes nothing",
            edge(json!([local()])),
            "internet > i-webs: tcp 443",
            "connected",
        ),
        row(
            "it is nobody's main table",
            edge(json!([local()])),
            "i-webs > internet: tcp 443",
            "connected",
        ),
        row(
            "an appliance needs a public address",
            to_apps(),
            "internet > i-webs: tcp 443",
            "blocked: edge-route: leads 10.0.1.10 to i-apps, which has no public address",
        ),
        row(
            "what an appliance does is not known",
            public(),
            "internet > i-webs: tcp 443",
            "unknown: delivery: how i-apps forwards packets is not known",
        ),
        row(
            "unless something denies it for certain before",
            public().edit("sg-apps", json!({"IpPermissions": []})),
            "internet > i-webs: tcp 443",
            "blocked: security-group-ingress: no ingress rules",
        ),
        row(
            "what is redirected cannot leave directly",
            public(),
            "i-webs > internet: tcp 443",
            "blocked: internet-gateway: its own route table leads what is for 10.0.1.10 to i-apps: the packet must leave by it as well",
        ),
        row(
            "another subnet is not redirected",
            public(),
            "internet > i-apps: tcp 443",
            "connected",
        ),
        row(
            "within the VPC it does nothing",
            to_apps(),
            "i-webs > i-apps: tcp 8080",
            "connected",
        ),
        row(
            "endpoints of Gateway Load Balancers are not simulated",
            edge(redirecting(json!({"GatewayId": "vpce-firewall"}))),
            "internet > i-webs: tcp 443",
            "unknown: edge-route: 10.0.1.0/24 -> vpce-firewall, which was not collected or is not known",
        ),
        row(
            "a target that is gone",
            edge(redirecting(json!({"NetworkInterfaceId": "eni-gone", "State": "blackhole"}))),
            "internet > i-webs: tcp 443",
            "blocked: edge-route: 10.0.1.0/24 -> eni-gone is a blackhole",
        ),
        row(
            "an association that has ended",
            to_apps().edit("rtb-edge", json!({"Associations": [{"GatewayId": "igw-main", "AssociationState": {"State": "disassociated"}}]})),
            "internet > i-webs: tcp 443",
            "connected",
        ),
    ]);
}

/// Addresses of one's own that a table leads to an interface without translation are no addresses of the internet.
#[test]
fn public_pools() {
    let pool = |state: &str| {
        Dump::lab().add(
            "RouteTables",
            json!({"RouteTableId": "rtb-pool", "VpcId": "vpc-main",
                "Associations": [{"PublicIpv4Pool": "ipv4pool-ec2-0001", "AssociationState": {"State": state}},
                                 {"GatewayId": "igw-main"}],
                "Routes": [local(), {"DestinationCidrBlock": "198.51.100.0/24", "NetworkInterfaceId": "eni-apps",
                                     "State": "active", "Origin": "CreateRoute"}]}),
        )
    };
    let unknown = "unknown: internet-gateway: 198.51.100.9 is of a public pool that a gateway's route table leads to an interface, which is not simulated";
    for scenario in [pool("associated").scenario(), pool("associated").imported()] {
        assert_eq!(says(&scenario, "i-webs", "198.51.100.9", "tcp 443"), unknown);
        assert_eq!(says(&scenario, "198.51.100.9", "i-webs", "tcp 443"), unknown);
        assert_eq!(says(&scenario, "203.0.113.99", "i-webs", "tcp 443"), "connected");
    }
    assert_eq!(pool("disassociated").says("i-webs", "198.51.100.9", "tcp 443"), "connected");
}

/// A gateway has one table.
#[test]
fn two_route_tables_of_a_gateway() {
    let two = edge(json!([local()])).add(
        "RouteTables",
        json!({"RouteTableId": "rtb-other", "VpcId": "vpc-main", "Associations": [{"GatewayId": "igw-main"}],
               "Routes": [local()]}),
    );
    let refusal = two.refusal();
    assert!(refusal.contains("is associated with a gateway that"), "{refusal}");
}

/// The scenario that is made of it has the table as well.
#[test]
fn route_tables_of_gateways_are_imported() {
    let dump = edge(redirecting(json!({"NetworkInterfaceId": "eni-apps"})));
    for scenario in [dump.scenario(), dump.imported()] {
        let said = says(&scenario, "internet", "i-webs", "tcp 443");
        assert_eq!(said, "blocked: edge-route: leads 10.0.1.10 to i-apps, which has no public address");
    }
}

/// Where it is not known what Block Public Access does.
const KEPT_AWAY: &str = "unknown: block-public-access: what VPC Block Public Access exempts was not collected, or is just changing";

#[test]
fn block_public_access() {
    let on = |mode: &str| {
        Dump::lab()
            .edit("subnet-front", json!({"BlockPublicAccessStates": {"InternetGatewayBlockMode": mode}}))
    };
    let blocked = KEPT_AWAY;
    check(&[
        row("off", on("off"), "internet > i-webs: tcp 443", "connected"),
        row("in", on("block-bidirectional"), "internet > i-webs: tcp 443", blocked),
        row("out", on("block-bidirectional"), "i-webs > internet: tcp 443", blocked),
        row("ingress alone", on("block-ingress"), "internet > i-webs: tcp 443", blocked),
        row("within", on("block-ingress"), "i-webs > i-apps: tcp 8080", "connected"),
        row(
            "a certain deny behind it decides",
            on("block-ingress"),
            "internet > i-webs: tcp 80",
            "blocked: security-group-ingress: no rule matches",
        ),
        row(
            "a certain deny before it as well",
            on("block-ingress").edit("sg-webs", json!({"IpPermissionsEgress": []})),
            "i-webs > internet: tcp 80",
            "blocked: security-group-egress: no egress rules",
        ),
    ]);
}

/// With what is exempt it is known what is kept from whom.
#[test]
fn exclusions_from_block_public_access() {
    let on = |mode: &str, exclusions: Value| {
        Dump::lab()
            .edit("subnet-front", json!({"BlockPublicAccessStates": {"InternetGatewayBlockMode": mode}}))
            .set("VpcBlockPublicAccessExclusions", exclusions)
    };
    let exclusion = |of: &str, mode: &str, state: &str| {
        json!([{"ExclusionId": "vpcbpa-exclude-1", "InternetGatewayExclusionMode": mode, "State": state,
                "ResourceArn": format!("arn:aws:ec2:us-east-1:111122223333:{of}")}])
    };
    let (front, lab) = ("subnet/subnet-front", "vpc/vpc-main");
    let allow = "allow-bidirectional";
    let both = "blocked: block-public-access: VPC Block Public Access is `block-bidirectional`";
    let ingress = "blocked: block-public-access: VPC Block Public Access keeps out what comes in: `block-ingress`, or but for an exclusion `allow-egress`";
    let changing = KEPT_AWAY;
    let inward = "internet > i-webs: tcp 443";
    check(&[
        row("nothing", on("block-bidirectional", json!([])), inward, both),
        row("ingress", on("block-ingress", json!([])), inward, ingress),
        row("subnet", on("block-ingress", exclusion(front, allow, "create-complete")), inward, "connected"),
        row("VPC", on("block-bidirectional", exclusion(lab, allow, "update-complete")), inward, "connected"),
        row("gone", on("block-ingress", exclusion(front, allow, "delete-complete")), inward, ingress),
        row("changing", on("block-ingress", exclusion(front, allow, "create-in-progress")), inward, changing),
        row(
            "egress alone",
            on("block-bidirectional", exclusion(front, "allow-egress", "create-complete")),
            inward,
            ingress,
        ),
    ]);
}

/// The account's own mode in a Region, where its VPCs say nothing or something else.
#[test]
fn options_of_block_public_access() {
    let options = |mode: &str, state: &str| {
        Dump::lab()
            .set(
                "VpcBlockPublicAccessOptions",
                json!({"AwsAccountId": "111122223333", "AwsRegion": "us-east-1", "State": state,
                       "InternetGatewayBlockMode": mode, "ManagedBy": "account", "ExclusionsAllowed": "allowed"}),
            )
            .set("VpcBlockPublicAccessExclusions", json!([]))
    };
    let done = |mode: &str| options(mode, "update-complete");
    let told = |mode: &str| json!({"BlockPublicAccessStates": {"InternetGatewayBlockMode": mode}});
    let both = "blocked: block-public-access: VPC Block Public Access is `block-bidirectional`";
    let ingress = "blocked: block-public-access: VPC Block Public Access keeps out what comes in: `block-ingress`, or but for an exclusion `allow-egress`";
    let exempt = json!([{"ExclusionId": "vpcbpa-exclude-1", "InternetGatewayExclusionMode": "allow-bidirectional",
                         "ResourceArn": "arn:aws:ec2:us-east-1:111122223333:subnet/subnet-front"}]);
    let inward = "internet > i-webs: tcp 443";
    check(&[
        row("both ways", done("block-bidirectional"), inward, both),
        row("ingress", done("block-ingress"), inward, ingress),
        row("off", options("off", "default-state"), inward, "connected"),
        row("changing", options("off", "update-in-progress"), inward, KEPT_AWAY),
        row(
            "no exclusions",
            done("block-ingress").without(&["VpcBlockPublicAccessExclusions"]),
            inward,
            KEPT_AWAY,
        ),
        row(
            "exempt",
            done("block-ingress").set("VpcBlockPublicAccessExclusions", exempt),
            inward,
            "connected",
        ),
        row(
            "another account's",
            done("block-ingress").edit("vpc-main", json!({"OwnerId": "444455556666"})),
            inward,
            "connected",
        ),
        row(
            "the VPC says the same",
            done("block-ingress").edit("vpc-main", told("block-ingress")),
            inward,
            ingress,
        ),
        row("the VPC says more", done("block-ingress").edit("vpc-main", told("off")), inward, KEPT_AWAY),
        row(
            "the subnet says more",
            done("block-ingress").edit("subnet-front", told("off")),
            inward,
            KEPT_AWAY,
        ),
    ]);
}

/// Without a word of anybody it is off, which is an assumption.
#[test]
fn block_public_access_that_nobody_asked_about() {
    let told = json!({"BlockPublicAccessStates": {"InternetGatewayBlockMode": "off"}});
    for (dump, is_assumed) in [(Dump::lab(), true), (Dump::lab().edit("vpc-main", told), false)] {
        for mut scenario in [dump.scenario(), dump.imported()] {
            let asked = question("internet", "i-webs", parse("tcp 443"));
            scenario.connections = vec![scenario.connection(&asked).unwrap()];
            let report = scenario.run();
            let assumptions = report.assumptions_of(0);
            assert_eq!(assumptions.contains("bpa-not-collected"), is_assumed, "{assumptions:?}");
        }
    }
}

/// The back subnet leads to a NAT gateway in the front one, with these members.
fn nat(members: Value) -> Dump {
    let address =
        json!({"NetworkInterfaceId": "eni-nat", "PrivateIp": "10.0.1.99", "PublicIp": "203.0.113.99"});
    let mut gateway = json!({"NatGatewayId": "nat-0001", "SubnetId": "subnet-front", "VpcId": "vpc-main",
                             "State": "available", "NatGatewayAddresses": [address]});
    gateway.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    Dump::lab()
        .add("NatGateways", gateway)
        .add("RouteTables", json!({"RouteTableId": "rtb-back", "VpcId": "vpc-main", "PropagatingVgws": [],
            "Associations": [{"SubnetId": "subnet-back", "RouteTableId": "rtb-back", "Main": false}],
            "Routes": [{"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"},
                       {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-0001", "State": "active"}]}))
}

/// A regional one serves the zones of its addresses, and sends by its own table.
#[test]
fn regional_nat_gateways() {
    let regional = |zone: &str, status: &str| {
        let address = json!({"AllocationId": "eipalloc-0001", "PublicIp": "203.0.113.99", "Status": status,
                             "AvailabilityZoneId": zone});
        nat(json!({"SubnetId": null, "AvailabilityMode": "regional", "RouteTableId": "rtb-nats",
                   "NatGatewayAddresses": [address]}))
        .add("Addresses", json!({"PublicIp": "203.0.113.99", "AllocationId": "eipalloc-0001", "AssociationId": "eipassoc-1"}))
        .add("RouteTables", json!({"RouteTableId": "rtb-nats", "VpcId": "vpc-main", "Associations": [],
            "Routes": [route("10.0.0.0/16", "local"), route("0.0.0.0/0", "igw-main")]}))
    };
    let out = "i-apps > internet: tcp 443";
    let unknown = "unknown: route: 0.0.0.0/0 -> nat-0001, which was not collected or is not known";
    let no_address = "unknown: nat-gateway: no address of nat-0001 is known that new connections could use";
    check(&[
        row("of the zone", regional("use1-az2", "succeeded"), out, "connected"),
        row("of another zone", regional("use1-az1", "succeeded"), out, no_address),
        row("not yet there", regional("use1-az2", "associating"), out, unknown),
        row(
            "unsolicited",
            regional("use1-az2", "succeeded"),
            "internet > 203.0.113.99: tcp 443",
            "blocked: nat-gateway: lets in only answers to what left through it",
        ),
    ]);
    assert_eq!(
        says(&regional("use1-az2", "succeeded").imported(), "i-apps", "internet", "tcp 443"),
        "connected"
    );
}

/// A NAT gateway whose interface was collected or not, and what of it decides.
#[test]
fn nat_gateways() {
    let address =
        json!({"NetworkInterfaceId": "eni-nat", "PrivateIp": "10.0.1.99", "PublicIp": "203.0.113.99"});
    let out = "i-apps > internet: tcp 443";
    let unknown = "unknown: route: 0.0.0.0/0 -> nat-0001, which was not collected or is not known";
    let no_address = "unknown: nat-gateway: no address of nat-0001 is known that new connections could use";
    let bare = json!({"NetworkInterfaceId": "eni-nat", "PrivateIp": "10.0.1.99"});
    let of = |status: &str, public: &str| {
        json!({"NetworkInterfaceId": "eni-nat", "PrivateIp": public.replace("203.0.113", "10.0.1"),
               "PublicIp": public, "Status": status})
    };
    check(&[
        row("told by itself alone", nat(json!({})), out, "connected"),
        row(
            "not yet",
            nat(json!({"State": "pending"})),
            out,
            "blocked: nat-gateway: nat-0001 is not available",
        ),
        row("no more", nat(json!({"State": "deleted"})), out, unknown),
        row(
            "may still pass",
            nat(json!({"State": "deleting"})),
            out,
            "unknown: nat-gateway: AWS does not say whether nat-0001 carries packets while it is `deleting`",
        ),
        row(
            "nobody said",
            nat(json!({"State": null})),
            out,
            "unknown: nat-gateway: the state of nat-0001 was not collected",
        ),
        row(
            "an address that failed",
            nat(json!({"NatGatewayAddresses": [of("failed", "203.0.113.99")]})),
            out,
            no_address,
        ),
        row(
            "another that failed",
            nat(json!({"NatGatewayAddresses": [address, of("failed", "203.0.113.98")]})),
            out,
            "connected",
        ),
        row(
            "the internet to one that failed",
            nat(json!({"NatGatewayAddresses": [address, of("failed", "203.0.113.98")]})),
            "internet > 203.0.113.98: tcp 443",
            "unknown: internet-gateway: network interfaces were not collected: that of 203.0.113.98 is not known",
        ),
        row(
            "one that is being taken away",
            nat(json!({"NatGatewayAddresses": [of("disassociating", "203.0.113.98")]})),
            out,
            no_address,
        ),
        row("public without address", nat(json!({"NatGatewayAddresses": [bare]})), out, no_address),
        row(
            "private",
            nat(json!({"ConnectivityType": "private", "NatGatewayAddresses": [bare]})),
            out,
            "blocked: internet-gateway: 10.0.1.99 has no public address",
        ),
        row(
            "with an appliance",
            nat(
                json!({"AttachedAppliances": [{"Type": "network-firewall-proxy", "AttachmentState": "attached"}]}),
            ),
            out,
            unknown,
        ),
        row("regional", nat(json!({"SubnetId": null, "AvailabilityMode": "regional"})), out, unknown),
        row(
            "another protocol",
            nat(json!({})),
            "i-apps > internet: 47",
            "blocked: nat-gateway: it carries TCP, UDP and ICMP alone",
        ),
        row(
            "unsolicited",
            nat(json!({})),
            "internet > 203.0.113.99: tcp 443",
            "blocked: nat-gateway: lets in only answers to what left through it",
        ),
    ]);
}

#[test]
fn attachments() {
    let attached = |attachments: Value| Dump::lab().edit("igw-main", json!({"Attachments": attachments}));
    check(&[
        row(
            "to the VPC",
            attached(json!([{"VpcId": "vpc-main", "State": "attached"}])),
            "internet > i-webs: tcp 443",
            "connected",
        ),
        row(
            "to nothing",
            attached(json!([])),
            "internet > i-webs: tcp 443",
            "blocked: internet-gateway: no internet gateway is attached to the VPC",
        ),
        row(
            "not any more",
            attached(json!([{"VpcId": "vpc-main", "State": "detached"}])),
            "internet > i-webs: tcp 443",
            "blocked: internet-gateway: no internet gateway is attached to the VPC",
        ),
        row(
            "to a VPC that was not collected",
            attached(json!([{"VpcId": "vpc-other", "State": "available"}])),
            "internet > i-webs: tcp 443",
            "blocked: internet-gateway: no internet gateway is attached to the VPC",
        ),
    ]);
}

/// An absent list is not one of nothing.
#[test]
fn attachments_that_are_absent() {
    let eigw = json!({"EgressOnlyInternetGatewayId": "eigw-main"});
    for (dump, path) in [
        (Dump::lab().edit("igw-main", json!({"Attachments": null})), "InternetGateways[0]"),
        (Dump::lab().add("EgressOnlyInternetGateways", eigw), "EgressOnlyInternetGateways[0]"),
    ] {
        let refused = dump.refusal();
        assert!(refused.contains(&format!("`{path}`: missing field `Attachments`")), "{refused}");
    }
    let nowhere = Dump::lab().edit("igw-main", json!({"Attachments": [{"State": "available"}]})).refusal();
    assert!(nowhere.contains("`InternetGateways[0].Attachments[0]`: missing field `VpcId`"), "{nowhere}");
}

#[test]
fn gateways_that_are_not_simulated() {
    let tgw = || {
        let mut routes = Dump::lab().get("RouteTables")[0]["Routes"].clone();
        routes.as_array_mut().unwrap().push(json!({"DestinationCidrBlock": "172.16.0.0/12", "TransitGatewayId": "tgw-0001", "State": "active", "Origin": "CreateRoute"}));
        Dump::lab()
            .edit("rtb-main", json!({"Routes": routes}))
            .set("TransitGateways", json!([{"TransitGatewayId": "tgw-0001"}]))
    };
    check(&[
        row(
            "a path through them",
            tgw(),
            "i-webs > 172.16.0.9: tcp 443",
            "unknown: transit-gateway: nothing is known of what it is attached to",
        ),
        row("a path past them", tgw(), "i-webs > internet: tcp 443", "connected"),
    ]);
}

#[test]
fn ipv6() {
    let v6 = |gateway: Value| {
        let mut route =
            json!({"DestinationIpv6CidrBlock": "::/0", "State": "active", "Origin": "CreateRoute"});
        route.as_object_mut().unwrap().extend(gateway.as_object().unwrap().clone());
        let block =
            |block: &str| json!([{"Ipv6CidrBlock": block, "Ipv6CidrBlockState": {"State": "associated"}}]);
        let entry = |egress: bool| json!({"RuleNumber": 101, "RuleAction": "allow", "Egress": egress, "Protocol": "-1", "Ipv6CidrBlock": "::/0"});
        Dump::lab()
            .edit("vpc-main", json!({"Ipv6CidrBlockAssociationSet": block("2001:db8:1::/56")}))
            .edit("subnet-front", json!({"Ipv6CidrBlockAssociationSet": block("2001:db8:1:1::/64")}))
            .edit("rtb-main", json!({"Routes": [crate::observed::dump::route("10.0.0.0/16", "local"),
                {"DestinationIpv6CidrBlock": "2001:db8:1::/56", "GatewayId": "local", "State": "active", "Origin": "CreateRouteTable"}, route]}))
            .edit("acl-open", json!({"Entries": [entry(true), entry(false)]}))
            .edit("eni-webs", json!({"Ipv6Addresses": [{"Ipv6Address": "2001:db8:1:1::10"}], "Ipv6Prefixes": [{"Ipv6Prefix": "2001:db8:1:1:f::/80"}]}))
            .edit("sg-webs", json!({"IpPermissions": [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}],
                                    "IpPermissionsEgress": [{"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]}))
            .set("EgressOnlyInternetGateways", json!([{"EgressOnlyInternetGatewayId": "eigw-main", "Attachments": [{"VpcId": "vpc-main", "State": "attached"}]}]))
    };
    let igw = || v6(json!({"GatewayId": "igw-main"}));
    let eigw = || v6(json!({"EgressOnlyInternetGatewayId": "eigw-main"}));
    check(&[
        row("in", igw(), "2001:db8:ffff::9 > 2001:db8:1:1::10: tcp 443", "connected"),
        row(
            "to an address of a delegated prefix",
            igw(),
            "2001:db8:ffff::9 > 2001:db8:1:1:f::9: tcp 443",
            "connected",
        ),
        row(
            "another port",
            igw(),
            "2001:db8:ffff::9 > 2001:db8:1:1::10: tcp 80",
            "blocked: security-group-ingress: no rule matches; there is tcp 443 from ::/0",
        ),
        row("out", igw(), "2001:db8:1:1::10 > 2001:db8:ffff::9: tcp 443", "connected"),
        row(
            "out by an egress-only gateway",
            eigw(),
            "2001:db8:1:1::10 > 2001:db8:ffff::9: tcp 443",
            "connected",
        ),
        row(
            "which was not collected",
            eigw().without(&["EgressOnlyInternetGateways"]),
            "2001:db8:1:1::10 > 2001:db8:ffff::9: tcp 443",
            "unknown: route: ::/0 -> eigw-main, which was not collected or is not known",
        ),
        row(
            "IPv4 rules say nothing of it",
            igw().edit(
                "sg-webs",
                json!({"IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}),
            ),
            "2001:db8:ffff::9 > 2001:db8:1:1::10: tcp 443",
            "blocked: security-group-ingress: no rule matches; there is all from 0.0.0.0/0",
        ),
    ]);
}

/// Addresses of the internet that another VPC uses as its own belong, out there, to somebody else.
#[test]
fn a_vpc_may_use_public_blocks() {
    let dump = Dump::lab()
        .add("Vpcs", json!({"VpcId": "vpc-other", "OwnerId": "111122223333", "CidrBlock": "8.8.0.0/16"}));
    check(&[
        row("to the internet's", dump.clone(), "i-webs > 8.8.8.8: tcp 443", "connected"),
        row("from the internet's", dump, "8.8.8.8 > i-webs: tcp 443", "connected"),
    ]);
}

/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html>
#[test]
fn the_internet_is_kept_away() {
    let kept = Dump::lab().edit("eni-webs", json!({"DenyAllIgwTraffic": true}));
    check(&[
        row(
            "inbound",
            kept.clone(),
            "internet > i-webs: tcp 443",
            "blocked: internet-gateway: AWS keeps the internet away from the interface",
        ),
        row("within the VPC", kept, "i-webs > i-apps: tcp 8080", "connected"),
    ]);
}

/// What an egress-only gateway refuses may come by an internet gateway that nobody asked about.
#[test]
fn an_egress_only_gateway_is_not_all_there_may_be() {
    let with_ipv6 = || {
        Dump::lab()
            .edit("vpc-main", json!({"Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": "2001:db8:1::/56"}]}))
            .edit(
                "subnet-front",
                json!({"Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": "2001:db8:1::/64"}]}),
            )
            .edit("eni-webs", json!({"Ipv6Addresses": [{"Ipv6Address": "2001:db8:1::10"}]}))
            .edit(
                "sg-webs",
                json!({"IpPermissions": [{"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]}),
            )
            .set(
                "EgressOnlyInternetGateways",
                json!([{"EgressOnlyInternetGatewayId": "eigw-main",
                "Attachments": [{"VpcId": "vpc-main", "State": "attached"}]}]),
            )
    };
    check(&[
        row(
            "not asked",
            with_ipv6().without(&["InternetGateways"]),
            "2001:db8:ffff::1 > 2001:db8:1::10: tcp 443",
            "unknown: internet-gateway: internet gateways were not collected",
        ),
        row(
            "asked, and there is none",
            with_ipv6()
                .set("InternetGateways", json!([]))
                .edit("rtb-main", json!({"Routes": [route("10.0.0.0/16", "local")]})),
            "2001:db8:ffff::1 > 2001:db8:1::10: tcp 443",
            "blocked: egress-only-internet-gateway: lets in only answers to what left through it",
        ),
    ]);
}

/// AWS creates interfaces for gateways, which nothing else has.
#[test]
fn an_interface_of_two() {
    let refusal = Dump::lab()
        .add(
            "NatGateways",
            json!({"NatGatewayId": "nat-0001", "SubnetId": "subnet-front", "State": "available",
                   "NatGatewayAddresses": [{"NetworkInterfaceId": "eni-webs", "PrivateIp": "10.0.1.10"}]}),
        )
        .refusal();
    assert!(
        refusal.contains("interface `eni-webs` of NAT gateway `nat-0001` belongs to `i-webs` as well"),
        "{refusal}"
    );
}
