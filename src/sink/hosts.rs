//! Instances and network interfaces.

use std::net::IpAddr;

use super::keys::Keys;
use super::quoted::quoted;
use super::scenario::Writer;
use crate::diagnostic::Located;
use crate::model::inventory::{Instance, NetworkInterface};
use crate::model::{ClosedPorts, ConnectionTrackingConfiguration, Forwarding, Tags};
use crate::net::Family;

impl<'i> Writer<'i> {
    pub(super) fn instance(instance: &Instance) -> Keys {
        let mut keys = Keys::of(&instance.identity);
        keys.optional("type", instance.instance_type.as_ref());
        if let Some(nitro) = instance.nitro {
            keys.raw("nitro", nitro);
        }
        if let Some(running) = instance.running {
            keys.raw("running", running);
        }
        if let Some(services) = &instance.listens {
            keys.list("listens", services.iter().map(ToString::to_string));
        }
        if instance.closed_ports == ClosedPorts::Drop {
            keys.raw("closed_ports", "drop");
        }
        tags(&mut keys, "tags", &instance.tags);
        tags(&mut keys, "auto_scaling_group_tags", &instance.auto_scaling_group_tags);
        // Its interfaces have a section of their own.
        keys.raw("interfaces", "[]");
        keys
    }

    pub(super) fn network_interface(&self, card: &'i NetworkInterface) -> Keys {
        let mut keys = Keys::of(&card.identity);
        keys.text("subnet", self.reference(&card.subnet));
        if let Some(instance) = &card.instance {
            keys.text("instance", self.reference(instance));
        }
        keys.optional("account", card.account.as_ref());
        keys.optional("interface_type", card.interface_type.as_ref());
        if let Some(groups) = &card.security_groups {
            keys.list("security_groups", groups.iter().map(|group| self.reference(group)));
        }
        addresses(&mut keys, card);
        keys.some("ipv6_addresses", &card.ipv6_addresses.iter().map(address).collect::<Vec<_>>());
        for (key, family) in [("ipv4_prefixes", Family::V4), ("ipv6_prefixes", Family::V6)] {
            let mine = card.prefixes.iter().filter(|prefix| prefix.value.family() == family);
            keys.some(key, &mine.map(|prefix| prefix.value.to_string()).collect::<Vec<_>>());
        }
        if let Some(check) = card.source_dest_check {
            keys.raw("source_dest_check", check);
        }
        if let Some((name, _)) = Forwarding::NAMES.iter().find(|(_, known)| Some(*known) == card.forwards) {
            keys.raw("forwards", name);
        }
        if card.deny_all_igw_traffic {
            keys.raw("deny_all_igw_traffic", true);
        }
        let timeouts =
            ConnectionTrackingConfiguration::TIMEOUTS.iter().zip(card.connection_tracking.values());
        let timeouts = timeouts.filter_map(|(of, time)| Some(format!("{}: {}s", of.key, time?.as_secs())));
        let timeouts = timeouts.collect::<Vec<_>>().join(", ");
        if !timeouts.is_empty() {
            keys.raw("connection_tracking", format!("{{{timeouts}}}"));
        }
        if !card.attached {
            keys.raw("attached", false);
        }
        tags(&mut keys, "interface_tags", &card.tags);
        keys
    }
}

/// The private IPv4 addresses of an interface, with the public ones that belong to them.
pub(super) fn addresses(keys: &mut Keys, card: &NetworkInterface) {
    keys.optional("private_ip", card.private_ip.as_ref().map(address).as_ref());
    keys.optional("public_ip", card.public_ip.as_ref().map(address).as_ref());
    let secondary: Vec<String> = card
        .secondary_private_ips
        .iter()
        .map(|own| {
            let mut keys = Keys::default();
            keys.text("private_ip", &address(&own.private_ip));
            keys.optional("public_ip", own.public_ip.as_ref().map(address).as_ref());
            keys.line()
        })
        .collect();
    if !secondary.is_empty() {
        keys.raw("secondary_private_ips", format!("[{}]", secondary.join(", ")));
    }
}

fn tags(keys: &mut Keys, key: &str, tags: &Tags) {
    let mut own = Keys::default();
    for (name, value) in tags {
        own.text(&quoted(name), value);
    }
    if !tags.is_empty() {
        keys.raw(key, own.line());
    }
}

fn address(address: &Located<IpAddr>) -> String {
    address.value.to_string()
}
