//! The picture in plain text: time goes to the right, a line for each leg of a connection.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anstyle::Style;
use flowcast::chronicle::{Account, Axis, Bin, Chronicle, FATES, Fate, WindowRecords, Windows, clock};
use flowcast::model::LegKind;

use super::lines::{EVENT, Line, all_packets, packets, style_of};
use crate::cli::output::{DIM, STRONG, columns, counted, padded, paint, shortened, wrapped};

/// The widest name of a connection that is written whole.
const WIDEST: usize = 24;
/// `request` and the blanks around it.
const LEG: usize = 11;
/// From a tick to the next, at least.
const TICK: usize = 8;
/// Where the number of an event has no room.
const SEVERAL: char = '+';
/// Blanks before what goes on in another line.
const INDENT: usize = 5;
/// Events and flips that are listed; the others are counted.
const MOST_LISTED: usize = 40;

/// The whole picture in `width` columns.
pub(super) fn text(chronicle: &Chronicle<'_>, width: usize) -> String {
    let names = chronicle.accounts.iter().map(|account| columns(&chronicle.name(account.connection)));
    let label = names.chain([8]).max().unwrap_or(8).min(WIDEST) + LEG;
    let width = width.max(label + 1);
    let page = Page { chronicle, width, label, axis: Axis::new(chronicle.end, width - label) };
    let mut text = String::new();
    page.head(&mut text);
    page.time(&mut text);
    chronicle.windows.iter().for_each(|windows| page.windows(&mut text, windows));
    page.event_numbers(&mut text);
    chronicle.accounts.iter().for_each(|account| page.connection(&mut text, account));
    page.overview(&mut text);
    page.legend(&mut text);
    page.notes(&mut text);
    page.events(&mut text);
    page.flips(&mut text);
    text
}

struct Page<'c> {
    chronicle: &'c Chronicle<'c>,
    width: usize,
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
        let line = format!("{}{}", padded(label, self.label), line.text());
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
        let records = windows.windows.iter().map(WindowRecords::records).sum::<usize>();
        if per_window < 2 {
            let said = format!(
                "{} with {}, too short to be drawn",
                counted(windows.windows.len(), "window"),
                counted(records, "record")
            );
            line.write(0, &said, DIM);
        } else {
            for number in 0..=self.chronicle.end / windows.length {
                line.put(self.axis.column(number * windows.length), EVENT, DIM);
            }
            for window in &windows.windows {
                line.write(self.axis.column(window.begin) + 1, &window.records().to_string(), Style::new());
            }
        }
        self.line(text, &format!("windows of {}", clock(windows.length)), &line);
    }

    /// Numbers of events, and `+` where there is no room for them.
    fn numbers(&self) -> Line {
        let mut line = Line::new(self.axis.columns);
        for (number, event) in (1..).zip(&self.chronicle.events) {
            let number: usize = number;
            let column = self.axis.column(event.at);
            if !line.write(column, &number.to_string(), STRONG) {
                line.put(column, SEVERAL, STRONG);
            }
        }
        line
    }

    fn event_numbers(&self, text: &mut String) {
        if !self.chronicle.events.is_empty() {
            self.line(text, "events", &self.numbers());
        }
    }

    fn connection(&self, text: &mut String, account: &Account) {
        let name = self.chronicle.name(account.connection);
        if account.rows.is_empty() {
            let mut line = Line::new(self.axis.columns);
            line.write(0, "sends nothing", DIM);
            self.leg(text, &name, "", line);
        }
        for (number, row) in account.rows.iter().enumerate() {
            let name = if number == 0 { name.as_str() } else { "" };
            self.leg(text, name, row.leg.name(), packets(account, row, self.axis));
        }
    }

    /// All connections, if not all are drawn.
    fn overview(&self, text: &mut String) {
        let drawn = self.chronicle.accounts.len();
        let mut name = format!("all {}", drawn + self.chronicle.left_out);
        for leg in [LegKind::Forward, LegKind::Reverse] {
            let overview = &self.chronicle.overview;
            if self.chronicle.left_out > 0 && !overview.bins(leg).is_empty() {
                self.leg(text, &name, leg.name(), all_packets(overview, leg, self.axis));
                name.clear();
            }
        }
    }

    /// The line of a leg, with the events that come where it sends nothing.
    fn leg(&self, text: &mut String, name: &str, leg: &str, mut line: Line) {
        for event in &self.chronicle.events {
            let column = self.axis.column(event.at);
            if matches!(line.sign(column), ' ' | '-') {
                line.put(column, EVENT, STRONG);
            }
        }
        let name = padded(&shortened(name, WIDEST), self.label - LEG);
        self.line(text, &format!("{name}  {leg}"), &line);
    }

    fn legend(&self, text: &mut String) {
        let accounts = self.chronicle.accounts.iter();
        let spans = accounts.flat_map(|account| account.rows.iter().flat_map(|row| &row.spans));
        let mut used: BTreeSet<Fate> = spans.map(|span| span.fate).collect();
        if self.chronicle.left_out > 0 {
            let overview = &self.chronicle.overview;
            used.extend(overview.requests.iter().chain(&overview.replies).filter_map(Bin::worst));
        }
        let said = FATES
            .iter()
            .filter(|entry| used.contains(&entry.fate))
            .map(|entry| format!("{} {}", paint(style_of(entry.fate), entry.sign), entry.doc));
        let pause = format!("{} between packets", paint(DIM, '-'));
        let numbers = self.numbers();
        let several = (0..self.axis.columns).any(|column| numbers.sign(column) == SEVERAL);
        let several = several.then(|| format!("{SEVERAL} several events"));
        let said: Vec<String> = said.chain([pause]).chain(several).collect();
        let _ = writeln!(text, "\n{}", said.join("   "));
    }

    fn notes(&self, text: &mut String) {
        for note in self.chronicle.notes() {
            let _ = writeln!(text, "{note}");
        }
    }

    fn events(&self, text: &mut String) {
        let numbered = (1..).zip(self.chronicle.event_lines());
        let lines: Vec<String> =
            numbered.map(|(number, line): (usize, _)| format!("{number}  {line}")).collect();
        if !lines.is_empty() {
            self.list(text, "Events", &lines);
        }
    }

    fn flips(&self, text: &mut String) {
        let lines: Vec<String> = self.chronicle.flip_lines().collect();
        if lines.is_empty() {
            let _ = writeln!(text, "\nNothing flips.");
        } else {
            self.list(text, "Flips", &lines);
        }
    }

    /// The first of `lines`, as wide as the page.
    fn list(&self, text: &mut String, title: &str, lines: &[String]) {
        let _ = writeln!(text, "\n{}", paint(STRONG, title));
        for line in lines.iter().take(MOST_LISTED) {
            for (number, part) in wrapped(line, self.width - INDENT).into_iter().enumerate() {
                let _ = writeln!(text, "{:indent$}{part}", "", indent = if number == 0 { 2 } else { INDENT });
            }
        }
        if let Some(more) = lines.len().checked_sub(MOST_LISTED).filter(|more| *more > 0) {
            let _ = writeln!(text, "  and {more} more; `--output json` has all");
        }
    }
}
