//! Traffic profiles: what programs of a kind do all day, as numbers from which connections are drawn.
//!
//! None of it is AWS's: the numbers are the assumption `traffic-profiles`. What becomes of the connections is decided by
//! the network's rules alone.

use std::fmt;
use std::time::Duration;

use super::{EPHEMERAL_PORTS, EphemeralPorts, Traffic};

/// A row of the table of profiles.
#[derive(Debug)]
pub struct Profile {
    /// Name in scenarios.
    pub name: &'static str,
    /// What it imitates.
    pub doc: &'static str,
    /// What is tried.
    pub services: &'static [Traffic],
    /// When connections, or sessions of several, begin.
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
    /// The kind of client, which says what its ephemeral ports are.
    pub client: &'static str,
    /// How many addresses `internet` stands for.
    pub addresses: u64,
    /// Whether some clients are far busier than others.
    pub is_skewed: bool,
}

/// When sessions begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Independently of one another, so many connections a day on average, in the course of the day that is named.
    Random {
        /// Connections a day, of all clients together.
        per_day: u64,
        /// The course of the day.
        course: &'static Course,
    },
    /// Each client with each server, again and again.
    Every {
        /// From one time to the next.
        period: Duration,
        /// When, after midnight in UTC, a period begins.
        offset: Duration,
        /// Over which time the beginnings are spread, in the same way in each period.
        stagger: Duration,
    },
}

/// Connections of one client, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// The least and the greatest number of connections.
    pub connections: (u64, u64),
    /// Milliseconds from one beginning to the next.
    pub gap: Distribution,
    /// Whether each goes to another server and service; otherwise all go to the same.
    pub roams: bool,
}

impl Session {
    /// One connection alone.
    pub const SINGLE: Self = Self { connections: (1, 1), gap: Distribution::Exactly(0), roams: false };

    /// Twice the connections of a session on average: a whole number.
    pub const fn twice_mean(&self) -> u64 {
        self.connections.0 + self.connections.1
    }
}

/// How numbers are distributed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distribution {
    /// Always this.
    Exactly(u64),
    /// Evenly from the first to the last.
    Between(u64, u64),
    /// Exponentially with this mean.
    Exponential(u64),
    /// Log-normally, about a median; a standard deviation up or down is a factor, in percent. Nothing is above `most`.
    LogNormal {
        /// Half of all are below.
        median: u64,
        /// The factor, in percent.
        spread_percent: u64,
        /// The greatest.
        most: u64,
    },
}

impl fmt::Display for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let span = humantime::format_duration;
        match self {
            Self::Random { per_day, course } => {
                let (number, unit) = match per_day {
                    day if day % DAY == 0 => (day / DAY, "second"),
                    day if day % 1440 == 0 => (day / 1440, "minute"),
                    day => (*day, "day"),
                };
                write!(f, "{number} a {unit}, {}", course.name)
            }
            Self::Every { period, offset, stagger } => {
                write!(f, "every {}", span(*period))?;
                if !offset.is_zero() {
                    write!(f, " from {} on", span(*offset))?;
                }
                write!(f, ", spread over {}", span(*stagger))
            }
        }
    }
}

impl Distribution {
    /// As people read it, in numbers of `unit`.
    pub fn in_units(&self, unit: &str) -> String {
        match self {
            Self::Exactly(number) => format!("{number} {unit}"),
            Self::Between(least, most) => format!("{least} to {most} {unit}"),
            Self::Exponential(mean) => format!("{mean} {unit} on average"),
            Self::LogNormal { median, spread_percent, most } => {
                let (whole, part) = (spread_percent / 100, spread_percent % 100 / 10);
                format!("{median} {unit}, factor {whole}.{part}, at most {most}")
            }
        }
    }

    /// The median or the mean.
    pub const fn typical(&self) -> u64 {
        match *self {
            Self::Exactly(number) | Self::Exponential(number) | Self::LogNormal { median: number, .. } => {
                number
            }
            Self::Between(least, most) => least + most.saturating_sub(least) / 2,
        }
    }
}

const fn log_normal(median: u64, spread_percent: u64, most: u64) -> Distribution {
    Distribution::LogNormal { median, spread_percent, most }
}

/// The course of a day in UTC: what happens in each hour, in thousandths of the mean.
#[derive(Debug, PartialEq, Eq)]
pub struct Course {
    /// Name.
    pub name: &'static str,
    /// What it imitates.
    pub doc: &'static str,
    /// By hour; they are 1000 on average.
    pub hours: [u64; 24],
}

/// Every course of a day.
pub static COURSES: &[&Course] = &[&FLAT, &OFFICE, &EVENING];

static FLAT: Course = Course { name: "flat", doc: "the same at all times", hours: [1000; 24] };

static OFFICE: Course = Course {
    name: "office",
    doc: "busy from 8 to 18 o'clock, with a break at noon",
    hours: [
        250, 200, 200, 200, 250, 400, 800, 1300, 1800, 2000, 2000, 1900, 1700, 1800, 1950, 1900, 1700, 1150,
        700, 450, 400, 350, 300, 300,
    ],
};

static EVENING: Course = Course {
    name: "evening",
    doc: "rising all day, busiest at 20 o'clock, quiet at 4",
    hours: [
        750, 500, 350, 280, 260, 320, 500, 740, 930, 1040, 1090, 1120, 1160, 1150, 1120, 1110, 1140, 1240,
        1420, 1610, 1730, 1690, 1480, 1270,
    ],
};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;
const USUAL_PATIENCE: Duration = Duration::from_secs(10);

/// Every profile.
pub static PROFILES: &[Profile] = &[
    Profile {
        name: "web-tier",
        doc: "browsers and apps that fetch pages over HTTPS",
        services: &[Traffic::Tcp(443)],
        pace: Pace::Random { per_day: 5 * DAY, course: &EVENING },
        session: Session::SINGLE,
        request: log_normal(900, 180, 1_000_000),
        response: log_normal(14_000, 400, 50_000_000),
        lasts: log_normal(600, 500, 300_000),
        patience: USUAL_PATIENCE,
        client: "nat",
        addresses: 400,
        is_skewed: true,
    },
    Profile {
        name: "database",
        doc: "application servers that keep connections to a database open for minutes",
        services: &[Traffic::Tcp(5432)],
        pace: Pace::Random { per_day: DAY / 10, course: &OFFICE },
        session: Session::SINGLE,
        request: log_normal(25_000, 350, 500_000_000),
        response: log_normal(180_000, 400, 4_000_000_000),
        lasts: log_normal(240_000, 300, 4 * 3_600_000),
        patience: USUAL_PATIENCE,
        client: "linux",
        addresses: 50,
        is_skewed: false,
    },
    Profile {
        name: "batch",
        doc: "jobs that start every hour and work through many short calls",
        services: &[Traffic::Tcp(8080)],
        pace: Pace::Every {
            period: Duration::from_secs(HOUR),
            offset: Duration::ZERO,
            stagger: Duration::from_secs(30),
        },
        session: Session { connections: (100, 400), gap: Distribution::Exponential(400), roams: false },
        request: log_normal(4_000, 200, 10_000_000),
        response: log_normal(30_000, 300, 100_000_000),
        lasts: log_normal(250, 250, 60_000),
        patience: USUAL_PATIENCE,
        client: "linux",
        addresses: 20,
        is_skewed: false,
    },
    Profile {
        name: "dns",
        doc: "queries to a resolver and their answers",
        services: &[Traffic::Udp(53)],
        pace: Pace::Random { per_day: 5 * DAY, course: &OFFICE },
        session: Session::SINGLE,
        request: Distribution::Between(28, 62),
        response: log_normal(110, 180, 1_232),
        lasts: Distribution::Exactly(0),
        patience: USUAL_PATIENCE,
        client: "linux",
        addresses: 100,
        is_skewed: true,
    },
    Profile {
        name: "internet-scan",
        doc: "scanners that knock once at a few ports, here and there, at all hours",
        services: &[
            Traffic::Tcp(23),
            Traffic::Tcp(22),
            Traffic::Tcp(80),
            Traffic::Tcp(443),
            Traffic::Tcp(445),
            Traffic::Tcp(3389),
            Traffic::Tcp(6379),
            Traffic::Tcp(8080),
            Traffic::Udp(5060),
        ],
        pace: Pace::Random { per_day: DAY / 5, course: &FLAT },
        session: Session { connections: (1, 12), gap: Distribution::Exponential(900), roams: true },
        request: Distribution::Exactly(0),
        response: Distribution::Exactly(0),
        lasts: Distribution::Between(20, 400),
        patience: Duration::from_secs(1),
        client: "nat",
        addresses: 300,
        is_skewed: false,
    },
    Profile {
        name: "ssh-brute-force",
        doc: "attackers that try one password after the other",
        services: &[Traffic::Tcp(22)],
        pace: Pace::Random { per_day: DAY / 10, course: &FLAT },
        session: Session { connections: (30, 300), gap: log_normal(2_500, 160, 60_000), roams: false },
        request: Distribution::Between(1_700, 2_100),
        response: Distribution::Between(2_100, 2_500),
        lasts: log_normal(1_800, 150, 20_000),
        patience: Duration::from_secs(3),
        client: "linux",
        addresses: 40,
        is_skewed: true,
    },
    Profile {
        name: "health-check",
        doc: "a load balancer or monitor that asks each target every 30 seconds",
        services: &[Traffic::Tcp(80)],
        pace: Pace::Every {
            period: Duration::from_secs(30),
            offset: Duration::ZERO,
            stagger: Duration::from_secs(30),
        },
        session: Session::SINGLE,
        request: Distribution::Exactly(130),
        response: Distribution::Between(180, 260),
        lasts: Distribution::Between(1, 15),
        patience: Duration::from_secs(5),
        client: "nat",
        addresses: 15,
        is_skewed: false,
    },
    Profile {
        name: "backup",
        doc: "a long transfer of gigabytes, every night from 2 to 3 o'clock",
        services: &[Traffic::Tcp(443)],
        pace: Pace::Every {
            period: Duration::from_secs(DAY),
            offset: Duration::from_secs(2 * HOUR),
            stagger: Duration::from_secs(HOUR),
        },
        session: Session::SINGLE,
        request: log_normal(6_000_000_000, 250, 500_000_000_000),
        response: log_normal(400_000, 200, 100_000_000),
        lasts: log_normal(1_500_000, 180, 6 * 3_600_000),
        patience: Duration::from_secs(60),
        client: "linux",
        addresses: 4,
        is_skewed: false,
    },
];

impl Profile {
    /// The ports of its clients.
    pub fn ephemeral_ports(&self) -> Option<&'static EphemeralPorts> {
        EPHEMERAL_PORTS.iter().find(|row| row.client == self.client)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_are_found_by_name_and_have_clients() {
        for (position, profile) in PROFILES.iter().enumerate() {
            assert!(
                PROFILES.iter().take(position).all(|other| other.name != profile.name),
                "{}",
                profile.name
            );
            assert!(profile.ephemeral_ports().is_some(), "{}", profile.name);
            assert!(!profile.services.is_empty() && profile.addresses > 0, "{}", profile.name);
            let (least, most) = profile.session.connections;
            assert!(1 <= least && least <= most, "{}", profile.name);
        }
    }

    #[test]
    fn a_course_is_the_mean_on_average() {
        for course in COURSES {
            let mean = course.hours.iter().sum::<u64>() / 24;
            assert!((980..=1020).contains(&mean), "{}: {mean}", course.name);
        }
    }
}
