//! The type that the place of an input wants, as an author writes it: for fixes that declare a parameter.

use specql_model::{
    EntityId, Name, Resolution, Row, Step, StepKind, Type, Workspace,
    expression::{EntityReference, Expression, ExpressionKind, UnaryOperator},
    infer::infer,
    scope::Scope,
    types::RICH_SCALARS,
};

/// What a path in an expression of a step should be: the type of what is assigned, compared or called with
/// it, else text.
pub(crate) fn type_at<'a>(
    scope: &Scope<'a>,
    step: Option<&'a Step>,
    whole: &'a Expression,
    at: &Expression,
) -> String {
    let is_whole = std::ptr::eq(without_sign(whole), at);
    let assigned = step.filter(|_| is_whole).and_then(|it| target(scope, it, whole));
    let compared = || beside(scope, whole, at);
    assigned.or_else(compared).unwrap_or_else(|| "text".to_owned())
}

/// What a minus stands before: it has the type of the whole.
fn without_sign(mut it: &Expression) -> &Expression {
    while let ExpressionKind::Unary(UnaryOperator::Negate, operand) = &it.kind {
        it = operand;
    }
    it
}

/// A type as it is written in the file of an entity; absent where it says nothing.
pub(crate) fn written(workspace: &Workspace, from: Written, ty: &Type) -> Option<String> {
    let Written { owner, file } = from;
    let is_known = !matches!(ty, Type::Unknown(_));
    let name =
        |it: &EntityReference| reference(workspace, file, workspace.resolve(owner, it).found()?);
    is_known.then(|| ty.written(&name)).flatten()
}

/// Where a type is declared, and the file that is to name it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written {
    pub(crate) owner: EntityId,
    pub(crate) file: EntityId,
}

/// How a file names an entity: with its schema where its name alone leads elsewhere.
pub(crate) fn reference(workspace: &Workspace, from: EntityId, entity: EntityId) -> Option<String> {
    let it = workspace.entity(entity)?;
    Some(if workspace.resolve_name(from, &it.name.text) == Resolution::Found(entity) {
        it.name.text.to_string()
    } else {
        format!("{}.{}", it.schema_name(), it.name.text)
    })
}

/// The field that is assigned, or the parameter of the action that is called.
fn target(scope: &Scope<'_>, step: &Step, value: &Expression) -> Option<String> {
    let (workspace, file) = (scope.workspace(), scope.own_entity());
    let write = match &step.kind {
        StepKind::Call { arguments, .. } => {
            let (schema, name) = step.called()?;
            let schema = schema.map(Name::as_str);
            let called = workspace.called(file, schema, name.as_str())?;
            let place = arguments.iter().position(|it| std::ptr::eq(&it.1, value))?;
            let name = arguments.get(place)?.0.as_ref();
            let parameter = workspace.action(called)?.parameter_of(place, name)?;
            let from = Written { owner: called.entity, file };
            return written(workspace, from, &parameter.ty);
        }
        _ => step.write()?,
    };
    let assignment = write.assignments.iter().find(|it| std::ptr::eq(&it.value, value))?;
    let entity = workspace.resolve(file, write.entity.as_ref()?).found()?;
    let field = workspace.entity(entity)?.field(&assignment.field.text)?;
    written(workspace, Written { owner: entity, file }, &field.ty)
}

/// The type of what stands beside it: the other side of a comparison, the values of `IN`.
fn beside<'a>(scope: &Scope<'a>, whole: &'a Expression, at: &Expression) -> Option<String> {
    let is_it = |it: &Expression| std::ptr::eq(without_sign(it), at);
    let mut others: Vec<&'a Expression> = Vec::new();
    let mut is_text = false;
    match &whole.kind {
        ExpressionKind::Binary(left, _, _, right) if is_it(left) => others.push(right),
        ExpressionKind::Binary(left, _, _, right) if is_it(right) => others.push(left),
        ExpressionKind::In { operand, list, .. } if is_it(operand) => others.extend(list),
        ExpressionKind::In { operand, list, .. } if list.iter().any(is_it) => {
            others.push(operand);
        }
        ExpressionKind::Between { operand, low, high, .. } => {
            let all = [operand, low, high];
            if all.iter().any(|it| is_it(it)) {
                others.extend(all.into_iter().map(AsRef::as_ref).filter(|it| !is_it(it)));
            }
        }
        ExpressionKind::Matches { operand, pattern, quoted: false, .. } if is_it(operand) => {
            let rich = RICH_SCALARS.iter().find(|it| it.name == pattern.text);
            return rich.map(|it| it.name.to_owned());
        }
        ExpressionKind::Like { operand, pattern, .. } => {
            is_text = is_it(operand) || is_it(pattern);
        }
        _ => {}
    }
    if is_text {
        return None;
    }
    let found = others.into_iter().find_map(|it| of_value(scope, it));
    found.or_else(|| {
        let mut inner = None;
        match &whole.kind {
            ExpressionKind::Exists { entity, filter: Some(filter), .. } => {
                let row = scope.workspace().resolve(scope.own_entity(), entity).found();
                let row = row.map_or(Row::Unknown, Row::Of);
                inner = beside(&scope.within(row), filter, at);
            }
            _ => whole.children(&mut |it| {
                if inner.is_none() {
                    inner = beside(scope, it, at);
                }
            }),
        }
        inner
    })
}

fn of_value<'a>(scope: &Scope<'a>, it: &'a Expression) -> Option<String> {
    let (workspace, file) = (scope.workspace(), scope.own_entity());
    if let ExpressionKind::Path(path) = &it.kind
        && let Some((owner, field)) = scope.resolve(path).field()
    {
        return written(workspace, Written { owner, file }, &field.ty);
    }
    let row = |it| reference(workspace, file, it);
    infer(scope, it, &mut Vec::new()).written(workspace, &row)
}
