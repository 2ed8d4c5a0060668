//! Queries in SQL may name what is renamed in ways that are not understood: then nothing is renamed.

use specql_model::{
    SourceFile, Workspace,
    expression::{Expression, ExpressionKind},
    names::snake_case,
    query_row::query_row,
};
use specql_text::TextRange;

use crate::{
    candidates,
    identity::Identity,
    mention::{self, Subject},
};

/// Refuses where a query has the name as a word of which nothing is known.
pub(super) fn check(workspace: &Workspace, identity: &Identity, old: &str) -> Result<(), String> {
    let spelled = match identity {
        Identity::Entity(_) => {
            let snake = snake_case(old);
            ["tb_", "tv_", "pk_"].map(|it| format!("{it}{snake}")).to_vec()
        }
        Identity::Field(..) => vec![old.to_owned(), format!("fk_{old}")],
        Identity::Parameter(..) => vec![old.to_owned(), format!("p_{old}")],
        Identity::EnumValue(..) | Identity::Choice(..) | Identity::Action(_) => {
            vec![old.to_owned()]
        }
        Identity::Variable(_) | Identity::Event(_) => return Ok(()),
    };
    for file in candidates::files(workspace, identity) {
        if let Some(word) = unknown_word(workspace, file, &spelled) {
            return Err(format!(
                "`{word}` in a query in SQL in `{}` may mean it, and that is not known: give the table \
                 an alias and write `alias.{word}`, or rename it there by hand first",
                file.path
            ));
        }
    }
    Ok(())
}

/// Refuses another name for a column of a query where PostgreSQL would read it otherwise, where the query
/// has such a column, or where it names the column once more, in `ORDER BY` and the like.
pub(super) fn check_column(
    workspace: &Workspace,
    file: &SourceFile,
    subject: &Subject<'_>,
    new: &str,
) -> Result<(), String> {
    let Subject::QueryColumn { column, query: Some(query), .. } = subject else { return Ok(()) };
    if new != new.to_ascii_lowercase() {
        return Err(format!("PostgreSQL reads `{new}` in small letters"));
    }
    let (text, own) = (query.slice(file.text()), file.entity().map(|it| it.id));
    if own.is_some_and(|own| query_row(workspace, own, text).column(new).is_some()) {
        return Err(format!("the query has a column `{new}` already"));
    }
    let is_it = |it: &(usize, &str)| it.1.eq_ignore_ascii_case(&column.name);
    if words(text).filter(is_it).count() > 1 {
        return Err(format!(
            "`{}` stands in the query more than once, and what it means there is not known: rename \
             it there by hand first",
            column.name
        ));
    }
    Ok(())
}

fn unknown_word(workspace: &Workspace, file: &SourceFile, spelled: &[String]) -> Option<String> {
    let mut queries: Vec<(TextRange, &str)> = Vec::new();
    for action in file.entity().into_iter().flat_map(|it| &it.actions) {
        for step in &action.steps {
            step.walk(&mut |step| {
                step.expressions(&mut |it| it.walk(&mut |it| queries.extend(query(it))));
            });
        }
    }
    if queries.is_empty() {
        return None;
    }
    let known = mention::all(workspace, file);
    queries.into_iter().find_map(|(range, text)| {
        let is_verbatim = range.slice(file.text()) == text;
        let is_known = |at: usize| {
            let at = range.start() + u32::try_from(at).unwrap_or_default();
            is_verbatim
                && known.iter().any(|it| it.range.touches(at) && range.contains_range(it.range))
        };
        let is_name = |it: &str| spelled.iter().any(|name| name == it);
        words(text).find(|(at, it)| is_name(it) && !is_known(*at)).map(|it| it.1.to_owned())
    })
}

fn query(it: &Expression) -> Option<(TextRange, &str)> {
    let ExpressionKind::RawSql(text) = &it.kind else { return None };
    Some((it.range, text.as_str()))
}

/// The words of a query, each with its place.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |it: char| !(it.is_alphanumeric() || it == '_');
    let mut at = 0;
    text.split(is_part).map(move |it| {
        let start = at;
        // What separates two words has one character, of perhaps several bytes.
        let after = text.get(start + it.len()..).and_then(|it| it.chars().next());
        at = start + it.len() + after.map_or(0, char::len_utf8);
        (start, it)
    })
}
