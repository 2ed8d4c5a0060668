//! By which values an upsert looks for its row. What is read from that row is no such value: it is known only once
//! the row is found.

use ecow::EcoString;
use specql_syntax::{
    Name,
    expression::{Expression, Path},
    statement::Assignment,
};

use super::{PathResolution, Row, Scope};
use crate::{EntityId, Write};

impl<'a> Scope<'a> {
    /// The targets of an upsert of an entity whose value is read from the row that they are to find, each with the
    /// first name that means a field of it.
    #[must_use]
    pub fn targets_read_from_row(
        &self,
        write: &'a Write,
        entity: EntityId,
    ) -> Vec<(&'a Assignment, &'a Name)> {
        let Some(row) = self.workspace.entity(entity) else { return Vec::new() };
        let column = |name: &Name| row.column(&name.text).map(|it| EcoString::from(it.name()));
        let targets: Vec<_> = write.conflict_target.iter().filter_map(column).collect();
        let is_target =
            |it: &&'a Assignment| column(&it.field).is_some_and(|it| targets.contains(&it));
        let assignments = write.assignments.iter().filter(is_target);
        assignments.filter_map(|it| Some((it, self.name_of_row(&it.value, entity)?))).collect()
    }

    /// The first name in a value that means a field of the row of a step.
    fn name_of_row(&self, value: &'a Expression, entity: EntityId) -> Option<&'a Name> {
        let mut found: Option<&Path> = None;
        self.visit_paths(value, &mut |scope, path, _| {
            if found.is_none() && self.is_of_row(scope, path, entity) {
                found = Some(path);
            }
        });
        let path = found?;
        let row = self.workspace.entity(entity)?;
        let is_field =
            |it: &&Name| row.column(&it.text).is_some() || row.reference_id(&it.text).is_some();
        path.segments.iter().find(is_field).or_else(|| path.first())
    }

    /// Whether a path begins at the row of this step, where names hold that may be those inside of a question:
    /// these mean the rows that it asks for first.
    fn is_of_row(&self, names: &Scope<'a>, path: &'a Path, entity: EntityId) -> bool {
        let inner = names.rows.len() - self.rows.len();
        if inner == 0 {
            return self.begins_at_row_of_step(path);
        }
        let is_other = |it: &Row| it.known().is_some_and(|it| it != entity);
        let PathResolution::Column(column) = names.resolve(path) else { return false };
        names.rows.iter().take(inner).all(is_other)
            && column.steps.first().is_some_and(|it| it.entity == entity)
    }
}
