//! What a path is, given the names at its place.
//!
//! The order, which is that of generated SQL: what stands behind `$`, `input`, `old` and `new`; columns of
//! the rows of the step, the nearest first; variables; columns of the action's row; parameters; values of
//! the session; names of the upstream generator.

use specql_syntax::{Name, expression::Path};

use super::{CONTEXT, Held, PathResolution, Row, Scope, Variable, shifted};
use crate::{Column, EntityId, Parameter, PathEnd, ResolvedPath, Type, query_row::query_row};

/// Names of the input as a whole.
const INPUTS: [&str; 3] = ["input", "input_data", "input_payload"];

impl<'a> Scope<'a> {
    /// What a path is.
    #[must_use]
    pub fn resolve(&self, path: &'a Path) -> PathResolution<'a> {
        let segments = path.segments.as_slice();
        let Some((first, rest)) = segments.split_first() else { return PathResolution::Opaque };
        if path.dollar {
            return self.dollar(first, rest);
        }
        self.prefixed(first, rest)
            .or_else(|| self.column(segments).filter(|_| !self.is_of_variable(first, rest)))
            .or_else(|| self.of_variable(first, rest))
            .or_else(|| self.own_column(segments))
            .or_else(|| self.named(first, rest))
            .or_else(|| self.qualified(first, rest))
            .or_else(|| self.upstream(first, rest))
            .unwrap_or_else(|| self.unknown())
    }

    /// What the first name of a path is, where that does not follow from the names behind it.
    pub(super) fn resolve_first(&self, path: &'a Path) -> Option<PathResolution<'a>> {
        let (first, rest) = path.segments.split_first()?;
        let is_column = !path.dollar && !self.is_of_variable(first, rest);
        let column = self.column(std::slice::from_ref(first)).filter(|_| is_column);
        column.or_else(|| self.of_variable(first, &[]))
    }

    /// `$x`: a variable, a parameter, a value of the session; else a value of the input.
    fn dollar(&self, first: &'a Name, rest: &'a [Name]) -> PathResolution<'a> {
        let prefixed = || self.prefixed(first, rest).filter(|_| !rest.is_empty());
        self.named(first, rest)
            .or_else(prefixed)
            .or_else(|| self.whole_input(first))
            .unwrap_or_else(|| self.input(first, rest, 0))
    }

    /// Whether a path begins at the row that the action is about, as it stands in the table or will.
    #[must_use]
    pub fn begins_at_own_row(&self, path: &'a Path) -> bool {
        let segments = path.segments.as_slice();
        let Some((first, rest)) = segments.split_first().filter(|_| !path.dollar) else {
            return false;
        };
        match self.prefixed(first, rest) {
            Some(it) if it.is_input() => return false,
            Some(_) => return rest.first().is_none_or(|it| self.row_with(it).is_none()),
            None => {}
        }
        let is_other = self.column(segments).is_some() || self.variable(&first.text).is_some();
        let is_qualified = || {
            let is_free = !rest.is_empty() && self.named(first, rest).is_none();
            is_free && self.qualifying(first).is_some_and(|it| !self.rows.contains(&Row::Of(it)))
        };
        // In a step over rows of nobody knows what a name is a column of theirs.
        let is_known = !self.rows.contains(&Row::Unknown);
        !is_other && is_known && (self.own_column(segments).is_some() || is_qualified())
    }

    /// Whether a path begins at a row of the step, which comes before variables and the action's row.
    #[must_use]
    pub fn begins_at_row_of_step(&self, path: &'a Path) -> bool {
        let segments = path.segments.as_slice();
        let Some((first, rest)) = segments.split_first().filter(|_| !path.dollar) else {
            return false;
        };
        match self.prefixed(first, rest) {
            Some(it) if it.is_input() => return false,
            Some(_) => return rest.first().is_some_and(|it| self.row_with(it).is_some()),
            None => {}
        }
        let is_qualified = || {
            let is_free = !rest.is_empty() && self.named(first, rest).is_none();
            is_free && self.qualifying(first).is_some_and(|it| self.rows.contains(&Row::Of(it)))
        };
        let is_column = || self.column(std::slice::from_ref(first)).is_some();
        is_column() && !self.is_of_variable(first, rest) || is_qualified()
    }

    /// `input.x`, `old.x`, `new.x`. Alone, `old` and `new` are names like others. They mean the row of
    /// the action, and in a step over rows of its entity these.
    fn prefixed(&self, first: &'a Name, rest: &'a [Name]) -> Option<PathResolution<'a>> {
        let own = |whole: fn(ResolvedPath<'a>) -> PathResolution<'a>| {
            let row = self.row_with(rest.first()?).unwrap_or(self.own);
            Some(shifted(self.workspace.find_path(row, rest), 1, whole))
        };
        match (first.as_str(), rest) {
            ("old", _) => own(PathResolution::Old),
            ("new", _) => own(PathResolution::New),
            (name, [value, more @ ..]) if INPUTS.contains(&name) => {
                Some(self.input(value, more, 1))
            }
            _ => None,
        }
    }

    /// The row of the step whose column stands behind `old` and `new`: one of the own entity, or one
    /// that has what the own row has not.
    fn row_with(&self, column: &Name) -> Option<EntityId> {
        let has = |it: &EntityId| self.column_of(*it, std::slice::from_ref(column)).is_some();
        let mut rows = self.rows.iter().filter_map(|it| it.known()).filter(has);
        if has(&self.own) { rows.find(|it| *it == self.own) } else { rows.next() }
    }

    fn whole_input(&self, first: &Name) -> Option<PathResolution<'a>> {
        let is_input = INPUTS.contains(&first.as_str());
        is_input.then_some(PathResolution::Input { name: "", path: None })
    }

    /// A value of the input: a parameter, or for a column of the file's entity or of the written one.
    fn input(&self, value: &'a Name, more: &'a [Name], before: usize) -> PathResolution<'a> {
        if let Some(parameter) = self.parameter(&value.text) {
            return self.of_parameter(parameter, more, before + 1);
        }
        let rows = [Row::Of(self.own)].into_iter().chain(self.rows());
        let entities = rows.chain(self.created.map(Row::Of));
        for entity in entities.filter_map(Row::known) {
            let path = self.workspace.find_path(entity, std::slice::from_ref(value));
            if path.end == PathEnd::Whole {
                let path = if more.is_empty() {
                    path
                } else {
                    let segments: Vec<Name> = [value].into_iter().chain(more).cloned().collect();
                    self.workspace.find_path(entity, &segments)
                };
                let name = value.as_str();
                return shifted(path, before, |it| PathResolution::Input { name, path: Some(it) });
            }
        }
        PathResolution::Input { name: value.as_str(), path: None }
    }

    /// A column of one of the rows of the step, or a path from it.
    pub(super) fn column(&self, segments: &[Name]) -> Option<PathResolution<'a>> {
        self.rows.iter().filter_map(|it| it.known()).find_map(|it| self.column_of(it, segments))
    }

    /// Whether the first of several names is a variable, though a column of the step has its name too: nothing comes
    /// behind a plain value, so `line.qty` is the variable's where `line` is a text.
    fn is_of_variable(&self, first: &Name, rest: &[Name]) -> bool {
        if rest.is_empty() || self.variable(&first.text).is_none() {
            return false;
        }
        let rows = self.rows.iter().filter_map(|it| it.known());
        let mut columns = rows.filter_map(|it| self.workspace.entity(it)?.column(&first.text));
        columns.next().is_some_and(|it| match it {
            Column::Field(it) => !matches!(it.ty, Type::Ref(_)) && has_no_parts(&it.ty),
            Column::BuiltIn(_) => true,
            Column::Part { .. } => false,
        })
    }

    /// A column of the row that the action is about, or a path from it. Where nobody knows all columns of a row
    /// of the step, the name may be one of these.
    fn own_column(&self, segments: &[Name]) -> Option<PathResolution<'a>> {
        let found = self.column_of(self.own, segments)?;
        Some(if self.has_torn_row() { PathResolution::Opaque } else { found })
    }

    fn has_torn_row(&self) -> bool {
        let is_torn = |it: &Row| match it {
            Row::Unknown => true,
            Row::Of(it) if *it == self.own => false,
            Row::Of(it) => self.workspace.entity(*it).is_some_and(|it| it.has_damaged_fields),
        };
        self.rows.iter().any(is_torn)
    }

    fn column_of(&self, entity: EntityId, segments: &[Name]) -> Option<PathResolution<'a>> {
        let path = self.workspace.find_path(entity, segments);
        let is_column = !matches!(path.end, PathEnd::Unknown { segment: 0, .. });
        is_column.then(|| shifted(path, 0, PathResolution::Column))
    }

    /// A variable, or a path from the row that it holds.
    fn of_variable(&self, first: &'a Name, rest: &'a [Name]) -> Option<PathResolution<'a>> {
        self.variable(&first.text).map(|it| self.after_variable(it, rest))
    }

    /// A variable, a parameter, the input, a value of the session.
    fn named(&self, first: &'a Name, rest: &'a [Name]) -> Option<PathResolution<'a>> {
        if let Some(variable) = self.of_variable(first, rest) {
            return Some(variable);
        }
        if let Some(parameter) = self.parameter(&first.text) {
            return Some(self.of_parameter(parameter, rest, 1));
        }
        let context = CONTEXT.iter().find(|it| it.0.eq_ignore_ascii_case(&first.text));
        if let Some(context) = context.filter(|_| rest.is_empty()) {
            return Some(PathResolution::Context(context));
        }
        self.whole_input(first).filter(|_| rest.is_empty())
    }

    /// A parameter, or a path from the row that it names; `before` segments come before the rest.
    fn of_parameter(
        &self,
        parameter: &'a Parameter,
        rest: &'a [Name],
        before: usize,
    ) -> PathResolution<'a> {
        let target = match &parameter.ty {
            _ if rest.is_empty() => None,
            Type::Ref(targets) if targets.len() == 1 => {
                self.workspace.target(self.own, &parameter.ty)
            }
            Type::Ref(_) => None,
            ty if has_no_parts(ty) => {
                return PathResolution::Unknown { segment: before, entity: None };
            }
            _ => None,
        };
        match target {
            Some(target) => shifted(self.workspace.find_path(target, rest), before, |path| {
                PathResolution::BehindParameter { parameter, path }
            }),
            None => PathResolution::Parameter(parameter),
        }
    }

    fn after_variable(&self, variable: Variable<'a>, rest: &'a [Name]) -> PathResolution<'a> {
        match (variable.holds, rest) {
            (_, []) => PathResolution::Variable { variable, path: None },
            (Held::Row(entity), _) => shifted(self.workspace.find_path(entity, rest), 1, |it| {
                PathResolution::Variable { variable, path: Some(it) }
            }),
            (Held::QueryRow(query), [name, more @ ..]) => {
                let row = query_row(self.workspace, self.own, query);
                match row.column(&name.text) {
                    Some(_) if !more.is_empty() => {
                        PathResolution::Unknown { segment: 2, entity: None }
                    }
                    Some(it) => PathResolution::QueryColumn { variable, column: it.clone() },
                    None if row.is_open => PathResolution::Opaque,
                    None => PathResolution::Unknown { segment: 1, entity: None },
                }
            }
            (Held::Item(ty, _), _) if has_no_parts(ty) => {
                PathResolution::Unknown { segment: 1, entity: None }
            }
            (Held::Item(..), _) => PathResolution::Opaque,
            (Held::Result, _) => PathResolution::Unknown { segment: 1, entity: None },
            (Held::Unknown, _) => PathResolution::Opaque,
        }
    }

    /// A column behind the name of its entity or table: `Post.title`, `post.title`, `tb_post.title`.
    fn qualified(&self, first: &'a Name, rest: &'a [Name]) -> Option<PathResolution<'a>> {
        let named = self.qualifying(first).filter(|_| !rest.is_empty())?;
        Some(shifted(self.workspace.find_path(named, rest), 1, PathResolution::Column))
    }

    /// The row that a name before a dot means, by its entity: one of the step, else the action's.
    fn qualifying(&self, name: &Name) -> Option<EntityId> {
        let rows = self.rows.iter().filter_map(|it| it.known()).chain([self.own]);
        let is_called = |it: &EntityId| {
            self.workspace.entity(*it).is_some_and(|it| it.is_qualifier(&name.text))
        };
        rows.into_iter().find(is_called)
    }

    /// Names of the upstream generator in raw forms: `p_x` is a value of the input, `v_x` anything.
    fn upstream(&self, first: &'a Name, rest: &'a [Name]) -> Option<PathResolution<'a>> {
        if first.text.starts_with("v_") {
            return Some(PathResolution::Opaque);
        }
        let stem = first.text.strip_prefix("p_").filter(|it| !it.is_empty())?;
        if let Some(parameter) = self.parameter(stem) {
            return Some(PathResolution::Parameter(parameter));
        }
        let value = Name::new(stem, first.range);
        let path = self.workspace.find_path(self.own, &[value]);
        let path = (rest.is_empty() && path.end == PathEnd::Whole).then_some(path);
        let name = first.text.strip_prefix("p_").unwrap_or_default();
        Some(PathResolution::Input { name, path })
    }

    /// A name that nothing here has; it may be a column of a row that is not known.
    fn unknown(&self) -> PathResolution<'a> {
        if self.rows.contains(&Row::Unknown) {
            return PathResolution::Opaque;
        }
        let entity = self.rows.first().and_then(|it| it.known()).unwrap_or(self.own);
        PathResolution::Unknown { segment: 0, entity: Some(entity) }
    }

    fn variable(&self, name: &str) -> Option<Variable<'a>> {
        self.variables.iter().rev().find(|it| it.is_called(name)).copied()
    }

    fn parameter(&self, name: &str) -> Option<&'a Parameter> {
        self.parameters().iter().find(|it| it.is_called(name))
    }
}

/// Whether nothing can come behind a value of a type.
fn has_no_parts(ty: &Type) -> bool {
    match ty {
        Type::Composite(_) | Type::List(_) | Type::Unknown(_) | Type::Missing => false,
        _ => !ty.is_json(),
    }
}
