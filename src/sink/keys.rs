//! The keys of one mapping, as they are written.

use std::fmt::Display;

use super::quoted::{list, quoted};
use crate::model::Identity;

/// The keys of one mapping, in the order in which they were given.
#[derive(Default)]
pub(super) struct Keys(pub(super) Vec<String>);

impl Keys {
    pub(super) fn of(identity: &Identity) -> Self {
        let mut keys = Self::default();
        if identity.name != identity.id {
            keys.text("name", &identity.name);
        }
        keys.text("id", &identity.id);
        keys
    }

    pub(super) fn text(&mut self, key: &str, value: &str) {
        self.raw(key, quoted(value));
    }

    pub(super) fn raw(&mut self, key: &str, value: impl Display) {
        self.0.push(format!("{key}: {value}"));
    }

    pub(super) fn optional(&mut self, key: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.text(key, value);
        }
    }

    pub(super) fn list<T: AsRef<str>>(&mut self, key: &str, items: impl IntoIterator<Item = T>) {
        self.raw(key, list(items));
    }

    /// A list, unless it is empty.
    pub(super) fn some(&mut self, key: &str, items: &[String]) {
        if !items.is_empty() {
            self.list(key, items);
        }
    }

    pub(super) fn line(self) -> String {
        format!("{{{}}}", self.0.join(", "))
    }
}
