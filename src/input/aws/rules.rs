//! Security groups with their rules, told once or twice, and network ACLs.

use std::collections::HashMap;

use super::Answers;
use super::json::{Read, Text};
use super::shapes::{IpPermission, NetworkAcl, NetworkAclEntry, SecurityGroup, SecurityGroupRule};
use super::table::{NO_ID, is_no_id};
use crate::diagnostic::{Diagnostics, problems};
use crate::input::rule::numbered_entry;
use crate::model::inventory::{self, Peer};
use crate::model::{RuleAction, RuleNumber};
use crate::net::{Direction, Family, PerDirection};

/// The rules of a group; those of a direction are `None` where nobody told.
pub(super) type Rules = PerDirection<Option<Vec<inventory::SecurityGroupRule>>>;

/// The rules of all groups, in their order: from `DescribeSecurityGroups`, from `DescribeSecurityGroupRules`, or from
/// both, which then must agree. Then those of groups that nobody described, by the id of the group.
pub(super) fn group_rules(
    answers: &Answers<'_>,
    problems: &mut Diagnostics,
) -> (Vec<Rules>, HashMap<String, Rules>) {
    let groups = &answers.security_groups;
    let mut by_group = problems.map_on_threads(groups.as_slice(), |_, group, problems| {
        let mut of = |permissions: &Option<Vec<IpPermission<'_>>>, key| {
            let permissions = permissions.as_ref()?;
            let mut rules = Vec::with_capacity(permissions.len());
            for (at, permission) in permissions.iter().enumerate() {
                permission_rules(group, permission, (key, at), &mut rules, problems);
            }
            Some(rules)
        };
        PerDirection {
            ingress: of(&group.value.ip_permissions, "IpPermissions"),
            egress: of(&group.value.ip_permissions_egress, "IpPermissionsEgress"),
        }
    });
    let mut listed: HashMap<&str, Rules> = HashMap::new();
    for rule in answers.security_group_rules.iter() {
        let Some(resolved) = single_rule(rule, problems) else { continue };
        let direction = if rule.value.is_egress { Direction::Egress } else { Direction::Ingress };
        let group = rule.value.group_id.as_str();
        // A list of rules tells of both directions, even when one has none.
        let rules = listed.entry(group).or_insert_with(|| PerDirection::from_fn(|_| Some(Vec::new())));
        let position = groups.position(group);
        match position.and_then(|at| by_group.get_mut(at)).and_then(|rules| rules.get_mut(direction).as_mut())
        {
            None => rules.get_mut(direction).get_or_insert_default().push(resolved),
            Some(known) => {
                let same = |known: &&mut inventory::SecurityGroupRule| {
                    known.id.is_none()
                        && known.service == resolved.service
                        && same_peer(&known.peer, &resolved.peer)
                };
                match known.iter_mut().find(same) {
                    Some(known) => known.id = resolved.id,
                    None => {
                        let message = "is not among the rules of its group, which was described as well";
                        rule.contradict(&rule.value.group_id, "GroupId", message, problems);
                    }
                }
            }
        }
    }
    // What a page of several does not list is no missing rule.
    let is_whole = |group: &Read<'_, _>| answers.security_group_rules.is_collected(group.scope);
    for (group, own) in groups.iter().zip(&mut by_group).filter(|(group, _)| is_whole(group)) {
        if let Some(listed) = listed.get(group.value.group_id.as_str()) {
            complete(group, own, listed, problems);
        }
    }
    // Of groups that nobody described, a whole list tells all.
    let mut others = HashMap::new();
    for rule in answers.security_group_rules.iter() {
        let id = rule.value.group_id.as_str();
        if answers.security_group_rules.is_collected(rule.scope)
            && groups.position(id).is_none()
            && let Some(rules) = listed.remove(id)
        {
            others.insert(id.to_owned(), rules);
        }
    }
    (by_group, others)
}

/// Gives a group the rules of a direction of which only the list tells. Of the others the list must tell all: those
/// that it told of have their ids from it.
fn complete(
    group: &Read<'_, SecurityGroup<'_>>,
    own: &mut Rules,
    listed: &Rules,
    problems: &mut Diagnostics,
) {
    for (direction, key) in
        [(Direction::Ingress, "IpPermissions"), (Direction::Egress, "IpPermissionsEgress")]
    {
        let Some(own) = own.get_mut(direction) else {
            own.get_mut(direction).clone_from(listed.get(direction));
            continue;
        };
        if let Some(unlisted) = own.iter().find(|rule| rule.id.is_none()) {
            let message = "has a rule that the list of its rules lacks";
            let path = format!("{}.{key}", group.path());
            problems.push(problems::contradiction(unlisted.origin, &group.name(), &path, message));
        }
    }
}

fn same_peer(one: &Peer, other: &Peer) -> bool {
    match (one, other) {
        (Peer::Cidr(one), Peer::Cidr(other)) => one == other,
        (Peer::Group(one), Peer::Group(other)) | (Peer::PrefixList(one), Peer::PrefixList(other)) => {
            one.value == other.value
        }
        _ => false,
    }
}

/// A permission holds one service and many far sides; each is a rule.
fn permission_rules(
    group: &Read<'_, SecurityGroup<'_>>,
    permission: &IpPermission<'_>,
    (key, at): (&str, usize),
    rules: &mut Vec<inventory::SecurityGroupRule>,
    problems: &mut Diagnostics,
) {
    let numbers = (permission.from_port, permission.to_port);
    let protocol = &permission.ip_protocol;
    let service = group.service(protocol, numbers, format_args!("{key}[{at}].IpProtocol"), problems);
    let far_sides = [
        permission.ip_ranges.as_ref().is_some_and(|all| !all.is_empty()),
        permission.ipv6_ranges.as_ref().is_some_and(|all| !all.is_empty()),
        permission.prefix_list_ids.as_ref().is_some_and(|all| !all.is_empty()),
        permission.user_id_group_pairs.as_ref().is_some_and(|all| !all.is_empty()),
    ];
    if !far_sides.contains(&true) {
        // AWS lists no such permission: its far sides were left out on the way here.
        group.complain(protocol, format_args!("{key}[{at}]"), "a permission needs a far side", problems);
    }
    let mut add = |peer: Peer, text: &Text<'_>| {
        let origin = Some(group.place(text));
        rules.extend(service.map(|service| inventory::SecurityGroupRule { id: None, service, peer, origin }));
    };
    for (item, range) in permission.ip_ranges.iter().flatten().enumerate() {
        let cidr = group.cidr_of(
            Family::V4,
            &range.cidr_ip,
            format_args!("{key}[{at}].IpRanges[{item}].CidrIp"),
            problems,
        );
        if let Some(cidr) = cidr {
            add(Peer::Cidr(cidr.value), &range.cidr_ip);
        }
    }
    for (item, range) in permission.ipv6_ranges.iter().flatten().enumerate() {
        let cidr = group.cidr_of(
            Family::V6,
            &range.cidr_ipv6,
            format_args!("{key}[{at}].Ipv6Ranges[{item}].CidrIpv6"),
            problems,
        );
        if let Some(cidr) = cidr {
            add(Peer::Cidr(cidr.value), &range.cidr_ipv6);
        }
    }
    for list in permission.prefix_list_ids.iter().flatten() {
        let id = &list.prefix_list_id;
        if is_no_id(id) {
            group.complain(protocol, format_args!("{key}[{at}].PrefixListIds"), NO_ID, problems);
            continue;
        }
        add(Peer::PrefixList(group.reference(id)), id);
    }
    for (item, pair) in permission.user_id_group_pairs.iter().flatten().enumerate() {
        match pair.group_id.as_ref().filter(|id| !is_no_id(id)) {
            Some(id) => add(Peer::Group(group.reference(id)), id),
            None => {
                let path = format_args!("{key}[{at}].UserIdGroupPairs[{item}]");
                group.complain(protocol, path, "names no group by its id", problems);
            }
        }
    }
}

fn single_rule(
    rule: &Read<'_, SecurityGroupRule<'_>>,
    problems: &mut Diagnostics,
) -> Option<inventory::SecurityGroupRule> {
    let value = &rule.value;
    let numbers = (value.from_port, value.to_port);
    let service = rule.service(&value.ip_protocol, numbers, "IpProtocol", problems);
    let peers = (&value.cidr_ipv4, &value.cidr_ipv6, &value.prefix_list_id, &value.referenced_group_info);
    let peer = match peers {
        (Some(v4), None, None, None) => Peer::Cidr(rule.cidr_of(Family::V4, v4, "CidrIpv4", problems)?.value),
        (None, Some(v6), None, None) => Peer::Cidr(rule.cidr_of(Family::V6, v6, "CidrIpv6", problems)?.value),
        (None, None, Some(list), None) if !is_no_id(list) => Peer::PrefixList(rule.reference(list)),
        (None, None, None, Some(group)) if !is_no_id(&group.group_id) => {
            Peer::Group(rule.reference(&group.group_id))
        }
        _ => {
            let message = "has not exactly one far side";
            rule.contradict(&value.security_group_rule_id, "SecurityGroupRuleId", message, problems);
            return None;
        }
    };
    let id = value.security_group_rule_id.as_str().to_owned();
    Some(inventory::SecurityGroupRule { id: Some(id), service: service?, peer, origin: rule.origin() })
}

/// The entries of a network ACL. What AWS lists as 32767 and 32768 is `*`, which every list has.
pub(super) fn acl_entries(
    acl: &Read<'_, NetworkAcl<'_>>,
    problems: &mut Diagnostics,
) -> PerDirection<Option<Vec<inventory::NetworkAclEntry>>> {
    // A list that is absent says nothing; an empty one says that there is nothing.
    let Some(listed) = &acl.value.entries else { return PerDirection::from_fn(|_| None) };
    let mut entries = PerDirection::from_fn(|_| Vec::new());
    for (at, entry) in listed.iter().enumerate() {
        let direction = if entry.egress { Direction::Egress } else { Direction::Ingress };
        entries.get_mut(direction).extend(acl_entry(acl, entry, at, problems));
    }
    PerDirection { ingress: Some(entries.ingress), egress: Some(entries.egress) }
}

fn acl_entry(
    acl: &Read<'_, NetworkAcl<'_>>,
    entry: &NetworkAclEntry<'_>,
    at: usize,
    problems: &mut Diagnostics,
) -> Option<inventory::NetworkAclEntry> {
    let action = match entry.rule_action.as_str() {
        "allow" => RuleAction::Allow,
        "deny" => RuleAction::Deny,
        _ => {
            acl.complain(
                &entry.rule_action,
                format_args!("Entries[{at}].RuleAction"),
                "neither allow nor deny",
                problems,
            );
            return None;
        }
    };
    let number = u16::try_from(entry.rule_number).ok();
    let number = match number.map(|number| (number, RuleNumber::new(number))) {
        Some((_, Some(number))) => number,
        Some((number, None)) if number > RuleNumber::MAX && action == RuleAction::Deny => return None,
        _ => {
            let message = "not a number that AWS gives to an entry";
            acl.complain(&entry.rule_action, format_args!("Entries[{at}].RuleNumber"), message, problems);
            return None;
        }
    };
    let ports = entry.port_range.as_ref().map(|ports| (ports.from, ports.to));
    let icmp = entry.icmp_type_code.as_ref().map(|icmp| (icmp.r#type, icmp.code));
    let numbers =
        if matches!(entry.protocol.as_str(), "1" | "58" | "icmp" | "icmpv6") { icmp } else { ports };
    let service =
        acl.service(&entry.protocol, numbers.unzip(), format_args!("Entries[{at}].Protocol"), problems);
    let blocks =
        [(&entry.cidr_block, "CidrBlock", Family::V4), (&entry.ipv6_cidr_block, "Ipv6CidrBlock", Family::V6)];
    let mut blocks = blocks.into_iter().filter_map(|(text, key, family)| Some((text.as_ref()?, key, family)));
    let (Some((text, key, family)), None) = (blocks.next(), blocks.next()) else {
        acl.complain(
            &entry.protocol,
            format_args!("Entries[{at}].CidrBlock"),
            "an entry needs exactly one block",
            problems,
        );
        return None;
    };
    let block = acl.cidr_of(family, text, format_args!("Entries[{at}].{key}"), problems)?.value;
    Some(numbered_entry(number, action, service?, block, acl.place(text)))
}
