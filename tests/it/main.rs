//! Every integration test, in one binary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::format_collect,
    clippy::naive_bytecount,
    reason = "a test fails by panicking, its helpers too; its speed does not matter"
)]

mod asking; // connections that a network is asked about
mod batfish; // what Batfish's tests ask of AWS's JSON
mod book; // pages of the book that are made from the tables
mod check; // `flowcast check`
mod cli;
mod codes; // commands as a user runs them: output, exit codes
mod corpora; // real inputs of public collections
mod diagnostics; // every problem, with its place and help
mod documented; // AWS's documented outcomes, each a scenario
mod examples; // examples of help texts, README and book
mod floors; // which part may know which
mod graph; // the network as a drawing
#[cfg(unix)]
mod hostile; // whatever is fed in: time, memory, messages
mod library; // the library as somebody's dev-dependency
mod moto; // a network that an EC2 API describes
mod mutations; // broken files never break the reader
mod np_guard; // whole accounts, and what another analyser says of them
mod observed; // networks that AWS answered: what is certain, and what is not
mod peering; // both ends of a peering connection are alike
mod profiles; // traffic of profiles
mod properties; // what must hold for every network

mod scenarios; // every scenario: expectations, records and explanation
mod schema; // the JSON Schema of scenarios
mod shapes; // the shapes of the scenario format
mod shared; // where collections of real inputs are, if they are at hand
mod speed; // what is fast says the same as what is plain
mod tables; // the tables themselves
mod timeline; // connections, events and windows over time
