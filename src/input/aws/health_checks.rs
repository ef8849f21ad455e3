//! How the health of targets is checked, as target groups and Classic Load Balancers tell it.
//! AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html>,
//! <https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_HealthCheck.html>

use std::ops::RangeInclusive;
use std::time::Duration;

use super::json::Read;
use super::shapes::{ClassicLoadBalancer, TargetGroup};
use super::states::Word;
use super::table::Resource;
use crate::diagnostic::Diagnostics;
use crate::model::{HealthCheck, HealthCheckProtocol, TargetType};

/// The port of checks that go where the traffic goes.
const TRAFFIC_PORT: &str = "traffic-port";

/// Seconds from one check to the next, and for which an answer is waited for.
const INTERVALS: RangeInclusive<i64> = 5..=300;
const TIMEOUTS: RangeInclusive<i64> = 2..=120;

/// The protocol that a Classic Load Balancer calls so; its `SSL` is a handshake of TLS. Assumed: health-checks.
const CLASSIC: &[(&str, HealthCheckProtocol)] = &[
    ("HTTP", HealthCheckProtocol::Http),
    ("HTTPS", HealthCheckProtocol::Https),
    ("TCP", HealthCheckProtocol::Tcp),
    ("SSL", HealthCheckProtocol::Https),
];

/// How the targets of a group are checked; nothing where they are not, as functions, which are called. Older answers do
/// not say that checks are on, and mean it.
pub(super) fn of_group(read: &Read<'_, TargetGroup<'_>>, problems: &mut Diagnostics) -> Option<HealthCheck> {
    let own = &read.value;
    let is_lambda = own.target_type == Some(Word(TargetType::Lambda));
    if own.health_check_enabled == Some(false) || is_lambda {
        return None;
    }
    let word = own.health_check_protocol.as_ref()?;
    let known = HealthCheckProtocol::NAMES.iter().find(|(name, _)| *name == word.as_str());
    let Some((_, protocol)) = known else {
        read.complain(word, "HealthCheckProtocol", "not a protocol of health checks", problems);
        return None;
    };
    let port = match own.health_check_port.as_ref().filter(|port| port.as_str() != TRAFFIC_PORT) {
        None => None,
        Some(text) => match text.as_str().parse().ok().filter(|port: &u16| *port > 0) {
            None => {
                read.complain(text, "HealthCheckPort", "neither a port nor `traffic-port`", problems);
                return None;
            }
            port => port,
        },
    };
    let interval = own.health_check_interval_seconds;
    let interval = seconds(read, interval, &INTERVALS, "HealthCheckIntervalSeconds", problems)?;
    let timeout = own.health_check_timeout_seconds;
    let timeout = seconds(read, timeout, &TIMEOUTS, "HealthCheckTimeoutSeconds", problems)?;
    Some(HealthCheck { protocol: Some(*protocol), port, interval, timeout })
}

/// How a Classic Load Balancer checks its instances: `HTTP:80/path`, `TCP:5432`.
pub(super) fn of_classic(
    read: &Read<'_, ClassicLoadBalancer<'_>>,
    problems: &mut Diagnostics,
) -> Option<HealthCheck> {
    let own = read.value.health_check.as_ref()?;
    let target = own.target.as_ref()?;
    let parsed = target.as_str().split_once(':').and_then(|(word, rest)| {
        let (_, protocol) = CLASSIC.iter().find(|(name, _)| name.eq_ignore_ascii_case(word))?;
        let port = rest.split('/').next()?.parse().ok().filter(|port: &u16| *port > 0)?;
        Some((*protocol, port))
    });
    let Some((protocol, port)) = parsed else {
        read.complain(target, "HealthCheck.Target", "not a protocol and a port", problems);
        return None;
    };
    let interval = seconds(read, own.interval, &INTERVALS, "HealthCheck.Interval", problems)?;
    let timeout = seconds(read, own.timeout, &TIMEOUTS, "HealthCheck.Timeout", problems)?;
    Some(HealthCheck { protocol: Some(protocol), port: Some(port), interval, timeout })
}

/// A number of seconds, if one is told; nothing where it is out of range, which is a problem.
#[expect(clippy::option_option, reason = "what is not told and what cannot be are different")]
fn seconds<T: Resource>(
    read: &Read<'_, T>,
    number: Option<i64>,
    range: &RangeInclusive<i64>,
    path: &str,
    problems: &mut Diagnostics,
) -> Option<Option<Duration>> {
    let Some(number) = number else { return Some(None) };
    if !range.contains(&number) {
        let message = format!("not {} to {} seconds", range.start(), range.end());
        read.complain(read.value.id(), path, &message, problems);
        return None;
    }
    Some(u64::try_from(number).ok().map(Duration::from_secs))
}
