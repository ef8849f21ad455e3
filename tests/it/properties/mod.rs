//! What must hold for every network: laws, tried on random ones.
//!
//! The same networks every time, so that a failure is a change of the code. `PROPERTIES=20` tries twenty times as many,
//! and other ones.

mod balanced;
mod evaluator;
mod network;
mod second;
mod time;
mod transit;

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

use flowcast::Scenario;
use flowcast::flowlog::{FIELDS, Flow, LogFormat};
use flowcast::model::{Burst, Connection, LegKind, Outcome, SeenFlags, TcpFlags};
use flowcast::net::{Header, IcmpType, Payload, PortRange, Protocol, Timestamp};
use flowcast::timeline::{Grid, portions};
use flowcast::walk::{Arrival, Blocker, Case, Scratch, Trace, Waiver, trace, trace_with, verdict};
use network::{World, rule, world};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;

/// The records of a scenario, as that many threads write them.
fn text_by(threads: usize, scenario: &Scenario) -> String {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| scenario.run().to_string())
}

fn config(cases: u32) -> ProptestConfig {
    let factor = std::env::var("PROPERTIES").ok().and_then(|factor| factor.parse::<u32>().ok());
    ProptestConfig {
        cases: cases * factor.unwrap_or(1),
        rng_seed: if factor.is_some() { RngSeed::Random } else { RngSeed::Fixed(1) },
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn scenario(world: &World) -> Scenario {
    let text = world.yaml();
    Scenario::parse("random.yaml", &text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// What stops a connection, as a set. Entries of a network ACL and routes stand in the order of evaluation, so that
/// their positions do not depend on the file.
fn blockers(trace: &Trace) -> BTreeSet<String> {
    let all = trace.blockers().into_iter().map(|Blocker { leg, checkpoint }| {
        format!("{leg} {} {:?} {:?}", checkpoint.stage, checkpoint.place, checkpoint.decided_by)
    });
    all.collect()
}

proptest! {
    #![proptest_config(config(150))]

    #[test]
    fn the_order_in_the_file_does_not_matter(world in world(6), seed in any::<u64>()) {
        let (one, other) = (scenario(&world), scenario(&world.shuffled(seed)));
        let (one, other) = (one.run(), other.run());
        prop_assert_eq!(one.to_string(), other.to_string());
        for (a, b) in one.connections.iter().zip(&other.connections) {
            prop_assert_eq!((a.outcome, a.symptom), (b.outcome, b.symptom));
            prop_assert_eq!(blockers(&a.trace()), blockers(&b.trace()));
        }
    }

    #[test]
    fn a_rule_more_never_disconnects(
        world in world(6),
        group in 0..3_usize,
        ingress in any::<bool>(),
        more in rule(),
    ) {
        let mut wider = world.clone();
        let rules = &mut wider.groups[group];
        if ingress { rules.ingress.push(more) } else { rules.egress.push(more) }
        let (before, after) = (scenario(&world), scenario(&wider));
        let (before, after) = (before.run(), after.run());
        for (a, b) in before.connections.iter().zip(&after.connections) {
            if a.outcome == Outcome::Connected {
                prop_assert_eq!(b.outcome, Outcome::Connected, "{} in {}", a.connection.name, wider.yaml());
            }
        }
    }
}

proptest! {
    #![proptest_config(config(400))]

    /// Within a VPC a second evaluator, which shares nothing with the first, comes to the same outcome.
    #[test]
    fn a_naive_evaluator_agrees(mut world in world(8)) {
        for connection in &mut world.connections {
            connection.source_port = connection.source_port.or(Some(33_000));
        }
        let scenario = scenario(&world);
        for (connection, found) in world.connections.iter().zip(scenario.run().connections) {
            if let Some(expected) = evaluator::outcome(&world, connection) {
                let found = found.outcome.to_string();
                prop_assert_eq!(expected, found, "{:?} in {}", connection, world.yaml());
            }
        }
    }

    /// The short way to a verdict says what the long one does.
    #[test]
    fn a_verdict_is_that_of_the_trace(world in world(12)) {
        let scenario = scenario(&world);
        let mut scratch = Scratch::default();
        for report in scenario.run().connections {
            let short = verdict(&scenario.network, report.connection, &mut scratch);
            prop_assert_eq!(
                (short.outcome, short.symptom),
                (report.outcome, report.symptom),
                "{} in {}", report.connection.name, world.yaml()
            );
        }
    }

    /// A case says for each of its ports what a walk for that port alone does.
    #[test]
    fn a_case_stands_for_each_of_its_ports(world in world(8)) {
        let scenario = scenario(&world);
        for connection in scenario.run().connections.iter().map(|report| report.connection) {
            let whole = trace(&scenario.network, connection);
            for case in &whole.cases {
                let (from, to) = (case.source_ports.from(), case.source_ports.to());
                for port in [from, from.midpoint(to), to] {
                    let one = Connection { source_ports: PortRange::single(port), ..connection.clone() };
                    let alone = trace(&scenario.network, &one).cases;
                    let same = |other: &&Case| other.outcome == case.outcome && ways(other) == ways(case);
                    let found = alone.iter().find(same);
                    prop_assert!(found.is_some(), "{} from {port} in {}", connection.name, world.yaml());
                    if port == from {
                        let found = Case { source_ports: case.source_ports, ..found.unwrap().clone() };
                        prop_assert_eq!(&found, case, "{} in {}", connection.name, world.yaml());
                    }
                }
            }
        }
    }

    /// All blockers together, and nothing less, stand between a connection and success.
    #[test]
    fn blockers_are_exactly_what_must_be_mended(mut world in world(6)) {
        for connection in &mut world.connections {
            connection.source_port = connection.source_port.or(Some(33_000));
        }
        let scenario = scenario(&world);
        for report in scenario.run().connections {
            let trace = report.trace();
            let [case] = trace.cases.as_slice() else { continue };
            if !case.legs().all(|(_, leg)| leg.is_complete()) || case.outcome == Outcome::Unknown {
                continue;
            }
            let waivers = waivers(case);
            let outcome = |waived: &[Waiver]| trace_with(&scenario.network, report.connection, waived).outcome;
            prop_assert_eq!(outcome(&waivers), Outcome::Connected, "{} in {}", report.connection.name, world.yaml());
            for some in proper_subsets(&waivers) {
                let found = outcome(&some);
                prop_assert_ne!(found, Outcome::Connected, "{} waiving {:?} in {}", report.connection.name, some, world.yaml());
            }
        }
    }
}

/// Every decision of a case and its reason, without the packets.
fn ways(case: &Case) -> Vec<String> {
    let points = case.legs().flat_map(|(_, leg)| &leg.checkpoints);
    points
        .map(|point| format!("{:?}", (point.stage, point.place, point.decision, point.decided_by)))
        .collect()
}

/// What to overlook. A hairpin passes one network ACL twice, so that two blockers may be one waiver.
fn waivers(case: &Case) -> Vec<Waiver> {
    let mut waivers: Vec<Waiver> = Vec::new();
    for blocker in case.blockers() {
        let waiver = Waiver { stage: blocker.checkpoint.stage, place: blocker.checkpoint.place };
        if !waivers.contains(&waiver) {
            waivers.push(waiver);
        }
    }
    waivers
}

/// All of them if there are few, otherwise those that miss one.
fn proper_subsets(all: &[Waiver]) -> Vec<Vec<Waiver>> {
    let full = (1_u32 << all.len()) - 1;
    let chosen = |mask: u32| -> Vec<Waiver> {
        all.iter().enumerate().filter(|(bit, _)| mask & (1 << bit) != 0).map(|(_, waiver)| *waiver).collect()
    };
    if all.len() <= 4 {
        (0..full).map(chosen).collect()
    } else {
        (0..all.len()).map(|missing| chosen(full & !(1 << missing))).collect()
    }
}

proptest! {
    #![proptest_config(config(20))]

    #[test]
    fn threads_do_not_change_a_byte(world in world(40)) {
        let scenario = scenario(&world);
        let alone = text_by(1, &scenario);
        for threads in [2, 3, 8] {
            prop_assert_eq!(&alone, &text_by(threads, &scenario), "{} threads", threads);
        }
    }
}

fn fields() -> impl Strategy<Value = String> {
    let names: Vec<&'static str> =
        FIELDS.iter().filter(|field| field.kinds.vpc).map(|field| field.name).collect();
    vec(select(names), 1..12)
        .prop_map(|names| names.iter().map(|name| format!("${{{name}}}")).collect::<Vec<_>>().join(" "))
}

proptest! {
    #![proptest_config(config(100))]

    #[test]
    fn formats_survive_being_read_and_written(text in fields()) {
        let format: LogFormat = text.parse().unwrap();
        prop_assert_eq!(format.to_string(), text.as_str());
        prop_assert_eq!(text.parse::<LogFormat>().unwrap(), format);
    }

    /// No value is empty and none holds a space: a line has a word for each field.
    #[test]
    fn a_line_has_a_word_for_each_field(mut world in world(3), text in fields()) {
        world.log_format = Some(text.clone());
        let scenario = scenario(&world);
        for line in scenario.run().to_string().lines() {
            prop_assert_eq!(line.split(' ').count(), text.split(' ').count(), "{}", line);
            prop_assert!(line.split(' ').all(|word| !word.is_empty()), "{}", line);
        }
    }

    /// Whatever a record holds: each word is the value of its field, as the standard library writes it.
    #[test]
    fn words_are_the_values_of_fields(
        mut world in world(3),
        text in fields(),
        seen in vec((header(), numbers(), numbers(), numbers(), any::<u8>()), 8),
    ) {
        world.log_format = Some(text);
        let scenario = Scenario { duration: Some(Duration::from_secs(1800)), ..scenario(&world) };
        let mut report = scenario.run();
        for (record, (header, packets, bytes, start, tcp_flags)) in report.records.iter_mut().zip(seen.iter().cycle()) {
            record.start = Timestamp::from_milliseconds(*start);
            if let Some(flow) = &mut record.flow {
                *flow = Flow { header: *header, packets: *packets, bytes: *bytes, tcp_flags: TcpFlags(*tcp_flags).seen(), ..*flow };
            }
        }
        let text = report.to_string();
        for (line, record) in text.lines().zip(&report.records) {
            let row = report.row(record);
            let values: Vec<_> = report.format(record).values(&row).map(|(_, value)| value.to_string()).collect();
            prop_assert_eq!(line, values.join(" "));
            prop_assert_eq!(line, report.line(record));
        }
        prop_assert_eq!(text.lines().count(), report.records.len());
    }

    /// The last word on a leg: whoever gets the packet is named, and stopped legs deliver nothing.
    #[test]
    fn outcomes_agree_with_their_legs(world in world(6)) {
        let scenario = scenario(&world);
        for report in scenario.run().connections {
            for case in &report.trace().cases {
                let delivered = case.legs().all(|(_, leg)| leg.is_delivered());
                prop_assert_eq!(case.outcome == Outcome::Connected, delivered);
                prop_assert_eq!(case.outcome == Outcome::Blocked, case.forward.stopped_at.is_some());
                let has_blockers = case.blockers().next().is_some();
                prop_assert_eq!(matches!(case.outcome, Outcome::Blocked | Outcome::Unanswered), has_blockers);
                if let Some((Arrival::Interface(at), header)) = case.forward.arrival {
                    prop_assert!(scenario.network.network_interfaces[at].owns(header.destination));
                }
            }
        }
    }
}

/// Numbers of every length.
fn numbers() -> impl Strategy<Value = u64> {
    (0..64_u32, any::<u64>()).prop_map(|(shift, number)| number >> shift)
}

fn header() -> impl Strategy<Value = Header> {
    let ends = prop_oneof![
        any::<([u8; 4], [u8; 4])>().prop_map(|(a, b)| (IpAddr::from(a), IpAddr::from(b))),
        any::<([u8; 16], [u8; 16])>().prop_map(|(a, b)| (IpAddr::from(a), IpAddr::from(b))),
    ];
    let ports = any::<(u16, u16)>().prop_map(|(source, destination)| Payload::Ports { source, destination });
    let icmp = any::<(u8, u8)>().prop_map(|(kind, code)| Payload::Icmp(IcmpType { kind, code }));
    let what = prop_oneof![
        (select(&[Protocol::TCP, Protocol::UDP]), ports),
        (select(&[Protocol::ICMP, Protocol::ICMPV6]), icmp),
        (any::<u8>().prop_map(Protocol), Just(Payload::Opaque)),
    ];
    (ends, what).prop_map(|((source, destination), (protocol, payload))| Header {
        source,
        destination,
        protocol,
        payload,
    })
}

fn burst() -> impl Strategy<Value = Burst> {
    let times = (0..4_000_000_u64, prop_oneof![Just(0), 0..600_u64, 0..4_000_000_u64]);
    let flags = vec(select(&[TcpFlags::SYN, TcpFlags::ACK, TcpFlags::FIN_ACK, TcpFlags::SYN_ACK]), 0..4);
    let packets = prop_oneof![1..10_u64, 1..5_000_u64, 1..u64::from(u32::MAX)];
    (times, packets, 20..1501_u64, flags).prop_map(|((at, length), packets, size, flags)| Burst {
        leg: LegKind::Forward,
        at: Duration::from_millis(at),
        until: Duration::from_millis(at + length),
        packets,
        bytes: packets * size + 7 % size,
        flags: flags.into(),
        origin: None,
    })
}

proptest! {
    #![proptest_config(config(2000))]

    #[test]
    fn reversing_twice_changes_nothing(header in header()) {
        prop_assert_eq!(header.reversed().reversed(), header);
        prop_assert_eq!(header.reversed().source, header.destination);
    }

    #[test]
    fn no_packet_and_no_byte_is_lost(burst in burst(), minutes in select(&[1_u64, 10])) {
        let interval = minutes * 60_000;
        let cut: Vec<_> = portions(&burst, 0..burst.packets, Grid::aligned(Duration::from_millis(interval)), None).collect();
        prop_assert_eq!(cut.iter().map(|portion| portion.packets).sum::<u64>(), burst.packets);
        prop_assert_eq!(cut.iter().map(|portion| portion.bytes).sum::<u64>(), burst.bytes);
        let all = |flags: &mut dyn Iterator<Item = SeenFlags>| flags.fold(SeenFlags::default(), SeenFlags::and);
        if u64::try_from(burst.flags.len()).unwrap() <= burst.packets {
            let stated = all(&mut burst.flags.iter().map(|flags| flags.seen()));
            prop_assert_eq!(all(&mut cut.iter().map(|portion| portion.flags)), stated);
        }
        for portion in &cut {
            prop_assert!(portion.packets > 0 && portion.first <= portion.last);
            prop_assert_eq!((portion.first / interval, portion.last / interval), (portion.window, portion.window));
        }
        prop_assert!(cut.windows(2).all(|pair| pair[0].window < pair[1].window && pair[0].last <= pair[1].first));
        prop_assert_eq!(u128::from(cut[0].first), burst.at.as_millis());
        prop_assert!(u128::from(cut[cut.len() - 1].last) <= burst.until.as_millis());
    }
}

/// AWS chooses among prefix lists with one block; the choice is open as soon as any two of them disagree, in whatever
/// order they are written.
#[test]
fn every_prefix_list_counts() {
    let routes = ["a -> igw", "b -> igw", "c -> blackhole"];
    let outcome = |order: [usize; 3]| {
        let routes = order.map(|position| routes[position]).join(", ");
        let lists =
            ["a", "b", "c"].map(|name| format!("{{name: {name}, entries: [203.0.113.0/24]}}")).join(", ");
        let text = format!(
            "vpcs: [{{name: lab, cidr_block: 10.0.0.0/16, internet_gateway: igw}}]\n\
             prefix_lists: [{lists}]\n\
             subnets: [{{name: a, cidr_block: 10.0.0.0/24, routes: [{routes}]}}]\n\
             instances: [{{name: web, subnet: a, public_ip: 198.51.100.10}}]\n\
             connections: [{{name: call, from: web, to: 203.0.113.7, tcp: 443, source_port: 40000}}]\n"
        );
        let scenario = Scenario::parse("lists.yaml", &text).unwrap();
        let report = scenario.run();
        (report.connections[0].outcome, report.to_string())
    };
    let first = outcome([0, 1, 2]);
    assert_eq!(first.0, Outcome::Depends);
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        assert_eq!(outcome(order), first);
    }
}
