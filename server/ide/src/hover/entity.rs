//! Entities, fields, enum values and types in Markdown.

use std::fmt::Write;

use specql_model::{
    BuiltIn, Composite, Entity, EntityId, Field, Name, Parameter, RichScalar, SourceFile, Type,
    Workspace, functions,
    infer::type_of_column,
    query_row::{RowColumn, query_row},
};
use specql_text::TextRange;

use crate::describe::{self, cell};

/// An entity: where it lives, what it has.
pub(super) fn entity(workspace: &Workspace, id: EntityId) -> Option<String> {
    let entity = workspace.entity(id)?;
    let mut res = format!("**entity** `{}`\n", describe::qualified(entity));
    if let Some(description) = &entity.description {
        let _ = write!(res, "\n{}\n", description.text);
    }
    if !entity.fields.is_empty() {
        res.push_str("\n| field | type | |\n|---|---|---|\n");
    }
    for it in &entity.fields {
        let description = it.description.as_deref().unwrap_or_default();
        let _ = writeln!(
            res,
            "| `{}` | `{}` | {} |",
            it.name.text,
            cell(&describe::field_type(it)),
            cell(description)
        );
    }
    if !entity.actions.is_empty() {
        let actions: Vec<String> =
            entity.actions.iter().map(|it| format!("`{}`", it.name.text)).collect();
        let _ = write!(res, "\nActions: {}\n", actions.join(", "));
    }
    Some(res)
}

/// A name that several entities have.
pub(super) fn ambiguous(workspace: &Workspace, candidates: &[EntityId]) -> String {
    let mut res = String::from("Several entities have this name:\n");
    for it in candidates.iter().filter_map(|it| workspace.entity(*it)) {
        let _ = write!(res, "\n- `{}`", describe::qualified(it));
    }
    res.push('\n');
    res
}

/// A field: its declaration, its column, its values.
pub(crate) fn field(workspace: &Workspace, owner: EntityId, it: &Field) -> String {
    let mut res = heading(
        workspace.entity(owner).map(AsRef::as_ref),
        &it.name.text,
        &describe::field_type(it),
    );
    if let Some(description) = &it.description {
        let _ = write!(res, "\n{description}\n");
    }
    let nullable = if it.nullable { "nullable" } else { "required" };
    let unique = if it.unique { ", unique" } else { "" };
    let _ = write!(res, "\n{nullable}{unique}");
    if let Some(default) = &it.default {
        let _ = write!(res, ", default `{}`", default.text.text);
    }
    res.push('\n');
    if let Some(documentation) = field_type(&it.ty) {
        let _ = write!(res, "\n{documentation}");
    }
    res
}

/// A column that every entity has.
pub(super) fn built_in(workspace: &Workspace, owner: EntityId, it: &BuiltIn) -> String {
    let mut res = heading(workspace.entity(owner).map(AsRef::as_ref), it.name, it.sql_type);
    let _ = write!(
        res,
        "\n{}\n\nBuilt in: every entity has it, none declares it; `{}` in GraphQL.\n",
        it.documentation, it.graphql
    );
    res
}

/// A value of an enum.
pub(super) fn enum_value(
    workspace: &Workspace,
    owner: EntityId,
    field: &Field,
    value: &Name,
) -> String {
    let name = workspace.entity(owner).map(|it| it.name.text.clone()).unwrap_or_default();
    let values = describe::type_name(&field.ty);
    let default = match &field.default {
        Some(it) if it.text.text == value.text => "\nThe default.\n",
        _ => "",
    };
    format!("**value** `{}` of `{name}.{}`\n\n`{values}`\n{default}", value.text, field.name.text)
}

/// A value of a parameter's enum.
pub(super) fn choice(parameter: &Parameter, value: &Name) -> String {
    let (name, values) = (&parameter.name.text, describe::type_name(&parameter.ty));
    let default = match &parameter.default {
        Some(it) if it.text.text == value.text => "\nThe default.\n",
        _ => "",
    };
    format!("**value** `{}` of the parameter `{name}`\n\n`{values}`\n{default}", value.text)
}

/// A type at its declaration; absent for one that has nothing to say.
pub(super) fn field_type(it: &Type) -> Option<String> {
    match it {
        Type::Rich(it) => Some(rich(it)),
        Type::Composite(it) => Some(composite(it)),
        Type::Enum(values) => {
            let values: Vec<String> = values.iter().map(|it| format!("`{}`", it.text)).collect();
            Some(format!("PostgreSQL `TEXT` with a CHECK: one of {}\n", values.join(", ")))
        }
        Type::Basic(_) | Type::Postgres { .. } => Some(format!(
            "`{}`: PostgreSQL `{}`\n",
            describe::type_name(it),
            describe::sql_type(it)?
        )),
        Type::List(item) => {
            Some(format!("A list of `{}`: PostgreSQL `JSONB`\n", describe::type_name(item)))
        }
        Type::Ref(_) | Type::Unknown(_) | Type::Missing => None,
    }
}

/// A rich scalar.
pub(crate) fn rich(it: &RichScalar) -> String {
    let mut res = format!(
        "**{}**: {}\n\nPostgreSQL `{}` · GraphQL `{}`\n",
        it.name, it.documentation, it.sql_type, it.graphql
    );
    if let Some(pattern) = it.pattern {
        let _ = write!(res, "\nCHECK: matches `{pattern}`, in any case\n");
    }
    match it.bounds {
        (Some(low), Some(high)) => {
            let _ = write!(res, "\nCHECK: from {low} to {high}\n");
        }
        (Some(low), None) => {
            let _ = write!(res, "\nCHECK: at least {low}\n");
        }
        (None, Some(high)) => {
            let _ = write!(res, "\nCHECK: at most {high}\n");
        }
        (None, None) => {}
    }
    let _ = write!(res, "\nExample: `{}`\n", it.example);
    res
}

/// A composite.
pub(crate) fn composite(it: &Composite) -> String {
    let mut res = format!(
        "**{}**: {}\n\nPostgreSQL `JSONB`\n\n| part | type |\n|---|---|\n",
        it.name, it.documentation
    );
    for (name, ty, required) in it.parts {
        let _ = writeln!(res, "| `{name}` | `{ty}{}` |", if *required { "!" } else { "" });
    }
    res
}

/// The signatures of a function, one a line; a sentence for one whose signatures are not known.
pub(crate) fn function(name: &str) -> Option<String> {
    let name = functions::listed_name(name)?;
    let own = |it: &&str| it.split_once('(').is_some_and(|it| it.0 == name);
    let found: Vec<String> = functions::signatures()
        .filter(own)
        .map(|it| match it.split_once(") ") {
            Some((call, gives)) => format!("{call}) -> {gives}"),
            None => it.to_owned(),
        })
        .collect();
    Some(if found.is_empty() {
        "A function of SQL: its arguments are of one type, which it gives.\n".to_owned()
    } else {
        format!("```text\n{}\n```\n", found.join("\n"))
    })
}

/// A parameter of an action.
pub(super) fn parameter(it: &Parameter) -> String {
    let required = if it.required { "required" } else { "optional" };
    let ty = describe::type_name(&it.ty);
    let mut res = format!("**parameter** `{}`: `{ty}`\n\n{required}\n", it.name.text);
    if let Some(documentation) = field_type(&it.ty) {
        let _ = write!(res, "\n{documentation}");
    }
    res
}

/// A part of a composite.
pub(super) fn part(name: &str, ty: &Type) -> String {
    let mut res = format!("**part** `{name}`: `{}`\n", describe::type_name(ty));
    if let Some(documentation) = field_type(ty) {
        let _ = write!(res, "\n{documentation}");
    }
    res
}

/// A loop's variable or a stored result.
pub(super) fn variable(workspace: &Workspace, name: &Name, entity: Option<EntityId>) -> String {
    match entity.and_then(|it| workspace.entity(it)) {
        Some(it) => {
            format!("**variable** `{}`: a row of `{}`\n", name.text, describe::qualified(it))
        }
        None => format!("**variable** `{}`\n", name.text),
    }
}

/// A column of the row that a loop's query gives.
pub(super) fn query_column(
    workspace: &Workspace,
    file: &SourceFile,
    it: &RowColumn<'_>,
    variable: &Name,
    query: Option<TextRange>,
) -> String {
    let text = query.map_or("", |it| it.slice(file.text()));
    let ty = file.entity().map(|own| {
        let row = query_row(workspace, own.id, text);
        let column = row.column(&it.name).unwrap_or(it);
        describe::value_type(workspace, type_of_column(workspace, own.id, &row, column))
    });
    let ty = ty.flatten().map(|it| format!(": `{it}`")).unwrap_or_default();
    let mut res = format!("**column** `{}` of the rows of `{}`{ty}\n", it.name, variable.text);
    if let Some((owner, field)) = it.field {
        let owner = workspace.entity(owner).map(|it| it.name.text.clone()).unwrap_or_default();
        let _ = write!(res, "\nThe field `{owner}.{}`.\n", field.name.text);
    }
    if !text.is_empty() {
        let _ = write!(res, "\n```sql\n{text}\n```\n");
    }
    res
}

/// An entity in a list of proposals: its description and its fields.
pub(crate) fn entity_summary(it: &Entity) -> String {
    let mut res = it.description.as_ref().map(|it| format!("{}\n\n", it.text)).unwrap_or_default();
    for field in &it.fields {
        let _ = writeln!(res, "- `{}`: `{}`", field.name.text, describe::field_type(field));
    }
    res
}

fn heading(entity: Option<&Entity>, name: &str, ty: &str) -> String {
    match entity {
        Some(entity) => format!("**field** `{}.{name}`: `{ty}`\n", entity.name.text),
        None => format!("**field** `{name}`: `{ty}`\n"),
    }
}
