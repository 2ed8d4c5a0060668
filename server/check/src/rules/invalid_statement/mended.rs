//! What other languages write in statements, where one edit makes SpecQL of it: `parameter` in the marks of
//! templates, `count += 1`, `state is 'open'`, `IN ['a', 'b']`.

use specql_text::TextRange;

use crate::{Context, Fix};

/// A part of a statement, and what stands there in SpecQL.
struct Mended {
    range: TextRange,
    better: String,
}

/// The words of a message that propose it.
pub(super) fn advice(ctx: &Context<'_>, problem: TextRange, value: TextRange) -> Option<String> {
    mended(ctx, problem, value).map(|it| format!("write `{}`", it.better.trim()))
}

/// The edit.
pub(super) fn fix(ctx: &Context<'_>, problem: TextRange, value: TextRange) -> Option<Fix> {
    let it = mended(ctx, problem, value)?;
    Some(Fix::review(
        format!("Write `{}`", it.better.trim()),
        ctx.id(),
        ctx.write_part(it.range, &it.better),
    ))
}

/// The line of a statement around the place where it cannot be read.
struct Line<'a> {
    before: &'a str,
    behind: &'a str,
    at: usize,
}

fn mended(ctx: &Context<'_>, problem: TextRange, value: TextRange) -> Option<Mended> {
    let text = ctx.file.text();
    let (value, at) = (value.to_usize(), problem.to_usize().start);
    let before = text.get(value.start..at)?;
    // A finding at the end of a statement has the next line behind it.
    let behind = text.get(at..value.end.max(at))?.lines().next().unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |it| it + 1);
    let line = Line { before: before.get(start..)?, behind, at };
    line.parameter(ctx)
        .or_else(|| line.counted())
        .or_else(|| line.compared())
        .or_else(|| line.listed())
        .or_else(|| line.between())
}

impl Line<'_> {
    /// A part of the line, from so many bytes before the place to so many behind it.
    fn part(&self, before: usize, behind: usize, better: String) -> Mended {
        Mended { range: TextRange::from(self.at - before..self.at + behind), better }
    }

    /// `:name`, `@name`, `{name}`, `{{ name }}`, `${name}` of a parameter.
    fn parameter(&self, ctx: &Context<'_>) -> Option<Mended> {
        // The place is at the mark, or behind the first sign of one.
        let first = self.before.trim_end_matches([' ', '{', '$', '#']).len();
        let marks = self.before.get(first..)?.trim_start_matches(' ');
        let text = [marks, self.behind].concat();
        let opened = text.trim_start_matches(['{', '$', '#', ':', '@', '%', ' ', '(']);
        let end =
            opened.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(opened.len());
        let name = opened.get(..end).filter(|it| !it.is_empty())?;
        let open = text.len() - opened.len();
        let close = match text.get(..open)?.trim() {
            ":" | "@" => "",
            "{" | "${" | "#{" => "}",
            "{{" | "${{" => "}}",
            _ => return None,
        };
        let rest = opened.get(end..)?;
        let closed = rest.trim_start_matches(' ');
        if !closed.starts_with(close) {
            return None;
        }
        let blanks = if close.is_empty() { 0 } else { rest.len() - closed.len() };
        let length = open + end + blanks + close.len();
        let action =
            ctx.actions().map(|it| it.1).find(|it| it.range.to_usize().contains(&self.at))?;
        let is_parameter = action.parameters.iter().any(|it| it.name.text == name);
        let is_field = || ctx.entity().is_some_and(|it| it.field(name).is_some());
        let better = if is_parameter {
            format!("${name}")
        } else if is_field() {
            name.to_owned()
        } else {
            return None;
        };
        Some(self.part(marks.len(), length.checked_sub(marks.len())?, better))
    }

    /// `count += 1`, `count++`.
    fn counted(&self) -> Option<Mended> {
        let operator =
            ["+", "-", "*", "/", "||"].into_iter().find(|it| self.behind.starts_with(it))?;
        let rest = self.behind.get(operator.len()..)?;
        let before = self.before.trim_end();
        let word =
            before.rfind(|it: char| !it.is_alphanumeric() && it != '_').map_or(0, |it| it + 1);
        let name = before.get(word..).filter(|it| !it.is_empty())?;
        // A condition counts nothing.
        if !self.before.to_ascii_lowercase().contains(" set ") {
            return None;
        }
        let gap = self.before.len() - before.len();
        if rest.starts_with('=') {
            return Some(self.part(gap, operator.len() + 1, format!(" = {name} {operator}")));
        }
        let is_doubled = matches!(operator, "+" | "-") && rest.starts_with(operator);
        is_doubled.then(|| self.part(gap, 2, format!(" = {name} {operator} 1")))
    }

    /// `is 'open'`, `not 'open'`, `===`, `=>`, `=<`, `and then`.
    fn compared(&self) -> Option<Mended> {
        let begins = |it: &str| self.behind.starts_with(it);
        let is_text = begins("'") || begins("\"");
        let lower = self.before.to_ascii_lowercase();
        let ends: &[(&str, &str)] = &[(" is not ", " <> "), (" is ", " = "), (" not ", " <> ")];
        if is_text && let Some((end, better)) = ends.iter().find(|it| lower.ends_with(it.0)) {
            return Some(self.part(end.len(), 0, (*better).to_owned()));
        }
        let ends: &[(&str, &str)] = &[(" and then ", " AND "), (" or else ", " OR ")];
        if let Some((end, better)) = ends.iter().find(|it| lower.ends_with(it.0)) {
            return Some(self.part(end.len(), 0, (*better).to_owned()));
        }
        let is_open = lower.matches('(').count() > lower.matches(')').count();
        let signs: &[(&str, &str, &str)] = &[
            ("", "=>", ">="),
            ("=", ">", ">="),
            ("", "=<", "<="),
            ("=", "<", "<="),
            ("==", "=", "="),
            ("=", "==", "="),
            ("!=", "=", "<>"),
            ("!", "==", "<>"),
            ("=", "~", "~"),
        ];
        let found = signs.iter().find(|it| lower.ends_with(it.0) && begins(it.1))?;
        let is_argument = is_open && found.2 == ">=";
        (!is_argument).then(|| self.part(found.0.len(), found.1.len(), found.2.to_owned()))
    }

    /// `IN ['a', 'b']`.
    fn listed(&self) -> Option<Mended> {
        let inner = self.behind.strip_prefix('[')?;
        let inner = inner.get(..inner.find(']')?)?;
        let is_in = self.before.trim_end().to_ascii_lowercase().ends_with(" in");
        (is_in && !inner.trim().is_empty())
            .then(|| self.part(0, inner.len() + 2, format!("({inner})")))
    }

    /// `BETWEEN 1, 9`.
    fn between(&self) -> Option<Mended> {
        let lower = self.before.to_ascii_lowercase();
        let from = lower.rfind(" between ")?;
        let least = self.before.get(from + " between ".len()..)?;
        let is_one = !least.contains([',', ' ', '(']);
        (is_one && self.behind.starts_with(',')).then(|| self.part(0, 1, " AND".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_fix;

    fn mended(written: &str, better: &str) {
        let file = |step: &str| {
            format!(
                "entity: Post\nfields: {{title: text, n: integer}}\nactions:\n  - name: look\n    params: {{to: text, by: integer}}\n    steps:\n      - validate: $to <> 'y' AND $by > 1\n      - update: Post SET title = $to, n = $by\n      - {step}\n    impact: {{primary: {{operation: UPDATE, fields: [title, n]}}}}\n"
            )
        };
        check_fix(&file(written), &file(better));
    }

    #[test]
    fn parameters_of_templates() {
        for it in ["$0:to", "$0@to", "$0{to}", "$0{{ to }}", "$0${to}", "$0#{to}"] {
            mended(
                &format!("\"update: Post SET title = {it}\"").replace("\"update: ", "update: \""),
                "update: \"Post SET title = $to\"",
            );
        }
    }

    #[test]
    fn counting_of_other_languages() {
        mended("update: Post SET n $0+= 1", "update: Post SET n = n + 1");
        mended("update: Post SET n$0++", "update: Post SET n = n + 1");
        mended(
            "update: Post SET n $0-= $by, title = 'x'",
            "update: Post SET n = n - $by, title = 'x'",
        );
    }

    #[test]
    fn comparisons_of_other_languages() {
        mended("validate: title is $0'a'", "validate: title = 'a'");
        mended("validate: title not $0'a'", "validate: title <> 'a'");
        mended(
            "validate: title IN$0 ['a', 'b'] AND n > 1",
            "validate: title IN ('a', 'b') AND n > 1",
        );
        mended("validate: n BETWEEN 1$0, 9", "validate: n BETWEEN 1 AND 9");
        mended("validate: n $0=> 1", "validate: n >= 1");
        mended("validate: n ==$0= 1", "validate: n = 1");
    }
}
