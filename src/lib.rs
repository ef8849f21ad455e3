#![doc = include_str!("../README.md")]

pub mod net;

pub mod diagnostic;

pub mod model;

mod input;
pub mod walk;

pub mod flowlog;
pub mod timeline;

mod assumed;
mod check;
mod golden;
mod limits;
mod report;
mod scenario;

pub use golden::{assert_golden, difference, write_whole};
pub use input::{ParseTextError, parse_icmp, shape};
pub use report::{ConnectionReport, Failure, Report, Seen};
pub use scenario::{LoadError, Scenario};
