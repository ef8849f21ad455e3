//! Traffic in time: which packets a connection sends, and when.

mod exchange;
mod grid;
mod profile;
mod spread;
mod stretch;

pub use exchange::packets_of;
pub use grid::Grid;
pub use profile::{CELL, Conversation, Drawn, Form, Volume};
pub use spread::{Portion, portions};
pub use stretch::Stretch;

pub(crate) use spread::milliseconds;
