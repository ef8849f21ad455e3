//! The floors of the house: a file imports only from floors below its own, and some words never occur on some
//! floors. Read off the text of `src/`, so that nothing has to be declared twice.

pub(crate) mod source;

use std::collections::{BTreeMap, BTreeSet};

use petgraph::algo::{tarjan_scc, toposort};
use petgraph::graph::DiGraph;
use source::{SourceFile, sources};

/// Modules at the root, by floor. Rooms of one floor do not see each other; modules of one room do.
const FLOORS: &[&[&[&str]]] = &[
    &[&["net"], &["diagnostic"], &["svg"]],
    &[&["model"]],
    &[&["input"], &["walk"]],
    // Records count the packets that the timeline sends: one room, and `TIMELINE_FIRST` keeps its order.
    &[&["timeline", "flowlog"]],
    &[&["sink"], &["graph"], &["reach"]],
    // Load, run and compare are one thing in several files.
    &[&["scenario", "limits", "report", "check", "assumed", "golden", "files", "import", "load"]],
    // Shows what a report says.
    &[&["chronicle"]],
    &[&["cli"]],
];

const CLI: &str = "cli";

/// Floor and room of a module at the root.
fn place(module: &str) -> Option<(usize, usize)> {
    FLOORS.iter().enumerate().find_map(|(floor, rooms)| {
        rooms.iter().position(|room| room.contains(&module)).map(|room| (floor, room))
    })
}

/// A module at the root that a file names, and where.
struct Import<'f> {
    from: &'f str,
    to: &'f str,
    at: String,
}

/// Every path of `file` that begins at the crate's root, by its first name: `crate::x`, `crate::{x, y}`, and as many
/// `super` as lead there.
fn imports(file: &SourceFile) -> Vec<Import<'_>> {
    let module = file.module();
    let Some(from) = module.first().copied() else { return Vec::new() };
    let tests = file.without_tests().len();
    let mut imports = Vec::new();
    let mut supers = 0;
    for (position, word) in SourceFile::words(&file.code) {
        let Some(rest) = file.code[position + word.len()..].strip_prefix("::") else {
            supers = 0;
            continue;
        };
        supers = if word == "super" { supers + 1 } else { 0 };
        // Unit tests stand in a module of their own.
        let depth = module.len() + usize::from(position > tests);
        if word == "crate" || (supers > 0 && supers == depth) {
            let names = roots(rest).into_iter().filter(|to| *to != "super");
            imports.extend(names.map(|to| Import { from, to, at: file.at(position) }));
        }
    }
    imports
}

/// First names of the path or the group of paths that `rest` begins with.
fn roots(rest: &str) -> Vec<&str> {
    let Some(group) = rest.strip_prefix('{') else {
        return SourceFile::words(rest).map(|(_, word)| word).take(1).collect();
    };
    let mut depth = 0_i32;
    let mut starts = vec![0];
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => starts.push(at + 1),
            _ => {}
        }
    }
    let first = |start: usize| SourceFile::words(&group[start..]).map(|(_, word)| word).next();
    starts.into_iter().filter_map(first).collect()
}

/// Fails with every line of `violations`.
fn none(violations: &[String], rule: &str) {
    assert!(violations.is_empty(), "{rule}:\n  {}", violations.join("\n  "));
}

#[test]
fn every_file_has_a_floor() {
    let files = sources();
    let known = |file: &&SourceFile| file.module().first().is_none_or(|module| place(module).is_some());
    let homeless: Vec<_> = files.iter().filter(|file| !known(file)).map(|file| file.path.clone()).collect();
    none(&homeless, "these files stand on no floor; give their module a place in FLOORS");
}

#[test]
fn nothing_imports_upwards() {
    let mut violations = Vec::new();
    for file in &sources() {
        for Import { from, to, at } in imports(file) {
            let (Some(own), Some(other)) = (place(from), place(to)) else {
                violations
                    .push(format!("{at}: `{to}` is no module at the root; name the module it is defined in"));
                continue;
            };
            let neighbours = own.0 == other.0 && own.1 != other.1;
            if other.0 > own.0 || neighbours {
                let why = if neighbours { "its neighbour" } else { "above it" };
                violations.push(format!(
                    "{at}: `{from}` on floor {} imports `{to}`, {why} on floor {}",
                    own.0, other.0
                ));
            }
        }
    }
    none(&violations, "a file imports only floors below its own");
}

/// The timeline knows nothing of records.
#[test]
fn the_timeline_does_not_see_flow_logs() {
    let files = sources();
    let back =
        files.iter().flat_map(imports).filter(|import| import.from == "timeline" && import.to == "flowlog");
    none(&back.map(|import| import.at).collect::<Vec<_>>(), "`timeline` imports `flowlog`");
}

/// The command line uses the library as everybody else does, and nobody uses the command line.
#[test]
fn faces_use_the_public_api_only() {
    let mut violations = Vec::new();
    for file in &sources() {
        let is_face = file.module().first() == Some(&CLI) || file.path == "src/main.rs";
        for Import { to, at, .. } in imports(file) {
            if is_face && to != CLI {
                violations.push(format!("{at}: `crate::{to}` is not the public API"));
            }
        }
        let names_us = SourceFile::words(&file.code).filter(|(_, word)| *word == "flowcast");
        if !is_face {
            violations.extend(
                names_us.map(|(position, _)| format!("{}: the library names itself", file.at(position))),
            );
        }
    }
    none(&violations, "faces use `flowcast::` and nothing else");
}

/// Rooms as a graph: its edges form no cycle, and it can be put into an order.
#[test]
fn rooms_form_no_cycle() {
    let files = sources();
    let mut graph = DiGraph::<&str, ()>::new();
    let mut nodes = BTreeMap::new();
    for room in FLOORS.iter().copied().flatten() {
        nodes.insert(place(room[0]), graph.add_node(room[0]));
    }
    let edges: BTreeSet<_> =
        files.iter().flat_map(imports).map(|edge| (place(edge.from), place(edge.to))).collect();
    for (from, to) in edges.iter().filter(|(from, to)| from != to) {
        if let (Some(from), Some(to)) = (nodes.get(from), nodes.get(to)) {
            graph.add_edge(*from, *to, ());
        }
    }
    let cycles = tarjan_scc(&graph).into_iter().filter(|part| part.len() > 1);
    let names = |part: Vec<_>| part.into_iter().map(|node| graph[node]).collect::<Vec<_>>().join(" -> ");
    none(&cycles.map(names).collect::<Vec<_>>(), "these modules import each other in a circle");
    let order = toposort(&graph, None).unwrap();
    let position = |name: &str| order.iter().position(|node| graph[*node] == name);
    assert!(position("scenario") < position("walk") && position("walk") < position("model"));
    assert!(graph.edge_count() > 10, "the imports were not found");
}

/// A rule about words: which ones, where they are forbidden, and in which files they stand all the same.
struct Absence {
    words: &'static [&'static str],
    folder: &'static str,
    but: &'static [&'static str],
    why: &'static str,
}

const ABSENCES: &[Absence] = &[
    Absence {
        words: &["Result", "panic", "unwrap", "todo", "unimplemented", "unreachable"],
        folder: "src/walk/",
        but: &[],
        why: "the walk cannot fail",
    },
    Absence {
        words: &["fs", "io", "env", "process", "Instant", "SystemTime", "rand", "HashMap", "HashSet"],
        folder: "src/walk/",
        but: &[],
        why: "the walk has no input or output, no clock and no randomness",
    },
    Absence {
        words: &["fs", "io", "env"],
        folder: "src/model/",
        but: &[],
        why: "the model has no input or output",
    },
    Absence {
        words: &["serde", "Serialize", "Deserialize"],
        folder: "src/",
        but: &["src/input/", "src/cli/"],
        why: "outside formats live in `input` and in the faces",
    },
    Absence {
        words: &["serde_json"],
        folder: "src/",
        but: &["src/input/aws", "src/cli/", "src/flowlog/aws_service.rs"],
        why: "JSON is read and written at the edges",
    },
    Absence {
        words: &["serde_yaml", "serde_saphyr", "serde_yaml_original"],
        folder: "src/",
        but: &["src/input/yaml.rs", "src/input/yaml/"],
        why: "one module names the YAML library",
    },
    Absence {
        words: &["clap", "anyhow"],
        folder: "src/",
        but: &["src/cli/"],
        why: "the library has no command line",
    },
    Absence {
        words: &["thread_rng", "random"],
        folder: "src/",
        but: &[],
        why: "the same input gives the same bytes",
    },
    Absence {
        words: &["Instant", "SystemTime"],
        folder: "src/",
        but: &["src/cli/"],
        why: "results do not depend on the clock",
    },
];

#[test]
fn words_stand_only_where_they_may() {
    let files = sources();
    let mut violations = Vec::new();
    for absence in ABSENCES {
        let concerned = files.iter().filter(|file| {
            file.path.starts_with(absence.folder) && !absence.but.iter().any(|but| file.path.starts_with(but))
        });
        for file in concerned {
            let code = file.without_tests();
            let found = SourceFile::words(code).filter(|(_, word)| absence.words.contains(word));
            // What `Display` returns is no failure of ours.
            let found = found.filter(|(position, _)| !code[..*position].ends_with("fmt::"));
            violations.extend(
                found.map(|(position, word)| format!("{}: `{word}`: {}", file.at(position), absence.why)),
            );
        }
    }
    none(&violations, "words that must not stand where they do");
}

/// Arithmetic knows no cloud, not even in its comments.
#[test]
fn arithmetic_of_packets_does_not_know_who_uses_it() {
    let mut violations = Vec::new();
    for file in sources().iter().filter(|file| file.path.starts_with("src/net/")) {
        for (line, text) in file.text.lines().enumerate() {
            let lower = text.to_lowercase();
            if ["aws", "amazon", "vpc"].iter().any(|word| lower.contains(word)) {
                violations.push(format!("{}:{}: {}", file.path, line + 1, text.trim()));
            }
        }
    }
    none(&violations, "`net` names the cloud");
}
