//! A call with something before the dot that has no such action: a wrong schema, an entity.
//!
//! A schema that is none of the workspace may be one of the database, whose functions nobody lists here.

use std::collections::BTreeSet;

use specql_model::{ActionId, Entity, Name, suggest};
use specql_text::TextRange;

use super::RULE;
use crate::{Context, Diagnostic, Fix, Level, context::did_you_mean, context::listed};

/// What is wrong with `before.function`, which leads to no action.
pub(super) fn finding(ctx: &Context<'_>, before: &Name, function: &Name) -> Option<Diagnostic> {
    let schemas: BTreeSet<&str> = ctx.workspace.entity_names().map(|it| it.2).collect();
    let is_schema = schemas.contains(before.text.as_str());
    let call = Call { ctx, before, function };
    let entity = call.entity().filter(|_| !is_schema);
    if let Some(found) = entity.and_then(|it| call.of_entity(it)) {
        return Some(found);
    }
    let named = ctx.workspace.actions_named(&function.text);
    let near = suggest(&before.text, schemas.iter().copied());
    if !named.is_empty() {
        return call.elsewhere(named, is_schema || near.is_some());
    }
    let schema = if is_schema { Some(before.text.as_str()) } else { near };
    // The wrappers of all actions stand in `app`.
    let of_all = before.text == "app";
    let actions = ctx.workspace.action_names();
    let actions = actions.filter(|it| of_all || schema.is_some_and(|schema| schema == it.1));
    let action = suggest(&function.text, actions.map(|it| it.0))?;
    Some(call.misspelt(near.filter(|_| !is_schema), action))
}

struct Call<'c, 'a> {
    ctx: &'c Context<'a>,
    before: &'c Name,
    function: &'c Name,
}

impl<'a> Call<'_, 'a> {
    /// From the first name to the last.
    fn range(&self) -> TextRange {
        self.before.range.cover(self.function.range)
    }

    fn written(&self, right: &str) -> Fix {
        self.ctx.change_to(self.range(), right)
    }

    /// The entity that stands before the last dot.
    fn entity(&self) -> Option<&'a Entity> {
        let last = self.before.text.rsplit('.').next()?;
        self.ctx.workspace.entities_spelled(last).next()
    }

    /// `Post.publish`: actions are called without their entity.
    fn of_entity(&self, entity: &Entity) -> Option<Diagnostic> {
        let actions = || entity.actions.iter().map(|it| it.name.as_str());
        let exact = actions().find(|it| *it == self.function.text);
        let near = exact.or_else(|| suggest(&self.function.text, actions()));
        let last = self.before.text.rsplit('.').next().unwrap_or_default();
        let is_entity = last.starts_with(|it: char| it.is_ascii_uppercase());
        if exact.is_none() && !is_entity {
            return None;
        }
        let name = &entity.name.text;
        let message = match near {
            Some(action) if exact.is_some() => format!(
                "an action is called without its entity, so the call would fail; write `{action}`"
            ),
            Some(action) => format!(
                "`{name}` has no action `{}`, and an action is called without its entity, so the call would \
                 fail; did you mean `{action}`?",
                self.function.text
            ),
            None => format!(
                "`{name}` has no action `{}`, so the call would fail{}",
                self.function.text,
                if entity.actions.is_empty() {
                    String::new()
                } else {
                    format!("; it has {}", listed(actions()))
                }
            ),
        };
        let range = if exact.is_some() { self.before.range } else { self.range() };
        let found = self.ctx.finding(&RULE, range, message).fix(near.map(|it| self.written(it)));
        Some(found.related(entity.id.0, entity.name.range, "the entity"))
    }

    /// There are actions of this name, in other schemas.
    fn elsewhere(&self, named: &[ActionId], is_sure: bool) -> Option<Diagnostic> {
        let of = |it: &ActionId| Some(self.ctx.workspace.entity(it.entity)?.schema_name());
        let schemas: BTreeSet<&str> = named.iter().filter_map(of).collect();
        if schemas.is_empty() || schemas.contains(self.before.text.as_str()) {
            return None;
        }
        let message = format!(
            "the schema `{}` has no action `{}`, so the call would fail; it is in {}",
            self.before.text,
            self.function.text,
            listed(schemas.iter().copied())
        );
        let only = schemas.first().filter(|_| schemas.len() == 1);
        let level = if is_sure { Level::Error } else { Level::Warning };
        let mut found = self.ctx.finding(&RULE, self.before.range, message).level(level);
        if let [id] = named
            && let Some(action) = self.ctx.workspace.action(*id)
        {
            found = found.related(id.entity.0, action.name.range, "the action");
        }
        Some(found.fix(only.map(|it| self.ctx.rename(self.before, it))))
    }

    /// The name of an action is near, and perhaps that of its schema.
    fn misspelt(&self, schema: Option<&str>, action: &str) -> Diagnostic {
        let Some(schema) = schema else {
            let message = format!(
                "`{}` has no action `{}`{}",
                self.before.text,
                self.function.text,
                did_you_mean(Some(action))
            );
            let fix = self.ctx.rename(self.function, action);
            let found = self.ctx.finding(&RULE, self.function.range, message);
            return found.level(Level::Warning).fix(fix);
        };
        let right = format!("{schema}.{action}");
        let message = format!(
            "there is no schema `{}` with an action `{}` in this workspace{}",
            self.before.text,
            self.function.text,
            did_you_mean(Some(&right))
        );
        let found = self.ctx.finding(&RULE, self.range(), message);
        found.level(Level::Warning).fix(self.written(&right))
    }
}
