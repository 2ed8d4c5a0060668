//! `impact` declares an entity twice with the same operation, and the second entry adds nothing.
//!
//! Entries with a `collection` or a `condition` of their own, or with other fields, say more and are
//! left alone.

use specql_model::{
    ActionId, Certainty, Effect, EntityId, Impact, ImpactEntry, Invalidation, Name, Operation,
    RowSource,
};

use crate::{Context, Diagnostic, Fix, Level, Rule, Tag};

pub(crate) const RULE: Rule = Rule {
    code: "duplicate-impact",
    level: Level::Warning,
    summary: "`impact` declares the same write twice",
    run: duplicate_impact,
    page: include_str!("../../../../docs/rules/duplicate-impact.md"),
};

fn duplicate_impact(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, _, impact) in ctx.impacts() {
        let mut seen: Vec<(EntityId, Operation, &ImpactEntry)> = Vec::new();
        for (entry, entity) in ctx.entries(impact) {
            let Some(operation) = entry.operation.as_ref().and_then(|it| it.value) else {
                continue;
            };
            let entity = entity.id;
            let first = seen.iter().find(|(other, does, before)| {
                (*other, *does) == (entity, operation)
                    && (adds_nothing(entry, before)
                        || is_one_write(ctx, id, (entity, operation), [entry, before]))
            });
            if let Some((_, _, first)) = first {
                acc.push(finding(ctx, entry, first));
            } else {
                seen.push((entity, operation, entry));
            }
        }
        invalidated_twice(ctx, impact, acc);
    }
}

/// A query that is invalidated a second time, with the same filter.
fn invalidated_twice(ctx: &Context<'_>, impact: &Impact, acc: &mut Vec<Diagnostic>) {
    let all = &impact.cache_invalidations;
    for (at, it) in all.iter().enumerate() {
        let Some(query) = it.query.as_ref().filter(|it| !it.text.is_empty()) else { continue };
        let is_same = |other: &&Invalidation| {
            let text = |it: &(Name, Name)| (it.0.text.clone(), it.1.text.clone());
            other.query.as_ref().is_some_and(|it| it.text == query.text)
                && other.filter.iter().map(text).eq(it.filter.iter().map(text))
                && other.scope.as_ref().map(|it| &it.text) == it.scope.as_ref().map(|it| &it.text)
        };
        let Some(first) = all.iter().take(at).find(is_same) else { continue };
        let message = format!(
            "`{}` is invalidated before with the same filter, so clients do the work twice; remove one of the two",
            query.text
        );
        let found = ctx.finding(&RULE, query.range, message).tag(Tag::Unnecessary);
        acc.push(found.related(ctx.id(), first.range, "the first one"));
    }
    acc.extend(all.iter().filter_map(|it| beside_whole(ctx, all, it)));
}

/// `- query: posts` alone, beside another entry that says which of these queries are meant.
fn beside_whole(
    ctx: &Context<'_>,
    all: &[Invalidation],
    whole: &Invalidation,
) -> Option<Diagnostic> {
    let query = whole.query.as_ref().filter(|it| !it.text.is_empty())?;
    let is_alone = |it: &Invalidation| {
        it.filter.is_empty() && it.strategy.is_none() && it.scope.is_none() && it.reason.is_none()
    };
    let is_part = |it: &&Invalidation| {
        !it.filter.is_empty() && it.query.as_ref().is_some_and(|it| it.text == query.text)
    };
    let part = all.iter().find(is_part).filter(|_| is_alone(whole))?;
    let message = format!(
        "`{}` is invalidated as a whole here, so the filter of the other entry changes nothing; remove one of the two",
        query.text
    );
    let found = ctx.finding(&RULE, query.range, message).tag(Tag::Unnecessary);
    Some(found.related(ctx.id(), part.range, "the other one"))
}

/// Whether one write in every run is all that two entries can be about.
fn is_one_write(
    ctx: &Context<'_>,
    id: ActionId,
    what: (EntityId, Operation),
    entries: [&ImpactEntry; 2],
) -> bool {
    let of_it = |it: &&Effect| it.entity == Some(what.0) && it.operation == what.1;
    let mut effects = ctx.workspace.effects(id).iter().filter(of_it);
    let is_one = effects.next().is_some_and(|it| {
        it.certainty == Certainty::Always && matches!(it.rows, RowSource::New | RowSource::InputId)
    });
    let is_plain = |it: &ImpactEntry| it.condition.is_none() && it.collection.is_none();
    ctx.knows_steps(id) && is_one && effects.next().is_none() && entries.into_iter().all(is_plain)
}

/// Whether everything that an entry says has been said before.
fn adds_nothing(entry: &ImpactEntry, before: &ImpactEntry) -> bool {
    let covered = match (&entry.fields, &before.fields) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(own), Some(other)) => {
            own.iter().all(|it| other.iter().any(|other| other.text == it.text))
        }
    };
    covered
        && entry.condition.is_none()
        && before.condition.is_none()
        && entry.relations.is_empty()
        && entry.collection.is_none()
}

fn finding(ctx: &Context<'_>, entry: &ImpactEntry, first: &ImpactEntry) -> Diagnostic {
    let name = entry.entity.as_ref();
    let range = name.map_or_else(|| ctx.first_line(entry.range), |it| it.range);
    let message =
        "this write is declared before with the same operation, so the entry adds nothing";
    let edits = ctx.remove_item(entry.range);
    let place = first.entity.as_ref().map_or(first.range, |it| it.range);
    ctx.finding(&RULE, range, message.to_owned())
        .related(ctx.id(), place, "declared here")
        .tag(Tag::Unnecessary)
        .fix(edits.map(|it| match adds_nothing(entry, first) {
            true => Fix::safe("Remove the entry", ctx.id(), it),
            // Its fields are said nowhere else.
            false => Fix::review("Remove the entry", ctx.id(), it),
        }))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    const FILES: &str = "
#- /user.yaml
entity: User
fields:
  post_count: integer
#- /post.yaml
entity: Post
fields:
  title: text
  author: ref(User)
actions:
  - name: create_post
    steps:
      - insert: Post
      - update: User SET post_count = post_count + 1
    impact:
      primary: {entity: Post, operation: CREATE}
      side_effects:
";

    #[test]
    fn the_same_write_twice() {
        check_diagnostics(&format!(
            "{FILES}        - {{entity: User, operation: UPDATE, fields: [post_count]}}
        - {{entity: User, operation: update, fields: [post_count]}}
          #        ^^^^ 💡 warning[duplicate-impact]: this write is declared before with the same operation, so the entry adds nothing
"
        ));
    }

    #[test]
    fn entries_that_say_more() {
        check_diagnostics(&format!(
            "{FILES}        - {{entity: User, operation: UPDATE, fields: [post_count]}}
        - {{entity: User, operation: UPDATE, fields: [post_count], collection: updatedAuthors}}
"
        ));
    }

    #[test]
    fn the_second_one_goes() {
        check_fix(
            &format!(
                "{FILES}        - {{entity: User, operation: UPDATE}}
        - {{entity: $0User, operation: UPDATE}}
  - name: look_at_post
"
            ),
            &format!(
                "{}        - {{entity: User, operation: UPDATE}}
  - name: look_at_post
",
                &FILES[FILES.find("#- /post.yaml\n").unwrap() + "#- /post.yaml\n".len()..]
            ),
        );
    }

    #[test]
    fn a_query_that_is_invalidated_twice() {
        check_diagnostics(
            r#"
entity: Post
fields: {title: text, status: "enum(a, b)"}
actions:
  - name: rename
    steps:
      - update: Post(title)
    impact:
      primary: {operation: UPDATE}
      cache_invalidations:
        - {query: posts, filter: {status: a}}
        - {query: posts, filter: {status: b}}
        - {query: posts, filter: {status: a}, strategy: REMOVE}
        #         ^^^^^ warning[duplicate-impact]: `posts` is invalidated before with the same filter, so clients do the work twice; remove one of the two
        - {query: posts}
        #         ^^^^^ warning[duplicate-impact]: `posts` is invalidated as a whole here, so the filter of the other entry changes nothing; remove one of the two
"#,
        );
    }
}
