//! Which names an expression can use at a place, and what each of them is.
//!
//! Invariant: rules, completion, hovers and code generation ask here, so a name that one of them
//! accepts means the same to all.

mod build;
mod resolve;
mod upsert;

use smallvec::SmallVec;
use specql_syntax::{
    Name,
    expression::{Expression, ExpressionKind, Path},
};

use crate::{
    Action, Column, EntityId, Field, Parameter, PathEnd, PathStep, ResolvedPath, Type, Workspace,
    names::snake_case, query_row::RowColumn,
};

/// The names at a place.
#[derive(Debug, Clone)]
pub struct Scope<'a> {
    workspace: &'a Workspace,
    /// The entity of the file.
    own: EntityId,
    action: Option<&'a Action>,
    /// The rows whose columns come before all variables, the nearest first. That of the action comes
    /// after them.
    rows: SmallVec<[Row; 2]>,
    /// The entity of a new row, whose fields the input can name.
    created: Option<EntityId>,
    /// Loop variables and stored results, the nearest last.
    variables: Vec<Variable<'a>>,
}

/// A row whose columns can be named without a prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// A row of this entity.
    Of(EntityId),
    /// A row of an entity that is not known, so its columns are not either.
    Unknown,
}

/// A variable of an action.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variable<'a> {
    /// The name, where it is introduced.
    pub name: &'a Name,
    /// What it holds.
    pub holds: Held<'a>,
    /// The name is the entity's: `find: User` without `as` gives `user`.
    pub is_implied: bool,
    /// It is a loop's; otherwise the result of a step.
    pub is_loop: bool,
}

/// What a variable holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Held<'a> {
    /// A row of an entity.
    Row(EntityId),
    /// A row of a query in SQL, as written.
    QueryRow(&'a str),
    /// What a function of SQL gives, which has no parts.
    Result,
    /// An item of a list: its type, and the entity of the file that names it.
    Item(&'a Type, EntityId),
    /// Any other value, and one that is not known.
    Unknown,
}

/// What a path in an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum PathResolution<'a> {
    /// A column, perhaps through refs. The path's first step starts from the row.
    Column(ResolvedPath<'a>),
    /// The row of the action before its steps (`old.x`); in a step over rows of its entity, or where only
    /// the row of the step has the column, that one.
    Old(ResolvedPath<'a>),
    /// The same row as it is (`new.x`).
    New(ResolvedPath<'a>),
    /// `input`, `input.x`, `p_x`.
    Input {
        /// The name of the value; empty for the input as a whole.
        name: &'a str,
        /// The column that the value is for, when it is for one, and where its path leads.
        path: Option<ResolvedPath<'a>>,
    },
    /// A declared parameter of the action.
    Parameter(&'a Parameter),
    /// A path from the row that a declared parameter refers to.
    BehindParameter {
        /// The parameter.
        parameter: &'a Parameter,
        /// The path from its row.
        path: ResolvedPath<'a>,
    },
    /// A variable, or a path from the row that it holds.
    Variable {
        /// The variable.
        variable: Variable<'a>,
        /// The path from its row; absent for the variable as a whole.
        path: Option<ResolvedPath<'a>>,
    },
    /// A column of the row of a query, which a loop runs over.
    QueryColumn {
        /// The loop's variable.
        variable: Variable<'a>,
        /// The column.
        column: RowColumn<'a>,
    },
    /// A value of the session or of PostgreSQL (`auth_user_id`, `current_timestamp`): name and
    /// documentation.
    Context(&'static (&'static str, &'static str)),
    /// Something that cannot be known: a variable of the upstream generator (`v_x`), a part of JSON, a
    /// column of an entity that is not known.
    Opaque,
    /// A segment names nothing.
    Unknown {
        /// The segment.
        segment: usize,
        /// The entity that should have such a column.
        entity: Option<EntityId>,
    },
}

/// Values of the session and of PostgreSQL that expressions can name, with documentation.
pub const CONTEXT: &[(&str, &str)] = &[
    ("auth_user_id", "the user of the session"),
    ("auth_tenant_id", "the tenant of the session"),
    ("current_timestamp", "the moment at which the transaction began"),
    ("current_date", "the date at which the transaction began"),
    ("current_time", "the time of day at which the transaction began"),
    ("localtime", "the time of day at which the transaction began, without its zone"),
    ("localtimestamp", "the moment at which the transaction began, without its zone"),
    ("current_user", "the user of the session"),
    ("current_user_id", "the user of the session"),
    ("current_tenant_id", "the tenant of the session"),
    ("now", "the moment at which the transaction began"),
    ("today", "the date at which the transaction began"),
    ("session_user", "the role that opened the session"),
];

impl<'a> Scope<'a> {
    /// The rows whose columns can be named, the nearest first: those of the step, then the action's.
    #[must_use]
    pub fn rows(&self) -> SmallVec<[Row; 2]> {
        let own = Row::Of(self.own);
        let is_new = !self.rows.contains(&own);
        self.rows.iter().copied().chain(is_new.then_some(own)).collect()
    }

    /// All files.
    #[must_use]
    pub const fn workspace(&self) -> &'a Workspace {
        self.workspace
    }

    /// Whether a name is a column of the row that a step works on, which comes before a variable.
    #[must_use]
    pub fn is_column_of_step(&self, name: &Name) -> bool {
        self.column(std::slice::from_ref(name)).is_some()
    }

    /// Loop variables and stored results, the nearest last.
    #[must_use]
    pub fn variables(&self) -> &[Variable<'a>] {
        &self.variables
    }

    /// The variable that the first name of a path is, where it is one.
    #[must_use]
    pub fn variable_of(&self, path: &'a Path) -> Option<Variable<'a>> {
        match self.resolve_first(path)? {
            PathResolution::Variable { variable, .. } => Some(variable),
            _ => None,
        }
    }

    /// The declared field that a path made elsewhere leads to, and its entity.
    #[must_use]
    pub fn resolve_field(&self, path: &Path) -> Option<(EntityId, &'a Field)> {
        let here: &Scope<'_> = self;
        let (entity, field) = here.resolve(path).field()?;
        let declared = self.workspace.entity(entity)?.fields.iter();
        declared.into_iter().find(|it| it.name == field.name).map(|it| (entity, it))
    }

    /// The declared parameters of the action.
    #[must_use]
    pub fn parameters(&self) -> &'a [Parameter] {
        self.action.map_or(&[], |it| &it.parameters)
    }

    /// The entity of the file.
    #[must_use]
    pub fn own_entity(&self) -> EntityId {
        self.own
    }

    /// Calls `visit` for every path of an expression, with the names that hold where it stands.
    pub fn visit_paths(
        &self,
        expression: &'a Expression,
        visit: &mut dyn FnMut(&Scope<'a>, &'a Path, &'a Expression),
    ) {
        match &expression.kind {
            ExpressionKind::Path(path) => visit(self, path, expression),
            ExpressionKind::Exists { entity, filter: Some(filter), .. } => {
                self.within(self.row_of(entity)).visit_paths(filter, visit);
            }
            _ => expression.children(&mut |it| self.visit_paths(it, visit)),
        }
    }
}

impl Variable<'_> {
    /// The entity whose row it holds; absent for any other value, and while that is unknown.
    #[must_use]
    pub const fn entity(&self) -> Option<EntityId> {
        match self.holds {
            Held::Row(it) => Some(it),
            _ => None,
        }
    }

    /// The name by which expressions call it.
    #[must_use]
    pub fn text(&self) -> String {
        if self.is_implied {
            snake_case(self.name.text.trim_start_matches("tb_"))
        } else {
            self.name.text.to_string()
        }
    }

    /// Whether a name is the variable's.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.name.text == name && !self.is_implied || self.is_implied && self.text() == name
    }
}

impl<'a> PathResolution<'a> {
    /// The path to a column, from whatever row.
    #[must_use]
    pub fn path(&self) -> Option<&ResolvedPath<'a>> {
        match self {
            Self::Column(path)
            | Self::Old(path)
            | Self::New(path)
            | Self::BehindParameter { path, .. } => Some(path),
            Self::Input { path, .. } | Self::Variable { path, .. } => path.as_ref(),
            Self::Parameter(_)
            | Self::QueryColumn { .. }
            | Self::Context(_)
            | Self::Opaque
            | Self::Unknown { .. } => None,
        }
    }

    /// The step to the column itself.
    #[must_use]
    pub fn step(&self) -> Option<&PathStep<'a>> {
        self.path()?.last()
    }

    /// The declared field that the path leads to, and its entity.
    #[must_use]
    pub fn field(&self) -> Option<(EntityId, &'a Field)> {
        if let Self::QueryColumn { column, .. } = self {
            return column.field;
        }
        let step = self.step()?;
        match step.column {
            Column::Field(it) => Some((step.entity, it)),
            Column::BuiltIn(_) | Column::Part { .. } => None,
        }
    }

    /// The type of the value, when it is known. Built-in columns have none in SpecQL; see
    /// [`PathResolution::step`].
    #[must_use]
    pub fn ty(&self) -> Option<&Type> {
        match self {
            Self::Parameter(it) => Some(&it.ty),
            Self::QueryColumn { column, .. } => column.field.map(|it| &it.1.ty),
            Self::Variable { variable: Variable { holds: Held::Item(ty, _), .. }, path: None } => {
                Some(ty)
            }
            _ => match &self.step()?.column {
                Column::Field(it) => Some(&it.ty),
                Column::Part { ty, .. } => Some(ty),
                Column::BuiltIn(_) => None,
            },
        }
    }

    /// The entity whose row the value is or refers to, so whose columns may follow after a dot.
    #[must_use]
    pub fn entity(&self) -> Option<EntityId> {
        match self {
            Self::Variable { variable, path: None } => variable.entity(),
            _ => self.step()?.target,
        }
    }

    /// Whether the caller gives it, or the row that it begins at.
    #[must_use]
    pub const fn is_input(&self) -> bool {
        matches!(self, Self::Input { .. } | Self::Parameter(_) | Self::BehindParameter { .. })
    }

    /// Whether some part of the path leads nowhere.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown { .. })
    }
}

/// A resolution from a path that begins some segments into the written one.
fn shifted<'a>(
    mut path: ResolvedPath<'a>,
    by: usize,
    whole: impl FnOnce(ResolvedPath<'a>) -> PathResolution<'a>,
) -> PathResolution<'a> {
    path.steps.iter_mut().for_each(|it| it.segment += by);
    match &mut path.end {
        PathEnd::Unknown { segment, entity } => {
            return PathResolution::Unknown { segment: *segment + by, entity: *entity };
        }
        PathEnd::Opaque { segment } => *segment += by,
        PathEnd::Whole => {}
    }
    whole(path)
}

#[cfg(test)]
mod tests;
