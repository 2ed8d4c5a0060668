//! What names mean in the expressions of an action: fields of a row, through refs, then parameters,
//! loop variables and stored results.

use specql_model::{
    Action, ActionId, Entity, EntityId, FileId, Name, Parameter, Resolution, Step, StepKind, Type, Workspace,
    expression::{EntityReference, Expression, ExpressionKind, Path},
};
use specql_text::TextRange;

use crate::mention::Subject;

/// A variable that a loop or a step binds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Variable<'a> {
    /// Its name, where it is bound.
    pub(crate) name: &'a Name,
    /// The entity whose row it holds.
    pub(crate) entity: Option<EntityId>,
}

/// The names at a place.
#[derive(Debug, Clone)]
pub(crate) struct Scope<'a> {
    pub(crate) workspace: &'a Workspace,
    /// The entity of the file.
    pub(crate) own: EntityId,
    /// The entity whose fields bare names mean: the written one, or that of the file.
    pub(crate) row: Option<EntityId>,
    pub(crate) action: Option<(ActionId, &'a Action)>,
    /// The latest last.
    pub(crate) variables: Vec<Variable<'a>>,
}

/// What a path leads into: the names that can follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The fields of an entity.
    Row(EntityId),
    /// The fields of the file's entity and the parameters of the action.
    Input,
}

impl<'a> Scope<'a> {
    /// The scope of an entity's own rows, outside all actions.
    pub(crate) fn of_entity(workspace: &'a Workspace, own: EntityId) -> Self {
        Self { workspace, own, row: Some(own), action: None, variables: Vec::new() }
    }

    /// The scope of an action at an offset: what the steps before it bind, and the loops around it.
    pub(crate) fn of_action(
        workspace: &'a Workspace,
        own: EntityId,
        action: &'a Action,
        index: u32,
        offset: u32,
    ) -> Self {
        let id = ActionId { entity: own, index };
        let mut res = Self { action: Some((id, action)), ..Self::of_entity(workspace, own) };
        res.bind(&action.steps, offset);
        res
    }

    /// The same names with the rows of another entity.
    pub(crate) fn on_rows_of(&self, row: Option<EntityId>) -> Self {
        Self { row, ..self.clone() }
    }

    /// The same rows without what an action binds.
    pub(crate) fn without_variables(&self) -> Self {
        Self { action: None, variables: Vec::new(), ..self.clone() }
    }

    fn bind(&mut self, steps: &'a [Step], offset: u32) {
        for step in steps.iter().take_while(|it| it.range.start() <= offset) {
            match &step.kind {
                StepKind::ForEach { variable: Some(name), collection, body, .. }
                    if step.range.touches(offset) =>
                {
                    let entity = self.rows_of(collection);
                    self.variables.push(Variable { name, entity });
                    self.bind(body, offset);
                }
                StepKind::Call { bind: Some(name), .. } => {
                    self.variables.push(Variable { name, entity: None });
                }
                StepKind::Find { write, .. } => self.bind_write(write),
                _ => {
                    if let Some(write) = step.write() {
                        self.bind_write(write);
                    }
                    step.branches().into_iter().for_each(|it| self.bind(it, offset));
                }
            }
        }
    }

    fn bind_write(&mut self, write: &'a specql_model::Write) {
        if let Some(name) = &write.bind {
            let entity = write.entity.as_ref().and_then(|it| self.entity(it));
            self.variables.push(Variable { name, entity });
        }
    }

    /// The entity that a reference means in this file, when it is one.
    pub(crate) fn entity(&self, reference: &EntityReference) -> Option<EntityId> {
        match self.workspace.resolve(self.own.0, reference) {
            Resolution::Found(id) => Some(id),
            Resolution::Ambiguous(_) | Resolution::Unknown => None,
        }
    }

    /// The entity of the rows that a loop runs over: an entity's name, or a path that ends in a `ref`
    /// or a list of them.
    pub(crate) fn rows_of(&self, collection: &Expression) -> Option<EntityId> {
        let ExpressionKind::Path(path) = &collection.kind else { return None };
        if let [name] = path.segments.as_slice()
            && let Resolution::Found(id) = entity_named(self.workspace, self.own.0, &name.text)
        {
            return Some(id);
        }
        match self.resolve(path).pop()?? {
            Subject::Field(owner, field) => self.referenced(owner, &field.ty),
            Subject::Variable { entity, .. } => entity,
            _ => None,
        }
    }

    /// What each segment of a path means.
    pub(crate) fn resolve(&self, path: &Path) -> Vec<Option<Subject<'a>>> {
        let mut segments = path.segments.iter();
        let Some(first) = segments.next() else { return Vec::new() };
        let (subject, mut place) = self.first(&first.text, path.segments.len() > 1);
        let mut res = vec![subject];
        for segment in segments {
            let subject = place.and_then(|it| self.member(it, &segment.text));
            place = subject.as_ref().and_then(|it| self.leads_to(it));
            res.push(subject);
        }
        res
    }

    /// What a path that is given as text means.
    pub(crate) fn resolve_text(&self, path: &str) -> Option<Subject<'a>> {
        let path = path.trim_start_matches('$');
        match path.rsplit_once('.') {
            Some((before, name)) => self.member(self.place(before)?, name),
            None => self.first(path, false).0,
        }
    }

    /// What can follow a path that is given as text, without its last segment.
    pub(crate) fn place(&self, path: &str) -> Option<Place> {
        let mut segments = path.trim_start_matches('$').split('.');
        let (_, mut place) = self.first(segments.next()?, true);
        for segment in segments {
            place = place.and_then(|it| self.leads_to(&self.member(it, segment)?));
        }
        place
    }

    /// The first segment: its meaning, and what can follow it.
    fn first(&self, name: &str, has_more: bool) -> (Option<Subject<'a>>, Option<Place>) {
        if has_more {
            match name {
                "input" => return (None, Some(Place::Input)),
                "old" | "new" => return (None, self.row.map(Place::Row)),
                _ => {}
            }
        }
        let subject = self
            .row
            .and_then(|it| self.member(Place::Row(it), name))
            .or_else(|| self.variable(name))
            .or_else(|| self.parameter(name));
        let place = subject.as_ref().and_then(|it| self.leads_to(it));
        (subject, place)
    }

    fn variable(&self, name: &str) -> Option<Subject<'a>> {
        let it = self.variables.iter().rev().find(|it| it.name.text == name)?;
        Some(Subject::Variable { declared: it.name.range, name: it.name, entity: it.entity })
    }

    fn parameter(&self, name: &str) -> Option<Subject<'a>> {
        let (id, action) = self.action?;
        let parameter = action.parameters.iter().find(|it| it.name.text == name)?;
        Some(Subject::Parameter(id, parameter))
    }

    fn member(&self, place: Place, name: &str) -> Option<Subject<'a>> {
        match place {
            Place::Row(owner) => field(self.workspace, owner, name),
            Place::Input => {
                self.parameter(name).or_else(|| field(self.workspace, self.own, name)).or_else(|| {
                    // A ref is given as `author`, `author_id` or `authorId`.
                    let short = name.strip_suffix("_id").or_else(|| name.strip_suffix("Id"))?;
                    field(self.workspace, self.own, short)
                })
            }
        }
    }

    fn leads_to(&self, subject: &Subject<'a>) -> Option<Place> {
        match subject {
            Subject::Field(owner, field) => self.referenced(*owner, &field.ty).map(Place::Row),
            Subject::Variable { entity, .. } => entity.map(Place::Row),
            Subject::Parameter(id, parameter) => {
                self.referenced(id.entity, &parameter.ty).map(Place::Row)
            }
            _ => None,
        }
    }

    fn referenced(&self, owner: EntityId, ty: &Type) -> Option<EntityId> {
        match ty {
            Type::Ref(targets) => match self.workspace.resolve(owner.0, targets.first()?) {
                Resolution::Found(id) => Some(id),
                Resolution::Ambiguous(_) | Resolution::Unknown => None,
            },
            Type::List(item) => self.referenced(owner, item),
            _ => None,
        }
    }

    /// The parameters of the action.
    pub(crate) fn parameters(&self) -> &'a [Parameter] {
        self.action.map_or(&[], |(_, it)| it.parameters.as_slice())
    }
}

/// A field or built-in column of an entity.
pub(crate) fn field<'a>(
    workspace: &'a Workspace,
    owner: EntityId,
    name: &str,
) -> Option<Subject<'a>> {
    let entity = workspace.entity(owner)?;
    if let Some(field) = entity.field(name) {
        return Some(Subject::Field(owner, field));
    }
    Entity::built_in(name).map(|it| Subject::BuiltIn(owner, it))
}

/// What `Company` or `crm.Company`, written outside a statement, leads to.
pub(crate) fn entity_named(workspace: &Workspace, from: FileId, name: &str) -> Resolution {
    let part = |it: &str| Name::new(it, TextRange::default());
    let reference = match name.split_once('.') {
        Some((schema, name)) => EntityReference { schema: Some(part(schema)), name: part(name) },
        None => EntityReference { schema: None, name: part(name) },
    };
    workspace.resolve(from, &reference)
}

/// The action that a `call` in a file means: one of its own, else the only one with the name.
pub(crate) fn action_named<'a>(
    workspace: &'a Workspace,
    own: EntityId,
    name: &str,
) -> Option<(ActionId, &'a Action)> {
    let found = |entity: &'a Entity| {
        let index = entity.actions.iter().position(|it| it.name.text == name)?;
        let id = ActionId { entity: entity.id, index: u32::try_from(index).ok()? };
        Some((id, entity.actions.get(index)?))
    };
    if let Some(it) = workspace.entity(own).and_then(found) {
        return Some(it);
    }
    let mut all = workspace.entities().filter_map(found);
    all.next().filter(|_| all.next().is_none())
}

/// The entity of an action's events: the primary one, by default that of the file.
pub(crate) fn aggregate(workspace: &Workspace, own: EntityId, action: &Action) -> Option<EntityId> {
    let primary = action.impact.as_ref().and_then(|it| it.primary.as_ref()?.entity.as_ref());
    match primary.map(|it| entity_named(workspace, own.0, &it.text)) {
        Some(Resolution::Found(id)) => Some(id),
        Some(Resolution::Ambiguous(_) | Resolution::Unknown) => None,
        None => Some(own),
    }
}
