//! What other languages write behind a type: `date NOT NULL`, `integer default 0`, `String @unique`,
//! `integer references users(id)`, and into the parentheses of a reference.

use specql_model::{Field, Resolution, Type};
use specql_text::TextRange;

use super::form::closed;
use crate::Context;

/// A type with what such words say of it.
#[derive(Default)]
struct Meant<'t> {
    ty: &'t str,
    default: Option<&'t str>,
    is_required: bool,
    is_unique: bool,
    target: Option<&'t str>,
}

/// What a type with such words is in SpecQL: the range of all of it, and how it should be.
pub(super) fn meant(ctx: &Context<'_>, field: &Field) -> Option<(TextRange, String)> {
    let start = field.type_range.start();
    let rest = ctx.first_line(TextRange::new(start, field.range.end().max(start)));
    let text = ctx.slice(rest).trim_end();
    let better = reference(text).or_else(|| words(ctx, field, text))?;
    Some((TextRange::new(start, start + TextRange::from(0..text.len()).len()), better))
}

/// `ref(User, on_delete=cascade)`, `ref(crm/User)`: a reference names its entity, and nothing else.
fn reference(text: &str) -> Option<String> {
    let inner = text.strip_prefix("ref(").filter(|it| it.contains([',', '/', ':']))?;
    let length = closed(text, 3)?;
    let inner = inner.get(..length - 5)?;
    let target = inner.split(',').next()?.trim().replace("::", ".").replace('/', ".");
    let is_name = |it: char| it.is_alphanumeric() || it == '_' || it == '.';
    let is_target = target.starts_with(char::is_alphabetic) && target.chars().all(is_name);
    (is_target && target != inner)
        .then(|| format!("ref({target}){}", text.get(length..).unwrap_or_default()))
}

/// The type behind whose name there are words of other languages, all of them understood.
fn words(ctx: &Context<'_>, field: &Field, text: &str) -> Option<String> {
    let end = text.find(' ')?;
    let (ty, mut rest) = (text.get(..end)?, text.get(end..)?.trim_start());
    let mut meant = Meant { is_required: ty.ends_with('!'), ..Meant::default() };
    meant.ty = ty.trim_end_matches(['!', '?']);
    if matches!(field.ty, Type::Unknown(_))
        || !meant.ty.ends_with(|it: char| it.is_alphanumeric() || it == ')')
    {
        return None;
    }
    while !rest.is_empty() {
        rest = meant.take(rest)?.trim_start();
    }
    meant.written(
        ctx,
        ctx.slice(field.type_range.cover(field.name.range)).starts_with(field.name.as_str()),
    )
}

impl<'t> Meant<'t> {
    /// Takes one clause from the beginning of a text; what is left behind it.
    fn take(&mut self, text: &'t str) -> Option<&'t str> {
        let after = |words: &[&str]| words.iter().find_map(|it| strip_word(text, it));
        if let Some(rest) =
            after(&["not null", "required", "not_null", "notnull", "mandatory", "non-null"])
        {
            self.is_required = true;
            return Some(rest);
        }
        if let Some(rest) = after(&["null", "nullable", "optional"]) {
            return Some(rest);
        }
        if let Some(rest) = after(&["unique", "@unique"]) {
            self.is_unique = true;
            return Some(rest);
        }
        if let Some(rest) = text.strip_prefix("@default(") {
            let length = closed(text, "@default".len())?;
            self.default = Some(rest.get(..length - "@default(".len() - 1)?);
            return text.get(length..);
        }
        if let Some(rest) = after(&["default"]) {
            let value = rest.trim_start().trim_start_matches(['=', ':']).trim_start();
            let end = if value.starts_with('\'') {
                value.get(1..)?.find('\'')? + 2
            } else {
                value.find(' ').unwrap_or(value.len())
            };
            self.default = Some(value.get(..end).filter(|it| !it.is_empty())?);
            return value.get(end..);
        }
        let target = after(&["references"])?.trim_start();
        let end = target.find(['(', ' ']).unwrap_or(target.len());
        self.target = Some(target.get(..end).filter(|it| !it.is_empty())?);
        let rest = target.get(end..)?;
        if rest.starts_with('(') { rest.get(closed(rest, 0)?..) } else { Some(rest) }
    }

    /// As SpecQL has it. What is unique needs the long form, for which there is room behind a name alone.
    fn written(&self, ctx: &Context<'_>, is_short: bool) -> Option<String> {
        let ty = match self.target {
            Some(table) => format!("ref({})", entity_of(ctx, table)?),
            None => self.ty.to_owned(),
        };
        let is_enum = ty.contains(',');
        if self.is_unique {
            let nullable = if self.is_required { ", nullable: false" } else { "" };
            let default = self.default.map(|it| format!(", default: {it}")).unwrap_or_default();
            return (is_short && !is_enum)
                .then(|| format!("{{type: {ty}{nullable}, unique: true{default}}}"));
        }
        let default = self.default.map(|it| format!(" = {it}")).unwrap_or_default();
        Some(format!("{ty}{default}{}", if self.is_required { "!" } else { "" }))
    }
}

/// What stands behind a word, in any case of letters, where a text begins with it.
fn strip_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let begin = text.get(..word.len()).filter(|it| it.eq_ignore_ascii_case(word))?;
    let rest = text.get(begin.len()..)?;
    rest.chars().next().is_none_or(|it| !it.is_alphanumeric() && it != '_').then_some(rest)
}

/// The entity that a table of another framework holds: `User` of `users`.
fn entity_of(ctx: &Context<'_>, table: &str) -> Option<String> {
    let is_it = |name: &str| !matches!(ctx.resolve(name), Resolution::Unknown);
    if is_it(table) {
        return Some(table.to_owned());
    }
    ctx.workspace.suggest_entity(table.rsplit('.').next()?).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_fix;

    fn mended(written: &str, better: &str) {
        let file = |ty: &str| format!("entity: Post\nfields:\n  title: {ty}\n");
        let user = "#- /user.yaml\nentity: User\n#- /post.yaml\n";
        check_fix(&format!("{user}{}", file(written)), &file(better));
    }

    #[test]
    fn words_behind_a_type() {
        mended("date $0NOT NULL", "date!");
        mended("integer! $0default 0", "integer = 0!");
        mended("text $0required", "text!");
        mended("text! $0unique", "{type: text, nullable: false, unique: true}");
        mended("datetime? $0@default(now())", "datetime = now()");
        mended("text $0DEFAULT 'a b' NOT NULL", "text = 'a b'!");
        mended("integer $0references users(id)", "ref(User)");
    }

    #[test]
    fn more_than_an_entity_in_a_reference() {
        mended("ref(User$0, on_delete=cascade)!", "ref(User)!");
        mended("ref(public$0/User)", "ref(public.User)");
    }
}
