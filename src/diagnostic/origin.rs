//! Where a value was read.

use std::sync::OnceLock;

/// A stretch of a source: the file and the bytes. [`Sources`] knows the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// Index into [`Sources`].
    pub source: u32,
    /// First byte, from 0.
    pub start: u32,
    /// Number of bytes.
    pub length: u32,
}

/// A value and where it was read; `None` for what nobody wrote, such as AWS's defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it was read.
    pub origin: Option<Origin>,
}

impl<T> Located<T> {
    /// A value that nobody wrote.
    pub const fn nowhere(value: T) -> Self {
        Self { value, origin: None }
    }

    /// A value read at `origin`.
    pub const fn at(value: T, origin: Origin) -> Self {
        Self { value, origin: Some(origin) }
    }
}

/// A text that was read, under the name by which messages call it.
#[derive(Debug, Clone)]
pub struct Source {
    /// Path or other name.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// Whether messages may quote the text. What cloud accounts say of themselves may hold secrets.
    pub quotable: bool,
    /// Where lines begin, found when somebody first asks.
    lines: OnceLock<Vec<u32>>,
}

impl Source {
    /// Line and column of a byte, both from 1; columns count characters.
    pub fn position(&self, byte: u32) -> (usize, usize) {
        let starts = self.lines.get_or_init(|| {
            let ends = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            let after = ends.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX));
            std::iter::once(0).chain(after).collect()
        });
        let line = starts.partition_point(|start| *start <= byte).max(1);
        let start = starts.get(line - 1).map_or(0, |start| *start as usize);
        let before = self.text.get(start..byte as usize).unwrap_or_default();
        (line, before.chars().count() + 1)
    }
}

/// Everything that was read, so that origins can be shown.
#[derive(Debug, Clone, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Adds a text that messages may quote, and returns the index that its origins carry.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> u32 {
        self.push(name.into(), text.into(), true)
    }

    /// Adds a text that no message quotes.
    pub fn add_confidential(&mut self, name: impl Into<String>, text: impl Into<String>) -> u32 {
        self.push(name.into(), text.into(), false)
    }

    fn push(&mut self, name: String, text: String, quotable: bool) -> u32 {
        self.0.push(Source { name, text, quotable, lines: OnceLock::new() });
        u32::try_from(self.0.len() - 1).unwrap_or(u32::MAX)
    }

    /// The text that `origin` points into.
    pub fn source(&self, origin: Origin) -> Option<&Source> {
        self.0.get(usize::try_from(origin.source).ok()?)
    }

    /// The text of the source at `position`; empty when there is none.
    pub fn text(&self, position: usize) -> &str {
        self.0.get(position).map_or("", |source| source.text.as_str())
    }

    /// Every text, in the order of their indices.
    pub fn iter(&self) -> std::slice::Iter<'_, Source> {
        self.0.iter()
    }

    /// The line of `origin`, from 1.
    pub fn line(&self, origin: Origin) -> usize {
        self.source(origin).map_or(1, |source| source.position(origin.start).0)
    }

    /// `shop.yaml:14`, with the file's name but not its folder.
    pub fn short(&self, origin: Origin) -> String {
        let name = self.source(origin).map_or("?", |source| source.name.as_str());
        let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
        format!("{}:{}", super::escape(file), self.line(origin))
    }
}

impl<'a> IntoIterator for &'a Sources {
    type Item = &'a Source;
    type IntoIter = std::slice::Iter<'a, Source>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
