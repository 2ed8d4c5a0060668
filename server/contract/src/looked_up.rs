//! References whose rows a step looks up while it runs: their ids come out of JSON, from items of lists, from
//! inputs that nothing declares, or from parameters that are no reference themselves. One that leads nowhere is a failure, as it is for a declared input.

use ecow::{EcoString, eco_format};
use specql_model::{
    Entity, Field, Name, PathResolution, Scope, Type,
    expression::{Expression, ExpressionKind},
    scope::Held,
};

/// The `ref` field whose row an assignment names by such an id.
#[must_use]
pub fn looked_up<'e>(
    scope: &Scope<'_>,
    entity: &'e Entity,
    field: &Name,
    value: &Expression,
) -> Option<&'e Field> {
    let field = entity.field(&field.text)?;
    let is_one = matches!(&field.ty, Type::Ref(targets) if targets.len() == 1);
    let ExpressionKind::Path(path) = &value.kind else { return None };
    let named = match scope.resolve(path) {
        PathResolution::Opaque => true,
        PathResolution::Input { name, path: None } => !name.is_empty(),
        PathResolution::Parameter(parameter) => !matches!(parameter.ty, Type::Ref(_)),
        PathResolution::Variable { variable, path: None } => {
            matches!(variable.holds, Held::Item(..) | Held::Result | Held::Unknown)
        }
        _ => false,
    };
    (is_one && named).then_some(field)
}

/// What a caller is told of a reference that leads nowhere.
#[must_use]
pub fn not_found_message(name: &str) -> EcoString {
    eco_format!("{name} not found")
}
