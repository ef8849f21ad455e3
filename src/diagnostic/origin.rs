//! Where a value was read.

/// A stretch of a source: the file, the line and the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// Index into [`Sources`].
    pub source: u32,
    /// Line, from 1.
    pub line: u32,
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Path or other name.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// Everything that was read, so that origins can be shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Adds a text and returns the index that its origins carry.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> u32 {
        self.0.push(Source { name: name.into(), text: text.into() });
        u32::try_from(self.0.len() - 1).unwrap_or(u32::MAX)
    }

    /// The text that `origin` points into.
    pub fn source(&self, origin: Origin) -> Option<&Source> {
        self.0.get(usize::try_from(origin.source).ok()?)
    }

    /// `shop.yaml:14`, with the file's name but not its folder.
    pub fn short(&self, origin: Origin) -> String {
        let name = self.source(origin).map_or("?", |source| source.name.as_str());
        let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
        format!("{}:{}", super::escape(file), origin.line)
    }
}
