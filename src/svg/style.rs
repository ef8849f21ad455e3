//! Colours and fonts, for light pages and for dark ones.

/// The rules of a kind of drawing, besides those that all share.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    /// What holds on every page, with the colours of a light one.
    pub(crate) light: &'static str,
    /// What differs on a dark one.
    pub(crate) dark: &'static str,
}

/// Texts and the page itself.
const LIGHT: &str = "\
text { font: 12px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #1d2733 }
.name { font-weight: 600 }
.head { font-size: 15px; font-weight: 600 }
.detail { font-size: 11px; fill: #56657a }
.count { font-size: 11px; fill: #56657a; text-anchor: end }
.sign { font-size: 11px; font-weight: 700; fill: #ffffff; text-anchor: middle }
.page { fill: #ffffff }
polyline { fill: none; stroke-linejoin: round }
.stop { fill: #c62828 }
.open { fill: #8a6d00 }
";

const DARK: &str = "\
text { fill: #e4e9f0 }
.detail, .count { fill: #a3b0c2 }
.sign { fill: #ffffff }
.page { fill: #12171e }
";

impl Style {
    /// The style sheet.
    pub(super) fn sheet(self) -> String {
        let Self { light, dark } = self;
        format!("<style>\n{LIGHT}{light}@media (prefers-color-scheme: dark) {{\n{DARK}{dark}}}\n</style>\n")
    }
}
