//! Proposals for free text whose likely values follow from the workspace: event types, queries,
//! collections, schemas, defaults.

use std::collections::BTreeSet;

use ecow::EcoString;
use specql_model::{
    ActionId, EffectFields, ListedName, NameKind, Operation, Type,
    entity::graphql_name,
    keys::{self, Level},
    names::{plural, snake_case},
    verbs,
};

use specql_text::TextRange;

use crate::{CompletionKind, describe};

use super::{
    context::Context,
    items::{COMPLETION_LIMIT, Item, Items, fits},
    names::{self, Own},
    paths,
};

/// The proposals for the text behind a key.
pub(super) fn complete(ctx: &Context<'_>, key: &str, acc: &mut Items) {
    let Some(level) = ctx.level() else { return };
    let is = |spec| std::ptr::eq(level.spec, spec);
    if is(&keys::CDC) && key == "event_type" {
        begin_as_typed(ctx, acc);
        event_type(ctx, acc);
    } else if is(&keys::CDC) && key == "topic" {
        acc.replaced = ctx.word(".-");
        begin_as_typed(ctx, acc);
        topic(ctx, acc);
    } else if is(&keys::SIDE_EFFECT_EVENTS) {
        begin_as_typed(ctx, acc);
        side_effect_event(ctx, level, acc);
    } else if is(&keys::INVALIDATION) && key == "query" {
        begin_as_typed(ctx, acc);
        queries(ctx, acc);
    } else if is(&keys::FILTER) {
        filter(ctx, level, acc);
    } else if is(&keys::SIDE_EFFECT) && key == "collection" {
        begin_as_typed(ctx, acc);
        collection(ctx, acc);
    } else if key == "schema" {
        schemas(ctx, acc);
    } else if is(&keys::FIELD) && key == "default" {
        if let Some(field) = ctx.field() {
            paths::defaults(&field.ty, acc);
        }
    } else if is(&keys::ENTITY_FILE) && key == "entity" {
        file_name(ctx, acc);
    } else if key == "propagate" {
        propagated(ctx, acc);
    } else if key == "retention" {
        periods(ctx, acc);
    } else if key == "topic" {
        topic_template(ctx, acc);
    } else if key == "from" {
        acc.push(Item::new("input", CompletionKind::Variable));
    }
}

/// How long things are often kept.
const PERIODS: [&str; 5] = ["7 days", "30 days", "90 days", "1 year", "2 years"];

/// Periods that often are; behind a number those of its length in each unit.
fn periods(ctx: &Context<'_>, acc: &mut Items) {
    let typed = TextRange::new(acc.replaced.start().min(ctx.cursor()), ctx.cursor());
    let typed = typed.slice(ctx.file.text());
    let number = typed.split(|it: char| !it.is_ascii_digit()).next().unwrap_or_default();
    let often = PERIODS.iter().filter(|it| it.starts_with(number));
    acc.extend(often.map(|it| Item::new(*it, CompletionKind::Value)));
    if !number.is_empty() {
        let end = if number == "1" { "" } else { "s" };
        let units = ["day", "week", "month", "year"].map(|it| format!("{number} {it}{end}"));
        acc.extend(units.map(|it| Item::new(it, CompletionKind::Value)));
    }
    // Another digit makes another period.
    acc.is_cut = true;
}

/// The template of topics; inside of braces what can stand there.
fn topic_template(ctx: &Context<'_>, acc: &mut Items) {
    let before = ctx.file.text().get(..ctx.cursor() as usize).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    if line.rfind('{') <= line.rfind('}') {
        let templates = ["{schema}.{entity}", "{schema}.{event_type}.v{version}"];
        return acc.extend(templates.map(|it| Item::quoted(it, CompletionKind::Value)));
    }
    acc.replaced = ctx.word("");
    (acc.is_scalar, acc.tail) = (false, "");
    let rest = ctx.file.text().get(acc.replaced.end() as usize..).unwrap_or_default();
    let end = if rest.starts_with('}') { "" } else { "}" };
    let names = ["schema", "entity", "event_type", "version"];
    acc.extend(names.map(|it| Item::new(it, CompletionKind::Value).text(format!("{it}{end}"))));
}

/// What a refresh can reach: the references of the entity, and entities.
fn propagated(ctx: &Context<'_>, acc: &mut Items) {
    let listed = ctx.listed();
    let own = ctx.workspace.entity(ctx.own());
    let fields = own.into_iter().flat_map(|it| it.fields.iter().map(move |field| (it, field)));
    let references = fields.filter(|(_, it)| matches!(it.ty, Type::Ref(_)));
    let references = references.filter(|(_, it)| !listed.contains(&it.name.as_str()));
    acc.extend(references.map(|(own, it)| paths::field(ctx, own, it)));
    names::entities(ctx, "", Own::Last, &[], acc);
}

/// A name that anybody may invent is not to become another one that only has its letters when a person
/// presses Enter behind it: what is offered begins with what is typed.
fn begin_as_typed(ctx: &Context<'_>, acc: &mut Items) {
    let typed = TextRange::new(acc.replaced.start().min(ctx.cursor()), ctx.cursor());
    let typed = typed.slice(ctx.file.text());
    acc.prefix = Some(typed.to_lowercase()).filter(|it| !it.is_empty());
    // A client that filters by itself would keep what was offered for less of the name.
    acc.is_cut = true;
}

fn event_type(ctx: &Context<'_>, acc: &mut Items) {
    let (Some(id), Some(action)) = (ctx.action_id(), ctx.action()) else { return };
    let primary = ctx.workspace.effective_primary(id);
    let aggregate = primary.map_or(Some(ctx.own()), |it| it.entity);
    let Some(entity) = aggregate.and_then(|it| ctx.workspace.entity(it)) else { return };
    let mut found = Vec::new();
    if let Some(primary) = primary {
        found.extend(names::event_types(&entity.name.text, &[primary.operation]));
    }
    if let Some(name) = from_action_name(&action.name.text) {
        found.push(Item::new(name, CompletionKind::Value).detail("from the action's name"));
    }
    // Consumers are told what the steps do.
    if primary.is_none_or(|it| it.operation == Operation::Upsert) {
        found.extend(names::event_types(&entity.name.text, &Operation::ALL));
    }
    let others = published_by_others(ctx, id);
    let (taken, free): (Vec<Item>, Vec<Item>) =
        found.into_iter().partition(|it| others.contains(it.label.as_str()));
    acc.extend(free);
    acc.extend(taken);
}

/// The types of events that other actions of the file publish: under one of them consumers would read two events
/// alike.
fn published_by_others(ctx: &Context<'_>, id: ActionId) -> BTreeSet<EcoString> {
    let own = ctx.workspace.entity(ctx.own());
    let others = own.into_iter().flat_map(|it| it.action_ids()).filter(|it| it.0 != id);
    others.flat_map(|it| ctx.workspace.named_events(it.0)).map(|it| it.0).collect()
}

/// `publish_post` becomes `PostPublished`; by the rule of the language for a verb that no table has.
fn from_action_name(name: &str) -> Option<String> {
    let (verb, subject) = name.split_once('_')?;
    let participle = verbs::participle(verb);
    Some(pascal(&format!("{subject}_{participle}"))).filter(|_| !verb.is_empty())
}

/// `post_count` becomes `PostCount`.
fn pascal(name: &str) -> String {
    name.split('_').map(capitalised).collect()
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn topic(ctx: &Context<'_>, acc: &mut Items) {
    if let Some(entity) = ctx.aggregate().and_then(|it| ctx.workspace.entity(it)) {
        let name = entity.snake_name();
        acc.push(Item::new(format!("{}.{name}", entity.schema_name()), CompletionKind::Value));
    }
}

/// `UserPostCountChanged` where one field is written, `UserUpdated`.
fn side_effect_event(ctx: &Context<'_>, level: &Level<'_>, acc: &mut Items) {
    let Some(entity) = level.entry.map(|it| it.key.text.clone()) else { return };
    let found = ctx.entity_named(&entity);
    let effects = ctx.effects().iter().filter(|it| it.entity.is_some() && it.entity == found);
    // Consumers are told what the steps do.
    let is_known = effects.clone().any(|it| it.operation != Operation::Upsert);
    for it in effects {
        if let (EffectFields::Named(fields), Operation::Update) = (&it.fields, it.operation)
            && let [field] = fields.as_slice()
        {
            let name = format!("{entity}{}Changed", pascal(field));
            acc.push(Item::new(name, CompletionKind::Value).detail(it.operation.as_str()));
        }
        acc.extend(names::event_types(&entity, &[it.operation]));
    }
    if !is_known {
        acc.extend(names::event_types(&entity, &Operation::ALL));
    }
}

/// The queries that the workspace names, then one for each entity that the action writes.
fn queries(ctx: &Context<'_>, acc: &mut Items) {
    for it in ctx.effects().iter().filter_map(|it| ctx.workspace.entity(it.entity?)) {
        let name = graphql_name(&snake_case(&it.name.text));
        // The query of one row too: who types it has not begun to type the other.
        for name in [plural(&name), name] {
            acc.push(Item::new(name, CompletionKind::Value).detail(it.name.text.as_str()));
        }
    }
    let all = ctx.workspace.name_list(NameKind::Query);
    // What is typed is a name of the workspace itself; where it stands once, it is this one.
    let typed = acc.replaced.slice(ctx.file.text()).to_owned();
    let named = all.beginning_with(&typed.to_lowercase()).iter().filter(|it| it.name == typed);
    if named.count() == 1 {
        acc.taken.push(typed);
    }
    let item = |it: &ListedName| Item::new(it.name.as_str(), CompletionKind::Value);
    if all.all().len() <= COMPLETION_LIMIT {
        return acc.extend(all.all().iter().map(item));
    }
    acc.is_cut = true;
    let typed = TextRange::new(acc.replaced.start().min(ctx.cursor()), ctx.cursor());
    let typed = typed.slice(ctx.file.text()).to_lowercase();
    let others =
        all.all().iter().filter(|it| !it.lower.starts_with(&typed) && fits(&it.lower, &typed));
    let mut names: Vec<&ListedName> =
        all.beginning_with(&typed).iter().chain(others).take(COMPLETION_LIMIT * 4).collect();
    names.dedup_by(|left, right| left.name == right.name);
    acc.extend(names.into_iter().take(COMPLETION_LIMIT).map(item));
}

/// The values of the field that an argument names, of an entity that the action writes.
fn filter(ctx: &Context<'_>, level: &Level<'_>, acc: &mut Items) {
    let Some(name) = level.entry.map(|it| it.key.text.clone()) else { return };
    let typed = TextRange::new(acc.replaced.start().min(ctx.cursor()), ctx.cursor());
    if typed.slice(ctx.file.text()).starts_with('$') {
        let parameters = ctx.action().into_iter().flat_map(|it| &it.parameters);
        return acc.extend(parameters.map(|it| {
            let name = format!("${}", it.name.text);
            Item::new(name, CompletionKind::Variable).detail(describe::type_name(&it.ty))
        }));
    }
    let asked = ctx.asked();
    let mut asked = asked.iter().filter_map(|it| ctx.workspace.entity(*it));
    acc.push(Item::new(format!("input.{name}"), CompletionKind::Variable));
    if let Some(field) = asked.find_map(|it| it.field(&name)) {
        paths::defaults(&field.ty, acc);
    }
}

/// `updatedUsers`.
fn collection(ctx: &Context<'_>, acc: &mut Items) {
    let Some(entry) = ctx.impact_entry() else { return };
    let Some(entity) = &entry.entity else { return };
    let declared = entry.operation.as_ref().and_then(|it| it.value);
    let owner = ctx.field_owner();
    let inferred = || ctx.effects().iter().find(|it| it.entity == owner).map(|it| it.operation);
    let operation = declared.or_else(inferred).unwrap_or(Operation::Update);
    let name = entity.text.rsplit('.').next().unwrap_or_default();
    let name = format!("{}{}", operation.participle().to_lowercase(), plural(name));
    acc.push(Item::new(name, CompletionKind::Value));
}

fn schemas(ctx: &Context<'_>, acc: &mut Items) {
    let all = ctx.workspace.name_list(NameKind::Entity).all();
    // That of this file is the one that is typed.
    let others = all.iter().filter(|it| it.id.entity != ctx.own());
    let used: BTreeSet<&str> = others.map(|it| it.schema.as_str()).collect();
    acc.extend(used.into_iter().map(|it| Item::new(it, CompletionKind::Value)));
}

/// `blog_post.yaml` becomes `BlogPost`.
fn file_name(ctx: &Context<'_>, acc: &mut Items) {
    let name = ctx.file.path.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default().replace('-', "_");
    let name = pascal(&stem);
    if name.chars().all(char::is_alphanumeric) && !name.is_empty() {
        acc.push(Item::new(name, CompletionKind::Entity).detail("from the file's name"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_made_from_names() {
        assert_eq!(from_action_name("publish_post").as_deref(), Some("PostPublished"));
        assert_eq!(from_action_name("create_blog_post").as_deref(), Some("BlogPostCreated"));
        assert_eq!(from_action_name("pay_order").as_deref(), Some("OrderPaid"));
        assert_eq!(from_action_name("publish"), None);
    }
}
