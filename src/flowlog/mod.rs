//! From what interfaces saw to the records AWS would write.

mod aggregate;
mod aws_service;
mod encryption_status;
mod field;
mod format;
mod lines;
mod observe;
mod record;
mod transit;
mod value;

#[cfg(feature = "graph")]
pub(crate) use aggregate::grid;
pub use aggregate::{Aggregation, Counts, Packets, Recorder, Traffic, Way};
pub(crate) use aggregate::{Edge, Part, SeenOnWay, ShownPort, Stream, StreamCount};
pub use aws_service::{AwsServiceRange, AwsServices, IpRangesError};
pub use field::{FIELDS, FIELDS_SOURCE, Field, Kinds, PLAIN_TYPE, ParquetType, TRANSIT_GATEWAY_SOURCE};
pub use format::{LogFormat, LogFormatError};
pub use lines::Lines;
pub use observe::{Sighting, lengthened, sightings};
pub use record::{Action, Cause, Flow, FlowLogRecord, LogStatus, RejectReason, Row};
pub use transit::{Loss, Transit};
pub use value::Value;
