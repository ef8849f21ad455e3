//! `flowcast schema`: the JSON Schema of the scenario format, made from its shapes.
//!
//! Only keywords that editors know are used: those of draft 7, but for `$defs`.

use clap::Args;
use flowcast::shape::{Form, Item, Key, KeyRule, Kind, SCENARIO, Shape, ValueKind};
use serde_json::{Map, Value as Json, json};

use super::exit::Exit;
use super::output;

/// The JSON Schema of scenarios, for editors and other tools.
///
/// It knows keys, types, names and spellings; what several values say together only `flowcast check` judges. An editor
/// with a YAML language server completes and checks a scenario that begins with
/// `# yaml-language-server: $schema=PATH`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  flowcast schema\n  flowcast schema | jq '.properties | keys'")]
pub(super) struct Schema {}

impl Schema {
    #[expect(clippy::unused_self, reason = "as every command")]
    pub(super) fn execute(&self) -> anyhow::Result<Exit> {
        output::print(&(serde_json::to_string_pretty(&schema())? + "\n"))?;
        Ok(Exit::Success)
    }
}

fn schema() -> Json {
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), "https://json-schema.org/draft/2020-12/schema".into());
    schema.insert("title".to_owned(), "flowcast scenario".into());
    let mut defs = Map::new();
    for shape in Shape::all() {
        if !std::ptr::eq(shape, &raw const SCENARIO) {
            defs.insert(shape.name.to_owned(), mapping(shape).into());
        }
        for kind in shape.keys().filter_map(|key| key.kind.item().value()) {
            defs.entry(kind.name).or_insert_with(|| single(kind).into());
        }
    }
    defs.sort_keys();
    schema.extend(mapping(&SCENARIO));
    schema.insert("$defs".to_owned(), defs.into());
    schema.into()
}

/// An object with the keys of a shape.
fn mapping(shape: &Shape) -> Map<String, Json> {
    let properties: Map<_, _> = shape.keys().map(|key| (key.name.to_owned(), property(key).into())).collect();
    let mut schema = object(json!({
        "description": shape.doc,
        "type": "object",
        "properties": properties,
        "additionalProperties": shape.open,
    }));
    let excluded = |key: &&Key| {
        shape
            .rules
            .iter()
            .any(|rule| matches!(rule, KeyRule::Excludes(_, others) if others.contains(&key.name)))
    };
    let needed: Vec<_> =
        shape.keys().filter(|key| key.required && !excluded(key)).map(|key| key.name).collect();
    if !needed.is_empty() {
        schema.insert("required".to_owned(), needed.into());
    }
    let rules: Vec<_> = shape.rules.iter().map(|rule| key_rule(shape, rule)).collect();
    if !rules.is_empty() {
        schema.insert("allOf".to_owned(), rules.into());
    }
    schema
}

fn key_rule(shape: &Shape, rule: &KeyRule) -> Json {
    let each_required = |keys: &[&str]| keys.iter().map(|key| json!({"required": [key]})).collect::<Vec<_>>();
    match rule {
        KeyRule::AnyOf(keys) => json!({"anyOf": each_required(keys)}),
        KeyRule::OneOf(keys) => json!({"oneOf": each_required(keys)}),
        KeyRule::Excludes(key, others) => {
            let none: Map<_, _> = others.iter().map(|other| ((*other).to_owned(), false.into())).collect();
            let needed = others.iter().filter(|other| shape.key(other).is_some_and(|key| key.required));
            json!({
                "if": {"required": [key]},
                "then": {"properties": none},
                "else": {"required": needed.collect::<Vec<_>>()},
            })
        }
    }
}

fn property(key: &Key) -> Map<String, Json> {
    let mut schema = Map::new();
    let left_out = if key.default.is_empty() { String::new() } else { format!(" Left out: {}", key.default) };
    schema.insert("description".to_owned(), format!("{}{left_out}", key.doc).into());
    let item = item(key.kind.item());
    let list = json!({"type": ["array", "null"], "items": item});
    schema.extend(object(match key.kind {
        Kind::One(_) => item,
        Kind::List(_) if key.required => json!({"type": "array", "items": item, "minItems": 1}),
        Kind::List(_) => list,
        Kind::Items(_) => json!({"anyOf": [list, item]}),
        Kind::ByName(_) => json!({"type": "object", "additionalProperties": item}),
    }));
    schema
}

fn item(item: Item) -> Json {
    let reference = |name: &str| json!({"$ref": format!("#/$defs/{name}")});
    match item {
        Item::Value(kind) => reference(kind.name),
        Item::Map(shape) => reference(shape.name),
        Item::ShortOrLong(short, long) => json!({"anyOf": [reference(short.name), reference(long.name)]}),
    }
}

/// A single value.
fn single(kind: &ValueKind) -> Map<String, Json> {
    let mut schema = object(match kind.form {
        Form::Text => json!({"type": "string"}),
        Form::Number(least, most) => json!({"type": "integer", "minimum": least, "maximum": most}),
        // A pattern speaks of text only, limits speak of numbers only.
        Form::Both(least, most) => {
            json!({"type": ["string", "integer"], "minimum": least, "maximum": most})
        }
        Form::Any => json!({"type": ["string", "number"]}),
        Form::Boolean => json!({"type": "boolean"}),
        Form::Names(names) => json!({"enum": names()}),
    });
    schema.insert("description".to_owned(), kind.doc.into());
    if let Some(regex) = kind.regex() {
        schema.insert("pattern".to_owned(), regex.into());
    }
    let numbers = matches!(kind.form, Form::Number(..) | Form::Both(..));
    let examples: Vec<Json> = kind
        .examples
        .iter()
        .map(|example| match example.parse::<i64>() {
            Ok(number) if numbers => number.into(),
            _ => (*example).into(),
        })
        .collect();
    if !examples.is_empty() && !matches!(kind.form, Form::Boolean) {
        schema.insert("examples".to_owned(), examples.into());
    }
    schema
}

/// The members of what is an object.
fn object(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(members) => members,
        _ => Map::new(),
    }
}
