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
    IF ((SELECT r1.role FROM blog.tb_user AS r1 WHERE r1.pk_user = v_post.fk_author) = 'reader') IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'SPQ01', DETAIL = 'validation', MESSAGE = 'author.role = reader does not hold', COLUMN = 'author';
    END IF;
    "#);
}

#[test]
fn text_in_json_takes_the_type_of_what_it_meets() {
    assert_snapshot!(translated("validate: data.size > likes AND input.extra < 3"), @r#"
    v_field := 'extra';
    v_input_extra := app.input_text(input, 'extra');
    -- validate: data.size > likes AND input.extra < 3
    IF (((v_post.data ->> 'size')::integer > v_post.likes) AND (v_input_extra::numeric < 3)) IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'SPQ01', DETAIL = 'validation', MESSAGE = 'data.size > likes AND input.extra < 3 does not hold', COLUMN = 'data';
    END IF;
    "#);
}

#[test]
fn an_id_is_looked_up_once_and_not_for_every_row() {
    assert_snapshot!(translated("delete: Post WHERE author = input.writer AND id <> author.id"), @r#"
    v_field := 'writer';
    v_input_writer := app.input_text(input, 'writer');
    -- delete: Post WHERE author = input.writer AND id <> author.id
    WITH changed AS (
        UPDATE blog.tb_post AS t SET
            deleted_at = now(),
            deleted_by = v_user_id,
            updated_at = now(),
            updated_by = v_user_id
        WHERE ((t.fk_author = (SELECT r1.pk_user FROM blog.tb_user AS r1 WHERE r1.id = v_input_writer::uuid)) AND (t.id <> (SELECT r2.id FROM blog.tb_user AS r2 WHERE r2.pk_user = t.fk_author))) AND t.deleted_at IS NULL
        RETURNING t.id, t.pk_post AS key
    )
    SELECT coalesce(array_agg(c.id ORDER BY c.key), '{}'), coalesce(array_agg(c.key ORDER BY c.key), '{}')
    INTO v_ids, v_keys FROM changed AS c;
    v_post_deleted := v_post_deleted || v_ids;
    v_post_keys := v_post_keys || v_keys;
    "#);
}

#[test]
fn null_is_tested_and_not_compared() {
    assert_snapshot!(translated("validate: likes != NULL AND NOT title LIKE '%''%'"), @r#"
    -- validate: likes != NULL AND NOT title LIKE '%''%'
    IF ((v_post.likes IS NOT NULL) AND (NOT (v_post.title LIKE '%''%'))) IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'SPQ01', DETAIL = 'validation', MESSAGE = 'likes != NULL AND NOT title LIKE ''%''''%'' does not hold', COLUMN = 'likes';
    END IF;
    "#);
}

#[test]
fn a_query_is_passed_on_when_it_is_closed() {
    assert_snapshot!(translated("validate: likes < (SELECT max(p.likes) FROM blog.tb_post AS p)"), @r#"
    -- validate: likes < (SELECT max(p.likes) FROM blog.tb_post AS p)
    IF (v_post.likes < (SELECT max(p.likes) FROM blog.tb_post AS p)) IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'SPQ01', DETAIL = 'validation', MESSAGE = 'likes < (SELECT max(p.likes) FROM blog.tb_post AS p) does not hold', COLUMN = 'likes';
    END IF;
    "#);
}

#[test]
fn existence_is_asked_of_live_rows() {
    assert_snapshot!(translated("validate: NOT EXISTS User WHERE name = title AND role IN (author, reader)"), @r#"
    -- validate: NOT EXISTS User WHERE name = title AND role IN (author, reader)
    IF (NOT EXISTS (SELECT FROM blog.tb_user AS e1 WHERE e1.deleted_at IS NULL AND ((e1.name = v_post.title) AND (e1.role IN ('author', 'reader'))))) IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'SPQ01', DETAIL = 'validation', MESSAGE = 'NOT EXISTS User WHERE name = title AND role IN (author, reader) does not hold', COLUMN = 'title';
    END IF;
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
    v_called := blog.fn_promote(jsonb_build_object('id', (SELECT r1.id FROM blog.tb_user AS r1 WHERE r1.pk_user = v_post.fk_author), 'amount', v_post.likes + 1));
    IF v_called.status <> 'success' THEN
        RAISE EXCEPTION USING ERRCODE = 'SPQ01', MESSAGE = v_called.message,
            DETAIL = split_part(v_called.status, ':', 2);
    END IF;
    v_called_updated := v_called_updated || ARRAY(
        SELECT e.value FROM jsonb_array_elements(v_called.extra_metadata #> ARRAY['_cascade', 'updated']) AS e(value)
    );
    v_called_deleted := v_called_deleted || ARRAY(
        SELECT e.value FROM jsonb_array_elements(v_called.extra_metadata #> ARRAY['_cascade', 'deleted']) AS e(value)
    );
    v_called_invalidations := v_called_invalidations || ARRAY(
        SELECT e.value FROM jsonb_array_elements(v_called.extra_metadata #> ARRAY['_cascade', 'invalidations']) AS e(value)
    );
    "#);
}
