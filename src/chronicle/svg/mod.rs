//! The picture as an SVG: time goes to the right, a line for each leg of a connection, and what is said of it below.

mod rows;
mod style;

use self::style::STYLE;
use super::{Chronicle, FATES, Windows, clock};
use crate::svg::{Canvas, Font, Point, Rect, wrapped};

/// Width of the page; where time begins on it, and how many pixels it has.
const WIDTH: i32 = 1080;
const LEFT: i32 = 236;
const TIME: i32 = WIDTH - LEFT - MARGIN;
const MARGIN: i32 = 24;
/// Height of a ruler, of a line of text, and of an event's number.
const RULER: i32 = 22;
const LINE: i32 = 19;
const EVENTS: i32 = 26;
/// Ticks of the axis are at least this many pixels apart, and so are numbers of events.
const TICK: i32 = 70;
const NUMBER: i32 = 18;
/// Columns of a line below the picture.
const COLUMNS: usize = 145;
/// Events and flips that are told below the picture; the others are counted.
const MOST_TOLD: usize = 40;

impl Chronicle<'_> {
    /// The picture as an SVG.
    pub fn svg(&self) -> String {
        let rulers = i32::try_from(self.windows.len()).unwrap_or(0) * RULER;
        let top = MARGIN + 3 * LINE;
        let events = top + rulers;
        let rows = events + if self.events.is_empty() { 8 } else { EVENTS };
        let foot = rows + self.rows_height();
        let told = self.told();
        let height = foot + (i32::try_from(told.len()).unwrap_or(0) + 2) * LINE + MARGIN;
        let page = Page { chronicle: self, top, foot };
        let mut canvas = Canvas::page(WIDTH, height, &self.title(), STYLE);
        page.head(&mut canvas);
        page.time(&mut canvas);
        for (y, windows) in (0..).map(|number| top + RULER * number).zip(&self.windows) {
            page.windows(&mut canvas, windows, y);
        }
        page.rows(&mut canvas, rows);
        page.events(&mut canvas, events + EVENTS / 2);
        legend(&mut canvas, foot + LINE);
        for (y, (class, line)) in (0..).map(|number| foot + LINE * (3 + number)).zip(&told) {
            canvas.text(Point { x: MARGIN, y }, class, line);
        }
        canvas.into_text()
    }

    /// What stands below the picture: the class of each line, and its text.
    fn told(&self) -> Vec<(&'static str, String)> {
        let mut told: Vec<(&'static str, String)> = Vec::new();
        told.extend(self.notes().into_iter().map(|note| ("detail", note)));
        let events =
            (1..).zip(self.event_lines()).map(|(number, line): (usize, _)| format!("{number}  {line}"));
        list(&mut told, "Events", events.collect());
        list(&mut told, "Flips", self.flip_lines().collect());
        told
    }
}

fn list(told: &mut Vec<(&'static str, String)>, title: &str, lines: Vec<String>) {
    if lines.is_empty() {
        return;
    }
    told.push(("name", title.to_owned()));
    let more = lines.len().saturating_sub(MOST_TOLD);
    for line in lines.into_iter().take(MOST_TOLD) {
        told.extend(wrapped(&line, COLUMNS).into_iter().map(|line| ("", line)));
    }
    if more > 0 {
        told.push(("detail", format!("and {more} more")));
    }
}

struct Page<'c> {
    chronicle: &'c Chronicle<'c>,
    /// Where the picture begins and ends.
    top: i32,
    foot: i32,
}

impl Page<'_> {
    /// The pixel of a time.
    fn x(&self, at: u64) -> i32 {
        let end = u128::from(self.chronicle.end.max(1));
        let pixels = u128::from(at).min(end) * u128::from(TIME.unsigned_abs()) / end;
        LEFT + i32::try_from(pixels).unwrap_or(TIME)
    }

    /// Milliseconds of some pixels, at least one.
    fn milliseconds(&self, pixels: i32) -> u64 {
        let all = u128::from(self.chronicle.end) * u128::from(pixels.unsigned_abs());
        u64::try_from(all / u128::from(TIME.unsigned_abs())).unwrap_or(u64::MAX).max(1)
    }

    fn head(&self, canvas: &mut Canvas) {
        let title = Font::Head.fit(&self.chronicle.title(), WIDTH - 2 * MARGIN);
        canvas.text(Point { x: MARGIN, y: MARGIN }, "head", &title);
        let said = format!("from {}, {}", self.chronicle.report.scenario.start, clock(self.chronicle.end));
        canvas.text(Point { x: MARGIN, y: MARGIN + LINE }, "detail", &said);
    }

    fn time(&self, canvas: &mut Canvas) {
        let axis = super::Axis { width: self.milliseconds(1), columns: 1 + TIME.unsigned_abs() as usize };
        let ticks = axis.ticks(TICK.unsigned_abs() as usize);
        for at in ticks.take_while(|at| *at <= self.chronicle.end) {
            let x = self.x(at);
            canvas.polyline(&[Point { x, y: self.top - 10 }, Point { x, y: self.foot }], "grid");
            let said = clock(at);
            let left = (x - 3).min(WIDTH - Font::Detail.width(&said) - 4);
            canvas.text(Point { x: left, y: self.top - 14 }, "tick", &said);
        }
    }

    /// A ruler: a box for each window that has records, and how many.
    fn windows(&self, canvas: &mut Canvas, windows: &Windows, y: i32) {
        let label = format!("windows of {}", clock(windows.length));
        let names: Vec<String> = windows.interfaces.iter().map(|(_, name)| name.clone()).collect();
        let names = rows::some(&names);
        canvas.begin(&[format!("{label}: {}", names.join(", "))]);
        canvas.text(Point { x: MARGIN, y: y + 14 }, "detail", &label);
        canvas.end();
        if self.milliseconds(3) > windows.length {
            let records: usize = windows.windows.iter().map(super::WindowRecords::records).sum();
            let said =
                format!("{} windows with {records} records, too narrow to be drawn", windows.windows.len());
            canvas.text(Point { x: LEFT, y: y + 14 }, "detail", &said);
            return;
        }
        for window in &windows.windows {
            let (x, right) = (self.x(window.begin), self.x(window.end));
            let count = window.records().to_string();
            let kinds = [
                (window.accepted, "ACCEPT"),
                (window.rejected, "REJECT"),
                (window.no_data, "NODATA"),
                (window.skipped, "SKIPDATA"),
            ];
            let kinds = kinds.iter().filter(|(count, _)| *count > 0);
            let kinds: Vec<String> = kinds.map(|(count, kind)| format!("{count} {kind}")).collect();
            let times = format!("{} to {}", clock(window.begin), clock(window.end));
            canvas.begin(&[times, kinds.join(", ")]);
            canvas.rect(Rect { x, y: y + 2, width: (right - x).max(1), height: RULER - 5 }, 0, "window");
            if Font::Detail.width(&count) + 6 <= right - x {
                canvas.text(Point { x: x + 4, y: y + 14 }, "detail", &count);
            }
            canvas.end();
        }
    }

    /// A line for each event, and its number where there is room.
    fn events(&self, canvas: &mut Canvas, y: i32) {
        let mut free = i32::MIN;
        let lines = self.chronicle.event_lines();
        for (number, (event, line)) in (1..).zip(self.chronicle.events.iter().zip(lines)) {
            let number: usize = number;
            let x = self.x(event.at);
            canvas.begin(&[format!("event {number}"), line]);
            canvas.polyline(&[Point { x, y }, Point { x, y: self.foot }], "event");
            if x >= free {
                canvas.circle(Point { x, y }, 8, "number");
                canvas.text(Point { x, y: y + 4 }, "sign", &number.to_string());
                free = x + NUMBER;
            }
            canvas.end();
        }
    }
}

fn legend(canvas: &mut Canvas, y: i32) {
    let mut x = MARGIN;
    for entry in FATES {
        canvas.rect(rows::shape(entry.fate, x, x + 22, y - 4), 1, entry.name);
        canvas.text(Point { x: x + 30, y }, "detail", entry.doc);
        x += 50 + Font::Detail.width(entry.doc);
    }
}
