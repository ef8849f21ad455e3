//! Rules of network firewalls, always short: `10 drop tcp 22 from any to 10.0.0.0/16`, and of the stateful engine without
//! a number. Lists are joined by commas.

use super::Line;
use crate::diagnostic::{Diagnostic, Diagnostics, problems};
use crate::input::fields::parsed;
use crate::input::scalar::{cidr_text, invalid};
use crate::input::yaml::Node;
use crate::model::{FirewallRule, StatefulAction, StatefulRule, StatelessAction, StatelessRule};
use crate::net::{Cidr, FiveTuple, PortRange, Protocol};

const STATELESS: &str =
    "e.g. `10 drop tcp 22 from any to 10.0.0.0/16`; the actions are pass, drop and forward_to_sfe";
const STATEFUL: &str =
    "e.g. `pass tcp 443 from 10.0.0.0/16 to any`; the actions are pass, drop, reject and alert";

/// A rule of the stateless engine.
pub(in crate::input) fn stateless_rule(node: &Node, problems: &mut Diagnostics) -> Option<StatelessRule> {
    parsed(node, problems, |text, at, problems| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let line = Line { text, at, help: STATELESS };
        let [priority, action, rest @ ..] = words.as_slice() else { return Err(line.malformed()) };
        let bad_priority = || {
            let message = format!("`{priority}` is not a priority");
            invalid(
                line.place(priority),
                message,
                "priorities go from 1 to 65535, the lowest is tested first",
            )
        };
        let priority =
            priority.parse::<u16>().ok().filter(|priority| *priority > 0).ok_or_else(bad_priority)?;
        let action = named(action, &StatelessAction::NAMES, line)?;
        let (rule, is_any_direction) = rule(rest, line, problems)?;
        if is_any_direction {
            return Err(invalid(at, "stateless rules have one direction".to_owned(), "write one for each"));
        }
        Ok(StatelessRule { priority, action, rule })
    })
}

/// A rule of the stateful engine.
pub(in crate::input) fn stateful_rule(node: &Node, problems: &mut Diagnostics) -> Option<StatefulRule> {
    parsed(node, problems, |text, at, problems| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let line = Line { text, at, help: STATEFUL };
        let [action, rest @ ..] = words.as_slice() else { return Err(line.malformed()) };
        let action = match *action {
            "unknown" => None,
            word => Some(named(word, &StatefulAction::NAMES, line)?),
        };
        let (mut rule, is_any_direction) = rule(rest, line, problems)?;
        rule.is_certain &= action.is_some();
        Ok(StatefulRule { action, rule, is_any_direction })
    })
}

pub(super) fn named<T: Copy>(
    word: &str,
    names: &[(&'static str, T)],
    line: Line<'_>,
) -> Result<T, Diagnostic> {
    let found = names.iter().find(|(name, _)| *name == word).map(|(_, action)| *action);
    found.ok_or_else(|| invalid(line.place(word), format!("`{word}` is not an action"), line.help))
}

/// `PROTOCOLS [PORTS] [from BLOCKS [port PORTS]] [to BLOCKS] [any-direction] [with OPTIONS]`, and whether it is for any
/// direction.
pub(super) fn rule(
    words: &[&str],
    line: Line<'_>,
    problems: &mut Diagnostics,
) -> Result<(FirewallRule, bool), Diagnostic> {
    let end = words.iter().position(|word| *word == "with").unwrap_or(words.len());
    let (head, options) = (words.get(..end).unwrap_or_default(), words.get(end + 1..).unwrap_or_default());
    let options = options.join(" ");
    if options.is_empty() && end < words.len() {
        return Err(line.malformed());
    }
    let [protocols, rest @ ..] = head else { return Err(line.malformed()) };
    let mut test = FiveTuple { protocols: self::protocols(protocols, line)?, ..FiveTuple::default() };
    let mut rest = rest;
    if let [ports, behind @ ..] = rest
        && !["from", "to", "any-direction"].contains(ports)
    {
        test.destination_ports = self::ports(ports, line)?;
        rest = behind;
    }
    if let ["from", blocks, behind @ ..] = rest {
        test.sources = self::blocks(blocks, line, problems)?;
        rest = behind;
    }
    if let ["port", ports, behind @ ..] = rest {
        test.source_ports = self::ports(ports, line)?;
        rest = behind;
    }
    if let ["to", blocks, behind @ ..] = rest {
        test.destinations = self::blocks(blocks, line, problems)?;
        rest = behind;
    }
    let is_any_direction = rest == ["any-direction"];
    if !rest.is_empty() && !is_any_direction {
        return Err(line.malformed());
    }
    if test.has_ports()
        && !test.protocols.is_empty()
        && !test.protocols.iter().any(|protocol| protocol.has_ports())
    {
        let message = format!("{protocols} has no ports");
        return Err(invalid(
            line.place(protocols),
            message,
            "only tcp and udp have; types of ICMP are tested by options",
        ));
    }
    let families: Vec<_> = test.sources.iter().chain(&test.destinations).map(Cidr::family).collect();
    if let ([source, ..], [destination, ..]) = (test.sources.as_slice(), test.destinations.as_slice())
        && families.iter().all(|family| [source.family(), destination.family()].contains(family))
        && !test.sources.iter().any(|own| test.destinations.iter().any(|to| to.family() == own.family()))
    {
        let message = format!("no packet goes from {source} to {destination}");
        problems.push(problems::no_effect(Some(line.at), message, "use blocks of one address family"));
    }
    let is_certain = testing_keywords(&options).is_empty();
    Ok((FirewallRule { test, options, is_certain, origin: Some(line.at) }, is_any_direction))
}

/// Keywords that say something of a rule and decide nothing.
/// AWS: <https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-examples.html>
const TELLING: &[&str] =
    &["msg", "sid", "rev", "gid", "classtype", "reference", "metadata", "priority", "target", "noalert"];

/// Keywords of Suricata's options that test packets. They stand before the colons of options, which end with semicolons
/// outside of quotes.
pub(in crate::input) fn testing_keywords(options: &str) -> Vec<&str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let ends = |character: char| {
        let escaped = is_escaped;
        is_escaped = character == '\\' && !escaped;
        if character == '"' && !escaped {
            is_quoted = !is_quoted;
        }
        character == ';' && !is_quoted && !escaped
    };
    let all = options.split(ends).map(str::trim).filter(|option| !option.is_empty());
    let keyword = |option| str::split_once(option, ':').map_or(option, |(keyword, _)| keyword).trim();
    all.map(keyword).filter(|keyword| is_test(keyword)).collect()
}

/// Whether a keyword of Suricata tests packets.
pub(in crate::input) fn is_test(keyword: &str) -> bool {
    !TELLING.contains(&keyword)
}

fn protocols(word: &str, line: Line<'_>) -> Result<Vec<Protocol>, Diagnostic> {
    if word == "all" {
        return Ok(Vec::new());
    }
    let read = |name: &str| {
        let help = "all, tcp, udp, icmp, icmpv6, or a number from 0 to 255; several joined by commas";
        name.parse::<Protocol>()
            .map_err(|_| invalid(line.place(word), format!("`{name}` is not a protocol"), help))
    };
    word.split(',').map(read).collect()
}

fn ports(word: &str, line: Line<'_>) -> Result<Vec<PortRange>, Diagnostic> {
    let read = |text: &str| {
        let help = "a port or two joined by `-`, from 0 to 65535; several joined by commas";
        text.parse::<PortRange>().map_err(|error| invalid(line.place(word), error.to_string(), help))
    };
    word.split(',').map(read).collect()
}

fn blocks(word: &str, line: Line<'_>, problems: &mut Diagnostics) -> Result<Vec<Cidr>, Diagnostic> {
    if word == "any" {
        return Ok(Vec::new());
    }
    word.split(',').map(|block| cidr_text(block, line.place(word), problems)).collect()
}
