//! Steps: the one-line and the long forms.

use specql_syntax::{
    Name,
    ast::{self, AstNode, Case, StepOptions, items},
    expression::{Expression, ExpressionKind},
    statement::{
        CallStatement, ForEachStatement, LineProblem, NotifyStatement, Statement, StatementKeyword,
        parse_statement,
    },
    yaml::{Entry, Node, NodeKind, Scalar},
};
use specql_text::TextRange;
use thin_vec::ThinVec;

use super::{
    value::{arguments, condition, expression, missing, named_values, value},
    write::write,
};
use crate::{Step, StepKind, keys};

type Problems = Vec<LineProblem>;

/// A step's keyword with what stands behind it, and the places of its other keys: in the mapping behind
/// the keyword, which is the long form, else beside it.
#[derive(Clone, Copy)]
pub(super) struct Form<'a> {
    entry: &'a Entry,
    pub(super) inside: StepOptions<'a>,
    pub(super) beside: StepOptions<'a>,
}

impl<'a> Form<'a> {
    fn new(step: ast::Step<'a>, entry: &'a Entry) -> Self {
        Self { entry, inside: StepOptions::cast(&entry.value), beside: step.beside() }
    }

    /// The value of the keyword.
    pub(super) fn value(self) -> &'a Node {
        &self.entry.value
    }

    /// What a key of the long form says, else one beside the keyword.
    fn either<T>(self, option: fn(StepOptions<'a>) -> Option<T>) -> Option<T> {
        option(self.inside).or_else(|| option(self.beside))
    }

    fn steps(self, option: fn(StepOptions<'a>) -> Option<&'a Node>) -> ThinVec<Step> {
        self.either(option).map(steps).unwrap_or_default()
    }

    /// The statement of a scalar; absent when nothing is written or the value is no scalar.
    fn statement(self, keyword: StatementKeyword, problems: &mut Problems) -> Option<Statement> {
        let value = self.value();
        let scalar: &Scalar = value.as_scalar().filter(|_| !value.is_null())?;
        let (statement, found) = parse_statement(keyword, scalar);
        problems.extend(found);
        Some(statement)
    }

    fn condition(self, problems: &mut Problems) -> Expression {
        if let Some(Statement::Condition(it)) =
            self.statement(StatementKeyword::Condition, problems)
        {
            return it;
        }
        let written = self.either(StepOptions::condition);
        let read = written.and_then(|it| condition(it, problems));
        read.unwrap_or_else(|| missing(written_range(self.entry)))
    }
}

/// The steps of a list; a single step counts as a list of one.
pub(super) fn steps(node: &Node) -> ThinVec<Step> {
    items(node).iter().map(|it| step(ast::Step::cast(it))).collect()
}

fn step(written: ast::Step<'_>) -> Step {
    let node = written.node();
    let Some(entry) = node.as_mapping().and_then(keys::keyword_of) else { return unknown(written) };
    let mut problems = Vec::new();
    let kind = kind(Form::new(written, entry), &mut problems);
    Step {
        range: node.range,
        keyword: entry.key.clone(),
        value_range: written_range(entry),
        kind,
        problems: problems.into(),
    }
}

fn unknown(written: ast::Step<'_>) -> Step {
    let range = written.node().range;
    let keyword = written.first_word().unwrap_or_else(|| Name::new("", range));
    Step {
        range,
        value_range: written.first_entry().map_or(keyword.range, written_range),
        keyword,
        kind: StepKind::Unknown,
        problems: ThinVec::new(),
    }
}

/// Where an entry's value is written; the key while nothing is.
fn written_range(entry: &Entry) -> TextRange {
    match entry.value.kind {
        NodeKind::Missing => entry.key.range,
        _ => entry.value.range,
    }
}

fn kind(form: Form<'_>, problems: &mut Problems) -> StepKind {
    let text = || form.value().name();
    match form.entry.key.as_str() {
        "validate" => StepKind::Validate {
            condition: form.condition(problems),
            error: form.either(StepOptions::error),
            message: form.either(StepOptions::message),
        },
        "insert" => StepKind::Insert(write(form, problems)),
        "update" => StepKind::Update(write(form, problems)),
        "upsert" => StepKind::Upsert(write(form, problems)),
        "delete" => {
            let hard = form.either(StepOptions::hard) == Some(true);
            StepKind::Delete { write: reading(form, problems), hard }
        }
        "find" => StepKind::Find {
            write: reading(form, problems),
            error: form.either(StepOptions::error).map(Box::new),
        },
        "if" => StepKind::If {
            condition: form.condition(problems),
            then: form.steps(StepOptions::then),
            otherwise: form.steps(StepOptions::otherwise),
        },
        "foreach" => foreach(form, problems),
        "switch" => StepKind::Switch {
            subject: form.condition(problems),
            cases: form
                .either(StepOptions::cases)
                .map(|it| cases(it, problems))
                .unwrap_or_default(),
            default: form.steps(StepOptions::default),
        },
        "call" => call(form, problems),
        "notify" => notify(form, problems),
        "reject" => StepKind::Reject(text().or_else(|| form.either(StepOptions::error_or_code))),
        "return" => StepKind::Return(text()),
        "refresh_table_view" => StepKind::Refresh {
            scope: text().or_else(|| form.inside.scope()),
            propagate: form.inside.propagate().unwrap_or_default().into(),
            strategy: form.inside.strategy(),
        },
        _ => StepKind::Extended,
    }
}

/// A write whose fields play no part.
fn reading(form: Form<'_>, problems: &mut Problems) -> crate::Write {
    crate::Write { all_input: false, ..write(form, problems) }
}

fn foreach(form: Form<'_>, problems: &mut Problems) -> StepKind {
    let read = match form.statement(StatementKeyword::ForEach, problems) {
        Some(Statement::ForEach(it)) => it,
        _ => ForEachStatement {
            variable: form.inside.variable(),
            collection: form
                .inside
                .collection()
                .and_then(Node::as_scalar)
                .map_or_else(|| missing(written_range(form.entry)), |it| expression(it, problems)),
            filter: None,
        },
    };
    let filter = form.either(StepOptions::filter);
    StepKind::ForEach {
        variable: read.variable.or_else(|| form.beside.loop_variable()),
        collection: read.collection,
        filter: read.filter.or_else(|| filter.and_then(|it| condition(it, problems))),
        body: form.steps(StepOptions::body),
    }
}

/// `[{when, then}]`, or a mapping from values to steps.
fn cases(node: &Node, problems: &mut Problems) -> ThinVec<(Expression, ThinVec<Step>)> {
    if let Some(entries) = Case::by_value(node) {
        let literal = |key: &Name| Expression {
            range: key.range,
            kind: ExpressionKind::String(key.text.clone()),
        };
        return entries.iter().map(|it| (literal(&it.key), steps(&it.value))).collect();
    }
    let case = |it: Case<'_>| {
        let when = it.when().map_or_else(
            || missing(TextRange::empty(it.node().range.start())),
            |it| value(it, problems),
        );
        (when, it.steps().into_iter().map(step).collect())
    };
    Case::all(node).into_iter().map(case).collect()
}

fn call(form: Form<'_>, problems: &mut Problems) -> StepKind {
    let mut read = match form.statement(StatementKeyword::Call, problems) {
        Some(Statement::Call(it)) => it,
        _ => CallStatement {
            schema: form.inside.schema(),
            function: form.inside.function(),
            arguments: ThinVec::new(),
        },
    };
    for place in [form.inside, form.beside] {
        if let Some(it) = place.arguments() {
            read.arguments.extend(arguments(it, problems));
        }
    }
    StepKind::Call {
        schema: read.schema,
        function: read.function,
        arguments: read.arguments,
        bind: form.either(StepOptions::bind_call),
    }
}

fn notify(form: Form<'_>, problems: &mut Problems) -> StepKind {
    let read = match form.statement(StatementKeyword::Notify, problems) {
        Some(Statement::Notify(it)) => it,
        _ => NotifyStatement { recipient: None, channel: None, message: None },
    };
    let to = form.either(StepOptions::to).filter(|it| it.as_scalar().is_some());
    let to = to.and_then(|it| condition(it, problems));
    let event = if to.is_some() { read.recipient.clone() } else { None };
    let literal = (form.inside.text_or_event().or_else(|| form.beside.text()))
        .and_then(Node::name)
        .map(|it| Expression { range: it.range, kind: ExpressionKind::String(it.text) });
    let data = form.either(StepOptions::data);
    StepKind::Notify {
        // `notify: order_shipped` with `to:` names the event first, and that is what is said.
        recipient: to.or(read.recipient),
        channel: read.channel.or_else(|| form.either(StepOptions::channel)),
        message: read.message.or(literal).or(event),
        data: data.map(|it| named_values(it, problems)).unwrap_or_default().into(),
    }
}
