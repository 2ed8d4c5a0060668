//! What events and cascades promise: the record of it, what has changed since, and what that breaks.

use std::collections::BTreeMap;

use specql_check::changed_schema;
use specql_codegen::{EmitOptions, emit};
use specql_contract::{
    BREAKAGES, Breakage, Class, Compatibility, Contract, Difference, Misread, Promises, Subject,
    compare, read, write,
};
use specql_model::{FileId, Workspace};
use specql_text::TextRange;

use crate::Analysis;

/// What there is to say of a lock file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// The text that it should have.
    pub text: String,
    /// Events whose payload has changed and whose version has not.
    pub changed: Vec<LockFinding>,
}

/// An event that needs another version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockFinding {
    /// The file of the action that publishes it.
    pub file: FileId,
    /// Where it asks for it.
    pub range: TextRange,
    /// Lowercase sentence: what has changed, whom it breaks, what to do.
    pub message: String,
}

/// What has changed between two revisions of a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PromiseDiff {
    /// The differences: what breaks somebody first, then in the order of the subjects.
    pub changes: Vec<PromiseChange>,
    /// Generated files that are new, gone or others.
    pub files: Vec<(FileChange, String)>,
}

/// What has become of a generated file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileChange {
    /// It is new.
    Added,
    /// It is another.
    Changed,
    /// It is gone.
    Removed,
}

/// A difference in what is promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromiseChange {
    /// `event PostCreated v1`, `event PostCreated v1 -> v2`, `cascade blog.Post.create_post`.
    pub subject: String,
    /// The member; empty for the subject as a whole.
    pub member: String,
    /// The kind, in kebab-case.
    pub code: &'static str,
    /// `payload`, `cascade` or `stream`.
    pub class: &'static str,
    /// It breaks somebody who goes on as before.
    pub breaking: bool,
    /// What the base has.
    pub old: Option<String>,
    /// What the revision has.
    pub new: Option<String>,
    /// What has happened and what follows, in words behind the member.
    pub message: &'static str,
    /// The place in the base.
    pub base_place: Option<(FileId, TextRange)>,
    /// The place in the revision.
    pub place: Option<(FileId, TextRange)>,
}

impl Analysis {
    /// The lock file's path, relative to the folder of the configuration.
    #[must_use]
    pub fn lock_file(&self) -> String {
        specql_contract::lock_file_of(self.workspace().config()).to_owned()
    }

    /// Compares with what a lock file has recorded.
    ///
    /// # Errors
    /// The first line that is none of a lock file.
    pub fn lock(&self, recorded: Option<&str>) -> Result<Lock, Misread> {
        let recorded = recorded.map(read).transpose()?.unwrap_or_default();
        let workspace = self.workspace();
        let now = Promises::of(workspace);
        let changed = findings(workspace, &recorded, &now);
        Ok(Lock { text: write(&now.with_events_of(&recorded)), changed })
    }
}

/// What has changed between two revisions of a workspace; one that is not there promises nothing.
#[must_use]
pub fn promise_diff(base: Option<&Analysis>, revision: Option<&Analysis>) -> PromiseDiff {
    let empty = Workspace::new([]);
    let base = base.map_or(&empty, Analysis::workspace);
    let revision = revision.map_or(&empty, Analysis::workspace);
    PromiseDiff { changes: changes(base, revision), files: files(base, revision) }
}

/// The differences in what two revisions of a workspace promise, without a look at generated files.
#[must_use]
pub fn promise_changes(base: &Analysis, revision: &Analysis) -> Vec<PromiseChange> {
    changes(base.workspace(), revision.workspace())
}

/// What a code of a change means: a page as those of rules.
#[must_use]
pub fn explain_change(code: &str) -> Option<String> {
    let it = BREAKAGES.iter().find(|it| it.code == code)?;
    let whom = match (it.backward, it.forward) {
        (true, true) => "new readers of what is there, and readers that are out",
        (true, false) => {
            "new readers of what is there: breaking where `events.compatibility` is \
                          `backward` or `full`"
        }
        (false, true) => {
            "readers that are out: breaking where `events.compatibility` is `forward` or \
                          `full`, and in a cascade"
        }
        (false, false) => "nobody",
    };
    let of = match it.class {
        Class::Payload => "a member of an event's payload, or of an entity in a cascade",
        Class::Cascade => "what a cascade lists and invalidates",
        Class::Stream => "where events go, and what orders them",
    };
    Some(format!(
        "# {code}\n\nA change that `specql-lsp diff` reports: the member {}.\n\nOf: {of}.\n\nBreaks: \
         {whom}.\n",
        it.message
    ))
}

/// Code and meaning of every kind of change.
pub fn change_codes() -> impl Iterator<Item = (&'static str, &'static str)> {
    BREAKAGES.iter().map(|it| (it.code, it.message))
}

/// Where the file asks for each subject.
type Places = BTreeMap<Subject, (FileId, TextRange)>;

fn places(workspace: &Workspace) -> Places {
    let mut res = Places::new();
    for contract in Contract::all(workspace) {
        let file = contract.action.entity.0;
        for it in contract.own_events() {
            let subject = Subject::Event(it.event_type.to_string(), it.version);
            res.entry(subject).or_insert((file, it.range));
        }
        let Some(entity) = workspace.entity(contract.action.entity) else { continue };
        let Some(action) = workspace.action(contract.action) else { continue };
        let name = format!("{}.{}.{}", entity.schema_name(), entity.name.text, contract.name);
        res.entry(Subject::Cascade(name)).or_insert((file, action.name.range));
    }
    res
}

/// What the rule `event-schema-changed` finds, whether there is a lock file or not.
fn findings(workspace: &Workspace, recorded: &Promises, now: &Promises) -> Vec<LockFinding> {
    let mut res = Vec::new();
    for contract in Contract::all(workspace) {
        let cdc = workspace.action(contract.action).and_then(|it| it.cdc.as_deref());
        for event in contract.own_events() {
            let found = cdc.map(|it| changed_schema(workspace, recorded, now, it, event));
            res.extend(found.into_iter().flatten().map(|it| LockFinding {
                file: contract.action.entity.0,
                range: it.range,
                message: it.message,
            }));
        }
    }
    res
}

fn changes(base: &Workspace, revision: &Workspace) -> Vec<PromiseChange> {
    let (old, new) = (Promises::of(base), Promises::of(revision));
    let mode = Compatibility::of(revision.config());
    let (base_places, places) = (places(base), places(revision));
    let raised = raised(&old, &new);
    let mut res = Vec::new();
    let mut add = |it: Difference, from: &Subject, is_raised: bool| {
        let breaking = match &it.subject {
            Subject::Cascade(_) => it.kind.forward,
            // Versions are bound to one another by their payloads alone.
            Subject::Event(..) if is_raised => {
                mode.transitive && it.kind.class == Class::Payload && mode.is_broken_by(it.kind)
            }
            Subject::Event(..) => is_breaking(mode, it.kind),
        };
        res.push(PromiseChange {
            subject: shown(from, &it.subject),
            code: it.kind.code,
            class: class(it.kind.class),
            breaking,
            message: it.kind.said(breaking),
            base_place: base_places.get(from).copied(),
            place: places.get(&it.subject).copied(),
            member: it.member,
            old: it.old,
            new: it.new,
        });
    };
    for it in compare(&old, &new) {
        // The two halves of a version that was raised are one change.
        let is_half = raised.iter().any(|(from, to)| it.subject == *from || it.subject == *to);
        if !is_half {
            let subject = it.subject.clone();
            add(it, &subject, false);
        }
    }
    for (from, to) in &raised {
        for it in old.changes_to(from, &new, to) {
            add(it, from, true);
        }
    }
    res.sort_by_key(|it| !it.breaking);
    res
}

/// An event that is gone breaks its readers in every mode but `none`.
fn is_breaking(mode: Compatibility, it: &Breakage) -> bool {
    let any = mode.backward || mode.forward;
    mode.is_broken_by(it) || (any && it.class == Class::Stream && it.forward)
}

/// Event types with one version on each side, the newer of which is greater.
fn raised(old: &Promises, new: &Promises) -> Vec<(Subject, Subject)> {
    let names = new.subjects().filter_map(|it| match it {
        Subject::Event(name, _) => Some(name),
        Subject::Cascade(_) => None,
    });
    let mut names: Vec<&String> = names.collect();
    names.dedup();
    let pairs = names.into_iter().filter_map(|name| {
        let only = |it: &Promises| it.versions(name).max();
        let (from, to) = (only(old)?, only(new)?);
        let is_new = !old.versions(name).any(|it| it == to);
        let is_gone = !new.versions(name).any(|it| it == from);
        (from < to && is_new && is_gone)
            .then(|| (Subject::Event(name.clone(), from), Subject::Event(name.clone(), to)))
    });
    pairs.collect()
}

fn shown(from: &Subject, to: &Subject) -> String {
    match (from, to) {
        (Subject::Event(name, old), Subject::Event(_, new)) if old != new => {
            format!("event {name} v{old} -> v{new}")
        }
        (_, Subject::Event(name, version)) => format!("event {name} v{version}"),
        (_, Subject::Cascade(action)) => format!("cascade {action}"),
    }
}

const fn class(it: Class) -> &'static str {
    match it {
        Class::Payload => "payload",
        Class::Cascade => "cascade",
        Class::Stream => "stream",
    }
}

fn files(base: &Workspace, revision: &Workspace) -> Vec<(FileChange, String)> {
    let all = |it: &Workspace| -> BTreeMap<String, String> {
        let options = EmitOptions { tables: true, samples: true };
        let files = if it.entity_count() == 0 { Vec::new() } else { emit(it, options) };
        files.into_iter().map(|it| (it.path, it.text)).collect()
    };
    let (old, new) = (all(base), all(revision));
    let gone = old.keys().filter(|it| !new.contains_key(*it));
    let gone = gone.map(|it| (FileChange::Removed, it.clone()));
    let mut res: Vec<(FileChange, String)> = gone.collect();
    for (path, text) in &new {
        match old.get(path) {
            None => res.push((FileChange::Added, path.clone())),
            Some(before) if before != text => res.push((FileChange::Changed, path.clone())),
            Some(_) => {}
        }
    }
    res.sort_by(|left, right| left.1.cmp(&right.1));
    res
}
