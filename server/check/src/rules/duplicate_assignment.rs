//! A step sets one column twice, or gives an action one input twice.

use specql_model::{Entity, Name, StepKind};

use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "duplicate-assignment",
    level: Level::Error,
    summary: "a step sets one column or one input twice",
    run: duplicate_assignment,
    page: include_str!("../../../../docs/rules/duplicate-assignment.md"),
};

fn duplicate_assignment(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (_, action) in ctx.actions() {
        let parameters: Vec<&Name> = action.parameters.iter().map(|it| &it.name).collect();
        for (at, name) in parameters.iter().enumerate() {
            // In a mapping it is `duplicate-key`, and the model has the last one alone.
            let first = parameters.iter().take(at).find(|it| it.text == name.text);
            if let Some(first) = first.filter(|it| !it.text.is_empty()) {
                let message = format!(
                    "`{}` is a parameter already, and a caller can give only one value; remove one of the two",
                    name.text
                );
                let found = ctx.finding(&RULE, name.range, message);
                acc.push(found.related(ctx.id(), first.range, "the first time"));
            }
        }
        for step in &action.steps {
            step.walk(&mut |step| {
                if let StepKind::Call { arguments, .. } = &step.kind {
                    let mut names: Vec<&Name> =
                        arguments.iter().filter_map(|it| it.0.as_ref()).collect();
                    names.retain(|it| !it.text.is_empty());
                    in_names(ctx, None, &names, acc);
                }
                let (StepKind::Insert(write) | StepKind::Update(write) | StepKind::Upsert(write)) =
                    &step.kind
                else {
                    return;
                };
                let entity = ctx.written(write);
                let assigned = write.assignments.iter().map(|it| &it.field);
                let mut names: Vec<&Name> = assigned.chain(&write.columns).collect();
                names.retain(|it| !it.text.is_empty() && it.text != "*");
                names.sort_by_key(|it| it.range.start());
                in_names(ctx, entity.map(AsRef::as_ref), &names, acc);
            });
        }
    }
}

fn in_names(
    ctx: &Context<'_>,
    entity: Option<&Entity>,
    names: &[&Name],
    acc: &mut Vec<Diagnostic>,
) {
    let column = |name: &Name| {
        let field = entity.and_then(|it| {
            let by_id = || it.reference_id(&name.text).map(|it| it.name.text.clone());
            it.column(&name.text).map(|it| it.name().into()).or_else(by_id)
        });
        field.unwrap_or_else(|| name.text.clone())
    };
    let mut seen: Vec<(ecow::EcoString, &Name)> = Vec::new();
    for name in names {
        let column = column(name);
        match seen.iter().find(|it| it.0 == column) {
            Some((_, first)) => {
                let message =
                    format!("`{}` is set twice, and only one of the values counts", name.text);
                let found = ctx.finding(&RULE, name.range, message);
                acc.push(found.related(ctx.id(), first.range, "the first time"));
            }
            None => seen.push((column, name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn one_column_twice() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
fields:
  name: text
#- /post.yaml
entity: Post
fields:
  title: text
  post_count: integer
  author: ref(User)
actions:
  - name: change
    steps:
      - update: Post SET title = 'x', post_count = 1, title = 'y', postCount = 2
      #                                               ^^^^^ error[duplicate-assignment]: `title` is set twice, and only one of the values counts
      #                                                            ^^^^^^^^^ error[duplicate-assignment]
      - call: note(words = 'a', words = 'b')
      #                         ^^^^^ error[duplicate-assignment]: `words` is set twice, and only one of the values counts
    impact:
      primary: {entity: Post, operation: UPDATE}
  - name: say
    params:
      - words: text
      - words: text!
      # ^^^^^ error[duplicate-assignment]: `words` is a parameter already, and a caller can give only one value; remove one of the two
    steps:
      - validate: $words <> ''
  - name: note
    params: {words: text}
    steps:
      - validate: words <> ''
"#,
        );
    }
}
