//! Arithmetic of packets: addresses, ports, protocols, headers and the test of a header.
//!
//! Nothing here knows who uses it; cloud terms do not occur on this floor.

mod cidr;
mod cidr_set;
mod direction;
mod embedded;
mod five_tuple;
mod header;
mod matching;
mod port_range;
mod protocol;
pub(crate) mod text;
mod timestamp;

pub use cidr::{Cidr, CidrError, Family, is_private};
pub use cidr_set::CidrSet;
pub use direction::{Direction, PerDirection};
pub use embedded::{embedded_ipv4, embedding};
pub use five_tuple::FiveTuple;
pub(crate) use header::socket;
pub use header::{Header, IcmpType, Payload};
pub use matching::{AddressMatch, IcmpMatch, Match, Service};
pub use port_range::{PortRange, PortRangeError};
pub use protocol::{Protocol, ProtocolError};
pub use timestamp::Timestamp;
