//! Laws of time: what is sent is what records count, whatever changes on the way.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use flowcast::flowlog::sightings;
use flowcast::timeline::{Grid, portions};
use flowcast::{Report, Scenario};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::network::{World, world};
use super::{config, text_by};

/// When a connection begins, how long it lasts, and after which time it asks again, in seconds.
pub(super) type Schedule = (u64, u64, u64);

/// Changes of a random network. The first changes nothing.
const CHANGES: &[&str] = &[
    "change: {vpcs: [{name: lab}]}",
    "change: {security_groups: [{name: group-0, ingress: []}]}",
    "change: {security_groups: [{name: group-0, egress: []}]}",
    "add: {security_groups: [{name: group-0, ingress: [allow tcp 443 from 0.0.0.0/0, allow udp 53 from 0.0.0.0/0]}]}",
    "change: {subnets: [{name: subnet-0, routes: []}]}",
    "change: {subnets: [{name: subnet-1, network_acl: null}]}",
    "add: {network_acls: [{name: shut}]}, change: {subnets: [{name: subnet-0, network_acl: shut}]}",
    "change: {vpcs: [{name: lab, block_public_access: block-bidirectional}]}",
    "remove: {instances: [i0]}",
    "add: {instances: [{name: late, subnet: subnet-0, private_ip: 10.0.0.200}]}",
];

/// A random network whose connections last, and what changes in it at which second.
#[derive(Debug, Clone)]
struct Timeline {
    world: World,
    schedules: Vec<Schedule>,
    events: Vec<(u64, &'static str)>,
    /// Seconds by which everything is later.
    shift: u64,
}

impl Timeline {
    fn yaml(&self) -> String {
        let mut number = 0;
        let mut text = String::new();
        for line in self.world.yaml().lines() {
            let is_connection = line.contains("{name: c") && line.contains("from: ");
            let Some(open) = line.strip_suffix('}').filter(|_| is_connection) else {
                text.push_str(line);
                text.push('\n');
                continue;
            };
            let (at, lasts, every) = self.schedules[number % self.schedules.len()];
            number += 1;
            let _ = write!(text, "{open}, at: {}s", at + self.shift);
            if !line.contains("protocol: ") {
                let _ = write!(text, ", lasts: {lasts}s, request_every: {every}s");
            }
            text.push_str("}\n");
        }
        text + &events(&self.events, self.shift)
    }

    fn scenario(&self) -> Scenario {
        let text = self.yaml();
        Scenario::parse("random.yaml", &text).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    fn with_events(&self, events: Vec<(u64, &'static str)>) -> Self {
        Self { events, ..self.clone() }
    }
}

/// The section of what changes at which second, `shift` seconds later.
pub(super) fn events(all: &[(u64, &str)], shift: u64) -> String {
    let lines = all.iter().map(|(at, change)| format!("  - {{at: {}s, {change}}}\n", at + shift));
    if all.is_empty() { String::new() } else { lines.fold("events:\n".to_owned(), |text, line| text + &line) }
}

pub(super) fn schedule() -> impl Strategy<Value = Schedule> {
    (0..300_u64, select(&[1_u64, 5, 60, 200, 900]), select(&[1_u64, 7, 31, 45, 200, 400]))
}

/// Clients behind a NAT gateway to which a route leads from every second of `ways` on, and none from the others on;
/// nothing changes at `cuts`.
fn translated(schedules: &[Schedule], ways: &[u64], cuts: &[u64]) -> String {
    let mut text = "
vpcs: [{name: lab, cidr_block: 10.0.0.0/16, internet_gateway: igw}]
route_tables: [{name: private, routes: []}]
subnets:
  - {name: public, cidr_block: 10.0.0.0/24, routes: [0.0.0.0/0 -> igw]}
  - {name: private, cidr_block: 10.0.1.0/24, route_table: private}
nat_gateways: [{name: nat, subnet: public, public_ip: 198.51.100.7}]
instances: [{name: client, subnet: private}]
connections:
"
    .to_owned();
    for (number, (at, lasts, every)) in schedules.iter().enumerate() {
        for protocol in ["udp", "tcp"] {
            let _ = writeln!(
                text,
                "  - {{name: {protocol}-{number}, from: client, to: 203.0.113.9, {protocol}: 53, at: {at}s, \
                 lasts: {lasts}s, request_every: {every}s}}"
            );
        }
    }
    let (mut ways, mut events) = (ways.to_vec(), Vec::new());
    ways.sort_unstable();
    for (number, at) in ways.iter().enumerate() {
        let routes = if number % 2 == 0 { "0.0.0.0/0 -> nat" } else { "" };
        events.push((*at, format!("change: {{route_tables: [{{name: private, routes: [{routes}]}}]}}")));
    }
    events.extend(cuts.iter().map(|at| (*at, CHANGES[0].to_owned())));
    events.sort_by_key(|(at, _)| *at);
    let events_of: Vec<(u64, &str)> = events.iter().map(|(at, change)| (*at, change.as_str())).collect();
    text + &self::events(&events_of, 0)
}

/// Events of which each is possible after those before it: what is removed or added is so once.
fn timeline() -> impl Strategy<Value = Timeline> {
    let event = (0..1_000_u64, select(CHANGES));
    (world(4), vec(schedule(), 1..4), vec(event, 0..4)).prop_map(|(world, schedules, mut events)| {
        events.sort_by_key(|(at, _)| *at);
        let mut seen = std::collections::BTreeSet::new();
        events.retain(|(_, change)| seen.insert(*change));
        let text = world.yaml();
        // What changes is there, and an instance that goes takes part in nothing.
        let is_there = |change: &str| {
            change.split("name: ").skip(1).all(|rest| {
                let name = rest.split([',', '}']).next().unwrap_or_default();
                ["shut", "late"].contains(&name) || text.contains(&format!("name: {name},"))
            })
        };
        let is_used = text.contains("from: i0,") || text.contains("to: i0,") || text.contains("-> i0");
        events.retain(|(_, change)| is_there(change) && !(change.contains("i0") && is_used));
        Timeline { world, schedules, events, shift: 0 }
    })
}

/// Packets and bytes by interface, direction and action.
pub(super) type Sums = BTreeMap<(String, String, String), (u64, u64)>;

pub(super) fn counted(report: &Report<'_>) -> Sums {
    let mut sums = Sums::new();
    for record in &report.records {
        let Some(flow) = record.flow else { continue };
        let seen_at = report.network_of(record).vantage_id(record.vantage);
        let key = (seen_at.to_owned(), flow.direction.to_string(), flow.action.to_string());
        let sum = sums.entry(key).or_default();
        *sum = (sum.0 + flow.packets, sum.1 + flow.bytes);
    }
    sums
}

/// The same from the packets that were sent, each by its way.
pub(super) fn sent(report: &Report<'_>) -> Sums {
    let mut sums = Sums::new();
    for position in 0..report.connections.len() {
        let (bursts, turns) = report.turns(position).unwrap();
        let mut followed = vec![Vec::new(); bursts.len()];
        for turn in &turns {
            let network = report.scenario.network_at(turn.epoch);
            let seen = sightings(network, &turn.leg);
            for stretch in &turn.stretches {
                let burst = &bursts[stretch.burst];
                assert_eq!(burst.leg, turn.kind);
                followed[stretch.burst].push(stretch.packets.clone());
                let whole = Grid::aligned(Duration::from_secs(1 << 40));
                for portion in portions(burst, stretch.packets.clone(), whole, None) {
                    for sighting in &seen {
                        let seen_at = network.vantage_id(sighting.vantage);
                        let action = sighting.action.to_string();
                        let key = (seen_at.to_owned(), sighting.direction.to_string(), action);
                        let sum = sums.entry(key).or_default();
                        // GENEVE of AWS adds 68 bytes to each.
                        let headers = if sighting.carried.is_some() { 68 * portion.packets } else { 0 };
                        *sum = (sum.0 + portion.packets, sum.1 + portion.bytes + headers);
                    }
                }
            }
        }
        for (burst, mut ranges) in bursts.iter().zip(followed) {
            ranges.sort_by_key(|range| range.start);
            assert!(ranges.windows(2).all(|pair| pair[0].end <= pair[1].start), "a packet went two ways");
            assert!(ranges.last().is_none_or(|last| last.end <= burst.packets));
        }
    }
    sums
}

/// The records with all times `shift` seconds earlier.
pub(super) fn earlier(text: &str, shift: u64) -> String {
    let mut moved = String::new();
    for line in text.lines() {
        let mut fields: Vec<String> = line.split(' ').map(str::to_owned).collect();
        for time in &mut fields[10..12] {
            *time = (time.parse::<u64>().unwrap() - shift).to_string();
        }
        let _ = writeln!(moved, "{}", fields.join(" "));
    }
    moved
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn what_is_sent_is_what_records_count(timeline in timeline()) {
        let scenario = timeline.scenario();
        let report = scenario.run();
        prop_assert_eq!(counted(&report), sent(&report), "{}", timeline.yaml());
    }

    #[test]
    fn an_event_that_changes_nothing_changes_nothing(timeline in timeline(), cuts in vec(0..1_200_u64, 1..5)) {
        let mut events = timeline.events.clone();
        events.extend(cuts.iter().map(|at| (*at, CHANGES[0])));
        events.sort_by_key(|(at, _)| *at);
        let one = timeline.scenario();
        let cut = timeline.with_events(events);
        let other = cut.scenario();
        prop_assert_eq!(one.run().to_string(), other.run().to_string(), "{}", cut.yaml());
    }

    #[test]
    fn an_event_that_changes_nothing_changes_no_port(
        schedules in vec(schedule(), 1..4),
        ways in vec(1..1_000_u64, 1..4),
        cuts in vec(1..1_200_u64, 1..5),
    ) {
        let with = |cuts: &[u64]| {
            let text = translated(&schedules, &ways, cuts);
            Scenario::parse("nat.yaml", &text).unwrap_or_else(|error| panic!("{error}\n{text}")).run().to_string()
        };
        prop_assert_eq!(with(&[]), with(&cuts));
    }

    #[test]
    fn a_scenario_that_is_later_by_whole_windows_has_later_records(timeline in timeline(), windows in 1..4_u64) {
        let mut timeline = timeline;
        timeline.world.log_format = None; // times stand in the default format
        let now = timeline.scenario().run().to_string();
        let later = Timeline { shift: windows * 600, ..timeline.clone() };
        prop_assert_eq!(now, earlier(&later.scenario().run().to_string(), windows * 600), "{}", later.yaml());
    }

    #[test]
    fn without_events_a_timeline_is_the_sum_of_its_connections(timeline in timeline()) {
        let mut timeline = timeline.with_events(Vec::new());
        timeline.world.log_format = None;
        let scenario = timeline.scenario();
        let together = counted(&scenario.run());
        let mut sums = Sums::new();
        for connection in &scenario.connections {
            let alone = scenario.run_connections(std::slice::from_ref(connection));
            for (key, (packets, bytes)) in counted(&alone) {
                let sum = sums.entry(key).or_default();
                *sum = (sum.0 + packets, sum.1 + bytes);
            }
        }
        prop_assert_eq!(together, sums);
    }

    #[test]
    fn any_number_of_threads_writes_the_same(timeline in timeline()) {
        let scenario = timeline.scenario();
        let texts = [1, 2, 3, 8].map(|threads| text_by(threads, &scenario));
        prop_assert!(texts.iter().all(|text| *text == texts[0]));
    }
}

/// Whatever a scenario shows, it shows it still when its network becomes what it was at any time.
#[test]
fn scenarios_stay_the_same_when_nothing_changes_in_their_middle() {
    let mut count = 0;
    for path in crate::shapes::files_below("scenarios", "yaml") {
        let text = std::fs::read_to_string(&path).unwrap();
        if text.contains("\nevents:") || text.contains("\ntraffic:") || !text.contains("\nvpcs:") {
            continue;
        }
        let name = path.to_str().unwrap();
        let before = Scenario::parse(name, &text).unwrap_or_else(|error| panic!("{error}"));
        let vpc = &before.network.vpcs.iter().next().unwrap().identity.name;
        let before = before.run().to_string();
        for at in ["1ms", "3ms", "500ms", "2500ms", "20s", "2m"] {
            let nothing = format!("\nevents: [{{at: {at}, change: {{vpcs: [{{name: {vpc}}}]}}}}]\n");
            let cut =
                Scenario::parse(name, &(text.clone() + &nothing)).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(cut.run().to_string(), before, "{name} at {at}");
            count += 1;
        }
    }
    assert!(count > 500, "the scenarios were not found");
}
