//! Names in expressions: paths, entities of `EXISTS`, literals of enums, types of `MATCHES`.

use specql_model::expression::{Expression, ExpressionKind, Path};

use crate::scope::Scope;

use super::{Mentions, Subject};

/// Every name below an expression; `against` is what it is assigned to.
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
            let of_left = subject(left, scope);
            let of_right = subject(right, scope);
            expression(left, scope, of_right.as_ref().or(against), acc);
            expression(right, scope, of_left.as_ref().or(against), acc);
        }
        ExpressionKind::In { operand, list, .. } => {
            let of_operand = subject(operand, scope);
            expression(operand, scope, None, acc);
            list.iter().for_each(|it| expression(it, scope, of_operand.as_ref(), acc));
        }
        ExpressionKind::Case { operand, arms, otherwise } => {
            let of_operand = operand.as_ref().and_then(|it| subject(it, scope));
            for (when, then) in arms {
                expression(when, scope, of_operand.as_ref(), acc);
                expression(then, scope, against, acc);
            }
            for it in operand.iter().chain(otherwise) {
                expression(it, scope, against, acc);
            }
        }
        ExpressionKind::Exists { entity, filter, .. } => {
            let inner = scope.on_rows_of(acc.entity(entity));
            if let Some(it) = filter {
                expression(it, &inner, None, acc);
            }
        }
        _ => it.children(&mut |it| expression(it, scope, against, acc)),
    }
}

/// What a path as a whole means.
fn subject<'a>(it: &Expression, scope: &Scope<'a>) -> Option<Subject<'a>> {
    match &it.kind {
        ExpressionKind::Path(path) => scope.resolve(path).pop().flatten(),
        _ => None,
    }
}

/// The segments of a path.
pub(super) fn path<'a>(it: &Path, scope: &Scope<'a>, acc: &mut Mentions<'a>) {
    for (segment, subject) in it.segments.iter().zip(scope.resolve(it)) {
        acc.push_known(segment.range, subject);
    }
}
