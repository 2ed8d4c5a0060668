//! Keys of mappings, with the form of what follows; keys that are there already are left out.

use specql_model::keys::{self, KeySpec, Level, MappingSpec, Shape, Support, items_of, mapping_of};

use crate::CompletionKind;

use super::{
    context::Context,
    gap::{self, Behind},
    items::{Item, Items, Wrap, escaped},
    names::{self, Own},
    paths, rules, snippet, statement,
};

/// The keys that can be written at the cursor.
pub(super) fn complete(ctx: &Context<'_>, acc: &mut Items) {
    let Some(level) = ctx.level() else { return };
    if ctx.is_above_items {
        acc.wrap = Wrap::Dash;
        return of_mapping(ctx, level.spec, &[], acc);
    }
    let mut present = present(level);
    present.extend(statement::said(level));
    if std::ptr::eq(level.spec, &raw const keys::CASES_BY_VALUE) && level.mapping.is_none() {
        // Of the two forms none is begun.
        acc.wrap = Wrap::Dash;
        of_mapping(ctx, &keys::CASE, &["then"], acc);
        acc.wrap = Wrap::Bare;
    }
    of_mapping(ctx, level.spec, &present, acc);
    if let Some(shape) = level.spec.open {
        names_of_the_author(ctx, level, shape, &present, acc);
    }
}

/// The keys of a vocabulary without those in `present`.
pub(super) fn of_mapping(
    ctx: &Context<'_>,
    spec: &'static MappingSpec,
    present: &[&str],
    acc: &mut Items,
) {
    let value = gap::value_behind(ctx);
    let offered = spec.keys.iter().filter(|it| {
        // `impacts` is read, but `impact` is what to write.
        it.support == Support::Full
            && it.name != "impacts"
            && !present.contains(&it.name)
            && !it.aliases.iter().any(|alias| present.contains(alias))
            && goes_with_step(ctx, spec, it)
            && takes(it, &value)
    });
    let (required, others): (Vec<&KeySpec>, Vec<&KeySpec>) = offered.partition(|it| it.required);
    acc.extend(required.into_iter().chain(others).map(|it| key(ctx, spec, it)));
}

/// Whether a key of the long form of a statement goes with the step's keyword: it has a form for several.
fn goes_with_step(ctx: &Context<'_>, spec: &'static MappingSpec, it: &KeySpec) -> bool {
    if !std::ptr::eq(spec, &raw const keys::WRITE_FORM) || it.required {
        return true;
    }
    let steps = ctx.place.levels.iter().rev().filter_map(|it| it.key);
    let step = steps.map(|it| it.name).find(|it| keys::STEP_KEYWORDS.contains(it));
    step.is_none_or(|step| keys::step_spec(step).keys.iter().any(|key| key.name == it.name))
}

/// Whether what stands behind a key can be its value.
fn takes(it: &KeySpec, value: &Behind) -> bool {
    let mut shapes = it.shapes.iter().flat_map(Shape::alternatives);
    match value {
        Behind::Nothing => true,
        Behind::List => items_of(it.shapes).is_some(),
        Behind::Mapping => mapping_of(it.shapes).is_some(),
        Behind::Scalar => shapes.any(Shape::accepts_scalar),
    }
}

/// The keys of the mapping without the one that is typed.
fn present<'a>(level: &Level<'a>) -> Vec<&'a str> {
    let Some(mapping) = level.mapping else { return Vec::new() };
    let typed = level.entry.map(|it| it.key.range);
    let others = mapping.entries.iter().filter(|it| Some(it.key.range) != typed);
    others.map(|it| it.key.as_str()).collect()
}

fn key(ctx: &Context<'_>, spec: &'static MappingSpec, it: &KeySpec) -> Item {
    let text = if ctx.has_colon() {
        snippet::Text::plain(it.name)
    } else if ctx.is_above_block {
        snippet::Text::plain(&format!("{}:", it.name))
    } else if ctx.key_quote.is_some() {
        snippet::key(ctx, &ctx.closed_key(it.name), it.shapes)
    } else if std::ptr::eq(spec, &keys::ACTION) {
        snippet::of_action(ctx, it)
    } else if std::ptr::eq(spec, &keys::STEP) {
        snippet::of_step(ctx, it)
    } else {
        snippet::key(ctx, it.name, it.shapes)
    };
    let item = Item::new(it.name, CompletionKind::Key).documentation(it.documentation);
    let item = item.detail(if it.required { "required" } else { "" });
    if text.snippet { item.snippet(text.text) } else { item.text(text.text) }
}

/// Keys that name something: fields under `set`, entities under `side_effect_events`.
fn names_of_the_author(
    ctx: &Context<'_>,
    level: &Level<'_>,
    values: &'static Shape,
    present: &[&str],
    acc: &mut Items,
) {
    let mut found = Items::new(ctx.replaced);
    match level.spec.open_keys {
        Shape::Field if std::ptr::eq(level.spec, &raw const keys::FILTER) => {
            for owner in ctx.asked() {
                paths::fields(ctx, owner, &|it| present.contains(&it), &mut found);
            }
            if !present.contains(&"id") {
                found.push(Item::new("id", CompletionKind::Field).detail("uuid"));
            }
        }
        Shape::Field => {
            if let Some(owner) = ctx.field_owner() {
                paths::fields(ctx, owner, &|it| present.contains(&it), &mut found);
            }
        }
        Shape::Entity => side_effects(ctx, present, &mut found),
        _ if std::ptr::eq(level.spec, &raw const keys::ARGUMENTS) => {
            if let Some(it) = ctx.called() {
                statement::parameters(ctx, it, present, &|it| it, &mut found);
            }
        }
        _ if std::ptr::eq(level.spec, &raw const keys::CASES_BY_VALUE) => {
            found.is_scalar = true;
            found.taken = present.iter().map(ToString::to_string).collect();
            paths::switched_values(ctx, &mut found);
        }
        _ if rules::is_list(&ctx.place) => rules::keys(ctx, present, &mut found),
        _ => {}
    }
    for mut it in found.finish() {
        if ctx.is_above_block {
            it.edit.text.push(':');
        } else if !ctx.has_colon() {
            let text = snippet::key(
                ctx,
                &ctx.closed_key(&escaped(&it.edit.text)),
                std::slice::from_ref(values),
            );
            it.edit.text = text.text;
            it.snippet = text.snippet;
        }
        acc.push_finished(it);
    }
}

/// The entities of the side effects that the impact declares.
fn side_effects(ctx: &Context<'_>, present: &[&str], acc: &mut Items) {
    let impact = ctx.action().and_then(|it| it.impact.as_deref());
    let entries = impact.into_iter().flat_map(|it| &it.side_effects);
    for name in entries.filter_map(|it| it.entity.as_ref()) {
        if !present.contains(&name.as_str()) {
            acc.push(Item::new(name.as_str(), CompletionKind::Entity).detail("a side effect"));
        }
    }
    if impact.is_none() {
        names::entities(ctx, "", Own::Last, &[], acc);
    }
}
