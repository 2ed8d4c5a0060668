//! `Status.draft`: a value of an enum behind the name of its field, as other languages have it.

use specql_model::{Entity, suggest};
use specql_syntax::expression::Path;

use super::RULE;
use crate::{Context, Diagnostic, Fix, enums::unquoted};

/// What is said of a path that begins with no column, but nearly with one whose value it ends with.
pub(super) fn value(ctx: &Context<'_>, entities: &[&Entity], path: &Path) -> Option<Diagnostic> {
    let [.., ty, value] = path.segments.as_slice() else { return None };
    let is_it = |entity: &&Entity| {
        let name = suggest(&ty.text, entity.column_names());
        let values = name.and_then(|it| entity.field(it)?.ty.enum_values());
        values.is_some_and(|it| it.iter().any(|it| unquoted(it) == value.text))
    };
    entities.iter().copied().find(is_it)?;
    let range = path.first()?.range.cover(value.range);
    let better = format!("'{}'", value.text);
    let message = format!(
        "`{}` is no field, so the action would fail; a value of an enum is a text, so write `{better}`",
        path.text()
    );
    let edits = ctx.write_part(range, &better);
    let fix = Fix::review(format!("Write `{better}`"), ctx.id(), edits);
    Some(ctx.finding(&RULE, range, message).fix(fix))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    const HEAD: &str = "entity: Post\nfields: {title: text, status: 'enum(draft, live)'}\nactions:\n  - name: look\n    steps:\n";

    #[test]
    fn a_value_behind_its_type() {
        check_diagnostics(&format!(
            "{HEAD}      - validate: status = Status.draft
      #                    ^^^^^^^^^^^^ 💡 error[unknown-field]: `Status.draft` is no field, so the action would fail; a value of an enum is a text, so write `'draft'`
      - validate: status <> Status.gone
      #                     ^^^^^^ 💡 error[unknown-field]
"
        ));
    }

    #[test]
    fn the_value_alone() {
        let before = format!("{HEAD}      - validate: status = $0Status.draft\n");
        check_fix(&before, &before.replace("$0Status.draft", "'draft'"));
    }
}
