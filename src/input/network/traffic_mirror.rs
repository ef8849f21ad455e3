//! Traffic mirror filters and sessions.

use super::identity;
use crate::diagnostic::Diagnostics;
use crate::input::fields::{Fields, located_text, parsed};
use crate::input::rule;
use crate::input::scalar::invalid;
use crate::input::shape::{TRAFFIC_MIRROR_FILTER, TRAFFIC_MIRROR_SESSION};
use crate::input::yaml::Node;
use crate::model::RuleNumber;
use crate::model::inventory::{TrafficMirrorFilter, TrafficMirrorSession};
use crate::net::PerDirection;

/// A filter.
pub(super) fn traffic_mirror_filter(node: &Node, problems: &mut Diagnostics) -> Option<TrafficMirrorFilter> {
    let mut fields = Fields::of(node, &TRAFFIC_MIRROR_FILTER, problems)?;
    let identity = identity(&mut fields, "tmf", problems);
    let [ingress, egress] =
        ["ingress", "egress"].map(|key| fields.list(key, rule::mirror_rule, problems).unwrap_or_default());
    fields.finish(problems);
    Some(TrafficMirrorFilter { identity: identity?, rules: PerDirection { ingress, egress } })
}

/// A session.
pub(super) fn traffic_mirror_session(
    node: &Node,
    problems: &mut Diagnostics,
) -> Option<TrafficMirrorSession> {
    let mut fields = Fields::of(node, &TRAFFIC_MIRROR_SESSION, problems)?;
    let identity = identity(&mut fields, "tms", problems);
    let [source, target, filter] =
        ["source", "target", "filter"].map(|key| fields.value(key, located_text, problems));
    let session_number = fields.value("session_number", session_number, problems);
    let packet_length = fields.value("packet_length", packet_length, problems);
    fields.finish(problems);
    Some(TrafficMirrorSession {
        identity: identity?,
        source: source?,
        target: target?,
        filter: filter?,
        session_number: session_number.or(RuleNumber::new(1))?,
        packet_length,
    })
}

/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTrafficMirrorSession.html>
fn session_number(node: &Node, problems: &mut Diagnostics) -> Option<RuleNumber> {
    parsed(node, problems, |text, at, _| {
        let number = text.parse::<u16>().ok().and_then(RuleNumber::new);
        let message = || format!("`{text}` is not a session number");
        number.ok_or_else(|| invalid(at, message(), "numbers go from 1 to 32766, the lowest is asked first"))
    })
}

fn packet_length(node: &Node, problems: &mut Diagnostics) -> Option<u16> {
    parsed(node, problems, |text, at, _| {
        let length = text.parse::<u16>().ok().filter(|length| *length > 0);
        let message = || format!("`{text}` is not a length of packets");
        length.ok_or_else(|| {
            invalid(at, message(), "so many bytes, from 1 to 65535; leave it out to copy all of each packet")
        })
    })
}
