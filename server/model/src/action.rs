//! Actions as declared in one file.

use ecow::EcoString;
use specql_syntax::{Name, statement::LineProblem};
use specql_text::TextRange;
use thin_vec::ThinVec;

use crate::{
    Bounds, Cascade, Cdc, Default, EntityId, Field, Impact, Step, StepKind, Type,
    entity::is_graphql_name,
};

/// An action: its entity and its place in the entity's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ActionId {
    /// The entity whose file declares it.
    pub entity: EntityId,
    /// Its index in [`crate::Entity::actions`].
    pub index: u32,
}

/// An action.
#[derive(Debug, Clone)]
pub struct Action {
    /// The name; empty, with the range of the item, while it is not typed yet.
    pub name: Name,
    /// The list item.
    pub range: TextRange,
    /// The description.
    pub description: Option<Name>,
    /// `requires`: the permission, as written.
    pub requires: Option<Name>,
    /// `params`, `parameters` or `inputs`.
    pub parameters: ThinVec<Parameter>,
    /// The name in `returns` that can be an entity's: `lib.Book` of `list(lib.Book)!`. Types of GraphQL stand
    /// there as well.
    pub returns: Option<Name>,
    /// The steps.
    pub steps: ThinVec<Step>,
    /// The key `steps`.
    pub steps_key: Option<TextRange>,
    /// `impact`, or `impacts` in one of its older shapes, read as `impact`.
    pub impact: Option<Box<Impact>>,
    /// `cascade`.
    pub cascade: Option<Box<Cascade>>,
    /// `cdc`.
    pub cdc: Option<Box<Cdc>>,
    /// `pattern`: the library pattern whose expansion makes the steps; the checker does not see them.
    pub pattern: Option<Name>,
}

impl Action {
    /// The parameter with a name, spelled as declared or as in GraphQL.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|it| it.is_called(name))
    }

    /// The step at a range.
    #[must_use]
    pub fn step_at(&self, range: TextRange) -> Option<&Step> {
        let mut res = None;
        for step in &self.steps {
            step.walk(&mut |it| {
                if it.range == range {
                    res = Some(it);
                }
            });
        }
        res
    }

    /// Whether the step at a range stands inside of a loop.
    #[must_use]
    pub fn is_in_loop(&self, step: TextRange) -> bool {
        let mut found = false;
        for top in &self.steps {
            top.walk(&mut |it| {
                let is_loop = matches!(it.kind, StepKind::ForEach { .. });
                found |= is_loop && it.range != step && it.range.contains_range(step);
            });
        }
        found
    }

    /// The parameter that an argument of a call is for: by its name, else by its place.
    #[must_use]
    pub fn parameter_of(&self, place: usize, name: Option<&Name>) -> Option<&Parameter> {
        match name {
            Some(name) => self.parameters.iter().find(|it| it.name.text == name.text),
            None => self.parameters.get(place),
        }
    }
}

impl Parameter {
    /// Without it the action fails: it is required, and no default stands for it.
    #[must_use]
    pub const fn is_needed(&self) -> bool {
        self.required && self.default.is_none()
    }

    /// Whether it has a value in every run: the caller's, or the default.
    #[must_use]
    pub const fn is_sure(&self) -> bool {
        self.required || self.default.is_some()
    }

    /// A field that takes the same values.
    #[must_use]
    pub fn as_field(&self) -> Field {
        Field {
            name: self.name.clone(),
            range: self.range,
            ty: self.ty.clone(),
            type_range: self.type_range,
            nullable: !self.required,
            default: self.default.clone(),
            unique: false,
            description: self.description.clone(),
            lost_nullability: None,
            parameters: self.limits.clone(),
            bounds: self.bounds.clone(),
            was: None,
            problems: self.problems.clone(),
        }
    }

    /// Whether a name is the parameter's, spelled as declared or as in GraphQL.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.name.text == name || is_graphql_name(name, &self.name.text)
    }
}

/// A declared parameter of an action.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// The name.
    pub name: Name,
    /// From the name to the end of its value.
    pub range: TextRange,
    /// The type.
    pub ty: Type,
    /// Where the type is written; the range of the name when it is not.
    pub type_range: TextRange,
    /// A value has to be given.
    pub required: bool,
    /// The default.
    pub default: Option<Box<Default>>,
    /// What stands in parentheses behind the type's name: the length of `text(50)`.
    pub limits: ThinVec<Name>,
    /// `min` and `max` of the long form.
    pub bounds: Bounds,
    /// The description.
    pub description: Option<EcoString>,
    /// What cannot be read in the type's one-line language.
    pub problems: ThinVec<LineProblem>,
}
