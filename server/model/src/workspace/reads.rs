//! What an answer was made from, so that it is made again when a part of that changes, and only then.
//!
//! Invariant: whatever a [`Workspace`](super::Workspace) tells of more than the asker's own file is
//! noted here by the method that tells it, so no rule has to say what it depends on.

use std::cell::RefCell;

use ecow::EcoString;
use rustc_hash::FxHashSet;

use crate::FileId;

/// A part of the workspace that an answer can depend on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Read {
    /// What a file declares to others: its entity without the actions.
    Shape(FileId),
    /// All of a file, and what its actions write, themselves or by those that they call.
    Body(FileId),
    /// The entities with a folded name.
    Entities(EcoString),
    /// The actions with a name.
    Actions(EcoString),
    /// The actions that publish a type of event in a version.
    Event(EcoString, u32),
    /// The actions that publish a type of event, in whatever version, of the primary entity or of a side
    /// effect.
    Published(EcoString),
    /// The entities whose tables share a part of their names.
    Stem(EcoString),
    /// Whether a schema has no entity, one, or several.
    Schema(EcoString),
    /// The actions that are one mutation in GraphQL.
    Mutation(EcoString),
    /// The actions with a written topic, by the name of its figures.
    Topic(EcoString),
    /// The files that mention an entity, by its folded name.
    Mentions(EcoString),
    /// The files that call an action, by its name.
    Calls(EcoString),
    /// The names of all entities, and their schemas.
    Names,
    /// The names of all actions, and their schemas.
    ActionNames,
    /// All files.
    All,
}

/// What has been noted since a recording began.
#[derive(Default)]
struct Noted {
    all: FxHashSet<Read>,
    /// The files whose shapes were noted last: most notes say again what one of the last ones said.
    shapes: [Option<FileId>; 4],
}

impl Noted {
    fn add(&mut self, read: Read) {
        if let Read::Shape(file) = read {
            if self.shapes.contains(&Some(file)) {
                return;
            }
            self.shapes.rotate_right(1);
            let [first, ..] = &mut self.shapes;
            *first = Some(file);
        }
        self.all.insert(read);
    }
}

thread_local! {
    static READS: RefCell<Option<Noted>> = const { RefCell::new(None) };
}

/// An answer, and what it was made from.
pub fn recorded<T>(answer: impl FnOnce() -> T) -> (T, Vec<Read>) {
    let guard = Recording::begin(Some(Noted::default()));
    let answer = answer();
    let mut reads: Vec<Read> = guard.end().into_iter().flat_map(|it| it.all).collect();
    reads.sort_unstable();
    (answer, reads)
}

/// What is remembered for all who ask is no part of who happened to ask first.
pub fn unrecorded<T>(answer: impl FnOnce() -> T) -> T {
    let _guard = Recording::begin(None);
    answer()
}

/// Notes that the answer that is being made depends on something.
pub fn note(read: impl FnOnce() -> Read) {
    READS.with_borrow_mut(|it| {
        if let Some(reads) = it {
            reads.add(read());
        }
    });
}

/// Puts back what was recorded before, also when a panic ends the answer.
struct Recording {
    before: Option<Noted>,
}

impl Recording {
    fn begin(reads: Option<Noted>) -> Self {
        Self { before: READS.replace(reads) }
    }

    fn end(self) -> Option<Noted> {
        READS.take()
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        READS.set(self.before.take());
    }
}
