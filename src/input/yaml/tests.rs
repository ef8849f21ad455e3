//! The original `serde_yaml` as an oracle: what scenarios say must not depend on the library that reads them.

use serde_yaml_original::Value as Theirs;

use super::*;

fn same(ours: &Value, theirs: &Theirs) -> bool {
    match (ours, theirs) {
        (Value::Null, Theirs::Null) => true,
        (Value::Bool(a), Theirs::Bool(b)) => a == b,
        (Value::Text(a), Theirs::String(b)) => a == b,
        (Value::Integer(a), Theirs::Number(b)) => b.as_i64() == Some(*a),
        (Value::Number(a), Theirs::Number(b)) => same_number(a, b.as_f64()),
        (Value::List(a), Theirs::Sequence(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(&a.value, b))
        }
        (Value::Map(a), Theirs::Mapping(b)) => {
            let same_entry = |(entry, (key, value)): (&Entry, (&Theirs, &Theirs))| {
                key.as_str() == Some(&entry.key) && same(&entry.node.value, value)
            };
            a.len() == b.len() && a.iter().zip(b).all(same_entry)
        }
        _ => false,
    }
}

/// Whether a number that we keep as text is the one that the original reads.
fn same_number(ours: &str, theirs: Option<f64>) -> bool {
    let special = |text: &str| text.trim_start_matches(['+', '-', '.']).to_ascii_lowercase();
    match (special(ours).as_str(), theirs) {
        ("nan", Some(theirs)) => theirs.is_nan(),
        ("inf", Some(theirs)) => theirs.is_infinite() && ours.starts_with('-') == (theirs < 0.0),
        (_, Some(theirs)) => ours.parse() == Ok(theirs),
        (_, None) => false,
    }
}

/// How two readings of `text` differ, if they do. What one of them refuses, the other must refuse.
fn difference(text: &str) -> Option<String> {
    let ours = parse(text, 0).map(|node| node.value);
    let theirs = serde_yaml_original::from_str::<Theirs>(text);
    let agree = match (&ours, &theirs) {
        (Ok(ours), Ok(theirs)) => same(ours, theirs),
        (Err(_), Err(_)) => true,
        _ => false,
    };
    let shown = || format!("{text}\n  ours   {ours:?}\n  theirs {theirs:?}\n");
    (!agree).then(shown)
}

fn assert_none(differences: impl Iterator<Item = String>) {
    let differences: Vec<String> = differences.collect();
    assert!(differences.is_empty(), "{}", differences.concat());
}

fn scenarios(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            scenarios(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            found.push(path);
        }
    }
}

#[test]
fn every_scenario_reads_as_the_original_reads_it() {
    let mut found = Vec::new();
    scenarios("scenarios".as_ref(), &mut found);
    assert!(!found.is_empty());
    let differs = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        assert!(parse(&text, 0).is_ok(), "{}", path.display());
        difference(&text)
    };
    assert_none(found.iter().filter_map(differs));
}

#[test]
fn hard_scalars_read_as_the_original_reads_them() {
    const SCALARS: &[&str] = &[
        // Words that YAML 1.1 took for booleans or nothing.
        "yes",
        "no",
        "on",
        "off",
        "y",
        "n",
        "Yes",
        "true",
        "True",
        "TRUE",
        "false",
        "null",
        "Null",
        "NULL",
        "~",
        "",
        "tRue",
        "nUll",
        "None",
        // What looks like a number.
        "010",
        "0010",
        "00",
        "0",
        "-0",
        "+1",
        "-1",
        "1_000",
        "0x1F",
        "0o17",
        "0b11",
        "-0x1F",
        "0x",
        "1e3",
        "1E3",
        "1.0",
        "1.",
        ".5",
        "-.5",
        "1e",
        ".",
        "-",
        "+",
        ".inf",
        "-.inf",
        ".nan",
        ".NaN",
        "inf",
        ".inf",
        "-.inf",
        ".NaN",
        "nan",
        "22:22",
        "1:2:3",
        "9223372036854775807",
        "-9223372036854775808",
        "2026-01-01",
        "2026-01-01T00:00:00Z",
        // What scenarios hold.
        "10.0.0.0/16",
        "10.0",
        "10.0.0.5",
        "2001:db8::5",
        "::/0",
        "123456789010",
        "012345678901",
        "90s",
        "0.0.0.0/0 -> igw",
        "100 allow tcp 443 from 0.0.0.0/0",
        "a # comment",
        "a#b",
        "${srcaddr} ${dstaddr}",
        "'yes'",
        "!!str 010",
        "\"010\"",
        "\"a\\tb\\u00e4\"",
        "'it''s'",
        "<<",
        "=",
        "|-\n  a\n   b\n",
        ">\n  a\n  b\n\n  c\n",
        "[a, b: c, {d: e}]",
        "[]",
        "{}",
        "{a: , b: ~}",
        "a:b",
        "'a: b'",
        "\u{e4}\u{df}",
    ];
    assert_none(SCALARS.iter().filter_map(|scalar| difference(&format!("key: {scalar}\n"))));
}

#[test]
fn hard_documents_read_as_the_original_reads_them() {
    const DOCUMENTS: &[&str] = &[
        // A merge key is a key like any other.
        "base: &base {a: 1}\nother: {<<: *base, b: 2}\n",
        "list: [&x a, *x, &y [b], *y]\n",
        "yes: 1\nno: 2\n010: 3\n",
        "---\na: 1\n...\n",
        "- - a\n  - b\n- c: d\n  e: f\n",
        "a:\n- b\n- c\n",
        "a: b\n  c\n",
        "\"quoted key\": 'v'\n? long\n: value\n",
    ];
    assert_none(DOCUMENTS.iter().filter_map(|document| difference(document)));
}

/// Where the readers part, ours refuses: it never reads something else.
#[test]
fn what_the_original_alone_reads_is_refused() {
    for text in ["~: a", "[a]: b", "{a: 1}: b", "!custom a"] {
        assert!(serde_yaml_original::from_str::<Theirs>(text).is_ok(), "{text}");
        assert!(parse(text, 0).is_err(), "{text}");
    }
}

/// Refused by whoever wants a number, with all other problems, and not by the reader alone.
#[test]
fn what_is_no_finite_number_stays_as_written() {
    for text in [".inf", "-.inf", ".NaN"] {
        assert_eq!(parse(text, 0).unwrap().value, Value::Number(text.to_owned()));
    }
}
