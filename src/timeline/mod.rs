//! Traffic in time: which packets a connection sends, and when.

mod conversation;
mod exchange;
mod grid;
mod idle;
mod numbering;
mod remembered;
mod spread;
mod stretch;

pub use conversation::{Conversation, Epoch, Turn};
pub use exchange::packets_of;
pub use grid::Grid;
pub use numbering::{Numbering, Numbers};
pub use remembered::{Clock, Remembered};
pub use spread::{Portion, portions};
pub use stretch::Stretch;

pub(crate) use spread::milliseconds;
