//! A path of `payload` or `partition_key` that leads to no field of the aggregate.

use specql_model::{Column, Entity, EntityId, Name, PathEnd, Type, segments, suggest};

use crate::{
    Context, Diagnostic, Level, Rule,
    context::did_you_mean,
    names::{is_column, without_comma},
};

pub(crate) const RULE: Rule = Rule {
    code: "unknown-payload-field",
    level: Level::Error,
    summary: "`payload` or `partition_key` names a field that there is not",
    run: unknown_payload_field,
    page: include_str!("../../../../docs/rules/unknown-payload-field.md"),
};

fn unknown_payload_field(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (_, action) in ctx.actions() {
        let Some(cdc) = &action.cdc else { continue };
        let declared = action.impact.as_deref().and_then(|it| it.primary.as_ref());
        let aggregate =
            declared.map_or_else(|| Some(ctx.entity()?.id), |it| Some(ctx.primary_of(it)?.id));
        let Some(aggregate) = aggregate else { continue };
        for path in cdc.payload.iter().flatten().chain(&cdc.partition_key) {
            acc.extend(unknown_segment(ctx, aggregate, path));
        }
    }
}

/// A finding for the first name of a path that leads nowhere.
fn unknown_segment(ctx: &Context<'_>, aggregate: EntityId, path: &Name) -> Option<Diagnostic> {
    let leads = |it: &str| {
        let name = Name::new(it, path.range);
        matches!(ctx.workspace.find_dotted(aggregate, &name).end, PathEnd::Whole)
    };
    if let Some((message, fix)) = without_comma(ctx, path, leads) {
        return Some(ctx.finding(&RULE, path.range, message).fix(fix));
    }
    if let Some(found) = empty_part(ctx, path).or_else(|| part_of_list(ctx, aggregate, path)) {
        return Some(found);
    }
    let PathEnd::Unknown { segment, entity } = ctx.workspace.find_dotted(aggregate, path).end
    else {
        return None;
    };
    let segments = segments(path);
    let name = segments.get(segment)?;
    let is_last = segment + 1 == segments.len();
    if entity.is_none()
        && let Some(before) = segment.checked_sub(1).and_then(|it| segments.get(it))
    {
        let whole = &path.text;
        let found = ctx.workspace.find_dotted(aggregate, path);
        let column = found.steps.get(segment - 1).map(|it| &it.column);
        let field = column.and_then(|it| match it {
            Column::Field(it) => Some(*it),
            _ => None,
        });
        let (message, near) = match field.map(|it| &it.ty) {
            Some(Type::Composite(it)) => {
                let near = suggest(name.as_str(), it.parts.iter().map(|it| it.0));
                let message = format!(
                    "`{}` has no part `{}`, so the event cannot carry it{}",
                    before.text,
                    name.text,
                    did_you_mean(near)
                );
                (message, near)
            }
            Some(Type::Ref(targets)) if targets.len() > 1 => {
                let message = format!(
                    "`{0}` leads to rows of several entities, so nothing says what `{1}` is, and the event cannot \
                     carry it; `{0}` alone carries type and id",
                    before.text, name.text
                );
                (message, None)
            }
            _ => {
                let message = format!(
                    "`{}` is no reference, so nothing stands behind its dot and the event cannot carry `{whole}`",
                    before.text
                );
                (message, None)
            }
        };
        let fix = near.map(|it| ctx.rename(name, it));
        return Some(ctx.finding(&RULE, name.range, message).fix(fix));
    }
    let entity = ctx.workspace.entity(entity?).filter(|it| ctx.knows_fields(it))?;
    let is_known = is_last && (name.as_str() == "*" || is_column(entity, name.as_str()));
    (!is_known && !name.text.is_empty()).then(|| finding(ctx, entity, name))
}

/// `.name`, `author.`: a dot with nothing on one side of it.
fn empty_part(ctx: &Context<'_>, path: &Name) -> Option<Diagnostic> {
    let is_empty = |it: &Name| it.text.is_empty();
    let segments = segments(path);
    let side = match segments.as_slice() {
        [first, _, ..] if is_empty(first) => "before the first dot",
        [_, .., last] if is_empty(last) => "behind the last dot",
        [_, between @ .., _] if between.iter().any(is_empty) => "between two dots",
        _ => return None,
    };
    let message = format!("nothing stands {side} of `{}`, so the event cannot carry it", path.text);
    Some(ctx.finding(&RULE, path.range, message))
}

/// `lines.price`: a list has no columns, its items have.
fn part_of_list(ctx: &Context<'_>, aggregate: EntityId, path: &Name) -> Option<Diagnostic> {
    let found = ctx.workspace.find_dotted(aggregate, path);
    let PathEnd::Opaque { segment } = found.end else { return None };
    let Column::Field(field) = &found.steps.last()?.column else { return None };
    let segments = segments(path);
    let name = segments.get(segment).filter(|_| matches!(field.ty, Type::List(_)))?;
    let message = format!(
        "`{}` is a list and has no part `{}`, so the event cannot carry it; `{}` alone carries the items",
        field.name.text, name.text, field.name.text
    );
    let owner = found.steps.last()?.entity;
    Some(ctx.finding(&RULE, name.range, message).related(owner.0, field.name.range, "the list"))
}

fn finding(ctx: &Context<'_>, entity: &Entity, name: &Name) -> Diagnostic {
    let near = suggest(name.as_str(), entity.column_names());
    let message = format!(
        "`{}` has no field `{}`, so the event cannot carry it{}",
        entity.name.text,
        name.text,
        did_you_mean(near)
    );
    ctx.finding(&RULE, name.range, message)
        .related(entity.id.0, entity.name.range, "the entity")
        .fix(near.map(|it| ctx.rename(name, it)))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn paths_that_lead_nowhere() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
fields:
  name: text
  tags: list(text)
  address: SimpleAddress
#- /post.yaml
entity: Post
fields:
  title: text
  author: ref(User)
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary: {entity: Post, operation: CREATE}
    cdc:
      enabled: true
      payload: [id, titel, author.name, author.nam, author.address.city, authorId, author.tags.x]
      #             ^^^^^ 💡 error[unknown-payload-field]: `Post` has no field `titel`, so the event cannot carry it; did you mean `title`?
      #                                        ^^^ 💡 error[unknown-payload-field]: `User` has no field `nam`, so the event cannot carry it; did you mean `name`?
      #                                                                                        ^ error[unknown-payload-field]: `tags` is a list and has no part `x`, so the event cannot carry it; `tags` alone carries the items
      partition_key: athor
      #              ^^^^^ 💡 error[unknown-payload-field]: `Post` has no field `athor`, so the event cannot carry it; did you mean `author`?
"#,
        );
    }

    #[test]
    fn the_near_name() {
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
    cdc: {enabled: true, payload: [$0titel]}
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
    cdc: {enabled: true, payload: [title]}
"#,
        );
    }

    #[test]
    fn parts_of_composites_and_of_several_entities() {
        check_diagnostics(
            "
#- /user.yaml
entity: User
fields: {name: text}
#- /post.yaml
entity: Post
fields: {title: text, place: SimpleAddress, owner: ref(User|Post)}
actions:
  - name: add_post
    steps:
      - insert: Post
    impact: {primary: {operation: CREATE}}
    cdc: {enabled: true, event_type: PostAdded, payload: [title, place.cty, owner.name, title.x]}
    #                                                                  ^^^ 💡 error[unknown-payload-field]: `place` has no part `cty`, so the event cannot carry it; did you mean `city`?
    #                                                                             ^^^^ error[unknown-payload-field]: `owner` leads to rows of several entities, so nothing says what `name` is, and the event cannot carry it; `owner` alone carries type and id
    #                                                                                         ^ error[unknown-payload-field]: `title` is no reference, so nothing stands behind its dot and the event cannot carry `title.x`
",
        );
    }
}
