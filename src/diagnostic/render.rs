//! A problem as text: where, what, the line with a caret, and how to mend it.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::excerpt::Excerpt;
use super::{Diagnostic, Diagnostics, Origin, Severity, Source, Sources, escape};

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

/// As [`render_coloured`], however many they are.
pub fn render_all_coloured(problems: &Diagnostics, sources: &Sources) -> String {
    render_most(&Renderer::styled(), problems, sources, usize::MAX)
}

fn render_with(renderer: &Renderer, problems: &Diagnostics, sources: &Sources) -> String {
    render_most(renderer, problems, sources, MOST_SHOWN)
}

fn render_most(renderer: &Renderer, problems: &Diagnostics, sources: &Sources, most: usize) -> String {
    let shown = problems.sorted().into_iter().take(most);
    let mut texts: Vec<_> = shown.map(|problem| render_one(renderer, problem, sources)).collect();
    let found = problems.count(Severity::Error) + problems.count(Severity::Warning);
    if let Some(more) = found.checked_sub(texts.len()).filter(|more| *more > 0) {
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
    let mut main = Group::with_title(title);
    for element in places(problem, sources) {
        main = match element {
            Place::Lines(snippet) => main.element(snippet),
            Place::Position(origin) => main.element(origin),
        };
    }
    let mut report = vec![main];
    if let Some(help) = &problem.help {
        report.push(Group::with_title(Level::HELP.secondary_title(help.as_str())));
    }
    renderer.render(&report) + "\n"
}

/// A place as it is shown: the lines themselves, or only where it is.
enum Place<'a> {
    Lines(Snippet<'a, annotate_snippets::Annotation<'a>>),
    Position(annotate_snippets::Origin<'a>),
}

/// The place of a problem and the one that belongs to it: in one excerpt if they are near.
fn places<'a>(problem: &'a Diagnostic, sources: &'a Sources) -> Vec<Place<'a>> {
    let Some(at) = problem.at else { return Vec::new() };
    let Some(source) = sources.source(at) else { return Vec::new() };
    let primary = (at, None);
    let Some((other, why)) = problem.related.as_deref() else { return vec![alone(source, primary)] };
    let secondary = (*other, Some(*why));
    if other.source != at.source {
        let elsewhere = sources.source(*other).map(|source| alone(source, secondary));
        return [alone(source, primary)].into_iter().chain(elsewhere).collect();
    }
    match together(source, &[primary, secondary]) {
        Some(both) => vec![both],
        None => vec![alone(source, primary), alone(source, secondary)],
    }
}

fn alone<'a>(source: &Source, place: (Origin, Option<&'a str>)) -> Place<'a> {
    together(source, &[place]).unwrap_or_else(|| {
        let (line, column) = source.position(place.0.start);
        Place::Position(annotate_snippets::Origin::path(escape(&source.name)).line(line).char_column(column))
    })
}

/// The lines of places, if they may and can be shown; a place without a reason is the problem's own.
fn together<'a>(source: &Source, places: &[(Origin, Option<&'a str>)]) -> Option<Place<'a>> {
    let origins: Vec<Origin> = places.iter().map(|place| place.0).collect();
    let excerpt = source.quotable.then(|| Excerpt::of(source, &origins))??;
    let mut snippet = Snippet::source(excerpt.text).line_start(excerpt.line).path(escape(&source.name));
    for (span, (_, why)) in excerpt.spans.into_iter().zip(places) {
        snippet = snippet.annotation(match why {
            None => AnnotationKind::Primary.span(span),
            Some(why) => AnnotationKind::Context.span(span).label(*why),
        });
    }
    Some(Place::Lines(snippet))
}
