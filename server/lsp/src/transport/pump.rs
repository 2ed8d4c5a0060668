//! The one task that carries messages between the client and the handlers.
//!
//! Invariant: handlers start in the order in which their messages arrived, because each call is
//! polled once here before the next message is taken; only what still waits moves to the runtime.
//! Whatever a handler does, its request is answered once and the pump goes on.

use crate::protocol::{ClientSocket, Error, ExitedError, Id, Request, Response, Service};
use crate::transport::QueueDepth;
use crate::transport::incoming::Incoming;
use crate::transport::parent::Gone;
use crate::transport::trace::{Trace, Traced};
use crate::transport::writer::Outbox;
use futures::future::{BoxFuture, Either, select};
use futures::{FutureExt, SinkExt, StreamExt};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
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
    pub(crate) unapplied: QueueDepth,
    /// Told when the client's process has died.
    pub(crate) gone: Gone,
    /// What the client is told of its messages.
    pub(crate) trace: Trace,
}

impl<S> Pump<S>
where
    S: Service<Request, Response = Option<Response>, Error = ExitedError, Future = Call>,
{
    /// Carries messages until the client says `exit` or goes away. Returns the exit code of the
    /// process: 0 after an orderly shutdown, else 1.
    pub(crate) async fn run(self, inbox: Receiver<Incoming>, socket: ClientSocket) -> i32 {
        let gone = Gone::clone(&self.gone);
        // Nobody is waited for once the client has died: it may have left its streams open and full.
        match select(pin!(self.carry(inbox, socket)), pin!(gone.notified())).await {
            Either::Left((code, _)) => code,
            Either::Right(_) => 1,
        }
    }

    async fn carry(mut self, mut inbox: Receiver<Incoming>, socket: ClientSocket) -> i32 {
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
            self.outbox.depth.below(UNREAD).await;
            self.unapplied.below(UNAPPLIED).await;
        }
        forward.abort();
        i32::from(!shut_down)
    }

    async fn call(&mut self, request: Request) {
        let id = request.id().cloned();
        let starts = request.method() == "initialize";
        let traced = self.trace.begin(&request);
        let service = &mut self.service;
        let first_poll = catch_unwind(AssertUnwindSafe(|| {
            let mut call = service.call(request);
            (&mut call).now_or_never().ok_or(call)
        }));
        match first_poll {
            Ok(Ok(answer)) => answer_with(&self.outbox, answer, traced),
            // What follows `initialize` would be refused before it has ended.
            Ok(Err(call)) if starts => finish(self.outbox.clone(), id, call, traced).await,
            Ok(Err(call)) => drop(tokio::spawn(finish(self.outbox.clone(), id, call, traced))),
            Err(_) => answer_with(&self.outbox, panicked(id), traced),
        }
    }
}

/// Waits for a call; a cancelled one ends by itself.
async fn finish(outbox: Outbox, id: Option<Id>, call: Call, traced: Option<Traced>) {
    let answer = AssertUnwindSafe(call).catch_unwind().await;
    answer_with(&outbox, answer.unwrap_or_else(|_| panicked(id)), traced);
}

fn answer_with(outbox: &Outbox, answer: Answer, traced: Option<Traced>) {
    if let Ok(Some(answer)) = answer {
        outbox.respond(&answer);
    }
    if let Some(it) = traced {
        it.end(outbox);
    }
}

fn panicked(id: Option<Id>) -> Answer {
    Ok(id.map(|it| Response::from_error(it, Error::internal_error())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{LanguageServer, LspService, Result, lsp};
    use crate::transport::writer::Writer;
    use serde_json::{Value, json};
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex};

    /// Counts notifications, and breaks down on request.
    #[derive(Default)]
    struct Mock {
        count: AtomicUsize,
        dropped: Arc<AtomicBool>,
    }

    impl LanguageServer for Mock {
        async fn initialize(&self, _: lsp::InitializeParams) -> Result<lsp::InitializeResult> {
            // Whatever comes meanwhile has to wait.
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            Ok(lsp::InitializeResult::default())
        }

        async fn shutdown(&self) -> Result<()> {
            Ok(())
        }
    }

    struct SetOnDrop(Arc<AtomicBool>);

    impl Drop for SetOnDrop {
        fn drop(&mut self) {
            self.0.store(true, Ordering::SeqCst);
        }
    }

    impl Mock {
        async fn count(&self) {
            self.count.fetch_add(1, Ordering::SeqCst);
        }

        async fn read(&self) -> Result<usize> {
            let count = self.count.load(Ordering::SeqCst);
            for _ in 0..3 {
                tokio::task::yield_now().await;
            }
            Ok(count)
        }

        async fn panic_at_once(&self) -> Result<()> {
            panic!("expected");
        }

        async fn panic_later(&self) -> Result<()> {
            tokio::task::yield_now().await;
            panic!("expected");
        }

        async fn panic_unasked(&self) {
            panic!("expected");
        }

        async fn wait(&self) -> Result<()> {
            let _guard = SetOnDrop(Arc::clone(&self.dropped));
            std::future::pending().await
        }

        async fn was_dropped(&self) -> Result<bool> {
            Ok(self.dropped.load(Ordering::SeqCst))
        }
    }

    #[derive(Clone, Default)]
    struct Output(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Output {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// Runs a session; gives what the server wrote, sorted by id, and the exit code.
    fn session(calls: impl IntoIterator<Item = Value> + Send + 'static) -> (Vec<Value>, i32) {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(2).enable_time().build().unwrap();
        let output = Output::default();
        let (outbox, writer) = Writer::spawn(output.clone()).unwrap();
        let (service, socket) = LspService::build(|_| Mock::default())
            .custom_method("count", Mock::count)
            .custom_method("read", Mock::read)
            .custom_method("panic/atOnce", Mock::panic_at_once)
            .custom_method("panic/later", Mock::panic_later)
            .custom_method("panic/unasked", Mock::panic_unasked)
            .custom_method("wait", Mock::wait)
            .custom_method("wasDropped", Mock::was_dropped)
            .finish();
        let (sender, inbox) = tokio::sync::mpsc::channel(256);
        let feeding = std::thread::spawn(move || {
            let begin = call(Some(0), "initialize", json!({ "capabilities": {} }));
            for it in std::iter::once(begin).chain(calls) {
                let message = Incoming::read(it.to_string().as_bytes());
                if sender.blocking_send(message).is_err() {
                    return;
                }
            }
        });
        let pump = Pump {
            service,
            outbox,
            unapplied: QueueDepth::default(),
            gone: Gone::default(),
            trace: Trace::default(),
        };
        let code = runtime.block_on(async {
            let code = pump.run(inbox, socket).await;
            // Long enough for what was spawned to be answered.
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            code
        });
        feeding.join().unwrap();
        drop(runtime);
        writer.finish();
        let written = output.0.lock().unwrap().clone();
        let mut framing = crate::transport::framing::Framing::new(written.as_slice());
        let mut answers = Vec::new();
        while let Ok(crate::transport::framing::Frame::Body(body)) = framing.next() {
            answers.push(serde_json::from_slice::<Value>(&body).unwrap());
        }
        answers.sort_by_key(|it| it["id"].as_i64());
        (answers, code)
    }

    fn call(id: Option<i64>, method: &str, params: Value) -> Value {
        let mut res = json!({ "jsonrpc": "2.0", "method": method });
        if let Some(id) = id {
            res["id"] = id.into();
        }
        if !params.is_null() {
            res["params"] = params;
        }
        res
    }

    fn request(id: i64, method: &str) -> Value {
        call(Some(id), method, Value::Null)
    }

    fn notification(method: &str) -> Value {
        call(None, method, Value::Null)
    }

    #[test]
    fn handlers_start_in_the_order_of_their_messages() {
        let of_number = |number: i64| match number % 4 {
            0 => request(number, "read"),
            _ => notification("count"),
        };
        let (answers, _) = session((1..=66_664).map(of_number));
        assert_eq!(answers.len(), 1 + 16_666);
        for answer in &answers[1..] {
            assert_eq!(answer["result"], answer["id"].as_i64().unwrap() / 4 * 3);
        }
    }

    #[test]
    fn a_panic_answers_its_request_and_harms_no_other() {
        let calls = [
            request(1, "panic/atOnce"),
            request(2, "panic/later"),
            notification("panic/unasked"),
            notification("count"),
            request(3, "read"),
        ];
        let (answers, _) = session(calls);
        assert_eq!(answers[1]["error"]["code"], -32603);
        assert_eq!(answers[2]["error"]["code"], -32603);
        assert_eq!(answers[3]["result"], 1);
    }

    #[test]
    fn a_cancelled_request_is_given_up() {
        let cancel = call(None, "$/cancelRequest", json!({ "id": 1 }));
        // Many, so that the one that was cancelled has been dropped before the last of them.
        let reads = (2..1_000).map(|id| request(id, "read"));
        let last = request(1_000, "wasDropped");
        let calls: Vec<_> =
            [request(1, "wait"), cancel].into_iter().chain(reads).chain([last]).collect();
        let (answers, _) = session(calls);
        assert_eq!(answers[1]["error"]["code"], -32800);
        assert_eq!(answers.last().unwrap()["result"], true);
    }

    #[test]
    fn the_exit_code_says_whether_the_client_shut_down_first() {
        assert_eq!(session([notification("exit")]).1, 1);
        assert_eq!(session([]).1, 1);
        assert_eq!(session([request(1, "shutdown"), notification("exit")]).1, 0);
    }
}
