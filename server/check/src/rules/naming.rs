//! A name in another spelling than the language has: entities in PascalCase, all others in snake_case.
//!
//! Names that GraphQL or PostgreSQL cannot have are `invalid-name`.

mod schema;

use specql_model::{
    Name,
    names::{is_graphql_name, snake_case},
};

use crate::{
    Context, Diagnostic, Level, Rule,
    declared::{Declared, declared, rename_everywhere},
    events::pascal_case,
};

pub(crate) const RULE: Rule = Rule {
    code: "naming",
    level: Level::Warning,
    summary: "an entity is not in PascalCase, or another name not in snake_case",
    run: naming,
    page: include_str!("../../../../docs/rules/naming.md"),
};

fn naming(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    acc.extend(schema::report(ctx));
    for (kind, name) in declared(ctx) {
        if is_graphql_name(&name.text) {
            acc.extend(finding(ctx, kind, name));
        }
    }
}

fn finding(ctx: &Context<'_>, kind: Declared, name: &Name) -> Option<Diagnostic> {
    let (better, spelling, why) = match kind {
        Declared::Entity => {
            let better = pascal_case(&name.text).filter(|it| it != name.as_str());
            if is_pascal(&name.text) {
                return None;
            }
            (better, "PascalCase", "types and events are named after it")
        }
        _ if is_snake(&name.text) => return None,
        Declared::Action(_) => {
            (snake(&name.text), "snake_case", "the mutation is its name in camelCase")
        }
        Declared::Schema => (snake(&name.text), "snake_case", "in SQL it needs quotes everywhere"),
        Declared::Field | Declared::Parameter => {
            (snake(&name.text), "snake_case", "released generators cannot use it in expressions")
        }
    };
    let like = better.as_ref().map(|it| format!(" like `{it}`")).unwrap_or_default();
    // Where it is called otherwise nothing is said: the name is the mistake.
    let called = better
        .as_deref()
        .filter(|it| matches!(kind, Declared::Entity) && ctx.workspace.is_mentioned_as(it));
    let lost = called.map(|it| format!(", and what calls it `{it}` finds nothing"));
    let message = format!(
        "`{}` is {} and not in {spelling}{like}; {why}{}",
        name.text,
        kind.noun(),
        lost.as_deref().unwrap_or_default()
    );
    let level = if lost.is_some() { Level::Error } else { RULE.level };
    let fix = better.and_then(|it| rename_everywhere(ctx, kind, name, &it));
    Some(ctx.finding(&RULE, name.range, message).level(level).fix(fix))
}

fn is_pascal(name: &str) -> bool {
    name.starts_with(|it: char| it.is_ascii_uppercase()) && !name.contains('_')
}

fn is_snake(name: &str) -> bool {
    !name.contains(|it: char| it.is_ascii_uppercase())
}

fn snake(name: &str) -> Option<String> {
    Some(snake_case(name)).filter(|it| it != name)
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn other_spellings() {
        check_diagnostics(
            r#"
entity: blog_post
#       ^^^^^^^^^ 💡 warning[naming]: `blog_post` is an entity and not in PascalCase like `BlogPost`; types and events are named after it
schema: Blog
#       ^^^^ 💡 warning[naming]: `Blog` is a schema and not in snake_case like `blog`; in SQL it needs quotes everywhere
fields:
  postCount: integer
  #<^^^^^^^ 💡 warning[naming]: `postCount` is a field and not in snake_case like `post_count`; released generators cannot use it in expressions
  line_1: text
actions:
  - name: createPost
    #     ^^^^^^^^^^ 💡 warning[naming]: `createPost` is an action and not in snake_case like `create_post`; the mutation is its name in camelCase
    params: {howMany: integer}
    #        ^^^^^^^ warning[naming]
    steps:
      - validate: $howMany > 1
"#,
        );
    }

    #[test]
    fn everywhere_it_is_used() {
        check_fix(
            "#- /tag.yaml\nentity: Tag\nfields:\n  post: ref(blog_post)\n#- /post.yaml\nentity: $0blog_post  # one\nfields:\n  title: text\n",
            "#- /tag.yaml\nentity: Tag\nfields:\n  post: ref(BlogPost)\n#- /post.yaml\nentity: BlogPost  # one\nfields:\n  title: text\n",
        );
    }
}
