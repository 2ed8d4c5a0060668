//! The root of an entity file, and its fields.

use super::{Action, AstNode, access::ast_nodes, entries, items};
use crate::{
    Name,
    yaml::{Entry, Node},
};

ast_nodes! {
    /// The root of an entity file.
    EntityFile {
        /// The key `entity` with the name, or with the long form.
        entry entity_entry = "entity";
        /// The entity's long form, or its name alone.
        child(Declaration) declaration = "entity";
        /// The PostgreSQL schema.
        text schema = "schema";
        /// What the entity is.
        text description = "description";
        /// The name in an earlier revision.
        text was = "was";
        /// Whether the schema stands in front of the name outside of it.
        flag qualified = "qualified";
        /// The key `fields` with the fields; see [`EntityFile::fields`].
        entry fields_entry = "fields";
        /// The key `actions` with the actions.
        entry actions_entry = "actions";
        /// The key `audit` with its block.
        entry audit_entry = "audit";
        /// The audit trail.
        child(Audit) audit = "audit";
        /// The read model of the upstream generator.
        child(TableViews) table_views = "table_views";
    }

    /// The value of `entity`: a name, or a mapping with the name and what else stands at the root.
    Declaration {
        /// The name in the long form; see [`EntityFile::name`].
        text long_name = "name";
        /// The PostgreSQL schema.
        text schema = "schema";
        /// What the entity is.
        text description = "description";
        /// The fields of the long form.
        entry fields_entry = "fields";
    }

    /// The long form of a field.
    FieldOptions {
        /// The type, with its marks and its default.
        value ty = "type";
        /// Whether the column may be null.
        flag nullable = "nullable";
        /// The key `required`, in dialects that have it.
        entry required_entry = "required";
        /// The default.
        value default = "default";
        /// Whether no two rows may have the same value.
        flag unique = "unique";
        /// What the field is.
        text description = "description" | "comment";
        /// The least value.
        text min = "min" | "minimum";
        /// The greatest value.
        text max = "max" | "maximum";
        /// The name in an earlier revision.
        text was = "was";
        /// The values of an enum.
        names values = "values";
        /// The type of a list's items.
        value items = "items" | "of";
        /// The target of a reference.
        text target = "entity" | "target";
        /// The schema of the target.
        text schema = "schema";
    }

    /// `audit`: a boolean, or a block.
    Audit {
        /// Whether the block says so.
        flag enabled_key = "enabled";
        /// Fields whose changes are kept; all without it.
        names track_fields = "track_fields";
        /// Fields whose changes are not kept.
        names exclude_fields = "exclude_fields";
        /// Whether rows keep the cascade of their mutation.
        flag include_cascade = "include_cascade";
        /// How long rows are kept.
        text retention = "retention";
    }
}

ast_nodes! {
    /// `table_views`: what stands in the read model beside the entity's own fields.
    TableViews {
        /// The relations, each an item with its name as the only key; see [`TableViews::relations`].
        value include_relations = "include_relations";
        /// Further columns: names, or items with the name as the only key; see [`TableViews::columns`].
        value extra_filter_columns = "extra_filter_columns";
    }

    /// What is taken in of a relation's rows.
    ViewRelation {
        /// The names of fields, `*` for all.
        names fields = "fields";
        /// Relations of these rows, written as those of the view.
        value include_relations = "include_relations";
    }

    /// Where a further column of the read model comes from.
    FilterColumn {
        /// The path of its value; the field of the column's name without it.
        text source = "source";
    }
}

impl<'a> TableViews<'a> {
    /// The relations with their names.
    pub fn relations(self) -> impl Iterator<Item = (&'a Name, ViewRelation<'a>)> {
        named(self.include_relations())
    }

    /// The further columns; of those that are a name alone only that.
    pub fn columns(self) -> impl Iterator<Item = (Name, Option<FilterColumn<'a>>)> {
        let listed = self.extra_filter_columns().map(items).unwrap_or_default();
        let alone = listed.iter().filter_map(|it| Some((it.name()?, None)));
        let long = named(self.extra_filter_columns()).map(|(name, it)| (name.clone(), Some(it)));
        alone.chain(long)
    }
}

impl<'a> ViewRelation<'a> {
    /// The relations of these rows.
    pub fn relations(self) -> impl Iterator<Item = (&'a Name, Self)> {
        named(self.include_relations())
    }
}

/// The entries of a list of mappings with one key each.
fn named<'a, T: AstNode<'a>>(list: Option<&'a Node>) -> impl Iterator<Item = (&'a Name, T)> {
    let entries = list.map(items).unwrap_or_default().iter().flat_map(entries);
    entries.map(|it| (&it.key, T::cast(&it.value)))
}

impl<'a> EntityFile<'a> {
    /// The name of the entity, in its short or its long form.
    #[must_use]
    pub fn name(self) -> Option<Name> {
        let declaration = self.declaration()?;
        declaration.node().name().or_else(|| declaration.long_name())
    }

    /// The fields: those of the long form first.
    pub fn fields(self) -> impl Iterator<Item = Field<'a>> {
        let inner = self.declaration().and_then(Declaration::fields_entry);
        let blocks = [inner, self.fields_entry()].into_iter().flatten();
        blocks.flat_map(|it| entries(&it.value)).map(Field)
    }

    /// The actions of a list, or of a mapping from names to actions.
    #[must_use]
    pub fn actions(self) -> Vec<Action<'a>> {
        self.actions_entry().map(|it| Action::all(&it.value)).unwrap_or_default()
    }
}

impl Audit<'_> {
    /// Whether there is an audit trail: `audit: true`, or `enabled` in the block.
    #[must_use]
    pub fn enabled(self) -> Option<bool> {
        self.node().as_bool().or_else(|| self.enabled_key())
    }
}

/// A field: its name, and its type in the short form or a mapping in the long one.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a>(pub &'a Entry);

impl<'a> Field<'a> {
    /// The name.
    #[must_use]
    pub fn name(self) -> &'a Name {
        &self.0.key
    }

    /// The long form, when the value is a mapping.
    #[must_use]
    pub fn options(self) -> Option<FieldOptions<'a>> {
        self.0.value.as_mapping().map(|_| FieldOptions::cast(&self.0.value))
    }

    /// The short form: what is written behind the name, when that is no mapping and not null.
    #[must_use]
    pub fn ty(self) -> Option<&'a Node> {
        let value = &self.0.value;
        (value.as_mapping().is_none() && !value.is_null()).then_some(value)
    }
}
