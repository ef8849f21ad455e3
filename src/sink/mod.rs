//! Where results go.

mod gateways;
mod hosts;
mod keys;
mod load_balancers;
mod quoted;
mod rules;
mod scenario;
mod transit_gateways;

pub(crate) use scenario::scenario_text;
