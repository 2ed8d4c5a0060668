//! The functions of an action: `spec_` with what does not depend on the call, `do_` with its steps,
//! and `fn_` that callers call: begin, do, images of the touched rows, finish.
//!
//! `fn_` is one sub-transaction: an error that the caller can mend undoes all of it and becomes
//! `failed:<code>`; any other ends the transaction. A called action is its `do_` and nothing else, so
//! that what it touched is a part of what its caller touched.

mod call;
mod failure;
mod frame;
mod given;
mod input;
mod lock_plan;
mod lock_scope;
mod lock_statements;
mod lock_writes;
mod locks;
mod made_rows;
mod rows;
mod settled;
mod sources;
mod spec;
mod steps;
mod unique_values;
mod upsert;
mod writes;

use specql_contract::{Contract, called_actions};
use specql_model::{Action, ActionId, Cdc, Certainty};

use super::{SAME_TEXTS, header, notes, table};
use crate::{
    catalog::Catalog,
    names,
    problem::{Problem, ProblemKind},
    sql::{Comment, Lines, Literal, Qualified, Script, Sql, sql},
};
use frame::Frame;

/// Writes the functions of an action.
pub(crate) fn action(catalog: Catalog<'_>, id: ActionId, problems: &mut Vec<Problem>) -> Script {
    let mut script = Script::new();
    let Some((entity, action)) = catalog.action(id) else { return script };
    let Some(contract) = catalog.contract(id) else { return script };
    header(&mut script, &format!("action {} of {}", action.name.text, entity.name.text));
    let mut frame = Frame::new(catalog, id, entity, action);
    let body = steps_body(&mut frame, contract);
    for index in 0..frame.env.inputs.len() {
        frame.env.check_input(index);
    }
    not_enforced(&mut frame, contract);
    let mut given = Script::new();
    frame.given_parts(&mut given, contract);
    notes(&mut script, &frame.env.problems);
    for (table, it) in std::mem::take(&mut frame.indexes) {
        table::write_indexes(&mut script, entity.id.0, &table, &[it]);
    }
    frame.specification(&mut script, contract);
    let steps = names::steps_function(entity, action);
    script.with_body(steps_head(&steps), body);
    script.line(sql!("REVOKE ALL ON FUNCTION {}(jsonb, app.context) FROM PUBLIC;", steps));
    if !given.is_empty() {
        script.append(given);
    }
    let function = names::function(entity, action);
    script.with_body(function_head(&function, action), function_body(&frame, contract));
    script.line(sql!("REVOKE ALL ON FUNCTION {}(jsonb) FROM PUBLIC;", function));
    if let Some(description) = &action.description {
        script.line(sql!(
            "COMMENT ON FUNCTION {}(jsonb) IS {};",
            function,
            Literal::text(description.as_str())
        ));
    }
    problems.append(&mut frame.env.problems);
    script
}

/// The body of `do_`: the locks are planned first, the steps written next, and what stands before them
/// last, because they say which inputs and rows there are.
fn steps_body(frame: &mut Frame<'_>, contract: &Contract) -> Lines {
    let action = frame.env.action;
    frame.plan_locks(&action.steps);
    let mut steps = Lines::new();
    frame.steps(&action.steps, &mut steps);
    frame.invalidation_arguments();
    let mut ending = Lines::new();
    frame.ending(&mut ending, contract);
    let mut prologue = Lines::new();
    frame.prologue(&mut prologue, contract);
    let mut block = Lines::new();
    block.indented(|block| {
        block.append(prologue);
        if frame.returns {
            block.push(Sql::raw("<<steps$>>\nBEGIN"));
            block.indented(|it| it.append(steps));
            block.push(Sql::raw("END steps$;"));
        } else {
            block.append(steps);
        }
        block.blank();
        block.append(ending);
        block.push(Sql::raw("RETURN work$;"));
    });
    let unread = block.drop_unread();
    frame.env.variables.retain(|it| !unread.contains(&it.name));
    let mut body = Lines::new();
    body.push(Sql::raw("DECLARE"));
    body.indented(|body| frame.declarations(body));
    body.push(Sql::raw("BEGIN"));
    body.append(block);
    body.push(Sql::raw("END"));
    body
}

impl Frame<'_> {
    /// What the steps leave for the end.
    fn ending(&mut self, lines: &mut Lines, contract: &Contract) {
        let own = self.is_primary(self.env.entity) && self.env.own_row_is_used;
        if own {
            let row = &self.env.own_row;
            // The own row names the answer before others do, where it is what the action is about.
            lines.push(if self.own_is_primary {
                sql!("work$.id := coalesce({}.id, work$.id);", row)
            } else {
                sql!("work$.id := coalesce(work$.id, {}.id);", row)
            });
        }
        let mut changes = contract.changes_of(self.primary.id);
        let sure = changes.any(|it| it.certainty == Certainty::Always);
        if own && !sure {
            // The answer shows it even where no step has written it.
            lines.push(sql!(
                "touched$ := touched$ || ROW({}, 'V', work$.id)::app.touch;",
                Literal::text(self.env.catalog.type_name(self.primary))
            ));
            self.list(self.primary.id);
            self.shown.push(self.primary);
        }
        for it in &contract.answer.relations {
            // A row that is written anyway is among the images.
            if own && self.through.iter().any(|field| *field == *it.field) {
                continue;
            }
            self.show_relation(lines, it.target, &it.field);
        }
        lines.push(Sql::raw("work$.touched := touched$;"));
        if !self.called.is_empty() {
            lines.push(Sql::raw("work$.calls := calls$;"));
        }
        if self.field_steps > 1 {
            lines.push(Sql::raw("work$.fields := app.distinct_texts(work$.fields);"));
        } else if self.field_steps == 1 {
            lines.push(Sql::raw("work$.fields := array_remove(work$.fields, NULL);"));
        }
        if !self.arguments.is_empty() {
            let arguments = Sql::wrapped(self.arguments.clone());
            lines.push(sql!("work$.arguments := jsonb_build_array({});", arguments));
        }
    }

    /// The row that a reference of the primary entity leads to, which the answer shows whole.
    fn show_relation(&mut self, lines: &mut Lines, target: specql_model::EntityId, field: &str) {
        let catalog = self.env.catalog;
        let Some(target) = catalog.entity(target) else { return };
        let Some(column) = catalog.named_column(self.primary, field) else { return };
        lines.push(sql!(
            "touched$ := touched$ || ARRAY(\n    SELECT ROW({}, 'V', r$.id)::app.touch\n    FROM {} AS t$ JOIN {} AS r$ ON r$.{} = t$.{}\n    WHERE t$.id = work$.id\n);",
            Literal::text(catalog.type_name(target)),
            names::table(self.primary),
            names::table(target),
            names::primary_key(target),
            column.name
        ));
        self.list(target.id);
        // Its image is asked for even where no step writes it.
        self.shown.push(target);
    }
}

fn not_enforced(frame: &mut Frame<'_>, contract: &Contract) {
    if let Some(requires) = &frame.env.action.requires {
        let message = format!(
            "`requires: {}` is not checked by the function: check it before the call",
            requires.text
        );
        frame.env.problem(ProblemKind::NotEnforced, requires.range, &message);
    }
    let Some(cdc) = frame.env.action.cdc.as_deref().filter(|it| Cdc::is_enabled(it)) else {
        return;
    };
    if contract.own_events().next().is_none() {
        let message = "no step touches the primary entity, so there is no event to write";
        frame.env.problem(ProblemKind::UntranslatedStep, cdc.range, message);
        return;
    }
    for (entity, event_type) in &cdc.side_effect_events {
        let found = frame.env.catalog.resolve_name(frame.env.entity.id, entity);
        if found.is_none_or(|it| frame.touched.iter().all(|touched| touched.entity.id != it.id)) {
            let message = format!(
                "no step writes `{}`, so `{}` is never published",
                entity.text, event_type.text
            );
            frame.env.problem(ProblemKind::NotEnforced, entity.range, &message);
        }
    }
    let topics = contract.own_events().filter(|it| !is_topic(&it.topic));
    let range = cdc.topic.as_ref().map_or(cdc.range, |it| it.range);
    let messages: Vec<String> = topics
        .map(|it| format!(
            "`{}` is no topic that Kafka has: letters, digits, `.`, `_` and `-`, at most 249 of them",
            it.topic
        ))
        .collect();
    for message in messages {
        frame.env.problem(ProblemKind::Setting, range, &message);
    }
}

/// What Kafka allows as the name of a topic.
fn is_topic(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 249
        && name != "."
        && name != ".."
        && name.bytes().all(|it| it.is_ascii_alphanumeric() || b"._-".contains(&it))
}

fn steps_head(function: &Qualified) -> Lines {
    let mut head = Lines::new();
    head.push(Sql::raw("-- The steps."));
    head.push(sql!(
        "CREATE OR REPLACE FUNCTION {}(input$ jsonb, ctx$ app.context) RETURNS app.work",
        function
    ));
    head.push(Sql::raw("LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp"));
    head.push(Sql::raw(SAME_TEXTS));
    head
}

fn function_head(function: &Qualified, action: &Action) -> Lines {
    let mut head = Lines::new();
    if let Some(description) = &action.description {
        head.push(Sql::of(&Comment::new(description.as_str())));
    }
    head.push(sql!("CREATE OR REPLACE FUNCTION {}(input jsonb)", function));
    head.push(Sql::raw(
        "RETURNS app.mutation_result\nLANGUAGE plpgsql SET search_path = pg_catalog, pg_temp",
    ));
    head
}

fn function_body(frame: &Frame<'_>, contract: &Contract) -> Lines {
    let (entity, action) = (frame.env.entity, frame.env.action);
    let spec = names::spec_function(entity, action);
    let images: Vec<Sql> = frame.images().iter().map(|it| sql!("{}(work$.touched)", it)).collect();
    let images = if images.is_empty() {
        Sql::raw("'{}'::app.image[]")
    } else {
        Sql::join(images, "\n    || ")
    };
    let given = frame.given_calls(contract);
    let mut body = Lines::new();
    body.push(Sql::raw("DECLARE"));
    body.indented(|body| {
        body.push(Sql::raw("ctx$ app.context;\nwork$ app.work;\nimages$ app.image[];"));
        body.push(Sql::raw(
            "code$ text;\ncolumn$ text;\nconstraint$ text;\nschema$ text;\ntable$ text;",
        ));
    });
    body.push(Sql::raw("BEGIN"));
    body.indented(|body| {
        body.push(Sql::raw("ctx$ := app.begin_action($1);"));
        body.push(sql!("work$ := {}($1, ctx$);", names::steps_function(entity, action)));
        if frame.repeats {
            body.push(Sql::raw("work$.touched := app.distinct_touches(work$.touched);"));
        }
        let mut ending = Lines::new();
        ending.push(sql!("images$ := {};", images));
        ending.push(if given.is_empty() {
            sql!("RETURN app.finish_action(ctx$, {}(), work$, images$);", spec)
        } else {
            let given = Sql::join(given, " || ");
            sql!("RETURN app.finish_action(ctx$, {}(), work$, images$, {});", spec, given)
        });
        // The rows as they stand become the cascade that `impact` promises.
        match action.impact.as_deref() {
            Some(it) => body.mapped(entity.id.0, it.key, |body| body.append(ending)),
            None => body.append(ending),
        }
    });
    body.push(Sql::raw("EXCEPTION\nWHEN SQLSTATE 'SPQ01' OR data_exception OR integrity_constraint_violation\n    OR insufficient_privilege OR with_check_option_violation OR plpgsql_error\n    OR program_limit_exceeded OR cardinality_violation THEN"));
    body.indented(|body| {
        body.push(Sql::raw("GET STACKED DIAGNOSTICS code$ = PG_EXCEPTION_DETAIL, column$ = COLUMN_NAME,\n    constraint$ = CONSTRAINT_NAME, schema$ = SCHEMA_NAME, table$ = TABLE_NAME;"));
        body.push(sql!(
            "RETURN app.failed_action({}(), $1, SQLSTATE, SQLERRM, code$, column$, constraint$, schema$, table$);",
            spec
        ));
    });
    body.push(Sql::raw("END"));
    body
}

impl Frame<'_> {
    /// The calls that give what lies behind references: of the action and of those that it calls.
    fn given_calls(&self, contract: &Contract) -> Vec<Sql> {
        let catalog = self.env.catalog;
        let call = |(entity, action): (&specql_model::Entity, &Action)| {
            let context = Sql::raw(if catalog.has_tenants() { ", ctx$" } else { "" });
            sql!("{}(images${})", names::given_function(entity, action), context)
        };
        let mut res = Vec::new();
        if self.has_given(contract) {
            res.push(call((self.env.entity, self.env.action)));
        }
        for id in called_actions(catalog.workspace(), self.id) {
            let Some(found) = catalog.action(id) else { continue };
            let Some(contract) = catalog.contract(id) else { continue };
            if Frame::new(catalog, id, found.0, found.1).has_given(contract) {
                res.push(call(found));
            }
        }
        res
    }
}
