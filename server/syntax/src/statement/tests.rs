//! One-line statements and expressions, whole and half typed, as trees and problems.

use std::{fmt::Write as _, sync::Arc};

use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;
use crate::expression::{ExpressionKind, UnaryOperator};

/// What each line means as the value of a step's keyword, with its problems.
fn shown(keyword: StatementKeyword, lines: &[&str]) -> String {
    let mut out = String::new();
    for line in lines {
        let text = format!("x: {}\n", quoted(line));
        let parse = crate::parse(text.as_str().into());
        let node = parse.yaml().root.get("x").cloned().unwrap();
        let (statement, problems) = parse_statement(keyword, node.as_scalar().unwrap());
        writeln!(out, "{line}\n    {}", statement_text(&statement)).unwrap();
        for problem in problems {
            let at = problem.range.slice(&text);
            writeln!(out, "    {at:?}: {:?}", problem.kind).unwrap();
        }
    }
    out
}

/// Double quotes: so every test of a line is one of escapes and positions, too.
fn quoted(line: &str) -> String {
    format!("\"{}\"", line.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

fn statement_text(statement: &Statement) -> String {
    let names = |names: &[Name]| names.iter().map(Name::as_str).collect::<Vec<_>>().join(" ");
    match statement {
        Statement::Condition(it) => text(it),
        Statement::Write(it) => {
            let entity = it.entity.as_ref().map_or_else(|| "∅".to_owned(), entity_text);
            let mut out = format!("entity {entity}");
            if !it.columns.is_empty() {
                write!(out, " columns [{}]", names(&it.columns)).unwrap();
            }
            for it in &it.assignments {
                write!(out, " set {} = {}", it.field.as_str(), text(&it.value)).unwrap();
            }
            if let Some(from) = &it.from {
                write!(out, " from {}", from.as_str()).unwrap();
            }
            if let Some(filter) = &it.filter {
                write!(out, " where {}", text(filter)).unwrap();
            }
            out
        }
        Statement::ForEach(it) => {
            let variable = it.variable.as_ref().map_or("∅", Name::as_str);
            let filter = it.filter.as_ref().map(|it| format!(" where {}", text(it)));
            format!("each {variable} in {}{}", text(&it.collection), filter.unwrap_or_default())
        }
        Statement::Call(it) => {
            let mut out = format!(
                "call {:?} {:?}",
                it.schema.as_ref().map(Name::as_str),
                it.function.as_ref().map(Name::as_str)
            );
            for (name, value) in &it.arguments {
                let name = name.as_ref().map_or("_", Name::as_str);
                write!(out, " {name} = {}", text(value)).unwrap();
            }
            out
        }
        Statement::Notify(it) => {
            let channel = it.channel.as_ref().map(Name::as_str);
            let recipient = it.recipient.as_ref().map(text);
            format!("notify {recipient:?} by {channel:?}: {:?}", it.message.as_ref().map(text))
        }
    }
}

fn entity_text(entity: &EntityReference) -> String {
    let schema = entity.schema.as_ref().map(|it| format!("{}.", it.as_str()));
    format!("{}{}", schema.unwrap_or_default(), entity.name.as_str())
}

/// An expression in prefix form, so that its structure shows.
fn text(expression: &Expression) -> String {
    let all = |list: &[Expression]| list.iter().map(text).collect::<Vec<_>>().join(" ");
    let no = |negated: bool| if negated { "not-" } else { "" };
    match &expression.kind {
        ExpressionKind::Missing => "∅".to_owned(),
        ExpressionKind::String(it) => format!("{it:?}"),
        ExpressionKind::Number(it) => it.to_string(),
        ExpressionKind::Bool(it) => it.to_string(),
        ExpressionKind::Null => "null".to_owned(),
        ExpressionKind::Parameter => "?".to_owned(),
        ExpressionKind::Path(it) => it.text(),
        ExpressionKind::Unary(UnaryOperator::Not, it) => format!("(not {})", text(it)),
        ExpressionKind::Unary(UnaryOperator::Negate, it) => format!("(neg {})", text(it)),
        ExpressionKind::Binary(left, operator, _, right) => {
            format!("({operator:?} {} {})", text(left), text(right))
        }
        ExpressionKind::IsNull { operand, negated } => {
            format!("({}null? {})", no(*negated), text(operand))
        }
        ExpressionKind::In { operand, list, negated } => {
            format!("({}in {} [{}])", no(*negated), text(operand), all(list))
        }
        ExpressionKind::Like { operand, pattern, negated, ignore_case } => {
            let i = if *ignore_case { "i" } else { "" };
            format!("({}{i}like {} {})", no(*negated), text(operand), text(pattern))
        }
        ExpressionKind::Between { operand, low, high, negated } => {
            format!("({}between {} {} {})", no(*negated), text(operand), text(low), text(high))
        }
        ExpressionKind::Case { operand, arms, otherwise } => {
            let mut out = String::from("(case");
            if let Some(it) = operand {
                write!(out, " {}", text(it)).unwrap();
            }
            for (when, then) in arms {
                write!(out, " [{} {}]", text(when), text(then)).unwrap();
            }
            if let Some(it) = otherwise {
                write!(out, " else {}", text(it)).unwrap();
            }
            out + ")"
        }
        ExpressionKind::Cast(it, ty) => format!("({} :: {})", text(it), ty.as_str()),
        ExpressionKind::Call { function, arguments, star } => {
            format!("{}({}{})", function.as_str(), all(arguments), if *star { "*" } else { "" })
        }
        ExpressionKind::Exists { entity, filter, negated } => {
            let filter = filter.as_ref().map(|it| format!(" {}", text(it)));
            format!(
                "({}exists {}{})",
                no(*negated),
                entity_text(entity),
                filter.unwrap_or_default()
            )
        }
        ExpressionKind::Matches { operand, pattern, quoted, negated } => {
            let pattern = pattern.as_str();
            let pattern = if *quoted { format!("{pattern:?}") } else { pattern.to_owned() };
            format!("({}matches {} {pattern})", no(*negated), text(operand))
        }
        ExpressionKind::IsValid(it) => format!("(valid? {})", text(it)),
        ExpressionKind::IsUnique { operand, negated } => {
            format!("({}unique? {})", no(*negated), text(operand))
        }
        ExpressionKind::RawSql(it) => format!("«{it}»"),
    }
}

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
        (And (Greater (price :: decimal(10, 2)) (x :: text)) (not-null? (ROW(a b) :: app.money)))
    count(*) > 3 AND COALESCE(a, '') = E'\n-\''
        (And (Greater count(*) 3) (Equal COALESCE(a "") "\n-'"))
    now() - INTERVAL '30 days' < created_at
        (Less (Subtract now() ("30 days" :: INTERVAL)) created_at)
    NOT EXISTS Loan WHERE book = input.book AND state = 'open'
        (not-exists Loan (And (Equal book input.book) (Equal state "open")))
    EXISTS (crm.Company WHERE id = 1) AND a
        (And (exists crm.Company (Equal id 1)) a)
    EXISTS (SELECT 1 FROM t WHERE a = ')') AND NOT EXISTS(SELECT 2)
        (And «EXISTS (SELECT 1 FROM t WHERE a = ')')» (not «EXISTS(SELECT 2)»))
    (SELECT status FROM crm.tb_company WHERE id = p_id) = 'prospect'
        (Equal «(SELECT status FROM crm.tb_company WHERE id = p_id)» "prospect")
    email MATCHES email AND code MATCHES '^[A-Z]+$' AND x NOT MATCHES email_pattern
        (And (And (matches email email) (matches code "^[A-Z]+$")) (not-matches x email_pattern))
    email is valid AND NOT symbol IS UNIQUE AND code IS NOT VALID
        (And (And (valid? email) (not (unique? symbol))) (not (valid? code)))
    published IS TRUE AND hidden IS NOT FALSE
        (And COALESCE(published false) COALESCE(hidden true))
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
        (Equal ("x" :: data) 1)
        "->>": Unexpected
    ) a
        ∅
        "": Expected("a value")
        ") a": Unexpected
    a b c = 1 ;
        (Equal a 1)
        "b c": Unexpected
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
        entity User
        "STE a = 1": Unexpected
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

#[test]
fn depth_has_a_limit() {
    for deep in [
        format!("{}a", "(".repeat(100_000)),
        format!("a{}", " + a".repeat(100_000)),
        "NOT ".repeat(100_000),
        "f(".repeat(50_000),
        "CASE ".repeat(50_000),
        "x BETWEEN ".repeat(20_000),
        "EXISTS a WHERE ".repeat(20_000),
    ] {
        let scalar = scalar_of(&deep);
        let (_, problems) = parse_statement(StatementKeyword::Condition, &scalar);
        assert!(problems.iter().any(|it| it.kind == LineProblemKind::TooDeep));
        for keyword in [StatementKeyword::Write, StatementKeyword::Call] {
            let (_, problems) = parse_statement(keyword, &scalar);
            assert!(!problems.is_empty());
        }
    }
}

fn scalar_of(line: &str) -> Arc<Scalar> {
    let text = format!("x: {}", quoted(line));
    let parse = crate::parse(text.as_str().into());
    match &parse.yaml().root.get("x").unwrap().kind {
        crate::yaml::NodeKind::Scalar(it) => Arc::clone(it),
        other => panic!("{other:?}"),
    }
}

/// Texts of one line that reach every token and every state.
fn any_line() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a",
        "User",
        " ",
        ".",
        ",",
        "(",
        ")",
        "[",
        "[]",
        "=",
        "==",
        "<",
        "<>",
        "!",
        "!~",
        "~*",
        "+",
        "-",
        "*",
        "/",
        "%",
        "|",
        "||",
        "::",
        ":",
        "$",
        "?",
        "'",
        "''",
        "\"",
        "E'",
        "1",
        "1.5",
        ".5e+",
        "\n",
        " AND ",
        " or ",
        "NOT ",
        " IS ",
        " IN ",
        " LIKE ",
        " BETWEEN ",
        "null",
        "TRUE",
        "CASE ",
        " WHEN ",
        " THEN ",
        " ELSE ",
        " END",
        "EXISTS ",
        " MATCHES ",
        "valid",
        " UNIQUE",
        "CAST",
        "CAST(",
        " AS ",
        " SET ",
        " VALUES ",
        " FROM ",
        " WHERE ",
        "(SELECT ",
        "é",
        "😀",
        "@",
        ";",
        "\u{85}",
        "\u{a0}",
        "\0",
        "\u{feff}",
        "{{",
    ]);
    prop::collection::vec(pieces, 0..30).prop_map(|it| it.concat())
}

proptest! {
    #[test]
    fn any_line_has_a_statement_with_sound_places(line in any_line()) {
        let tree = crate::line::parse(crate::line::Language::Step, &line);
        prop_assert!(!tree.root_node().has_error(), "{}", tree.root_node().to_sexp());
        let text = format!("x: {}\n", quoted(&line));
        let parse = crate::parse(text.as_str().into());
        let node = parse.yaml().root.get("x").cloned().unwrap();
        for keyword in [
            StatementKeyword::Condition, StatementKeyword::Write, StatementKeyword::ForEach,
            StatementKeyword::Call, StatementKeyword::Notify,
        ] {
            let (statement, problems) = parse_statement(keyword, node.as_scalar().unwrap());
            for problem in problems {
                prop_assert!(node.range.contains_range(problem.range));
                prop_assert!(text.get(problem.range.to_usize()).is_some());
            }
            if let Statement::Condition(it) = statement {
                let mut sound = true;
                it.walk(&mut |it| sound &= text.get(it.range.to_usize()).is_some());
                prop_assert!(sound);
            }
        }
    }
}
