//! A schema that one entity alone has, and that is nearly called like the one in which its neighbours are: those that
//! it refers to, those that refer to it, all others.

use specql_model::{Entity, MentionKind, Type, suggest};
use specql_syntax::expression::EntityReference;

use super::RULE;
use crate::{Context, Diagnostic, context::did_you_mean};

pub(super) fn report(ctx: &Context<'_>) -> Option<Diagnostic> {
    let entity = ctx.entity()?;
    let schema = entity.schema.as_ref()?;
    if !ctx.index.has_one_entity(&schema.text) || is_meant(ctx, entity, &schema.text) {
        return None;
    }
    let near = near(ctx, &schema.text)?;
    let neighbours = neighbours(ctx, entity, near)?;
    let message = format!(
        "no other entity is in the schema `{}`, and {neighbours} are in `{near}`{}",
        schema.text,
        did_you_mean(Some(near))
    );
    Some(ctx.finding(&RULE, schema.range, message).fix(ctx.rename(schema, near)))
}

/// Whether something says that the schema is no slip: the folder, or the entity's own name.
fn is_meant(ctx: &Context<'_>, entity: &Entity, schema: &str) -> bool {
    let mut folders = ctx.file.path.split('/');
    folders.any(|it| it == schema) || stem(&entity.snake_name()) == stem(schema)
}

/// The schema of several entities that this one is but for a slip.
fn near<'a>(ctx: &Context<'a>, schema: &str) -> Option<&'a str> {
    let counts = ctx.index.schemas(ctx.workspace).iter();
    let of_several = counts.filter(|it| *it.1 > 1).map(|it| it.0.as_str());
    let mut slips: Vec<&str> = of_several.filter(|it| is_slip(schema, it)).collect();
    slips.sort_unstable();
    suggest(schema, slips)
}

/// The entities that say by their schema that another one is meant, in words.
fn neighbours(ctx: &Context<'_>, entity: &Entity, near: &str) -> Option<&'static str> {
    let targets = entity.fields.iter().flat_map(|it| targets(&it.ty));
    let targets = targets
        .filter_map(|it| ctx.workspace.entity(ctx.resolve_reference(it).found()?))
        .filter(|it| it.id != entity.id);
    let schemas: Vec<&str> = targets.map(|it| it.schema_name()).collect();
    if !schemas.is_empty() {
        let are_near = schemas.iter().all(|it| *it == near);
        return are_near.then_some("those that this one refers to");
    }
    let total: usize = ctx.index.schemas(ctx.workspace).values().sum();
    let of_near = ctx.index.schemas(ctx.workspace).get(near).copied().unwrap_or_default();
    if of_near > 2 && of_near + 1 == total {
        return Some("all others");
    }
    let referrers = ctx.workspace.referrers(entity.id);
    let mut others = referrers.iter().filter(|it| it.kind != MentionKind::Declaration).peekable();
    others.peek()?;
    let is_near = |file| {
        ctx.workspace.file(file)?.entity().map(|it| it.id == entity.id || it.schema_name() == near)
    };
    // Who writes the schema means it.
    let is_alone = |file, start: usize| {
        let text = ctx.workspace.file(file)?.text().get(..start)?;
        Some(!text.ends_with('.'))
    };
    let all = others.all(|it| {
        is_near(it.file) == Some(true) && is_alone(it.file, it.range.to_usize().start) == Some(true)
    });
    all.then_some("those that refer to this one")
}

fn targets(ty: &Type) -> &[EntityReference] {
    match ty {
        Type::List(item) => item.targets(),
        other => other.targets(),
    }
}

/// Whether one name is another one with a slip: schemas that people tell apart by a number or a plural are two, and
/// one in capitals is told as such.
fn is_slip(name: &str, other: &str) -> bool {
    !stem(name).eq_ignore_ascii_case(stem(other)) && name.len().min(other.len()) > 3
}

/// A name without its number and its plural.
fn stem(name: &str) -> &str {
    name.trim_end_matches(|it: char| it.is_ascii_digit() || it == '_').trim_end_matches('s')
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn a_schema_beside_that_of_those_that_refer_to_it() {
        check_diagnostics(
            "
#- /pen.yaml
entity: Pen
schema: famr
#       ^^^^ 💡 warning[naming]: no other entity is in the schema `famr`, and those that refer to this one are in `farm`; did you mean `farm`?
fields: {name: text}
#- /herd.yaml
entity: Herd
schema: farm
fields: {pen: ref(Pen)}
#- /barn.yaml
entity: Barn
schema: farm
fields: {name: text}
#- /zoo.yaml
entity: Zoo
schema: city
fields: {name: text}
#- /form/field.yaml
entity: Field
schema: form
fields: {name: text}
#- /crop.yaml
entity: Crop
schema: farn
fields: {name: text}
#- /seed.yaml
entity: Seed
schema: farm
fields: {field: ref(Field), crop: ref(farn.Crop)}
",
        );
        check_diagnostics(
            "
#- /loft.yaml
entity: Loft
schema: famr
#       ^^^^ 💡 warning[naming]: no other entity is in the schema `famr`, and all others are in `farm`; did you mean `farm`?
fields: {name: text}
#- /herd.yaml
entity: Herd
schema: farm
fields: {name: text}
#- /barn.yaml
entity: Barn
schema: farm
fields: {name: text}
#- /site.yaml
entity: Site
schema: farm
fields: {name: text}
",
        );
    }

    #[test]
    fn a_schema_that_nothing_else_has() {
        let rest = "#- /barn.yaml\nentity: Barn\nschema: farm\nfields:\n  name: text\n#- /site.yaml\nentity: Site\n\
                    schema: farm\nfields:\n  name: text\n";
        check_diagnostics(&format!(
            "
#- /animal.yaml
entity: Animal
schema: famr
#       ^^^^ 💡 warning[naming]: no other entity is in the schema `famr`, and those that this one refers to are in `farm`; did you mean `farm`?
fields:
  barn: ref(Barn)
  sites: list(ref(farm.Site))
{rest}"
        ));
        check_fix(
            &format!(
                "#- /animal.yaml\nentity: Animal\nschema: f$0amr\nfields:\n  barn: ref(Barn)\n{rest}"
            ),
            "entity: Animal\nschema: farm\nfields:\n  barn: ref(Barn)\n",
        );
        // Another one has it too, the other one is not near, it is the plural, nothing leads there, it refers to several.
        for (schema, field, more) in [
            ("famr", "ref(Barn)", "#- /x.yaml\nentity: X\nschema: famr\nfields:\n  name: text\n"),
            ("crop", "ref(Barn)", ""),
            ("farms", "ref(Barn)", ""),
            ("farm_2", "ref(Barn)", ""),
            ("famr", "text", "#- /z.yaml\nentity: Z\nschema: zoo\nfields:\n  name: text\n"),
            (
                "famr",
                "ref(Hand)",
                "#- /h.yaml\nentity: Hand\nschema: people\nfields:\n  name: text\n",
            ),
        ] {
            check_diagnostics(&format!(
                "\n#- /animal.yaml\nentity: Animal\nschema: {schema}\nfields:\n  it: {field}\n{rest}{more}"
            ));
        }
    }
}
