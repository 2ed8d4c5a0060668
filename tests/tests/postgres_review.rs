//! What a reviewer of a database looks for, asked of the catalogue over the examples: the questions of
//! Supabase's splinter that concern a schema. What is let through has its reason beside it.

use postgres::Client;
use serde_json::{Value, json};
use specql_tests::postgres::{Database, EXAMPLES, example, json as query};

/// What is asked, and the query whose rows are findings.
const QUESTIONS: [(&str, &str); 9] = [
    (
        "a foreign key without an index",
        "SELECT format('%s.%s', c.conrelid::regclass, c.conname) FROM pg_constraint AS c
         WHERE c.contype = 'f' AND NOT EXISTS (
             SELECT FROM pg_index AS i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1]
         )",
    ),
    (
        "a table without a key",
        "SELECT c.oid::regclass::text FROM pg_class AS c JOIN own ON own.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p') AND NOT EXISTS (
             SELECT FROM pg_index AS i WHERE i.indrelid = c.oid AND i.indisprimary
         )",
    ),
    (
        "an index that another one repeats",
        "SELECT format('%s %s', a.indexrelid::regclass, b.indexrelid::regclass)
         FROM pg_index AS a JOIN pg_index AS b USING (indrelid) JOIN pg_class AS c ON c.oid = indrelid
         JOIN own ON own.oid = c.relnamespace
         WHERE a.indexrelid < b.indexrelid AND a.indkey = b.indkey AND a.indclass = b.indclass
             AND pg_get_expr(a.indexprs, indrelid) IS NOT DISTINCT FROM pg_get_expr(b.indexprs, indrelid)
             AND pg_get_expr(a.indpred, indrelid) IS NOT DISTINCT FROM pg_get_expr(b.indpred, indrelid)",
    ),
    (
        "a function whose search path the caller chooses",
        "SELECT f.oid::regprocedure::text FROM pg_proc AS f JOIN own ON own.oid = f.pronamespace
         WHERE NOT EXISTS (SELECT FROM unnest(f.proconfig) AS s(it) WHERE s.it ^@ 'search_path=')
             -- A procedure that commits cannot have one for good, so it sets it in each transaction.
             AND NOT (f.prokind = 'p' AND f.prosrc ~ 'BEGIN\\s+PERFORM pg_catalog.set_config[(].search_path')
             -- PostgreSQL writes a call of these into the query that calls them; every name in them is
             -- qualified or built in, so a search path means nothing there.
             AND NOT (f.prolang = (SELECT l.oid FROM pg_language AS l WHERE l.lanname = 'sql') AND f.prosrc !~ '[^.a-z_$](FROM|JOIN) [a-z_]+[^.a-z_(]')",
    ),
    (
        "a function with the rights of its owner that anybody may call",
        "SELECT f.oid::regprocedure::text FROM pg_proc AS f JOIN own ON own.oid = f.pronamespace
         WHERE f.prosecdef AND has_function_privilege('public', f.oid, 'EXECUTE')",
    ),
    (
        "policies without row-level security",
        "SELECT DISTINCT p.polrelid::regclass::text FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid
         WHERE NOT c.relrowsecurity",
    ),
    (
        "row-level security without a policy",
        "SELECT c.oid::regclass::text FROM pg_class AS c WHERE c.relrowsecurity AND NOT EXISTS (
             SELECT FROM pg_policy AS p WHERE p.polrelid = c.oid
         )",
    ),
    (
        "a policy that calls a function for every row",
        "SELECT format('%s.%s', p.polrelid::regclass, p.polname) FROM pg_policy AS p,
         LATERAL (VALUES (pg_get_expr(p.polqual, p.polrelid)), (pg_get_expr(p.polwithcheck, p.polrelid))) AS e(it)
         WHERE regexp_replace(e.it, '\\( ?SELECT [a-z_.]+\\(\\)[^)]*\\)', '', 'g') ~ '[a-z_]+\\('",
    ),
    (
        "a table that PUBLIC may use",
        "SELECT c.oid::regclass::text FROM pg_class AS c JOIN own ON own.oid = c.relnamespace,
         LATERAL aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) AS a
         WHERE c.relkind IN ('r', 'p', 'v', 'm') AND a.grantee = 0",
    ),
];

const OWN: &str = "WITH own AS (
    SELECT n.oid FROM pg_namespace AS n
    WHERE n.nspname NOT IN ('information_schema', 'public') AND n.nspname !~ '^pg_'
)";

/// What a question finds.
fn found(client: &mut Client, question: &str) -> Value {
    query(
        client,
        &format!("{OWN} SELECT coalesce(jsonb_agg(q.it), '[]') FROM ({question}) AS q(it)"),
    )
}

#[test]
fn a_reviewer_of_the_catalogue_finds_nothing() {
    for name in EXAMPLES {
        let database = Database::of(&example(name));
        let mut client = database.connect();
        for (what, question) in QUESTIONS {
            assert_eq!(found(&mut client, question), json!([]), "{name}: {what}");
        }
    }
}

#[test]
fn each_question_finds_what_it_asks_for() {
    let database = Database::empty();
    let mut client = database.connect();
    client
        .batch_execute(
            "CREATE SCHEMA x;
             CREATE TABLE x.a (id integer PRIMARY KEY, b integer REFERENCES x.a);
             CREATE TABLE x.no_key (id integer);
             CREATE INDEX one ON x.no_key (id);
             CREATE INDEX two ON x.no_key (id);
             CREATE FUNCTION x.who() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN 1; END';
             CREATE POLICY p ON x.a USING (id = x.who());
             ALTER TABLE x.no_key ENABLE ROW LEVEL SECURITY;
             GRANT SELECT ON x.a TO PUBLIC",
        )
        .expect("a schema with faults");
    for (what, question) in QUESTIONS {
        let found = found(&mut client, question);
        assert_eq!(found.as_array().map(Vec::len), Some(1), "{what}: {found}");
    }
}

#[test]
fn readers_of_a_tenant_and_of_a_reference_have_an_index() {
    let database = Database::of(&example("saas"));
    let mut client = database.connect();
    let found = query(
        &mut client,
        "SELECT jsonb_agg(i.indexdef ORDER BY i.indexname) FROM pg_indexes AS i
         WHERE i.tablename = 'tv_member' AND i.indexname ^@ 'idx_'",
    );
    let on = "CREATE INDEX idx_tv_member_";
    let expected = [
        format!("{on}fk_organization ON saas.tv_member USING btree (organization_id, tenant_id)"),
        format!("{on}tenant_id ON saas.tv_member USING btree (tenant_id)"),
    ];
    assert_eq!(found, json!(expected));
}
