//! Where results go.

mod quoted;
mod scenario;

pub(crate) use scenario::scenario_text;
