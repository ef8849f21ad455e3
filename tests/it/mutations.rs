//! Broken scenarios: whatever is deleted, doubled or replaced in a file, reading and running it ends, without a panic,
//! and every problem has its place inside the text.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use flowcast::diagnostic::{Diagnostics, Origin, render};
use flowcast::{LoadError, Scenario};
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// All scenarios, and all invalid inputs.
static TEXTS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    for folder in ["scenarios", "tests/data/invalid"] {
        collect(&root.join(folder), &mut texts);
    }
    texts.retain(|text| text.len() < 16 << 10);
    texts
});

/// Words that are easily mistaken, and values at the edges of their ranges.
const WORDS: &[&str] = &[
    "",
    "~",
    "[]",
    "{}",
    "-",
    ":",
    "#",
    "'",
    "\"",
    "*a",
    "&a ",
    "---",
    "<<",
    "|",
    ">",
    "true",
    "null",
    ".nan",
    "-.inf",
    "0",
    "-1",
    "65535",
    "65536",
    "32766",
    "32767",
    "18446744073709551615",
    "9223372036854775808",
    "1000000000000000",
    "1e308",
    "0s",
    "366d",
    "10000d",
    "18446744073709551615s",
    "0.0.0.0/0",
    "::/0",
    "10.0.0.0/16",
    "255.255.255.255/32",
    "2001:db8::/56",
    "169.254.169.254",
    "internet",
    "local",
    "blackhole",
    "default",
    "->",
    "from",
    "to",
    "allow",
    "all",
    "\u{feff}",
    "\u{202e}",
    "\u{0}",
    "\t",
    "\r\n",
    "größe",
    "\u{1f980}",
];

fn collect(folder: &Path, texts: &mut Vec<Vec<u8>>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(&path, texts);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            texts.push(fs::read(path).unwrap());
        }
    }
}

/// One change of a text.
#[derive(Debug, Clone)]
enum Change {
    DeleteLine(Index),
    CopyLine(Index, Index),
    DeleteWord(Index),
    ReplaceWord(Index, &'static str),
    SwapWords(Index, Index),
    ReplaceByte(Index, u8),
    InsertByte(Index, u8),
    Truncate(Index),
}

fn change() -> impl Strategy<Value = Change> {
    let index = any::<Index>;
    prop_oneof![
        1 => index().prop_map(Change::DeleteLine),
        1 => (index(), index()).prop_map(|(from, to)| Change::CopyLine(from, to)),
        1 => index().prop_map(Change::DeleteWord),
        4 => (index(), select(WORDS)).prop_map(|(at, word)| Change::ReplaceWord(at, word)),
        2 => (index(), index()).prop_map(|(one, other)| Change::SwapWords(one, other)),
        1 => (index(), any::<u8>()).prop_map(|(at, byte)| Change::ReplaceByte(at, byte)),
        1 => (index(), any::<u8>()).prop_map(|(at, byte)| Change::InsertByte(at, byte)),
        1 => index().prop_map(Change::Truncate),
    ]
}

/// The words of a text: what stands between spaces and YAML's punctuation.
fn words(text: &[u8]) -> Vec<std::ops::Range<usize>> {
    let is_border = |byte: &u8| b" \n,{}[]\"".contains(byte);
    let mut words = Vec::new();
    let mut start = 0;
    for (at, byte) in text.iter().enumerate() {
        if is_border(byte) {
            if start < at {
                words.push(start..at);
            }
            start = at + 1;
        }
    }
    words
}

fn apply(text: &mut Vec<u8>, change: &Change) {
    let lines: Vec<Vec<u8>> = text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let words = words(text);
    if lines.is_empty() || words.is_empty() {
        return;
    }
    match change {
        Change::DeleteLine(at) => {
            let at = at.index(lines.len());
            *text = lines
                .iter()
                .enumerate()
                .filter(|(line, _)| *line != at)
                .flat_map(|(_, line)| line.clone())
                .collect();
        }
        Change::CopyLine(from, to) => {
            let mut lines = lines;
            let copy = from.get(&lines).clone();
            lines.insert(to.index(lines.len()), copy);
            *text = lines.concat();
        }
        Change::DeleteWord(at) => drop(text.splice(at.get(&words).clone(), [])),
        Change::ReplaceWord(at, word) => drop(text.splice(at.get(&words).clone(), word.bytes())),
        Change::SwapWords(one, other) => {
            let word = text[other.get(&words).clone()].to_vec();
            text.splice(one.get(&words).clone(), word);
        }
        Change::ReplaceByte(at, byte) => *at.get_mut(text) = *byte,
        Change::InsertByte(at, byte) => text.insert(at.index(text.len()), *byte),
        Change::Truncate(at) => text.truncate(at.index(text.len())),
    }
}

fn places(problems: &Diagnostics) -> impl Iterator<Item = Origin> + '_ {
    problems
        .iter()
        .flat_map(|problem| problem.at.into_iter().chain(problem.related.as_ref().map(|related| related.0)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_change_of_a_file_breaks_the_reader(
        text in any::<Index>(),
        changes in prop::collection::vec(change(), 1..6),
    ) {
        let mut text = text.get(&TEXTS).clone();
        for change in &changes {
            apply(&mut text, change);
        }
        let (problems, sources) = match Scenario::parse_bytes("mutant.yaml", &text) {
            Ok(scenario) => {
                let _ = scenario.run().to_string();
                (scenario.warnings, scenario.sources)
            }
            Err(LoadError::Invalid { problems, sources }) => (problems, sources),
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        };
        for at in places(&problems) {
            let source = &sources.source(at).unwrap().text;
            let (start, end) = (at.start as usize, at.start as usize + at.length as usize);
            prop_assert!(end <= source.len().max(1), "{at:?} is outside {} bytes", source.len());
            prop_assert!(source.is_char_boundary(start), "{at:?} is inside a character");
            let line = 1 + source.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count();
            prop_assert_eq!(line, sources.line(at), "{:?} names another line", at);
        }
        let _ = render(&problems, &sources);
    }
}
