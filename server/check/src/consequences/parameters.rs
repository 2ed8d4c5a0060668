//! Parameters that no step reads because of a mistake that is told: a misspelt name, a name in quotes, one that
//! nothing can have.

use rustc_hash::FxHashSet;
use specql_model::said_twice;
use specql_text::TextRange;

use super::{action_around, of_code, proposed, ranges};
use crate::{
    Context, Diagnostic,
    rules::{self, unknown_field, unknown_variable},
};

/// Those of a file.
pub(super) struct Parameters<'a> {
    /// Where they are declared.
    declared: FxHashSet<TextRange>,
    /// Their names.
    quoted: FxHashSet<&'a str>,
}

impl<'a> Parameters<'a> {
    pub(super) fn of(ctx: &Context<'a>, found: &[Diagnostic]) -> Self {
        let mut declared = meant_parameters(ctx, found);
        declared.extend(ranges(found, rules::invalid_name::RULE.code));
        let mismatches = of_code(found, rules::type_mismatch::RULE.code);
        let quoted = mismatches.filter_map(|it| quoted_parameter(ctx.slice(it.range)));
        Self { declared, quoted: quoted.collect() }
    }

    /// Whether a finding says of one of them that nothing reads it, or of its name that nothing has it.
    pub(super) fn explains(&self, ctx: &Context<'_>, it: &Diagnostic) -> bool {
        match it.code {
            "unused-parameter" => {
                self.declared.contains(&it.range) || self.quoted.contains(ctx.slice(it.range))
            }
            "unknown-variable" if !self.declared.is_empty() => {
                let name = ctx.slice(it.range).rsplit(['.', '$']).next();
                let action = action_around(ctx, it.range);
                let mut twice = action.into_iter().flat_map(|it| &it.parameters);
                twice.any(|it| said_twice(&it.name.text) == name)
            }
            _ => false,
        }
    }
}

/// Parameters that a misspelt name stands for: it reads them.
fn meant_parameters(ctx: &Context<'_>, found: &[Diagnostic]) -> FxHashSet<TextRange> {
    let names = [unknown_variable::RULE.code, unknown_field::RULE.code];
    let misspelt = found.iter().filter(|it| names.contains(&it.code));
    let parameter = |it: &Diagnostic| {
        let (name, action) = (proposed(it)?, action_around(ctx, it.range)?);
        let parameter = action.parameters.iter().find(|it| it.name.text == name)?;
        Some(parameter.name.range)
    };
    misspelt.filter_map(parameter).collect()
}

/// The name in `'$count'`.
pub(crate) fn quoted_parameter(literal: &str) -> Option<&str> {
    let inner = literal.strip_prefix('\'')?.strip_suffix('\'')?.strip_prefix('$')?;
    inner.chars().all(|it| it.is_alphanumeric() || it == '_').then_some(inner)
}
