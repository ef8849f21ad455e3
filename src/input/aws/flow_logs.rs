//! Flow logs.

use std::collections::BTreeSet;
use std::time::Duration;

use super::assemble::Assembly;
use super::json::Read;
use super::shapes::{FlowLog, Tag};
use crate::diagnostic::Located;
use crate::model::{RecordTimes, TagFieldSpecification, TaggedResource, Tags, TrafficType, inventory};

impl<'a> Assembly<'_, 'a, '_> {
    pub(super) fn flow_logs(&mut self) {
        if self.answers.flow_logs.scopes.is_empty() {
            return;
        }
        let logs = self.answers.flow_logs.iter();
        let mut active: Vec<inventory::FlowLog> = Vec::new();
        for log in logs
            .filter(|log| log.value.flow_log_status.as_ref().is_none_or(|status| status.as_str() == "ACTIVE"))
        {
            active.push(self.flow_log(log));
        }
        self.inventory.flow_logs = Some(active);
    }

    fn flow_log(&mut self, log: &Read<'a, FlowLog<'a>>) -> inventory::FlowLog {
        // AWS: of transit gateways there is none. https://docs.aws.amazon.com/vpc/latest/tgw/flow-logs-api-cli.html
        let is_of_transit_gateway = log.value.resource_id.as_str().starts_with("tgw-");
        let kept = log.value.traffic_type.as_ref();
        let traffic_type = kept.filter(|_| !is_of_transit_gateway).and_then(|kept| {
            let found = TrafficType::NAMES.iter().find(|(name, _)| *name == kept.as_str());
            if found.is_none() {
                log.complain(kept, "TrafficType", "no traffic type of flow logs", self.problems);
            }
            found.map(|(_, value)| *value)
        });
        // AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html
        let seconds = match log.value.max_aggregation_interval {
            Some(60) => Some(60),
            Some(600) => Some(600),
            None => None,
            Some(_) => {
                let message = "an interval is 60 or 600 seconds";
                log.complain(&log.value.flow_log_id, "MaxAggregationInterval", message, self.problems);
                None
            }
        };
        // An account is told of its own flow logs alone.
        let (account, _) = self.answers.account_and_region(log.scope);
        let account = (!account.is_empty()).then(|| Located { value: account.to_owned(), origin: None });
        inventory::FlowLog {
            identity: log.identity(None),
            resource: log.reference(&log.value.resource_id),
            traffic_type: traffic_type.map(|value| Located { value, origin: None }),
            max_aggregation_interval: seconds
                .map(|seconds| Located { value: Duration::from_secs(seconds), origin: None }),
            tag_fields: log.value.tag_fields().collect(),
            log_format: log.value.log_format.as_ref().map(|format| log.reference(format)),
            account,
            skipdata: Vec::new(),
            record_times: RecordTimes::default(),
        }
    }
}

impl FlowLog<'_> {
    /// The tags that its records show. Kinds of resources that are not known have no field.
    fn tag_fields(&self) -> impl Iterator<Item = TagFieldSpecification> {
        self.tag_field_specifications.iter().flatten().filter_map(|own| {
            let named = |(name, _): &&(&str, TaggedResource)| *name == own.resource_type.as_str();
            let (_, resource) = *TaggedResource::NAMES.iter().find(named)?;
            let tag_keys = own.tag_keys.iter().flatten().map(|key| key.as_str().to_owned()).collect();
            Some(TagFieldSpecification { resource, tag_keys })
        })
    }
}

impl Assembly<'_, '_, '_> {
    /// The keys of tags of a kind of resource that some flow log shows; others are none of our business.
    pub(super) fn shown_tags(&self, of: TaggedResource) -> BTreeSet<String> {
        let all = self.answers.flow_logs.iter().flat_map(|log| log.value.tag_fields());
        all.filter(|own| own.resource == of).flat_map(|own| own.tag_keys).collect()
    }
}

/// Those of `tags` that have one of `keys`.
pub(super) fn shown(tags: Option<&Vec<Tag<'_>>>, keys: &BTreeSet<String>) -> Tags {
    let all = tags.into_iter().flatten().filter(|tag| keys.contains(tag.key.as_str()));
    all.filter_map(|tag| Some((tag.key.as_str().to_owned(), tag.value.as_ref()?.as_str().to_owned())))
        .collect()
}
