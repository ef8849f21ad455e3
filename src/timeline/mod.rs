//! Traffic in time: which packets a connection sends, and when.

mod exchange;
mod spread;

pub use exchange::packets_of;
pub use spread::{Portion, portions};
