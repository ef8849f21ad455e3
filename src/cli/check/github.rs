//! Problems as annotations of a GitHub workflow: commands that its runner reads from the output.
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>

use std::fmt::Write as _;

use flowcast::diagnostic::{Diagnostic, escape};

use super::Checked;

/// A line for each problem.
pub(super) fn annotations(all: &[Checked]) -> String {
    let mut text = String::new();
    for checked in all {
        if let Some(why) = &checked.unreadable {
            let file = property(&checked.file);
            let _ = writeln!(text, "::error file={file},title=unreadable::{}", message(why));
        }
        for problem in checked.problems.sorted() {
            let _ = writeln!(text, "{}", annotation(problem, checked));
        }
    }
    text
}

fn annotation(problem: &Diagnostic, checked: &Checked) -> String {
    let place = problem.at.and_then(|at| Some((checked.sources.source(at)?, at)));
    let place = match place {
        Some((source, at)) => {
            let (line, column) = source.position(at.start);
            format!("file={},line={line},col={column}", property(&source.name))
        }
        None => format!("file={}", property(&checked.file)),
    };
    let help = problem.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    let told = message(&format!("{}{help}", problem.message));
    format!("::{} {place},title={}::{told}", problem.severity(), property(problem.code.name()))
}

/// What ends the line would end the annotation.
fn message(text: &str) -> String {
    escape(&text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A"))
}

/// In a property a colon or a comma would end it as well.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_an_annotation_early() {
        assert_eq!(message("100 %\r\n: a, b"), "100 %25%0D%0A: a, b");
        assert_eq!(property("a:b,c%\n"), "a%3Ab%2Cc%25%0A");
        assert_eq!(message("\u{1b}[2J"), "\\u{1b}[2J");
    }
}
