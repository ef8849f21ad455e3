//! VPC Block Public Access: the mode of an account in a Region, of VPCs and of subnets, and what is exempt.
//! AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcBlockPublicAccessOptions.html>,
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_BlockPublicAccessStates.html>

use super::assemble::Assembly;
use super::json::Text;
use super::shapes::BlockPublicAccessStates;
use super::states::{BlockOptionsState, ExclusionState, Word};
use crate::model::inventory;
use crate::model::{BlockExclusion, BlockMode};

impl Assembly<'_, '_, '_> {
    /// The mode of `vpc`, or of a subnet of it: what that tells itself in `states`, and the options of the owner in the
    /// Region. What one of them says counts; where they say something else, or are just changing, it is not known. Nor is
    /// it where nobody asked what is exempt. `exclusion` exempts from it.
    pub(super) fn block_mode(
        &self,
        vpc: &inventory::Vpc,
        states: Option<&BlockPublicAccessStates<'_>>,
        exclusion: Option<BlockExclusion>,
        scope: usize,
    ) -> Option<BlockMode> {
        let told = states.and_then(|states| states.internet_gateway_block_mode);
        let mut mode = told.map(|Word(mode)| self.as_far_as_exempt(mode, scope));
        let concerns = |stated: Option<&Text<'_>>, known: Option<&String>| {
            stated.zip(known).is_none_or(|(stated, known)| stated.as_str() == known)
        };
        let all = self.answers.block_options.iter().filter(|read| [0, scope].contains(&read.scope));
        for options in all.map(|read| &read.value).filter(|options| {
            concerns(options.aws_account_id.as_ref(), vpc.account.as_ref())
                && concerns(options.aws_region.as_ref(), vpc.region.as_ref())
        }) {
            let Some(Word(told)) = options.internet_gateway_block_mode else { continue };
            let told = self.as_far_as_exempt(told, scope);
            let agrees = mode.is_none_or(|mode| mode == told || mode == told.with(exclusion));
            let is_changing = options.state == Some(Word(BlockOptionsState::Changing));
            mode = Some(if agrees && !is_changing { told } else { BlockMode::Unknown });
        }
        mode
    }

    /// `mode`, if it is known what is exempt from it.
    fn as_far_as_exempt(&self, mode: BlockMode, scope: usize) -> BlockMode {
        let exclusions = &self.answers.block_exclusions;
        let settled = exclusions.is_collected(scope)
            && exclusions
                .iter()
                .all(|exclusion| exclusion.value.state != Some(Word(ExclusionState::Changing)));
        if mode == BlockMode::Off || settled { mode } else { BlockMode::Unknown }
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
