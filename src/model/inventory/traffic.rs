//! Connections and traffic of profiles as they were read.

use std::net::IpAddr;
use std::time::Duration;

use super::Reference;
use crate::diagnostic::{Located, Origin};
use crate::model::{Burst, EphemeralPorts, Exchange, Habits, Traffic};
use crate::net::Family;

/// Traffic of a profile.
#[derive(Debug, Clone, PartialEq)]
pub struct ProfiledTraffic {
    /// Name, unique in the scenario.
    pub name: String,
    /// The clients.
    pub from: Vec<Reference>,
    /// The servers.
    pub to: Vec<Reference>,
    /// What is tried, at least one.
    pub services: Vec<Traffic>,
    /// How many addresses `internet` stands for.
    pub addresses: u64,
    /// The family to use between names that have both.
    pub family: Option<Family>,
    /// What is drawn.
    pub habits: Habits,
    /// Where it was read.
    pub origin: Option<Origin>,
}

/// A connection to simulate.
#[derive(Debug, Clone, PartialEq)]
pub struct Connection {
    /// Name, unique in the scenario.
    pub name: String,
    /// Who opens it: a name, an id, an address or `internet`.
    pub from: Reference,
    /// Whom it is for.
    pub to: Reference,
    /// Protocol and ports.
    pub traffic: Traffic,
    /// The client's port; `None` stands for its whole ephemeral range.
    pub source_port: Option<u16>,
    /// The client's system, which decides its ephemeral range.
    pub ephemeral_ports: &'static EphemeralPorts,
    /// The address the client sends from, when not its primary one.
    pub source_address: Option<Located<IpAddr>>,
    /// The family to use between names that have both.
    pub family: Option<Family>,
    /// Offset from the scenario's start.
    pub at: Duration,
    /// Sizes and patience of a simulated exchange.
    pub exchange: Exchange,
    /// Stated traffic, instead of the exchange.
    pub bursts: Option<Vec<Burst>>,
    /// How often it is opened.
    pub repeat: Repeat,
    /// Where it was read.
    pub origin: Option<Origin>,
}

/// How often a connection is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repeat {
    /// From one beginning to the next.
    pub every: Duration,
    /// How often in all.
    pub times: u64,
}

impl Default for Repeat {
    fn default() -> Self {
        Self { every: Duration::ZERO, times: 1 }
    }
}

impl Connection {
    /// Itself, or each of its repetitions: the second is called `name #2`.
    pub fn repetitions(&self) -> impl Iterator<Item = Self> + '_ {
        (0..self.repeat.times).map(|number| {
            let later = self.repeat.every.saturating_mul(u32::try_from(number).unwrap_or(u32::MAX));
            let name = if number == 0 { self.name.clone() } else { repetition(&self.name, number + 1) };
            let mut bursts = self.bursts.clone();
            for burst in bursts.iter_mut().flatten() {
                (burst.at, burst.until) = (burst.at.saturating_add(later), burst.until.saturating_add(later));
            }
            Self {
                name,
                at: self.at.saturating_add(later),
                bursts,
                repeat: Repeat::default(),
                ..self.clone()
            }
        })
    }

    /// When its first packet is sent, from the scenario's start.
    pub fn begin(&self) -> Duration {
        crate::model::connection::first_packet(self.at, self.bursts.as_deref())
    }
}

/// What a repetition of a connection is called, the second being number 2.
pub(crate) fn repetition(name: &str, number: u64) -> String {
    format!("{name} #{number}")
}

/// The name of the first of a connection's repetitions, and how many stand before the one called `name`.
pub(crate) fn first_of(name: &str) -> (&str, u64) {
    let digits = name.bytes().rev().take_while(u8::is_ascii_digit).count();
    let later = name.split_at_checked(name.len() - digits).and_then(|(before, number)| {
        let first = before.strip_suffix(" #")?;
        Some((first, number.parse::<u64>().ok()?.checked_sub(1)?))
    });
    later.unwrap_or((name, 0))
}

/// Whether `name` is that of the connection `first` or of one of its repetitions.
pub fn is_repetition(name: &str, first: &str) -> bool {
    let number = name.strip_prefix(first).and_then(|rest| rest.strip_prefix(" #"));
    name == first || number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}
