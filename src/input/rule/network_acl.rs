//! Entries of network ACLs.

use super::{Line, numbered_service, pair, protocol, short_service, split};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, problems};
use crate::input::fields::{Fields, parsed};
use crate::input::scalar::{cidr, cidr_text, invalid, one_of};
use crate::input::shape::{ACL_ENTRY, ACTIONS, BLOCKS, ICMP_TYPE_CODE, PORT_RANGE};
use crate::input::yaml::{Node, Value};
use crate::model::inventory::NetworkAclEntry;
use crate::model::{RuleAction, RuleNumber};
use crate::net::{Cidr, Direction, Family, IcmpMatch, Protocol, Service};

const EXAMPLES: &str = "e.g. `100 allow tcp 1024-65535 to 0.0.0.0/0`";

/// An entry of a network ACL.
pub(in crate::input) fn acl_entry(
    node: &Node,
    direction: Direction,
    problems: &mut Diagnostics,
) -> Option<NetworkAclEntry> {
    if let Value::Map(_) = node.value {
        return long_acl_entry(node, problems);
    }
    parsed(node, problems, |text, at, problems| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let line = Line { text, at, help: EXAMPLES };
        let [number, action, rest @ ..] = words.as_slice() else { return Err(line.malformed()) };
        let number = rule_number(number, line.place(number))?;
        let action = ACTIONS.iter().find(|(name, _)| name == action).map(|(_, action)| *action);
        let action = action.ok_or_else(|| line.malformed())?;
        let (service, block) = split(rest, direction, line)?;
        let service = short_service(service, line, problems)?;
        let at_block = line.place(block);
        if !block.contains('/') {
            let message = format!("`{block}` is not a CIDR block");
            let help = problems::everybody(block)
                .unwrap_or("network ACLs know neither security groups nor prefix lists");
            return Err(invalid(at_block, message, help));
        }
        Ok(numbered_entry(number, action, service, cidr_text(block, at_block, problems)?, at))
    })
}

fn long_acl_entry(node: &Node, problems: &mut Diagnostics) -> Option<NetworkAclEntry> {
    let mut fields = Fields::of(node, &ACL_ENTRY, problems)?;
    let number = fields.value(
        "rule_number",
        |node, problems| parsed(node, problems, |text, at, _| rule_number(text, at)),
        problems,
    );
    let action = fields.value("rule_action", one_of("an action", ACTIONS), problems);
    let protocol = fields.value("protocol", protocol, problems);
    let numbers_at = ["port_range", "icmp_type_code"]
        .into_iter()
        .find_map(|key| fields.key_origin(key))
        .unwrap_or(fields.origin);
    let blocks = BLOCKS.map(|key| fields.value(key, cidr, problems));
    let ports = fields.value(
        "port_range",
        |node, problems| pair(node, &PORT_RANGE, ["from", "to"], problems),
        problems,
    );
    let icmp = fields.value(
        "icmp_type_code",
        |node, problems| pair(node, &ICMP_TYPE_CODE, ["type", "code"], problems),
        problems,
    );
    let origin = fields.origin;
    if !fields.finish(problems) {
        return None;
    }
    let protocol = protocol?;
    let (numbers, keys) = match protocol.protocol {
        Some(protocol) if protocol.is_icmp() => (icmp, "`icmp_type_code`"),
        _ => (ports, "`port_range`"),
    };
    let service = problems.ok(numbered_service(protocol, numbers.unzip(), numbers_at, keys))?;
    let block = blocks.into_iter().flatten().next()?;
    Some(numbered_entry(number?, action?, service, block.value, origin))
}

/// AWS: with protocol 58 and an IPv4 block, all types and codes match whatever was given.
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html>
pub(in crate::input) fn numbered_entry(
    number: RuleNumber,
    action: RuleAction,
    mut service: Service,
    cidr_block: Cidr,
    at: Origin,
) -> NetworkAclEntry {
    if service.protocol == Some(Protocol::ICMPV6) && cidr_block.family() == Family::V4 {
        service.icmp = IcmpMatch::ALL;
    }
    NetworkAclEntry { number, action, service, cidr_block, origin: Some(at) }
}

fn rule_number(text: &str, at: Origin) -> Result<RuleNumber, Diagnostic> {
    let number = text.parse::<u16>().ok().and_then(RuleNumber::new);
    number.ok_or_else(|| {
        let help = "numbers go from 1 to 32766; `*` stands behind every list by itself";
        invalid(at, format!("`{text}` is not a rule number"), help)
    })
}
