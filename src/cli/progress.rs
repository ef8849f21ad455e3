//! How far long work is, on a terminal.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use flowcast::Progress;
use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

/// Work that is done before is not worth a bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar on standard error that comes when the work is long, and goes when it is done.
pub(super) struct Bar {
    begin: Instant,
    shown: Option<ProgressBar>,
    /// Whether records go to the same terminal, where lines would be drawn into them.
    is_shared: bool,
}

impl Bar {
    pub(super) fn new() -> Self {
        let is_shared = std::io::stdout().is_terminal();
        Self { begin: Instant::now(), shown: None, is_shared }
    }

    /// Does what writes to the terminal that the bar may be on.
    pub(super) fn hide_while<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.shown {
            Some(bar) if self.is_shared => bar.suspend(write),
            _ => write(),
        }
    }

    /// Shows how far the work is. Indicatif itself draws nothing where there is no terminal.
    pub(super) fn show(&mut self, progress: Progress) {
        const TEMPLATE: &str = "{bar:40} {percent:>3} %  {msg}";
        if self.shown.is_none() && self.begin.elapsed() >= PATIENCE && std::io::stderr().is_terminal() {
            let style =
                ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar());
            self.shown = Some(ProgressBar::new(0).with_style(style));
        }
        let Some(bar) = &self.shown else { return };
        bar.set_length(progress.of.as_secs());
        bar.set_position(progress.done.as_secs());
        bar.set_message(format!("{} of {}", HumanDuration(progress.done), HumanDuration(progress.of)));
    }

    pub(super) fn end(&self) {
        if let Some(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }
}
