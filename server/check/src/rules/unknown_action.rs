//! A step calls an action that there is none of, or with other arguments than it takes.
//!
//! A name with a schema may be a function of the database. Of an action whose steps are not understood
//! it is not known which inputs it reads.

mod needed;
mod qualified;

use specql_model::{
    Action, ActionId, Entity, Name, Parameter, PathResolution, Step, StepKind, suggest,
};
use specql_syntax::expression::{Expression, ExpressionKind};

use crate::{
    Context, Diagnostic, Level, Rule,
    alignment::is_torn,
    context::{did_you_mean, listed},
    guards::asks_about,
    variables::has_unread_steps,
};

pub(crate) const RULE: Rule = Rule {
    code: "unknown-action",
    level: Level::Error,
    summary: "a call of an action that does not exist, or with other arguments than it takes",
    run: unknown_action,
    page: include_str!("../../../../docs/rules/unknown-action.md"),
};

fn unknown_action(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (caller, action) in ctx.actions() {
        may_be_absent(ctx, caller, action, acc);
        for step in &action.steps {
            step.walk(&mut |step| match (step.called(), ctx.called(step)) {
                (Some(_), Some((id, called))) => arguments(ctx, caller, step, id, called, acc),
                (Some((schema, function)), None) => acc.extend(missing(ctx, schema, function)),
                (None, _) => {}
            });
        }
    }
}

/// What is called is no action.
fn missing(ctx: &Context<'_>, schema: Option<&Name>, function: &Name) -> Option<Diagnostic> {
    if let Some(schema) = schema.filter(|_| !function.text.is_empty()) {
        return qualified::finding(ctx, schema, function);
    }
    // Several actions of one name are `duplicate-action`.
    if function.text.is_empty() || !ctx.workspace.actions_named(&function.text).is_empty() {
        return None;
    }
    let near = suggest(&function.text, ctx.workspace.action_names().map(|it| it.0));
    let advice = match near {
        Some(_) => did_you_mean(near),
        None => "; name its schema to call a function of the database".to_owned(),
    };
    let message = format!(
        "`{}` is no action of this workspace, so the call would fail{advice}",
        function.text
    );
    let fix = near.map(|it| ctx.rename(function, it));
    Some(ctx.finding(&RULE, function.range, message).fix(fix))
}

/// The arguments of a call against what the action takes.
fn arguments(
    ctx: &Context<'_>,
    caller: ActionId,
    step: &Step,
    id: ActionId,
    called: &Action,
    acc: &mut Vec<Diagnostic>,
) {
    let StepKind::Call { arguments, function: Some(function), .. } = &step.kind else { return };
    let Some(entity) = ctx.workspace.entity(id.entity) else { return };
    // What it takes follows from all of it.
    if ctx.workspace.file(id.entity.0).is_none_or(|it| is_torn(it, called)) {
        return;
    }
    let call = needed::Call { ctx, caller, step, id, entity, called, arguments, function };
    // A value that is still typed may become the argument.
    let is_whole = step.problems.is_empty() && !arguments.iter().any(|it| is_missing(&it.1));
    let mut missing = if is_whole { needed::not_given(&call) } else { Vec::new() };
    unknown_arguments(&call, &mut missing, acc);
    surplus(ctx, id, arguments, called, acc);
    nulls(ctx, id, arguments, called, acc);
    acc.extend(call.together(missing));
}

/// Arguments with names that the action does not read. Of one that is like no other name, what the call lacks is
/// meant.
fn unknown_arguments(
    call: &needed::Call<'_, '_>,
    missing: &mut Vec<needed::Missing>,
    acc: &mut Vec<Diagnostic>,
) {
    let needed::Call { ctx, id, entity, called, arguments, .. } = *call;
    let known = called.parameters.iter().map(|it| it.name.as_str());
    let names = arguments.iter().filter_map(|it| it.0.as_ref());
    let unknown = names.filter(|it| !it.text.is_empty() && !takes(ctx, entity, called, &it.text));
    let unknown: Vec<(&Name, Option<&str>)> = unknown
        .map(|it| (it, suggest(&it.text, known.clone().chain(entity.column_names()))))
        .collect();
    let far = unknown.iter().filter(|it| it.1.is_none()).count();
    let explained = if far >= missing.len() { std::mem::take(missing) } else { Vec::new() };
    let lacking = match explained.as_slice() {
        [(name, _)] if far == 1 => Some(name.as_str()),
        _ => None,
    };
    for (name, near) in unknown {
        let near = near.or(lacking);
        let choice = match near {
            Some(_) => did_you_mean(near),
            None if called.parameters.is_empty() => String::new(),
            None => format!("; it takes {}", listed(known.clone())),
        };
        let message = format!(
            "`{}` reads no input `{}`, so this value is lost{choice}",
            called.name.text, name.text
        );
        let fix = near.map(|it| ctx.rename(name, it));
        let found = ctx.finding(&RULE, name.range, message).fix(fix);
        acc.push(found.related(id.entity.0, called.name.range, "the action"));
    }
}

/// `NULL` for an input that has to be given.
fn nulls(
    ctx: &Context<'_>,
    id: ActionId,
    arguments: &[(Option<Name>, Expression)],
    called: &Action,
    acc: &mut Vec<Diagnostic>,
) {
    for (index, (name, value)) in arguments.iter().enumerate() {
        let parameter = called.parameter_of(index, name.as_ref());
        let Some(parameter) = parameter.filter(|it| it.is_needed()) else {
            continue;
        };
        if value.kind == ExpressionKind::Null {
            let message = format!(
                "`{}` needs `{}`, and gets `NULL` for it, so the call would fail",
                called.name.text, parameter.name.text
            );
            let found = ctx.finding(&RULE, value.range, message);
            acc.push(found.related(id.entity.0, parameter.name.range, "the parameter"));
        }
    }
}

/// Parameters that callers of an action may leave out, where it calls another with them that needs a value.
fn may_be_absent(ctx: &Context<'_>, caller: ActionId, action: &Action, acc: &mut Vec<Diagnostic>) {
    if action.parameters.iter().all(Parameter::is_sure) {
        return;
    }
    ctx.each_step(caller, &mut |scope, step| {
        let StepKind::Call { arguments, .. } = &step.kind else { return };
        let Some((id, called)) = ctx.called(step) else { return };
        for (index, (name, value)) in arguments.iter().enumerate() {
            let needed = called.parameter_of(index, name.as_ref()).filter(|it| it.is_needed());
            if let (Some(needed), ExpressionKind::Path(path)) = (needed, &value.kind)
                && let PathResolution::Parameter(parameter) = scope.resolve(path)
                && !parameter.is_sure()
                && !asks_about(action, &parameter.name.text)
            {
                let message = format!(
                    "`{}` needs `{}`, and callers may leave `{}` out, so the call fails without it; add `!` to \
                     the parameter's type",
                    called.name.text, needed.name.text, parameter.name.text
                );
                let found = ctx.finding(&RULE, value.range, message).level(Level::Warning);
                let found = found.related(ctx.id(), parameter.name.range, "the parameter");
                acc.push(found.related(id.entity.0, needed.name.range, "what it is given for"));
            }
        }
    });
}

/// Arguments without a name, beyond those that the action takes.
fn surplus(
    ctx: &Context<'_>,
    id: ActionId,
    arguments: &[(Option<Name>, Expression)],
    called: &Action,
    acc: &mut Vec<Diagnostic>,
) {
    let most = called.parameters.len();
    if has_unread_steps(called) {
        return;
    }
    let beyond = arguments.iter().skip(most).filter(|it| it.0.is_none() && !is_missing(&it.1));
    for (_, value) in beyond {
        let names = listed(called.parameters.iter().map(|it| it.name.as_str()));
        let message = if most == 0 {
            format!(
                "`{}` has no parameters, so nothing says what this value is for; name its input",
                called.name.text
            )
        } else {
            format!("`{}` takes {names}, so this value is lost; name its input", called.name.text)
        };
        let found = ctx.finding(&RULE, value.range, message);
        acc.push(found.related(id.entity.0, called.name.range, "the action"));
    }
}

fn is_missing(value: &Expression) -> bool {
    value.kind == ExpressionKind::Missing
}

/// Whether an action reads an input: a parameter, a column of its entity or of those that it writes,
/// or something that its steps name.
fn takes(ctx: &Context<'_>, entity: &Entity, called: &Action, name: &str) -> bool {
    if called.parameter(name).is_some()
        || has_unread_steps(called)
        || called.steps.is_empty()
        || !ctx.knows_fields(entity)
    {
        return true;
    }
    let is_column = |it: &Entity| it.column(name).is_some() || it.reference_id(name).is_some();
    let mut found = is_column(entity);
    for step in &called.steps {
        step.walk(&mut |step| {
            let written = step.write().and_then(|it| it.entity.as_ref());
            if let Some(it) = written {
                let target = ctx.workspace.resolve(entity.id, it).found();
                let target = target.and_then(|it| ctx.workspace.entity(it));
                found |= target.is_none_or(|it| is_column(it));
            }
            step.expressions(&mut |it| {
                it.walk(&mut |it| match &it.kind {
                    ExpressionKind::Path(path) => {
                        let mut names = path.segments.iter().take(2);
                        found |= names.any(|it| it.text == name);
                    }
                    ExpressionKind::RawSql(text) => found |= text.contains(name),
                    _ => {}
                });
            });
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn of_a_torn_file_nobody_knows_what_it_declares() {
        let file = |actions: &str, found: &str| {
            format!(
                "
#- /note.yaml
entity: Note
fields:
  title: text
actions:
{actions}#- /post.yaml
entity: Post
fields:
  title: text
actions:
  - name: look
    steps:
      - call: tidy
      {found}
"
            )
        };
        let unknown = "#       ^^^^ error[unknown-action]";
        let whole =
            "  keep:\n  #<^^^ error[wrong-shape]\n    steps:\n      - validate: title <> ''\n";
        check_diagnostics(&file(whole, unknown));
        let torn = "  - nmae: tidy\n  # ^^^^ 💡 error[unknown-key]\n    steps:\n      - validate: title <> ''\n";
        check_diagnostics(&file(torn, ""));
    }

    #[test]
    fn a_parameter_that_callers_may_leave_out() {
        check_diagnostics(
            "
entity: Post
fields:
  title: text!
actions:
  - name: rename
    params: {name: text!, why: text}
    steps:
      - update: Post SET title = $name || coalesce($why, '')
    impact: {primary: {operation: UPDATE, fields: [title]}}
  - name: mark
    params: {mark: text, why: text, asked: text, sure: text = x}
    steps:
      - call: rename(id = input.id, name = $mark, why = $why)
      #                                    ^^^^^ warning[unknown-action]: `rename` needs `name`, and callers may leave `mark` out, so the call fails without it; add `!` to the parameter's type
      - call: rename(id = input.id, name = $sure)
      - if: $asked IS NOT NULL
        then:
          - call: rename(id = input.id, name = $asked)
    impact: {primary: {operation: UPDATE, fields: [title]}}
",
        );
    }

    #[test]
    fn another_name_for_what_is_needed_is_one_finding() {
        check_diagnostics(
            "
#- /user.yaml
entity: User
fields:
  name: text
actions:
  - name: greet
    params: {words: text!, tone: text!}
    steps:
      - validate: $words <> $tone
#- /post.yaml
entity: Post
fields:
  title: text
actions:
  - name: publish
    steps:
      - call: greet(text = 'x', tone = 'y')
      #             ^^^^ 💡 error[unknown-action]: `greet` reads no input `text`, so this value is lost; did you mean `words`?
      - call: greet(text = 'x')
      #       ^^^^^ error[unknown-action]: `greet` needs `words` and `tone`, and the call does not give them, so it would fail
      #             ^^^^ error[unknown-action]: `greet` reads no input `text`, so this value is lost; it takes `words` and `tone`
",
        );
    }

    #[test]
    fn calls_and_their_arguments() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
schema: crm
fields:
  name: text
actions:
  - name: greet_user
    params:
      words: text!
      tone: text
    steps:
      - validate: $words IS NOT NULL AND $tone <> 'x' AND $extra IS NULL
      #                                                    ^^^^^ 💡 warning[unknown-variable]
#- /post.yaml
entity: Post
schema: blog
fields:
  title: text
actions:
  - name: publish
    steps:
      - call: greet_usr(words = 'x')
      #       ^^^^^^^^^ 💡 error[unknown-action]: `greet_usr` is no action of this workspace, so the call would fail; did you mean `greet_user`?
      - call: crm.greet_usr(words = 'x')
      #           ^^^^^^^^^ 💡 warning[unknown-action]: `crm` has no action `greet_usr`; did you mean `greet_user`?
      - call: frobnicate()
      #       ^^^^^^^^^^ error[unknown-action]: `frobnicate` is no action of this workspace, so the call would fail; name its schema to call a function of the database
      - call: util.frobnicate(1)
      - call: blog.greet_user(words = 'x')
      #       ^^^^ 💡 error[unknown-action]: the schema `blog` has no action `greet_user`, so the call would fail; it is in `crm`
      - call: cmr.greet_user(words = 'x')
      #       ^^^ 💡 error[unknown-action]: the schema `cmr` has no action `greet_user`, so the call would fail; it is in `crm`
      - call: stats.greet_user(words = 'x')
      #       ^^^^^ 💡 warning[unknown-action]
      - call: cmr.greet_usr(words = 'x')
      #       ^^^^^^^^^^^^^ 💡 warning[unknown-action]: there is no schema `cmr` with an action `greet_usr` in this workspace; did you mean `crm.greet_user`?
      - call: app.greet_usr(words = 'x')
      #           ^^^^^^^^^ 💡 warning[unknown-action]: `app` has no action `greet_usr`; did you mean `greet_user`?
      - call: User.greet_user(words = 'x')
      #       ^^^^ 💡 error[unknown-action]: an action is called without its entity, so the call would fail; write `greet_user`
      - call: crm.User.greet_user(words = 'x')
      #       ^^^^^^^^ 💡 error[unknown-action]
      - call: user.greet_user(words = 'x')
      #       ^^^^ 💡 error[unknown-action]
      - call: User.greet_usr(words = 'x')
      #       ^^^^^^^^^^^^^^ 💡 error[unknown-action]: `User` has no action `greet_usr`, and an action is called without its entity, so the call would fail; did you mean `greet_user`?
      - call: User.remove()
      #       ^^^^^^^^^^^ error[unknown-action]: `User` has no action `remove`, so the call would fail; it has `greet_user`
      - call: greet_user(words = 'x', tne = 'y', name = 'z', extra = 1)
      #                               ^^^ 💡 error[unknown-action]: `greet_user` reads no input `tne`, so this value is lost; did you mean `tone`?
      - call: greet_user(tone = 'y')
      #       ^^^^^^^^^^ error[unknown-action]: `greet_user` needs `words`, and the call does not give it, so it would fail
      - call: greet_user('x')
"#,
        );
    }

    #[test]
    fn what_an_action_needs() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
fields:
  name: text!
  email: text
actions:
  - name: greet_user
    steps:
      - validate: email IS NOT NULL
  - name: add_user
    steps:
      - insert: User(name, email)
    impact: {primary: {operation: CREATE, fields: [name, email]}}
  - name: add_twin
    steps:
      - if: $twice = 'yes'
      #      ^^^^^ 💡 warning[unknown-variable]
        then:
          - insert: User(name)
    impact: {primary: {operation: CREATE, fields: [name]}}
#- /post.yaml
entity: Post
fields:
  title: text
  author: ref(User)
actions:
  - name: publish
    params: {user: uuid, post: uuid}
    steps:
      - call: greet_user
      #       ^^^^^^^^^^ 💡 error[unknown-action]: `greet_user` works on one `User`, and the call does not say which, so it would fail; write `greet_user(id = …)`
      - call: greet_user()
      #       ^^^^^^^^^^ 💡 error[unknown-action]
      - call: greet_user(email = 'x')
      #       ^^^^^^^^^^ 💡 error[unknown-action]
      - call: greet_user(id = author)
      - call: greet_user(id = $user)
      - call: greet_user(id = id)
      #                       ^^ error[type-mismatch]: `id` is a reference to `User`, and this is a reference to `Post`, so it would point at a row of another table
      - call: add_user
      #       ^^^^^^^^ error[unknown-action]: `add_user` takes `name` of the row that it inserts from its input, and the call does not give it, so it would fail
      - call: add_user(name = title)
      - call: add_user(nme = title)
      #                ^^^ 💡 error[unknown-action]: `add_user` reads no input `nme`, so this value is lost; did you mean `name`?
      - call: add_twin(twice = 'yes')
      #       ^^^^^^^^ warning[unknown-action]: `add_twin` takes `name` of the row that it inserts from its input, and the call does not give it, so it fails where it inserts the row
      - call: rename(title = 'x')
      #       ^^^^^^ 💡 error[unknown-action]: `rename` works on one `Post`, and the call does not say which, so it would fail; write `rename(id = …)`
      - call: rename(id = $post, title = 'x')
    impact: {primary: {operation: UPDATE, fields: [title]}, side_effects: [{entity: User, operation: CREATE}]}
  - name: rename
    steps:
      - update: Post SET title = input.title
    impact: {primary: {operation: UPDATE, fields: [title]}}
"#,
        );
    }

    #[test]
    fn the_row_that_the_caller_has() {
        let files = |step: &str| {
            format!(
                "#- /user.yaml\nentity: User\nfields:\n  name: text\nactions:\n  - name: greet_user\n    steps:\n      - validate: name <> ''\n#- /post.yaml\nentity: Post\nfields:\n  title: text\n  author: ref(User)\nactions:\n  - name: look\n    steps:\n      - validate: title <> ''\n  - name: two\n    steps:\n{step}"
            )
        };
        let fixed = |before: &str, after: &str| check_fix(&files(before), &files(after));
        fixed(
            "      - call: greet$0_user  # why\n",
            "      - call: greet_user(id = author)  # why\n",
        );
        fixed("      - call: greet$0_user()\n", "      - call: greet_user(id = author)\n");
        fixed("      - call: lo$0ok(title = 'x')\n", "      - call: look(id = id, title = 'x')\n");
        fixed(
            "      - foreach: one in User WHERE name = 'x'\n        do:\n          - call: greet$0_user\n",
            "      - foreach: one in User WHERE name = 'x'\n        do:\n          - call: greet_user(id = one)\n",
        );
    }

    #[test]
    fn the_near_name() {
        check_fix(
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: look_up\n    steps:\n      - validate: input.title = 'x'\n  - name: two\n    steps:\n      - call: look$0up  # why\n",
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: look_up\n    steps:\n      - validate: input.title = 'x'\n  - name: two\n    steps:\n      - call: look_up  # why\n",
        );
    }

    #[test]
    fn everything_that_a_call_does_not_give() {
        check_diagnostics(
            "
entity: Post
fields: {title: text}
actions:
  - name: rename
    params: {first: text!, second: text!}
    steps:
      - update: Post SET title = $first || $second
    impact: {primary: {operation: UPDATE}}
  - name: look
    steps:
      - call: rename
      #       ^^^^^^ 💡 error[unknown-action]: `rename` needs `first`, `second` and `id`, and the call does not give them, so it would fail
      - call: rename(id = id, first = 'x')
      #       ^^^^^^ error[unknown-action]: `rename` needs `second`, and the call does not give it, so it would fail
    impact: {primary: {operation: UPDATE}}
",
        );
    }
}
