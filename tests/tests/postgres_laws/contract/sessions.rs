//! Several sessions at once over a random workspace, with inputs that are right and inputs that are not.
//! A trigger that knows nothing of the generated code notes every row that changes, and in which
//! transaction; what calls answered, the cascade, the audit and the outbox have to say the same.

#![allow(clippy::indexing_slicing, reason = "indices are drawn below the length")]

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use fastrand::Rng;
use postgres::{Client, error::SqlState};
use serde_json::{Value, json};
use specql_contract::{Contract, Outcome as Change};
use specql_model::{EntityId, Workspace};
use specql_tests::{
    postgres::{Database, Outcome},
    random_input::random_input,
};

use super::{
    compare::Promised,
    rows::row_of,
    run::{TENANT, load},
};

const SESSIONS: usize = 4;
const OTHER: &str = "00000000-0000-4000-8000-00000000cafe";
const NOBODY: &str = "00000000-0000-4000-8000-00000000dead";

const WITNESS: &str = "
CREATE SCHEMA seen;
CREATE TABLE seen.change (tx text, kind text, entity text, id text, gone boolean, row jsonb);
CREATE FUNCTION seen.note() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE r jsonb := to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END);
BEGIN
    INSERT INTO seen.change VALUES (
        pg_current_xact_id()::text, TG_ARGV[0], TG_ARGV[1], coalesce(r ->> 'entity_id', r ->> 'id'),
        TG_OP = 'DELETE' OR r ->> 'deleted_at' IS NOT NULL, CASE WHEN TG_ARGV[0] <> 'row' THEN r END
    );
    RETURN NULL;
END $$;";

/// A call to make, and who makes it.
struct Planned {
    promised: usize,
    function: String,
    input: Value,
    tenant: &'static str,
}

/// What came of it: the answer and its transaction, or the error.
type Came = Result<(Outcome, String), postgres::Error>;

/// Runs so many calls, over a database that `sabotage` has harmed; gives what was wrong, how many calls
/// there were, and how many succeeded.
pub(super) fn broken(
    workspace: &Workspace,
    seed: u64,
    calls: usize,
    sabotage: Option<&str>,
) -> (Vec<String>, usize, usize) {
    let database = Database::empty();
    let mut client = database.connect();
    load(&mut client, workspace);
    let contracts = Contract::all(workspace).filter(|it| !it.declared_only);
    let promised: Vec<Promised<'_>> = contracts.map(|it| Promised::new(workspace, it)).collect();
    let mut rng = Rng::with_seed(seed);
    let pools = pools(&mut client, workspace, &mut rng);
    witness(&mut client, workspace);
    client.batch_execute(sabotage.unwrap_or_default()).unwrap();
    let planned = plan(workspace, &promised, &pools, &mut rng, calls);
    let came = together(&database, &planned);
    let changes = changes(&mut client);
    let mut faults = Vec::new();
    let mut succeeded = BTreeSet::new();
    let mut successes = 0;
    for (call, came) in planned.iter().zip(&came) {
        let promised = &promised[call.promised];
        let found = match came {
            Ok((outcome, tx)) if outcome.status() == "success" => {
                successes += 1;
                succeeded.insert(tx.clone());
                let none = Vec::new();
                let mine = changes.get(tx).unwrap_or(&none);
                success(workspace, promised, outcome, mine)
            }
            Ok((outcome, _)) => promised.failure(outcome),
            Err(error) if error.code() == Some(&SqlState::T_R_SERIALIZATION_FAILURE) => Vec::new(),
            Err(error) => vec![format!("{error:?}")],
        };
        let what = format!("{}({})", call.function, call.input);
        faults.extend(found.into_iter().map(|it| format!("{what}: {it}")));
    }
    let left = changes.keys().filter(|it| !succeeded.contains(*it));
    faults.extend(left.map(|it| format!("transaction {it} failed and left {:?}", changes[it])));
    if workspace.config().tenancy == specql_model::config::Tenancy::Required {
        faults.extend(seen_by_nobody(&mut client, &database));
    }
    (faults, planned.len(), successes)
}

/// Rows of each entity, for each tenant.
type Pools = HashMap<(&'static str, EntityId), Vec<String>>;

fn set_tenant(client: &mut Client, tenant: &str) {
    client.batch_execute(&format!("SET app.tenant_id = '{tenant}'")).unwrap();
}

fn pools(client: &mut Client, workspace: &Workspace, rng: &mut Rng) -> Pools {
    let mut res = Pools::new();
    for tenant in [TENANT, OTHER] {
        set_tenant(client, tenant);
        client.batch_execute("BEGIN").unwrap();
        for entity in workspace.entities() {
            let first = row_of(client, workspace, rng, entity.id);
            let mut rows: BTreeSet<String> = first.into_iter().collect();
            for _ in 0..2 {
                rows.extend(super::rows::another_row(client, workspace, rng, entity));
            }
            res.insert((tenant, entity.id), rows.into_iter().collect());
        }
        client.batch_execute("COMMIT").unwrap();
    }
    res
}

/// From here on every change of a row is noted.
fn witness(client: &mut Client, workspace: &Workspace) {
    client.batch_execute(WITNESS).unwrap();
    for entity in workspace.entities() {
        let table = format!("\"{}\".\"tb_{}\"", entity.schema_name(), entity.snake_name());
        let audit = format!("app.\"audit_{}\"", entity.snake_name());
        for (table, kind) in [(table, "row"), (audit, "audit")] {
            watch(client, &table, kind, &entity.name.text);
        }
    }
    watch(client, "app.outbox", "event", "");
}

/// Notes the changes of a table, if there is one.
fn watch(client: &mut Client, table: &str, kind: &str, entity: &str) {
    let make = format!(
        "DO $do$ BEGIN IF to_regclass('{table}') IS NOT NULL THEN
             CREATE TRIGGER zz_seen AFTER INSERT OR UPDATE OR DELETE ON {table}
             FOR EACH ROW EXECUTE FUNCTION seen.note('{kind}', '{entity}');
         END IF; END $do$"
    );
    client.batch_execute(&make).unwrap();
}

fn plan(
    workspace: &Workspace,
    promised: &[Promised<'_>],
    pools: &Pools,
    rng: &mut Rng,
    calls: usize,
) -> Vec<Planned> {
    let tenants = workspace.config().tenancy == specql_model::config::Tenancy::Required;
    let mut res = Vec::new();
    for _ in 0..calls {
        let index = rng.usize(0..promised.len());
        let contract = &promised[index].contract;
        let tenant = if rng.bool() { TENANT } else { OTHER };
        // Now and then a row of the other tenant, which this one has not.
        let whose = if tenants && rng.u8(0..12) == 0 { OTHER } else { tenant };
        let mut choose = Rng::with_seed(rng.u64(..));
        let mut row = |id: EntityId| {
            let pool = pools.get(&(whose, id)).filter(|it| !it.is_empty())?;
            Some(pool[choose.usize(0..pool.len())].clone())
        };
        let Some(mut input) = random_input(rng, contract, &mut row) else { continue };
        if rng.u8(0..4) == 0 {
            damage(rng, &mut input);
        }
        let entity = workspace.entity(contract.action.entity).unwrap();
        let function = format!("\"{}\".\"fn_{}\"", entity.schema_name(), contract.name);
        res.push(Planned { promised: index, function, input, tenant });
    }
    res
}

/// Takes a member away, or makes something else of it.
fn damage(rng: &mut Rng, input: &mut Value) {
    let Some(members) = input.as_object_mut().filter(|it| !it.is_empty()) else { return };
    let names: Vec<String> = members.keys().cloned().collect();
    let name = &names[rng.usize(0..names.len())];
    let values = [json!(null), json!("nope"), json!(-7), json!([]), json!({"a": 1}), json!(NOBODY)];
    match rng.usize(0..=values.len()) {
        index if index < values.len() => members.insert(name.clone(), values[index].clone()),
        _ => members.remove(name),
    };
}

/// Makes the calls from several sessions; each takes the next one that nobody has.
fn together(database: &Database, planned: &[Planned]) -> Vec<Came> {
    let next = AtomicUsize::new(0);
    let came: Mutex<Vec<(usize, Came)>> = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..SESSIONS {
            scope.spawn(|| {
                let mut client = database.connect();
                client.batch_execute("SET deadlock_timeout = '100ms'").unwrap();
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(call) = planned.get(index) else { break };
                    set_tenant(&mut client, call.tenant);
                    let query = format!(
                        "SELECT to_jsonb(r), coalesce(pg_current_xact_id_if_assigned()::text, '') FROM {}($1) AS r",
                        call.function
                    );
                    let row = client.query_one(&query, &[&call.input]);
                    let came_now = row.map(|it| (Outcome(it.get(0)), it.get(1)));
                    came.lock().unwrap().push((index, came_now));
                }
            });
        }
    });
    let mut came = came.into_inner().unwrap();
    came.sort_by_key(|it| it.0);
    came.into_iter().map(|it| it.1).collect()
}

/// A change that the trigger has noted.
#[derive(Debug)]
struct Noted {
    kind: String,
    entity: String,
    id: String,
    gone: bool,
    row: Option<Value>,
}

/// What each transaction changed.
fn changes(client: &mut Client) -> HashMap<String, Vec<Noted>> {
    let mut res: HashMap<String, Vec<Noted>> = HashMap::new();
    let query = "SELECT tx, kind, entity, coalesce(id, ''), gone, row FROM seen.change";
    for row in client.query(query, &[]).unwrap() {
        res.entry(row.get(0)).or_default().push(Noted {
            kind: row.get(1),
            entity: row.get(2),
            id: row.get(3),
            gone: row.get(4),
            row: row.get(5),
        });
    }
    res
}

type Rows = BTreeSet<(String, String)>;

fn success(
    workspace: &Workspace,
    promised: &Promised<'_>,
    outcome: &Outcome,
    changes: &[Noted],
) -> Vec<String> {
    let mut res = promised.answer(outcome);
    let of = |kind: &'static str| changes.iter().filter(move |it| it.kind == kind);
    let pair = |it: &Noted| (it.entity.clone(), it.id.clone());
    let rows: Rows = of("row").map(pair).collect();
    let events: Vec<Value> = of("event").filter_map(|it| it.row.clone()).collect();
    res.extend(promised.events(events));
    let named = |name: &str| workspace.entities().find(|it| it.name.text == name);
    let audits: Rows = of("audit").map(pair).collect();
    for (entity, id) in audits.difference(&rows) {
        res.push(format!("the audit has {entity} {id}, which did not change"));
    }
    for (entity, id) in rows.difference(&audits) {
        let is_bounded = named(entity).is_none_or(|it| {
            !specql_contract::is_audited(workspace.config(), it)
                || it
                    .audit
                    .as_ref()
                    .is_some_and(|it| it.track_fields.is_some() || !it.exclude_fields.is_empty())
        });
        if !is_bounded {
            res.push(format!("{entity} {id} changed, and the audit has no row"));
        }
    }
    let Some(cascade) = &promised.contract.cascade else { return res };
    let told = outcome.cascade();
    if told["metadata"].get("truncated").is_some() {
        return res;
    }
    let text = |it: &Value, name: &str| it[name].as_str().unwrap_or_default().to_owned();
    let listed: Rows = ["updated", "deleted"]
        .into_iter()
        .flat_map(|it| told[it].as_array().into_iter().flatten())
        .map(|it| (text(it, "__typename"), text(it, "id")))
        .collect();
    for (entity, id) in listed.difference(&rows) {
        res.push(format!("the cascade lists {entity} {id}, which did not change"));
    }
    let tells_deleted = cascade.entries.iter().any(|it| it.outcome == Change::Deleted);
    let is_gone = |row: &(String, String)| of("row").any(|it| it.gone && pair(it) == *row);
    for row in rows.difference(&listed) {
        let is_hidden = named(&row.0).is_some_and(|it| cascade.excluded.contains(&it.id));
        if !is_hidden && (tells_deleted || !is_gone(row)) {
            res.push(format!("{} {} changed, and the cascade does not list it", row.0, row.1));
        }
    }
    res
}

/// A session of a tenant without rows sees none in any relation, partitions too.
fn seen_by_nobody(client: &mut Client, database: &Database) -> Vec<String> {
    let role = format!("{}_nobody", database.name());
    let relations = client
        .query(
            "SELECT c.oid::regclass::text FROM pg_class AS c
             JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
             WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema', 'seen')",
            &[],
        )
        .unwrap();
    let relations: Vec<String> = relations.iter().map(|it| it.get(0)).collect();
    client.batch_execute(&format!("CREATE ROLE \"{role}\"")).unwrap();
    let schemas = client
        .query("SELECT DISTINCT relnamespace::regnamespace::text FROM pg_class WHERE relnamespace::regnamespace::text !~ '^(pg_|information_schema)'", &[])
        .unwrap();
    for schema in schemas.iter().map(|it| it.get::<_, String>(0)) {
        client
            .batch_execute(&format!(
                "GRANT USAGE ON SCHEMA {schema} TO \"{role}\"; GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO \"{role}\""
            ))
            .unwrap();
    }
    client.batch_execute(&format!("SET ROLE \"{role}\"; SET app.tenant_id = '{NOBODY}'")).unwrap();
    let mut res = Vec::new();
    for relation in &relations {
        let count: i64 =
            client.query_one(&format!("SELECT count(*) FROM {relation}"), &[]).unwrap().get(0);
        if count > 0 {
            res.push(format!("another tenant sees {count} rows of {relation}"));
        }
    }
    client
        .batch_execute(&format!("RESET ROLE; DROP OWNED BY \"{role}\"; DROP ROLE \"{role}\""))
        .unwrap();
    if relations.len() < 4 {
        res.push(format!("only {relations:?} have tenants"));
    }
    res
}
