//! Names of fields and columns, in the spellings that authors use for them.

use specql_model::{Entity, Type};

/// Whether a name is a field or a column of an entity's table: a field in either spelling, a built-in
/// column, the identifier of a `ref` (`author_id`, `authorId`). Its own columns for keys have no name in steps.
pub(crate) fn is_column(entity: &Entity, name: &str) -> bool {
    // A type that is not known may be a `ref`.
    let may_refer = |it: &str| {
        let field = entity.field(it);
        field.is_some_and(|it| matches!(it.ty, Type::Ref(_) | Type::Unknown(_) | Type::Missing))
    };
    let target = name.strip_suffix("_id").or_else(|| name.strip_suffix("Id"));
    entity.column(name).is_some() || target.is_some_and(may_refer)
}
