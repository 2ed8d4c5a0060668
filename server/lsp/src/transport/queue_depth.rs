//! How much waits in a queue, so that whoever fills it can hold back.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Notify;

/// A counter shared by both ends of a queue.
#[derive(Clone, Default)]
pub(crate) struct QueueDepth(Arc<Inner>);

#[derive(Default)]
struct Inner {
    amount: AtomicUsize,
    shrunk: Notify,
}

impl QueueDepth {
    pub(crate) fn grow(&self, amount: usize) {
        self.0.amount.fetch_add(amount, Ordering::SeqCst);
    }

    pub(crate) fn shrink(&self, amount: usize) {
        self.0.amount.fetch_sub(amount, Ordering::SeqCst);
        self.0.shrunk.notify_waiters();
    }

    /// Waits until less than `limit` is queued.
    pub(crate) async fn below(&self, limit: usize) {
        loop {
            // Registered before the test, so that no wake-up is missed between the two.
            let shrunk = self.0.shrunk.notified();
            if self.0.amount.load(Ordering::SeqCst) < limit {
                return;
            }
            shrunk.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[tokio::test]
    async fn waits_until_the_queue_is_short_enough() {
        let depth = QueueDepth::default();
        depth.grow(3);
        assert!(depth.below(3).now_or_never().is_none());
        let other = depth.clone();
        let waiting = tokio::spawn(async move { other.below(3).await });
        tokio::task::yield_now().await;
        depth.shrink(1);
        waiting.await.unwrap();
    }
}
