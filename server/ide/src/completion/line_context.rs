//! What is expected at the end of a half-typed statement or expression.

use super::tokens::{Line, Token};

/// What can stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expected<'a> {
    /// The name of an entity.
    Entity,
    /// A keyword that continues the statement: the ones that can.
    Keyword(&'static [&'static str]),
    /// A field of the written entity that gets a value.
    Target,
    /// A value.
    Operand {
        /// What it is assigned to or compared with.
        against: Option<Against<'a>>,
        /// The entity of an enclosing `EXISTS Entity WHERE`, whose fields come first.
        inside: Option<&'a str>,
    },
    /// An operator, or a keyword that ends the expression.
    Operator(&'static [&'static str]),
    /// Of these words those that a value of the path's type takes.
    OperatorOf {
        /// The operand that stands alone before the cursor.
        path: &'a str,
        /// As for an operand.
        inside: Option<&'a str>,
        /// What can follow where nothing is known of the type.
        words: &'static [&'static str],
    },
    /// The source of all fields, after `FROM`.
    Source,
    /// What a loop runs over: an entity, or a path to a list.
    Collection,
    /// A type, after `::`.
    SqlType,
    /// A pattern, after `MATCHES`.
    Pattern,
    /// An action or a function.
    Callee,
    /// A new name, or something only the author knows.
    Nothing,
}

/// What a value goes with: its type says which values there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Against<'a> {
    /// A path, which means what it means in the expression.
    Compared(&'a str),
    /// A field of the rows that are written, or a parameter of what is called.
    Assigned(&'a str),
}

/// The keywords behind an entity, by the step's keyword.
fn after_entity(keyword: &str) -> &'static [&'static str] {
    match keyword {
        "insert" => &["SET", "VALUES", "FROM input"],
        "update" => &["SET", "WHERE", "FROM input"],
        "upsert" => &["SET", "VALUES", "WHERE", "FROM input"],
        _ => &["WHERE"],
    }
}

const OPERATORS: &[&str] =
    &["AND", "OR", "IS NULL", "IS NOT NULL", "IN", "NOT IN", "LIKE", "ILIKE", "BETWEEN"];
/// What ends the assignments of a step; those of an `insert` end with it.
fn after_assignments(keyword: &str) -> &'static [&'static str] {
    if keyword == "insert" { &[] } else { &["WHERE"] }
}

const OPERATORS_OF_CONDITION: &[&str] = &[
    "AND",
    "OR",
    "IS NULL",
    "IS NOT NULL",
    "IN",
    "NOT IN",
    "LIKE",
    "ILIKE",
    "BETWEEN",
    "MATCHES",
    "is valid",
];

/// What is expected at the end of the value of a step's keyword.
pub(super) fn statement<'a>(keyword: &str, line: &Line<'a>) -> Expected<'a> {
    match keyword {
        "insert" | "update" | "upsert" | "delete" | "find" => write(keyword, line),
        "validate" | "if" | "switch" | "when" => expression(line, &line.tokens, None),
        "foreach" => for_each(line),
        "call" => call(line),
        "notify" => match line.tokens.as_slice() {
            [] => Expected::Operand { against: None, inside: None },
            [Token::Word(_), open] if open.is_symbol("(") => {
                Expected::Keyword(&["email", "sms", "push", "webhook"])
            }
            _ => Expected::Nothing,
        },
        _ => Expected::Nothing,
    }
}

/// What is expected at the end of an expression; `against` is what a lone value goes with.
pub(super) fn value<'a>(line: &Line<'a>, against: Option<Against<'a>>) -> Expected<'a> {
    operand_or_operator(&line.tokens, against, OPERATORS)
}

fn write<'a>(keyword: &str, line: &Line<'a>) -> Expected<'a> {
    let Some((Token::Word(_), rest)) = line.tokens.split_first() else {
        return if line.tokens.is_empty() { Expected::Entity } else { Expected::Nothing };
    };
    let clause = rest.iter().rposition(|it| {
        ["SET", "VALUES", "WHERE", "FROM"].iter().any(|keyword| it.is_word(keyword))
    });
    let (clause, body) = match clause.and_then(|it| rest.get(it..)?.split_first()) {
        Some(it) => it,
        None => match rest.split_first() {
            None => return Expected::Keyword(after_entity(keyword)),
            Some(it) => it,
        },
    };
    match clause {
        it if it.is_word("WHERE") => expression(line, body, None),
        it if it.is_word("FROM") => Expected::Source,
        it if it.is_word("SET") || it.is_word("VALUES") || it.is_symbol("(") => {
            assignments(keyword, body)
        }
        _ => Expected::Nothing,
    }
}

/// `a = 1, b = `, with or without the opening parenthesis before it.
fn assignments<'a>(keyword: &str, tokens: &[Token<'a>]) -> Expected<'a> {
    let tokens = match tokens.split_first() {
        Some((first, rest)) if first.is_symbol("(") => rest,
        _ => tokens,
    };
    if depth(tokens) < 0 {
        return Expected::Keyword(after_assignments(keyword));
    }
    let start = last_at_depth_zero(tokens, |it| it.is_symbol(",")).map_or(0, |it| it + 1);
    match tokens.get(start..).unwrap_or_default() {
        [] => Expected::Target,
        [Token::Word(_)] => Expected::Nothing,
        [Token::Word(target), equals, value @ ..] if equals.is_symbol("=") => {
            let operators = after_assignments(keyword);
            operand_or_operator(value, Some(Against::Assigned(target)), operators)
        }
        _ => Expected::Nothing,
    }
}

/// A condition; inside an `EXISTS` it may be an entity that is expected.
fn expression<'a>(
    line: &Line<'a>,
    tokens: &[Token<'a>],
    against: Option<Against<'a>>,
) -> Expected<'a> {
    let operators =
        if line.tokens.len() == tokens.len() { OPERATORS_OF_CONDITION } else { OPERATORS };
    operand_or_operator(tokens, against, operators)
}

fn operand_or_operator<'a>(
    tokens: &[Token<'a>],
    against: Option<Against<'a>>,
    operators: &'static [&'static str],
) -> Expected<'a> {
    let (inside, tokens) = match enclosing_exists(tokens) {
        Some(Exists::Entity) => return Expected::Entity,
        Some(Exists::Where) => return Expected::Keyword(&["WHERE"]),
        Some(Exists::Condition(entity, rest)) => (Some(entity), rest),
        None => (None, tokens),
    };
    let against = if inside.is_some() { None } else { against };
    let Some((last, before)) = tokens.split_last() else {
        return Expected::Operand { against, inside };
    };
    if last.is_symbol("::") {
        return Expected::SqlType;
    }
    if last.is_word("MATCHES") {
        return Expected::Pattern;
    }
    if last.is_word("IS") && operators.contains(&"is valid") {
        return Expected::Keyword(&["NULL", "NOT NULL", "TRUE", "FALSE", "valid"]);
    }
    if let Some(words) = continued(*last, before) {
        return Expected::Keyword(words);
    }
    // A list stands behind `IN`, in brackets, and a comma or the end of it behind each of its items.
    if last.is_word("IN") || ends_operand(*last) && in_list(tokens) {
        return Expected::Nothing;
    }
    if ends_operand(*last) {
        let words = in_case(tokens).unwrap_or(operators);
        return match predicate(tokens) {
            Predicate::Open => match lone(*last, before) {
                Some(path) => Expected::OperatorOf { path, inside, words },
                None => Expected::Operator(words),
            },
            Predicate::Bound => Expected::Operator(&["AND"]),
            Predicate::Closed => Expected::Operator(joining(words)),
        };
    }
    Expected::Operand {
        against: compared(*last, before).map(Against::Compared).or(against),
        inside,
    }
}

/// The path at the end of some tokens, where nothing is computed with it.
fn lone<'a>(last: Token<'a>, before: &[Token<'a>]) -> Option<&'a str> {
    const OPENERS: [&str; 5] = ["AND", "OR", "NOT", "WHERE", "WHEN"];
    let opens = |it: &Token<'_>| it.is_symbol("(") || OPENERS.iter().any(|word| it.is_word(word));
    path(Some(&last)).filter(|_| before.last().is_none_or(opens))
}

/// Whether the innermost bracket that is open is that of a list behind `IN`.
fn in_list(tokens: &[Token<'_>]) -> bool {
    let open = unclosed_bracket(tokens).and_then(|it| it.checked_sub(1));
    open.and_then(|it| tokens.get(it)).is_some_and(|it| it.is_word("IN"))
}

/// What stands in the list behind `IN` around the end of some tokens; `behind` is what follows them.
pub(super) fn listed<'a>(tokens: &[Token<'a>], behind: &[Token<'a>]) -> Vec<Token<'a>> {
    let Some(open) = unclosed_bracket(tokens).filter(|_| in_list(tokens)) else {
        return Vec::new();
    };
    let rest = (0..behind.len()).find(|it| behind.get(..=*it).is_some_and(|it| depth(it) < 0));
    let before = tokens.get(open + 1..).unwrap_or_default();
    let behind = behind.get(..rest.unwrap_or(behind.len())).unwrap_or_default();
    let items = [before, behind].into_iter().flat_map(|it| it.split(|it| it.is_symbol(",")));
    items.filter_map(|it| if let [one] = it { Some(*one) } else { None }).collect()
}

/// The words that go on behind half an operator: `x IS`, `x IS NOT`, `x NOT`, `CASE`.
fn continued(last: Token<'_>, before: &[Token<'_>]) -> Option<&'static [&'static str]> {
    let previous = before.last();
    if last.is_word("IS") {
        Some(&["NULL", "NOT NULL", "TRUE", "FALSE"])
    } else if last.is_word("NOT") && previous.is_some_and(|it| it.is_word("IS")) {
        Some(&["NULL", "TRUE", "FALSE"])
    } else if last.is_word("NOT") && previous.is_some_and(|it| ends_operand(*it)) {
        Some(&["IN", "LIKE", "ILIKE", "BETWEEN"])
    } else {
        last.is_word("CASE").then_some(&["WHEN"])
    }
}

/// The operators and words behind an operand of a `CASE` that is not closed yet.
fn in_case(tokens: &[Token<'_>]) -> Option<&'static [&'static str]> {
    let part = tokens.iter().rposition(|it| {
        ["CASE", "WHEN", "THEN", "ELSE", "END"].iter().any(|word| it.is_word(word))
    })?;
    let part = tokens.get(part)?;
    if part.is_word("CASE") {
        Some(&["WHEN"])
    } else if part.is_word("WHEN") && decided(tokens).is_some() {
        Some(&["THEN"])
    } else if part.is_word("WHEN") {
        Some(&["THEN", "AND", "OR", "IS NULL", "IS NOT NULL", "IN", "NOT IN", "LIKE", "BETWEEN"])
    } else if part.is_word("THEN") {
        Some(&["WHEN", "ELSE", "END"])
    } else {
        part.is_word("ELSE").then_some(&["END"])
    }
}

/// What the innermost `CASE` that is open compares with the value of each `WHEN`: `status` of `CASE status WHEN`.
fn decided<'t, 'a>(tokens: &'t [Token<'a>]) -> Option<&'t [Token<'a>]> {
    let mut closed = 0;
    let case = tokens.iter().rposition(|it| {
        let is_open = it.is_word("CASE") && closed == 0;
        closed += i32::from(it.is_word("END")) - i32::from(it.is_word("CASE"));
        closed = closed.max(0);
        is_open
    })?;
    let body = tokens.get(case + 1..)?;
    let when = body.iter().position(|it| it.is_word("WHEN"))?;
    body.get(..when).filter(|it| !it.is_empty())
}

/// How far the comparison at the end of some tokens has come.
enum Predicate {
    /// An operand alone.
    Open,
    /// `x BETWEEN 1`.
    Bound,
    /// `x IS NULL`, `x = 1`, `EXISTS (…)`: nothing is compared with its result.
    Closed,
}

fn predicate(tokens: &[Token<'_>]) -> Predicate {
    const BOUNDARIES: [&str; 8] = ["OR", "CASE", "WHEN", "THEN", "ELSE", "WHERE", "SET", "VALUES"];
    const WORDS: [&str; 6] = ["IS", "IN", "LIKE", "ILIKE", "MATCHES", "EXISTS"];
    const SIGNS: [&str; 8] = ["=", "==", "<>", "!=", "<", "<=", ">", ">="];
    let mut depth = 0;
    // An `AND` may belong to a `BETWEEN`.
    let mut behind_and = false;
    for it in tokens.iter().rev() {
        depth += i32::from(it.is_symbol(")")) - i32::from(it.is_symbol("("));
        let is_any = |words: &[&str]| words.iter().any(|word| it.is_word(word));
        if depth < 0 || depth == 0 && (it.is_symbol(",") || is_any(&BOUNDARIES)) {
            return Predicate::Open;
        }
        if depth > 0 {
            continue;
        }
        if it.is_word("BETWEEN") {
            return if behind_and { Predicate::Closed } else { Predicate::Bound };
        }
        if it.is_word("AND") && !behind_and {
            behind_and = true;
        } else if it.is_word("AND") || is_any(&WORDS) || SIGNS.iter().any(|sign| it.is_symbol(sign))
        {
            return if behind_and { Predicate::Open } else { Predicate::Closed };
        }
    }
    Predicate::Open
}

/// Of operators those that go on behind a whole comparison.
fn joining(operators: &'static [&'static str]) -> &'static [&'static str] {
    if operators.contains(&"THEN") {
        &["THEN", "AND", "OR"]
    } else if operators.contains(&"AND") {
        &["AND", "OR"]
    } else {
        operators
    }
}

/// What the operand behind `last` is compared with.
pub(super) fn compared<'a>(last: Token<'a>, before: &[Token<'a>]) -> Option<&'a str> {
    const COMPARISONS: [&str; 8] = ["=", "==", "<>", "!=", "<", "<=", ">", ">="];
    if COMPARISONS.iter().any(|it| last.is_symbol(it)) {
        return path(before.last());
    }
    if last.is_word("LIKE") || last.is_word("ILIKE") || last.is_word("BETWEEN") {
        return path(before.last());
    }
    if last.is_word("WHEN") {
        let tokens: Vec<Token<'a>> = before.iter().copied().chain([last]).collect();
        return match decided(&tokens)? {
            [one] => path(Some(one)),
            _ => None,
        };
    }
    if !last.is_symbol("(") && !last.is_symbol(",") {
        return None;
    }
    let open = match last {
        Token::Symbol("(") => before.len(),
        _ => unclosed_bracket(before)?,
    };
    let (list, operand) = before.get(..open)?.split_last()?;
    let operand = match operand.split_last() {
        Some((not, rest)) if not.is_word("NOT") => rest,
        _ => operand,
    };
    list.is_word("IN").then(|| path(operand.last())).flatten()
}

fn path<'a>(token: Option<&Token<'a>>) -> Option<&'a str> {
    match token {
        Some(Token::Word(it)) => Some(it),
        _ => None,
    }
}

/// Whether an operand is complete with this token.
pub(super) fn ends_operand(token: Token<'_>) -> bool {
    const OPENERS: [&str; 14] = [
        "AND", "OR", "NOT", "IN", "LIKE", "ILIKE", "BETWEEN", "IS", "CASE", "WHEN", "THEN", "ELSE",
        "SELECT", "WHERE",
    ];
    match token {
        Token::Word(_) => !OPENERS.iter().any(|it| token.is_word(it)),
        Token::Literal(_) => true,
        Token::Symbol(it) => matches!(it, ")" | "?" | "]"),
    }
}

/// How far an `EXISTS` that is not closed yet has come.
enum Exists<'a, 'b> {
    Entity,
    Where,
    Condition(&'a str, &'b [Token<'a>]),
}

fn enclosing_exists<'a, 'b>(tokens: &'b [Token<'a>]) -> Option<Exists<'a, 'b>> {
    let at = tokens.iter().rposition(|it| it.is_word("EXISTS"))?;
    let mut rest = tokens.get(at + 1..)?;
    if let Some((first, inner)) = rest.split_first()
        && first.is_symbol("(")
    {
        if depth(inner) < 0 {
            return None;
        }
        rest = inner;
    }
    match rest {
        [] => Some(Exists::Entity),
        [Token::Word(select), ..] if select.eq_ignore_ascii_case("SELECT") => None,
        [Token::Word(_)] => Some(Exists::Where),
        [Token::Word(entity), keyword, condition @ ..] if keyword.is_word("WHERE") => {
            Some(Exists::Condition(entity, condition))
        }
        _ => None,
    }
}

fn for_each<'a>(line: &Line<'a>) -> Expected<'a> {
    match line.tokens.as_slice() {
        [] => Expected::Nothing,
        [Token::Word(_)] => Expected::Keyword(&["in"]),
        [Token::Word(_), keyword] if keyword.is_word("in") => Expected::Collection,
        [Token::Word(_), _, Token::Word(_)] => Expected::Keyword(&["WHERE"]),
        [Token::Word(_), _, Token::Word(entity), keyword, rest @ ..]
            if keyword.is_word("WHERE") =>
        {
            match operand_or_operator(rest, None, OPERATORS) {
                Expected::Operand { against, inside } => {
                    Expected::Operand { against, inside: inside.or(Some(entity)) }
                }
                Expected::OperatorOf { path, inside, words } => {
                    Expected::OperatorOf { path, inside: inside.or(Some(entity)), words }
                }
                it => it,
            }
        }
        _ => Expected::Nothing,
    }
}

fn call<'a>(line: &Line<'a>) -> Expected<'a> {
    let Some((Token::Word(_), rest)) = line.tokens.split_first() else { return Expected::Callee };
    let Some((open, arguments)) = rest.split_first() else { return Expected::Nothing };
    if !open.is_symbol("(") || depth(arguments) < 0 {
        return Expected::Nothing;
    }
    let start = last_at_depth_zero(arguments, |it| it.is_symbol(",")).map_or(0, |it| it + 1);
    match arguments.get(start..).unwrap_or_default() {
        [] => Expected::Target,
        [Token::Word(name), equals, value @ ..] if equals.is_symbol("=") => {
            operand_or_operator(value, Some(Against::Assigned(name)), &[])
        }
        value => operand_or_operator(value, None, &[]),
    }
}

/// Opening minus closing parentheses.
fn depth(tokens: &[Token<'_>]) -> i32 {
    tokens.iter().map(|it| i32::from(it.is_symbol("(")) - i32::from(it.is_symbol(")"))).sum()
}

/// The last token outside all parentheses that satisfies `wanted`.
fn last_at_depth_zero(tokens: &[Token<'_>], wanted: impl Fn(Token<'_>) -> bool) -> Option<usize> {
    let mut depth = 0;
    let mut res = None;
    for (index, token) in tokens.iter().enumerate() {
        depth += i32::from(token.is_symbol("(")) - i32::from(token.is_symbol(")"));
        if depth == 0 && wanted(*token) {
            res = Some(index);
        }
    }
    res
}

/// The index of the innermost `(` that is still open.
fn unclosed_bracket(tokens: &[Token<'_>]) -> Option<usize> {
    let mut closed = 0;
    tokens.iter().enumerate().rev().find_map(|(index, token)| {
        if token.is_symbol(")") {
            closed += 1;
        } else if token.is_symbol("(") {
            if closed == 0 {
                return Some(index);
            }
            closed -= 1;
        }
        None
    })
}

/// The fields that get a value in what stands behind an entity: `(a, b)` or `SET a = …, b = …`.
pub(super) fn assigned<'a>(tokens: &[Token<'a>]) -> Vec<&'a str> {
    let is_keyword = |it: &Token<'_>, keyword: &str| matches!(it, Token::Word(word) if word.eq_ignore_ascii_case(keyword));
    let is_list = tokens.first().is_some_and(|it| it.is_symbol("("));
    let from = if is_list { Some(0) } else { tokens.iter().position(|it| is_keyword(it, "SET")) };
    let mut res = Vec::new();
    let Some(from) = from else { return res };
    let mut depth = usize::from(is_list);
    for (at, it) in tokens.iter().enumerate().skip(from + 1) {
        depth = match it {
            Token::Symbol("(") => depth + 1,
            Token::Symbol(")") => depth.saturating_sub(1),
            _ => depth,
        };
        if is_keyword(it, "WHERE") || is_list && depth == 0 {
            break;
        }
        let begins = at == from + 1 || tokens.get(at - 1).is_some_and(|it| it.is_symbol(","));
        let is_given = is_list || tokens.get(at + 1).is_some_and(|it| it.is_symbol("="));
        if let Token::Word(name) = it
            && begins
            && is_given
            && depth == usize::from(is_list)
        {
            res.push(*name);
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(keyword: &str, text: &'static str) -> Expected<'static> {
        statement(keyword, &Line::read(text))
    }

    fn operand(against: Option<&'static str>) -> Expected<'static> {
        Expected::Operand { against: against.map(Against::Compared), inside: None }
    }

    fn assigned(to: &'static str) -> Expected<'static> {
        Expected::Operand { against: Some(Against::Assigned(to)), inside: None }
    }

    #[test]
    fn parts_of_a_write() {
        assert_eq!(expected("update", "Us"), Expected::Entity);
        assert_eq!(expected("update", "User "), Expected::Keyword(after_entity("update")));
        assert_eq!(expected("update", "User SET "), Expected::Target);
        assert_eq!(expected("update", "User SET a = lower(x, y), "), Expected::Target);
        assert_eq!(expected("update", "User SET status = "), assigned("status"));
        assert_eq!(expected("update", "User SET a = 1 "), Expected::Operator(&["WHERE"]));
        assert_eq!(expected("insert", "User SET a = 1 "), Expected::Operator(&[]));
        assert_eq!(expected("insert", "User(a, b) "), Expected::Keyword(&[]));
        assert_eq!(expected("update", "User SET a = b + "), assigned("a"));
        assert_eq!(expected("insert", "Post(title, "), Expected::Target);
        assert_eq!(expected("insert", "Post VALUES (title = "), assigned("title"));
        assert_eq!(expected("insert", "Post FROM "), Expected::Source);
        assert_eq!(expected("delete", "Post WHERE status = "), operand(Some("status")));
    }

    #[test]
    fn what_a_value_is_compared_with() {
        assert_eq!(expected("validate", "status IN ('draft', "), operand(Some("status")));
        assert_eq!(expected("validate", "author.role NOT IN ("), operand(Some("author.role")));
        assert_eq!(expected("validate", "lower("), operand(None));
        assert_eq!(expected("validate", "a = 1 AND "), operand(None));
        assert_eq!(expected("if", "status = 'x"), operand(Some("status")));
    }

    #[test]
    fn what_a_case_decides_by() {
        assert_eq!(expected("update", "Post SET a = CASE status WHEN "), operand(Some("status")));
        let second = "Post SET a = CASE status WHEN 'a' THEN CASE WHEN b THEN 1 END WHEN ";
        assert_eq!(expected("update", second), operand(Some("status")));
        assert_eq!(expected("update", "Post SET a = CASE WHEN "), assigned("a"));
        let then = expected("update", "Post SET a = CASE status WHEN 'x' ");
        assert_eq!(then, Expected::Operator(&["THEN"]));
    }

    #[test]
    fn what_stands_alone_before_an_operator() {
        let of = |path, inside, text| {
            let found = expected("validate", text);
            let is_it = matches!(&found, Expected::OperatorOf { path: it, inside: other, .. } if (*it, *other) == (path, inside));
            assert!(is_it, "{text}: {found:?}");
        };
        of("author.name", None, "NOT author.name ");
        of("b", None, "a = 1 AND (b ");
        of("role", Some("User"), "EXISTS (User WHERE role ");
        assert!(matches!(expected("validate", "a + b "), Expected::Operator(_)));
        assert!(matches!(expected("validate", "lower(a) "), Expected::Operator(_)));
    }

    #[test]
    fn what_a_list_has_on_both_sides() {
        let listed =
            |before, behind| listed(&Line::read(before).tokens, &Line::read(behind).tokens);
        let draft = Token::Literal("'draft'");
        assert_eq!(listed("status IN ('draft', ", ", x) AND y "), [draft, Token::Word("x")]);
        assert_eq!(listed("status IN ('draft', a + ", ""), [draft]);
        assert_eq!(listed("status = lower('draft', ", ""), []);
    }

    #[test]
    fn a_query_inside_a_condition() {
        assert_eq!(expected("validate", "NOT EXISTS "), Expected::Entity);
        assert_eq!(expected("validate", "EXISTS(User "), Expected::Keyword(&["WHERE"]));
        assert_eq!(
            expected("validate", "EXISTS(User WHERE email = "),
            Expected::Operand { against: Some(Against::Compared("email")), inside: Some("User") }
        );
        assert_eq!(
            expected("validate", "EXISTS(User WHERE a = 1) AND status = "),
            operand(Some("status"))
        );
    }

    #[test]
    fn loops_and_calls() {
        assert_eq!(expected("foreach", "item "), Expected::Keyword(&["in"]));
        assert_eq!(expected("foreach", "item in "), Expected::Collection);
        assert_eq!(
            expected("foreach", "item in OrderItem WHERE order = "),
            Expected::Operand {
                against: Some(Against::Compared("order")),
                inside: Some("OrderItem")
            }
        );
        assert_eq!(expected("call", "pub"), Expected::Callee);
        assert_eq!(expected("call", "publish("), Expected::Target);
        assert_eq!(expected("call", "publish(title = "), assigned("title"));
    }
}
