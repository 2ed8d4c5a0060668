//! The names that a file declares, and renaming them with what refers to them.

use specql_model::{ActionId, Entity, Name};
use specql_syntax::yaml::{Resolved, resolve};
use specql_text::{TextEdit, TextRange};

use crate::{Applicability, Context, Fix, diagnostic::FileEdit};

/// What a declared name is the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Declared {
    /// The entity of the file.
    Entity,
    /// Its schema.
    Schema,
    /// A field.
    Field,
    /// An action.
    Action(ActionId),
    /// A parameter of an action.
    Parameter,
}

/// The names that the file declares, in its order by kind. What YAML reads as no text has a rule of its
/// own and is left out.
pub(crate) fn declared<'a>(ctx: &Context<'a>) -> Vec<(Declared, &'a Name)> {
    let Some(entity) = ctx.entity() else { return Vec::new() };
    let mut res = vec![(Declared::Entity, &entity.name)];
    res.extend(entity.schema.iter().map(|it| (Declared::Schema, it)));
    res.extend(entity.fields.iter().map(|it| (Declared::Field, &it.name)));
    for (id, action) in entity.action_ids() {
        res.push((Declared::Action(id), &action.name));
        res.extend(action.parameters.iter().map(|it| (Declared::Parameter, &it.name)));
    }
    res.retain(|(_, it)| !it.text.is_empty() && is_text(ctx, it));
    res
}

fn is_text(ctx: &Context<'_>, name: &Name) -> bool {
    // Quotes make text of anything, so only what would be none without them is looked up.
    let is_plain_number = || name.text.bytes().all(|it| it.is_ascii_digit());
    if resolve(&name.text) == Resolved::Str || is_plain_number() {
        return true;
    }
    let scalar = ctx.node_at(name.range).and_then(|it| it.as_scalar());
    let is_text = scalar.is_none_or(|it| it.resolved == Resolved::Str);
    is_text && ctx.entry_with_key(name.range).is_none_or(|it| it.key_resolved == Resolved::Str)
}

impl Declared {
    /// As a subject of a message.
    pub(crate) const fn noun(self) -> &'static str {
        match self {
            Self::Entity => "an entity",
            Self::Schema => "a schema",
            Self::Field => "a field",
            Self::Action(_) => "an action",
            Self::Parameter => "a parameter",
        }
    }
}

/// Writes another name where one is declared and everywhere it is used; absent where not all of these
/// places are known.
pub(crate) fn rename_everywhere(
    ctx: &Context<'_>,
    kind: Declared,
    name: &Name,
    to: &str,
) -> Option<Fix> {
    let places = match kind {
        Declared::Entity => {
            let all = ctx.workspace.referrers(ctx.entity()?.id);
            all.into_iter().map(|it| (it.file, it.range)).collect()
        }
        Declared::Action(id) => ctx.workspace.callers(id),
        Declared::Field | Declared::Parameter | Declared::Schema => {
            let is_alone = is_alone(ctx, ctx.entity()?, name);
            is_alone.then(|| vec![(ctx.id(), name.range)])?
        }
    };
    let edit = |(file, range): &(specql_model::FileId, TextRange)| {
        let text = ctx.workspace.file(*file)?.text();
        let at = range.slice(text).find(name.as_str())?;
        let start = range.to_usize().start + at;
        let range = TextRange::from(start..start + name.text.len());
        Some(FileEdit { file: *file, edit: TextEdit::replace(range, to.to_owned()) })
    };
    let edits = places.iter().map(edit).collect::<Option<Vec<_>>>()?;
    Some(Fix { title: format!("Rename to `{to}`"), applicability: Applicability::Review, edits })
}

/// Whether no file that mentions the entity has a name a second time.
fn is_alone(ctx: &Context<'_>, entity: &Entity, name: &Name) -> bool {
    let mut files: Vec<_> = ctx.workspace.referrers(entity.id).iter().map(|it| it.file).collect();
    files.push(ctx.id());
    files.sort_unstable();
    files.dedup();
    let count = |file| {
        let text = ctx.workspace.file(file).map_or("", |it| it.text());
        text.matches(name.as_str()).count()
    };
    files.into_iter().map(count).sum::<usize>() == 1
}
