//! The page on the scenario format: a section for each shape, and the single values.

use std::fmt::Write as _;

use flowcast::shape::{Form, Item, Key, KeyRule, Kind, Shape, ValueKind};

use super::{Page, code, quoted, yes};

const INTRODUCTION: &str = "\
Every mapping of a scenario and its keys. A key that is not listed is refused. Nothing stands for an empty list, and \
where *one or several* are asked for, a single one needs no list. Rules, entries, routes and some others may be \
written short, as a line of text, or long, as a mapping. The first section is the document itself. The \
[JSON Schema](../editors.md) says the same to editors.";

#[test]
fn scenario_format() {
    let mut page = Page::text("Scenario format", INTRODUCTION);
    for shape in Shape::all() {
        let _ = writeln!(page.text, "\n## {}\n\n{}\n", shape.name, shape.doc);
        page.columns(&["key", "needed", "value", "meaning", "left out"]);
        for key in shape.keys() {
            let needed = yes(key.required && !is_excluded(shape, key)).to_owned();
            page.row(&[code(key.name), needed, value(key.kind), key.doc.to_owned(), key.default.to_owned()]);
        }
        let told: String = shape.rules.iter().flat_map(|rule| rules(shape, rule)).collect();
        if !told.is_empty() {
            let _ = write!(page.text, "\n{told}");
        }
    }
    let _ = writeln!(page.text, "\n## Single values\n");
    page.columns(&["value", "what it is", "examples"]);
    for kind in value_kinds() {
        let anchor = format!("<a id=\"{0}\"></a>{0}", kind.name);
        let examples = match kind.form {
            Form::Boolean => String::new(),
            Form::Names(names) => format!("one of {}", quoted(&names())),
            _ => quoted(kind.examples),
        };
        page.row(&[anchor, kind.doc.to_owned(), examples]);
    }
    page.compare("scenario-format");
}

/// Every kind of single value, in the order of names.
fn value_kinds() -> Vec<&'static ValueKind> {
    let keys = Shape::all().into_iter().flat_map(Shape::keys);
    let mut kinds: Vec<_> = keys.filter_map(|key| key.kind.item().value()).collect();
    kinds.sort_by_key(|kind| kind.name);
    kinds.dedup_by_key(|kind| kind.name);
    kinds
}

fn is_excluded(shape: &Shape, key: &Key) -> bool {
    shape.rules.iter().any(|rule| matches!(rule, KeyRule::Excludes(_, others) if others.contains(&key.name)))
}

fn value(kind: Kind) -> String {
    let link = |name: &str| format!("[{name}](#{name})");
    let item = match kind.item() {
        Item::Value(kind) => link(kind.name),
        Item::Map(shape) => link(shape.name),
        Item::ShortOrLong(short, long) => format!("{} or {}", link(short.name), link(long.name)),
    };
    match kind {
        Kind::One(_) => item,
        Kind::List(_) => format!("list of {item}"),
        Kind::Items(_) => format!("one or several: {item}"),
        Kind::ByName(_) => format!("by name: {item}"),
    }
}

/// What a rule says, a line of a list each.
fn rules(shape: &Shape, rule: &KeyRule) -> Vec<String> {
    match rule {
        KeyRule::AnyOf(keys) => vec![format!("- At least one of {} is needed.\n", quoted(keys))],
        KeyRule::OneOf(keys) => vec![format!("- Exactly one of {} is needed.\n", quoted(keys))],
        KeyRule::Excludes(key, others) => {
            let needed: Vec<_> = others
                .iter()
                .copied()
                .filter(|other| shape.key(other).is_some_and(|key| key.required))
                .collect();
            let mut told = vec![format!("- Beside `{key}` there is none of {}.\n", quoted(others))];
            if !needed.is_empty() {
                told.push(format!("- Without `{key}` there must be {}.\n", quoted(&needed)));
            }
            told
        }
    }
}
