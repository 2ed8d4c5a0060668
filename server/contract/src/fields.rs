//! The fields of an entity that have a column, so that rows and payloads have them.

use ecow::{EcoString, eco_format};
use rustc_hash::FxHashSet;
use specql_model::{Entity, Field, entity::BUILT_INS};

/// The fields with a column of their own, in the order of the file. One whose name a built-in column
/// or a field before it has is left out.
#[must_use]
pub fn kept_fields(entity: &Entity) -> Vec<&Field> {
    let mut taken = FxHashSet::default();
    taken.insert(primary_key(entity));
    let is_built_in = |name: &str| BUILT_INS.iter().any(|it| it.name == name);
    let named = entity.fields.iter().filter(|it| !it.name.text.is_empty());
    named
        .filter(|it| {
            let column = it.table_column();
            !is_built_in(&column) && taken.insert(column.into())
        })
        .collect()
}

/// The column of the integer key.
pub(crate) fn primary_key(entity: &Entity) -> EcoString {
    eco_format!("pk_{}", entity.snake_name())
}
