//! Rows for the references and ids of random inputs.

#![allow(clippy::indexing_slicing, reason = "indices are drawn below the length")]

use fastrand::Rng;
use postgres::{Client, types::ToSql};
use serde_json::{Map, Value};
use specql_contract::{Shape, kept_fields, shape_of_type};
use specql_model::{Entity, EntityId, Workspace};
use specql_tests::random_input::random_value;

/// Runs something that may fail inside the open transaction, which goes on.
pub(super) fn tried<T>(
    client: &mut Client,
    run: impl FnOnce(&mut Client) -> Result<T, postgres::Error>,
) -> Result<T, postgres::Error> {
    client.batch_execute("SAVEPOINT tried")?;
    let res = run(client);
    let end = if res.is_ok() { "RELEASE tried" } else { "ROLLBACK TO tried; RELEASE tried" };
    client.batch_execute(end)?;
    res
}

/// The id of a row of an entity, which is made where there is none.
pub(super) fn row_of(
    client: &mut Client,
    workspace: &Workspace,
    rng: &mut Rng,
    id: EntityId,
) -> Option<String> {
    let entity = workspace.entity(id)?;
    let query = format!(
        "SELECT t.id::text FROM {} AS t WHERE t.deleted_at IS NULL ORDER BY t.id",
        table(entity)
    );
    let rows = tried(client, |it| it.query(&query, &[])).ok()?;
    if rows.is_empty() {
        return another_row(client, workspace, rng, entity);
    }
    Some(rows[rng.usize(0..rows.len())].get(0))
}

fn table(entity: &Entity) -> String {
    format!("\"{}\".\"tb_{}\"", entity.schema_name(), entity.snake_name())
}

/// A row that no action makes.
pub(super) fn another_row(
    client: &mut Client,
    workspace: &Workspace,
    rng: &mut Rng,
    entity: &Entity,
) -> Option<String> {
    let mut values = Map::new();
    for field in kept_fields(entity).into_iter().filter(|it| !it.nullable) {
        let shape = shape_of_type(workspace, entity.id, &field.ty);
        if let Shape::Reference(targets) = shape {
            let target = targets.first().filter(|it| it.entity != entity.id)?.entity;
            let key = key_of(client, workspace, rng, target)?;
            values.insert(format!("fk_{}", field.name.text), key.into());
        } else {
            values.insert(field.name.text.to_string(), random_value(rng, &shape));
        }
    }
    let table = table(entity);
    let names: Vec<String> = values.keys().map(|it| format!("\"{it}\"")).collect();
    let names = names.join(", ");
    let values = Value::from(values);
    let (query, parameters): (String, &[&(dyn ToSql + Sync)]) = if names.is_empty() {
        (format!("INSERT INTO {table} DEFAULT VALUES RETURNING id::text"), &[])
    } else {
        let rows = format!("jsonb_populate_record(NULL::{table}, $1)");
        (
            format!("INSERT INTO {table} ({names}) SELECT {names} FROM {rows} RETURNING id::text"),
            &[&values],
        )
    };
    let id = tried(client, |it| it.query_one(&query, parameters)).ok()?.get(0);
    // What no action writes is read after this only.
    let schema = entity.schema_name();
    let refresh = format!("SELECT \"{schema}\".\"refresh_tv_{}\"()", entity.snake_name());
    client.batch_execute(&refresh).unwrap();
    Some(id)
}

/// The key of a row of an entity, as references hold it.
fn key_of(client: &mut Client, workspace: &Workspace, rng: &mut Rng, id: EntityId) -> Option<i32> {
    let row = row_of(client, workspace, rng, id)?;
    let entity = workspace.entity(id)?;
    let key = format!("pk_{}", entity.snake_name());
    let query = format!("SELECT \"{key}\" FROM {} WHERE id::text = $1", table(entity));
    Some(tried(client, |it| it.query_one(&query, &[&row])).ok()?.get(0))
}
