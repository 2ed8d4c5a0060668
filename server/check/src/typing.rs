//! The types in a file: what contradicts itself inside an expression, and what is assigned to what.

use std::borrow::Cow;

use specql_contract::{Origin, inputs_of};
use specql_model::{
    Action, ActionId, Column, Entity, EntityId, Field, FileId, Name, PathResolution, Resolution,
    Step, StepKind, Type, Write,
    infer::{self, Assigned, Mismatch, QueryMismatch, Scalar, ValueType},
    scope::Scope,
};
use specql_syntax::expression::{BinaryOperator, Expression, ExpressionKind, UnaryOperator};
use specql_text::TextRange;

use crate::{Context, Diagnostic, Related, limits, rules::type_mismatch::described};

/// A value that a column does not take.
#[derive(Debug)]
pub(crate) struct Assignment<'a> {
    /// The value.
    pub(crate) value: &'a Expression,
    /// Its type.
    pub(crate) ty: ValueType<'a>,
    /// The column or the parameter, as written.
    pub(crate) target: &'a str,
    /// Its type.
    pub(crate) target_type: ValueType<'a>,
    /// What becomes of the value.
    pub(crate) becomes: Assigned,
    /// Where the column or the parameter is declared.
    pub(crate) defined: Option<(FileId, TextRange)>,
}

/// A value beyond what a field takes.
#[derive(Debug)]
pub(crate) struct Refused<'a> {
    /// The value.
    pub(crate) value: &'a Expression,
    /// It is given to an action that is called, which refuses it; else a table does.
    pub(crate) is_given: bool,
    /// Why it is refused, as the beginning of a sentence.
    pub(crate) reason: String,
    /// Where that is said.
    pub(crate) said: (FileId, TextRange),
}

/// What is wrong with the types of an action.
#[derive(Debug, Default)]
pub(crate) struct Found<'a> {
    pub(crate) mismatches: Vec<Mismatch<'a>>,
    pub(crate) assignments: Vec<Assignment<'a>>,
    /// Values that the table refuses, whose types are right.
    pub(crate) refused: Vec<Refused<'a>>,
    /// What contradicts itself in queries in SQL, with the query's expression and its text.
    pub(crate) queries: Vec<(&'a Expression, &'a str, QueryMismatch<'a>)>,
    /// Whom a notification is for, where that is neither a person nor an address.
    pub(crate) recipients: Vec<(&'a Expression, ValueType<'a>)>,
    /// What loops run over, where that is one value.
    pub(crate) loops: Vec<(&'a Expression, ValueType<'a>)>,
}

/// Everything in the steps and the conditions of an action.
pub(crate) fn of_action<'a>(ctx: &Context<'a>, id: ActionId, action: &'a Action) -> Found<'a> {
    let mut found = Found::default();
    ctx.each_step(id, &mut |scope, step| {
        // What is half typed is `invalid-statement`.
        if step.problems.is_empty() {
            of_step(ctx, scope, step, &mut found);
        }
        step.expressions(&mut |it| it.walk(&mut |it| of_query(ctx, it, &mut found)));
    });
    let scope = Scope::of_action(ctx.workspace, id);
    let entries = action.impact.iter().flat_map(|it| it.primary.iter().chain(&it.side_effects));
    for (condition, problems) in entries.filter_map(|it| it.condition.as_deref()) {
        if problems.is_empty() {
            infer::infer_condition(&scope, condition, &mut found.mismatches);
        }
    }
    found
}

fn of_query<'a>(ctx: &Context<'a>, expression: &'a Expression, found: &mut Found<'a>) {
    let ExpressionKind::RawSql(text) = &expression.kind else { return };
    let all = infer::query_mismatches(ctx.workspace, EntityId(ctx.id()), text);
    found.queries.extend(all.into_iter().map(|it| (expression, text.as_str(), it)));
}

fn of_step<'a>(ctx: &Context<'a>, scope: &Scope<'a>, step: &'a Step, found: &mut Found<'a>) {
    let mismatches = &mut found.mismatches;
    match &step.kind {
        StepKind::Validate { condition, .. } | StepKind::If { condition, .. } => {
            infer::infer_condition(scope, condition, mismatches);
        }
        StepKind::Insert(write) | StepKind::Update(write) | StepKind::Upsert(write) => {
            of_write(ctx, scope, write, found);
        }
        StepKind::Delete { write, .. } | StepKind::Find { write, .. } => {
            of_write(ctx, scope, write, found);
        }
        StepKind::ForEach { collection, filter, .. } => {
            if let Some(it) = filter {
                infer::infer_condition(scope, it, mismatches);
            }
            // A loop runs over rows of a query, whatever they have.
            let is_query = matches!(collection.kind, ExpressionKind::RawSql(_));
            if !is_query && !is_entity(ctx, collection) {
                of_loop(scope, collection, found);
            }
        }
        StepKind::Switch { subject, cases, .. } => {
            infer::infer(scope, subject, mismatches);
            for (case, _) in cases {
                infer::infer_comparison(scope, subject, case, mismatches);
            }
        }
        StepKind::Call { arguments, .. } => {
            for (_, argument) in arguments {
                infer::infer(scope, argument, mismatches);
            }
            of_arguments(ctx, scope, step, found);
        }
        StepKind::Notify { recipient, message, data, .. } => {
            let data = data.iter().map(|it| &it.1);
            for it in message.iter().chain(data) {
                infer::infer(scope, it, mismatches);
            }
            if let Some(recipient) = recipient {
                let ty = infer::infer(scope, recipient, mismatches);
                if is_no_address(ty) {
                    found.recipients.push((recipient, ty));
                }
            }
        }
        _ => {}
    }
}

fn of_write<'a>(ctx: &Context<'a>, scope: &Scope<'a>, write: &'a Write, found: &mut Found<'a>) {
    let entity = ctx.written(write);
    // The names of its rows are not known.
    if !write.is_of_own() && entity.is_none() {
        return;
    }
    if let Some(it) = &write.filter {
        infer::infer_condition(scope, it, &mut found.mismatches);
    }
    for assignment in &write.assignments {
        infer::infer(scope, &assignment.value, &mut found.mismatches);
        let Some(entity) = entity else { continue };
        let name = assignment.field.text.as_str();
        // That it is set at all is `assigns-built-in`.
        if matches!(entity.column(name), Some(Column::BuiltIn(_))) {
            continue;
        }
        let ty = infer::column_type(ctx.workspace, entity, name);
        let defined = entity.field(name).map(|it| (entity.id.0, it.name.range));
        let before = found.assignments.len();
        of_assignment(scope, &assignment.value, Target { name, ty, defined }, found);
        if let Some(field) = entity.field(name)
            && field.problems.is_empty()
            && found.assignments.len() == before
        {
            of_limits(ctx, entity.id.0, field, &assignment.value, false, found);
            of_items(ctx, scope, entity, field, &assignment.value, found);
            of_shape(ctx, scope, entity, field, &assignment.value, found);
        }
    }
}

/// Texts and numbers that a field or a parameter is given, and that its pattern or its bounds do not let in.
fn of_limits<'a>(
    ctx: &Context<'a>,
    home: FileId,
    field: &Field,
    value: &'a Expression,
    is_given: bool,
    found: &mut Found<'a>,
) {
    results(value, &mut |value| {
        let Some(text) = written(value) else { return };
        if let Some(it) = limits::refusal(ctx, field, &text) {
            let said = (home, it.bound.unwrap_or(field.type_range));
            found.refused.push(Refused { value, is_given, reason: it.reason, said });
        }
    });
}

/// The items of `ARRAY[…]` that a list is set to.
fn of_items<'a>(
    ctx: &Context<'a>,
    scope: &Scope<'a>,
    entity: &Entity,
    field: &Field,
    value: &'a Expression,
    found: &mut Found<'a>,
) {
    let (Type::List(item), ExpressionKind::Array(items)) = (&field.ty, &value.kind) else { return };
    let said = (entity.id.0, field.type_range);
    for value in items {
        let reason = match (written(value), &**item) {
            (Some(text), _) => limits::wrong_value(
                ctx,
                item,
                &text,
                matches!(value.kind, ExpressionKind::String(_)),
            ),
            (None, Type::Ref(_)) => {
                let ty = infer::infer(scope, value, &mut Vec::new());
                // A row stands for its key, which is not its id.
                let is_row =
                    matches!((ty, &value.kind), (ValueType::Row(_), ExpressionKind::Path(_)));
                let is_column = is_row && infer::row_of_id(scope, value).is_none();
                is_column.then(|| {
                    let id = ctx.slice(value.range);
                    format!("a list of references holds the ids of rows; write `{id}.id`")
                })
            }
            _ => None,
        };
        found.refused.extend(reason.map(|reason| Refused { value, is_given: false, reason, said }));
    }
}

/// A list or a composite that a field is set to, whose items or parts are others than the field's.
fn of_shape<'a>(
    ctx: &Context<'a>,
    scope: &Scope<'a>,
    entity: &Entity,
    field: &Field,
    value: &'a Expression,
    found: &mut Found<'a>,
) {
    let ExpressionKind::Path(path) = &value.kind else { return };
    if !matches!(field.ty, Type::Composite(_) | Type::List(_)) {
        return;
    }
    let resolution = scope.resolve(path);
    let (name, written) = (&field.name.text, ctx.slice(value.range));
    let reason = match (resolution.ty(), &field.ty) {
        (Some(Type::Composite(one)), Type::Composite(other)) if one.name != other.name => {
            format!("`{written}` is a `{}`, and `{name}` is a `{}`", one.name, other.name)
        }
        (Some(Type::List(one)), Type::List(other)) => {
            let from = resolution.field().map_or(scope.own_entity(), |it| it.0);
            let one = ValueType::of_type(ctx.workspace, from, one);
            let other = ValueType::of_type(ctx.workspace, entity.id, other);
            if !is_other_item(one, other) {
                return;
            }
            let (one, other) = (described(ctx, one), described(ctx, other));
            format!("each item of `{written}` is {one}, and one of `{name}` is {other}")
        }
        _ => return,
    };
    found.refused.push(Refused {
        value,
        is_given: false,
        reason,
        said: (entity.id.0, field.type_range),
    });
}

/// Whether no item of one list is an item of the other, as JSON has them.
fn is_other_item(one: ValueType<'_>, other: ValueType<'_>) -> bool {
    let is_plain = |it: ValueType<'_>| match it {
        ValueType::Scalar(it) => Some((it.is_number(), it == Scalar::Boolean)),
        ValueType::Enum(_) | ValueType::Row(_) => Some((false, false)),
        _ => None,
    };
    match (one, other) {
        (ValueType::Scalar(Scalar::Json), _) | (_, ValueType::Scalar(Scalar::Json)) => false,
        (ValueType::Row(_), ValueType::Row(_)) | (ValueType::Enum(_), ValueType::Enum(_)) => {
            infer::assigned(one, other) == Assigned::Refused
        }
        _ => matches!((is_plain(one), is_plain(other)), (Some(one), Some(other)) if one != other),
    }
}

/// A text or a number as it is stored.
fn written(value: &Expression) -> Option<Cow<'_, str>> {
    match &value.kind {
        ExpressionKind::String(it) | ExpressionKind::Number(it) => Some(it.as_str().into()),
        ExpressionKind::Unary(UnaryOperator::Negate, operand) => match &operand.kind {
            ExpressionKind::Number(it) => Some(format!("-{it}").into()),
            _ => None,
        },
        _ => None,
    }
}

/// A column or a parameter.
#[derive(Clone, Copy)]
struct Target<'a> {
    name: &'a str,
    ty: ValueType<'a>,
    defined: Option<(FileId, TextRange)>,
}

fn of_assignment<'a>(
    scope: &Scope<'a>,
    value: &'a Expression,
    target: Target<'a>,
    found: &mut Found<'a>,
) {
    let whole = value.range;
    results(value, &mut |value| {
        let ty = infer::infer(scope, value, &mut Vec::new());
        let ty = match (target.ty, infer::row_of_id(scope, value)) {
            (ValueType::Row(_), Some(entity)) => ValueType::Row(entity),
            _ => ty,
        };
        let becomes = match infer::assigned(ty, target.ty) {
            Assigned::Fits if is_text_for_row(scope, value, ty, target.ty) => Assigned::Refused,
            Assigned::Rounded if !loses_a_fraction(scope, value) => Assigned::Fits,
            it => it,
        };
        // What is wrong inside of a value, and results that do not mix, are said once.
        let is_weak = matches!(becomes, Assigned::AsText | Assigned::Rounded);
        let is_said = found.mismatches.iter().any(|it| {
            let is_inside = whole.contains_range(it.range);
            it.range == value.range || (is_inside && (is_weak || whole != value.range))
        });
        if becomes != Assigned::Fits && !is_said {
            let Target { name: target, ty: target_type, defined } = target;
            found.assignments.push(Assignment { value, ty, target, target_type, becomes, defined });
        }
    });
}

/// `author = title`: a column of texts where a reference takes the id of a row. One that is named after an id may
/// hold it, and so may whatever a caller gives.
fn is_text_for_row(
    scope: &Scope<'_>,
    value: &Expression,
    ty: ValueType<'_>,
    target: ValueType<'_>,
) -> bool {
    let ExpressionKind::Path(path) = &value.kind else { return false };
    let is_row = matches!(target, ValueType::Row(_) | ValueType::Rows(_));
    if !is_row || ty != ValueType::Scalar(Scalar::Text) {
        return false;
    }
    let scope: &Scope<'_> = scope;
    let resolution = scope.resolve(path);
    if resolution.is_input() {
        return false;
    }
    resolution.field().is_some_and(|(_, field)| {
        let name = field.name.text.to_ascii_lowercase();
        !["id", "ref", "key", "uuid"].iter().any(|it| name.ends_with(it))
    })
}

/// Whether a value that is no whole number may have something behind its point. What a function gives is taken as
/// meant: it may be `round`.
fn loses_a_fraction(scope: &Scope<'_>, value: &Expression) -> bool {
    match &value.kind {
        ExpressionKind::Number(it) => it.parse::<f64>().is_ok_and(|it| it.fract() != 0.0),
        ExpressionKind::Path(_) => true,
        ExpressionKind::Unary(_, operand) => loses_a_fraction(scope, operand),
        ExpressionKind::Binary(left, _, _, right) => [left, right].into_iter().all(|it| {
            let ty = infer::infer(scope, it, &mut Vec::new());
            let is_whole = matches!(ty, ValueType::Scalar(it) if it.is_whole());
            is_whole || loses_a_fraction(scope, it)
        }),
        _ => false,
    }
}

/// The values that an expression may have: itself, or the results of its `CASE`.
fn results<'a>(expression: &'a Expression, visit: &mut dyn FnMut(&'a Expression)) {
    match &expression.kind {
        ExpressionKind::Case { arms, otherwise, .. } => {
            arms.iter().for_each(|it| results(&it.1, visit));
            otherwise.iter().for_each(|it| results(it, visit));
        }
        _ => visit(expression),
    }
}

/// Arguments of another action meet the types of its parameters, and of the columns that it reads from its
/// input.
fn of_arguments<'a>(ctx: &Context<'a>, scope: &Scope<'a>, step: &'a Step, found: &mut Found<'a>) {
    let StepKind::Call { arguments, .. } = &step.kind else { return };
    let Some((id, action)) = ctx.called(step) else { return };
    for (index, (name, value)) in arguments.iter().enumerate() {
        let parameter = action.parameter_of(index, name.as_ref());
        let target = match (parameter, name) {
            (Some(parameter), _) => {
                let ty = ValueType::of_type(ctx.workspace, id.entity, &parameter.ty);
                let defined = Some((id.entity.0, parameter.name.range));
                Target { name: &parameter.name.text, ty, defined }
            }
            (None, Some(name)) => match of_input(ctx, id, name) {
                Some(it) => it,
                None => continue,
            },
            (None, None) => continue,
        };
        let before = found.assignments.len();
        of_assignment(scope, value, target, found);
        if let Some(it) = parameter.filter(|it| it.problems.is_empty())
            && found.assignments.len() == before
        {
            of_limits(ctx, id.entity.0, &it.as_field(), value, true, found);
        }
    }
}

/// What an action reads under a name that is no parameter's: the id of its row, or a field.
fn of_input<'a>(ctx: &Context<'a>, id: ActionId, name: &'a Name) -> Option<Target<'a>> {
    let input =
        inputs_of(ctx.workspace, id).into_iter().find(|it| it.spellings.contains(&name.text));
    let (ty, defined) = match input?.origin {
        Origin::BuiltIn { entity, column: "id" } => (ValueType::Row(entity), None),
        Origin::Field { entity, field, range } => {
            let entity = ctx.workspace.entity(entity)?;
            let ty = infer::column_type(ctx.workspace, entity, &field);
            (ty, Some((entity.id.0, range)))
        }
        _ => return None,
    };
    Some(Target { name: &name.text, ty, defined })
}

/// Whether a value names nobody whom a message could reach.
const fn is_no_address(ty: ValueType<'_>) -> bool {
    match ty {
        ValueType::Scalar(it) => {
            it.is_moment()
                || it.is_time()
                || it.is_fraction()
                || matches!(it, Scalar::Boolean | Scalar::Interval)
        }
        _ => false,
    }
}

fn of_loop<'a>(scope: &Scope<'a>, collection: &'a Expression, found: &mut Found<'a>) {
    let ty = infer::infer(scope, collection, &mut found.mismatches);
    let is_one = match ty {
        ValueType::Scalar(it) => !matches!(it, Scalar::Json | Scalar::Array | Scalar::Range),
        ValueType::Enum(_)
        | ValueType::Row(_)
        | ValueType::Rows(_)
        | ValueType::Composite
        | ValueType::Literal(_) => true,
        ValueType::List(_) | ValueType::Null | ValueType::Unknown => false,
    };
    if is_one {
        found.loops.push((collection, ty));
    }
}

/// Whether a loop runs over an entity.
fn is_entity(ctx: &Context<'_>, collection: &Expression) -> bool {
    let ExpressionKind::Path(path) = &collection.kind else { return false };
    ctx.resolve(&path.text()) != Resolution::Unknown
}

/// How many places say the types of what one finding is about.
const MOST_RELATED: usize = 3;

/// Relates findings of an action to where the fields and parameters are declared that they compare or
/// compute with: the places that say the types.
pub(crate) fn relate(ctx: &Context<'_>, id: ActionId, action: &Action, found: &mut [Diagnostic]) {
    if found.is_empty() {
        return;
    }
    found.sort_by_key(|it| it.range.start());
    let mut of = |scope: &Scope<'_>, whole: &Expression| {
        let before = found.partition_point(|it| it.range.start() < whole.range.start());
        let near = found.iter_mut().skip(before);
        near.take_while(|it| it.range.start() <= whole.range.end())
            .filter(|it| whole.range.contains_range(it.range))
            .for_each(|it| relate_one(ctx, scope, whole, it));
    };
    ctx.each_step(id, &mut |scope, step| {
        step.expressions(&mut |it| of(scope, it));
    });
    let scope = Scope::of_action(ctx.workspace, id);
    let entries = action.impact.iter().flat_map(|it| it.primary.iter().chain(&it.side_effects));
    entries.filter_map(|it| it.condition.as_deref()).for_each(|it| of(&scope, &it.0));
}

fn relate_one(ctx: &Context<'_>, scope: &Scope<'_>, whole: &Expression, finding: &mut Diagnostic) {
    let around = compared_around(whole, finding.range);
    let mut places = Vec::new();
    scope.visit_paths(whole, &mut |scope, path, expression| {
        if around.contains_range(expression.range) {
            places.extend(definition(ctx, scope.resolve(path)));
        }
    });
    for (file, range, message) in places.into_iter().take(MOST_RELATED) {
        if !finding.related.iter().any(|it| (it.file, it.range) == (file, range)) {
            finding.related.push(Related { file, range, message: message.to_owned() });
        }
    }
}

/// The smallest comparison, computation or list around a place.
fn compared_around(whole: &Expression, at: TextRange) -> TextRange {
    let mut around = at;
    whole.walk(&mut |it| {
        let is_joined = match &it.kind {
            ExpressionKind::Binary(_, operator, ..) => {
                !matches!(operator, BinaryOperator::And | BinaryOperator::Or)
            }
            ExpressionKind::Between { .. } | ExpressionKind::In { .. } => true,
            _ => false,
        };
        if is_joined && it.range.contains_range(at) {
            // The walk goes inwards, so the last one is the smallest.
            around = it.range;
        }
    });
    around
}

fn definition(
    ctx: &Context<'_>,
    resolution: PathResolution<'_>,
) -> Option<(FileId, TextRange, &'static str)> {
    if let PathResolution::Parameter(it) = resolution {
        return Some((ctx.id(), it.name.range, "the parameter"));
    }
    let (entity, field) = resolution.field()?;
    Some((entity.0, field.name.range, "the field"))
}
