//! Rules of security groups.

use super::{Line, integer, numbered_service, protocol, short_service, split};
use crate::diagnostic::{Diagnostics, Located};
use crate::input::fields::{Fields, located_text, parsed, text};
use crate::input::scalar::{cidr, cidr_text, invalid};
use crate::input::shape::{GROUP_RULE, PEERS};
use crate::input::yaml::{Node, Value};
use crate::model::inventory::{Peer, SecurityGroupRule};
use crate::net::Direction;

const EXAMPLES: &str = "e.g. `allow tcp 443 from 0.0.0.0/0`, `allow all to sg-db`";

/// A rule of a security group.
pub(in crate::input) fn group_rule(
    node: &Node,
    direction: Direction,
    problems: &mut Diagnostics,
) -> Option<SecurityGroupRule> {
    if let Value::Map(_) = node.value {
        return long_group_rule(node, problems);
    }
    parsed(node, problems, |text, at, problems| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let rest = match words.as_slice() {
            ["deny", ..] => {
                let message = "a security group has no deny rules".to_owned();
                return Err(invalid(at, message, "leave the rule out, or deny in a network ACL"));
            }
            ["allow", rest @ ..] | rest => rest,
        };
        let line = Line { text, at, help: EXAMPLES };
        let (service, peer) = split(rest, direction, line)?;
        let service = short_service(service, line, problems)?;
        let at_peer = line.place(peer);
        let peer = if peer.contains('/') && !is_of_account(peer) {
            Peer::Cidr(cidr_text(peer, at_peer, problems)?)
        } else {
            Peer::Named(Located::at(peer.to_owned(), at_peer))
        };
        Ok(SecurityGroupRule { id: None, service, peer, origin: Some(at) })
    })
}

/// Whether `peer` is a group of another account: `123456789012/sg-0123`.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html>
fn is_of_account(peer: &str) -> bool {
    let account = peer.split_once('/').map(|(account, _)| account);
    account.is_some_and(|account| account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit()))
}

fn long_group_rule(node: &Node, problems: &mut Diagnostics) -> Option<SecurityGroupRule> {
    let mut fields = Fields::of(node, &GROUP_RULE, problems)?;
    let id = fields.value("security_group_rule_id", text, problems);
    let protocol = fields.value("ip_protocol", protocol, problems);
    let numbers_at = fields.key_origin("to_port").unwrap_or(fields.origin);
    let from = fields.value("from_port", integer, problems);
    let to = fields.value("to_port", integer, problems);
    let [v4, v6, list, group] = PEERS;
    let blocks = [v4, v6].map(|key| fields.value(key, cidr, problems));
    let names = [list, group].map(|key| fields.value(key, located_text, problems));
    fields.value("description", text, problems);
    let origin = fields.origin;
    if !fields.finish(problems) {
        return None;
    }
    let service =
        problems.ok(numbered_service(protocol?, (from, to), numbers_at, "`from_port` and `to_port`"));
    let block = blocks.into_iter().flatten().next().map(|block| Peer::Cidr(block.value));
    let [list, group] = names;
    let peer = block.or(list.map(Peer::PrefixList)).or(group.map(Peer::Group))?;
    Some(SecurityGroupRule { id, service: service?, peer, origin: Some(origin) })
}
