//! Health checks of load balancers and of VPC Lattice as connections.

use std::collections::BTreeSet;
use std::time::Duration;

use super::failing_checks::FailingChecks;
use crate::diagnostic::{Diagnostic, Diagnostics, Located, problems};
use crate::model::inventory::{self, Provenance, Repeat};
use crate::model::{
    Checked, Checker, Connection, EPHEMERAL_PORTS, Endpoint, EphemeralPorts, Expectation, HEALTH_CHECK_OF,
    Network, Traffic,
};
use crate::net::Family;
use crate::scenario::Change;

/// Checks that are kept.
const MOST: u64 = 100_000;

/// The checks of all networks, one behind the other, until `end`; without it one by each node in each network. A check
/// is a connection like any other. Assumed: health-checks.
pub(super) fn connections(
    network: &Network,
    changes: &[Change],
    end: Option<Duration>,
    provenance: Provenance,
    problems: &mut Diagnostics,
) -> Vec<Connection> {
    let is_observed = provenance == Provenance::Observed;
    let begins = std::iter::once((Duration::ZERO, network));
    let epochs: Vec<_> = begins.chain(changes.iter().map(|change| (change.at, &change.network))).collect();
    let (mut all, mut told, mut impossible) = (Vec::new(), BTreeSet::new(), 0);
    let mut failing = FailingChecks::default();
    for (position, (from, network)) in epochs.iter().enumerate() {
        let next = epochs.get(position + 1).map(|(next, _)| *next);
        let until = [end, next].into_iter().flatten().min();
        for checked in network.health_checks() {
            let times = times(&checked, *from, until, end.is_some());
            if times.is_empty() {
                continue;
            }
            if let Some(problem) = other_family(network, &checked) {
                if told.insert(problem.message.clone()) {
                    problems.push(problem);
                }
                continue;
            }
            if all.len() as u64 + times.len() as u64 > MOST {
                if is_observed {
                    // Nobody asked for them.
                    let message =
                        format!("health checks of targets are left out: there are more than {MOST}");
                    let help =
                        "have a shorter `duration`, or remove `health_check` where checks do not matter";
                    problems.push(problems::not_modelled(None, message, help));
                    return Vec::new();
                }
                let message = format!("the health checks up to here are more than {MOST}");
                let help = "have a shorter `duration`, or a longer `interval`";
                problems.push(problems::invalid_value(checked.group.identity.origin, message, help));
                return all;
            }
            let labels = [checker_name(network, &checked), target_name(network, &checked)];
            let opened = times.iter().map(|number| {
                let opened = network.connection(&connection(network, &checked, *number))?;
                let from = match checked.by {
                    Checker::Node(..) => opened.from,
                    // It is VPC Lattice that sends from there, and not somebody outside.
                    Checker::Service(..) => Endpoint::Address(opened.request.source),
                };
                Ok(Connection { is_health_check: true, labels: labels.clone(), from, ..opened })
            });
            let opened: Result<Vec<Connection>, Diagnostic> = opened.collect();
            if is_observed && opened.is_err() {
                impossible += 1;
                continue;
            }
            let Some(opened) = problems.ok(opened) else { continue };
            // What AWS answered is not doubted: the target is healthy, whatever was not collected.
            if let Some(first) = opened.first().filter(|_| !is_observed) {
                failing.look_at(network, &checked, first, *from);
            }
            all.extend(opened);
        }
    }
    failing.tell(problems);
    if impossible > 0 {
        let message = format!("health checks of targets that are left out: {impossible}");
        let help = "their nodes or targets have no addresses of one family that are known";
        problems.push(problems::not_modelled(None, message, help));
    }
    all
}

/// Refuses what is expected of checks that there are not.
pub(super) fn check_names(
    expectations: &[Expectation],
    connections: &[Connection],
    problems: &mut Diagnostics,
) {
    let of_checks = expectations.iter().filter_map(|expected| expected.connection.as_ref());
    let names = || connections.iter().filter(|of| of.is_health_check).map(|of| of.name.as_str());
    for name in of_checks.filter(|name| name.value.starts_with(HEALTH_CHECK_OF)) {
        if !connections.iter().any(|of| of.name == name.value) {
            problems.push(problems::unknown_reference(name.origin, "connection", &name.value, names()));
        }
    }
}

/// The numbers of the checks from `from` to `until`, the first of all being 0.
fn times(checked: &Checked<'_>, from: Duration, until: Option<Duration>, is_repeated: bool) -> Vec<u32> {
    let interval = checked.interval();
    let first = u32::try_from(from.as_millis().div_ceil(interval.as_millis().max(1))).unwrap_or(u32::MAX);
    let is_within = |number: &u32| until.is_none_or(|until| interval.saturating_mul(*number) < until);
    let most = if is_repeated { usize::MAX } else { 1 };
    let limit = usize::try_from(MOST).unwrap_or(usize::MAX).saturating_add(1);
    (first..u32::MAX).take_while(is_within).take(most.min(limit)).collect()
}

/// The ports of nodes.
/// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#target-not-in-service>
fn node_ports() -> &'static EphemeralPorts {
    static UNLISTED: EphemeralPorts = EphemeralPorts { client: "nat", from: 1024, to: 65535, doc: "" };
    EPHEMERAL_PORTS.iter().find(|ports| ports.client == "nat").unwrap_or(&UNLISTED)
}

/// A check as it could be written among the connections.
fn connection(network: &Network, checked: &Checked<'_>, number: u32) -> inventory::Connection {
    let origin = checked.group.identity.origin;
    let end = |value: String| Located { value, origin };
    let target = checked.target;
    let to = match target.interface {
        Some(card)
            if network.network_interfaces[card].primary_address(Family::of(target.address))
                == Some(target.address) =>
        {
            network.network_interfaces[card].identity.id.clone()
        }
        _ => target.address.to_string(),
    };
    let name = name(network, checked);
    let family = Family::of(target.address);
    let from = match checked.by {
        Checker::Node(_, node) => network.network_interfaces[node].identity.id.clone(),
        Checker::Service(_, service) => service.address(family).to_string(),
    };
    inventory::Connection {
        name: if number == 0 { name } else { inventory::repetition(&name, u64::from(number) + 1) },
        from: end(from),
        to: end(to),
        traffic: Traffic::Tcp(checked.port()),
        source_port: None,
        ephemeral_ports: node_ports(),
        source_address: None,
        family: Some(family),
        at: checked.interval().saturating_mul(number),
        exchange: checked.check.exchange_by(checked.by.like()),
        bursts: None,
        repeat: Repeat::default(),
        origin,
    }
}

pub(super) fn checker_name(network: &Network, checked: &Checked<'_>) -> String {
    match checked.by {
        Checker::Node(_, node) => network.network_interfaces[node].identity.name.clone(),
        Checker::Service(gateway, _) => gateway.identity.name.clone(),
    }
}

pub(super) fn target_name(network: &Network, checked: &Checked<'_>) -> String {
    let target = checked.target;
    target
        .interface
        .map_or_else(|| target.address.to_string(), |card| network.interface_label(card).name.clone())
}

fn name(network: &Network, checked: &Checked<'_>) -> String {
    let by = checker_name(network, checked);
    format!("{HEALTH_CHECK_OF}{}:{} by {by}", target_name(network, checked), checked.port())
}

/// What is wrong where a node has no address of the family of a target: the same of every such node.
fn other_family(network: &Network, checked: &Checked<'_>) -> Option<Diagnostic> {
    let Checker::Node(_, node) = checked.by else { return None };
    let (address, interface) = (checked.target.address, &network.network_interfaces[node]);
    let family = Family::of(address);
    if interface.primary_address(family).is_some() {
        return None;
    }
    let (origin, name) = (checked.group.identity.origin, &checked.group.identity.name);
    let message =
        format!("nodes that check the health of {address}, a target of `{name}`, have no {family} address");
    let help = format!("give their subnets {family} blocks, or leave `health_check` out");
    Some(problems::connection_ends(origin, message, &help))
}
