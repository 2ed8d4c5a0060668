//! A schema that one entity alone has, and that is nearly called like the one in which all others are that the
//! entity refers to: `famr` beside `farm`.

use specql_model::{Type, suggest};
use specql_syntax::expression::EntityReference;

use super::RULE;
use crate::{Context, Diagnostic, context::did_you_mean};

pub(super) fn report(ctx: &Context<'_>) -> Option<Diagnostic> {
    let schema = ctx.entity()?.schema.as_ref()?;
    let near = schema_of_targets(ctx)?;
    suggest(&schema.text, [near]).filter(|_| is_slip(&schema.text, near))?;
    let has = |name: &str| ctx.index.entities_in_schema(ctx.workspace, name);
    if has(&schema.text) != 1 || has(near) < 2 {
        return None;
    }
    let message = format!(
        "no other entity is in the schema `{}`, and those that this one refers to are in `{near}`{}",
        schema.text,
        did_you_mean(Some(near))
    );
    Some(ctx.finding(&RULE, schema.range, message).fix(ctx.rename(schema, near)))
}

/// The one schema of all entities that the fields refer to.
fn schema_of_targets<'a>(ctx: &Context<'a>) -> Option<&'a str> {
    let own = ctx.entity()?;
    let targets = own.fields.iter().flat_map(|it| targets(&it.ty));
    let mut schemas = targets
        .filter_map(|it| ctx.workspace.entity(ctx.resolve_reference(it).found()?))
        .filter(|it| it.id != own.id)
        .map(|it| it.schema_name());
    let first = schemas.next()?;
    (first != own.schema_name() && schemas.all(|it| it == first)).then_some(first)
}

fn targets(ty: &Type) -> &[EntityReference] {
    match ty {
        Type::List(item) => item.targets(),
        other => other.targets(),
    }
}

/// Whether one name is another one with a slip: schemas that people tell apart by a number or a plural are two.
fn is_slip(name: &str, other: &str) -> bool {
    let letters =
        |it: &str| it.trim_end_matches(|it: char| it.is_ascii_digit() || it == '_').to_owned();
    let stem = |it: &str| letters(it).trim_end_matches('s').to_owned();
    stem(name) != stem(other) && name.len().min(other.len()) > 3
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

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
        // Another one has it too, the other one is not near, it is the plural, it refers to several.
        for (schema, field, more) in [
            ("famr", "ref(Barn)", "#- /x.yaml\nentity: X\nschema: famr\nfields:\n  name: text\n"),
            ("crop", "ref(Barn)", ""),
            ("farms", "ref(Barn)", ""),
            ("farm_2", "ref(Barn)", ""),
            ("famr", "text", ""),
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
