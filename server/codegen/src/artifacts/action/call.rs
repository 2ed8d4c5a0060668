//! `call`: another action, whose changes become part of this one's cascade, or a SQL function.

use specql_model::{Action, Entity, Name, Step, StepKind, expression::Expression};

use super::{failure::raise_if, frame::Frame};
use crate::{
    expression::{Binding, BindingKind, Kind},
    names,
    problem::ProblemKind,
    sql::{Ident, Lines, Literal, Qualified, Sql, TypeName, sql},
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
            (Some((entity, action)), _) => {
                self.call_action(lines, entity, action, arguments);
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
    fn action_named(&self, schema: Option<&Name>, name: &Name) -> Option<(&'a Entity, &'a Action)> {
        let catalog = self.env.catalog;
        let schema = schema.map(Name::as_str);
        catalog.action(catalog.workspace().called(self.env.entity.id, schema, name.as_str())?)
    }

    fn call_action(
        &mut self,
        lines: &mut Lines,
        entity: &'a Entity,
        action: &'a Action,
        arguments: &[(Option<Name>, Expression)],
    ) {
        self.calls = true;
        self.env.shared("v_called", "app.mutation_result", None);
        for name in ["v_called_updated", "v_called_deleted", "v_called_invalidations"] {
            self.env.shared(name, "jsonb[]", Some("'{}'::jsonb[]"));
        }
        let mut pairs = Vec::new();
        for (index, (name, value)) in arguments.iter().enumerate() {
            let positional = action.parameters.get(index).map(|it| it.name.text.to_string());
            let Some(name) = name.as_ref().map(|it| it.text.to_string()).or(positional) else {
                self.env.problem(
                    ProblemKind::UntranslatedStep,
                    value.range,
                    "an argument of an action needs its name",
                );
                continue;
            };
            pairs.push(sql!("{}, {}", Literal::text(name), self.argument(value)));
        }
        let function = names::function(entity, action);
        lines.push(sql!(
            "v_called := {}(jsonb_build_object({}));",
            function,
            Sql::join(pairs, ", ")
        ));
        raise_if(
            lines,
            &Sql::raw("v_called.status <> 'success'"),
            Sql::raw(
                "RAISE EXCEPTION USING ERRCODE = 'SPQ01', MESSAGE = v_called.message,\n    DETAIL = split_part(v_called.status, ':', 2);",
            ),
        );
        for (variable, list) in [
            ("v_called_updated", "updated"),
            ("v_called_deleted", "deleted"),
            ("v_called_invalidations", "invalidations"),
        ] {
            lines.push(sql!(
                "{} := {} || ARRAY(\n    SELECT e.value FROM jsonb_array_elements(v_called.extra_metadata #> ARRAY['_cascade', {}]) AS e(value)\n);",
                Ident::new(variable),
                Ident::new(variable),
                Literal::text(list)
            ));
        }
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
                    Some(name) => sql!("{} => {}", Ident::new(name.as_str()), value),
                    None => value,
                }
            })
            .collect();
        let call = sql!("{}({})", function, Sql::join(arguments, ", "));
        match bind {
            None => lines.push(sql!("PERFORM {};", call)),
            Some(name) => {
                let variable =
                    self.env.declare(&format!("v_{}", name.text), Sql::raw("text"), None);
                lines.push(sql!("{} := {};", variable, call));
                self.env.bindings.push(Binding {
                    name: name.text.to_string(),
                    variable,
                    kind: BindingKind::Text,
                });
            }
        }
    }

    /// A value as another function takes it: a row by its id.
    fn argument(&mut self, value: &Expression) -> Sql {
        let value = self.env.translate(value, &[], None);
        match value.kind {
            Kind::Key(_) => {
                self.env.coerce(value, &crate::catalog::ColumnType::Scalar(TypeName::new("uuid")))
            }
            _ => value.into_sql(),
        }
    }
}
