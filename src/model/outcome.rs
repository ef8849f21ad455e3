//! How a connection ends, and what a scenario expects of it.

use std::net::IpAddr;

use super::by_name::display_by_name;
use crate::diagnostic::Located;

/// Whether a connection works, as the network decides it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Request and reply arrive.
    Connected,
    /// The request does not arrive.
    Blocked,
    /// The reply does not arrive; the request does, or it is not known whether it does.
    Unanswered,
    /// It depends on what is not fixed: the cases differ.
    Depends,
    /// It rests on something not modelled or not collected, and no certain deny decides it.
    Unknown,
}

impl Outcome {
    /// All outcomes and their names.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("connected", Self::Connected),
        ("blocked", Self::Blocked),
        ("unanswered", Self::Unanswered),
        ("depends", Self::Depends),
        ("unknown", Self::Unknown),
    ];
}

/// What the client's program sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Symptom {
    /// It gets what it asked for.
    Connects,
    /// It waits until it gives up.
    Timeout,
    /// It is told at once that nobody listens.
    Refused,
    /// An open connection is torn down.
    Reset,
    /// It sent datagrams and hears nothing.
    NoReply,
}

impl Symptom {
    /// All symptoms and their names.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("connects", Self::Connects),
        ("timeout", Self::Timeout),
        ("refused", Self::Refused),
        ("reset", Self::Reset),
        ("no-reply", Self::NoReply),
    ];
}

/// Whether and why a security group remembers a flow.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tracking {
    /// Its replies pass without a rule.
    Tracked,
    /// Open rules in both directions: its replies are matched against the rules.
    Untracked,
    /// Tracked because of what it passes through, whatever the rules.
    Automatic,
}

impl Tracking {
    /// All kinds and their names.
    pub const NAMES: [(&'static str, Self); 3] =
        [("tracked", Self::Tracked), ("untracked", Self::Untracked), ("automatic", Self::Automatic)];
}

display_by_name!(Outcome, Symptom, Tracking);

/// What a scenario expects of one connection; every part may be left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Expectation {
    /// The connection's name.
    pub connection: Option<Located<String>>,
    /// Its outcome.
    pub outcome: Option<Located<Outcome>>,
    /// What the client sees.
    pub symptom: Option<Located<Symptom>>,
    /// All blockers of both legs, in order, by their short names.
    pub blocked_by: Option<Located<Vec<String>>>,
    /// Rules that admit it, in order and among others, by their short names.
    pub allowed_by: Option<Located<Vec<String>>>,
    /// The route chosen first on the way of the request: `10.0.0.0/8 -> local`, or `none`.
    pub route: Option<Located<String>>,
    /// How the server's security group remembers it, or the client's when the server has none.
    pub tracking: Option<Located<Tracking>>,
    /// Number of its records.
    pub records: Option<Located<u64>>,
    /// Actions of its records, in order.
    pub actions: Option<Located<Vec<String>>>,
    /// The address by which the far end knows the client.
    pub seen_as: Option<Located<IpAddr>>,
}
