//! Traffic of profiles: connections drawn from seeded streams, and their packets.
//!
//! Time is cut into cells of a minute, and each cell of each traffic has a stream of its own. So cells can be drawn in
//! any order and by any number of threads.

mod cell;
mod draw;
mod fixed;
mod volume;

pub use cell::{CELL, Call, Drawn};
pub use volume::{Form, Volume};
