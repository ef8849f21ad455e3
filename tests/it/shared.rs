//! Collections of real inputs and documented cases that are no part of the project: `shared/` beside it, or the folder
//! that `FLOWCAST_SHARED` names. Tests read more where it is at hand.

use std::path::{Path, PathBuf};

/// The place of `path` in the collections, whether or not something is there.
pub(crate) fn shared(path: &str) -> PathBuf {
    let named = std::env::var_os("FLOWCAST_SHARED").map(PathBuf::from);
    named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared")).join(path)
}
