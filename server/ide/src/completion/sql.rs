//! Proposals inside of a query in SQL: tables behind `FROM`, columns of the tables that the query names, and
//! the words that go on.
//!
//! Invariant: nothing of the language of steps, which means nothing in a query.

use specql_model::{Entity, EntityId, Type, entity::BUILT_INS, query_row::table_entity};

use crate::CompletionKind;

use super::{
    context::Context,
    items::{Item, Items},
    line_context::{self, ends_operand},
    paths,
    tokens::{Line, Token},
};

/// What stands where a query has its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// A table.
    Table,
    /// A column, or something that is made of columns.
    Operand,
    /// One of the words that go on.
    Word(&'static [&'static str]),
    /// A new name, or something only the author knows.
    Nothing,
}

const BEHIND_OPERAND: &[&str] = &[
    "AND",
    "OR",
    "IS NULL",
    "IS NOT NULL",
    "IN",
    "NOT IN",
    "LIKE",
    "ILIKE",
    "BETWEEN",
    "GROUP BY",
    "ORDER BY",
    "LIMIT",
];
const BEHIND_TABLE: &[&str] = &["WHERE", "JOIN", "LEFT JOIN", "GROUP BY", "ORDER BY", "LIMIT"];
const AGGREGATES: [(&str, &str, &str); 5] = [
    ("count", "count(${1:*})", "how many rows"),
    ("sum", "sum(${1:column})", "the sum over the rows"),
    ("avg", "avg(${1:column})", "the mean over the rows"),
    ("min", "min(${1:column})", "the least of the rows"),
    ("max", "max(${1:column})", "the greatest of the rows"),
];

/// The tokens of the innermost query around the cursor, from its `SELECT` on.
pub(super) fn query<'l, 'a>(line: &'l Line<'a>) -> Option<&'l [Token<'a>]> {
    let mut open = Vec::new();
    for (index, token) in line.tokens.iter().enumerate() {
        if token.is_symbol("(") {
            open.push(index + 1);
        } else if token.is_symbol(")") {
            open.pop();
        }
    }
    let mut inner = open.into_iter().rev().filter_map(|it| line.tokens.get(it..));
    inner.find(|it| it.first().is_some_and(|it| it.is_word("SELECT") || it.is_word("WITH")))
}

/// What can stand at the end of a query.
pub(super) fn part(query: &[Token<'_>]) -> Part {
    let Some(last) = query.last() else { return Part::Nothing };
    let is = |word: &str| last.is_word(word);
    let clause = clause(query);
    let in_tables = ["FROM", "JOIN"].contains(&clause);
    if is("FROM") || is("JOIN") || in_tables && last.is_symbol(",") {
        return Part::Table;
    }
    if is("WITH") || is("AS") || is("LIMIT") || last.is_symbol("::") {
        return Part::Nothing;
    }
    if is("GROUP") || is("ORDER") {
        return Part::Word(&["BY"]);
    }
    if is("LEFT") || is("RIGHT") || is("INNER") || is("FULL") {
        return Part::Word(&["JOIN"]);
    }
    if is("IS") {
        return Part::Word(&["NULL", "NOT NULL", "TRUE", "FALSE"]);
    }
    let begins = ["SELECT", "DISTINCT", "ON", "BY", "HAVING"].into_iter().any(is);
    let is_all = last.is_symbol("*") && query.len() == 2;
    if begins || !is_all && !ends_operand(*last) {
        return Part::Operand;
    }
    match clause {
        "SELECT" => Part::Word(&["FROM", "AS"]),
        "FROM" => Part::Word(BEHIND_TABLE),
        "JOIN" => Part::Word(&["ON"]),
        "ON" => Part::Word(&["AND", "OR", "WHERE", "JOIN", "LEFT JOIN", "GROUP BY", "ORDER BY"]),
        "WHERE" | "HAVING" => Part::Word(BEHIND_OPERAND),
        "ORDER" => Part::Word(&["ASC", "DESC", "LIMIT"]),
        "GROUP" => Part::Word(&["HAVING", "ORDER BY", "LIMIT"]),
        _ => Part::Nothing,
    }
}

/// The word that began the part of a query that its end lies in; queries inside of it are passed over.
fn clause(query: &[Token<'_>]) -> &'static str {
    const CLAUSES: [&str; 10] =
        ["SELECT", "FROM", "JOIN", "ON", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "WITH"];
    let mut closed = 0;
    for token in query.iter().rev() {
        if token.is_symbol(")") {
            closed += 1;
        } else if token.is_symbol("(") {
            closed = (closed - 1).max(0);
        } else if closed == 0
            && let Some(it) = CLAUSES.into_iter().find(|it| token.is_word(it))
        {
            return it;
        }
    }
    ""
}

/// The tables of a text with their aliases, as written.
fn tables<'a>(tokens: &[Token<'a>]) -> Vec<(&'a str, &'a str)> {
    const NO_ALIAS: [&str; 14] = [
        "WHERE", "JOIN", "LEFT", "RIGHT", "INNER", "FULL", "CROSS", "ON", "GROUP", "ORDER",
        "LIMIT", "HAVING", "UNION", "USING",
    ];
    let mut res = Vec::new();
    for (index, _) in
        tokens.iter().enumerate().filter(|(_, it)| it.is_word("FROM") || it.is_word("JOIN"))
    {
        let Some(Token::Word(table)) = tokens.get(index + 1) else { continue };
        let mut behind = tokens.iter().skip(index + 2).skip_while(|it| it.is_word("AS"));
        let alias = match behind.next() {
            Some(Token::Word(it)) if !NO_ALIAS.iter().any(|word| word.eq_ignore_ascii_case(it)) => {
                it
            }
            _ => table.rsplit('.').next().unwrap_or(table),
        };
        res.push((alias, *table));
    }
    res
}

/// The tables that a query names, also behind the cursor.
fn named(ctx: &Context<'_>, before: &str) -> Vec<(String, Option<EntityId>)> {
    let rest = ctx.after().lines().next().unwrap_or_default();
    // The text that the cursor is in may be open.
    let is_open = Line::read(before).quote.is_some() && !rest.contains('\'');
    let text = format!("{before}{}{rest}", if is_open { "'" } else { " " });
    let whole = Line::read(&text);
    let of = |it: &(&str, &str)| (it.0.to_owned(), entity(ctx, it.1).map(|it| it.id));
    tables(&whole.tokens).iter().map(of).collect()
}

/// The type of the column that the operand at the end of a query is compared with.
pub(super) fn compared(ctx: &Context<'_>, query: &[Token<'_>], before: &str) -> Option<Type> {
    let (last, head) = query.split_last()?;
    let path = line_context::compared(*last, head)?;
    let (alias, name) = path.rsplit_once('.').map_or((None, path), |it| (Some(it.0), it.1));
    let named = named(ctx, before);
    let tables =
        named.iter().filter(|it| alias.is_none_or(|alias| it.0.eq_ignore_ascii_case(alias)));
    let mut entities = tables.filter_map(|it| ctx.workspace.entity(it.1?));
    entities.find_map(|it| {
        let mut fields = it.fields.iter();
        fields.find(|it| it.table_column() == name).map(|it| it.ty.clone())
    })
}

/// What is proposed in a query.
pub(super) fn complete(
    ctx: &Context<'_>,
    line: &Line<'_>,
    part: Part,
    before: &str,
    acc: &mut Items,
) {
    match (part, line.path()) {
        (Part::Table, (schema, _)) => tables_of(ctx, schema, acc),
        (Part::Operand, (path, _)) => {
            let named = named(ctx, before);
            let of = |it: &(String, Option<EntityId>)| ctx.workspace.entity(it.1?);
            match path {
                Some(alias) => {
                    let table = named.iter().find(|it| it.0.eq_ignore_ascii_case(alias));
                    table.and_then(of).into_iter().for_each(|it| columns(ctx, it, acc));
                }
                None => {
                    named.iter().filter_map(of).for_each(|it| columns(ctx, it, acc));
                    functions(ctx, acc);
                }
            }
        }
        (Part::Word(_) | Part::Nothing, _) => {}
    }
}

/// The entity that a table belongs to.
fn entity<'a>(ctx: &Context<'a>, table: &str) -> Option<&'a Entity> {
    let (schema, table) = match table.rsplit_once('.') {
        Some((schema, table)) => (Some(schema), table),
        None => (None, table),
    };
    table_entity(ctx.workspace, ctx.own(), schema, table)
}

/// The tables of all entities, or of those in one schema.
fn tables_of(ctx: &Context<'_>, schema: Option<&str>, acc: &mut Items) {
    let entities = ctx.workspace.entities().filter(|it| !it.name.text.is_empty());
    for it in entities.filter(|it| schema.is_none_or(|schema| it.schema_name() == schema)) {
        let table = it.table_name();
        let label = match schema {
            Some(_) => table,
            None => format!("{}.{table}", it.schema_name()),
        };
        acc.push(Item::new(label, CompletionKind::Entity).detail(it.name.text.as_str()));
    }
}

fn columns(ctx: &Context<'_>, entity: &Entity, acc: &mut Items) {
    for it in entity.fields.iter().filter(|it| !it.name.text.is_empty()) {
        let mut item = paths::field(ctx, entity, it).members(false);
        item.label = it.table_column();
        acc.push(item);
    }
    let key = format!("pk_{}", entity.snake_name());
    acc.push(Item::new(key, CompletionKind::Field).detail("integer"));
    acc.extend(BUILT_INS.iter().map(|it| {
        Item::new(it.name, CompletionKind::Field)
            .detail(it.sql_type)
            .documentation(it.documentation)
    }));
}

fn functions(ctx: &Context<'_>, acc: &mut Items) {
    for (name, call, documentation) in AGGREGATES {
        let item = Item::new(name, CompletionKind::Function).documentation(documentation);
        acc.push(if ctx.is_called() { item } else { item.snippet(call) });
    }
    paths::functions(ctx, acc);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<Part> {
        query(&Line::read(text)).map(part)
    }

    #[test]
    fn parts_of_a_query() {
        assert_eq!(at("lower("), None);
        assert_eq!(at("(SELECT count(*) FROM shop.tb_a) > "), None);
        assert_eq!(at("(SELECT "), Some(Part::Operand));
        assert_eq!(at("(SELECT count("), Some(Part::Operand));
        assert_eq!(at("(SELECT count(*) "), Some(Part::Word(&["FROM", "AS"])));
        assert_eq!(at("(SELECT 1 FROM "), Some(Part::Table));
        assert_eq!(at("(SELECT 1 FROM a, "), Some(Part::Table));
        assert_eq!(at("(SELECT 1 FROM a JOIN b "), Some(Part::Word(&["ON"])));
        assert_eq!(at("(SELECT 1 FROM a "), Some(Part::Word(BEHIND_TABLE)));
        assert_eq!(at("(SELECT 1 FROM a WHERE "), Some(Part::Operand));
        assert_eq!(
            at("(SELECT 1 FROM a WHERE x IN (SELECT 1 FROM b) "),
            Some(Part::Word(BEHIND_OPERAND))
        );
        assert_eq!(at("(SELECT 1 FROM a WHERE x IN (SELECT y FROM "), Some(Part::Table));
    }

    #[test]
    fn tables_and_aliases() {
        let line = Line::read("(SELECT 1 FROM s.tb_a x JOIN tb_b AS y ON 1 JOIN tb_c WHERE ");
        assert_eq!(tables(&line.tokens), [("x", "s.tb_a"), ("y", "tb_b"), ("tb_c", "tb_c")]);
    }
}
