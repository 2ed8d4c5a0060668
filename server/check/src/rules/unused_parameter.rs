//! A parameter that no step reads.
//!
//! Actions without steps, and those with steps that are not understood, may read it in their own way.

use rustc_hash::FxHashMap;
use specql_model::{Action, ActionId, Parameter, StepKind, entity::graphql_name, suggest};
use specql_syntax::expression::{Expression, ExpressionKind, Path};

use crate::{
    Context, Diagnostic, Fix, Level, Rule, context::did_you_mean, diagnostic::Tag,
    names::is_column, variables::has_unread_steps,
};

pub(crate) const RULE: Rule = Rule {
    code: "unused-parameter",
    level: Level::Warning,
    summary: "a parameter that no step reads",
    run: unused_parameter,
    page: include_str!("../../../../docs/rules/unused-parameter.md"),
};

fn unused_parameter(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action) in ctx.actions() {
        if action.steps.is_empty() || has_unread_steps(action) || ctx.is_damaged_action(id) {
            continue;
        }
        let unread = action.steps.iter().any(|step| {
            let mut found = false;
            step.walk(&mut |it| found |= !it.problems.is_empty());
            found
        });
        for parameter in action.parameters.iter().filter(|_| !unread) {
            if !parameter.name.text.is_empty() && !is_used(ctx, action, parameter) {
                if let Some(said) = called(ctx, action, parameter) {
                    acc.push(misdeclared(ctx, parameter, &said));
                    continue;
                }
                let message = format!(
                    "no step of `{}` reads `{}`, so what callers give for it is lost",
                    action.name.text, parameter.name.text
                );
                let fix = ctx.entry_with_key(parameter.name.range).map(|entry| {
                    let edits = ctx.remove_entry(entry);
                    Fix::review("Remove the parameter", ctx.id(), edits)
                });
                let found = ctx.finding(&RULE, parameter.name.range, message);
                let is_free = action.parameters.len() > 1 && !is_given(ctx, id, parameter);
                acc.push(found.tag(Tag::Unnecessary).fix(fix.filter(|_| is_free)));
            }
        }
    }
}

/// So often a name is said that no parameter has, before the declaration is taken for the slip.
const OFTEN: usize = 2;

/// The name that is near that of a parameter and by which the steps call it again and again: no other parameter and
/// no field has it.
fn called(ctx: &Context<'_>, action: &Action, parameter: &Parameter) -> Option<String> {
    let mut said: FxHashMap<&str, usize> = FxHashMap::default();
    for step in &action.steps {
        step.walk(&mut |step| {
            step.expressions(&mut |whole| {
                whole.walk(&mut |it| {
                    if let ExpressionKind::Path(path) = &it.kind
                        && let Some(name) = of_input(path)
                    {
                        *said.entry(name).or_default() += 1;
                    }
                });
            });
        });
    }
    let is_unknown = |name: &str| {
        action.parameters.iter().all(|it| !it.is_called(name))
            && ctx.entity().is_some_and(|it| !is_column(it, name))
    };
    let often = said.into_iter().filter(|it| it.1 >= OFTEN).map(|it| it.0);
    let mut often: Vec<&str> = often.filter(|it| is_unknown(it)).collect();
    often.sort_unstable();
    suggest(&parameter.name.text, often).map(str::to_owned)
}

/// The name behind `$` or `input.`.
fn of_input(path: &Path) -> Option<&str> {
    match path.segments.as_slice() {
        [name, ..] if path.dollar => Some(&name.text),
        [input, name, ..] if input.text == "input" => Some(&name.text),
        _ => None,
    }
}

fn misdeclared(ctx: &Context<'_>, parameter: &Parameter, said: &str) -> Diagnostic {
    let message = format!(
        "the steps call this parameter `{said}`, so none of them reads it{}",
        did_you_mean(Some(said))
    );
    ctx.finding(&RULE, parameter.name.range, message).fix(ctx.rename(&parameter.name, said))
}

/// Whether an action that calls this one gives it: without the parameter that would mean nothing.
fn is_given(ctx: &Context<'_>, id: ActionId, parameter: &Parameter) -> bool {
    let files = ctx.workspace.files_calling(id).into_iter();
    let actions = files.filter_map(|it| ctx.workspace.file(it)?.entity());
    let mut found = false;
    for step in actions.flat_map(|it| &it.actions).flat_map(|it| &it.steps) {
        step.walk(&mut |it| {
            let StepKind::Call { function: Some(name), arguments, .. } = &it.kind else { return };
            let calls = ctx.workspace.action(id).is_some_and(|it| it.name.text == name.text);
            let names = arguments.iter().filter_map(|it| it.0.as_ref());
            found |= calls && names.into_iter().any(|it| it.text == parameter.name.text);
        });
    }
    found
}

fn is_used(ctx: &Context<'_>, action: &Action, parameter: &Parameter) -> bool {
    let name = parameter.name.as_str();
    let is_it = |it: &str| {
        let it = it.strip_prefix("p_").unwrap_or(it);
        it == name || it == graphql_name(name) || it.strip_suffix("_id") == Some(name)
    };
    let mut used = false;
    let mut visit = |it: &Expression| used |= reads(it, &is_it);
    for step in &action.steps {
        step.walk(&mut |it| it.expressions(&mut visit));
    }
    let entries = action.impact.iter().flat_map(|it| it.primary.iter().chain(&it.side_effects));
    entries.filter_map(|it| it.condition.as_deref()).for_each(|it| visit(&it.0));
    used || is_written(ctx, action, &is_it) || is_filter(ctx, action, name)
}

/// Whether an expression names the input as a whole, or the parameter.
fn reads(expression: &Expression, is_it: &dyn Fn(&str) -> bool) -> bool {
    let mut found = false;
    expression.walk(&mut |it| match &it.kind {
        ExpressionKind::Path(path) => {
            let names = path.segments.as_slice();
            found |= match names {
                [first] => is_it(&first.text) || first.text == "input",
                [first, second, ..] => {
                    is_it(&first.text) || (first.text.starts_with("input") && is_it(&second.text))
                }
                [] => false,
            };
        }
        ExpressionKind::RawSql(text) => {
            let is_part = |it: char| !(it.is_alphanumeric() || it == '_');
            found |= text.split(is_part).any(|it| is_it(it) || it == "input");
        }
        ExpressionKind::Parameter => found = true,
        _ => {}
    });
    found
}

/// Whether a step takes columns with the parameter's name from the input.
fn is_written(ctx: &Context<'_>, action: &Action, is_it: &dyn Fn(&str) -> bool) -> bool {
    let mut found = false;
    for step in &action.steps {
        step.walk(&mut |step| {
            if let StepKind::Call { .. } = &step.kind {
                return;
            }
            let Some(write) = step.write() else { return };
            let entity = ctx.written(write);
            found |= write.columns.iter().any(|it| is_it(&it.text));
            if write.takes_all() {
                found |= entity.is_none_or(|it| it.fields.iter().any(|it| is_it(&it.name.text)));
            }
        });
    }
    found
}

/// Whether the text of the impact's filters names it.
fn is_filter(ctx: &Context<'_>, action: &Action, name: &str) -> bool {
    let written = action.impact.as_deref().map_or("", |it| ctx.slice(it.range));
    let is_part = |it: char| !(it.is_alphanumeric() || it == '_');
    written.split(is_part).any(|it| it == name)
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn parameters_that_are_read_and_others() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
  body: text
actions:
  - name: change
    params:
      reason: text
      note: text
      #<^^ 💡 warning[unused-parameter]: no step of `change` reads `note`, so what callers give for it is lost
      kind: text
      more: text
      title: text
    steps:
      - validate: $reason IS NOT NULL AND input.kind = 'x'
      - validate: (SELECT true WHERE p_more = 1)
      #                              ^^^^^^ error[unknown-sql-name]
      - update: Post(title)
    impact:
      primary: {entity: Post, operation: UPDATE}
  - name: nothing_yet
    params:
      later: text
"#,
        );
    }

    #[test]
    fn the_parameter_is_removed() {
        check_fix(
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: look\n    params:\n      a: text  # kept\n      $0b: text\n    steps:\n      - validate: title = $a\n",
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: look\n    params:\n      a: text  # kept\n    steps:\n      - validate: title = $a\n",
        );
    }
}
