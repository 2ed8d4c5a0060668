//! What a difference breaks, as a table: events that are there already, readers that are out already.

/// A kind of difference, and whom it breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Breakage {
    /// The kebab-case name.
    pub code: &'static str,
    /// What it is about.
    pub class: Class,
    /// A reader made for the newer revision cannot go on with what the older one wrote.
    pub backward: bool,
    /// A reader made for the older revision cannot go on with what the newer one writes.
    pub forward: bool,
    /// The same difference read the other way round.
    pub mirror: Mirror,
    /// What has happened and what follows for whom it breaks, in words behind the name of the member.
    pub message: &'static str,
    /// What has happened, where it breaks nobody.
    fact: &'static str,
}

/// What a difference is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Members of an event's payload, or of an entity in a cascade.
    Payload,
    /// What a cascade lists and invalidates.
    Cascade,
    /// Where events go, and what orders them.
    Stream,
}

/// What a difference is when it is read the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mirror {
    /// Itself.
    Itself,
    /// The one with this code, which breaks the other side.
    Of(&'static str),
    /// The one with this code, which breaks other things, for a reason.
    Unlike(&'static str, &'static str),
}

const fn of(
    class: Class,
    code: &'static str,
    (backward, forward): (bool, bool),
    mirror: Mirror,
    message: &'static str,
) -> Breakage {
    Breakage { code, class, backward, forward, mirror, message, fact: message }
}

const NOBODY: (bool, bool) = (false, false);
const BACKWARD: (bool, bool) = (true, false);
const FORWARD: (bool, bool) = (false, true);
const BOTH: (bool, bool) = (true, true);

use Class::{Cascade, Payload, Stream};
use Mirror::{Itself, Of, Unlike};

/// All kinds.
pub const BREAKAGES: &[Breakage] = &[
    of(
        Payload,
        "member-added",
        BACKWARD,
        Of("member-removed"),
        "is new and always there, and older events are without it",
    )
    .or("is new and always there"),
    of(Payload, "member-removed", FORWARD, Of("member-added"), "is gone, and readers expect it")
        .or("is gone"),
    of(
        Payload,
        "optional-member-added",
        NOBODY,
        Of("optional-member-removed"),
        "is new, and may be missing",
    ),
    of(
        Payload,
        "optional-member-removed",
        NOBODY,
        Of("optional-member-added"),
        "is gone, and could be missing before",
    ),
    of(
        Payload,
        "made-optional",
        FORWARD,
        Of("made-required"),
        "can be missing, and readers expect it",
    )
    .or("can be missing"),
    of(
        Payload,
        "made-required",
        BACKWARD,
        Of("made-optional"),
        "is always there, and older events can be without it",
    )
    .or("is always there"),
    of(
        Payload,
        "null-allowed",
        FORWARD,
        Of("null-refused"),
        "can be null, and readers do not expect that",
    )
    .or("can be null"),
    of(
        Payload,
        "null-refused",
        BACKWARD,
        Of("null-allowed"),
        "is never null, and in older events it can be",
    )
    .or("is never null"),
    of(
        Payload,
        "enum-value-added",
        FORWARD,
        Of("enum-value-removed"),
        "has values that readers do not know",
    )
    .or("has more values"),
    of(
        Payload,
        "enum-value-removed",
        BACKWARD,
        Of("enum-value-added"),
        "has lost values that older events have",
    )
    .or("has fewer values"),
    of(Payload, "type-widened", FORWARD, Of("type-narrowed"), "holds more than readers take")
        .or("holds more"),
    of(Payload, "type-narrowed", BACKWARD, Of("type-widened"), "holds less than older events have")
        .or("holds less"),
    of(Payload, "type-changed", BOTH, Itself, "holds something else"),
    of(Stream, "topic-changed", BOTH, Itself, "is another, where nobody reads yet")
        .or("is another"),
    of(
        Stream,
        "key-changed",
        BOTH,
        Itself,
        "is another, so events of one row are no longer in one order",
    )
    .or("is another"),
    of(Stream, "aggregate-changed", BOTH, Itself, "is another"),
    of(
        Stream,
        "event-added",
        NOBODY,
        Unlike("event-removed", "who does not know an event misses nothing"),
        "is new",
    ),
    of(
        Stream,
        "event-removed",
        FORWARD,
        Unlike(
            "event-added",
            "who waits for an event waits for ever, and old ones stay as they are",
        ),
        "is not published any more",
    ),
    of(
        Cascade,
        "event-cascade-more",
        NOBODY,
        Unlike("event-cascade-less", "the metadata of an event only ever helps"),
        "is told more fully",
    ),
    of(
        Cascade,
        "event-cascade-less",
        FORWARD,
        Unlike("event-cascade-more", "who reads it is missing it"),
        "is told less fully, and readers expect it",
    )
    .or("is told less fully"),
    of(
        Cascade,
        "cascade-added",
        NOBODY,
        Unlike("cascade-removed", "a client that gets more refreshes more"),
        "is returned",
    ),
    of(
        Cascade,
        "cascade-removed",
        FORWARD,
        Unlike("cascade-added", "a client that gets nothing keeps what it has cached"),
        "is not returned any more",
    ),
    of(
        Cascade,
        "entry-added",
        NOBODY,
        Unlike("entry-removed", "a client that gets more refreshes more"),
        "is listed",
    ),
    of(
        Cascade,
        "entry-removed",
        FORWARD,
        Unlike("entry-added", "a client keeps what it has cached"),
        "is not listed any more, so clients keep what they have cached",
    )
    .or("is not listed any more"),
    of(Cascade, "rows-changed", NOBODY, Itself, "comes in another number or certainty"),
    of(
        Cascade,
        "invalidation-added",
        NOBODY,
        Unlike("invalidation-removed", "a client that is told more refreshes more"),
        "is told to clients",
    ),
    of(
        Cascade,
        "invalidation-removed",
        FORWARD,
        Unlike("invalidation-added", "a client keeps what it has cached"),
        "is not told any more, so clients keep what they have cached",
    )
    .or("is not told any more"),
    of(
        Cascade,
        "invalidation-changed",
        FORWARD,
        Unlike("invalidation-changed", "only clients that are out read it"),
        "is told in another way",
    ),
];

impl Breakage {
    /// Where it breaks nobody the words do not speak of somebody who is broken.
    const fn or(self, fact: &'static str) -> Self {
        Self { fact, ..self }
    }

    /// What has happened, in words behind the name of the member, and what follows if it breaks somebody.
    #[must_use]
    pub const fn said(&self, breaking: bool) -> &'static str {
        if breaking { self.message } else { self.fact }
    }

    /// The kind with a code.
    ///
    /// # Panics
    ///
    /// Never: codes are those of the table, which a test holds.
    pub(super) fn named(code: &str) -> &'static Self {
        let found = BREAKAGES.iter().find(|it| it.code == code);
        found.unwrap_or(&UNKNOWN)
    }
}

/// What stands for a code that no entry has; a test holds that there is none.
static UNKNOWN: Breakage = of(Payload, "type-changed", BOTH, Itself, "holds something else");
