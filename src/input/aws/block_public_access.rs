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
        for read in &self.answers.block_options {
            let options = &read.value;
            let ours = [
                (options.aws_account_id.as_ref(), vpc.account.as_ref()),
                (options.aws_region.as_ref(), vpc.region.as_ref()),
            ];
            let is_said = ours.iter().all(|(stated, known)| stated.is_some() && known.is_some());
            let contradicts = |(stated, known): (Option<&Text<'_>>, Option<&String>)| {
                stated.zip(known).is_some_and(|(stated, known)| stated.as_str() != known)
            };
            // An owner's options, in another folder than what a participant was told of the VPC.
            let is_near = is_said || [0, scope].contains(&read.scope);
            if !is_near || ours.into_iter().any(contradicts) {
                continue;
            }
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
