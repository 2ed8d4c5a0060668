//! What a client drops or fetches again: queries, with the arguments that are meant.

use ecow::EcoString;
use specql_model::{
    ActionId, Invalidation as Declared, Name, Strategy, Workspace, entity::graphql_name,
};
use specql_text::TextRange;

use crate::{
    Place,
    shape::{Object, Shape},
    unkept::Unkept,
};

/// A query that clients drop or fetch again.
#[derive(Debug, Clone, PartialEq)]
pub struct Invalidation {
    /// The query.
    pub query: EcoString,
    /// What a client does.
    pub strategy: Strategy,
    /// Which of its results are meant.
    pub scope: InvalidationScope,
    /// The arguments, in the spelling of GraphQL.
    pub arguments: Vec<(EcoString, InvalidationValue)>,
    /// The arguments whose values the audit may not keep.
    pub private: Vec<EcoString>,
    /// Why, as written.
    pub reason: Option<EcoString>,
    /// The entry, in the action's file.
    pub range: TextRange,
}

/// Which results of a query are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidationScope {
    /// Those with exactly these arguments.
    Exact,
    /// All whose name begins so.
    Prefix,
    /// All whose name fits a pattern.
    Pattern,
    /// All.
    All,
}

/// The value of an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvalidationValue {
    /// What the caller gave: `input.a.b` as `a`, `b`.
    Input(Vec<EcoString>, TextRange),
    /// A text.
    Text(EcoString),
    /// A number, `true`, `false` or `null`, as JSON writes it.
    Json(EcoString),
}

impl InvalidationScope {
    /// The word in `_cascade.invalidations`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "EXACT",
            Self::Prefix => "PREFIX",
            Self::Pattern => "PATTERN",
            Self::All => "ALL",
        }
    }
}

/// The invalidations that an action declares, also where it has no `_cascade` of its own: an action that
/// calls it has them in its own.
#[must_use]
pub fn declared_invalidations(workspace: &Workspace, id: ActionId) -> Vec<Invalidation> {
    Place::new(workspace, id).map(|it| invalidations(&it)).unwrap_or_default()
}

pub(crate) fn invalidations(place: &Place<'_>) -> Vec<Invalidation> {
    let declared = place.action.impact.iter().flat_map(|it| &it.cache_invalidations);
    let mut res: Vec<Invalidation> = declared.filter_map(invalidation).collect();
    if res.iter().any(has_inputs) {
        let unkept = Unkept::of(place);
        for it in &mut res {
            it.private = private(it, &unkept);
        }
    }
    rank(&mut res);
    res
}

fn has_inputs(it: &Invalidation) -> bool {
    it.arguments.iter().any(|it| matches!(it.1, InvalidationValue::Input(..)))
}

/// The arguments that stand for what the audit does not keep.
fn private(it: &Invalidation, unkept: &Unkept<'_, '_>) -> Vec<EcoString> {
    let is_private = |value: &InvalidationValue| match value {
        InvalidationValue::Input(path, range) => unkept.has(path, *range),
        InvalidationValue::Text(_) | InvalidationValue::Json(_) => false,
    };
    it.arguments.iter().filter(|it| is_private(&it.1)).map(|it| it.0.clone()).collect()
}

/// The order in which clients get them, which decides what is left out of too many: the exact ones first.
pub(crate) fn rank(all: &mut [Invalidation]) {
    all.sort_by_key(|it| it.scope as u8);
}

fn invalidation(it: &Declared) -> Option<Invalidation> {
    let written = it.scope.as_ref().map(|it| it.text.to_ascii_uppercase());
    let scope = match written.as_deref() {
        Some("EXACT") => InvalidationScope::Exact,
        Some("PREFIX") => InvalidationScope::Prefix,
        Some("PATTERN") => InvalidationScope::Pattern,
        Some("ALL") => InvalidationScope::All,
        _ if it.filter.is_empty() => InvalidationScope::Prefix,
        _ => InvalidationScope::Exact,
    };
    Some(Invalidation {
        query: it.query.as_ref()?.text.clone(),
        strategy: it.strategy.as_ref().and_then(|it| it.value).unwrap_or(Strategy::Invalidate),
        scope,
        arguments: it
            .filter
            .iter()
            .map(|(name, value)| (graphql_name(name.as_str()).into(), argument(value)))
            .collect(),
        private: Vec::new(),
        reason: it.reason.as_ref().map(|it| it.text.clone()),
        range: it.range,
    })
}

/// `input.x` and `$x` are what the caller gave; numbers, booleans and null are JSON; all else is text.
fn argument(value: &Name) -> InvalidationValue {
    let text = value.as_str();
    match text.strip_prefix("input.").or_else(|| text.strip_prefix('$')) {
        Some(path) => {
            InvalidationValue::Input(path.split('.').map(EcoString::from).collect(), value.range)
        }
        None if is_json_scalar(text) => InvalidationValue::Json(text.into()),
        None => InvalidationValue::Text(text.into()),
    }
}

fn is_json_scalar(text: &str) -> bool {
    matches!(text, "true" | "false" | "null") || is_json_number(text)
}

fn is_json_number(text: &str) -> bool {
    let digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let signless = |it: &str| digits(it.strip_prefix(['+', '-']).unwrap_or(it));
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(signless)
}

impl Invalidation {
    /// Whether neither clients nor the audit see a difference.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let shown = |it: &Self| {
            (it.query.clone(), it.strategy, it.scope, it.arguments.clone(), it.private.clone())
        };
        shown(self) == shown(other)
    }

    /// The object in `_cascade.invalidations`.
    #[must_use]
    pub fn shape(&self) -> Object {
        let mut res = Object::default();
        res.framework("queryName", Shape::Constant(self.query.clone()));
        res.framework("strategy", Shape::Constant(self.strategy.as_str().into()));
        res.framework("scope", Shape::Constant(self.scope.as_str().into()));
        if self.scope == InvalidationScope::Pattern {
            res.framework("queryPattern", Shape::Constant(self.query.clone()));
        }
        if !self.arguments.is_empty() {
            let mut arguments = Object::default();
            for (name, value) in &self.arguments {
                let shape = match value {
                    InvalidationValue::Text(it) => Shape::Constant(it.clone()),
                    InvalidationValue::Input(..) | InvalidationValue::Json(_) => Shape::Any,
                };
                arguments.framework(name, shape);
            }
            res.framework("arguments", arguments.into());
        }
        res
    }
}
