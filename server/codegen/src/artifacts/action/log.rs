//! Where the cascade of a mutation is kept beside its audit rows.

use specql_model::{Entity, config::CascadeStorage};

use super::{cascade::cascade_is_on, frame::Frame};
use crate::{
    artifacts::audit::keeps_cascade,
    names,
    sql::{Lines, Literal, Sql, sql},
};

impl<'a> Frame<'a> {
    /// The touched entities beside whose audit rows the cascade is kept.
    fn audited(&self) -> Vec<&'a Entity> {
        let catalog = self.env.catalog;
        let touched = self.touched.iter().map(|it| it.entity);
        touched.filter(|it| keeps_cascade(catalog, it)).collect()
    }

    /// Whether the names of the touched entities are kept with the cascade.
    pub(super) fn logs_entities(&self) -> bool {
        let catalog = self.env.catalog;
        cascade_is_on(catalog, self.env.action)
            && catalog.config().cascade_storage != CascadeStorage::Embedded
            && !self.audited().is_empty()
    }

    /// Writes the cascade to the log, or into the audit rows of this mutation.
    pub(super) fn store_cascade(&mut self, lines: &mut Lines) {
        let catalog = self.env.catalog;
        let audited = self.audited();
        if audited.is_empty() {
            return;
        }
        lines.blank();
        lines.push(Sql::raw("-- audit"));
        match catalog.config().cascade_storage {
            CascadeStorage::Log => self.log(lines),
            CascadeStorage::Column => {
                for entity in audited {
                    lines.push(sql!("UPDATE {} AS a SET", names::audit_table(entity)));
                    lines.push(Sql::raw(
                        "    cascade_data = v_cascade, cascade_entities = v_affected",
                    ));
                    lines.push(Sql::raw(
                        "WHERE a.mutation_id = v_mutation_id AND a.cascade_data IS NULL;",
                    ));
                }
            }
            CascadeStorage::Embedded => {
                for entity in audited {
                    lines.push(sql!("UPDATE {} AS a SET", names::audit_table(entity)));
                    lines.push(Sql::raw("    new_values = coalesce(a.new_values, '{}'::jsonb) || jsonb_build_object('_cascade', v_cascade)"));
                    lines.push(Sql::raw("WHERE a.mutation_id = v_mutation_id AND a.new_values -> '_cascade' IS NULL;"));
                }
            }
        }
    }

    fn log(&self, lines: &mut Lines) {
        lines.push(Sql::raw("INSERT INTO app.mutation_log ("));
        lines.push(Sql::raw(
            "    mutation_id, tenant_id, action, cascade_data, cascade_entities, changed_by,",
        ));
        lines.push(Sql::raw("    correlation_id, traceparent\n)"));
        lines.push(sql!(
            "VALUES (\n    v_mutation_id, v_tenant_id, {}, v_cascade, v_affected, v_user_id,\n    app.current_correlation_id(), app.current_traceparent()\n);",
            Literal::text(self.env.action.name.as_str())
        ));
    }
}
