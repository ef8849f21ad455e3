//! The one list of a large file, cut without looking at all of it.
//!
//! What AWS answered to one call is an object of one list, whose items nearly all begin alike: with the same key, behind
//! the same space. There it can be cut. That the runs are the list needs no other proof than that each is made of whole
//! items, which shows when it is read; a file that was cut elsewhere is outlined by its brackets instead.

use super::outline::{Outlined, RUN, Rest, SPACE, end_of_list};

/// The list of a large object that seems to hold nothing but one list, cut where items seem to begin. Of all runs but the
/// first and the last nobody knows whether they are made of whole items.
pub(super) fn one_list(text: &str) -> Option<Outlined<'_>> {
    if text.len() > 2 * RUN { in_runs(text, RUN) } else { None }
}

fn in_runs(text: &str, run: usize) -> Option<Outlined<'_>> {
    let mut rest = Rest { text, at: 0 };
    rest.take(b'{')?;
    rest.take(b'"')?;
    let key = rest.key()?;
    rest.take(b':')?;
    rest.take(b'[')?;
    let start = rest.at - 1;
    let list = text.trim_end_matches(SPACE).strip_suffix('}')?.trim_end_matches(SPACE);
    let end = list.strip_suffix(']')?.len();
    rest.take(b'{')?;
    let item = rest.at - 1;
    rest.take(b'"')?;
    rest.key()?;
    let beginning = text.get(item..rest.at)?;
    let (mut runs, mut from) = (Vec::new(), start + 1);
    while let Some(comma) = comma_before(beginning, text.get(..end)?, from + run) {
        // An item within an item may begin in the same way: that would show at once.
        if runs.is_empty() && last_comma(text.get(..=comma)?, from) != Some(comma) {
            return None;
        }
        runs.push(text.get(from..comma)?);
        from = comma + 1;
    }
    runs.push(text.get(from..end)?);
    // Where more lists follow, this one ends before.
    let ends_here = end_of_list(text.as_bytes(), from, |_| ()) == Some(end + 1);
    ends_here.then_some(Outlined { key, raw: text.get(start..=end)?, runs })
}

/// The first comma from `at` on behind which there is nothing but space before `beginning`.
fn comma_before(beginning: &str, text: &str, at: usize) -> Option<usize> {
    let mut at = (at..text.len()).find(|at| text.is_char_boundary(*at))?;
    loop {
        let found = at + text.get(at..)?.find(beginning)?;
        let before = text.get(at..found)?.trim_end_matches(SPACE);
        if before.ends_with(',') {
            return Some(at + before.len() - 1);
        }
        at = found + beginning.len();
    }
}

/// The last comma between items of a list that is cut short; `from` is behind its bracket or one of its commas.
fn last_comma(text: &str, from: usize) -> Option<usize> {
    let mut last = None;
    let end = end_of_list(text.as_bytes(), from, |comma| last = Some(comma));
    last.filter(|_| end.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_list_is_cut_where_items_begin() {
        let cut = |text| in_runs(text, 8).map(|list| (list.key, list.raw, list.runs));
        let list = r#"[ {"x": "{\"x\"", "z": [{"y": 1}]}, {"x": 2} , {"y":3},{"x": [{"x": 1}]} ]"#;
        let runs =
            vec![r#" {"x": "{\"x\"", "z": [{"y": 1}]}"#, r#" {"x": 2} , {"y":3}"#, r#"{"x": [{"x": 1}]} "#];
        let text = format!(" {{\"A\" :{list}\n}} ");
        assert_eq!(cut(&text), Some(("A", list, runs)));
        assert_eq!(cut(r#"{"A":[{"x":1}]}"#), Some(("A", r#"[{"x":1}]"#, vec![r#"{"x":1}"#])));
        let others = [
            r#"{"A": []}"#,
            r#"{"A": [1, 2]}"#,
            r#"{"A": [{"x": "ééééé"}"#,
            r#"{"A": [{"x": 1}, {"x": 2}], "B": [{"y": 1}]}"#,
            r#"{"A": [{"x": [{"x": 1}, {"x": 2}]}]}"#,
        ];
        for text in others {
            assert_eq!(cut(text), None, "{text}");
        }
    }
}
