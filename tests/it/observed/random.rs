//! Random dumps: whatever a real one may hold, and lack.

use serde_json::{Value, json};

use super::dump::Dump;

/// Pseudo-random numbers, the same on every machine (the algorithm is called `SplitMix64`).
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(1))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound).unwrap()).unwrap()
    }

    fn one_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }

    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

const BLOCKS: &[&str] = &[
    "0.0.0.0/0",
    "10.0.0.0/16",
    "10.0.1.0/24",
    "10.0.2.8/29",
    "10.0.3.0/24",
    "198.51.100.0/24",
    "172.16.0.0/12",
];
const BLOCKS_V6: &[&str] = &["::/0", "2001:db8:1::/56", "2001:db8:1:2::/64"];
const GROUPS: &[&str] = &["sg-aaaa", "sg-bbbb", "sg-cccc", "sg-dddd", "sg-foreign"];
const LISTS: &[&str] = &["pl-listed", "pl-entries", "pl-named", "pl-absent"];
const PORTS: &[i64] = &[0, 22, 80, 443, 1024, 8080, 32768, 61000, 65535];

fn permission(random: &mut Random) -> Value {
    let mut permission = match random.below(6) {
        0 => json!({"IpProtocol": "-1"}),
        1 => {
            json!({"IpProtocol": random.pick(&["icmp", "1"]), "FromPort": random.pick(&[-1, 8, 13]), "ToPort": -1})
        }
        2 => json!({"IpProtocol": random.pick(&["47", "132"])}),
        _ => {
            let (a, b) = (random.pick(PORTS), random.pick(PORTS));
            json!({"IpProtocol": random.pick(&["tcp", "6", "udp", "17"]), "FromPort": a.min(b), "ToPort": a.max(b)})
        }
    };
    for _ in 0..=random.below(2) {
        match random.below(7) {
            0 => permission["Ipv6Ranges"] = json!([{"CidrIpv6": random.pick(BLOCKS_V6)}]),
            1 => permission["PrefixListIds"] = json!([{"PrefixListId": random.pick(LISTS)}]),
            2 | 3 => {
                permission["UserIdGroupPairs"] =
                    json!([{"GroupId": random.pick(GROUPS)}, {"GroupId": random.pick(GROUPS)}]);
            }
            _ => {
                permission["IpRanges"] =
                    json!([{"CidrIp": random.pick(BLOCKS)}, {"CidrIp": random.pick(BLOCKS)}]);
            }
        }
    }
    permission
}

fn entries(random: &mut Random) -> Value {
    let mut entries = Vec::new();
    for egress in [false, true] {
        let mut number = 0;
        for _ in 0..random.below(5) {
            number += 1 + random.below(100);
            let mut entry = json!({"RuleNumber": number, "Egress": egress, "RuleAction": random.pick(&["allow", "allow", "deny"])});
            if random.one_in(4) {
                entry["Ipv6CidrBlock"] = json!(random.pick(BLOCKS_V6));
            } else {
                entry["CidrBlock"] = json!(random.pick(BLOCKS));
            }
            match random.below(5) {
                0 => {
                    entry["Protocol"] = json!("1");
                    entry["IcmpTypeCode"] = json!({"Type": random.pick(&[-1, 8, 0]), "Code": -1});
                }
                1 | 2 => entry["Protocol"] = json!("-1"),
                _ => {
                    let (a, b) = (random.pick(PORTS), random.pick(PORTS));
                    entry["Protocol"] = json!(random.pick(&["6", "17"]));
                    entry["PortRange"] = json!({"From": a.min(b), "To": a.max(b)});
                }
            }
            entries.push(entry);
        }
        if random.one_in(2) {
            entries.push(json!({"RuleNumber": 32000, "Egress": egress, "RuleAction": "allow", "Protocol": "-1", "CidrBlock": "0.0.0.0/0"}));
        }
        entries.push(json!({"RuleNumber": 32767, "Egress": egress, "RuleAction": "deny", "Protocol": "-1", "CidrBlock": "0.0.0.0/0"}));
    }
    json!(entries)
}

fn routes(random: &mut Random) -> Value {
    let mut routes = vec![
        json!({"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active", "Origin": "CreateRouteTable"}),
        json!({"DestinationIpv6CidrBlock": "2001:db8:1::/56", "GatewayId": "local", "State": "active", "Origin": "CreateRouteTable"}),
    ];
    let mut destinations = vec![
        json!({"DestinationCidrBlock": "0.0.0.0/0"}),
        json!({"DestinationIpv6CidrBlock": "::/0"}),
        json!({"DestinationCidrBlock": "198.51.100.0/24"}),
        json!({"DestinationCidrBlock": "172.16.0.0/12"}),
        json!({"DestinationCidrBlock": "10.0.3.0/24"}),
    ];
    destinations.extend(LISTS.iter().map(|list| json!({"DestinationPrefixListId": list})));
    for destination in destinations {
        let is_default = destination["DestinationCidrBlock"] == "0.0.0.0/0"
            || destination["DestinationIpv6CidrBlock"] == "::/0";
        if !random.one_in(if is_default { 1 } else { 4 }) {
            continue;
        }
        let mut route = destination;
        route["State"] = json!(if random.one_in(8) { "blackhole" } else { "active" });
        let propagated = random.one_in(6) && route.get("DestinationPrefixListId").is_none();
        route["Origin"] = json!(if propagated { "EnableVgwRoutePropagation" } else { "CreateRoute" });
        let v6 = route.get("DestinationIpv6CidrBlock").is_some();
        let (key, target) = match random.below(if is_default { 3 } else { 9 }) {
            0 | 1 => ("GatewayId", "igw-main"),
            2 if v6 => ("EgressOnlyInternetGatewayId", "eigw-main"),
            2 | 3 => ("NatGatewayId", "nat-main"),
            4 => ("TransitGatewayId", "tgw-absent"),
            5 => ("NetworkInterfaceId", "eni-0000"),
            6 => ("GatewayId", "vpce-absent"),
            7 if !v6 => ("GatewayId", "vgw-main"),
            _ => ("VpcPeeringConnectionId", "pcx-main"),
        };
        route[key] = json!(target);
        if propagated && random.one_in(2) {
            let mut own = route.clone();
            own["Origin"] = json!("CreateRoute");
            own["State"] = json!("active");
            routes.push(own);
        }
        routes.push(route);
    }
    json!(routes)
}

/// Of the VPC with itself, which nobody would make, with one that is not there, or with nobody known.
fn peering(random: &mut Random) -> Value {
    let mut peering = json!({"VpcPeeringConnectionId": "pcx-main",
                             "RequesterVpcInfo": {"VpcId": "vpc-main", "Region": "us-east-1"}});
    if !random.one_in(4) {
        let region = random.pick(&["us-east-1", "eu-west-1"]);
        peering["AccepterVpcInfo"] =
            json!({"VpcId": random.pick(&["vpc-main", "vpc-absent"]), "Region": region});
    }
    if !random.one_in(6) {
        peering["Status"] = json!({"Code": random.pick(&["active", "active", "active", "deleted"])});
    }
    peering
}

fn interface(random: &mut Random, at: usize, subnet: usize) -> Value {
    let address = |host: usize| format!("10.0.{}.{host}", subnet + 1);
    let host = 10 + 3 * at;
    let mut groups: Vec<&str> = GROUPS.iter().copied().filter(|_| random.one_in(3)).collect();
    if random.one_in(6) {
        groups.clear();
    } else if groups.is_empty() {
        groups.push("sg-aaaa");
    }
    let mut card = json!({
        "NetworkInterfaceId": format!("eni-{at:04}"), "VpcId": "vpc-main", "SubnetId": format!("subnet-{subnet:04}"),
        "InterfaceType": if groups.is_empty() { "nat_gateway" } else { "interface" },
        "PrivateIpAddress": address(host), "SourceDestCheck": !random.one_in(5),
        "Groups": groups.iter().map(|group| json!({"GroupId": group})).collect::<Vec<_>>(),
        "PrivateIpAddresses": [{"Primary": true, "PrivateIpAddress": address(host)}],
        "TagSet": [{"Key": "Name", "Value": random.pick(&["card", "card 1", "internet", "true", "10.0.1.1", "x\u{1b}[31m", "sg-aaaa", "it's: #1"])}],
    });
    if random.one_in(2) {
        card["Association"] = json!({"PublicIp": format!("203.0.113.{}", 10 + at)});
    }
    if random.one_in(3) {
        let association = random.one_in(2).then(|| json!({"PublicIp": format!("203.0.113.{}", 100 + at)}));
        card["PrivateIpAddresses"].as_array_mut().unwrap().push(
            json!({"Primary": false, "PrivateIpAddress": address(host + 1), "Association": association}),
        );
    }
    if random.one_in(2) {
        card["Ipv6Addresses"] = json!([{"Ipv6Address": format!("2001:db8:1:{}::{}", subnet + 1, at + 1)}]);
    }
    if random.one_in(5) {
        card["Ipv4Prefixes"] = json!([{"Ipv4Prefix": format!("10.0.{}.{}/28", subnet + 1, 128 + 16 * at)}]);
    }
    if !random.one_in(3) {
        card["Attachment"] = json!({"InstanceId": format!("i-{:04}", at / 2 * 2), "DeviceIndex": at % 2});
    }
    card
}

/// Seeds of random dumps, the same every time; `PROPERTIES=20` tries twenty times as many.
pub(super) fn seeds(from: u64, count: u64) -> std::ops::Range<u64> {
    let factor = std::env::var("PROPERTIES").ok().and_then(|factor| factor.parse::<u64>().ok());
    from..from + count * factor.unwrap_or(1)
}

/// A network of one VPC, three subnets and six interfaces, of which some answers are missing.
pub(super) fn random_dump(seed: u64) -> Dump {
    let random = &mut Random::new(seed);
    let associated =
        |block: String| json!([{"Ipv6CidrBlock": block, "Ipv6CidrBlockState": {"State": "associated"}}]);
    let subnets: Vec<Value> = (0..3)
        .map(|at| json!({"SubnetId": format!("subnet-{at:04}"), "VpcId": "vpc-main", "CidrBlock": format!("10.0.{}.0/24", at + 1),
                         "AvailabilityZone": "us-east-1a", "AvailabilityZoneId": "use1-az1",
                         "Ipv6CidrBlockAssociationSet": associated(format!("2001:db8:1:{}::/64", at + 1))}))
        .collect();
    let associations = |from: usize, to: usize| -> Vec<Value> {
        (from..to).map(|at| json!({"SubnetId": format!("subnet-{at:04}")})).collect()
    };
    let split = random.below(4);
    let groups: Vec<Value> = GROUPS[..4]
        .iter()
        .map(|group| {
            let rules = |random: &mut Random| (0..random.below(4)).map(|_| permission(random)).collect::<Vec<_>>();
            let mut egress = rules(random);
            if random.one_in(2) {
                egress.push(json!({"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}));
            }
            json!({"GroupId": group, "GroupName": random.pick(&["web", "default", "a b"]), "VpcId": "vpc-main",
                   "IpPermissions": rules(random), "IpPermissionsEgress": egress})
        })
        .collect();
    let cards: Vec<Value> = (0..6)
        .map(|at| {
            let subnet = random.below(3);
            interface(random, at, subnet)
        })
        .collect();
    let instances: Vec<Value> = (0..6)
        .step_by(2)
        .map(|at| {
            json!({"InstanceId": format!("i-{at:04}"), "InstanceType": random.pick(&["t2.micro", "t3.micro", "z99.large"]),
                   "State": {"Name": if random.one_in(6) { "stopped" } else { "running" }},
                   "Tags": [{"Key": "Name", "Value": random.pick(&["web", "app", "card"])}]})
        })
        .collect();
    let table = |id: &str, associations: Value, random: &mut Random| json!({"RouteTableId": id, "VpcId": "vpc-main", "Associations": associations, "Routes": routes(random)});
    let acl = |id: &str, associations: Vec<Value>, random: &mut Random| json!({"NetworkAclId": id, "VpcId": "vpc-main", "Associations": associations, "Entries": entries(random)});
    let attached = json!([{"VpcId": "vpc-main", "State": "available"}]);
    let mut dump = Dump::lab()
        .set("Vpcs", json!([{"VpcId": "vpc-main", "OwnerId": "111122223333", "CidrBlock": "10.0.0.0/16",
                             "Ipv6CidrBlockAssociationSet": associated("2001:db8:1::/56".to_owned())}]))
        .set("Subnets", json!(subnets))
        .set("RouteTables", json!([table("rtb-main", json!([{"Main": true}]), random), table("rtb-more", json!(associations(split, 3)), random)]))
        .set("NetworkAcls", json!([acl("acl-aaaa", associations(0, split), random), acl("acl-bbbb", associations(split, 3), random)]))
        .set("SecurityGroups", json!(groups))
        .set("NetworkInterfaces", json!(cards))
        .set("Reservations", json!([{"ReservationId": "r-0000", "Instances": instances}]))
        .set("InternetGateways", json!([{"InternetGatewayId": "igw-main", "Attachments": attached}]))
        .set("EgressOnlyInternetGateways", json!([{"EgressOnlyInternetGatewayId": "eigw-main", "Attachments": attached}]))
        .set("NatGateways", json!([{"NatGatewayId": "nat-main", "VpcId": "vpc-main"}]))
        .set("VpcPeeringConnections", json!([peering(random)]))
        .set("VpnGateways", json!([{"VpnGatewayId": "vgw-main", "State": random.pick(&["available", "pending"]),
                                    "VpcAttachments": [{"VpcId": "vpc-main", "State": "attached"}]}]))
        .set("VpnConnections", json!([{"VpnConnectionId": "vpn-main", "VpnGatewayId": "vgw-main", "State": "available",
            "Routes": [{"DestinationCidrBlock": random.pick(&["172.16.0.0/12", "192.168.0.0/16"]), "State": "available"}]}]))
        .set("PrefixLists", json!([{"PrefixListId": "pl-listed", "PrefixListName": "list", "Cidrs": ["198.51.100.0/24", "10.0.2.0/24"]}, {"PrefixListId": "pl-named", "PrefixListName": "list"}]))
        .set("InstanceTypes", json!([{"InstanceType": "z99.large", "Hypervisor": "xen"}]))
        .set("FlowLogs", json!([{"FlowLogId": "fl-main", "ResourceId": "vpc-main", "TrafficType": random.pick(&["ALL", "REJECT"]), "MaxAggregationInterval": random.pick(&[60, 600]),
            "LogFormat": "${version} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${action} ${flow-direction} ${az-id} ${traffic-path} ${account-id}"}]));
    for optional in [
        "Subnets",
        "RouteTables",
        "NetworkAcls",
        "SecurityGroups",
        "InternetGateways",
        "EgressOnlyInternetGateways",
        "Vpcs",
        "FlowLogs",
        "NatGateways",
        "VpcPeeringConnections",
        "VpnGateways",
        "VpnConnections",
        "InstanceTypes",
        "PrefixLists",
        "Reservations",
    ] {
        if random.one_in(12) {
            dump = dump.without(&[optional]);
        }
    }
    if random.one_in(6) {
        dump = dump.edit_if_there(
            "subnet-0000",
            json!({"BlockPublicAccessStates": {"InternetGatewayBlockMode": "block-ingress"}}),
        );
    }
    dump
}
