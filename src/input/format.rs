//! Which format a text has: told by its content, as far as its beginning shows it.

use std::path::Path;

use super::shape::SCENARIO;

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InputFormat {
    /// A scenario, in YAML.
    Scenario,
    /// What AWS answered, in JSON.
    AwsJson,
}

impl InputFormat {
    /// The format of `text`, which is called `name`.
    ///
    /// JSON is YAML too, so that an object alone says nothing: its first key decides, and where that is a key of
    /// scenarios, the collector's own keys.
    pub(crate) fn of(name: &str, text: &str) -> Self {
        const COLLECTOR: [&str; 2] = ["\"collector_version\"", "\"provider\""];
        let start = text.trim_start_matches('\u{feff}').trim_start();
        let is_json = start.starts_with(['{', '[']);
        match first_key(start) {
            Some(key) if SCENARIO.key(key).is_none() => Self::AwsJson,
            Some(_) if COLLECTOR.iter().any(|key| text.contains(key)) => Self::AwsJson,
            None if is_json && is_named_so(name) => Self::AwsJson,
            _ => Self::Scenario,
        }
    }
}

/// Whether a text that begins so may hold what AWS answered: without reading it, and so that no answer is missed.
pub(crate) fn may_hold_answers(beginning: &str) -> bool {
    let first = first_key(beginning.trim_start_matches('\u{feff}').trim_start());
    !first.is_some_and(|key| key.starts_with('$')) // as the scenarios' own schema does
}

fn is_named_so(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

/// The first key of a JSON object, or of the first object in a list.
fn first_key(start: &str) -> Option<&str> {
    let inner = start.strip_prefix('[').map_or(start, str::trim_start);
    let quoted = inner.strip_prefix('{')?.trim_start().strip_prefix('"')?;
    let (key, rest) = quoted.split_once('"')?;
    rest.trim_start().starts_with(':').then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_tells() {
        let aws = [
            "{\"Vpcs\": []}",
            " [ {\"SecurityGroups\": []}]",
            "{\"status_code\": 200, \"data\": {}}",
            "{\"vpcs\": [], \"collector_version\": \"0.1\"}",
        ];
        assert!(aws.iter().all(|text| InputFormat::of("x", text) == InputFormat::AwsJson));
        let scenarios = ["vpcs: []", "{vpcs: []}", "{\"vpcs\": []}", "", "[]", "{"];
        assert!(scenarios.iter().all(|text| InputFormat::of("x.yaml", text) == InputFormat::Scenario));
        assert_eq!(InputFormat::of("x.json", "{"), InputFormat::AwsJson);
    }
}
