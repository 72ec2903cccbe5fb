//! How many bytes may be on the way from the reader to the consumer.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

#[derive(Debug)]
pub(super) struct Budget {
    limit: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    taken: usize,
    closed: bool,
}

impl Budget {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, state: Mutex::default(), changed: Condvar::new() }
    }

    /// Waits until `bytes` fit, or until nothing else is taken: what is larger than the limit goes alone. False if
    /// the budget was closed.
    pub(super) fn take(&self, bytes: usize) -> bool {
        let fits = |state: &mut State| state.closed || state.taken == 0 || state.taken + bytes <= self.limit;
        let state = self.changed.wait_while(self.state(), |state| !fits(state));
        let mut state = state.unwrap_or_else(PoisonError::into_inner);
        state.taken += bytes;
        !state.closed
    }

    pub(super) fn give_back(&self, bytes: usize) {
        self.state().taken -= bytes;
        self.changed.notify_one();
    }

    /// Wakes whoever waits once the guard is dropped, however that happens.
    pub(super) fn close_on_drop(&self) -> Closing<'_> {
        Closing(self)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) struct Closing<'b>(&'b Budget);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.state().closed = true;
        self.0.changed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::thread;

    use super::*;

    #[test]
    fn what_is_too_large_goes_alone() {
        let budget = Budget::new(10);
        assert!(budget.take(25));
        budget.give_back(25);
        assert!(budget.take(4) && budget.take(6));
    }

    #[test]
    fn whoever_waits_is_woken() {
        let budget = Budget::new(10);
        assert!(budget.take(10));
        thread::scope(|scope| {
            let waiting = scope.spawn(|| budget.take(1));
            budget.give_back(10);
            assert!(waiting.join().unwrap());
            let waiting = scope.spawn(|| budget.take(10));
            drop(budget.close_on_drop());
            assert!(!waiting.join().unwrap());
        });
    }
}
