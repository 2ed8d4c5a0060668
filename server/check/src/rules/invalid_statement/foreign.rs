//! What other languages write in conditions, and what is written here instead.

use specql_text::TextRange;

use crate::Context;

/// Words where an expression cannot go on, and what to write.
const WORDS: &[(&str, &str)] = &[
    ("none", "write `NULL`"),
    ("nil", "write `NULL`"),
    ("undefined", "write `NULL`"),
    ("contains", "write `LIKE '%…%'`"),
    ("includes", "write `LIKE '%…%'`"),
    ("startswith", "write `LIKE '…%'`"),
    ("starts_with", "write `LIKE '…%'`"),
    ("endswith", "write `LIKE '%…'`"),
    ("ends_with", "write `LIKE '%…'`"),
    ("equals", "write `=`"),
    ("eq", "write `=`"),
    ("ne", "write `<>`"),
    ("gt", "write `>`"),
    ("gte", "write `>=`"),
    ("lt", "write `<`"),
    ("lte", "write `<=`"),
    ("xor", "write `<>` between the two"),
    ("days", INTERVAL),
    ("day", INTERVAL),
    ("hours", INTERVAL),
    ("hour", INTERVAL),
    ("minutes", INTERVAL),
    ("minute", INTERVAL),
    ("weeks", INTERVAL),
    ("week", INTERVAL),
    ("months", INTERVAL),
    ("month", INTERVAL),
    ("years", INTERVAL),
    ("year", INTERVAL),
];

/// Signs of print.
const SIGNS: &[(char, &str)] = &[
    ('≥', "write `>=`"),
    ('≤', "write `<=`"),
    ('≠', "write `<>`"),
    ('×', "write `*`"),
    ('÷', "write `/`"),
    ('−', "write `-`"),
    ('–', "write `-`"),
];

const INTERVAL: &str = "write a length of time as `interval '5 days'`";

/// What is meant by what stands where an expression ends too early, as an advice.
pub(super) fn meant(ctx: &Context<'_>, at: TextRange) -> Option<&'static str> {
    let text = ctx.file.text();
    let behind = text.get(at.to_usize().start..)?.lines().next()?;
    let before = text.get(..at.to_usize().start)?.lines().next_back()?;
    of_sign(before, behind).or_else(|| of_word(before, behind))
}

fn of_sign(before: &str, behind: &str) -> Option<&'static str> {
    let joined = |one: &str, other: &str| before.ends_with(one) && behind.starts_with(other);
    if behind.starts_with("=>") {
        let is_argument = before.matches('(').count() > before.matches(')').count();
        let advice = "write the arguments in their order, without their names";
        return Some(if is_argument { advice } else { "write `>=`" });
    }
    if let Some((_, advice)) = SIGNS.iter().find(|it| behind.trim_start().starts_with(it.0)) {
        return Some(advice);
    }
    if behind.starts_with('!') {
        return Some("write `NOT`");
    }
    if behind.starts_with('`') {
        return Some("write texts as `'…'`");
    }
    if behind.starts_with('[') && before.trim_end().to_ascii_lowercase().ends_with(" in") {
        return Some("write the list as `(…, …)`");
    }
    if before.ends_with("''") && behind.starts_with(|it: char| it.is_alphanumeric()) {
        return Some("write one `'` at each end of a text");
    }
    if joined("==", "=") || joined("=", "==") {
        return Some("write `=`");
    }
    if joined("=", "~") || joined("~", "=") {
        return Some("write `~` before a regular expression");
    }
    if before.trim_end().ends_with("??") || behind.starts_with("??") {
        return Some("write `coalesce(…, …)`");
    }
    if joined("?", ".") || behind.starts_with("?.") {
        return Some("write `.` alone");
    }
    None
}

fn of_word(before: &str, behind: &str) -> Option<&'static str> {
    let before = before.trim_end().to_ascii_lowercase();
    if before.ends_with("interval") && behind.starts_with(|it: char| it.is_ascii_digit()) {
        return Some(INTERVAL);
    }
    if behind.starts_with(['\'', '"']) {
        if before.ends_with(" is") {
            return Some("write `=`");
        }
        if before.ends_with(" not") {
            return Some("write `<>`");
        }
    }
    if before.ends_with(" and then") || before.ends_with(" or else") {
        return Some("write `AND` or `OR` alone");
    }
    let end = behind.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(behind.len());
    let word = behind.get(..end)?.to_ascii_lowercase();
    WORDS.iter().find(|it| it.0 == word).map(|it| it.1)
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn conditions_of_other_languages() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
  due: date
actions:
  - name: look
    steps:
      - validate: "!title"
      #            ^ error[invalid-statement]: `!` fits nothing, so the step cannot be read; write `NOT`
      - validate: title IS NOT None
      #                        ^^^^ error[invalid-statement]: `None` fits nothing, so the step cannot be read; write `NULL`
      - validate: title contains 'x'
      #                 ^^^^^^^^ error[invalid-statement]: `contains` fits nothing, so the step cannot be read; write `LIKE '%…%'`
      - validate: title IN ['a', 'b']
      #                  ^ 💡 error[invalid-statement]: a value is expected, so the step cannot be read; write `('a', 'b')`
      - validate: title === 'x'
      #                  ^ 💡 error[invalid-statement]: a value is expected, so the step cannot be read; write `=`
      - validate: title =~ 'x'
      #                 ^ 💡 error[invalid-statement]: a value is expected, so the step cannot be read; write `~`
      - validate: title is 'a'
      #                    ^^^ 💡 error[invalid-statement]: `'a'` fits nothing, so the step cannot be read; write `=`
      - validate: due > now() - interval 5 days
      #                                  ^^^^^^ error[invalid-statement]: `5 days` fits nothing, so the step cannot be read; write a length of time as `interval '5 days'`
      - validate: due > now() - 5 days
      #                           ^^^^ error[invalid-statement]: `days` fits nothing, so the step cannot be read; write a length of time as `interval '5 days'`
      - validate: due > now() - make_interval(days => 5)
      #                                            ^^ error[invalid-statement]: `=>` fits nothing, so the step cannot be read; write the arguments in their order, without their names
      - validate: due ≥ now()
      #               ^^^^^ error[invalid-statement]: `≥ now` fits nothing, so the step cannot be read; write `>=`
      - validate: title = ''a''
      #                     ^^^ error[invalid-statement]: `a''` fits nothing, so the step cannot be read; write one `'` at each end of a text
      - validate: !(title = 'x')
      #           ^^^^^^^ error[unsupported-yaml]: YAML takes `!` for a tag, which the loader refuses; write `NOT (…)`
"#,
        );
    }
}
