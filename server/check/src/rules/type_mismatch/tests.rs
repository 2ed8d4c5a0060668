//! Tests of the rule: conditions, assignments, texts, queries and what steps store.

use crate::test_support::{check_diagnostics, check_fix};

#[test]
fn conditions_comparisons_and_computations() {
    check_diagnostics(
        r#"
#- /user.yaml
entity: User
fields:
  name: text
  age: integer
#- /team.yaml
entity: Team
fields:
  name: text
#- /post.yaml
entity: Post
fields:
  title: text
  views: integer
  price: money
  rating: float
  published: boolean
  due: date
  sent_at: datetime
  data: json
  tags: list(text)
  author: ref(User)
  team: ref(Team)
actions:
  - name: look
    steps:
      - validate: title
      #           ^^^^^ 💡 error[type-mismatch]: a condition is true or false, and this is text, so the action would fail; compare it with something
      - validate: published AND views
      #                         ^^^^^ 💡 error[type-mismatch]
      - validate: title = 5
      #           ^^^^^^^^^ error[type-mismatch]: text and a whole number cannot be compared, so the action would fail
      - validate: views = 'many' OR published = 1
      #                   ^^^^^^ error[type-mismatch]: `many` cannot be read as a whole number, so the action would fail
      #                             ^^^^^^^^^^^^^ error[type-mismatch]
      - validate: author = team OR author.age > 'old' OR due < 5
      #           ^^^^^^^^^^^^^ error[type-mismatch]: a reference to `User` and a reference to `Team` are rows of different tables, so comparing them says nothing
      #                                         ^^^^^ error[type-mismatch]
      #                                                  ^^^^^^^ error[type-mismatch]
      - validate: title + views > 1
      #           ^^^^^^^^^^^^^ error[type-mismatch]: there is no such operator between text and a whole number, so the action would fail
      - validate: sent_at + 1 < now() AND rating % 2 = 1
      #           ^^^^^^^^^^^ error[type-mismatch]
      #                                   ^^^^^^^^^^ error[type-mismatch]
      - validate: views LIKE '1%' AND title IN (1, 'x') AND views BETWEEN 'a' AND 5
      #           ^^^^^ error[type-mismatch]: text is expected here, and this is a whole number, so the action would fail
      #                                         ^ error[type-mismatch]
      #                                                                   ^^^ error[type-mismatch]
      - validate: length(views) > 1 AND round(rating, 2) = 1 AND upper(title, 'x') = 'X'
      #                  ^^^^^ error[type-mismatch]: `length` does not take a whole number as its argument 1, so the action would fail
      #                                       ^^^^^^ error[type-mismatch]
      #                                                          ^^^^^^^^^^^^^^^^^ error[type-mismatch]: `upper` takes one argument, so the action would fail
      - validate: CASE WHEN published THEN title ELSE views END IS NOT NULL
      #                                               ^^^^^ error[type-mismatch]: one result is text and another is a whole number, which do not mix, so the action would fail
      - validate: title -> 'a' IS NULL AND EXISTS User WHERE age = 'x'
      #           ^^^^^ error[type-mismatch]
      #                                                            ^^^ error[type-mismatch]
      - foreach: it in title
      #                ^^^^^ error[type-mismatch]: a loop runs over many values, and `title` is text; name a list, an entity or a query
        do:
          - validate: published
"#,
    );
}

#[test]
fn what_fits_or_is_not_known() {
    check_diagnostics(
        r#"
#- /user.yaml
entity: User
fields:
  name: text
  manager: ref(User)
#- /post.yaml
entity: Post
fields:
  title: text
  status: enum(draft, sent)
  views: integer
  price: money
  rating: float
  published: boolean
  due: date
  sent_at: datetime
  span: duration
  data: json
  tags: list(text)
  address: SimpleAddress
  author: ref(User)
  subject: ref(User|Post)
actions:
  - name: look
    params:
      any: json
    steps:
      - validate: published AND NOT published IS TRUE AND title || views = 'x' AND 'a' || views = title
      - validate: views > 1.5 AND price * views < rating AND views % 2 = 0 AND abs(views) + ceil(price) > 1
      - validate: due - due > 3 AND due + 1 < CURRENT_DATE AND sent_at - interval '1 day' < now()
      - validate: sent_at - sent_at > span AND due < sent_at AND span * 2 > span
      - validate: author = author.manager AND author.id = input.author AND subject = author OR author IS NULL
      - validate: data.count > 5 AND data ->> 'a' = 'b' AND tags ? 'x' AND jsonb_array_length(tags) > 1
      - validate: coalesce(title, '') = '' AND coalesce(views, 0) > 1 AND nullif(title, '') IS NULL
      - validate: round(price, 2) = 1 AND round(views) = 1 AND date_trunc('day', sent_at) = due AND extract(year FROM due) > 2
      - validate: status = 'draft' AND status <> title AND status LIKE 'd%' AND length(status) > 1
      - validate: views = '5' AND published = 'yes' AND due > '2026-01-01' AND any.x = 1
      - validate: my.fn(title) AND (SELECT true) AND address.city = 'x'
      - update: Post SET views = 2, price = views, title = 'x', due = now(), data = 5, tags = ARRAY['x'], author = auth_user_id
    impact:
      primary: {entity: Post, operation: UPDATE}
"#,
    );
}

#[test]
fn queries_in_sql() {
    check_diagnostics(
        r#"
#- /user.yaml
entity: User
schema: crm
fields:
  name: text
  age: integer
#- /post.yaml
entity: Post
schema: crm
fields:
  title: text
  status: enum(draft, sent)
  views: integer
  price: money
  due: date
  sent_at: datetime
  tags: list(text)
  author: ref(User)
actions:
  - name: look
    params:
      who: ref(User)
    impact:
      primary: {entity: Post, operation: UPDATE}
    steps:
      - validate: (SELECT count(*) FROM crm.tb_post)
      #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]: a condition is true or false, and this is a whole number, so the action would fail; compare it with something
      - validate: (SELECT name FROM crm.tb_user LIMIT 1) = views
      #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]: text and a whole number cannot be compared, so the action would fail
      - validate: due > (SELECT max(u.age) FROM crm.tb_user u) OR views IN (SELECT name FROM crm.tb_user)
      #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]
      #                                                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]
      - validate: views = ANY (SELECT due FROM crm.tb_post) AND (SELECT sum(views) FROM crm.tb_post) = 'many'
      #                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]
      #                                                                                                ^^^^^^ error[type-mismatch]
      - validate: views = (SELECT views, price FROM crm.tb_post)
      #                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]: a query that stands for one value gives one column, and this one gives 2, so the action would fail
      - validate: author = (SELECT id FROM crm.tb_user LIMIT 1) OR author IN (SELECT u.id FROM crm.tb_user u)
      #                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]: the column of a reference holds the key of its row, and this query gives ids, so the action would fail; select `pk_user`
      #                                                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]
      - validate: (SELECT name FROM crm.tb_user LIMIT 1) = author
      #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]
      - update: Post SET views = (SELECT name FROM crm.tb_user LIMIT 1), due = (SELECT count(*) FROM crm.tb_post), author = (SELECT pk_user FROM crm.tb_user LIMIT 1)
      #                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]: `views` is a whole number, and cannot be set to text
      #                                                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]
      #                                                                                                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]
      - validate: (SELECT count(*) FROM crm.tb_post) > 1 AND views = (SELECT max(views) FROM crm.tb_post)
      - validate: author = (SELECT pk_user FROM crm.tb_user LIMIT 1) AND author IN (SELECT p.fk_author FROM crm.tb_post p)
      - validate: $who = (SELECT id FROM crm.tb_user LIMIT 1) AND title = (SELECT min(status) FROM crm.tb_post)
      - validate: (SELECT sent_at FROM crm.tb_post LIMIT 1) > due AND due < (SELECT now()) AND (SELECT true)
      - validate: (views, price) IN (SELECT views, price FROM crm.tb_post) AND due > (SELECT x FROM other.stats LIMIT 1)
      - validate: price > (SELECT avg(views) * 2 FROM crm.tb_post) AND (SELECT coalesce(sum(views), 0) FROM crm.tb_post) < 3
      - foreach: row in (SELECT id, title FROM crm.tb_post)
        do:
          - update: Post SET views = (SELECT count(*) FROM crm.tb_user), author = (SELECT id FROM crm.tb_user LIMIT 1)
"#,
    );
}

#[test]
fn texts_that_are_no_values() {
    check_diagnostics(
        r#"
entity: Post
fields:
  title: text
  views: integer
  rank: smallint
  #     ^^^^^^^^ info[postgres-type]
  published: boolean
  due: date
  sent_at: datetime
  opens: time
  length: duration
  key: uuid
  host: ipAddress
actions:
  - name: look
    steps:
      - validate: due + '3 dayz' > due OR due > '2024-13-45' OR due = '2024' OR sent_at - '3 days' < now()
      #                 ^^^^^^^^ error[type-mismatch]: `3 dayz` cannot be read as a length of time, so the action would fail
      #                                         ^^^^^^^^^^^^ error[type-mismatch]: `2024-13-45` cannot be read as a date, so the action would fail
      #                                                               ^^^^^^ error[type-mismatch]
      - validate: key = 'abc' OR id = 'abc' OR views = '5.5' OR rank < '40000' OR host = 'localhost'
      #                 ^^^^^ error[type-mismatch]: `abc` cannot be read as an id, so the action would fail
      #                               ^^^^^ error[type-mismatch]
      #                                                ^^^^^ error[type-mismatch]
      #                                                                ^^^^^^^ error[type-mismatch]
      #                                                                                  ^^^^^^^^^^^ error[type-mismatch]: `localhost` cannot be read as an IP address, so the action would fail
      - validate: length > '1 hourz' OR published = 'maybe' OR opens < '25:00' OR due + '3' > due OR now() - 'soon' > length
      #                    ^^^^^^^^^ error[type-mismatch]
      #                                             ^^^^^^^ error[type-mismatch]
      #                                                                ^^^^^^^ error[type-mismatch]
      #                                                                           ^^^^^^^^^ error[type-mismatch]: there is no such operator between a date and the text `'3'`, so the action would fail
      #                                                                                                      ^^^^^^ error[type-mismatch]
      - update: Post SET title = title + 'x', due = due + '3 days', sent_at = '3 days' - now()
      #                          ^^^^^^^^^^^ 💡 error[type-mismatch]: `+` adds numbers; write `||` to join texts
      #                                                                       ^^^^^^^^ error[type-mismatch]
      - update: Post SET views = (due - '2024-01-01') + '3', length = now() - '2024-01-01 10:00', sent_at = now() + '2 hours', opens = opens - '1 hour'
    impact:
      primary: {entity: Post, operation: UPDATE}
"#,
    );
}

#[test]
fn values_beyond_what_a_field_takes() {
    check_diagnostics(
        r#"
entity: Post
fields:
  mail: email
  stars: {type: integer, min: 1, max: 5}
  code: text(3)
  share: percentage
  tags: list(integer)
actions:
  - name: change
    steps:
      - update: Post SET mail = 'nope', stars = 9, code = 'abcd', share = -1, tags = '["a"]'
      #                         ^^^^^^ error[type-mismatch]: `nope` is no `email`, which looks like `ada@example.org`, so the write fails
      #                                         ^ error[type-mismatch]: `9` is beyond the bound `5` of `stars`, so the write fails
      #                                                   ^^^^^^ error[type-mismatch]: `abcd` has 4 characters, and `code` takes 3, so the write fails
      #                                                                   ^^ error[type-mismatch]
      #                                                                              ^^^^^^^ error[type-mismatch]
      - update: Post SET mail = 'ada@example.org', stars = CASE WHEN share > 50 THEN 5 ELSE 0 END, code = 'abc', share = 0.5, tags = '[1]'
      #                                                                                     ^ error[type-mismatch]
    impact:
      primary: {entity: Post, operation: UPDATE}
"#,
    );
}

#[test]
fn arguments_beyond_what_the_called_action_takes() {
    check_diagnostics(
        r#"
#- /specql.config.yaml
compat: off
#- /post.yaml
entity: Post
fields:
  share: decimal(3, 2)
  stars: integer
actions:
  - name: rate
    params: {share: "decimal(3, 2)!", stars: "integer(1, 5)!"}
    steps:
      - update: Post SET share = $share, stars = $stars
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [share, stars]}
  - name: rate_best
    steps:
      - call: rate(id = input.id, share = 100, stars = 6)
      #                                   ^^^ error[type-mismatch]: `100` has more digits before the point than the 1 of this type, so the call fails
      #                                                ^ error[type-mismatch]: `6` is beyond the bound `5` of `stars`, so the call fails
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [share, stars]}
"#,
    );
}

#[test]
fn columns_of_a_query_and_rows_of_a_call() {
    check_diagnostics(
        r#"
#- /user.yaml
entity: User
schema: crm
fields:
  name: text
  age: integer
actions:
  - name: greet
    steps:
      - update: User SET name = 'x'
    impact: {primary: {entity: User, operation: UPDATE}}
#- /post.yaml
entity: Post
schema: crm
fields:
  title: text
  views: integer
  due: date
  status: enum(draft, sent)
  author: ref(User)
  parent: ref(Post)
actions:
  - name: look
    steps:
      - call: greet(id = author.id)
        store: greeted
      - validate: author.id = parent.id OR author = parent.id OR id = parent.id OR author.id = author OR $author = author.id
      #           ^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]
      #                                    ^^^^^^^^^^^^^^^^^^ error[type-mismatch]: a reference to `User` and a reference to `Post` are rows of different tables, so comparing them says nothing
      - update: Post SET author = parent.id, parent = parent.id WHERE id = input.id
      #                           ^^^^^^^^^ error[type-mismatch]: `author` is a reference to `User`, and this is a reference to `Post`, so it would point at a row of another table
      - validate: greeted.age > 'old' AND greeted = author AND greeted = parent
      #                         ^^^^^ error[type-mismatch]: `old` cannot be read as a whole number, so the action would fail
      #                                                        ^^^^^^^^^^^^^^^^ error[type-mismatch]: a reference to `User` and a reference to `Post` are rows of different tables, so comparing them says nothing
      - foreach: row in (SELECT p.id, p.title, p.due, p.status, p.fk_author, pk_post, count(*) AS n FROM crm.tb_post p GROUP BY pk_post)
        do:
          - update: Post SET views = row.title, due = row.n, author = row.fk_author, parent = row.fk_author WHERE id = row.id
          #                          ^^^^^^^^^ error[type-mismatch]: `views` is a whole number, and cannot be set to text
          #                                           ^^^^^ error[type-mismatch]
          #                                                                                   ^^^^^^^^^^^^^ error[type-mismatch]: `parent` is a reference to `Post`, and this is a reference to `User`, so it would point at a row of another table
          - validate: row.n = 'many' OR row.due < 3 OR row.status = 'gone' OR row.title
          #                   ^^^^^^ error[type-mismatch]
          #                             ^^^^^^^^^^^ error[type-mismatch]
          #                                                         ^^^^^^ error[unknown-enum-value]
          #                                                                   ^^^^^^^^^ 💡 error[type-mismatch]
          - update: Post SET views = row.n WHERE author = row.fk_author AND id = row.id AND parent = row.pk_post
    impact:
      primary: {entity: Post, operation: UPDATE}
      side_effects: [{entity: User, operation: UPDATE}]
"#,
    );
}

#[test]
fn assignments_and_arguments() {
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
  views: integer
  published: boolean
  due: date
  author: ref(User)
  parent: ref(Post)
actions:
  - name: change
    steps:
      - update: Post SET views = 'many', published = 1, due = 5
      #                          ^^^^^^ error[type-mismatch]: `views` is a whole number, and `many` cannot be read as one, so the action would fail
      #                                              ^ error[type-mismatch]: `published` is a truth value, and cannot be set to a whole number
      #                                                       ^ error[type-mismatch]
      - update: Post SET title = 5, views = published, author = parent
      #                          ^ 💡 warning[type-mismatch]: `title` is text, so `5` is stored as a text; put it in quotes to say so
      #                                     ^^^^^^^^^ error[type-mismatch]
      #                                                         ^^^^^^ error[type-mismatch]: `author` is a reference to `User`, and this is a reference to `Post`, so it would point at a row of another table
      - update: Post SET views = CASE WHEN published THEN 'few' ELSE 1 END
      #                                                   ^^^^^ error[type-mismatch]: `few` cannot be read as a whole number, so the action would fail
      - call: limit_views(id = id, most = 'none')
      #                                   ^^^^^^ error[type-mismatch]
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [views, published, due, title, author]}
  - name: limit_views
    params:
      most: integer!
    steps:
      - validate: views < $most
"#,
    );
}

#[test]
fn a_value_that_was_to_be_there() {
    check_fix(
        "entity: Post\nfields:\n  title: text\nactions:\n  - name: look\n    steps:\n      - validate: ti$0tle  # why\n",
        "entity: Post\nfields:\n  title: text\nactions:\n  - name: look\n    steps:\n      - validate: title IS NOT NULL  # why\n",
    );
}

#[test]
fn signs_between_conditions() {
    check_diagnostics(
        r#"
entity: Post
fields:
  title: text
  views: integer
  live: boolean
  tags: list(text)
actions:
  - name: look
    steps:
      - validate: views = 1 && title = 'x'
      #                     ^^ 💡 error[type-mismatch]: `&&` compares arrays and ranges; write `AND` between conditions
      - validate: views = 1 || title = 'x'
      #                     ^^ 💡 error[type-mismatch]: `||` joins texts; write `OR` between conditions
      - validate: views = 1 & title = 'x'
      #                     ^ 💡 error[type-mismatch]: `&` computes with bits; write `AND` between conditions
      - validate: views = 1 && title = 'x' || views > 5
      #                     ^^ 💡 error[type-mismatch]
      - validate: 1 < title < 5
      #           ^^^^^^^^^ error[type-mismatch]
      - validate: (views = 1) = (title = 'x') AND title || 'x' = 'ax' AND views & 1 = 1
"#,
    );
    check_fix(
        "entity: Post\nfields:\n  title: text\n  views: integer\nactions:\n  - name: look\n    steps:\n      - validate: views = 1 $0&& title = 'x' || views > 5  # why\n",
        "entity: Post\nfields:\n  title: text\n  views: integer\nactions:\n  - name: look\n    steps:\n      - validate: views = 1 AND title = 'x' OR views > 5  # why\n",
    );
}

#[test]
fn lists_and_their_items() {
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
  tags: list(text)
  counts: list(integer)
  kinds: list(enum(a, b))
  others: list(ref(User))
  author: ref(User)
actions:
  - name: change
    steps:
      - validate: tags > 5 OR counts = 5 OR others = author
      #           ^^^^^^^^ error[type-mismatch]: a list and a whole number cannot be compared, so the action would fail
      #                       ^^^^^^^^^^ error[type-mismatch]
      #                                     ^^^^^^^^^^^^^^^ error[type-mismatch]: a list and a reference to `User` cannot be compared, so the action would fail
      - validate: tags = '["x"]' AND 'x' = ANY(tags) AND author IN others AND counts <> tags AND jsonb_array_length(tags) > 1
      - update: Post SET counts = counts + 1, tags = tags || 'x', others = others || author
      #                           ^^^^^^^^^^ error[type-mismatch]: there is no such operator between a list and a whole number, so the action would fail
      #                                                      ^^^ 💡 error[type-mismatch]: `||` joins two lists, and this is one value, so the action would fail; write `ARRAY['x']`
      #                                                                              ^^^^^^ 💡 error[type-mismatch]: `||` joins two lists, and this is one value, so the action would fail; write `ARRAY[author.id]`
      - update: Post SET tags = ARRAY[1, title], counts = ARRAY['x', 5], kinds = ARRAY['c', 'a'], others = ARRAY[author, author.id]
      #                               ^ error[type-mismatch]: `1` in this list cannot be read as text, so the write fails
      #                                                         ^^^ error[type-mismatch]
      #                                                                                ^^^ error[type-mismatch]
      #                                                                                                          ^^^^^^ error[type-mismatch]: a list of references holds the ids of rows; write `author.id`, so the write fails
      - update: Post SET tags = tags || ARRAY['x'] || '["y"]', others = others || ARRAY[author.id], counts = ARRAY[1, 2]
    impact:
      primary: {operation: UPDATE, fields: [tags, counts, kinds, others]}
"#,
    );
    check_fix(
        "entity: Post\nfields:\n  tags: list(text)\nactions:\n  - name: tag\n    steps:\n      - update: Post SET tags = tags || $0'x'  # why\n    impact: {primary: {operation: UPDATE, fields: [tags]}}\n",
        "entity: Post\nfields:\n  tags: list(text)\nactions:\n  - name: tag\n    steps:\n      - update: Post SET tags = tags || ARRAY['x']  # why\n    impact: {primary: {operation: UPDATE, fields: [tags]}}\n",
    );
}

#[test]
fn a_path_through_a_parameter_has_the_type_of_its_end() {
    check_diagnostics(
        "
#- /customer.yaml
entity: Customer
fields:
  name: text!
  balance: money = 0!
  parent: ref(Customer)
#- /bill.yaml
entity: Bill
fields:
  customer: ref(Customer)!
  amount: money!
actions:
  - name: pay_bill
    params: {payer: ref(Customer)!, amount: money!}
    steps:
      - validate: input.payer.balance >= input.amount AND input.payer.parent.balance > 0
      - validate: $payer.name = 'x' AND input.payer.parent <> input.payer
      - validate: input.payer.name > input.amount
      #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]: text and a number cannot be compared, so the action would fail
      - insert: Bill SET customer = input.payer, amount = input.amount
    impact:
      primary: {entity: Bill, operation: CREATE}
",
    );
}

#[test]
fn lists_references_casts_and_patterns() {
    check_diagnostics(
        r#"
#- /user.yaml
entity: User
fields: {name: text}
#- /team.yaml
entity: Team
fields: {name: text}
#- /post.yaml
entity: Post
fields:
  title: text
  views: integer
  rank: smallint
  #     ^^^^^^^^ info[postgres-type]: released generators make text of `smallint`
  price: money
  live: boolean
  due: date
  meta: json
  tags: list(text)
  readers: list(ref(User))
  author: ref(User)
  team: ref(Team)
  owner: ref(User|Team)
actions:
  - name: look
    steps:
      - validate: tags = 'x' OR tags IN ('x', 'y') OR tags = ('x', 'y') OR tags = '["x"]' OR tags = ARRAY['x']
      #           ^^^^^^^^^^ error[type-mismatch]: `tags` is a list, so one value is never equal to it and the action would fail; write `'x' = ANY(tags)` to look for an item, or `ARRAY['x', 'y']` for a list
      #                         ^^^^^^^^^^^^^^^^^^ error[type-mismatch]: `tags` is a list, so one value is never equal to it and the action would fail; write `'x' = ANY(tags)` to look for an item, or `ARRAY['x', 'y']` for a list
      #                                               ^^^^^^^^^^^^^^^^^ error[type-mismatch]: `tags` is a list, so one value is never equal to it and the action would fail; write `'x' = ANY(tags)` to look for an item, or `ARRAY['x', 'y']` for a list
      - validate: title = ('x', 'y') OR (views, live) = (1, true) OR views <> (1, 2)
      #           ^^^^^^^^^^^^^^^^^^ 💡 error[type-mismatch]: one value cannot equal several, so the action would fail; write `IN (…)`
      #                                                              ^^^^^^^^^^^^^^^ error[type-mismatch]: one value cannot equal several, so the action would fail; write `IN (…)`
      - validate: title = ANY(tags) AND 5 = ANY(tags) AND author = ANY(readers) AND team = ANY(readers) AND title = ANY(views)
      #                                 ^^^^^^^^^^^^^ error[type-mismatch]: a whole number and text cannot be compared, so the action would fail
      #                                                                             ^^^^^^^^^^^^^^^^^^^ error[type-mismatch]: a reference to `Team` and a reference to `User` are rows of different tables, so comparing them says nothing
      #                                                                                                                 ^^^^^ error[type-mismatch]: a list is expected here, and this is a whole number, so the action would fail
      - validate: team.id = ANY(readers) OR author IN readers OR team IN readers
      #           ^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]: a reference to `Team` and a reference to `User` are rows of different tables, so comparing them says nothing
      #                                                                  ^^^^^^^ error[type-mismatch]: a reference to `Team` and a reference to `User` are rows of different tables, so comparing them says nothing
      - validate: owner = 'x' OR owner = author OR owner = team.id OR owner = id OR owner = 5 OR author = owner
      #                   ^^^ error[type-mismatch]: `x` cannot be read as a reference to `User` or `Team`, so the action would fail
      #                                                               ^^^^^^^^^^ error[type-mismatch]: a reference to `User` or `Team` and a reference to `Post` are rows of different tables, so comparing them says nothing
      #                                                                             ^^^^^^^^^ error[type-mismatch]: a reference to `User` or `Team` and a whole number cannot be compared, so the action would fail
      - validate: title[1] = 'x' OR tags[0] = 'x' OR meta[0] = 'x'
      #           ^^^^^ error[type-mismatch]: a list is expected here, and this is text, so the action would fail
      - validate: live::date = due OR due::integer > 5 OR views::boolean OR views::text = '1' OR due::timestamp > now()
      #           ^^^^^^^^^^ error[type-mismatch]: no cast makes a date of a truth value, so the action would fail
      #                               ^^^^^^^^^^^^ error[type-mismatch]: no cast makes a whole number of a date, so the action would fail
      - validate: title ~ '[a-' OR title ~* '(x' OR title !~ '^[0-9]+$' OR title ~ '*x'
      #                   ^^^^^ error[type-mismatch]: this is no regular expression: a `[` is never closed, so the action would fail
      #                                     ^^^^ error[type-mismatch]: this is no regular expression: a `(` is never closed, so the action would fail
      #                                                                            ^^^^ error[type-mismatch]: this is no regular expression: nothing stands before a quantifier, so the action would fail
      - update: Post SET views = 1.5, rank = 40000, title = views, owner = id, meta = '{a}', price = 3
      #                          ^^^ warning[type-mismatch]: `views` is a whole number, so `1.5` is rounded to one; write `round(…)` or `floor(…)` to say how
      #                                      ^^^^^ error[type-mismatch]: `40000` is larger than a whole number of 16 bits, so the write fails
      #                                                     ^^^^^ 💡 warning[type-mismatch]: `title` is text, and this is a whole number, which is stored as it is shown; write `::text` behind it to say so
      #                                                                               ^^^^^ error[type-mismatch]: `meta` is JSON, and `{a}` cannot be read as one, so the action would fail
      - update: Post SET views = price, title = due, owner = team, meta = '[1]'
      #                          ^^^^^ warning[type-mismatch]: `views` is a whole number, so `price` is rounded to one; write `round(…)` or `floor(…)` to say how
      #                                         ^^^ 💡 warning[type-mismatch]: `title` is text, and this is a date, which is stored as it is shown; write `::text` behind it to say so
      - update: Post SET views = round(price), title = views::text, owner = author.id, meta = 'x', rank = 5
      - update: Post SET views = price * 2, title = tags
      #                          ^^^^^^^^^ warning[type-mismatch]: `views` is a whole number, so `price * 2` is rounded to one; write `round(…)` or `floor(…)` to say how
      #                                             ^^^^ 💡 warning[type-mismatch]: `title` is text, and this is a list, which is stored as it is shown; write `::text` behind it to say so
      - update: Post SET views = 3000000000, title = live
      #                          ^^^^^^^^^^ error[type-mismatch]: `3000000000` is larger than a whole number of 32 bits, so the write fails
      #                                              ^^^^ 💡 warning[type-mismatch]: `title` is text, and this is a truth value, which is stored as it is shown; write `::text` behind it to say so
    impact:
      primary: {operation: UPDATE}
  - name: show
    params: {id: text!}
    #            ^^^^ error[type-mismatch]: `id` is the id of the `Post` that the action works on, and this is text, so the action would fail; write `uuid`
    steps:
      - validate: $id <> ''
      - update: Post SET title = 'x'
    impact: {primary: {operation: UPDATE}}
"#,
    );
}

#[test]
fn comparisons_inside_of_queries() {
    check_diagnostics(
        "
#- /user.yaml
entity: User
schema: crm
fields: {name: text, age: integer, born: date}
#- /post.yaml
entity: Post
schema: crm
fields:
  title: text
  status: enum(draft, sent)
  author: ref(User)
  meta: json
actions:
  - name: look
    steps:
      - validate: EXISTS (SELECT 1 FROM crm.tb_user WHERE age > 'old' AND born < '2024-02-30' AND name = 5)
      #                                                         ^^^^^ error[type-mismatch]: `old` cannot be read as a whole number, so the query would fail
      #                                                                          ^^^^^^^^^^^^ error[type-mismatch]: `2024-02-30` cannot be read as a date, so the query would fail
      #                                                                                           ^^^^^^^^ error[type-mismatch]: text and a whole number cannot be compared, so the query would fail
      - validate: EXISTS (SELECT 1 FROM crm.tb_post p JOIN crm.tb_user u ON p.fk_author = u.id WHERE u.born > 5 AND p.fk_author = u.pk_user)
      #                                                                     ^^^^^^^^^^^^^^^^^^ error[type-mismatch]: a whole number and an id cannot be compared, so the query would fail
      #                                                                                              ^^^^^^^^^^ error[type-mismatch]: a date and a whole number cannot be compared, so the query would fail
      - validate: (SELECT count(*) FROM crm.tb_user WHERE age BETWEEN 1 AND 'many' AND id IN ('x')) > 1
      #                                                                     ^^^^^^ error[type-mismatch]: `many` cannot be read as a whole number, so the query would fail
      #                                                                                       ^^^ error[type-mismatch]: `x` cannot be read as an id, so the query would fail
      - validate: (SELECT * FROM crm.tb_user LIMIT 1) IS NOT NULL
      #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]: a query that stands for one value gives one column, and this one gives 13, so the action would fail
      - validate: EXISTS (SELECT 1 FROM crm.tb_user WHERE age = '5' AND born > now() - interval '3 days' AND created_at > '2024-01-01' AND name = 'x')
      - validate: EXISTS (SELECT 1 FROM (SELECT age AS name FROM crm.tb_user) s WHERE name > 5) AND EXISTS (SELECT 1 FROM other.stats WHERE id = 5)
",
    );
}

#[test]
fn what_postgres_refuses_inside_of_queries() {
    check_diagnostics(
        r#"
#- /specql.config.yaml
compat: off
#- /post.yaml
entity: Post
schema: blog
fields:
  title: text
  views: integer
  sent: date
  owner: email
  parent: ref(Post)
actions:
  - name: look
    steps:
      - validate: (SELECT sum(p.title) FROM blog.tb_post p) > 3
      #                   ^^^ error[type-mismatch]: `sum` does not take text as its argument 1, so the query would fail
      - validate: (SELECT round(p.views, 1, 2) FROM blog.tb_post p) > 3
      #                   ^^^^^ error[type-mismatch]: `round` takes 1 to 2 arguments, so the query would fail
      - validate: (SELECT p.title * p.views FROM blog.tb_post p) > 3
      #                   ^^^^^^^^^^^^^^^^^ error[type-mismatch]: there is no such operator between text and a whole number, so the query would fail
      - validate: (SELECT max(p.views) FROM blog.tb_post p WHERE max(p.views) > 1) > 3
      #                                                          ^^^ error[type-mismatch]: `max` needs rows, and `WHERE` is still choosing them, so the query would fail; write the condition behind `HAVING`, or compare with a query of its own
      - validate: EXISTS (SELECT title, count(*) FROM blog.tb_post)
      #                          ^^^^^ error[type-mismatch]: `title` has a value for each row, and stands beside a function over all of them, so the query would fail; name it in `GROUP BY`, or write a function like `max(title)`
      - validate: (SELECT count(*) FROM blog.tb_post p WHERE p.sent = 'soon'::date) > 3
      #                                                               ^^^^^^ error[type-mismatch]: `soon` cannot be read as a date, so the query would fail
      - validate: (SELECT sum(p.views) - avg(p.views) FROM blog.tb_post p WHERE p.sent + 1 > now() GROUP BY p.title HAVING count(*) > 1) > 3
      - update: Post SET views = (SELECT count(*) + views FROM blog.tb_post p)
      #                                             ^^^^^ error[type-mismatch]
    impact:
      primary: {operation: UPDATE, fields: [views]}
"#,
    );
}

#[test]
fn nothing_in_a_computation_and_zones_that_there_are_not() {
    check_diagnostics(
        r#"
entity: Post
fields:
  title: text
  views: integer
  due: date
  at: datetime
actions:
  - name: look
    steps:
      - validate: views + NULL > 3 OR title || NULL = 'x'
      #           ^^^^^^^^^^^^ warning[type-mismatch]: `views + NULL` is `NULL` whatever stands beside `NULL`; write a value there, or `NULL` alone
      #                               ^^^^^^^^^^^^^ warning[type-mismatch]
      - validate: coalesce(views, NULL) + 1 > 3
      - validate: at AT TIME ZONE 'Europe/Pariss' > due
      #                           ^^^^^^^^^^^^^^^ 💡 error[type-mismatch]: there is no time zone `Europe/Pariss`, so the action would fail; did you mean `Europe/Paris`?
      - validate: timezone('America/New York', at) > due
      #                    ^^^^^^^^^^^^^^^^^^ 💡 error[type-mismatch]: there is no time zone `America/New York`, so the action would fail; did you mean `America/New_York`?
      - validate: at AT TIME ZONE 'UTC' > due AND at AT TIME ZONE 'Mars/Phobos' > due
      - validate: extract(yaer FROM at) > 2000
      #                   ^^^^ 💡 error[type-mismatch]: there is no part `yaer` of a time, so the action would fail; did you mean `year`?
"#,
    );
}

#[test]
fn entities_of_one_name_are_told_apart() {
    check_diagnostics(
        "
#- /crm.yaml
entity: Account
schema: crm
fields: {name: text, billing: ref(fin.Account)}
actions:
  - name: look
    steps:
      - validate: billing = input.id
      #           ^^^^^^^^^^^^^^^^^^ error[type-mismatch]: a reference to `fin.Account` and a reference to `crm.Account` are rows of different tables, so comparing them says nothing
#- /fin.yaml
entity: Account
schema: fin
qualified: true
fields: {iban: text}
",
    );
}
