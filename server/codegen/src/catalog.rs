//! The workspace as generators see it: entities by id, fields with their columns, settings.

use std::{
    cell::OnceCell,
    collections::{HashMap, HashSet},
};

use ecow::EcoString;
use rayon::prelude::*;
use specql_contract::{Contract, Topic, topics_of};
use specql_model::{
    Action, ActionId, BasicType, Cdc, Config, Effect, Entity, EntityId, Field, FileId, Name,
    Operation, Type, Workspace,
    config::{BigNumbers, Tenancy},
    entity,
    expression::EntityReference,
};
use specql_text::TextRange;

use crate::{
    names,
    owners::named,
    sql::{Ident, TypeName},
};

/// The workspace.
#[derive(Clone, Copy)]
pub(crate) struct Catalog<'a> {
    workspace: &'a Workspace,
    contracts: &'a Contracts,
}

/// The contracts that were asked for, each made once. Who asks for those of one action and what it calls
/// looks at no others; who asks for none waits for none.
#[derive(Default)]
pub(crate) struct Contracts {
    all: Option<OnceCell<HashMap<ActionId, Box<Contract>>>>,
    few: OnceCell<Box<Asked>>,
}

/// A contract, and those that were asked for after it.
struct Asked {
    id: ActionId,
    contract: Option<Contract>,
    next: OnceCell<Box<Self>>,
}

impl Contracts {
    /// For who may ask for those of all actions, which are made together on all threads.
    pub(crate) const fn of_all() -> Self {
        Self { all: Some(OnceCell::new()), few: OnceCell::new() }
    }
}

/// The contracts of all actions of a workspace.
fn all_of(workspace: &Workspace) -> HashMap<ActionId, Box<Contract>> {
    let ids: Vec<ActionId> = workspace.actions().map(|it| it.0).collect();
    let of = |it| Some((it, Box::new(Contract::of(workspace, it)?)));
    ids.into_par_iter().filter_map(of).collect()
}

/// A column of an entity's table, declared or built in.
#[derive(Debug, Clone)]
pub(crate) struct Column<'a> {
    /// The field's name, or the built-in column's.
    pub(crate) field: String,
    /// The column: `title`, `fk_author`, `subject_id` for a `ref(A|B)`.
    pub(crate) name: Ident,
    /// The column's type.
    pub(crate) ty: ColumnType<'a>,
    /// The values of an enum; empty for any other type.
    pub(crate) values: Vec<String>,
}

/// What a column holds.
#[derive(Debug, Clone)]
pub(crate) enum ColumnType<'a> {
    /// A value of a type.
    Scalar(TypeName),
    /// `jsonb`.
    Json,
    /// The integer key of a row; `None` when the reference leads nowhere.
    Reference(Option<&'a Entity>),
}

impl<'a> Catalog<'a> {
    pub(crate) fn new(workspace: &'a Workspace, contracts: &'a Contracts) -> Self {
        Self { workspace, contracts }
    }

    /// The contract of an action.
    pub(crate) fn contract(&self, id: ActionId) -> Option<&'a Contract> {
        if let Some(all) = &self.contracts.all {
            return all.get_or_init(|| all_of(self.workspace)).get(&id).map(AsRef::as_ref);
        }
        let make = || Contract::of(self.workspace, id);
        let mut place = &self.contracts.few;
        loop {
            let asked = place
                .get_or_init(|| Box::new(Asked { id, contract: make(), next: OnceCell::new() }));
            if asked.id == id {
                return asked.contract.as_ref();
            }
            place = &asked.next;
        }
    }

    /// The contracts of all actions that have a name, in the order of [`Contract::all`].
    pub(crate) fn contracts(self) -> impl Iterator<Item = &'a Contract> + 'a {
        let is_named = |name: &Name| !name.text.is_empty();
        let entities = named(self.workspace);
        let actions = entities.flat_map(Entity::action_ids).filter(move |it| is_named(&it.1.name));
        actions.filter_map(move |it| self.contract(it.0))
    }

    /// Every topic of the workspace.
    pub(crate) fn topics(self) -> Vec<Topic> {
        topics_of(self.workspace, self.contracts())
    }

    pub(crate) fn workspace(&self) -> &'a Workspace {
        self.workspace
    }

    pub(crate) fn config(&self) -> &'a Config {
        self.workspace.config()
    }

    /// Whether rows belong to tenants.
    pub(crate) fn has_tenants(&self) -> bool {
        self.config().tenancy == Tenancy::Required
    }

    /// The entities in the order of their paths; those without a name yet are left out.
    pub(crate) fn entities(&self) -> impl Iterator<Item = &'a Entity> + 'a {
        named(self.workspace)
    }

    /// Whether any action of the workspace writes events.
    pub(crate) fn publishes(&self) -> bool {
        let mut actions = self.entities().flat_map(|it| &it.actions);
        actions.any(|it| it.cdc.as_deref().is_some_and(Cdc::is_enabled))
    }

    /// Whether any entity of the workspace is audited.
    pub(crate) fn audits(&self) -> bool {
        self.entities().any(|it| it.is_audited(self.config()))
    }

    /// The name of an entity for clients, consumers and auditors.
    pub(crate) fn type_name(&self, entity: &Entity) -> EcoString {
        self.workspace.type_name(entity)
    }

    pub(crate) fn entity(&self, id: EntityId) -> Option<&'a Entity> {
        self.workspace.entity(id).map(AsRef::as_ref)
    }

    pub(crate) fn action(&self, id: ActionId) -> Option<(&'a Entity, &'a Action)> {
        Some((self.entity(id.entity)?, self.workspace.action(id)?))
    }

    /// The actions of an entity with a name, with their ids.
    pub(crate) fn actions(
        &self,
        entity: &'a Entity,
    ) -> impl Iterator<Item = (ActionId, &'a Action)> + 'a {
        entity.action_ids().filter(|(_, it)| !it.name.text.is_empty())
    }

    /// The entity that a reference in a file leads to.
    pub(crate) fn resolve(&self, from: EntityId, to: &EntityReference) -> Option<&'a Entity> {
        self.entity(self.workspace.resolve(from, to).found()?)
    }

    /// The same for a name as text.
    pub(crate) fn resolve_name(&self, from: EntityId, name: &Name) -> Option<&'a Entity> {
        self.entity(self.workspace.resolve_name(from, name.as_str()).found()?)
    }

    /// What an action is about, and what happens to it; the file's own entity when nothing says.
    pub(crate) fn primary(&self, id: ActionId) -> Option<(&'a Entity, Operation)> {
        let entity = self.entity(self.workspace.row_of_call(id)?)?;
        let primary = self.workspace.effective_primary(id);
        Some((entity, primary.map_or(Operation::Update, |it| it.operation)))
    }

    /// What an action writes.
    pub(crate) fn effects(&self, id: ActionId) -> &'a [Effect] {
        self.workspace.effects(id)
    }

    /// The text of a file at a range.
    pub(crate) fn source(&self, file: FileId, range: TextRange) -> &'a str {
        self.workspace.file(file).map_or("", |it| range.slice(it.text()))
    }

    /// The column of a field.
    pub(crate) fn column(&self, entity: &Entity, field: &Field) -> Column<'a> {
        let ty = self.column_type(entity.id, &field.ty);
        let name = Ident::new(field.table_column());
        let values = field.ty.enum_values().unwrap_or_default();
        let values = values.iter().map(|it| it.text.to_string()).collect();
        Column { field: field.name.text.to_string(), name, ty, values }
    }

    pub(crate) fn column_type(&self, from: EntityId, ty: &Type) -> ColumnType<'a> {
        let scalar = |name: &str| ColumnType::Scalar(TypeName::new(name));
        match ty {
            Type::Basic(BasicType::Integer) => scalar("integer"),
            Type::Basic(BasicType::Bigint) => scalar("bigint"),
            Type::Basic(BasicType::Float) => scalar("double precision"),
            Type::Basic(BasicType::Boolean) => scalar("boolean"),
            Type::Basic(BasicType::Text) | Type::Enum(_) | Type::Unknown(_) | Type::Missing => {
                scalar("text")
            }
            Type::Rich(it) => scalar_or_json(TypeName::new(it.sql_type)),
            Type::Postgres { sql_type, .. } => scalar_or_json(TypeName::new(sql_type)),
            Type::Composite(_) | Type::List(_) => ColumnType::Json,
            // No foreign key leads to two tables, so the column holds the public id of the row.
            Type::Ref(targets) if targets.len() > 1 => scalar("uuid"),
            Type::Ref(_) => ColumnType::Reference(
                self.workspace.target(from, ty).and_then(|it| self.entity(it)),
            ),
        }
    }

    /// The column that a name means in an entity: a field, a built-in column, in either spelling.
    pub(crate) fn named_column(&self, entity: &Entity, name: &str) -> Option<Column<'a>> {
        let declared = entity.field(name).filter(|it| Entity::built_in(&it.name.text).is_none());
        if let Some(field) = declared {
            return Some(self.column(entity, field));
        }
        let it = Entity::built_in(name)?;
        let ty = ColumnType::Scalar(TypeName::new(it.sql_type));
        Some(Column {
            field: it.name.to_owned(),
            name: Ident::new(it.name),
            ty,
            values: Vec::new(),
        })
    }

    /// The columns of all fields that can have one: a name that a built-in column or a field before
    /// it has is left out, see [`Self::fields_without_column`].
    pub(crate) fn columns(&self, entity: &'a Entity) -> Vec<(&'a Field, Column<'a>)> {
        let mut taken = Self::built_in_columns(entity);
        let fields = entity.fields.iter().filter(|it| !it.name.text.is_empty());
        let columns = fields.map(|it| (it, self.column(entity, it)));
        columns.filter(|(_, column)| taken.insert(column.name.as_str().to_owned())).collect()
    }

    /// The fields whose column would have the name of another one.
    pub(crate) fn fields_without_column(&self, entity: &'a Entity) -> Vec<&'a Field> {
        let mut taken = Self::built_in_columns(entity);
        let fields = entity.fields.iter().filter(|it| !it.name.text.is_empty());
        fields
            .filter(|it| !taken.insert(self.column(entity, it).name.as_str().to_owned()))
            .collect()
    }

    /// Whether values of a type are written as text in JSON, because JavaScript would round them.
    pub(crate) fn is_big_number(&self, ty: &TypeName) -> bool {
        self.config().big_numbers == BigNumbers::Text
            && matches!(ty.base(), "bigint" | "numeric" | "decimal")
    }

    fn built_in_columns(entity: &Entity) -> HashSet<String> {
        let names = entity::BUILT_INS.iter().map(|it| it.name.to_owned());
        names.chain([names::primary_key(entity).as_str().to_owned()]).collect()
    }
}

fn scalar_or_json<'a>(ty: TypeName) -> ColumnType<'a> {
    if ty.base() == "jsonb" { ColumnType::Json } else { ColumnType::Scalar(ty) }
}

impl ColumnType<'_> {
    /// The type in `CREATE TABLE`.
    pub(crate) fn sql_type(&self) -> TypeName {
        match self {
            Self::Scalar(it) => it.clone(),
            Self::Json => TypeName::new("jsonb"),
            Self::Reference(_) => TypeName::new("integer"),
        }
    }
}
