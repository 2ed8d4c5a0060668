//! How work in the background hears that nobody wants its result any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Held by whoever wants the result; dropping it cancels the work.
#[derive(Debug, Default)]
pub(crate) struct CancelOnDrop(Arc<AtomicBool>);

/// Held by the work.
#[derive(Debug, Clone)]
pub(crate) struct CancellationToken(Arc<AtomicBool>);

impl CancelOnDrop {
    /// What the work looks at.
    pub(crate) fn token(&self) -> CancellationToken {
        CancellationToken(Arc::clone(&self.0))
    }

    /// Whether `work` was begun for this.
    pub(crate) fn began(&self, work: &CancellationToken) -> bool {
        Arc::ptr_eq(&self.0, &work.0)
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl CancellationToken {
    /// Whether to stop.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
