//! Flow logs.

use std::time::Duration;

use crate::diagnostic::{Diagnostics, Located};
use crate::input::fields::{Fields, located, located_text, parsed, text};
use crate::input::scalar::{account, duration, invalid, one_of};
use crate::input::shape::{FLOW_LOG, SKIP, TAG_FIELDS};
use crate::input::yaml::{Node, Value};
use crate::model::inventory::{FlowLog, Skip};
use crate::model::{Identity, RecordTimes, TagFieldSpecification, TaggedResource, TrafficType};

pub(super) fn flow_log(node: &Node, problems: &mut Diagnostics) -> Option<FlowLog> {
    let mut fields = Fields::of(node, &FLOW_LOG, problems)?;
    let name = fields.value("name", text, problems);
    let id = fields.value("id", text, problems);
    let resource = fields.value("resource", located_text, problems);
    let kept = located(one_of("a traffic type", &TrafficType::NAMES));
    let traffic_type = fields.value("traffic_type", kept, problems);
    let interval = fields.value("max_aggregation_interval", located(interval), problems);
    let log_format = fields.value("log_format", located_text, problems);
    let tag_fields = fields.located_list("tag_field_specifications", tag_fields, problems);
    let skipdata = fields.list("skipdata", skip, problems);
    let record_times =
        fields.value("record_times", one_of("what records tell", &RecordTimes::NAMES), problems);
    let account = fields.value("account", located(account), problems);
    let origin = fields.origin;
    fields.finish(problems);
    let resource = resource?;
    let tag_fields = tag_fields.map(|all| each_once(all, problems)).unwrap_or_default();
    // Without a name, the one that nobody has to think about: that of what it watches.
    let name = name.or_else(|| id.is_none().then(|| format!("fl-{}", resource.value)));
    Some(FlowLog {
        identity: Identity::new("fl", name, id, Some(origin))?,
        resource,
        traffic_type,
        max_aggregation_interval: interval,
        log_format,
        tag_fields,
        account,
        skipdata: skipdata.unwrap_or_default(),
        record_times: record_times.unwrap_or_default(),
    })
}

/// 60 or 600 seconds.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html>
fn interval(node: &Node, problems: &mut Diagnostics) -> Option<Duration> {
    parsed(node, problems, |text, at, _| match text {
        "60" => Ok(Duration::from_secs(60)),
        "600" => Ok(Duration::from_secs(600)),
        _ => {
            let message = format!("AWS has no aggregation interval of `{text}`");
            Err(invalid(at, message, "`max_aggregation_interval` is 60 or 600, in seconds"))
        }
    })
}

fn skip(node: &Node, problems: &mut Diagnostics) -> Option<Skip> {
    if !matches!(node.value, Value::Map(_)) {
        return located(duration)(node, problems).map(|at| Skip { at, interface: None });
    }
    let mut fields = Fields::of(node, &SKIP, problems)?;
    let at = fields.value("at", located(duration), problems);
    let interface = fields.value("interface", located_text, problems);
    fields.finish(problems);
    Some(Skip { at: at?, interface })
}

/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TagFieldSpecificationRequest.html>
fn tag_fields(node: &Node, problems: &mut Diagnostics) -> Option<TagFieldSpecification> {
    let mut fields = Fields::of(node, &TAG_FIELDS, problems)?;
    let kind = one_of("a kind of resource with tags", &TaggedResource::NAMES);
    let resource = fields.value("resource_type", kind, problems);
    let at_keys = fields.key_origin("tag_keys");
    let tag_keys = fields.list("tag_keys", text, problems);
    fields.finish(problems);
    let tag_keys = tag_keys?;
    if let Some(at) = at_keys.filter(|_| !(1..=TagFieldSpecification::MOST_KEYS).contains(&tag_keys.len())) {
        let message =
            format!("a flow log shows one or two tags of a kind of resource, not {}", tag_keys.len());
        problems.push(invalid(at, message, "the second one is shown by the field that ends in `-tag-2`"));
    }
    Some(TagFieldSpecification { resource: resource?, tag_keys })
}

/// One specification for each kind of resource.
fn each_once(
    all: Located<Vec<TagFieldSpecification>>,
    problems: &mut Diagnostics,
) -> Vec<TagFieldSpecification> {
    let is_told = |at: usize, own: &TagFieldSpecification| {
        all.value.iter().take(at).any(|other| other.resource == own.resource)
    };
    if let Some((_, again)) = all.value.iter().enumerate().find(|(at, own)| is_told(*at, own))
        && let Some(at) = all.origin
    {
        let message = format!("the tags of the kind `{}` are specified twice", again.resource.name());
        problems.push(invalid(at, message, "give both keys in one specification"));
    }
    all.value
}
