//! `flowcast timeline`: what is in a chronicle, and how it is drawn.

mod hostile;

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use flowcast::Scenario;
use flowcast::chronicle::{Chronicle, Fate, Overview, Selection};
use flowcast::model::LegKind;

const RULE_REMOVED: &str = "scenarios/aws/ct-rule-removed.yaml";
const ACL_CHANGED: &str = "scenarios/aws/fl-nacl-changed.yaml";
const ALL: Selection<'static> = Selection { only: None, most: usize::MAX };

/// A day with windows of two lengths and four events, and a connection for each of `clients`: untracked sessions of some
/// hours, as a rule that is open both ways has them.
fn day(clients: usize) -> String {
    let mut text = "\
scenario: a day of many clients
duration: 24h
vpcs: [{name: lab, cidr_block: 10.0.0.0/16, internet_gateway: igw}]
network_acls: [{name: edge, ingress: [100 allow all from 0.0.0.0/0], egress: [100 allow all to 0.0.0.0/0]}]
subnets: [{name: public, vpc: lab, cidr_block: 10.0.0.0/24, network_acl: edge, routes: [0.0.0.0/0 -> igw]}]
security_groups: [{name: web, ingress: [allow tcp 443 from 0.0.0.0/0], egress: [allow all to 0.0.0.0/0]}]
instances:
  - {name: new, type: t3.micro, subnet: public, security_groups: [web], private_ip: 10.0.0.10, public_ip: 198.51.100.20}
  - {name: old, type: t2.micro, subnet: public, security_groups: [web], private_ip: 10.0.0.11, public_ip: 198.51.100.21}
flow_logs: [{resource: lab, max_aggregation_interval: 600}]
events:
  - {at: 6h, name: an ACL refuses everything, add: {network_acls: [{name: edge, ingress: [90 deny all from 0.0.0.0/0]}]}}
  - {at: 7h30m, name: it is mended, remove: {network_acls: [{name: edge, ingress: [90 deny all from 0.0.0.0/0]}]}}
  - {at: 18h, add: {network_acls: [{name: edge, egress: [90 deny tcp 1024-65535 to 203.0.113.0/25]}]}}
  - {at: 18h1m, name: some are let out, add: {network_acls: [{name: edge, egress: [80 allow tcp 1024-65535 to 203.0.113.14/32]}]}}
connections:
"
    .to_owned();
    for number in 0..clients {
        let (host, to) = (number % 250, ["new", "old"][number % 2]);
        let (at, port) = (number * 71 % 1300, 10_000 + number % 50_000);
        let _ = write!(
            text,
            "  - name: client-{number}\n    from: 203.0.113.{host}\n    to: {to}\n    tcp: 443\n    \
             source_port: {port}\n    bursts:\n      \
             - {{leg: request, at: {at}m, until: {}m, packets: 400, bytes: 40000}}\n      \
             - {{leg: reply, at: {at}m, until: {}m, packets: 400, bytes: 400000}}\n",
            at + 90,
            at + 90
        );
    }
    text
}

fn scenario(text: &str) -> Scenario {
    Scenario::parse("day.yaml", text).unwrap_or_else(|error| panic!("{error}"))
}

fn flowcast(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowcast"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR"))).args(arguments);
    command.env_remove("COLUMNS").env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").output().unwrap()
}

fn out(arguments: &[&str]) -> String {
    let output = flowcast(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn drawings_are_those_reviewed() {
    let folder = tempfile::tempdir().unwrap();
    let many = folder.path().join("day.yaml");
    std::fs::write(&many, day(120)).unwrap();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots/timeline");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (name, path, most) in [
            ("rule-removed", RULE_REMOVED, "40"),
            ("acl-changed", ACL_CHANGED, "40"),
            ("day", many.to_str().unwrap(), "6"),
        ] {
            let drawn = |output| out(&["timeline", path, "--most", most, "--output", output]);
            insta::assert_snapshot!(format!("{name}-text"), drawn("text"));
            insta::assert_snapshot!(format!("{name}-svg"), drawn("svg"));
            if name != "day" {
                insta::assert_snapshot!(format!("{name}-json"), drawn("json"));
            }
        }
    });
}

/// The picture in the book is what the program draws.
#[test]
fn the_book_shows_what_is_drawn() {
    flowcast::assert_golden("book/src/timeline.svg", &out(&["timeline", RULE_REMOVED, "--output", "svg"]));
}

fn packets(overview: &Overview) -> u64 {
    let bins = overview.requests.iter().chain(&overview.replies);
    let of =
        |fate: &flowcast::chronicle::FateEntry| bins.clone().map(|bin| bin.packets(fate.fate)).sum::<u64>();
    flowcast::chronicle::FATES.iter().map(of).sum()
}

/// Every packet that is sent or stated is in one span, in one mark at any resolution, and in the overview.
#[test]
fn every_packet_is_somewhere() {
    let texts = crate::shapes::files_below("scenarios", "yaml")
        .into_iter()
        .map(|path| Scenario::load(&path).unwrap());
    let mut count = 0;
    for scenario in texts.chain([scenario(&day(30))]) {
        let report = scenario.run();
        let chronicle = Chronicle::of(&report, ALL);
        let mut all = 0;
        for account in &chronicle.accounts {
            let (bursts, _) = report.own_turns(account.connection).unwrap();
            let stated = scenario.connections[account.connection].bursts.iter().flatten();
            let sent: u64 = bursts.iter().map(|burst| burst.packets).sum();
            let missing = stated.filter(|burst| !bursts.iter().any(|other| other.leg == burst.leg));
            let sent = sent + missing.map(|burst| burst.packets).sum::<u64>();
            let spans = account.rows.iter().flat_map(|row| &row.spans);
            let told: u64 = spans.clone().map(|span| span.packets).sum();
            assert_eq!(told + account.later, sent, "{scenario}");
            assert!(spans.clone().all(|span| span.from <= span.to && span.to <= chronicle.end), "{scenario}");
            for resolution in [1, 1_000, 86_400_000, u64::MAX] {
                let marks = account.rows.iter().flat_map(|row| account.marks(row, resolution));
                assert_eq!(marks.map(|mark| mark.packets).sum::<u64>(), told, "{scenario}");
            }
            for span in spans {
                let way = span.passage.and_then(|way| account.passages.get(way));
                assert_eq!(way.map_or(Fate::NotSent, |way| way.fate), span.fate, "{scenario}");
            }
            all += told;
        }
        assert_eq!(packets(&chronicle.overview), all, "{scenario}");
        assert_eq!((chronicle.left_out, chronicle.accounts.len()), (0, scenario.connections.len()));
        count += chronicle.accounts.len();
    }
    assert!(count > 100, "the scenarios were not found");
}

/// A flip comes of the events between the packets that it parts, or else of memory; the records of a way are of its leg and of its time.
#[test]
fn flips_come_from_events() {
    for path in crate::shapes::files_below("scenarios", "yaml") {
        let scenario = Scenario::load(&path).unwrap();
        let report = scenario.run();
        let chronicle = Chronicle::of(&report, ALL);
        for flip in &chronicle.flips {
            let is_between = |at: Duration| {
                (u128::from(flip.between.0)..=u128::from(flip.between.1)).contains(&at.as_millis())
            };
            let has_events = scenario.changes.iter().any(|change| is_between(change.at));
            assert_eq!(flip.events.is_some(), has_events, "{}: {flip:?}", path.display());
            assert!(flip.between.0 <= flip.at && flip.at <= flip.between.1, "{}: {flip:?}", path.display());
        }
        for account in &chronicle.accounts {
            for (row, way) in account.rows.iter().flat_map(|row| {
                let ways = row.spans.iter().filter_map(|span| account.passages.get(span.passage?));
                ways.map(move |way| (row, way))
            }) {
                let legs = way.records.iter().map(|at| report.records[*at].flow.unwrap().cause.leg());
                assert!(legs.clone().all(|leg| leg == row.leg), "{}", path.display());
                assert_eq!(legs.count() == 0, way.records.is_empty());
            }
        }
    }
    let scenario = Scenario::load(RULE_REMOVED).unwrap();
    let report = scenario.run();
    let chronicle = Chronicle::of(&report, ALL);
    let told: Vec<_> =
        chronicle.flips.iter().map(|flip| (flip.at, flip.leg, flip.before, flip.after)).collect();
    assert_eq!(told, [(60_000, LegKind::Forward, Fate::Arrives, Fate::Rejected)]);
}

/// What is lost and repeated until it comes through flips twice, though planned packets wait in between.
#[test]
fn what_comes_through_again_flips_back() {
    let scenario = Scenario::load("scenarios/time/cut-and-back.yaml").unwrap();
    let report = scenario.run();
    let flips = Chronicle::of(&report, ALL).flips;
    let told: Vec<_> = flips.iter().map(|flip| (flip.at, flip.before, flip.after)).collect();
    assert_eq!(told, [(25_000, Fate::Arrives, Fate::Rejected), (40_000, Fate::Rejected, Fate::Arrives)]);
}

/// Traffic of profiles is not drawn; where its new connections fare otherwise is told all the same, by pairs.
#[test]
fn traffic_of_profiles_flips_by_pairs() {
    let text = "
scenario: a rule goes while clients come
duration: 10m
vpcs: [{name: lab, cidr_block: 10.0.0.0/16, internet_gateway: igw}]
subnets: [{name: public, cidr_block: 10.0.0.0/24, routes: [0.0.0.0/0 -> igw]}]
security_groups: [{name: web, ingress: [allow tcp 443 from 0.0.0.0/0]}]
instances: [{name: web, subnet: public, security_groups: [web], private_ip: 10.0.0.10, public_ip: 198.51.100.20}]
traffic:
  - {name: shoppers, profile: web-tier, from: internet, to: web, rate: 1/s, addresses: 20}
  - {name: early, profile: web-tier, from: internet, to: web, rate: 1/s, addresses: 7, until: 4m}
events:
  - {at: 5m, name: closed, remove: {security_groups: [{name: web, ingress: [allow tcp 443]}]}}
  - {at: 6m, name: nothing for them, add: {security_groups: [{name: web, ingress: [allow tcp 22 from 10.0.0.0/8]}]}}
";
    let scenario = scenario(text);
    let report = scenario.run();
    let chronicle = Chronicle::of(&report, ALL);
    let lines: Vec<String> = chronicle.flip_lines().collect();
    assert_eq!(
        lines,
        [
            "at 300s (event 1: closed): shoppers, 20 of 20 pairs: request turns from ACCEPT to REJECT at web ingress: group \
             web ingress: no ingress rules (day.yaml:6)"
        ]
    );
    let notes = chronicle.notes();
    assert!(notes.iter().any(|note| note.contains("traffic is not drawn: shoppers, early")), "{notes:?}");
    assert_eq!(chronicle.end, 600_000);
}

/// Those are drawn in which something flips; nothing is left out silently, and threads change nothing.
#[test]
fn of_many_connections_those_that_flip_are_drawn() {
    let scenario = scenario(&day(3_000));
    let report = scenario.run();
    let draw = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let chronicle = Chronicle::of(&report, Selection { only: None, most: 10 });
            let drawn: Vec<usize> = chronicle.accounts.iter().map(|account| account.connection).collect();
            assert_eq!((drawn.len(), chronicle.left_out), (10, 2_990));
            let first = &chronicle.flips[0];
            assert!(drawn.contains(&first.named[0]) && first.connections > 100, "{first:?}");
            (drawn, chronicle.flips.clone(), chronicle.overview.clone(), chronicle.svg())
        })
    };
    let once = draw(1);
    assert_eq!(once, draw(3));
    assert!(once.3.contains("2990 more connections besides the 10 drawn"));
    assert!(once.3.len() < 1 << 20, "{} bytes", once.3.len());
}

#[test]
fn lines_are_as_wide_as_asked_for() {
    for (width, columns) in [("40", 40), ("80", 80), ("200", 200)] {
        for path in [RULE_REMOVED, ACL_CHANGED] {
            let text = out(&["timeline", path, "--width", width]);
            let (_, chart) = text.split_once("\n\n").unwrap();
            for line in chart.lines().filter(|line| line.contains('|') || line.starts_with(' ')) {
                assert!(line.chars().count() <= columns, "{line}");
            }
        }
    }
}

/// Letters that take two columns of a terminal shift nothing: the axis begins below that of the others.
#[test]
fn wide_letters_shift_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wide.yaml");
    let text = "\
vpcs: [{name: lab, cidr_block: 10.0.0.0/16}]
subnets: [{name: a, cidr_block: 10.0.0.0/24}]
instances: [{name: one, subnet: a}, {name: other, subnet: a}]
connections:
  - {name: 名字, from: one, to: other, tcp: 80}
  - {name: 一个比二十四列更宽的连接的名字, from: one, to: other, tcp: 80}
  - {name: plain, from: one, to: other, tcp: 80}
";
    std::fs::write(&path, text).unwrap();
    let text = out(&["timeline", path.to_str().unwrap(), "--width", "80"]);
    let columns =
        |line: &str| -> usize { line.chars().map(|sign| if sign > '\u{2fff}' { 2 } else { 1 }).sum() };
    let begins: Vec<usize> =
        text.lines().filter_map(|line| line.split_once("request  ")).map(|(name, _)| columns(name)).collect();
    assert_eq!(begins, [26, 26, 26], "{text}");
}

/// A rule that stops a packet where no interface is, is seen in no record: nothing is called REJECT.
#[test]
fn what_no_record_says_is_no_reject() {
    let path = "scenarios/time/lattice-changes.yaml";
    let scenario = Scenario::load(path).unwrap();
    let chronicle = Chronicle::of(&scenario.run(), ALL).accounts;
    let fates = |name: &str| {
        let at = scenario.connections.iter().position(|of| of.name == name).unwrap();
        let rows =
            chronicle.iter().filter(|account| account.connection == at).flat_map(|own| own.rows.clone());
        rows.flat_map(|row| row.spans).map(|span| span.fate).collect::<Vec<_>>()
    };
    assert!(fates("new").iter().all(|fate| *fate == Fate::Dropped), "{:?}", fates("new"));
}

#[test]
fn exit_codes() {
    for (arguments, code) in [
        (&["timeline", RULE_REMOVED][..], 0),
        (&["timeline", RULE_REMOVED, "--connection", "new", "--connection", "tracked"], 0),
        (&["timeline", "scenarios/ping.yaml", "--most", "0"], 0),
        (&["timeline", RULE_REMOVED, "--connection", "absent"], 2),
        (&["timeline", RULE_REMOVED, "--width", "7"], 2),
        (&["timeline", RULE_REMOVED, "--output", "png"], 2),
        (&["timeline", "tests/data/invalid/address-in-use-prefix.yaml"], 3),
        (&["timeline", "absent.yaml"], 4),
    ] {
        let output = flowcast(arguments);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(output.stdout.is_empty(), code != 0, "{arguments:?}");
    }
    assert!(!out(&["timeline", RULE_REMOVED]).contains('\u{1b}'), "colours are for terminals");
}
