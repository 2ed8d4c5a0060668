//! Entities and their fields, as declared in one file.

use std::borrow::Cow;

use ecow::EcoString;
use specql_syntax::{Name, statement::LineProblem};
use specql_text::TextRange;
use thin_vec::ThinVec;

use crate::{Action, Audit, FileId, Type, views::TableViews};

/// An entity; a file declares one, so the file identifies it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntityId(pub FileId);

/// How a file declares its entity. Decided once, where the file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Declared {
    /// The key `entity` does.
    ByKey,
    /// A key that was meant as `entity`: `entiy: Post`.
    BySlip,
    /// A line that is no YAML and was meant as `entity: Post`.
    ByLine,
    /// The first item of a list: `- entity: Post`.
    ByListItem,
    /// The key `entity`, in a text whose characters were read as two each.
    InOtherEncoding,
    /// The key `entity` of a second document, which nobody reads.
    InLaterDocument,
    /// Nothing but blocks that only an entity has.
    ByBlocks,
    /// Nothing but the end of the file's name: `.specql.yaml`.
    ByFileName,
}

impl Declared {
    /// Whether the rest of the file is judged as it stands. Where it is not, the declaration has to be mended
    /// first: until then it is not sure what the rest says, or that it is meant as an entity file.
    #[must_use]
    pub const fn is_judged(self) -> bool {
        match self {
            Self::ByKey | Self::BySlip | Self::InLaterDocument | Self::ByFileName => true,
            Self::ByLine | Self::ByListItem | Self::InOtherEncoding | Self::ByBlocks => false,
        }
    }
}

/// What one file declares.
#[derive(Debug, Clone)]
pub struct Entity {
    /// The file.
    pub id: EntityId,
    /// How the file declares it.
    pub declared: Declared,
    /// The name; empty, with the range of the `entity` key, while it is not typed yet.
    pub name: Name,
    /// The schema as written; [`Entity::schema_name`] has the default.
    pub schema: Option<Name>,
    /// The description.
    pub description: Option<Name>,
    /// The name in an earlier revision, for migrations.
    pub was: Option<Name>,
    /// Outside of its schema the name has the schema in front; see [`crate::Workspace::type_name`].
    pub qualified: bool,
    /// The fields in the order of the file; of two with one name both are here.
    pub fields: ThinVec<Field>,
    /// The key `fields`.
    pub fields_key: Option<TextRange>,
    /// A field may be missing in `fields`: a part of the block cannot be read, or stands elsewhere.
    pub has_damaged_fields: bool,
    /// A name of a field holds characters that are not what they look like.
    pub has_disguised_fields: bool,
    /// The file names other sources of columns: what it extends, patterns, computed fields.
    pub has_other_columns: bool,
    /// The actions in the order of the file.
    pub actions: ThinVec<Action>,
    /// Names that are written where actions cannot be read; empty where all of them are.
    pub lost_actions: ThinVec<EcoString>,
    /// The key `actions`.
    pub actions_key: Option<TextRange>,
    /// The `audit` block.
    pub audit: Option<Audit>,
    /// The `table_views` block.
    pub views: Option<Box<TableViews>>,
}

/// A field.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The name.
    pub name: Name,
    /// From the name to the end of its value.
    pub range: TextRange,
    /// The type, resolved as far as one file can.
    pub ty: Type,
    /// Where the type is written; the range of the name when it is not.
    pub type_range: TextRange,
    /// `NULL` is allowed. `required: true` in the long form counts as not nullable.
    pub nullable: bool,
    /// The default.
    pub default: Option<Box<Default>>,
    /// `unique: true` of the long form.
    pub unique: bool,
    /// The description of the long form, or the comment behind the short form.
    pub description: Option<EcoString>,
    /// Where the upstream loader loses `!` or `required:`, so that the column is nullable there.
    pub lost_nullability: Option<Box<TextRange>>,
    /// What stands in parentheses behind the type's name: the length of `text(50)`.
    pub parameters: ThinVec<Name>,
    /// `min` and `max` of the long form.
    pub bounds: Bounds,
    /// `was` of the long form: the name in an earlier revision, for migrations.
    pub was: Option<Box<Name>>,
    /// What the type's one-line language could not read.
    pub problems: ThinVec<LineProblem>,
}

/// The least and the greatest value, as written. Few have one, so they take the room of a pointer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bounds(Option<Box<(Option<Name>, Option<Name>)>>);

impl Bounds {
    /// What `min` and `max` say.
    #[must_use]
    pub fn new(least: Option<Name>, greatest: Option<Name>) -> Self {
        let is_bound = least.is_some() || greatest.is_some();
        Self(is_bound.then(|| Box::new((least, greatest))))
    }

    /// Whether there is neither.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// `min`.
    #[must_use]
    pub fn least(&self) -> Option<&Name> {
        self.0.as_ref()?.0.as_ref()
    }

    /// `max`.
    #[must_use]
    pub fn greatest(&self) -> Option<&Name> {
        self.0.as_ref()?.1.as_ref()
    }
}

/// A field's default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Default {
    /// The value's text, without quotes.
    pub text: Name,
    /// Written in quotes, in the one-line form or in YAML.
    pub quoted: bool,
}

/// A column that every entity has and none declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BuiltIn {
    /// The column.
    pub name: &'static str,
    /// Its GraphQL spelling.
    pub graphql: &'static str,
    /// Its type in PostgreSQL.
    pub sql_type: &'static str,
    /// What it holds, for hovers.
    pub documentation: &'static str,
}

/// The built-in columns, in the order of the table.
pub const BUILT_INS: &[BuiltIn] = &[
    BuiltIn {
        name: "id",
        graphql: "id",
        sql_type: "uuid",
        documentation: "public identifier of the row",
    },
    BuiltIn {
        name: "tenant_id",
        graphql: "tenantId",
        sql_type: "uuid",
        documentation: "tenant that owns the row",
    },
    BuiltIn {
        name: "identifier",
        graphql: "identifier",
        sql_type: "text",
        documentation: "human-readable identifier of the row",
    },
    BuiltIn {
        name: "created_at",
        graphql: "createdAt",
        sql_type: "timestamptz",
        documentation: "when the row was inserted",
    },
    BuiltIn {
        name: "created_by",
        graphql: "createdBy",
        sql_type: "uuid",
        documentation: "user who inserted the row",
    },
    BuiltIn {
        name: "updated_at",
        graphql: "updatedAt",
        sql_type: "timestamptz",
        documentation: "when the row was last written",
    },
    BuiltIn {
        name: "updated_by",
        graphql: "updatedBy",
        sql_type: "uuid",
        documentation: "user who last wrote the row",
    },
    BuiltIn {
        name: "deleted_at",
        graphql: "deletedAt",
        sql_type: "timestamptz",
        documentation: "when the row was deleted, if it was",
    },
    BuiltIn {
        name: "deleted_by",
        graphql: "deletedBy",
        sql_type: "uuid",
        documentation: "user who deleted the row",
    },
];

/// Names no field may have: the built-ins and the framework's own columns. Names that begin with `pk_`
/// or `fk_` are reserved as well. Source: `core/reserved_fields.py` of SpecQL 0.8.7.
pub const RESERVED: &[&str] = &[
    "id",
    "tenant_id",
    "identifier",
    "sequence_number",
    "display_identifier",
    "path",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
    "deleted_at",
    "deleted_by",
    "identifier_recalculated_at",
    "identifier_recalculated_by",
    "path_updated_at",
    "path_updated_by",
];

/// The schema of an entity that names none.
pub const DEFAULT_SCHEMA: &str = "public";

impl Field {
    /// The column of the table that holds it: `title`, `fk_author`, `subject_id` for a `ref(A|B)`.
    #[must_use]
    pub fn table_column(&self) -> String {
        match &self.ty {
            Type::Ref(targets) if targets.len() > 1 => format!("{}_id", self.name.text),
            Type::Ref(_) => format!("fk_{}", self.name.text),
            _ => self.name.text.to_string(),
        }
    }
}

impl Entity {
    /// The columns of the table, as SQL names them.
    pub fn table_columns(&self) -> impl Iterator<Item = String> {
        let built_in = BUILT_INS.iter().map(|it| it.name.to_owned());
        let fields = self.fields.iter().filter(|it| !it.name.text.is_empty());
        std::iter::once(format!("pk_{}", self.snake_name()))
            .chain(built_in)
            .chain(fields.map(Field::table_column))
    }

    /// The schema, `public` when the file names none.
    #[must_use]
    pub fn schema_name(&self) -> &str {
        self.schema.as_ref().map_or(DEFAULT_SCHEMA, Name::as_str)
    }

    /// Whether two states of a file declare the same to others, at the same places: all but the actions.
    pub(crate) fn declares_same(&self, other: &Self) -> bool {
        (&self.name, &self.schema, &self.fields) == (&other.name, &other.schema, &other.fields)
            && self.has_other_columns == other.has_other_columns
            && self.has_damaged_fields == other.has_damaged_fields
            && self.audit == other.audit
    }

    /// Whether a name before a dot means a row of the entity in an expression: its own, in either
    /// spelling, or that of its table.
    #[must_use]
    pub fn is_qualifier(&self, name: &str) -> bool {
        !name.is_empty()
            && (self.name.text == name || self.snake_name() == name || self.table_name() == name)
    }

    /// The field with a name, spelled in snake_case or as in GraphQL.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        let exact = self.fields.iter().find(|it| it.name.text == name);
        // `id_` is `id` in GraphQL, but `id` is the built-in column.
        let folded = || self.fields.iter().find(|it| is_graphql_name(name, &it.name.text));
        exact.or_else(|| if Self::built_in(name).is_none() { folded() } else { None })
    }

    /// The built-in column with a name, in either spelling.
    #[must_use]
    pub fn built_in(name: &str) -> Option<&'static BuiltIn> {
        BUILT_INS.iter().find(|it| it.name == name || it.graphql == name)
    }
}

/// Whether a name is the GraphQL spelling of a column where that is another one than the column's own. Asked
/// of all columns for many a name, so no text is made of those that cannot be it.
pub(crate) fn is_graphql_name(name: &str, column: &str) -> bool {
    let begins_alike = name.as_bytes().first() == column.as_bytes().first();
    begins_alike && column.contains('_') && graphql_name(column) == name
}

/// The GraphQL spelling of a column, which mostly is the column's own.
#[must_use]
pub fn graphql_spelling(column: &str) -> Cow<'_, str> {
    if column.contains('_') { graphql_name(column).into() } else { column.into() }
}

/// The GraphQL spelling of a column: `post_count` becomes `postCount`.
#[must_use]
pub fn graphql_name(column: &str) -> String {
    let mut res = String::with_capacity(column.len());
    let mut upper = false;
    for character in column.chars() {
        if character == '_' && !res.is_empty() {
            upper = true;
        } else if upper {
            res.extend(character.to_uppercase());
            upper = false;
        } else {
            res.push(character);
        }
    }
    res
}
