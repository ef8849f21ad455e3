//! Text from outside, made safe for a terminal.

use std::fmt::Write as _;

/// Replaces control characters and those that change the direction of text by their escapes.
/// Line breaks stay only as `\n` text: a message is one line.
pub fn escape(text: &str) -> String {
    if !text.chars().any(is_unsafe) {
        return text.to_owned();
    }
    text.chars().fold(String::with_capacity(text.len()), |mut safe, c| {
        if is_unsafe(c) {
            safe.extend(c.escape_unicode());
        } else {
            safe.push(c);
        }
        safe
    })
}

/// As [`escape`], for text that is JSON: its own escapes, which mean the same characters. Those of ASCII that JSON
/// knows are in its strings already.
pub fn escape_json(json: &str) -> String {
    json.chars().fold(String::with_capacity(json.len()), |mut safe, c| {
        if c == '\u{7f}' || (is_unsafe(c) && !c.is_ascii()) {
            let _ = write!(safe, "\\u{:04x}", u32::from(c)); // a String takes everything
        } else {
            safe.push(c);
        }
        safe
    })
}

/// Replaces those of the characters that are not ASCII by one that is seen and stays where it stands: the rest is
/// shown by the renderer's own signs.
pub(super) fn visible(text: &str) -> String {
    let safe = |c: char| if is_unsafe(c) && !c.is_ascii() { char::REPLACEMENT_CHARACTER } else { c };
    text.chars().map(safe).collect()
}

/// Control characters, separators of lines, and the marks of bidirectional text (Unicode TR 36).
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_moves_the_cursor_or_the_text() {
        assert_eq!(escape("w\u{1b}[31mb\n"), "w\\u{1b}[31mb\\u{a}");
        assert_eq!(escape("a\u{202e}b"), "a\\u{202e}b");
        assert_eq!(escape("größe 網"), "größe 網");
        assert_eq!(escape_json("{\n\"größe\": \"\u{9b}\u{202e}\"}"), "{\n\"größe\": \"\\u009b\\u202e\"}");
    }
}
