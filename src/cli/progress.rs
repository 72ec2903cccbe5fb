//! Progress on standard error while archives are read.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

const KNOWN: &str = "{bytes} of {total_bytes} [{bar:20}] {msg}, ETA {eta}";
const UNKNOWN: &str = "{bytes} {spinner} {msg}";
/// The bar is touched every so many messages.
const EVERY: u64 = 64;

/// A bar of bytes with messages per second, or nothing.
pub(super) struct Progress {
    bar: ProgressBar,
    consumed: Arc<AtomicU64>,
    messages: u64,
}

impl Progress {
    /// A bar over `total` bytes, of which `consumed` tells how many were read.
    pub(super) fn new(shown: bool, total: Option<u64>, consumed: Arc<AtomicU64>) -> Self {
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(total, target);
        let template = if total.is_some() { KNOWN } else { UNKNOWN };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        if shown {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Self { bar, consumed, messages: 0 }
    }

    /// One message more.
    pub(super) fn message(&mut self) {
        self.messages += 1;
        if self.messages.is_multiple_of(EVERY) && !self.bar.is_hidden() {
            let rate = self.messages as f64 / self.bar.elapsed().as_secs_f64().max(1e-3);
            self.bar.set_message(format!("{} messages/s", HumanCount(rate as u64)));
            self.bar.set_position(self.consumed.load(Ordering::Relaxed));
        }
    }

    /// Runs `f`, which writes to the terminal, with the bar out of the way.
    pub(super) fn aside(&self, f: impl FnOnce()) {
        self.bar.suspend(f);
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_valid() {
        for template in [KNOWN, UNKNOWN] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }
}
