//! Hover: what the name, key or word under the cursor means.

mod action;
mod audit;
mod entity;
mod event;
mod lineage;
mod part;
mod place;
mod rule;
mod sample;
mod step;
mod when;

use rustc_hash::FxHashSet;
use specql_model::{
    SourceFile, Workspace,
    keys::{self, KeySpec, MappingSpec, Place, PlaceKind, Shape},
};
use specql_syntax::yaml::Scalar;
use specql_text::TextRange;

use crate::{
    Hover, Whole,
    mention::{self, Mention, Subject},
};

use part::Said;

pub(crate) use entity::{composite, entity_summary, field, function, rich};
pub(crate) use rule::rule;

/// The text for a cursor; absent where nothing has a meaning.
pub(crate) fn hover(workspace: &Workspace, file: &SourceFile, offset: u32) -> Option<Hover> {
    let here = || place::at(workspace, file, offset);
    if let Some(Mention { range, subject, .. }) = mention::at(workspace, file, offset) {
        let key = key_at(file, offset).map(|(_, text)| text.into());
        let said = joined([key, named(workspace, file, &subject, range), here()]);
        if !said.markdown.is_empty() {
            return Some(Hover { range, markdown: said.markdown, whole: said.whole });
        }
    }
    let known = rule::at(file, place(file, offset).as_ref(), offset)
        .or_else(|| key_at(file, offset))
        .or_else(|| word_at(file, offset))
        .or_else(|| typed(workspace, file, offset));
    let (range, said) = match known {
        Some((range, markdown)) => (range, joined([Some(markdown.into()), here()])),
        None => {
            let (range, key) = value_at(file, offset)?;
            let around = place::around(workspace, file, offset);
            (range, joined([key.map(Said::from), around]))
        }
    };
    (!said.markdown.is_empty()).then_some(Hover {
        range,
        markdown: said.markdown,
        whole: said.whole,
    })
}

/// Several texts one below the other.
fn joined<const N: usize>(parts: [Option<Said>; N]) -> Said {
    let mut texts = Vec::new();
    let mut whole: Vec<Whole> = Vec::new();
    for it in parts.into_iter().flatten() {
        texts.push(it.markdown.trim().to_owned());
        whole.extend(it.whole);
    }
    let mut seen = FxHashSet::default();
    whole.retain(|it| seen.insert(it.command.clone()));
    Said { markdown: texts.join("\n\n---\n\n"), whole }
}

fn named(
    workspace: &Workspace,
    file: &SourceFile,
    subject: &Subject<'_>,
    range: TextRange,
) -> Option<Said> {
    match subject {
        Subject::Action(id) => action::action(workspace, *id),
        Subject::Event(id) => event::event(workspace, *id, range),
        // The key says it.
        Subject::Query(_) | Subject::Impact(_) | Subject::Cdc(_) => None,
        it => card(workspace, file, it).map(Said::from),
    }
}

/// What a name stands for that is nothing an action does.
fn card(workspace: &Workspace, file: &SourceFile, subject: &Subject<'_>) -> Option<String> {
    match subject {
        Subject::Action(_)
        | Subject::Query(_)
        | Subject::Impact(_)
        | Subject::Cdc(_)
        | Subject::Event(_) => None,
        Subject::Entity(id) => entity::entity(workspace, *id),
        Subject::Ambiguous(candidates) => Some(entity::ambiguous(workspace, candidates)),
        Subject::Field(owner, field) => {
            let card = entity::field(workspace, *owner, field);
            let uses = lineage::of_field(workspace, *owner, field);
            Some(format!("{}\n\n{uses}", card.trim_end()))
        }
        Subject::BuiltIn(owner, it) => Some(entity::built_in(workspace, *owner, it)),
        Subject::EnumValue { owner, field, value } => {
            Some(entity::enum_value(workspace, *owner, field, value))
        }
        Subject::Choice { parameter, value, .. } => Some(entity::choice(parameter, value)),
        Subject::Type(ty) => entity::field_type(ty),
        Subject::Parameter(_, parameter) => Some(entity::parameter(parameter)),
        Subject::Rich(it) => Some(rich(it)),
        Subject::Part(name, ty) => Some(entity::part(name, ty)),
        Subject::Context((name, documentation)) => Some(format!("`{name}`: {documentation}\n")),
        Subject::Function(name) => {
            function(name).map(|signatures| format!("**function** `{name}`\n\n{signatures}"))
        }
        Subject::QueryColumn { column, variable, query, .. } => {
            Some(entity::query_column(workspace, file, column, variable, *query))
        }
        Subject::Variable { name, entity, .. } => Some(entity::variable(workspace, name, *entity)),
    }
}

/// The documentation of a key.
fn key_at(file: &SourceFile, offset: u32) -> Option<(TextRange, String)> {
    let place = place(file, offset)?;
    let level = place.levels.last()?;
    let entry = level.entry.filter(|it| it.key.range.touches(offset))?;
    let key = level.key.filter(|_| matches!(place.kind, PlaceKind::Key))?;
    Some((entry.key.range, documentation(level.spec, key)))
}

fn documentation(spec: &MappingSpec, key: &KeySpec) -> String {
    let own = format!("`{}`", key.name);
    // The name of a step's vocabulary says its keyword.
    let name = match spec.name.contains(&own) {
        true => spec.name.to_owned(),
        false => format!("{own} of {}", spec.name),
    };
    let required = if key.required { " · required" } else { "" };
    let aliases = match key.aliases {
        [] => String::new(),
        aliases => {
            let aliases: Vec<String> = aliases.iter().map(|it| format!("`{it}`")).collect();
            format!("\n\nAlso written {}", aliases.join(", "))
        }
    };
    format!("{name}{required}\n\n{}{aliases}", key.documentation)
}

/// The documentation of a word of a fixed vocabulary.
fn word_at(file: &SourceFile, offset: u32) -> Option<(TextRange, String)> {
    let PlaceKind::Value { shapes, node } = place(file, offset)?.kind else { return None };
    let node = node.filter(|it| it.range.touches(offset))?;
    let scalar = node.as_scalar()?;
    let words = shapes.iter().flat_map(Shape::alternatives).filter_map(|it| match it {
        Shape::Word(words) => Some(*words),
        _ => None,
    });
    let (word, documentation) =
        words.flatten().find(|(word, _)| is_spelled(word, scalar)).copied()?;
    Some((node.range, format!("`{word}`\n\n{documentation}")))
}

/// What has a type, for the words of the type that say nothing by themselves: `ref`, `!`.
fn typed(workspace: &Workspace, file: &SourceFile, offset: u32) -> Option<(TextRange, String)> {
    let entity = file.entity()?;
    let is_here = |name: TextRange, ty: TextRange| name != ty && ty.touches(offset);
    let field = entity.fields.iter().find(|it| is_here(it.name.range, it.type_range));
    let of_field = field.map(|it| (it.type_range, Subject::Field(entity.id, it)));
    let mut parameters = entity.actions.iter().flat_map(|it| &it.parameters);
    let of_parameter = || {
        let it = parameters.find(|it| is_here(it.name.range, it.type_range))?;
        Some((it.type_range, Subject::Parameter(entity.id, it)))
    };
    let (range, subject) = of_field.or_else(of_parameter)?;
    Some((range, card(workspace, file, &subject)?))
}

/// What a value is for that says nothing by itself: the documentation of its key, where that is one of the
/// vocabulary.
fn value_at(file: &SourceFile, offset: u32) -> Option<(TextRange, Option<String>)> {
    let place = place(file, offset)?;
    let PlaceKind::Value { node: Some(node), .. } = place.kind else { return None };
    let node = Some(node).filter(|it| it.range.touches(offset) && it.as_scalar().is_some())?;
    let level = place.levels.last()?;
    Some((node.range, level.key.map(|it| documentation(level.spec, it))))
}

fn is_spelled(word: &str, scalar: &Scalar) -> bool {
    scalar.text.eq_ignore_ascii_case(word)
}

fn place(file: &SourceFile, offset: u32) -> Option<Place<'_>> {
    let root = keys::root_spec(&file.kind)?;
    Some(keys::place_at(root, file.parse().yaml(), file.text(), offset))
}

#[cfg(test)]
mod tests;
