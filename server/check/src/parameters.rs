//! Declarations of parameters, for fixes that name an input.

use specql_model::ActionId;
use specql_syntax::edit::Value;
use specql_text::TextEdit;

use crate::Context;

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
