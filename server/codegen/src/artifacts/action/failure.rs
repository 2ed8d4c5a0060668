//! How a step fails: `app.fail` with a code of its own.

use specql_contract::failure_of_step;
use specql_model::Step;

use super::frame::Frame;
use crate::sql::{Lines, Literal, Sql, sql};

/// Ends the action with `failed:<code>`; `field` is the input or field that it is about.
pub(super) fn fail(code: &str, message: &str, field: Option<&str>) -> Sql {
    let field = field.map(|it| sql!(", {}", Literal::text(it))).unwrap_or_default();
    sql!("PERFORM app.fail({}, {}{});", Literal::text(code), Literal::text(message), field)
}

/// `IF condition THEN fail END IF`.
pub(super) fn fail_if(lines: &mut Lines, condition: &Sql, fail: &Sql) {
    lines.push(sql!("IF {} THEN {} END IF;", condition, fail));
}

impl Frame<'_> {
    /// How a step fails that says it itself.
    pub(super) fn fails(&self, step: &Step, field: Option<&str>) -> Sql {
        let failure = failure_of_step(self.env.catalog.workspace(), self.env.entity.id.0, step);
        failure
            .map_or_else(Sql::default, |it| fail(&it.code, &it.message.unwrap_or_default(), field))
    }
}
