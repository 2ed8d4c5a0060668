//! `specql-lsp git-diff-driver`: what git shows of an entity file that has changed. The text as always,
//! and below it what that changes in actions, events and cascades.
//!
//! Invariant: whatever a file holds, its text is compared; a mistake in it never ends git's command.

use std::{
    env, fs,
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anstream::AutoStream;
use similar::{ChangeTag, TextDiff};
use specql_ide::{
    Analysis, AnalysisHost, ArtifactKind, FileId, PreviewTarget, PromiseChange, promise_changes,
};
use specql_project::{Options, load_with, text_of};

use crate::{Error, args::GitDiffDriver, report::printable};

const SETUP: &str = "\
git runs this command for entity files once it is told so, in the repository's folder:

  git config diff.specql.command 'specql-lsp git-diff-driver'
  echo '*.yaml diff=specql' >> .gitattributes

`git diff` and `git log -p --ext-diff` then show below each changed entity file what its actions do
otherwise and what that means for consumers and clients. `git diff --no-ext-diff` shows the text alone.
";

/// A file on both sides. A side without it has no text.
struct Compared {
    old_path: String,
    /// Its name now, which is another one where it was renamed or copied.
    path: String,
    old: Option<String>,
    new: Option<String>,
    /// Other modes, and what git says of another name.
    header: Vec<String>,
}

impl Compared {
    /// Of the arguments that git gives: path, old file, its id and mode, new file, its id and mode; and where
    /// the file has another name now, that and lines that say so.
    fn read(named: &[PathBuf]) -> Result<Option<Self>, Error> {
        let [path, old, _, old_mode, new, _, new_mode, renamed @ ..] = named else {
            return Ok(None);
        };
        let (old, new) = (read(old)?, read(new)?);
        let shown = |it: &Path| it.to_string_lossy().replace('\\', "/");
        let (old_path, old_mode, new_mode) = (shown(path), shown(old_mode), shown(new_mode));
        let path = renamed.first().map_or_else(|| old_path.clone(), |it| shown(it));
        let mut header = Vec::new();
        match (&old, &new) {
            (None, Some(_)) => header.push(format!("new file mode {new_mode}")),
            (Some(_), None) => header.push(format!("deleted file mode {old_mode}")),
            (Some(_), Some(_)) if old_mode != new_mode => {
                header.extend([format!("old mode {old_mode}"), format!("new mode {new_mode}")]);
            }
            _ => {}
        }
        let said = renamed.get(1).map(|it| it.to_string_lossy()).unwrap_or_default();
        let said: Vec<&str> = said.lines().filter(|it| !it.starts_with("index ")).collect();
        if said.is_empty() && path != old_path {
            header.extend([format!("rename from {old_path}"), format!("rename to {path}")]);
        }
        header.extend(said.into_iter().map(str::to_owned));
        Ok(Some(Self { old_path, path, old, new, header }))
    }
}

/// Prints the difference of the file that git names. Without one it says how git comes to ask.
pub(crate) fn run(arguments: &GitDiffDriver) -> Result<ExitCode, Error> {
    let mut out = stdout();
    match arguments.named.as_slice() {
        [] => out.write_all(SETUP.as_bytes())?,
        [path] => writeln!(out, "* Unmerged path {}", path.display())?,
        named => {
            let compared = Compared::read(named)?.ok_or_else(|| {
                let why = "git names a file by seven arguments, and a renamed one by nine; without any this \
                           command says how to set it up";
                Error::Usage(why.to_owned())
            })?;
            text(&compared, &mut out)?;
            meaning(&compared, &mut out)?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Colours go to git's pager too, which shows them.
fn stdout() -> impl Write {
    let paged = env::var_os("GIT_PAGER_IN_USE").is_some_and(|it| it == "true" || it == "1");
    let colours = paged || io::stdout().is_terminal();
    let refused = env::var_os("NO_COLOR").is_some_and(|it| !it.is_empty());
    if colours && !refused {
        AutoStream::always(io::stdout())
    } else {
        AutoStream::never(io::stdout())
    }
}

fn read(path: &Path) -> Result<Option<String>, Error> {
    if path == Path::new("/dev/null") || path == Path::new("nul") {
        return Ok(None);
    }
    let failed = |source| Error::Read { path: path.to_owned(), source };
    Ok(Some(text_of(&fs::read(path).map_err(failed)?).0.into_owned()))
}

fn text(it: &Compared, out: &mut dyn Write) -> io::Result<()> {
    let Compared { old_path, path, old, new, header } = it;
    let (before, after) = (printable(old_path), printable(path));
    let side = |shown: String, text: &Option<String>| match text {
        Some(_) => shown,
        None => "/dev/null".to_owned(),
    };
    writeln!(out, "\x1b[1mdiff --specql a/{before} b/{after}\x1b[0m")?;
    for it in header {
        writeln!(out, "\x1b[1m{}\x1b[0m", printable(it))?;
    }
    // As git has it: a file that has another name or mode alone has no lines that differ.
    if old == new {
        return Ok(());
    }
    writeln!(out, "\x1b[1m--- {}\x1b[0m", side(format!("a/{before}"), old))?;
    writeln!(out, "\x1b[1m+++ {}\x1b[0m", side(format!("b/{after}"), new))?;
    let (old, new) = (old.as_deref().unwrap_or_default(), new.as_deref().unwrap_or_default());
    let diff = TextDiff::from_lines(old, new);
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        writeln!(out, "\x1b[36m{}\x1b[0m", hunk.header().to_string().trim_end())?;
        for change in hunk.iter_changes() {
            line(change.tag(), change.value(), "", out)?;
            if change.missing_newline() {
                writeln!(out, "\\ No newline at end of file")?;
            }
        }
    }
    Ok(())
}

fn line(tag: ChangeTag, text: &str, indent: &str, out: &mut dyn Write) -> io::Result<()> {
    let text = text.trim_end_matches(['\n', '\r']);
    let text = printable(text);
    match tag {
        ChangeTag::Equal => writeln!(out, "{indent} {text}"),
        ChangeTag::Delete => writeln!(out, "{indent}\x1b[31m-{text}\x1b[0m"),
        ChangeTag::Insert => writeln!(out, "{indent}\x1b[32m+{text}\x1b[0m"),
    }
}

/// What the actions of the file do otherwise, within its workspace as it lies on the disk.
fn meaning(it: &Compared, out: &mut dyn Write) -> io::Result<()> {
    let named = |text: &Option<String>| text.clone().unwrap_or_default();
    let options = Options {
        unsaved: Some((it.path.clone().into(), named(&it.new).into())),
        ..Options::default()
    };
    let loaded = load_with(&[], &options, &|_| {});
    let holds = loaded.workspaces.iter().find_map(|workspace| {
        let asked = workspace.asked();
        asked.first().and_then(|it| workspace.file(*it)).map(|it| (workspace, it))
    });
    let Some((workspace, file)) = holds else { return Ok(()) };
    let name = workspace.root.name(&file.path);
    let now = match &it.new {
        Some(_) => workspace.analysis.clone(),
        None => without(&workspace.analysis, name),
    };
    let then = match &it.old {
        Some(text) => with(&workspace.analysis, name, text),
        None => without(&workspace.analysis, name),
    };
    if !now.is_entity_file(file.id) && !then.is_entity_file(file.id) {
        return Ok(());
    }
    let mut said = actions(&then, &now, file.id);
    said.extend(promise_changes(&then, &now).iter().map(promise));
    if said.is_empty() {
        return writeln!(out, "\x1b[2mno action, event or cascade changes its meaning\x1b[0m");
    }
    for it in said {
        for (tag, text) in it {
            line(tag, &text, "  ", out)?;
        }
    }
    Ok(())
}

fn with(analysis: &Analysis, name: &str, text: &str) -> Analysis {
    let mut host = AnalysisHost::from(analysis);
    host.set_file(name, text);
    host.analysis()
}

fn without(analysis: &Analysis, name: &str) -> Analysis {
    let mut host = AnalysisHost::from(analysis);
    host.remove_file(name);
    host.analysis()
}

/// Lines with what becomes of them.
type Said = Vec<(ChangeTag, String)>;

/// The lines of effects that differ, by action.
fn actions(then: &Analysis, now: &Analysis, file: FileId) -> Vec<Said> {
    let mut names = then.actions(file);
    names.extend(now.actions(file));
    let mut res = Vec::new();
    for name in names
        .iter()
        .enumerate()
        .filter(|(at, it)| !names.iter().take(*at).any(|other| other == *it))
    {
        let (old, new) = (effects(then, file, name.1), effects(now, file, name.1));
        let diff = TextDiff::from_lines(&*old, &*new);
        let changes = diff.iter_all_changes().filter(|it| it.tag() != ChangeTag::Equal);
        let changes = changes.filter(|it| !it.value().trim().is_empty());
        let mut said: Said =
            changes.map(|it| (it.tag(), it.value().trim_end().to_owned())).collect();
        if !said.is_empty() {
            said.insert(0, (ChangeTag::Equal, format!("{}:", name.1)));
            res.push(said);
        }
    }
    res
}

/// What an action changes, returns, publishes and fails with, in words; without its name.
fn effects(analysis: &Analysis, file: FileId, action: &str) -> String {
    let target = PreviewTarget {
        file: Some(file),
        action: Some(action.to_owned()),
        artifact: ArtifactKind::Effects,
    };
    let text = analysis.preview(&target).map(|it| it.text).unwrap_or_default();
    sections(&text)
}

/// Each line with the heading that it stands under, so that a changed line can stand alone.
fn sections(text: &str) -> String {
    let (mut heading, mut res) = ("", String::new());
    for line in text.lines().skip(1) {
        if line.starts_with(' ') {
            res.push_str(&format!("  {heading}: {}\n", line.trim()));
        } else if !line.is_empty() {
            heading = line.trim();
        }
    }
    res
}

fn promise(it: &PromiseChange) -> Said {
    let level = if it.breaking { "breaking" } else { "change" };
    let member = if it.member.is_empty() { String::new() } else { format!("`{}` ", it.member) };
    let values = match (&it.old, &it.new) {
        (Some(old), Some(new)) => format!(" (`{old}`, now `{new}`)"),
        (Some(old), None) => format!(" (was `{old}`)"),
        (None, Some(new)) => format!(" (`{new}`)"),
        (None, None) => String::new(),
    };
    let text = format!("{level}[{}]: {}: {member}{}{values}", it.code, it.subject, it.message);
    vec![(ChangeTag::Equal, text)]
}
