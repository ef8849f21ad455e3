//! The connections that begin in a cell of time.

use std::ops::Range;
use std::time::Duration;

use super::draw::Draws;
use super::fixed::PLACES;
use crate::model::{Course, Habits, Pace, ProfiledTraffic, stable_hash};
use crate::net::Timestamp;
use crate::timeline::milliseconds;

/// Length of a cell in milliseconds. What is drawn depends on it, so that it never changes.
pub const CELL: u64 = 60_000;

const DAY: u64 = 86_400_000;

/// Binary places of expected numbers.
const MEAN_PLACES: u32 = 24;

/// One connection of a profile's traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// When it begins, milliseconds from the scenario's start.
    pub begin: u64,
    /// Payload bytes of the request.
    pub request: u64,
    /// Payload bytes of the response.
    pub response: u64,
    /// Milliseconds between opening and close.
    pub lasts: u32,
    /// Which of the traffic's edges.
    pub edge: u32,
    /// The client's port.
    pub port: u16,
}

/// Traffic of a profile, ready to be drawn.
#[derive(Debug)]
pub struct Drawn<'t> {
    habits: Habits,
    clients: &'t [Range<u32>],
    key: u64,
    /// Milliseconds from midnight in UTC, of some day, to the scenario's start.
    start: u64,
    begin: u64,
    end: u64,
    /// Of regular traffic, when in each period an edge begins, in the order of time.
    phases: Vec<(u64, u32)>,
    /// More connections than nearly any cell has.
    per_cell: u64,
}

impl<'t> Drawn<'t> {
    /// What `traffic` sends in a scenario that starts at `start`.
    pub fn of(traffic: &'t ProfiledTraffic, start: Timestamp) -> Self {
        let habits = traffic.habits;
        let mut phases = Vec::new();
        if let Pace::Every { stagger, .. } = habits.pace {
            let stagger = milliseconds(stagger).max(1);
            let names = traffic.edges.iter().map(|edge| stable_hash(&["phase", &edge.name]) % stagger);
            phases = names.zip(0..).collect();
            phases.sort_unstable();
        }
        let in_cell = habits.expected(traffic.edges.len(), Duration::from_millis(CELL));
        Self {
            habits,
            clients: &traffic.clients,
            key: stable_hash(&["traffic", &traffic.name]),
            start: start.milliseconds(),
            begin: milliseconds(habits.at),
            end: milliseconds(habits.until),
            phases,
            per_cell: u64::try_from(in_cell).unwrap_or(u64::MAX).saturating_mul(3).saturating_add(8),
        }
    }

    /// The cells in which connections begin.
    pub fn cells(&self) -> Range<u64> {
        self.begin / CELL..self.end.div_ceil(CELL)
    }

    /// Gives to `take` what begins in cell `number`; later connections of a session belong to the cell of its first.
    pub fn draw(&self, number: u64, take: &mut impl FnMut(Call)) {
        let cell = number.saturating_mul(CELL)..number.saturating_add(1).saturating_mul(CELL);
        let mut sitting =
            Sitting { of: self, draws: Draws::of(self.key, self.habits.seed, number), count: 0, number };
        match self.habits.pace {
            Pace::Random { per_day, course } => {
                let mean = self.mean(per_day, course, cell.start);
                let mut passed = sitting.draws.exponential() >> (PLACES - MEAN_PLACES);
                while passed < mean {
                    let begin = cell.start + passed.saturating_mul(CELL) / mean;
                    let edge = sitting.edge();
                    sitting.session(begin, edge, take);
                    passed = passed.saturating_add(sitting.draws.exponential() >> (PLACES - MEAN_PLACES));
                }
            }
            Pace::Every { period, offset, .. } => {
                let (period, offset) = (milliseconds(period).max(1), milliseconds(offset));
                self.regular(period, offset, &cell, |begin, edge| sitting.session(begin, edge, take));
            }
        }
    }

    /// How many sessions begin in the cell at `time`, on average.
    fn mean(&self, per_day: u64, course: &Course, time: u64) -> u64 {
        let minute = self.start.saturating_add(time) % DAY / 60_000;
        let at = |hour: u64| {
            let hour = usize::try_from(hour % 24).unwrap_or(0);
            course.hours.get(hour).copied().unwrap_or(1000)
        };
        let (hour, past) = (minute / 60, minute % 60);
        let share = at(hour) * (60 - past) + at(hour + 1) * past; // of 60 times a thousand
        let connections = u128::from(per_day) * u128::from(share) * u128::from(CELL);
        let sessions = (connections << MEAN_PLACES) * 2 / u128::from(self.habits.session.twice_mean().max(1));
        u64::try_from(sessions / (60_000 * u128::from(DAY))).unwrap_or(u64::MAX)
    }

    /// Gives to `begin` the edges that begin in `cell`, and when.
    fn regular(&self, period: u64, offset: u64, cell: &Range<u64>, mut begin: impl FnMut(u64, u32)) {
        let absolute = self.start.saturating_add(cell.start)..self.start.saturating_add(cell.end);
        let longest = self.phases.last().map_or(0, |(phase, _)| *phase);
        let first = absolute.start.saturating_sub(offset + longest) / period;
        for number in first.. {
            let base = number.saturating_mul(period).saturating_add(offset);
            if base >= absolute.end {
                break;
            }
            let from = self.phases.partition_point(|(phase, _)| base + phase < absolute.start);
            for (phase, edge) in self.phases.iter().skip(from) {
                let at = base + phase;
                if at >= absolute.end {
                    break;
                }
                begin(at - self.start, *edge);
            }
        }
    }
}

/// What is drawn of one cell.
struct Sitting<'d> {
    of: &'d Drawn<'d>,
    draws: Draws,
    /// Connections so far.
    count: u64,
    /// The cell.
    number: u64,
}

impl Sitting<'_> {
    /// A client with a server and service.
    fn edge(&mut self) -> u32 {
        let clients = u64::try_from(self.of.clients.len()).unwrap_or(0);
        let client = if self.of.habits.is_skewed {
            self.draws.skewed_below(clients)
        } else {
            self.draws.below(clients)
        };
        let edges = self.of.clients.get(usize::try_from(client).unwrap_or(0)).cloned().unwrap_or_default();
        let count = u64::from(edges.end - edges.start);
        edges.start + u32::try_from(self.draws.below(count)).unwrap_or(0)
    }

    /// Another server and service of the same client.
    fn sibling(&mut self, edge: u32) -> u32 {
        let client = self.of.clients.partition_point(|edges| edges.end <= edge);
        let edges = self.of.clients.get(client).cloned().unwrap_or(edge..edge + 1);
        edges.start + u32::try_from(self.draws.below(u64::from(edges.end - edges.start))).unwrap_or(0)
    }

    fn session(&mut self, begin: u64, mut edge: u32, take: &mut impl FnMut(Call)) {
        let habits = &self.of.habits;
        let (least, most) = habits.session.connections;
        let connections = if least == most { least } else { least + self.draws.below(most - least + 1) };
        let mut at = begin;
        for number in 0..connections {
            if number > 0 {
                at = at.saturating_add(self.draws.number(habits.session.gap));
                if habits.session.roams {
                    edge = self.sibling(edge);
                }
            }
            let port = self.port();
            let conversation = Call {
                begin: at,
                request: self.draws.number(habits.request),
                response: self.draws.number(habits.response),
                lasts: u32::try_from(self.draws.number(habits.lasts)).unwrap_or(u32::MAX),
                edge,
                port,
            };
            if (self.of.begin..self.of.end).contains(&at) {
                take(conversation);
            }
        }
    }

    /// The client's next port: kernels count up, and so do cells, each from where the one before should be.
    fn port(&mut self) -> u16 {
        let ports = self.of.habits.ports();
        let before = self.number.wrapping_mul(self.of.per_cell).wrapping_add(self.of.key);
        let offset = before.wrapping_add(self.count) % u64::from(ports.count());
        self.count += 1;
        ports.from().saturating_add(u16::try_from(offset).unwrap_or(0))
    }
}
