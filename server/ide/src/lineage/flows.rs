//! What carries the value of a field out of the database: read from the shapes of contracts, whose
//! members know the field that they come from.

use specql_contract::{CascadeEntry, Contract, Event, Object, Origin, Outcome, Shape};
use specql_model::{ActionId, EntityId, FileId, Workspace};
use specql_text::TextRange;

/// By what a value leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LineageFlowKind {
    /// The object `_cascade` of the answer.
    Cascade,
    /// A query that clients fetch again.
    Invalidation,
    /// The payload of an event.
    Event,
    /// The audit trail.
    Audit,
}

impl LineageFlowKind {
    /// The word in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cascade => "cascade",
            Self::Invalidation => "invalidation",
            Self::Event => "event",
            Self::Audit => "audit",
        }
    }
}

/// A way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineageFlow {
    /// By what.
    pub kind: LineageFlowKind,
    /// `Post.create_post`.
    pub action: String,
    /// The action can give the field another value; otherwise it carries the value that is there.
    pub changes: bool,
    /// The event, the query, the audit table; empty for a cascade.
    pub name: String,
    /// Where in it: `updated[].entity.title`; empty for a query.
    pub path: String,
    /// The file of the action.
    pub file: FileId,
    /// What in it says so: the entry of the `impact`, the type of the event, else the action's name.
    pub range: TextRange,
}

/// The ways by which the value of a field leaves with an action.
pub(super) fn of_action(
    workspace: &Workspace,
    id: ActionId,
    changes: bool,
    owner: EntityId,
    field: &str,
) -> Vec<LineageFlow> {
    let (Some(contract), Some(entity)) = (Contract::of(workspace, id), workspace.entity(id.entity))
    else {
        return Vec::new();
    };
    let named = workspace.action(id).map(|it| it.name.range).unwrap_or_default();
    let action = format!("{}.{}", entity.name.text, contract.name);
    let carrier = Carrier { workspace, file: id.entity.0, action, named, changes, owner, field };
    let mut res = carrier.cascade(&contract);
    res.extend(contract.events.iter().flat_map(|it| carrier.event(it)));
    res.extend(carrier.audit(&contract));
    res
}

struct Carrier<'a> {
    workspace: &'a Workspace,
    file: FileId,
    action: String,
    named: TextRange,
    changes: bool,
    owner: EntityId,
    field: &'a str,
}

impl Carrier<'_> {
    fn flow(
        &self,
        kind: LineageFlowKind,
        name: String,
        path: String,
        range: TextRange,
    ) -> LineageFlow {
        let (action, changes, file) = (self.action.clone(), self.changes, self.file);
        LineageFlow { kind, action, changes, name, path, file, range }
    }

    fn cascade(&self, contract: &Contract) -> Vec<LineageFlow> {
        let Some(cascade) = &contract.cascade else { return Vec::new() };
        let mut res = Vec::new();
        for entry in &cascade.entries {
            let mut declared = contract.changes_of(entry.entity).filter_map(|it| it.declared);
            let range = declared.next().unwrap_or(self.named);
            for path in self.paths(&entry.shape(self.workspace), list(entry)) {
                res.push(self.flow(LineageFlowKind::Cascade, String::new(), path, range));
            }
        }
        // A query is fetched again because of what changes.
        let queries = cascade.invalidations.iter().filter(|_| self.changes);
        res.extend(queries.map(|it| {
            let name = it.query.to_string();
            self.flow(LineageFlowKind::Invalidation, name, String::new(), it.range)
        }));
        res
    }

    fn event(&self, event: &Event) -> Vec<LineageFlow> {
        let mut res = Vec::new();
        for member in &event.payload {
            let base = match member.rows {
                specql_contract::Rows::One => member.name.to_string(),
                _ => format!("{}[]", member.name),
            };
            res.extend(self.paths(&member.shape, &base));
        }
        let name = event.event_type.to_string();
        // An event of a called action comes by the call.
        let range = event.via.unwrap_or(event.range);
        let flow = |path| self.flow(LineageFlowKind::Event, name.clone(), path, range);
        res.into_iter().map(flow).collect()
    }

    fn audit(&self, contract: &Contract) -> Vec<LineageFlow> {
        let mut res = Vec::new();
        for trail in contract.audit.trails.iter().filter(|it| it.entity == self.owner) {
            for path in self.paths(&trail.image, "new_values") {
                res.push(self.flow(
                    LineageFlowKind::Audit,
                    "audit trail".to_owned(),
                    path,
                    self.named,
                ));
            }
        }
        res
    }

    /// The members of an object that come from the field.
    fn paths(&self, object: &Object, base: &str) -> Vec<String> {
        let mut acc = Vec::new();
        self.members(object, base, &mut acc);
        acc
    }

    fn members(&self, object: &Object, base: &str, acc: &mut Vec<String>) {
        for member in &object.members {
            let path = format!("{base}.{}", member.name);
            match &member.origin {
                Origin::Field { entity, field, .. }
                    if *entity == self.owner && field == self.field =>
                {
                    acc.push(path);
                }
                _ => self.shape(&member.shape, &path, acc),
            }
        }
    }

    fn shape(&self, shape: &Shape, path: &str, acc: &mut Vec<String>) {
        match shape {
            Shape::Object(it) => self.members(it, path, acc),
            Shape::List(it) => self.shape(it, &format!("{path}[]"), acc),
            Shape::Nullable(it) => self.shape(it, path, acc),
            Shape::OneOf(all) => all.iter().for_each(|it| self.members(it, path, acc)),
            _ => {}
        }
    }
}

/// The list of `_cascade` that an entry stands in.
const fn list(entry: &CascadeEntry) -> &'static str {
    match entry.outcome {
        Outcome::Created | Outcome::Updated => "updated[]",
        Outcome::Deleted => "deleted[]",
    }
}
