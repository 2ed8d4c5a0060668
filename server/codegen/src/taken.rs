//! Names that cannot be used: longer than PostgreSQL keeps, or taken by something else.

use specql_model::{Action, Entity, Field, Name, Type};

use crate::{
    artifact::{Artifact, Target},
    catalog::{Catalog, ColumnType},
    constraint::constraints,
    names, owners,
    problem::{Problem, ProblemKind},
    sql::{Ident, MAX_IDENT_BYTES, Qualified, Sql, ToSql},
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

/// The entity that has the name of another for clients, events and the audit, see
/// [`specql_model::Workspace::type_name`].
pub(crate) fn type_name(catalog: Catalog<'_>, entity: &Entity) -> Option<Problem> {
    let other = catalog.workspace().rival_of_type_name(entity)?;
    // Two of one name in one schema have one table, which is said already.
    if names::table(other) == names::table(entity) {
        return None;
    }
    let message = format!(
        "`{}.{}` and `{}.{}` are both `{}` to clients, in events and in the audit; rename one of them",
        other.schema_name(),
        other.name.text,
        entity.schema_name(),
        entity.name.text,
        catalog.type_name(entity)
    );
    Some(problem(entity, &entity.name, message))
}

/// Whether an entity has a table of its own.
pub(crate) fn has_table(catalog: Catalog<'_>, entity: &Entity) -> bool {
    table(catalog, entity).is_empty()
}

fn table(catalog: Catalog<'_>, entity: &Entity) -> Vec<Problem> {
    let mut res = Vec::new();
    let table = names::table(entity);
    let made_of = |parts: &[&str]| Ident::new(parts.join("_"));
    if let Some(schema) = entity.schema.as_ref().filter(|it| it.text.starts_with("pg_")) {
        let message = format!(
            "`{}` cannot be a schema: names that begin with `pg_` belong to PostgreSQL; rename it",
            schema.text
        );
        res.push(problem(entity, schema, message));
    }
    // The longest name that is made of the entity's.
    too_long(entity, &entity.name, &names::refresh(entity).name, &mut res);
    for (field, column) in catalog.columns(entity) {
        let (table, name) = (table.name.as_str(), column.name.as_str());
        let constraints = constraints(field, &Sql::default());
        let constraints = constraints.iter().map(|it| made_of(&["chk", table, name, it.kind]));
        let mut made = vec![column.name.clone(), made_of(&["uq", table, name])];
        made.extend(constraints);
        if matches!(column.ty, ColumnType::Reference(_)) {
            made.push(made_of(&[table, name, "fkey"]));
        }
        if holds_ids(field) {
            made.push(made_of(&["check", table, name, "kept"]));
        }
        if let Some(longest) = made.iter().max_by_key(|it| it.as_str().len()) {
            too_long(entity, &field.name, longest, &mut res);
        }
    }
    taken_by(entity, &table, owners::of_table(catalog.workspace(), entity), &mut res);
    res
}

/// Whether a field holds ids of rows, which a trigger of its own keeps.
fn holds_ids(field: &Field) -> bool {
    match &field.ty {
        Type::List(item) => matches!(**item, Type::Ref(_)),
        ty => ty.targets().len() > 1,
    }
}

fn audit(catalog: Catalog<'_>, entity: &Entity) -> Vec<Problem> {
    let mut res = table(catalog, entity);
    if !res.is_empty() {
        return res;
    }
    too_long(
        entity,
        &entity.name,
        &names::history(catalog.workspace(), entity, "history_with_cascade").name,
        &mut res,
    );
    // Said with the table.
    res.extend(type_name(catalog, entity));
    res
}

fn action(catalog: Catalog<'_>, entity: &Entity, action: &Action) -> Vec<Problem> {
    // Without its table an action would write another entity's.
    let mut res = table(catalog, entity);
    let function = names::function(entity, action);
    // The longest of the names that are made of the action's.
    too_long(entity, &action.name, &names::given_function(entity, action).name, &mut res);
    let mut same = catalog.workspace().actions_named(&action.name.text).iter();
    let first = same.find_map(|it| {
        catalog.action(*it).filter(|(entity, action)| names::function(entity, action) == function)
    });
    if let Some((other, first)) = first
        && (other.id != entity.id || first.range != action.range)
    {
        let message = format!(
            "`{}` is the name of another action, of `{}`; rename one of them",
            text(&function),
            other.name.text
        );
        res.push(problem(entity, &action.name, message));
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

#[cfg(test)]
mod tests {
    use specql_model::{names::MadeName, types::names as types};

    use super::*;
    use crate::catalog::Contracts;

    /// The rules find every name that is too long, because they make the same ones.
    #[test]
    fn the_model_makes_the_same_names() {
        let forms = [
            "enum(a, b)",
            "list(text)",
            "list(ref(Thing))",
            "ref(Thing)",
            "ref(Thing|Other)",
            "text(5)",
        ];
        let scalars = types().filter(|it| !matches!(*it, "enum" | "list" | "ref"));
        let other = "entity: Other\nfields:\n  a: text\n";
        let lengths = 30..64;
        let all = scalars.chain(forms).flat_map(|ty| lengths.clone().map(move |it| (ty, it)));
        for (ty, length) in all {
            let field = "f".repeat(length);
            let text = format!("entity: Thing\nfields:\n  {field}: {ty}\n");
            let workspace = crate::tests::workspace(&[text.as_str(), other]);
            let contracts = Contracts::default();
            let catalog = Catalog::new(&workspace, &contracts);
            for entity in catalog.entities() {
                let found = table(catalog, entity).into_iter().map(|it| it.range);
                let made = entity.made_names();
                let expected = made.iter().filter(|it| it.is_too_long());
                let expected: Vec<_> = expected.map(|it: &MadeName<'_>| it.from.range).collect();
                let told: Vec<_> = entity.too_long_names().iter().map(|it| it.from.range).collect();
                assert_eq!(told, expected, "{ty} {length}");
                assert_eq!(found.collect::<Vec<_>>(), expected, "{ty} {length}");
            }
        }
    }
}
