//! What has to hold for a step to run: the conditions of the branches around it.

use specql_model::{
    Action, ActionId, Effect, SourceFile, Step, StepKind, Type, Workspace, scope::Scope,
};
use specql_syntax::{
    expression::{EntityReference, Expression, ExpressionKind},
    yaml::ScalarStyle,
};
use specql_text::TextRange;
use thin_vec::ThinVec;

use crate::nodes::scalar_style;

/// One block around a step.
#[derive(Debug, Clone, Copy)]
pub enum Guard<'a> {
    /// `then` of a condition.
    Then(&'a Expression),
    /// `else` of a condition.
    Else(&'a Expression),
    /// A case of `switch`: what decides, and the value.
    Case(&'a Expression, &'a Expression),
    /// What happens where none of the cases does.
    Default(&'a Expression, &'a [(Expression, ThinVec<Step>)]),
    /// A loop: no condition says when.
    Loop(&'a Step),
}

/// Whether a step of an action decides by a name, so that what stands behind it may know that there is a
/// value: a `validate` or an `if` of `$reason`, a `find` by it.
pub(crate) fn asks_about(action: &Action, name: &str) -> bool {
    let mut asks = false;
    for step in &action.steps {
        step.walk(&mut |step| {
            let condition = match &step.kind {
                StepKind::Validate { condition, .. } | StepKind::If { condition, .. } => condition,
                StepKind::Switch { subject, .. } => subject,
                StepKind::Find { write, .. } => match &write.filter {
                    Some(it) => it,
                    None => return,
                },
                _ => return,
            };
            condition.walk(&mut |it| match &it.kind {
                ExpressionKind::Path(path) => {
                    asks |= path.segments.iter().any(|it| it.text == name);
                }
                ExpressionKind::RawSql(text) => asks |= text.contains(name),
                _ => {}
            });
        });
    }
    asks
}

/// The condition under which writes happen, as the text of an expression; absent where none can be written
/// down: behind a `return`, where it names a variable of the steps, in an action that is called.
pub(crate) fn condition_of(
    workspace: &Workspace,
    id: ActionId,
    effects: &[&Effect],
) -> Option<String> {
    let writer =
        Writer { workspace, id, file: workspace.file(id.entity.0)?, action: workspace.action(id)? };
    let mut all: Vec<String> = Vec::new();
    for effect in effects {
        let condition = writer.of_effect(effect)?;
        if !all.contains(&condition) {
            all.push(condition);
        }
    }
    (!all.is_empty()).then(|| all.join(" OR "))
}

struct Writer<'a> {
    workspace: &'a Workspace,
    id: ActionId,
    file: &'a SourceFile,
    action: &'a Action,
}

impl Writer<'_> {
    fn of_effect(&self, effect: &Effect) -> Option<String> {
        let at = effect.via.unwrap_or(effect.step);
        if may_have_returned(&self.action.steps, at) {
            return None;
        }
        let guards = guards_of(&self.action.steps, at)?;
        let parts = guards.iter().map(|it| self.of_guard(it)).collect::<Option<Vec<_>>>()?;
        let several = parts.len() > 1;
        let in_parentheses = |it: String| {
            let is_open = several && it.to_ascii_uppercase().contains(" OR ");
            if is_open { format!("({it})") } else { it }
        };
        let parts: Vec<String> = parts.into_iter().map(in_parentheses).collect();
        (!parts.is_empty()).then(|| parts.join(" AND "))
    }

    fn of_guard(&self, guard: &Guard<'_>) -> Option<String> {
        match guard {
            Guard::Then(it) => self.written(it.range),
            Guard::Else(it) => Some(format!("NOT ({})", self.written(it.range)?)),
            Guard::Case(subject, value) => self.case(subject, value),
            Guard::Default(subject, cases) => {
                let cases: Option<Vec<_>> =
                    cases.iter().map(|it| self.case(subject, &it.0)).collect();
                let cases = cases.filter(|it| !it.is_empty())?;
                Some(format!("NOT ({})", cases.join(" OR ")))
            }
            Guard::Loop(it) => self.of_loop(it),
        }
    }

    /// That there is something to run over.
    fn of_loop(&self, step: &Step) -> Option<String> {
        let StepKind::ForEach { collection, filter, .. } = &step.kind else { return None };
        let written = self.written(collection.range)?;
        let path = match &collection.kind {
            ExpressionKind::RawSql(_) => return Some(format!("EXISTS {written}")),
            ExpressionKind::Path(path) => path,
            _ => return None,
        };
        let entity = match path.segments.as_slice() {
            _ if path.dollar => None,
            [name] => Some((None, name.clone())),
            [schema, name] => Some((Some(schema.clone()), name.clone())),
            _ => None,
        };
        let resolved = entity.map(|(schema, name)| {
            let reference = EntityReference { schema, name };
            self.workspace.resolve(self.id.entity, &reference)
        });
        if resolved.is_some_and(|it| it.found().is_some()) {
            return Some(match filter {
                Some(it) => format!("EXISTS ({written} WHERE {})", self.written(it.range)?),
                None => format!("EXISTS {written}"),
            });
        }
        let scope = Scope::at(self.workspace, self.id, step);
        let resolution = scope.resolve(path);
        match resolution.ty()? {
            Type::List(_) => Some(format!("jsonb_array_length({written}) > 0")),
            Type::Ref(_) => Some(format!("{written} IS NOT NULL")),
            _ => None,
        }
    }

    fn case(&self, subject: &Expression, value: &Expression) -> Option<String> {
        let (subject, text) = (self.written(subject.range)?, self.written(value.range)?);
        // A word alone is a value, and no field.
        let is_word =
            matches!(&value.kind, ExpressionKind::Path(it) if !it.dollar && it.segments.len() == 1);
        Some(if is_word { format!("{subject} = '{text}'") } else { format!("{subject} = {text}") })
    }

    /// What is meant by a part of the file.
    fn written(&self, range: TextRange) -> Option<String> {
        let text = range.slice(self.file.text()).trim();
        if text.is_empty() || text.contains(['\n', '"', '\\']) || names_variable(self.action, text)
        {
            return None;
        }
        Some(if text.contains("''") && self.is_single_quoted(range) {
            text.replace("''", "'")
        } else {
            text.to_owned()
        })
    }

    /// Whether a part of the file stands between single quotes. A copy is asked: the tree of a file in the
    /// workspace would stay with it.
    fn is_single_quoted(&self, range: TextRange) -> bool {
        let style = scalar_style(&self.file.folded().parse().yaml().root, range);
        style == Some(ScalarStyle::SingleQuoted)
    }
}

/// The blocks around a step, outermost first; absent where the step is not among these.
#[must_use]
pub fn guards_of(steps: &[Step], at: TextRange) -> Option<Vec<Guard<'_>>> {
    for step in steps {
        if step.range == at {
            return Some(Vec::new());
        }
        let blocks: Vec<(Guard<'_>, &[Step])> = match &step.kind {
            StepKind::If { condition, then, otherwise } => {
                vec![(Guard::Then(condition), then), (Guard::Else(condition), otherwise)]
            }
            StepKind::Switch { subject, cases, default } => {
                let of_case = cases.iter().map(|it| (Guard::Case(subject, &it.0), it.1.as_slice()));
                of_case.chain([(Guard::Default(subject, cases), default.as_slice())]).collect()
            }
            _ => step.branches().into_iter().map(|it| (Guard::Loop(step), it)).collect(),
        };
        for (guard, inner) in blocks {
            if let Some(mut found) = guards_of(inner, at) {
                found.insert(0, guard);
                return Some(found);
            }
        }
    }
    None
}

/// Whether the action may have ended in success before it comes to a step: a `return` lies before it, or in a
/// loop around it.
fn may_have_returned(steps: &[Step], at: TextRange) -> bool {
    for step in steps {
        if step.range == at {
            return false;
        }
        let is_around = step.range.contains_range(at);
        let runs_before = !is_around || matches!(step.kind, StepKind::ForEach { .. });
        if runs_before && has_return(step) {
            return true;
        }
        if is_around {
            let inside = |it: &&[Step]| it.iter().any(|it| it.range.contains_range(at));
            let branch = step.branches().into_iter().find(inside);
            return branch.is_some_and(|it| may_have_returned(it, at));
        }
    }
    false
}

fn has_return(step: &Step) -> bool {
    let mut found = false;
    step.walk(&mut |it| found |= matches!(it.kind, StepKind::Return(_)));
    found
}

/// Whether a text may name a variable of the steps, which means nothing in `impact`.
fn names_variable(action: &Action, text: &str) -> bool {
    let mut found = false;
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    let words: Vec<&str> = text.split(|it: char| !is_word(it)).collect();
    for step in &action.steps {
        step.walk(&mut |it| {
            let bound = match &it.kind {
                StepKind::Find { write, .. } => write.bind.as_deref(),
                StepKind::Call { bind, .. } => bind.as_ref(),
                StepKind::ForEach { variable, .. } => variable.as_ref(),
                _ => it.write().and_then(|it| it.bind.as_deref()),
            };
            found |= bound.is_some_and(|it| words.contains(&it.as_str()));
        });
    }
    found
}
