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
    /// How many lines end before each block of the text, found when somebody first asks.
    line_ends: OnceLock<Vec<usize>>,
}

impl Source {
    /// Line and column of a byte, both from 1; columns count characters.
    pub fn position(&self, byte: u32) -> (usize, usize) {
        let text = self.text.get(..byte as usize).unwrap_or(&self.text);
        let column = text.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (self.line(byte), column)
    }

    /// Line of a byte, from 1.
    pub(super) fn line(&self, byte: u32) -> usize {
        const BLOCK: usize = 1024; // an index of every line would be larger than the text can be
        let text = self.text.as_bytes();
        let counts = self.line_ends.get_or_init(|| {
            let counts = text.chunks(BLOCK).scan(0, |ends, block| {
                let before = *ends;
                *ends += line_ends(block);
                Some(before)
            });
            counts.collect()
        });
        let byte = (byte as usize).min(text.len());
        let block = (byte / BLOCK).min(counts.len().saturating_sub(1));
        let before = counts.get(block).copied().unwrap_or_default();
        1 + before + line_ends(text.get(block * BLOCK..byte).unwrap_or_default())
    }
}

/// The number of line ends. So few bytes at once that a byte can count them: compilers compare and count many side by
/// side then.
fn line_ends(text: &[u8]) -> usize {
    const FEW: usize = 192;
    let count = |few: &[u8]| few.iter().map(|byte| u8::from(*byte == b'\n')).sum::<u8>();
    text.chunks(FEW).map(|few| usize::from(count(few))).sum()
}

/// What stands between the parts of a path.
const SEPARATORS: [char; 2] = ['/', '\\'];

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
        self.0.push(Source { name, text, quotable, line_ends: OnceLock::new() });
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
        self.source(origin).map_or(1, |source| source.line(origin.start))
    }

    /// `shop.yaml:14`, with the file's name, and of its folders only the last ones that tell it from others.
    pub fn short(&self, origin: Origin) -> String {
        let name = self.source(origin).map_or("?", |source| source.name.as_str());
        format!("{}:{}", super::escape(self.last_parts(name)), self.line(origin))
    }

    /// The shortest end of `name`, in whole parts of the path, that no other source's name has.
    fn last_parts<'n>(&self, name: &'n str) -> &'n str {
        let ends_like = |end: &str| {
            let others = || self.0.iter().map(|source| source.name.as_str()).filter(|other| *other != name);
            others().any(|other| {
                other.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with(SEPARATORS))
            })
        };
        let mut ends = name.rmatch_indices(SEPARATORS).filter_map(|(at, _)| name.get(at + 1..));
        ends.find(|end| !end.is_empty() && !ends_like(end)).unwrap_or(name)
    }
}

impl<'a> IntoIterator for &'a Sources {
    type Item = &'a Source;
    type IntoIter = std::slice::Iter<'a, Source>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Folders of accounts hold files of equal names.
    #[test]
    fn a_place_has_as_much_of_the_path_as_tells_it_from_others() {
        let mut sources = Sources::default();
        let names = [
            "dump/111122223333/us-east-1/all.json",
            "dump/111122223333/eu-west-1/all.json",
            "dump/444455556666/us-east-1/all.json",
            "dump/overall.json",
            "all.json",
            r"C:\lab\shop.yaml",
        ];
        let places = names.map(|name| Origin { source: sources.add(name, "{}"), start: 0, length: 0 });
        let told = places.map(|place| sources.short(place));
        let wanted = [
            "111122223333/us-east-1/all.json:1",
            "eu-west-1/all.json:1",
            "444455556666/us-east-1/all.json:1",
            "overall.json:1",
            "all.json:1",
            "shop.yaml:1",
        ];
        assert_eq!(told, wanted);
    }
}
