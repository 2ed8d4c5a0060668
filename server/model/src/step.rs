//! Steps: the one-line and the long forms, read into one shape.

use specql_syntax::{
    Name,
    expression::{EntityReference, Expression},
    statement::{Assignment, LineProblem},
};
use specql_text::TextRange;

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
    pub problems: Vec<LineProblem>,
}

/// What a step does.
#[derive(Debug, Clone)]
pub enum StepKind {
    /// `validate`: the condition, and the error of a failure.
    Validate { condition: Expression, error: Option<Name>, message: Option<Name> },
    /// `insert`.
    Insert(Write),
    /// `update`.
    Update(Write),
    /// `upsert`.
    Upsert(Write),
    /// `delete`; soft unless `hard: true`.
    Delete { write: Write, hard: bool },
    /// `find`: reads one row into a variable.
    Find { write: Write, error: Option<Name> },
    /// `if` with `then` and `else`.
    If { condition: Expression, then: Vec<Step>, otherwise: Vec<Step> },
    /// `foreach` with `do` or `steps`.
    ForEach { variable: Option<Name>, collection: Expression, filter: Option<Expression>, body: Vec<Step> },
    /// `switch` with `cases` and `default`.
    Switch { subject: Expression, cases: Vec<(Expression, Vec<Step>)>, default: Vec<Step> },
    /// `call` of an action or a function.
    Call { schema: Option<Name>, function: Option<Name>, arguments: Vec<(Option<Name>, Expression)>, bind: Option<Name> },
    /// `notify`.
    Notify { recipient: Option<Expression>, channel: Option<Name>, message: Option<Expression> },
    /// `reject`: the error code or text.
    Reject(Option<Name>),
    /// `return`.
    Return(Option<Name>),
    /// `refresh_table_view`.
    Refresh { scope: Option<Name>, propagate: Vec<Name>, strategy: Option<Name> },
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
    pub columns: Vec<Name>,
    /// Fields with their values, of the one-line form, of `set`, `values` or `fields`.
    pub assignments: Vec<Assignment>,
    /// All fields come from here: `FROM input`.
    pub from: Option<Name>,
    /// Neither columns nor assignments nor a source is written: the fields present in the input.
    pub all_input: bool,
    /// The condition of `WHERE` or `where`.
    pub filter: Option<Expression>,
    /// The variable of `as`, `store` or `result`.
    pub bind: Option<Name>,
    /// `conflict_target` of an upsert.
    pub conflict_target: Vec<Name>,
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
    pub fn branches(&self) -> Vec<&[Self]> {
        match &self.kind {
            StepKind::If { then, otherwise, .. } => vec![then, otherwise],
            StepKind::ForEach { body, .. } => vec![body],
            StepKind::Switch { cases, default, .. } => {
                cases.iter().map(|(_, steps)| steps.as_slice()).chain([default.as_slice()]).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Calls `visit` for this step and all below it, outermost first, in the order of the text.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        visit(self);
        for branch in self.branches() {
            branch.iter().for_each(|it| it.walk(visit));
        }
    }
}
