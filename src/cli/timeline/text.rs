//! The picture in plain text: time goes to the right, a line for each leg of a connection.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anstyle::Style;
use flowcast::chronicle::{Account, Axis, Chronicle, FATES, Windows, clock, leg_name};

use super::lines::{EVENT, Line, packets, style_of};
use crate::cli::output::{DIM, STRONG, counted, paint};

/// The widest name of a connection that is written whole.
const WIDEST: usize = 24;
/// `request` and the blanks around it.
const LEG: usize = 11;
/// From a tick to the next, at least.
const TICK: usize = 8;
/// Events and flips that are listed; the others are counted.
const MOST_LISTED: usize = 40;

/// The whole picture in `width` columns.
pub(super) fn text(chronicle: &Chronicle<'_>, width: usize) -> String {
    let names = chronicle.accounts.iter().map(|account| chronicle.name(account.connection).chars().count());
    let label = names.chain([8]).max().unwrap_or(8).min(WIDEST) + LEG;
    let page = Page { chronicle, label, axis: Axis::new(chronicle.end, width.saturating_sub(label).max(1)) };
    let mut text = String::new();
    page.head(&mut text);
    page.time(&mut text);
    chronicle.windows.iter().for_each(|windows| page.windows(&mut text, windows));
    page.event_numbers(&mut text);
    chronicle.accounts.iter().for_each(|account| page.connection(&mut text, account));
    page.legend(&mut text);
    page.notes(&mut text);
    page.events(&mut text);
    page.flips(&mut text);
    text
}

struct Page<'c> {
    chronicle: &'c Chronicle<'c>,
    /// Columns at the left of the axis.
    label: usize,
    axis: Axis,
}

impl Page<'_> {
    fn head(&self, text: &mut String) {
        let scenario = self.chronicle.report.scenario;
        let _ = writeln!(text, "{}", paint(STRONG, self.chronicle.title()));
        let (start, end) = (scenario.start, clock(self.chronicle.end));
        let column = clock(self.axis.width);
        let _ = writeln!(text, "{}\n", paint(DIM, format!("from {start}, {end}; a column is {column}")));
    }

    /// A line with what stands at its left.
    fn line(&self, text: &mut String, label: &str, line: &Line) {
        let line = format!("{label:<width$}{}", line.text(), width = self.label);
        let _ = writeln!(text, "{}", line.trim_end());
    }

    fn time(&self, text: &mut String) {
        let mut line = Line::new(self.axis.columns);
        for at in self.axis.ticks(TICK) {
            line.write(self.axis.column(at), &clock(at), Style::new());
        }
        self.line(text, "", &line);
    }

    /// A ruler: a stroke where a window opens, and behind it how many records it has.
    fn windows(&self, text: &mut String, windows: &Windows) {
        let mut line = Line::new(self.axis.columns);
        let per_window = usize::try_from(windows.length / self.axis.width).unwrap_or(usize::MAX);
        let records = windows.windows.iter().map(|window| window.records()).sum::<usize>();
        if per_window < 2 {
            let said = format!(
                "{} with {}, too short to be drawn",
                counted(windows.windows.len(), "window"),
                counted(records, "record")
            );
            line.write(0, &said, DIM);
        } else {
            (0..)
                .map(|number: u64| number.saturating_mul(windows.length))
                .map(|at| self.axis.column(at))
                .take_while(|column| *column < self.axis.columns)
                .for_each(|column| line.put(column, EVENT, DIM));
            for window in &windows.windows {
                line.write(self.axis.column(window.begin) + 1, &window.records().to_string(), Style::new());
            }
        }
        self.line(text, &format!("windows of {}", clock(windows.length)), &line);
    }

    /// Numbers of events; `+` where several are in one column, or there is no room.
    fn event_numbers(&self, text: &mut String) {
        let mut line = Line::new(self.axis.columns);
        for (number, event) in (1..).zip(&self.chronicle.events) {
            let column = self.axis.column(event.at);
            if !line.write(column, &number.to_string(), STRONG) {
                line.put(column, '+', STRONG);
            }
        }
        if !self.chronicle.events.is_empty() {
            self.line(text, "events", &line);
        }
    }

    fn connection(&self, text: &mut String, account: &Account) {
        let mut name = shortened(&self.chronicle.name(account.connection), WIDEST);
        for row in &account.rows {
            let mut line = packets(account, row, self.axis);
            for event in &self.chronicle.events {
                let column = self.axis.column(event.at);
                if matches!(line.sign(column), ' ' | '-') {
                    line.put(column, EVENT, STRONG);
                }
            }
            let padding = " ".repeat((self.label - LEG).saturating_sub(name.chars().count()));
            self.line(text, &format!("{name}{padding}  {}", leg_name(row.leg)), &line);
            name.clear();
        }
        if account.rows.is_empty() {
            let _ = writeln!(text, "{name}  {}", paint(DIM, "sends nothing"));
        }
    }

    fn legend(&self, text: &mut String) {
        let accounts = self.chronicle.accounts.iter();
        let spans = accounts.flat_map(|account| account.rows.iter().flat_map(|row| &row.spans));
        let used: BTreeSet<usize> = spans.map(|span| span.fate.rank()).collect();
        let said = used.into_iter().filter_map(|rank| {
            let entry = FATES.get(rank)?;
            Some(format!("{} {}", paint(style_of(rank), entry.sign), entry.doc))
        });
        let pause = format!("{} between packets", paint(DIM, '-'));
        let said: Vec<String> = said.chain([pause]).collect();
        let _ = writeln!(text, "\n{}", said.join("   "));
    }

    fn notes(&self, text: &mut String) {
        for note in self.chronicle.notes() {
            let _ = writeln!(text, "{note}");
        }
    }

    fn events(&self, text: &mut String) {
        let lines = (1..).zip(self.chronicle.event_lines());
        let lines: Vec<String> =
            lines.map(|(number, line): (usize, _)| format!("{number:>3}  {line}")).collect();
        if !lines.is_empty() {
            list(text, "Events", &lines);
        }
    }

    fn flips(&self, text: &mut String) {
        let lines: Vec<String> = self.chronicle.flip_lines().map(|line| format!("  {line}")).collect();
        if lines.is_empty() {
            let _ = writeln!(text, "\nNothing flips.");
        } else {
            list(text, "Flips", &lines);
        }
    }
}

fn list(text: &mut String, title: &str, lines: &[String]) {
    let _ = writeln!(text, "\n{}", paint(STRONG, title));
    for line in lines.iter().take(MOST_LISTED) {
        let _ = writeln!(text, "{line}");
    }
    more(text, lines.len());
}

fn more(text: &mut String, all: usize) {
    if let Some(more) = all.checked_sub(MOST_LISTED).filter(|more| *more > 0) {
        let _ = writeln!(text, "  and {more} more; `--output json` has all");
    }
}

/// `name`, or its begin if it is too long.
fn shortened(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    name.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}
