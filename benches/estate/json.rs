//! The estate as `aws ec2 describe-*` prints it: one text for each call, with the name of a file for it.

use flowcast::model::inventory::{
    Destination, Gateway, Instance, Inventory, NetworkAcl, NetworkInterface, Peer, PrefixList, Reference,
    RouteTable, SecurityGroup, SecurityGroupRule, Subnet, Vpc,
};
use flowcast::model::{GatewayKind, RuleAction};
use flowcast::net::{Cidr, Direction, Family, Protocol, Service};
use serde_json::{Map, Value, json};

/// The answers of all calls.
pub(crate) fn describe(estate: &Inventory) -> Vec<(String, String)> {
    let all = |key: &str, items: Vec<Value>| json!({ key: items }).to_string();
    let of_kind = |kind| estate.gateways.iter().filter(move |gateway| gateway.kind == kind);
    let account = estate.account.as_str();
    let mut answers = vec![
        ("vpcs", all("Vpcs", estate.vpcs.iter().map(|of| vpc(of, account)).collect())),
        ("subnets", all("Subnets", estate.subnets.iter().map(|of| subnet(of, account)).collect())),
        (
            "security-groups",
            all("SecurityGroups", estate.security_groups.iter().map(|of| group(of, account)).collect()),
        ),
        (
            "network-acls",
            all("NetworkAcls", estate.network_acls.iter().map(|acl| network_acl(acl, estate)).collect()),
        ),
        (
            "route-tables",
            all("RouteTables", estate.route_tables.iter().map(|table| route_table(table, estate)).collect()),
        ),
        (
            "internet-gateways",
            all("InternetGateways", of_kind(GatewayKind::InternetGateway).map(internet_gateway).collect()),
        ),
        ("nat-gateways", all("NatGateways", of_kind(GatewayKind::NatGateway).map(nat_gateway).collect())),
        (
            "transit-gateways",
            all("TransitGateways", of_kind(GatewayKind::TransitGateway).map(transit_gateway).collect()),
        ),
        (
            "prefix-lists",
            all("PrefixLists", estate.prefix_lists.iter().map(|of| prefix_list(of, account)).collect()),
        ),
        ("instances", all("Reservations", reservations(estate))),
        (
            "network-interfaces",
            all(
                "NetworkInterfaces",
                estate.network_interfaces.iter().map(|of| interface(of, estate)).collect(),
            ),
        ),
    ]
    .into_iter()
    .map(|(name, text)| (format!("{name}.json"), text))
    .collect::<Vec<_>>();
    answers.extend(estate.prefix_lists.iter().map(|list| {
        let entries: Vec<Value> =
            list.entries.iter().flatten().map(|entry| json!({"Cidr": entry.value.to_string()})).collect();
        let id = &list.identity.id;
        (
            format!("prefix-list-entries-{id}.json"),
            json!({"PrefixListId": id, "Entries": entries}).to_string(),
        )
    }));
    answers
}

/// The answer of `describe-network-interfaces` alone, with the tags, names and times that AWS adds: some thousand bytes of
/// each.
pub(crate) fn describe_interfaces(estate: &Inventory) -> String {
    let of = |(number, of): (usize, &NetworkInterface)| {
        let mut json = interface(of, estate);
        let tag = |key: &str, value: String| json!({"Key": key, "Value": value});
        json["AvailabilityZone"] = "eu-central-1a".into();
        json["PrivateDnsName"] = format!("ip-10-0-{}-{}.ec2.internal", number / 256, number % 256).into();
        json["TagSet"] = json!([
            tag("Name", format!("node-{number}")),
            tag("aws:autoscaling:groupName", "production-web".to_owned()),
            tag("team", "platform".to_owned()),
            tag("cost-centre", "4711".to_owned()),
            tag("environment", "production".to_owned()),
        ]);
        json
    };
    let all: Vec<Value> = estate.network_interfaces.iter().enumerate().map(of).collect();
    json!({ "NetworkInterfaces": all }).to_string()
}

fn text(reference: Option<&Reference>) -> &str {
    reference.map(|reference| reference.value.as_str()).unwrap_or_default()
}

fn of_family(blocks: impl Iterator<Item = Cidr>, family: Family) -> Vec<String> {
    blocks.filter(|block| block.family() == family).map(|block| block.to_string()).collect()
}

fn vpc(of: &Vpc, account: &str) -> Value {
    let blocks = || of.cidr_blocks.iter().map(|block| block.value);
    let (v4, v6) = (of_family(blocks(), Family::V4), of_family(blocks(), Family::V6));
    let associated = |block: &String| json!({"CidrBlock": block, "CidrBlockState": {"State": "associated"}});
    let associated_ipv6 =
        |block: &String| json!({"Ipv6CidrBlock": block, "Ipv6CidrBlockState": {"State": "associated"}});
    json!({
        "VpcId": of.identity.id, "OwnerId": account, "State": "available", "IsDefault": false,
        "CidrBlock": v4.first(), "InstanceTenancy": "default", "DhcpOptionsId": "dopt-0123456789abcdef0",
        "CidrBlockAssociationSet": v4.iter().map(associated).collect::<Vec<_>>(),
        "Ipv6CidrBlockAssociationSet": v6.iter().map(associated_ipv6).collect::<Vec<_>>(),
    })
}

fn subnet(of: &Subnet, account: &str) -> Value {
    let blocks = || of.cidr_blocks.iter().map(|block| block.value);
    let v6 = of_family(blocks(), Family::V6);
    let associated =
        |block: &String| json!({"Ipv6CidrBlock": block, "Ipv6CidrBlockState": {"State": "associated"}});
    json!({
        "SubnetId": of.identity.id, "VpcId": text(of.vpc.as_ref()), "OwnerId": account, "State": "available",
        "CidrBlock": of_family(blocks(), Family::V4).first(), "AvailabilityZoneId": of.availability_zone_id,
        "AvailabilityZone": of.availability_zone_id.replace("euc1-az", "eu-central-1"),
        "AvailableIpAddressCount": 200, "DefaultForAz": false, "MapPublicIpOnLaunch": false,
        "Ipv6CidrBlockAssociationSet": v6.iter().map(associated).collect::<Vec<_>>(),
    })
}

/// `IpProtocol`, `FromPort` and `ToPort` of a permission.
fn permission(service: Service) -> Map<String, Value> {
    let mut of = Map::new();
    let protocol = service.protocol.map_or_else(|| "-1".to_owned(), |protocol| protocol.to_string());
    of.insert("IpProtocol".to_owned(), protocol.into());
    let ports = match service.protocol {
        Some(protocol) if protocol.has_ports() => {
            Some((service.ports.from().into(), service.ports.to().into()))
        }
        Some(Protocol::ICMP) => {
            let number = |of: Option<u8>| of.map_or(-1, i32::from);
            Some((number(service.icmp.kind), number(service.icmp.code)))
        }
        _ => None,
    };
    if let Some((from, to)) = ports {
        of.insert("FromPort".to_owned(), from.into());
        of.insert("ToPort".to_owned(), to.into());
    }
    of
}

fn permissions(rules: Option<&Vec<SecurityGroupRule>>, account: &str) -> Vec<Value> {
    let permission_of = |rule: &SecurityGroupRule| {
        let mut of = permission(rule.service);
        let (mut v4, mut v6, mut lists, mut groups) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        match &rule.peer {
            Peer::Cidr(block) if block.family() == Family::V4 => {
                v4.push(json!({"CidrIp": block.to_string()}));
            }
            Peer::Cidr(block) => v6.push(json!({"CidrIpv6": block.to_string()})),
            Peer::PrefixList(name) => lists.push(json!({"PrefixListId": name.value})),
            Peer::Group(name) | Peer::Named(name) => {
                groups.push(json!({"GroupId": name.value, "UserId": account}));
            }
        }
        for (key, list) in
            [("IpRanges", v4), ("Ipv6Ranges", v6), ("PrefixListIds", lists), ("UserIdGroupPairs", groups)]
        {
            of.insert(key.to_owned(), list.into());
        }
        Value::Object(of)
    };
    rules.into_iter().flatten().map(permission_of).collect()
}

fn group(of: &SecurityGroup, account: &str) -> Value {
    json!({
        "GroupId": of.identity.id, "GroupName": of.identity.name, "Description": "made up", "OwnerId": account,
        "VpcId": text(of.vpc.as_ref()),
        "IpPermissions": permissions(of.rules.ingress.as_ref(), account),
        "IpPermissionsEgress": permissions(of.rules.egress.as_ref(), account),
    })
}

fn network_acl(of: &NetworkAcl, estate: &Inventory) -> Value {
    let mut entries = Vec::new();
    for direction in Direction::BOTH {
        let egress = direction == Direction::Egress;
        for entry in of.entries.get(direction).iter().flatten() {
            let action = if entry.action == RuleAction::Allow { "allow" } else { "deny" };
            let key = if entry.cidr_block.family() == Family::V4 { "CidrBlock" } else { "Ipv6CidrBlock" };
            let number =
                entry.service.protocol.map_or_else(|| "-1".to_owned(), |protocol| protocol.0.to_string());
            let mut json = json!({
                "RuleNumber": entry.number.get(), "Egress": egress, "RuleAction": action, "Protocol": number,
                key: entry.cidr_block.to_string(),
            });
            if entry.service.protocol.is_some_and(Protocol::has_ports) {
                let ports = entry.service.ports;
                json["PortRange"] = json!({"From": ports.from(), "To": ports.to()});
            }
            entries.push(json);
        }
        for key in ["CidrBlock", "Ipv6CidrBlock"] {
            let block = if key == "CidrBlock" { "0.0.0.0/0" } else { "::/0" };
            let number = if key == "CidrBlock" { 32767 } else { 32768 };
            entries.push(json!({
                "RuleNumber": number, "Egress": egress, "RuleAction": "deny", "Protocol": "-1", key: block,
            }));
        }
    }
    let mine = estate.subnets.iter().filter(|subnet| text(subnet.network_acl.as_ref()) == of.identity.id);
    let associations =
        mine.map(|subnet| json!({"NetworkAclId": of.identity.id, "SubnetId": subnet.identity.id}));
    json!({
        "NetworkAclId": of.identity.id, "VpcId": text(of.vpc.as_ref()), "OwnerId": estate.account, "IsDefault": false,
        "Entries": entries, "Associations": associations.collect::<Vec<_>>(),
    })
}

fn route_table(of: &RouteTable, estate: &Inventory) -> Value {
    let vpc = estate.vpcs.iter().find(|vpc| vpc.identity.id == text(of.vpc.as_ref()));
    let local = vpc.into_iter().flat_map(|vpc| &vpc.cidr_blocks).map(|block| {
        let key = if block.value.family() == Family::V4 { "DestinationCidrBlock" } else { "DestinationIpv6CidrBlock" };
        json!({key: block.value.to_string(), "GatewayId": "local", "Origin": "CreateRouteTable", "State": "active"})
    });
    let mut routes: Vec<Value> = local.collect();
    for route in &of.routes {
        let (key, block) = match &route.destination {
            Destination::Cidr(block) if block.family() == Family::V4 => {
                ("DestinationCidrBlock", block.to_string())
            }
            Destination::Cidr(block) => ("DestinationIpv6CidrBlock", block.to_string()),
            Destination::PrefixList(list) => ("DestinationPrefixListId", list.value.clone()),
        };
        let target = match route.target.value.split_once('-').map(|(prefix, _)| prefix) {
            Some("nat") => "NatGatewayId",
            Some("tgw") => "TransitGatewayId",
            _ => "GatewayId",
        };
        routes.push(json!({
            key: block, target: route.target.value, "Origin": "CreateRoute", "State": "active",
        }));
    }
    let mine = estate.subnets.iter().filter(|subnet| text(subnet.route_table.as_ref()) == of.identity.id);
    let associations = mine.map(|subnet| {
        json!({
            "RouteTableId": of.identity.id, "SubnetId": subnet.identity.id, "Main": false,
            "AssociationState": {"State": "associated"},
        })
    });
    json!({
        "RouteTableId": of.identity.id, "VpcId": text(of.vpc.as_ref()), "OwnerId": estate.account, "Routes": routes,
        "Associations": associations.collect::<Vec<_>>(), "PropagatingVgws": [],
    })
}

fn internet_gateway(of: &Gateway) -> Value {
    let attachment = json!({"State": "available", "VpcId": text(of.vpc.as_ref())});
    json!({"InternetGatewayId": of.identity.id, "Attachments": [attachment]})
}

fn nat_gateway(of: &Gateway) -> Value {
    json!({
        "NatGatewayId": of.identity.id, "VpcId": text(of.vpc.as_ref()), "State": "available",
        "ConnectivityType": "public", "NatGatewayAddresses": [],
    })
}

fn transit_gateway(of: &Gateway) -> Value {
    json!({"TransitGatewayId": of.identity.id, "State": "available"})
}

fn prefix_list(of: &PrefixList, account: &str) -> Value {
    json!({
        "PrefixListId": of.identity.id, "PrefixListName": of.identity.name, "AddressFamily": "IPv4",
        "MaxEntries": 60, "OwnerId": account, "State": "create-complete", "Version": 1,
    })
}

fn reservations(estate: &Inventory) -> Vec<Value> {
    let instance = |of: &Instance| {
        json!({
            "Instances": [{
                "InstanceId": of.identity.id, "InstanceType": of.instance_type, "State": {"Code": 16, "Name": "running"},
            }],
            "OwnerId": estate.account,
        })
    };
    estate.instances.iter().map(instance).collect()
}

fn interface(of: &NetworkInterface, estate: &Inventory) -> Value {
    let private = of.private_ip.as_ref().map(|address| address.value.to_string());
    let association = |public: &flowcast::diagnostic::Located<std::net::IpAddr>| json!({"IpOwnerId": "amazon", "PublicDnsName": "", "PublicIp": public.value.to_string()});
    let mut addresses = vec![json!({"Primary": true, "PrivateIpAddress": private})];
    if let Some(public) = &of.public_ip {
        addresses[0]["Association"] = association(public);
    }
    addresses.extend(of.secondary_private_ips.iter().map(
        |secondary| json!({"Primary": false, "PrivateIpAddress": secondary.private_ip.value.to_string()}),
    ));
    let groups = of.security_groups.iter().flatten();
    let groups: Vec<Value> =
        groups.map(|group| json!({"GroupId": group.value, "GroupName": group.value})).collect();
    let ipv6: Vec<Value> =
        of.ipv6_addresses.iter().map(|address| json!({"Ipv6Address": address.value.to_string()})).collect();
    let subnet = estate.subnets.iter().find(|subnet| subnet.identity.id == of.subnet.value);
    let mut json = json!({
        "NetworkInterfaceId": of.identity.id, "SubnetId": of.subnet.value, "OwnerId": estate.account,
        "VpcId": subnet.map(|subnet| text(subnet.vpc.as_ref())), "InterfaceType": "interface", "Status": "in-use",
        "Description": "", "MacAddress": "0a:00:00:00:00:01", "RequesterManaged": false,
        "SourceDestCheck": of.source_dest_check, "PrivateIpAddress": private,
        "PrivateIpAddresses": addresses, "Ipv6Addresses": ipv6, "Groups": groups,
    });
    if let Some(public) = &of.public_ip {
        json["Association"] = association(public);
    }
    if let Some(instance) = &of.instance {
        json["Attachment"] = json!({
            "InstanceId": instance.value, "DeviceIndex": 0, "NetworkCardIndex": 0, "Status": "attached",
            "InstanceOwnerId": estate.account,
        });
    }
    json
}
