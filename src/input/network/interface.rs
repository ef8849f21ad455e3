//! Instances and network interfaces.

use std::time::Duration;

use super::{identity, list};
use crate::diagnostic::{Diagnostics, Located, problems};
use crate::input::fields::{Fields, boolean, items, located, located_text, text, texts_by_name};
use crate::input::rule;
use crate::input::scalar::{account, cidr, duration, invalid, ipv4, ipv6, one_of};
use crate::input::shape::{
    CLOSED_PORTS, CONNECTION_TRACKING, INSTANCE, INSTANCE_INTERFACE, NETWORK_INTERFACE, SECONDARY_ADDRESS,
};
use crate::input::yaml::{Node, Value};
use crate::model::inventory::{Instance, Inventory, NetworkInterface, Reference, SecondaryAddress};
use crate::model::{ConnectionTrackingConfiguration, Forwarding, Identity, IdleTimeout, UNKNOWN_ACCOUNT};

/// Security groups of an interface, with the quota raised as far as it goes.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups>
const MOST_GROUPS: usize = 16;

/// An instance: with one interface whose keys stand beside its own, or with a list of `interfaces`.
pub(super) fn instance(node: &Node, inventory: &mut Inventory, problems: &mut Diagnostics) {
    let Some(mut fields) = Fields::of(node, &INSTANCE, problems) else { return };
    let identity = identity(&mut fields, "i", problems);
    let instance_type = fields.value("type", text, problems);
    let nitro = fields.value("nitro", boolean, problems);
    let running = fields.value("running", boolean, problems);
    let listens = fields.list("listens", rule::service, problems);
    let closed_ports = fields.value("closed_ports", one_of("what a host does", CLOSED_PORTS), problems);
    let tags = fields.value("tags", texts_by_name, problems);
    let auto_scaling_group_tags = fields.value("auto_scaling_group_tags", texts_by_name, problems);
    let interfaces = fields.value("interfaces", list, problems);
    let owner = identity.as_ref().map(|identity| Located::at(identity.name.clone(), fields.origin));
    match interfaces {
        Some(nodes) => {
            fields.finish(problems);
            let cards = nodes.iter().filter_map(|node| attached_interface(node, owner.clone(), problems));
            inventory.network_interfaces.extend(cards.collect::<Vec<_>>());
        }
        None => {
            let id = fields.value("interface", text, problems);
            let name = owner.as_ref().map(|owner| owner.value.clone());
            let name = Identity::new("eni", name, id, Some(fields.origin));
            let card = interface_keys(fields, name, owner, problems);
            inventory.network_interfaces.extend(card);
        }
    }
    let Some(identity) = identity else { return };
    inventory.instances.push(Instance {
        identity,
        instance_type,
        nitro,
        running,
        listens,
        closed_ports: closed_ports.unwrap_or_default(),
        tags: tags.unwrap_or_default(),
        auto_scaling_group_tags: auto_scaling_group_tags.unwrap_or_default(),
    });
}

/// An interface that is written at its instance.
fn attached_interface(
    node: &Node,
    instance: Option<Reference>,
    problems: &mut Diagnostics,
) -> Option<NetworkInterface> {
    let mut fields = Fields::of(node, &INSTANCE_INTERFACE, problems)?;
    let identity = identity(&mut fields, "eni", problems);
    interface_keys(fields, identity, instance, problems)
}

/// An interface that stands by itself.
pub(super) fn network_interface(node: &Node, problems: &mut Diagnostics) -> Option<NetworkInterface> {
    let mut fields = Fields::of(node, &NETWORK_INTERFACE, problems)?;
    let identity = identity(&mut fields, "eni", problems);
    let instance = fields.value("instance", located_text, problems);
    interface_keys(fields, identity, instance, problems)
}

/// The keys that an interface has wherever it is written.
fn interface_keys(
    mut fields: Fields<'_>,
    identity: Option<Identity>,
    instance: Option<Reference>,
    problems: &mut Diagnostics,
) -> Option<NetworkInterface> {
    let subnet = fields.value("subnet", located_text, problems);
    let account = fields.value("account", owner, problems);
    let interface_type = fields.value("interface_type", text, problems);
    // Only interfaces that AWS manages can be without.
    let fewest = usize::from(interface_type.is_none());
    let at_groups = fields.key_origin("security_groups");
    let written = fields.node("security_groups").map_or(0, |node| items(node).len());
    let security_groups = fields.list("security_groups", located_text, problems);
    if let Some(at) = at_groups.filter(|_| !(fewest..=MOST_GROUPS).contains(&written)) {
        let message = format!("a network interface has 1 to {MOST_GROUPS} security groups, not {written}");
        let help = if written == 0 {
            "leave the key out for the VPC's default group"
        } else {
            "join the rules of several groups in one"
        };
        problems.push(invalid(at, message, help));
    }
    let private_ip = fields.value("private_ip", ipv4, problems);
    let public_ip = fields.value("public_ip", ipv4, problems);
    let secondary = fields.list("secondary_private_ips", secondary_address, problems);
    let ipv6_addresses = fields.list("ipv6_addresses", ipv6, problems);
    let mut prefixes = fields.list("ipv4_prefixes", cidr, problems).unwrap_or_default();
    prefixes.extend(fields.list("ipv6_prefixes", cidr, problems).unwrap_or_default());
    let source_dest_check = fields.value("source_dest_check", boolean, problems);
    let forwards = fields.value("forwards", one_of("what a host does", &Forwarding::NAMES), problems);
    let deny_all_igw_traffic = fields.value("deny_all_igw_traffic", boolean, problems);
    let connection_tracking = fields.value("connection_tracking", connection_tracking, problems);
    let attached = fields.value("attached", boolean, problems);
    let tags = fields.value("interface_tags", texts_by_name, problems);
    fields.finish(problems);
    Some(NetworkInterface {
        identity: identity?,
        account,
        interface_type,
        subnet: subnet?,
        instance,
        security_groups,
        private_ip,
        public_ip,
        secondary_private_ips: secondary.unwrap_or_default(),
        ipv6_addresses: ipv6_addresses.unwrap_or_default(),
        prefixes,
        // What forwards is of no use with the check on, and nobody can want it.
        source_dest_check: source_dest_check.or(forwards.map(|_| false)),
        forwards,
        deny_all_igw_traffic: deny_all_igw_traffic.unwrap_or(false),
        connection_tracking: connection_tracking.unwrap_or_default(),
        attached: attached.unwrap_or(true),
        tags: tags.unwrap_or_default(),
    })
}

/// The owner of an interface. What a service created may be told as nobody's.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html>, `account-id`.
fn owner(node: &Node, problems: &mut Diagnostics) -> Option<String> {
    match &node.value {
        Value::Text(word) if word.as_str() == UNKNOWN_ACCOUNT => Some(UNKNOWN_ACCOUNT.to_owned()),
        _ => account(node, problems),
    }
}

/// The idle times that are configured, each within what AWS accepts.
fn connection_tracking(node: &Node, problems: &mut Diagnostics) -> Option<ConnectionTrackingConfiguration> {
    let mut fields = Fields::of(node, &CONNECTION_TRACKING, problems)?;
    let values = ConnectionTrackingConfiguration::TIMEOUTS
        .map(|timeout| idle_timeout(&mut fields, &timeout, problems));
    fields.finish(problems);
    Some(ConnectionTrackingConfiguration::of(values))
}

/// An idle time, within what AWS accepts.
pub(super) fn idle_timeout(
    fields: &mut Fields<'_>,
    timeout: &IdleTimeout,
    problems: &mut Diagnostics,
) -> Option<Duration> {
    let time = fields.value(timeout.key, located(duration), problems)?;
    let accepted = Duration::from_secs(timeout.least)..=Duration::from_secs(timeout.most);
    if !accepted.contains(&time.value) || time.value.subsec_nanos() != 0 {
        let message = format!("AWS does not accept this `{}`", timeout.key);
        let help = format!("whole seconds from {}s to {}s", timeout.least, timeout.most);
        problems.push(problems::invalid_value(time.origin, message, &help));
    }
    Some(time.value)
}

/// A secondary address: alone, or with its Elastic IP.
pub(super) fn secondary_address(node: &Node, problems: &mut Diagnostics) -> Option<SecondaryAddress> {
    if !matches!(node.value, Value::Map(_)) {
        return Some(SecondaryAddress { private_ip: ipv4(node, problems)?, public_ip: None });
    }
    let mut fields = Fields::of(node, &SECONDARY_ADDRESS, problems)?;
    let private_ip = fields.value("private_ip", ipv4, problems);
    let public_ip = fields.value("public_ip", ipv4, problems);
    fields.finish(problems);
    Some(SecondaryAddress { private_ip: private_ip?, public_ip })
}
