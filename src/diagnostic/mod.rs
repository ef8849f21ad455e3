//! Problems with what was read: found all at once, each with its place and how to mend it.

mod code;
mod escape;
mod origin;
pub(crate) mod problems;
mod render;

use std::fmt;

pub use code::{CODES, Code, CodeEntry};
pub use escape::escape;
pub use origin::{Located, Origin, Source, Sources};
pub use render::{render, render_coloured};

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is computed.
    Error,
    /// Something is computed, and the user should know what it rests on.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// One problem. Made only by the functions of `problems`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of problem it is; stable.
    pub code: Code,
    /// The fact, in one line.
    pub message: String,
    /// Where it was found.
    pub at: Option<Origin>,
    /// A second place that belongs to it, and why.
    pub related: Option<(Origin, String)>,
    /// How to mend it.
    pub help: Option<String>,
}

impl Diagnostic {
    pub(crate) fn new(code: Code, at: impl Into<Option<Origin>>, message: impl Into<String>) -> Self {
        Self { code, message: escape(&message.into()), at: at.into(), related: None, help: None }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(escape(&help.into()));
        self
    }

    pub(crate) fn maybe_help(self, help: Option<String>) -> Self {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }

    pub(crate) fn related(mut self, at: Option<Origin>, why: impl Into<String>) -> Self {
        self.related = at.map(|at| (at, why.into()));
        self
    }

    /// Severity of the problem's kind.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// Every problem found so far, in the order in which they were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds a problem.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Keeps the value, or notes the problem.
    pub(crate) fn ok<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|problem| self.push(problem)).ok()
    }

    /// Whether a problem forbids going on.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|problem| problem.severity() == Severity::Error)
    }

    /// The problems in the order of their places, errors and warnings mixed.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut sorted: Vec<_> = self.0.iter().collect();
        sorted.sort_by_key(|problem| problem.at);
        sorted
    }

    /// The problems in the order in which they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, more: I) {
        self.0.extend(more);
    }
}
