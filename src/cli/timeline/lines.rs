//! A line of the picture: signs in columns, each in its style.

use anstyle::Style;
use flowcast::chronicle::{Account, Axis, Fate, Overview, Row};
use flowcast::model::LegKind;

use crate::cli::output::{BAD, DIM, GOOD, OPEN, paint};

/// A time between two packets of a connection in which none is sent.
const PAUSE: char = '-';
/// An event in the rows of connections.
pub(super) const EVENT: char = '|';

/// Signs with their styles.
#[derive(Debug, Clone)]
pub(super) struct Line(Vec<(char, Style)>);

impl Line {
    /// A line of blanks.
    pub(super) fn new(columns: usize) -> Self {
        Self(vec![(' ', Style::new()); columns])
    }

    /// Puts `sign` into a column, if there is such a one.
    pub(super) fn put(&mut self, column: usize, sign: char, style: Style) {
        if let Some(place) = self.0.get_mut(column) {
            *place = (sign, style);
        }
    }

    /// The sign in a column.
    pub(super) fn sign(&self, column: usize) -> char {
        self.0.get(column).map_or(' ', |(sign, _)| *sign)
    }

    /// Writes `text` from a column on, if blanks are there and beside it. Says whether it does.
    pub(super) fn write(&mut self, column: usize, text: &str, style: Style) -> bool {
        let count = text.chars().count();
        let before = column.checked_sub(1).map_or(' ', |before| self.sign(before));
        let is_free = (column..=column + count).all(|at| self.sign(at) == ' ') && !before.is_alphanumeric();
        let fits = is_free && column + count <= self.0.len();
        if fits {
            (column..).zip(text.chars()).for_each(|(at, sign)| self.put(at, sign, style));
        }
        fits
    }

    /// The line without blanks at its end.
    pub(super) fn text(&self) -> String {
        let end = self.0.iter().rposition(|(sign, _)| *sign != ' ').map_or(0, |last| last + 1);
        let signs = self.0.get(..end).unwrap_or_default();
        let parts = signs.chunk_by(|(_, a), (_, b)| a == b).map(|part| {
            let text: String = part.iter().map(|(sign, _)| *sign).collect();
            part.first().map_or_else(String::new, |(_, style)| match *style {
                plain if plain == Style::new() => text,
                style => paint(style, text),
            })
        });
        parts.collect()
    }
}

/// What becomes of packets, in the style of what passes, stops or is open.
pub(super) const fn style_of(fate: Fate) -> Style {
    match fate {
        Fate::Arrives => GOOD,
        Fate::Rejected | Fate::Dropped => BAD,
        Fate::NotSent => DIM,
        Fate::Unknown => OPEN,
    }
}

/// The packets of one leg: of several that fare differently in one column, what is most worth seeing.
pub(super) fn packets(account: &Account, row: &Row, axis: Axis) -> Line {
    let marks = account.marks(row, axis.width);
    drawn(axis, marks.iter().map(|mark| (axis.column(mark.from), axis.column(mark.to), mark.fate)))
}

/// The same of one leg of all connections.
pub(super) fn all_packets(overview: &Overview, leg: LegKind, axis: Axis) -> Line {
    let times = (0..).map(|number: u64| number.saturating_mul(overview.width));
    let bins = times.zip(overview.bins(leg)).filter_map(|(at, bin)| Some((at, bin.worst()?)));
    drawn(axis, bins.map(|(at, fate)| (axis.column(at), axis.column(at + (overview.width - 1)), fate)))
}

/// A line on which packets have fates from a column to another, and pauses between them.
fn drawn(axis: Axis, marks: impl Iterator<Item = (usize, usize, Fate)>) -> Line {
    let mut fates: Vec<Option<Fate>> = vec![None; axis.columns];
    for (from, to, fate) in marks {
        for place in fates.get_mut(from..=to.min(axis.columns - 1)).into_iter().flatten() {
            *place = (*place).filter(|known| known.rank() >= fate.rank()).or(Some(fate));
        }
    }
    let begin = fates.iter().position(Option::is_some).unwrap_or(0);
    let end = fates.iter().rposition(Option::is_some).unwrap_or(0);
    let mut line = Line::new(axis.columns);
    for (column, fate) in fates.into_iter().enumerate() {
        match fate {
            Some(fate) => line.put(column, fate.entry().sign, style_of(fate)),
            None if (begin..end).contains(&column) => line.put(column, PAUSE, DIM),
            None => {}
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_do_not_touch() {
        let mut line = Line::new(12);
        assert!(line.write(0, "0s", DIM));
        assert!(!line.write(1, "1s", DIM), "there is something");
        assert!(!line.write(2, "2s", DIM), "it would touch");
        assert!(line.write(3, "3s", DIM));
        assert!(!line.write(11, "11s", DIM), "it does not fit");
        assert_eq!(anstream::adapter::strip_str(&line.text()).to_string(), "0s 3s");
    }
}
