//! The outline of an entity file: fields with their types, actions with their steps and blocks; and that of a
//! configuration: its settings.
//!
//! Invariant: no name is empty, every name lies in its symbol, every symbol in its parent's range, and
//! siblings are in the order of the text.

use specql_model::{
    Action, Audit, Cdc, Entity, Field, FileKind, Impact, ImpactEntry, Operation, SourceFile, Step,
    Type,
};
use specql_syntax::yaml::{Entry, Node};
use specql_text::TextRange;

use crate::{Symbol, SymbolKind, describe};

/// The outline; empty for a file that is neither.
pub(crate) fn document_symbols(file: &SourceFile) -> Vec<Symbol> {
    if matches!(file.kind, FileKind::Config(_)) {
        return settings(&file.parse().yaml().root, file.text());
    }
    let Some(entity) = file.entity() else { return Vec::new() };
    let fields = entity.fields.iter().map(field);
    let actions = entity.actions.iter().map(|it| action(entity, it, file.text()));
    let audit = entity.audit.iter().map(audit);
    let children = fields.chain(actions).chain(audit).collect();
    let detail = entity.schema.as_ref().map(|it| it.text.to_string());
    let (name, name_range) = (&entity.name.text, entity.name.range);
    let before = file.text().get(..name_range.start() as usize).unwrap_or_default();
    // From the key on, so that whoever stands on it is inside.
    let line = before.rsplit(['\n', '\r']).next().unwrap_or_default().trim_start();
    let key = u32::try_from(line.len()).unwrap_or(0);
    let range = TextRange::new(name_range.start() - key, name_range.end());
    vec![symbol(name, detail, SymbolKind::Entity, range, name_range, children)]
}

/// The settings of a mapping, each with its value or with those below it.
fn settings(node: &Node, text: &str) -> Vec<Symbol> {
    let entries = node.as_mapping().into_iter().flat_map(|it| &it.entries);
    let setting = |it: &Entry| {
        let below = settings(&it.value, text);
        let value = first_line(it.value.range, text).slice(text).trim();
        let detail = (below.is_empty() && !value.is_empty()).then(|| value.to_owned());
        let kind = if below.is_empty() { SymbolKind::Field } else { SymbolKind::Block };
        symbol(&it.key.text, detail, kind, it.range, it.key.range, below)
    };
    entries.filter(|it| !it.merged).map(setting).collect()
}

/// A symbol whose range covers its name and children.
fn symbol(
    name: &str,
    detail: Option<String>,
    kind: SymbolKind,
    range: TextRange,
    name_range: TextRange,
    mut children: Vec<Symbol>,
) -> Symbol {
    children.sort_by_key(|it| it.range.start());
    let range = children.iter().fold(range.cover(name_range), |acc, it| acc.cover(it.range));
    let name = if name.trim().is_empty() { "(no name yet)".to_owned() } else { name.to_owned() };
    Symbol { name, detail, kind, range, name_range, children }
}

fn field(it: &Field) -> Symbol {
    let values = match &it.ty {
        Type::Enum(values) => values.as_slice(),
        _ => &[],
    };
    let values = values
        .iter()
        .map(|it| symbol(&it.text, None, SymbolKind::EnumMember, it.range, it.range, Vec::new()));
    let detail = Some(describe::field_type(it));
    symbol(&it.name.text, detail, SymbolKind::Field, it.range, it.name.range, values.collect())
}

fn action(entity: &Entity, it: &Action, text: &str) -> Symbol {
    let mut children: Vec<Symbol> = it.steps.iter().map(|it| step(it, text)).collect();
    children.extend(it.impact.iter().map(|it| impact(entity, it)));
    children
        .extend(it.cascade.iter().map(|it| block("cascade", it.range, first_line(it.range, text))));
    children.extend(it.cdc.iter().map(|cdc| event(entity, it, cdc)));
    let detail = it.description.as_ref().map(|it| it.text.to_string());
    symbol(&it.name.text, detail, SymbolKind::Action, it.range, it.name.range, children)
}

fn step(it: &Step, text: &str) -> Symbol {
    let value = it.value_range.slice(text).lines().next().unwrap_or_default().trim();
    let detail =
        (!value.is_empty() && it.value_range != it.keyword.range).then(|| value.to_owned());
    let children = it.branches().into_iter().flatten().map(|it| step(it, text)).collect();
    symbol(&it.keyword.text, detail, SymbolKind::Step, it.range, it.keyword.range, children)
}

fn impact(entity: &Entity, it: &Impact) -> Symbol {
    let entry = |it: &ImpactEntry, fallback: &str| {
        let name = it.entity.as_ref().map_or(fallback, |it| it.as_str());
        let name_range = it.entity.as_ref().map_or(it.range, |it| it.range);
        let detail = it.operation.as_ref().map(|it| it.name.text.to_string());
        symbol(name, detail, SymbolKind::Block, it.range, name_range, Vec::new())
    };
    let mut children: Vec<Symbol> =
        it.primary.iter().map(|it| entry(it, &entity.name.text)).collect();
    children.extend(it.side_effects.iter().map(|it| entry(it, "")));
    children.extend(it.cache_invalidations.iter().map(|it| {
        let query = it.query.as_ref();
        let name_range = query.map_or(it.range, |it| it.range);
        let detail = it.strategy.as_ref().map(|it| it.name.text.to_string());
        let name = query.map_or("", |it| it.as_str());
        symbol(name, detail, SymbolKind::Block, it.range, name_range, Vec::new())
    }));
    symbol("impact", None, SymbolKind::Block, it.range, it.key, children)
}

fn event(entity: &Entity, action: &Action, it: &Cdc) -> Symbol {
    let operation =
        action.impact.as_deref().and_then(|it| it.primary.as_ref()?.operation.as_ref()?.value);
    let name = it.event_type_or_default(&entity.name.text, operation.unwrap_or(Operation::Update));
    let written = it.event_type.is_some() || operation.is_some();
    let name = if written { name.as_str() } else { "cdc" };
    let detail = (!it.is_enabled()).then(|| "disabled".to_owned());
    symbol(name, detail, SymbolKind::Event, it.range, it.key, Vec::new())
}

fn audit(it: &Audit) -> Symbol {
    block("audit", it.key, it.key)
}

fn block(name: &str, range: TextRange, name_range: TextRange) -> Symbol {
    symbol(name, None, SymbolKind::Block, range, name_range, Vec::new())
}

/// The part of a range on its first line.
fn first_line(range: TextRange, text: &str) -> TextRange {
    let line = range.slice(text).lines().next().unwrap_or_default();
    TextRange::new(range.start(), range.start() + u32::try_from(line.len()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use insta::assert_snapshot;

    use crate::{Symbol, test_support::Fixture};

    fn outline(fixture: &str) -> String {
        let it = Fixture::new(fixture);
        let text = it.analysis.text(it.file).unwrap();
        let mut res = String::new();
        write(&it.analysis.document_symbols(it.file), text, 0, &mut res);
        res
    }

    fn write(symbols: &[Symbol], text: &str, depth: usize, acc: &mut String) {
        for it in symbols {
            let detail = it.detail.as_deref().unwrap_or_default();
            let name = it.name_range.slice(text);
            writeln!(acc, "{:1$}{2:?} {3} | {detail} | {name}", "", depth * 2, it.kind, it.name)
                .unwrap();
            write(&it.children, text, depth + 1, acc);
        }
    }

    #[test]
    fn the_entity_begins_with_its_key() {
        let it = Fixture::new("# Of a blog.\nentity: Post\nfields:\n  title: text\n");
        let symbols = it.analysis.document_symbols(it.file);
        let text = it.analysis.text(it.file).unwrap();
        assert_eq!(symbols[0].range.slice(text), "entity: Post\nfields:\n  title: text");
    }

    #[test]
    fn fields_actions_and_blocks_in_the_order_of_the_text() {
        assert_snapshot!(outline("
entity: Post
schema: blog
fields:
  title: text!
  status: enum(draft, published) = draft
actions:
  - name: publish_post
    description: Publish a draft
    steps:
      - validate: status = 'draft'
      - if: title IS NULL
        then:
          - reject: no_title
    impact:
      primary:
        entity: Post
        operation: UPDATE
      side_effects:
        - entity: User
          operation: UPDATE
      cache_invalidations:
        - query: posts
          strategy: REFETCH
    cascade: true
    cdc:
      enabled: true
      event_type: PostPublished
audit: true
"), @"
Entity Post | blog | Post
  Field title | text! | title
  Field status | enum(draft, published) = draft | status
    EnumMember draft |  | draft
    EnumMember published |  | published
  Action publish_post | Publish a draft | publish_post
    Step validate | status = 'draft' | validate
    Step if | title IS NULL | if
      Step reject | no_title | reject
    Block impact |  | impact
      Block Post | UPDATE | Post
      Block User | UPDATE | User
      Block posts | REFETCH | posts
    Block cascade |  | cascade: true
    Event PostPublished |  | cdc
  Block audit |  | audit
");
    }

    #[test]
    fn the_settings_of_a_configuration() {
        assert_snapshot!(outline("#- /specql.config.yaml\n# why\ntenancy: required\ncascade:\n  exclude_entities: [User]\n  max_entities: 5\nrules:\n  naming: off\n  sql:\nkafka: {topic: 'x.{entity}'}\n"), @"
        Field tenancy | required | tenancy
        Block cascade |  | cascade
          Field exclude_entities | [User] | exclude_entities
          Field max_entities | 5 | max_entities
        Block rules |  | rules
          Field naming | off | naming
          Field sql |  | sql
        Block kafka |  | kafka
          Field topic | 'x.{entity}' | topic
        ");
    }

    #[test]
    fn half_typed_parts_have_a_name() {
        assert_snapshot!(outline("entity:\nactions:\n  - \n  - name:\n    steps:\n      - \n"), @"
        Entity (no name yet) |  | entity
          Action (no name yet) |  | 
          Action (no name yet) |  | name:
            steps:
              -
            Step (no name yet) |  |
        ");
        assert_snapshot!(outline("services: 1"), @"");
    }
}
