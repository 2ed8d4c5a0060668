//! The names of generated objects. They are the design's; none that anybody writes is ever cut to fit.

use specql_model::{Action, Entity, Workspace, type_stem};

use crate::sql::{Ident, MAX_IDENT_BYTES, Qualified};

/// The schema of everything that belongs to no entity.
pub(crate) const APP: &str = "app";

/// `blog.tb_post`.
pub(crate) fn table(entity: &Entity) -> Qualified {
    Qualified::new(entity.schema_name(), entity.table_name())
}

/// `blog.tv_post`.
pub(crate) fn read_model(entity: &Entity) -> Qualified {
    Qualified::new(entity.schema_name(), format!("tv_{}", entity.snake_name()))
}

/// `blog.image_post`: the rows of an entity as they stand.
pub(crate) fn image(entity: &Entity) -> Qualified {
    Qualified::new(entity.schema_name(), format!("image_{}", entity.snake_name()))
}

/// `blog.do_create_post`: the steps of an action.
pub(crate) fn steps_function(entity: &Entity, action: &Action) -> Qualified {
    Qualified::new(entity.schema_name(), format!("do_{}", action.name.text))
}

/// `blog.spec_create_post`: what does not depend on the call.
pub(crate) fn spec_function(entity: &Entity, action: &Action) -> Qualified {
    Qualified::new(entity.schema_name(), format!("spec_{}", action.name.text))
}

/// `blog.given_create_post`: parts of events that lie behind references.
pub(crate) fn given_function(entity: &Entity, action: &Action) -> Qualified {
    Qualified::new(entity.schema_name(), format!("given_{}", action.name.text))
}

/// `blog.refresh_tv_post`.
pub(crate) fn refresh(entity: &Entity) -> Qualified {
    Qualified::new(entity.schema_name(), format!("refresh_tv_{}", entity.snake_name()))
}

/// `pk_post`.
pub(crate) fn primary_key(entity: &Entity) -> Ident {
    Ident::new(format!("pk_{}", entity.snake_name()))
}

/// `fk_author`.
pub(crate) fn foreign_key(field: &str) -> Ident {
    Ident::new(format!("fk_{field}"))
}

/// `idx_tb_post_fk_blog$slug`: of columns by which a statement finds its rows. `$` stands in no name of a column, so two
/// lists of columns have two names. Nobody writes this one, so where it would be cut its end is a digest.
pub(crate) fn index(entity: &Entity, columns: &[&str]) -> Ident {
    let columns = columns.join("$");
    let name = format!("idx_{}_{columns}", table(entity).name.as_str());
    if name.len() <= MAX_IDENT_BYTES {
        return Ident::new(name);
    }
    let digest = columns.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |it, byte| {
        (it ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let digest = format!("${digest:016x}");
    let limit = MAX_IDENT_BYTES - digest.len();
    let end = (0..=limit).rev().find(|it| name.is_char_boundary(*it)).unwrap_or_default();
    Ident::new(format!("{}{digest}", name.get(..end).unwrap_or_default()))
}

/// `blog.fn_create_post`.
pub(crate) fn function(entity: &Entity, action: &Action) -> Qualified {
    Qualified::new(entity.schema_name(), format!("fn_{}", action.name.text))
}

/// `app.audit_post`: of two entities of one name the schema tells apart which is which.
pub(crate) fn audit_table(workspace: &Workspace, entity: &Entity) -> Qualified {
    Qualified::new(APP, format!("audit_{}", trail(workspace, entity)))
}

/// `app.get_post_audit_history` with a suffix.
pub(crate) fn history(workspace: &Workspace, entity: &Entity, suffix: &str) -> Qualified {
    Qualified::new(APP, format!("get_{}_audit_{suffix}", trail(workspace, entity)))
}

/// The entity's part of the names in `app`, which all schemas share.
fn trail(workspace: &Workspace, entity: &Entity) -> String {
    type_stem(&workspace.type_name(entity))
}
