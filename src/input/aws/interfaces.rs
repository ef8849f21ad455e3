//! Network interfaces, told by themselves or within their instance, with the Elastic IPs that are theirs.

use std::collections::BTreeSet;
use std::time::Duration;

use super::Answers;
use super::json::{Read, Text};
use super::shapes::{Association, Instance, NetworkInterface, PrivateIpAddress};
use super::states::{InterfaceState, listed};
use super::table::{NO_ID, is_no_id};
use crate::diagnostic::{Diagnostics, Located, problems};
use crate::model::inventory::{self, SecondaryAddress};
use crate::model::{Conduct, ConnectionTrackingConfiguration, KeyedMap, KeyedSet, Tags};

/// An interface, and where in the answers of which instance it was found, if it was.
pub(super) struct Found<'r, 'a> {
    pub(super) read: Read<'a, &'r NetworkInterface<'a>>,
    pub(super) instance: Option<&'r Text<'a>>,
    /// What its instance says of it, where it is described by itself as well.
    within: Option<&'r NetworkInterface<'a>>,
}

impl<'a> Answers<'a> {
    /// Every interface once: those of `DescribeNetworkInterfaces`, then those that only instances tell of.
    pub(super) fn all_interfaces<'r>(&'r self, problems: &mut Diagnostics) -> Vec<Found<'r, 'a>> {
        // What an interface does not say of itself, its instance may: that it is its own, to begin with.
        let copies = self.instances.iter().flat_map(|instance| {
            let cards = instance.value.network_interfaces.iter().flatten();
            cards.map(|card| (card.network_interface_id.as_str(), (&instance.value.instance_id, card)))
        });
        let copies: KeyedMap<&str, (&Text<'_>, &NetworkInterface<'_>)> = copies.collect();
        let mut all: Vec<Found<'r, 'a>> = Vec::new();
        for read in self.network_interfaces.iter() {
            let attachment = read.value.attachment.as_ref();
            let attached = attachment.and_then(|attachment| attachment.instance_id.as_ref());
            let (owner, within) = copies.get(read.value.network_interface_id.as_str()).copied().unzip();
            all.push(Found { read: read.map(|card| card), instance: attached.or(owner), within });
        }
        let mut told: KeyedSet<&str> = KeyedSet::default();
        for instance in self.instances.iter() {
            let mut cards: Vec<_> = instance.value.network_interfaces.iter().flatten().enumerate().collect();
            cards.sort_by_key(|(position, card)| {
                (card.attachment.as_ref().and_then(|attachment| attachment.device_index), *position)
            });
            for (position, card) in cards {
                match self.network_interfaces.get(card.network_interface_id.as_str()) {
                    Some(known) => agree(instance, position, card, &known.value, problems),
                    None if !told.insert(card.network_interface_id.as_str()) => {
                        let path = format!("NetworkInterfaces[{position}]");
                        let message = "has an interface that another instance has as well";
                        instance.contradict(&card.network_interface_id, &path, message, problems);
                    }
                    None => {
                        let read = instance.within(card, "NetworkInterfaces", position);
                        all.push(Found { read, instance: Some(&instance.value.instance_id), within: None });
                    }
                }
            }
        }
        all
    }
}

/// Whether two lists of which the order means nothing are the same, where both are there.
fn same<T>(one: Option<&Vec<T>>, other: Option<&Vec<T>>, text: impl Fn(&T) -> &str) -> bool {
    let Some((one, other)) = one.zip(other) else { return true };
    // They nearly always have the same order.
    one.iter().map(&text).eq(other.iter().map(&text))
        || one.iter().map(&text).collect::<BTreeSet<_>>() == other.iter().map(&text).collect()
}

/// Whether the lists are the same that must be so wherever an interface is told of.
fn same_lists(one: &NetworkInterface<'_>, other: &NetworkInterface<'_>) -> bool {
    macro_rules! same {
        ($list:ident, $text:ident) => {
            same(one.$list.as_ref(), other.$list.as_ref(), |own| own.$text.as_str())
        };
    }
    same!(groups, group_id)
        && same!(private_ip_addresses, private_ip_address)
        && same!(ipv6_addresses, ipv6_address)
        && same!(ipv4_prefixes, ipv4_prefix)
        && same!(ipv6_prefixes, ipv6_prefix)
}

/// What an instance says of its interface must be what the interface says of itself.
fn agree(
    instance: &Read<'_, Instance<'_>>,
    position: usize,
    within: &NetworkInterface<'_>,
    own: &NetworkInterface<'_>,
    problems: &mut Diagnostics,
) {
    let both = |one: &Option<Text<'_>>, other: &Option<Text<'_>>| {
        one.as_ref().zip(other.as_ref()).is_none_or(|(one, other)| one == other)
    };
    let privates = own.private_ip_addresses.iter().flatten().map(|listed| &listed.private_ip_address);
    let publics = privates.chain(&own.private_ip_address).all(|private| {
        let [one, other] = [within, own].map(|card| public_of(card, private));
        one.zip(other).is_none_or(|(one, other)| one == other)
    });
    let same_check =
        within.source_dest_check.zip(own.source_dest_check).is_none_or(|(one, other)| one == other);
    let attached = own.attachment.as_ref().and_then(|attachment| attachment.instance_id.as_ref());
    let same = both(&within.subnet_id, &own.subnet_id)
        && both(&within.private_ip_address, &own.private_ip_address)
        && attached.is_none_or(|instance_id| *instance_id == instance.value.instance_id)
        && same_lists(within, own)
        && publics
        && same_check;
    if !same {
        let path = format!("NetworkInterfaces[{position}]");
        let message = "has an interface that describes itself otherwise";
        instance.contradict(&within.network_interface_id, &path, message, problems);
    }
}

impl<'r, 'a> Found<'r, 'a> {
    /// What the interface says of itself or, where it says nothing, what its instance says of it.
    fn told<T>(&self, of: impl Fn(&'r NetworkInterface<'a>) -> Option<T>) -> Option<T> {
        of(self.read.value).or_else(|| of(self.within?))
    }

    /// The interface for the inventory; `None` when it is in no subnet, or cannot be read.
    pub(super) fn interface(
        &self,
        answers: &Answers<'_>,
        name: Option<String>,
        account: Option<String>,
        problems: &mut Diagnostics,
    ) -> Option<inventory::NetworkInterface> {
        let (read, card) = (&self.read, self.read.value);
        let subnet = card.subnet_id.as_ref()?;
        let known = answers.subnets.get(subnet.as_str());
        if let Some((known, vpc)) =
            known.zip(card.vpc_id.as_ref()).filter(|(known, vpc)| known.value.vpc_id != **vpc)
        {
            let message = format!("is in {}, which is in another VPC", known.name());
            read.contradict(vpc, "VpcId", &message, problems);
        }
        let mut primary = self.told(|card| card.private_ip_address.as_ref());
        let mut public = public_ip(card.association.as_ref());
        let mut secondary = Vec::new();
        for (at, own) in
            self.told(|card| card.private_ip_addresses.as_ref()).into_iter().flatten().enumerate()
        {
            let PrivateIpAddress { private_ip_address: text, association, .. } = own;
            if own.primary == Some(true) || primary.is_some_and(|primary| primary == text) {
                if primary.is_some_and(|primary| primary != text) {
                    let message = "has another primary address than the first of its list";
                    read.contradict(text, format!("PrivateIpAddresses[{at}]"), message, problems);
                }
                primary = Some(text);
                public = public_ip(association.as_ref()).or(public);
                continue;
            }
            let path = format_args!("PrivateIpAddresses[{at}].PrivateIpAddress");
            let Some(private_ip) = read.address(text, path, problems) else { continue };
            let public_ip = self.public(answers, text, public_ip(association.as_ref()), problems);
            secondary.push(SecondaryAddress { private_ip, public_ip });
        }
        let private_ip = primary.and_then(|text| read.address(text, "PrivateIpAddress", problems));
        let public_ip = primary.and_then(|text| self.public(answers, text, public, problems));
        let mut ipv6_addresses = Vec::new();
        for (at, own) in self.told(|card| card.ipv6_addresses.as_ref()).into_iter().flatten().enumerate() {
            ipv6_addresses.extend(read.address(
                &own.ipv6_address,
                format_args!("Ipv6Addresses[{at}].Ipv6Address"),
                problems,
            ));
        }
        let v4 =
            self.told(|card| card.ipv4_prefixes.as_ref()).into_iter().flatten().map(|own| &own.ipv4_prefix);
        let v6 =
            self.told(|card| card.ipv6_prefixes.as_ref()).into_iter().flatten().map(|own| &own.ipv6_prefix);
        let prefixes = v4.chain(v6).filter_map(|text| read.cidr(text, "Ipv4Prefixes", problems)).collect();
        self.warn_of_what_is_not_simulated(problems);
        let groups = self.told(|card| card.groups.as_ref()).map_or(&[][..], Vec::as_slice);
        if let Some(none) = groups.iter().find(|group| is_no_id(&group.group_id)) {
            read.complain(&none.group_id, "Groups", NO_ID, problems);
        }
        for (text, key) in [(card.subnet_id.as_ref(), "SubnetId"), (card.vpc_id.as_ref(), "VpcId")] {
            if let Some(none) = text.filter(|text| is_no_id(text)) {
                read.complain(none, key, NO_ID, problems);
            }
        }
        let no_groups = groups.is_empty();
        Some(inventory::NetworkInterface {
            identity: read.identity(name),
            account,
            interface_type: card
                .interface_type
                .as_ref()
                .map_or_else(
                    || no_groups.then(|| "interface".to_owned()),
                    |text| Some(text.as_str().to_owned()),
                )
                .filter(|text| no_groups || Conduct::of(text) != Conduct::HOST),
            subnet: read.reference(subnet),
            instance: self.instance.map(|instance| read.reference(instance)),
            security_groups: Some(groups.iter().map(|group| read.reference(&group.group_id)).collect()),
            private_ip,
            public_ip,
            secondary_private_ips: secondary,
            ipv6_addresses,
            prefixes,
            source_dest_check: self.told(|card| card.source_dest_check),
            forwards: None,
            deny_all_igw_traffic: card.deny_all_igw_traffic == Some(true),
            connection_tracking: self.connection_tracking(),
            attached: !self.instance_is_unlisted(answers) && self.is_attached(),
            tags: Tags::new(),
        })
    }

    /// The idle times that are configured; one of its two descriptions may lack them.
    fn connection_tracking(&self) -> ConnectionTrackingConfiguration {
        let seconds =
            |time: Option<i64>| time.and_then(|time| u64::try_from(time).ok()).map(Duration::from_secs);
        let told = self.told(|card| card.connection_tracking_configuration.as_ref());
        told.map_or_else(ConnectionTrackingConfiguration::default, |told| {
            let times = [told.tcp_established_timeout, told.udp_timeout, told.udp_stream_timeout];
            ConnectionTrackingConfiguration::of(times.map(seconds))
        })
    }

    /// Whether it is attached for certain, to an instance or to what AWS manages.
    fn is_attached(&self) -> bool {
        let card = self.read.value;
        match card.status.as_ref().map(Text::as_str) {
            None => true,
            Some("available") => self.instance.is_some() || card.attachment.is_some(),
            Some(word) => listed(word) != Some(InterfaceState::NotAttached),
        }
    }

    /// Whether it names an instance that a whole answer about its account's does not list. Those of others that take part
    /// in a shared VPC are in none.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html>
    fn instance_is_unlisted(&self, answers: &Answers<'_>) -> bool {
        let Some(instance) = self.instance else { return false };
        let vpc = self.read.value.vpc_id.as_ref().and_then(|vpc| answers.vpcs.get(vpc.as_str()));
        let owner = vpc.and_then(|vpc| vpc.value.owner_id.as_ref());
        let is_shared = owner.zip(self.read.value.owner_id.as_ref()).is_some_and(|(vpc, own)| vpc != own);
        answers.instances.is_collected(self.read.scope)
            && answers.instances.get(instance.as_str()).is_none()
            && !is_shared
    }

    /// The public address of a private one: as the interface says, or as the Elastic IP says.
    fn public(
        &self,
        answers: &Answers<'_>,
        private: &Text<'_>,
        own: Option<&Text<'_>>,
        problems: &mut Diagnostics,
    ) -> Option<Located<std::net::IpAddr>> {
        let read = &self.read;
        let elastic = answers.elastic_ip(&read.value.network_interface_id, private);
        match (own.or_else(|| public_of(self.within?, private)), elastic) {
            (Some(own), Some(elastic)) if *own != elastic.value.public_ip => {
                let message = "has another public address than the Elastic IP that is associated with it";
                read.contradict(own, "Association.PublicIp", message, problems);
                None
            }
            (Some(own), _) => read.address(own, "Association.PublicIp", problems),
            (None, Some(elastic)) => elastic.address(&elastic.value.public_ip, "PublicIp", problems),
            (None, None) => None,
        }
    }

    fn warn_of_what_is_not_simulated(&self, problems: &mut Diagnostics) {
        let read = &self.read;
        let listed = self.told(|card| card.private_ip_addresses.as_ref()).into_iter().flatten();
        let all = self.told(|card| card.association.as_ref()).into_iter();
        let all: Vec<_> = all.chain(listed.filter_map(|own| own.association.as_ref())).collect();
        let facts = [
            (all.iter().any(|own| own.carrier_ip.is_some()), "Association.CarrierIp"),
            (all.iter().any(|own| own.customer_owned_ip.is_some()), "Association.CustomerOwnedIp"),
        ];
        for (_, key) in facts.into_iter().filter(|(is_so, _)| *is_so) {
            let message = format!("{} has `{key}`, which is not simulated", read.name());
            let help = "do not rely on what it exchanges with the internet";
            problems.push(problems::not_modelled(read.origin(), message, help));
        }
    }
}

/// The public address of an association.
pub(super) fn public_ip<'r, 'a>(association: Option<&'r Association<'a>>) -> Option<&'r Text<'a>> {
    association?.public_ip.as_ref()
}

/// The public address that belongs to a private one, as `card` says.
pub(super) fn public_of<'r, 'a>(card: &'r NetworkInterface<'a>, private: &Text<'_>) -> Option<&'r Text<'a>> {
    let mut listed = card.private_ip_addresses.iter().flatten();
    let listed = listed.find(|own| own.private_ip_address == *private);
    let of_primary = card.association.as_ref().filter(|_| card.private_ip_address.as_ref() == Some(private));
    public_ip(listed.and_then(|own| own.association.as_ref())).or_else(|| public_ip(of_primary))
}
