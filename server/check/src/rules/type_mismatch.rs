//! A value of the wrong type in a condition, a comparison, a computation, an assignment or an argument.
//!
//! A value whose type is not known contradicts nothing, and neither does what PostgreSQL converts by
//! itself.

use specql_model::{
    infer::{self, Assigned, Mismatch, MismatchKind, Scalar, ValueType, Wanted},
    suggest,
};
use specql_syntax::expression::ExpressionKind;
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
        let mut typed: Vec<Diagnostic> =
            found.mismatches.iter().filter_map(|it| of_mismatch(ctx, it)).collect();
        typed.extend(found.assignments.iter().filter_map(|it| {
            let finding = of_assignment(ctx, it)?;
            Some(match it.defined {
                Some((file, range)) => finding.related(file, range, "what is set"),
                None => finding,
            })
        }));
        typing::relate(ctx, id, action, &mut typed);
        acc.append(&mut typed);
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
        MismatchKind::Compared(ValueType::Row(one), ValueType::Row(other)) => format!(
            "{} and {} are rows of different tables, so comparing them says nothing",
            name(ValueType::Row(*one)),
            name(ValueType::Row(*other))
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
        MismatchKind::Computed(..) if joins_conditions(ctx, it.range) => {
            let message = "`||` joins texts; write `OR` between conditions";
            return Some(
                finding(ctx, it.range, message.to_owned()).fix(word(ctx, it.range, "||", "OR")),
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
        MismatchKind::Results(one, other) => format!(
            "one result is {} and another is {}, which do not mix, so the action would fail",
            name(*one),
            name(*other)
        ),
        MismatchKind::ComparedToNull(negated) => return Some(null(ctx, it.range, *negated)),
        MismatchKind::DividedByZero => {
            "nothing can be divided by 0, so the action would fail".to_owned()
        }
        MismatchKind::UnknownPart(part) => {
            let near = suggest(part, infer::PARTS_OF_TIME.iter().copied());
            format!(
                "there is no part `{part}` of a time, so the action would fail{}",
                did_you_mean(near)
            )
        }
        MismatchKind::Columns(_) | MismatchKind::IdsForKeys(_) => of_query(ctx, &it.kind)?,
        MismatchKind::Aggregate(_) | MismatchKind::UnknownFunction(_) => return None,
    };
    Some(finding(ctx, it.range, message))
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
    if it.becomes == Assigned::AsText {
        let is_literal =
            matches!(it.value.kind, ExpressionKind::Number(_) | ExpressionKind::Bool(_));
        let written = ctx.slice(it.value.range);
        let message = format!(
            "`{}` is {target}, so `{written}` is stored as a text; put it in quotes to say so",
            it.target
        );
        let edit = TextEdit::replace(it.value.range, format!("'{written}'"));
        let fix = Fix::review("Put the value in quotes", ctx.id(), vec![edit]);
        let found = finding(ctx, it.value.range, message).level(Level::Warning).fix(fix);
        return is_literal.then_some(found);
    }
    let message = match it.ty {
        ValueType::Literal(text) => format!(
            "`{}` is {target}, and `{text}` cannot be read as one, so the action would fail",
            it.target
        ),
        ValueType::Enum(_) if matches!(it.target_type, ValueType::Enum(_)) => format!(
            "`{}` takes none of the values of this enum, so the action would fail",
            it.target
        ),
        ValueType::Row(_) if matches!(it.target_type, ValueType::Row(_)) => format!(
            "`{}` is {target}, and this is {}, so it would point at a row of another table",
            it.target,
            described(ctx, it.ty)
        ),
        _ => format!("`{}` is {target}, and cannot be set to {}", it.target, described(ctx, it.ty)),
    };
    Some(finding(ctx, it.value.range, message))
}

/// A comparison with `NULL`, which is neither true nor false.
fn null(ctx: &Context<'_>, range: TextRange, negated: bool) -> Diagnostic {
    let better = if negated { "IS NOT NULL" } else { "IS NULL" };
    let message = format!("nothing equals `NULL`, so this never holds; write `{better}`");
    let written = ctx.slice(range);
    let operand = written.split(['=', '<', '!']).next().map(str::trim_end).unwrap_or_default();
    let is_last = written.to_ascii_lowercase().ends_with("null") && !operand.is_empty();
    let start = range.start() + u32::try_from(operand.len()).unwrap_or_default();
    let edit = TextEdit::replace(TextRange::new(start, range.end()), format!(" {better}"));
    let fix = Fix::review(format!("Write `{better}`"), ctx.id(), vec![edit]);
    finding(ctx, range, message).fix(is_last.then_some(fix))
}

fn finding(ctx: &Context<'_>, range: TextRange, message: String) -> Diagnostic {
    ctx.finding(&RULE, range, message)
}

/// A condition that names a value was meant to say that there is one.
fn presence(ctx: &Context<'_>, range: TextRange) -> Option<Fix> {
    let written = ctx.slice(range);
    let is_path = written.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '.' | '$'));
    let edit = TextEdit::insert(range.end(), " IS NOT NULL");
    let title = format!("Change to `{written} IS NOT NULL`");
    is_path.then(|| Fix::review(title, ctx.id(), vec![edit]))
}

/// Whether `||` stands between two values that it does not join: it was meant to be `OR`.
fn joins_conditions(ctx: &Context<'_>, range: TextRange) -> bool {
    ctx.slice(range).contains("||")
}

/// Writes a word of SQL in the place of a sign.
fn word(ctx: &Context<'_>, range: TextRange, sign: &str, word: &str) -> Option<Fix> {
    let at = range.start() + u32::try_from(ctx.slice(range).find(sign)?).ok()?;
    let edit = TextEdit::replace(TextRange::new(at, at + 2), word);
    Some(Fix::review(format!("Write `{word}`"), ctx.id(), vec![edit]))
}

/// A type in the words of an author.
pub(crate) fn described(ctx: &Context<'_>, ty: ValueType<'_>) -> String {
    let word = match ty {
        ValueType::Row(entity) => {
            let name = ctx.workspace.entity(entity).map(|it| it.name.text.clone());
            return format!("a reference to `{}`", name.unwrap_or_default());
        }
        ValueType::Literal(text) => return format!("the text `'{text}'`"),
        ValueType::Enum(_) => "a value of an enum",
        ValueType::List => "a list",
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
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn conditions_comparisons_and_computations() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
fields:
  name: text
  age: integer
#- /team.yaml
entity: Team
fields:
  name: text
#- /post.yaml
entity: Post
fields:
  title: text
  views: integer
  price: money
  rating: float
  published: boolean
  due: date
  sent_at: datetime
  data: json
  tags: list(text)
  author: ref(User)
  team: ref(Team)
actions:
  - name: look
    steps:
      - validate: title
      #           ^^^^^ 💡 error[type-mismatch]: a condition is true or false, and this is text, so the action would fail; compare it with something
      - validate: published AND views
      #                         ^^^^^ 💡 error[type-mismatch]
      - validate: title = 5
      #           ^^^^^^^^^ error[type-mismatch]: text and a whole number cannot be compared, so the action would fail
      - validate: views = 'many' OR published = 1
      #                   ^^^^^^ error[type-mismatch]: `many` cannot be read as a whole number, so the action would fail
      #                             ^^^^^^^^^^^^^ error[type-mismatch]
      - validate: author = team OR author.age > 'old' OR due < 5
      #           ^^^^^^^^^^^^^ error[type-mismatch]: a reference to `User` and a reference to `Team` are rows of different tables, so comparing them says nothing
      #                                         ^^^^^ error[type-mismatch]
      #                                                  ^^^^^^^ error[type-mismatch]
      - validate: title + views > 1
      #           ^^^^^^^^^^^^^ error[type-mismatch]: there is no such operator between text and a whole number, so the action would fail
      - validate: sent_at + 1 < now() AND rating % 2 = 1
      #           ^^^^^^^^^^^ error[type-mismatch]
      #                                   ^^^^^^^^^^ error[type-mismatch]
      - validate: views LIKE '1%' AND title IN (1, 'x') AND views BETWEEN 'a' AND 5
      #           ^^^^^ error[type-mismatch]: text is expected here, and this is a whole number, so the action would fail
      #                                         ^ error[type-mismatch]
      #                                                                   ^^^ error[type-mismatch]
      - validate: length(views) > 1 AND round(rating, 2) = 1 AND upper(title, 'x') = 'X'
      #                  ^^^^^ error[type-mismatch]: `length` does not take a whole number as its argument 1, so the action would fail
      #                                       ^^^^^^ error[type-mismatch]
      #                                                          ^^^^^^^^^^^^^^^^^ error[type-mismatch]: `upper` takes one argument, so the action would fail
      - validate: CASE WHEN published THEN title ELSE views END IS NOT NULL
      #                                               ^^^^^ error[type-mismatch]: one result is text and another is a whole number, which do not mix, so the action would fail
      - validate: title -> 'a' IS NULL AND EXISTS User WHERE age = 'x'
      #           ^^^^^ error[type-mismatch]
      #                                                            ^^^ error[type-mismatch]
      - foreach: it in title
      #                ^^^^^ error[type-mismatch]: a loop runs over many values, and `title` is text; name a list, an entity or a query
        do:
          - validate: published
"#,
        );
    }

    #[test]
    fn what_fits_or_is_not_known() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
fields:
  name: text
  manager: ref(User)
#- /post.yaml
entity: Post
fields:
  title: text
  status: enum(draft, sent)
  views: integer
  price: money
  rating: float
  published: boolean
  due: date
  sent_at: datetime
  span: duration
  data: json
  tags: list(text)
  address: SimpleAddress
  author: ref(User)
  subject: ref(User|Post)
actions:
  - name: look
    params:
      any: json
    steps:
      - validate: published AND NOT published IS TRUE AND title || views = 'x' AND 'a' || views = title
      - validate: views > 1.5 AND price * views < rating AND views % 2 = 0 AND abs(views) + ceil(price) > 1
      - validate: due - due > 3 AND due + 1 < CURRENT_DATE AND sent_at - interval '1 day' < now()
      - validate: sent_at - sent_at > span AND due < sent_at AND span * 2 > span
      - validate: author = author.manager AND author.id = input.author AND subject = author AND author IS NULL
      - validate: data.count > 5 AND data ->> 'a' = 'b' AND tags ? 'x' AND jsonb_array_length(tags) > 1
      - validate: coalesce(title, '') = '' AND coalesce(views, 0) > 1 AND nullif(title, '') IS NULL
      - validate: round(price, 2) = 1 AND round(views) = 1 AND date_trunc('day', sent_at) = due AND extract(year FROM due) > 2
      - validate: status = 'draft' AND status <> title AND status LIKE 'd%' AND length(status) > 1
      - validate: views = '5' AND published = 'yes' AND due > '2026-01-01' AND any.x = 1
      - validate: my.fn(title) AND (SELECT true) AND address.city = 'x'
      - update: Post SET views = 1.5, price = views, title = 'x', due = now(), data = 5, tags = ARRAY['x'], author = auth_user_id
    impact:
      primary: {entity: Post, operation: UPDATE}
"#,
        );
    }

    #[test]
    fn queries_in_sql() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
schema: crm
fields:
  name: text
  age: integer
#- /post.yaml
entity: Post
schema: crm
fields:
  title: text
  status: enum(draft, sent)
  views: integer
  price: money
  due: date
  sent_at: datetime
  tags: list(text)
  author: ref(User)
actions:
  - name: look
    params:
      who: ref(User)
    impact:
      primary: {entity: Post, operation: UPDATE}
    steps:
      - validate: (SELECT count(*) FROM crm.tb_post)
      #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]: a condition is true or false, and this is a whole number, so the action would fail; compare it with something
      - validate: (SELECT name FROM crm.tb_user LIMIT 1) = views
      #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]: text and a whole number cannot be compared, so the action would fail
      - validate: due > (SELECT max(u.age) FROM crm.tb_user u) OR views IN (SELECT name FROM crm.tb_user)
      #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]
      #                                                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]
      - validate: views = ANY (SELECT due FROM crm.tb_post) AND (SELECT sum(views) FROM crm.tb_post) = 'many'
      #                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]
      #                                                                                                ^^^^^^ error[type-mismatch]
      - validate: views = (SELECT views, price FROM crm.tb_post)
      #                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]: a query that stands for one value gives one column, and this one gives 2, so the action would fail
      - validate: author = (SELECT id FROM crm.tb_user LIMIT 1) OR author IN (SELECT u.id FROM crm.tb_user u)
      #                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]: the column of a reference holds the key of its row, and this query gives ids, so the action would fail; select `pk_user`
      #                                                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]
      - validate: (SELECT name FROM crm.tb_user LIMIT 1) = author
      #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]
      - update: Post SET views = (SELECT name FROM crm.tb_user LIMIT 1), due = (SELECT count(*) FROM crm.tb_post), author = (SELECT pk_user FROM crm.tb_user LIMIT 1)
      #                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]: `views` is a whole number, and cannot be set to text
      #                                                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]
      #                                                                                                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[type-mismatch]
      - validate: (SELECT count(*) FROM crm.tb_post) > 1 AND views = (SELECT max(views) FROM crm.tb_post)
      - validate: author = (SELECT pk_user FROM crm.tb_user LIMIT 1) AND author IN (SELECT p.fk_author FROM crm.tb_post p)
      - validate: $who = (SELECT id FROM crm.tb_user LIMIT 1) AND title = (SELECT min(status) FROM crm.tb_post)
      - validate: (SELECT sent_at FROM crm.tb_post LIMIT 1) > due AND due < (SELECT now()) AND (SELECT true)
      - validate: (views, price) IN (SELECT views, price FROM crm.tb_post) AND due > (SELECT x FROM other.stats LIMIT 1)
      - validate: price > (SELECT avg(views) * 2 FROM crm.tb_post) AND (SELECT coalesce(sum(views), 0) FROM crm.tb_post) < 3
      - foreach: row in (SELECT id, title FROM crm.tb_post)
        do:
          - update: Post SET views = (SELECT count(*) FROM crm.tb_user), author = (SELECT id FROM crm.tb_user LIMIT 1)
"#,
        );
    }

    #[test]
    fn assignments_and_arguments() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
fields:
  name: text
#- /post.yaml
entity: Post
fields:
  title: text
  views: integer
  published: boolean
  due: date
  author: ref(User)
  parent: ref(Post)
actions:
  - name: change
    steps:
      - update: Post SET views = 'many', published = 1, due = 5
      #                          ^^^^^^ error[type-mismatch]: `views` is a whole number, and `many` cannot be read as one, so the action would fail
      #                                              ^ error[type-mismatch]: `published` is a truth value, and cannot be set to a whole number
      #                                                       ^ error[type-mismatch]
      - update: Post SET title = 5, views = published, author = parent
      #                          ^ 💡 warning[type-mismatch]: `title` is text, so `5` is stored as a text; put it in quotes to say so
      #                                     ^^^^^^^^^ error[type-mismatch]
      #                                                         ^^^^^^ error[type-mismatch]: `author` is a reference to `User`, and this is a reference to `Post`, so it would point at a row of another table
      - update: Post SET views = CASE WHEN published THEN 'few' ELSE 1 END
      #                                                   ^^^^^ error[type-mismatch]: `few` cannot be read as a whole number, so the action would fail
      - call: limit_views(most = 'none')
      #                          ^^^^^^ error[type-mismatch]
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [views, published, due, title, author]}
  - name: limit_views
    params:
      most: integer!
    steps:
      - validate: views < $most
"#,
        );
    }

    #[test]
    fn a_value_that_was_to_be_there() {
        check_fix(
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: look\n    steps:\n      - validate: ti$0tle  # why\n",
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: look\n    steps:\n      - validate: title IS NOT NULL  # why\n",
        );
    }
}
