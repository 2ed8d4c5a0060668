//! Plain statements: expressions, and writes in the forms `Entity(a, b)` and `Entity SET a = … WHERE …`.

use specql_text::TextRange;

use super::{
    Assignment, Statement, StatementKeyword, WriteStatement,
    parse::{single_name, split_assignment},
};
use crate::{
    direct::Cursor,
    expression::{
        EntityReference,
        direct::{expression, list, path},
        parse::joined,
    },
    yaml::Scalar,
};

/// Reads a plain statement; nothing for any other.
pub(super) fn read(keyword: StatementKeyword, scalar: &Scalar) -> Option<Statement> {
    let mut cursor = Cursor::new(scalar)?;
    let statement = match keyword {
        StatementKeyword::Condition => Statement::Condition(expression(&mut cursor)?),
        StatementKeyword::Write => Statement::Write(write(&mut cursor)?),
        StatementKeyword::ForEach | StatementKeyword::Call | StatementKeyword::Notify => {
            return None;
        }
    };
    cursor.is_at_end().then_some(statement)
}

fn write(cursor: &mut Cursor<'_>) -> Option<WriteStatement> {
    let mut statement = WriteStatement::default();
    let mut segments = path(cursor)?;
    let name = segments.pop()?;
    statement.entity = Some(EntityReference { schema: joined(&segments), name });
    if cursor.peek(0) == b'(' {
        columns(cursor, &mut statement)?;
    }
    if let Some(range) = clause(cursor, "SET")? {
        if statement.set_keyword.replace(range).is_some() {
            return None;
        }
        assignments(cursor, &mut statement)?;
    }
    if let Some(range) = clause(cursor, "WHERE")? {
        statement.where_keyword = Some(range);
        statement.filter = Some(expression(cursor)?);
    }
    Some(statement)
}

/// The keyword that begins a clause; nothing inside where another one stands.
fn clause(cursor: &mut Cursor<'_>, keyword: &str) -> Option<Option<TextRange>> {
    if cursor.is_at_end() {
        return Some(None);
    }
    cursor.skip_blanks();
    let start = cursor.at();
    if !cursor.peek_word().eq_ignore_ascii_case(keyword) {
        let is_other = keyword == "SET" && cursor.peek_word().eq_ignore_ascii_case("WHERE");
        return is_other.then_some(None);
    }
    cursor.advance(keyword.len());
    (cursor.peek(0) == b' ').then(|| Some(cursor.range(start)))
}

/// `(a, b = 1)`.
fn columns(cursor: &mut Cursor<'_>, statement: &mut WriteStatement) -> Option<()> {
    let start = cursor.at();
    cursor.advance(1);
    statement.set_keyword = Some(cursor.range(start));
    for argument in list(cursor)? {
        match single_name(&argument) {
            Some(it) => statement.columns.push(it),
            None => {
                let (field, value) = split_assignment(argument).ok()?;
                statement.assignments.push(Assignment { field, value });
            }
        }
    }
    Some(())
}

/// `a = 1, b = c`.
fn assignments(cursor: &mut Cursor<'_>, statement: &mut WriteStatement) -> Option<()> {
    loop {
        cursor.skip_blanks();
        let field = joined(&path(cursor)?)?;
        cursor.skip_blanks();
        if !cursor.eat(b'=') || !matches!(cursor.peek(0), b' ' | b'\'') {
            return None;
        }
        let value = expression(cursor)?;
        statement.assignments.push(Assignment { field, value });
        if !cursor.eat(b',') {
            return Some(());
        }
    }
}
