//! `$/logTrace`: what came, and when it was answered, for clients that switch it on.

use crate::protocol::{Request, lsp, method};
use crate::transport::writer::Outbox;
use serde::Serialize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Instant;

/// Bytes of parameters that are shown: a file that is opened has them all.
const SHOWN: usize = 2_000;

/// How much the client wants to be told of.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trace(Arc<AtomicU8>);

#[derive(Serialize)]
struct LogTrace {
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    verbose: Option<String>,
}

/// A message that is told of when it is done.
pub(crate) struct Traced {
    message: String,
    verbose: Option<String>,
    begun: Instant,
}

impl Trace {
    /// Takes what the client says; a word that the protocol does not have is `off`.
    pub(crate) fn set(&self, wanted: &lsp::TraceValue) {
        let level = match wanted {
            lsp::TraceValue::Messages => 1,
            lsp::TraceValue::Verbose => 2,
            _ => 0,
        };
        self.0.store(level, Ordering::Relaxed);
    }

    /// A message has come; absent where nobody wants to know.
    pub(crate) fn begin(&self, request: &Request) -> Option<Traced> {
        let level = self.0.load(Ordering::Relaxed);
        if level == 0 || request.method().starts_with("$/") {
            return None;
        }
        let message = match request.id() {
            Some(id) => format!("{} ({id}) answered", request.method()),
            None => format!("{} taken", request.method()),
        };
        let shown = || {
            let mut text = request.params().map(ToString::to_string)?;
            text.truncate(text.floor_char_boundary(SHOWN));
            Some(text)
        };
        let verbose = if level > 1 { shown() } else { None };
        Some(Traced { message, verbose, begun: Instant::now() })
    }
}

impl Traced {
    /// Tells the client that it is done.
    pub(crate) fn end(self, outbox: &Outbox) {
        let time = self.begun.elapsed().as_secs_f64() * 1000.0;
        let message = format!("{} in {time:.1} ms", self.message);
        outbox.notify(method::LOG_TRACE, LogTrace { message, verbose: self.verbose });
    }
}
