//! `check --watch`: the report again after each change, until somebody ends it.
//!
//! Invariant: a change costs what it can affect. Findings of other files are kept.

use std::{
    collections::HashMap,
    io::{self, IsTerminal, Write},
    path::{Component, Path, PathBuf},
    process::ExitCode,
    sync::mpsc::{self, Receiver, Sender},
    thread,
    time::Instant,
};

use camino::Utf8PathBuf;
use rayon::prelude::*;
use specql_ide::{Diagnostic, FileId};
use specql_project::{Change, Failure, Held, Live, Options};

use crate::{
    Error,
    args::Check,
    baseline::{self, LookedAt},
    choice::Chosen,
    find::check,
    load,
    output::{default_format, print, write_files},
    report::{Report, counted},
};

/// What ends a wait.
enum Event {
    Changed(Change),
    /// Ctrl-C, or the system asks for it.
    Stop,
}

/// Reports until it is told to stop, which is no failure.
pub(crate) fn run(arguments: &Check, chosen: &Chosen) -> Result<ExitCode, Error> {
    if arguments.paths.iter().any(|it| it.as_os_str() == "-") {
        return Err(Error::Usage("`--watch` looks at files: `-` is read once".to_owned()));
    }
    let (sender, events) = mpsc::channel();
    let stop = sender.clone();
    stop_on_signals(stop)?;
    let files = &arguments.files;
    let options = Options { unsaved: None, config: files.config.clone(), ignored: files.no_ignore };
    let paths = load::expanded(arguments.paths.clone());
    let mut begun = Instant::now();
    let tell = move |it| drop(sender.send(Event::Changed(it)));
    let mut live = Live::open(&paths, &options, arguments.watching.poll, tell)?;
    refuse_unreadable(&live, paths.iter().chain(&files.config))?;
    let mut found = Found::default();
    loop {
        let checked = found.update(&mut live.workspaces, chosen.wants_advice());
        if !draw(&live, &found, arguments, chosen)? {
            return Ok(ExitCode::SUCCESS);
        }
        let all: usize = live.workspaces.iter().map(|it| it.loaded.asked().len()).sum();
        let time = begun.elapsed().as_millis();
        say!("checked {checked} of {} in {time} ms; watching, Ctrl-C ends", counted(all, "file"));
        match next(&mut live, &events) {
            Some(it) => begun = it,
            None => return Ok(ExitCode::SUCCESS),
        }
    }
}

/// What is named and not there would be waited for in vain: its name is mistaken.
///
/// # Errors
/// With the reason of each such path.
fn refuse_unreadable<'a>(
    live: &Live,
    named: impl Iterator<Item = &'a PathBuf>,
) -> Result<(), Error> {
    let plain = |path: &Path| -> PathBuf {
        path.components().filter(|it| *it != Component::CurDir).collect()
    };
    let named: Vec<PathBuf> = named.map(|it| plain(Path::new(&*it.to_string_lossy()))).collect();
    let is_named = |it: &&Failure| named.contains(&plain(it.path.as_std_path()));
    let reasons: Vec<String> =
        live.failures.iter().filter(is_named).map(Failure::to_string).collect();
    if reasons.is_empty() { Ok(()) } else { Err(Error::Usage(reasons.join("\nerror: "))) }
}

/// Ctrl-C and a request to end are no failure; elsewhere the system ends the run.
#[cfg(unix)]
fn stop_on_signals(stop: Sender<Event>) -> Result<(), Error> {
    use signal_hook::{
        consts::{SIGHUP, SIGINT, SIGTERM},
        iterator::Signals,
    };
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    let wait = move || {
        if signals.forever().next().is_some() {
            drop(stop.send(Event::Stop));
        }
    };
    thread::Builder::new().name("signals".into()).spawn(wait)?;
    Ok(())
}

#[cfg(not(unix))]
fn stop_on_signals(_: Sender<Event>) -> Result<(), Error> {
    Ok(())
}

/// Waits for a change that changes something, and gives the time when it was told of. Nothing when
/// nobody wants another report.
fn next(live: &mut Live, events: &Receiver<Event>) -> Option<Instant> {
    loop {
        let first = events.recv().ok()?;
        let begun = Instant::now();
        let mut is_other = false;
        for event in std::iter::once(first).chain(events.try_iter()) {
            match event {
                Event::Changed(it) => is_other |= live.follow(&it),
                Event::Stop => return None,
            }
        }
        if is_other {
            return Some(begun);
        }
    }
}

/// The findings of the asked files of each workspace, by its root.
#[derive(Default)]
struct Found(HashMap<Utf8PathBuf, HashMap<FileId, Vec<Diagnostic>>>);

impl Found {
    /// Checks what a change can have affected, and what was not checked yet. Gives the number of files.
    fn update(&mut self, workspaces: &mut [Held], advice: bool) -> usize {
        self.0.retain(|root, _| workspaces.iter().any(|it| it.loaded.root.path == *root));
        let mut count = 0;
        for held in workspaces {
            let of_root = self.0.entry(held.loaded.root.path.clone()).or_default();
            for file in held.take_unchecked() {
                of_root.remove(&file);
            }
            let workspace = &held.loaded;
            let mut asked = workspace.asked();
            asked.retain(|it| !of_root.contains_key(it));
            let checked: Vec<_> =
                asked.into_par_iter().map(|it| (it, check(workspace, it, advice))).collect();
            count += checked.len();
            for (file, (found, reads)) in checked {
                held.note_checked(file, reads);
                of_root.insert(file, found);
            }
        }
        count
    }

    fn of(&self, held: &Held, files: &[FileId]) -> Vec<Vec<Diagnostic>> {
        let Some(of_root) = self.0.get(&held.loaded.root.path) else { return Vec::new() };
        files.iter().filter_map(|it| of_root.get(it)).cloned().collect()
    }
}

/// Whether somebody reads it.
fn draw(live: &Live, found: &Found, arguments: &Check, chosen: &Chosen) -> Result<bool, Error> {
    let mut report = Report::default();
    for held in &live.workspaces {
        let files = held.loaded.asked();
        let mut findings = found.of(held, &files);
        findings.iter_mut().for_each(|it| chosen.apply(it));
        report.add(&held.loaded, &files, findings);
    }
    report.sort();
    if let Some(path) = &arguments.choice.baseline {
        // What is gone is told by a run that ends.
        let _ = baseline::apply(&mut report, path, &LookedAt { chosen, files: Vec::new() })?;
    }
    let format = arguments.output.format.unwrap_or_else(default_format);
    if !write_files(&report, &arguments.output, format)? {
        return Ok(true);
    }
    let printed = clear().and_then(|()| print(&report, &arguments.output, format));
    for it in &live.failures {
        say!("error: {it}");
    }
    match printed {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// An empty screen, where there is one: in a pipe or a log reports follow one another.
fn clear() -> io::Result<()> {
    let mut out = io::stdout().lock();
    let is_dumb = std::env::var_os("TERM").is_none_or(|it| it == "dumb");
    if out.is_terminal() && !is_dumb {
        out.write_all(b"\x1b[2J\x1b[3J\x1b[H")?;
    }
    Ok(())
}
