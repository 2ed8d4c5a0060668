//! Names in expressions: paths, entities of `EXISTS`, literals of enums, types of `MATCHES`.

use specql_model::{
    Name, Parameter,
    expression::{Expression, ExpressionKind, Path},
    functions,
    scope::{PathResolution, Row, Scope},
    types::RICH_SCALARS,
};
use specql_text::TextRange;

use super::{Mentions, Subject};

/// Every name below an expression; `against` is the field it is assigned to.
pub(super) fn expression<'a>(
    it: &'a Expression,
    scope: &Scope<'a>,
    against: Option<&Subject<'a>>,
    acc: &mut Mentions<'a>,
) {
    match &it.kind {
        ExpressionKind::Path(path) => self::path(path, scope, acc),
        ExpressionKind::String(text) => {
            if let Some(against) = against {
                acc.enum_value(against, text, it.range);
            }
        }
        ExpressionKind::Binary(left, _, _, right) => {
            let of_left = field(left, scope);
            let of_right = field(right, scope);
            expression(left, scope, of_right.as_ref().or(against), acc);
            expression(right, scope, of_left.as_ref().or(against), acc);
        }
        ExpressionKind::In { operand, list, .. } => {
            let of_operand = field(operand, scope);
            expression(operand, scope, None, acc);
            list.iter().for_each(|it| expression(it, scope, of_operand.as_ref(), acc));
        }
        ExpressionKind::Case { operand, arms, otherwise } => {
            let of_operand = operand.as_ref().and_then(|it| field(it, scope));
            for (when, then) in arms {
                expression(when, scope, of_operand.as_ref(), acc);
                expression(then, scope, against, acc);
            }
            for it in operand.iter().chain(otherwise) {
                expression(it, scope, against, acc);
            }
        }
        ExpressionKind::Exists { entity, filter, .. } => {
            let inner = scope.within(acc.entity(entity).map_or(Row::Unknown, Row::Of));
            if let Some(it) = filter {
                expression(it, &inner, None, acc);
            }
        }
        ExpressionKind::Matches { operand, pattern, quoted: false, .. } => {
            let rich = RICH_SCALARS.iter().find(|it| it.name == pattern.text);
            acc.push_known(pattern.range, rich.map(Subject::Rich));
            expression(operand, scope, None, acc);
        }
        ExpressionKind::RawSql(_) => super::sql::query(it, scope, acc),
        ExpressionKind::Call { function, .. } => {
            let known = functions::listed_name(&function.text).map(Subject::Function);
            acc.push_known(function.range, known);
            it.children(&mut |it| expression(it, scope, against, acc));
        }
        _ => it.children(&mut |it| expression(it, scope, against, acc)),
    }
}

/// The field that a path leads to.
fn field<'a>(it: &'a Expression, scope: &Scope<'a>) -> Option<Subject<'a>> {
    let ExpressionKind::Path(path) = &it.kind else { return None };
    let (owner, field) = scope.resolve(path).field()?;
    Some(Subject::Field(owner, field))
}

/// `input.x` names a parameter with its second segment, `x`, `$x` and `p_x` with their first.
fn named(segments: &[Name], first: &Name, parameter: &Parameter) -> TextRange {
    let name = segments.iter().take(2).find(|it| it.text == parameter.name.text);
    name.unwrap_or(first).range
}

fn path<'a>(it: &'a Path, scope: &Scope<'a>, acc: &mut Mentions<'a>) {
    let own = scope.own_entity();
    let segments = it.segments.as_slice();
    let Some(first) = segments.first() else { return };
    match scope.resolve(it) {
        PathResolution::Column(path) | PathResolution::Old(path) | PathResolution::New(path) => {
            acc.steps(segments, path.steps);
        }
        PathResolution::Input { path, .. } => {
            acc.steps(segments, path.map(|it| it.steps).unwrap_or_default());
        }
        PathResolution::Variable { variable, path } => {
            acc.push(first.range, Subject::variable(variable.name, variable.entity()));
            acc.steps(segments, path.map(|it| it.steps).unwrap_or_default());
        }
        PathResolution::QueryColumn { variable, column } => {
            acc.push(first.range, Subject::variable(variable.name, None));
            if let Some(name) = segments.get(1) {
                acc.push(name.range, super::sql::of_row(acc, variable.name, column));
            }
        }
        PathResolution::Parameter(parameter) => {
            acc.push(named(segments, first, parameter), Subject::Parameter(own, parameter));
        }
        PathResolution::BehindParameter { parameter, path } => {
            acc.push(named(segments, first, parameter), Subject::Parameter(own, parameter));
            acc.steps(segments, path.steps);
        }
        PathResolution::Context(it) => acc.push(first.range, Subject::Context(it)),
        PathResolution::Unknown { entity: Some(_), .. } => {
            let row = scope.rows().first().copied().and_then(Row::known);
            let found = row.map(|it| acc.workspace.find_path(it, segments).steps);
            acc.steps(segments, found.unwrap_or_default());
        }
        PathResolution::Unknown { entity: None, .. } | PathResolution::Opaque => {}
    }
}
