//! `optimistic_safe` for an action whose result a client cannot know before the answer.

use specql_model::{Action, ActionId, Certainty, Step, scope};
use specql_syntax::expression::{Expression, ExpressionKind};
use specql_text::TextEdit;

use crate::{Context, Diagnostic, Fix, Level, Rule, rows::own_effects};

pub(crate) const RULE: Rule = Rule {
    code: "unsafe-optimistic",
    level: Level::Warning,
    summary: "`optimistic_safe` for a result that a client cannot know beforehand",
    run: unsafe_optimistic,
    page: include_str!("../../../../docs/rules/unsafe-optimistic.md"),
};

fn unsafe_optimistic(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action) in ctx.actions() {
        let is_set = action.impact.as_deref().is_some_and(|it| it.optimistic_safe == Some(true));
        if is_set {
            acc.extend(finding(ctx, id, action));
        }
    }
}

fn finding<'a>(ctx: &Context<'a>, id: ActionId, action: &'a Action) -> Option<Diagnostic> {
    let impact = ctx.action_node(id)?.get("impact")?;
    let value = impact.get("optimistic_safe")?.range;
    let (why, place) = sometimes(ctx, id).or_else(|| computed(ctx, id, action))?;
    let message = format!("{why}, so what a client shows before the answer can be wrong");
    let edit = TextEdit::replace(value, "false".to_owned());
    Some(ctx.finding(&RULE, value, message).related(place.0, place.1, "the step").fix(Fix::review(
        "Write `optimistic_safe: false`",
        ctx.id(),
        vec![edit],
    )))
}

type Why = (String, (specql_model::FileId, specql_text::TextRange));

/// A write that does not happen in every run.
fn sometimes(ctx: &Context<'_>, id: ActionId) -> Option<Why> {
    let effects = ctx.workspace.effects(id);
    let effect = effects.iter().find(|it| it.certainty == Certainty::Sometimes)?;
    let name = &effect.target.text;
    Some((format!("`{name}` is written in some runs only"), ctx.place_of(effect)))
}

/// A value that the database computes.
fn computed<'a>(ctx: &Context<'a>, id: ActionId, action: &'a Action) -> Option<Why> {
    ctx.alignment(id)?;
    own_effects(ctx, id, action).into_iter().find_map(|(_, step)| {
        let (field, range) = computed_value(step)?;
        Some((format!("`{field}` gets a value that the database computes"), (ctx.id(), range)))
    })
}

fn computed_value(step: &Step) -> Option<(&str, specql_text::TextRange)> {
    let assignments = &step.write()?.assignments;
    let found = assignments.iter().find(|it| is_computed(&it.value))?;
    Some((found.field.as_str(), found.value.range))
}

/// Whether a value is neither a literal nor one of the input.
fn is_computed(value: &Expression) -> bool {
    let mut found = false;
    value.walk(&mut |it| {
        found |= match &it.kind {
            ExpressionKind::String(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::Bool(_)
            | ExpressionKind::Null
            | ExpressionKind::Parameter
            | ExpressionKind::Missing => false,
            ExpressionKind::Path(path) => {
                scope::CONTEXT.iter().any(|it| it.0.eq_ignore_ascii_case(&path.text()))
            }
            _ => true,
        };
    });
    found
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    const HEAD: &str = "
entity: Post
fields:
  title: text
  published_at: timestamptz
  status: enum(draft, published)
actions:
  - name: publish_post
    steps:
";

    #[test]
    fn a_computed_value_and_a_branch() {
        check_diagnostics(&format!(
            "{HEAD}      - update: Post SET status = 'published', published_at = now()
    impact:
      primary: {{operation: UPDATE}}
      optimistic_safe: true
      #                ^^^^ 💡 warning[unsafe-optimistic]: `published_at` gets a value that the database computes, so what a client shows before the answer can be wrong
  - name: rename_post
    steps:
      - update: Post SET title = input.title
    impact:
      primary: {{operation: UPDATE}}
      optimistic_safe: true
  - name: maybe_rename
    steps:
      - if: status = 'draft'
        then:
          - update: Post SET title = input.title
    impact:
      primary: {{operation: UPDATE}}
      optimistic_safe: true
      #                ^^^^ 💡 warning[unsafe-optimistic]: `Post` is written in some runs only, so what a client shows before the answer can be wrong
"
        ).replace("timestamptz", "datetime"));
    }

    #[test]
    fn not_before_the_answer() {
        let before = format!(
            "{HEAD}      - update: Post SET published_at = now()\n    impact:\n      primary: {{operation: UPDATE}}\n      optimistic_safe: $0true  # why\n"
        ).replace("timestamptz", "datetime");
        check_fix(&before, &before.replace("$0true", "false"));
    }
}
