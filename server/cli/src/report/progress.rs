//! A progress bar on a terminal, for runs that last.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Shown on stderr when that is a terminal and there are many files; silent otherwise, so reports in
/// pipes and logs are the same for every run.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
}

/// Fewer files than this are done before a bar could be read.
const WORTH_SHOWING: usize = 500;

impl Progress {
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} files");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar }
    }

    /// Starts a phase over `files` files.
    pub(crate) fn begin(&self, files: usize) {
        self.bar.reset();
        self.bar.set_length(files as u64);
        if files >= WORTH_SHOWING {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// One file is done.
    pub(crate) fn step(&self) {
        self.bar.inc(1);
    }

    /// The phase is done; nothing of the bar stays on the screen.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
