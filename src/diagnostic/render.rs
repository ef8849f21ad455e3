//! A problem as text: where, what, the line with a caret, and how to mend it.

use annotate_snippets::{AnnotationKind, Group, Level, Origin as Place, Renderer, Snippet};

use super::{Diagnostic, Diagnostics, Origin, Severity, Source, Sources};

/// How many problems are told at once; nobody reads more, and a large broken file has many.
const MOST_SHOWN: usize = 100;

/// All problems in the order of their places, without colour.
pub fn render(problems: &Diagnostics, sources: &Sources) -> String {
    render_with(&Renderer::plain(), problems, sources)
}

/// As [`render`], with ANSI colours.
pub fn render_coloured(problems: &Diagnostics, sources: &Sources) -> String {
    render_with(&Renderer::styled(), problems, sources)
}

fn render_with(renderer: &Renderer, problems: &Diagnostics, sources: &Sources) -> String {
    let sorted = problems.sorted();
    let mut texts: Vec<_> =
        sorted.iter().take(MOST_SHOWN).map(|problem| render_one(renderer, problem, sources)).collect();
    if let Some(more) = sorted.len().checked_sub(MOST_SHOWN).filter(|more| *more > 0) {
        texts.push(format!("and {more} more\n"));
    }
    texts.join("\n")
}

fn render_one(renderer: &Renderer, problem: &Diagnostic, sources: &Sources) -> String {
    let level = match problem.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(problem.message.as_str()).id(problem.code.name());
    let place = problem.at.and_then(|at| Some((at, sources.source(at)?)));
    let mut report = vec![match place {
        None => Group::with_title(title),
        Some((at, source)) if source.quotable => title.element(snippet(problem, at, source)),
        Some((at, source)) => {
            let (line, column) = source.position(at.start);
            title.element(Place::path(source.name.as_str()).line(line).char_column(column))
        }
    }];
    if let Some(help) = &problem.help {
        report.push(Group::with_title(Level::HELP.secondary_title(help.as_str())));
    }
    renderer.render(&report) + "\n"
}

fn snippet<'a>(
    problem: &'a Diagnostic,
    at: Origin,
    source: &'a Source,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let text = source.text.as_str();
    let snippet = Snippet::source(text)
        .path(source.name.as_str())
        .annotation(AnnotationKind::Primary.span(span(at, text)));
    match problem.related.as_deref() {
        Some((related, why)) if related.source == at.source => {
            snippet.annotation(AnnotationKind::Context.span(span(*related, text)).label(*why))
        }
        _ => snippet,
    }
}

/// The bytes of `at`, cut to the text, to its first line and to whole characters.
fn span(at: Origin, text: &str) -> std::ops::Range<usize> {
    let clamp = |byte: u32| {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX).min(text.len());
        (0..=byte).rev().find(|byte| text.is_char_boundary(*byte)).unwrap_or(0)
    };
    let start = clamp(at.start);
    let end = clamp(at.start.saturating_add(at.length)).max(start);
    let line = text.get(start..end).and_then(|stretch| stretch.find('\n')).map_or(end, |at| start + at);
    start..line
}
