//! A name stands for no input, or for a variable that has no value where it is read.
//!
//! Actions with steps that are not understood may give names in their own way, and are not judged.

use specql_model::{
    Action, ActionId, OwnRow, PathEnd, Step, StepKind,
    names::snake_case,
    scope::{PathResolution, Scope},
    suggest,
};
use specql_syntax::expression::{Expression, Path};

use super::unknown_field::is_loop_entity;
use crate::{
    Context, Diagnostic, Level, Rule,
    context::did_you_mean,
    parameters::declared,
    variables::{Meant, has_unread_steps, meant},
    wanted::type_at,
};

pub(crate) const RULE: Rule = Rule {
    code: "unknown-variable",
    level: Level::Error,
    summary: "a name that no parameter, field or step defines",
    run: unknown_variable,
    page: include_str!("../../../../docs/rules/unknown-variable.md"),
};

fn unknown_variable<'a>(ctx: &Context<'a>, acc: &mut Vec<Diagnostic>) {
    for (id, action) in ctx.actions() {
        if has_unread_steps(action) || ctx.is_damaged_action(id) {
            continue;
        }
        let mut visit = |found: &PathResolution<'a>,
                         scope: &Scope<'a>,
                         path: &'a Path,
                         place: Place<'a>| match found {
            PathResolution::Input { name, path: None } if !name.is_empty() => {
                acc.extend(of_input(ctx, scope, (id, action), path, place));
            }
            PathResolution::Unknown { segment: 0, .. } => {
                acc.extend(of_name(ctx, scope, path));
            }
            _ => {}
        };
        let mut ids = OwnIds::default();
        ctx.each_step(id, &mut |scope, step| {
            let is_sent = matches!(step.kind, StepKind::Notify { .. });
            step.expressions(&mut |whole| {
                // The name of an entity, and a word of a notification, is no variable.
                if !is_loop_entity(ctx, step, whole) {
                    scope.visit_paths(whole, &mut |scope, path, at| {
                        let found = scope.resolve(path);
                        let is_word = is_sent && std::ptr::eq(whole, at) && !path.dollar;
                        if !(is_word && path.segments.len() == 1) {
                            visit(&found, scope, path, Place { step: Some(step), whole, at });
                        }
                        ids.note(ctx, id, scope, (step, &found, at));
                    });
                }
            });
            ids.found.extend(in_text(ctx, scope, step));
        });
        let scope = Scope::of_action(ctx.workspace, id);
        let entries = action.impact.iter().flat_map(|it| it.primary.iter().chain(&it.side_effects));
        for (condition, _) in entries.filter_map(|it| it.condition.as_deref()) {
            scope.visit_paths(condition, &mut |scope, path, at| {
                let found = scope.resolve(path);
                visit(&found, scope, path, Place { step: None, whole: condition, at });
            });
        }
        acc.append(&mut ids.found);
    }
}

/// Where a path stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    step: Option<&'a Step>,
    /// The expression of the step.
    whole: &'a Expression,
    /// The path in it.
    at: &'a Expression,
}

/// `input.x` and `$x` that nothing declares.
fn of_input<'a>(
    ctx: &Context<'_>,
    scope: &Scope<'a>,
    (id, action): (ActionId, &Action),
    path: &Path,
    place: Place<'a>,
) -> Option<Diagnostic> {
    let names = path.segments.as_slice();
    // `p_x` is the upstream generator's spelling, which raw forms use freely.
    let name = match names {
        [input, name, ..] if input.text.starts_with("input") => name,
        [name, ..] if path.dollar => name,
        _ => return None,
    };
    // The id of a row goes by the name of its entity: `input.post_id`.
    let stem = name.text.strip_suffix("_id").or_else(|| name.text.strip_suffix("Id"));
    let is_row = |it: &str| {
        let rows = scope.rows().into_iter().filter_map(|it| ctx.workspace.entity(it.known()?));
        rows.into_iter().any(|row| row.snake_name() == snake_case(it))
    };
    if stem.is_some_and(is_row) {
        return None;
    }
    let mut rows = Vec::new();
    for row in scope.rows() {
        rows.push(ctx.workspace.entity(row.known()?).filter(|it| ctx.knows_fields(it))?);
    }
    if name.text.is_empty() {
        return None;
    }
    let parameters = action.parameters.iter().map(|it| it.name.as_str());
    let columns = rows.iter().flat_map(|it| it.column_names());
    let near = suggest(&name.text, parameters.chain(columns));
    let advice =
        near.map_or_else(|| "; declare it under `params`".to_owned(), |it| did_you_mean(Some(it)));
    let message = format!(
        "`{}` is no parameter of `{}` and no field, so no caller knows that it can be given{advice}",
        name.text, action.name.text
    );
    let found = ctx.finding(&RULE, name.range, message).level(Level::Warning);
    // What goes on behind the name is of no type that is known.
    let is_whole = names.last() == Some(name);
    let ty = || type_at(scope, place.step, place.whole, place.at);
    Some(match near {
        Some(it) => found.fix(ctx.rename(name, it)),
        None if is_whole => found.fix(declared(ctx, id, &name.text, &ty())),
        None => found,
    })
}

/// Where an action reads `input.id`.
#[derive(Default)]
struct OwnIds {
    /// It is read before the action has made its row, so a caller gives it, for another row.
    is_given: bool,
    found: Vec<Diagnostic>,
}

impl OwnIds {
    /// Reports the id of a row that a step before has made: no caller knows it.
    fn note(
        &mut self,
        ctx: &Context<'_>,
        id: ActionId,
        scope: &Scope<'_>,
        (step, found, at): (&Step, &PathResolution<'_>, &Expression),
    ) {
        let PathResolution::Input { name: "id", path: Some(column) } = found else { return };
        let is_own = column.last().is_some_and(|it| it.entity == id.entity);
        if !is_own || self.is_given {
            return;
        }
        let steps = ctx.workspace.action(id).map_or(&[][..], |it| &it.steps);
        let is_made = ctx.workspace.own_row_at(id, step.range) == OwnRow::Made;
        if !is_made || !is_behind_insert(ctx, id, steps, step) {
            self.is_given = true;
            return;
        }
        let mut variables = scope.variables().iter().rev();
        let stored = variables.find(|it| !it.is_loop && it.entity() == Some(id.entity));
        let better = stored.map(|it| format!("{}.id", it.text()));
        let advice = match &better {
            Some(better) => format!("write `{better}`"),
            None => "store the row where it is made, `as: made`, and write `made.id`".to_owned(),
        };
        let message = format!(
            "a step before makes the row, so no caller has its id to give, and this is `NULL`; {advice}"
        );
        let fix = better.map(|it| ctx.change_to(at.range, &it));
        self.found.push(ctx.finding(&RULE, at.range, message).fix(fix));
    }
}

/// Whether a step comes after one that makes the own row in every run. In the other branch of an `if` a caller may
/// give a row that is there.
fn is_behind_insert(ctx: &Context<'_>, id: ActionId, steps: &[Step], step: &Step) -> bool {
    let holds = |it: &Step| it.range.contains_range(step.range);
    let Some(at) = steps.iter().position(holds) else { return false };
    let makes = |it: &Step| match &it.kind {
        StepKind::Insert(write) => ctx.written(write).is_some_and(|it| it.id == id.entity),
        _ => false,
    };
    let mut inside = steps.get(at).map(Step::branches).into_iter().flatten();
    steps.iter().take(at).any(makes) || inside.any(|it| is_behind_insert(ctx, id, it, step))
}

/// A value in the text of a `return` or a `reject`, which is passed on as it stands.
fn in_text(ctx: &Context<'_>, scope: &Scope<'_>, step: &Step) -> Option<Diagnostic> {
    let (StepKind::Return(Some(name)) | StepKind::Reject(Some(name))) = &step.kind else {
        return None;
    };
    let is_word = |it: &str| {
        let is_letter = |it: char| it.is_ascii_alphanumeric() || it == '_';
        it.starts_with(|it: char| it.is_ascii_alphabetic()) && it.chars().all(is_letter)
    };
    let text = name.text.trim();
    let mut words = text.strip_prefix('$').unwrap_or(text).split('.');
    let first = words.clone().next().unwrap_or_default();
    let is_path = words.clone().count() > 1;
    let is_variable = || scope.variables().iter().any(|it| it.is_called(first));
    let is_value = text.starts_with('$') || (is_path && (first == "input" || is_variable()));
    if !is_value || !words.all(is_word) {
        return None;
    }
    let message = format!(
        "`{}` passes its text on as it stands, so callers read `{text}` and no value; write what they are told",
        step.keyword.text
    );
    Some(ctx.finding(&RULE, name.range, message).level(Level::Warning))
}

/// A variable at a place where it has no value, or a name like one.
fn of_name(ctx: &Context<'_>, scope: &Scope<'_>, path: &Path) -> Option<Diagnostic> {
    let name = path.first()?;
    let own = std::slice::from_ref(name);
    let is_own = ctx.workspace.find_path(scope.own_entity(), own).end == PathEnd::Whole;
    if is_own {
        return None;
    }
    Some(match meant(ctx, scope, path)? {
        Meant::Elsewhere(declared) => {
            let when = if declared.range.start() > name.range.start() {
                "a later step gives it one"
            } else {
                "it has one inside of another branch or loop only"
            };
            let message = format!("the variable `{}` has no value here: {when}", name.text);
            ctx.finding(&RULE, name.range, message).related(
                ctx.id(),
                declared.range,
                "where it gets its value",
            )
        }
        Meant::Near(near) => {
            let message = format!(
                "`{}` is neither a field nor a variable, so the action would fail{}",
                name.text,
                did_you_mean(Some(&near))
            );
            ctx.finding(&RULE, name.range, message).fix(ctx.rename(name, &near))
        }
    })
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn inputs_and_variables() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
fields:
  name: text
#- /post.yaml
entity: Post
fields:
  title: text
  author: ref(User)
actions:
  - name: look
    params:
      reason: text
    steps:
      - validate: input.raeson IS NOT NULL AND $kk = 1 AND $reason = 'x' AND input.title = 'x'
      #                 ^^^^^^ 💡 warning[unknown-variable]: `raeson` is no parameter of `look` and no field, so no caller knows that it can be given; did you mean `reason`?
      #                                         ^^ 💡 warning[unknown-variable]: `kk` is no parameter of `look` and no field, so no caller knows that it can be given; declare it under `params`
      - validate: writer.name = 'x'
      #           ^^^^^^ error[unknown-variable]: the variable `writer` has no value here: a later step gives it one
      - find: User WHERE name = title
        as: writer
      - validate: writer.name = 'x' AND writr.name = 'y'
      #                                 ^^^^^ 💡 error[unknown-variable]: `writr` is neither a field nor a variable, so the action would fail; did you mean `writer`?
      - if: title = 'x'
        then:
          - find: User WHERE id = author
            as: other
      - validate: other.name = 'x'
      #           ^^^^^ error[unknown-variable]: the variable `other` has no value here: it has one inside of another branch or loop only
      - find: User WHERE id = author
      - validate: user.name = 'x' AND input.authorId = author AND $auth_user_id <> $author
"#,
        );
    }

    #[test]
    fn the_id_of_a_row_that_is_only_made() {
        check_diagnostics(
            r#"
#- /specql.config.yaml
rules: {missing-impact: off}
#- /task.yaml
entity: Task
fields:
  post: ref(Post)
  title: text
#- /post.yaml
entity: Post
fields:
  title: text
actions:
  - name: make
    steps:
      - insert: Post(title)
      - insert: Task SET post = input.id, title = 'x'
      #                         ^^^^^^^^ error[unknown-variable]: a step before makes the row, so no caller has its id to give, and this is `NULL`; store the row where it is made, `as: made`, and write `made.id`
  - name: make_and_store
    steps:
      - insert: Post(title)
        as: post
      - update: Post SET title = 'b' WHERE id = $id
      #                                         ^^^ 💡 error[unknown-variable]: a step before makes the row, so no caller has its id to give, and this is `NULL`; write `post.id`
  - name: copy
    steps:
      - find: Post WHERE id = input.id
        as: source
      - insert: Post(title = source.title)
      - update: Post SET title = 'copied' WHERE id = input.id
  - name: make_or_change
    params: {is_new: boolean!}
    steps:
      - if: $is_new
        then:
          - insert: Post(title)
        else:
          - update: Post SET title = 'd' WHERE id = input.id
  - name: make_beside
    params: {id: ref(Post)!}
    steps:
      - insert: Post(title)
      - update: Post SET title = 'beside' WHERE id = input.id
"#,
        );
    }

    #[test]
    fn a_text_that_is_passed_on() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: look
    params: {reason: text}
    steps:
      - if: $reason = 'a'
        then: [{reject: $reason}]
        #               ^^^^^^^ warning[unknown-variable]: `reject` passes its text on as it stands, so callers read `$reason` and no value; write what they are told
      - if: $reason = 'b'
        then: [{return: input.reason}]
        #               ^^^^^^^^^^^^ warning[unknown-variable]
      - if: $reason = 'c'
        then: [{return: "done, for $5"}]
      - return: post.done
"#,
        );
    }

    #[test]
    fn steps_that_are_not_understood() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: look
    steps:
      - raw_sql: SELECT 1
      - validate: $anything = 'x' AND input.more = 1
"#,
        );
    }

    #[test]
    fn the_near_name() {
        check_fix(
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: look\n    steps:\n      - validate: input.$0titel = 'a'  # why\n",
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: look\n    steps:\n      - validate: input.title = 'a'  # why\n",
        );
    }

    /// The type is that of what the input is compared with, assigned to or given to; without such it is text.
    #[test]
    fn a_parameter_is_declared_with_the_type_that_its_place_wants() {
        let file = |params: &str, step: &str| {
            format!(
                "entity: Post\nfields:\n  title: text(80)!\n  due: datetime\n  price: money\n  status: enum(draft, done)\n  author: ref(User)\n  tags: list(text)\nactions:\n  - name: look\n{params}    steps:\n      - {step}\n  - name: other\n    params:\n      many: bigint\n    steps:\n      - validate: many > 1\n"
            )
        };
        let user = "#- /user.yaml\nentity: User\nfields:\n  mail: email\n#- /post.yaml\n";
        for (step, declared) in [
            ("validate: input.$0note IS NOT NULL", "note: text"),
            ("validate: input.$0howMany > 3", "how_many: integer"),
            ("validate: 3.5 < $$0limit", "limit: float"),
            ("validate: input.$0until < now()", "until: datetime"),
            ("validate: due = input.$0moment", "moment: datetime"),
            ("validate: status IN (input.$0one, 'done')", "one: enum(draft, done)"),
            ("validate: input.$0address MATCHES email", "address: email"),
            ("validate: input.$0who = author", "who: ref(User)"),
            ("validate: EXISTS User WHERE mail = input.$0whose", "whose: email"),
            ("update: Post SET price = input.$0amount", "amount: money"),
            ("update: Post SET price = -input.$0amount", "amount: money"),
            ("validate: -$$0limit < price", "limit: money"),
            ("update: Post SET title = 'a' WHERE tags = input.$0labels", "labels: list(text)"),
            ("call: other(many = input.$0count_of)", "count_of: bigint"),
        ] {
            let params = format!("    params:\n      {declared}\n");
            let own = file("", step);
            check_fix(&format!("{user}{own}"), &file(&params, &step.replacen("$0", "", 1)));
        }
        let beside = file("    params:\n      a: text # why\n", "validate: a = $$0b");
        let after = file("    params:\n      a: text # why\n      b: text\n", "validate: a = $b");
        check_fix(&format!("{user}{beside}"), &after);
    }
}
