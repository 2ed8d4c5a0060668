//! A value of the wrong type in a condition, a comparison, a computation, an assignment or an argument.
//!
//! A value whose type is not known contradicts nothing, and neither does what PostgreSQL converts by
//! itself.

mod foreign;

use specql_model::{
    Action, ActionId, EntityId, Name, RowSource, Step,
    infer::{
        self, Assigned, Mismatch, MismatchKind, QueryMismatch, QueryMismatchKind, Scalar,
        ValueType, Wanted,
    },
    suggest,
};
use specql_syntax::expression::{Expression, ExpressionKind};
use specql_text::{TextEdit, TextRange};

use crate::{
    Context, Diagnostic, Fix, Level, Rule,
    context::did_you_mean,
    typing::{self, Assignment},
};

pub(crate) const RULE: Rule = Rule {
    code: "type-mismatch",
    level: Level::Error,
    summary: "a value has a type that its place does not take",
    run: type_mismatch,
    page: include_str!("../../../../docs/rules/type-mismatch.md"),
};

fn type_mismatch(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for ((id, action), found) in ctx.actions().zip(ctx.types()) {
        let mut typed: Vec<Diagnostic> = found
            .mismatches
            .iter()
            .filter_map(|it| foreign::of_mismatch(ctx, it).or_else(|| of_mismatch(ctx, it)))
            .collect();
        typed.extend(found.assignments.iter().filter_map(|it| {
            let finding = of_assignment(ctx, it)?;
            Some(match it.defined {
                Some((file, range)) => finding.related(file, range, "what is set"),
                None => finding,
            })
        }));
        typed.extend(id_of_row(ctx, id, action));
        of_whole_input(ctx, action, &mut typed);
        typing::relate(ctx, id, action, &mut typed);
        typed.extend(found.refused.iter().map(|it| {
            let fails = if it.is_given { "call" } else { "write" };
            let message = format!("{}, so the {fails} fails", it.reason);
            finding(ctx, it.value.range, message).related(it.said.0, it.said.1, "what it takes")
        }));
        typed.extend(found.queries.iter().filter_map(|it| in_query(ctx, it)));
        acc.append(&mut typed);
        for (recipient, ty) in &found.recipients {
            let message = format!(
                "a notification goes to a person or an address, and `{}` is {}, so it reaches nobody",
                ctx.slice(recipient.range),
                described(ctx, *ty)
            );
            acc.push(finding(ctx, recipient.range, message));
        }
        for (collection, ty) in &found.loops {
            let message = format!(
                "a loop runs over many values, and `{}` is {}; name a list, an entity or a query",
                ctx.slice(collection.range),
                described(ctx, *ty)
            );
            acc.push(ctx.finding(&RULE, collection.range, message));
        }
    }
}

fn of_mismatch(ctx: &Context<'_>, it: &Mismatch<'_>) -> Option<Diagnostic> {
    let name = |ty: ValueType<'_>| described(ctx, ty);
    let message = match &it.kind {
        MismatchKind::Compared(
            one @ (ValueType::Row(_) | ValueType::Rows(_)),
            other @ (ValueType::Row(_) | ValueType::Rows(_)),
        ) => format!(
            "{} and {} are rows of different tables, so comparing them says nothing",
            name(*one),
            name(*other)
        ),
        MismatchKind::Compared(ValueType::Enum(_), ValueType::Enum(_)) => {
            "the two enums have no value in common, so comparing them says nothing".to_owned()
        }
        MismatchKind::Compared(..) if ctx.slice(it.range).contains(" && ") => {
            let message = "`&&` compares arrays and ranges; write `AND` between conditions";
            return Some(
                finding(ctx, it.range, message.to_owned()).fix(word(ctx, it.range, "&&", "AND")),
            );
        }
        MismatchKind::Compared(one, other) => format!(
            "{} and {} cannot be compared, so the action would fail",
            name(*one),
            name(*other)
        ),
        MismatchKind::Computed(one, other) if joins_conditions(ctx, it.range, [*one, *other]) => {
            let message = "`||` joins texts; write `OR` between conditions";
            return Some(
                finding(ctx, it.range, message.to_owned()).fix(word(ctx, it.range, "||", "OR")),
            );
        }
        MismatchKind::Computed(one, other) if joins_texts(ctx, it.range, *one, *other) => {
            let message = "`+` adds numbers; write `||` to join texts";
            return Some(
                finding(ctx, it.range, message.to_owned()).fix(word(ctx, it.range, "+", "||")),
            );
        }
        MismatchKind::Computed(one, other) => format!(
            "there is no such operator between {} and {}, so the action would fail",
            name(*one),
            name(*other)
        ),
        MismatchKind::Operand(ty, Wanted::Boolean) => {
            let message = format!(
                "a condition is true or false, and this is {}, so the action would fail; compare it with something",
                name(*ty)
            );
            return Some(finding(ctx, it.range, message).fix(presence(ctx, it.range)));
        }
        MismatchKind::Operand(ty, wanted) => format!(
            "{} is expected here, and this is {}, so the action would fail",
            wanted_name(*wanted),
            name(*ty)
        ),
        MismatchKind::Literal(text, ty) => {
            format!("`{text}` cannot be read as {}, so the action would fail", name(*ty))
        }
        MismatchKind::Results(one, other) => format!(
            "one result is {} and another is {}, which do not mix, so the action would fail",
            name(*one),
            name(*other)
        ),
        MismatchKind::ComparedToNull(negated) => return Some(null(ctx, it.range, *negated)),
        MismatchKind::DividedByZero
        | MismatchKind::ComputedWithNull
        | MismatchKind::UnknownZone(..)
        | MismatchKind::Argument(..)
        | MismatchKind::ArgumentCount(..)
        | MismatchKind::Unpaired(_)
        | MismatchKind::UnknownPart(_)
        | MismatchKind::ItemForList(_)
        | MismatchKind::OneForList(_)
        | MismatchKind::SeveralForOne
        | MismatchKind::Cast(..)
        | MismatchKind::Pattern(_) => return of_form(ctx, it),
        MismatchKind::Connectives(signs) => return Some(connectives(ctx, it.range, signs)),
        MismatchKind::Columns(_) | MismatchKind::IdsForKeys(_) => of_query(ctx, &it.kind)?,
        MismatchKind::Aggregate(_) | MismatchKind::UnknownFunction(_) => return None,
    };
    Some(finding(ctx, it.range, message))
}

/// A parameter `id` that is none, where the action works on the row that it names.
fn id_of_row(ctx: &Context<'_>, id: ActionId, action: &Action) -> Option<Diagnostic> {
    let parameter = action.parameter("id")?;
    let ty = ValueType::of_type(ctx.workspace, id.entity, &parameter.ty);
    let is_id = match ty {
        ValueType::Scalar(it) => it == Scalar::Uuid,
        ValueType::Row(entity) => entity == id.entity,
        ValueType::Unknown => true,
        _ => false,
    };
    let works_on_it = ctx.workspace.effects(id).iter().any(|it| {
        it.entity == Some(id.entity) && it.via.is_none() && it.rows == RowSource::InputId
    });
    if is_id || !works_on_it {
        return None;
    }
    let message = format!(
        "`id` is the id of the `{}` that the action works on, and this is {}, so the action would fail; write `uuid`",
        ctx.entity()?.name.text,
        described(ctx, ty)
    );
    Some(finding(ctx, parameter.type_range, message))
}

/// What is given to a function, and a list, a row, a cast or a pattern where it does not belong.
fn of_form(ctx: &Context<'_>, it: &Mismatch<'_>) -> Option<Diagnostic> {
    let name = |ty: ValueType<'_>| described(ctx, ty);
    let message = match &it.kind {
        MismatchKind::Argument(function, at, ty) => format!(
            "`{}` does not take {} as its argument {at}, so the action would fail",
            function.text,
            name(*ty)
        ),
        MismatchKind::ArgumentCount(function, least, most) => format!(
            "`{}` takes {}, so the action would fail",
            function.text,
            argument_count(*least, *most)
        ),
        MismatchKind::DividedByZero => {
            "nothing can be divided by 0, so the action would fail".to_owned()
        }
        MismatchKind::ComputedWithNull => {
            let message = format!(
                "`{}` is `NULL` whatever stands beside `NULL`; write a value there, or `NULL` alone",
                ctx.slice(it.range)
            );
            return Some(finding(ctx, it.range, message).level(Level::Warning));
        }
        MismatchKind::UnknownZone(name, zone) => {
            let message = format!(
                "there is no time zone `{name}`, so the action would fail; did you mean `{zone}`?"
            );
            let fix = ctx.change_to(it.range, &format!("'{zone}'"));
            return Some(finding(ctx, it.range, message).fix(fix));
        }
        MismatchKind::Unpaired(function) => format!(
            "`{}` takes a value behind each key, and the last key has none, so the action would fail",
            function.text
        ),
        MismatchKind::UnknownPart(part) => {
            let near = suggest(part, infer::PARTS_OF_TIME.iter().copied());
            let message = format!(
                "there is no part `{part}` of a time, so the action would fail{}",
                did_you_mean(near)
            );
            let fix = near.map(|near| ctx.rename(&Name::new(*part, it.range), near));
            return Some(finding(ctx, it.range, message).fix(fix));
        }
        MismatchKind::ItemForList(ty) => return Some(item_for_list(ctx, it.range, *ty)),
        MismatchKind::OneForList(list) => {
            let list = ctx.slice(*list);
            format!(
                "`{list}` is a list, so one value is never equal to it and the action would fail; write \
                 `'x' = ANY({list})` to look for an item, or `ARRAY['x', 'y']` for a list"
            )
        }
        MismatchKind::SeveralForOne => {
            let message =
                "one value cannot equal several, so the action would fail; write `IN (…)`";
            return Some(finding(ctx, it.range, message.to_owned()).fix(one_of(ctx, it.range)));
        }
        MismatchKind::Cast(from, to) => {
            format!("no cast makes {} of {}, so the action would fail", name(*to), name(*from))
        }
        MismatchKind::Pattern(why) => {
            format!("this is no regular expression: {why}, so the action would fail")
        }
        _ => return None,
    };
    Some(finding(ctx, it.range, message))
}

/// Parameters of a type that the field of the same name does not take, where a step takes the input as a whole.
fn of_whole_input(ctx: &Context<'_>, action: &Action, acc: &mut Vec<Diagnostic>) {
    let mut visit = |step: &Step| {
        let Some(write) = step.write().filter(|it| it.takes_all()) else {
            return;
        };
        let Some(entity) = ctx.written(write).filter(|it| ctx.knows_fields(it)) else { return };
        for parameter in &action.parameters {
            let Some(field) = entity.field(&parameter.name.text) else { continue };
            let own = EntityId(ctx.id());
            let given = ValueType::of_type(ctx.workspace, own, &parameter.ty);
            let taken = infer::column_type(ctx.workspace, entity, &field.name.text);
            if infer::assigned(given, taken) != Assigned::Refused {
                continue;
            }
            let (name, of) = (&parameter.name.text, &entity.name.text);
            let message = match (given, taken) {
                (ValueType::Enum(_), ValueType::Enum(_)) => format!(
                    "no value of this enum is one of `{name}` in `{of}`, which takes the input as a whole, so no call \
                     succeeds"
                ),
                _ => format!(
                    "`{name}` is {} here, and {} in `{of}`, which takes the input as a whole, so no call succeeds",
                    described(ctx, given),
                    described(ctx, taken)
                ),
            };
            let found = finding(ctx, parameter.type_range, message);
            acc.push(found.related(entity.id.0, field.name.range, "the field"));
        }
    };
    for step in &action.steps {
        step.walk(&mut visit);
    }
}

/// A comparison inside a query in SQL.
fn in_query(
    ctx: &Context<'_>,
    (expression, text, it): &(&Expression, &str, QueryMismatch<'_>),
) -> Option<Diagnostic> {
    let message = match &it.kind {
        QueryMismatchKind::Compared(one, other) => format!(
            "{} and {} cannot be compared, so the query would fail",
            described(ctx, *one),
            described(ctx, *other)
        ),
        QueryMismatchKind::Literal(text, ty) => {
            format!("`{text}` cannot be read as {}, so the query would fail", described(ctx, *ty))
        }
        QueryMismatchKind::Computed(one, other) => format!(
            "there is no such operator between {} and {}, so the query would fail",
            described(ctx, *one),
            described(ctx, *other)
        ),
        QueryMismatchKind::Argument(name, number, ty) => format!(
            "`{name}` does not take {} as its argument {number}, so the query would fail",
            described(ctx, *ty)
        ),
        QueryMismatchKind::ArgumentCount(name, least, most) => {
            format!("`{name}` takes {}, so the query would fail", argument_count(*least, *most))
        }
        QueryMismatchKind::Misplaced(name) => format!(
            "`{name}` needs rows, and `WHERE` is still choosing them, so the query would fail; write the condition \
             behind `HAVING`, or compare with a query of its own"
        ),
        QueryMismatchKind::Ungrouped(name) => format!(
            "`{name}` has a value for each row, and stands beside a function over all of them, so the query would \
             fail; name it in `GROUP BY`, or write a function like `max({name})`"
        ),
        QueryMismatchKind::EnumValue { .. } | QueryMismatchKind::Itself(_) => return None,
    };
    Some(finding(ctx, ctx.in_query(expression.range, text, &it.range), message))
}

/// A query in SQL that gives something else than its place takes.
fn of_query(ctx: &Context<'_>, kind: &MismatchKind<'_>) -> Option<String> {
    match kind {
        MismatchKind::Columns(count) => Some(format!(
            "a query that stands for one value gives one column, and this one gives {count}, so the action would \
             fail"
        )),
        MismatchKind::IdsForKeys(entity) => Some(format!(
            "the column of a reference holds the key of its row, and this query gives ids, so the action would \
             fail; select `pk_{}`",
            ctx.workspace.entity(*entity)?.snake_name()
        )),
        _ => None,
    }
}

fn argument_count(least: usize, most: Option<usize>) -> String {
    match most {
        None => format!("{least} or more arguments"),
        Some(1) if least == 1 => "one argument".to_owned(),
        Some(0) => "no arguments".to_owned(),
        Some(most) if most == least => format!("{least} arguments"),
        Some(most) => format!("{least} to {most} arguments"),
    }
}

fn of_assignment(ctx: &Context<'_>, it: &Assignment<'_>) -> Option<Diagnostic> {
    let target = described(ctx, it.target_type);
    if it.becomes == Assigned::Rounded {
        let message = format!(
            "`{}` is a whole number, so `{}` is rounded to one; write `round(…)` or `floor(…)` to say how",
            it.target,
            ctx.slice(it.value.range)
        );
        return Some(finding(ctx, it.value.range, message).level(Level::Warning));
    }
    if it.becomes == Assigned::AsText {
        let is_literal =
            matches!(it.value.kind, ExpressionKind::Number(_) | ExpressionKind::Bool(_));
        let written = ctx.slice(it.value.range);
        if !is_literal {
            return shown_as_text(ctx, it, written);
        }
        let message = format!(
            "`{}` is {target}, so `{written}` is stored as a text; put it in quotes to say so",
            it.target
        );
        let edits = ctx.write_part(it.value.range, &format!("'{written}'"));
        let fix = Fix::review("Put the value in quotes", ctx.id(), edits);
        let found = finding(ctx, it.value.range, message).level(Level::Warning).fix(fix);
        return Some(found);
    }
    if let Some(found) = foreign::parameter_in_quotes(ctx, it.value.range) {
        return Some(found);
    }
    let is_row = |it: ValueType<'_>| matches!(it, ValueType::Row(_) | ValueType::Rows(_));
    let message = match it.ty {
        ValueType::Literal(text) => format!(
            "`{}` is {target}, and `{text}` cannot be read as one, so the action would fail",
            it.target
        ),
        ValueType::Enum(_) if matches!(it.target_type, ValueType::Enum(_)) => format!(
            "`{}` takes none of the values of this enum, so the action would fail",
            it.target
        ),
        ty if is_row(ty) && is_row(it.target_type) => format!(
            "`{}` is {target}, and this is {}, so it would point at a row of another table",
            it.target,
            described(ctx, it.ty)
        ),
        _ => format!("`{}` is {target}, and cannot be set to {}", it.target, described(ctx, it.ty)),
    };
    Some(finding(ctx, it.value.range, message))
}

/// A value that is stored as the text that it is shown as. An id is one whatever it is stored as.
fn shown_as_text(ctx: &Context<'_>, it: &Assignment<'_>, written: &str) -> Option<Diagnostic> {
    if it.ty == ValueType::Scalar(Scalar::Uuid) {
        return None;
    }
    let message = format!(
        "`{}` is text, and this is {}, which is stored as it is shown; write `::text` behind it to say so",
        it.target,
        described(ctx, it.ty)
    );
    let is_plain = matches!(it.value.kind, ExpressionKind::Path(_) | ExpressionKind::Call { .. });
    let edits = ctx.write_part(it.value.range, &format!("{written}::text"));
    let fix = is_plain.then(|| Fix::review("Write `::text` behind it", ctx.id(), edits));
    Some(finding(ctx, it.value.range, message).level(Level::Warning).fix(fix))
}

/// `a = ('x', 'y')` as `a IN ('x', 'y')`.
fn one_of(ctx: &Context<'_>, range: TextRange) -> Option<Fix> {
    let written = ctx.slice(range);
    let at = written.find('=').filter(|at| {
        let before = written.get(..*at).unwrap_or_default();
        !before.ends_with(['<', '>', '!', '=']) && written.matches('=').count() == 1
    })?;
    let start = range.start() + u32::try_from(at).ok()?;
    let edits = ctx.write_part(TextRange::new(start, start + 1), "IN");
    Some(Fix::review("Write `IN`", ctx.id(), edits))
}

/// A comparison with `NULL`, which is neither true nor false.
fn null(ctx: &Context<'_>, range: TextRange, negated: bool) -> Diagnostic {
    let better = if negated { "IS NOT NULL" } else { "IS NULL" };
    let message = format!("nothing equals `NULL`, so this never holds; write `{better}`");
    let written = ctx.slice(range);
    let operand = written.split(['=', '<', '!']).next().map(str::trim_end).unwrap_or_default();
    let is_last = written.to_ascii_lowercase().ends_with("null") && !operand.is_empty();
    let start = range.start() + u32::try_from(operand.len()).unwrap_or_default();
    let edits = ctx.write_part(TextRange::new(start, range.end()), &format!(" {better}"));
    let fix = Fix::review(format!("Write `{better}`"), ctx.id(), edits);
    finding(ctx, range, message).fix(is_last.then_some(fix))
}

fn finding(ctx: &Context<'_>, range: TextRange, message: String) -> Diagnostic {
    ctx.finding(&RULE, range, message)
}

/// A condition that names a value was meant to say that there is one.
fn presence(ctx: &Context<'_>, range: TextRange) -> Option<Fix> {
    let written = ctx.slice(range);
    let is_path = written.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '.' | '$'));
    let edits = ctx.write_part(TextRange::empty(range.end()), " IS NOT NULL");
    let title = format!("Change to `{written} IS NOT NULL`");
    is_path.then(|| Fix::review(title, ctx.id(), edits))
}

/// Whether `||` stands beside a truth value, which it does not join: it was meant to be `OR`.
fn joins_conditions(ctx: &Context<'_>, range: TextRange, operands: [ValueType<'_>; 2]) -> bool {
    let is_truth = |it: &ValueType<'_>| matches!(it, ValueType::Scalar(Scalar::Boolean));
    ctx.slice(range).contains("||") && operands.iter().any(is_truth)
}

/// `tags || 'x'`: an item beside a list.
fn item_for_list(ctx: &Context<'_>, range: TextRange, ty: ValueType<'_>) -> Diagnostic {
    let written = ctx.slice(range);
    // In a list a row goes by its id.
    let id = if matches!(ty, ValueType::Row(_)) { ".id" } else { "" };
    let better = format!("ARRAY[{written}{id}]");
    let message = format!(
        "`||` joins two lists, and this is one value, so the action would fail; write `{better}`"
    );
    finding(ctx, range, message).fix(ctx.write(range, &better))
}

/// `a = 1 && b = 2`: the signs of other languages between comparisons.
fn connectives(
    ctx: &Context<'_>,
    range: TextRange,
    signs: &[(TextRange, &'static str)],
) -> Diagnostic {
    let written = ctx.slice(range);
    let does = match written {
        "||" => "joins texts",
        "&&" => "compares arrays and ranges",
        _ => "computes with bits",
    };
    let word = signs.first().map_or("AND", |it| it.1);
    let message = format!("`{written}` {does}; write `{word}` between conditions");
    let edits = signs.iter().map(|(range, word)| TextEdit::replace(*range, *word)).collect();
    let fix = Fix::review(format!("Write `{word}`"), ctx.id(), edits);
    finding(ctx, range, message).fix(fix)
}

/// Whether `+` stands between two texts.
fn joins_texts(
    ctx: &Context<'_>,
    range: TextRange,
    one: ValueType<'_>,
    other: ValueType<'_>,
) -> bool {
    let is_text = |it: ValueType<'_>| {
        matches!(it, ValueType::Literal(_) | ValueType::Scalar(Scalar::Text) | ValueType::Enum(_))
    };
    let written = ctx.slice(range);
    let is_sum = written.matches('+').count() == 1 && !written.contains(['-', '*', '/', '%']);
    is_sum && is_text(one) && is_text(other)
}

/// Writes a word of SQL in the place of a sign.
fn word(ctx: &Context<'_>, range: TextRange, sign: &str, word: &str) -> Option<Fix> {
    let written = ctx.slice(range);
    let at = range.start() + u32::try_from(written.find(sign)?).ok()?;
    let end = at + u32::try_from(sign.len()).ok()?;
    let edits = ctx.write_part(TextRange::new(at, end), word);
    Some(Fix::review(format!("Write `{word}`"), ctx.id(), edits))
}

/// The name of an entity, with its schema where another one is called so too.
fn named(ctx: &Context<'_>, entity: EntityId) -> String {
    let Some(it) = ctx.workspace.entity(entity) else { return String::new() };
    let name = it.name.as_str();
    match ctx.workspace.entities_named(name).len() {
        0 | 1 => name.to_owned(),
        _ => format!("{}.{name}", it.schema_name()),
    }
}

/// A type in the words of an author.
pub(crate) fn described(ctx: &Context<'_>, ty: ValueType<'_>) -> String {
    let word = match ty {
        ValueType::Row(entity) => return format!("a reference to `{}`", named(ctx, entity)),
        ValueType::Rows(all) => {
            let names: Vec<String> =
                all.entities().map(|it| format!("`{}`", named(ctx, it))).collect();
            return format!("a reference to {}", names.join(" or "));
        }
        ValueType::Literal(text) => return format!("the text `'{text}'`"),
        ValueType::Enum(_) => "a value of an enum",
        ValueType::List(_) => "a list",
        ValueType::Composite => "a composite",
        ValueType::Null | ValueType::Unknown => "a value",
        ValueType::Scalar(it) => scalar_name(it),
    };
    word.to_owned()
}

const fn scalar_name(ty: Scalar) -> &'static str {
    match ty {
        Scalar::Boolean => "a truth value",
        Scalar::Smallint | Scalar::Integer | Scalar::Bigint => "a whole number",
        Scalar::Numeric => "a number",
        Scalar::Real | Scalar::Float => "a floating point number",
        Scalar::Text => "text",
        Scalar::Date => "a date",
        Scalar::Time | Scalar::Timetz => "a time of day",
        Scalar::Timestamp | Scalar::Timestamptz => "a moment in time",
        Scalar::Interval => "a length of time",
        Scalar::Uuid => "an id",
        Scalar::Json => "JSON",
        Scalar::Bytea => "binary data",
        Scalar::Inet => "an IP address",
        Scalar::Macaddr => "a hardware address",
        Scalar::Point => "a point",
        Scalar::Xml => "XML",
        Scalar::Tsvector | Scalar::Tsquery => "a text search value",
        Scalar::Range => "a range",
        Scalar::Array => "an array",
    }
}

const fn wanted_name(wanted: Wanted) -> &'static str {
    match wanted {
        Wanted::Boolean => "a truth value",
        Wanted::Text => "text",
        Wanted::Json => "JSON",
        Wanted::Moment => "a moment in time",
        Wanted::Number => "a number",
        Wanted::List => "a list",
    }
}

#[cfg(test)]
mod tests;
