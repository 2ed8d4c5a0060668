//! The head of a function: context, the input's shape, one typed variable per input, the own row.

use specql_model::{Entity, Field};

use super::{
    failure::{raise, raise_if},
    frame::Frame,
};
use crate::{
    catalog::ColumnType,
    constraint::{constraint, constraints, default_value},
    expression::Input,
    names,
    sql::{Lines, Literal, Sql, sql},
};

impl<'a> Frame<'a> {
    /// Writes the head; every step has to be written before, because they ask for the inputs.
    pub(super) fn prologue(&mut self, lines: &mut Lines, steps: &Lines) {
        if self.env.catalog.has_tenants() || steps.mentions("v_tenant_id") {
            self.env.shared("v_tenant_id", "uuid", None);
            lines.push(Sql::raw("v_tenant_id := app.current_tenant_id();"));
        }
        if self.env.catalog.has_tenants() {
            let raise = raise("forbidden", "the session names no tenant", None);
            raise_if(lines, &Sql::raw("v_tenant_id IS NULL"), raise);
        }
        if steps.mentions("v_user_id") {
            self.env.shared("v_user_id", "uuid", None);
            lines.push(Sql::raw("v_user_id := app.current_user_id();"));
        }
        let condition = Sql::raw("jsonb_typeof(input) IS DISTINCT FROM 'object'");
        raise_if(lines, &condition, raise("validation", "the input has to be an object", None));
        if self.env.own_row_is_used && !self.creates {
            let (entity, id) = (self.env.entity, "id");
            self.env.input_value(&[id], entity.name.range, None);
        }
        let inputs = self.env.inputs.clone();
        if !inputs.is_empty() {
            lines.blank();
            lines.push(Sql::raw(
                "-- input: v_field names the one that is read, should its value not fit",
            ));
        }
        for input in &inputs {
            let file = self.env.entity.id.0;
            lines.mapped(file, input.range, |lines| {
                read(lines, input);
                self.check_parameter(lines, input);
            });
        }
        if !inputs.is_empty() {
            lines.push(Sql::raw("v_field := NULL;"));
        }
        for input in &inputs {
            self.look_up(lines, input);
        }
        if self.env.own_row_is_used {
            lines.blank();
            if self.creates { self.fill_own_row(lines) } else { self.load_own_row(lines) }
        }
        lines.blank();
    }

    /// The key of the row that a reference in the input names.
    fn look_up(&self, lines: &mut Lines, input: &Input<'a>) {
        let (Some(key), Some(ColumnType::Reference(Some(target)))) = (&input.key, &input.ty) else {
            return;
        };
        lines.push(sql!("IF {} IS NOT NULL THEN", input.variable));
        lines.indented(|lines| {
            lines.push(sql!(
                "SELECT r.{} INTO {} FROM {} AS r\nWHERE r.id = {} AND {};",
                names::primary_key(target),
                key,
                names::table(target),
                input.variable,
                self.env.live(&Sql::raw("r"))
            ));
            let message = format!("{} not found", input.name);
            raise_if(
                lines,
                &Sql::raw("NOT FOUND"),
                raise("not_found", &message, Some(&input.name)),
            );
        });
        lines.push(Sql::raw("END IF;"));
    }

    /// Before it is inserted the own row is what the input says, so that conditions can name its fields.
    fn fill_own_row(&mut self, lines: &mut Lines) {
        let entity = self.env.entity;
        for (field, column) in self.env.catalog.columns(entity) {
            let Some(input) = self.input_for(entity, field) else { continue };
            let value = self.value_of(field, &input);
            lines.push(sql!("{}.{} := {};", self.env.own_row, column.name, value));
        }
    }

    fn load_own_row(&mut self, lines: &mut Lines) {
        let entity = self.env.entity;
        let id = self.env.input_value(&["id"], entity.name.range, None);
        raise_if(
            lines,
            &sql!("{} IS NULL", id.sql),
            raise("validation", "id is required", Some("id")),
        );
        lines.push(sql!("SELECT t.* INTO {} FROM {} AS t", self.env.own_row, names::table(entity)));
        lines.push(sql!("WHERE t.id = {} AND {}", id.sql, self.env.live(&Sql::raw("t"))));
        lines.push(Sql::raw("FOR UPDATE;"));
        let message = format!("{} not found", entity.name.text);
        raise_if(lines, &Sql::raw("NOT FOUND"), raise("not_found", &message, Some("id")));
    }

    /// The input that is known to give a field its value.
    pub(super) fn input_for(&self, entity: &Entity, field: &Field) -> Option<Input<'a>> {
        let is_it =
            |it: &&Input<'a>| it.belongs_to(entity.id) && field.name.text == it.name.as_str();
        self.env.inputs.iter().find(is_it).cloned()
    }

    /// The value of an input for its column, the field's default in its absence.
    pub(super) fn value_of(&self, field: &Field, input: &Input<'a>) -> Sql {
        let value = match (&input.ty, &input.key) {
            (Some(ColumnType::Reference(_)), Some(key)) => Sql::of(key),
            (Some(ColumnType::Reference(_)), None) => Sql::raw("NULL"),
            _ => Sql::of(&input.variable),
        };
        match default_value(field) {
            Some(default) => sql!("coalesce({}, {})", value, default),
            None => value,
        }
    }

    /// What the type of a parameter demands.
    fn check_parameter(&self, lines: &mut Lines, input: &Input<'a>) {
        let mut parameters = self.env.action.parameters.iter();
        let Some(parameter) = parameters.find(|it| input.is_parameter(&it.name.text)) else {
            return;
        };
        if let Some(it) = constraint(&parameter.ty, &Sql::of(&input.variable)) {
            let message = format!("{} has to be {}", input.name, it.expectation);
            let raise = raise("validation", &message, Some(&input.name));
            raise_if(lines, &sql!("NOT ({})", it.condition), raise);
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
            raise_if(
                lines,
                &condition,
                raise("validation", &format!("{name} is required"), Some(name)),
            );
        }
        for it in constraints(field, &value) {
            let message = format!("{name} has to be {}", it.expectation);
            raise_if(
                lines,
                &sql!("NOT ({})", it.condition),
                raise("validation", &message, Some(name)),
            );
        }
    }
}

/// Reads one input into its variable.
fn read(lines: &mut Lines, input: &Input<'_>) {
    let names = Sql::join(input.spellings.iter().map(|it| Sql::of(&Literal::text(it))), ", ");
    let value = match &input.ty {
        None => sql!("app.input_text(input, {})", names),
        Some(ColumnType::Json) => sql!("app.input_json(input, {})", names),
        Some(ColumnType::Reference(_)) => sql!("app.input_text(input, {})::uuid", names),
        Some(ColumnType::Scalar(ty)) if ty.base() == "text" => {
            sql!("app.input_text(input, {})", names)
        }
        Some(ColumnType::Scalar(ty)) => sql!("app.input_text(input, {})::{}", names, ty),
    };
    lines.push(sql!("v_field := {};", Literal::text(input.name.as_str())));
    lines.push(sql!("{} := {};", input.variable, value));
    if input.required {
        let message = format!("{} is required", input.name);
        let raise = raise("validation", &message, Some(&input.name));
        raise_if(lines, &sql!("{} IS NULL", input.variable), raise);
    }
}
