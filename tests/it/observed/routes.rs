//! Route tables: what their routes lead to, and which table is whose.

use serde_json::{Value, json};

use super::dump::{Dump, route};
use super::{check, row};

/// The lab with further routes in the main table.
fn with_routes(more: Value) -> Dump {
    let mut routes = vec![route("10.0.0.0/16", "local"), route("0.0.0.0/0", "igw-main")];
    routes.extend(more.as_array().unwrap().iter().cloned());
    Dump::lab().edit("rtb-main", json!({"Routes": routes}))
}

fn to(destination: &str, target: Value) -> Value {
    let mut route = json!({"DestinationCidrBlock": destination, "State": "active", "Origin": "CreateRoute"});
    route.as_object_mut().unwrap().extend(target.as_object().unwrap().clone());
    route
}

#[test]
fn targets_that_were_not_collected() {
    let rows: Vec<_> = [
        (json!({"TransitGatewayId": "tgw-0001"}), "unknown: route: 172.16.0.0/12 -> tgw-0001, which was not collected or is not known"),
        (json!({"NatGatewayId": "nat-0001"}), "unknown: route: 172.16.0.0/12 -> nat-0001, which was not collected or is not known"),
        (json!({"VpcPeeringConnectionId": "pcx-0001"}), "unknown: route: 172.16.0.0/12 -> pcx-0001, which was not collected or is not known"),
        (json!({"GatewayId": "vgw-0001"}), "unknown: route: 172.16.0.0/12 -> vgw-0001, which was not collected or is not known"),
        (json!({"GatewayId": "igw-other"}), "unknown: route: 172.16.0.0/12 -> igw-other, which was not collected or is not known"),
        (json!({"NetworkInterfaceId": "eni-other"}), "unknown: route: 172.16.0.0/12 -> eni-other, which was not collected or is not known"),
        (json!({"InstanceId": "i-other"}), "unknown: route: 172.16.0.0/12 -> i-other, which was not collected or is not known"),
        (
            json!({"CoreNetworkArn": "arn:aws:networkmanager::1:core-network/x"}),
            "unknown: route: 172.16.0.0/12 -> arn:aws:networkmanager::1:core-network/x, and core networks are not simulated",
        ),
        (json!({}), "unknown: route: 172.16.0.0/12 -> unknown-target, which was not collected or is not known"),
        (
            json!({"TransitGatewayId": "tgw-0001", "State": "filtered"}),
            "unknown: route: 172.16.0.0/12 -> unknown-target, which was not collected or is not known",
        ),
        (
            json!({"NetworkInterfaceId": "eni-apps", "Origin": "Advertisement"}),
            "unknown: route: 172.16.0.0/12 -> unknown-target, which was not collected or is not known",
        ),
        (
            json!({"NatGatewayId": "nat-0001", "State": "blackhole"}),
            "blocked: route: 172.16.0.0/12 -> nat-0001 is a blackhole",
        ),
        (
            json!({"NetworkInterfaceId": "eni-apps", "InstanceId": "i-apps"}),
            // Its groups judge what it is to forward, and nothing admits it.
            "blocked: security-group-ingress: no rule matches; there is tcp 8080 from sg-webs",
        ),
    ]
    .into_iter()
    .map(|(target, says)| {
        row(
            "by the route's target",
            with_routes(json!([to("172.16.0.0/12", target)])),
            "i-webs > 172.16.0.9: tcp 443",
            says,
        )
    })
    .collect();
    check(&rows);
    check(&[
        row(
            "another destination is not concerned",
            with_routes(json!([to("172.16.0.0/12", json!({"TransitGatewayId": "tgw-0001"}))])),
            "i-webs > internet: tcp 443",
            "connected",
        ),
        row(
            "the reply goes that way",
            with_routes(json!([to("198.51.100.0/24", json!({"TransitGatewayId": "tgw-0001"}))])),
            "198.51.100.9 > i-webs: tcp 443",
            "unknown: route: 198.51.100.0/24 -> tgw-0001, which was not collected or is not known",
        ),
        row(
            "a blackhole that wins is not overlooked for the default",
            with_routes(json!([to("198.51.100.0/24", json!({"State": "blackhole"}))])),
            "198.51.100.9 > i-webs: tcp 443",
            "unanswered: route: 198.51.100.0/24 -> unknown-target is a blackhole",
        ),
        row(
            "a propagated route yields to a static one",
            with_routes(json!([
                to("172.16.0.0/12", json!({"TransitGatewayId": "tgw-0001"})),
                to(
                    "172.16.0.0/12",
                    json!({"GatewayId": "vgw-0001", "Origin": "EnableVgwRoutePropagation", "State": "blackhole"})
                ),
            ])),
            "i-webs > 172.16.0.9: tcp 443",
            "unknown: route: 172.16.0.0/12 -> tgw-0001, which was not collected or is not known",
        ),
    ]);
}

#[test]
fn a_packet_from_elsewhere_may_come_by_a_way_that_was_not_collected() {
    let by_tgw = || with_routes(json!([to("172.16.0.0/12", json!({"TransitGatewayId": "tgw-0001"}))]));
    let unknown = "unknown: internet-gateway: how 172.16.0.9 reaches the VPC is not simulated";
    check(&[
        row("a route leads there", by_tgw(), "172.16.0.9 > i-webs: tcp 443", unknown),
        row(
            "nobody knows where routes lead",
            Dump::lab().without(&["RouteTables"]),
            "172.16.0.9 > i-webs: tcp 443",
            unknown,
        ),
        row(
            "no route leads anywhere else",
            Dump::lab(),
            "172.16.0.9 > i-webs: tcp 443",
            "blocked: internet-gateway: private addresses do not cross an internet gateway: 172.16.0.9 -> 203.0.113.10",
        ),
    ]);
}

#[test]
fn routes_through_prefix_lists() {
    let by_list = |target: Value| {
        let mut route = to("", target);
        route.as_object_mut().unwrap().remove("DestinationCidrBlock");
        route["DestinationPrefixListId"] = json!("pl-list");
        with_routes(json!([route]))
    };
    let tgw = || by_list(json!({"TransitGatewayId": "tgw-0001"}));
    let endpoint = || by_list(json!({"GatewayId": "vpce-0001"}));
    let listed =
        |dump: Dump| dump.set("PrefixLists", json!([{"PrefixListId": "pl-list", "Cidrs": ["192.0.2.0/24"]}]));
    let private = |dump: Dump| {
        dump.add(
            "RouteTables",
            json!({"RouteTableId": "rtb-back", "VpcId": "vpc-main",
        "Associations": [{"SubnetId": "subnet-back"}], "Routes": dump_routes()}),
        )
    };
    check(&[
        row(
            "entries that nobody collected may hold it",
            tgw(),
            "i-webs > 192.0.2.9: tcp 443",
            "unknown: route: pl-list -> tgw-0001 may carry it: the list's entries were not collected",
        ),
        row("not what stays within the VPC", tgw(), "i-webs > i-apps: tcp 8080", "connected"),
        row(
            "entries that hold it",
            listed(tgw()),
            "i-webs > 192.0.2.9: tcp 443",
            "unknown: route: 192.0.2.0/24 -> tgw-0001 (of pl-list), which was not collected or is not known",
        ),
        row("entries that do not", listed(tgw()), "i-webs > 198.51.100.9: tcp 443", "connected"),
        row(
            "a gateway endpoint's list may hold a public address",
            endpoint(),
            "i-webs > 192.0.2.9: tcp 443",
            "unknown: route: pl-list -> vpce-0001 may carry it: the list's entries were not collected",
        ),
        row(
            "but no private one",
            private(endpoint()),
            "i-apps > 172.16.0.9: tcp 443",
            "blocked: route: no route to 172.16.0.9",
        ),
    ]);
}

fn dump_routes() -> Value {
    json!([route("10.0.0.0/16", "local"),
           {"DestinationPrefixListId": "pl-list", "GatewayId": "vpce-0001", "State": "active", "Origin": "CreateRoute"}])
}

#[test]
fn which_table_is_whose() {
    let private =
        json!({"RouteTableId": "rtb-back", "VpcId": "vpc-main", "Routes": [route("10.0.0.0/16", "local")]});
    let with = |associations: Value| {
        let mut table = private.clone();
        table["Associations"] = associations;
        Dump::lab().add("RouteTables", table)
    };
    let public = |dump: Dump| dump.edit("eni-apps", json!({"Association": {"PublicIp": "203.0.113.11"}}));
    let no_route = "blocked: route: no route to 198.51.100.1";
    check(&[
        row(
            "by its association",
            public(with(json!([{"SubnetId": "subnet-back"}]))),
            "i-apps > internet: tcp 443",
            no_route,
        ),
        row(
            "another subnet has the main one",
            public(with(json!([{"SubnetId": "subnet-back"}]))),
            "i-webs > internet: tcp 443",
            "connected",
        ),
        row(
            "without one it is the main one",
            public(with(json!([]))),
            "i-apps > internet: tcp 443",
            "connected",
        ),
        row(
            "an association that is gone",
            public(with(
                json!([{"SubnetId": "subnet-back", "AssociationState": {"State": "disassociated"}}]),
            )),
            "i-apps > internet: tcp 443",
            "connected",
        ),
        row(
            "no table is the main one",
            public(with(json!([{"SubnetId": "subnet-back"}])).edit("rtb-main", json!({"Associations": []}))),
            "i-webs > internet: tcp 443",
            "unknown: route: route tables were not collected: no local route leads to 198.51.100.1",
        ),
    ]);
    let two = with(json!([{"Main": true}])).refusal();
    assert!(two.contains("VPC `vpc-main` has two main route tables"), "{two}");
}

/// A list that is not there says nothing, so that nothing may rest on it.
#[test]
fn tables_without_routes_or_associations_are_refused() {
    for key in ["Routes", "Associations"] {
        let refused = Dump::lab().edit("rtb-main", json!({key: null})).refusal();
        assert!(
            refused.contains(&format!(
                "route table `rtb-main` cannot be read: `RouteTables[0].{key}`: the list is missing"
            )),
            "{refused}"
        );
    }
}

/// A prefix list that holds the VPC's block does not take the place of the local route, which comes before it.
#[test]
fn a_list_with_the_block_of_the_vpc() {
    let list = json!([{"PrefixListId": "pl-list", "Cidrs": ["10.0.0.0/16"]}]);
    let listed = json!({"DestinationPrefixListId": "pl-list", "GatewayId": "igw-main", "State": "active", "Origin": "CreateRoute"});
    let routes = json!([route("10.0.0.0/16", "local"), listed]);
    let dump = Dump::lab().edit("rtb-main", json!({"Routes": routes})).set("PrefixLists", list);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dump.json");
    std::fs::write(&file, dump.text()).unwrap();
    let imported =
        flowcast::Scenario::parse("imported.yaml", &flowcast::import_aws(&file).unwrap().text).unwrap();
    assert_eq!(super::dump::says(&imported, "i-webs", "i-apps", "tcp 8080"), "connected");
    check(&[row("as it was answered", dump, "i-webs > i-apps: tcp 8080", "connected")]);
}

/// A route can lead to an interface of its own VPC alone; of another one AWS does not say what it does.
#[test]
fn a_route_to_an_interface_of_another_vpc() {
    let dump =
        with_routes(json!([{"DestinationCidrBlock": "172.16.0.0/12", "NetworkInterfaceId": "eni-else",
                                   "State": "active", "Origin": "CreateRoute"}]))
        .add("Vpcs", json!({"VpcId": "vpc-else", "OwnerId": "111122223333", "CidrBlock": "10.9.0.0/16"}))
        .add("Subnets", json!({"SubnetId": "subnet-else", "VpcId": "vpc-else", "CidrBlock": "10.9.2.0/24"}))
        .add(
            "NetworkInterfaces",
            json!({"NetworkInterfaceId": "eni-else", "SubnetId": "subnet-else", "VpcId": "vpc-else",
               "PrivateIpAddress": "10.9.2.10", "Groups": [], "SourceDestCheck": false}),
        );
    let unknown =
        "unknown: route: 172.16.0.0/12 -> eni-else, an interface of another VPC; beats 0.0.0.0/0 -> igw-main";
    assert_eq!(dump.says("i-webs", "172.16.0.9", "tcp 443"), unknown);
}
