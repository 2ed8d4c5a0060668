//! Steps in their one-line and long forms.

use insta::assert_snapshot;
use specql_syntax::expression::{Expression, ExpressionKind};

use super::{list, text};
use crate::{Step, StepKind, Write, test_support::entity};

/// The steps of a text, one in a line; expressions are shown as written, texts in quotes.
fn steps(yaml: &str) -> String {
    let indented: String = yaml.lines().map(|it| format!("      {it}\n")).collect();
    let file = format!("entity: A\nactions:\n  - name: act\n    steps:\n{indented}");
    let entity = entity(&file);
    let mut shown = String::new();
    for step in entity.actions.iter().flat_map(|it| &it.steps) {
        write_step(step, &file, 0, &mut shown);
    }
    shown
}

fn write_step(step: &Step, file: &str, depth: usize, shown: &mut String) {
    let indent = "  ".repeat(depth);
    shown.push_str(&format!("{indent}{}\n", line(step, file)));
    for problem in &step.problems {
        let at = problem.range.slice(file);
        shown.push_str(&format!("{indent}  ^ {:?} at `{at}`\n", problem.kind));
    }
    for branch in step.branches() {
        shown.push_str(&format!("{indent}  {{\n"));
        branch.iter().for_each(|it| write_step(it, file, depth + 2, shown));
        shown.push_str(&format!("{indent}  }}\n"));
    }
}

fn line(step: &Step, file: &str) -> String {
    let expression = |it: &Expression| expression(it, file);
    match &step.kind {
        StepKind::Validate { condition, error, message } => format!(
            "validate {} error {} message {}",
            expression(condition),
            text(error.as_ref()),
            text(message.as_ref())
        ),
        StepKind::Insert(it) => format!("insert {}", write(it, file)),
        StepKind::Update(it) => format!("update {}", write(it, file)),
        StepKind::Upsert(it) => format!("upsert {}", write(it, file)),
        StepKind::Delete { write: it, hard } => format!("delete hard={hard} {}", write(it, file)),
        StepKind::Find { write: it, error } => {
            format!("find {} error {}", write(it, file), text(error.as_deref()))
        }
        StepKind::If { condition, .. } => format!("if {}", expression(condition)),
        StepKind::ForEach { variable, collection, filter, .. } => format!(
            "foreach {} in {} where {}",
            text(variable.as_ref()),
            expression(collection),
            filter.as_ref().map_or("-".to_owned(), expression)
        ),
        StepKind::Switch { subject, cases, .. } => {
            let cases: Vec<String> = cases.iter().map(|it| expression(&it.0)).collect();
            format!("switch {} of {cases:?}", expression(subject))
        }
        StepKind::Call { schema, function, arguments, bind } => {
            let arguments: Vec<String> = arguments
                .iter()
                .map(|(name, value)| format!("{} = {}", text(name.as_ref()), expression(value)))
                .collect();
            format!(
                "call {}.{} {arguments:?} into {}",
                text(schema.as_ref()),
                text(function.as_ref()),
                text(bind.as_ref())
            )
        }
        StepKind::Notify { recipient, channel, message, data } => {
            let data = data.iter().map(|it| format!(" {} = {}", it.0.text, expression(&it.1)));
            format!(
                "notify {} {} {}{}",
                recipient.as_ref().map(expression).unwrap_or_default(),
                text(channel.as_ref()),
                message.as_ref().map(expression).unwrap_or_default(),
                data.collect::<String>()
            )
        }
        StepKind::Reject(it) => format!("reject {}", text(it.as_ref())),
        StepKind::Return(it) => format!("return {}", text(it.as_ref())),
        StepKind::Refresh { scope, propagate, strategy } => format!(
            "refresh {} {} {}",
            text(scope.as_ref()),
            list(propagate),
            text(strategy.as_ref())
        ),
        StepKind::Extended => format!("extended {}", step.keyword.text),
        StepKind::Unknown => format!("unknown `{}`", step.keyword.text),
    }
}

fn write(it: &Write, file: &str) -> String {
    let mut shown = it.entity.as_ref().map_or("-".to_owned(), |it| {
        let schema = it.schema.as_ref().map(|it| format!("{}.", it.text)).unwrap_or_default();
        format!("{schema}{}", it.name.text)
    });
    if !it.columns.is_empty() {
        shown.push_str(&format!(" columns {}", list(&it.columns)));
    }
    for assignment in &it.assignments {
        let value = expression(&assignment.value, file);
        shown.push_str(&format!(" {} := {value}", assignment.field.text));
    }
    for (word, name) in [("from", &it.from), ("as", &it.bind), ("on conflict", &it.conflict_action)]
    {
        if let Some(name) = name {
            shown.push_str(&format!(" {word} {}", name.text));
        }
    }
    if !it.conflict_target.is_empty() {
        shown.push_str(&format!(" by {}", list(&it.conflict_target)));
    }
    if let Some(filter) = &it.filter {
        shown.push_str(&format!(" where {}", expression(filter, file)));
    }
    if it.all_input {
        shown.push_str(" all");
    }
    shown
}

fn expression(it: &Expression, file: &str) -> String {
    match &it.kind {
        ExpressionKind::String(text) => format!("'{text}'"),
        ExpressionKind::Number(digits) => digits.to_string(),
        ExpressionKind::Bool(value) => value.to_string(),
        ExpressionKind::Null => "NULL".to_owned(),
        ExpressionKind::Missing => "∅".to_owned(),
        _ => it.range.slice(file).to_owned(),
    }
}

#[test]
fn one_line_forms() {
    assert_snapshot!(
        steps(
            "- validate: status = 'draft'
  error: not_a_draft
- validate: a = 1
  error_message: a is not one
- insert: Post(title, author)
- insert: Post
  fields: [title]
  as: post
- update: User SET post_count = post_count + 1 WHERE id = input.author
- delete: Post
  hard: true
- upsert: Setting(key, value)
  conflict_target: [key]
  conflict_action: nothing
- find: User WHERE email = input.email
  as: user
  error: unknown_user
- foreach: one in Post WHERE author = input.id
  do:
    - delete: Post WHERE id = one.id
- call: blog.touch(id = input.id, 5)
  store: answer
- notify: author(email, \"hello\")
- reject: not_allowed
- return: done
- refresh_table_view: {scope: propagate, propagate: [author], strategy: deferred}
- refresh_table_view: self"
        ),
        @r#"
    validate status = 'draft' error not_a_draft message -
    validate a = 1 error - message a is not one
    insert Post columns [title, author]
    insert Post columns [title] as post
    update User post_count := post_count + 1 where id = input.author
    delete hard=true Post
    upsert Setting columns [key, value] on conflict nothing by [key]
    find User as user where email = input.email error unknown_user
    foreach one in Post where author = input.id
      {
        delete hard=false Post where id = one.id
      }
    call blog.touch ["id = input.id", "- = 5"] into answer
    notify author email 'hello'
    reject not_allowed
    return done
    refresh propagate [author] deferred
    refresh self [] -
    "#
    );
}

#[test]
fn plain_values_mean_what_the_loader_makes_of_them() {
    assert_snapshot!(
        steps(
            "- update: Post
    set: {a: 012, b: 12:30, c: 1_000, d: 2024-01-31, e: yes, f: ~, g: '012', h: 1.5, i: 10 - 2}"
        ),
        @"update Post a := 10 b := 750 c := 1000 d := '2024-01-31' e := true f := NULL g := '012' h := 1.5 i := 10 - 2"
    );
}

#[test]
fn long_forms() {
    assert_snapshot!(
        steps(
            "- validate: {condition: a = 1, error: e}
- update:
    entity: blog.User
    set: {name: input.name, count: count + 1}
    where: {id: input.author, active: true}
- insert: {entity: Post, values: {title: 'Hello', n: 5}, store: post}
- insert: Post
  fields: {title: input.title}
- insert: {entity: Post, from: input}
- delete: {entity: Post, where: id = input.id, hard: true}
- find: {entity: User, where: [a = 1, b = 2], as: user}
- if: {condition: a = 1, then: [{reject: no}]}
- foreach: {variable: one, in: items, do: [{delete: Post}]}
- switch: {expression: status, cases: [{when: 'draft', then: [{reject: a}]}], default: [{reject: b}]}
- call: {action: touch, args: {id: input.id}, result: answer}
- call: touch
  args: [input.id, 'text']
- notify: shipped
  to: customer.email
- notify: {recipient: author, channel: email, message: hello}
- notify: shipped
  to: customer
  data: {total: total * 2, number: input.number}
- notify: {recipient: author, data: [author.name, 1 + 1]}"
        ),
        @r#"
    validate a = 1 error e message -
    update blog.User name := input.name count := count + 1 where id: input.author, active: true
    insert Post title := 'Hello' n := 5 as post
    insert Post title := input.title
    insert Post from input
    delete hard=true Post where id = input.id
    find User as user where a = 1, b = 2 error -
    if a = 1
      {
        reject no
      }
      {
      }
    foreach one in items where -
      {
        delete hard=false Post
      }
    switch status of ["'draft'"]
      {
        reject a
      }
      {
        reject b
      }
    call -.touch ["id = input.id"] into answer
    call -.touch ["- = input.id", "- = 'text'"] into -
    notify customer.email - shipped
    notify author email 'hello'
    notify customer - shipped total = total * 2 number = input.number
    notify author -  name = author.name
      ^ Expected("a name before this value") at `1 + 1`
    "#
    );
}

#[test]
fn values_in_quotes() {
    assert_snapshot!(
        steps(
            "- update: Post
  set:
    a: 'text'
    b: \"Hello, world\"
    c: \"price * quantity\"
    d: \"input.title\"
    e: \"'quoted twice'\"
    f: '5'
    g: now()
    h: yes
    i: ~
    j: name || ' is out'
    k: [1, 2]
    l: \"$item\"
    m: 2026-01-31
    n: 'R&D | sure? yes'
    o: \"data->>'a'\"
    p: 'ARRAY[1, 2]'"
        ),
        @r#"
    update Post a := 'text' b := 'Hello, world' c := price * quantity d := input.title e := 'quoted twice' f := '5' g := now() h := true i := NULL j := name || ' is out' k := ∅ l := $item m := '2026-01-31' n := 'R&D | sure? yes' o := data->>'a' p := ARRAY[1, 2]
      ^ Expected("an expression") at `[1, 2]`
    "#
    );
}

#[test]
fn branches() {
    assert_snapshot!(
        steps(
            "- if: a = 1
  then:
    - insert: Post
  else:
    - if: b = 2
      then: {reject: once}
- switch: status
  cases:
    draft:
      - reject: a
    published: {reject: b}
  default:
    - reject: c
- switch: status
  cases:
    - when: status = 'x'
      then:
        - reject: d
    - then: [{reject: e}]"
        ),
        @r#"
    if a = 1
      {
        insert Post all
      }
      {
        if b = 2
          {
            reject once
          }
          {
          }
      }
    switch status of ["'draft'", "'published'"]
      {
        reject a
      }
      {
        reject b
      }
      {
        reject c
      }
    switch status of ["status = 'x'", "∅"]
      {
        reject d
      }
      {
        reject e
      }
      {
      }
    "#
    );
}

#[test]
fn the_first_keyword_of_the_upstream_order_decides() {
    assert_snapshot!(
        steps(
            "- update: Post
  validate: a = 1
- return: x
  insert: Post"
        ),
        @r"
    validate a = 1 error - message -
    insert Post all
    "
    );
}

#[test]
fn half_typed_and_unknown_steps() {
    assert_snapshot!(
        steps(
            "- insert:
- update: Post SET
- update: Post
  set:
- upd
-
- udpate: Post
- raw_sql: SELECT 1
- validate:
- call:
- foreach: x in
- set: {a: 1}
- update: Post
  set: a = 1
- update: Post
  set: nonsense"
        ),
        @r#"
    insert - all
    update Post  := ∅
      ^ Expected("a field") at ``
    update Post all
    unknown `upd`
    unknown ``
    unknown `udpate`
    extended raw_sql
    validate ∅ error - message -
    call -.- [] into -
    foreach x in ∅ where -
      ^ Expected("a value") at ``
      {
      }
    unknown `set`
    update Post a := 1
    update Post
      ^ Expected("fields with values") at `nonsense`
    "#
    );
}
