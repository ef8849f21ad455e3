//! Traffic in time: which packets a connection sends, and when.

mod between;
mod carried;
mod conversation;
mod epoch;
mod exchange;
mod grid;
mod idle;
mod moment;
mod numbering;
mod pauses;
mod profile;
mod proxies;
mod remembered;
mod rerouted;
mod setback;
mod spread;
mod stretch;

pub use carried::{carried, carried_anew};
pub use conversation::Conversation;
pub use epoch::{Epoch, Turn};
pub use exchange::packets_of;
pub use grid::Grid;
pub(crate) use idle::at_interface;
pub use moment::Moment;
pub use numbering::{Numbering, Numbers};
pub use profile::{CELL, Call, Drawn, Form, Volume};
pub use remembered::{Clock, Remembered};
pub use rerouted::Rerouted;
pub use spread::{Portion, portions};
pub use stretch::Stretch;

pub(crate) use pauses::{longest_pause, outlives_close};
pub(crate) use spread::{join_windows, milliseconds, whole};
