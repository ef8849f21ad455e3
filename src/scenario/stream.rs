//! A run in parts: traffic is drawn, walked and written while time goes by, so that in memory is what is open.

use std::time::Duration;

use rayon::prelude::*;
use smallvec::SmallVec;

use super::{Scenario, ports};
use crate::flowlog::{Aggregation, Edge, Part, Recorder, SeenOnWay, ShownPort, Stream, StreamCount};
use crate::model::{Burst, Connection, LegKind, Outcome, ProfiledTraffic};
use crate::net::PortRange;
use crate::report::{ConnectionReport, Report};
use crate::timeline::{CELL, Call, Conversation, Drawn, Epoch, Form, Turn, packets_of};
use crate::walk::{Case, Leg, trace};

/// Connections that are drawn at a time, about: their records stay in a cache while they are sorted and written.
const AT_ONCE: u128 = 1 << 15;

/// Connections of one unit of work, about: many for each thread, so that none waits long for another's last.
const UNIT: u128 = 1 << 10;

/// Numbers the ports that proxies choose, apart from those of translations.
const PROXIED: u32 = 1 << 16;

/// The longest part: a day.
const LONGEST: u64 = 1440;

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The time that is over, from the scenario's start.
    pub done: Duration,
    /// The time there is.
    pub of: Duration,
}

/// What one unit of work gave: counts, and connections of which there is more to come.
type Drawing = (Vec<StreamCount>, Vec<(u32, Call)>);

/// A case of an edge, before it has its place.
struct EdgeCase<'a> {
    report: ConnectionReport<'a>,
    source_ports: PortRange,
    form: Form,
    ways: Vec<SeenOnWay>,
}

impl Scenario {
    /// As [`Scenario::run`], in parts of time that follow one another: `take` is given a report again and again, each
    /// with the records of the windows that closed since the last one. Together they are those of the whole, in the same
    /// order. The last report, which is returned, has those records that the expectations are about.
    ///
    /// A run in parts needs memory for what is open at one time, however long it is.
    ///
    /// # Errors
    /// The first of `take`.
    pub fn run_in_parts<E>(
        &self,
        take: impl FnMut(&Report<'_>, Progress) -> Result<(), E>,
    ) -> Result<Report<'_>, E> {
        self.run_by(self.step(), take)
    }

    /// As [`Scenario::run_in_parts`], each of `step` cells.
    fn run_by<E>(
        &self,
        step: u64,
        mut take: impl FnMut(&Report<'_>, Progress) -> Result<(), E>,
    ) -> Result<Report<'_>, E> {
        let aggregation =
            Aggregation { start: self.start, duration: self.duration, phase: self.window_phase };
        let epochs = self.epochs();
        let recorder = Recorder::new(&epochs, aggregation);
        let (reports, counts) = self.walk_all(&self.connections, &epochs, &recorder);
        let mut stream = Stream::new(&recorder, counts);
        let stated = reports.len();
        let mut report = Report::new(self, reports, Vec::new());
        report.edges = self.begin(&mut stream, &epochs, stated);
        let mut kept = Vec::new();
        let mut give = |report: &mut Report<'_>, progress| {
            report.forget_order();
            kept.extend(report.expected_records());
            take(report, progress)
        };
        let drawn: Vec<Drawn<'_>> =
            self.traffic.iter().map(|traffic| Drawn::of(traffic, self.start)).collect();
        let bases: Vec<u32> = self
            .traffic
            .iter()
            .scan(0, |base, traffic| {
                let own = *base;
                *base += u32::try_from(traffic.edges.len()).unwrap_or(u32::MAX);
                Some(own)
            })
            .collect();
        let cells = drawn.iter().map(Drawn::cells).reduce(|a, b| a.start.min(b.start)..a.end.max(b.end));
        let cells = cells.unwrap_or(0..0);
        let end = self.duration.map_or(u64::MAX, crate::timeline::milliseconds);
        let of = self.duration.unwrap_or(Duration::from_millis(cells.end * CELL));
        let mut live: Vec<(u32, Call)> = Vec::new();
        let mut cell = cells.start - cells.start % step;
        while (cell < cells.end || !live.is_empty()) && cell * CELL < end {
            let next = cell + step;
            let part = Part { begin: cell * CELL, end: next * CELL };
            let again = live.par_chunks(1024).map(|chunk| {
                let mut drawing = Drawing::default();
                for (base, conversation) in chunk {
                    draw(&stream, *base, *conversation, part, &mut drawing);
                }
                drawing
            });
            let mut units = Vec::new();
            for ((traffic, drawn), base) in self.traffic.iter().zip(&drawn).zip(&bases) {
                let own = drawn.cells();
                let expected = traffic.habits.expected(traffic.edges.len(), Duration::from_millis(CELL));
                let at_once =
                    usize::try_from((UNIT / expected.max(1)).clamp(1, u128::from(step))).unwrap_or(1);
                let (from, to) = (own.start.max(cell), own.end.min(next));
                units.extend((from..to).step_by(at_once).map(|from| {
                    let to = to.min(from + at_once as u64);
                    (drawn, *base, from..to)
                }));
            }
            let new = units.into_par_iter().map(|(drawn, base, cells)| {
                let mut drawing = Drawing::default();
                for cell in cells {
                    drawn.draw(cell, &mut |conversation| {
                        draw(&stream, base, conversation, part, &mut drawing);
                    });
                }
                drawing
            });
            let drawings: Vec<Drawing> = again.chain(new).collect();
            let (counts, alive): (Vec<_>, Vec<_>) = drawings.into_iter().unzip();
            live = alive.into_iter().flatten().collect();
            stream.close(counts, Some(part.end), &mut report.records);
            give(&mut report, Progress { done: Duration::from_millis(part.end).min(of), of })?;
            cell = next;
        }
        stream.close(Vec::new(), None, &mut report.records);
        give(&mut report, Progress { done: of, of })?;
        report.set_records(kept);
        Ok(report)
    }

    /// Walks every edge once in each network, and says what interfaces see of it.
    fn begin<'a>(
        &'a self,
        stream: &mut Stream<'_, '_>,
        epochs: &[Epoch<'a>],
        stated: usize,
    ) -> Vec<ConnectionReport<'a>> {
        let mut reports = Vec::new();
        let mut by_network = Vec::with_capacity(epochs.len());
        for epoch in 0..epochs.len() {
            let cases = |edge: Option<&'a Connection>| {
                edge.map(|edge| self.cases_of(epochs, epoch, edge)).unwrap_or_default()
            };
            let walked: Vec<Vec<EdgeCase<'a>>> = self.edges_at(epoch).into_par_iter().map(cases).collect();
            let mut edges = Vec::with_capacity(walked.len());
            for cases in walked {
                let mut edge = Edge::default();
                for EdgeCase { report, source_ports, form, ways } in cases {
                    edge.add(stream.sites(), source_ports, form, &ways, stated + reports.len());
                    reports.push(report);
                }
                edges.push(edge);
            }
            by_network.push(edges);
        }
        stream.begin(by_network);
        reports
    }

    /// The edges as the network at the position `epoch` has them; none where the client is there no more.
    pub(crate) fn edges_at(&self, epoch: usize) -> Vec<Option<&Connection>> {
        match epoch.checked_sub(1).and_then(|change| self.changes.get(change)) {
            Some(change) => change.edges.iter().map(Option::as_ref).collect(),
            None => self.traffic.iter().flat_map(|traffic| traffic.edges.iter().map(Some)).collect(),
        }
    }

    fn cases_of<'a>(&'a self, epochs: &[Epoch<'a>], epoch: usize, edge: &'a Connection) -> Vec<EdgeCase<'a>> {
        let network = self.network_at(epoch);
        let trace = trace(network, edge);
        let cases = trace.cases.iter().enumerate().map(|(position, case)| {
            let chosen = (position, case.source_ports.from());
            let report = ConnectionReport::new((epoch, network), edge, &trace, chosen);
            EdgeCase {
                report,
                source_ports: case.source_ports,
                form: Form::of(case, packets_of(edge, case)),
                ways: all_ways(epochs, &report, case),
            }
        });
        cases.collect()
    }

    /// Cells of a part: it depends on the scenario alone, and the records do not depend on it.
    fn step(&self) -> u64 {
        let cell = Duration::from_millis(CELL);
        let of = |traffic: &ProfiledTraffic| traffic.habits.expected(traffic.edges.len(), cell);
        let expected: u128 = self.traffic.iter().map(of).sum();
        u64::try_from(AT_ONCE / expected.max(1)).unwrap_or(LONGEST).clamp(1, LONGEST)
    }
}

/// The ways of packets of an edge's case, and of those that proxies carry on: as many, while the network stays as it is and
/// they arrive. What is not shown, the notes of the report say.
fn all_ways(epochs: &[Epoch<'_>], of: &ConnectionReport<'_>, case: &Case) -> Vec<SeenOnWay> {
    let mut ways: Vec<SeenOnWay> = edge_ways(epochs, of, case).into_iter().map(|(_, seen)| seen).collect();
    let is_carried = case.outcome == Outcome::Connected && epochs.len() == 1;
    for (proxies, (connection, behind)) in (1..).zip(case.behind()).filter(|_| is_carried) {
        let of = of.behind(connection, behind);
        let is_preserved = connection.request.source == case.request.source;
        for (leg, walked) in behind.legs() {
            let sightings = super::seen_on(of.network, &of, behind, leg, walked);
            let mut ports = ports::shown(&sightings, behind, leg);
            for port in ports.iter_mut().flatten().filter(|port| **port == ShownPort::Client && !is_preserved)
            {
                *port = ShownPort::Chosen {
                    leg: LegKind::Forward,
                    at: PROXIED + proxies,
                    ports: behind.source_ports,
                };
            }
            ways.push(SeenOnWay { epoch: of.epoch, leg, sightings, ports });
        }
    }
    ways
}

/// The ways of packets of an edge's case: both legs, and those of packets after each change of a connection that lives
/// through it. Such a connection is not idle for so long that anything is forgotten: assumed, profile-pauses.
pub(crate) fn edge_ways(
    epochs: &[Epoch<'_>],
    of: &ConnectionReport<'_>,
    case: &Case,
) -> Vec<(Leg, SeenOnWay)> {
    if of.epoch + 1 >= epochs.len() {
        let way = |(leg, walked): (LegKind, &Leg)| {
            let sightings = super::seen_on(of.network, of, case, leg, walked);
            let ports = ports::shown(&sightings, case, leg);
            (walked.clone(), SeenOnWay { epoch: of.epoch, leg, sightings, ports })
        };
        return case.legs().map(way).collect();
    }
    // A request and a reply in each network; each holds for a second.
    let second = |number: usize| Duration::from_secs(u64::try_from(number).unwrap_or(u64::MAX));
    let short: Vec<Epoch<'_>> =
        epochs.iter().enumerate().map(|(number, epoch)| Epoch { from: second(number), ..*epoch }).collect();
    let packet = |number: usize, leg: LegKind, after: u64| {
        let at = second(number) + Duration::from_millis(after);
        Burst { leg, at, until: at, packets: 1, bytes: 60, flags: SmallVec::new(), origin: None }
    };
    let both = |number| [packet(number, LegKind::Forward, 100), packet(number, LegKind::Reverse, 200)];
    let bursts = (of.epoch..epochs.len()).flat_map(both).collect();
    let connection = Connection { bursts: Some(bursts), ..of.connection.clone() };
    let (asked, seeds) = ports::chosen(case, &connection, of.source_port);
    let translations = seeds.translations().to_vec();
    let followed = Conversation::new(&short, of.epoch, &connection, case, asked, seeds);
    let (_, turns) = followed.until(Duration::MAX).into_parts();
    let way = |turn: Turn| {
        let network = epochs.get(turn.epoch).map_or(of.network, |epoch| epoch.network);
        let sightings = super::seen_by(network, case, &turn.leg);
        let ports = ports::shown_of(&sightings, turn.kind, &translations, of.source_port);
        (turn.leg, SeenOnWay { epoch: turn.epoch, leg: turn.kind, sightings, ports })
    };
    turns.into_iter().map(way).collect()
}

/// Counts a connection, and keeps it when there is more to come.
fn draw(stream: &Stream<'_, '_>, base: u32, of: Call, part: Part, drawing: &mut Drawing) {
    let edge = usize::try_from(base + of.edge).unwrap_or(usize::MAX);
    if stream.count(edge, of, part, &mut drawing.0) {
        drawing.1.push((base, of));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    /// Profiles of all kinds, sessions, what lasts for many windows, stated connections, two lengths of windows, losses.
    const TEXT: &str = "
start: 2026-03-02T08:30:00Z
duration: 65m
vpcs: [{name: lab, cidr_block: 10.0.0.0/16, internet_gateway: igw}]
subnets: [{name: a, cidr_block: 10.0.0.0/24, routes: [0.0.0.0/0 -> igw]}]
security_groups: [{name: sg, ingress: [allow tcp 443 from 0.0.0.0/0, allow udp 53 from 10.0.0.0/8]}]
instances:
  - {name: web, subnet: a, security_groups: [sg], private_ip: 10.0.0.10, public_ip: 203.0.113.10}
  - {name: old, subnet: a, type: t2.micro, security_groups: [sg], private_ip: 10.0.0.11}
flow_logs:
  - {name: all, resource: lab, max_aggregation_interval: 600, skipdata: [20m]}
  - {name: refused, resource: web, traffic_type: REJECT}
connections:
  - {name: stated, from: old, to: web, tcp: 443, at: 10m, source_port: 40000}
  - name: long
    from: old
    to: web
    tcp: 443
    source_port: 40001
    bursts: [{leg: request, at: 2m, until: 60m, packets: 4000, bytes: 400000}]
traffic:
  - {profile: web-tier, from: internet, to: web, rate: 30/m, addresses: 40, lasts: 100s}
  - {profile: database, from: old, to: web, tcp: 443, rate: 2/m}
  - {profile: dns, from: web, to: old, rate: 20/m, until: 50m}
  - {profile: internet-scan, from: internet, to: [web], rate: 10/m, addresses: 20, at: 90s}
  - {profile: batch, from: old, to: web, tcp: 443}
  - {profile: health-check, from: [old, web], to: [web, old], tcp: [443, 80]}
";

    fn lines(scenario: &Scenario, step: u64) -> String {
        let mut text = Vec::new();
        let mut last = None;
        let run = scenario.run_by(step, |part, _| {
            let written = part.write_more_records(&mut text, true, last.as_ref());
            assert!(written.is_ok());
            last = part.records.last().copied().or(last);
            Ok::<(), Infallible>(())
        });
        assert!(run.is_ok());
        String::from_utf8_lossy(&text).into_owned()
    }

    fn scenario() -> Option<Scenario> {
        let read = Scenario::parse("lab.yaml", TEXT);
        assert!(read.is_ok(), "{read:?}");
        read.ok()
    }

    #[test]
    fn where_a_run_is_cut_makes_no_difference() {
        let Some(scenario) = scenario() else { return };
        let whole = lines(&scenario, 1000);
        assert!(whole.lines().count() > 5_000, "{}", whole.lines().count());
        for step in [1, 2, 7, 10, 60] {
            assert!(lines(&scenario, step) == whole, "parts of {step} minutes");
        }
    }

    #[test]
    fn the_number_of_threads_makes_no_difference() {
        let Some(scenario) = scenario() else { return };
        let whole = lines(&scenario, 10);
        for threads in [1, 2, 3, 8] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            let same = pool.is_ok_and(|pool| pool.install(|| lines(&scenario, 10)) == whole);
            assert!(same, "{threads} threads");
        }
    }
}
