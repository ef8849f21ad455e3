#![doc = include_str!("../README.md")]

pub mod net;

pub mod diagnostic;

pub mod model;

mod input;
/// The answers of AWS's API that are read.
#[cfg(feature = "json")]
pub mod aws {
    pub use crate::input::aws::{ANSWERS, Answer, Use};
}

pub mod walk;

pub mod flowlog;
pub mod timeline;

#[cfg(feature = "graph")]
pub mod chronicle;
#[cfg(feature = "graph")]
pub mod graph;
#[cfg(feature = "json")]
mod sink;

mod assumed;
mod check;
mod files;
mod golden;
#[cfg(feature = "json")]
mod import;
mod limits;
mod load;
mod report;
mod scenario;
#[cfg(feature = "graph")]
mod svg;

pub use golden::{assert_golden, difference, write_whole};
#[cfg(feature = "json")]
pub use import::{Imported, import_aws};
pub use input::{ParseTextError, parse_icmp, shape};
pub use load::LoadError;
pub use report::{ConnectionReport, Failure, Report, Seen};
pub use scenario::{Change, Copied, Progress, Scenario};
