//! Outside formats to an [`Inventory`](crate::model::inventory::Inventory) and the traffic on it.
//!
//! Spelling lives here and nowhere else; how packets move is unknown here.

#[cfg(feature = "json")]
pub(crate) mod aws;
mod events;
mod fields;
mod foreign;
mod format;
mod network;
mod profile;
mod rule;
mod scalar;
mod scenario;
pub mod shape;
mod traffic;
mod yaml;

pub(crate) use events::ChangeText;
pub(crate) use format::{InputFormat, may_hold_answers};
#[cfg(feature = "json")]
use network::RESERVED as RESERVED_NAMES;
pub use scalar::{ParseTextError, parse_icmp};
#[cfg(feature = "json")]
use scenario::{DEFAULT_ACCOUNT, DEFAULT_REGION};
pub(crate) use scenario::{ScenarioText, read_scenario};
