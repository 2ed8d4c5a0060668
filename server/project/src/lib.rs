//! The disk, once: which files make which workspace, which configuration governs a file, what a file
//! holds, and when it changes.
//!
//! Invariant: one answer, however one asks. The command line and the server are clients of this crate
//! and walk no folder themselves.

mod changes;
mod encoding;
mod failure;
mod file;
mod git;
mod glob;
mod held;
mod live;
mod load;
mod lock;
mod preview;
mod real;
mod replace;
mod request;
mod revision;
mod scan;
mod scope;
mod spelling;
mod walk;
mod watch;

#[cfg(test)]
mod test_support;

pub use changes::{Changed, changed_since, main_branch};
pub use encoding::{Encoding, text_of};
pub use failure::Failure;
pub use file::{Stamp, Text, is_lock, is_source, read};
pub use git::author;
pub use glob::matching;
pub use held::Held;
pub use live::Live;
pub use load::{Asked, Loaded, LoadedFile, LoadedWorkspace, Options, Step, load, load_with};
pub use preview::write_preview;
pub use real::{is_link, real_file, real_folder};
pub use replace::Staged;
pub use revision::Revision;
pub use scan::{Scan, Workspace};
pub use scope::{CONFIG_NAMES, Depth, Root, Scope};
pub use spelling::Spelling;
pub use watch::{Change, Noticed, Watcher};
