//! The text of `src/`, for tests that read it: without comments, without the contents of strings.

use std::fs;
use std::path::{Path, PathBuf};

/// A source file.
pub(crate) struct SourceFile {
    /// Path from the package's root, e.g. `src/walk/leg.rs`.
    pub(crate) path: String,
    /// The text as it is.
    pub(crate) text: String,
    /// The text with comments, strings and characters blanked; lines and columns stay.
    pub(crate) code: String,
}

impl SourceFile {
    /// The path of the module that the file holds, e.g. `["walk", "leg"]`; empty for `lib.rs` and `main.rs`.
    pub(crate) fn module(&self) -> Vec<&str> {
        let inner = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        let mut parts: Vec<&str> = inner.split('/').collect();
        if matches!(parts.last(), Some(&("mod" | "lib" | "main"))) {
            parts.pop();
        }
        parts
    }

    /// `path:line` of a position in the text.
    pub(crate) fn at(&self, position: usize) -> String {
        format!("{}:{}", self.path, 1 + self.code[..position].matches('\n').count())
    }

    /// The code before the unit tests, which stand at the end of a file.
    pub(crate) fn without_tests(&self) -> &str {
        self.code.split("#[cfg(test)]").next().unwrap_or_default()
    }

    /// Every identifier of the code, and where it begins.
    pub(crate) fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let mut rest = 0;
        std::iter::from_fn(move || {
            let start = rest + code[rest..].find(is_word)?;
            let length = code[start..].find(|c| !is_word(c)).unwrap_or(code.len() - start);
            rest = start + length;
            Some((start, &code[start..rest]))
        })
    }
}

/// Every file under `src/`, by path.
pub(crate) fn sources() -> Vec<SourceFile> {
    let mut paths = Vec::new();
    collect(Path::new("src"), &mut paths);
    paths.sort();
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        let code = blank(&text);
        SourceFile { path: path.to_str().unwrap().replace('\\', "/"), text, code }
    };
    paths.iter().map(read).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

/// Blanks what is not code: each of its bytes becomes a space, but for line ends.
fn blank(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = not_code(rest);
        let (taken, blanked) = if length == 0 { (first.len_utf8(), false) } else { (length, true) };
        for c in rest[..taken].chars() {
            match c {
                '\n' => code.push('\n'),
                _ if blanked => (0..c.len_utf8()).for_each(|_| code.push(' ')),
                c => code.push(c),
            }
        }
        rest = &rest[taken..];
    }
    code
}

/// Length of the comment, string or character that `text` begins with, or 0.
fn not_code(text: &str) -> usize {
    let until =
        |end: &str, from: usize| text[from..].find(end).map_or(text.len(), |at| from + at + end.len());
    if text.starts_with("//") {
        text.find('\n').unwrap_or(text.len())
    } else if text.starts_with("/*") {
        until("*/", 2)
    } else if text.starts_with("r\"") {
        until("\"", 2)
    } else if text.starts_with("r#\"") {
        until("\"#", 3)
    } else if text.starts_with('"') {
        let mut escaped = false;
        let end = text.char_indices().skip(1).find(|(_, c)| {
            let ends = *c == '"' && !escaped;
            escaped = *c == '\\' && !escaped;
            ends
        });
        end.map_or(text.len(), |(at, _)| at + 1)
    } else if text.starts_with("'\\") {
        until("'", 3)
    } else if text.starts_with('\'') {
        // A character; otherwise it is a lifetime.
        let mut chars = text.char_indices().skip(2);
        chars.next().filter(|(_, c)| *c == '\'').map_or(0, |(at, _)| at + 1)
    } else {
        0
    }
}

#[test]
fn only_code_is_left() {
    let text = "let a = \"crate::x \\\" y\"; // crate::z\nlet b: &'static str = r#\"c\"d\"#; let c = '\"'; /* e */ f";
    let code = blank(text);
    assert_eq!(code.len(), text.len());
    let words: Vec<_> = SourceFile::words(&code).map(|(_, word)| word).collect();
    assert_eq!(words, ["let", "a", "let", "b", "static", "str", "let", "c", "f"]);
}
