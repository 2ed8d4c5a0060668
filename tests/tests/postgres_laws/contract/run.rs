//! Runs the actions of a workspace with random inputs. Everything happens in one transaction that is
//! undone, so that workspaces with the same foundation share a database that has it. Each has a session of
//! its own: one that has seen the functions of many becomes slower with each.

use std::{collections::HashMap, fmt::Write};

use fastrand::Rng;
use postgres::Client;
use serde_json::Value;
use specql_check::check_workspace;
use specql_codegen::{EmitOptions, emit, problems};
use specql_contract::Contract;
use specql_model::{EntityId, Workspace};
use specql_tests::{
    postgres::{Database, Outcome, add_checker, findings_but, functions},
    random_input::random_input,
};
use specql_text::TextRange;

use super::{
    compare::Promised,
    rows::{row_of, tried},
};

pub(super) const TENANT: &str = "00000000-0000-4000-8000-00000000beef";

/// What a run saw.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Seen {
    pub(super) calls: usize,
    pub(super) successes: usize,
    pub(super) events: usize,
    pub(super) audits: usize,
}

impl Seen {
    pub(super) fn add(&mut self, other: Self) {
        self.calls += other.calls;
        self.successes += other.successes;
        self.events += other.events;
        self.audits += other.audits;
    }
}

/// Workspaces one after the other.
#[derive(Default)]
pub(super) struct Series(Option<Ground>);

/// A database with what is not about entities.
struct Ground {
    database: Database,
    common: Vec<String>,
    /// The functions in it, which are checked once: with the first workspace, whose files are a part of it.
    functions: Vec<String>,
    is_checked: bool,
}

impl Series {
    /// Runs a workspace; answers with what was wrong in it.
    pub(super) fn broken(&mut self, workspace: &Workspace, seed: u64) -> (String, Seen) {
        let mut faults = unreported(workspace);
        let (common, own) = files(workspace);
        if self.0.as_ref().is_none_or(|it| it.common != common) {
            self.0 = Some(Ground::new(common));
        }
        let ground = self.0.as_mut().unwrap();
        let mut client = ground.database.connect();
        client.batch_execute("BEGIN").unwrap();
        execute(&mut client, &own);
        act_for_tenant(&mut client);
        let checked = if ground.is_checked { ground.functions.as_slice() } else { &[] };
        faults.extend(findings_but(&mut client, checked));
        ground.is_checked = true;
        let mut run =
            Run { workspace, client, rng: Rng::with_seed(seed), faults, seen: Seen::default() };
        run.all();
        let mut res = String::new();
        for it in run.faults.iter().take(12) {
            let _ = writeln!(res, "{}", it.chars().take(600).collect::<String>());
        }
        (res, run.seen)
    }
}

impl Ground {
    fn new(common: Vec<String>) -> Self {
        let database = Database::empty();
        let mut client = database.connect();
        execute(&mut client, &common);
        add_checker(&mut client);
        let functions = functions(&mut client);
        Self { database, common, functions, is_checked: false }
    }
}

/// What workspaces may have in common, so that they can be put side by side.
pub(super) fn common(workspace: &Workspace) -> Vec<String> {
    files(workspace).0
}

/// What `emit` cannot translate and no finding tells of: what is checked clean has none.
fn unreported(workspace: &Workspace) -> Vec<String> {
    let found = check_workspace(workspace);
    let problems = problems(workspace, EmitOptions { tables: true, samples: false });
    let touch = |it: TextRange, by: TextRange| it.touches(by.start()) || by.touches(it.start());
    let unreported = problems
        .into_iter()
        .filter(|it| !found.iter().any(|by| by.file == it.file && touch(it.range, by.range)));
    unreported.map(|it| format!("nothing is found where emit says: {}", it.message)).collect()
}

/// The SQL of a workspace: what is not about its entities, and what is.
fn files(workspace: &Workspace) -> (Vec<String>, Vec<String>) {
    let files = emit(workspace, EmitOptions { tables: true, samples: false });
    // Roles belong to the whole server.
    let is_loaded = |it: &str| it.ends_with(".sql") && !it.ends_with("_roles.sql");
    let files = files.into_iter().filter(|it| is_loaded(&it.path)).map(|it| {
        // What a row holds does not depend on how many months have a partition.
        let months = "p_months_ahead integer DEFAULT 3";
        (it.path, it.text.replace(months, "p_months_ahead integer DEFAULT 0"))
    });
    let (common, own): (Vec<_>, Vec<_>) = files.partition(|it| it.0.as_str() < "20_");
    let texts = |it: Vec<(String, String)>| it.into_iter().map(|it| it.1).collect();
    (texts(common), texts(own))
}

fn execute(client: &mut Client, texts: &[String]) {
    for it in texts {
        client.batch_execute(it).unwrap_or_else(|error| panic!("{error:?}\n{it}"));
    }
}

fn act_for_tenant(client: &mut Client) {
    let tenant = format!("SELECT set_config('app.tenant_id', '{TENANT}', false)");
    client.batch_execute(&tenant).unwrap();
}

pub(super) fn load(client: &mut Client, workspace: &Workspace) {
    let (common, own) = files(workspace);
    execute(client, &common);
    execute(client, &own);
    act_for_tenant(client);
}

struct Run<'a> {
    workspace: &'a Workspace,
    client: Client,
    rng: Rng,
    faults: Vec<String>,
    seen: Seen,
}

/// The last numbers in the outbox and in the audit tables.
struct Places {
    outbox: i64,
    audits: HashMap<EntityId, i64>,
}

impl Run<'_> {
    /// Calls every action twice, those that create first and once more, and checks what each call leaves.
    fn all(&mut self) {
        let contracts = Contract::all(self.workspace).filter(|it| !it.declared_only);
        let mut promised: Vec<Promised<'_>> =
            contracts.map(|it| Promised::new(self.workspace, it)).collect();
        let takes_id = |it: &Promised<'_>| it.contract.inputs.iter().any(|it| it.name == "id");
        promised.sort_by_key(takes_id);
        for round in 0..2 {
            for it in &promised {
                self.call(it);
                if round == 0 && !takes_id(it) {
                    self.call(it);
                }
            }
        }
    }

    fn call(&mut self, promised: &Promised<'_>) {
        let contract = &promised.contract;
        let Self { client, workspace, rng, .. } = self;
        let mut choose = Rng::with_seed(rng.u64(..));
        let mut row = |id: EntityId| row_of(client, workspace, &mut choose, id);
        let Some(input) = random_input(rng, contract, &mut row) else { return };
        let entity = self.workspace.entity(contract.action.entity).unwrap();
        let function = format!("\"{}\".\"fn_{}\"", entity.schema_name(), contract.name);
        self.seen.calls += 1;
        let before = self.places();
        let outcome = tried(&mut self.client, |it| Outcome::try_of(it, &function, &input));
        let faults = match outcome {
            Err(error) => vec![format!("{error:?}")],
            Ok(outcome) if outcome.status() == "success" => {
                self.seen.successes += 1;
                let mut faults = promised.answer(&outcome);
                faults.extend(self.events(promised, before.outbox));
                faults.extend(self.audits(promised, &before.audits));
                faults
            }
            Ok(outcome) => promised.failure(&outcome),
        };
        self.faults.extend(faults.into_iter().map(|it| format!("{function}({input}): {it}")));
    }

    fn places(&mut self) -> Places {
        let client = &mut self.client;
        let mut last = |table: &str| -> i64 {
            let query = format!("SELECT coalesce(max(sequence), 0) FROM {table}");
            tried(client, |it| it.query_one(&query, &[])).map_or(0, |it| it.get(0))
        };
        let outbox = last("app.outbox");
        let audits = self.workspace.entities().map(|it| (it.id, last(&audit_table(it)))).collect();
        Places { outbox, audits }
    }

    fn events(&mut self, promised: &Promised<'_>, after: i64) -> Vec<String> {
        let query =
            "SELECT to_jsonb(o) FROM app.outbox AS o WHERE o.sequence > $1 ORDER BY o.sequence";
        let rows = tried(&mut self.client, |it| it.query(query, &[&after])).unwrap_or_default();
        let rows: Vec<Value> = rows.iter().map(|it| it.get(0)).collect();
        self.seen.events += rows.len();
        promised.events(rows)
    }

    fn audits(&mut self, promised: &Promised<'_>, after: &HashMap<EntityId, i64>) -> Vec<String> {
        let mut res = Vec::new();
        for trail in &promised.contract.audit.trails {
            let table = audit_table(self.workspace.entity(trail.entity).unwrap());
            let query = format!("SELECT to_jsonb(a) FROM {table} AS a WHERE a.sequence > $1");
            let last = after.get(&trail.entity).copied().unwrap_or_default();
            let rows = self.client.query(&query, &[&last]).unwrap();
            self.seen.audits += rows.len();
            let rows = rows.iter().map(|it| it.get(0));
            res.extend(rows.flat_map(|it| promised.audit(trail, &table, it)));
        }
        res
    }
}

fn audit_table(entity: &specql_model::Entity) -> String {
    format!("app.audit_{}", entity.snake_name())
}
