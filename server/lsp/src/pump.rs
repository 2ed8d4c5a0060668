//! The one task that carries messages between the client and the handlers.
//!
//! Invariant: handlers start in the order in which their messages arrived, because each call is
//! polled once here before the next message is taken; only what still waits moves to the runtime.
//! Whatever a handler does, its request is answered once and the pump goes on.

use crate::backlog::Backlog;
use crate::incoming::Incoming;
use crate::protocol::{ClientSocket, Error, ExitedError, Id, Request, Response, Service};
use crate::writer::Outbox;
use futures::future::BoxFuture;
use futures::{FutureExt, SinkExt, StreamExt};
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::sync::mpsc::Receiver;

/// Bytes that may wait for a client that does not read, before its messages wait too.
const UNREAD: usize = 64 * 1024 * 1024;
/// Jobs that may wait for the worker, before messages wait too.
const UNAPPLIED: usize = 2_000;

/// What a call comes to.
type Answer = Result<Option<Response>, ExitedError>;
/// A call on its way.
type Call = BoxFuture<'static, Answer>;

/// Everything the pump touches.
pub(crate) struct Pump<S> {
    /// The handlers.
    pub(crate) service: S,
    /// The way to the client.
    pub(crate) outbox: Outbox,
    /// Jobs of the worker that wait.
    pub(crate) unapplied: Backlog,
}

impl<S> Pump<S>
where
    S: Service<Request, Response = Option<Response>, Error = ExitedError, Future = Call>,
{
    /// Carries messages until the client says `exit` or goes away. Returns the exit code of the
    /// process: 0 after an orderly shutdown, else 1.
    pub(crate) async fn run(mut self, mut inbox: Receiver<Incoming>, socket: ClientSocket) -> i32 {
        let (mut requests, mut replies) = socket.split();
        let outbox = self.outbox.clone();
        let forward = tokio::spawn(async move {
            while let Some(request) = requests.next().await {
                outbox.call(&request);
            }
        });
        let mut shut_down = false;
        while let Some(message) = inbox.recv().await {
            match message {
                Incoming::Bad(answer) => self.outbox.respond(&answer),
                // Refused only after `exit`.
                Incoming::Reply(reply) => drop(replies.send(reply).await),
                Incoming::Call(call) if call.method() == "exit" => break,
                Incoming::Call(call) => {
                    shut_down |= call.method() == "shutdown";
                    self.call(call).await;
                }
            }
            self.outbox.backlog.below(UNREAD).await;
            self.unapplied.below(UNAPPLIED).await;
        }
        forward.abort();
        i32::from(!shut_down)
    }

    async fn call(&mut self, request: Request) {
        let id = request.id().cloned();
        let starts = request.method() == "initialize";
        let service = &mut self.service;
        let first_poll = catch_unwind(AssertUnwindSafe(|| {
            let mut call = service.call(request);
            (&mut call).now_or_never().ok_or(call)
        }));
        match first_poll {
            Ok(Ok(answer)) => answer_with(&self.outbox, answer),
            // What follows `initialize` would be refused before it has ended.
            Ok(Err(call)) if starts => finish(self.outbox.clone(), id, call).await,
            Ok(Err(call)) => drop(tokio::spawn(finish(self.outbox.clone(), id, call))),
            Err(_) => answer_with(&self.outbox, panicked(id)),
        }
    }
}

/// Waits for a call; a cancelled one ends by itself.
async fn finish(outbox: Outbox, id: Option<Id>, call: Call) {
    let answer = AssertUnwindSafe(call).catch_unwind().await;
    answer_with(&outbox, answer.unwrap_or_else(|_| panicked(id)));
}

fn answer_with(outbox: &Outbox, answer: Answer) {
    if let Ok(Some(answer)) = answer {
        outbox.respond(&answer);
    }
}

fn panicked(id: Option<Id>) -> Answer {
    Ok(id.map(|it| Response::from_error(it, Error::internal_error())))
}
