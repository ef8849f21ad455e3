//! How wide texts are, and what is left of those that are too wide for their box.
//!
//! Whose font shows the page is not known: widths are those of `DejaVu Sans`, which is wider than most.

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Font {
    /// Titles of VPCs, 15 pixels and bold.
    Head,
    /// Names, 12 pixels and bold.
    Name,
    /// What stands beside names, 11 pixels.
    Detail,
}

impl Font {
    /// Size in pixels, and hundredths of the bold font's width.
    const fn size(self) -> (i32, i32) {
        match self {
            Self::Head => (15, 100),
            Self::Name => (12, 100),
            Self::Detail => (11, 92),
        }
    }

    /// Width of `text` in pixels.
    pub(crate) fn width(self, text: &str) -> i32 {
        let (size, part) = self.size();
        let all: i32 = text.chars().map(advance).fold(0, i32::saturating_add);
        (all.min(1 << 20) * size * part).div_euclid(10_000) + 1
    }

    /// `text`, or as much of its begin and end as fits into some pixels.
    pub(crate) fn fit(self, text: &str, most: i32) -> String {
        shortened(text, |text| self.width(text) <= most)
    }
}

/// Advance of a character in hundredths of the font's size, bold.
const fn advance(c: char) -> i32 {
    match c {
        'i' | 'j' | 'l' | 'I' | 'J' | ' ' | '\'' | '|' | '/' | '.' | ',' => 38,
        'f' | 't' | 'r' | '-' | ':' | ';' | '(' | ')' | '[' | ']' | '!' | '_' => 50,
        'c' | 's' | 'z' => 60,
        'm' | 'W' | '@' | '%' | '…' => 110,
        'w' | 'M' => 100,
        'a'..='z' | '0'..='9' => 72,
        'A'..='Z' | '\u{21}'..='\u{7e}' => 84,
        '\u{a0}'..='\u{2fff}' => 90,
        _ => 120,
    }
}

/// `text` if it fits, or its begin and its end around `…`: ids and names that resemble each other differ at their ends.
pub(super) fn shortened(text: &str, fits: impl Fn(&str) -> bool) -> String {
    if fits(text) {
        return text.to_owned();
    }
    let signs: Vec<char> = text.chars().take(LONGEST).collect();
    let last: Vec<char> = text.chars().rev().take(LONGEST).collect();
    let of = |kept: usize| {
        let begin = signs.iter().take(kept.div_ceil(2));
        let end: Vec<&char> = last.iter().take(kept / 2).collect();
        begin.chain([&'…']).chain(end.into_iter().rev()).collect::<String>()
    };
    let most = text.chars().count().min(LONGEST);
    (0..most).rev().map(of).find(|text| fits(text)).unwrap_or_else(|| "…".to_owned())
}

/// No box has room for more.
const LONGEST: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_wide_keeps_its_begin_and_its_end() {
        let id = "igw-0a4895a3c58cac8cb";
        assert!(Font::Name.width(id) >= 165, "{}", Font::Name.width(id));
        assert_eq!(Font::Name.fit(id, 400), id);
        let cut = Font::Name.fit(id, 100);
        assert!(cut.starts_with("igw-0") && cut.ends_with("8cb") && cut.contains('…'), "{cut}");
        assert!(Font::Name.width(&cut) <= 100);
        assert_eq!(Font::Name.fit(id, 0), "…");
        assert!(Font::Detail.width(id) < Font::Name.width(id));
    }
}
