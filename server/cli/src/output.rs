//! Where a report goes: the terminal, or files that were named, each in its format.

use std::{
    env, fs,
    io::{self, Write},
    path::Path,
};

use specql_project::Staged;

use crate::{
    Error,
    args::{Check, Format, Output, OutputFile},
    report::Report,
};

/// Prints the report, or the figures that are asked for instead.
pub(crate) fn print(report: &Report, output: &Output, format: Format) -> io::Result<()> {
    if output.statistics {
        report.print_statistics(format)
    } else {
        report.print(format, output.full)
    }
}

/// Refuses what cannot be done, or written, as it is asked for.
pub(crate) fn refuse(arguments: &Check) -> Result<(), Error> {
    let fixes = &arguments.fixes;
    let usage = |it: String| Err(Error::Usage(it));
    if fixes.unsafe_fixes && !(fixes.fix || fixes.fix_only || fixes.diff) {
        let why =
            "`--unsafe-fixes` says which fixes are applied: add `--fix`, `--fix-only` or `--diff`";
        return usage(why.to_owned());
    }
    if arguments.watching.poll && !arguments.watching.watch {
        return usage("`--poll` says how `--watch` looks at files: add `--watch`".to_owned());
    }
    let updates = arguments.choice.update_baseline.then_some("--update-baseline");
    let instead = fixes.instead_of_report().or(updates);
    if let Some(it) = instead.filter(|_| !arguments.output.output_file.is_empty()) {
        return usage(format!(
            "`{it}` makes no report that `--output-file` could write: leave one out"
        ));
    }
    refuse_output(&arguments.output)
}

fn refuse_output(output: &Output) -> Result<(), Error> {
    let mut seen = Vec::new();
    for OutputFile { path, .. } in &output.output_file {
        let whole = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        if seen.contains(&whole) && !is_device(path) {
            let path = path.display();
            let why = "the last report would be all that is there: give each a name";
            return Err(Error::Usage(format!(
                "`{path}` is named by `--output-file` twice, and {why}"
            )));
        }
        seen.push(whole);
    }
    match output.format {
        None | Some(Format::Full | Format::Concise | Format::Json | Format::Agent) => Ok(()),
        Some(_) if !output.statistics => Ok(()),
        Some(_) => {
            let why = "`--statistics` prints a table, or JSON with `--format json`: no other format has it";
            Err(Error::Usage(why.to_owned()))
        }
    }
}

/// What takes several texts one after the other.
fn is_device(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|it| !it.is_file())
}

/// Writes the report to the files that were named: what would be printed to one without a format of its own.
/// Whether it is to be printed as well.
pub(crate) fn write_files(report: &Report, output: &Output, format: Format) -> Result<bool, Error> {
    let mut to_stdout = true;
    for file in &output.output_file {
        to_stdout &= file.format.is_some();
        let figures = output.statistics && file.format.is_none();
        write_file(report, file, file.format.unwrap_or(format), figures)?;
    }
    Ok(to_stdout)
}

fn write_file(
    report: &Report,
    file: &OutputFile,
    format: Format,
    figures: bool,
) -> Result<(), Error> {
    let failed = |source| Error::Write { path: file.path.clone(), source };
    let mut bytes = Vec::new();
    {
        let mut plain = anstream::StripStream::new(&mut bytes);
        if figures {
            report.write_statistics(format, &mut plain)?;
        } else {
            report.write(format, &mut plain)?;
        }
    }
    if is_device(&file.path) {
        let mut out = fs::File::create(&file.path).map_err(failed)?;
        return out.write_all(&bytes).and_then(|()| out.flush()).map_err(failed);
    }
    // Whoever reads the report of an earlier run meanwhile, or after a full disk, finds it whole.
    Staged::beside(&file.path, &bytes).and_then(Staged::put).map_err(failed)
}

/// A coding agent reads lines, not drawings. These are the variables by which agents say that they run
/// a command.
pub(crate) fn default_format() -> Format {
    let agents =
        ["AI_AGENT", "CLAUDECODE", "CURSOR_AGENT", "GEMINI_CLI", "CODEX_SANDBOX", "OPENCODE"];
    let set = |name: &&str| env::var_os(name).is_some_and(|it| !it.is_empty());
    if agents.iter().any(set) { Format::Agent } else { Format::Full }
}
