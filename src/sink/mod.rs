//! Where results go.

mod hosts;
mod keys;
mod quoted;
mod rules;
mod scenario;

pub(crate) use scenario::scenario_text;
