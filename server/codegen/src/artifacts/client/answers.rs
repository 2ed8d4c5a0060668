//! What each action answers, by its contract: the entity, the collections, and which rows its cascade can
//! list.

use heck::ToUpperCamelCase;
use specql_contract::{Cascade, CascadeEntry, Collection, Contract, Outcome};
use specql_model::Operation;

use super::{
    names::{Names, typename},
    typescript::{comment, either},
};
use crate::{
    artifacts::typescript::{literal, member_name},
    catalog::Catalog,
};

/// An interface for each action, and the list of them.
pub(super) fn answers(catalog: Catalog<'_>, names: &mut Names) -> String {
    let mut res = String::new();
    let mut listed: Vec<(String, String)> = Vec::new();
    for contract in catalog.contracts() {
        let Some((entity, action)) = catalog.action(contract.action) else { continue };
        let name = names.free(&format!("{}Answer", contract.name.to_upper_camel_case()), "_");
        let schema = entity.schema_name();
        let mut key = format!("{schema}.{}", contract.name);
        if listed.iter().any(|it| it.0 == key) {
            key = format!("{schema}.{}.{}", entity.name.text, contract.name);
        }
        if listed.iter().any(|it| it.0 == key) {
            continue;
        }
        let description = action.description.as_ref().map(|it| format!(": {}", it.text));
        let codes: Vec<String> =
            contract.failures.iter().map(|it| format!("`{}`", it.code)).collect();
        let mut said = format!("`{key}`{}", description.unwrap_or_default());
        if !codes.is_empty() {
            said.push_str(&format!(
                " (fails with {})",
                either(codes.into_iter(), "").replace(" | ", ", ")
            ));
        }
        res.push('\n');
        res.push_str(&comment("", &said));
        res.push_str(&answer(catalog, names, contract, &name));
        listed.push((key, name));
    }
    res.push_str("\n/** The answers of all actions. */\nexport interface Actions {\n");
    for (action, name) in listed {
        res.push_str(&format!("  {}: {name};\n", literal(&action)));
    }
    res + "}\n"
}

fn answer(catalog: Catalog<'_>, names: &Names, contract: &Contract, name: &str) -> String {
    let mut res = format!("export interface {name} extends Answer {{\n");
    res.push_str(&format!("  object_data: {} | null;\n", object(names, contract)));
    res.push_str("  extra_metadata: {\n    [member: string]: unknown;\n    _meta?: Impact;\n");
    if let Some(it) = &contract.cascade {
        res.push_str(&cascade(catalog, names, it));
    }
    let mut seen: Vec<&str> = vec!["_meta", "_cascade"];
    for it in &contract.answer.collections {
        if !seen.contains(&it.name.as_str()) {
            seen.push(&it.name);
            res.push_str(&format!(
                "    {}?: {}[];\n",
                member_name(&it.name),
                item(catalog, names, it)
            ));
        }
    }
    res + "  } | null;\n}\n"
}

/// The primary entity, with the related ones that stand in it whole.
fn object(names: &Names, contract: &Contract) -> String {
    let own = names.entity(contract.primary);
    let relations = &contract.answer.relations;
    if relations.is_empty() {
        return own.to_owned();
    }
    let without = either(relations.iter().map(|it| literal(&it.name)), "never");
    let members = relations.iter().map(|it| {
        let member = contract.answer.object.member(&it.name);
        let nullable = member.is_some_and(|it| it.shape != *it.shape.not_null());
        let null = if nullable { " | null" } else { "" };
        format!("{}: {}{null}", member_name(&it.name), names.entity(it.target))
    });
    let members: Vec<String> = members.collect();
    format!("(Omit<{own}, {without}> & {{ {} }})", members.join("; "))
}

fn item(catalog: Catalog<'_>, names: &Names, it: &Collection) -> String {
    match it.operation {
        Operation::Delete => format!("Reference<{}>", typename(catalog, it.entity)),
        _ => names.entity(it.entity).to_owned(),
    }
}

fn cascade(catalog: Catalog<'_>, names: &Names, it: &Cascade) -> String {
    let entry = |entry: &CascadeEntry| {
        let typename = typename(catalog, entry.entity);
        match entry.outcome {
            Outcome::Deleted => format!("Deleted<{typename}>"),
            outcome => {
                let row = if it.full_data {
                    names.entity(entry.entity).to_owned()
                } else {
                    format!("Reference<{typename}>")
                };
                format!("Changed<{typename}, {}, {row}>", literal(outcome.as_str()))
            }
        }
    };
    let of = |deleted: bool| {
        let entries = it.entries.iter().filter(|it| (it.outcome == Outcome::Deleted) == deleted);
        either(entries.map(entry), "never")
    };
    format!("    _cascade?: Cascade<{}, {}>;\n", of(false), of(true))
}
