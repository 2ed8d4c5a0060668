//! A name that several schemas have: which entity is meant is not said.
//!
//! Two files that declare one entity in one schema are `duplicate-entity` and not reported here.

use specql_model::{Entity, Resolution};
use specql_text::TextEdit;

use crate::{Context, Diagnostic, Fix, Level, Rule, context::listed};

pub(crate) const RULE: Rule = Rule {
    code: "ambiguous-entity",
    level: Level::Error,
    summary: "a name that several schemas have",
    run: ambiguous_entity,
    page: include_str!("../../../../docs/rules/ambiguous-entity.md"),
};

fn ambiguous_entity(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for reference in ctx.references() {
        let Resolution::Ambiguous(candidates) = &reference.leads_to else { continue };
        let mut found: Vec<&Entity> =
            candidates.iter().filter_map(|it| Some(ctx.workspace.entity(*it)?.as_ref())).collect();
        found.dedup_by_key(|it| it.schema_name().to_owned());
        if found.len() < 2 || reference.to.schema.is_some() {
            continue;
        }
        let name = &reference.to.name;
        let message = format!(
            "the schemas {} have an entity `{}` each, {}; write the schema before it",
            listed(found.iter().map(|it| it.schema_name())),
            name.text,
            reference.why
        );
        let mut finding = ctx.finding(&RULE, name.range, message);
        for it in found {
            let schema = it.schema_name();
            let edit = TextEdit::insert(name.range.start(), format!("{schema}."));
            finding = finding
                .related(it.id.0, it.name.range, format!("in `{schema}`"))
                .fix(Fix::review(format!("Write `{schema}.{}`", name.text), ctx.id(), vec![edit]));
        }
        acc.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix, check_nth_fix};

    const CONTACTS: &str = "
#- /a.yaml
entity: Contact
schema: crm
#- /b.yaml
entity: Contact
#       ^^^^^^^ warning[name-collision]
schema: sales
";

    #[test]
    fn a_name_of_two_schemas() {
        check_diagnostics(&format!(
            "{CONTACTS}\
#- /order.yaml
entity: Order
schema: shop
fields:
  contact: ref(Contact)
  #            ^^^^^^^ 💡 error[ambiguous-entity]: the schemas `crm` and `sales` have an entity `Contact` each, so the reference leads nowhere; write the schema before it
  seller: ref(sales.Contact)
#- /lead.yaml
entity: Lead
schema: crm
fields:
  contact: ref(Contact)
"
        ));
    }

    #[test]
    fn one_fix_for_each_schema() {
        let before = format!(
            "{CONTACTS}#- /order.yaml\nentity: Order\nschema: shop\nfields:\n  contact: ref($0Contact)!\n"
        );
        let after = |schema: &str| {
            format!("entity: Order\nschema: shop\nfields:\n  contact: ref({schema}.Contact)!\n")
        };
        check_fix(&before, &after("crm"));
        check_nth_fix(1, &before, &after("sales"));
    }
}
