//! The function of an action: input, steps, read models, cascade, audit, event, result.
//!
//! Everything between the two settings of `app.mutation_id` is one sub-transaction: an error that the
//! caller can mend undoes all of it and becomes `failed:<code>`; any other ends the transaction.

mod call;
mod cascade;
mod events;
mod failure;
mod frame;
mod input;
mod invalidation;
mod log;
mod result;
mod rows;
mod sources;
mod steps;
mod writes;

use specql_model::{Action, ActionId, Entity, Step};

use super::{header, notes};
use crate::{
    catalog::Catalog,
    names,
    problem::{Problem, ProblemKind},
    sql::{Comment, Lines, Literal, Script, Sql, sql},
};
use frame::Frame;

/// Writes the function of an action.
pub(crate) fn action(catalog: Catalog<'_>, id: ActionId, problems: &mut Vec<Problem>) -> Script {
    let mut script = Script::new();
    let Some((entity, action)) = catalog.action(id) else { return script };
    header(&mut script, &format!("action {} of {}", action.name.text, entity.name.text));
    let (mut frame, body) = written(catalog, id, entity, action);
    for index in 0..frame.env.inputs.len() {
        frame.env.check_input(index);
    }
    not_enforced(&mut frame);
    notes(&mut script, &frame.env.problems);
    let function = names::function(entity, action);
    script.with_body(function_head(&function, action), function_body(&mut frame, body));
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

/// The steps, written twice: what the first pass learns (whether anything reads the own row, which
/// entities are written), the second one knows from its first line on.
fn written<'a>(
    catalog: Catalog<'a>,
    id: ActionId,
    entity: &'a Entity,
    action: &'a Action,
) -> (Frame<'a>, Lines) {
    let creates = creates_own_row(entity, &action.steps);
    let mut first = Frame::new(catalog, id, entity, action, creates);
    first.steps(&action.steps, &mut Lines::new());
    first.ending(&mut Lines::new());
    let mut second = Frame::new(catalog, id, entity, action, creates);
    second.env.own_row_is_used = first.env.own_row_is_used;
    second.written = first.touched.iter().map(|it| it.entity.id).collect();
    let mut steps = Lines::new();
    second.steps(&action.steps, &mut steps);
    let mut body = Lines::new();
    if second.returns {
        body.push(Sql::raw("<<steps>>\nBEGIN"));
        body.indented(|it| it.append(steps));
        body.push(Sql::raw("END steps;"));
    } else {
        body.append(steps);
    }
    second.ending(&mut body);
    (second, body)
}

/// Whether the first write of the own entity inserts it: then field names mean the input until it does.
fn creates_own_row(entity: &Entity, steps: &[Step]) -> bool {
    let mut first = None;
    for step in steps {
        step.walk(&mut |it| {
            let own = it
                .write()
                .and_then(|it| it.entity.as_ref())
                .is_some_and(|it| it.name.text == entity.name.text);
            if own && first.is_none() {
                first = Some(matches!(
                    it.kind,
                    specql_model::StepKind::Insert(_) | specql_model::StepKind::Upsert(_)
                ));
            }
        });
    }
    first.unwrap_or(false)
}

fn not_enforced(frame: &mut Frame<'_>) {
    if let Some(requires) = &frame.env.action.requires {
        let message = format!(
            "`requires: {}` is not checked by the function: check it before the call",
            requires.text
        );
        frame.env.problem(ProblemKind::NotEnforced, requires.range, &message);
    }
}

fn function_head(function: &crate::sql::Qualified, action: &Action) -> Lines {
    let mut head = Lines::new();
    if let Some(description) = &action.description {
        head.push(Sql::of(&Comment::new(description.as_str())));
    }
    head.push(sql!("CREATE OR REPLACE FUNCTION {}(input jsonb)", function));
    head.push(Sql::raw(
        "RETURNS app.mutation_result\nLANGUAGE plpgsql\nSET search_path = pg_catalog, pg_temp",
    ));
    head
}

fn function_body(frame: &mut Frame<'_>, steps: Lines) -> Lines {
    let mut head = Lines::new();
    frame.prologue(&mut head, &steps);
    if frame.calls {
        let outer = "current_setting('app.correlation_id', true)";
        frame.env.shared("v_outer_correlation_id", "text", Some(outer));
    }
    let handler = frame.handler();
    let mut body = Lines::new();
    body.push(Sql::raw("DECLARE"));
    body.indented(|body| frame.declarations(body));
    body.push(Sql::raw("BEGIN"));
    body.indented(|body| {
        body.push(Sql::raw("PERFORM set_config('app.mutation_id', v_mutation_id::text, true);"));
        if frame.calls {
            body.push(Sql::raw("-- Events of the actions that are called belong together with these."));
            body.push(Sql::raw("PERFORM set_config(\n    'app.correlation_id', coalesce(app.current_correlation_id(), gen_random_uuid())::text, true\n);"));
        }
        body.push(Sql::raw("BEGIN"));
        body.indented(|body| {
            body.append(head);
            body.append(steps);
        });
        body.append(handler);
        body.push(Sql::raw("END;"));
        body.push(Sql::raw(
            "PERFORM set_config('app.mutation_id', coalesce(v_outer_mutation_id, ''), true);",
        ));
        if frame.calls {
            body.push(Sql::raw("PERFORM set_config('app.correlation_id', coalesce(v_outer_correlation_id, ''), true);"));
        }
        body.push(Sql::raw("RETURN v_result;"));
    });
    body.push(Sql::raw("END"));
    body
}
