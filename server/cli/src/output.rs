//! Where a report goes: the terminal, or files that were named, each in its format.

use std::{
    env, fs,
    io::{self, BufWriter, Write},
};

use crate::{
    Error,
    args::{Format, Output, OutputFile},
    report::Report,
};

/// Prints the report, or the figures that are asked for instead.
pub(crate) fn print(report: &Report, output: &Output, format: Format) -> io::Result<()> {
    if output.statistics { report.print_statistics() } else { report.print(format, output.full) }
}

/// Writes the report to the files that were named. Whether it is to be printed as well.
pub(crate) fn write_files(report: &Report, output: &Output, format: Format) -> Result<bool, Error> {
    let mut to_stdout = true;
    for file in &output.output_file {
        to_stdout &= file.format.is_some();
        write_file(report, file, file.format.unwrap_or(format))?;
    }
    Ok(to_stdout)
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
pub(crate) fn default_format() -> Format {
    let agents =
        ["AI_AGENT", "CLAUDECODE", "CURSOR_AGENT", "GEMINI_CLI", "CODEX_SANDBOX", "OPENCODE"];
    let set = |name: &&str| env::var_os(name).is_some_and(|it| !it.is_empty());
    if agents.iter().any(set) { Format::Agent } else { Format::Full }
}
