//! Problems as JSON.

use flowcast::diagnostic::{Diagnostic, Origin, Severity};
use serde_json::{Value as Json, json};

use super::super::json::{SCHEMA_VERSION, pretty};
use super::Checked;

/// One document with all files and their problems.
pub(super) fn problems(all: &[Checked]) -> anyhow::Result<String> {
    let files: Vec<_> = all.iter().map(file).collect();
    pretty(&json!({"schema_version": SCHEMA_VERSION, "files": files}))
}

fn file(checked: &Checked) -> Json {
    let problems: Vec<_> =
        checked.problems.sorted().into_iter().map(|problem| problem_of(problem, checked)).collect();
    json!({
        "file": checked.file,
        "unreadable": checked.unreadable,
        "errors": checked.count(Severity::Error),
        "warnings": checked.count(Severity::Warning),
        "problems": problems,
    })
}

fn problem_of(problem: &Diagnostic, checked: &Checked) -> Json {
    let (file, line, column) = place(problem.at, checked);
    let related = problem.related.as_ref().map(|related| {
        let (file, line, column) = place(Some(related.0), checked);
        json!({"message": related.1, "file": file, "line": line, "column": column})
    });
    json!({
        "code": problem.code.name(),
        "severity": problem.severity().to_string(),
        "message": problem.message,
        "help": problem.help,
        "file": file,
        "line": line,
        "column": column,
        "related": related,
    })
}

/// File, line and column, both from 1; what nobody wrote has the file alone.
fn place(at: Option<Origin>, checked: &Checked) -> (&str, Option<usize>, Option<usize>) {
    match at.and_then(|at| Some((checked.sources.source(at)?, at))) {
        Some((source, at)) => {
            let (line, column) = source.position(at.start);
            (source.name.as_str(), Some(line), Some(column))
        }
        None => (checked.file.as_str(), None, None),
    }
}
