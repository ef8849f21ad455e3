//! Golden files for other people's tests.

use std::fmt::Write as _;
use std::path::Path;

/// Compares `text` with the file at `path`, line by line. With `UPDATE_GOLDEN=1` in the environment the file is
/// written instead.
///
/// # Panics
/// When the texts differ or the file cannot be read or written: it is meant for tests.
#[expect(clippy::panic, reason = "an assertion for tests fails by panicking")]
pub fn assert_golden(path: impl AsRef<Path>, text: &str) {
    let path = path.as_ref();
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        if let Err(error) = write_whole(path, text) {
            panic!("cannot write {}: {error}", path.display());
        }
        return;
    }
    match std::fs::read_to_string(path) {
        Ok(expected) => {
            if let Some(difference) = difference(&expected, text) {
                panic!("{} differs (UPDATE_GOLDEN=1 rewrites it):\n{difference}", path.display());
            }
        }
        Err(error) => panic!("cannot read {}: {error} (UPDATE_GOLDEN=1 writes it)", path.display()),
    }
}

/// What differs between two texts: lines of the first with `-`, of the second with `+`; `None` when nothing does.
pub fn difference(expected: &str, found: &str) -> Option<String> {
    if expected == found {
        return None;
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let same = |(a, b): &(&&str, &&str)| a == b;
    let before = old.iter().zip(&new).take_while(same).count();
    let after = old.iter().skip(before).rev().zip(new.iter().skip(before).rev()).take_while(same).count();
    let mut text = String::new();
    let mut write = |sign: char, lines: &[&str]| {
        for (offset, line) in lines.iter().enumerate().take(lines.len() - after).skip(before) {
            let _ = writeln!(text, "{sign} {:>4}  {line}", offset + 1);
        }
    };
    write('-', &old);
    write('+', &new);
    if text.is_empty() {
        text.push_str("only the end of the last line differs\n");
    }
    Some(text)
}

/// Writes a file beside its place and renames it, so that no half of it is ever left. A link is followed; what is no
/// regular file, such as a device or a pipe, is written to directly.
///
/// # Errors
/// Those of writing and renaming.
pub fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let existing = std::fs::metadata(&path).ok();
    if existing.as_ref().is_some_and(|existing| !existing.is_file()) {
        return std::fs::write(&path, text);
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.tmp", std::process::id()));
    let keep_mode =
        |()| existing.map_or(Ok(()), |existing| std::fs::set_permissions(&beside, existing.permissions()));
    let written =
        std::fs::write(&beside, text).and_then(keep_mode).and_then(|()| std::fs::rename(&beside, &path));
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_only_what_differs() {
        assert_eq!(difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(difference("a\nb\nc\n", "a\nx\nc\n").unwrap(), "-    2  b\n+    2  x\n");
        assert_eq!(difference("a\n", "a\na\n").unwrap(), "+    2  a\n");
        assert_eq!(difference("a", "a\n").unwrap(), "only the end of the last line differs\n");
    }
}
