//! Expressions and steps.

use insta::assert_snapshot;

use super::{rendered, steps};
use crate::Artifact;

const USER: &str = "
entity: User
schema: blog
fields:
  name: text!
  role: enum(reader, author)! = reader
  post_count: integer = 0
";

fn post(steps: &str) -> String {
    format!(
        "entity: Post\nschema: blog\nfields:\n  title: text!\n  author: ref(User)!\n  likes: integer\n  data: json\nactions:\n  - name: act\n    steps:\n{steps}"
    )
}

fn translated(step: &str) -> String {
    let text = post(&format!("      - {step}\n"));
    steps(&[&text, USER])
}

#[test]
fn a_reference_is_followed_by_its_key() {
    assert_snapshot!(translated("validate: author.role = reader"), @r#"
    -- validate: author.role = reader
    IF ((SELECT r2$.role FROM blog.tb_user AS r2$ WHERE r2$.pk_user = row$post.fk_author) = 'reader') IS NOT TRUE THEN PERFORM app.fail('validation', 'author.role = reader does not hold', 'author'); END IF;
    "#);
}

#[test]
fn text_in_json_takes_the_type_of_what_it_meets() {
    assert_snapshot!(translated("validate: data.size > likes AND input.extra < 3"), @r#"
    in$extra text := input$ ->> 'extra';
    -- validate: data.size > likes AND input.extra < 3
    IF ((app.digits(row$post.data ->> 'size')::integer > row$post.likes) AND (app.digits(in$extra)::numeric < 3)) IS NOT TRUE THEN PERFORM app.fail('validation', 'data.size > likes AND input.extra < 3 does not hold', 'data'); END IF;
    "#);
}

#[test]
fn an_id_is_looked_up_once_and_not_for_every_row() {
    assert_snapshot!(translated("delete: Post WHERE author = input.writer AND id <> author.id"), @r#"
    in$writer text := input$ ->> 'writer';
    -- delete: Post WHERE author = input.writer AND id <> author.id
    WITH w$ AS (
        UPDATE blog.tb_post AS t$ SET
            deleted_at = now(), deleted_by = ctx$.user_id, updated_at = now(), updated_by = ctx$.user_id
        WHERE ((t$.fk_author = (SELECT r3$.pk_user FROM blog.tb_user AS r3$ WHERE r3$.id = in$writer::uuid)) AND (t$.id <> (SELECT r4$.id FROM blog.tb_user AS r4$ WHERE r4$.pk_user = t$.fk_author))) AND t$.deleted_at IS NULL
        RETURNING t$.id, t$.pk_post AS key
    )
    SELECT array_agg(ROW('Post', 'D', w$.id)::app.touch ORDER BY w$.key) INTO new$ FROM w$;
    touched$ := touched$ || new$;
    work$.id := coalesce(work$.id, (new$[1]).id);
    "#);
}

#[test]
fn null_is_tested_and_not_compared() {
    assert_snapshot!(translated("validate: likes != NULL AND NOT title LIKE '%''%'"), @r#"
    -- validate: likes != NULL AND NOT title LIKE '%''%'
    IF ((row$post.likes IS NOT NULL) AND (NOT (row$post.title LIKE '%''%'))) IS NOT TRUE THEN PERFORM app.fail('validation', 'likes != NULL AND NOT title LIKE ''%''''%'' does not hold', 'likes'); END IF;
    "#);
}

#[test]
fn a_query_is_passed_on_when_it_is_closed() {
    assert_snapshot!(translated("validate: likes < (SELECT max(p.likes) FROM blog.tb_post AS p)"), @r#"
    -- validate: likes < (SELECT max(p.likes) FROM blog.tb_post AS p)
    IF (row$post.likes < (SELECT max(p.likes) FROM blog.tb_post AS p)) IS NOT TRUE THEN PERFORM app.fail('validation', 'likes < (SELECT max(p.likes) FROM blog.tb_post AS p) does not hold', 'likes'); END IF;
    "#);
}

#[test]
fn existence_is_asked_of_live_rows() {
    assert_snapshot!(translated("validate: NOT EXISTS User WHERE name = title AND role IN (author, reader)"), @r#"
    -- validate: NOT EXISTS User WHERE name = title AND role IN (author, reader)
    IF (NOT EXISTS (SELECT FROM blog.tb_user AS e2$ WHERE e2$.deleted_at IS NULL AND ((e2$.name = row$post.title) AND (e2$.role IN ('author', 'reader'))))) IS NOT TRUE THEN PERFORM app.fail('validation', 'NOT EXISTS User WHERE name = title AND role IN (author, reader) does not hold', 'title'); END IF;
    "#);
}

#[test]
fn what_cannot_be_translated_is_said_where_it_stands() {
    let text = post("      - update: Ghost SET a = 1\n      - validate: frob(title)\n");
    let rendered = rendered(&[&text, USER], Artifact::Action);
    assert_eq!(rendered.problems.len(), 2, "{:#?}", rendered.problems);
    assert_snapshot!(steps(&[&text, USER]), @r#"
    -- update: Ghost SET a = 1
    -- unresolved-name: `Ghost` is no entity of the workspace
    RAISE EXCEPTION USING ERRCODE = 'feature_not_supported', MESSAGE = 'step `update` of act has no translation';
    -- validate: frob(title)
    -- unresolved-name: `frob` is no function known here; name its schema to call one of your own
    RAISE EXCEPTION USING ERRCODE = 'feature_not_supported', MESSAGE = 'step `validate` of act has no translation';
    "#);
}

#[test]
fn a_called_action_gets_its_arguments_by_name() {
    let text = post("      - call: promote(id = author, amount = likes + 1)\n");
    let user = format!(
        "{USER}actions:\n  - name: promote\n    params:\n      amount: integer!\n    steps:\n      - update: User SET post_count = post_count + input.amount\n"
    );
    assert_snapshot!(steps(&[&text, &user]), @r#"
    -- call: promote(id = author, amount = likes + 1)
    called$ := blog.do_promote(jsonb_build_object('id', (SELECT r3$.id FROM blog.tb_user AS r3$ WHERE r3$.pk_user = row$post.fk_author), 'amount', row$post.likes + 1), ctx$);
    touched$ := touched$ || called$.touched;
    calls$ := calls$ || ROW(blog.spec_promote(), called$.touched, called$.arguments)::app.call;
    work$.id := coalesce(work$.id, app.first_touched(called$.touched, 'User', '{U}'));
    work$.fields := work$.fields || called$.fields;
    "#);
}

#[test]
fn an_input_has_the_name_that_raw_forms_give_it() {
    let file = |name: &str| {
        format!(
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: note\n    params: {{note_text: text!}}\n    steps:\n      - update: Post SET title = title || {name} WHERE id = input.id\n"
        )
    };
    let (raw, plain) = (file("p_note_text"), file("input.note_text"));
    let sql = |text: &str| {
        let lines = steps(&[text]);
        lines.lines().filter(|it| !it.trim_start().starts_with("--")).collect::<String>()
    };
    assert_eq!(sql(&raw), sql(&plain));
    assert!(sql(&raw).contains("note_text"), "{}", sql(&raw));
    assert_eq!(rendered(&[&raw], Artifact::Action).problems, []);
}

/// Calls that give the same are looked through for locks once, however many ways lead to them.
#[test]
fn calls_of_calls_are_looked_through_once() {
    let texts: Vec<String> = (0..16)
        .map(|it| {
            let call = format!("      - call: act_{}(id = input.id)\n", it + 1);
            let calls = if it < 15 { call.repeat(4) } else { String::new() };
            format!("entity: Thing{it}\nschema: s\nfields: {{title: text}}\nactions:\n  - name: act_{it}\n    steps:\n      - update: Thing{it} SET title = 'x'\n{calls}")
        })
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let text = rendered(&texts, Artifact::Action).text;
    let locked = text.matches("FROM s.tb_thing15 AS t$").count();
    assert!((1..40).contains(&locked), "{locked}");
}

#[test]
fn every_function_over_rows_is_told_as_one() {
    for name in specql_model::functions::aggregates() {
        let text = translated(&format!("update: Post SET likes = {name}(likes)"));
        assert!(
            text.contains(&format!("{name}` needs rows; write `(SELECT {name}(…) FROM …)`")),
            "{text}"
        );
    }
}

/// Two finds at one place of their files: the called one runs on more than its first row.
#[test]
fn a_step_of_another_file_at_the_same_place_is_another_step() {
    let find = "      - find: Item WHERE label = input.label\n";
    let item = |action: &str, step: &str| {
        format!(
            "entity: Item\nschema: a\nfields: {{label: text!, size: integer}}\nactions:\n  - name: {action}\n    params: {{label: text!}}\n    steps:\n{step}"
        )
    };
    let callee = item("pick", find);
    let caller = "entity: Cart\nschema: a\nfields: {label: text!, size: integer}\nactions:\n  - name: fill\n    params: {label: text!}\n    steps:\n";
    let own = "      - find: Cart WHERE label = input.label\n";
    let call = "      - call: pick(label = input.label)\n";
    let caller = format!("{caller}{own}{call}");
    assert_eq!(caller.find(own), callee.find(find));
    let locks = rendered(&[&caller, &callee], Artifact::Action).text;
    let of_items = locks.split("PERFORM FROM a.tb_item AS t$").nth(1).unwrap_or_default();
    let of_items = of_items.split(';').next().unwrap_or_default();
    assert!(of_items.contains("FOR SHARE") && !of_items.contains("LIMIT"), "{locks}");
}
