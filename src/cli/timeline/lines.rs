//! A line of the picture: signs in columns, each in its style.

use anstyle::Style;
use flowcast::chronicle::{Account, Axis, FATES, Row};

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
pub(super) fn style_of(rank: usize) -> Style {
    match FATES.get(rank).map(|entry| entry.name) {
        Some("arrives") => GOOD,
        Some("rejected" | "dropped") => BAD,
        Some("not-sent") => DIM,
        _ => OPEN,
    }
}

/// The packets of one leg: of several that fare differently in one column, what is most worth seeing.
pub(super) fn packets(account: &Account, row: &Row, axis: Axis) -> Line {
    let mut ranks: Vec<Option<usize>> = vec![None; axis.columns];
    let marks = account.marks(row, axis.width);
    for mark in &marks {
        for column in axis.column(mark.from)..=axis.column(mark.to) {
            if let Some(rank) = ranks.get_mut(column) {
                *rank = (*rank).max(Some(mark.fate.rank()));
            }
        }
    }
    let begin = marks.iter().map(|mark| axis.column(mark.from)).min().unwrap_or(0);
    let end = marks.iter().map(|mark| axis.column(mark.to)).max().unwrap_or(0);
    let mut line = Line::new(axis.columns);
    for (column, rank) in ranks.into_iter().enumerate() {
        match rank {
            Some(rank) => line.put(column, FATES.get(rank).map_or('?', |entry| entry.sign), style_of(rank)),
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
