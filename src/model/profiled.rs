//! Traffic of a profile: who does it with whom.

use std::ops::Range;
use std::time::Duration;

use super::{Connection, Distribution, EphemeralPorts, Pace, Session};
use crate::net::PortRange;

/// Traffic of a profile between ends that are known.
#[derive(Debug, Clone)]
pub struct ProfiledTraffic {
    /// Name, unique in the scenario.
    pub name: String,
    /// What is drawn.
    pub habits: Habits,
    /// Each client with each server and service, in this order: what may connect, and with what.
    pub edges: Vec<Connection>,
    /// Which edges a client has: those of clients that have none are left out.
    pub clients: Vec<Range<u32>>,
    /// Whether `internet` is among its ends.
    pub has_strangers: bool,
}

/// A profile with what a scenario says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Habits {
    /// When sessions begin.
    pub pace: Pace,
    /// Connections that follow one another.
    pub session: Session,
    /// Payload bytes of the request.
    pub request: Distribution,
    /// Payload bytes of the response.
    pub response: Distribution,
    /// Milliseconds between a TCP connection's opening and its close.
    pub lasts: Distribution,
    /// How long a client tries that gets no answer.
    pub patience: Duration,
    /// The client's ports.
    pub ephemeral_ports: &'static EphemeralPorts,
    /// Whether some clients are far busier than others.
    pub is_skewed: bool,
    /// What is drawn depends on it.
    pub seed: u64,
    /// When the first connection may begin, from the scenario's start.
    pub at: Duration,
    /// When none begins any more.
    pub until: Duration,
}

impl Habits {
    /// The client's ports.
    pub fn ports(&self) -> PortRange {
        let EphemeralPorts { from, to, .. } = *self.ephemeral_ports;
        PortRange::new(from, to).unwrap_or(PortRange::ALL)
    }

    /// How many connections begin within `time`, on average and at the busiest: a bound that is seldom passed.
    pub fn expected(&self, edges: usize, time: Duration) -> u128 {
        let milliseconds = time.as_millis();
        match self.pace {
            Pace::Random { per_day, .. } => u128::from(per_day) * milliseconds / 86_400_000,
            Pace::Every { period, .. } => {
                let times = milliseconds / period.as_millis().max(1) + 1;
                times * edges as u128 * u128::from(self.session.twice_mean()) / 2
            }
        }
    }
}
