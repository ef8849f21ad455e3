//! Standard output and error: colours where they are wanted, and a closed pipe that ends quietly.

use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use flowcast::diagnostic::{Diagnostics, Severity, Sources, escape, render, render_coloured};
use flowcast::flowlog::FlowLogRecord;
use flowcast::{LoadError, Report, Scenario};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::exit::Exit;

/// Green: what passes.
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
/// Red: what stops.
pub(super) const BAD: Style = AnsiColor::Red.on_default().bold();
/// Yellow: what is open.
pub(super) const OPEN: Style = AnsiColor::Yellow.on_default();
/// What is less important.
pub(super) const DIM: Style = Style::new().dimmed();
/// Titles.
pub(super) const STRONG: Style = Style::new().bold();

/// `text` in `style`; the stream removes the codes where no colours are wanted.
pub(super) fn paint(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// `1 error`, `2 errors`.
pub(super) fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// How many columns of a terminal `text` takes: letters of some scripts take two, and combining ones none.
pub(super) fn columns(text: &str) -> usize {
    text.width()
}

/// `text` with blanks behind it up to so many columns.
pub(super) fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

/// The begin of `text` that fits into so many columns, with `…` where something is left out.
pub(super) fn shortened(text: &str, most: usize) -> String {
    if columns(text) <= most {
        return text.to_owned();
    }
    let mut short = String::new();
    for letter in text.chars() {
        if columns(&short) + letter.width().unwrap_or(0) + 1 > most {
            break;
        }
        short.push(letter);
    }
    short.push('…');
    short
}

/// `words` in lines of some columns, broken at blanks.
pub(super) fn wrapped(words: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split(' ') {
        match lines.last_mut() {
            Some(line) if columns(line) + 1 + columns(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Writes `text` to standard output.
pub(super) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = anstream::AutoStream::auto(io::stdout().lock());
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// Writes all records of `report`, which follow the record `before`, to standard output. They hold no colours that would
/// have to be removed.
pub(super) fn print_records(
    report: &Report<'_>,
    header: bool,
    before: Option<&FlowLogRecord>,
) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    report.write_more_records(&mut out, header, before)?;
    out.flush()?;
    Ok(())
}

/// Writes `text` to standard error; that nobody listens there is no error.
pub(super) fn eprint(text: &str) {
    let mut out = anstream::AutoStream::auto(io::stderr().lock());
    let _ = out.write_all(text.as_bytes());
}

/// Says on standard error what was noticed.
pub(super) fn warn(problems: &Diagnostics, sources: &Sources) {
    if !problems.is_empty() {
        eprint(&(rendered(problems, sources) + "\n"));
    }
}

fn rendered(problems: &Diagnostics, sources: &Sources) -> String {
    if io::stderr().is_terminal() { render_coloured(problems, sources) } else { render(problems, sources) }
}

/// Loads a scenario; a failure is said on standard error and becomes an exit code.
pub(super) fn load(path: &std::path::Path) -> Result<Scenario, Exit> {
    Scenario::load(path).map_err(|error| load_failure(&error))
}

/// Says why a scenario cannot be run.
pub(super) fn load_failure(error: &LoadError) -> Exit {
    match error {
        LoadError::Io { .. } => {
            let help =
                "name a scenario, or a file or folder of what AWS answered, that is there and can be read";
            eprint(&format!("{} {error}\n{} {help}\n", paint(BAD, "error:"), paint(STRONG, "help:")));
            Exit::Io
        }
        LoadError::Invalid { problems, sources } => {
            let count = counted(problems.count(Severity::Error), "error");
            eprint(&format!("{}\n{count}: nothing was computed\n", rendered(problems, sources)));
            Exit::Invalid
        }
    }
}

/// The exit code of a failure: a closed pipe is none.
pub(super) fn fail(error: &anyhow::Error) -> Exit {
    let broken_pipe =
        error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe);
    if broken_pipe {
        return Exit::Success;
    }
    eprint(&format!("{} {}\n", paint(BAD, "error:"), escape(&format!("{error:#}"))));
    Exit::Io
}
