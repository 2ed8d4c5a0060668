//! Parts of a value that is no row of an entity: columns of the row of a query, and what stands behind the
//! result of a function.

use specql_model::{
    Held, Variable,
    query_row::{QueryRow, query_row},
    scope::Scope,
    suggest,
};
use specql_syntax::{Name, expression::Path};

use super::RULE;
use crate::{
    Context, Diagnostic,
    context::{did_you_mean, listed},
};

/// So many columns of a query are listed where none is near.
const MOST_LISTED: usize = 6;

/// The variable that a path begins with, where its parts are judged here.
pub(super) fn variable<'a>(scope: &Scope<'a>, path: &'a Path) -> Option<Variable<'a>> {
    let is_judged = |it: &Variable<'_>| match it.holds {
        Held::QueryRow(_) | Held::Result => true,
        Held::Item(..) => scope.resolve(path).is_unknown(),
        Held::Row(_) | Held::Unknown => false,
    };
    scope.variable_of(path).filter(is_judged)
}

pub(super) fn finding(
    ctx: &Context<'_>,
    scope: &Scope<'_>,
    path: &Path,
    variable: Variable<'_>,
) -> Option<Diagnostic> {
    let (first, rest) = path.segments.split_first()?;
    if rest.iter().any(|it| it.text.is_empty()) {
        return None;
    }
    let (found, what) = match (variable.holds, rest) {
        (Held::Result, [name, ..]) => {
            let message = format!(
                "`{}` is what a function of SQL gives, and has no part `{}`, so the action would fail",
                first.text, name.text
            );
            (ctx.finding(&RULE, name.range, message), "the call")
        }
        (Held::Item(..), [name, ..]) => {
            let message = format!(
                "`{}` is an item of a list of plain values, and has no part `{}`, so the action would fail",
                first.text, name.text
            );
            (ctx.finding(&RULE, name.range, message), "the loop")
        }
        (Held::QueryRow(query), _) => {
            let row = query_row(ctx.workspace, scope.own_entity(), query);
            (of_row(ctx, &row, first, rest)?, "the loop")
        }
        _ => return None,
    };
    Some(found.related(ctx.id(), variable.name.range, what))
}

fn of_row(
    ctx: &Context<'_>,
    row: &QueryRow<'_>,
    first: &Name,
    rest: &[Name],
) -> Option<Diagnostic> {
    let columns = || row.columns.iter().map(|it| it.name.as_str());
    let (name, message, near) = match rest {
        [] => {
            let example = columns().next().unwrap_or("id");
            let message = format!(
                "`{}` is a row of a query, which is no value, so the action would fail; name one of its columns: \
                 `{}.{example}`",
                first.text, first.text
            );
            (first, message, None)
        }
        [name] if row.is_open || row.column(&name.text).is_some() => return None,
        [name] => {
            let near = suggest(&name.text, columns());
            let named = || columns().filter(|it| *it != "?column?");
            let advice = if near.is_some() || named().count() > MOST_LISTED {
                did_you_mean(near)
            } else {
                format!("; it gives {}", listed(named()))
            };
            let message = format!(
                "the query of this loop gives no column `{}`, so the action would fail{advice}",
                name.text
            );
            (name, message, near)
        }
        [column, name, ..] => {
            let message = format!(
                "`{}` is a column of a query, and nothing comes after it, so the action would fail; select `{}` in \
                 the query",
                column.text, name.text
            );
            (name, message, None)
        }
    };
    Some(ctx.finding(&RULE, name.range, message).fix(near.map(|it| ctx.rename(name, it))))
}
