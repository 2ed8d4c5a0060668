//! Every name in an entity file that means something, and what it means. Hover and goto definition
//! read the same list.
//!
//! Invariant: a name that resolves to nothing is not in the list; its finding says why.

mod blocks;
mod declarations;
mod expressions;
mod sql;
mod steps;
mod views;

use specql_model::{
    ActionId, BuiltIn, Column, EntityId, Field, FileKind, Name, Parameter, PathStep, PathSteps,
    Resolution, RichScalar, SourceFile, Type, Workspace, expression::EntityReference,
    query_row::RowColumn,
};
use specql_text::TextRange;

/// A name and what it means.
#[derive(Debug, Clone)]
pub(crate) struct Mention<'a> {
    pub(crate) range: TextRange,
    pub(crate) subject: Subject<'a>,
    /// It is the declaration.
    pub(crate) declares: bool,
    /// A step gives it a value.
    pub(crate) writes: bool,
}

/// What a name means.
#[derive(Debug, Clone)]
pub(crate) enum Subject<'a> {
    Entity(EntityId),
    /// A query of clients, which gives rows of an entity as its name says.
    Query(EntityId),
    /// Several entities have the name.
    Ambiguous(Vec<EntityId>),
    Field(EntityId, &'a Field),
    BuiltIn(EntityId, &'static BuiltIn),
    EnumValue {
        owner: EntityId,
        field: &'a Field,
        value: &'a Name,
    },
    /// A value of a parameter's enum.
    Choice {
        owner: EntityId,
        parameter: &'a Parameter,
        value: &'a Name,
    },
    /// A type, where it is written.
    Type(&'a Type),
    /// A rich type that a `MATCHES` names.
    Rich(&'static RichScalar),
    Action(ActionId),
    Parameter(EntityId, &'a Parameter),
    /// A part of a composite: its name and type.
    Part(&'static str, Type),
    /// A value of the session or of PostgreSQL: name and documentation.
    Context(&'static (&'static str, &'static str)),
    /// A function of SQL.
    Function(&'static str),
    /// A loop's variable or a stored result, in the same file.
    Variable {
        name: &'a Name,
        declared: TextRange,
        entity: Option<EntityId>,
    },
    /// A column of the row that a loop's query gives, which no table has by this name.
    QueryColumn {
        column: RowColumn<'a>,
        /// The loop's variable.
        variable: &'a Name,
        /// The query.
        query: Option<TextRange>,
        /// Where the query gives it its name.
        declared: Option<TextRange>,
    },
    /// The key of an action's `impact`.
    Impact(ActionId),
    /// The key of an action's `cdc`.
    Cdc(ActionId),
    /// The type of an event that the action publishes.
    Event(ActionId),
}

/// The list as it grows.
pub(crate) struct Mentions<'a> {
    workspace: &'a Workspace,
    own: EntityId,
    found: Vec<Mention<'a>>,
}

/// The innermost name that a cursor touches; of two neighbours the one that begins there.
pub(crate) fn at<'a>(
    workspace: &'a Workspace,
    file: &'a SourceFile,
    offset: u32,
) -> Option<Mention<'a>> {
    all(workspace, file)
        .into_iter()
        .filter(|it| it.range.touches(offset) && !it.range.is_empty())
        .min_by_key(|it| (!it.range.contains(offset), it.range.len()))
}

/// Every name of a file, declarations first, then uses.
pub(crate) fn all<'a>(workspace: &'a Workspace, file: &'a SourceFile) -> Vec<Mention<'a>> {
    within(workspace, file, &|_| true)
}

/// The names of the fields, steps and blocks of which `is_asked` holds, and of what surrounds these.
pub(crate) fn within<'a>(
    workspace: &'a Workspace,
    file: &'a SourceFile,
    is_asked: &dyn Fn(TextRange) -> bool,
) -> Vec<Mention<'a>> {
    let mut acc = Mentions { workspace, own: EntityId(file.id), found: Vec::new() };
    if let FileKind::Config(config) = &file.kind {
        blocks::cascade(&config.cascade, &mut acc);
    }
    let Some(entity) = file.entity() else { return acc.found };
    declarations::entity(entity, is_asked, &mut acc);
    for (id, action) in entity.action_ids().filter(|it| is_asked(it.1.range)) {
        declarations::action(id, action, &mut acc);
        for step in &action.steps {
            step.walk(&mut |it| {
                if is_asked(it.range) {
                    steps::step(id, it, &mut acc);
                }
            });
        }
        blocks::blocks(id, action, is_asked, &mut acc);
    }
    acc.found
}

impl<'a> Subject<'a> {
    fn variable(name: &'a Name, entity: Option<EntityId>) -> Self {
        Self::Variable { name, declared: name.range, entity }
    }
}

impl<'a> Mentions<'a> {
    fn push(&mut self, range: TextRange, subject: Subject<'a>) {
        self.found.push(Mention { range, subject, declares: false, writes: false });
    }

    fn declare(&mut self, range: TextRange, subject: Subject<'a>) {
        self.found.push(Mention { range, subject, declares: true, writes: false });
    }

    fn push_written(&mut self, range: TextRange, subject: Option<Subject<'a>>) {
        if let Some(subject) = subject {
            self.found.push(Mention { range, subject, declares: false, writes: true });
        }
    }

    fn push_known(&mut self, range: TextRange, subject: Option<Subject<'a>>) {
        if let Some(subject) = subject {
            self.push(range, subject);
        }
    }

    /// A reference to an entity in a statement or a type; gives the entity.
    fn entity(&mut self, reference: &EntityReference) -> Option<EntityId> {
        let resolution = self.workspace.resolve(self.own, reference);
        self.resolution(reference.range(), resolution)
    }

    /// The name of an entity in a block; gives the entity.
    fn entity_name(&mut self, name: &Name) -> Option<EntityId> {
        let resolution = self.workspace.resolve_name(self.own, &name.text);
        self.resolution(name.range, resolution)
    }

    fn resolution(&mut self, range: TextRange, resolution: Resolution) -> Option<EntityId> {
        match resolution {
            Resolution::Found(id) => {
                self.push(range, Subject::Entity(id));
                Some(id)
            }
            Resolution::Ambiguous(ids) => {
                self.push(range, Subject::Ambiguous(ids));
                None
            }
            Resolution::Unknown => None,
        }
    }

    /// The name of a field of an entity.
    fn field(&mut self, owner: Option<EntityId>, name: &Name) {
        let subject = owner.and_then(|it| field(self.workspace, it, name));
        self.push_known(name.range, subject);
    }

    /// The segments of a path that lead somewhere.
    fn steps(&mut self, segments: &[Name], steps: PathSteps<'a>) {
        let mut done = None;
        for step in steps {
            // `author_id` is two steps at one place; it is the field that has a declaration.
            if done == Some(step.segment) {
                continue;
            }
            done = Some(step.segment);
            if let Some(segment) = segments.get(step.segment) {
                self.push(segment.range, column(step));
            }
        }
    }

    /// A value of the enum of a field or of a parameter; whether it has this one.
    fn enum_value(&mut self, subject: &Subject<'a>, text: &str, range: TextRange) -> bool {
        let listed = |ty: &'a Type| match ty {
            Type::Enum(values) => values.iter().find(|it| it.text == text),
            _ => None,
        };
        let value = match *subject {
            Subject::Field(owner, field) => {
                listed(&field.ty).map(|value| Subject::EnumValue { owner, field, value })
            }
            Subject::Parameter(owner, parameter) => {
                listed(&parameter.ty).map(|value| Subject::Choice { owner, parameter, value })
            }
            _ => None,
        };
        let is_listed = value.is_some();
        self.push_known(range, value);
        is_listed
    }
}

/// A field or built-in column of an entity, also as `author_id`.
pub(crate) fn field<'a>(
    workspace: &'a Workspace,
    owner: EntityId,
    name: &Name,
) -> Option<Subject<'a>> {
    let path = workspace.find_path(owner, std::slice::from_ref(name));
    path.steps.into_iter().next().map(column)
}

fn column(step: PathStep<'_>) -> Subject<'_> {
    match step.column {
        Column::Field(it) => Subject::Field(step.entity, it),
        Column::BuiltIn(it) => Subject::BuiltIn(step.entity, it),
        Column::Part { name, ty, .. } => Subject::Part(name, ty),
    }
}
