//! The head of a function: what the inputs have to be, the locks, the rows that everything is about.

use specql_contract::Contract;
use specql_model::Field;

use super::{
    failure::{fail, fail_if},
    frame::Frame,
    sources::value_of,
};
use crate::{
    catalog::ColumnType,
    constraint::{Constraint, constraints, default_value},
    expression::{Input, Items},
    names,
    sql::{Ident, Lines, Sql, sql},
};

impl<'a> Frame<'a> {
    /// Writes the head; every step has to be written before, because they ask for the inputs.
    pub(super) fn prologue(&mut self, lines: &mut Lines, contract: &Contract) {
        if self.env.own_row_is_used && !self.creates {
            let (entity, id) = (self.env.entity, "id");
            self.env.input_value(&[id], entity.name.range, None);
        }
        self.require_what_is_written(contract);
        let inputs = self.env.inputs.clone();
        let file = self.env.entity.id.0;
        check_texts(lines, &inputs);
        for input in &inputs {
            lines.mapped(file, input.range, |lines| {
                self.check_parameter(lines, input);
                check_number(lines, input);
                self.check_list(lines, input);
            });
        }
        self.take_locks(lines);
        if let Some(old) = &self.env.old_row {
            lines.push(sql!("{} := {};", old, self.env.own_row));
        }
        if self.fills {
            self.fill_own_row(lines);
        }
    }

    /// What every run writes to a required field is asked for as parameters are.
    fn require_what_is_written(&mut self, contract: &Contract) {
        for it in contract.inputs.iter().filter(|it| it.is_always_written) {
            let is_it = |input: &&mut Input<'a>| input.spellings == it.spellings;
            self.env.inputs.iter_mut().filter(is_it).for_each(|it| it.required = true);
        }
    }

    /// Before it is inserted the own row is what the input says, so that it is that too where it is
    /// never inserted.
    fn fill_own_row(&mut self, lines: &mut Lines) {
        let entity = self.env.entity;
        for (field, column) in self.env.catalog.columns(entity) {
            let is_it =
                |it: &&Input<'a>| it.belongs_to(entity.id) && field.name.text == it.name.as_str();
            let Some(input) = self.env.inputs.iter().find(is_it) else { continue };
            lines.push(sql!("{}.{} := {};", self.env.own_row, column.name, value_of(field, input)));
        }
    }

    /// What the type of a parameter demands.
    fn check_parameter(&self, lines: &mut Lines, input: &Input<'a>) {
        if input.required {
            let message = format!("{} is required", input.name);
            let fail = fail("validation", &message, Some(&input.name));
            fail_if(lines, &sql!("{} IS NULL", input.variable), &fail);
        }
        let mut parameters = self.env.action.parameters.iter();
        let Some(parameter) = parameters.find(|it| input.is_parameter(&it.name.text)) else {
            return;
        };
        for it in constraints(&parameter.as_field(), &Sql::of(&input.variable)) {
            fit(lines, &input.name, Some(it));
        }
    }

    /// What a field demands of its input: to be there, and to fit.
    pub(super) fn check_value(
        &self,
        lines: &mut Lines,
        field: &Field,
        input: &Input<'a>,
        only_if_present: bool,
    ) {
        let name = field.name.as_str();
        let value = Sql::of(&input.variable);
        if !field.nullable && (only_if_present || default_value(field).is_none()) {
            let missing = sql!("{} IS NULL", value);
            let condition = if only_if_present {
                sql!("{} AND {}", input.is_present(), missing)
            } else {
                missing
            };
            let fail = fail("validation", &format!("{name} is required"), Some(name));
            fail_if(lines, &condition, &fail);
        }
        for it in constraints(field, &value) {
            fit(lines, name, Some(it));
        }
    }

    /// The items of a list: live rows, or values of a type.
    fn check_list(&self, lines: &mut Lines, input: &Input<'a>) {
        let Some(items) = &input.items else { return };
        let (name, list) = (input.name.as_str(), &input.variable);
        // The type of a parameter has been looked at as a whole.
        let mut parameters = self.env.action.parameters.iter();
        let is_known = parameters.any(|it| input.is_parameter(&it.name.text));
        if !is_known {
            let wrong = fail("validation", &format!("{name} has to be a list"), Some(name));
            fail_if(lines, &sql!("jsonb_typeof({}) <> 'array'", list), &wrong);
        }
        match items {
            Items::Scalar(ty) => check_items(lines, name, list, is_known, ty),
            Items::Rows(target) => {
                let message = format!("{name} has to be a list of ids");
                if !is_known {
                    fail_if(
                        lines,
                        &sql!(
                            "EXISTS (SELECT FROM jsonb_array_elements_text({}) AS e$(id) WHERE app.is_uuid(e$.id) IS NOT TRUE)",
                            list
                        ),
                        &fail("validation", &message, Some(name)),
                    );
                }
                // Found by their ids: of a list whose length nobody knows the planner would read the table for.
                let live = self.env.live_one(&Sql::raw("r$"));
                fail_if(
                    lines,
                    &sql!(
                        "EXISTS (\n    SELECT e$.id::uuid FROM jsonb_array_elements_text({}) AS e$(id)\n    EXCEPT\n    SELECT r$.id FROM {} AS r$ WHERE r$.id = ANY (app.listed_ids({})) AND {}\n)",
                        list,
                        names::table(target),
                        list,
                        live
                    ),
                    &fail(
                        "not_found",
                        &format!("{name} names something that is not there"),
                        Some(name),
                    ),
                );
            }
        }
    }
}

/// Each item in its type; what does not fit is found by the handler of failures.
fn check_items(
    lines: &mut Lines,
    name: &str,
    list: &Ident,
    is_known: bool,
    ty: &crate::sql::TypeName,
) {
    let is_text = ty.base() == "text";
    let kind = if is_text {
        "jsonb_typeof(e$.item) <> 'string'"
    } else {
        "jsonb_typeof(e$.item) IN ('null', 'array', 'object')"
    };
    let wrong = fail("validation", &format!("{name} has an item that does not fit"), Some(name));
    if !is_known {
        fail_if(
            lines,
            &sql!(
                "EXISTS (SELECT FROM jsonb_array_elements({}) AS e$(item) WHERE {})",
                list,
                Sql::raw(kind)
            ),
            &wrong,
        );
    }
    if !is_text {
        lines.push(sql!(
            "PERFORM count({}) FROM jsonb_array_elements({}) AS e$(item);",
            ty.of_text(&Sql::raw("(e$.item #>> '{}')")),
            list
        ));
    }
}

/// Objects and lists are no text, and would become one. One look at the input tells that it has none.
fn check_texts(lines: &mut Lines, inputs: &[Input<'_>]) {
    let mut texts = inputs.iter().filter(|it| it.is_text()).peekable();
    if texts.peek().is_none() {
        return;
    }
    lines.push(Sql::raw(
        "IF input$ @? 'strict $.* ? (@.type() == \"object\" || @.type() == \"array\")' THEN",
    ));
    lines.indented(|lines| {
        for it in texts {
            let message = format!("{} has to be a text", it.name);
            fail_if(lines, &it.is_nested(), &fail("validation", &message, Some(&it.name)));
        }
    });
    lines.push(Sql::raw("END IF;"));
}

/// Numbers that are none have no JSON.
fn check_number(lines: &mut Lines, input: &Input<'_>) {
    let Some(ColumnType::Scalar(ty)) = &input.ty else { return };
    if matches!(ty.base(), "numeric" | "decimal" | "real" | "double precision") {
        let fail =
            fail("validation", &format!("{} has to be a number", input.name), Some(&input.name));
        fail_if(lines, &sql!("{} IN ('NaN', 'Infinity', '-Infinity')", input.variable), &fail);
    }
}

fn fit(lines: &mut Lines, name: &str, constraint: Option<Constraint>) {
    if let Some(it) = constraint {
        let message = format!("{name} has to be {}", it.expectation);
        fail_if(lines, &sql!("NOT ({})", it.condition), &fail("validation", &message, Some(name)));
    }
}
