//! The language server: the protocol, and nothing else of the program knows it.
//!
//! Bytes go through four stations, each in a thread or task of its own: `reader` makes messages of
//! them, `pump` starts their handlers in order, `worker` owns the state and answers from snapshots,
//! `writer` sends what is said. Invariant: nothing ends the server but `exit`, the
//! end of input and the death of the client.

mod convert;
mod handlers;
mod protocol;
mod server;
mod session;
mod transport;

pub use convert::settings::{SETTINGS, Setting};

use protocol::{LspService, method};
use server::Server;
use session::job::{Job, Jobs};
use session::previews::Served;
use session::worker;
use std::io::{Read, Write};
use transport::client::ClientHandle;
use transport::parent::Gone;
use transport::pump::Pump;
use transport::reader;
use transport::trace::Trace;
use transport::writer::Writer;

/// Threads that answer requests; the rest waits its turn.
const ANSWERING: usize = 8;

/// Serves one client until it says `exit` or its stream ends. Returns the exit code of the process:
/// 0 after an orderly shutdown, else 1.
#[must_use]
pub fn serve(input: impl Read + Send + 'static, output: impl Write + Send + 'static) -> i32 {
    match try_serve(input, output) {
        Ok(code) => code,
        Err(error) => {
            tracing::error!(%error, "the server cannot start");
            1
        }
    }
}

fn try_serve(
    input: impl Read + Send + 'static,
    output: impl Write + Send + 'static,
) -> std::io::Result<i32> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(ANSWERING)
        .enable_time()
        .build()?;
    let inbox = reader::spawn(input)?;
    let (outbox, writer) = Writer::spawn(output)?;
    let (jobs, queue) = Jobs::new();
    let (served, gone, trace) = (Served::default(), Gone::default(), Trace::default());
    let mut handle = None;
    let build = |client| {
        let (outbox, runtime) = (outbox.clone(), runtime.handle().clone());
        let client = ClientHandle { client, outbox, runtime };
        handle = Some(client.clone());
        Server::new(jobs.clone(), served.clone(), client, gone.clone(), trace.clone())
    };
    let (service, socket) = LspService::build(build)
        .custom_method(method::PREVIEW, Server::preview)
        .custom_method(method::SOURCE_MAP, Server::source_map)
        .custom_method(method::USES, Server::uses)
        .custom_method(method::LINEAGE, Server::lineage)
        .custom_method(method::DIFF, Server::diff)
        .custom_method(method::EVENT_FLOW, Server::event_flow)
        .custom_method(method::ARTIFACTS, Server::artifacts)
        .custom_method(method::OUTLINE, Server::outline)
        .custom_method(method::SET_TRACE, Server::set_trace)
        .custom_method(method::CANCEL_PROGRESS, Server::cancel_progress)
        .finish();
    if let Some(client) = handle {
        worker::spawn(jobs.clone(), queue, client, served)?;
    }
    let pump = Pump { service, outbox, unapplied: jobs.depth.clone(), gone, trace };
    let code = runtime.block_on(pump.run(inbox, socket));
    jobs.send(Job::End);
    // Work that nobody waits for must not hold the process.
    runtime.shutdown_background();
    writer.finish();
    Ok(code)
}
