//! The scopes of places.

use smallvec::{SmallVec, smallvec};
use specql_syntax::expression::{EntityReference, Expression, ExpressionKind};

use super::{Held, PathResolution, Row, Scope, Variable};
use crate::{
    ActionId, EntityId, Step, StepKind, Type, Workspace, Write, workspace::collection_entity,
};

impl<'a> Scope<'a> {
    /// The names outside of all actions, and in conditions of an impact block: the columns of an
    /// entity.
    #[must_use]
    pub fn of_entity(workspace: &'a Workspace, entity: EntityId) -> Self {
        let (rows, variables) = (SmallVec::new(), Vec::new());
        Self { workspace, own: entity, action: None, rows, created: None, variables }
    }

    /// The names at the end of an action's steps.
    #[must_use]
    pub fn of_action(workspace: &'a Workspace, action: ActionId) -> Self {
        let mut scope = Self::begin(workspace, action);
        for step in scope.action.map_or(&[][..], |it| &it.steps) {
            scope.declare(step);
        }
        scope
    }

    /// The names in the expressions of a step: of its `SET` and `WHERE` the columns of the row that is
    /// changed or found, then the variables of the steps before, then the columns of the action's row.
    #[must_use]
    pub fn at(workspace: &'a Workspace, action: ActionId, step: &Step) -> Self {
        let mut scope = Self::begin(workspace, action);
        let steps = scope.action.map_or(&[][..], |it| &it.steps);
        if let Some(found) = scope.enter(steps, &|it| it.range == step.range) {
            scope.focus(found);
        }
        scope
    }

    /// Calls `visit` for every step of an action with the names in its expressions, outermost first, in the
    /// order of the text. One pass over the steps, where a scope [at](Self::at) each would be one a step.
    pub fn each_step(
        workspace: &'a Workspace,
        action: ActionId,
        visit: &mut dyn FnMut(&Self, &'a Step),
    ) {
        let mut scope = Self::begin(workspace, action);
        scope.visit_steps(scope.action.map_or(&[][..], |it| &it.steps), visit);
    }

    fn visit_steps(&mut self, steps: &'a [Step], visit: &mut dyn FnMut(&Self, &'a Step)) {
        for step in steps {
            self.focus(step);
            visit(self, step);
            (self.rows, self.created) = (SmallVec::new(), None);
            let outside = self.variables.len();
            self.declare_loop(step);
            let inside = self.variables.len();
            for branch in step.branches() {
                self.visit_steps(branch, visit);
                self.variables.truncate(inside);
            }
            self.variables.truncate(outside);
            self.declare(step);
        }
    }

    /// The same for the innermost step around an offset, with that step; between steps, the names that
    /// a step there would have.
    #[must_use]
    pub fn at_offset(
        workspace: &'a Workspace,
        action: ActionId,
        offset: u32,
    ) -> (Self, Option<&'a Step>) {
        let mut scope = Self::begin(workspace, action);
        let mut steps = scope.action.map_or(&[][..], |it| &it.steps);
        let mut innermost = None;
        while let Some(at) = steps.iter().rposition(|it| it.range.start() <= offset) {
            steps.iter().take(at).for_each(|it| scope.declare(it));
            let Some(step) = steps.get(at) else { break };
            if !step.range.touches(offset) {
                scope.declare(step);
                break;
            }
            innermost = Some(step);
            let branch = step.branches().into_iter().find(|it| {
                it.first().is_some_and(|it| it.range.start() <= offset)
                    && it.last().is_some_and(|it| offset <= it.range.end())
            });
            let Some(branch) = branch else { break };
            scope.declare_loop(step);
            steps = branch;
        }
        if let Some(step) = innermost {
            scope.focus(step);
        }
        (scope, innermost)
    }

    fn begin(workspace: &'a Workspace, action: ActionId) -> Self {
        let declared = workspace.action(action);
        Self { action: declared, ..Self::of_entity(workspace, action.entity) }
    }

    /// Declares what the steps before the wanted one declare, and gives that one back.
    fn enter(&mut self, steps: &'a [Step], wanted: &dyn Fn(&Step) -> bool) -> Option<&'a Step> {
        for step in steps {
            if wanted(step) {
                return Some(step);
            }
            let outside = self.variables.len();
            self.declare_loop(step);
            let found = step.branches().into_iter().find_map(|branch| {
                let before = self.variables.len();
                let found = self.enter(branch, wanted);
                if found.is_none() {
                    self.variables.truncate(before);
                }
                found
            });
            if found.is_some() {
                return found;
            }
            self.variables.truncate(outside);
            self.declare(step);
        }
        None
    }

    /// The variable that holds the result of a step from there on.
    fn declare(&mut self, step: &'a Step) {
        if let StepKind::Find { write: Write { bind: None, entity: Some(it), .. }, .. } = &step.kind
        {
            let holds = self.row_of(it).into();
            let variable = Variable { name: &it.name, holds, is_implied: true, is_loop: false };
            self.variables.push(variable);
            return;
        }
        let (bind, holds) = match &step.kind {
            StepKind::Insert(it)
            | StepKind::Update(it)
            | StepKind::Upsert(it)
            | StepKind::Delete { write: it, .. }
            | StepKind::Find { write: it, .. } => (it.bind.as_deref(), self.written(it).into()),
            StepKind::Call { bind: Some(it), .. } => (Some(it), self.result(step)),
            _ => return,
        };
        if let Some(name) = bind {
            self.variables.push(Variable { name, holds, is_implied: false, is_loop: false });
        }
    }

    /// What a call gives: the row of an action, or what a function of SQL says.
    fn result(&self, step: &Step) -> Held<'a> {
        let Some((schema, name)) = step.called() else { return Held::Unknown };
        let schema = schema.map(|it| it.text.as_str());
        match self.workspace.called(self.own, schema, &name.text) {
            Some(action) => self.workspace.row_of_call(action).map_or(Held::Unknown, Held::Row),
            // A name of an action behind another schema is meant to be that action.
            None if schema.is_some() && self.workspace.actions_named(&name.text).is_empty() => {
                Held::Result
            }
            None => Held::Unknown,
        }
    }

    /// The variable of a loop, in its body.
    fn declare_loop(&mut self, step: &'a Step) {
        if let StepKind::ForEach { variable: Some(name), collection, .. } = &step.kind {
            let holds = match &collection.kind {
                ExpressionKind::RawSql(query) => Held::QueryRow(query),
                _ if self.is_one_row(collection) => Held::Unknown,
                _ => match self.collected(collection) {
                    Some(entity) => Held::Row(entity),
                    None => self.item(collection),
                },
            };
            self.variables.push(Variable { name, holds, is_implied: false, is_loop: true });
        }
    }

    /// Whether a loop is said to run over what is one row, which is no collection.
    fn is_one_row(&self, collection: &'a Expression) -> bool {
        let ExpressionKind::Path(path) = &collection.kind else { return false };
        let is_named = collection_entity(collection).is_some_and(|(schema, name)| {
            let schema = schema.map(|it| it.text.as_str());
            self.workspace.resolve_parts(self.own, schema, &name.text).found().is_some()
        });
        !is_named && matches!(self.resolve(path).ty(), Some(Type::Ref(_)))
    }

    /// The entity whose rows a loop runs over: named, or that of a list of refs.
    fn collected(&self, collection: &'a Expression) -> Option<EntityId> {
        let named = collection_entity(collection).and_then(|(schema, name)| {
            let schema = schema.map(|it| it.text.as_str());
            self.workspace.resolve_parts(self.own, schema, &name.text).found()
        });
        if named.is_some() {
            return named;
        }
        let ExpressionKind::Path(path) = &collection.kind else { return None };
        let resolution = self.resolve(path);
        match resolution.ty()? {
            Type::List(item) if matches!(**item, Type::Ref(_)) => {
                let from = resolution.field().map_or(self.own, |it| it.0);
                let is_one = item.targets().len() == 1;
                self.workspace.target(from, item).filter(|_| is_one)
            }
            Type::List(_) => None,
            _ => resolution.entity(),
        }
    }

    /// An item of a list that is no row.
    fn item(&self, collection: &'a Expression) -> Held<'a> {
        let ExpressionKind::Path(path) = &collection.kind else { return Held::Unknown };
        let (ty, from) = match self.resolve(path) {
            PathResolution::Parameter(it) => (&it.ty, self.own),
            resolution => match resolution.field() {
                Some((entity, field)) if field.problems.is_empty() => (&field.ty, entity),
                _ => return Held::Unknown,
            },
        };
        match ty {
            Type::List(item) => Held::Item(item, from),
            _ => Held::Unknown,
        }
    }

    /// Puts the row of a step's expressions first.
    fn focus(&mut self, step: &'a Step) {
        match &step.kind {
            // A new row has no values yet: names are those of the action.
            StepKind::Insert(it) => {
                let written = self.written(it);
                self.created = written.known();
                if written == Row::Unknown {
                    self.rows = smallvec![written];
                }
            }
            StepKind::Update(it)
            | StepKind::Upsert(it)
            | StepKind::Delete { write: it, .. }
            | StepKind::Find { write: it, .. } => self.rows = smallvec![self.written(it)],
            // The condition of a loop over an entity; its collection is a name, not a column.
            StepKind::ForEach { collection, .. } => {
                if let Some(entity) = self.collected(collection) {
                    self.rows.insert(0, Row::Of(entity));
                }
            }
            _ => {}
        }
    }

    /// The entity that a step writes or reads; without a name the file's.
    fn written(&self, write: &Write) -> Row {
        match &write.entity {
            Some(it) => self.row_of(it),
            None if write.is_of_own() => Row::Of(self.own),
            None => Row::Unknown,
        }
    }

    /// The row of an entity as written.
    pub(crate) fn row_of(&self, entity: &EntityReference) -> Row {
        self.workspace.resolve(self.own, entity).found().map_or(Row::Unknown, Row::Of)
    }

    /// The names inside a subquery over a row: its columns come first.
    #[must_use]
    pub fn within(&self, row: Row) -> Self {
        let mut inner = self.clone();
        inner.rows.insert(0, row);
        inner
    }
}

impl From<Row> for Held<'_> {
    fn from(row: Row) -> Self {
        row.known().map_or(Self::Unknown, Self::Row)
    }
}

impl Row {
    /// The entity, when it is known.
    #[must_use]
    pub fn known(self) -> Option<EntityId> {
        match self {
            Self::Of(it) => Some(it),
            Self::Unknown => None,
        }
    }
}
