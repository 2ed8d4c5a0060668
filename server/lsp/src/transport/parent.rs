//! The editor that started the server. One that crashed closes no stream while another process holds
//! it, and its server would live for ever.

use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// How often it is looked for.
const INTERVAL: Duration = Duration::from_millis(500);

/// Told once the client's process is no longer there.
pub(crate) type Gone = Arc<Notify>;

/// Tells when a process ends. One that is not there now runs on another machine, or in another
/// container, and is not looked for.
pub(crate) fn watch(process: i32, gone: Gone) {
    let Some(is_there) = sight(process) else { return };
    let look = move || {
        while is_there() {
            std::thread::sleep(INTERVAL);
        }
        tracing::warn!(process, "the editor is no longer there");
        gone.notify_one();
    };
    let started = std::thread::Builder::new().name("parent".into()).spawn(look);
    if let Err(error) = started {
        tracing::warn!(%error, "the editor is not watched");
    }
}

/// How to see whether a process is there. Whose parent has died gets another, at once and without a
/// doubt; of other processes the system is asked, where a number may be given anew.
#[cfg(unix)]
fn sight(process: i32) -> Option<Box<dyn Fn() -> bool + Send>> {
    use rustix::io::Errno;
    use rustix::process::{Pid, getppid, test_kill_process};
    let id = Pid::from_raw(process).filter(|_| process > 0)?;
    if getppid() == Some(id) {
        return Some(Box::new(move || getppid() == Some(id)));
    }
    // One that may not be asked is there.
    let is_there = move || test_kill_process(id) != Err(Errno::SRCH);
    is_there().then(|| Box::new(is_there) as _)
}

/// Elsewhere the end of the input tells.
#[cfg(not(unix))]
fn sight(_: i32) -> Option<Box<dyn Fn() -> bool + Send>> {
    None
}
