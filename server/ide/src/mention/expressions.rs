//! Names in expressions: paths, entities of `EXISTS`, literals of enums, types of `MATCHES`.

use specql_model::{
    Name, Parameter, RichScalar, Type,
    expression::{Expression, ExpressionKind, Path},
    functions,
    scope::{PathResolution, Row, Scope},
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
        ExpressionKind::Path(path) => {
            let mut is_value = |against: &Subject<'a>| {
                let word = bare(path, scope);
                word.is_some_and(|it| acc.enum_value(against, &it.text, it.range))
            };
            if !against.is_some_and(&mut is_value) {
                self::path(path, scope, acc);
            }
        }
        ExpressionKind::String(text) => {
            if let Some(against) = against {
                acc.enum_value(against, text, it.range);
            }
        }
        ExpressionKind::Binary(left, _, _, right) => {
            let of_left = compared(left, scope);
            let of_right = compared(right, scope);
            expression(left, scope, of_right.as_ref().or(against), acc);
            expression(right, scope, of_left.as_ref().or(against), acc);
        }
        ExpressionKind::In { operand, list, .. } => {
            let of_operand = compared(operand, scope);
            expression(operand, scope, None, acc);
            list.iter().for_each(|it| expression(it, scope, of_operand.as_ref(), acc));
        }
        ExpressionKind::Case { operand, arms, otherwise } => {
            let of_operand = operand.as_ref().and_then(|it| compared(it, scope));
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
            let rich = RichScalar::of_pattern(&pattern.text);
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

/// A word that is a value beside an enum, as generated SQL reads it: it names nothing, or a row, which is
/// no value.
fn bare<'a>(path: &'a Path, scope: &Scope<'a>) -> Option<&'a Name> {
    let [word] = path.segments.as_slice() else { return None };
    let is_row = |ty: &Type| matches!(ty, Type::Ref(_)) || ty.sql_type() == "jsonb";
    let is_value = match scope.resolve(path) {
        PathResolution::Unknown { .. } => true,
        PathResolution::Variable { variable, path: None } => variable.entity().is_some(),
        found => found.ty().is_some_and(is_row),
    };
    (is_value && !path.dollar).then_some(word)
}

/// The field or parameter that a path leads to.
pub(super) fn compared<'a>(it: &'a Expression, scope: &Scope<'a>) -> Option<Subject<'a>> {
    let ExpressionKind::Path(path) = &it.kind else { return None };
    match scope.resolve(path) {
        PathResolution::Parameter(it) => Some(Subject::Parameter(scope.own_entity(), it)),
        found => found.field().map(|(owner, field)| Subject::Field(owner, field)),
    }
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
    let resolution = scope.resolve(it);
    if matches!(resolution, PathResolution::Unknown { .. } | PathResolution::Opaque)
        && let Some(variable) = scope.variable_of(it)
    {
        // It is one whatever is asked of it: a part of JSON, a column that is not there.
        return acc.push(first.range, Subject::variable(variable.name, variable.entity()));
    }
    match resolution {
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
