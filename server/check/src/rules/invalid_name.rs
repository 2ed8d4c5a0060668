//! A name that GraphQL cannot have, or that PostgreSQL would cut off.
//!
//! The names that are made of it count as well: the function, the constraint, the audit history.

use specql_model::{
    Declared::ByKey,
    Name,
    names::{MAX_SQL_BYTES, MadeName, is_graphql_name},
    said_twice,
};

use specql_syntax::edit::Value;
use specql_text::{TextEdit, TextRange};

use crate::{
    Context, Diagnostic, Fix, Level, Rule,
    declared::{Declared, declared, rename_everywhere},
    variables,
};

pub(crate) const RULE: Rule = Rule {
    code: "invalid-name",
    level: Level::Error,
    summary: "a name that GraphQL or PostgreSQL cannot have",
    run: invalid_name,
    page: include_str!("../../../../docs/rules/invalid-name.md"),
};

fn invalid_name(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let names = declared(ctx);
    for (kind, name) in &names {
        if *kind != Declared::Schema && !is_graphql_name(&name.text) {
            acc.push(not_in_graphql(ctx, *kind, name));
        }
        if *kind == Declared::Schema {
            acc.extend(not_a_schema(ctx, name));
            acc.extend(too_long(ctx, &MadeName { from: name, text: name.text.to_string() }));
        }
    }
    acc.extend(nameless_schema(ctx));
    acc.extend(with_schema(ctx));
    acc.extend(twice(ctx));
    too_long_names(ctx, acc);
    in_impacts(ctx, acc);
    for (_, action) in ctx.actions() {
        acc.extend(variables::declared(action).into_iter().filter_map(|it| not_readable(ctx, it)));
    }
}

/// Queries and collections, by which clients know what they have.
fn in_impacts(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (_, _, impact) in ctx.impacts() {
        let queries = impact.cache_invalidations.iter().filter_map(|it| it.query.as_ref());
        let collections = impact.side_effects.iter().filter_map(|it| it.collection.as_ref());
        let all =
            queries.map(|it| (it, "a query")).chain(collections.map(|it| (it, "a collection")));
        for (name, what) in all {
            if !name.text.trim().contains(char::is_whitespace) {
                acc.extend(unnameable(ctx, name).filter(|_| what == "a collection"));
                continue;
            }
            let better = spelled(&name.text);
            let like = better.as_ref().map(|it| format!("; write `{it}`")).unwrap_or_default();
            let message = format!(
                "`{}` is {what}, and no client has one with a space in its name{like}",
                name.text
            );
            let fix = better.map(|it| ctx.rename(name, &it));
            acc.push(ctx.finding(&RULE, name.range, message).fix(fix));
        }
    }
}

/// A collection that clients find in the answer and cannot write behind a dot.
fn unnameable(ctx: &Context<'_>, name: &Name) -> Option<Diagnostic> {
    if name.text.is_empty() || is_graphql_name(&name.text) || ctx.is_damaged(name.range) {
        return None;
    }
    let better = spelled(&name.text);
    let like = better.as_ref().map(|it| format!("; write `{it}`")).unwrap_or_default();
    let message = format!(
        "`{}` is a collection, by whose name clients read its rows, and that is no name in GraphQL{like}",
        name.text
    );
    let fix = better.map(|it| ctx.rename(name, &it));
    Some(ctx.finding(&RULE, name.range, message).level(Level::Warning).fix(fix))
}

/// `entity: shop.Order`.
fn with_schema(ctx: &Context<'_>) -> Option<Diagnostic> {
    let entity = ctx.entity().filter(|it| it.declared == ByKey)?;
    let before = ctx.file.text().get(..entity.name.range.to_usize().start)?.strip_suffix('.')?;
    let schema = before.rsplit(|it: char| !(it.is_alphanumeric() || it == '_')).next()?;
    let start = u32::try_from(before.len() - schema.len()).ok()?;
    let range = TextRange::new(start, entity.name.range.end());
    let (name, root) = (&entity.name.text, &ctx.file.parse().yaml().root);
    let message = format!(
        "`{schema}.{name}` is no name of an entity, as its schema has a key of its own; write `entity: {name}` and \
         `schema: {schema}`"
    );
    let mut edits = vec![TextEdit::replace(range, name.to_string())];
    if root.get("schema").is_none() {
        edits.extend(ctx.insert_entry(root, "entity", "schema", &Value::Scalar(schema.to_owned())));
    }
    let fix = Fix::review(format!("Write `entity: {name}`"), ctx.id(), edits);
    Some(ctx.finding(&RULE, range, message).fix(fix))
}

/// `entity: Order Order`.
fn twice(ctx: &Context<'_>) -> Option<Diagnostic> {
    let name = ctx.entity().filter(|it| it.declared == ByKey).map(|it| &it.name)?;
    let before = ctx.file.text().get(..name.range.to_usize().start)?;
    let first = before.trim_end_matches([' ', '\t']).strip_suffix(name.as_str())?;
    let is_word = before.len() > first.len() + name.text.len() && first.ends_with([' ', '\t']);
    let start = u32::try_from(first.len()).ok().filter(|_| is_word && !name.text.is_empty())?;
    let range = TextRange::new(start, name.range.end());
    let message =
        format!("the name of the entity stands here twice; write `entity: {}`", name.text);
    let edits = vec![TextEdit::replace(range, name.text.to_string())];
    let fix = Fix::review(format!("Write `{}` once", name.text), ctx.id(), edits);
    Some(ctx.finding(&RULE, range, message).fix(fix))
}

/// `schema: ""`.
fn nameless_schema(ctx: &Context<'_>) -> Option<Diagnostic> {
    let schema = ctx.entity()?.schema.as_ref().filter(|it| it.text.is_empty())?;
    let entry = ctx.file.parse().yaml().root.as_mapping()?.get("schema")?;
    let message = "a schema has a name, and this one has none; write it, or leave `schema` out";
    let found = ctx.finding(&RULE, entry.key.range, message.to_owned());
    (!ctx.is_damaged(schema.range)).then_some(found)
}

/// A schema that PostgreSQL keeps for itself, or that a topic cannot be called by.
fn not_a_schema(ctx: &Context<'_>, name: &Name) -> Option<Diagnostic> {
    if name.text.to_ascii_lowercase().starts_with("pg_") {
        let message = format!(
            "`{}` cannot be a schema: names that begin with `pg_` belong to PostgreSQL; rename it",
            name.text
        );
        return Some(ctx.finding(&RULE, name.range, message));
    }
    let owner = match name.text.to_ascii_lowercase().as_str() {
        "app" => Some("the generated code"),
        "information_schema" => Some("PostgreSQL"),
        _ => None,
    };
    if let Some(owner) = owner {
        let message = format!(
            "`{}` cannot be the schema of an entity: {owner} keeps its own tables and functions there; rename it",
            name.text
        );
        return Some(ctx.finding(&RULE, name.range, message));
    }
    let is_plain = |it: char| it.is_ascii_alphanumeric() || it == '_';
    let wrong = name.text.chars().find(|it| !is_plain(*it) && *it != '-')?;
    let better = spelled(&name.text).map(|it| it.to_ascii_lowercase());
    let like = better.as_ref().map(|it| format!("; write `{it}`")).unwrap_or_default();
    let message = format!(
        "`{}` is a schema, and the topics of its events have letters of ASCII, digits, `_` and `-`, not `{}`{like}",
        name.text,
        wrong.escape_debug()
    );
    Some(ctx.finding(&RULE, name.range, message))
}

/// A variable with a name that no expression can have.
fn not_readable(ctx: &Context<'_>, name: &Name) -> Option<Diagnostic> {
    let is_wrong = |it: char| it.is_whitespace() || "-.,;:/+".contains(it);
    if name.text.starts_with(|it: char| it.is_ascii_digit()) {
        let message = format!(
            "`{}` begins with a digit, which no name in an expression does, so no step can read this variable",
            name.text
        );
        return Some(ctx.finding(&RULE, name.range, message));
    }
    let better = spelled(&name.text).filter(|_| name.text.contains(is_wrong))?;
    let message = format!(
        "`{}` is no name that an expression can have, so no step can read this variable; write `{better}`",
        name.text
    );
    Some(ctx.finding(&RULE, name.range, message).fix(ctx.rename(name, &better)))
}

fn not_in_graphql(ctx: &Context<'_>, kind: Declared, name: &Name) -> Diagnostic {
    let reason = if name.text.starts_with("__") {
        "which keeps names with `__` for itself".to_owned()
    } else if name.text.starts_with(|it: char| it.is_ascii_digit()) {
        "where none begins with a digit".to_owned()
    } else {
        let wrong = name.text.chars().find(|it| !(it.is_ascii_alphanumeric() || *it == '_'));
        let wrong = wrong.unwrap_or_default().escape_debug();
        format!("which has letters of ASCII, digits and `_`, not `{wrong}`")
    };
    let better = spelled(&name.text).filter(|it| it != name.as_str());
    let like = better.as_ref().map(|it| format!("; write `{it}`")).unwrap_or_default();
    let message = format!(
        "`{}` is {} and no name in GraphQL, {reason}, so the API cannot have it{like}",
        name.text,
        kind.noun()
    );
    // Steps write the sign before the name of a parameter anyway.
    let fix = better.and_then(|it| match name.text.strip_prefix('$') {
        Some(rest) if rest == it => Some(ctx.rename(name, &it)),
        _ => rename_everywhere(ctx, kind, name, &it),
    });
    ctx.finding(&RULE, name.range, message).fix(fix)
}

/// The name in letters of GraphQL; absent where none is left to begin with.
fn spelled(name: &str) -> Option<String> {
    let mut res = String::new();
    for character in said_twice(name).unwrap_or(name).chars() {
        match letters(character) {
            Some(it) => res.push_str(it),
            None if character.is_ascii_alphanumeric() => res.push(character),
            None if res.ends_with('_') => {}
            None => res.push('_'),
        }
    }
    let res = res.trim_matches('_').to_owned();
    is_graphql_name(&res).then_some(res)
}

/// The spelling of a letter with a mark.
fn letters(character: char) -> Option<&'static str> {
    const MARKED: &[(&str, &str)] = &[
        ("ä", "ae"),
        ("ö", "oe"),
        ("ü", "ue"),
        ("ß", "ss"),
        ("Ä", "Ae"),
        ("Ö", "Oe"),
        ("Ü", "Ue"),
        ("àáâãå", "a"),
        ("èéêë", "e"),
        ("ìíîï", "i"),
        ("òóôõø", "o"),
        ("ùúû", "u"),
        ("ç", "c"),
        ("ñ", "n"),
        ("ÉÈÊ", "E"),
        ("ÀÁÂ", "A"),
    ];
    MARKED.iter().find(|it| it.0.contains(character)).map(|it| it.1)
}

fn too_long_names(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(entity) = ctx.entity() else { return };
    let is_audited = entity.is_audited(ctx.workspace.config());
    let mut found = entity.too_long_names();
    if is_audited && !found.iter().any(|it| it.from == &entity.name) {
        found.push(entity.made_audit_name(ctx.workspace));
    }
    found.extend(entity.actions.iter().map(specql_model::Action::made_name));
    acc.extend(found.iter().filter_map(|it| too_long(ctx, it)));
}

fn too_long(ctx: &Context<'_>, made: &MadeName<'_>) -> Option<Diagnostic> {
    let MadeName { from, text } = made;
    if !made.is_too_long() {
        return None;
    }
    let surplus = text.len().saturating_sub(MAX_SQL_BYTES);
    let message = if *text == *from.text {
        format!(
            "`{text}` has {} bytes, and PostgreSQL cuts names off after {MAX_SQL_BYTES}",
            text.len()
        )
    } else {
        format!(
            "`{text}` is made of `{}` and has {} bytes, and PostgreSQL cuts names off after {MAX_SQL_BYTES}; \
             shorten it by {surplus}",
            from.text,
            text.len()
        )
    };
    Some(ctx.finding(&RULE, from.range, message))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn a_schema_in_the_name_of_an_entity() {
        check_diagnostics(
            "
#- /order.yaml
entity: shop.Order
#       ^^^^^^^^^^ 💡 error[invalid-name]: `shop.Order` is no name of an entity, as its schema has a key of its own; write `entity: Order` and `schema: shop`
fields:
  title: text
#- /line.yaml
entity: Line
fields:
  order: ref(shop.Order)
",
        );
        check_fix(
            "entity: s$0hop.Order  # ours\nfields:\n  title: text\n",
            "entity: Order  # ours\nschema: shop\nfields:\n  title: text\n",
        );
    }

    #[test]
    fn schemas_and_numbers() {
        check_diagnostics(
            r#"
#- /a.yaml
entity: Post
schema: ${SCHEMA}
#       ^^^^^^^^^ error[invalid-name]: `${SCHEMA}` is a schema, and the topics of its events have letters of ASCII, digits, `_` and `-`, not `$`; write `schema`
fields:
  1: text
# ^ error[invalid-name]: `1` is a field and no name in GraphQL, where none begins with a digit, so the API cannot have it
#- /b.yaml
entity: Note
schema: pg_notes
#       ^^^^^^^^ error[invalid-name]: `pg_notes` cannot be a schema: names that begin with `pg_` belong to PostgreSQL; rename it
fields:
  title: text
#- /c.yaml
entity: Tag
schema: my-tags
fields:
  title: text
"#,
        );
    }

    #[test]
    fn names_without_a_spelling_in_graphql() {
        check_diagnostics(
            r#"
#- /addr.yaml
entity: Addr
schema: geo
fields:
  my-field: text
  #<^^^^^^ 💡 error[invalid-name]: `my-field` is a field and no name in GraphQL, which has letters of ASCII, digits and `_`, not `-`, so the API cannot have it; write `my_field`
  2fa: text
  #<^ error[invalid-name]: `2fa` is a field and no name in GraphQL, where none begins with a digit, so the API cannot have it
  größe: text
  #<^^^ 💡 error[invalid-name]: `größe` is a field and no name in GraphQL, which has letters of ASCII, digits and `_`, not `ö`, so the API cannot have it; write `groesse`
  __meta: text
  #<^^^^ 💡 error[invalid-name]: `__meta` is a field and no name in GraphQL, which keeps names with `__` for itself, so the API cannot have it; write `meta`
#- /fast.yaml
entity: 2Fast
#       ^^^^^ error[invalid-name]: `2Fast` is an entity and no name in GraphQL, where none begins with a digit, so the API cannot have it
schema: geo-2
fields:
  a: text
"#,
        );
    }

    #[test]
    fn names_that_are_cut_off() {
        let long = "a".repeat(64);
        let field = "b".repeat(50);
        let entity = format!("C{}", "c".repeat(35));
        let action = "d".repeat(61);
        let marks = |it: usize| "^".repeat(it);
        let (long_marks, field_marks) = (marks(62), marks(48));
        let (entity_marks, action_marks) = (marks(36), marks(61));
        check_diagnostics(&format!(
            r#"
#- /post.yaml
entity: Post
fields:
  {long}: text
  #<{long_marks} error[invalid-name]: `uq_tb_post_{long}` is made of `{long}` and has 75 bytes, and PostgreSQL cuts names off after 63; shorten it by 12
  {field}: enum(a, b)
  #<{field_marks} error[invalid-name]: `chk_tb_post_{field}_enum` is made of `{field}` and has 67 bytes, and PostgreSQL cuts names off after 63; shorten it by 4
actions:
  - name: {action}
    #     {action_marks} error[invalid-name]: `fn_{action}` is made of `{action}` and has 64 bytes, and PostgreSQL cuts names off after 63; shorten it by 1
    steps:
      - reject: nothing
#- /long.yaml
entity: {entity}
#       {entity_marks} error[invalid-name]
fields:
  a: text
"#
        ));
    }

    #[test]
    fn another_spelling() {
        check_fix(
            "entity: Post\nfields:\n  my$0-field: text  # mine\n",
            "entity: Post\nfields:\n  my_field: text  # mine\n",
        );
    }

    #[test]
    fn collections_that_clients_cannot_name() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
fields: {name: text}
#- /post.yaml
entity: Post
fields: {title: text, author: ref(User)}
actions:
  - name: rename
    steps:
      - update: User SET name = 'x'
    impact:
      primary: {entity: User, operation: UPDATE}
      side_effects: [{entity: User, operation: UPDATE, collection: changed-users}]
      #                                                            ^^^^^^^^^^^^^ 💡 warning[invalid-name]: `changed-users` is a collection, by whose name clients read its rows, and that is no name in GraphQL; write `changed_users`
"#,
        );
    }

    #[test]
    fn names_of_schemas_variables_queries_and_collections() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
schema: app
#       ^^^ error[invalid-name]: `app` cannot be the schema of an entity: the generated code keeps its own tables and functions there; rename it
fields: {name: text}
#- /team.yaml
entity: Team
schema: ""
#<^^^^ error[invalid-name]: a schema has a name, and this one has none; write it, or leave `schema` out
fields: {name: text}
#- /post.yaml
entity: Post
schema: crm
fields: {title: text, author: ref(app.User)}
actions:
  - name: rename
    steps:
      - find: app.User WHERE id = author
        as: 5x
        #   ^^ error[invalid-name]: `5x` begins with a digit, which no name in an expression does, so no step can read this variable
      - update: Post SET title = 'x'
      - update: app.User SET name = 'x'
    impact:
      primary: {operation: UPDATE}
      side_effects: [{entity: app.User, operation: UPDATE, collection: new users}]
      #                                                                ^^^^^^^^^ 💡 error[invalid-name]: `new users` is a collection, and no client has one with a space in its name; write `new_users`
      cache_invalidations:
        - query: all posts
        #        ^^^^^^^^^ 💡 error[invalid-name]: `all posts` is a query, and no client has one with a space in its name; write `all_posts`
"#,
        );
    }
}
