//! Hovers by fixture: what is underlined, and the text.

use insta::assert_snapshot;

use crate::test_support::Fixture;

fn hover(fixture: &str) -> String {
    let it = Fixture::new(fixture);
    let Some(hover) = it.analysis.hover(it.file, it.offset()) else { return "nothing".to_owned() };
    let text = it.analysis.text(it.file).unwrap();
    let whole: Vec<String> = hover.whole.iter().map(|it| format!("`{}`", it.command)).collect();
    let whole = match whole.as_slice() {
        [] => String::new(),
        it => format!("\nThe whole: {}\n", it.join(" · ")),
    };
    format!("[{}]\n{}{whole}", hover.range.slice(text), hover.markdown)
}

/// The same without SQL, which belongs to the tests of code generation.
fn prose(fixture: &str) -> String {
    let hover = hover(fixture);
    hover.split("```sql").next().unwrap().split("```json").next().unwrap().trim_end().to_owned()
}

const WORKSPACE: &str = "
#- /user.yaml
entity: User
schema: blog
description: Who writes
fields:
  name: text!
  email: email
  role: enum(author, editor) = author
  post_count: integer # how many posts
actions:
  - name: count_post
    steps:
      - update: User SET post_count = post_count + 1
#- /post.yaml
entity: Post
schema: blog
fields:
  title: text(80)!
  price: money
  place: SimpleAddress
  tags: list(text)
  weight: decimal(10, 2)
  author: ref(User)!
actions:
  - name: create_post
    description: Creates a post
    params:
      reason: text!
    steps:
      - validate: input.reason IS NOT NULL AND email MATCHES email
      - insert: Post(title, author)
        as: created
      - if: author.role = 'author'
        then:
          - update: User SET post_count = post_count + 1 WHERE id = author.id
      - validate: created.updatedAt IS NOT NULL AND place.city IS NULL AND auth_user_id IS NOT NULL
    impact:
      primary:
        entity: Post
        operation: CREATE
      cache_invalidations:
        - query: posts
          strategy: REFETCH
    cdc:
      enabled: true
      version: 2
      event_type: PostCreated
";

/// The hover at `$0` of one line of the workspace.
fn at(line: &str) -> String {
    let text = WORKSPACE.replacen(&line.replace("$0", ""), line, 1);
    assert_ne!(text, WORKSPACE, "no such line");
    prose(&text)
}

#[test]
fn entities() {
    assert_snapshot!(at("ref(Us$0er)"), @"
    [User]
    **entity** `blog.User`

    Who writes

    | field | type | |
    |---|---|---|
    | `name` | `text!` |  |
    | `email` | `email` |  |
    | `role` | `enum(author, editor) = author` |  |
    | `post_count` | `integer` | how many posts |

    Actions: `count_post`
    ");
}

#[test]
fn fields_and_their_types() {
    assert_snapshot!(at("post_c$0ount: integer"), @"
    [post_count]
    **field** `User.post_count`: `integer`

    how many posts

    nullable

    `integer`: PostgreSQL `integer`

    - Written by `Post.create_post`, `User.count_post`
    - Read by `Post.create_post`, `User.count_post`
    - Carried by the cascade of `Post.create_post`
    - Invalidates the queries `posts`
    ");
    assert_snapshot!(at("ro$0le: enum"), @"
    [role]
    **field** `User.role`: `enum(author, editor) = author`

    nullable, default `author`

    PostgreSQL `TEXT` with a CHECK: one of `author`, `editor`

    - Decides in `Post.create_post`
    - Carried by the cascade of `Post.create_post`
    ");
    assert_snapshot!(at("price: mon$0ey"), @"
    [money]
    **money**: amount of money, without its currency

    PostgreSQL `numeric(19,4)` · GraphQL `Money`

    CHECK: at least 0.0

    Example: `19.99`
    ");
    assert_snapshot!(at("place: Simple$0Address"), @"
    [SimpleAddress]
    **SimpleAddress**: postal address

    PostgreSQL `JSONB`

    | part | type |
    |---|---|
    | `street` | `text!` |
    | `city` | `text!` |
    | `state` | `text!` |
    | `zipCode` | `text!` |
    | `country` | `text` |
    ");
    assert_snapshot!(at("tags: li$0st(text)"), @"
    [list(text)]
    A list of `text`: PostgreSQL `JSONB`
    ");
    assert_snapshot!(at("weight: dec$0imal(10, 2)"), @"
    [decimal(10, 2)]
    `decimal`: PostgreSQL `numeric(10,2)`
    ");
    assert_snapshot!(at("title: te$0xt(80)!"), @"
    [text(80)]
    `text`: PostgreSQL `text`
    ");
}

#[test]
fn names_in_expressions() {
    assert_snapshot!(at("input.rea$0son"), @"
    [reason]
    **parameter** `reason`: `text`

    required

    `text`: PostgreSQL `text`
    ");
    assert_snapshot!(at("MATCHES em$0ail"), @r"
    [email]
    **email**: email address

    PostgreSQL `text` · GraphQL `Email`

    CHECK: matches `^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$`, in any case

    Example: `ada@example.org`
    ");
    assert_snapshot!(at("= 'auth$0or'"), @"
    ['author']
    **value** `author` of `User.role`

    `enum(author, editor)`

    The default.
    ");
    assert_snapshot!(at("crea$0ted.updatedAt"), @"
    [created]
    **variable** `created`: a row of `blog.Post`
    ");
    assert_snapshot!(at("created.updated$0At"), @"
    [updatedAt]
    **field** `Post.updated_at`: `timestamptz`

    when the row was last written

    Built in: every entity has it, none declares it; `updatedAt` in GraphQL.
    ");
    assert_snapshot!(at("place.ci$0ty"), @"
    [city]
    **part** `city`: `text`

    `text`: PostgreSQL `text`
    ");
    assert_snapshot!(at("auth_us$0er_id"), @"
    [auth_user_id]
    `auth_user_id`: the user of the session
    ");
}

#[test]
fn keys_and_words() {
    assert_snapshot!(at("operat$0ion: CREATE"), @"
    [operation]
    `operation` of the primary entity of an impact block

    What happens to the entity: `CREATE`, `UPDATE`, `DELETE` or `UPSERT`, in any case.
    ");
    assert_snapshot!(at("operation: CRE$0ATE"), @"
    [CREATE]
    `CREATE`

    A row is inserted; clients add it to their caches.
    ");
    assert_snapshot!(at("strategy: REF$0ETCH"), @"
    [REFETCH]
    `REFETCH`

    Fetch the query again at once.
    ");
    assert_snapshot!(at("ins$0ert: Post"), @"
    [insert]
    an `insert` step

    Insert a row.

    ```yaml
    - insert: Post                       # the fields present in the input
    - insert: Post(title, content)       # these fields of the input
    - insert: Comment SET post = input.id, text = 'Hello'
    ```

    ---

    | writes | operation | fields | when | rows |
    |---|---|---|---|---|
    | `Post` | CREATE | `title`, `author` | always | the new row |
    ");
    assert_snapshot!(hover("audit:\n  ret$0ention: 90 days\n#- /x"), @"nothing");
    assert_snapshot!(hover("#- /specql.config.yaml\nten$0ancy: single"), @"
    [tenancy]
    `tenancy` of the configuration

    Whether rows belong to tenants: `single` or `required`.

    Default: `single`.
    ");
}

#[test]
fn what_an_action_does() {
    assert_snapshot!(at("name: create_p$0ost"), @"
    [create_post]
    **action** `create_post` of `blog.Post`

    Creates a post

    | writes | operation | fields | when | rows |
    |---|---|---|---|---|
    | `Post` | CREATE | `title`, `author` | always | the new row |
    | `User` | UPDATE | `post_count` | sometimes | the row that `WHERE` finds |

    | publishes | version | topic | when | of each row of |
    |---|---|---|---|---|
    | `PostCreated` | 2 | `specql.events.Post` | always | `Post` |

    The first event of a run carries the cascade.
    ");
    assert_snapshot!(at("imp$0act:"), @"
    [impact]
    `impact` of an action

    What the action changes, for clients, audit and events: the primary entity, its side effects, and the queries that are stale afterwards.

    ```yaml
    impact:
      primary:
        entity: Post
        operation: CREATE
      side_effects:
        - entity: User
          operation: UPDATE
          fields: [post_count]
    ```

    ---

    | writes | operation | fields | when | rows |
    |---|---|---|---|---|
    | `Post` | CREATE | `title`, `author` | always | the new row |
    | `User` | UPDATE | `post_count` | sometimes | the row that `WHERE` finds |

    In `_cascade`: `Post` CREATED in `updated`, `User` UPDATED in `updated`.
    ");
    assert_snapshot!(at("cd$0c:"), @"
    [cdc]
    `cdc` of an action

    The event that the action writes to the outbox, in the same transaction. `true` means all defaults.

    ```yaml
    cdc:
      enabled: true
      event_type: PostCreated
    ```

    ---

    | publishes | version | topic | when | of each row of |
    |---|---|---|---|---|
    | `PostCreated` | 2 | `specql.events.Post` | always | `Post` |

    The first event of a run carries the cascade.
    ");
    assert_snapshot!(at("event_type: Post$0Created"), @"
    [PostCreated]
    | publishes | version | topic | when | of each row of |
    |---|---|---|---|---|
    | `PostCreated` | 2 | `specql.events.Post` | always | `Post` |

    The first event of a run carries the cascade.
    ");
}

#[test]
fn the_part_of_the_sql_that_a_place_is_about() {
    let at = |line: &str| hover(&WORKSPACE.replacen(&line.replace("$0", ""), line, 1));
    let has = |text: &str, parts: &[&str]| {
        parts.iter().for_each(|it| assert!(text.contains(it), "no {it:?} in {text}"));
    };
    let action = at("create_$0post");
    has(
        &action,
        &["```sql\n", "INSERT INTO", "The whole: `specql-lsp preview blog.Post.create_post`"],
    );
    let event = at("cd$0c:");
    let outbox = "INSERT INTO app.outbox (\n    id, aggregate_type";
    has(&event, &["```sql\n", "PostCreated", outbox, "--artifact event-sample`"]);
    let step = at("ins$0ert: Post");
    has(&step, &["INSERT INTO", "tb_post"]);
    assert!(!step.contains("UPDATE blog.tb_user"), "{step}");
    let primary = at("prim$0ary:");
    has(&primary, &["`Post` CREATED in `updated`", "```sql\n", "--artifact cascade-sample`"]);
    let impact = at("imp$0act:");
    has(&impact, &["images$ := blog.image_post(work$.touched)", "RETURN app.finish_action(ctx$"]);
}

const SIDE_EFFECT: &str = "
#- /user.yaml
entity: User
schema: blog
fields:
  post_count: integer = 0
#- /post.yaml
entity: Post
schema: blog
fields:
  title: text!
  author: ref(User)!
audit:
  exclude_fields: [title]
actions:
  - name: create_post
    steps:
      - insert: Post
      - update: User SET post_count = post_count + 1
    impact:
      primary:
        entity: Post
        operation: CREATE
      side_effects:
        - entity: User
          operation: UPDATE
";

#[test]
fn side_effects_and_the_audit() {
    let text = SIDE_EFFECT.replace("- entity: User\n", "- ent$0ity: User\n");
    let side_effect = hover(&text);
    let parts = ["| `User` | UPDATE |", "`User` UPDATED in `updated`", "UPDATE blog.tb_user"];
    parts.iter().for_each(|it| assert!(side_effect.contains(it), "no {it:?} in {side_effect}"));
    assert!(!side_effect.contains("INSERT INTO blog.tb_post"), "{side_effect}");
    let primary = hover(&SIDE_EFFECT.replace("primary:", "prim$0ary:"));
    assert!(primary.contains("INSERT INTO blog.tb_post"), "{primary}");
    assert!(!primary.contains("UPDATE blog.tb_user"), "{primary}");
    let audit = hover(&SIDE_EFFECT.replace("audit:", "aud$0it:"));
    let parts = ["`fk_author`", "CREATE OR REPLACE TRIGGER", "--artifact audit`"];
    parts.iter().for_each(|it| assert!(audit.contains(it), "no {it:?} in {audit}"));
    assert!(!audit.contains("`title`,"), "{audit}");
}

#[test]
fn nothing_at_blank_places_and_unknown_names() {
    assert_snapshot!(hover("entity: Post\n$0\nfields: {}"), @"nothing");
    assert_snapshot!(hover("entity: Post\nnonsense: tr$0ue"), @"nothing");
    assert_snapshot!(hover("entity: Post # a com$0ment"), @"nothing");
}

#[test]
fn codes_of_rules() {
    assert_snapshot!(hover("#- /specql.config.yaml\nrules:\n  missing-$0impact: off"), @"
    [missing-impact]
    **missing-impact** (warning): an action writes and declares no `impact`

    [Documentation](https://github.com/specql/specql-lsp/blob/main/docs/rules/missing-impact.md)
    ");
    assert_snapshot!(hover("entity: Post # specql: allow(naming, missing$0-impact) later"), @"
    [missing-impact]
    **missing-impact** (warning): an action writes and declares no `impact`

    [Documentation](https://github.com/specql/specql-lsp/blob/main/docs/rules/missing-impact.md)
    ");
    assert_snapshot!(hover("entity: Post # about miss$0ing-impact"), @"nothing");
}
