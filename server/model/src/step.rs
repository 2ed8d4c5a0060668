//! Steps: the one-line and the long forms, read into one shape.

use smallvec::{SmallVec, smallvec};
use specql_syntax::{
    Name,
    expression::{EntityReference, Expression},
    statement::{Assignment, LineProblem},
};
use specql_text::TextRange;
use thin_vec::ThinVec;

use crate::{Entity, Field};

/// A step of an action.
#[derive(Debug, Clone)]
pub struct Step {
    /// The list item.
    pub range: TextRange,
    /// The keyword that decides (`update`); empty, with the range of the item, when there is none.
    pub keyword: Name,
    /// Where the keyword's value is written; the keyword's range while nothing is.
    pub value_range: TextRange,
    /// What the step does.
    pub kind: StepKind,
    /// What its one-line language could not read.
    pub problems: ThinVec<LineProblem>,
}

/// What a step does.
#[derive(Debug, Clone)]
pub enum StepKind {
    /// `validate`.
    Validate {
        /// What has to hold.
        condition: Expression,
        /// The code of a failure.
        error: Option<Name>,
        /// The text of a failure.
        message: Option<Name>,
    },
    /// `insert`.
    Insert(Write),
    /// `update`.
    Update(Write),
    /// `upsert`.
    Upsert(Write),
    /// `delete`.
    Delete {
        /// The entity and which rows.
        write: Write,
        /// Rows are removed; otherwise `deleted_at` is set.
        hard: bool,
    },
    /// `find`: reads one row into a variable.
    Find {
        /// The entity, which row, and the variable.
        write: Write,
        /// The code of a failure.
        error: Option<Box<Name>>,
    },
    /// `if`.
    If {
        /// What decides.
        condition: Expression,
        /// `then`.
        then: ThinVec<Step>,
        /// `else`.
        otherwise: ThinVec<Step>,
    },
    /// `foreach`.
    ForEach {
        /// The loop's variable.
        variable: Option<Name>,
        /// What it runs over: a path, a raw query, or an entity as a path of one segment.
        collection: Expression,
        /// Which rows, when it runs over an entity.
        filter: Option<Expression>,
        /// `do` or `steps`.
        body: ThinVec<Step>,
    },
    /// `switch`.
    Switch {
        /// What decides.
        subject: Expression,
        /// `when` and `then` of each case.
        cases: ThinVec<(Expression, ThinVec<Step>)>,
        /// `default`.
        default: ThinVec<Step>,
    },
    /// `call` of an action or a function.
    Call {
        /// The name before the dot.
        schema: Option<Name>,
        /// What is called.
        function: Option<Name>,
        /// Arguments by name or by position.
        arguments: ThinVec<(Option<Name>, Expression)>,
        /// The variable of the result.
        bind: Option<Name>,
    },
    /// `notify`.
    Notify {
        /// Who is notified, or the event that is named.
        recipient: Option<Expression>,
        /// The channel.
        channel: Option<Name>,
        /// What is said.
        message: Option<Expression>,
        /// Further values, by name.
        data: ThinVec<(Name, Expression)>,
    },
    /// `reject`: the error code or text.
    Reject(Option<Name>),
    /// `return`.
    Return(Option<Name>),
    /// `refresh_table_view`.
    Refresh {
        /// `scope`, as written.
        scope: Option<Name>,
        /// `propagate`.
        propagate: ThinVec<Name>,
        /// `strategy`, as written.
        strategy: Option<Name>,
    },
    /// A keyword of the extended dialect that is known and not understood (`raw_sql`, `declare` …).
    Extended,
    /// A step without a keyword, or with an unknown one.
    Unknown,
}

/// The entity a step writes or reads, and how.
#[derive(Debug, Clone, Default)]
pub struct Write {
    /// The entity; absent while it is not typed yet.
    pub entity: Option<EntityReference>,
    /// Fields that take their value from the input.
    pub columns: ThinVec<Name>,
    /// Fields with their values, of the one-line form, of `set`, `values` or `fields`.
    pub assignments: ThinVec<Assignment>,
    /// All fields come from here: `FROM input`.
    pub from: Option<Box<Name>>,
    /// Neither columns nor assignments nor a source is written: the fields present in the input.
    pub all_input: bool,
    /// The condition of `WHERE` or `where`.
    pub filter: Option<Expression>,
    /// The variable of `as`, `store` or `result`.
    pub bind: Option<Box<Name>>,
    /// `conflict_target` of an upsert.
    pub conflict_target: ThinVec<Name>,
    /// `conflict_action` of an upsert, as written: `update` (the default) or `nothing`.
    pub conflict_action: Option<Box<Name>>,
    /// A part that says what is written cannot be read: a value of the wrong shape, a long form without an
    /// entity. Nothing is known then of what the step does beyond what the rest says.
    pub unread: bool,
}

/// Whether a name, however it is spelled, is that of a field.
fn means(entity: &Entity, name: &Name, field: &Field) -> bool {
    entity.field(&name.text).is_some_and(|it| it.name == field.name)
}

impl Write {
    /// Whether the entity is the file's, because none is named: `update:` with its keys beside it.
    #[must_use]
    pub fn is_of_own(&self) -> bool {
        self.entity.is_none() && !self.unread
    }

    /// Whether it says, in words that can be read, which rows it writes and what.
    #[must_use]
    pub fn is_read(&self) -> bool {
        !self.unread && !self.is_untyped()
    }

    /// Whether every field that the input has is taken from there: nothing is written, or `FROM input`.
    #[must_use]
    pub fn takes_all(&self) -> bool {
        self.all_input || self.from.is_some()
    }

    /// Whether it takes a field of the entity that it writes from the input: with all others, or by its name.
    #[must_use]
    pub fn takes(&self, entity: &Entity, field: &Field) -> bool {
        self.takes_all() || self.columns.iter().any(|it| means(entity, it, field))
    }

    /// What it assigns to a field of the entity that it writes.
    #[must_use]
    pub fn assigned(&self, entity: &Entity, field: &Field) -> Option<&Assignment> {
        self.assignments.iter().find(|it| means(entity, &it.field, field))
    }

    /// Whether an upsert leaves a row alone that is there: `conflict_action: nothing`.
    #[must_use]
    pub fn keeps_existing(&self) -> bool {
        let is =
            |it: &Name| ["nothing", "ignore"].iter().any(|word| it.text.eq_ignore_ascii_case(word));
        self.conflict_action.as_deref().is_some_and(is)
    }

    /// Whether nothing but the keyword is typed yet.
    #[must_use]
    pub fn is_untyped(&self) -> bool {
        self.entity.is_none()
            && self.columns.is_empty()
            && self.assignments.is_empty()
            && self.from.is_none()
            && self.filter.is_none()
    }
}

impl Step {
    /// The write of a step that writes rows.
    #[must_use]
    pub fn write(&self) -> Option<&Write> {
        match &self.kind {
            StepKind::Insert(it) | StepKind::Update(it) | StepKind::Upsert(it) => Some(it),
            StepKind::Delete { write, .. } => Some(write),
            _ => None,
        }
    }

    /// The lists of steps below this one, in the order of the text.
    #[must_use]
    pub fn branches(&self) -> SmallVec<[&[Self]; 2]> {
        match &self.kind {
            StepKind::If { then, otherwise, .. } => {
                smallvec![then.as_slice(), otherwise.as_slice()]
            }
            StepKind::ForEach { body, .. } => smallvec![body.as_slice()],
            StepKind::Switch { cases, default, .. } => cases
                .iter()
                .map(|(_, steps)| steps.as_slice())
                .chain([default.as_slice()])
                .collect(),
            _ => SmallVec::new(),
        }
    }

    /// Calls `visit` for this step and all below it, outermost first, in the order of the text.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        visit(self);
        for branch in self.branches() {
            branch.iter().for_each(|it| it.walk(visit));
        }
    }

    /// Schema and name of what a `call` calls.
    #[must_use]
    pub fn called(&self) -> Option<(Option<&Name>, &Name)> {
        match &self.kind {
            StepKind::Call { schema, function: Some(it), .. } => Some((schema.as_ref(), it)),
            _ => None,
        }
    }

    /// Calls `visit` for the expressions that stand in this step itself, not in the steps below it, in
    /// the order of the text.
    pub fn expressions<'a>(&'a self, visit: &mut dyn FnMut(&'a Expression)) {
        match &self.kind {
            StepKind::Validate { condition, .. } | StepKind::If { condition, .. } => {
                visit(condition);
            }
            StepKind::Insert(write)
            | StepKind::Update(write)
            | StepKind::Upsert(write)
            | StepKind::Delete { write, .. }
            | StepKind::Find { write, .. } => {
                write.assignments.iter().for_each(|it| visit(&it.value));
                write.filter.iter().for_each(visit);
            }
            StepKind::ForEach { collection, filter, .. } => {
                visit(collection);
                filter.iter().for_each(visit);
            }
            StepKind::Switch { subject, cases, .. } => {
                visit(subject);
                cases.iter().for_each(|it| visit(&it.0));
            }
            StepKind::Call { arguments, .. } => arguments.iter().for_each(|it| visit(&it.1)),
            StepKind::Notify { recipient, message, data, .. } => {
                let data = data.iter().map(|it| &it.1);
                recipient.iter().chain(message).chain(data).for_each(visit);
            }
            StepKind::Reject(_)
            | StepKind::Return(_)
            | StepKind::Refresh { .. }
            | StepKind::Extended
            | StepKind::Unknown => {}
        }
    }
}
