//! What an answer says is in the network: a second, plain reading of the same JSON.

use std::collections::BTreeMap;
use std::path::Path;

use flowcast::model::Network;
use flowcast::net::{Cidr, Direction, Family};
use serde_json::Value;

/// What of an answer is missing in the network that was made of it.
pub(crate) fn missing(file: &Path, text: &[u8], network: &Network) -> Vec<String> {
    let whole: Value = serde_json::from_slice(text).unwrap();
    let answer = whole.get("data").unwrap_or(&whole);
    let mut all = Vec::new();
    for check in [groups, acls, tables, subnets, interfaces] {
        all.extend(
            check(answer, network).into_iter().map(|missing| format!("{}: {missing}", file.display())),
        );
    }
    all
}

/// The list under a key, or under that of the collector.
fn list<'a>(answer: &'a Value, key: &str, by_collector: &str) -> &'a [Value] {
    let found = answer.get(key).or_else(|| answer.get(by_collector)).and_then(Value::as_array);
    found.map_or(&[], Vec::as_slice)
}

fn items<'a>(of: &'a Value, key: &str) -> &'a [Value] {
    of.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'a>(of: &'a Value, key: &str) -> &'a str {
    of.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A block as AWS would keep it.
fn canonical(block: &str) -> String {
    Cidr::parse(block).map_or_else(|_| block.to_owned(), |(block, _)| block.to_string())
}

/// A difference in words, if there is one.
fn unequal<T: PartialEq + std::fmt::Debug>(what: &str, said: &T, found: &T) -> Option<String> {
    (said != found).then(|| format!("{what}: said {said:?}, found {found:?}"))
}

/// Every group has a rule for each far side of each permission.
fn groups(answer: &Value, network: &Network) -> Vec<String> {
    let mut all = Vec::new();
    for group in list(answer, "SecurityGroups", "security_groups") {
        let id = text(group, "GroupId");
        let known = network.security_groups.iter().find(|known| known.identity.id == id);
        let Some(known) = known else {
            // Those of EC2-Classic are in no VPC.
            all.extend((!text(group, "VpcId").is_empty()).then(|| format!("no group {id}")));
            continue;
        };
        let keys = [("IpPermissions", Direction::Ingress), ("IpPermissionsEgress", Direction::Egress)];
        for (key, direction) in keys.into_iter().filter(|(key, _)| group.get(key).is_some()) {
            const PEERS: [&str; 4] = ["IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs"];
            let sides = items(group, key)
                .iter()
                .flat_map(|permission| PEERS.into_iter().map(move |peers| items(permission, peers).len()));
            all.extend(unequal(
                &format!("{id} {direction}"),
                &sides.sum(),
                &known.rules.get(direction).len(),
            ));
        }
    }
    all
}

/// Every network ACL has every entry that can be removed, in the order of the numbers.
fn acls(answer: &Value, network: &Network) -> Vec<String> {
    let mut all = Vec::new();
    for acl in list(answer, "NetworkAcls", "network_acls") {
        let id = text(acl, "NetworkAclId");
        let Some(known) = network.network_acls.iter().find(|known| known.identity.id == id) else {
            all.push(format!("no network ACL {id}"));
            continue;
        };
        for direction in Direction::BOTH {
            let of_direction =
                |entry: &&Value| entry["Egress"].as_bool() == Some(direction == Direction::Egress);
            let said: BTreeMap<u64, &str> = items(acl, "Entries")
                .iter()
                .filter(of_direction)
                .map(|entry| (entry["RuleNumber"].as_u64().unwrap(), text(entry, "RuleAction")))
                .filter(|(number, _)| *number < 32767)
                .collect();
            let said: Vec<String> =
                said.iter().map(|(number, action)| format!("{number} {action}")).collect();
            let found = known.entries.get(direction).iter();
            let found = found.map(|entry| format!("{} {}", entry.number, entry.action)).collect();
            all.extend(unequal(&format!("{id} {direction}"), &said, &found));
        }
    }
    all
}

/// Every route table has every route to a block.
fn tables(answer: &Value, network: &Network) -> Vec<String> {
    let mut all = Vec::new();
    for table in list(answer, "RouteTables", "route_tables") {
        let id = text(table, "RouteTableId");
        let Some(known) = network.route_tables.iter().find(|known| known.identity.id == id) else {
            all.push(format!("no route table {id}"));
            continue;
        };
        for route in items(table, "Routes") {
            let block = ["DestinationCidrBlock", "DestinationIpv6CidrBlock"].map(|key| text(route, key));
            let Some(block) = block.into_iter().find(|block| !block.is_empty()) else { continue };
            let block = canonical(block);
            let there = known.routes.iter().any(|own| own.destination.to_string() == block);
            all.extend((!there).then(|| format!("{id} has no route to {block}")));
        }
    }
    all
}

/// Every subnet is there with its blocks.
fn subnets(answer: &Value, network: &Network) -> Vec<String> {
    let mut all = Vec::new();
    for subnet in list(answer, "Subnets", "subnets") {
        let id = text(subnet, "SubnetId");
        let Some(known) = network.subnets.iter().find(|known| known.identity.id == id) else {
            all.push(format!("no subnet {id}"));
            continue;
        };
        let found = known.cidr_blocks.iter().find(|block| block.family() == Family::V4);
        let found = found.map(ToString::to_string).unwrap_or_default();
        all.extend(unequal(id, &canonical(text(subnet, "CidrBlock")), &found));
    }
    all
}

/// Every interface in a subnet is there with its addresses and groups, told of by itself or by its instance.
fn interfaces(answer: &Value, network: &Network) -> Vec<String> {
    let reservations = list(answer, "Reservations", "").iter().flat_map(|each| items(each, "Instances"));
    let instances = reservations.chain(items(answer, "instances"));
    let told = instances.flat_map(|instance| items(instance, "NetworkInterfaces"));
    let mut all = Vec::new();
    for card in told.chain(list(answer, "NetworkInterfaces", "network_interfaces")) {
        let id = text(card, "NetworkInterfaceId");
        let known = network.network_interfaces.iter().find(|known| known.identity.id == id);
        let Some(known) = known else {
            all.extend((!text(card, "SubnetId").is_empty()).then(|| format!("no network interface {id}")));
            continue;
        };
        let mut said: Vec<&str> =
            items(card, "PrivateIpAddresses").iter().map(|own| text(own, "PrivateIpAddress")).collect();
        said.extend(said.is_empty().then(|| text(card, "PrivateIpAddress")));
        let mut found: Vec<_> =
            known.private_ip_addresses.iter().map(|own| own.private_ip.to_string()).collect();
        said.sort_unstable();
        found.sort_unstable();
        all.extend(unequal(&format!("{id} addresses"), &said.join(" "), &found.join(" ")));
        let groups = items(card, "Groups").len();
        all.extend(unequal(&format!("{id} groups"), &groups, &known.security_groups.len()));
        let public = text(&card["Association"], "PublicIp");
        let has = known.private_ip_addresses.iter().filter_map(|own| own.public_ip);
        let there = public.is_empty() || has.into_iter().any(|own| own.to_string() == public);
        all.extend((!there).then(|| format!("{id} has lost {public}")));
    }
    all
}
