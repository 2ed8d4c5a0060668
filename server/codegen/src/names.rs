//! The names of generated objects. They are the design's; none is ever cut to fit.

use specql_model::{Action, Entity, type_stem};

use crate::{
    catalog::Catalog,
    sql::{Ident, Qualified},
};

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

/// `blog.image_post`: the rows of an entity as they stand.
pub(crate) fn image(entity: &Entity) -> Qualified {
    Qualified::new(entity.schema_name(), format!("image_{}", snake(entity)))
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

/// `app.audit_post`: of two entities of one name the schema tells apart which is which.
pub(crate) fn audit_table(catalog: Catalog<'_>, entity: &Entity) -> Qualified {
    Qualified::new(APP, format!("audit_{}", trail(catalog, entity)))
}

/// `app.get_post_audit_history` with a suffix.
pub(crate) fn history(catalog: Catalog<'_>, entity: &Entity, suffix: &str) -> Qualified {
    Qualified::new(APP, format!("get_{}_audit_{suffix}", trail(catalog, entity)))
}

/// The entity's part of the names in `app`, which all schemas share.
fn trail(catalog: Catalog<'_>, entity: &Entity) -> String {
    type_stem(&catalog.type_name(entity))
}
