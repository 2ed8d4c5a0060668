//! Proposals inside statements and expressions.

use specql_model::{
    ActionId, EntityId, Name, NameKind, Row, Scope, Type,
    keys::{Level, STEP_KEYWORDS},
    types::RICH_SCALARS,
};
use specql_text::TextRange;

use crate::{CompletionKind, describe, hover};

use super::{
    context::Context,
    items::{Item, Items, Quotes},
    line_context::{self, Against, Expected},
    names::{self, Own},
    operators, paths, sql,
    tokens::{self, Line, Token},
};

/// The value of a step's keyword.
pub(super) fn statement(ctx: &Context<'_>, keyword: &str, before: &str, acc: &mut Items) {
    let before = before_operator(ctx, before, acc);
    let line = Line::read(before);
    if !in_query(ctx, &line, before, acc) {
        propose(ctx, line_context::statement(keyword, &line), keyword, &line, acc);
    }
}

/// What stands before the operator of several words that the cursor is in: it is replaced as a whole, by one
/// that begins with its words before the cursor.
fn before_operator<'b>(ctx: &Context<'_>, before: &'b str, acc: &mut Items) -> &'b str {
    let range = tokens::operator_range(ctx.file.text(), ctx.cursor());
    let Some(range) = range else { return before };
    let typed = TextRange::new(range.start(), ctx.cursor()).slice(ctx.file.text());
    match before.strip_suffix(typed) {
        Some(head) if Line::read(head).quote.is_none() => {
            acc.replaced = range;
            let words = typed.trim_end_matches(tokens::is_name).split_whitespace();
            let words = words.collect::<Vec<_>>().join(" ").to_lowercase();
            acc.prefix = Some(words).filter(|it| !it.is_empty());
            head
        }
        _ => before,
    }
}

/// An expression alone, such as a value under `set`; `against` is what it goes with.
pub(super) fn expression(
    ctx: &Context<'_>,
    against: Option<Against<'_>>,
    before: &str,
    acc: &mut Items,
) {
    let before = before_operator(ctx, before, acc);
    let line = Line::read(before);
    if !in_query(ctx, &line, before, acc) {
        propose(ctx, line_context::value(&line, against), "", &line, acc);
    }
}

/// Proposes what a query in SQL has, when the cursor is in one.
fn in_query(ctx: &Context<'_>, line: &Line<'_>, before: &str, acc: &mut Items) -> bool {
    let Some(query) = sql::query(line) else { return false };
    match sql::part(query) {
        sql::Part::Operand if !takes_literal_in(ctx, line, acc) => {}
        sql::Part::Operand => {
            if let Some(ty) = sql::compared(ctx, query, before) {
                literals(ctx, &ty, line, None, acc);
            }
            if line.quote.is_none() {
                sql::complete(ctx, line, sql::Part::Operand, before, acc);
            }
        }
        _ if line.quote.is_some() => {}
        sql::Part::Word(_) if ctx.is_unasked() || ctx.is_triggered_by('\'') => {}
        sql::Part::Word(it) => words(ctx, line, it, acc),
        it => sql::complete(ctx, line, it, before, acc),
    }
    true
}

/// A literal behind the cursor gives its place to what is offered, as a word does. Whether something can be
/// offered: nothing can before a bracket, and before a text without an end.
fn takes_literal_in(ctx: &Context<'_>, line: &Line<'_>, acc: &mut Items) -> bool {
    if line.quote.is_some() || !line.word.is_empty() {
        return true;
    }
    let after = ctx.after();
    let literal = after.trim_start_matches(' ');
    let quote = match acc.quotes {
        Quotes::None | Quotes::Single if literal.starts_with('"') => "\"",
        Quotes::Single => "''",
        Quotes::None | Quotes::Double => "'",
    };
    let len = tokens::literal_len(literal, quote).filter(|_| !literal.starts_with(['(', '[']));
    let Some(len) = len else { return false };
    let end = if len > 0 { after.len() - literal.len() + len } else { 0 };
    let end = ctx.cursor() + u32::try_from(end).unwrap_or(0);
    acc.replaced = TextRange::new(acc.replaced.start(), acc.replaced.end().max(end));
    true
}

/// The words that go on, without those that stand behind the cursor already.
fn words(ctx: &Context<'_>, line: &Line<'_>, words: &[&'static str], acc: &mut Items) {
    let rest = ctx.file.text().get(acc.replaced.end() as usize..).unwrap_or_default();
    let rest = rest.lines().next().unwrap_or_default();
    // An operator is there.
    if rest.trim_start().starts_with(['=', '<', '>', '!']) {
        return;
    }
    acc.extend(words.iter().filter_map(|it| {
        let missing = missing(it, rest);
        let before = if line.is_glued { " " } else { "" };
        let behind = if ends_there(missing) || rest.starts_with(' ') { "" } else { " " };
        let item = Item::new(*it, CompletionKind::Keyword);
        (!missing.is_empty()).then(|| item.text(format!("{before}{missing}{behind}")))
    }));
}

/// The words of a keyword without its end, where a line goes on with that: of `NOT NULL` before ` NULL` the
/// first, of `NULL` there none.
fn missing(keyword: &'static str, line: &str) -> &'static str {
    let ends = std::iter::once(0).chain(keyword.match_indices(' ').map(|it| it.0 + 1));
    let there = ends.into_iter().find(|it| keyword.get(*it..).is_some_and(|it| goes_on(line, it)));
    keyword.get(..there.unwrap_or(keyword.len())).unwrap_or_default().trim_end()
}

/// Whether the next words of a line are these, each behind a blank.
fn goes_on(line: &str, words: &str) -> bool {
    let mut rest = line;
    words.split(' ').all(|word| {
        let next = rest.trim_start();
        let is_apart = next.len() < rest.len();
        let Some((head, tail)) = next.split_at_checked(word.len()) else { return false };
        rest = tail;
        is_apart && head.eq_ignore_ascii_case(word) && !tail.starts_with(tokens::is_word)
    })
}

fn propose(
    ctx: &Context<'_>,
    expected: Expected<'_>,
    keyword: &str,
    line: &Line<'_>,
    acc: &mut Items,
) {
    match expected {
        Expected::Operand { against, inside } => {
            let scope = scope_inside(ctx, inside);
            let ty = against.and_then(|it| match it {
                Against::Compared(path) => paths::type_of(ctx, &scope, path),
                Against::Assigned(name) if keyword == "call" => {
                    argument_type(ctx, called(ctx, line)?, name)
                }
                Against::Assigned(name) => paths::type_of_written(ctx, name)
                    .or_else(|| argument_type(ctx, ctx.called()?, name)),
            });
            operand(ctx, &scope, against.zip(ty.as_ref()), keyword, line, acc);
        }
        _ if line.quote.is_some() => {}
        // The author may be done.
        Expected::Keyword(_) | Expected::Operator(_) | Expected::OperatorOf { .. }
            if ctx.is_unasked() => {}
        // The quote that was typed closes a text.
        Expected::Keyword(_) | Expected::Operator(_) if ctx.is_triggered_by('\'') => {}
        Expected::Entity => entities(ctx, line, acc),
        Expected::Keyword(it) | Expected::Operator(it) => words(ctx, line, it, acc),
        Expected::OperatorOf { path, inside, words: all } => {
            let ty = paths::type_of(ctx, &scope_inside(ctx, inside), path);
            let takes = |it: &&str| ty.as_ref().is_none_or(|ty| operators::takes(ctx, ty, it));
            let those: Vec<&'static str> = all.iter().copied().filter(takes).collect();
            words(ctx, line, &those, acc);
        }
        Expected::Target if keyword == "call" => arguments(ctx, line, acc),
        Expected::Target => targets(ctx, line, acc),
        Expected::Source => {
            acc.push(
                Item::new("input", CompletionKind::Variable)
                    .detail("every field that the caller gives"),
            );
        }
        Expected::Pattern => {
            acc.extend(
                RICH_SCALARS.iter().filter(|it| it.pattern.is_some()).map(|it| {
                    Item::new(it.name, CompletionKind::Type).documentation(hover::rich(it))
                }),
            );
        }
        Expected::SqlType => acc.extend(
            [
                "text",
                "integer",
                "bigint",
                "numeric",
                "boolean",
                "uuid",
                "date",
                "timestamptz",
                "jsonb",
            ]
            .map(|it| Item::new(it, CompletionKind::Type)),
        ),
        Expected::Collection => match line.path() {
            (Some(path), _) => {
                paths::lists_of(ctx, &ctx.scope(), path, acc);
                names::entities(ctx, line.word, Own::First, &[], acc);
            }
            (None, word) => {
                paths::lists(ctx, acc);
                names::entities(ctx, word, Own::First, &[], acc);
                acc.push(
                    Item::new("input", CompletionKind::Variable).detail("what the caller gives"),
                );
            }
        },
        Expected::Callee => names::actions(ctx, line.word, acc),
        Expected::Nothing => {}
    }
}

/// The entities of a statement: where fields are assigned behind the cursor already, those that have them.
fn entities(ctx: &Context<'_>, line: &Line<'_>, acc: &mut Items) {
    let behind = ctx.after().trim_start_matches(tokens::is_name).lines().next();
    let behind = format!("{} ", behind.unwrap_or_default());
    let assigned = line_context::assigned(&Line::read(&behind).tokens);
    let assigned: Vec<[Name; 1]> =
        assigned.into_iter().map(|it| [Name::new(it, TextRange::default())]).collect();
    let has_all =
        |id: EntityId| assigned.iter().all(|it| !ctx.workspace.find_path(id, it).steps.is_empty());
    let all = ctx.workspace.name_list(NameKind::Entity).all();
    let is_known = !assigned.is_empty() && all.iter().any(|it| has_all(it.id.entity));
    let can_stand = |id: EntityId| !is_known || has_all(id);
    names::entities_that(ctx, line.word, Own::First, &can_stand, acc);
}

/// Whether an author may be done behind a keyword.
fn ends_there(keyword: &str) -> bool {
    let last = keyword.rsplit(' ').next().unwrap_or_default();
    ["NULL", "TRUE", "FALSE", "END", "valid", "input", "email", "sms", "push", "webhook"]
        .contains(&last)
}

/// What names mean at the cursor, inside of an `EXISTS Entity WHERE` too.
fn scope_inside<'a>(ctx: &Context<'a>, inside: Option<&str>) -> Scope<'a> {
    let scope = ctx.scope();
    match inside {
        Some(name) => scope.within(ctx.entity_named(name).map_or(Row::Unknown, Row::Of)),
        None => scope,
    }
}

fn operand(
    ctx: &Context<'_>,
    scope: &Scope<'_>,
    against: Option<(Against<'_>, &Type)>,
    keyword: &str,
    line: &Line<'_>,
    acc: &mut Items,
) {
    let in_string = line.quote.is_some();
    if !takes_literal_in(ctx, line, acc) {
        return;
    }
    acc.is_before_dot = !in_string && ctx.is_before_dot();
    if let (Some(path), _) = line.path() {
        return paths::members(ctx, scope, path, acc);
    }
    // Behind a dollar sign stands a name.
    if let Some((_, ty)) = against.filter(|_| in_string || !line.word.starts_with('$')) {
        literals(ctx, ty, line, Some(line.word), acc);
    }
    if !in_string {
        acc.taken = listed(ctx, line, acc).names;
        let is_plain = line.word.is_empty() || !ctx.is_called() && !line.word.starts_with("p_");
        if let Some((other, ty)) = against.filter(|_| is_plain) {
            paths::of_type(ctx, scope, ty, other, !line.word.starts_with('$'), acc);
        }
        // Of a recipient the channel follows in brackets.
        let is_function = !line.word.is_empty() && ctx.is_called() && keyword != "notify";
        if is_function && !line.word.starts_with("p_") {
            paths::functions(ctx, acc);
        } else {
            paths::operands(ctx, scope, line.word, against, acc);
        }
        acc.taken.clear();
        query(ctx, line, acc);
    }
}

/// Where a bracket is open that belongs to no function, a query in SQL may stand.
fn query(ctx: &Context<'_>, line: &Line<'_>, acc: &mut Items) {
    let Some((last, before)) = line.tokens.split_last() else { return };
    let is_free = before.last().is_none_or(|it| !line_context::ends_operand(*it));
    if last.is_symbol("(") && is_free && !acc.is_before_dot {
        words(ctx, line, &["SELECT"], acc);
    }
}

/// The values that a type suggests, without those that the list around the cursor has already; `bare` is what
/// is typed where a value can stand without quotes.
fn literals(ctx: &Context<'_>, ty: &Type, line: &Line<'_>, bare: Option<&str>, acc: &mut Items) {
    enter_string(ctx, line, acc);
    let taken = listed(ctx, line, acc).texts;
    acc.taken.extend(taken);
    paths::literals(ty, bare, line.quote.is_some(), acc);
    acc.taken.clear();
    leave_string(acc);
}

/// What a list has.
struct Listed {
    /// Texts, without their quotes.
    texts: Vec<String>,
    names: Vec<String>,
}

/// What the list behind `IN` has around the word or text that is typed.
fn listed(ctx: &Context<'_>, line: &Line<'_>, acc: &Items) -> Listed {
    let behind = ctx.file.text().get(acc.replaced.end() as usize..).unwrap_or_default();
    let behind = behind.lines().next().unwrap_or_default();
    let behind = match acc.quotes {
        Quotes::Single => behind.replace("''", "'"),
        Quotes::None | Quotes::Double => behind.to_owned(),
    };
    let closed = line.quote.and_then(|it| behind.strip_prefix(it));
    let behind = Line::read(closed.unwrap_or(&behind));
    let mut res = Listed { texts: Vec::new(), names: Vec::new() };
    for it in line_context::listed(&line.tokens, &behind.tokens) {
        match it {
            Token::Word(it) => res.names.push(it.to_owned()),
            Token::Literal(it) => res.texts.push(it.trim_matches('\'').replace("''", "'")),
            Token::Symbol(_) => {}
        }
    }
    res
}

/// Inside a string a value replaces all of it, and closes it.
fn enter_string(ctx: &Context<'_>, line: &Line<'_>, acc: &mut Items) {
    let Some(quote) = line.quote else { return };
    let word = line.word;
    let text = ctx.file.text();
    let Some(start) = ctx.cursor().checked_sub(u32::try_from(word.len()).unwrap_or(u32::MAX))
    else {
        return;
    };
    // What is escaped in YAML is longer there than what it means.
    if text.get(start as usize..ctx.cursor() as usize) != Some(word) {
        return;
    }
    let rest = ctx.after().lines().next().unwrap_or_default();
    let is_value = |it: char| it.is_alphanumeric() || "_- ".contains(it);
    let inner = rest.len() - rest.trim_start_matches(is_value).len();
    // As the quote is written in the quotes of YAML around it.
    let quote = match (quote, acc.quotes) {
        ('\'', Quotes::Single) => "''",
        ('\'', _) => "'",
        (_, Quotes::Double) => "\\\"",
        (_, _) => "\"",
    };
    let closed = rest.get(inner..).is_some_and(|it| it.starts_with(quote));
    let end =
        if closed { ctx.cursor() + u32::try_from(inner).unwrap_or(0) } else { ctx.word("").end() };
    acc.replaced = TextRange::new(start, end.max(ctx.cursor()));
    if !closed {
        acc.tail = quote;
    }
}

fn leave_string(acc: &mut Items) {
    acc.tail = "";
}

/// Fields that can be set; without those that have a value already.
fn targets(ctx: &Context<'_>, line: &Line<'_>, acc: &mut Items) {
    let Some(owner) = ctx.written().flatten() else { return };
    let mut taken = set(&line.tokens);
    taken.extend(set_behind(ctx, acc));
    paths::fields(ctx, owner, &|it| taken.contains(&it), acc);
}

/// The names that are set behind the word that is typed, on its line: each follows a comma.
fn set_behind<'a>(ctx: &Context<'a>, acc: &Items) -> Vec<&'a str> {
    let behind = ctx.file.text().get(acc.replaced.end() as usize..).unwrap_or_default();
    let line = Line::read(behind.lines().next().unwrap_or_default());
    let (mut depth, mut tokens) = (0, Vec::new());
    for it in line.tokens.iter().copied().chain([Token::Word(line.word)]) {
        depth += i32::from(it.is_symbol("(")) - i32::from(it.is_symbol(")"));
        if depth < 0 || it.is_word("WHERE") {
            break;
        }
        tokens.push(it);
    }
    set(&tokens)
}

/// The names that are set already: those behind a keyword, the bracket of the list, or a comma of it.
fn set<'a>(tokens: &[Token<'a>]) -> Vec<&'a str> {
    let begins = |it: &Token<'_>| {
        it.is_symbol("(") || it.is_symbol(",") || it.is_word("SET") || it.is_word("VALUES")
    };
    let (mut brackets, mut res) = (Vec::new(), Vec::new());
    for (at, it) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        match it {
            // Others are those of calls and conditions.
            Token::Symbol("(") => {
                brackets.push(before.is_some_and(|it| {
                    it.is_word("VALUES") || at == 1 && matches!(it, Token::Word(_))
                }));
            }
            Token::Symbol(")") => drop(brackets.pop()),
            Token::Word(name) if brackets.last() != Some(&false) && before.is_some_and(begins) => {
                res.push(*name);
            }
            _ => {}
        }
    }
    res
}

/// The action that a half-typed call names.
fn called(ctx: &Context<'_>, line: &Line<'_>) -> Option<ActionId> {
    let Token::Word(name) = line.tokens.first()? else { return None };
    let (schema, name) = name.rsplit_once('.').map_or((None, *name), |(it, name)| (Some(it), name));
    ctx.workspace.called(ctx.own(), schema, name)
}

/// The type of an argument: of the parameter, else of the field of the called action's entity.
fn argument_type(ctx: &Context<'_>, id: ActionId, name: &str) -> Option<Type> {
    let action = ctx.workspace.action(id)?;
    let parameter = action.parameters.iter().find(|it| it.name.text == name);
    let field = || Some(&ctx.workspace.entity(id.entity)?.field(name)?.ty);
    parameter.map(|it| &it.ty).or_else(field).cloned()
}

/// The keys of a step whose part its statement has already: `where` beside `Post WHERE …`.
pub(super) fn said(level: &Level<'_>) -> Vec<&'static str> {
    let entries = level.mapping.into_iter().flat_map(|it| &it.entries);
    let mut lines = entries.filter(|it| STEP_KEYWORDS.contains(&it.key.as_str()));
    let Some(entry) = lines.next() else { return Vec::new() };
    let Some(text) = entry.value.as_scalar().map(|it| format!("{} ", it.text)) else {
        return Vec::new();
    };
    let line = Line::read(&text);
    let is_there = |word: &str| line.tokens.iter().any(|it| it.is_word(word));
    let is_opened = line.tokens.get(1).is_some_and(|it| it.is_symbol("("));
    let mut res = Vec::new();
    match entry.key.as_str() {
        "validate" if !line.tokens.is_empty() => res.push("condition"),
        "call" if is_opened => res.push("args"),
        "notify" if is_opened => res.extend(["to", "channel", "message"]),
        "insert" | "update" | "upsert" | "delete" | "find" | "foreach" => {
            if is_there("WHERE") {
                res.push("where");
            }
            if entry.key.as_str() == "foreach" && is_there("IN") {
                res.push("as");
            }
            if is_opened || ["SET", "VALUES", "FROM"].into_iter().any(is_there) {
                res.extend(["fields", "values", "set", "from"]);
            }
        }
        _ => {}
    }
    res
}

/// The arguments of a half-typed call that are not given yet.
fn arguments(ctx: &Context<'_>, line: &Line<'_>, acc: &mut Items) {
    let Some(id) = called(ctx, line) else { return };
    let rest = ctx.file.text().get(acc.replaced.end() as usize..).unwrap_or_default();
    let has_value = rest.trim_start().starts_with('=');
    let with_value = |it: Item| {
        let text = format!("{} = $0", it.label);
        if has_value { it } else { it.snippet(text) }
    };
    let mut taken = set(&line.tokens);
    taken.extend(set_behind(ctx, acc));
    parameters(ctx, id, &taken, &with_value, acc);
}

/// The parameters of an action as `write` makes them, then the fields of its entity, without those in `taken`.
pub(super) fn parameters(
    ctx: &Context<'_>,
    id: ActionId,
    taken: &[&str],
    write: &dyn Fn(Item) -> Item,
    acc: &mut Items,
) {
    let Some(action) = ctx.workspace.action(id) else { return };
    for it in action.parameters.iter().filter(|it| !taken.contains(&it.name.as_str())) {
        let ty = describe::type_name(&it.ty);
        acc.push(write(Item::new(it.name.as_str(), CompletionKind::Variable).detail(ty)));
    }
    if !taken.contains(&"id") {
        acc.push(write(Item::new("id", CompletionKind::Field).detail("uuid")));
    }
    paths::fields(ctx, id.entity, &|it| taken.contains(&it), acc);
}
