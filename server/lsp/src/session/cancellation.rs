//! How work in the background hears that nobody wants its result any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Held by whoever wants the result; dropping it makes the work stale.
#[derive(Debug, Default)]
pub(crate) struct Wanted(Arc<AtomicBool>);

/// Held by the work.
#[derive(Debug, Clone)]
pub(crate) struct Stale(Arc<AtomicBool>);

impl Wanted {
    /// What the work looks at.
    pub(crate) fn stale(&self) -> Stale {
        Stale(Arc::clone(&self.0))
    }

    /// Whether `work` was begun for this.
    pub(crate) fn began(&self, work: &Stale) -> bool {
        Arc::ptr_eq(&self.0, &work.0)
    }
}

impl Drop for Wanted {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl Stale {
    /// Whether to stop.
    pub(crate) fn get(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
