//! The names of generated objects. They are the design's; none is ever cut to fit.

use specql_model::{Action, Entity};

use crate::sql::{Ident, Qualified};

/// The schema of everything that belongs to no entity.
pub(crate) const APP: &str = "app";

/// `BlogPost` in snake_case: `blog_post`.
pub(crate) fn snake(entity: &Entity) -> String {
    entity.snake_name()
}

/// `blog.tb_post`.
pub(crate) fn table(entity: &Entity) -> Qualified {
    Qualified::new(entity.schema_name(), format!("tb_{}", snake(entity)))
}

/// `blog.tv_post`.
pub(crate) fn read_model(entity: &Entity) -> Qualified {
    Qualified::new(entity.schema_name(), format!("tv_{}", snake(entity)))
}

/// `blog.refresh_tv_post`.
pub(crate) fn refresh(entity: &Entity) -> Qualified {
    Qualified::new(entity.schema_name(), format!("refresh_tv_{}", snake(entity)))
}

/// `pk_post`.
pub(crate) fn primary_key(entity: &Entity) -> Ident {
    Ident::new(format!("pk_{}", snake(entity)))
}

/// `fk_author`.
pub(crate) fn foreign_key(field: &str) -> Ident {
    Ident::new(format!("fk_{field}"))
}

/// `blog.fn_create_post`.
pub(crate) fn function(entity: &Entity, action: &Action) -> Qualified {
    Qualified::new(entity.schema_name(), format!("fn_{}", action.name.text))
}

/// `app.audit_post`.
pub(crate) fn audit_table(entity: &Entity) -> Qualified {
    Qualified::new(APP, format!("audit_{}", snake(entity)))
}

/// `app.get_post_audit_history` with a suffix.
pub(crate) fn history(entity: &Entity, suffix: &str) -> Qualified {
    Qualified::new(APP, format!("get_{}_audit_{suffix}", snake(entity)))
}
