//! Values that are written by the names in their table.

/// Makes every type `Display` as the first of its `NAMES` that stands for the value.
macro_rules! display_by_name {
    ($($type:ty),*) => {$(
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(Self::NAMES.iter().find(|(_, value)| value == self).map_or("", |(name, _)| name))
            }
        }
    )*};
}
pub(crate) use display_by_name;
