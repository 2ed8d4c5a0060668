//! One-line statements and expressions, whole and half typed, as trees and problems.

use insta::assert_snapshot;

use super::{super::*, shown::shown};

#[test]
fn conditions() {
    assert_snapshot!(shown(StatementKeyword::Condition, &[
        "title IS NOT NULL AND slug is null",
        "a = 1 OR b == 'x' AND NOT c <> 2.5e3",
        "a + b * -c - d % 2 = e || 'f' || \"g\"",
        "author.company.name = input.name AND $row.x != ?",
        "status IN ('a', 'b') AND kind not in (SELECT kind FROM t)",
        "name LIKE '%x' OR name NOT ILIKE 'it''s'",
        "age BETWEEN 1 AND 10 AND x NOT BETWEEN low AND high",
        "CASE WHEN a < b THEN 1 ELSE 0 END > CASE kind WHEN 'x' THEN 2 END",
        "end > start",
        "price::decimal(10, 2) > CAST(x AS text) AND ROW(a, b)::app.money IS NOT NULL",
        "count(*) > 3 AND COALESCE(a, '') = E'\\n-\\''",
        "now() - INTERVAL '30 days' < created_at",
        "NOT EXISTS Loan WHERE book = input.book AND state = 'open'",
        "EXISTS (crm.Company WHERE id = 1) AND a",
        "EXISTS (SELECT 1 FROM t WHERE a = ')') AND NOT EXISTS(SELECT 2)",
        "(SELECT status FROM crm.tb_company WHERE id = p_id) = 'prospect'",
        "email MATCHES email AND code MATCHES '^[A-Z]+$' AND x NOT MATCHES email_pattern",
        "email is valid AND NOT symbol IS UNIQUE AND code IS NOT VALID",
        "published IS TRUE AND hidden IS NOT FALSE",
        "name ~* '^a' AND name !~ 'b'",
        "((a OR b)) AND (c)",
        "flag AND\n  other",
    ]), @r#"
    title IS NOT NULL AND slug is null
        (And (not-null? title) (null? slug))
    a = 1 OR b == 'x' AND NOT c <> 2.5e3
        (Or (Equal a 1) (And (Equal b "x") (not (NotEqual c 2.5e3))))
    a + b * -c - d % 2 = e || 'f' || "g"
        (Equal (Subtract (Add a (Multiply b (neg c))) (Modulo d 2)) (Concat (Concat e "f") "g"))
    author.company.name = input.name AND $row.x != ?
        (And (Equal author.company.name input.name) (NotEqual $row.x ?))
    status IN ('a', 'b') AND kind not in (SELECT kind FROM t)
        (And (in status ["a" "b"]) (not-in kind [«(SELECT kind FROM t)»]))
    name LIKE '%x' OR name NOT ILIKE 'it''s'
        (Or (like name "%x") (not-ilike name "it's"))
    age BETWEEN 1 AND 10 AND x NOT BETWEEN low AND high
        (And (between age 1 10) (not-between x low high))
    CASE WHEN a < b THEN 1 ELSE 0 END > CASE kind WHEN 'x' THEN 2 END
        (Greater (case [(Less a b) 1] else 0) (case kind ["x" 2]))
    end > start
        (Greater end start)
    price::decimal(10, 2) > CAST(x AS text) AND ROW(a, b)::app.money IS NOT NULL
        (And (Greater (price :: decimal(10, 2)) (x :: text)) (not-null? (row[a b] :: app.money)))
    count(*) > 3 AND COALESCE(a, '') = E'\n-\''
        (And (Greater count(*) 3) (Equal COALESCE(a "") "\n-'"))
    now() - INTERVAL '30 days' < created_at
        (Less (Subtract now() ("30 days" :: INTERVAL)) created_at)
    NOT EXISTS Loan WHERE book = input.book AND state = 'open'
        (not-exists Loan (And (Equal book input.book) (Equal state "open")))
    EXISTS (crm.Company WHERE id = 1) AND a
        (And (exists crm.Company (Equal id 1)) a)
    EXISTS (SELECT 1 FROM t WHERE a = ')') AND NOT EXISTS(SELECT 2)
        (And EXISTS(«(SELECT 1 FROM t WHERE a = ')')») (not EXISTS(«(SELECT 2)»)))
    (SELECT status FROM crm.tb_company WHERE id = p_id) = 'prospect'
        (Equal «(SELECT status FROM crm.tb_company WHERE id = p_id)» "prospect")
    email MATCHES email AND code MATCHES '^[A-Z]+$' AND x NOT MATCHES email_pattern
        (And (And (matches email email) (matches code "^[A-Z]+$")) (not-matches x email_pattern))
    email is valid AND NOT symbol IS UNIQUE AND code IS NOT VALID
        (And (And (valid? email) (not (unique? symbol))) (not (valid? code)))
    published IS TRUE AND hidden IS NOT FALSE
        (And (true? published) (not-false? hidden))
    name ~* '^a' AND name !~ 'b'
        (And (Regex { negated: false, ignore_case: true } name "^a") (Regex { negated: true, ignore_case: false } name "b"))
    ((a OR b)) AND (c)
        (And (Or a b) c)
    flag AND
      other
        (And flag other)
    "#);
}

#[test]
fn half_typed_conditions() {
    assert_snapshot!(shown(StatementKeyword::Condition, &[
        "",
        "author.",
        "author..name = 1",
        "status IN (",
        "status IN ('a',",
        "status IN",
        "a = ",
        "a AND OR b",
        "a NOT",
        "a IS",
        "a IS NOT",
        "a BETWEEN 1",
        "a MATCHES",
        "a = 'x",
        "a = \"x",
        "(a OR b",
        "f(a, ",
        "f(a b",
        "CASE WHEN a",
        "CASE WHEN a THEN 1",
        "CASE",
        "EXISTS",
        "EXISTS (Loan WHERE",
        "(SELECT 1",
        "x::",
        "CAST(x",
        "a = @ b",
        "data->>'x' = 1",
        ") a",
        "a b c = 1 ;",
        "a = 1 WHERE b = 2",
    ]), @r#"
        ∅
        "": Expected("a value")
    author.
        author.
        "": Expected("a name")
    author..name = 1
        (Equal author..name 1)
        "": Expected("a name")
    status IN (
        (in status [∅])
        "(": Unclosed('(')
        "": Expected("a value")
    status IN ('a',
        (in status ["a" ∅])
        "(": Unclosed('(')
        "": Expected("a value")
    status IN
        (in status [∅])
        "": Expected("a value")
    a = 
        (Equal a ∅)
        "": Expected("a value")
    a AND OR b
        (Or (And a ∅) b)
        "": Expected("a value")
    a NOT
        a
        "": Expected("`IN`, `LIKE`, `BETWEEN` or `MATCHES`")
    a IS
        (null? a)
        "": Expected("`NULL`")
    a IS NOT
        (not-null? a)
        "": Expected("`NULL`")
    a BETWEEN 1
        (between a 1 ∅)
        "": Expected("`AND`")
    a MATCHES
        (matches a )
        "": Expected("a pattern")
    a = 'x
        (Equal a "x")
        "'": Unclosed('\'')
    a = "x
        (Equal a "x")
        "\\\"": Unclosed('"')
    (a OR b
        (Or a b)
        "(": Unclosed('(')
    f(a, 
        f(a ∅)
        "(": Unclosed('(')
        "": Expected("a value")
    f(a b
        f(a b)
        "(": Unclosed('(')
        "": Expected("`,`")
    CASE WHEN a
        (case [a ∅])
        "": Expected("`THEN`")
    CASE WHEN a THEN 1
        (case [a 1])
        "": Expected("`END`")
    CASE
        (case)
        "": Expected("a value")
    EXISTS
        (exists )
        "": Expected("an entity")
    EXISTS (Loan WHERE
        (exists Loan ∅)
        "(": Unclosed('(')
        "": Expected("a value")
    (SELECT 1
        «(SELECT 1»
        "(": Unclosed('(')
    x::
        (x :: )
        "": Expected("a type")
    CAST(x
        x
        "(": Unclosed('(')
        "": Expected("`AS`")
    a = @ b
        (Equal a b)
        "@": Unexpected
    data->>'x' = 1
        (Equal (->> data "x") 1)
    ) a
        ∅
        "": Expected("a value")
        ") a": Unexpected
    a b c = 1 ;
        a
        "b": Unexpected
        "c = 1": Unexpected
        ";": Unexpected
    a = 1 WHERE b = 2
        (Equal a 1)
        "WHERE b = 2": Unexpected
    "#);
}

#[test]
fn writes() {
    assert_snapshot!(shown(StatementKeyword::Write, &[
        "Post",
        "Post(title, content)",
        "Post(title = 'x', a = b OR c, d)",
        "Post VALUES (title = 'x', n = 1)",
        "Post(title, n) VALUES ('x', 1)",
        "Post FROM input",
        "User SET post_count = post_count + 1",
        "crm.Contact set a = 1, b = NULL where id = $contact.id and x = ?",
        "\n  crm.tb_contact\n  SET\n    status = 'churned',\n    notes = COALESCE(notes, '') || E'\\n---'\n  WHERE id = p_contact_id\n",
        "Visit WHERE patient = input.id",
        "User SET where_from = 'x', address.city = 'y'",
    ]), @r#"
    Post
        entity Post
    Post(title, content)
        entity Post columns [title content]
    Post(title = 'x', a = b OR c, d)
        entity Post columns [d] set title = "x" set a = (Or b c)
    Post VALUES (title = 'x', n = 1)
        entity Post set title = "x" set n = 1
    Post(title, n) VALUES ('x', 1)
        entity Post set title = "x" set n = 1
    Post FROM input
        entity Post from input
    User SET post_count = post_count + 1
        entity User set post_count = (Add post_count 1)
    crm.Contact set a = 1, b = NULL where id = $contact.id and x = ?
        entity crm.Contact set a = 1 set b = null where (And (Equal id $contact.id) (Equal x ?))

      crm.tb_contact
      SET
        status = 'churned',
        notes = COALESCE(notes, '') || E'\n---'
      WHERE id = p_contact_id

        entity crm.tb_contact set status = "churned" set notes = (Concat COALESCE(notes "") "\n---") where (Equal id p_contact_id)
    Visit WHERE patient = input.id
        entity Visit where (Equal patient input.id)
    User SET where_from = 'x', address.city = 'y'
        entity User set where_from = "x" set address.city = "y"
    "#);
}

#[test]
fn half_typed_writes() {
    assert_snapshot!(shown(StatementKeyword::Write, &[
        "",
        "User SE",
        "crm.",
        "User SET",
        "User SET ",
        "User SET post_count",
        "User SET post_count =",
        "User SET post_count = WHERE id = 1",
        "User SET a = 1,",
        "User SET a = 1, WHERE",
        "User SET a = 1 b = 2",
        "User SET a = 'x, b = 2",
        "User SET a = (1 + WHERE id = 2",
        "User STE a = 1",
        "User SET = 3",
        "SET a = 1",
        "User WHERE",
        "User WHERE id",
        "Post(",
        "Post(title,",
        "Post VALUES",
        "Post VALUES (a =",
        "Post FROM",
        "1 + 2",
        "User WHERE a = 1 WHERE b = 2",
        "{{ entity.name }}",
    ]), @r#"
        entity ∅
        "": Expected("an entity")
    User SE
        entity User
        "SE": Unexpected
    crm.
        entity crm.
        "": Expected("a name")
    User SET
        entity User set  = ∅
        "": Expected("a field")
    User SET 
        entity User set  = ∅
        "": Expected("a field")
    User SET post_count
        entity User set post_count = ∅
        "": Expected("`=`")
    User SET post_count =
        entity User set post_count = ∅
        "": Expected("a value")
    User SET post_count = WHERE id = 1
        entity User set post_count = ∅ where (Equal id 1)
        "": Expected("a value")
    User SET a = 1,
        entity User set a = 1 set  = ∅
        "": Expected("a field")
    User SET a = 1, WHERE
        entity User set a = 1 set  = ∅ where ∅
        "": Expected("a field")
        "": Expected("a value")
    User SET a = 1 b = 2
        entity User set a = 1 set b = 2
        "": Expected("`,`")
    User SET a = 'x, b = 2
        entity User set a = "x, b = 2"
        "'": Unclosed('\'')
    User SET a = (1 + WHERE id = 2
        entity User set a = (Add 1 ∅) where (Equal id 2)
        "(": Unclosed('(')
        "": Expected("a value")
    User STE a = 1
        entity User set a = 1
        "STE": Unexpected
        "": Expected("`SET`")
    User SET = 3
        entity User set  = 3
        "": Expected("a field")
    SET a = 1
        entity ∅ set a = 1
        "": Expected("an entity")
    User WHERE
        entity User where ∅
        "": Expected("a value")
    User WHERE id
        entity User where id
    Post(
        entity Post
        "(": Unclosed('(')
        "": Expected("a field")
    Post(title,
        entity Post columns [title]
        "(": Unclosed('(')
        "": Expected("a field")
    Post VALUES
        entity Post
        "": Expected("`(`")
    Post VALUES (a =
        entity Post set a = ∅
        "(": Unclosed('(')
        "": Expected("a value")
    Post FROM
        entity Post
        "": Expected("a source, such as `input`")
    1 + 2
        entity ∅
        "": Expected("an entity")
    User WHERE a = 1 WHERE b = 2
        entity User where (Equal a 1)
        "WHERE b = 2": Unexpected
    {{ entity.name }}
        entity entity.name
        "{{": Unexpected
        "}}": Unexpected
    "#);
}

#[test]
fn loops_calls_and_notifications() {
    assert_snapshot!(shown(StatementKeyword::ForEach, &[
        "visit in Visit WHERE patient = input.id",
        "item in input.items",
        "x in (SELECT id FROM t)",
        "x in related_items(1)",
        "",
        "x",
        "x in",
        "x in (",
        "a.b in c",
        "xs as x",
    ]), @r#"
    visit in Visit WHERE patient = input.id
        each visit in Visit where (Equal patient input.id)
    item in input.items
        each item in input.items
    x in (SELECT id FROM t)
        each x in «(SELECT id FROM t)»
    x in related_items(1)
        each x in related_items(1)

        each ∅ in ∅
        "": Expected("a loop variable")
    x
        each x in ∅
        "": Expected("`in`")
    x in
        each x in ∅
        "": Expected("a value")
    x in (
        each x in ∅
        "(": Unclosed('(')
        "": Expected("a value")
    a.b in c
        each ∅ in c
        "a.b": Unexpected
    xs as x
        each xs in ∅
        "": Expected("`in`")
        "as x": Unexpected
    "#);
    assert_snapshot!(shown(StatementKeyword::Call, &[
        "send_email(to = author.email, flag = a OR b, 'x')",
        "app.audit.log()",
        "send_email",
        "f(a = b = c, x = y IS NULL)",
        "",
        "f(",
        "f(a =",
        "1 + 2",
        "f(a) WHERE b",
    ]), @r#"
    send_email(to = author.email, flag = a OR b, 'x')
        call None Some("send_email") to = author.email flag = (Or a b) _ = "x"
    app.audit.log()
        call Some("app.audit") Some("log")
    send_email
        call None Some("send_email")
    f(a = b = c, x = y IS NULL)
        call None Some("f") a = (Equal b c) x = (null? y)

        call None None
        "": Expected("a function or an action")
    f(
        call None Some("f") _ = ∅
        "(": Unclosed('(')
        "": Expected("a value")
    f(a =
        call None Some("f") a = ∅
        "(": Unclosed('(')
        "": Expected("a value")
    1 + 2
        call None None
        "": Expected("a function or an action")
    f(a) WHERE b
        call None Some("f") _ = a
        "WHERE b": Unexpected
    "#);
    assert_snapshot!(shown(StatementKeyword::Notify, &[
        "librarian(email, \"book is back\")",
        "author.owner('sms', 'text')",
        "post_published",
        "'someone@example.org'",
        "",
        "librarian(",
        "librarian(email, New post)",
        "librarian(email, 'a', 'b')",
    ]), @r#"
    librarian(email, "book is back")
        notify Some("librarian") by Some("email"): Some("\"book is back\"")
    author.owner('sms', 'text')
        notify Some("author.owner") by Some("sms"): Some("\"text\"")
    post_published
        notify Some("post_published") by None: None
    'someone@example.org'
        notify Some("\"someone@example.org\"") by None: None

        notify None by None: None
        "": Expected("a recipient or an event")
    librarian(
        notify Some("librarian") by None: None
        "(": Unclosed('(')
        "": Expected("a value")
    librarian(email, New post)
        notify Some("librarian") by Some("email"): Some("New")
        "": Expected("`,`")
        "post": Unexpected
    librarian(email, 'a', 'b')
        notify Some("librarian") by Some("email"): Some("\"a\"")
        "'b'": Unexpected
    "#);
}

#[test]
fn places_survive_folds_and_indentation() {
    let text = "x: >\n  User\n    SET a = 1\n  WHERE b = 'c'\ny: User SET a = 1,\n  b\n   = 2\n";
    let parse = crate::parse(text.into());
    let written = |key: &str| {
        let node = parse.yaml().root.get(key).cloned().unwrap();
        let (statement, problems) =
            parse_statement(StatementKeyword::Write, node.as_scalar().unwrap());
        assert_eq!(problems, []);
        let Statement::Write(it) = statement else { unreachable!() };
        it
    };
    let folded = written("x");
    assert_eq!(folded.entity.unwrap().range().slice(text), "User");
    assert_eq!(folded.filter.unwrap().range.slice(text), "b = 'c'");
    let plain = written("y");
    assert_eq!(plain.assignments[1].field.range.slice(text), "b");
    assert_eq!(plain.assignments[1].value.range.slice(text), "2");
}
