//! `specql-lsp format`: files in the one layout, written, shown or asked about.

mod stdin;

use std::{path::Path, process::ExitCode};

use specql_project::{LoadedFile, LoadedWorkspace};
use specql_text::apply_edits;

use crate::{
    Error,
    args::FormatFiles,
    fix, load,
    report::{Progress, counted},
};

/// What became of the files.
#[derive(Debug, Default)]
struct Counts {
    changed: usize,
    same: usize,
    refused: usize,
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
    let mut counts = Counts::default();
    for workspace in &loaded.workspaces {
        for file in workspace.asked().into_iter().filter(|it| workspace.analysis.is_read(*it)) {
            if let Some(file) = workspace.file(file) {
                one(workspace, file, arguments, &mut counts)?;
            }
        }
    }
    say(&counts, arguments);
    let asks = arguments.check || arguments.diff;
    Ok(match (failed, counts.refused > 0 || (asks && counts.changed > 0)) {
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
        Ok(edits) => edits,
        Err(reason) => {
            counts.refused += 1;
            anstream::eprintln!("{}: {reason}", file.shown);
            return Ok(());
        }
    };
    if edits.is_empty() {
        counts.same += 1;
        return Ok(());
    }
    let new = apply_edits(old, &edits);
    if arguments.diff {
        fix::show(&file.shown, old, &new)?;
    } else if arguments.check {
        anstream::println!("{}", file.shown);
    } else if !fix::replace(file, old, &new)? {
        counts.refused += 1;
        return Ok(());
    }
    counts.changed += 1;
    Ok(())
}

fn say(counts: &Counts, arguments: &FormatFiles) {
    let verb = if arguments.check || arguments.diff { "would format" } else { "formatted" };
    let Counts { changed, same, refused } = counts;
    let mut parts = vec![format!("{verb} {}", counted(*changed, "file"))];
    if *same > 0 {
        parts.push(format!("{} unchanged", counted(*same, "file")));
    }
    if *refused > 0 {
        parts.push(format!("{} left alone", counted(*refused, "file")));
    }
    anstream::eprintln!("{}", parts.join(", "));
}
