//! The JSON faces: stable, with a `schema_version`. Inner types are not serialisable on purpose.

use flowcast::Report;
use flowcast::diagnostic::escape_json;
use flowcast::flowlog::{FIELDS, Field, FlowLogRecord, PLAIN_TYPE, Value};
use flowcast::model::FlowLogKind;
use serde_json::{Map, Value as Json, json};

/// Version of every JSON output.
pub(super) const SCHEMA_VERSION: u32 = 1;

/// `flowcast fields --output json`.
pub(super) fn fields() -> anyhow::Result<String> {
    let fields = FIELDS.iter().map(|field| {
        json!({
            "name": field.name,
            "version": field.version,
            "flow_logs": kinds(field),
            "plain": PLAIN_TYPE,
            "parquet": field.parquet.to_string(),
            "without_traffic": field.without_traffic,
            "doc": field.doc,
            "source": field.source,
        })
    });
    let all = json!({"schema_version": SCHEMA_VERSION, "fields": fields.collect::<Vec<_>>()});
    pretty(&all)
}

/// The kinds of flow logs that have a field.
fn kinds(field: &Field) -> Vec<&'static str> {
    let all = FlowLogKind::NAMES.iter().filter(|(_, kind)| field.kinds.contain(*kind));
    all.map(|(name, _)| *name).collect()
}

/// A document for programs that a terminal may show.
pub(super) fn pretty(document: &Json) -> anyhow::Result<String> {
    Ok(escape_json(&serde_json::to_string_pretty(document)?) + "\n")
}

/// `flowcast run --output json`: one typed object per record and line.
pub(super) fn records(report: &Report<'_>, with_reasons: bool) -> anyhow::Result<String> {
    let mut text = String::new();
    for record in &report.records {
        let mut object = fields_of(report, record);
        if with_reasons {
            let reasons = report
                .reasons(record)
                .into_iter()
                .map(|(point, reason)| Json::from(reason.short(point.direction)));
            object.insert("decided_by".to_owned(), reasons.collect());
        }
        text.push_str(&escape_json(&serde_json::to_string(&object)?));
        text.push('\n');
    }
    Ok(text)
}

fn fields_of(report: &Report<'_>, record: &FlowLogRecord) -> Map<String, Json> {
    let row = report.row(record);
    report.format(record).values(&row).map(|(field, value)| (field.name.to_owned(), typed(value))).collect()
}

fn typed(value: Value<'_>) -> Json {
    match value {
        Value::Absent => Json::Null,
        Value::Text(text) => text.into(),
        Value::Integer(number) => number.into(),
        Value::Address(_) | Value::Tag(_) => value.to_string().into(),
    }
}
