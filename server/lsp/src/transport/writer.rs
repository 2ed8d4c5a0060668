//! The thread that writes to the client. Messages leave in the order in which they were handed over;
//! the stream is flushed whenever nothing waits.

use crate::protocol::{Request, Response};
use crate::transport::QueueDepth;
use serde::Serialize;
use std::io::{BufWriter, Write};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

/// How long the last messages may take to leave when the server ends.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// What the thread takes.
enum Frame {
    Message(Vec<u8>),
    /// Nothing is written after this.
    Last,
}

/// A notification, written without a detour over a tree of values.
#[derive(Serialize)]
struct Notification<P> {
    jsonrpc: &'static str,
    method: &'static str,
    params: P,
}

/// The way out, for everybody who has something to say.
#[derive(Clone)]
pub(crate) struct Outbox {
    frames: Sender<Frame>,
    /// Bytes that wait.
    pub(crate) depth: QueueDepth,
}

impl Outbox {
    /// Answers a request.
    pub(crate) fn respond(&self, response: &Response) {
        self.send(response);
    }

    /// Sends a request or a notification.
    pub(crate) fn call(&self, request: &Request) {
        self.send(request);
    }

    /// Tells the client something.
    pub(crate) fn notify(&self, method: &'static str, params: impl Serialize) {
        self.send(&Notification { jsonrpc: "2.0", method, params });
    }

    fn send(&self, message: &impl Serialize) {
        let body = match serde_json::to_vec(message) {
            Ok(body) => body,
            Err(error) => {
                tracing::error!(%error, "a message cannot be serialised");
                return;
            }
        };
        let mut frame = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
        frame.extend(body);
        self.depth.grow(frame.len());
        // Refused only when the writer has ended, and then there is nobody to tell.
        let _ = self.frames.send(Frame::Message(frame));
    }
}

/// The other end of every [`Outbox`].
pub(crate) struct Writer {
    frames: Sender<Frame>,
    ended: Receiver<()>,
}

impl Writer {
    /// Starts the thread.
    pub(crate) fn spawn(output: impl Write + Send + 'static) -> std::io::Result<(Outbox, Self)> {
        let (frames, queue) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        let outbox = Outbox { frames: frames.clone(), depth: QueueDepth::default() };
        let depth = outbox.depth.clone();
        std::thread::Builder::new().name("writer".into()).spawn(move || {
            let mut output = BufWriter::new(output);
            if let Err(error) = write_all(&queue, &depth, &mut output) {
                tracing::warn!(%error, "the client cannot be written to");
            }
            // The queue is dropped first: senders must not fill it for nobody.
            drop(queue);
            let _ = end.send(());
        })?;
        Ok((outbox, Self { frames, ended }))
    }

    /// Waits until what was sent is written, for a moment at most. What is sent later is lost.
    pub(crate) fn finish(self) {
        // Refused when the thread has ended already.
        let _ = self.frames.send(Frame::Last);
        let _ = self.ended.recv_timeout(LAST_WORDS);
    }
}

fn write_all(
    queue: &Receiver<Frame>,
    depth: &QueueDepth,
    output: &mut impl Write,
) -> std::io::Result<()> {
    while let Ok(first) = queue.recv() {
        for frame in std::iter::once(first).chain(queue.try_iter()) {
            match frame {
                Frame::Message(bytes) => {
                    output.write_all(&bytes)?;
                    depth.shrink(bytes.len());
                }
                Frame::Last => return output.flush(),
            }
        }
        output.flush()?;
    }
    Ok(())
}
