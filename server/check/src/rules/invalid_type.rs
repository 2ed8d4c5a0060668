//! A type's one-line language cannot be read: a bracket without its end, text that fits nothing.

use specql_syntax::statement::{LineProblem, LineProblemKind};

use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "invalid-type",
    level: Level::Error,
    summary: "a field's type cannot be read",
    run: invalid_type,
    page: include_str!("../../../../docs/rules/invalid-type.md"),
};

fn invalid_type(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(entity) = ctx.entity() else { return };
    for field in &entity.fields {
        // The first one explains the others.
        let Some(problem) = field.problems.first().filter(|_| !ctx.is_damaged(field.range)) else {
            continue;
        };
        let message = format!(
            "{} in the type of `{}`; a type is `name`, `name!` or `name = default`, like `text!`, \
             `ref(User)`, `enum(a, b) = a`",
            what(problem, ctx.slice(problem.range)),
            field.name.text
        );
        acc.push(ctx.finding(&RULE, ctx.visible(problem.range, field.type_range), message));
    }
}

/// What is wrong, without its place.
pub(super) fn what(problem: &LineProblem, written: &str) -> String {
    let written = written.split_whitespace().collect::<Vec<_>>().join(" ");
    match &problem.kind {
        LineProblemKind::Expected(it) => format!("{it} is expected"),
        LineProblemKind::Unexpected if written.is_empty() || written.contains('`') => {
            "something here fits nothing".to_owned()
        }
        LineProblemKind::Unexpected => format!("`{written}` fits nothing"),
        LineProblemKind::Unclosed(it) => format!("`{it}` is never closed"),
        LineProblemKind::UnclosedComment => "`/*` is never closed".to_owned(),
        LineProblemKind::CommentOfJoinedLines => {
            "`--` makes a comment of all that follows, because YAML joins these lines".to_owned()
        }
        LineProblemKind::Sql(message) => message.clone(),
        LineProblemKind::TooDeep => "the nesting is too deep".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn types_that_cannot_be_read() {
        check_diagnostics(
            r#"
entity: Post
fields:
  author: ref(Post
  #          ^ error[invalid-type]: `(` is never closed in the type of `author`; a type is `name`, `name!` or `name = default`, like `text!`, `ref(User)`, `enum(a, b) = a`
"#,
        );
    }
}
