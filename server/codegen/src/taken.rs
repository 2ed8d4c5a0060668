//! Names that cannot be used: longer than PostgreSQL keeps, or taken by something else.

use specql_model::{Action, Entity, Name};

use crate::{
    artifact::{Artifact, Target},
    catalog::Catalog,
    names,
    problem::{Problem, ProblemKind},
    sql::{Ident, MAX_IDENT_BYTES, Qualified, ToSql},
};

/// What hinders an artifact of a target, because of its names.
pub(crate) fn problems_of(
    catalog: Catalog<'_>,
    artifact: Artifact,
    target: Target,
) -> Vec<Problem> {
    match (artifact, target) {
        (Artifact::Table, Target::Entity(id)) => {
            catalog.entity(id).map(|it| table(catalog, it)).unwrap_or_default()
        }
        (Artifact::Audit, Target::Entity(id)) => {
            catalog.entity(id).map(|it| audit(catalog, it)).unwrap_or_default()
        }
        (Artifact::Action, Target::Action(id)) => {
            catalog.action(id).map(|(entity, it)| action(catalog, entity, it)).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

fn table(catalog: Catalog<'_>, entity: &Entity) -> Vec<Problem> {
    let mut res = Vec::new();
    let table = names::table(entity);
    // The longest names that are made of the entity's.
    too_long(entity, &entity.name, &names::refresh(entity).name, &mut res);
    for (field, column) in catalog.columns(entity) {
        let longest = match column.ty {
            crate::catalog::ColumnType::Reference(_) => {
                Ident::new(format!("{}_{}_fkey", table.name.as_str(), column.name.as_str()))
            }
            _ => Ident::new(format!("chk_{}_{}_pattern", table.name.as_str(), field.name.text)),
        };
        too_long(entity, &field.name, &longest, &mut res);
    }
    taken_by(entity, &table, first_with_table(catalog, entity), &mut res);
    res
}

fn first_with_table<'a>(catalog: Catalog<'a>, entity: &Entity) -> Option<&'a Entity> {
    let table = names::table(entity);
    catalog.entities().find(|it| names::table(it) == table)
}

fn audit(catalog: Catalog<'_>, entity: &Entity) -> Vec<Problem> {
    let mut res = Vec::new();
    taken_by(entity, &names::table(entity), first_with_table(catalog, entity), &mut res);
    if !res.is_empty() {
        return res;
    }
    too_long(entity, &entity.name, &names::history(entity, "history_with_cascade").name, &mut res);
    let table = names::audit_table(entity);
    let is_audited = |it: &&Entity| crate::artifacts::audit::is_audited(catalog, it);
    let other = catalog.entities().filter(is_audited).find(|it| names::audit_table(it) == table);
    taken_by(entity, &table, other, &mut res);
    res
}

fn action(catalog: Catalog<'_>, entity: &Entity, action: &Action) -> Vec<Problem> {
    let mut res = Vec::new();
    let function = names::function(entity, action);
    too_long(entity, &action.name, &function.name, &mut res);
    // Without its table an action would write another entity's.
    taken_by(entity, &names::table(entity), first_with_table(catalog, entity), &mut res);
    let all = catalog.entities().flat_map(|it| it.actions.iter().map(move |action| (it, action)));
    let first =
        all.into_iter().find(|(entity, action)| names::function(entity, action) == function);
    if let Some((other, first)) = first
        && (other.id != entity.id || first.range != action.range)
    {
        res.push(problem(
            entity,
            &action.name,
            format!(
                "`{}` is the name of another action, of `{}`; rename one of them",
                text(&function),
                other.name.text
            ),
        ));
    }
    res
}

/// The fields that have no column because its name is taken.
pub(crate) fn fields(catalog: Catalog<'_>, entity: &Entity) -> Vec<Problem> {
    let fields = catalog.fields_without_column(entity).into_iter();
    fields
        .map(|it| {
            let message = format!("`{}` has no column of its own: every entity has one of that name, or a field before it", it.name.text);
            problem(entity, &it.name, message)
        })
        .collect()
}

fn taken_by(entity: &Entity, name: &Qualified, first: Option<&Entity>, res: &mut Vec<Problem>) {
    if let Some(first) = first
        && first.id != entity.id
    {
        res.push(problem(
            entity,
            &entity.name,
            format!(
                "`{}` belongs to `{}.{}` already; rename one of the entities",
                text(name),
                first.schema_name(),
                first.name.text
            ),
        ));
    }
}

fn too_long(entity: &Entity, at: &Name, name: &Ident, res: &mut Vec<Problem>) {
    if name.is_too_long() {
        res.push(problem(entity, at, format!(
            "`{}` has {} bytes and PostgreSQL keeps {MAX_IDENT_BYTES}, so it could become another name; shorten `{}`",
            name.as_str(), name.as_str().len(), at.text
        )));
    }
}

fn text(name: &Qualified) -> String {
    let mut res = String::new();
    name.write(&mut res);
    res
}

fn problem(entity: &Entity, at: &Name, message: String) -> Problem {
    Problem { kind: ProblemKind::NameCollision, message, file: entity.id.0, range: at.range }
}
