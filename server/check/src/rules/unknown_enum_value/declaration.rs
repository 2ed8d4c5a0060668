//! A value of an enum whose declaration is misspelt: the file never says it, and says something near it again and
//! again.
//!
//! It is reported where it is declared, and not at each place that says it.

use rustc_hash::FxHashMap;
use specql_model::{Name, names::is_word};
use specql_text::TextRange;

use super::RULE;
use crate::{Context, Diagnostic, Fix, context::did_you_mean, enums::unquoted, names::times};

/// So often a value is said that the enum does not have, before the declaration is taken for the slip.
const OFTEN: usize = 2;

/// What points at the places that say the value.
pub(crate) const SAID: &str = "said here";

/// Puts one finding in the place of those that follow from such a value.
pub(super) fn report(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let mut uses: FxHashMap<(TextRange, String), Vec<TextRange>> = FxHashMap::default();
    for it in acc.iter().filter(|it| it.code == RULE.code) {
        if let Some(key) = declared(ctx, it) {
            uses.entry(key).or_default().push(it.range);
        }
    }
    uses.retain(|(value, _), places| {
        places.len() >= OFTEN && times(ctx.file.text(), ctx.slice(*value)) == 1
    });
    for ((value, said), places) in &uses {
        let message = format!(
            "the file says `{said}` for this value, so none of it holds{}",
            did_you_mean(Some(said))
        );
        let edits = ctx.write_part(*value, said);
        let found = ctx.finding(&RULE, *value, message);
        let found = found.fix(Fix::review(format!("Change to `{said}`"), ctx.id(), edits));
        acc.retain(|it| it.code != RULE.code || !places.contains(&it.range));
        let related = |found: Diagnostic, it: &TextRange| found.related(ctx.id(), *it, SAID);
        acc.push(places.iter().fold(found, related));
    }
}

/// The value of an enum of this file that a finding proposes, and what stands in its place.
fn declared(ctx: &Context<'_>, it: &Diagnostic) -> Option<(TextRange, String)> {
    let of = it.related.iter().find(|by| by.file == ctx.id())?.range;
    let fields = ctx.entity()?.fields.iter().filter_map(|it| it.ty.enum_values());
    let mut values = fields.flatten().filter(|value| of.contains_range(value.range));
    let proposal = it.fixes.first()?.edits.first()?.edit.text.trim_matches(['"', '\'']).to_owned();
    let value: &Name = values.find(|value| unquoted(value) == proposal)?;
    let said = ctx.slice(it.range).trim_matches(['"', '\'']);
    is_word(said).then(|| (value.range, said.to_owned()))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn a_value_that_is_called_otherwise() {
        check_diagnostics(
            "
entity: Grower
fields:
  status: enum(appled, active, left) = applied
  #            ^^^^^^ 💡 error[unknown-enum-value]: the file says `applied` for this value, so none of it holds; did you mean `applied`?
  rank: enum(low, hihg) = low
actions:
  - name: admit
    steps:
      - validate: status = 'applied' AND rank = 'high'
      #                                         ^^^^^^ 💡 error[unknown-enum-value]
      - update: Grower SET status = 'active'
    impact:
      primary: {operation: UPDATE, fields: [status]}
      cache_invalidations:
        - {query: growers, filter: {status: applied}, strategy: REFETCH}
  - name: leave
    steps:
      - update: Grower SET status = 'left'
    impact:
      primary: {operation: UPDATE, fields: [status]}
",
        );
    }

    #[test]
    fn a_value_that_the_file_says_is_right() {
        check_diagnostics(
            "
entity: Grower
fields: {status: 'enum(applied, left)'}
actions:
  - name: admit
    steps:
      - validate: status = 'aplied'
      #                    ^^^^^^^^ 💡 error[unknown-enum-value]
      - validate: status <> 'aplied' OR status = 'applied'
      #                     ^^^^^^^^ 💡 error[unknown-enum-value]
",
        );
    }

    #[test]
    fn the_value_that_is_said() {
        let before = "entity: A\nfields:\n  s: enum($0opne, shut) = open\nactions:\n  - name: look\n    steps:\n      - \
                      validate: s = 'open'\n";
        check_fix(before, &before.replace("$0opne", "open"));
    }
}
