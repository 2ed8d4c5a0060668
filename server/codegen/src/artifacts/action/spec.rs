//! What of an action does not depend on the call, as one constant: names, invalidations, events,
//! collections. All of it comes from the action's contract.

use ecow::EcoString;
use serde_json::{Map, Value, json};
use specql_contract::{
    Content, Contract, Event, EventCascade, EventKind, Invalidation, InvalidationValue,
    MAX_INVALIDATIONS, Outcome, PayloadMember, Rows, SelectionNode, declared_invalidations,
};
use specql_model::{Entity, EntityId, Operation, entity::graphql_name};
use specql_text::TextRange;

use super::frame::{Change, Frame, Touched};
use crate::{
    catalog::ColumnType,
    expression::Items,
    names,
    sql::{JsonText, Lines, Literal, Script, Sql, sql},
};

/// A member of the specification, and where the file says it.
struct Member {
    name: &'static str,
    value: Value,
    range: Option<TextRange>,
}

impl<'a> Frame<'a> {
    /// Writes the function that gives the specification.
    pub(super) fn specification(&self, script: &mut Script, contract: &Contract) {
        let (entity, action) = (self.env.entity, self.env.action);
        let function = names::spec_function(entity, action);
        let mut lines = Lines::new();
        lines.push(Sql::raw("-- What does not depend on the call."));
        lines.push(sql!("CREATE OR REPLACE FUNCTION {}() RETURNS jsonb", function));
        lines.push(Sql::raw("LANGUAGE sql IMMUTABLE PARALLEL SAFE\nRETURN $json${"));
        let members = self.members(contract);
        let last = members.len().saturating_sub(1);
        lines.indented(|lines| {
            for (index, it) in members.into_iter().enumerate() {
                let comma = Sql::raw(if index == last { "" } else { "," });
                let text = sql!(
                    "{}: {}{}",
                    JsonText::new(&Value::from(it.name)),
                    JsonText::new(&it.value),
                    comma
                );
                match it.range {
                    Some(range) => lines.mapped(entity.id.0, range, |lines| lines.push(text)),
                    None => lines.push(text),
                }
            }
        });
        lines.push(Sql::raw("}$json$::jsonb;"));
        script.statement(lines);
        script.line(sql!("REVOKE ALL ON FUNCTION {}() FROM PUBLIC;", function));
    }

    fn members(&self, contract: &Contract) -> Vec<Member> {
        let impact = self.env.action.impact.as_deref();
        let impact_range = impact.map(|it| it.range);
        let primary_range =
            impact.and_then(|it| it.primary.as_ref()).map(|it| it.range).or(impact_range);
        let cdc_range = self.env.action.cdc.as_deref().map(|it| it.range);
        let mut res = Vec::new();
        let mut add = |name, value, range| res.push(Member { name, value, range });
        add("action", self.env.action.name.as_str().into(), Some(self.env.action.name.range));
        add("entity", self.env.catalog.type_name(self.primary).as_str().into(), primary_range);
        add("operation", self.operation.as_str().into(), primary_range);
        add("message", self.message().into(), None);
        if self.changes_anything() {
            let keys: Vec<String> = Change::of(self.operation)
                .iter()
                .map(|it| format!("{}:{}", self.env.catalog.type_name(self.primary), it.letter()))
                .collect();
            add("primary", keys.into(), primary_range);
        }
        if self.env.catalog.has_tenants() {
            add("tenant", true.into(), None);
        }
        add("inputs", self.inputs(), None);
        let effects = self.effects();
        if !effects.is_empty() {
            add("effects", effects.into(), impact_range);
        }
        let relations: Vec<Value> =
            contract.answer.relations.iter().map(|it| it.name.as_str().into()).collect();
        if !relations.is_empty() {
            add("relations", relations.into(), primary_range);
        }
        for (name, value) in self.cascade_members(contract) {
            add(name, value, impact_range);
        }
        for (name, value) in self.event_members(contract) {
            add(name, value, cdc_range);
        }
        res
    }

    fn message(&self) -> String {
        if self.changes_anything() {
            let operation = self.operation.participle().to_lowercase();
            format!("{} {operation}", self.primary.name.text)
        } else {
            format!("{} done", self.env.action.name.text)
        }
    }

    /// Whether the action writes rows, or declares that it does.
    pub(super) fn changes_anything(&self) -> bool {
        !self.touched.is_empty() || self.env.action.impact.is_some()
    }

    /// The inputs with their types, to find the one that does not fit after a failure.
    fn inputs(&self) -> Value {
        let mut res = Map::new();
        for it in &self.env.inputs {
            let mut declared = Map::new();
            let ty = match (&it.items, &it.ty) {
                (Some(Items::Scalar(ty)), _) => Some(ty.as_str().to_owned()),
                (_, None) => None,
                (_, Some(ColumnType::Json)) => Some("jsonb".to_owned()),
                (_, Some(ColumnType::Reference(_))) => Some("uuid".to_owned()),
                (_, Some(ColumnType::Scalar(ty))) => Some(ty.as_str().to_owned()),
            };
            declared.insert("type".into(), ty.unwrap_or_else(|| "text".to_owned()).into());
            let names = it.spellings.iter().map(EcoString::as_str);
            declared.insert("names".into(), names.collect());
            if matches!(it.items, Some(Items::Scalar(_))) {
                declared.insert("list".into(), true.into());
            }
            res.entry(it.name.clone()).or_insert_with(|| declared.into());
        }
        res.into()
    }

    /// What happens beside the primary operation: the word and the fields of the `impact`, or else the
    /// fields that the steps write.
    fn effects(&self) -> Map<String, Value> {
        let mut res = Map::new();
        for touched in &self.touched {
            for (change, fields) in &touched.changes {
                if self.is_primary(touched.entity) && Change::of(self.operation).contains(change) {
                    continue;
                }
                let declared = self.declared_effect(touched.entity, *change);
                let (operation, fields) = match declared {
                    Some((operation, Some(named))) => (Some(operation), named),
                    Some((operation, None)) => (Some(operation), fields.clone()),
                    None => (None, fields.clone()),
                };
                let mut effect = Map::new();
                effect.insert("fields".into(), fields.into());
                if let Some(operation) = operation {
                    effect.insert("operation".into(), operation.as_str().into());
                }
                res.insert(touched.key(self.env.catalog, *change), effect.into());
            }
        }
        res
    }

    fn declared_effect(
        &self,
        entity: &Entity,
        change: Change,
    ) -> Option<(Operation, Option<Vec<String>>)> {
        let declared = self.env.action.impact.iter().flat_map(|it| &it.side_effects);
        declared.into_iter().find_map(|it| {
            let named = self.env.catalog.resolve_name(self.env.entity.id, it.entity.as_ref()?)?;
            let operation =
                it.operation.as_ref().and_then(|it| it.value).unwrap_or(Operation::Update);
            if named.id != entity.id || !Change::of(operation).contains(&change) {
                return None;
            }
            let fields = it.fields.as_ref();
            let fields = fields.map(|it| it.iter().map(|it| it.text.to_string()).collect());
            Some((operation, fields))
        })
    }

    fn cascade_members(&self, contract: &Contract) -> Vec<(&'static str, Value)> {
        let mut res = Vec::new();
        let listed = contract.cascade.as_ref().map(|it| ("cascade", it));
        if let Some((name, cascade)) =
            listed.or(contract.event_cascade.as_ref().map(|it| ("listed", it)))
        {
            let mut rules = Map::new();
            rules.insert("limit".into(), cascade.max_updated.into());
            let hidden: Vec<Value> =
                cascade.excluded.iter().filter_map(|it| self.typename(*it)).collect();
            if !hidden.is_empty() {
                rules.insert("hidden".into(), hidden.into());
            }
            if !cascade.full_data {
                rules.insert("brief".into(), true.into());
            }
            if self.leaves_deleted_out() {
                rules.insert("living".into(), true.into());
            }
            res.push((name, rules.into()));
        }
        if !contract.audit.trails.is_empty() {
            res.push(("kept", true.into()));
        }
        let invalidations = self.ranked();
        if !invalidations.is_empty() {
            let entries = invalidations.iter().map(entry).collect::<Vec<_>>();
            let reasons = invalidations.iter().map(reason).collect::<Vec<_>>();
            res.push(("invalidations", entries.into()));
            res.push(("reasons", reasons.into()));
        }
        res.extend(private(contract, &invalidations).map(|it| ("private", it)));
        let (mut empty, mut collected) = (Map::new(), Map::<String, Value>::new());
        for it in &contract.answer.collections {
            let Some(entity) = self.env.catalog.entity(it.entity) else { continue };
            empty.insert(it.name.to_string(), Value::Array(Vec::new()));
            for change in Change::of(it.operation) {
                let key = format!("{}:{}", self.env.catalog.type_name(entity), change.letter());
                let names = collected.entry(key).or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(names) = names {
                    names.push(it.name.as_str().into());
                }
            }
        }
        if !empty.is_empty() {
            res.push(("collections", empty.into()));
            res.push(("collected", collected.into()));
        }
        res
    }

    fn leaves_deleted_out(&self) -> bool {
        let own = self.env.action.cascade.as_deref().and_then(|it| it.include_deleted);
        own.or(self.env.catalog.config().cascade.include_deleted) == Some(false)
    }

    fn typename(&self, entity: EntityId) -> Option<Value> {
        Some(self.env.catalog.type_name(self.env.catalog.entity(entity)?).as_str().into())
    }

    fn event_members(&self, contract: &Contract) -> Vec<(&'static str, Value)> {
        let mut res = Vec::new();
        let mut events = Map::new();
        for (number, event) in contract.own_events().enumerate() {
            for outcome in &event.outcomes {
                let key = format!("{}:{}", event.aggregate, letter(*outcome));
                events.entry(key).or_insert_with(|| self.event(number, event));
            }
        }
        if events.is_empty() {
            return res;
        }
        res.push(("events", events.into()));
        let first = contract.own_events().next();
        let members = first.map(|it| it.payload.get(1..).unwrap_or_default()).unwrap_or_default();
        if !members.is_empty() {
            let (mut empty, mut by_key) = (Map::new(), Map::new());
            for it in members {
                let none = if it.rows == Rows::Many { json!([]) } else { Value::Null };
                empty.insert(it.name.to_string(), none);
                let Some(name) = self.typename(it.entity) else { continue };
                for change in [Change::Created, Change::Updated, Change::Deleted] {
                    let key = format!("{}:{}", name.as_str().unwrap_or_default(), change.letter());
                    by_key.insert(key, payload_member(it));
                }
            }
            res.push(("with", empty.into()));
            res.push(("members", by_key.into()));
        }
        match first.map(|it| it.cascade) {
            Some(EventCascade::Entries) => res.push(("publishes", "entities".into())),
            Some(EventCascade::References) => res.push(("publishes", "ids".into())),
            Some(EventCascade::Nothing) | None => {}
        }
        res
    }

    fn event(&self, number: usize, event: &Event) -> Value {
        let mut res = Map::new();
        res.insert("n".into(), number.into());
        res.insert("type".into(), event.event_type.as_str().into());
        res.insert("version".into(), event.version.into());
        res.insert("topic".into(), event.topic.as_str().into());
        if let Some(aggregate) = event.payload.first() {
            res.insert("key".into(), aggregate.name.as_str().into());
            match &aggregate.content {
                Content::Image => {}
                Content::Id => {
                    res.insert("ids".into(), true.into());
                }
                Content::Fields(selected) => {
                    let own = selected
                        .iter()
                        .filter(|it| matches!(it.node, SelectionNode::Value { own: true, .. }));
                    let own: Vec<Value> = own.map(|it| it.name.as_str().into()).collect();
                    res.insert("payload".into(), own.into());
                }
            }
        }
        if event.kind == EventKind::Primary && event.payload.len() > 1 {
            res.insert("with".into(), true.into());
        }
        if let Some(field) = self.plain_key(event) {
            res.insert("by".into(), field.into());
        }
        res.into()
    }

    /// The member of the read model that orders the events of one aggregate.
    pub(super) fn plain_key(&self, event: &Event) -> Option<String> {
        let [one] = event.key.path.as_deref()? else { return None };
        let entity = self.env.catalog.entity(event.entity)?;
        Some(self.env.catalog.named_column(entity, one)?.field)
    }

    /// The touched entities: the primary one, side effects as declared, then those nobody declared.
    pub(super) fn in_order(&self) -> Vec<Touched<'a>> {
        let contract = self.env.catalog.contract(self.id);
        let order: Vec<EntityId> = contract.into_iter().flat_map(Contract::entities).collect();
        let place = |it: &Touched<'a>| {
            order.iter().position(|entity| *entity == it.entity.id).unwrap_or(order.len())
        };
        let mut res = self.touched.clone();
        res.sort_by_key(place);
        res
    }

    /// The invalidations, the exact ones first, as many as are listed.
    fn ranked(&self) -> Vec<Invalidation> {
        let mut res = declared_invalidations(self.env.catalog.workspace(), self.id);
        res.truncate(MAX_INVALIDATIONS as usize);
        res
    }

    /// The arguments of invalidations that the caller gives, in the order of the specification.
    pub(super) fn invalidation_arguments(&mut self) {
        let mut values = Vec::new();
        for it in self.ranked() {
            let dynamic = |it: &InvalidationValue| matches!(it, InvalidationValue::Input(..));
            if !it.arguments.iter().any(|it| dynamic(&it.1)) {
                values.push(Sql::raw("NULL"));
                continue;
            }
            let pairs = it.arguments.iter().map(|(name, value)| {
                let value = match value {
                    InvalidationValue::Input(path, range) => {
                        let path: Vec<&str> = path.iter().map(AsRef::as_ref).collect();
                        sql!("to_jsonb({})", self.env.input_value(&path, *range, None).sql)
                    }
                    constant => sql!("{}::jsonb", Literal::text(json_of(constant).to_string())),
                };
                sql!("{}, {}", Literal::text(graphql_name(name)), value)
            });
            let pairs: Vec<Sql> = pairs.collect();
            values.push(sql!("jsonb_build_object({})", Sql::join(pairs, ", ")));
        }
        while values.last().is_some_and(|it| it.as_str() == "NULL") {
            values.pop();
        }
        self.arguments = values;
    }
}

/// The arguments that the audit may not keep, by the place of their invalidation; there, if empty, also where
/// only actions that are called have some.
fn private(contract: &Contract, own: &[Invalidation]) -> Option<Value> {
    let all = contract.cascade.iter().flat_map(|it| &it.invalidations);
    if all.chain(own).all(|it| it.private.is_empty()) {
        return None;
    }
    let own = own.iter().enumerate().filter(|it| !it.1.private.is_empty());
    let names = |it: &Invalidation| it.private.iter().map(EcoString::as_str).collect::<Value>();
    Some(Value::Object(own.map(|(index, it)| (index.to_string(), names(it))).collect()))
}

fn payload_member(it: &PayloadMember) -> Value {
    let mut res = Map::new();
    res.insert("name".into(), it.name.as_str().into());
    if it.rows == Rows::Many {
        res.insert("many".into(), true.into());
    }
    if it.content == Content::Id {
        res.insert("ids".into(), true.into());
    }
    res.into()
}

const fn letter(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Created => "C",
        Outcome::Updated => "U",
        Outcome::Deleted => "D",
    }
}

/// The value of an argument that no call changes.
fn json_of(value: &InvalidationValue) -> Value {
    match value {
        InvalidationValue::Input(..) => Value::Null,
        InvalidationValue::Text(it) => it.as_str().into(),
        InvalidationValue::Json(it) => {
            serde_json::from_str(it).unwrap_or_else(|_| it.as_str().into())
        }
    }
}

/// The arguments, where no call changes them.
fn constant_arguments(it: &Invalidation) -> Option<Value> {
    let dynamic = it.arguments.iter().any(|it| matches!(it.1, InvalidationValue::Input(..)));
    if it.arguments.is_empty() || dynamic {
        return None;
    }
    let pairs = it.arguments.iter().map(|(name, value)| (name.to_string(), json_of(value)));
    Some(Value::Object(pairs.collect()))
}

fn entry(it: &Invalidation) -> Value {
    let mut res = Map::new();
    res.insert("queryName".into(), it.query.as_str().into());
    res.insert("strategy".into(), it.strategy.as_str().into());
    res.insert("scope".into(), it.scope.as_str().into());
    if it.scope == specql_contract::InvalidationScope::Pattern {
        res.insert("queryPattern".into(), it.query.as_str().into());
    }
    if let Some(arguments) = constant_arguments(it) {
        res.insert("arguments".into(), arguments);
    }
    res.into()
}

fn reason(it: &Invalidation) -> Value {
    json!({
        "query": it.query.as_str(),
        "filter": constant_arguments(it),
        "strategy": it.strategy.as_str(),
        "reason": it.reason.as_ref().map(AsRef::<str>::as_ref),
    })
}
