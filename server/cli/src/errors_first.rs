//! What is made of entity files is not made while they have errors: functions would lack a write, a
//! migration would drop a table whose entity is misspelt.

use specql_ide::Level;
use specql_project::Loaded;

use crate::{Error, args::Format, report::Report};

/// Whether there are errors, which are printed with what to do about them. `settled` are the codes that the
/// command itself is about, `done` what it would have done.
pub(crate) fn refuses(loaded: &Loaded, settled: &[&str], done: &str) -> Result<bool, Error> {
    let mut report = Report::default();
    for workspace in &loaded.workspaces {
        // All of them make what is written, whichever was named.
        let files = workspace.analysis.files();
        let mut findings: Vec<_> =
            files.iter().map(|it| workspace.analysis.diagnostics(*it)).collect();
        let counts = |level: Level, code: &str| level == Level::Error && !settled.contains(&code);
        findings.iter_mut().for_each(|it| it.retain(|it| counts(it.level, it.code)));
        report.add(workspace, &files, findings);
    }
    if report.findings.is_empty() {
        return Ok(false);
    }
    report.sort();
    report.print(Format::Full, false)?;
    say!("nothing was {done}: mend the errors, or say `--allow-errors`");
    Ok(true)
}
