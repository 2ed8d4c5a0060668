//! An event type that says another operation than the primary one: `PostDeleted` for a CREATE.
//!
//! Only names made of an entity and an operation are judged. An event about another entity that the steps
//! write (`CommentCreated` in an action that updates the post) is fine.

use std::sync::Arc;

use specql_model::{Action, ActionId, Entity, Name, Operation, StepKind};

use crate::{
    Context, Diagnostic, Level, Rule,
    alignment::participle,
    events::{primary_operation, said_operation},
};

pub(crate) const RULE: Rule = Rule {
    code: "event-operation-mismatch",
    level: Level::Error,
    summary: "an event type says another operation than the action does",
    run: event_operation_mismatch,
    page: include_str!("../../../../docs/rules/event-operation-mismatch.md"),
};

fn event_operation_mismatch(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action) in ctx.actions() {
        let events = action.cdc.iter().flat_map(|it| &it.side_effect_events);
        acc.extend(events.filter_map(|(name, event)| of_side_effect(ctx, id, name, event)));
        let Some(name) = action.cdc.as_deref().and_then(|it| it.event_type.as_ref()) else {
            continue;
        };
        let own_word = said_operation(&name.text);
        let in_other_words = own_word.is_none();
        let Some((about, said)) = own_word.or_else(|| said_in_other_words(&name.text)) else {
            acc.extend(of_stranger(ctx, id, action, name));
            continue;
        };
        let Some(primary) = action.impact.as_deref().and_then(|it| it.primary.as_ref()) else {
            continue;
        };
        let done = done(ctx, id).or_else(|| primary_operation(action));
        let Some(operation) = done else { continue };
        let entity = match &primary.entity {
            Some(it) => it.as_str(),
            None => ctx.entity().map_or("", |it| it.name.as_str()),
        };
        let entity = entity.rsplit('.').next().unwrap_or(entity);
        if about != entity {
            // `StudentAdded` of an enrolment with a student is no mistake.
            if in_other_words && leads_to(ctx.primary_of(primary), about) {
                continue;
            }
            acc.extend(of_another(ctx, id, name, about, entity, operation));
            continue;
        }
        // What is removed in the words of an author may be a row that is marked.
        let ends = [said, operation];
        let is_opposite = ends.contains(&Operation::Create) && ends.contains(&Operation::Delete);
        if fits(said, operation) || (in_other_words && !is_opposite) {
            continue;
        }
        let message = format!(
            "`{}` tells consumers that the row is {}, and it is {}",
            name.text,
            participle(Some(said)),
            participle(Some(operation))
        );
        let better = format!("{about}{}", operation.participle());
        let other = primary.operation.as_ref().map_or(primary.range, |it| it.name.range);
        acc.push(
            ctx.finding(&RULE, name.range, message)
                .related(ctx.id(), other, "the declared operation")
                .fix(ctx.rename(name, &better)),
        );
    }
}

/// Whether an entity has a reference to another.
fn leads_to(entity: Option<&Arc<Entity>>, name: &str) -> bool {
    let fields = entity.into_iter().flat_map(|it| &it.fields);
    let targets = fields.flat_map(|it| it.ty.targets());
    targets.into_iter().any(|it| it.name.text == name)
}

/// An event of a side effect that says what no step does to its entity.
fn of_side_effect(
    ctx: &Context<'_>,
    id: ActionId,
    name: &Name,
    event: &Name,
) -> Option<Diagnostic> {
    let (about, said) = said_operation(&event.text)?;
    let entity = ctx.workspace.entity(ctx.resolve(&name.text).found()?)?;
    let effects = ctx.workspace.effects(id).iter().filter(|it| it.entity == Some(entity.id));
    let done: Vec<Operation> = effects.map(|it| it.operation).collect();
    let first = *done.first()?;
    if about != entity.name.text || done.iter().any(|it| fits(said, *it)) {
        return None;
    }
    let message = format!(
        "`{}` tells consumers that the row is {}, and it is {}",
        event.text,
        participle(Some(said)),
        participle(Some(first))
    );
    let better = format!("{about}{}", first.participle());
    Some(ctx.finding(&RULE, event.range, message).fix(ctx.rename(event, &better)))
}

/// What the steps do to the primary entity, where that is something else than declared.
fn done(ctx: &Context<'_>, id: ActionId) -> Option<Operation> {
    let alignment = ctx.alignment(id)?;
    let primary = alignment.mismatched.iter().find(|it| it.primary)?;
    primary.effects.first().map(|it| it.operation)
}

/// The operation that a name says in another word than the operation's own.
fn said_in_other_words(name: &str) -> Option<(&str, Operation)> {
    let words = [
        ("Added", Operation::Create),
        ("Changed", Operation::Update),
        ("Modified", Operation::Update),
        ("Saved", Operation::Upsert),
        ("Removed", Operation::Delete),
        ("Destroyed", Operation::Delete),
    ];
    words.into_iter().find_map(|(word, it)| Some((name.strip_suffix(word)?, it)))
}

/// Whether a name may say an operation of an action that does another: an upsert does either half.
fn fits(said: Operation, done: Operation) -> bool {
    said == done || (done == Operation::Upsert && said != Operation::Delete)
}

/// `ShelfLent` of an action on books: whatever the verb is, the words before it are another entity's name, with
/// which the action has nothing to do.
fn of_stranger(
    ctx: &Context<'_>,
    id: ActionId,
    action: &Action,
    name: &Name,
) -> Option<Diagnostic> {
    let primary = action.impact.as_deref()?.primary.as_ref()?;
    let own = ctx.primary_of(primary)?;
    let verb = name.text.rfind(|it: char| it.is_ascii_uppercase())?;
    let (about, verb) = name.text.split_at_checked(verb)?;
    let is_own = |it: &Entity| name.text.contains(it.name.as_str());
    let is_near = leads_to(Some(own), about) || is_own(own) || ctx.entity().is_some_and(is_own);
    if is_near {
        return None;
    }
    let other = ctx.workspace.entity(ctx.resolve(about).found()?)?;
    let effects = ctx.workspace.effects(id);
    let mut is_concerned = leads_to(Some(other), &own.name.text)
        || effects.iter().any(|it| it.entity.is_none_or(|it| it == other.id));
    for step in &action.steps {
        step.walk(&mut |it| {
            let StepKind::Find { write, .. } = &it.kind else { return };
            is_concerned |= ctx.written(write).is_none_or(|it| it.id == other.id);
        });
    }
    if is_concerned {
        return None;
    }
    let message = format!(
        "`{}` tells consumers of `{about}`, with which the action has nothing to do; its event is about `{}`",
        name.text, own.name.text
    );
    let better = format!("{}{verb}", own.name.text);
    let found = ctx.finding(&RULE, name.range, message).level(Level::Warning);
    let found = found.related(other.id.0, other.name.range, "the other entity");
    Some(found.fix(ctx.rename(name, &better)))
}

/// An event that is named after another entity, which no step writes.
fn of_another(
    ctx: &Context<'_>,
    id: ActionId,
    name: &Name,
    about: &str,
    entity: &str,
    operation: Operation,
) -> Option<Diagnostic> {
    let other = ctx.workspace.entity(ctx.resolve(about).found()?)?;
    let effects = ctx.workspace.effects(id);
    if effects.iter().any(|it| it.entity.is_none_or(|it| it == other.id)) {
        return None;
    }
    let message = format!(
        "`{}` tells consumers of `{about}`, which the action does not write; its event is about `{entity}`",
        name.text
    );
    let better = format!("{entity}{}", operation.participle());
    let found = ctx.finding(&RULE, name.range, message);
    let found = found.related(other.id.0, other.name.range, "the other entity");
    Some(found.fix(ctx.rename(name, &better)))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn another_entity_in_any_words() {
        check_diagnostics(
            r#"
#- /shelf.yaml
entity: Shelf
fields:
  label: text
#- /loan.yaml
entity: Loan
fields:
  book: ref(Book)
#- /book.yaml
entity: Book
fields:
  title: text
actions:
  - name: lend
    steps:
      - update: Book SET title = 'x'
    impact:
      primary: {entity: Book, operation: UPDATE, fields: [title]}
    cdc: {enabled: true, event_type: ShelfLent}
    #                                ^^^^^^^^^ 💡 warning[event-operation-mismatch]: `ShelfLent` tells consumers of `Shelf`, with which the action has nothing to do; its event is about `Book`
  - name: lend_by_loan
    steps:
      - update: Book SET title = 'x'
    impact:
      primary: {entity: Book, operation: UPDATE, fields: [title]}
    cdc: {enabled: true, event_type: LoanBegun}
  - name: find_a_place
    steps:
      - find: Shelf WHERE label = 'x'
      - update: Book SET title = shelf.label
    impact:
      primary: {entity: Book, operation: UPDATE, fields: [title]}
    cdc: {enabled: true, event_type: ShelfFound}
"#,
        );
    }

    #[test]
    fn another_operation() {
        check_diagnostics(
            r#"
#- /comment.yaml
entity: Comment
fields:
  post: ref(Post)
#- /author.yaml
entity: Author
fields:
  name: text
#- /post.yaml
entity: Post
fields:
  title: text!
  author: ref(Author)
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary: {entity: Post, operation: CREATE}
    cdc:
      enabled: true
      event_type: PostDeleted
      #           ^^^^^^^^^^^ 💡 error[event-operation-mismatch]: `PostDeleted` tells consumers that the row is deleted, and it is created
  - name: save_post
    steps:
      - upsert: Post
        conflict_target: [title]
    impact:
      primary: {entity: Post, operation: UPSERT}
    cdc: {enabled: true, event_type: PostUpdated}
  - name: close_post
    steps:
      - update: Post SET title = 'closed'
    impact:
      primary: {entity: Post, operation: UPDATE}
    cdc: {enabled: true, event_type: CommentCreated}
    #                                ^^^^^^^^^^^^^^ 💡 error[event-operation-mismatch]: `CommentCreated` tells consumers of `Comment`, which the action does not write; its event is about `Post`
  - name: shut_post
    steps:
      - update: Post SET title = 'shut'
    impact:
      primary: {entity: Post, operation: UPDATE}
    cdc: {enabled: true, event_type: CommentAdded}
    #                                ^^^^^^^^^^^^ 💡 error[event-operation-mismatch]
  - name: thank_author
    steps:
      - update: Post SET title = 'thanks'
    impact:
      primary: {entity: Post, operation: UPDATE}
    cdc: {enabled: true, event_type: AuthorAdded}
  - name: add_post
    steps:
      - insert: Post(title)
    impact:
      primary: {entity: Post, operation: CREATE}
    cdc: {enabled: true, event_type: PostRemoved}
    #                                ^^^^^^^^^^^ 💡 error[event-operation-mismatch]
  - name: hide_post
    steps:
      - update: Post SET title = 'hidden'
    impact:
      primary: {entity: Post, operation: UPDATE}
    cdc: {enabled: true, event_type: PostRemoved}
"#,
        );
    }

    #[test]
    fn the_declared_operation() {
        check_fix(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary: {entity: Post, operation: CREATE}
    cdc: {enabled: true, event_type: $0PostUpdated}
"#,
            r#"
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary: {entity: Post, operation: CREATE}
    cdc: {enabled: true, event_type: PostCreated}
"#,
        );
    }
}
