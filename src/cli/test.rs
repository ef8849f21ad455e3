//! `flowcast test`.
use clap::Args;
use super::exit::Exit;
/// x
#[derive(Debug, Args)]
pub(super) struct Test {}
impl Test { pub(super) fn execute(&self) -> anyhow::Result<Exit> { Ok(Exit::Success) } }
