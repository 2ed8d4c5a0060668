//! Plain expressions: paths, numbers, texts in single quotes, calls, comparisons, arithmetic, `AND`,
//! `OR`, `NOT`, `IS NULL`, `IN (…)`.

use specql_text::TextRange;

use super::{
    BinaryOperator, Expression, ExpressionKind, Path, Scalar, Segments, UnaryOperator,
    parse::joined,
};
use crate::direct::{Cursor, begins_word, goes_on_in_word};

/// Expressions around an expression; more are left to the tree.
const MAX_DEPTH: usize = 32;

/// Operators of a line; more are left to the tree, which knows its limits.
const MAX_OPERATORS: usize = 100;

const NOT: u8 = 3;
const IS: u8 = 4;
const IN: u8 = 6;
const NEGATE: u8 = 13;

/// Words that mean something by themselves, beside those that are read here; sorted.
const WORDS: &[&str] = &[
    "all",
    "and",
    "any",
    "array",
    "as",
    "at",
    "between",
    "both",
    "case",
    "cast",
    "distinct",
    "else",
    "end",
    "escape",
    "exists",
    "extract",
    "false",
    "for",
    "from",
    "ilike",
    "in",
    "is",
    "leading",
    "like",
    "matches",
    "not",
    "null",
    "or",
    "overlay",
    "placing",
    "position",
    "row",
    "select",
    "set",
    "similar",
    "some",
    "substring",
    "symmetric",
    "then",
    "time",
    "to",
    "trailing",
    "trim",
    "true",
    "unique",
    "unknown",
    "valid",
    "values",
    "when",
    "where",
    "with",
    "zone",
];

/// The length of the longest of them.
const LONGEST_WORD: usize = 9;

/// Reads a scalar that is a plain expression; nothing for any other.
pub(super) fn read(scalar: &Scalar) -> Option<Expression> {
    let mut cursor = Cursor::new(scalar)?;
    let expression = expression(&mut cursor)?;
    cursor.is_at_end().then_some(expression)
}

/// A whole expression.
pub(crate) fn expression(cursor: &mut Cursor<'_>) -> Option<Expression> {
    binding(cursor, 0)
}

/// Whether a word has no meaning of its own.
pub(crate) fn is_name(word: &str) -> bool {
    let mut small = [0; LONGEST_WORD];
    let Some(small) = small.get_mut(..word.len()) else { return true };
    for (to, from) in small.iter_mut().zip(word.bytes()) {
        *to = from.to_ascii_lowercase();
    }
    WORDS.binary_search_by(|it| it.as_bytes().cmp(small)).is_err()
}

/// A dotted name.
pub(crate) fn path(cursor: &mut Cursor<'_>) -> Option<Segments> {
    let mut segments = Segments::new();
    loop {
        let name = cursor.word().filter(|it| is_name(&it.text))?;
        segments.push(name);
        if !cursor.eat(b'.') {
            return Some(segments);
        }
    }
}

/// Expressions with commas between them, up to the closing parenthesis.
pub(crate) fn list(cursor: &mut Cursor<'_>) -> Option<Vec<Expression>> {
    let mut items = Vec::with_capacity(1);
    loop {
        items.push(expression(cursor)?);
        cursor.skip_blanks();
        if cursor.eat(b')') {
            return Some(items);
        }
        if !cursor.eat(b',') {
            return None;
        }
    }
}

/// An expression whose operators bind at least so tight.
fn binding(cursor: &mut Cursor<'_>, min: u8) -> Option<Expression> {
    cursor.depth += 1;
    if cursor.depth > MAX_DEPTH {
        return None;
    }
    cursor.skip_blanks();
    let mut left = operand(cursor, min)?;
    loop {
        cursor.operators += 1;
        if cursor.operators > MAX_OPERATORS {
            return None;
        }
        let end = cursor.at();
        cursor.skip_blanks();
        match cursor.peek(0) {
            0 if cursor.is_at_end() => {}
            b')' | b',' => {}
            it if begins_word(it) => {
                let word = cursor.peek_word();
                if ["where", "set"].iter().any(|it| it.eq_ignore_ascii_case(word)) {
                    break;
                }
                match word_operator(cursor, left, min)? {
                    Ok(next) => {
                        left = next;
                        continue;
                    }
                    Err(same) => left = same,
                }
            }
            _ => {
                let (operator, level, length) = sign(cursor)?;
                if level >= min {
                    left = operation(cursor, left, operator, level, length)?;
                    continue;
                }
            }
        }
        if cursor.is_at_end() && end < cursor.at() {
            return None;
        }
        break;
    }
    cursor.depth -= 1;
    Some(left)
}

/// `left AND …`, `left IS NULL`, `left IN (…)`; the left side again where the operator binds less tight.
fn word_operator(
    cursor: &mut Cursor<'_>,
    left: Expression,
    min: u8,
) -> Option<Result<Expression, Expression>> {
    let word = cursor.peek_word();
    let is = |it: &str| word.eq_ignore_ascii_case(it);
    let (operator, level) = match () {
        () if is("AND") => (Some(BinaryOperator::And), 2),
        () if is("OR") => (Some(BinaryOperator::Or), 1),
        () if is("IS") => (None, IS),
        () if is("IN") || is("NOT") => (None, IN),
        () => return None,
    };
    if level < min {
        return Some(Err(left));
    }
    if let Some(operator) = operator {
        return operation(cursor, left, operator, level, word.len()).map(Ok);
    }
    let start = left.range.start();
    cursor.advance(word.len());
    let operand = Box::new(left);
    let kind = if is("IS") {
        let negated = eat_word(cursor, "NOT");
        eat_word(cursor, "NULL").then_some(ExpressionKind::IsNull { operand, negated })?
    } else {
        let negated = is("NOT");
        if negated && !eat_word(cursor, "IN") {
            return None;
        }
        cursor.skip_blanks();
        if !cursor.eat(b'(') {
            return None;
        }
        ExpressionKind::In { operand, list: list(cursor)?.into(), negated }
    };
    let end = cursor.range(cursor.at()).end();
    Some(Ok(Expression { range: TextRange::new(start, end), kind }))
}

fn eat_word(cursor: &mut Cursor<'_>, word: &str) -> bool {
    cursor.skip_blanks();
    let stands = cursor.peek_word().eq_ignore_ascii_case(word);
    if stands {
        cursor.advance(word.len());
    }
    stands
}

fn operation(
    cursor: &mut Cursor<'_>,
    left: Expression,
    operator: BinaryOperator,
    level: u8,
    length: usize,
) -> Option<Expression> {
    let start = cursor.at();
    cursor.advance(length);
    let written = cursor.range(start);
    let right = binding(cursor, level + 1)?;
    let range = TextRange::new(left.range.start(), right.range.end());
    let kind = ExpressionKind::Binary(Box::new(left), operator, written, Box::new(right));
    Some(Expression { range, kind })
}

/// An operator of signs, how tight it binds, and its length.
fn sign(cursor: &Cursor<'_>) -> Option<(BinaryOperator, u8, usize)> {
    let found = match (cursor.peek(0), cursor.peek(1)) {
        (b'<', b'=') => (BinaryOperator::LessOrEqual, 5, 2),
        (b'>', b'=') => (BinaryOperator::GreaterOrEqual, 5, 2),
        (b'<', b'>') | (b'!', b'=') => (BinaryOperator::NotEqual, 5, 2),
        (b'|', b'|') => (BinaryOperator::Concat, 8, 2),
        (b'=', _) => (BinaryOperator::Equal, 5, 1),
        (b'<', _) => (BinaryOperator::Less, 5, 1),
        (b'>', _) => (BinaryOperator::Greater, 5, 1),
        (b'+', _) => (BinaryOperator::Add, 9, 1),
        (b'-', _) => (BinaryOperator::Subtract, 9, 1),
        (b'*', _) => (BinaryOperator::Multiply, 10, 1),
        (b'/', _) => (BinaryOperator::Divide, 10, 1),
        (b'%', _) => (BinaryOperator::Modulo, 10, 1),
        _ => return None,
    };
    let behind = cursor.peek(found.2);
    let ends = goes_on_in_word(behind) || matches!(behind, b' ' | b'\'' | b'(');
    ends.then_some(found)
}

fn operand(cursor: &mut Cursor<'_>, min: u8) -> Option<Expression> {
    let start = cursor.at();
    let kind = match cursor.peek(0) {
        b'\'' => text(cursor)?,
        b'(' => {
            cursor.advance(1);
            let inner = binding(cursor, 0)?;
            cursor.skip_blanks();
            if !cursor.eat(b')') {
                return None;
            }
            inner.kind
        }
        b'-' if min <= NEGATE
            && (cursor.peek(1).is_ascii_digit() || begins_word(cursor.peek(1))) =>
        {
            cursor.advance(1);
            let operand = binding(cursor, NEGATE)?;
            return Some(prefixed(cursor, start, UnaryOperator::Negate, operand));
        }
        it if it.is_ascii_digit() => number(cursor)?,
        it if begins_word(it) => return named(cursor, min),
        _ => return None,
    };
    Some(Expression { range: cursor.range(start), kind })
}

fn prefixed(
    cursor: &Cursor<'_>,
    start: usize,
    operator: UnaryOperator,
    operand: Expression,
) -> Expression {
    let range = TextRange::new(cursor.range(start).start(), operand.range.end());
    Expression { range, kind: ExpressionKind::Unary(operator, Box::new(operand)) }
}

fn text(cursor: &mut Cursor<'_>) -> Option<ExpressionKind> {
    cursor.advance(1);
    let inner = cursor.take(|it| !matches!(it, b'\'' | b'\\' | b'\n'));
    let ends = cursor.eat(b'\'')
        && !matches!(cursor.peek(0), b'\'' | b'"' | b'$')
        && !goes_on_in_word(cursor.peek(0));
    ends.then(|| ExpressionKind::String(inner.into()))
}

fn number(cursor: &mut Cursor<'_>) -> Option<ExpressionKind> {
    let start = cursor.at();
    cursor.take(|it| it.is_ascii_digit());
    if cursor.peek(0) == b'.' && cursor.peek(1).is_ascii_digit() {
        cursor.advance(1);
        cursor.take(|it| it.is_ascii_digit());
    }
    let ends = !goes_on_in_word(cursor.peek(0)) && cursor.peek(0) != b'.';
    ends.then(|| ExpressionKind::Number(cursor.slice(start).into()))
}

/// What begins with a word: `NOT x`, `true`, `NULL`, a path, a call.
fn named(cursor: &mut Cursor<'_>, min: u8) -> Option<Expression> {
    let start = cursor.at();
    let word = cursor.peek_word();
    let is = |it: &str| word.eq_ignore_ascii_case(it);
    let constant = match () {
        () if is("NULL") => Some(ExpressionKind::Null),
        () if is("TRUE") || is("FALSE") => Some(ExpressionKind::Bool(is("TRUE"))),
        () if is("NOT") && min <= NOT => {
            cursor.advance(word.len());
            let operand = binding(cursor, NOT)?;
            return Some(prefixed(cursor, start, UnaryOperator::Not, operand));
        }
        () => None,
    };
    if let Some(kind) = constant {
        cursor.advance(word.len());
        let ends = !matches!(cursor.peek(0), b'.' | b'(' | b'$' | b'\'' | b'"');
        return ends.then(|| Expression { range: cursor.range(start), kind });
    }
    let segments = path(cursor)?;
    let kind = if cursor.eat(b'(') {
        let function = joined(&segments)?;
        let arguments = if cursor.eat(b')') { Vec::new() } else { list(cursor)? };
        ExpressionKind::Call { function, arguments: arguments.into(), star: false, distinct: false }
    } else {
        ExpressionKind::Path(Path { dollar: false, segments })
    };
    if matches!(cursor.peek(0), b'$' | b'(') || begins_literal(cursor) {
        return None;
    }
    Some(Expression { range: cursor.range(start), kind })
}

/// Whether a literal follows, so that the path before it is its type, or an operator is missing.
fn begins_literal(cursor: &Cursor<'_>) -> bool {
    let blanks = (0..).take_while(|it| cursor.peek(*it) == b' ').count();
    matches!(cursor.peek(blanks), b'\'' | b'"' | b'(' | b'[' | b':' | b'$')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found() {
        assert!(WORDS.is_sorted());
        assert_eq!(WORDS.iter().map(|it| it.len()).max(), Some(LONGEST_WORD));
        for word in WORDS {
            assert!(!is_name(word) && !is_name(&word.to_ascii_uppercase()), "{word}");
            assert!(is_name(&format!("{word}s")), "{word}");
        }
    }
}
