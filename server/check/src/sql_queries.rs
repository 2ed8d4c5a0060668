//! The queries in SQL of a file, with the names in them.

use std::ops::Range;

use specql_syntax::{
    QueryName, QueryNames,
    expression::{Expression, ExpressionKind},
    query_names,
};
use specql_text::TextRange;

use crate::{Context, Diagnostic, Rule};

/// A query in parentheses and its names.
pub(crate) struct SqlQuery<'c, 'a> {
    ctx: &'c Context<'a>,
    range: TextRange,
    text: &'a str,
    pub(crate) names: QueryNames,
}

/// Calls `visit` for every query in the steps of a file.
pub(crate) fn each<'c, 'a>(ctx: &'c Context<'a>, visit: &mut dyn FnMut(&SqlQuery<'c, 'a>)) {
    let mut of = |it: &'a Expression| {
        if let ExpressionKind::RawSql(text) = &it.kind
            && let Some(names) = query_names(text)
        {
            visit(&SqlQuery { ctx, range: it.range, text, names });
        }
    };
    for (_, action) in ctx.actions() {
        for step in &action.steps {
            step.walk(&mut |step| step.expressions(&mut |it| it.walk(&mut of)));
        }
    }
}

impl SqlQuery<'_, '_> {
    /// Calls `visit` for the names of some kind, those of queries inside included.
    pub(crate) fn each_name(
        &self,
        of: fn(&QueryNames) -> &[QueryName],
        visit: &mut dyn FnMut(&QueryName),
    ) {
        fn walk(
            names: &QueryNames,
            of: fn(&QueryNames) -> &[QueryName],
            visit: &mut dyn FnMut(&QueryName),
        ) {
            of(names).iter().for_each(&mut *visit);
            names.inner.iter().for_each(|it| walk(it, of, visit));
        }
        walk(&self.names, of, visit);
    }

    /// A finding at a part of the query, with another name for it where there is one.
    pub(crate) fn finding(
        &self,
        rule: &Rule,
        part: &Range<usize>,
        message: String,
        near: Option<&str>,
    ) -> Diagnostic {
        let range = self.ctx.in_query(self.range, self.text, part);
        let is_plain = Some(self.ctx.slice(range)) == self.text.get(part.clone());
        let fix = near.filter(|_| is_plain).map(|it| self.ctx.change_to(range, it));
        self.ctx.finding(rule, range, message).fix(fix)
    }
}
