//! `specql-lsp check`.

use std::process::ExitCode;

use rayon::prelude::*;
use specql_ide::{Diagnostic, Level};

use crate::{
    Error,
    args::{Check, Format},
    load,
    report::{self, Progress, Report},
};

/// Checks and prints; 1 when a finding is at or above the failing level.
pub(crate) fn run(arguments: &Check) -> Result<ExitCode, Error> {
    let progress = Progress::new();
    let loaded = load::load(&arguments.paths, &progress)?;
    progress.begin(loaded.reported.len());
    let findings: Vec<Diagnostic> = loaded
        .reported
        .par_iter()
        .map(|file| {
            let res = loaded.analysis.diagnostics(*file);
            progress.step();
            res
        })
        .flatten()
        .collect();
    progress.end();
    let report = Report::new(&loaded.analysis, &loaded.reported, findings);
    match arguments.format {
        Format::Full => report::full::print(&report)?,
        Format::Concise => report::concise::print(&report)?,
        Format::Json => report::json::print(&report)?,
    }
    let failing = report.findings.iter().any(|it| it.level >= arguments.fail_on.level());
    debug_assert!(report.findings.iter().all(|it| it.level > Level::Off));
    Ok(if failing { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
