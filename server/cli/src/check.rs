//! `specql-lsp check`.

use std::process::ExitCode;

use specql_ide::{FileId, Level, Looked};
use specql_project::Loaded;

use crate::{
    Error,
    args::{Check, Exit},
    baseline::{self, AcceptedFindings, LookedAt},
    choice::Chosen,
    fix, load,
    output::{default_format, print, refuse, write_files},
    print::unless_closed,
    report::{Progress, Report},
    since::ToReport,
    watch,
};

/// Checks and prints; 1 when a finding is at or above the failing level, 2 when something could not be
/// read or there was nothing to check.
pub(crate) fn run(arguments: &Check) -> Result<ExitCode, Error> {
    let chosen = Chosen::new(&arguments.choice, arguments.exit.fail_on)?;
    refuse(arguments)?;
    if arguments.watching.watch {
        return watch::run(arguments, &chosen);
    }
    let progress = Progress::new();
    let mut loaded = load::load_chosen(&arguments.paths, &arguments.files, &progress)?;
    let is_failed = load::say_failures(&loaded);
    let is_empty = load::is_nothing_found(&loaded);
    if is_empty && !is_failed {
        load::say_nothing_found(&arguments.paths, "check");
    }
    let mut is_incomplete = is_failed || is_empty;
    let mut changed = 0;
    if arguments.fixes.any() {
        let mended = mend(&mut loaded, arguments, &chosen, &progress)?;
        changed = mended.files;
        is_incomplete |= mended.failed > 0;
    }
    let code = |it: ExitCode| if is_incomplete { ExitCode::from(2) } else { it };
    if arguments.fixes.any() {
        if arguments.fixes.diff {
            let fails = changed > 0 && !arguments.exit.exit_zero;
            return Ok(code(ExitCode::from(u8::from(fails))));
        }
        if arguments.fixes.fix_only {
            return Ok(code(ExitCode::SUCCESS));
        }
    }
    let (mut report, seen, asked) = look(&loaded, arguments, &chosen, &progress)?;
    loaded.workspaces.iter().zip(&asked).for_each(|(workspace, it)| it.say(workspace));
    if is_empty {
        // Files of other kinds were looked at, and none of them was checked.
        report.files = 0;
    }
    match &arguments.choice.baseline {
        Some(path) if arguments.choice.update_baseline => {
            baseline::write(&report, path, &seen)?;
            return Ok(code(ExitCode::SUCCESS));
        }
        Some(path) => baseline::apply(&mut report, path, &seen)?.say(),
        None => {}
    }
    write(&report, arguments)?;
    let code = code(exit_code(&report, &arguments.exit));
    // The process ends: giving back a whole workspace piece by piece would be for nobody.
    std::mem::forget(report);
    std::mem::forget(loaded);
    Ok(code)
}

/// The findings that count, in order, and what was looked at and asked of each workspace for them.
fn look<'a>(
    loaded: &Loaded,
    arguments: &Check,
    chosen: &'a Chosen,
    progress: &Progress,
) -> Result<(Report, LookedAt<'a>, Vec<ToReport>), Error> {
    let mut all_asked = Vec::new();
    let mut report = Report::default();
    let mut seen = LookedAt { chosen, files: Vec::new() };
    for workspace in &loaded.workspaces {
        let asked = ToReport::of(workspace, &arguments.files, chosen.wants_advice(), progress)?;
        if arguments.choice.baseline.is_some() {
            seen.add(workspace, &asked.files);
        }
        let found = asked.find(workspace, chosen, progress);
        report.add(workspace, &asked.files, found);
        all_asked.push(asked);
    }
    report.sort();
    Ok((report, seen, all_asked))
}

/// What mending came to, over all workspaces.
#[derive(Debug, Default)]
struct Mended {
    /// Files that have another text.
    files: usize,
    /// Files that could not be written.
    failed: usize,
    /// How often a file was checked for it.
    checks: usize,
}

/// Applies fixes in every workspace. Each file is looked at once before it is changed, whatever a baseline
/// accepts.
fn mend(
    loaded: &mut Loaded,
    arguments: &Check,
    chosen: &Chosen,
    progress: &Progress,
) -> Result<Mended, Error> {
    let mut all = Vec::new();
    for workspace in &loaded.workspaces {
        let asked = ToReport::of(workspace, &arguments.files, chosen.wants_advice(), progress)?;
        if arguments.fixes.instead_of_report().is_some() {
            asked.say(workspace);
        }
        let looked = fix::look_at(workspace, &asked.files, chosen);
        all.push((asked.files, looked));
    }
    let accepted = match &arguments.choice.baseline {
        Some(path) if arguments.fixes.add_suppressions => {
            AcceptedFindings::of(&found(loaded, &all, chosen), path)?
        }
        Some(_) | None => AcceptedFindings::default(),
    };
    let call = fix::Mending { arguments: &arguments.fixes, chosen, accepted: &accepted };
    let mut res = Mended::default();
    for (workspace, (files, looked)) in loaded.workspaces.iter_mut().zip(all) {
        let fixed = fix::run(workspace, &files, looked, &call)?;
        res.files += fixed.files;
        res.failed += fixed.failed;
        res.checks += fixed.checks;
        workspace.analysis = fixed.analysis;
    }
    Ok(res)
}

/// What was found before anything is mended, as a report has it.
fn found(loaded: &Loaded, all: &[(Vec<FileId>, Looked)], chosen: &Chosen) -> Report {
    let mut report = Report::default();
    for (workspace, (files, looked)) in loaded.workspaces.iter().zip(all) {
        let of_file = |it: &FileId| {
            let mut found = looked.findings(*it).to_vec();
            chosen.apply(&mut found);
            found
        };
        report.add(workspace, files, files.iter().map(of_file).collect());
    }
    report.sort();
    report
}

/// Files first: whoever reads stdout may close it early.
fn write(report: &Report, arguments: &Check) -> Result<(), Error> {
    let output = &arguments.output;
    let format = output.format.unwrap_or_else(default_format);
    if !write_files(report, output, format)? {
        return Ok(());
    }
    // What was mended of stdin has stdout for itself.
    let is_taken = arguments.files.stdin_filename.is_some() && arguments.fixes.any();
    // What was found stays found, whoever leaves.
    Ok(unless_closed(if is_taken {
        report.print_beside(format, output.full)
    } else {
        print(report, output, format)
    })?)
}

fn exit_code(report: &Report, exit: &Exit) -> ExitCode {
    let fails = |level| level >= exit.fail_on.level() && report.count(level) > 0;
    let warnings = match exit.max_warnings {
        Some(most) => report.count(Level::Warning) > most,
        None => fails(Level::Warning),
    };
    let failing = fails(Level::Error) || warnings || fails(Level::Info) || fails(Level::Hint);
    ExitCode::from(u8::from(failing && !exit.exit_zero))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use clap::Parser;

    use super::*;
    use crate::args::{Arguments, Command};

    fn check(words: &[&str], path: &str) -> Check {
        let words = ["specql-lsp", "check"].iter().chain(words).chain([&path]);
        match Arguments::try_parse_from(words).expect("a call").command {
            Some(Command::Check(it)) => it,
            _ => panic!("no check"),
        }
    }

    /// What the baseline accepts, what is silenced and what is there to silence: each asks for findings, and one
    /// look has to do for all.
    #[test]
    fn with_a_baseline_each_file_is_looked_at_once_and_what_changes_once_more() {
        const FILES: usize = 24;
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: usize, fields: &str| {
            let text = format!("entity: A{name}\nschema: a\nfields:\n{fields}");
            fs::write(folder.path().join(format!("a{name}.yaml")), text).expect("writable");
        };
        (0..FILES).for_each(|it| write(it, "  a: txt\n  b: text\n"));
        let path = folder.path().to_str().expect("UTF-8");
        let accepted = folder.path().join("accepted.json");
        let base = ["--select", "unknown-type", "--baseline", accepted.to_str().expect("UTF-8")];
        run(&check(&[&base[..], &["--update-baseline"]].concat(), path)).expect("it is written");
        let changed = 5;
        (0..changed).for_each(|it| write(it, "  a: txt\n  b: tyt\n  c: tyt\n"));
        let arguments = check(&[&base[..], &["--add-suppressions"]].concat(), path);
        let chosen = Chosen::new(&arguments.choice, arguments.exit.fail_on).expect("codes");
        let progress = Progress::new();
        let mut loaded =
            load::load_chosen(&arguments.paths, &arguments.files, &progress).expect("readable");
        let mended = mend(&mut loaded, &arguments, &chosen, &progress).expect("writable");
        assert_eq!((mended.files, mended.failed), (changed, 0));
        assert_eq!(mended.checks, FILES + changed);
    }

    /// Somebody saves a file between the look at it and the end of the run: it is theirs.
    #[test]
    fn what_changes_meanwhile_is_left_as_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str| folder.path().join(name);
        let text = |name: &str| format!("entity: {name}\nschema: a\nfields:\n  a: txt\n");
        let path = folder.path().to_str().expect("UTF-8");
        for words in [&["--fix", "--unsafe-fixes"][..], &["--add-suppressions"]] {
            for name in ["A", "B", "C"] {
                fs::write(file(&format!("{name}.yaml")), text(name)).expect("writable");
            }
            let arguments = check(&[&["--select", "unknown-type"], words].concat(), path);
            let chosen = Chosen::new(&arguments.choice, arguments.exit.fail_on).expect("codes");
            let progress = Progress::new();
            let mut loaded =
                load::load_chosen(&arguments.paths, &arguments.files, &progress).expect("readable");
            let saved = text("B") + "  b: text\n";
            fs::write(file("B.yaml"), &saved).expect("writable");
            let mended = mend(&mut loaded, &arguments, &chosen, &progress).expect("writable");
            assert_eq!((mended.files, mended.failed), (2, 0), "{words:?}");
            let now = |name: &str| fs::read_to_string(file(name)).expect("it is there");
            assert_eq!(now("B.yaml"), saved, "{words:?}");
            assert!(now("A.yaml") != text("A") && now("C.yaml") != text("C"), "{words:?}");
        }
    }
}
