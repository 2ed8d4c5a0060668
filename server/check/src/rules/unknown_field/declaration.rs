//! A field whose declaration is misspelt: the actions of its entity never name it, and name something near it
//! again and again.
//!
//! It is reported where it is declared, and not at each place that names it.

use rustc_hash::{FxHashMap, FxHashSet};
use specql_model::{
    Entity, FileId, Name, Read, StepKind, Type, names::is_graphql_name, note, said_twice, suggest,
};
use specql_syntax::expression::{Expression, ExpressionKind};

use super::RULE;
use crate::{
    Context, Diagnostic,
    context::did_you_mean,
    enums::unquoted,
    names::{is_column, times},
    variables::given,
};

/// So often a name is said that no field has, before the declaration is taken for the slip.
const OFTEN: usize = 2;

pub(super) fn report(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(entity) = ctx.entity() else { return };
    // One that can be no name at all is said to be so.
    let found = of_entity(ctx, entity).into_iter().filter(|it| is_graphql_name(it.1));
    for (said, declared) in found {
        let Some(field) = entity.field(declared) else { continue };
        let message = format!(
            "the actions call this field `{said}`, so none of them reaches it{}",
            did_you_mean(Some(said))
        );
        let found = ctx.finding(&RULE, field.name.range, message);
        acc.push(found.fix(ctx.rename(&field.name, said)));
    }
}

/// The fields of a file's entity that are declared with a slip: the name that is said, and the declared one.
pub(crate) fn misdeclared<'a>(ctx: &Context<'a>, file: FileId) -> Vec<(&'a str, &'a str)> {
    let Some(entity) = ctx.workspace.file(file).and_then(|it| it.entity()) else {
        return Vec::new();
    };
    note(|| Read::Body(file));
    let mut res = of_entity(ctx, entity);
    // A field whose name can be none is said to be so, and is meant by the name without what is wrong.
    let names = entity.fields.iter().map(|it| it.name.as_str()).filter(|it| !is_graphql_name(it));
    let marks = |it: char| !it.is_ascii_alphanumeric() && it != '_';
    res.extend(names.map(|it| (said_twice(it).unwrap_or(it.trim_matches(marks)), it)));
    res
}

fn of_entity<'a>(ctx: &Context<'_>, entity: &'a Entity) -> Vec<(&'a str, &'a str)> {
    if !ctx.knows_fields(entity) {
        return Vec::new();
    }
    let said = said(entity);
    let unknown: Vec<(&str, usize)> =
        said.iter().filter(|it| !is_column(entity, it.0)).map(|it| (*it.0, *it.1)).collect();
    if unknown.is_empty() {
        return Vec::new();
    }
    let fields = entity.fields.iter().map(|it| it.name.as_str());
    let unsaid: Vec<&str> = fields.filter(|it| !said.contains_key(it)).collect();
    let pair = |(said, times): &(&'a str, usize)| {
        let declared = suggest(said, unsaid.iter().copied())?;
        // The beginning of a name that stands once is a name that is being typed.
        let is_half_typed = declared.starts_with(said);
        let is_meant = *times >= OFTEN || !is_half_typed && is_said_elsewhere(ctx, entity, said);
        is_meant.then_some((*said, declared))
    };
    let mut res: Vec<(&str, &str)> = unknown.iter().filter_map(pair).collect();
    res.sort_unstable();
    res
}

/// Whether another file that names the entity says the name as well.
fn is_said_elsewhere(ctx: &Context<'_>, entity: &Entity, said: &str) -> bool {
    let others = ctx.workspace.files_naming(entity.id).into_iter().filter(|it| *it != entity.id.0);
    others.into_iter().any(|file| {
        note(|| Read::Body(file));
        ctx.workspace.file(file).is_some_and(|it| times(it.text(), said) > 0)
    })
}

/// How often the actions of an entity say a name that can only be one of its fields.
fn said(entity: &Entity) -> FxHashMap<&str, usize> {
    let mut res: FxHashMap<&str, usize> = FxHashMap::default();
    for action in &entity.actions {
        let primary = action.impact.iter().filter_map(|it| it.primary.as_ref());
        let own =
            primary.filter(|it| it.entity.as_ref().is_none_or(|it| it.text == entity.name.text));
        let payload = action.cdc.iter().flat_map(|it| it.payload.iter().flatten());
        let listed = own.flat_map(|it| it.fields.iter().flatten()).chain(payload);
        listed.for_each(|it| *res.entry(it.as_str()).or_default() += 1);
        for step in &action.steps {
            step.walk(&mut |step| {
                if let Some(write) = step.write()
                    && write.entity.as_ref().is_none_or(|it| it.name.text == entity.name.text)
                {
                    let names = write.assignments.iter().map(|it| &it.field).chain(&write.columns);
                    names.for_each(|it| *res.entry(it.as_str()).or_default() += 1);
                    step.expressions(&mut |it| names_in(it, &mut res));
                }
                if let StepKind::Validate { condition, .. } | StepKind::If { condition, .. } =
                    &step.kind
                {
                    names_in(condition, &mut res);
                }
            });
        }
    }
    let others = names_of_others(entity);
    res.retain(|name, _| {
        let is_field = || entity.field(name).is_some();
        let is_word = name.starts_with(|it: char| it.is_ascii_lowercase());
        is_field() || (is_word && !others.contains(name))
    });
    res
}

/// What is no field: parameters, variables, values of enums, words with a meaning of their own.
fn names_of_others(entity: &Entity) -> FxHashSet<&str> {
    let mut res: FxHashSet<&str> = ["input", "old", "new", "caller"].into_iter().collect();
    for action in &entity.actions {
        res.extend(action.parameters.iter().map(|it| it.name.as_str()));
        for step in &action.steps {
            step.walk(&mut |step| res.extend(given(step).map(Name::as_str)));
        }
    }
    for field in &entity.fields {
        if let Type::Enum(values) = &field.ty {
            res.extend(values.iter().map(unquoted));
        }
    }
    res
}

/// The names that stand alone in an expression, or first in a path.
fn names_in<'e>(expression: &'e Expression, acc: &mut FxHashMap<&'e str, usize>) {
    expression.walk(&mut |it| {
        if let ExpressionKind::Path(path) = &it.kind
            && let Some(first) = path.first().filter(|_| !path.dollar)
        {
            *acc.entry(first.as_str()).or_default() += 1;
        }
    });
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn a_field_that_is_called_otherwise() {
        check_diagnostics(
            "
#- /book.yaml
entity: Book
fields:
  titel: text!
  #<^^^ 💡 error[unknown-field]: the actions call this field `title`, so none of them reaches it; did you mean `title`?
  copies: integer = 1
  shelf: text
actions:
  - name: add_book
    steps:
      - validate: title IS NOT NULL
      - insert: Book(title, copies)
    impact:
      primary: {entity: Book, operation: CREATE, fields: [title, copies]}
    cdc: {enabled: true, event_type: BookAdded, payload: [title]}
  - name: move_book
    steps:
      - update: Book SET shlef = 'a'
      #                  ^^^^^ 💡 error[unknown-field]
    impact:
      primary: {operation: UPDATE, fields: [shelf]}
#- /loan.yaml
entity: Loan
fields: {book: ref(Book)!}
actions:
  - name: lend
    steps:
      - validate: book.title <> ''
      #                ^^^^^ error[unknown-field]: `Book` declares `titel`, and its own actions call it `title`, as this does; mend the declaration
      - validate: book.title <> 'none'
      - insert: Loan(book)
    impact:
      primary: {entity: Loan, operation: CREATE, fields: [book]}
",
        );
    }

    #[test]
    fn a_name_that_is_being_typed_says_nothing_of_the_declaration() {
        check_diagnostics(
            "
#- /book.yaml
entity: Book
fields:
  title: text!
actions:
  - name: add_book
    steps:
      - validate: titl
      #           ^^^^ 💡 error[unknown-field]
#- /loan.yaml
entity: Loan
fields: {book: ref(Book)!}
actions:
  - name: lend
    steps:
      - validate: book.title <> ''
",
        );
    }

    #[test]
    fn a_part_of_a_word_elsewhere_is_not_the_name() {
        check_diagnostics(
            "
#- /fruit.yaml
entity: Fruit
fields: {name: text!, price: money!}
actions:
  - name: reprice
    steps:
      - update: Fruit SET price = 5
    impact:
      primary: {operation: UPDATE, fields: [price]}
    cdc: {enabled: true, event_type: FruitRepriced, payload: [ame, price]}
    #                                                         ^^^ 💡 error[unknown-payload-field]
#- /lot.yaml
entity: Lot
fields: {fruit: ref(Fruit)!}
actions:
  - name: look
    steps:
      - validate: fruit.name <> ''
",
        );
    }

    #[test]
    fn the_name_that_is_said() {
        check_fix(
            "entity: Book\nfields:\n  $0titel: text!  # the name\nactions:\n  - name: add\n    steps:\n      - \
             insert: Book(title)\n    impact:\n      primary: {operation: CREATE, fields: [title]}\n",
            "entity: Book\nfields:\n  title: text!  # the name\nactions:\n  - name: add\n    steps:\n      - \
             insert: Book(title)\n    impact:\n      primary: {operation: CREATE, fields: [title]}\n",
        );
    }
}
