//! Texts as YAML reads them back.

use std::fmt::Write as _;
use std::net::Ipv4Addr;

/// `text` as it is where nothing can mistake it, otherwise in double quotes.
pub(super) fn quoted(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { in_quotes(text) }
}

/// A sequence in brackets.
pub(super) fn list<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| quoted(item.as_ref())).collect();
    format!("[{}]", items.join(", "))
}

/// Whether YAML takes a text for nothing but text: neither for a number nor a keyword, and no sign in it means anything.
pub(super) fn is_plain(text: &str) -> bool {
    const KEYWORDS: &[&str] = &["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-/ >".contains(&byte);
    let begins = |is: fn(&u8) -> bool| text.bytes().next().is_some_and(|first| is(&first));
    // Words, lines of several words, and IPv4 addresses and blocks are no numbers.
    let several = text.contains(' ')
        || text.split(['/', ' ']).next().is_some_and(|first| first.parse::<Ipv4Addr>().is_ok());
    (begins(u8::is_ascii_alphabetic) || begins(u8::is_ascii_digit) && several)
        && text.bytes().all(is_word)
        && !text.ends_with(' ')
        && !KEYWORDS.contains(&text.to_ascii_lowercase().as_str())
}

fn in_quotes(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            // Whatever a terminal or an editor could take for a command or a line's end.
            c if c.is_control() || ('\u{2000}'..='\u{206f}').contains(&c) || c == '\u{feff}' => {
                let _ = write!(quoted, "\\U{:08x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_is_quoted() {
        for (text, written) in [
            ("web", "web"),
            ("subnet-0931fc2fa5EXAMPLE", "subnet-0931fc2fa5EXAMPLE"),
            ("true", "\"true\""),
            ("10", "\"10\""),
            ("10.0.0.0/16", "10.0.0.0/16"),
            ("100 deny all to 0.0.0.0/0", "100 deny all to 0.0.0.0/0"),
            ("::/0", "\"::/0\""),
            ("a: b", "\"a: b\""),
            ("say \"hi\"", "\"say \\\"hi\\\"\""),
            ("\u{1b}[31m", "\"\\U0000001b[31m\""),
            ("", "\"\""),
        ] {
            assert_eq!(quoted(text), written);
        }
    }
}
