//! Proposals for values, by what the vocabulary says may stand there.

use ecow::EcoString;
use specql_model::{
    EffectFields, EntityId, Operation,
    keys::{Shape, items_of, mapping_of},
};
use specql_syntax::yaml::Node;

use crate::CompletionKind;

use super::{
    context::Context,
    items::{Item, Items, Wrap},
    keys,
    line_context::Against,
    names::{self, Own},
    paths, scalar, statement, texts,
    tokens::Line,
    types,
};

/// The proposals for a scalar that may have several shapes.
pub(super) fn complete(
    ctx: &Context<'_>,
    shapes: &'static [Shape],
    node: Option<&Node>,
    acc: &mut Items,
) {
    let items = items_of(shapes);
    let mapping = items.and_then(mapping_of);
    // Behind the space of `cdc: ` an author may as well begin a block.
    let is_block = !shapes
        .iter()
        .flat_map(Shape::alternatives)
        .any(|it| it.accepts_scalar() && !matches!(it, Shape::Bool))
        && (items.is_some() || mapping_of(shapes).is_some());
    if ctx.is_unasked() && (is_block || ctx.opens_line()) {
        return;
    }
    match (items, mapping) {
        (Some(_), Some(spec)) if ctx.opens_line() => {
            acc.wrap = Wrap::Dash;
            keys::of_mapping(ctx, spec, &[], acc);
        }
        (Some(items), None) => {
            acc.wrap = if ctx.opens_line() { Wrap::Dash } else { Wrap::Brackets };
            items.iter().for_each(|it| one(ctx, it, node, acc));
        }
        _ => {
            if ctx.is_above_items {
                acc.wrap = Wrap::Dash;
            }
            shapes.iter().for_each(|it| one(ctx, it, node, acc));
        }
    }
}

fn one(ctx: &Context<'_>, shape: &'static Shape, node: Option<&Node>, acc: &mut Items) {
    let before = ctx.before(node);
    match shape {
        Shape::Bool | Shape::Word(_) | Shape::Text | Shape::Any => {
            scalar::enter_whole(ctx, node, acc);
        }
        Shape::Entity | Shape::Field | Shape::FieldPath if before.contains(char::is_whitespace) => {
            return;
        }
        _ => scalar::enter_part(ctx, node, acc),
    }
    let key = ctx.level().and_then(|it| it.key).map_or("", |it| it.name);
    match shape {
        Shape::OneOf(shapes) => shapes.iter().for_each(|it| one(ctx, it, node, acc)),
        Shape::Bool => paths::booleans(acc),
        Shape::Word(words) => self::words(ctx, key, words, acc),
        Shape::Entity => entities(ctx, before, acc),
        Shape::Field => fields(ctx, key, acc),
        Shape::FieldPath => field_path(ctx, key, before, acc),
        Shape::FieldType => types::complete(ctx, before, acc),
        Shape::Expression => {
            let against = ctx.level().filter(|it| it.key.is_none()).and_then(|it| it.entry);
            let against = against.map(|it| Against::Assigned(it.key.as_str()));
            let against =
                if key == "when" { ctx.switched().map(Against::Compared) } else { against };
            if key == "when" {
                acc.taken = ctx.cases();
            }
            statement::expression(ctx, against, before, acc);
        }
        Shape::Statement => statement::statement(ctx, key, before, acc),
        Shape::Text | Shape::Any => texts::complete(ctx, key, acc),
        Shape::Integer | Shape::List(_) | Shape::Steps | Shape::Mapping(_) => {}
    }
}

/// A fixed vocabulary; of operations the one that the steps do comes first.
fn words(ctx: &Context<'_>, key: &str, words: &[(&'static str, &'static str)], acc: &mut Items) {
    let likely = if key == "operation" { inferred_operation(ctx) } else { None };
    let likely = likely.map(Operation::as_str);
    let mut sorted: Vec<_> = words.iter().collect();
    sorted.sort_by_key(|(word, _)| Some(*word) != likely);
    for (word, documentation) in sorted {
        let detail = if Some(*word) == likely { "what the steps do" } else { "" };
        acc.push(
            Item::new(*word, CompletionKind::Value).detail(detail).documentation(*documentation),
        );
    }
}

/// What the steps do to the entity of the impact entry around the cursor.
fn inferred_operation(ctx: &Context<'_>) -> Option<Operation> {
    let owner = ctx.field_owner();
    ctx.effects().iter().find(|it| it.entity == owner).map(|it| it.operation)
}

/// Entities that the list around does not have yet; in an impact block first those that the steps write, and
/// last those that the block lists already.
fn entities(ctx: &Context<'_>, before: &str, acc: &mut Items) {
    let word = Line::read(before).word;
    if ctx.impact_entry().is_some() {
        let listed = ctx.listed_entities();
        for it in ctx.effects().iter().filter_map(|it| ctx.workspace.entity(it.entity?)) {
            if !listed.contains(&it.id) {
                acc.push(names::entity(ctx, it, false).detail("written by the steps"));
            }
        }
        names::entities(ctx, word, Own::First, &listed, acc);
    }
    let named = ctx.listed().into_iter().filter_map(|it| ctx.entity_named(it));
    let taken: Vec<EntityId> = named.collect();
    names::entities(ctx, word, Own::First, &taken, acc);
}

/// Fields of the entity around; first those that the steps write. Listed ones are left out.
fn fields(ctx: &Context<'_>, key: &str, acc: &mut Items) {
    let Some(owner) = ctx.field_owner() else { return };
    let Some(entity) = ctx.workspace.entity(owner) else { return };
    let listed = ctx.listed();
    let is_listed = |name: &str| listed.contains(&name);
    let wants_refs = key == "include_relations";
    let is_wanted = |it: &&specql_model::Field| {
        !is_listed(&it.name.text) && (!wants_refs || it.ty.leads_to_one_row())
    };
    if ctx.impact_entry().is_some() {
        for name in written_fields(ctx, owner) {
            if let Some(field) = entity.field(&name).filter(is_wanted) {
                acc.push(paths::field(ctx, entity, field));
            }
        }
    }
    for it in entity.fields.iter().filter(is_wanted) {
        acc.push(paths::field(ctx, entity, it));
    }
    if !wants_refs && ctx.written().is_none() {
        paths::built_ins(&is_listed, acc);
    }
}

fn written_fields(ctx: &Context<'_>, owner: EntityId) -> Vec<EcoString> {
    ctx.effects()
        .iter()
        .filter(|it| it.entity == Some(owner))
        .flat_map(|it| match &it.fields {
            EffectFields::Named(fields) | EffectFields::Input(fields) => fields.clone(),
            EffectFields::Row => Vec::new(),
        })
        .collect()
}

/// A path of fields from the aggregate.
fn field_path(ctx: &Context<'_>, key: &str, before: &str, acc: &mut Items) {
    let Some(owner) = ctx.field_owner() else { return };
    let line = Line::read(before);
    let listed = ctx.listed();
    let is_listed = |name: &str| listed.contains(&name);
    acc.in_path = true;
    acc.is_before_dot = ctx.is_before_dot();
    match line.path() {
        (Some(path), _) => {
            let members = listed.iter().filter_map(|it| it.strip_prefix(path)?.strip_prefix('.'));
            acc.taken = members.map(ToOwned::to_owned).collect();
            paths::members_of(ctx, owner, path, acc);
            acc.taken.clear();
        }
        (None, _) => {
            let stays = |name: &str| {
                key != "partition_key" || specql_check::stays(ctx.workspace, owner, name)
            };
            let is_left_out = |name: &str| is_listed(name) || !stays(name);
            // What should not leave the database comes last.
            let entity = ctx.workspace.entity(owner);
            let is_sensitive = |name: &str| {
                entity.and_then(|it| it.field(name)).is_some_and(specql_check::is_sensitive)
            };
            paths::fields(ctx, owner, &|it| is_left_out(it) || is_sensitive(it), acc);
            paths::built_ins(&is_left_out, acc);
            paths::fields(ctx, owner, &is_left_out, acc);
        }
    }
}
