//! The members of `event_payload`.

use ecow::EcoString;
use specql_model::{Cdc, Column, Entity, EntityId, Name, PathEnd, segments};
use specql_text::TextRange;

use crate::{
    Place,
    changes::{Change, by_entity, together},
    image::row_image,
    names::free,
    rows::Rows,
    shape::{Format, Object, Origin, Shape},
    value::{of_sql_type, shape_of_type},
};

/// A member of a payload: rows of one entity.
#[derive(Debug, Clone, PartialEq)]
pub struct PayloadMember {
    /// The name: the entity in snake_case, the `ref` that leads to its one row, or a plural.
    pub name: EcoString,
    /// The entity.
    pub entity: EntityId,
    /// One object, or a list of them.
    pub rows: Rows,
    /// It can be `null`: no row of a side effect was touched.
    pub nullable: bool,
    /// What the object holds.
    pub content: Content,
    /// The object.
    pub shape: Object,
    /// Where it comes from.
    pub origin: Origin,
}

/// What an object of a payload holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// The read model of the row; of a deleted one the last it had.
    Image,
    /// `id` alone.
    Id,
    /// `id` and what `payload` selects.
    Fields(Vec<Selection>),
}

/// A selected member.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// The name of the member: the segment of the path, as declared.
    pub name: EcoString,
    /// A value, or an object with what lies behind the segment.
    pub node: SelectionNode,
}

/// What stands under a segment.
#[derive(Debug, Clone, PartialEq)]
pub enum SelectionNode {
    /// The value at the end of a path.
    Value {
        /// The path from the aggregate, as written.
        path: Vec<EcoString>,
        /// The path is a field or built-in column of the aggregate itself, so the read model has it.
        own: bool,
        /// The value.
        shape: Shape,
        /// Where it is declared.
        origin: Origin,
        /// Where `payload` names it.
        range: TextRange,
    },
    /// Paths that go on behind the segment.
    Object(Vec<Selection>),
}

/// The payload of the primary event: the aggregate, and what `include_side_effects` adds.
pub(crate) fn primary_payload(
    place: &Place<'_>,
    changes: &[Change],
    cdc: &Cdc,
) -> Vec<PayloadMember> {
    let entity = place.primary;
    let content = match &cdc.payload {
        _ if cdc.include_payload == Some(false) => Content::Id,
        Some(paths) => Content::Fields(selected(place, entity, paths)),
        None => Content::Image,
    };
    let origin = cdc.payload.as_ref().and_then(|it| it.first()).map_or(cdc.key, |it| it.range);
    let name = entity.snake_name().into();
    let mut res = vec![member(place, entity, name, Rows::One, false, content, place.key(origin))];
    if let Some((true, range)) = cdc.include_side_effects {
        for (id, changes) in by_entity(changes) {
            let Some(other) = place.entity_of(id).filter(|it| it.id != entity.id) else { continue };
            let taken: Vec<EcoString> = res.iter().map(|it| it.name.clone()).collect();
            res.push(side_effect(place, other, &changes, cdc, &taken, place.key(range)));
        }
    }
    res
}

/// The payload of an event of `side_effect_events`: its row.
pub(crate) fn side_effect_payload(
    place: &Place<'_>,
    cdc: &Cdc,
    entity: &Entity,
) -> Vec<PayloadMember> {
    let name = entity.snake_name().into();
    vec![member(place, entity, name, Rows::One, false, whole(cdc), place.key(cdc.key))]
}

fn whole(cdc: &Cdc) -> Content {
    if cdc.include_payload == Some(false) { Content::Id } else { Content::Image }
}

/// A side effect in a payload: one row under the `ref` that leads to it or its entity's name, several
/// as a list under the plural.
fn side_effect(
    place: &Place<'_>,
    entity: &Entity,
    changes: &[&Change],
    cdc: &Cdc,
    taken: &[EcoString],
    origin: Origin,
) -> PayloadMember {
    let rows = together(changes.iter().copied()).unwrap_or(Rows::One);
    let own = entity.snake_name();
    let through = changes.iter().find_map(|it| it.through.clone());
    let name = match (rows, through) {
        (Rows::Many, _) => free(&[format!("{own}s")], taken),
        (Rows::One, Some(field)) => free(&[field.to_string(), own], taken),
        (Rows::One, None) => free(&[own], taken),
    };
    let nullable = rows == Rows::One;
    member(place, entity, name, rows, nullable, whole(cdc), origin)
}

fn member(
    place: &Place<'_>,
    entity: &Entity,
    name: EcoString,
    rows: Rows,
    nullable: bool,
    content: Content,
    origin: Origin,
) -> PayloadMember {
    let built_in = Origin::BuiltIn { entity: entity.id, column: "id" };
    let mut id = Object::default();
    id.add("id", Shape::Text(Format::Uuid), true, built_in);
    let shape = match &content {
        Content::Image => row_image(place.workspace, entity),
        Content::Id => id,
        Content::Fields(selection) => {
            add_selection(&mut id, selection);
            id
        }
    };
    PayloadMember { name, entity: entity.id, rows, nullable, content, shape, origin }
}

fn add_selection(object: &mut Object, selection: &[Selection]) {
    for it in selection {
        match &it.node {
            SelectionNode::Value { shape, origin, .. } => {
                object.add(it.name.clone(), shape.clone(), true, origin.clone());
            }
            SelectionNode::Object(inner) => {
                let mut nested = Object::default();
                add_selection(&mut nested, inner);
                object.add(it.name.clone(), nested.into(), true, Origin::Framework);
            }
        }
    }
}

/// What the paths of `payload` select. One that leads nowhere is left out: a rule reports it. Where a
/// reference is named as a whole and with fields behind it, the whole is its `id`.
fn selected(place: &Place<'_>, entity: &Entity, paths: &[Name]) -> Vec<Selection> {
    let mut res = Vec::new();
    for path in paths {
        if let Some(value) = value(place, entity, path) {
            let mut names: Vec<EcoString> = path.text.split('.').map(EcoString::from).collect();
            if let [one] = names.as_mut_slice()
                && let Some(column) = entity.column(one)
            {
                *one = column.name().into();
            }
            insert(&mut res, &names, value);
        }
    }
    res.retain(|it| it.name != "id" || matches!(it.node, SelectionNode::Object(_)));
    res
}

fn insert(into: &mut Vec<Selection>, names: &[EcoString], value: SelectionNode) {
    let Some((first, rest)) = names.split_first() else { return };
    let known = into.iter_mut().find(|it| it.name == *first);
    match (known, rest) {
        (None, []) => into.push(Selection { name: first.clone(), node: value }),
        (None, _) => {
            let mut inner = Vec::new();
            insert(&mut inner, rest, value);
            into.push(Selection { name: first.clone(), node: SelectionNode::Object(inner) });
        }
        (Some(known), []) => {
            if let SelectionNode::Object(inner) = &mut known.node {
                insert(inner, &["id".into()], as_id(value));
            }
        }
        (Some(known), _) => match &mut known.node {
            SelectionNode::Object(inner) => insert(inner, rest, value),
            SelectionNode::Value { .. } => {
                let whole = std::mem::replace(&mut known.node, SelectionNode::Object(Vec::new()));
                if let SelectionNode::Object(inner) = &mut known.node {
                    insert(inner, &["id".into()], as_id(whole));
                    insert(inner, rest, value);
                }
            }
        },
    }
}

/// The id of the row that a reference leads to, instead of the reference.
fn as_id(value: SelectionNode) -> SelectionNode {
    match value {
        SelectionNode::Value { mut path, shape, origin, range, .. } => {
            path.push("id".into());
            let nullable = matches!(shape, Shape::Nullable(_));
            let shape = Shape::Text(Format::Uuid).or_null(nullable);
            SelectionNode::Value { path, own: false, shape, origin, range }
        }
        object @ SelectionNode::Object(_) => object,
    }
}

/// The value at the end of a path.
fn value(place: &Place<'_>, entity: &Entity, path: &Name) -> Option<SelectionNode> {
    let names = segments(path);
    let found = place.workspace.find_path(entity.id, &names);
    if matches!(found.end, PathEnd::Unknown { .. }) {
        return None;
    }
    let last = found.steps.last()?;
    let nullable = found.steps.iter().any(|it| match &it.column {
        Column::Field(it) => it.nullable,
        Column::BuiltIn(it) => matches!(
            it.name,
            "identifier" | "created_by" | "updated_by" | "deleted_at" | "deleted_by"
        ),
        Column::Part { composite, name, .. } => {
            composite.parts.iter().any(|it| it.0 == *name && !it.2)
        }
    });
    let whole = matches!(found.end, PathEnd::Whole);
    let shape = match &last.column {
        _ if !whole => Shape::Any,
        Column::Field(it) => shape_of_type(place.workspace, last.entity, &it.ty),
        Column::Part { ty, .. } => shape_of_type(place.workspace, last.entity, ty),
        Column::BuiltIn(it) => of_sql_type(it.sql_type, Format::Plain),
    };
    let origin = match &last.column {
        Column::Field(it) => {
            Origin::Field { entity: last.entity, field: it.name.text.clone(), range: it.range }
        }
        Column::BuiltIn(it) => Origin::BuiltIn { entity: last.entity, column: it.name },
        Column::Part { .. } => Origin::Framework,
    };
    Some(SelectionNode::Value {
        own: found.steps.len() == 1 && names.len() == 1,
        path: names.into_iter().map(|it| it.text).collect(),
        shape: shape.or_null(nullable),
        origin,
        range: path.range,
    })
}

/// The object; what stands beside the aggregate is missing in all events but the first of those
/// written at once.
pub(crate) fn shape_of_payload(members: &[PayloadMember], events: Rows) -> Object {
    let mut res = Object::default();
    for (index, it) in members.iter().enumerate() {
        let shape = Shape::from(it.shape.clone());
        let shape = match it.rows {
            Rows::Many => shape.list(),
            Rows::One => shape.or_null(it.nullable),
        };
        let required = index == 0 || events == Rows::One;
        res.add(it.name.clone(), shape, required, it.origin.clone());
    }
    res
}
