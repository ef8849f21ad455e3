//! One connection in time: what was sent when, and what became of it.

use std::time::Duration;

use super::fate::{Fate, Passage};
use crate::model::{Burst, LegKind};
use crate::report::Report;
use crate::timeline::{Grid, Portion, Stretch, Turn, portions};

/// One connection.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its position in the scenario.
    pub connection: usize,
    /// A row for each leg of which something is sent or stated.
    pub rows: Vec<Row>,
    /// The ways that its packets went; only in what is drawn.
    pub passages: Vec<Passage>,
    /// Packets that are sent after the scenario's end.
    pub later: u64,
    pub(super) turns: Vec<Turn>,
    bursts: Vec<Burst>,
    end: Option<Duration>,
}

/// One leg.
#[derive(Debug, Clone)]
pub struct Row {
    /// Which.
    pub leg: LegKind,
    /// Its packets, in the order in which they begin.
    pub spans: Vec<Span>,
}

/// Consecutive packets of a burst that meet the same.
#[derive(Debug, Clone)]
pub struct Span {
    /// First packet, milliseconds from the scenario's start.
    pub from: u64,
    /// Last packet.
    pub to: u64,
    /// Number of packets.
    pub packets: u64,
    /// Sum of their IP lengths.
    pub bytes: u64,
    /// What becomes of them.
    pub fate: Fate,
    /// Position of the way that they go among the connection's; absent if nobody sends them.
    pub passage: Option<usize>,
    stretch: Stretch,
}

/// Packets that are so close that a picture shows them as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// First packet, milliseconds from the scenario's start.
    pub from: u64,
    /// Last packet.
    pub to: u64,
    /// Number of packets.
    pub packets: u64,
    /// Sum of their IP lengths.
    pub bytes: u64,
    /// What becomes of them.
    pub fate: Fate,
    /// Position of their way.
    pub passage: Option<usize>,
}

impl Account {
    /// Everything about the connection at a position.
    pub(super) fn of(report: &Report<'_>, connection: usize) -> Option<Self> {
        let mut account = Self::outline(report, connection)?;
        let times = |way: usize| {
            let of_way =
                account.rows.iter().flat_map(|row| &row.spans).filter(move |span| span.passage == Some(way));
            of_way.fold(None, |all: Option<(u64, u64)>, span| {
                let (from, to) = all.unwrap_or((span.from, span.to));
                Some((from.min(span.from), to.max(span.to)))
            })
        };
        let ways = account.turns.iter().enumerate();
        let passages = ways.map(|(way, turn)| Passage::of(report, connection, turn, times(way))).collect();
        account.passages = passages;
        Some(account)
    }

    /// The connection without what is said of its ways.
    pub(super) fn outline(report: &Report<'_>, connection: usize) -> Option<Self> {
        let (mut bursts, turns) = report.own_turns(connection)?;
        let end = report.scenario.duration;
        let mut all: Vec<Span> = Vec::new();
        let mut later = 0;
        let mut add = |bursts: &[Burst], stretch: Stretch, passage: Option<(usize, Fate)>| {
            let Some(burst) = bursts.get(stretch.burst) else { return };
            let count = stretch.packets.end.saturating_sub(stretch.packets.start);
            let whole = whole(burst, &stretch, end);
            later += count - whole.map_or(0, |whole| whole.packets);
            let Some(Portion { first, last, packets, bytes, .. }) = whole else { return };
            let (passage, fate) = passage.map_or((None, Fate::NotSent), |(way, fate)| (Some(way), fate));
            all.push(Span { from: first, to: last, packets, bytes, fate, passage, stretch });
        };
        for (way, turn) in turns.iter().enumerate() {
            let (fate, _) = Fate::of(report.scenario.network_at(turn.epoch), &turn.leg);
            turn.stretches.iter().for_each(|stretch| add(&bursts, stretch.clone(), Some((way, fate))));
        }
        // What is stated of a leg that cannot begin was left out.
        let stated = report.connections.get(connection)?.connection.bursts.iter().flatten();
        let is_missing = |burst: &&Burst| !bursts.iter().any(|other| other.leg == burst.leg);
        let missing: Vec<Burst> = stated.filter(is_missing).cloned().collect();
        bursts.extend(missing);
        for stretch in unsent(&bursts, &turns) {
            add(&bursts, stretch, None);
        }
        let rows = [LegKind::Forward, LegKind::Reverse].into_iter().filter_map(|leg| {
            let is_of_leg =
                |span: &&Span| bursts.get(span.stretch.burst).is_some_and(|burst| burst.leg == leg);
            let mut spans: Vec<Span> = all.iter().filter(is_of_leg).cloned().collect();
            spans.sort_by_key(|span| (span.from, span.to, span.passage));
            (!spans.is_empty()).then_some(Row { leg, spans })
        });
        let rows = rows.collect();
        Some(Self { connection, rows, passages: Vec::new(), later, turns, bursts, end })
    }

    /// The packets of `span`, cut every `resolution` milliseconds.
    pub(super) fn portions(&self, span: &Span, resolution: u64) -> impl Iterator<Item = Portion> {
        let grid = Grid::aligned(Duration::from_millis(resolution));
        let burst = self.bursts.get(span.stretch.burst).into_iter();
        burst.flat_map(move |burst| portions(burst, span.stretch.packets.clone(), grid, self.end))
    }

    /// The packets of `row`, of which those that are less than `resolution` milliseconds apart and go the same way are
    /// one mark: at most one for each such time and way, in the order in which they begin.
    pub fn marks(&self, row: &Row, resolution: u64) -> Vec<Mark> {
        let mut marks: Vec<(u64, Mark)> = Vec::new();
        for span in &row.spans {
            let (fate, passage) = (span.fate, span.passage);
            for portion in self.portions(span, resolution) {
                let Portion { window, first, last, packets, bytes, .. } = portion;
                let neighbour = marks.last_mut().filter(|(reached, mark)| {
                    (mark.fate, mark.passage) == (fate, passage) && window.abs_diff(*reached) <= 1
                });
                match neighbour {
                    Some((reached, mark)) => {
                        (mark.from, mark.to) = (mark.from.min(first), mark.to.max(last));
                        mark.packets = mark.packets.saturating_add(packets);
                        mark.bytes = mark.bytes.saturating_add(bytes);
                        *reached = window.max(*reached);
                    }
                    None => {
                        marks.push((window, Mark { from: first, to: last, packets, bytes, fate, passage }));
                    }
                }
            }
        }
        marks.into_iter().map(|(_, mark)| mark).collect()
    }
}

/// All packets of a stretch that are sent before `end`.
fn whole(burst: &Burst, stretch: &Stretch, end: Option<Duration>) -> Option<Portion> {
    portions(burst, stretch.packets.clone(), Grid::aligned(Duration::MAX), end).next()
}

/// Packets of `bursts` that went no way.
fn unsent(bursts: &[Burst], turns: &[Turn]) -> Vec<Stretch> {
    let mut sent: Vec<Vec<(u64, u64)>> = vec![Vec::new(); bursts.len()];
    for stretch in turns.iter().flat_map(|turn| &turn.stretches) {
        if let Some(of_burst) = sent.get_mut(stretch.burst) {
            of_burst.push((stretch.packets.start, stretch.packets.end));
        }
    }
    let mut unsent = Vec::new();
    for (position, (burst, mut sent)) in bursts.iter().zip(sent).enumerate() {
        sent.sort_unstable();
        let mut next = 0;
        for (start, end) in sent.into_iter().chain([(burst.packets, burst.packets)]) {
            if next < start {
                unsent.push(Stretch { burst: position, packets: next..start });
            }
            next = end.max(next);
        }
    }
    unsent
}
