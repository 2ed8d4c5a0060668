//! `specql-lsp check`.

use std::{
    env, fs,
    io::{self, BufWriter, Write},
    process::ExitCode,
};

use rayon::prelude::*;
use specql_ide::{Analysis, Diagnostic, FileId, Level};

use crate::{
    Error,
    args::{Check, Exit, Format, Output, OutputFile},
    baseline,
    choice::Chosen,
    fix,
    load::{self, Loaded},
    report::{Progress, Report},
};

/// Checks and prints; 1 when a finding is at or above the failing level.
pub(crate) fn run(arguments: &Check) -> Result<ExitCode, Error> {
    let chosen = Chosen::new(&arguments.choice)?;
    let progress = Progress::new();
    let Loaded { mut analysis, reported } = load::load(&arguments.paths, &progress)?;
    if arguments.fixes.any() {
        let fixed = fix::run(&analysis, &reported, &arguments.fixes, &chosen)?;
        if arguments.fixes.diff {
            return Ok(ExitCode::from(u8::from(fixed.files > 0)));
        }
        if arguments.fixes.fix_only {
            return Ok(ExitCode::SUCCESS);
        }
        analysis = fixed.analysis;
    }
    let mut report = Report::default();
    report.add(&analysis, &reported, find(&analysis, &reported, &chosen, &progress));
    match &arguments.choice.baseline {
        Some(path) if arguments.choice.update_baseline => {
            baseline::write(&report, path)?;
            return Ok(ExitCode::SUCCESS);
        }
        Some(path) => baseline::apply(&mut report, path)?,
        None => {}
    }
    write(&report, &arguments.output)?;
    Ok(exit_code(&report, &arguments.exit))
}

/// The findings that count, in the order of files and ranges.
fn find(
    analysis: &Analysis,
    files: &[FileId],
    chosen: &Chosen,
    progress: &Progress,
) -> Vec<Diagnostic> {
    progress.begin(files.len());
    let of_file = |file: &FileId| {
        let res = analysis.diagnostics(*file);
        progress.step();
        res
    };
    let mut findings: Vec<Diagnostic> = files.par_iter().flat_map_iter(of_file).collect();
    progress.end();
    chosen.apply(&mut findings);
    findings
}

/// Files first: whoever reads stdout may close it early.
fn write(report: &Report, output: &Output) -> Result<(), Error> {
    let format = output.format.unwrap_or_else(default_format);
    let mut to_stdout = true;
    for file in &output.output_file {
        to_stdout &= file.format.is_some();
        write_file(report, file, file.format.unwrap_or(format))?;
    }
    if !to_stdout {
        return Ok(());
    }
    let printed = if output.statistics {
        report.print_statistics()
    } else {
        report.print(format, output.full)
    };
    unless_closed(printed)
}

/// A reader that closed the pipe (`| head`) has seen enough; what was found stays found.
fn unless_closed(printed: io::Result<()>) -> Result<(), Error> {
    match printed {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn write_file(report: &Report, file: &OutputFile, format: Format) -> Result<(), Error> {
    let failed = |source| Error::Write { path: file.path.clone(), source };
    let mut bytes = Vec::new();
    report.write(format, &mut anstream::StripStream::new(&mut bytes) as &mut dyn Write)?;
    let mut out = BufWriter::new(fs::File::create(&file.path).map_err(failed)?);
    out.write_all(&bytes).and_then(|()| out.flush()).map_err(failed)
}

/// A coding agent reads lines, not drawings. These are the variables by which agents say that they run
/// a command.
fn default_format() -> Format {
    let agents =
        ["AI_AGENT", "CLAUDECODE", "CURSOR_AGENT", "GEMINI_CLI", "CODEX_SANDBOX", "OPENCODE"];
    let set = |name: &&str| env::var_os(name).is_some_and(|it| !it.is_empty());
    if agents.iter().any(set) { Format::Agent } else { Format::Full }
}

fn exit_code(report: &Report, exit: &Exit) -> ExitCode {
    let fails = |level| level >= exit.fail_on.level() && report.count(level) > 0;
    let warnings = match exit.max_warnings {
        Some(most) => report.count(Level::Warning) > most,
        None => fails(Level::Warning),
    };
    let failing = fails(Level::Error) || warnings || fails(Level::Info);
    ExitCode::from(u8::from(failing && !exit.exit_zero))
}
