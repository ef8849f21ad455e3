//! The sections of a scenario that describe the network.

mod flow_log;
mod gateway;
mod interface;
mod lattice;
mod load_balancer;
mod managed_service;
mod network_firewall;
mod traffic_mirror;
mod transit_gateway;

use flow_log::flow_log;
use gateway::{customer_network, gateway};
use interface::{instance, network_interface};
use lattice::service_network;
use load_balancer::target_group;
use managed_service::managed_service;
use network_firewall::network_firewalls;
use traffic_mirror::{traffic_mirror_filter, traffic_mirror_session};

use super::fields::{Fields, boolean, located_text, text};
use super::rule;
use super::scalar::{account, cidr, ipv4, one_of};
use super::shape::{NETWORK_ACL, PREFIX_LIST, ROUTE_TABLE, SECURITY_GROUP, SUBNET, VPC};
use super::yaml::{Node, Value};
use crate::diagnostic::{Diagnostics, Located, problems};
use crate::model::inventory::{
    Gateway, Inventory, NetworkAcl, PrefixList, Provenance, Reference, RouteTable, SecurityGroup, Subnet, Vpc,
};
use crate::model::{BlockExclusion, BlockMode, EncryptionMode, GATEWAY_KINDS, GatewayKind, Identity, Kind};
use crate::net::{Cidr, Direction, PerDirection};

/// Reads every section of the network from the document's top level.
pub(super) fn network(top: &mut Fields<'_>, inventory: &mut Inventory, problems: &mut Diagnostics) {
    if let Some(nodes) = top.value("vpcs", list, problems) {
        if nodes.is_empty() {
            problems.push(problems::no_vpc(top.key_origin("vpcs")));
        }
        for node in &nodes {
            vpc(node, inventory, problems);
        }
    }
    for node in section(top, "subnets", problems) {
        subnet(&node, inventory, problems);
    }
    inventory.prefix_lists = top.list("prefix_lists", prefix_list, problems).unwrap_or_default();
    if inventory.provenance == Provenance::Written {
        for list in &mut inventory.prefix_lists {
            list.entries.get_or_insert_default();
        }
    }
    inventory.network_acls = top.list("network_acls", network_acl, problems).unwrap_or_default();
    inventory.security_groups = top.list("security_groups", security_group, problems).unwrap_or_default();
    inventory.route_tables.extend(top.list("route_tables", route_table, problems).unwrap_or_default());
    for entry in GATEWAY_KINDS {
        for node in section(top, entry.section, problems) {
            gateway(&node, entry, inventory, problems);
        }
    }
    inventory.service_networks =
        top.list("vpc_lattice_service_networks", service_network, problems).unwrap_or_default();
    inventory.target_groups = top.list("target_groups", target_group, problems).unwrap_or_default();
    network_firewalls(top, inventory, problems);
    inventory.customer_networks =
        top.list("customer_networks", customer_network, problems).unwrap_or_default();
    for node in section(top, "instances", problems) {
        instance(&node, inventory, problems);
    }
    for node in section(top, "network_interfaces", problems) {
        inventory.network_interfaces.extend(network_interface(&node, problems));
    }
    for node in section(top, "managed_services", problems) {
        managed_service(&node, inventory, problems);
    }
    inventory.traffic_mirror_filters =
        top.list("traffic_mirror_filters", traffic_mirror_filter, problems).unwrap_or_default();
    inventory.traffic_mirror_sessions =
        top.list("traffic_mirror_sessions", traffic_mirror_session, problems).unwrap_or_default();
    inventory.unplaced_public_ips = top.list("unplaced_public_ips", ipv4, problems).unwrap_or_default();
    inventory.public_ipv4_pools = top.list("public_ipv4_pools", cidr, problems).unwrap_or_default();
    inventory.unassociated_public_ips =
        top.list("unassociated_public_ips", ipv4, problems).unwrap_or_default();
    inventory.flow_logs = top.list("flow_logs", flow_log, problems);
}

fn section(top: &mut Fields<'_>, key: &'static str, problems: &mut Diagnostics) -> Vec<Node> {
    top.value(key, list, problems).unwrap_or_default()
}

fn list(node: &Node, problems: &mut Diagnostics) -> Option<Vec<Node>> {
    match &node.value {
        Value::List(items) => Some(items.clone()),
        Value::Null => Some(Vec::new()),
        other => {
            problems.push(problems::wrong_type(Some(node.origin), "a list", other.kind()));
            None
        }
    }
}

/// `name` and `id`, at least one of them.
fn identity(fields: &mut Fields<'_>, prefix: &str, problems: &mut Diagnostics) -> Option<Identity> {
    let [name, id] = ["name", "id"].map(|key| fields.value(key, name, problems));
    Identity::new(prefix, name, id, Some(fields.origin))
}

/// Words that mean something else where a name can stand.
pub(super) const RESERVED: [&str; 5] = ["internet", "local", "blackhole", "propagated", ""];

/// A name or id that can be referred to.
fn name(node: &Node, problems: &mut Diagnostics) -> Option<String> {
    super::fields::parsed(node, problems, |text, at, _| {
        if RESERVED.contains(&text) || text.parse::<std::net::IpAddr>().is_ok() {
            let what = if text.is_empty() { "an empty text".to_owned() } else { format!("`{text}`") };
            let message = format!("{what} cannot be a name");
            let help = "addresses and the words internet, local, blackhole and propagated have a meaning of their own";
            return Err(super::scalar::invalid(at, message, help));
        }
        Ok(text.to_owned())
    })
}

fn vpc(node: &Node, inventory: &mut Inventory, problems: &mut Diagnostics) {
    let Some(mut fields) = Fields::of(node, &VPC, problems) else { return };
    let identity = identity(&mut fields, "vpc", problems);
    let cidr_blocks = cidr_blocks(&mut fields, problems);
    let attached = [
        (GatewayKind::InternetGateway, fields.value("internet_gateway", located_text, problems)),
        (
            GatewayKind::EgressOnlyInternetGateway,
            fields.value("egress_only_internet_gateway", located_text, problems),
        ),
    ];
    let account = fields.value("account", account, problems);
    let region = fields.value("region", text, problems);
    let kind = one_of("a kind of resources", &Kind::NAMES);
    let not_collected = fields.list("not_collected", kind, problems).unwrap_or_default();
    let (block_public_access, block_public_access_exclusion) = block_public_access(&mut fields, problems);
    let encryption_mode = one_of("a mode of encryption controls", &EncryptionMode::NAMES);
    let encryption_controls = fields.value("encryption_controls", encryption_mode, problems);
    fields.finish(problems);
    let Some(identity) = identity else { return };
    for (kind, name) in attached {
        let Some(Located { value: name, origin }) = name else { continue };
        let prefix = kind.entry().id_prefix;
        let id = name.starts_with(&format!("{prefix}-")).then(|| name.clone());
        let vpc = Some(Located { value: identity.name.clone(), origin });
        let identity = Identity::new(prefix, Some(name), id, origin);
        inventory.gateways.extend(identity.map(|identity| Gateway::new(identity, kind, vpc)));
    }
    inventory.vpcs.push(Vpc {
        identity,
        account,
        region,
        cidr_blocks,
        not_collected,
        block_public_access,
        block_public_access_exclusion,
        encryption_controls,
    });
}

/// What Block Public Access keeps from a VPC or subnet, and what is exempt.
fn block_public_access(
    fields: &mut Fields<'_>,
    problems: &mut Diagnostics,
) -> (Option<BlockMode>, Option<BlockExclusion>) {
    let mode = one_of("a mode of Block Public Access", &BlockMode::NAMES);
    let exclusion = one_of("an exclusion from Block Public Access", &BlockExclusion::NAMES);
    let mode = fields.value("block_public_access", mode, problems);
    (mode, fields.value("block_public_access_exclusion", exclusion, problems))
}

fn subnet(node: &Node, inventory: &mut Inventory, problems: &mut Diagnostics) {
    let Some(mut fields) = Fields::of(node, &SUBNET, problems) else { return };
    let identity = identity(&mut fields, "subnet", problems);
    let vpc = fields.value("vpc", located_text, problems);
    let cidr_blocks = cidr_blocks(&mut fields, problems);
    let zone = fields.value("availability_zone_id", text, problems);
    let network_acl = fields.value("network_acl", located_text, problems);
    let route_table = own_table(&mut fields, identity.as_ref(), vpc.as_ref(), inventory, problems);
    let (block_public_access, block_public_access_exclusion) = block_public_access(&mut fields, problems);
    fields.finish(problems);
    let Some(identity) = identity else { return };
    inventory.subnets.push(Subnet {
        identity,
        vpc,
        cidr_blocks,
        availability_zone_id: match (zone, inventory.provenance) {
            (Some(zone), _) => zone,
            (None, Provenance::Written) => default_zone(&inventory.region),
            (None, Provenance::Observed) => String::new(),
        },
        network_acl,
        route_table,
        block_public_access,
        block_public_access_exclusion,
    });
}

/// The route table of a subnet or gateway: named, or made of routes that are written there.
fn own_table(
    fields: &mut Fields<'_>,
    owner: Option<&Identity>,
    vpc: Option<&Reference>,
    inventory: &mut Inventory,
    problems: &mut Diagnostics,
) -> Option<Reference> {
    let named = fields.value("route_table", located_text, problems);
    let routes = fields.located_list("routes", rule::route, problems);
    let Some((Located { value: routes, origin }, owner)) = routes.zip(owner) else { return named };
    let identity = Identity::default("rtb", format!("rtb-{}", owner.name), origin);
    let table = Located { value: identity.name.clone(), origin };
    inventory.route_tables.push(RouteTable { identity, vpc: vpc.cloned(), main: false, routes });
    Some(table)
}

/// The blocks of a VPC or subnet, under either key: the text says which family it is.
fn cidr_blocks(fields: &mut Fields<'_>, problems: &mut Diagnostics) -> Vec<Located<Cidr>> {
    let mut blocks = fields.list("cidr_block", cidr, problems).unwrap_or_default();
    blocks.extend(fields.list("ipv6_cidr_block", cidr, problems).unwrap_or_default());
    blocks
}

/// The id of the first zone of a Region, in AWS's abbreviation: `use1-az1` for `us-east-1`.
fn default_zone(region: &str) -> String {
    let mut parts = region.split('-');
    let first = parts.next().unwrap_or_default();
    let rest: String = parts
        .map(|part| match part {
            "northeast" => "ne",
            "northwest" => "nw",
            "southeast" => "se",
            "southwest" => "sw",
            other if other.bytes().all(|byte| byte.is_ascii_digit()) => other,
            other => other.get(..1).unwrap_or_default(),
        })
        .collect();
    format!("{first}{rest}-az1")
}

fn prefix_list(node: &Node, problems: &mut Diagnostics) -> Option<PrefixList> {
    let mut fields = Fields::of(node, &PREFIX_LIST, problems)?;
    let identity = identity(&mut fields, "pl", problems);
    let entries = fields.list("entries", cidr, problems);
    fields.finish(problems);
    if let Some([first, rest @ ..]) = entries.as_deref() {
        for entry in rest.iter().filter(|entry| entry.value.family() != first.value.family()) {
            let message = format!(
                "{} is {}, the list began with {}",
                entry.value,
                entry.value.family(),
                first.value.family()
            );
            problems.push(problems::mismatch(entry.origin, message, "a prefix list has one address family"));
        }
    }
    Some(PrefixList { identity: identity?, entries })
}

/// The rules under `ingress` and `egress`; an absent key leaves what AWS creates.
fn by_direction<T>(
    fields: &mut Fields<'_>,
    read: impl Fn(&Node, Direction, &mut Diagnostics) -> Option<T>,
    problems: &mut Diagnostics,
) -> PerDirection<Option<Vec<T>>> {
    let mut rules = |key, direction| {
        fields.list(key, |node: &Node, problems: &mut Diagnostics| read(node, direction, problems), problems)
    };
    PerDirection { ingress: rules("ingress", Direction::Ingress), egress: rules("egress", Direction::Egress) }
}

fn network_acl(node: &Node, problems: &mut Diagnostics) -> Option<NetworkAcl> {
    let mut fields = Fields::of(node, &NETWORK_ACL, problems)?;
    let identity = identity(&mut fields, "acl", problems);
    let vpc = fields.value("vpc", located_text, problems);
    let entries = by_direction(&mut fields, rule::acl_entry, problems);
    fields.finish(problems);
    Some(NetworkAcl { identity: identity?, vpc, entries })
}

fn security_group(node: &Node, problems: &mut Diagnostics) -> Option<SecurityGroup> {
    let mut fields = Fields::of(node, &SECURITY_GROUP, problems)?;
    let identity = identity(&mut fields, "sg", problems);
    let vpc = fields.value("vpc", located_text, problems);
    let associated_vpcs = fields.list("associated_vpcs", located_text, problems).unwrap_or_default();
    let rules = by_direction(&mut fields, rule::group_rule, problems);
    fields.finish(problems);
    Some(SecurityGroup { identity: identity?, vpc, associated_vpcs, rules })
}

fn route_table(node: &Node, problems: &mut Diagnostics) -> Option<RouteTable> {
    let mut fields = Fields::of(node, &ROUTE_TABLE, problems)?;
    let identity = identity(&mut fields, "rtb", problems);
    let vpc = fields.value("vpc", located_text, problems);
    let main = fields.value("main", boolean, problems);
    let routes = fields.list("routes", rule::route, problems).unwrap_or_default();
    fields.finish(problems);
    let identity = identity?;
    let main = main.unwrap_or(identity.name == "main");
    Some(RouteTable { identity, vpc, main, routes })
}
