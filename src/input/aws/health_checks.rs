//! How the health of targets is checked, as target groups, those of VPC Lattice, and Classic Load Balancers tell it.
//! AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html>,
//! <https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_HealthCheck.html>

use std::ops::RangeInclusive;
use std::time::Duration;

use super::json::Read;
use super::listeners;
use super::shapes::{ClassicLoadBalancer, LatticeTargetGroup, TargetGroup};
use super::states::{LatticeTargetType, Word};
use super::table::Resource;
use crate::diagnostic::Diagnostics;
use crate::model::{HealthCheck, HealthCheckProtocol, TargetType};

/// The port of checks that go where the traffic goes.
const TRAFFIC_PORT: &str = "traffic-port";

/// Seconds from one check to the next, and for which an answer is waited for.
const INTERVALS: RangeInclusive<i64> = 5..=300;
const TIMEOUTS: RangeInclusive<i64> = 2..=120;
const LATTICE_TIMEOUTS: RangeInclusive<i64> = 1..=120;

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

/// How VPC Lattice checks the targets of a group; nothing where it does not, as functions and load balancers. Where nothing
/// is said it checks those that speak HTTP/1.1. A zero stands for what AWS does by itself.
/// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_HealthCheckConfig.html>,
/// <https://docs.aws.amazon.com/vpc-lattice/latest/ug/target-group-health-checks.html>
pub(super) fn of_lattice(
    read: &Read<'_, LatticeTargetGroup<'_>>,
    problems: &mut Diagnostics,
) -> Option<HealthCheck> {
    let config = read.value.config.as_ref()?;
    let own = config.health_check.as_ref()?;
    let is_http1 = config.protocol_version.as_ref().is_none_or(|version| version.as_str() == "HTTP1");
    let is_never_checked = read
        .value
        .r#type
        .is_some_and(|Word(LatticeTargetType(kind))| matches!(kind, TargetType::Lambda | TargetType::Alb));
    if is_never_checked || !own.enabled.unwrap_or(is_http1) {
        return None;
    }
    let word = own.protocol.as_ref();
    let known = word.map(|word| HealthCheckProtocol::NAMES.iter().find(|(name, _)| *name == word.as_str()));
    let protocol = match (known, word) {
        (None, _) => HealthCheckProtocol::Http,
        (Some(Some((_, protocol))), _) => *protocol,
        (Some(None), word) => {
            let at = word.unwrap_or(read.value.id());
            read.complain(at, "config.healthCheck.protocol", "not a protocol of health checks", problems);
            return None;
        }
    };
    let told = |number: Option<i64>| number.filter(|number| *number != 0);
    let port = match told(own.port) {
        None => None,
        number => Some(listeners::port(read, number, "config.healthCheck.port", problems)?),
    };
    let path = "config.healthCheck.healthCheckIntervalSeconds";
    let interval = seconds(read, told(own.health_check_interval_seconds), &INTERVALS, path, problems)?;
    let path = "config.healthCheck.healthCheckTimeoutSeconds";
    let timeout = seconds(read, told(own.health_check_timeout_seconds), &LATTICE_TIMEOUTS, path, problems)?;
    Some(HealthCheck { protocol: Some(protocol), port, interval, timeout })
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
