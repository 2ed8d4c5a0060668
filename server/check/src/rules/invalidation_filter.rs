//! The filter of an invalidated query names a field that there is not, or a value that its field does not
//! take.
//!
//! A query is about the entity that its name says (`posts`, `post`, `allPosts`); of any other query
//! nothing is known but a misspelling of a field that the action is about.

use specql_contract::{Input, Origin, inputs_of};
use specql_model::{
    Action, ActionId, Entity, Field, Impact, Invalidation, Name, Type,
    infer::{self, Assigned, Scalar, ValueType},
    one_slip_from, suggest,
};

use specql_syntax::yaml::{Node, Resolved};

use crate::{
    Context, Diagnostic, Fix, Level, Rule,
    context::{did_you_mean, listed},
    enums::{lists, unquoted},
    limits::refusal,
    names::is_column,
    parameters::declared,
    queries::{entity_of_query, queries_of},
    rules::type_mismatch::described,
    variables::has_unread_steps,
    wanted::{Written, written},
};

pub(crate) const RULE: Rule = Rule {
    code: "invalidation-filter",
    level: Level::Warning,
    summary: "the filter of an invalidation names a field or a value that there is not",
    run: invalidation_filter,
    page: include_str!("../../../../docs/rules/invalidation-filter.md"),
};

/// Arguments of lists that are no fields.
const PAGING: &[&str] = &[
    "limit",
    "offset",
    "first",
    "last",
    "after",
    "before",
    "page",
    "pageSize",
    "page_size",
    "orderBy",
    "order_by",
    "sort",
    "search",
    "query",
    "where",
    "filter",
    "cursor",
];

fn invalidation_filter(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action, impact) in ctx.impacts() {
        for it in &impact.cache_invalidations {
            if let Some(query) = &it.query {
                acc.extend(misspelled_query(ctx, impact, query));
                report(ctx, (id, action), query, it, acc);
            }
        }
    }
}

fn report(
    ctx: &Context<'_>,
    (id, action): (ActionId, &Action),
    query: &Name,
    invalidation: &Invalidation,
    acc: &mut Vec<Diagnostic>,
) {
    let about = ctx.entity().and_then(|own| entity_of_query(ctx.workspace, own, &query.text));
    for (name, value) in &invalidation.filter {
        if value.text.is_empty() && value.range.is_empty() {
            let message = format!(
                "nothing stands behind `{}`, so the filter asks for rows without it; write the value, or `null`",
                name.text
            );
            acc.push(ctx.finding(&RULE, name.range, message));
            continue;
        }
        let field = about.and_then(|it| it.field(&name.text));
        // Of an argument that there is not nobody asks for its value.
        let is_argument = about.is_none_or(|it| field.is_some() || !ctx.knows_fields(it));
        let is_same = || value.text.ends_with(name.as_str());
        if is_argument || !is_same() {
            acc.extend(of_input(ctx, (id, action), value, about.zip(field)));
        }
        let Some(entity) = about.filter(|it| ctx.knows_fields(it)) else {
            acc.extend(misspelled(ctx, action, name));
            continue;
        };
        let Some(field) = entity.field(&name.text) else {
            acc.extend(unknown(ctx, entity, name).or_else(|| misfit_id(ctx, name, value)));
            continue;
        };
        if let Some(found) = of_other_type(ctx, action, entity, field, value) {
            acc.push(found);
            continue;
        }
        let items = ctx.node_at(value.range).and_then(Node::as_sequence);
        match (&field.ty, items) {
            (Type::Enum(values), Some(list)) => {
                let items = list.items.iter().filter_map(Node::name);
                acc.extend(items.filter_map(|it| unlisted(ctx, values, name, &it)));
            }
            (Type::Enum(values), None) => acc.extend(unlisted(ctx, values, name, value)),
            _ => acc.extend(misfit(ctx, entity, field, value)),
        }
    }
}

/// A query whose name is one slip away from that of an entity of the action, and the name of no other. Any other
/// name may be a query of the author's own.
fn misspelled_query(ctx: &Context<'_>, impact: &Impact, query: &Name) -> Option<Diagnostic> {
    let own = ctx.entity()?;
    if entity_of_query(ctx.workspace, own, &query.text).is_some() {
        return None;
    }
    let entities = ctx.entries(impact).map(|it| it.1.snake_name());
    // Of shorter words too many are one letter apart.
    let names = entities.flat_map(|it| queries_of(&it)).filter(|it| it.len() > 4);
    let near = one_slip_from(&query.text, names)?;
    let message = format!("no query is called `{}`, so none is refreshed", query.text);
    let message = format!("{message}{}", did_you_mean(Some(&near)));
    Some(ctx.finding(&RULE, query.range, message).fix(ctx.rename(query, &near)))
}

/// `input.x` where `x` is no input of the action.
fn of_input(
    ctx: &Context<'_>,
    (id, action): (ActionId, &Action),
    value: &Name,
    argument: Option<(&Entity, &Field)>,
) -> Option<Diagnostic> {
    let input = value.text.strip_prefix("input.").or_else(|| value.text.strip_prefix('$'))?;
    let own = ctx.entity().filter(|it| ctx.knows_fields(it))?;
    let is_known = is_column(own, input) || action.parameter(input).is_some();
    if input.contains('.') || is_known || input.is_empty() || has_unread_steps(action) {
        return None;
    }
    // What the steps read, of other entities too.
    let is_read = |it: &Input| {
        let here = matches!(it.origin, Origin::Key { range, .. } if range == value.range);
        !here && it.spellings.iter().any(|it| it == input)
    };
    if inputs_of(ctx.workspace, id).iter().any(is_read) {
        return None;
    }
    let parameters = action.parameters.iter().map(|it| it.name.as_str());
    let near = suggest(input, parameters.chain(own.column_names()));
    let advice =
        near.map_or_else(|| "; declare it under `params`".to_owned(), |it| did_you_mean(Some(it)));
    let message = format!(
        "`{input}` is no input of `{}`, so the query is refreshed for no row{advice}",
        action.name.text
    );
    let ty = || {
        let (owner, field) = argument?;
        let from = Written { owner: owner.id, file: id.entity };
        written(ctx.workspace, from, &field.ty)
    };
    let fix = match near {
        Some(near) => Some(ctx.rename(value, &value.text.replace(input, near))),
        None => declared(ctx, id, input, &ty().unwrap_or_else(|| "text".to_owned())),
    };
    Some(ctx.finding(&RULE, value.range, message).fix(fix))
}

fn unknown(ctx: &Context<'_>, entity: &Entity, name: &Name) -> Option<Diagnostic> {
    let first = name.text.split('.').next().unwrap_or_default();
    if is_column(entity, first) || PAGING.contains(&name.as_str()) || name.text.is_empty() {
        return None;
    }
    let near = suggest(&name.text, entity.column_names());
    let message = format!(
        "`{}` has no field `{}`, so no query has this argument and none is refreshed{}",
        entity.name.text,
        name.text,
        did_you_mean(near)
    );
    Some(
        ctx.finding(&RULE, name.range, message)
            .related(entity.id.0, entity.name.range, "the entity")
            .fix(near.map(|it| ctx.rename(name, it))),
    )
}

fn unlisted(ctx: &Context<'_>, values: &[Name], name: &Name, value: &Name) -> Option<Diagnostic> {
    let text = unquoted(value);
    let is_literal = !text.is_empty()
        && text != "null"
        && text.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '-'))
        && ctx.node_at(value.range).is_some_and(|it| it.as_scalar().is_some());
    let names_value = lists(values, text);
    // A bare word may be a field of the row or a parameter.
    let is_field = ctx.entity().is_some_and(|it| is_column(it, text));
    if !is_literal || names_value || is_field || values.is_empty() {
        return None;
    }
    let near = suggest(text, values.iter().map(unquoted));
    let choice = match near {
        Some(_) => did_you_mean(near),
        None => format!("; it has {}", listed(values.iter().map(unquoted))),
    };
    let message =
        format!("`{text}` is no value of `{}`, so no query has this argument{choice}", name.text);
    Some(ctx.finding(&RULE, value.range, message).fix(near.map(|it| ctx.rename(value, it))))
}

/// A value that the field's type does not take. What is no input is sent as it stands here.
fn misfit(ctx: &Context<'_>, entity: &Entity, field: &Field, value: &Name) -> Option<Diagnostic> {
    let text = value.text.trim();
    let is_input = text.starts_with('$') || text.starts_with("input.");
    let is_scalar = ctx.node_at(value.range).is_some_and(|it| it.as_scalar().is_some());
    if is_input || text.is_empty() || text == "null" || !is_scalar || !field.problems.is_empty() {
        return None;
    }
    let ty = infer::column_type(ctx.workspace, entity, &field.name.text);
    let reads = match ty {
        ValueType::Row(_) => Scalar::Uuid.reads(text),
        ValueType::Scalar(it) => it.reads(text),
        _ => true,
    };
    if reads && matches!(ty, ValueType::Scalar(Scalar::Text)) && is_number(ctx, value) {
        let message = format!(
            "`{}` is text, and `{text}` is sent as a number, so no query has this argument; put it in quotes",
            field.name.text
        );
        let edits = ctx.write_part(value.range, &format!("\"{text}\""));
        let fix = Fix::review("Put it in quotes", ctx.id(), edits);
        let found = ctx.finding(&RULE, value.range, message).fix(fix);
        return Some(found.related(entity.id.0, field.name.range, "the field"));
    }
    if reads && let Some(it) = refusal(ctx, field, text) {
        let message = format!("{}, so no query has this argument", it.reason);
        let said = it.bound.unwrap_or(field.type_range);
        let found = ctx.finding(&RULE, value.range, message);
        return Some(found.related(entity.id.0, said, "what the field takes"));
    }
    if reads && matches!(ty, ValueType::Scalar(it) if it.is_number() || it == Scalar::Boolean) {
        let is_text = ctx.node_at(value.range)?.as_scalar()?.resolved == Resolved::Str;
        let message = format!(
            "`{}` is {}, and in quotes `{text}` is sent as a text, so no query has this argument; leave the \
             quotes out",
            field.name.text,
            described(ctx, ty)
        );
        let found = ctx.finding(&RULE, value.range, message);
        return is_text.then(|| found.related(entity.id.0, field.name.range, "the field"));
    }
    let own = ctx.entity().filter(|_| !reads)?;
    let path = ["old.", "new."].iter().find_map(|it| text.strip_prefix(it)).unwrap_or(text);
    let first = path.split('.').next().unwrap_or_default();
    let advice = if is_column(own, first) {
        format!(
            "it is sent as this text, for nothing is read from the row here; write `input.{first}`, or leave it out"
        )
    } else {
        "so no query has this argument and none is refreshed".to_owned()
    };
    let what = match ty {
        ValueType::Row(_) => "the id of a row".to_owned(),
        _ => described(ctx, ty),
    };
    let message = format!("`{}` is {what}, and `{text}` is none; {advice}", field.name.text)
        .replace("; so no", ", so no");
    let found = ctx.finding(&RULE, value.range, message);
    Some(found.related(entity.id.0, field.name.range, "the field"))
}

/// Whether a value is a number to YAML.
fn is_number(ctx: &Context<'_>, value: &Name) -> bool {
    let scalar = ctx.node_at(value.range).and_then(|it| it.as_scalar());
    let is_digits = |it: &str| it.parse::<f64>().is_ok();
    scalar.is_some_and(|it| it.resolved != Resolved::Str && is_digits(&it.text))
}

/// `id: 5`: the id of a row is none.
fn misfit_id(ctx: &Context<'_>, name: &Name, value: &Name) -> Option<Diagnostic> {
    let text = value.text.trim();
    let is_scalar = ctx.node_at(value.range)?.as_scalar().is_some();
    let is_read = text.starts_with('$') || text.starts_with("input.") || text.contains(['(', '{']);
    if name.text != "id" || !is_scalar || is_read || text.is_empty() || Scalar::Uuid.reads(text) {
        return None;
    }
    let advice = if ctx.entity().is_some_and(|it| is_column(it, text)) {
        format!("write `input.{text}`")
    } else {
        "write `input.id`".to_owned()
    };
    let message = format!(
        "`id` is the id of a row, and `{text}` is none, so no query has this argument; {advice}"
    );
    Some(ctx.finding(&RULE, value.range, message))
}

/// `author: input.title`: an input of a type that the field does not have.
fn of_other_type(
    ctx: &Context<'_>,
    action: &Action,
    entity: &Entity,
    field: &Field,
    value: &Name,
) -> Option<Diagnostic> {
    let input = value.text.strip_prefix("input.").or_else(|| value.text.strip_prefix('$'))?;
    let own = ctx.entity()?;
    let (given, declared) = match (action.parameter(input), own.field(input)) {
        (Some(it), _) => (ValueType::of_type(ctx.workspace, own.id, &it.ty), it.name.range),
        (None, Some(it)) => (infer::column_type(ctx.workspace, own, &it.name.text), it.name.range),
        (None, None) => return None,
    };
    let wanted = infer::column_type(ctx.workspace, entity, &field.name.text);
    // An id is given as a text as well.
    let is_id =
        matches!(wanted, ValueType::Row(_) | ValueType::Rows(_) | ValueType::Scalar(Scalar::Uuid));
    let is_text = given == ValueType::Scalar(Scalar::Text);
    let is_own_text = is_text && action.parameter(input).is_none();
    if infer::assigned(given, wanted) != Assigned::Refused && !(is_id && is_own_text) {
        return None;
    }
    let message = format!(
        "`{}` is {}, and `{}` is {}, so no query has this argument",
        field.name.text,
        described(ctx, wanted),
        value.text,
        described(ctx, given)
    );
    let found = ctx.finding(&RULE, value.range, message);
    Some(found.related(ctx.id(), declared, "the input"))
}

/// A name that is nearly a field of an entity that the action declares, and a field of none.
fn misspelled(ctx: &Context<'_>, action: &Action, name: &Name) -> Option<Diagnostic> {
    let entities: Vec<_> = ctx.entries(action.impact.as_deref()?).map(|it| it.1).collect();
    let is_known = |it: &std::sync::Arc<Entity>| is_column(it, &name.text) || !ctx.knows_fields(it);
    if entities.iter().any(|it| is_known(it)) || PAGING.contains(&name.as_str()) {
        return None;
    }
    if action.parameters.iter().any(|it| it.name.text == name.text) {
        return None;
    }
    let near = suggest(&name.text, entities.iter().flat_map(|it| it.column_names()))?;
    let message = format!(
        "`{}` is a field of no entity of this action, so no query has this argument{}",
        name.text,
        did_you_mean(Some(near))
    );
    Some(ctx.finding(&RULE, name.range, message).fix(ctx.rename(name, near)))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    const HEAD: &str = "
entity: Post
fields:
  title: text
  status: enum(draft, published)
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary: {operation: CREATE}
      cache_invalidations:
";

    #[test]
    fn fields_and_values() {
        check_diagnostics(&format!(
            "{HEAD}        - query: posts
          filter: {{statu: draft, status: publishd, limit: 10}}
          #        ^^^^^ 💡 warning[invalidation-filter]: `Post` has no field `statu`, so no query has this argument and none is refreshed; did you mean `status`?
          #                              ^^^^^^^^ 💡 warning[invalidation-filter]: `publishd` is no value of `status`, so no query has this argument; did you mean `published`?
        - query: dashboard
          filter: {{titel: x, anything: y}}
          #        ^^^^^ 💡 warning[invalidation-filter]: `titel` is a field of no entity of this action, so no query has this argument; did you mean `title`?
        - query: posts
          filter: {{status: $status, id: input.id}}
"
        ));
    }

    #[test]
    fn inputs_that_nothing_reads() {
        check_diagnostics(
            "
#- /comment.yaml
entity: Comment
fields:
  post: ref(Post)
  body: text
#- /post.yaml
entity: Post
fields:
  title: text
actions:
  - name: comment_on
    params: {depth: integer}
    steps:
      - insert: Comment(post, body)
      - validate: $depth < 5
    impact:
      primary: {entity: Comment, operation: CREATE, fields: [post, body]}
      cache_invalidations:
        - {query: thread, filter: {id: input.post_id, body: input.body, depth: $depth, reader: input.reader}}
        #                                                                                      ^^^^^^^^^^^^ 💡 warning[invalidation-filter]: `reader` is no input of `comment_on`, so the query is refreshed for no row; declare it under `params`
        - {query: lists, filter: {first: input.titl}}
        #                                ^^^^^^^^^^ 💡 warning[invalidation-filter]: `titl` is no input of `comment_on`, so the query is refreshed for no row; did you mean `title`?
",
        );
    }

    #[test]
    fn values_and_the_types_of_their_fields() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
fields: {name: text}
#- /post.yaml
entity: Post
fields: {title: text, views: integer, due: date, live: boolean, author: ref(User), tags: list(text)}
actions:
  - name: rename
    params: {views: integer, author: uuid}
    steps:
      - update: Post SET title = 'x'
    impact:
      primary: {operation: UPDATE, fields: [title]}
      cache_invalidations:
        - query: posts
          filter: {views: many, due: 5, live: maybe, author: 7, tags: x, title: y}
          #               ^^^^ warning[invalidation-filter]: `views` is a whole number, and `many` is none, so no query has this argument and none is refreshed
          #                          ^ warning[invalidation-filter]
          #                                   ^^^^^ warning[invalidation-filter]
          #                                                  ^ warning[invalidation-filter]: `author` is the id of a row, and `7` is none, so no query has this argument and none is refreshed
        - query: posts
          filter: {views: $views, due: "2024-02-01", live: true, author: old.author}
          #                                                              ^^^^^^^^^^ warning[invalidation-filter]: `author` is the id of a row, and `old.author` is none; it is sent as this text, for nothing is read from the row here; write `input.author`, or leave it out
        - query: posts
          filter: {views: 5, author: input.author, id: $author}
"#,
        );
    }

    #[test]
    fn the_near_value() {
        let before =
            format!("{HEAD}        - {{query: posts, filter: {{status: $0publishd}}}}  # x\n");
        check_fix(&before, &before.replace("$0publishd", "published"));
    }

    #[test]
    fn a_parameter_is_declared_as_the_argument_is() {
        let file = |params: &str, value: &str| {
            format!(
                "entity: Post\nfields:\n  title: text\n  author: ref(User)\nactions:\n  - name: look\n{params}    steps:\n      - update: Post SET title = 'x'\n    impact:\n      primary: {{operation: UPDATE}}\n      cache_invalidations:\n        - query: posts\n          filter: {{author: {value}}}\n"
            )
        };
        let user = "#- /user.yaml\nentity: User\nfields: {name: text}\n#- /post.yaml\n";
        check_fix(
            &format!("{user}{}", file("", "input.$0reader")),
            &file("    params:\n      reader: ref(User)\n", "input.reader"),
        );
    }

    #[test]
    fn numbers_texts_and_inputs_of_another_type() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
fields: {name: text}
#- /post.yaml
entity: Post
fields: {title: text, views: integer, live: boolean, author: ref(User)}
actions:
  - name: rename
    params: {new_title: text, count: integer, who: ref(User)}
    steps:
      - update: Post SET title = $new_title, views = $count, author = $who
    impact:
      primary: {operation: UPDATE, fields: [title, views, author]}
      cache_invalidations:
        - query: posts
          filter: {title: 5, views: "5", live: "true", id: 7}
          #               ^ 💡 warning[invalidation-filter]: `title` is text, and `5` is sent as a number, so no query has this argument; put it in quotes
          #                         ^^^ warning[invalidation-filter]: `views` is a whole number, and in quotes `5` is sent as a text, so no query has this argument; leave the quotes out
          #                                    ^^^^^^ warning[invalidation-filter]: `live` is a truth value, and in quotes `true` is sent as a text, so no query has this argument; leave the quotes out
          #                                                ^ warning[invalidation-filter]: `id` is the id of a row, and `7` is none, so no query has this argument; write `input.id`
        - query: posts
          filter: {title: input.count, author: $new_title, views: $count}
        - query: posts
          filter: {title: "5", views: 5, id: input.id, author: input.who}
        - query: post
          filter: {id: id}
          #            ^^ warning[invalidation-filter]: `id` is the id of a row, and `id` is none, so no query has this argument; write `input.id`
"#,
        );
    }
}
