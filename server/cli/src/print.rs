//! What the program prints, in one place: results on stdout, whose loss ends the run with 2, and what is
//! said beside them on stderr, whose loss ends nothing.
//!
//! Invariant: no stream that is full or closed makes the program panic. `tests/tests/tidy.rs` holds that no
//! other file prints with a macro that does.

use std::{
    fmt::Arguments,
    io::{self, Write},
};

/// Prints bytes as they are.
pub(crate) fn bytes(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// Prints a text, with its colours where there are some to be.
pub(crate) fn styled(text: &str) -> io::Result<()> {
    let mut out = anstream::AutoStream::auto(io::stdout()).lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Prints the name of a file, one a line. Who closed the pipe (`| head`) has seen enough, and what was found
/// stays found.
pub(crate) fn name(name: &str) -> io::Result<()> {
    unless_closed(bytes(format!("{name}\n").as_bytes()))
}

/// The same outcome without the error of a pipe that its reader has closed.
pub(crate) fn unless_closed(printed: io::Result<()>) -> io::Result<()> {
    match printed {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Says a line on stderr.
pub(crate) fn beside(line: Arguments<'_>) {
    // Nobody is left to be told that nobody listens.
    let _ = writeln!(anstream::AutoStream::auto(io::stderr()).lock(), "{line}");
}

/// Says a line on stderr, formatted.
macro_rules! say {
    ($($line:tt)*) => { $crate::print::beside(format_args!($($line)*)) };
}
