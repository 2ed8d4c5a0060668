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

/// A type by the older name of its pattern.
#[test]
fn a_pattern_is_that_of_its_type() {
    let text = "entity: Post\nfields:\n  mail: text\nactions:\n  - name: a\n    steps:\n      - validate: mail MATCHES email_p$0attern\n";
    assert!(prose(text).starts_with("[email_pattern]\n**email**"), "{}", prose(text));
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

    ---

    | writes | operation | fields | when | rows |
    |---|---|---|---|---|
    | `Post` | CREATE | `title`, `author` | always | the new row |

    In `_cascade`: `Post` CREATED in `updated`.
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
    | `User` | UPDATE | `post_count` | if `author.role = 'author'` | the row that `WHERE` finds |

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
    | `User` | UPDATE | `post_count` | if `author.role = 'author'` | the row that `WHERE` finds |

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

/// Of two side effects of one entity each shows its own, and only that.
#[test]
fn a_side_effect_shows_its_own_update_and_entry() {
    let text = SIDE_EFFECT.replace(
        "      - update: User SET post_count = post_count + 1\n",
        "      - update: User SET post_count = post_count + 1\n      - insert: Tag SET label = 'new'\n      - if: title = 'x'\n        then:\n          - update: Tag SET label = 'old' WHERE label = 'new'\n",
    );
    let more = "        - entity: Tag\n          operation: CREATE\n          collection: newTags\n        - entity: Tag\n          operation: UPDATE\n      cache_invalidations:\n        - query: posts\n        - query: tags\n          filter: {label: input.title}\n          strategy: REMOVE\n";
    let tag = "#- /tag.yaml\nentity: Tag\nschema: blog\nfields:\n  label: text\n";
    let text = format!("\n{tag}{}{more}", text.trim_start());
    let at = |line: &str, marked: &str| hover(&text.replacen(line, marked, 1));
    let (has, not) = (
        |text: &str, parts: &[&str]| {
            parts.iter().for_each(|it| assert!(text.contains(it), "no {it:?} in {text}"));
        },
        |text: &str, parts: &[&str]| {
            parts.iter().for_each(|it| assert!(!text.contains(it), "{it:?} in {text}"));
        },
    );
    let user = at("- entity: User\n", "- entity$0: User\n");
    has(&user, &["| `User` | UPDATE |", "\"__typename\": \"User\"", "UPDATE blog.tb_user"]);
    not(&user, &["tb_tag", "\"effects\"", "\"invalidations\"", "\"Tag\"", "newTags"]);
    let created = at("collection: newTags", "collection$0: newTags");
    has(
        &created,
        &["| `Tag` | CREATE |", "extra_metadata.newTags", "INSERT INTO blog.tb_tag", "\"CREATED\""],
    );
    not(&created, &["UPDATE blog.tb_tag", "tb_user", "\"UPDATED\""]);
    let updated = at(
        "- entity: Tag\n          operation: UPDATE",
        "- entity: Tag\n          operation$0: UPDATE",
    );
    has(
        &updated,
        &["| `Tag` | UPDATE | `label` | if `title = 'x'` |", "UPDATE blog.tb_tag", "\"UPDATED\""],
    );
    not(&updated, &["INSERT INTO blog.tb_tag", "tb_user"]);
    let all = at("side_effects:", "side_$0effects:");
    has(&all, &["UPDATE blog.tb_user", "INSERT INTO blog.tb_tag", "UPDATE blog.tb_tag"]);
    not(&all, &["INSERT INTO blog.tb_post"]);
    let tags = at("- query: tags", "- que$0ry: tags");
    has(&tags, &["| `tags` | drop it |", "`label = input.title`", "\"queryName\": \"tags\""]);
    not(&tags, &["| `posts`", "\"posts\""]);
}

#[test]
fn steps_that_write_nothing_are_told_in_words_too() {
    let head = "entity: Post\nfields:\n  title: text!\nactions:\n  - name: a\n    params:\n      note: text!\n    steps:\n";
    let at = |steps: &str| {
        let text = hover(&format!("{head}{steps}"));
        let lines = text.lines().filter(|it| it.starts_with("| ") && !it.contains("| when |"));
        lines.collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(at("      - vali$0date: title = 'x'\n        error: no_x\n"), @"| fails with `failed:no_x`: no x | unless `title = 'x'` | none; what was written before is undone |");
    assert_snapshot!(at("      - validate: title = 'x' || 'y'\n        err$0or: no_x\n"), @r"| fails with `failed:no_x`: no x | unless `title = 'x' \|\| 'y'` | none; what was written before is undone |");
    assert_snapshot!(at("      - fi$0nd: Post WHERE title = input.note\n        as: other\n"), @"| reads a row of `public.Post` as `other` | always | the first row that `WHERE` finds; without one it fails with `failed:not_found`: Post not found |");
    assert_snapshot!(at("      - if: title = 'x'\n        th$0en:\n          - reject: bad\n        else:\n          - update: Post SET title = 'y'\n"), @"
    | runs `reject` | if `title = 'x'` | none |
    | runs `update` | unless `title = 'x'` | of `Post` |
    | `Post` | UPDATE | `title` | unless `title = 'x'` | the row `input.id` |
    ");
    assert_snapshot!(at("      - switch: title\n        cases:\n          - when: x\n            then:\n              - ret$0urn: done\n        default:\n          - reject: bad\n"), @"| ends the action with success | when `title` is `x` | what was written before stays |");
    assert_snapshot!(at("      - switch: title\n        cases:\n          - when: x\n            then:\n              - return: done\n        default:\n          - rej$0ect: bad\n"), @"| fails with `failed:bad`: bad | when `title` is none of the cases | none; what was written before is undone |");
    assert_snapshot!(at("      - for$0each: it in Post WHERE title = 'x'\n        do:\n          - delete: Post WHERE id = it.id\n"), @"
    | runs `delete` | always | each row of `Post` that `WHERE` finds |
    | `Post` | DELETE | the row | for each `it in Post WHERE title = 'x'` | the row that `WHERE` finds |
    ");
    assert_snapshot!(at("      - foreach: row in (SELECT title FROM public.tb_post)\n        d$0o:\n          - validate: row.title <> ''\n"), @"| runs `validate` | always | each row that the query gives |");
    assert_snapshot!(at("      - ca$0ll: b()\n  - name: b\n    steps:\n      - update: Post SET title = 'z'\n"), @"
    | calls `public.Post.b` | always | those that it writes |
    | `Post` | UPDATE | `title` | always | the row `input.id` |
    ");
    assert_snapshot!(at("      - ca$0ll: app.f(1)\n"), @"| calls the function `app.f` | always | not known: it is no action |");
    assert_snapshot!(at("      - noti$0fy: title(email, 'Hello')\n"), @"| tells `title` over `email`, by `pg_notify` when the transaction commits | always | none |");
    assert_snapshot!(at("      - refresh_table_v$0iew:\n          scope: self\n"), @"| builds rows of read models again | always | those that the action writes |");
    let text = hover(&head.replace("params:", "par$0ams:"));
    assert!(text.contains("| `note` | `text` | each call | the action fails"), "{text}");
    let read = format!(
        "{}      - validate: input.note = 'x'\n",
        head.replace("note: text!", "no$0te: text!")
    );
    let text = hover(&read);
    assert!(text.contains("in$note text :=") && text.contains("IF in$note IS NULL"), "{text}");
}

/// Each key of an action of the examples, and of what lies in it, says in a table what happens, and leads
/// to the whole and to a sample.
#[test]
fn each_key_of_an_action_of_the_examples_shows_its_part() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut seen = 0;
    for example in ["blog", "saas", "shop"] {
        let mut host = crate::AnalysisHost::new();
        let mut files = vec![root.join(example).join("specql.config.yaml")];
        let entities = std::fs::read_dir(root.join(example).join("entities")).unwrap();
        files.extend(entities.map(|it| it.unwrap().path()));
        for path in files {
            host.set_file(&path.display().to_string(), std::fs::read_to_string(&path).unwrap());
        }
        let analysis = host.analysis();
        for file in analysis.files() {
            let text = analysis.text(file).unwrap().to_string();
            let Some(actions) = text.find("\nactions:\n") else { continue };
            let mut start = actions + "\nactions:\n".len();
            for line in text[start..].split_inclusive('\n') {
                let key = line.trim_start().trim_start_matches("- ");
                let at = start + line.len() - key.len();
                start += line.len();
                let is_key = key.split(':').next().is_some_and(|it| {
                    it.len() < key.trim_end().len()
                        && it.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
                });
                if !is_key || !line.starts_with("  ") {
                    continue;
                }
                seen += 1;
                let hover = analysis.hover(file, u32::try_from(at).unwrap()).unwrap();
                assert!(hover.markdown.contains("|---|"), "no table at {line}{}", hover.markdown);
                let whole: Vec<&str> = hover.whole.iter().map(|it| it.command.as_str()).collect();
                assert!(whole.iter().any(|it| !it.contains("--artifact")), "no SQL at {line}");
                assert!(whole.iter().any(|it| it.contains("-sample")), "no sample at {line}");
            }
            assert!(
                !text.contains("\naudit:") || {
                    let at = u32::try_from(text.find("\naudit:").unwrap() + 1).unwrap();
                    analysis
                        .hover(file, at)
                        .unwrap()
                        .whole
                        .iter()
                        .any(|it| it.command.contains("audit-sample"))
                }
            );
        }
    }
    assert!(seen > 200, "{seen}");
}

#[test]
fn columns_of_the_query_of_a_loop() {
    let query = "(SELECT p.title AS heading, p.title, count(*), p.fk_author FROM blog.tb_post p GROUP BY 1, 2, 4)";
    let at = |step: &str| {
        hover(&format!(
            "#- /user.yaml\nentity: User\nschema: blog\nfields:\n  name: text\n#- /post.yaml\nentity: Post\nschema: blog\nfields:\n  title: text\n  author: ref(User)\nactions:\n  - name: a\n    steps:\n      - foreach: row in {query}\n        do:\n          - validate: {step}\n"
        ))
    };
    assert_snapshot!(at("row.head$0ing = 'x'"), @"
    [heading]
    **column** `heading` of the rows of `row`: `text`

    The field `Post.title`.

    ```sql
    (SELECT p.title AS heading, p.title, count(*), p.fk_author FROM blog.tb_post p GROUP BY 1, 2, 4)
    ```
    ");
    assert_snapshot!(at("row.cou$0nt > 1"), @"
    [count]
    **column** `count` of the rows of `row`: `bigint`

    ```sql
    (SELECT p.title AS heading, p.title, count(*), p.fk_author FROM blog.tb_post p GROUP BY 1, 2, 4)
    ```
    ");
    assert!(at("row.ti$0tle = 'x'").contains("**field** `Post.title`: `text`"));
    assert!(at("row.fk_au$0thor > 1").contains("**field** `Post.author`"));
}

/// A word without a meaning of its own tells what it stands in.
#[test]
fn words_of_types_and_values() {
    let at = |line: &str| {
        let text = WORKSPACE.replacen(&line.replace("$0", ""), line, 1);
        assert_ne!(text, WORKSPACE, "no such line: {line}");
        hover(&text)
    };
    let reference = at("author: re$0f(User)!");
    assert!(reference.starts_with("[ref(User)"), "{reference}");
    assert!(reference.contains("`Post.author`"), "{reference}");
    let required = at("reason: te$0xt!");
    assert!(required.contains("`text`: PostgreSQL `text`"), "{required}");
    let keyword = at("author.role = 'author'\n        th$0en:");
    assert!(keyword.contains("`then`"), "{keyword}");
    let statement = at("- validate: input.reason IS NO$0T NULL");
    assert!(statement.starts_with("[input.reason IS NOT NULL"), "{statement}");
    assert!(statement.contains("validate") && statement.contains("```sql"), "{statement}");
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

/// Whatever a hover shows, it asks as much of a large workspace as of a small one.
#[test]
fn a_hover_costs_what_it_shows() {
    let looked_at = |size: usize| {
        let mut host = crate::AnalysisHost::new();
        for it in 0..size {
            let text = format!(
                "entity: Thing{it}
schema: s{}
fields:
  title: text
  status: enum(a, b) = a
  other: ref(Thing{})
actions:
  - name: act_{it}
    steps:
      - validate: title <> '' AND other.status = 'a'
      - insert: Thing{it}
      - call: note_{it}()
    impact:
      primary: {{entity: Thing{it}, operation: CREATE}}
      cache_invalidations: [{{query: things{it}, strategy: REFETCH}}]
    cdc:
      enabled: true
      event_type: Thing{it}Created
      payload: [title]
  - name: note_{it}
    steps:
      - update: Thing{it} SET title = 'x' WHERE id = input.id
",
                it % 7,
                (it + 1) % size,
            );
            host.set_file(&format!("{it:04}.yaml"), text);
        }
        let analysis = host.analysis();
        let file = analysis.files()[0];
        let text = analysis.text(file).unwrap().clone();
        let starts = text.char_indices().filter(|(at, it)| {
            it.is_alphanumeric() && !text[..*at].ends_with(|it: char| it.is_alphanumeric())
        });
        let mut shown = 0;
        let mut reads = std::collections::BTreeMap::new();
        for (at, _) in starts {
            let offset = u32::try_from(at).unwrap();
            let (hover, read) = specql_model::recorded(|| analysis.hover(file, offset));
            shown += usize::from(hover.is_some());
            reads.insert(at, read.len());
        }
        assert!(shown > 20, "{shown} words have a hover");
        reads
    };
    assert_eq!(looked_at(30), looked_at(300));
}
