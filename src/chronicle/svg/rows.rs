//! The lines of connections: a box for packets that are close to each other, and what is said when it is pointed at.

use super::{LEFT, MARGIN, Page};
use crate::chronicle::{Account, Chronicle, Cited, FATES, Fate, Mark, Row, clock};
use crate::model::LegKind;
use crate::svg::{Canvas, Font, Point, Rect};

/// Height of a leg, and space between connections.
const LEG: i32 = 17;
const GAP: i32 = 7;
/// Packets that are fewer pixels apart are one box.
const CLOSE: i32 = 4;
/// The narrowest box.
const NARROWEST: i32 = 3;
/// Names, rules and records that are listed where somebody points; the others are counted.
const MOST_LISTED: usize = 6;

impl Chronicle<'_> {
    /// Height of all connections.
    pub(super) fn rows_height(&self) -> i32 {
        let height = |account: &Account| LEG * legs(account) + GAP;
        let drawn = self.accounts.iter().map(height).fold(0, i32::saturating_add);
        if self.left_out > 0 { drawn + 2 * LEG + GAP } else { drawn }
    }
}

fn legs(account: &Account) -> i32 {
    i32::try_from(account.rows.len()).unwrap_or(0).max(1)
}

impl Page<'_> {
    /// Draws every connection, from `top` on.
    pub(super) fn rows(&self, canvas: &mut Canvas, top: i32) {
        let mut y = top;
        for account in &self.chronicle.accounts {
            let name = self.chronicle.name(account.connection);
            canvas.begin(&self.about(account, &name));
            let room = LEFT - MARGIN - 70;
            canvas.text(Point { x: MARGIN, y: y + 12 }, "name", &Font::Name.fit(&name, room));
            canvas.end();
            if account.rows.is_empty() {
                canvas.text(Point { x: LEFT, y: y + 12 }, "detail", "sends nothing");
            }
            for (number, row) in (0..).zip(&account.rows) {
                let y = y + LEG * number;
                canvas.text(Point { x: LEFT - 10, y: y + 12 }, "count", row.leg.name());
                self.row(canvas, account, row, y + 8);
            }
            y += LEG * legs(account) + GAP;
        }
        if self.chronicle.left_out > 0 {
            self.overview(canvas, y);
        }
    }

    /// All connections: a box for each bin, as the packets of it that are most worth seeing.
    fn overview(&self, canvas: &mut Canvas, y: i32) {
        let (all, overview) =
            (self.chronicle.accounts.len() + self.chronicle.left_out, &self.chronicle.overview);
        canvas.text(Point { x: MARGIN, y: y + 12 }, "name", &format!("all {all} connections"));
        for (number, leg) in (0..).zip([LegKind::Forward, LegKind::Reverse]) {
            let y = y + LEG * number;
            canvas.text(Point { x: LEFT - 10, y: y + 12 }, "count", leg.name());
            let times = (0..).map(|number: u64| number.saturating_mul(overview.width));
            for (at, bin) in times.zip(overview.bins(leg)) {
                let Some(worst) = bin.worst() else { continue };
                let end = at.saturating_add(overview.width);
                let fates = FATES.iter().map(|entry| (bin.packets(entry.fate), entry.doc));
                let fates = fates.filter(|(packets, _)| *packets > 0);
                let times = format!("{} to {}", clock(at), clock(end));
                let said = fates.map(|(packets, doc)| format!("{packets} packets: {doc}"));
                canvas.begin(&std::iter::once(times).chain(said).collect::<Vec<_>>());
                canvas.rect(shape(worst, self.x(at), self.x(end), y + 8), 0, worst.entry().name);
                canvas.end();
            }
        }
    }

    /// `shop: web to db, connected`.
    fn about(&self, account: &Account, name: &str) -> Vec<String> {
        let Some(of) = self.chronicle.report.connections.get(account.connection) else { return Vec::new() };
        let [from, to] = of.connection.labels.each_ref().map(|label| crate::diagnostic::escape(label));
        vec![name.to_owned(), format!("{from} to {to}: {}", of.outcome)]
    }

    /// One leg, around the height `y`.
    fn row(&self, canvas: &mut Canvas, account: &Account, row: &Row, y: i32) {
        let marks = account.marks(row, self.milliseconds(CLOSE));
        let begin = marks.iter().map(|mark| mark.from).min().unwrap_or(0);
        let end = marks.iter().map(|mark| mark.to).max().unwrap_or(0);
        canvas.polyline(&[Point { x: self.x(begin), y }, Point { x: self.x(end), y }], "pause");
        for alike in marks.chunk_by(|a, b| (a.fate, a.passage) == (b.fate, b.passage)) {
            canvas.begin(&self.told_of(account, row, alike));
            for mark in alike {
                let rect = shape(mark.fate, self.x(mark.from), self.x(mark.to), y);
                canvas.rect(rect, 1, mark.fate.entry().name);
            }
            canvas.end();
        }
        for (before, after) in marks.iter().zip(marks.iter().skip(1)) {
            if before.fate != after.fate {
                let x = self.x(after.from);
                let corners = [(x - 4, y - 13), (x + 4, y - 13), (x, y - 7)].map(|(x, y)| Point { x, y });
                canvas.polygon(&corners, "flip");
            }
        }
    }

    /// What is said of marks that met the same: when, how many packets, by which rules, and the records.
    fn told_of(&self, account: &Account, row: &Row, alike: &[Mark]) -> Vec<String> {
        let (from, to) = (alike.first().map_or(0, |mark| mark.from), alike.last().map_or(0, |mark| mark.to));
        let [packets, bytes] = [|mark: &Mark| mark.packets, |mark: &Mark| mark.bytes]
            .map(|of| alike.iter().map(of).fold(0, u64::saturating_add));
        let mut lines = vec![
            format!("{} {}", self.chronicle.name(account.connection), row.leg.name()),
            format!("{} to {}: {packets} packets, {bytes} bytes", clock(from), clock(to)),
        ];
        let passage = alike.first().and_then(|mark| account.passages.get(mark.passage?));
        let fate = alike.first().map_or(Fate::Unknown, |mark| mark.fate).entry().doc;
        let place = passage.and_then(|passage| passage.place.as_deref());
        lines.push(place.map_or_else(|| fate.to_owned(), |place| format!("{fate}, at {place}")));
        if let Some(passage) = passage {
            let reasons: Vec<String> = passage.reasons.iter().map(Cited::line).collect();
            lines.extend(some(&reasons));
            let report = self.chronicle.report;
            let records = passage.records.iter().filter_map(|at| report.records.get(*at));
            let records: Vec<String> =
                records.map(|record| crate::diagnostic::escape(&report.line(record))).collect();
            lines.extend(some(&records));
        }
        lines
    }
}

/// The first of `texts`, and how many more there are.
pub(super) fn some(texts: &[String]) -> Vec<String> {
    let mut listed: Vec<String> = texts.iter().take(MOST_LISTED).cloned().collect();
    if let Some(more) = texts.len().checked_sub(MOST_LISTED).filter(|more| *more > 0) {
        listed.push(format!("and {more} more"));
    }
    listed
}

/// The box of packets between two pixels: the height tells apart what colours do.
pub(super) fn shape(fate: Fate, from: i32, to: i32, y: i32) -> Rect {
    let height = match fate {
        Fate::Arrives => 6,
        Fate::NotSent => 5,
        Fate::Unknown => 9,
        Fate::Dropped | Fate::Rejected => 12,
    };
    Rect { x: from, y: y - height / 2, width: (to - from).max(NARROWEST), height }
}
