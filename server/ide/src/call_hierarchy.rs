//! Call hierarchy: which actions call an action, which it calls, what it publishes and who publishes
//! an event.
//!
//! Invariant: what a call leads to has that call among its incoming ones, at the same place.

use specql_model::{Action, ActionId, Entity, EntityId, FileId, SourceFile, Workspace};
use specql_text::TextRange;

use crate::{
    Analysis, SymbolKind, describe,
    mention::{self, Subject},
};

/// What calls or is called.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CallTarget {
    /// An action, by its file and its name.
    Action(FileId, String),
    /// A type of events.
    Event(String),
}

/// A node of the hierarchy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallItem {
    /// What it is, to ask further.
    pub target: CallTarget,
    /// The name.
    pub name: String,
    /// The entity of an action, the topic of an event.
    pub detail: String,
    /// [`SymbolKind::Action`] or [`SymbolKind::Event`].
    pub kind: SymbolKind,
    /// The file.
    pub file: FileId,
    /// The whole.
    pub range: TextRange,
    /// The name in it.
    pub name_range: TextRange,
}

/// An edge: the other end, and where the call is written, in the file of the one that calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallEdge {
    /// The other end.
    pub item: CallItem,
    /// The calls.
    pub ranges: Vec<TextRange>,
}

impl Analysis {
    /// What a hierarchy begins with: the action or event named under the cursor, else the action
    /// around it.
    #[must_use]
    pub fn call_item(&self, file: FileId, offset: u32) -> Option<CallItem> {
        let workspace = self.workspace();
        prepare(self, workspace.file(file)?, offset)
    }

    /// Who calls or publishes it, in the order of files and places.
    #[must_use]
    pub fn incoming_calls(&self, target: &CallTarget) -> Vec<CallEdge> {
        match target {
            CallTarget::Action(file, name) => match named(self.workspace(), *file, name) {
                Some(id) => callers(self.workspace(), id),
                None => Vec::new(),
            },
            CallTarget::Event(name) => publishers(self, name),
        }
    }

    /// What it calls and publishes, in the order of the text.
    #[must_use]
    pub fn outgoing_calls(&self, target: &CallTarget) -> Vec<CallEdge> {
        let CallTarget::Action(file, name) = target else { return Vec::new() };
        let found = named(self.workspace(), *file, name);
        found.map(|id| called(self, id)).unwrap_or_default()
    }
}

fn prepare(analysis: &Analysis, file: &SourceFile, offset: u32) -> Option<CallItem> {
    let workspace = analysis.workspace();
    if let Some(it) = mention::at(workspace, file, offset) {
        match it.subject {
            Subject::Action(id) => return action_item(workspace, id),
            Subject::Event(id) | Subject::Cdc(id) => {
                let mut events = workspace.named_events(id).into_iter();
                let (name, _) = events.find(|event| event.1 == it.range)?;
                return event_item(analysis, &name);
            }
            _ => {}
        }
    }
    let (id, _) = action_at(file.entity()?, offset)?;
    action_item(workspace, id)
}

fn action_at(entity: &Entity, offset: u32) -> Option<(ActionId, &Action)> {
    entity.action_ids().filter(|(_, it)| it.range.touches(offset)).last()
}

fn named(workspace: &Workspace, file: FileId, name: &str) -> Option<ActionId> {
    let entity = workspace.entity(EntityId(file))?;
    let mut actions = entity.action_ids();
    actions.find(|(_, it)| it.name.text == name && !name.is_empty()).map(|it| it.0)
}

fn action_item(workspace: &Workspace, id: ActionId) -> Option<CallItem> {
    let (entity, action) = (workspace.entity(id.entity)?, workspace.action(id)?);
    let name = action.name.text.to_string();
    if name.is_empty() {
        return None;
    }
    Some(CallItem {
        target: CallTarget::Action(id.entity.0, name.clone()),
        name,
        detail: describe::qualified(entity),
        kind: SymbolKind::Action,
        file: id.entity.0,
        range: action.range.cover(action.name.range),
        name_range: action.name.range,
    })
}

/// An event stands where the first action that publishes it names it.
fn event_item(analysis: &Analysis, name: &str) -> Option<CallItem> {
    let workspace = analysis.workspace();
    let id = *analysis.index().actions_publishing(name).first()?;
    let (_, range) = workspace.named_events(id).into_iter().find(|it| it.0 == name)?;
    let cdc = workspace.action(id)?.cdc.as_deref()?;
    Some(CallItem {
        target: CallTarget::Event(name.to_owned()),
        name: name.to_owned(),
        detail: "event".to_owned(),
        kind: SymbolKind::Event,
        file: id.entity.0,
        range: cdc.range.cover(range),
        name_range: range,
    })
}

fn callers(workspace: &Workspace, id: ActionId) -> Vec<CallEdge> {
    let mut acc: Vec<(ActionId, TextRange)> = Vec::new();
    for (file, range) in workspace.callers(id).into_iter().skip(1) {
        let entity = workspace.entity(EntityId(file));
        let caller = entity.and_then(|it| action_at(it, range.start()));
        acc.extend(caller.map(|it| (it.0, range)));
    }
    edges(acc.into_iter().filter_map(|(id, range)| Some((action_item(workspace, id)?, range))))
}

fn publishers(analysis: &Analysis, name: &str) -> Vec<CallEdge> {
    let workspace = analysis.workspace();
    let actions = analysis.index().actions_publishing(name).iter();
    let places = actions.flat_map(|id| {
        let events = workspace.named_events(*id).into_iter().filter(|it| it.0 == name);
        events.filter_map(|it| Some((action_item(workspace, *id)?, it.1)))
    });
    edges(places)
}

fn called(analysis: &Analysis, id: ActionId) -> Vec<CallEdge> {
    let workspace = analysis.workspace();
    let mut acc = Vec::new();
    for step in workspace.action(id).into_iter().flat_map(|it| &it.steps) {
        step.walk(&mut |it| {
            let Some((schema, function)) = it.called() else { return };
            let schema = schema.map(|it| it.text.as_str());
            let target = workspace.called(id.entity, schema, &function.text);
            let item = target.and_then(|it| action_item(workspace, it));
            acc.extend(item.map(|it| (it, function.range)));
        });
    }
    for (name, range) in workspace.named_events(id) {
        acc.extend(event_item(analysis, &name).map(|it| (it, range)));
    }
    edges(acc.into_iter())
}

/// One edge for each other end, in the order of the first places.
fn edges(places: impl Iterator<Item = (CallItem, TextRange)>) -> Vec<CallEdge> {
    let mut res: Vec<CallEdge> = Vec::new();
    for (item, range) in places {
        match res.iter_mut().find(|it| it.item.target == item.target) {
            Some(it) => it.ranges.push(range),
            None => res.push(CallEdge { item, ranges: vec![range] }),
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::{CallEdge, CallItem};
    use crate::test_support::Fixture;

    const WORKSPACE: &str = "
#- /order.yaml
entity: Order
schema: shop
fields:
  total: integer
  customer: ref(Customer)
actions:
  - name: pay_order
    steps:
      - update: Order SET total = 0
      - call: notify_customer(id = customer.id)
      - if: total > 5
        then:
          - call: notify_customer(id = customer.id)
          - call: crm.fn_archive(id = id)
    impact:
      primary:
        entity: Order
        operation: UPDATE
    cdc:
      enabled: true
      side_effect_events:
        Customer: CustomerNotified
#- /customer.yaml
entity: Customer
schema: crm
fields:
  name: text
actions:
  - name: notify_customer
    steps:
      - update: Customer SET name = 'x'
      - call: notify_customer(id = id)
    cdc:
      enabled: true
      event_type: CustomerNotified
  - name: archive
    steps:
      - delete: Customer
    cdc:
      event_type: CustomerNotified
";

    fn fixture(cursor: &str) -> Fixture {
        let text = WORKSPACE.replacen(&cursor.replace("$0", ""), cursor, 1);
        assert_ne!(text, WORKSPACE, "no such place");
        Fixture::new(&text)
    }

    fn item(it: &Fixture) -> Option<CallItem> {
        it.analysis.call_item(it.file, it.offset())
    }

    fn begin(cursor: &str) -> String {
        let it = fixture(cursor);
        item(&it).map_or_else(|| "nothing".to_owned(), |item| show(&it, &item))
    }

    fn show(it: &Fixture, item: &CallItem) -> String {
        let written = item.name_range.slice(it.analysis.text(item.file).unwrap());
        let path = it.analysis.path(item.file).unwrap();
        format!("{:?} {} ({}) at {written} in {path}", item.kind, item.name, item.detail)
    }

    /// Each edge with the lines of its calls.
    fn edges(
        it: &Fixture,
        edges: &[CallEdge],
        from: impl Fn(&CallEdge) -> crate::FileId,
    ) -> String {
        let edge = |edge: &CallEdge| {
            let text = it.analysis.text(from(edge)).unwrap();
            let line = |offset: u32| text[..offset as usize].lines().count();
            let lines: Vec<String> =
                edge.ranges.iter().map(|it| line(it.end()).to_string()).collect();
            format!("{} from {}", show(it, &edge.item), lines.join(", "))
        };
        edges.iter().map(edge).collect::<Vec<_>>().join("\n")
    }

    fn incoming(cursor: &str) -> String {
        let it = fixture(cursor);
        let found = it.analysis.incoming_calls(&item(&it).unwrap().target);
        edges(&it, &found, |edge| edge.item.file)
    }

    fn outgoing(cursor: &str) -> String {
        let it = fixture(cursor);
        let item = item(&it).unwrap();
        let found = it.analysis.outgoing_calls(&item.target);
        edges(&it, &found, |_| item.file)
    }

    #[test]
    fn a_hierarchy_begins_with_what_is_named_or_around() {
        assert_snapshot!(begin("name: pay_$0order"), @"Action pay_order (shop.Order) at pay_order in /order.yaml");
        assert_snapshot!(begin("call: notify_$0customer(id = customer.id)"), @"Action notify_customer (crm.Customer) at notify_customer in /customer.yaml");
        assert_snapshot!(begin("upd$0ate: Order"), @"Action pay_order (shop.Order) at pay_order in /order.yaml");
        assert_snapshot!(begin("Customer: Customer$0Notified"), @"Event CustomerNotified (event) at CustomerNotified in /customer.yaml");
        assert_snapshot!(begin("cd$0c:\n      enabled: true\n      side"), @"Event OrderUpdated (event) at cdc in /order.yaml");
        assert_snapshot!(begin("tot$0al: integer"), @"nothing");
    }

    #[test]
    fn an_action_is_called_and_calls() {
        assert_snapshot!(incoming("name: notify_$0customer"), @"
        Action notify_customer (crm.Customer) at notify_customer in /customer.yaml from 9
        Action pay_order (shop.Order) at pay_order in /order.yaml from 10, 13
        ");
        assert_snapshot!(outgoing("name: pay_$0order"), @"
        Action notify_customer (crm.Customer) at notify_customer in /customer.yaml from 10, 13
        Action archive (crm.Customer) at archive in /customer.yaml from 14
        Event OrderUpdated (event) at cdc in /order.yaml from 19
        Event CustomerNotified (event) at CustomerNotified in /customer.yaml from 22
        ");
        assert_snapshot!(incoming("name: pay_$0order"), @"");
    }

    #[test]
    fn an_event_is_published_by_those_that_are_switched_on() {
        assert_snapshot!(incoming("event_type: Customer$0Notified"), @"
        Action notify_customer (crm.Customer) at notify_customer in /customer.yaml from 12
        Action pay_order (shop.Order) at pay_order in /order.yaml from 22
        ");
        assert_snapshot!(incoming("cd$0c:\n      enabled: true\n      side"), @"Action pay_order (shop.Order) at pay_order in /order.yaml from 19");
        assert_snapshot!(outgoing("event_type: Customer$0Notified"), @"");
    }

    #[test]
    fn what_goes_out_comes_in() {
        let it = fixture("name: pay_$0order");
        let item = item(&it).unwrap();
        let out = it.analysis.outgoing_calls(&item.target);
        assert!(out.len() > 2);
        for edge in out {
            let back = it.analysis.incoming_calls(&edge.item.target);
            let back = back.iter().find(|it| it.item.target == item.target).unwrap();
            assert_eq!(back.ranges, edge.ranges, "{edge:?}");
        }
    }
}
