//! A strategy of `cache_invalidations` that is no word of the vocabulary, or a synonym of one.

use specql_model::{Name, Spelled, Strategy};

use crate::{Context, Diagnostic, Level, Rule, words};

pub(crate) const RULE: Rule = Rule {
    code: "unknown-strategy",
    level: Level::Error,
    summary: "a cache invalidation names a strategy that there is not",
    run: unknown_strategy,
    page: include_str!("../../../../docs/rules/unknown-strategy.md"),
};

fn unknown_strategy(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (_, action) in ctx.actions() {
        let invalidations = action.impact.iter().flat_map(|it| &it.cache_invalidations);
        for (query, strategy) in
            invalidations.filter_map(|it| Some((&it.query, it.strategy.as_ref()?)))
        {
            if let Some(it) = query.as_ref().and_then(|query| swapped(ctx, query, strategy)) {
                acc.push(it);
                continue;
            }
            let known = Strategy::ALL.map(Strategy::as_str);
            let means = strategy.value.map(Strategy::as_str);
            acc.extend(words::check(ctx, &RULE, "strategy", strategy, means, &known, synonym));
        }
    }
}

/// `query: REFETCH, strategy: posts`: each has the other one's value.
fn swapped(ctx: &Context<'_>, query: &Name, strategy: &Spelled<Strategy>) -> Option<Diagnostic> {
    let is_strategy = Strategy::ALL.iter().any(|it| it.as_str().eq_ignore_ascii_case(&query.text));
    if strategy.value.is_some() || !is_strategy {
        return None;
    }
    let both = [("query", query), ("strategy", &strategy.name)];
    Some(words::swapped(ctx, &RULE, both, "no query is meant"))
}

/// The strategy that a word of client libraries means.
fn synonym(word: &str) -> Option<&'static str> {
    match word.to_ascii_uppercase().as_str() {
        "RELOAD" | "REFRESH" | "FETCH" => Some("REFETCH"),
        "DELETE" | "DROP" | "CLEAR" | "RESET" => Some("REMOVE"),
        "STALE" | "EXPIRE" => Some("INVALIDATE"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn words_outside_the_vocabulary() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary:
        entity: Post
        operation: CREATE
      cache_invalidations:
        - query: posts
          strategy: REFECTH
          #         ^^^^^^^ 💡 error[unknown-strategy]: there is no strategy `REFECTH`, so what happens is not known; did you mean `REFETCH`?
        - query: drafts
          strategy: evict
          #         ^^^^^ 💡 info[unknown-strategy]: `evict` is read as the strategy `REMOVE`
        - query: tags
          strategy: refetch
        - query: users
"#,
        );
    }

    #[test]
    fn a_query_with_the_value_of_its_strategy() {
        let file = "entity: Post\nfields:\n  title: text\nactions:\n  - name: create_post\n    steps:\n      - insert: \
                    Post\n    impact:\n      primary: {entity: Post, operation: CREATE}\n      cache_invalidations:\n        \
                    - {query: Q, strategy: S}\n";
        let before = file.replace(": Q", ": REFETCH").replace(": S}", ": $0posts}");
        check_fix(&before, &file.replace(": Q", ": posts").replace(": S}", ": REFETCH}"));
    }

    #[test]
    fn the_word_that_is_meant() {
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
      cache_invalidations:
        - {query: posts, strategy: "$0EVICT"}
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
      cache_invalidations:
        - {query: posts, strategy: "REMOVE"}
"#,
        );
    }
}
