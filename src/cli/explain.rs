//! `flowcast explain`.
use clap::Args;
use super::exit::Exit;
/// x
#[derive(Debug, Args)]
pub(super) struct Explain {}
impl Explain { pub(super) fn execute(&self) -> anyhow::Result<Exit> { Ok(Exit::Success) } }
