//! Colours of a timeline, for light pages and for dark ones. What is stopped differs in its shape as well.

use crate::svg::Style;

/// The rules for what is drawn over time.
pub(super) const STYLE: Style = Style {
    light: "\
.tick { font-size: 11px; fill: #56657a }
.grid { stroke: #e3e8ee; stroke-width: 1 }
.window { fill: #eef2f7; stroke: #a9b5c5 }
.pause { stroke: #a9b5c5; stroke-width: 1.5 }
.arrives { fill: #2e8b57 }
.rejected { fill: #c62828 }
.dropped { fill: #ffffff; stroke: #c62828; stroke-width: 1.5 }
.unknown { fill: #c9a400 }
.not-sent { fill: none; stroke: #8391a5; stroke-dasharray: 2 2 }
.event { stroke: #5c57c4; stroke-width: 1.2; stroke-dasharray: 4 3 }
.number { fill: #5c57c4 }
.flip { fill: #1d2733 }
",
    dark: "\
.tick { fill: #a3b0c2 }
.grid { stroke: #232c38 }
.window { fill: #1d2530; stroke: #55637a }
.pause { stroke: #55637a }
.arrives { fill: #58b881 }
.rejected { fill: #ff6f66 }
.dropped { fill: #12171e; stroke: #ff6f66 }
.unknown { fill: #e0c040 }
.event { stroke: #9d99f0 }
.flip { fill: #e4e9f0 }
",
};
