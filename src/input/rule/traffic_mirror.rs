//! Rules of traffic mirror filters: `20 accept tcp 443 from 0.0.0.0/0 to 10.0.0.0/16`.

use super::Line;
use super::firewall::{named, rule};
use crate::diagnostic::Diagnostics;
use crate::input::fields::parsed;
use crate::input::scalar::invalid;
use crate::input::yaml::Node;
use crate::model::{MirrorAction, RuleNumber, TrafficMirrorFilterRule};

const EXAMPLES: &str =
    "e.g. `10 reject tcp 22 from 10.0.0.0/8 to 10.0.0.0/16`, `20 accept all from 0.0.0.0/0 to 0.0.0.0/0`";

/// A rule of a traffic mirror filter. It has one protocol or all, one range of ports and one block on each side, which
/// must be stated.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTrafficMirrorFilterRule.html>
pub(in crate::input) fn mirror_rule(
    node: &Node,
    problems: &mut Diagnostics,
) -> Option<TrafficMirrorFilterRule> {
    parsed(node, problems, |text, at, problems| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let line = Line { text, at, help: EXAMPLES };
        let [number, action, rest @ ..] = words.as_slice() else { return Err(line.malformed()) };
        let bad_number = || {
            let message = format!("`{number}` is not a rule number");
            invalid(line.place(number), message, "numbers go from 1 to 32766, the lowest is tested first")
        };
        let number = number.parse::<u16>().ok().and_then(RuleNumber::new).ok_or_else(bad_number)?;
        let action = named(action, &MirrorAction::NAMES, line)?;
        let (read, is_any_direction) = rule(rest, line, problems)?;
        let test = read.test;
        if is_any_direction || !read.is_certain {
            return Err(line.malformed());
        }
        if test.sources.len() != 1 || test.destinations.len() != 1 {
            let message = "a rule of a traffic mirror filter names one block on each side".to_owned();
            return Err(invalid(at, message, "0.0.0.0/0 is every IPv4 address, ::/0 every IPv6 address"));
        }
        if test.protocols.len() > 1 || test.source_ports.len() > 1 || test.destination_ports.len() > 1 {
            let message =
                "a rule of a traffic mirror filter has one protocol and one range of ports".to_owned();
            return Err(invalid(at, message, "write a rule for each"));
        }
        if test.has_ports() && test.protocols.is_empty() {
            let message = "ports are of tcp or udp".to_owned();
            return Err(invalid(at, message, "name the protocol, in a rule for each"));
        }
        Ok(TrafficMirrorFilterRule { number, action, test, origin: Some(at) })
    })
}
