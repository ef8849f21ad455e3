//! Which answer of VPC Lattice something is. Its keys do not tell: every list stands under `items`, and a single resource
//! under nothing. Their ARNs do; of a list without any, the request's parameter that stands beside it.
//! AWS: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonvpclatticeservices.html>

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::super::answer::{ANSWERS, ARN, Answer, ITEMS};
use super::id_of;

/// What ARNs of VPC Lattice have.
const OF_LATTICE: &str = ":vpc-lattice:";

/// The prefixes of ids, the calls that list such resources, and that get one.
const CALLS: &[(&str, &str, &str)] = &[
    ("svc", "list-services", "get-service"),
    ("listener", "list-listeners", "get-listener"),
    ("rule", "list-rules", "get-rule"),
    ("tg", "list-target-groups", "get-target-group"),
    ("sn", "list-service-networks", "get-service-network"),
    ("snsa", "list-service-network-service-associations", "get-service-network-service-association"),
    ("snva", "list-service-network-vpc-associations", "get-service-network-vpc-association"),
];

/// What others are counted as.
const OTHER: (&str, &str) = ("list-resource-configurations", "get-resource-configuration");

/// The parameters that stand beside lists of which the items need not tell, the narrowest first, and the calls.
const BESIDE: &[(&str, &str)] = &[
    ("targetGroupIdentifier", "list-targets"),
    ("listenerIdentifier", "list-rules"),
    ("serviceIdentifier", "list-listeners"),
];

/// Members of an answer about an auth policy, which has no ARN.
/// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_GetAuthPolicy.html>
const POLICY: [&str; 2] = ["policy", "state"];

/// An answer that was recognised.
pub(in crate::input::aws) struct Recognised<'a> {
    pub(in crate::input::aws) answer: &'static Answer,
    /// Its list; nothing where the whole object is the answer.
    pub(in crate::input::aws) list: Option<&'a RawValue>,
    pub(in crate::input::aws) beside: Option<String>,
}

/// An item, as far as it tells what it is.
#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    arn: Option<Cow<'a, str>>,
}

/// What an object is, by its keys and their values.
pub(in crate::input::aws) fn recognise<'a>(
    entries: &[(Cow<'a, str>, &'a RawValue)],
) -> Option<Recognised<'a>> {
    let value = |name: &str| entries.iter().find(|(key, _)| key == name).map(|(_, raw)| *raw);
    let text = |name: &str| value(name).and_then(|raw| serde_json::from_str::<Cow<'_, str>>(raw.get()).ok());
    let whole = |call| Some(Recognised { answer: row(call)?, list: None, beside: None });
    let Some(list) = value(ITEMS) else {
        if POLICY.iter().all(|name| value(name).is_some()) {
            return whole("get-auth-policy");
        }
        let arn = text(ARN).filter(|arn| is_of_lattice(arn))?;
        return whole(calls_of(&arn).1);
    };
    let beside = || BESIDE.iter().find_map(|(name, call)| Some((text(name)?.into_owned(), *call)));
    let items: Vec<&RawValue> = serde_json::from_str(list.get()).unwrap_or_default();
    let arn = items.iter().find_map(|item| serde_json::from_str::<Item<'_>>(item.get()).ok()?.arn);
    let (call, beside) = match arn {
        Some(arn) if is_of_lattice(&arn) => (calls_of(&arn).0, None),
        Some(_) => return None, // of another service
        None => beside().map(|(named, call)| (call, Some(named)))?,
    };
    Some(Recognised { answer: row(call)?, list: Some(list), beside })
}

/// Whether an ARN, or a text that holds one, is of VPC Lattice.
fn is_of_lattice(text: &str) -> bool {
    text.contains(OF_LATTICE)
}

/// The calls whose answers have resources of this ARN.
fn calls_of(arn: &str) -> (&'static str, &'static str) {
    let prefix = id_of(arn).split('-').next().unwrap_or_default();
    let found = CALLS.iter().find(|(own, ..)| *own == prefix);
    found.map_or(OTHER, |(_, list, get)| (list, get))
}

/// The row of a call.
fn row(call: &str) -> Option<&'static Answer> {
    let words =
        |answer: &Answer| answer.call.strip_prefix("vpc-lattice ").and_then(|rest| rest.split(' ').next());
    ANSWERS.iter().find(|answer| words(answer) == Some(call))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_has_a_row() {
        let all =
            CALLS.iter().flat_map(|(_, list, get)| [*list, *get]).chain(BESIDE.iter().map(|(_, call)| *call));
        let lacking: Vec<_> = all.filter(|call| row(call).is_none()).collect();
        assert_eq!(lacking, [""; 0]);
    }
}
