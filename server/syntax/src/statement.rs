//! The one-line statements of steps: `User SET post_count = post_count + 1 WHERE id = input.author`.
//!
//! Which form is read depends on the step's keyword. What cannot be read is a problem with a range
//! and what was expected there; everything around it is kept.

mod direct;
mod parse;
#[cfg(test)]
mod tests;

use specql_text::TextRange;
use thin_vec::ThinVec;

use crate::{
    Name,
    expression::{EntityReference, Expression},
    yaml::Scalar,
};

/// The keywords whose value is a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatementKeyword {
    /// `validate`, `if`, `switch`: an expression.
    Condition,
    /// `insert`, `update`, `upsert`, `delete`, `find`: an entity and what is done to it.
    Write,
    /// `foreach`: `x in <path or query>`.
    ForEach,
    /// `call`: `name(argument = value)`.
    Call,
    /// `notify`: `recipient(channel, "text")` or an event's name.
    Notify,
}

/// A statement that was read.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// An expression.
    Condition(Expression),
    /// An entity, assignments, a filter.
    Write(WriteStatement),
    /// A loop's variable and what it runs over.
    ForEach(ForEachStatement),
    /// A call with its arguments.
    Call(CallStatement),
    /// A notification.
    Notify(NotifyStatement),
}

/// `Entity(a, b)`, `Entity SET a = …`, `Entity VALUES (a = …)`, `Entity(a = …)`, `Entity FROM input`,
/// each with an optional `WHERE`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WriteStatement {
    /// The entity; absent while it is not typed yet.
    pub entity: Option<EntityReference>,
    /// Names listed without a value: taken from the input.
    pub columns: ThinVec<Name>,
    /// `name = value`, in the order written.
    pub assignments: ThinVec<Assignment>,
    /// Where `SET`, `VALUES` or the opening parenthesis stands.
    pub set_keyword: Option<TextRange>,
    /// `FROM name`: the source of all fields.
    pub from: Option<Name>,
    /// The condition after `WHERE`.
    pub filter: Option<Expression>,
    /// Where `WHERE` stands.
    pub where_keyword: Option<TextRange>,
}

/// `field = value`.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The field that is set.
    pub field: Name,
    /// What it is set to.
    pub value: Expression,
}

/// `x in <path>`, `x in (SELECT …)`, `x in Entity WHERE …`.
#[derive(Debug, Clone, PartialEq)]
pub struct ForEachStatement {
    /// The loop's variable.
    pub variable: Option<Name>,
    /// A path, a raw query, or an entity name as a path of one segment.
    pub collection: Expression,
    /// The condition after `WHERE`.
    pub filter: Option<Expression>,
}

/// `action(a = …)`, `schema.fn(…)`.
#[derive(Debug, Clone, PartialEq)]
pub struct CallStatement {
    /// The name before the last dot.
    pub schema: Option<Name>,
    /// What is called.
    pub function: Option<Name>,
    /// Arguments; the name is absent for one given by position.
    pub arguments: ThinVec<(Option<Name>, Expression)>,
}

/// `recipient(channel, "text")`, or an event's name alone.
#[derive(Debug, Clone, PartialEq)]
pub struct NotifyStatement {
    /// The recipient or the event.
    pub recipient: Option<Expression>,
    /// The channel.
    pub channel: Option<Name>,
    /// The message.
    pub message: Option<Expression>,
}

/// What a one-line language could not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineProblem {
    /// Where.
    pub range: TextRange,
    /// What is wrong.
    pub kind: LineProblemKind,
}

/// The kinds of problems in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineProblemKind {
    /// Something that can stand here is missing; its name in the user's words (`a value`, `an entity`).
    Expected(&'static str),
    /// Text that fits nothing.
    Unexpected,
    /// `'`, `"` or `(` without its end.
    Unclosed(char),
    /// `/*` without its `*/`.
    UnclosedComment,
    /// `--` in lines that YAML joins to one, of which all that follows is the comment.
    CommentOfJoinedLines,
    /// A query that PostgreSQL could not read, in the words of a parser.
    Sql(String),
    /// Brackets or operators nested beyond the limit.
    TooDeep,
}

/// Reads the value of a step's keyword.
#[must_use]
pub fn parse_statement(
    keyword: StatementKeyword,
    scalar: &Scalar,
) -> (Statement, Vec<LineProblem>) {
    match direct::read(keyword, scalar) {
        Some(statement) => (statement, Vec::new()),
        None => parse::parse(keyword, scalar),
    }
}

/// By line and by tree, for the law that both are one.
#[cfg(test)]
pub(crate) fn both(
    keyword: StatementKeyword,
    scalar: &Scalar,
) -> (Option<Statement>, (Statement, Vec<LineProblem>)) {
    (direct::read(keyword, scalar), parse::parse(keyword, scalar))
}
