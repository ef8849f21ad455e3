//! Outside formats to an [`Inventory`](crate::model::inventory::Inventory) and the traffic on it.
//!
//! Spelling lives here and nowhere else; how packets move is unknown here.

mod fields;
mod network;
mod rule;
mod scalar;
mod scenario;
pub mod shape;
mod traffic;
mod yaml;

pub use scalar::{ParseTextError, parse_icmp};
pub(crate) use scenario::{ScenarioText, read_scenario};
