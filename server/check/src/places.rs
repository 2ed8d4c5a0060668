//! Where the writes of an action are said, for ranges of findings.

use specql_model::{Action, ActionId, Effect, FileId};
use specql_text::TextRange;

use crate::{Context, Diagnostic, Rule};

impl Context<'_> {
    /// The entity that a write names, in the file of its step.
    pub(crate) fn place_of(&self, effect: &Effect) -> (FileId, TextRange) {
        (effect.action.entity.0, effect.target.range)
    }

    /// A finding in this file about a write: at the entity that the step names, or, when the step is
    /// another action's, at the call that leads there.
    pub(crate) fn at_effect(
        &self,
        rule: &Rule,
        action: &Action,
        effect: &Effect,
        message: String,
    ) -> Diagnostic {
        match effect.via {
            None => self.finding(rule, effect.target.range, message),
            Some(call) => {
                let (file, range) = self.place_of(effect);
                let place = self.called_name(action, call);
                self.finding(rule, place, message).related(file, range, "the step")
            }
        }
    }

    /// The same about a field that the write sets, at the place where the step names it.
    pub(crate) fn at_written_field(
        &self,
        rule: &Rule,
        id: ActionId,
        effect: &Effect,
        field: &str,
        message: String,
    ) -> Option<Diagnostic> {
        let action = self.workspace.action(id)?;
        let entity = self.workspace.entity(effect.entity?)?;
        let step = action.step_at(effect.step).filter(|_| effect.via.is_none());
        let write = step.and_then(|it| it.write());
        let named = write.and_then(|it| {
            let assigned = it.assignments.iter().map(|it| &it.field);
            let mut names = assigned.chain(&it.columns);
            names.find(|it| entity.column(&it.text).is_some_and(|it| it.name() == field))
        });
        Some(match named {
            Some(name) => self.finding(rule, name.range, message),
            None => self.at_effect(rule, action, effect, message),
        })
    }

    /// The name that a `call` step names.
    fn called_name(&self, action: &Action, call: TextRange) -> TextRange {
        let called = action.step_at(call).and_then(|it| it.called());
        called.map_or_else(|| self.first_line(call), |(_, function)| function.range)
    }
}
