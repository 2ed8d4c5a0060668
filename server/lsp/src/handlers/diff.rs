//! The request `specql/diff`: an artifact at two times: as typed, as saved, in a revision, where the
//! branch began.
//!
//! A state of earlier is the one of now with the texts of then, so it costs what has changed.

use crate::convert::file_key::FileKey;
use crate::convert::preview::PreviewParams;
use crate::convert::snapshot::View;
use serde::{Deserialize, Serialize};
use specql_ide::{Analysis, AnalysisHost};

/// What is compared.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct DiffParams {
    #[serde(flatten)]
    pub(crate) preview: PreviewParams,
    /// A [`State`] by its name; `HEAD` without it.
    #[serde(default = "head")]
    from: String,
    /// A [`State`] by its name; `buffer` without it.
    #[serde(default = "buffer")]
    to: String,
}

fn head() -> String {
    "HEAD".to_owned()
}

fn buffer() -> String {
    "buffer".to_owned()
}

/// An artifact at two times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct DiffResult {
    title: String,
    language: &'static str,
    from: Side,
    to: Side,
    /// The difference as a patch; empty when there is none.
    diff: String,
}

/// An artifact at one time; the text is null when there was none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Side {
    name: String,
    text: Option<String>,
}

/// A time.
enum State<'a> {
    /// What is typed.
    Buffer,
    /// What is saved.
    Disk,
    /// A revision.
    Revision(&'a str),
    /// The commit at which the current branch left the main one.
    MergeBase,
}

impl<'a> State<'a> {
    fn of(name: &'a str) -> Self {
        match name {
            "buffer" => Self::Buffer,
            "disk" => Self::Disk,
            "mergeBase" => Self::MergeBase,
            other => Self::Revision(other),
        }
    }
}

/// Nothing when neither state has the artifact.
///
/// # Errors
/// A sentence for the user: there is no such revision, no repository, no folder.
pub(crate) fn diff(view: &View<'_>, params: &DiffParams) -> Result<Option<DiffResult>, String> {
    let Some(target) = params.preview.target(view) else { return Ok(None) };
    let shown = |name: &str| {
        let analysis = analysis(view, &State::of(name))?;
        let target = view.analysis().preview_target_before(&target, &analysis);
        Ok::<_, String>(analysis.preview(&target))
    };
    let (from, to) = (shown(&params.from)?, shown(&params.to)?);
    let Some(any) = to.as_ref().or(from.as_ref()) else { return Ok(None) };
    let (title, language) = (any.title.clone(), any.language);
    let side = |name: &str, it: Option<specql_ide::Preview>| Side {
        name: name.to_owned(),
        text: it.map(|it| it.text),
    };
    let (from, to) = (side(&params.from, from), side(&params.to, to));
    let text = |it: &Side| it.text.clone().unwrap_or_default();
    let diff = specql_ide::unified_diff((&from.name, &text(&from)), (&to.name, &text(&to)));
    Ok(Some(DiffResult { title, language, from, to, diff }))
}

/// The project as it was committed last; nothing outside of a repository.
pub(super) fn last_commit(view: &View<'_>) -> Option<Analysis> {
    analysis(view, &State::Revision("HEAD")).ok()
}

fn analysis(view: &View<'_>, state: &State<'_>) -> Result<Analysis, String> {
    if matches!(state, State::Buffer) {
        return Ok(view.analysis().clone());
    }
    let root = view.snapshot.root.path();
    let root = root.ok_or("the file lies in no workspace, so there is nothing to compare with")?;
    let mut host = AnalysisHost::from(view.analysis());
    save(view, &mut host);
    let (revision, fork) = match state {
        State::Buffer | State::Disk => return Ok(host.analysis()),
        State::Revision(it) => (*it, false),
        State::MergeBase => (specql_project::main_branch(root)?, true),
    };
    for file in specql_project::changed_since(root, revision, fork)? {
        let key = FileKey::of_path(&file.path);
        let name = view.snapshot.root.name(&key);
        match file.before {
            Some(text) => {
                host.set_file(name, text);
            }
            None => {
                host.remove_file(name);
            }
        }
    }
    Ok(host.analysis())
}

/// Gives open files the texts that are saved.
fn save(view: &View<'_>, host: &mut AnalysisHost) {
    for key in view.snapshot.open.keys() {
        let name = view.snapshot.root.name(key);
        if host.file_id(name).is_none() {
            continue;
        }
        match key.path().map(specql_project::read) {
            Some(Ok(it)) => {
                host.set_file(name, it.text);
            }
            Some(Err(_)) | None => {
                host.remove_file(name);
            }
        }
    }
}
