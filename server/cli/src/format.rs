//! `specql-lsp format`: files in the one layout, written, shown or asked about.

mod stdin;

use std::{path::Path, process::ExitCode};

use specql_project::{Asked, Encoding, LoadedFile, LoadedWorkspace};
use specql_text::apply_edits;

use crate::{
    Error,
    args::FormatFiles,
    error, fix, load, print,
    report::{Progress, counted, path_on_a_line},
};

/// What became of the files.
#[derive(Debug, Default)]
struct Counts {
    changed: usize,
    same: usize,
    refused: usize,
    /// They could not be read or written.
    failed: usize,
}

/// Formats the files that were asked for.
pub(crate) fn run(arguments: &FormatFiles) -> Result<ExitCode, Error> {
    let is_stdin = |it: &std::path::PathBuf| it == Path::new("-");
    match (arguments.paths.as_slice(), &arguments.stdin_filename) {
        ([one], _) if is_stdin(one) => return stdin::run(arguments),
        (paths, _) if paths.iter().any(is_stdin) => {
            return Err(Error::Usage("`-` stands alone: its result goes to stdout".to_owned()));
        }
        (_, Some(_)) => {
            let why = "`--stdin-filename` names what `-` reads: add `-`";
            return Err(Error::Usage(why.to_owned()));
        }
        _ => {}
    }
    let loaded = load::load(&arguments.paths, &Progress::new());
    let failed = load::say_failures(&loaded);
    let is_formatted = |workspace: &LoadedWorkspace, it: &LoadedFile| {
        // Others of the workspace are there to be referred to.
        it.asked == Asked::ByName || (it.asked != Asked::No && workspace.analysis.is_read(it.id))
    };
    if !failed && !load::holds(&loaded, is_formatted) {
        load::say_nothing_found(&arguments.paths, "format");
        return Ok(ExitCode::from(2));
    }
    let mut counts = Counts::default();
    for workspace in &loaded.workspaces {
        for file in workspace.asked().into_iter().filter(|it| workspace.analysis.is_read(*it)) {
            if let Some(file) = workspace.file(file) {
                // One that cannot be written keeps no other from it.
                match one(workspace, file, arguments, &mut counts) {
                    Err(error @ Error::Write { .. }) => {
                        counts.failed += 1;
                        error::say(&error);
                    }
                    done => done?,
                }
            }
        }
    }
    say(&counts, arguments);
    let asks = arguments.check || arguments.diff;
    Ok(match (failed || counts.failed > 0, counts.refused > 0 || (asks && counts.changed > 0)) {
        (true, _) => ExitCode::from(2),
        (false, true) => ExitCode::from(1),
        (false, false) => ExitCode::SUCCESS,
    })
}

fn one(
    workspace: &LoadedWorkspace,
    file: &LoadedFile,
    arguments: &FormatFiles,
    counts: &mut Counts,
) -> Result<(), Error> {
    let Some(old) = workspace.analysis.text(file.id) else { return Ok(()) };
    let edits = match workspace.analysis.format(file.id) {
        _ if file.encoding == Encoding::Unknown => Err(fix::NO_UTF8.to_owned()),
        edits => edits,
    };
    let edits = match edits {
        Ok(edits) => edits,
        Err(reason) => {
            counts.refused += 1;
            say!("{}: {reason}", path_on_a_line(&file.shown));
            return Ok(());
        }
    };
    if edits.is_empty() {
        counts.same += 1;
        return Ok(());
    }
    let new = apply_edits(old, &edits);
    if arguments.diff {
        fix::show(&file.shown, file.encoding, old, &new)?;
    } else if arguments.check {
        print::name(&file.shown)?;
    } else if !fix::replace(file, old, &new)? {
        counts.refused += 1;
        return Ok(());
    }
    counts.changed += 1;
    Ok(())
}

fn say(counts: &Counts, arguments: &FormatFiles) {
    let verb = if arguments.check || arguments.diff { "would format" } else { "formatted" };
    let Counts { changed, same, refused, failed } = counts;
    let mut parts = vec![format!("{verb} {}", counted(*changed, "file"))];
    if *same > 0 {
        parts.push(format!("{} unchanged", counted(*same, "file")));
    }
    if *refused > 0 {
        parts.push(format!("{} left alone", counted(*refused, "file")));
    }
    if *failed > 0 {
        parts.push(format!("{} not written", counted(*failed, "file")));
    }
    say!("{}", parts.join(", "));
}
