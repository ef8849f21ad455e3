//! Stateful rules as Suricata writes them, as far as the five-tuple goes: whatever else a rule tests makes it doubtful.
//! AWS: <https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateful-rule-groups-ips.html>
//!
//! Options are an account's own texts, of which keywords alone are kept.

use super::firewall_shapes::{Definition, RuleVariables};
use crate::diagnostic::Origin;
use crate::input::rule;
use crate::model::{FirewallRule, StatefulAction, StatefulRule};
use crate::net::{Cidr, FiveTuple, PortRange, Protocol};

/// Protocols of applications, which are recognised by what is said, and what carries them.
const APPLICATIONS: &[(&str, &[Protocol])] = &[
    ("tls", &[Protocol::TCP]),
    ("http", &[Protocol::TCP]),
    ("http2", &[Protocol::TCP]),
    ("ssh", &[Protocol::TCP]),
    ("ftp", &[Protocol::TCP]),
    ("smb", &[Protocol::TCP]),
    ("smtp", &[Protocol::TCP]),
    ("imap", &[Protocol::TCP]),
    ("msn", &[Protocol::TCP]),
    ("dns", &[Protocol::TCP, Protocol::UDP]),
    ("krb5", &[Protocol::TCP, Protocol::UDP]),
    ("dhcp", &[Protocol::UDP]),
    ("ntp", &[Protocol::UDP]),
    ("tftp", &[Protocol::UDP]),
    ("ikev2", &[Protocol::UDP]),
    ("quic", &[Protocol::UDP]),
];

/// The parts of a rule, whoever wrote them.
pub(super) struct Parts<'t> {
    pub(super) action: &'t str,
    pub(super) protocol: &'t str,
    /// Addresses and ports of the sender.
    pub(super) from: [&'t str; 2],
    pub(super) is_any_direction: bool,
    /// Addresses and ports of the receiver.
    pub(super) to: [&'t str; 2],
    /// Keywords of options that test packets.
    pub(super) keywords: Vec<&'t str>,
}

impl Parts<'_> {
    /// The rule. What of it is not understood is a test that it may pass or not.
    pub(super) fn rule(&self, variables: Option<&RuleVariables<'_>>, origin: Option<Origin>) -> StatefulRule {
        let mut doubts: Vec<String> = Vec::new();
        let (protocols, application) = protocols(self.protocol);
        doubts.extend(application.then(|| self.protocol.to_lowercase()));
        let mut blocks = |text: &str| {
            addresses(text, variables).unwrap_or_else(|| {
                doubts.push("addresses".to_owned());
                Vec::new()
            })
        };
        let [sources, destinations] = [blocks(self.from[0]), blocks(self.to[0])];
        let mut ranges = |text: &str| {
            ports(text, variables).unwrap_or_else(|| {
                doubts.push("ports".to_owned());
                Vec::new()
            })
        };
        let [source_ports, destination_ports] = [ranges(self.from[1]), ranges(self.to[1])];
        doubts.extend(self.keywords.iter().map(|keyword| (*keyword).to_owned()));
        let named = StatefulAction::NAMES.iter().find(|(name, _)| self.action.eq_ignore_ascii_case(name));
        let action = named.map(|(_, action)| *action);
        let rule = FirewallRule {
            test: FiveTuple { protocols, sources, source_ports, destinations, destination_ports },
            is_certain: doubts.is_empty() && action.is_some(),
            options: doubts.join("; "),
            origin,
        };
        StatefulRule { action, rule, is_any_direction: self.is_any_direction }
    }
}

/// Every rule of a text, one a line; `None` where one cannot be read.
pub(super) fn rules(
    text: &str,
    variables: Option<&RuleVariables<'_>>,
    origin: Option<Origin>,
) -> Option<Vec<StatefulRule>> {
    let joined = text.replace("\\\r\n", " ").replace("\\\n", " ");
    let lines = joined.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| one(line, variables, origin)).collect()
}

fn one(line: &str, variables: Option<&RuleVariables<'_>>, origin: Option<Origin>) -> Option<StatefulRule> {
    let (head, options) = line.split_once('(')?;
    let options = options.trim_end().strip_suffix(')')?;
    let head = without_spaces_in_lists(head);
    let words: Vec<&str> = head.split_whitespace().collect();
    let [action, protocol, source, source_port, direction, destination, destination_port] = words.as_slice()
    else {
        return None;
    };
    let is_any_direction = match *direction {
        "->" => false,
        "<>" => true,
        _ => return None,
    };
    let parts = Parts {
        action,
        protocol,
        from: [source, source_port],
        is_any_direction,
        to: [destination, destination_port],
        keywords: rule::testing_keywords(options),
    };
    Some(parts.rule(variables, origin))
}

fn without_spaces_in_lists(head: &str) -> String {
    let mut depth = 0_usize;
    let keeps = |character: char| {
        match character {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 || !character.is_whitespace()
    };
    head.chars()
        .filter({
            let mut keeps = keeps;
            move |character| keeps(*character)
        })
        .collect()
}

/// The protocols of a rule, and whether it is of an application, or not known at all.
fn protocols(name: &str) -> (Vec<Protocol>, bool) {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "ip" | "any" => (Vec::new(), false),
        "tcp" => (vec![Protocol::TCP], false),
        "udp" => (vec![Protocol::UDP], false),
        "icmp" => (vec![Protocol::ICMP, Protocol::ICMPV6], false),
        _ => {
            let found = APPLICATIONS.iter().find(|(known, _)| *known == name);
            (found.map(|(_, carriers)| carriers.to_vec()).unwrap_or_default(), true)
        }
    }
}

/// The items of a list without exceptions, with those of variables in their place.
fn items(text: &str, variable: impl Fn(&str) -> Option<Vec<String>>) -> Option<Vec<String>> {
    let text = text.trim();
    if text.contains('!') {
        return None;
    }
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let mut all = Vec::new();
    for item in inner.split(',').map(str::trim) {
        match item.strip_prefix('$') {
            Some(name) => all.extend(variable(name)?),
            None if item.contains(['[', ']']) => return None,
            None => all.push(item.to_owned()),
        }
    }
    Some(all)
}

fn of_variable(definition: Option<&Definition<'_>>) -> Option<Vec<String>> {
    let values = definition?.definition.as_ref()?.iter().map(|value| value.as_str().to_owned());
    let values: Vec<String> = values.collect();
    (!values.iter().any(|value| value.contains(['$', '!', '[']))).then_some(values)
}

fn addresses(text: &str, variables: Option<&RuleVariables<'_>>) -> Option<Vec<Cidr>> {
    if text.eq_ignore_ascii_case("any") {
        return Some(Vec::new());
    }
    let known = |name: &str| of_variable(variables?.ip_sets.as_ref()?.get(name));
    let read = |item: String| {
        let block = Cidr::parse(&item).ok().map(|(block, _)| block);
        block.or_else(|| item.parse().ok().map(Cidr::host))
    };
    items(text, known)?.into_iter().map(read).collect()
}

fn ports(text: &str, variables: Option<&RuleVariables<'_>>) -> Option<Vec<PortRange>> {
    if text.eq_ignore_ascii_case("any") {
        return Some(Vec::new());
    }
    let known = |name: &str| of_variable(variables?.port_sets.as_ref()?.get(name));
    let read = |item: String| match item.split_once(':') {
        None => item.parse().ok().map(PortRange::single),
        Some((from, to)) => {
            let from = if from.is_empty() { Some(0) } else { from.parse().ok() };
            let to = if to.is_empty() { Some(u16::MAX) } else { to.parse().ok() };
            PortRange::new(from?, to?).ok()
        }
    };
    items(text, known)?.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let rules = rules(text, None, None).unwrap();
        rules.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn what_a_rule_tests_beside_the_five_tuple_is_kept_by_its_keyword() {
        let plain = r#"pass tcp [10.0.0.0/8, 192.0.2.1] any -> any [80,443] (msg:"a;b\"c"; sid:1; rev:2;)"#;
        assert_eq!(read(plain), "pass tcp 80,443 from 10.0.0.0/8,192.0.2.1/32 to any");
        assert!(rules(plain, None, None).unwrap()[0].rule.is_certain);
        let tls = r#"drop tls $HOME_NET any <> any 443 (tls.sni; content:"example.com"; sid:2;)"#;
        assert_eq!(
            read(tls),
            "drop tcp 443 from any to any any-direction with tls; addresses; tls.sni; content"
        );
        assert!(!rules(tls, None, None).unwrap()[0].rule.is_certain);
        assert_eq!(read("alert icmp any any -> any any (sid:3;)"), "alert icmp,icmpv6 from any to any");
        assert_eq!(
            read("reject udp any 1024: -> !10.0.0.0/8 53 (sid:4;)"),
            "reject udp 53 from any port 1024-65535 to any with addresses"
        );
    }

    #[test]
    fn what_cannot_be_read_is_no_rule() {
        assert!(rules("drop tcp any any > any any (sid:1;)", None, None).is_none());
        assert!(rules("drop tcp any any -> any any", None, None).is_none());
        assert_eq!(rules("# a comment\n\n", None, None), Some(Vec::new()));
    }
}
