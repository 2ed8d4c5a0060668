//! What a caller gets beside `_cascade`: the entity, the related ones asked for, and the collections.

use ecow::EcoString;
use specql_model::{EntityId, Operation};
use specql_text::TextRange;

use crate::{
    Place,
    changes::{Change, declared_operation},
    failures::returned_message,
    image::graphql_image,
    names::graphql_member,
    shape::{Object, Origin, Shape, Target},
};

/// The answer of a successful run.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// `object_data`: the primary entity as it is after the action, or was before it was deleted; only
    /// `__typename` and `id` where it was not readable.
    pub object: Object,
    /// The related entities in it, by `include_relations`.
    pub relations: Vec<Relation>,
    /// Members of `extra_metadata` with rows of a side effect.
    pub collections: Vec<Collection>,
    /// What `return` steps say as `message`; an action that comes to its end says what it did.
    pub returned: Vec<EcoString>,
}

/// A related entity in the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// The member of `object_data`.
    pub name: EcoString,
    /// The `ref` field of the primary entity.
    pub field: EcoString,
    /// Where it leads.
    pub target: EntityId,
    /// Where the `impact` names it.
    pub range: TextRange,
}

/// The rows of a side effect under a name of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Collection {
    /// The member of `extra_metadata`.
    pub name: EcoString,
    /// The entity.
    pub entity: EntityId,
    /// The operation whose rows are listed.
    pub operation: Operation,
    /// Some step does it; otherwise the list is always empty.
    pub is_done: bool,
    /// A row of the list.
    pub item: Object,
    /// Where the `impact` names it.
    pub range: TextRange,
}

pub(crate) fn answer(place: &Place<'_>, changes: &[Change]) -> Answer {
    let relations = relations(place);
    let mut object = graphql_image(place.workspace, place.primary);
    for relation in &relations {
        let Some(target) = place.entity_of(relation.target) else { continue };
        let image = graphql_image(place.workspace, target);
        let nullable = place.primary.field(&relation.field).is_none_or(|it| it.nullable);
        let member = object.members.iter_mut().find(|it| it.name == relation.name);
        if let Some(member) = member {
            member.shape = Shape::from(image).or_null(nullable);
        }
    }
    let returned = returned(place);
    Answer { object, relations, collections: collections(place, changes), returned }
}

/// The messages of the action's own `return` steps: one in an action that it calls ends that one alone.
fn returned(place: &Place<'_>) -> Vec<EcoString> {
    let mut res = Vec::new();
    for step in &place.action.steps {
        step.walk(&mut |it| {
            if let Some(message) = returned_message(it).filter(|it| !res.contains(it)) {
                res.push(message);
            }
        });
    }
    res
}

fn relations(place: &Place<'_>) -> Vec<Relation> {
    let primary = place.action.impact.as_deref().and_then(|it| it.primary.as_ref());
    let named = primary.iter().flat_map(|it| &it.relations);
    let found = named.filter_map(|name| {
        let named = place.primary.field(&name.text);
        let field = named.or_else(|| place.primary.reference_id(&name.text))?;
        if !field.ty.leads_to_one_row() {
            return None;
        }
        Some(Relation {
            name: graphql_member(place.workspace.config(), &field.name.text),
            field: field.name.text.clone(),
            target: place.workspace.target(place.primary.id, &field.ty)?,
            range: name.range,
        })
    });
    found.collect()
}

fn collections(place: &Place<'_>, changes: &[Change]) -> Vec<Collection> {
    let declared = place.action.impact.iter().flat_map(|it| &it.side_effects);
    let found = declared.filter_map(|entry| {
        let collection = entry.collection.as_ref()?;
        let entity = place.named(entry.entity.as_ref()?)?;
        let operation = declared_operation(entry);
        let item = match operation {
            Operation::Delete => Shape::reference(&[Target::of(place.workspace, entity)]),
            _ => graphql_image(place.workspace, entity),
        };
        Some(Collection {
            name: collection.text.clone(),
            entity: entity.id,
            operation,
            is_done: changes.iter().any(|it| it.entity == entity.id),
            item,
            range: collection.range,
        })
    });
    found.collect()
}

impl Answer {
    /// `extra_metadata` without `_cascade`, as a run that succeeds fills it.
    #[must_use]
    pub fn extra_metadata(&self) -> Object {
        let mut res = Object::default();
        res.framework("_meta", Shape::Any);
        for it in &self.collections {
            res.add(it.name.clone(), Shape::from(it.item.clone()).list(), true, Origin::Framework);
        }
        res
    }
}
