//! A step names a column that its entity does not have.
//!
//! After the columns of the row that a step works on come those of the file's entity. Names that may be
//! something else are not judged: variables, parameters, values of the input, names of
//! the upstream generator, columns of an entity whose fields are not all in its file.

mod declaration;
mod dotted;
mod entity;
mod nameless;
mod qualified;
mod stored;

use specql_model::{
    Action, ActionId, Column, Entity, EntityId, Field, Name, PathEnd, Step, StepKind, Type,
    scope::{PathResolution, Row, Scope},
    suggest,
};
use specql_syntax::expression::{Expression, ExpressionKind, Path};
use specql_text::TextEdit;

use crate::{
    Context, Diagnostic, Fix, Level, Rule,
    context::did_you_mean,
    enums::{unquoted, visit_values},
    names::is_column,
    variables,
};

pub(crate) use declaration::misdeclared;
pub(crate) use entity::meant as meant_entity;

pub(crate) const RULE: Rule = Rule {
    code: "unknown-field",
    level: Level::Error,
    summary: "a step names a column that its entity does not have",
    run: unknown_field,
    page: include_str!("../../../../docs/rules/unknown-field.md"),
};

fn unknown_field(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    declaration::report(ctx, acc);
    for (id, action) in ctx.actions() {
        let mut found = Vec::new();
        ctx.each_step(id, &mut |scope, step| {
            if let Some(it) = entity::mistaken(ctx, id, action, step) {
                // Whatever else the step names is of the entity that is meant.
                found.push(it);
                return;
            }
            written_columns(ctx, step, &mut found);
            step.expressions(&mut |it| {
                if !is_loop_entity(ctx, step, it) {
                    in_expression(ctx, scope, step, it, &mut found);
                }
            });
        });
        conditions(ctx, id, action, &mut found);
        if !found.is_empty() {
            nameless::tell(ctx, id, &mut found);
            bare_values(ctx, id, action, &mut found);
        }
        acc.append(&mut found);
    }
}

/// The columns that a step sets.
fn written_columns(ctx: &Context<'_>, step: &Step, acc: &mut Vec<Diagnostic>) {
    let written = match &step.kind {
        StepKind::Insert(it) | StepKind::Update(it) | StepKind::Upsert(it) => it,
        _ => return,
    };
    let entity = match &written.entity {
        Some(it) => ctx.resolve_reference(it).found(),
        None => return,
    };
    let Some(entity) = entity.and_then(|it| ctx.workspace.entity(it)) else { return };
    if !ctx.knows_fields(entity) {
        return;
    }
    let assigned = written.assignments.iter().map(|it| &it.field);
    for name in assigned.chain(&written.columns).chain(&written.conflict_target) {
        if !name.text.is_empty() && name.text != "*" && !is_column(entity, &name.text) {
            let near = || suggest(&name.text, entity.column_names());
            let found = dotted::finding(ctx, entity, name);
            acc.push(found.unwrap_or_else(|| no_column(ctx, entity, name, near())));
        }
    }
}

/// The name of an entity that a loop runs over.
pub(super) fn is_loop_entity(ctx: &Context<'_>, step: &Step, expression: &Expression) -> bool {
    let StepKind::ForEach { collection, filter, .. } = &step.kind else { return false };
    let ExpressionKind::Path(path) = &collection.kind else { return false };
    std::ptr::eq(collection, expression)
        && (filter.is_some()
            || ctx.resolve(&path.text()) != specql_model::Resolution::Unknown
            || path.text().starts_with(|it: char| it.is_ascii_uppercase()))
}

fn in_expression<'a>(
    ctx: &Context<'a>,
    scope: &Scope<'a>,
    step: &Step,
    expression: &'a Expression,
    acc: &mut Vec<Diagnostic>,
) {
    scope.visit_paths(expression, &mut |scope, path, at| {
        let resolution = scope.resolve(path);
        acc.extend(part_of_list(ctx, &resolution, path));
        if let Some(variable) = stored::variable(scope, path) {
            acc.extend(stored::finding(ctx, scope, path, variable));
            return;
        }
        // `interval 5 days`: where a text is missing, the type before it is taken for a name.
        let is_type = |it: &Name| it.text.eq_ignore_ascii_case("interval");
        if !step.problems.is_empty() && path.first().is_some_and(is_type) {
            return;
        }
        if is_case_of_unknown(scope, step, expression, path) {
            return;
        }
        if let PathResolution::Unknown { segment, entity } = resolution {
            let found = finding(ctx, scope, path, segment, entity);
            let is_word = std::ptr::eq(at, expression) && path.segments.len() == 1;
            acc.extend(match &step.kind {
                StepKind::Notify { recipient, .. } if segment == 0 && is_word => {
                    let is_told = recipient.as_ref().is_some_and(|it| std::ptr::eq(it, at));
                    let behind = || is_told.then(|| behind_reference(ctx, scope, path)).flatten();
                    found.and_then(|it| slip(it).or_else(behind))
                }
                StepKind::Notify { .. } => found.map(not_sent),
                StepKind::Switch { subject, .. }
                    if is_word && !std::ptr::eq(subject, expression) =>
                {
                    found.map(|it| if it.fixes.is_empty() { bare_text(ctx, path, it) } else { it })
                }
                _ if segment == 0 && is_free(ctx, step) => None,
                _ => found,
            });
        }
    });
}

/// A word of a case that is near to no name: a text without its quotes.
fn bare_text(ctx: &Context<'_>, path: &Path, found: Diagnostic) -> Diagnostic {
    let Some(name) = path.first() else { return found };
    let better = format!("'{}'", name.text);
    let message = format!(
        "nothing is called `{}` here, so the action would fail; a text has quotes, so write `{better}`",
        name.text
    );
    let edits = ctx.write_part(name.range, &better);
    let fix = Fix::review(format!("Write `{better}`"), ctx.id(), edits);
    ctx.finding(&RULE, found.range, message).fix(Some(fix))
}

/// A word of a case where nothing says what the `switch` is about, so what it is a value of.
fn is_case_of_unknown(scope: &Scope<'_>, step: &Step, case: &Expression, path: &Path) -> bool {
    let StepKind::Switch { subject, .. } = &step.kind else { return false };
    let ExpressionKind::Path(about) = &subject.kind else { return false };
    let is_unknown = matches!(
        scope.resolve(about),
        PathResolution::Unknown { .. } | PathResolution::Input { path: None, .. }
    );
    is_unknown && !std::ptr::eq(subject, case) && path.segments.len() == 1
}

/// `lines.price`: a list has no columns, its items have.
fn part_of_list(
    ctx: &Context<'_>,
    resolution: &PathResolution<'_>,
    path: &Path,
) -> Option<Diagnostic> {
    let found = match resolution {
        PathResolution::Column(it)
        | PathResolution::Old(it)
        | PathResolution::New(it)
        | PathResolution::Variable { path: Some(it), .. } => it,
        _ => return None,
    };
    let last = found.steps.last()?;
    let Column::Field(field) = &last.column else { return None };
    let is_list = matches!(found.end, PathEnd::Opaque { .. }) && matches!(field.ty, Type::List(_));
    // Where it lies among the written segments depends on what stands before the row.
    let at = path.segments.iter().position(|it| it.text == field.name.text)?;
    let part = path.segments.get(at + 1).filter(|_| is_list)?;
    let message = format!(
        "`{}` is a list and has no part `{}`, so this has no value; go through its items with `foreach`",
        field.name.text, part.text
    );
    let found = ctx.finding(&RULE, part.range, message);
    Some(found.related(last.entity.0, field.name.range, "the list"))
}

fn unknown_segment(scope: &Scope<'_>, path: &Path) -> Option<(usize, Option<EntityId>)> {
    match scope.resolve(path) {
        PathResolution::Unknown { segment, entity } => Some((segment, entity)),
        _ => None,
    }
}

/// Whether the names of a step may be columns of an entity that is not known.
fn is_free(ctx: &Context<'_>, step: &Step) -> bool {
    match &step.kind {
        StepKind::ForEach { collection, filter: Some(_), .. } => match &collection.kind {
            ExpressionKind::Path(path) => ctx.resolve(&path.text()).found().is_none(),
            _ => false,
        },
        _ => false,
    }
}

/// Any word can be notified and sent, a recipient, a role, an event: one that is nearly a field's name is
/// told of.
fn slip(found: Diagnostic) -> Option<Diagnostic> {
    let message = found.message.replace("so the action would fail", "so the word itself is sent");
    (!found.fixes.is_empty()).then(|| Diagnostic { message, ..found }.level(Level::Warning))
}

/// `to: mail`, where the row that the one reference leads to has an address of this name.
fn behind_reference(ctx: &Context<'_>, scope: &Scope<'_>, path: &Path) -> Option<Diagnostic> {
    let name = path.first().filter(|_| !path.dollar)?;
    let own = ctx.workspace.entity(scope.own_entity())?;
    let address = |field: &Field| {
        let target = ctx.workspace.entity(ctx.workspace.target(own.id, &field.ty)?)?;
        let found = target.field(&name.text)?;
        let is_address =
            matches!(&found.ty, Type::Rich(it) if ["email", "phoneNumber"].contains(&it.name));
        is_address
            .then(|| (format!("{}.{}", field.name.text, name.text), target.id, found.name.range))
    };
    let mut all = own.fields.iter().filter(|it| matches!(it.ty, Type::Ref(_))).filter_map(address);
    let (better, entity, declared) = all.next()?;
    if all.next().is_some() {
        return None;
    }
    let message = format!(
        "`{}` has no field `{}`, so the word itself is sent; did you mean `{better}`?",
        own.name.text, name.text
    );
    let found = ctx.finding(&RULE, name.range, message).level(Level::Warning);
    Some(found.fix(Some(ctx.rename(name, &better))).related(entity.0, declared, "the address"))
}

/// A path, or a name inside of an expression, is no word.
fn not_sent(found: Diagnostic) -> Diagnostic {
    let message = found.message.replace("so the action would fail", "so nothing is sent");
    Diagnostic { message, ..found }
}

/// The conditions of declared side effects.
fn conditions<'a>(ctx: &Context<'a>, id: ActionId, action: &'a Action, acc: &mut Vec<Diagnostic>) {
    let scope = Scope::of_action(ctx.workspace, id);
    let entries = action.impact.iter().flat_map(|it| it.primary.iter().chain(&it.side_effects));
    let conditions = entries.filter_map(|it| it.condition.as_deref());
    // What is half read is `invalid-statement`.
    for (condition, _) in conditions.filter(|it| it.1.is_empty()) {
        scope.visit_paths(condition, &mut |scope, path, _| {
            if let Some((segment, entity)) = unknown_segment(scope, path) {
                acc.extend(finding(ctx, scope, path, segment, entity));
            }
        });
    }
}

fn finding(
    ctx: &Context<'_>,
    scope: &Scope<'_>,
    path: &Path,
    segment: usize,
    entity: Option<EntityId>,
) -> Option<Diagnostic> {
    let name = path.segments.get(segment).filter(|it| !it.text.is_empty())?;
    let Some(entity) = entity.and_then(|it| ctx.workspace.entity(it)) else {
        let before = path.segments.get(segment.checked_sub(1)?)?;
        let message = match alternatives(scope, path, segment) {
            Some(first) => format!(
                "`{}` leads to rows of several entities, so nothing says what `{}` is, and the action would fail; \
                 find the row first, like `find: {first} WHERE id = {}`",
                before.text, name.text, before.text
            ),
            None => format!("`{}` has no part `{}`, so this has no value", before.text, name.text),
        };
        return Some(ctx.finding(&RULE, name.range, message));
    };
    if segment > 0 {
        let known = ctx.knows_fields(entity) && !is_column(entity, &name.text);
        let near = suggest(&name.text, entity.column_names());
        return known.then(|| no_column(ctx, entity, name, near));
    }
    let mut rows = Vec::new();
    for row in scope.rows() {
        let Row::Of(id) = row else { return None };
        let row = ctx.workspace.entity(id).filter(|it| ctx.knows_fields(it))?;
        rows.push(row);
    }
    if rows.iter().any(|it| is_column(it, &name.text)) {
        return None;
    }
    if ctx.resolve(&name.text).found() == Some(scope.own_entity()) && path.segments.len() > 1 {
        return own_column(ctx, scope.own_entity(), path);
    }
    if let Some(found) = own_row(ctx, scope, path, name) {
        return Some(found);
    }
    // A name that a step gives at another place is `unknown-variable`.
    if variables::meant(ctx, scope, path).is_some() {
        return None;
    }
    let entities: Vec<&Entity> = rows.iter().map(AsRef::as_ref).collect();
    if let Some(found) = qualified::value(ctx, &entities, path) {
        return Some(found);
    }
    let columns = rows.iter().flat_map(|it| it.column_names());
    let parameters = scope.parameters().iter().map(|it| it.name.as_str());
    let near = suggest(&name.text, columns.chain(parameters));
    // It may be a parameter or a variable whose declaration is still typed.
    if near.is_none() && ctx.is_damaged_around(name.range) {
        return None;
    }
    Some(no_column(ctx, entity, name, near))
}

/// The first of several entities that the reference before a segment leads to.
fn alternatives<'a>(scope: &Scope<'a>, path: &Path, segment: usize) -> Option<&'a str> {
    let segments = path.segments.get(..segment)?.into();
    let before = Path { dollar: path.dollar, segments };
    let (_, field) = scope.resolve_field(&before)?;
    let targets = field.ty.targets();
    targets.first().filter(|_| targets.len() > 1).map(|it| it.name.as_str())
}

/// A path behind the name of the file's entity: `Post.title`.
fn own_column(ctx: &Context<'_>, own: EntityId, path: &Path) -> Option<Diagnostic> {
    let rest = path.segments.get(1..)?;
    let PathEnd::Unknown { segment, entity } = ctx.workspace.find_path(own, rest).end else {
        return None;
    };
    let name = rest.get(segment).filter(|it| !it.text.is_empty())?;
    let entity = ctx.workspace.entity(entity?)?;
    let near = suggest(&name.text, entity.column_names());
    (!is_column(entity, &name.text)).then(|| no_column(ctx, entity, name, near))
}

/// `self.title`, `NEW.title`: other languages' names of the row that an action is about.
fn own_row(ctx: &Context<'_>, scope: &Scope<'_>, path: &Path, name: &Name) -> Option<Diagnostic> {
    let right = match name.as_str() {
        "self" | "this" | "record" | "row" => "",
        "OLD" | "Old" => "old.",
        "NEW" | "New" => "new.",
        _ => return None,
    };
    let entity = ctx.workspace.entity(scope.own_entity())?;
    let column = path.segments.get(1).filter(|it| is_column(entity, &it.text))?;
    let better = format!("{right}{}", column.text);
    let message = format!(
        "nothing is called `{}` here, so the action would fail; write `{better}`",
        name.text
    );
    let range = specql_text::TextRange::new(name.range.start(), column.range.start());
    let edit = TextEdit::replace(range, right);
    let fix = Fix::review(format!("Write `{better}`"), ctx.id(), vec![edit]);
    Some(ctx.finding(&RULE, name.range, message).fix(fix))
}

/// The text between quotes that a word processor makes.
fn in_curly_quotes(name: &str) -> Option<&str> {
    const CURLY: [char; 8] = ['‘', '’', '‚', '“', '”', '„', '«', '»'];
    name.starts_with(CURLY).then(|| name.trim_matches(CURLY)).filter(|it| !it.is_empty())
}

fn no_column(ctx: &Context<'_>, entity: &Entity, name: &Name, near: Option<&str>) -> Diagnostic {
    if let Some(text) = in_curly_quotes(&name.text) {
        let message = format!(
            "SQL knows no such quotes, so `{}` is taken for a column; write `'{text}'`",
            name.text
        );
        let better = format!("'{text}'");
        return ctx.finding(&RULE, name.range, message).fix(ctx.rename(name, &better));
    }
    if let Some((column, value)) = joined(entity, &name.text) {
        let message = format!(
            "`{}` is one word to YAML, so `{column}` gets no value; write `{column}: {value}`",
            name.text
        );
        let fix = ctx.write(name.range, &format!("{column}: {value}"));
        return ctx.finding(&RULE, name.range, message).fix(Some(fix));
    }
    if let Some((better, what)) = key_column(entity, &name.text) {
        let message = format!(
            "`{}` is the column of {what} in the table, and steps do not name it, so the action would fail; write \
             `{better}`",
            name.text
        );
        let found = ctx.finding(&RULE, name.range, message).fix(ctx.rename(name, better));
        return found.related(entity.id.0, entity.name.range, "the entity");
    }
    let message = format!(
        "`{}` has no field `{}`, so the action would fail{}",
        entity.name.text,
        name.text,
        did_you_mean(near)
    );
    ctx.finding(&RULE, name.range, message)
        .related(entity.id.0, entity.name.range, "the entity")
        .fix(near.map(|it| ctx.rename(name, it)))
}

/// A column and its value that YAML reads as one key: `title:$title`, `title $title`.
fn joined<'n>(entity: &Entity, name: &'n str) -> Option<(&'n str, &'n str)> {
    let (column, value) = name.split_once([':', ' '])?;
    let value = value.trim_start_matches([':', ' ']);
    (is_column(entity, column) && !value.is_empty()).then_some((column, value))
}

/// What a step writes for a column that holds a key, and whose key it is.
fn key_column<'e>(entity: &'e Entity, name: &str) -> Option<(&'e str, &'static str)> {
    let field = name.strip_prefix("fk_").and_then(|it| entity.field(it));
    match field.filter(|it| matches!(it.ty, Type::Ref(_))) {
        Some(it) => Some((it.name.as_str(), "a reference")),
        None => {
            let is_key = name.strip_prefix("pk_").is_some_and(|it| it == entity.snake_name());
            is_key.then_some(("id", "the key"))
        }
    }
}

/// A bare word beside an enum is one of its values without quotes, or was meant to be one.
fn bare_values<'a>(ctx: &Context<'a>, id: ActionId, action: &'a Action, acc: &mut Vec<Diagnostic>) {
    visit_values(ctx, id, action, &mut |it| {
        let ExpressionKind::Path(path) = &it.value.kind else { return };
        let [name] = path.segments.as_slice() else { return };
        let Some(at) = acc.iter().position(|it| it.range == name.range) else { return };
        let listed = it.values.iter().map(unquoted).find(|it| *it == name.as_str());
        let near = listed.or_else(|| suggest(&name.text, it.values.iter().map(unquoted)));
        if it.is_case {
            // What is no value there is `unknown-enum-value`.
            acc.remove(at);
        } else if let (Some(near), Some(finding)) = (near, acc.get_mut(at)) {
            let quoted = format!("'{near}'");
            if listed.is_some() {
                finding.level = Level::Info;
                finding.message = format!(
                    "`{}` is read as the value `{quoted}` of `{}`; released generators want the quotes",
                    name.text, it.column
                );
            } else {
                finding.message = format!(
                    "`{}` is no field, and no value of `{}` either; did you mean `{quoted}`?",
                    name.text, it.column
                );
            }
            let edits = ctx.write_part(name.range, &quoted);
            finding.fixes =
                thin_vec::thin_vec![Fix::review(format!("Write `{quoted}`"), ctx.id(), edits)];
        }
    });
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn words_of_a_notification() {
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
  - name: tell
    steps:
      - notify: author(email, "Hello")
      - notify: athor(email, "Hello")
      #         ^^^^^ 💡 warning[unknown-field]: `Post` has no field `athor`, so the word itself is sent; did you mean `author`?
      - notify: support_team(email, "Hello")
        data:
          title: titel
          #      ^^^^^ 💡 warning[unknown-field]: `Post` has no field `titel`, so the word itself is sent; did you mean `title`?
          own: self.title
          #    ^^^^ 💡 error[unknown-field]: nothing is called `self` here, so nothing is sent; write `title`
          their: author.nme
          #             ^^^ 💡 error[unknown-field]: `User` has no field `nme`, so nothing is sent; did you mean `name`?
          loud: upper(nowhere)
          #           ^^^^^^^ error[unknown-field]: `Post` has no field `nowhere`, so nothing is sent
          kind: urgent
          before: old.title
      - notify: post_told
"#,
        );
    }

    #[test]
    fn the_own_row_in_other_languages() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: look
    steps:
      - validate: self.title = this.title AND record.nope = 'x'
      #           ^^^^ 💡 error[unknown-field]: nothing is called `self` here, so the action would fail; write `title`
      #                        ^^^^ 💡 error[unknown-field]
      #                                       ^^^^^^ error[unknown-field]: `Post` has no field `record`, so the action would fail
      - validate: NEW.title <> OLD.title
      #           ^^^ 💡 error[unknown-field]: nothing is called `NEW` here, so the action would fail; write `new.title`
      #                        ^^^ 💡 error[unknown-field]
      - validate: new.title <> old.title AND post.title <> Post.title AND tb_post.title <> 'x'
"#,
        );
        check_fix(
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: look\n    steps:\n      - validate: se$0lf.title = 'x'  # why\n",
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: look\n    steps:\n      - validate: title = 'x'  # why\n",
        );
    }

    #[test]
    fn what_steps_store() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
schema: crm
fields:
  name: text
actions:
  - name: greet
    steps:
      - update: User SET name = 'x'
    impact: {primary: {entity: User, operation: UPDATE}}
#- /post.yaml
entity: Post
schema: crm
fields:
  title: text
  views: integer
  status: enum(draft, sent)
  author: ref(User)
actions:
  - name: look
    steps:
      - call: greet(id = author.id)
        store: greeted
      - call: app.words(title)
        store: words
      - validate: greeted.nam = 'x' AND greeted.name = words AND $greeted.nope IS NULL
      #                   ^^^ 💡 error[unknown-field]: `User` has no field `nam`, so the action would fail; did you mean `name`?
      #                                                                   ^^^^ error[unknown-field]: `User` has no field `nope`, so the action would fail
      - validate: words.first = 'x'
      #                 ^^^^^ error[unknown-field]: `words` is what a function of SQL gives, and has no part `first`, so the action would fail
      - foreach: row in (SELECT id, title AS name, count(*), views + 1, fk_author, status FROM crm.tb_post GROUP BY pk_post)
        do:
          - update: Post SET title = $row.titel, views = row.count, author = $row.fk_author WHERE id = row.id
          #                               ^^^^^ error[unknown-field]: the query of this loop gives no column `titel`, so the action would fail; it gives `id`, `name`, `count`, `fk_author` and `status`
          - update: Post SET title = $row.name WHERE author = $row.author AND id = $row
          #                                                        ^^^^^^ 💡 error[unknown-field]
          #                                                                         ^^^ error[unknown-field]: `row` is a row of a query, which is no value, so the action would fail; name one of its columns: `row.id`
          - validate: row.fk_author.name = 'x' AND row.Name = 'x'
          #                         ^^^^ error[unknown-field]: `fk_author` is a column of a query, and nothing comes after it, so the action would fail; select `name` in the query
          #                                            ^^^^ 💡 error[unknown-field]
      - foreach: one in (SELECT * FROM crm.tb_user)
        do:
          - update: User SET name = $one.nmae WHERE id = $one.id
          #                              ^^^^ 💡 error[unknown-field]: the query of this loop gives no column `nmae`, so the action would fail; did you mean `name`?
      - foreach: one in (SELECT * FROM other.things)
        do:
          - update: User SET name = $one.anything WHERE id = $one.id
      - foreach: one in (WITH w AS (SELECT 1 AS a) SELECT w.a FROM w)
        do:
          - update: Post SET views = $one.a + $one.b WHERE views = 1
          #                                        ^ error[unknown-field]
    impact:
      primary: {entity: Post, operation: UPDATE}
      side_effects: [{entity: User, operation: UPDATE}]
"#,
        );
    }

    #[test]
    fn names_resolve_against_the_entity_that_is_written() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
fields:
  name: text
  post_count: integer
#- /post.yaml
entity: Post
fields:
  title: text
  status: enum(draft, sent)
  author: ref(User)
actions:
  - name: create_post
    steps:
      - validate: titel IS NOT NULL AND author.nam <> 'x' AND author.id = input.author
      #           ^^^^^ 💡 error[unknown-field]: `Post` has no field `titel`, so the action would fail; did you mean `title`?
      #                                        ^^^ 💡 error[unknown-field]: `User` has no field `nam`, so the action would fail; did you mean `name`?
      - insert: Post(title, stauts)
      #                     ^^^^^^ 💡 error[unknown-field]: `Post` has no field `stauts`, so the action would fail; did you mean `status`?
      - update: User SET post_count = post_count + 1, titel = 'x' WHERE nam = 'x'
      #                                               ^^^^^ error[unknown-field]: `User` has no field `titel`, so the action would fail
      #                                                                 ^^^ 💡 error[unknown-field]: `User` has no field `nam`, so the action would fail; did you mean `name`?
      - update: User SET name = title WHERE name = Post.titel
      #                                                 ^^^^^ 💡 error[unknown-field]: `Post` has no field `titel`, so the action would fail; did you mean `title`?
      - validate: EXISTS User WHERE nam = title
      #                             ^^^ 💡 error[unknown-field]
      - validate: status = draft
      #                    ^^^^^ 💡 info[unknown-field]: `draft` is read as the value `'draft'` of `status`; released generators want the quotes
      - validate: status = drfat
      #                    ^^^^^ 💡 error[unknown-field]: `drfat` is no field, and no value of `status` either; did you mean `'draft'`?
      - switch: status
        cases:
          - {when: draft, then: [{return: a}]}
          - {when: drfat, then: [{return: b}]}
          #        ^^^^^ 💡 error[unknown-enum-value]: `drfat` is no value of `status`, so it never holds; did you mean `draft`?
      - validate: title.length > 3
      #                 ^^^^^^ error[unknown-field]: `title` has no part `length`, so this has no value
    impact:
      primary: {entity: Post, operation: CREATE}
      side_effects:
        - {entity: User, operation: UPDATE, condition: titel IS NULL}
        #                                              ^^^^^ 💡 error[unknown-field]
"#,
        );
    }

    #[test]
    fn names_are_seen_wherever_they_stand() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
  status: enum(draft, sent)
  data: json
  tags: list(text)
actions:
  - name: look
    steps:
      - validate: titel->>'a' = 'b' AND data ? titel
      #           ^^^^^ 💡 error[unknown-field]
      #                                        ^^^^^ 💡 error[unknown-field]
      - validate: EXTRACT(year FROM titel) > 1 AND position('x' IN titel) = 0
      #                             ^^^^^ 💡 error[unknown-field]
      #                                                            ^^^^^ 💡 error[unknown-field]
      - validate: trim(titel FROM titel) = 'a' AND overlay(titel PLACING 'a' FROM 1) = 'b'
      #                ^^^^^ 💡 error[unknown-field]
      #                           ^^^^^ 💡 error[unknown-field]
      #                                                    ^^^^^ 💡 error[unknown-field]
      - validate: title SIMILAR TO 'x' ESCAPE titel AND tags[titel] IS DISTINCT FROM titel
      #                                       ^^^^^ 💡 error[unknown-field]
      #                                                      ^^^^^ 💡 error[unknown-field]
      #                                                                              ^^^^^ 💡 error[unknown-field]
      - validate: (titel, title) = ROW(title, titel) AND titel = ANY(tags)
      #            ^^^^^ 💡 error[unknown-field]
      #                                       ^^^^^ 💡 error[unknown-field]
      #                                                  ^^^^^ 💡 error[unknown-field]
      - validate: titel AT TIME ZONE titel IS TRUE OR ARRAY[titel, title] && tags
      #           ^^^^^ 💡 error[unknown-field]
      #                              ^^^^^ 💡 error[unknown-field]
      #                                                     ^^^^^ 💡 error[unknown-field]
      - validate: title BETWEEN SYMMETRIC titel AND 'x' AND localtime IS NOT NULL
      #                                   ^^^^^ 💡 error[unknown-field]
      - validate: status = ANY(ARRAY[draft, 'snt']) AND status IS DISTINCT FROM 'drft'
      #                              ^^^^^ 💡 info[unknown-field]
      #                                     ^^^^^ 💡 error[unknown-enum-value]
      #                                                                         ^^^^^^ 💡 error[unknown-enum-value]
"#,
        );
    }

    #[test]
    fn names_that_are_something_else() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
fields:
  name: text
  address: SimpleAddress
#- /item.yaml
entity: Item
fields:
  post: ref(Post)
  amount: integer
#- /post.yaml
entity: Post
schema: blog
fields:
  title: text
  total: integer
  data: json
  author: ref(User)
actions:
  - name: create_post
    params:
      reason: text
    steps:
      - validate: reason IS NOT NULL AND input.reason = 'x' AND $reason = 'y' AND v_count > 0
      - validate: created_at < now() AND author.address.city = 'x' AND data.a.b = 1 AND author_id IS NULL
      - validate: (SELECT frob FROM stats.posts WHERE id = p_post_id) = 'x'
      - find: User WHERE name = title AND id = Post.author
        as: writer
      - foreach: item in Item WHERE post = input.id
        do:
          - update: Post SET total = total + item.amount
      - update: |
          blog.tb_post
          SET title = COALESCE(title, '') || p_title, fk_author = writer.id
          #                                           ^^^^^^^^^ 💡 error[unknown-field]: `fk_author` is the column of a reference in the table, and steps do not name it, so the action would fail; write `author`
          WHERE id = p_post_id AND pk_post = 3
          #                        ^^^^^^^ 💡 error[unknown-field]: `pk_post` is the column of the key in the table, and steps do not name it, so the action would fail; write `id`
      - notify: editor(email, "x")
    impact:
      primary: {entity: Post, operation: UPDATE}
"#,
        );
    }

    #[test]
    fn fields_that_are_not_all_known() {
        check_diagnostics(
            r#"
entity: Post
extends: {from: stdlib/post}
fields:
  title: text
actions:
  - name: look
    steps:
      - validate: body IS NOT NULL
"#,
        );
    }

    #[test]
    fn cases_that_are_texts() {
        check_diagnostics(
            r#"
entity: Seat
fields:
  label: text
  row_no: integer
actions:
  - name: take
    steps:
      - switch: CASE WHEN row_no < 3 THEN 'front' ELSE 'back' END
        cases:
          - when: front
          #       ^^^^^ 💡 error[unknown-field]: nothing is called `front` here, so the action would fail; a text has quotes, so write `'front'`
            then:
              - update: Seat SET label = 'x'
          - when: "'back'"
            then:
              - update: Seat SET label = 'y'
    impact:
      primary: {entity: Seat, operation: UPDATE, fields: [label]}
"#,
        );
        let before = "entity: Seat\nfields:\n  label: text\nactions:\n  - name: take\n    params: {mode: text!}\n    steps:\n      - switch: mode\n        cases:\n          - when: $0vip\n            then:\n              - update: Seat SET label = 'x'\n    impact: {primary: {operation: UPDATE, fields: [label]}}\n";
        check_fix(before, &before.replace("$0vip", "\"'vip'\""));
    }

    #[test]
    fn what_is_the_authors_own_tears_nothing() {
        check_diagnostics(
            r#"
#- /post.yaml
entity: Post
x-note: text about it
fields:
  title: text!
#- /draft.yaml
entity: Draft
fields:
  title: text!
words: text!
#<^^^ 💡 error[unknown-key]
#- /tag.yaml
entity: Tag
fields:
  post: ref(Post)!
  draft: ref(Draft)!
actions:
  - name: look
    steps:
      - validate: post.titel <> ''
      #                ^^^^^ 💡 error[unknown-field]
      - validate: draft.words <> ''
"#,
        );
    }

    #[test]
    fn the_near_name_or_the_quotes() {
        check_fix(
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: look\n    steps:\n      - validate: $0titel IS NOT NULL  # why\n",
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: look\n    steps:\n      - validate: title IS NOT NULL  # why\n",
        );
        check_fix(
            "entity: Post\nfields:\n  status: enum(draft, sent)\nactions:\n  - name: look\n    steps:\n      - validate: status = $0draft\n",
            "entity: Post\nfields:\n  status: enum(draft, sent)\nactions:\n  - name: look\n    steps:\n      - validate: status = 'draft'\n",
        );
    }
}
