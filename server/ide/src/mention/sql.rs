//! Names in a query in SQL: the tables of entities and their columns.
//!
//! Invariant: a name that may be something else than it seems is not in the list.

use std::ops::Range;

use specql_model::{
    Entity, Name, Type,
    entity::BUILT_INS,
    expression::{Expression, ExpressionKind},
    scope::Scope,
};
use specql_syntax::{
    QueryColumn, QueryNames, QueryTable, expression::EntityReference, query_names,
};
use specql_text::TextRange;

use super::{Mentions, Subject};

/// The names of an expression that is a query.
pub(super) fn query<'a>(it: &'a Expression, scope: &Scope<'a>, acc: &mut Mentions<'a>) {
    let ExpressionKind::RawSql(text) = &it.kind else { return };
    let Some(file) = acc.workspace.file(acc.own.0) else { return };
    // What is folded or escaped has other places in the file.
    if it.range.slice(file.text()) != text.as_str() {
        return;
    }
    if let Some(names) = query_names(text) {
        let start = it.range.start();
        Query { text, start, scope, acc }.select(&names, &mut Vec::new());
    }
}

/// A table that columns can name, and whose entity it is.
struct Table<'n, 'a> {
    alias: &'n str,
    entity: Option<&'a Entity>,
    is_open: bool,
}

struct Query<'c, 'a> {
    text: &'a str,
    /// Where the query begins in the file.
    start: u32,
    scope: &'c Scope<'a>,
    acc: &'c mut Mentions<'a>,
}

impl<'a> Query<'_, 'a> {
    fn select<'n>(&mut self, names: &'n QueryNames, tables: &mut Vec<Table<'n, 'a>>) {
        let outer = tables.len();
        for it in &names.tables {
            let entity = self.table(it);
            tables.push(Table { alias: &it.alias, entity, is_open: names.is_open });
        }
        for it in &names.columns {
            self.column(it, tables);
        }
        for it in &names.inner {
            self.select(it, tables);
        }
        tables.truncate(outer);
    }

    fn range(&self, part: &Range<usize>) -> TextRange {
        let at = |it: usize| self.start + u32::try_from(it).unwrap_or_default();
        TextRange::new(at(part.start), at(part.end))
    }

    fn table(&mut self, it: &QueryTable) -> Option<&'a Entity> {
        let range = self.range(&it.range);
        let name = |text: &str| Name::new(text, range);
        let schema = it.schema.as_deref().map(name);
        let reference = EntityReference { schema, name: name(&it.name) };
        let is_table = it.name.starts_with("tb_");
        let workspace = self.acc.workspace;
        let found = workspace.resolve(self.acc.own, &reference).found().filter(|_| is_table)?;
        self.acc.push(range, Subject::Entity(found));
        workspace.entity(found).map(AsRef::as_ref)
    }

    fn column(&mut self, it: &QueryColumn, tables: &[Table<'_, 'a>]) {
        let range = self.range(&it.range);
        let inner = tables.iter().rev();
        let entity = match &it.table {
            Some(table) => inner.clone().find(|it| it.alias.eq_ignore_ascii_case(table)),
            // A table that is not known may have any column.
            None if tables.iter().any(|it| it.is_open || it.entity.is_none()) => None,
            None => inner.clone().find(|table| {
                table.entity.is_some_and(|entity| column(entity, &it.name).is_some())
            }),
        };
        let subject = entity.and_then(|table| column(table.entity?, &it.name));
        if let Some(subject) = &subject {
            self.values(it.range.end, subject);
        }
        self.acc.push_known(range, subject.or_else(|| self.parameter(it)));
    }

    /// Values of an enum that its column is compared with.
    fn values(&mut self, behind: usize, column: &Subject<'a>) {
        for literal in compared_texts(self.text, behind) {
            let inner = self.text.get(literal.start + 1..literal.end - 1).unwrap_or_default();
            let value = inner.replace("''", "'");
            self.acc.enum_value(column, &value, self.range(&literal));
        }
    }

    /// What the upstream generator calls an input.
    fn parameter(&self, it: &QueryColumn) -> Option<Subject<'a>> {
        let name = match it.table.as_deref() {
            None => it.name.strip_prefix("p_")?,
            Some("input") => &it.name,
            Some(_) => return None,
        };
        let parameter = self.scope.parameters().iter().find(|it| it.name.text == name)?;
        Some(Subject::Parameter(self.acc.own, parameter))
    }
}

/// What a column of an entity's table is.
fn column<'a>(entity: &'a Entity, name: &str) -> Option<Subject<'a>> {
    let field = |name: &str| entity.fields.iter().find(|it| it.name.text == name);
    if let Some(it) = field(name) {
        return Some(Subject::Field(entity.id, it));
    }
    let refers = name.strip_prefix("fk_").and_then(field);
    if let Some(it) = refers.filter(|it| matches!(it.ty, Type::Ref(_))) {
        return Some(Subject::Field(entity.id, it));
    }
    if name.strip_prefix("pk_").is_some_and(|it| it == entity.snake_name()) {
        return Some(Subject::Entity(entity.id));
    }
    let built_in = BUILT_INS.iter().find(|it| it.name == name);
    built_in.map(|it| Subject::BuiltIn(entity.id, it))
}

/// The texts that stand right behind a column: `= 'a'`, `<> 'a'`, `IN ('a', 'b')`.
fn compared_texts(query: &str, behind: usize) -> Vec<Range<usize>> {
    let mut rest = Rest { query, at: behind };
    if ["=", "<>", "!="].into_iter().any(|it| rest.take(it)) {
        return rest.literal().into_iter().collect();
    }
    rest.take("not");
    let mut res = Vec::new();
    if rest.take("in") && rest.take("(") {
        while let Some(it) = rest.literal() {
            res.push(it);
            if !rest.take(",") {
                break;
            }
        }
    }
    res
}

/// A query from some place on.
struct Rest<'a> {
    query: &'a str,
    at: usize,
}

impl<'a> Rest<'a> {
    fn text(&mut self) -> &'a str {
        let rest = self.query.get(self.at..).unwrap_or_default();
        let text = rest.trim_start();
        self.at += rest.len() - text.len();
        text
    }

    /// Goes behind a word or a sign, in any case.
    fn take(&mut self, wanted: &str) -> bool {
        let text = self.text();
        let is_it = text.get(..wanted.len()).is_some_and(|it| it.eq_ignore_ascii_case(wanted));
        self.at += if is_it { wanted.len() } else { 0 };
        is_it
    }

    /// Goes behind a text in quotes.
    fn literal(&mut self) -> Option<Range<usize>> {
        let text = self.text().strip_prefix('\'')?;
        let (start, mut at) = (self.at, 0);
        loop {
            at += text.get(at..)?.find('\'')? + 1;
            match text.get(at..)?.strip_prefix('\'') {
                Some(_) => at += 1,
                None => break,
            }
        }
        self.at = start + 1 + at;
        Some(start..self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_beside_a_column() {
        let texts = |query: &str| {
            let found = compared_texts(query, query.find('x').unwrap() + 1);
            found.into_iter().map(|it| query[it].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(texts("x = 'a' AND y = 'b'"), ["'a'"]);
        assert_eq!(texts("x<>'it''s'"), ["'it''s'"]);
        assert_eq!(texts("x NOT IN ('a', 'b' ,'c')"), ["'a'", "'b'", "'c'"]);
        assert_eq!(texts("x = y"), [""; 0]);
        assert_eq!(texts("x = 'open"), [""; 0]);
        assert_eq!(texts("x"), [""; 0]);
    }
}
