//! What hosts and gateways do by themselves, which no rule of AWS tells.

use super::Describe;
use crate::model::NameDoubt;
use crate::walk::DecidedBy;

impl Describe<'_> {
    pub(super) fn not_simulated(&self) -> String {
        let owner = self.owner();
        match self.checkpoint.decided_by {
            DecidedBy::ForwardingNotModelled => format!("how {owner} forwards packets is not known"),
            DecidedBy::SeveralInterfaces => {
                format!(
                    "by which of its interfaces the host of {owner} forwards is its own routing: not known"
                )
            }
            DecidedBy::OnwardConnection => format!("the onward connection of {owner} is not simulated"),
            DecidedBy::NotAsAsked => {
                let source = self.checkpoint.header.source;
                format!("the answer comes from {source}, which was not asked: it was rewritten on its way")
            }
            DecidedBy::NameNotKnown(NameDoubt::BucketRegion) => {
                "the global name of a bucket leads to the bucket's Region, which is not known".to_owned()
            }
            DecidedBy::NameNotKnown(NameDoubt::OfEndpoint(endpoint)) => {
                let endpoint = &self.network.gateways[endpoint].identity.name;
                format!("whether the name is a private one of {endpoint} is not known: `dns_names` would say")
            }
            DecidedBy::AnswerUndocumented(row) => {
                format!("{}: AWS does not say whether it answers", row.doc)
            }
            DecidedBy::EntryNotModelled => {
                format!("how {} reaches the VPC is not simulated", self.checkpoint.header.source)
            }
            _ => String::new(),
        }
    }
}
