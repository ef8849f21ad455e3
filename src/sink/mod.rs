//! Where results go.

mod gateways;
mod hosts;
mod keys;
mod lattice;
mod load_balancers;
mod managed_services;
mod network_firewalls;
mod quoted;
mod rules;
mod scenario;
mod traffic_mirrors;
mod transit_gateways;

pub(crate) use scenario::scenario_text;
