//! Colours of networks, for light pages and for dark ones.

use crate::svg::Style;

/// The rules for what is drawn of a network.
pub(super) const STYLE: Style = Style {
    light: "\
.route { font: 10.5px ui-monospace, 'DejaVu Sans Mono', Consolas, monospace; fill: #37465a }
.hole { fill: #c62828 }
.vpc { fill: #f5f7fa; stroke: #62748d; stroke-width: 1.5 }
.zone { fill: none; stroke: #a9b5c5; stroke-dasharray: 5 4 }
.subnet { fill: #eef4fb; stroke: #4a7ab5 }
.public { fill: #edf7f0; stroke: #2e8b57 }
.chip { fill: #ffffff; stroke: #8391a5 }
.c0 { stroke: #2e8b57 } .c1 { stroke: #00838f } .c2 { stroke: #b0631c } .c3 { stroke: #8e44ad } .c4 { stroke: #5c57c4 }
.c5 { stroke: #9a5b6e } .c6 { stroke: #6b7a2a }
.gateway { stroke-width: 1.5 }
.loose { stroke-dasharray: 4 3 }
.attachment { stroke: #8391a5; stroke-width: 1.2 }
.request { stroke: #1565c0; stroke-width: 2.5 } polygon.request { fill: #1565c0; stroke: none }
.reply { stroke: #c06000; stroke-width: 2.5 } polygon.reply { fill: #c06000; stroke: none }
.would { stroke-dasharray: 5 4; stroke-width: 1.8 }
",
    dark: "\
.route { fill: #c0cad8 }
.hole { fill: #ff8a80 }
.vpc { fill: #1a212b; stroke: #7d8da4 }
.zone { stroke: #55637a }
.subnet { fill: #182737; stroke: #6fa3e0 }
.public { fill: #16291f; stroke: #58b881 }
.chip { fill: #222b37; stroke: #8391a5 }
.c0 { stroke: #58b881 } .c1 { stroke: #4fb8c4 } .c2 { stroke: #e29a55 } .c3 { stroke: #c78be0 } .c4 { stroke: #9d99f0 }
.c5 { stroke: #d393a6 } .c6 { stroke: #b3c45e }
.attachment { stroke: #8391a5 }
.request { stroke: #64b0ff } polygon.request { fill: #64b0ff }
.reply { stroke: #ffa64d } polygon.reply { fill: #ffa64d }
",
};

/// Number of colours of gateways; kinds take them in turn.
pub(super) const GATEWAY_COLOURS: usize = 7;
