//! The name of an entity for everybody outside of its schema: `__typename` of clients, the aggregate of
//! events, the trail of auditors, of which there is one namespace for all schemas.
//!
//! Invariant: an entity has its plain name unless it says `qualified: true` or an entity before it, in the
//! order of paths, has it; then its schema stands in front. So an entity that says it never changes its
//! name, whatever is added elsewhere.

use ecow::{EcoString, eco_format};
use heck::{ToSnakeCase, ToUpperCamelCase};

use super::{Workspace, resolve::fold};
use crate::{Entity, EntityId};

impl Workspace {
    /// `Post`, or `NewsPost` of the schema `news`.
    #[must_use]
    pub fn type_name(&self, entity: &Entity) -> EcoString {
        if entity.qualified || self.owner_of_plain_name(entity).is_some() {
            eco_format!("{}{}", entity.schema_name().to_upper_camel_case(), entity.name.text)
        } else {
            entity.name.text.clone()
        }
    }

    /// The same for an id; empty when nothing has it. Depends on names, not on what the entity declares.
    #[must_use]
    pub fn type_name_of(&self, id: EntityId) -> EcoString {
        let entity = self.files.get(id.0).and_then(|it| it.entity());
        entity.map(|it| self.type_name(it)).unwrap_or_default()
    }

    /// The entity of another schema that has the plain name, because it comes first in the order of paths.
    #[must_use]
    pub fn owner_of_plain_name(&self, entity: &Entity) -> Option<&Entity> {
        let same = self.folded(fold(&entity.name.text));
        same.take_while(|it| it.id != entity.id).find(|it| {
            !it.qualified
                && !it.name.text.is_empty()
                && it.schema_name() != entity.schema_name()
                && it.snake_name() == entity.snake_name()
        })
    }

    /// Another entity before it, in the order of paths, that has its [type name](Self::type_name): two
    /// schemas and names can be put together to one.
    #[must_use]
    pub fn rival_of_type_name(&self, entity: &Entity) -> Option<&Entity> {
        let own = type_stem(&self.type_name(entity));
        let words: Vec<&str> = own.split('_').collect();
        let suffixes = (0..words.len()).filter_map(|it| Some(words.get(it..)?.join("_")));
        let alike = suffixes.flat_map(|it| self.folded(fold(&it)).collect::<Vec<_>>());
        let rivals = alike.filter(|it| {
            it.id != entity.id
                && !it.name.text.is_empty()
                && self.order_of(it.id) < self.order_of(entity.id)
                && type_stem(&self.type_name(it)) == own
        });
        rivals.min_by(|left, right| self.order_of(left.id).cmp(&self.order_of(right.id)))
    }

    fn order_of(&self, id: EntityId) -> (Option<&str>, EntityId) {
        (self.path(id.0), id)
    }
}

/// A type name as a part of names in SQL: `news_post`.
#[must_use]
pub fn type_stem(type_name: &str) -> String {
    type_name.to_snake_case()
}
