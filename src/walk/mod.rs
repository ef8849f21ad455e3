//! The simulation: one packet through the network, checkpoint after checkpoint.
//!
//! It cannot fail: a drop is an answer. It reads no clock and no file and draws no random number.
//!
//! - [`trace`] walks a connection in both directions and says how it ends;
//! - [`verdict`] says the same without reasons, faster;
//! - [`leg`] walks one packet one way; its list of stages is the order in which AWS evaluates them;
//! - [`gateway`] holds one file for each kind of gateway that is simulated.

mod admission;
mod again;
mod arrival;
mod block_public_access;
mod cases;
mod checkpoint;
mod choices;
mod conntrack;
mod customer_networks;
mod departure;
mod describe;
mod direct;
mod edge_routes;
mod explanation_code;
mod forwarding;
mod geneve;
mod inspection;
mod inspection_fact;
mod later;
mod lattice;
mod lattice_fact;
mod lattice_later;
mod lattice_proxy;
mod leg;
mod load_balancer_fact;
mod load_balancers;
mod managed_services;
mod mirrored;
mod observe;
mod onwards;
mod ports;
mod private_link;
mod proxied;
mod remedy;
mod sender;
mod service_fact;
mod services;
mod stage;
mod stages;
mod through;
mod toward;
mod trace;
mod transit_gateway_fact;
mod verdict;
mod way;

pub mod gateway;

pub use checkpoint::{Checkpoint, DecidedBy, Decision, Place};
pub use conntrack::{Memory, Pin, TrackedFlow, Translation};
pub use describe::Reason;
pub(crate) use geneve::{CARRIER_BYTES, CARRIER_PORT, carried_at, is_carrier};

pub use explanation_code::{EXPLANATION_CODES, Explained, ExplanationCode};
pub use inspection_fact::InspectionFact;
pub use later::{Course, Later};
pub use lattice_fact::LatticeFact;
pub use lattice_later::{doubted, in_doubt};
pub use leg::leg;
pub use load_balancer_fact::LoadBalancerFact;
pub use load_balancers::closes_with_listener;
pub use mirrored::mirrored;
pub use observe::{Observe, Reasons, Silent, Waiver, Waiving};
pub use onwards::{Routing, may_go_on, onwards};
pub use proxied::Proxied;
pub use remedy::{remedies, remedy_behind};
pub use service_fact::ServiceFact;
pub use stage::{STAGES, Stage, StageEntry};
pub use trace::{Alternative, Blocker, Case, Trace, trace, trace_with};
pub use transit_gateway_fact::TransitGatewayFact;
pub use verdict::{Scratch, Verdict, verdict};
pub use way::{Arrival, Leg, Packet};
