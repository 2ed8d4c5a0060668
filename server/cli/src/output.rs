//! Where a report goes: the terminal, or files that were named, each in its format.

use std::{
    env, fs,
    io::{self, BufWriter, Write},
    path::Path,
};

use crate::{
    Error,
    args::{Format, Output, OutputFile},
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

/// Refuses what cannot be written as it is asked for.
pub(crate) fn refuse(output: &Output) -> Result<(), Error> {
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
