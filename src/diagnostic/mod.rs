//! Problems with what was read: found all at once, each with its place and how to mend it.

mod code;
mod escape;
mod excerpt;
mod origin;
pub(crate) mod problems;
mod render;
mod threads;

use std::collections::BTreeSet;
use std::fmt;

pub use code::{CODES, Code, CodeEntry};
pub use escape::{escape, escape_json};
pub use origin::{Located, Origin, Source, Sources};
pub use problems::did_you_mean;
pub use render::{render, render_all_coloured, render_coloured};

/// The word for an address that nothing in a network names more closely than `/0`.
pub(crate) const INTERNET: &str = "internet";

/// Characters of a message; names from outside can be of any length.
const LONGEST: usize = 400;

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
    pub related: Option<Box<(Origin, &'static str)>>,
    /// How to mend it.
    pub help: Option<String>,
    /// The name that nothing has, of a dangling reference.
    pub(crate) dangling: Option<Box<str>>,
}

impl Diagnostic {
    pub(crate) fn new(code: Code, at: impl Into<Option<Origin>>, message: impl Into<String>) -> Self {
        Self {
            code,
            message: problems::cut(&escape(&message.into()), LONGEST),
            at: at.into(),
            related: None,
            help: None,
            dangling: None,
        }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(escape(&help.into()));
        self
    }

    pub(crate) fn related(mut self, at: Option<Origin>, why: &'static str) -> Self {
        self.related = at.map(|at| Box::new((at, why)));
        self
    }

    /// Says of a reference to what an event has removed that it did.
    pub(crate) fn after_removal(mut self, gone: &[Located<String>]) -> Self {
        let name = self.dangling.as_deref();
        let Some(removed) = gone.iter().rev().find(|own| Some(own.value.as_str()) == name) else {
            return self;
        };
        self.message.push_str(" any more");
        self.help =
            Some("remove or change what names it in that event as well, or name something else".to_owned());
        self.related(removed.origin, "removed by this event")
    }

    /// Severity of the problem's kind.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// Problems of one severity that are kept; further ones are counted. A large broken file has one on each line.
const MOST_KEPT: usize = 10_000;

/// The problems found so far, in the order in which they were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    all: Vec<Diagnostic>,
    errors: usize,
    warnings: usize,
    /// Source and first byte of every error.
    places: BTreeSet<(u32, u32)>,
    unread: BTreeSet<String>,
}

impl Diagnostics {
    /// Adds a problem. References to what could not be read follow from another problem, and are left out.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if diagnostic.dangling.as_ref().is_some_and(|name| self.unread.contains(&**name)) {
            return;
        }
        let is_same = |other: &Diagnostic| other.at == diagnostic.at && other.message == diagnostic.message;
        if diagnostic.dangling.is_some() && diagnostic.at.is_some() && self.all.iter().any(is_same) {
            return; // the same reference, followed twice
        }
        let found = match diagnostic.severity() {
            Severity::Error => {
                self.places.extend(diagnostic.at.map(|at| (at.source, at.start)));
                &mut self.errors
            }
            Severity::Warning => &mut self.warnings,
        };
        *found += 1;
        if *found <= MOST_KEPT {
            self.all.push(diagnostic);
        }
    }

    /// Adds the problems that somebody else found.
    pub(crate) fn join(&mut self, others: Self) {
        if others.errors + others.warnings == 0 {
            return;
        }
        let kept = |severity| others.all.iter().filter(|problem| problem.severity() == severity).count();
        let errors = others.errors - kept(Severity::Error);
        let warnings = others.warnings - kept(Severity::Warning);
        self.places.extend(others.places);
        // Those that were only counted come last, so that they leave no kept one out.
        self.extend(others.all);
        self.errors += errors;
        self.warnings += warnings;
    }

    /// Adds those problems that somebody else found in what came of the change at `after`, and that are not among these
    /// yet. Until then events have removed what is `gone`.
    pub(crate) fn join_new(&mut self, others: Self, after: Option<Origin>, gone: &[Located<String>]) {
        for problem in others.all {
            let problem = problem.after_removal(gone);
            let is_same = |other: &Diagnostic| (other.at, &other.message) == (problem.at, &problem.message);
            if !self.all.iter().any(is_same) {
                let has_place = problem.related.is_some();
                self.push(if has_place { problem } else { problem.related(after, "after this event") });
            }
        }
    }

    /// Notes the names of things that may not have been read, so that nobody complains of references to them.
    pub(crate) fn expect_dangling(&mut self, names: impl IntoIterator<Item = String>) {
        self.unread.extend(names);
    }

    /// Names the key in the complaint about its value at `origin`, which is the last problem if there is one.
    pub(crate) fn name_key(&mut self, key: &str, origin: Origin) {
        let last = self.all.last_mut().filter(|last| last.code == Code::WrongType && last.at == Some(origin));
        if let Some(last) = last.filter(|last| last.message.starts_with("expected")) {
            last.message = format!("`{key}`: {}", last.message);
        }
    }

    /// Whether further errors are only counted, so that no hint for them is worth its time.
    pub(crate) fn is_full(&self) -> bool {
        self.errors >= MOST_KEPT
    }

    /// How many problems of a severity there are, whether kept or only counted.
    pub fn count(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.errors,
            Severity::Warning => self.warnings,
        }
    }

    /// Whether something within `place` is wrong already, so that what is missing there needs no word.
    pub(crate) fn concern(&self, place: Option<Origin>) -> bool {
        let Some(Origin { source, start, length, .. }) = place else { return false };
        self.places.range((source, start)..(source, start.saturating_add(length))).next().is_some()
    }

    /// Keeps the value, or notes the problem.
    pub(crate) fn ok<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|problem| self.push(problem)).ok()
    }

    /// Whether a problem forbids going on.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// The same problems in the order of their places, errors and warnings mixed.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut sorted: Vec<_> = self.all.iter().collect();
        sorted.sort_by_key(|problem| problem.at);
        sorted
    }

    /// The problems in the order in which they were found, at most 10 000 of each severity.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.all.iter()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
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
        more.into_iter().for_each(|problem| self.push(problem));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(number: usize) -> Diagnostics {
        let mut all = Diagnostics::default();
        all.extend((0..number).map(|_| Diagnostic::new(Code::WrongType, None, "wrong")));
        all
    }

    #[test]
    fn beyond_many_problems_are_only_counted() {
        let all = errors(MOST_KEPT + 5);
        assert_eq!((all.count(Severity::Error), all.iter().count()), (MOST_KEPT + 5, MOST_KEPT));
        assert!(all.is_full() && all.has_errors());
    }

    #[test]
    fn joined_problems_are_kept_as_if_one_had_found_them() {
        let mut all = errors(3);
        all.join(errors(MOST_KEPT + 5));
        assert_eq!((all.count(Severity::Error), all.iter().count()), (MOST_KEPT + 8, MOST_KEPT));
    }
}
