//! The lines of a source that a report shows. annotate-snippets looks at every byte it is given, once for each problem,
//! so it is given few.

use std::ops::Range;

use super::escape::visible;
use super::{Origin, Source};

/// Bytes of an excerpt. A file may be one line of megabytes, and two places may be that far apart.
const LONGEST: usize = 16 << 10;

/// Whole lines, safe for a terminal.
pub(super) struct Excerpt {
    /// The number of the first line.
    pub(super) line: usize,
    pub(super) text: String,
    /// Where the places stand in it, in their order.
    pub(super) spans: Vec<Range<usize>>,
}

impl Excerpt {
    /// The lines of `source` from the first of `places` to the last, unless they are too long to be shown.
    pub(super) fn of(source: &Source, places: &[Origin]) -> Option<Self> {
        let text = source.text.as_str();
        let spans: Vec<_> = places.iter().map(|place| span(*place, text)).collect();
        let first = places.iter().min_by_key(|place| place.start)?;
        let (start, end) =
            (spans.iter().map(|span| span.start).min()?, spans.iter().map(|span| span.end).max()?);
        if end - start > LONGEST {
            return None;
        }
        let from = line_start(text, start)?;
        let shown = text.get(from..line_end(text, end)?)?;
        let shown = shown.strip_suffix('\r').unwrap_or(shown);
        let moved = |byte: usize| visible(shown.get(..byte - from).unwrap_or(shown)).len();
        Some(Self {
            line: source.line(first.start),
            text: visible(shown),
            spans: spans.iter().map(|span| moved(span.start)..moved(span.end)).collect(),
        })
    }
}

/// Where the line of the byte `at` begins, if that is near.
fn line_start(text: &str, at: usize) -> Option<usize> {
    let near = at.saturating_sub(LONGEST);
    let before = text.as_bytes().get(near..at)?;
    match before.iter().rposition(|byte| *byte == b'\n') {
        Some(line_break) => Some(near + line_break + 1),
        None => (near == 0).then_some(0),
    }
}

/// Where the line of the byte `at` ends, if that is near.
fn line_end(text: &str, at: usize) -> Option<usize> {
    let near = at.saturating_add(LONGEST).min(text.len());
    let after = text.as_bytes().get(at..near)?;
    match after.iter().position(|byte| *byte == b'\n') {
        Some(line_break) => Some(at + line_break),
        None => (near == text.len()).then_some(near),
    }
}

/// The bytes of `at`, cut to the text, to its first line and to whole characters.
fn span(at: Origin, text: &str) -> Range<usize> {
    let clamp = |byte: u32| {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX).min(text.len());
        (0..=byte).rev().find(|byte| text.is_char_boundary(*byte)).unwrap_or(0)
    };
    let start = clamp(at.start);
    let end = clamp(at.start.saturating_add(at.length)).max(start);
    let line = text.get(start..end).and_then(|stretch| stretch.find('\n')).map_or(end, |at| start + at);
    start..line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(text: &str, places: &[(u32, u32)]) -> Option<Excerpt> {
        let mut sources = crate::diagnostic::Sources::default();
        let source = sources.add("a.yaml", text);
        let origin = |(start, length): &(u32, u32)| Origin { source, start: *start, length: *length };
        Excerpt::of(sources.iter().next()?, &places.iter().map(origin).collect::<Vec<_>>())
    }

    #[test]
    fn holds_the_lines_of_its_places() {
        let shown = excerpt("one\ntwo\nthree\nfour\n", &[(8, 5), (5, 1)]).unwrap();
        assert_eq!((shown.line, shown.text.as_str()), (2, "two\nthree"));
        assert_eq!(shown.spans, [4..9, 1..2]);
        let end = excerpt("one\n", &[(4, 0)]).unwrap();
        assert_eq!((end.line, end.text.as_str(), end.spans.first()), (2, "", Some(&(0..0))));
        let end = excerpt("one\r\ntwo\r\n", &[(3, 2)]).unwrap();
        assert_eq!((end.line, end.text.as_str(), end.spans.first()), (1, "one", Some(&(3..3))));
    }

    #[test]
    fn shows_nothing_of_a_long_line() {
        let long = format!("{}: 1\n{}", "x".repeat(1 << 20), "y\n".repeat(1 << 20));
        assert!(excerpt(&long, &[(1 << 20, 1)]).is_none());
        assert!(excerpt(&long, &[((1 << 20) + 4, 1), ((1 << 20) + 200_006, 1)]).is_none());
        assert_eq!(excerpt(&long, &[((1 << 20) + 4, 1)]).unwrap().text, "y");
    }

    #[test]
    fn shows_nothing_that_moves_the_cursor() {
        let shown = excerpt("a\u{9b}\u{200f}b: 1", &[(6, 1)]).unwrap();
        assert_eq!((shown.text.as_str(), shown.spans.first()), ("a\u{fffd}\u{fffd}b: 1", Some(&(7..8))));
    }
}
