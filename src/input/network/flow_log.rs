//! Flow logs.

use std::time::Duration;

use crate::diagnostic::Diagnostics;
use crate::input::fields::{Fields, located, located_text, parsed, text};
use crate::input::scalar::{duration, invalid, one_of};
use crate::input::shape::{FLOW_LOG, SKIP};
use crate::input::yaml::{Node, Value};
use crate::model::inventory::{FlowLog, Skip};
use crate::model::{Identity, TrafficType};

pub(super) fn flow_log(node: &Node, problems: &mut Diagnostics) -> Option<FlowLog> {
    let mut fields = Fields::of(node, &FLOW_LOG, problems)?;
    let name = fields.value("name", text, problems);
    let id = fields.value("id", text, problems);
    let resource = fields.value("resource", located_text, problems);
    let traffic_type = fields.value("traffic_type", one_of("a traffic type", &TrafficType::NAMES), problems);
    let interval = fields.value("max_aggregation_interval", interval, problems);
    let log_format = fields.value("log_format", located_text, problems);
    let skipdata = fields.list("skipdata", skip, problems);
    let origin = fields.origin;
    fields.finish(problems);
    let resource = resource?;
    // Without a name, the one that nobody has to think about: that of what it watches.
    let name = name.or_else(|| id.is_none().then(|| format!("fl-{}", resource.value)));
    Some(FlowLog {
        identity: Identity::new("fl", name, id, Some(origin))?,
        resource,
        traffic_type: traffic_type.unwrap_or_default(),
        max_aggregation_interval: Duration::from_secs(interval.unwrap_or(600)),
        log_format,
        skipdata: skipdata.unwrap_or_default(),
    })
}

/// 60 or 600 seconds.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html>
fn interval(node: &Node, problems: &mut Diagnostics) -> Option<u64> {
    parsed(node, problems, |text, at, _| match text {
        "60" => Ok(60),
        "600" => Ok(600),
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
