//! VPC Block Public Access: what an account keeps from its internet gateways in a Region, and what it exempts.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html>

use crate::net::Direction;

/// What is kept from internet gateways and egress-only internet gateways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BlockMode {
    /// Nothing.
    #[default]
    Off,
    /// Everything.
    Bidirectional,
    /// What comes in, but to NAT gateways and by egress-only internet gateways, which let only answers in.
    Ingress,
    /// It is not known what: exclusions were not collected, or it is just changing.
    Unknown,
    /// Nobody asked whether anything is. Assumed: `bpa-not-collected`.
    NotCollected,
}

/// What is exempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockExclusion {
    /// Everything.
    AllowBidirectional,
    /// What begins inside; it means something only where everything is blocked.
    AllowEgress,
}

impl BlockMode {
    /// All modes that can be said, and their names.
    pub const NAMES: [(&'static str, Self); 4] = [
        ("off", Self::Off),
        ("block-bidirectional", Self::Bidirectional),
        ("block-ingress", Self::Ingress),
        ("unknown", Self::Unknown),
    ];

    /// What is left of it where `exclusion` exempts.
    #[must_use]
    pub fn with(self, exclusion: Option<BlockExclusion>) -> Self {
        match (self, exclusion) {
            (Self::Bidirectional | Self::Ingress, Some(BlockExclusion::AllowBidirectional)) => Self::Off,
            (Self::Bidirectional, Some(BlockExclusion::AllowEgress)) => Self::Ingress,
            (mode, _) => mode,
        }
    }

    /// Whether it stops a packet between a subnet and an internet gateway in `direction`; `only_answers` says that
    /// what stands between lets only answers in. Assumed: `bpa-requests-leave`.
    pub fn stops(self, direction: Direction, only_answers: bool) -> bool {
        match self {
            Self::Off | Self::Unknown | Self::NotCollected => false,
            Self::Bidirectional => true,
            Self::Ingress => direction == Direction::Ingress && !only_answers,
        }
    }
}

impl BlockExclusion {
    /// All exclusions and their names.
    pub const NAMES: [(&'static str, Self); 2] =
        [("allow-bidirectional", Self::AllowBidirectional), ("allow-egress", Self::AllowEgress)];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exclusions_leave_what_aws_says() {
        use BlockExclusion::{AllowBidirectional, AllowEgress};
        for (mode, exclusion, left) in [
            (BlockMode::Bidirectional, None, BlockMode::Bidirectional),
            (BlockMode::Bidirectional, Some(AllowBidirectional), BlockMode::Off),
            (BlockMode::Bidirectional, Some(AllowEgress), BlockMode::Ingress),
            (BlockMode::Ingress, Some(AllowBidirectional), BlockMode::Off),
            (BlockMode::Ingress, Some(AllowEgress), BlockMode::Ingress),
            (BlockMode::Off, Some(AllowEgress), BlockMode::Off),
            (BlockMode::Unknown, Some(AllowBidirectional), BlockMode::Unknown),
        ] {
            assert_eq!(mode.with(exclusion), left, "{mode:?} {exclusion:?}");
        }
    }
}
