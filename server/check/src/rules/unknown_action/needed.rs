//! What an action needs and a call of it does not give: parameters, the id of its row, fields of the rows
//! that it inserts.

use specql_contract::{Input, Origin, inputs_of};
use specql_model::{
    Action, ActionId, Certainty, Entity, EntityId, Name, Parameter, RowSource, Scope, Step,
    said_twice, suggest,
};
use specql_syntax::expression::Expression;
use specql_text::{TextEdit, TextRange};

use super::{RULE, takes};
use crate::{Context, Diagnostic, Fix, Level, context::listed};

/// A call of an action, with what it gives.
pub(super) struct Call<'c, 'a> {
    pub(super) ctx: &'c Context<'a>,
    pub(super) caller: ActionId,
    pub(super) step: &'c Step,
    pub(super) id: ActionId,
    pub(super) entity: &'c Entity,
    pub(super) called: &'c Action,
    pub(super) arguments: &'c [(Option<Name>, Expression)],
    pub(super) function: &'c Name,
}

/// An input that has to be given and is not, by its name.
pub(super) type Missing = (String, Diagnostic);

/// Each input that has to be given and is not.
pub(super) fn not_given(call: &Call<'_, '_>) -> Vec<Missing> {
    let mut missing: Vec<Missing> = Vec::new();
    for (index, parameter) in call.called.parameters.iter().enumerate() {
        if parameter.is_needed() && !call.gives(index, parameter) {
            let message = format!(
                "`{}` needs `{}`, and the call does not give it, so it would fail",
                call.called.name.text, parameter.name.text
            );
            let found = call.ctx.finding(&RULE, call.function.range, message);
            let found = found.related(call.id.entity.0, parameter.name.range, "the parameter");
            missing.push((parameter.name.text.to_string(), found));
        }
    }
    // What is half typed there, or unknown, may be what reads the input; a call of itself never ends.
    let mut is_whole = call.ctx.knows_fields(call.entity) && call.id != call.caller;
    for step in &call.called.steps {
        step.walk(&mut |it| is_whole &= it.problems.is_empty());
    }
    if !is_whole {
        return missing;
    }
    let inputs = inputs_of(call.ctx.workspace, call.id);
    for input in inputs.iter().filter(|it| it.required && !call.gives_input(it)) {
        match &input.origin {
            Origin::BuiltIn { .. } => missing.push(("id".to_owned(), call.without_row())),
            Origin::Field { entity, range, .. } => {
                let found = call.without_field(input, *entity, *range);
                missing.push((input.name.to_string(), found));
            }
            _ => {}
        }
    }
    missing
}

impl Call<'_, '_> {
    /// One finding for everything that a call does not give.
    pub(super) fn together(&self, mut missing: Vec<Missing>) -> Option<Diagnostic> {
        let level = missing.iter().map(|it| it.1.level).max();
        let (name, mut first) = (!missing.is_empty()).then(|| missing.remove(0))?;
        if let Some(level) = level
            && !missing.is_empty()
        {
            let names: Vec<&str> = std::iter::once(&name)
                .chain(missing.iter().map(|it| &it.0))
                .map(String::as_str)
                .collect();
            first.message = format!(
                "`{}` needs {}, and the call does not give them, so it would fail",
                self.called.name.text,
                listed(names.into_iter())
            );
            first.level = level;
            first.fixes.clear();
            for (_, other) in missing {
                first.related.extend(other.related);
                if first.fixes.is_empty() {
                    first.fixes = other.fixes;
                }
            }
        }
        Some(first)
    }

    /// Whether an argument gives a parameter.
    fn gives(&self, index: usize, parameter: &Parameter) -> bool {
        let others = self.called.parameters.iter().map(|it| it.name.as_str());
        self.arguments.iter().enumerate().any(|(at, (name, _))| match name {
            Some(name) => {
                parameter.is_called(&name.text)
                    || name.text.is_empty()
                    || self.is_misdeclared(parameter, &name.text)
                    || self.is_slip(name, parameter.name.as_str(), others.clone())
            }
            None => at == index,
        })
    }

    /// Whether an argument gives an input that no parameter declares, or is a parameter's.
    fn gives_input(&self, input: &Input) -> bool {
        let name = input.name.as_str();
        let is_it = |it: &Name| {
            input.spellings.contains(&it.text)
                || it.text.is_empty()
                || self.is_slip(it, name, self.entity.column_names())
        };
        self.called.parameter(name).is_some()
            || self.arguments.iter().any(|it| it.0.as_ref().is_some_and(is_it))
    }

    /// Whether the steps of the action call a parameter as the call does, and it is declared with a slip: that is
    /// told where it is declared.
    fn is_misdeclared(&self, parameter: &Parameter, given: &str) -> bool {
        let declared = parameter.name.as_str();
        let is_near =
            || said_twice(declared) == Some(given) || suggest(given, [declared]).is_some();
        self.called.parameter(given).is_none()
            && is_near()
            && takes(self.ctx, self.entity, self.called, given)
    }

    /// A misspelt argument is a finding of its own.
    fn is_slip<'n>(&self, it: &Name, of: &'n str, others: impl Iterator<Item = &'n str>) -> bool {
        !takes(self.ctx, self.entity, self.called, &it.text)
            && suggest(&it.text, others.chain([of])) == Some(of)
    }

    fn without_row(&self) -> Diagnostic {
        let (action, entity) = (&self.called.name.text, &self.entity.name.text);
        let message = format!(
            "`{action}` works on one `{entity}`, and the call does not say which, so it would fail; write \
             `{action}(id = …)`"
        );
        let found = self.ctx.finding(&RULE, self.function.range, message);
        found.related(self.id.entity.0, self.called.name.range, "the action").fix(self.give_row())
    }

    fn without_field(&self, input: &Input, entity: EntityId, range: TextRange) -> Diagnostic {
        let is_sure = self.ctx.workspace.effects(self.id).iter().any(|it| {
            it.entity == Some(entity)
                && it.rows == RowSource::New
                && it.via.is_none()
                && it.certainty == Certainty::Always
        });
        let (level, fails) = if is_sure {
            (Level::Error, "so it would fail")
        } else {
            (Level::Warning, "so it fails where it inserts the row")
        };
        let message = format!(
            "`{}` takes `{}` of the row that it inserts from its input, and the call does not give it, {fails}",
            self.called.name.text, input.name
        );
        let found = self.ctx.finding(&RULE, self.function.range, message).level(level);
        found.related(entity.0, range, "the field")
    }

    /// Gives a row of the called action's entity that the calling one has.
    fn give_row(&self) -> Option<Fix> {
        let row = self.row()?;
        let end = self.function.range.end();
        let rest = self.ctx.file.text().get(end as usize..self.step.value_range.end() as usize);
        let (at, text) = match rest {
            Some(rest) if rest.starts_with('(') => {
                let comma = if self.arguments.is_empty() { "" } else { ", " };
                (end + 1, format!("id = {row}{comma}"))
            }
            // What follows are quotes, or keys beside it.
            _ if self.arguments.is_empty() => (end, format!("(id = {row})")),
            _ => return None,
        };
        let title = format!("Give `{row}`");
        Some(Fix::review(title, self.ctx.id(), vec![TextEdit::insert(at, text)]))
    }

    /// The nearest variable with such a row, else the own row, else the one reference to one.
    fn row(&self) -> Option<String> {
        let wanted = self.id.entity;
        let scope = Scope::at(self.ctx.workspace, self.caller, self.step);
        let variables = scope.variables().iter().rev();
        let mut rows = variables.filter(|it| it.entity() == Some(wanted));
        if let Some(it) = rows.next() {
            return Some(it.text());
        }
        if wanted == self.caller.entity {
            return Some("id".to_owned());
        }
        let own = self.ctx.entity()?;
        let links = self.ctx.workspace.references(own, wanted);
        let mut links = links.filter(|it| it.ty.leads_to_one_row());
        let (Some(link), None) = (links.next(), links.next()) else { return None };
        Some(link.name.text.to_string())
    }
}
