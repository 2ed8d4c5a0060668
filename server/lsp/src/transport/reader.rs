//! The thread that reads the client: bytes in, messages out, at the pace of the pump.

use crate::transport::framing::{Frame, Framing};
use crate::transport::incoming::Incoming;
use std::io::{BufReader, Read};
use tokio::sync::mpsc;

/// Messages that wait for the pump before reading pauses.
const QUEUE: usize = 256;

/// Reads `input` to its end. The queue closes there.
pub(crate) fn spawn(
    input: impl Read + Send + 'static,
) -> std::io::Result<mpsc::Receiver<Incoming>> {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let mut framing = Framing::new(BufReader::with_capacity(64 * 1024, input));
    std::thread::Builder::new().name("reader".into()).spawn(move || {
        loop {
            let message = match framing.next() {
                Ok(Frame::Body(body)) => Incoming::read(&body),
                Ok(Frame::Garbage) => Incoming::garbage(),
                Ok(Frame::End) | Err(_) => return,
            };
            if sender.blocking_send(message).is_err() {
                return;
            }
        }
    })?;
    Ok(receiver)
}
