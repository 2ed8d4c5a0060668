//! Parameters without a type: in their long form, or with parentheses that say none.

use specql_model::{
    Parameter, Type,
    keys::{PARAMETER, Visit},
    suggest,
};
use specql_syntax::{Name, yaml::Mapping};

use super::RULE;
use crate::{Context, Diagnostic, Level, context::did_you_mean};

/// Every parameter of the file that is written as a mapping and says no type.
pub(super) fn without_type(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    ctx.walk_keys(&mut |visit| {
        if let Visit::Mapping { spec, mapping, node } = visit
            && spec.name == PARAMETER.name
            && !ctx.is_damaged(node.range)
        {
            let named = mapping.get("name").and_then(|it| it.value.name());
            if let Some(name) = named.filter(|_| spec.keys.iter().any(|it| it.name == "name")) {
                acc.extend(of_item(ctx, mapping, &name));
            }
        }
    });
}

/// `who: ref()`, `tags: list()`.
pub(super) fn with_nothing_in(ctx: &Context<'_>, parameter: &Parameter) -> Option<Diagnostic> {
    let what = match &parameter.ty {
        Type::Ref(targets) if targets.is_empty() => {
            "is a reference to nothing, so no row could be meant; write the entity, as in `ref(User)`"
        }
        Type::List(item) if matches!(**item, Type::Missing) => {
            "is a list of nothing; write the type of its items, as in `list(text)`"
        }
        _ => return None,
    };
    if ctx.is_damaged(parameter.range) {
        return None;
    }
    let message = format!("`{}` {what}", parameter.name.text);
    Some(ctx.finding(&RULE, parameter.type_range, message))
}

fn of_item(ctx: &Context<'_>, mapping: &Mapping, name: &Name) -> Option<Diagnostic> {
    if mapping.get("type").is_some() {
        return None;
    }
    let is_known = |it: &str| it == "name" || PARAMETER.keys.iter().any(|key| key.name == it);
    let mut others = mapping.entries.iter().filter(|it| !is_known(&it.key.text));
    let misspelt = others.find(|it| suggest(&it.key.text, ["type"]).is_some());
    let what = format!("`{}` has no type, so what callers give is taken for text", name.text);
    Some(match misspelt {
        Some(entry) => {
            let message = format!("{what}{}", did_you_mean(Some("type")));
            let found = ctx.finding(&RULE, entry.key.range, message);
            found.fix(ctx.rename(&entry.key, "type"))
        }
        None => {
            let message = format!("{what}; write one, like `type: text` or `type: integer`");
            ctx.finding(&RULE, name.range, message).level(Level::Warning)
        }
    })
}
