//! Names of fields and columns, in the spellings that authors use for them.

use specql_model::{Entity, Name, Type};

use crate::{Context, Fix};

/// Whether a name is a field or a column of an entity's table: a field in either spelling, a built-in
/// column, the identifier of a `ref` (`author_id`, `authorId`). Its own columns for keys have no name in steps.
pub(crate) fn is_column(entity: &Entity, name: &str) -> bool {
    // A type that is not known may be a `ref`.
    let may_refer = |it: &str| {
        let field = entity.field(it);
        field.is_some_and(|it| matches!(it.ty, Type::Ref(_) | Type::Unknown(_) | Type::Missing))
    };
    let target = name.strip_suffix("_id").or_else(|| name.strip_suffix("Id"));
    entity.column(name).is_some() || target.is_some_and(may_refer)
}

/// What is said of names of a list that stand without a comma between them, as one: `[title body]`. With the fix
/// where the list stands between brackets.
pub(crate) fn without_comma(
    ctx: &Context<'_>,
    name: &Name,
    is_known: impl Fn(&str) -> bool,
) -> Option<(String, Option<Fix>)> {
    let words: Vec<&str> = name.text.split_whitespace().collect();
    if words.len() < 2 || !words.iter().all(|it| is_known(it)) {
        return None;
    }
    let message = format!("`{}` is read as one name; write a comma between the names", name.text);
    let is_plain = ctx.is_in_flow(name.range) && ctx.slice(name.range) == name.as_str();
    Some((message, is_plain.then(|| ctx.write(name.range, &words.join(", ")))))
}

/// How often a text has a word.
pub(crate) fn times(text: &str, word: &str) -> usize {
    let is_part = |it: char| it.is_alphanumeric() || it == '_';
    text.match_indices(word)
        .filter(|(at, _)| {
            let before = text.get(..*at).and_then(|it| it.chars().next_back());
            let behind = text.get(at + word.len()..).and_then(|it| it.chars().next());
            !before.is_some_and(is_part) && !behind.is_some_and(is_part)
        })
        .count()
}
