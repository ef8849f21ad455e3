//! SVGs that stand for themselves: they need no program and no font of their own, are as large as they have to be, and
//! follow the page they are shown on from light to dark.

mod paint;
mod style;
mod text;

pub(crate) use paint::{Canvas, Point, Rect, fit, wrapped};
pub(crate) use style::Style;
pub(crate) use text::Font;
