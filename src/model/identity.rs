//! Names and ids of resources.

use std::fmt;
use std::hash::Hasher;

use siphasher::sip::SipHasher13;

use crate::diagnostic::Origin;

/// What a resource is called: the name its author gave it and the id AWS would show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The author's name, or the id when there is none.
    pub name: String,
    /// The id as AWS writes it, e.g. `eni-1235b8ca123456789`.
    pub id: String,
    /// Where the resource was read.
    pub origin: Option<Origin>,
}

impl Identity {
    /// An identity whose missing half is derived from the other: an id from the name by a stable hash.
    pub(crate) fn new(
        prefix: &str,
        name: Option<String>,
        id: Option<String>,
        origin: Option<Origin>,
    ) -> Option<Self> {
        let id = match (&name, id) {
            (_, Some(id)) => id,
            (Some(name), None) => derived_id(prefix, name),
            (None, None) => return None,
        };
        Some(Self { name: name.unwrap_or_else(|| id.clone()), id, origin })
    }

    /// The identity of something AWS creates by itself.
    pub(crate) fn default(prefix: &str, name: String, origin: Option<Origin>) -> Self {
        Self { id: derived_id(prefix, &name), name, origin }
    }

    /// What messages call it: the name somebody wrote, but of what AWS answered the id alone, if it is one.
    pub(crate) fn said(&self, observed: bool) -> &str {
        if observed { said(&self.id, true) } else { &self.name }
    }

    /// Whether `text` is the name or the id.
    pub fn is(&self, text: &str) -> bool {
        self.name == text || self.id == text
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::diagnostic::escape(&self.name))
    }
}

/// A text as messages show it: one of an account's own only if it is an id.
pub(crate) fn said(text: &str, is_confidential: bool) -> &str {
    if is_confidential && !looks_like_id(text) { "(not an id)" } else { text }
}

/// An id of AWS's form, `prefix-` and 17 hexadecimal digits, that depends on the name alone.
fn derived_id(prefix: &str, name: &str) -> String {
    format!("{prefix}-0{:016x}", stable_hash(&[prefix, name]))
}

/// Prefixes of the ids of AWS's network resources.
const ID_PREFIXES: &[&str] = &[
    "acl",
    "cagw",
    "core-network",
    "eigw",
    "eipalloc",
    "eni",
    "fl",
    "i",
    "igw",
    "lgw",
    "nat",
    "pcx",
    "pl",
    "rtb",
    "sg",
    "sgr",
    "sn",
    "subnet",
    "svc",
    "tgw",
    "tgw-attach",
    "tgw-rtb",
    "tmf",
    "tms",
    "tmt",
    "vgw",
    "vpc",
    "vpce",
    "vpce-svc",
];

/// Whether `text` is an id as AWS makes them (`subnet-0931fc2fa5EXAMPLE`), or the anonymous one of a collector
/// (`SubnetId:26`): something that can be printed where texts of an account must not be.
pub(crate) fn looks_like_id(text: &str) -> bool {
    const LONGEST: usize = 40;
    let is_word = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let of_aws = text
        .rsplit_once('-')
        .is_some_and(|(prefix, rest)| ID_PREFIXES.contains(&prefix) && rest.len() >= 4 && is_word(rest));
    let is_anonymous = || {
        text.split_once("Id:").is_some_and(|(kind, number)| {
            kind.bytes().all(|byte| byte.is_ascii_alphabetic())
                && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    text.len() <= LONGEST && (of_aws || is_anonymous())
}

/// A hash that is the same on every machine and in every version.
pub(crate) fn stable_hash(parts: &[&str]) -> u64 {
    let mut hasher = SipHasher13::new_with_keys(0x666c_6f77, 0x6361_7374);
    for part in parts {
        hasher.write(part.as_bytes());
        hasher.write_u8(0xff); // no text contains it, so the parts cannot run into each other
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_ids_never_change() {
        // A changed id breaks other people's golden files.
        assert_eq!(derived_id("eni", "web"), derived_id("eni", "web"));
        assert_ne!(derived_id("eni", "web"), derived_id("i", "web"));
        assert_eq!(derived_id("eni", "web").len(), "eni-1235b8ca123456789".len());
        assert_ne!(stable_hash(&["ab", "c"]), stable_hash(&["a", "bc"]));
    }
}
