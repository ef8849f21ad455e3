//! Traffic of profiles.

use std::time::Duration;

use super::fields::{Fields, count, located, located_text, parsed, text};
use super::scalar::{duration, icmp, invalid, one_of, port};
use super::shape::{FAMILIES, PROFILED};
use super::traffic::client;
use super::yaml::Node;
use crate::diagnostic::{Diagnostics, Located, problems};
use crate::model::inventory::ProfiledTraffic;
use crate::model::{COURSES, Distribution, Habits, PROFILES, Pace, Profile, Session, Traffic};

/// The greatest rate, in connections a day: of ten million in ten minutes.
const MOST_PER_DAY: u64 = 1_440_000_000;

/// The shortest time from one regular connection to the next.
const SHORTEST_PERIOD: Duration = Duration::from_secs(1);

/// Traffic of one profile; `duration` is the scenario's.
pub(super) fn profiled(
    node: &Node,
    duration_: Option<Duration>,
    problems: &mut Diagnostics,
) -> Option<ProfiledTraffic> {
    let mut fields = Fields::of(node, &PROFILED, problems)?;
    let profile = fields.value("profile", profile, problems);
    let name = fields.value("name", text, problems);
    let from = fields.located_list("from", located_text, problems);
    let to = fields.located_list("to", located_text, problems);
    let tcp = fields.list("tcp", port, problems).unwrap_or_default().into_iter().map(Traffic::Tcp);
    let udp = fields.list("udp", port, problems).unwrap_or_default().into_iter().map(Traffic::Udp);
    let icmp = fields.list("icmp", icmp, problems).unwrap_or_default().into_iter().map(Traffic::Icmp);
    let mut services: Vec<Traffic> = Vec::new();
    for service in tcp.chain(udp).chain(icmp) {
        if !services.contains(&service) {
            services.push(service);
        }
    }
    let rate = fields.value("rate", rate, problems);
    let every = fields.value("every", period, problems);
    let seed = fields.value("seed", count, problems).unwrap_or(0);
    let at = fields.value("at", duration, problems).unwrap_or_default();
    let until = fields.value("until", located(duration), problems);
    let client = fields.value("client", client, problems);
    let addresses = fields.value("addresses", located(count), problems);
    let family = fields.value("family", one_of("a family", FAMILIES), problems);
    let request = fields.value("request_bytes", count, problems);
    let response = fields.value("response_bytes", count, problems);
    let lasts = fields.value("lasts", duration, problems);
    let origin = fields.origin;
    if !fields.finish(problems) {
        return None;
    }
    let profile = profile?;
    for (end, what) in [(&from, "client"), (&to, "server")] {
        if let Some(at) = end.as_ref().filter(|list| list.value.is_empty()).and_then(|list| list.origin) {
            problems.push(invalid(at, format!("there is no {what}"), "name at least one end"));
        }
    }
    if let Some(at) = addresses.as_ref().filter(|number| number.value == 0).and_then(|number| number.origin) {
        problems.push(invalid(at, "`internet` stands for no address".to_owned(), "state at least 1"));
    }
    let end = until.as_ref().map(|until| until.value).into_iter().chain(duration_).min();
    let Some(end) = end else {
        let message = "this traffic has no end".to_owned();
        problems.push(invalid(origin, message, "state a `duration` of the scenario, or `until` here"));
        return None;
    };
    if at >= end {
        let message = "this traffic ends before it begins, so there is none".to_owned();
        let place = until.and_then(|until| until.origin).or(Some(origin));
        problems.push(problems::no_effect(place, message, "begin earlier, or end later"));
    }
    Some(ProfiledTraffic {
        name: name.unwrap_or_else(|| profile.name.to_owned()),
        from: from?.value,
        to: to?.value,
        services: if services.is_empty() { profile.services.to_vec() } else { services },
        addresses: addresses.map_or(profile.addresses, |addresses| addresses.value),
        family,
        habits: Habits {
            pace: pace(profile, rate, every),
            session: if every.is_some() { Session::SINGLE } else { profile.session },
            request: about(profile.request, request),
            response: about(profile.response, response),
            lasts: about(profile.lasts, lasts.map(milliseconds)),
            patience: profile.patience,
            ephemeral_ports: client.or(profile.ephemeral_ports())?,
            is_skewed: profile.is_skewed,
            seed,
            at,
            until: end,
        },
        origin: Some(origin),
    })
}

fn profile(node: &Node, problems: &mut Diagnostics) -> Option<&'static Profile> {
    let names: Vec<_> = PROFILES.iter().map(|profile| (profile.name, profile)).collect();
    one_of("a profile", &names)(node, problems)
}

/// The pace of a profile, or what is stated instead.
fn pace(profile: &Profile, rate: Option<u64>, every: Option<Duration>) -> Pace {
    match (profile.pace, rate, every) {
        (Pace::Every { offset, stagger, .. }, _, Some(period)) => {
            Pace::Every { period, offset, stagger: stagger.min(period) }
        }
        (Pace::Random { .. }, _, Some(period)) => {
            Pace::Every { period, offset: Duration::ZERO, stagger: period }
        }
        (Pace::Random { course, .. }, Some(per_day), None) => Pace::Random { per_day, course },
        (Pace::Every { .. }, Some(per_day), None) => {
            let flat = COURSES.iter().find(|course| course.name == "flat");
            flat.map_or(profile.pace, |course| Pace::Random { per_day, course })
        }
        (own, None, None) => own,
    }
}

/// The distribution with another median; one without is always that number.
fn about(own: Distribution, median: Option<u64>) -> Distribution {
    match (own, median) {
        (own, None) => own,
        (Distribution::LogNormal { spread_percent, most, .. }, Some(median)) => {
            Distribution::LogNormal { median, spread_percent, most: most.max(median) }
        }
        (_, Some(median)) => Distribution::Exactly(median),
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Connections a day, from `20/s`, `500/m`, `1000/h` or `100000/d`.
fn rate(node: &Node, problems: &mut Diagnostics) -> Option<u64> {
    const UNITS: &[(&str, u64)] =
        &[("s", 86_400), ("m", 1440), ("min", 1440), ("h", 24), ("d", 1), ("day", 1)];
    parsed(node, problems, |text, at, _| {
        let read = || {
            let (number, unit) = text.split_once('/')?;
            let (_, times) = UNITS.iter().find(|(name, _)| *name == unit.trim())?;
            Some((number.trim().parse::<u64>().ok()?, *times))
        };
        let help = "how many in a second, minute, hour or day, e.g. 20/s, 90/m, 500/h or 10000/d";
        let Some((number, times)) = read() else {
            return Err(invalid(at, format!("`{text}` is not a rate"), help));
        };
        let per_day = number.saturating_mul(times);
        if !(1..=MOST_PER_DAY).contains(&per_day) {
            let help = "from 1/d to 1000000/m";
            return Err(invalid(at, format!("a rate of `{text}` cannot be simulated"), help));
        }
        Ok(per_day)
    })
}

fn period(node: &Node, problems: &mut Diagnostics) -> Option<Duration> {
    let period: Located<Duration> = located(duration)(node, problems)?;
    if period.value < SHORTEST_PERIOD {
        let message = "so short a time from one connection to the next cannot be simulated".to_owned();
        problems.push(invalid(node.origin, message, "at least 1s; state a `rate` for more"));
        return None;
    }
    Some(period.value)
}
