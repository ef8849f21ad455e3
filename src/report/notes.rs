//! Notes on connections, of which a run may have thousands.

use crate::diagnostic::escape;
use crate::model::inventory::first_of;

/// Notes on connections. What is the same of repetitions that follow one another is said once.
#[derive(Debug, Default)]
pub(super) struct Notes(Vec<Note>);

#[derive(Debug)]
struct Note {
    /// The name of the connection.
    name: String,
    text: String,
    /// Later repetitions of which it is the same.
    more: usize,
}

impl Notes {
    /// Adds what is to be said of the connection `name`.
    pub(super) fn push(&mut self, name: &str, text: String) {
        match self.0.last_mut() {
            Some(last) if last.text == text && first_of(&last.name).0 == first_of(name).0 => last.more += 1,
            _ => self.0.push(Note { name: name.to_owned(), text, more: 0 }),
        }
    }

    /// All of them, with the names of their connections made safe for a terminal.
    pub(super) fn into_texts(self) -> Vec<String> {
        let text = |Note { name, text, more }: Note| {
            let more = match more {
                0 => String::new(),
                1 => ", and one more repetition".to_owned(),
                more => format!(", and {more} more repetitions"),
            };
            format!("{}{more}: {text}", escape(&name))
        };
        self.0.into_iter().map(text).collect()
    }
}
