//! Shapes and texts as SVG. Every text from outside goes through [`escape`].

use std::fmt::Write as _;

use super::Style;
use super::text::shortened;

/// A point of the page, in pixels from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) x: i32,
    pub(crate) y: i32,
}

/// A rectangle of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Rect {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
}

impl Rect {
    pub(crate) const fn right(&self) -> i32 {
        self.x + self.width
    }

    pub(crate) const fn bottom(&self) -> i32 {
        self.y + self.height
    }

    pub(crate) const fn middle(&self) -> Point {
        Point { x: self.x + self.width / 2, y: self.y + self.height / 2 }
    }

    pub(crate) const fn moved(self, by: Point) -> Self {
        Self { x: self.x + by.x, y: self.y + by.y, ..self }
    }
}

/// The text of an SVG as it grows.
#[derive(Debug)]
pub(crate) struct Canvas(String);

impl Canvas {
    /// A page of some pixels with nothing on it yet.
    pub(crate) fn page(width: i32, height: i32, title: &str, style: Style) -> Self {
        let mut canvas = Self(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} \
             {height}\" role=\"img\">\n<title>{}</title>\n{}",
            escape(title),
            style.sheet()
        ));
        canvas.rect(Rect { x: 0, y: 0, width, height }, 0, "page");
        canvas
    }

    /// The whole drawing.
    pub(crate) fn into_text(mut self) -> String {
        self.0.push_str("</svg>\n");
        self.0
    }

    pub(crate) fn rect(&mut self, rect: Rect, radius: i32, class: &str) {
        let Rect { x, y, width, height } = rect;
        let _ = writeln!(
            self.0,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\"/>"
        );
    }

    pub(crate) fn text(&mut self, Point { x, y }: Point, class: &str, text: &str) {
        let _ = writeln!(self.0, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{}</text>", escape(text));
    }

    pub(crate) fn polyline(&mut self, points: &[Point], class: &str) {
        let points: Vec<String> = points.iter().map(|Point { x, y }| format!("{x},{y}")).collect();
        let _ = writeln!(self.0, "<polyline class=\"{class}\" points=\"{}\"/>", points.join(" "));
    }

    pub(crate) fn polygon(&mut self, points: &[Point], class: &str) {
        let points: Vec<String> = points.iter().map(|Point { x, y }| format!("{x},{y}")).collect();
        let _ = writeln!(self.0, "<polygon class=\"{class}\" points=\"{}\"/>", points.join(" "));
    }

    pub(crate) fn circle(&mut self, Point { x, y }: Point, radius: i32, class: &str) {
        let _ = writeln!(self.0, "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>");
    }

    /// A sign in a circle.
    pub(crate) fn mark(&mut self, at: Point, sign: &str) {
        let class = if sign == "?" { "open" } else { "stop" };
        self.circle(at, 8, &format!("mark {class}"));
        let Point { x, y } = at;
        self.text(Point { x, y: y + 4 }, "sign", sign);
    }

    /// Begins a group that says more when pointed at.
    pub(crate) fn begin(&mut self, title: &[String]) {
        let _ = writeln!(self.0, "<g><title>{}</title>", escape(&title.join("\n")));
    }

    pub(crate) fn end(&mut self) {
        self.0.push_str("</g>\n");
    }
}

/// Text between tags or in an attribute. Control characters, which XML cannot hold, were escaped where the text was
/// taken from the network; two characters that XML cannot hold either are none of them.
pub(super) fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut safe, c| {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => safe.push(char::REPLACEMENT_CHARACTER),
            c => safe.push(c),
        }
        safe
    })
}

/// Columns that a text takes: signs of East Asia and pictures take two.
fn columns(text: &str) -> usize {
    text.chars().map(column).sum()
}

fn column(c: char) -> usize {
    let wide = matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{1f000}'..='\u{3fffd}');
    if wide { 2 } else { 1 }
}

/// As much of a text as fits into some columns of a font whose signs are equally wide.
pub(crate) fn fit(text: &str, most: usize) -> String {
    shortened(text, |text| columns(text) <= most)
}

/// A text in lines of some columns, broken between words.
pub(crate) fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if columns(line) + 1 + columns(word) <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(fit(word, most)),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_stays_text() {
        assert_eq!(
            escape("</text><a href='x'>\"&\u{ffff}"),
            "&lt;/text&gt;&lt;a href=&#39;x&#39;&gt;&quot;&amp;\u{fffd}"
        );
    }

    #[test]
    fn long_texts_are_cut_and_broken() {
        assert_eq!(fit("abcdef", 6), "abcdef");
        assert_eq!(fit("abcdefg", 6), "abc…fg");
        assert_eq!(fit("網路安全", 5), "網…全");
        assert_eq!(wrapped("a bc def", 4), ["a bc", "def"]);
        assert_eq!(wrapped("abcdef g", 4), ["ab…f", "g"]);
    }
}
