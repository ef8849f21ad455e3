//! VPC Block Public Access: the mode of VPCs and subnets, and what is exempt.
//! AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_BlockPublicAccessStates.html>

use super::assemble::Assembly;
use super::shapes::BlockPublicAccessStates;
use super::states::{ExclusionState, Word};
use crate::model::{BlockExclusion, BlockMode};

impl Assembly<'_, '_, '_> {
    /// The mode that is told. Where it blocks and nobody asked what is exempt, or that is just changing, it is not known.
    pub(super) fn block_mode(
        &self,
        states: Option<&BlockPublicAccessStates<'_>>,
        scope: usize,
    ) -> Option<BlockMode> {
        let Word(mode) = states?.internet_gateway_block_mode?;
        let exclusions = &self.answers.block_exclusions;
        let settled = exclusions.is_collected(scope)
            && exclusions
                .iter()
                .all(|exclusion| exclusion.value.state != Some(Word(ExclusionState::Changing)));
        Some(if mode == BlockMode::Off || settled { mode } else { BlockMode::Unknown })
    }

    /// What is exempt of the VPC or subnet with `id`.
    pub(super) fn block_exclusion(&self, id: &str) -> Option<BlockExclusion> {
        let mut exclusions = self.answers.block_exclusions.iter();
        let own = exclusions.find(|exclusion| {
            let arn = exclusion.value.resource_arn.as_str();
            arn.rsplit_once('/').is_some_and(|(_, resource)| resource == id)
                && exclusion.value.state != Some(Word(ExclusionState::Gone))
        })?;
        Some(own.value.internet_gateway_exclusion_mode.0)
    }
}
