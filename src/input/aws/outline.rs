//! The lists of a file, found without reading what is in them, and cut so that threads can share a long one.
//!
//! What AWS answered is nearly always an object of lists. Brackets and quotes show where they end, several times faster
//! than reading it does; whether the rest is JSON shows when the items are read.

/// A key of the object, and its list.
#[derive(Debug, PartialEq)]
pub(super) struct Outlined<'a> {
    pub(super) key: &'a str,
    /// With its brackets.
    pub(super) raw: &'a str,
    /// The items in runs, with commas only between items; none of an empty list.
    pub(super) runs: Vec<&'a str>,
}

/// As many bytes as a run of items has at least: enough to keep a thread busy, few enough for many threads.
pub(super) const RUN: usize = 64 << 10;

/// What JSON allows around values.
pub(super) const SPACE: [char; 4] = [' ', '\n', '\r', '\t'];

/// The lists of an object that holds nothing but lists. `None` where it holds anything else, or where `text` cannot be
/// such an object.
pub(super) fn lists(text: &str) -> Option<Vec<Outlined<'_>>> {
    lists_in_runs(text, RUN)
}

fn lists_in_runs(text: &str, run: usize) -> Option<Vec<Outlined<'_>>> {
    let mut rest = Rest { text, at: 0 };
    let mut lists = Vec::new();
    rest.take(b'{')?;
    loop {
        rest.take(b'"')?;
        let key = rest.key()?;
        rest.take(b':')?;
        let (raw, runs) = rest.list(run)?;
        lists.push(Outlined { key, raw, runs });
        if rest.take(b',').is_none() {
            break;
        }
    }
    rest.take(b'}')?;
    rest.skip_space();
    (rest.at == text.len()).then_some(lists)
}

/// What of a text is still to be looked at.
pub(super) struct Rest<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl<'a> Rest<'a> {
    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.next().is_some_and(|byte| SPACE.contains(&char::from(byte))) {
            self.at += 1;
        }
    }

    /// Passes over `byte` and the space before it.
    pub(super) fn take(&mut self, byte: u8) -> Option<()> {
        self.skip_space();
        (self.next()? == byte).then(|| self.at += 1)
    }

    /// A key without escapes, whose first quote is behind us.
    pub(super) fn key(&mut self) -> Option<&'a str> {
        let from = self.at;
        self.at = end_of_text(self.text.as_bytes(), from)?;
        self.text.get(from..self.at - 1).filter(|key| !key.contains('\\'))
    }

    /// A list, and its items in runs of at least `run` bytes.
    fn list(&mut self, run: usize) -> Option<(&'a str, Vec<&'a str>)> {
        self.take(b'[')?;
        let start = self.at - 1;
        let (mut cuts, mut from) = (Vec::new(), self.at);
        let at = end_of_list(self.text.as_bytes(), self.at, |comma| {
            if comma - from >= run {
                cuts.push(from..comma);
                from = comma + 1;
            }
        })?;
        let mut runs = Vec::with_capacity(cuts.len() + 1);
        for cut in cuts {
            runs.push(self.text.get(cut)?);
        }
        self.at = at;
        let last = self.text.get(from..at - 1)?;
        if !runs.is_empty() || !last.trim_start_matches(SPACE).is_empty() {
            runs.push(last);
        }
        Some((self.text.get(start..at)?, runs))
    }
}

/// The position behind the bracket that ends a list; `at` is behind the one that begins it, or behind an item's comma.
/// `between` is told where the commas between items are.
pub(super) fn end_of_list(bytes: &[u8], mut at: usize, mut between: impl FnMut(usize)) -> Option<usize> {
    let mut depth = 0_usize;
    loop {
        let byte = *bytes.get(at)?;
        at += 1;
        match byte {
            b'"' => at = end_of_text(bytes, at)?,
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth > 0 => depth -= 1,
            b']' => return Some(at),
            b'}' => return None,
            b',' if depth == 0 => between(at - 1),
            _ => {}
        }
    }
}

/// The position behind the quote that ends a text; `at` is behind the one that begins it.
fn end_of_text(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let rest = bytes.get(at..)?;
        match rest.first_chunk() {
            // Most texts are longer than a word, and few have escapes.
            Some(word) => match first_mark(u64::from_le_bytes(*word)) {
                None => at += size_of::<u64>(),
                Some(found) if rest.get(found) == Some(&b'"') => return Some(at + found + 1),
                Some(found) => at += found + 2, // with what is escaped
            },
            None if rest.first()? == &b'"' => return Some(at + 1),
            None => at += if rest.first()? == &b'\\' { 2 } else { 1 },
        }
    }
}

/// The position of the first quote or backslash among eight bytes.
fn first_mark(word: u64) -> Option<usize> {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHEST: u64 = ONES << 7;
    // The lowest byte of which this has the highest bit is zero; of those above it that may not be so.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGHEST;
    let quotes = zeros(word ^ (ONES * u64::from(b'"')));
    let found = quotes | zeros(word ^ (ONES * u64::from(b'\\')));
    (found != 0).then_some(found.trailing_zeros() as usize / 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_cut_between_items() {
        let text = r#" {"A" : [ {"x": [1, "],\"[{", {}]}, {"y": 2},{} ], "B":[ ] } "#;
        let found = lists_in_runs(text, 8).unwrap();
        let runs: Vec<_> = found.iter().map(|list| (list.key, list.raw, list.runs.as_slice())).collect();
        let a = r#"[ {"x": [1, "],\"[{", {}]}, {"y": 2},{} ]"#;
        let cut = [r#" {"x": [1, "],\"[{", {}]}"#, r#" {"y": 2}"#, "{} "];
        assert_eq!(runs, [("A", a, cut.as_slice()), ("B", "[ ]", [].as_slice())]);
        assert_eq!(lists(text).unwrap()[0].runs, [a.trim_matches(['[', ']'])]);
    }

    #[test]
    fn the_end_of_a_text_is_found_wherever_it_is() {
        for length in 0..40 {
            for (text, end) in
                [("x".repeat(length), length), ("\u{80}\u{ff}!#[]\\\"".repeat(length), 10 * length)]
            {
                let within = format!("{text}\"]\"\\");
                assert_eq!(end_of_text(within.as_bytes(), 0), Some(end + 1), "{within}");
                assert_eq!(end_of_text(text.as_bytes(), 0), None, "{text}");
            }
        }
        assert_eq!(end_of_text(b"\\", 0), None);
    }

    #[test]
    fn anything_else_is_left_to_others() {
        let others = [
            "",
            "[]",
            "{}",
            r#"{"A": 1}"#,
            r#"{"A": null}"#,
            r#"{"A": []"#,
            r#"{"A": [}"#,
            r#"{"A": []]"#,
            r#"{"A": [{]}"#,
            r#"{"A": ["}]}"#,
            r#"{"A": [],}"#,
            r#"{"A": []} x"#,
            r#"{"\u0041": []}"#,
            r#"{"A": [], "T": "t"}"#,
            "{\"A\": []}\u{c}",
        ];
        for text in others {
            assert_eq!(lists(text), None, "{text}");
        }
    }
}
