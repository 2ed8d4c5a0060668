//! From the schema of one revision to that of another, as two files that somebody reads first: what the
//! new files need and the new files themselves, then what goes once nothing uses it.
//!
//! Invariant: what the files take over from a base is text that `emit` wrote. Loading the first file over
//! the base's schema and then the second one, with what is destructive, gives what a fresh `emit` gives,
//! but for the order of columns.

mod leftovers;
mod lexer;
mod objects;
pub(crate) mod overloads;
mod renames;
mod rights;
mod steps;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use specql_model::Workspace;

use crate::{artifacts::table::fill, emit::EmittedFile};
use objects::Objects;
use steps::Steps;

/// A migration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Migration {
    /// What comes first; empty when nothing has changed.
    pub expand: String,
    /// What comes when no reader of the old revision is left; empty when nothing has to go.
    pub contract: String,
    /// How many steps lose data; they are comments unless they were allowed.
    pub destructive: usize,
    /// How many questions have to be answered.
    pub questions: usize,
}

/// The migration from what `base` makes to what `next` makes, which is emitted of the workspace.
#[must_use]
pub fn migration(
    base: &[EmittedFile],
    next: &[EmittedFile],
    workspace: &Workspace,
    allow_destructive: bool,
) -> Migration {
    let (base, next) = (scripts(base), scripts(next));
    let mut old = Objects::of(base.iter().copied());
    let new = Objects::of(next.iter().copied());
    let mut expand = Steps::new(allow_destructive);
    renames::renames(&mut expand, &mut old, &new, workspace);
    tables::tenants(&mut expand, &old, &new);
    tables::before(&mut expand, &old, &new);
    leftovers::changed_functions(&mut expand, &old, &new);
    let mut contract = Steps::new(allow_destructive);
    let mut late = None;
    for it in changed_files(&base, &next, &old) {
        if rights::is_roles(&it.path) && rights::are_taken_back(&base, it) {
            expand.file(&it.path, &rights::granted_alone(&it.text));
            late = Some(it);
            continue;
        }
        // The application of before may call functions by the parameters that they had.
        let steps = if it.path == overloads::PATH { &mut contract } else { &mut expand };
        steps.file(&it.path, &it.text);
    }
    leftovers::unused(&mut contract, &old, &new);
    tables::after(&mut contract, &old, &new);
    leftovers::gone(&mut contract, &old, &new);
    if let Some(it) = late {
        contract.file(&it.path, &it.text);
    }
    Migration {
        destructive: expand.destructive + contract.destructive,
        questions: expand.questions + contract.questions,
        expand: written(EXPAND, expand),
        contract: written(CONTRACT, contract),
    }
}

/// The files to load over what stands after the renames: those that are others now, those whose tables have
/// become others', and those that finish what they begin.
fn changed_files<'f>(
    base: &[&EmittedFile],
    next: &[&'f EmittedFile],
    old: &Objects,
) -> Vec<&'f EmittedFile> {
    let known: BTreeMap<&str, &str> =
        base.iter().map(|it| (it.path.as_str(), it.text.as_str())).collect();
    let lacks_table =
        |it: &EmittedFile| Objects::of([it]).tables.keys().any(|it| !old.tables.contains_key(it));
    let is_changed = |it: &EmittedFile| {
        known.get(it.path.as_str()) != Some(&it.text.as_str()) || lacks_table(it)
    };
    let changed: BTreeSet<&str> =
        next.iter().filter(|it| is_changed(it)).map(|it| it.path.as_str()).collect();
    // Checks that the file of a table adds are looked at, and put in their places, by that of its read
    // model, whose shape asks for its rows again; new tables and functions need their grants.
    let finishes = |path: &str| {
        let name = path.strip_prefix("30_read_model/");
        name.is_some_and(|it| changed.contains(format!("20_table/{it}").as_str()))
            || (path == fill::PATH && changed.iter().any(|it| it.starts_with("30_read_model/")))
            || (rights::is_roles(path) && !changed.is_empty())
    };
    let is_loaded = |path: &str| changed.contains(path) || finishes(path);
    next.iter().copied().filter(|it| is_loaded(&it.path)).collect()
}

fn scripts(files: &[EmittedFile]) -> Vec<&EmittedFile> {
    files.iter().filter(|it| it.path.ends_with(".sql")).collect()
}

fn written(head: &str, steps: Steps) -> String {
    if steps.statements + steps.destructive + steps.questions == 0 {
        return String::new();
    }
    format!("{head}\n{}\n", steps.into_text().trim_end())
}

const EXPAND: &str = "\
-- First: what the new revision needs. Read it, answer its questions, then run it with
-- `psql -v ON_ERROR_STOP=1 -f`, as the owner of the tables, outside of a transaction.

-- A lock that somebody holds does not make everybody wait behind this.
SET lock_timeout = '5s';
";

const CONTRACT: &str = "\
-- Second: what nothing uses once every reader is of the new revision. Take a backup first.

SET lock_timeout = '5s';
";
