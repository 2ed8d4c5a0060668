//! What a caller gives that the audit may not keep: an input that stands for a field which is excluded from
//! the trail, or for one of an entity that has none.

use ecow::EcoString;
use rustc_hash::FxHashSet;
use specql_model::{
    ActionId, Entity, EntityId, Name, PathResolution, Scope, Step, StepKind, Write,
    expression::{BinaryOperator, Expression, ExpressionKind},
};
use specql_text::TextRange;

use crate::{Place, audit::keeps_value};

/// The inputs of an action whose values the audit may not keep.
pub(crate) struct Unkept<'p, 'a> {
    place: &'p Place<'a>,
    /// Those that a step writes to such a field, compares with one, or hands on.
    names: FxHashSet<EcoString>,
}

impl<'p, 'a> Unkept<'p, 'a> {
    pub(crate) fn of(place: &'p Place<'a>) -> Self {
        Self::after(place, &mut vec![place.id])
    }

    /// `seen` are the actions that are asked already: calls can go round.
    fn after(place: &'p Place<'a>, seen: &mut Vec<ActionId>) -> Self {
        let mut res = Self { place, names: FxHashSet::default() };
        Scope::each_step(place.workspace, place.id, &mut |scope, step| {
            res.step(scope, step, seen);
        });
        res
    }

    /// Whether the value under a path of the input is one of these.
    pub(crate) fn has(&self, path: &[EcoString], range: TextRange) -> bool {
        let Some((name, rest)) = path.split_first() else { return false };
        self.names.contains(name) || self.is_named_so(name) || self.leads_to_one(name, rest, range)
    }

    /// Whether an entity that the action deals with has such a field under the name.
    fn is_named_so(&self, name: &str) -> bool {
        let Place { workspace, id, entity, primary, .. } = *self.place;
        let written = workspace.effects(id).iter().filter_map(|it| it.entity);
        let mut entities = [entity.id, primary.id].into_iter().chain(written);
        entities.any(|it| self.place.entity_of(it).is_some_and(|it| self.is_unkept(it, name)))
    }

    /// Whether what lies behind a reference in the input is one.
    fn leads_to_one(&self, name: &str, rest: &[EcoString], range: TextRange) -> bool {
        let Place { workspace, entity, action, .. } = *self.place;
        if rest.is_empty() {
            return false;
        }
        let field = entity.field(name).or_else(|| entity.reference_id(name));
        let ty = action.parameter(name).map(|it| &it.ty).or_else(|| field.map(|it| &it.ty));
        let Some(target) = ty.and_then(|it| workspace.target(entity.id, it)) else { return false };
        let rest: Vec<Name> = rest.iter().map(|it| Name::new(it.clone(), range)).collect();
        let found = workspace.find_path(target, &rest);
        found.steps.iter().any(|it| self.is_unkept_of(it.entity, it.column.name()))
    }

    fn is_unkept_of(&self, entity: EntityId, name: &str) -> bool {
        self.place.entity_of(entity).is_some_and(|it| self.is_unkept(it, name))
    }

    fn is_unkept(&self, entity: &Entity, name: &str) -> bool {
        let column = entity.column(name).map(|it| it.name().to_owned());
        let reference = || entity.reference_id(name).map(|it| it.name.text.to_string());
        let column = column.or_else(reference);
        column.is_some_and(|it| !keeps_value(self.place.workspace.config(), entity, &it))
    }

    fn step(&mut self, scope: &Scope<'_>, step: &Step, seen: &mut Vec<ActionId>) {
        match &step.kind {
            StepKind::Insert(write)
            | StepKind::Update(write)
            | StepKind::Upsert(write)
            | StepKind::Delete { write, .. }
            | StepKind::Find { write, .. } => self.written(scope, write),
            StepKind::Call { arguments, .. } => self.handed_on(scope, step, arguments, seen),
            _ => {}
        }
        step.expressions(&mut |it| self.compared(scope, it));
    }

    fn written(&mut self, scope: &Scope<'_>, write: &Write) {
        let reference = write.entity.as_ref();
        let found =
            reference.and_then(|it| self.place.workspace.resolve(self.place.entity.id, it).found());
        let Some(entity) = found.and_then(|it| self.place.entity_of(it)) else { return };
        for it in &write.assignments {
            if self.is_unkept(entity, &it.field.text) {
                self.names.extend(inputs_in(scope, &it.value).into_iter().map(|it| it.1));
            }
        }
    }

    /// What the action that is called may not keep of its input.
    fn handed_on(
        &mut self,
        scope: &Scope<'_>,
        step: &Step,
        arguments: &[(Option<Name>, Expression)],
        seen: &mut Vec<ActionId>,
    ) {
        let workspace = self.place.workspace;
        let called = step.called().and_then(|(schema, name)| {
            workspace.called(self.place.entity.id, schema.map(Name::as_str), name.as_str())
        });
        let Some(called) = called.filter(|it| !seen.contains(it)) else { return };
        let Some(place) = Place::new(workspace, called) else { return };
        seen.push(called);
        let unkept = Unkept::after(&place, seen);
        seen.pop();
        for (index, (name, value)) in arguments.iter().enumerate() {
            let parameter = place.action.parameter_of(index, name.as_ref()).map(|it| &it.name);
            let Some(name) = parameter.or(name.as_ref()) else { continue };
            if unkept.has(std::slice::from_ref(&name.text), name.range) {
                self.names.extend(inputs_in(scope, value).into_iter().map(|it| it.1));
            }
        }
    }

    /// Inputs that are compared with such a field.
    fn compared(&mut self, scope: &Scope<'_>, whole: &Expression) {
        let inputs = inputs_in(scope, whole);
        if inputs.is_empty() {
            return;
        }
        let mut fields = Vec::new();
        scope.visit_paths(whole, &mut |scope, path, it| {
            let resolved = scope.resolve(path);
            let is_input = input_name(&resolved).is_some();
            if let (false, Some(step)) = (is_input, resolved.step())
                && self.is_unkept_of(step.entity, step.column.name())
            {
                fields.push(it.range);
            }
        });
        whole.walk(&mut |it| {
            if is_comparison(it) && fields.iter().any(|field| it.range.contains_range(*field)) {
                let beside = inputs.iter().filter(|input| it.range.contains_range(input.0));
                self.names.extend(beside.map(|it| it.1.clone()));
            }
        });
    }
}

/// The inputs that an expression reads, and where.
fn inputs_in(scope: &Scope<'_>, expression: &Expression) -> Vec<(TextRange, EcoString)> {
    let mut res = Vec::new();
    scope.visit_paths(expression, &mut |scope, path, it| {
        res.extend(input_name(&scope.resolve(path)).map(|name| (it.range, name)));
    });
    res
}

fn input_name(resolution: &PathResolution<'_>) -> Option<EcoString> {
    match resolution {
        PathResolution::Parameter(it) | PathResolution::BehindParameter { parameter: it, .. } => {
            Some(it.name.text.clone())
        }
        PathResolution::Input { name, .. } if !name.is_empty() => Some((*name).into()),
        _ => None,
    }
}

fn is_comparison(it: &Expression) -> bool {
    match &it.kind {
        ExpressionKind::Binary(_, operator, ..) => {
            !matches!(operator, BinaryOperator::And | BinaryOperator::Or)
        }
        ExpressionKind::Between { .. } | ExpressionKind::In { .. } => true,
        _ => false,
    }
}
