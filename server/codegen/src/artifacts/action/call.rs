//! `call`: another action, whose steps are a part of this one, or a SQL function.

use specql_model::{
    Action, ActionId, EffectFields, Entity, Name, Step, StepKind, expression::Expression,
};

use super::frame::{Change, Frame};
use crate::{
    expression::{Binding, BindingKind, Kind, Value},
    names,
    problem::ProblemKind,
    sql::{Lines, Literal, Qualified, Sql, TypeName, sql},
};

impl<'a> Frame<'a> {
    pub(super) fn call(&mut self, lines: &mut Lines, step: &Step) -> Option<()> {
        let StepKind::Call { schema, function, arguments, bind } = &step.kind else { return None };
        let Some(function) = function else {
            self.env.problem(
                ProblemKind::UntranslatedStep,
                step.value_range,
                "the step names nothing to call",
            );
            return None;
        };
        match (self.action_named(schema.as_ref(), function), schema) {
            (Some(id), _) => {
                self.call_action(lines, step, id, arguments, bind.as_ref());
                Some(())
            }
            (None, Some(schema)) => {
                let name = Qualified::new(schema.as_str(), function.as_str());
                self.call_function(lines, &name, arguments, bind.as_ref());
                Some(())
            }
            (None, None) => {
                let message = format!(
                    "`{}` is no action of the workspace; name its schema to call a SQL function",
                    function.text
                );
                self.env.problem(ProblemKind::UnresolvedName, function.range, &message);
                None
            }
        }
    }

    /// The action that is called, if it is one.
    pub(super) fn action_named(&self, schema: Option<&Name>, name: &Name) -> Option<ActionId> {
        let schema = schema.map(Name::as_str);
        self.env.catalog.workspace().called(self.env.entity.id, schema, name.as_str())
    }

    /// The name of each argument of an action and its value.
    pub(super) fn arguments<'e>(
        &mut self,
        action: &Action,
        arguments: &'e [(Option<Name>, Expression)],
    ) -> Vec<(String, &'e Expression)> {
        let mut res = Vec::new();
        for (index, (name, value)) in arguments.iter().enumerate() {
            let positional = action.parameters.get(index).map(|it| it.name.text.to_string());
            match name.as_ref().map(|it| it.text.to_string()).or(positional) {
                Some(name) => res.push((name, value)),
                None => self.env.problem(
                    ProblemKind::UntranslatedStep,
                    value.range,
                    "an argument of an action needs its name",
                ),
            }
        }
        res
    }

    fn call_action(
        &mut self,
        lines: &mut Lines,
        step: &Step,
        id: ActionId,
        arguments: &[(Option<Name>, Expression)],
        bind: Option<&Name>,
    ) {
        let Some((entity, action)) = self.env.catalog.action(id) else { return };
        let called = self.env.shared("called$", "app.work", None);
        let mut pairs = Vec::new();
        for (name, value) in self.arguments(action, arguments) {
            pairs.push(sql!("{}, {}", Literal::text(name), self.argument(value)));
        }
        lines.push(sql!(
            "{} := {}(jsonb_build_object({}), ctx$);",
            called,
            names::steps_function(entity, action),
            Sql::join(pairs, ", ")
        ));
        lines.push(Sql::raw("touched$ := touched$ || called$.touched;"));
        let calls = self.env.shared("calls$", "app.call[]", Some("'{}'::app.call[]"));
        lines.push(sql!(
            "{} := {} || ROW({}(), called$.touched, called$.arguments)::app.call;",
            calls,
            calls,
            names::spec_function(entity, action)
        ));
        if !self.env.catalog.workspace().calls(id).is_empty() {
            lines.push(sql!("{} := {} || called$.calls;", calls, calls));
        }
        self.touch_called(step.range);
        if !self.called.contains(&id) {
            self.called.push(id);
        }
        let primary = self.env.catalog.primary(id);
        self.answer_of_called(lines, step, primary.map(|it| it.0));
        if self.writes_own(step) {
            self.read_own_row_again(lines);
        }
        if let (Some(name), Some((primary, _))) = (bind, primary) {
            let table = names::table(primary);
            let wanted = format!("var${}", primary.snake_name());
            let row = self.env.declare(&wanted, Sql::of(&table), None);
            let filled =
                sql!("SELECT t$.* INTO {} FROM {} AS t$ WHERE t$.id = called$.id;", row, table);
            lines.push_filling(filled, &row, Sql::default());
            self.env.bindings.push(Binding {
                name: name.text.to_string(),
                variable: Sql::of(&row),
                kind: BindingKind::Row(primary),
            });
        }
    }

    /// What a call does to the primary entity is in the answer as if a step had done it: the row, and the
    /// fields.
    fn answer_of_called(&mut self, lines: &mut Lines, step: &Step, called: Option<&Entity>) {
        let mut letters: Vec<&str> = Vec::new();
        let mut fields: Vec<&str> = Vec::new();
        let effects = self.env.catalog.effects(self.id).iter();
        for it in
            effects.filter(|it| it.via == Some(step.range) && it.entity == Some(self.primary.id))
        {
            letters.extend(Change::of(it.operation).iter().map(|it| it.letter()));
            if let EffectFields::Named(names) = &it.fields {
                fields.extend(names.iter().map(ecow::EcoString::as_str));
            }
        }
        if letters.is_empty() {
            return;
        }
        let wanted = Change::of(self.operation).iter().map(|it| it.letter());
        let wanted: Vec<&str> = wanted.filter(|it| letters.contains(it)).collect();
        if !wanted.is_empty() {
            lines.push(sql!(
                "work$.id := coalesce(work$.id, app.first_touched(called$.touched, {}, {}));",
                Literal::text(self.env.catalog.type_name(self.primary)),
                Literal::text(format!("{{{}}}", wanted.join(",")))
            ));
        }
        if called.is_some_and(|it| self.is_primary(it)) {
            lines.push(Sql::raw("work$.fields := work$.fields || called$.fields;"));
        } else if !fields.is_empty() {
            let names = fields.iter().map(|it| Sql::of(&Literal::text(*it)));
            lines.push(sql!("work$.fields := work$.fields || ARRAY[{}];", Sql::join(names, ", ")));
        } else {
            return;
        }
        // A field can be there twice.
        self.field_steps += 2;
    }

    /// Whether what is called writes rows of the own entity.
    fn writes_own(&self, step: &Step) -> bool {
        let mut effects = self.env.catalog.effects(self.id).iter();
        effects.any(|it| it.via == Some(step.range) && it.entity == Some(self.env.entity.id))
    }

    fn call_function(
        &mut self,
        lines: &mut Lines,
        function: &Qualified,
        arguments: &[(Option<Name>, Expression)],
        bind: Option<&Name>,
    ) {
        let arguments: Vec<Sql> = arguments
            .iter()
            .map(|(name, value)| {
                let value = self.argument(value);
                match name {
                    Some(name) => sql!("{} => {}", crate::sql::Ident::new(name.as_str()), value),
                    None => value,
                }
            })
            .collect();
        let call = sql!("{}({})", function, Sql::join(arguments, ", "));
        match bind {
            None => lines.push(sql!("PERFORM {};", call)),
            Some(name) => {
                let variable =
                    self.env.declare(&format!("var${}", name.text), Sql::raw("text"), None);
                let unread = sql!("PERFORM {};", call);
                lines.push_filling(sql!("{} := {};", variable, call), &variable, unread);
                self.env.bindings.push(Binding {
                    name: name.text.to_string(),
                    variable: Sql::of(&variable),
                    kind: BindingKind::Text,
                });
            }
        }
        // Nobody knows what it writes.
        let all = self.env.catalog.entities().map(|it| it.id);
        self.env.written.extend(all);
        self.read_own_row_again(lines);
    }

    /// A value as another function takes it: a row by its id.
    fn argument(&mut self, value: &Expression) -> Sql {
        let value = self.argument_value(value);
        value.into_sql()
    }

    pub(super) fn argument_value(&mut self, value: &Expression) -> Value<'a> {
        let value = self.env.translate(value, &[], None);
        match value.kind {
            Kind::Key(_) => {
                let uuid = TypeName::new("uuid");
                let ty = crate::catalog::ColumnType::Scalar(uuid.clone());
                Value::scalar(self.env.coerce(value, &ty), uuid)
            }
            Kind::InputKey(_) => Value::scalar(value.sql, TypeName::new("uuid")),
            _ => value,
        }
    }
}
