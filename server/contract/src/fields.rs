//! The fields of an entity that have a column, so that rows and payloads have them.

use std::collections::HashSet;

use specql_model::{Entity, Field, Type, entity::BUILT_INS};

use crate::names::snake;

/// The fields with a column of their own, in the order of the file. One whose name a built-in column
/// or a field before it has is left out.
#[must_use]
pub fn kept_fields(entity: &Entity) -> Vec<&Field> {
    let mut taken: HashSet<String> = BUILT_INS.iter().map(|it| it.name.to_owned()).collect();
    taken.insert(primary_key(entity));
    let named = entity.fields.iter().filter(|it| !it.name.text.is_empty());
    named.filter(|it| taken.insert(column(it))).collect()
}

/// The column of the integer key.
pub(crate) fn primary_key(entity: &Entity) -> String {
    format!("pk_{}", snake(entity))
}

/// The column of a field: that of a reference holds the key of its row.
pub(crate) fn column(field: &Field) -> String {
    match field.ty {
        Type::Ref(_) => format!("fk_{}", field.name.text),
        _ => field.name.text.to_string(),
    }
}
