//! Declarations of parameters, for fixes that name an input.

use specql_model::{ActionId, entity::graphql_name, names::snake_case};
use specql_syntax::edit::Value;
use specql_text::TextEdit;

use crate::{Context, Fix};

/// The fix that declares a parameter for an input that nothing declares.
pub(crate) fn declared(ctx: &Context<'_>, id: ActionId, input: &str, ty: &str) -> Option<Fix> {
    let name = snake_case(input);
    let is_name = name.starts_with(|it: char| it.is_ascii_lowercase())
        && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
    if !is_name || graphql_name(&name) != graphql_name(input) {
        return None;
    }
    let edits = declare(ctx, id, &name, ty);
    Some(Fix::review(format!("Declare `{name}: {ty}` under `params`"), ctx.id(), edits))
}

/// Declares a parameter of an action, unless there is one of that name; nothing where they are written
/// in a form that is not understood.
pub(crate) fn declare(ctx: &Context<'_>, id: ActionId, name: &str, ty: &str) -> Vec<TextEdit> {
    let action = ctx.workspace.action(id);
    let Some(node) = ctx.action_node(id) else { return Vec::new() };
    if action.is_none_or(|it| it.parameters.iter().any(|it| it.name.text == name)) {
        return Vec::new();
    }
    let written = ["params", "parameters", "inputs"].into_iter().find_map(|it| node.get(it));
    let value = Value::Scalar(ty.to_owned());
    match written {
        Some(block) if block.as_mapping().is_some() => ctx.insert_entry(block, "", name, &value),
        Some(_) => Vec::new(),
        None => {
            let after = if node.get("description").is_some() { "description" } else { "name" };
            let block = Value::Mapping(vec![(name.to_owned(), value)]);
            ctx.insert_entry(node, after, "params", &block)
        }
    }
}
