//! A retention that is no duration.

use specql_model::{FileKind, Name, interval, suggest};

use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "retention-format",
    level: Level::Error,
    summary: "a retention that is no duration",
    run: retention_format,
    page: include_str!("../../../../docs/rules/retention-format.md"),
};

fn retention_format(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let audit = ctx.entity().and_then(|it| it.audit.as_ref()).and_then(|it| it.retention.as_ref());
    acc.extend(audit.and_then(|it| finding(ctx, it, "nothing is dropped")));
    let FileKind::Config(config) = &ctx.file.kind else { return };
    for (name, instead) in [
        (&config.audit_retention, "nothing is dropped"),
        (&config.outbox_retention, "the default holds"),
        (&config.kafka.retention, "the default holds"),
    ] {
        acc.extend(name.as_ref().and_then(|it| finding(ctx, it, instead)));
    }
}

fn finding(ctx: &Context<'_>, name: &Name, instead: &str) -> Option<Diagnostic> {
    if interval(name).is_some() || name.text.is_empty() {
        return None;
    }
    let digits = name.text.trim().bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = name.text.trim().split_at(digits);
    let is_number = digits > 0 && unit.is_empty();
    let meant = if is_number { Some("days") } else { unit_of(unit) };
    let better = meant.filter(|_| digits > 0).map(|unit| format!("{number} {unit}"));
    let example = better.as_deref().unwrap_or("90 days");
    let message = format!(
        "`{}` is no duration, so {instead}; write a number of days, weeks, months or years, like \
         `{example}`",
        name.text
    );
    let is_positive = number.bytes().any(|it| it != b'0');
    let fix = better.as_deref().filter(|_| is_positive).map(|it| ctx.rename(name, it));
    Some(ctx.finding(&RULE, name.range, message).fix(fix))
}

/// The unit that a word means which is none.
fn unit_of(word: &str) -> Option<&'static str> {
    let word = word.trim().trim_end_matches('.').to_ascii_lowercase();
    let unit = match word.as_str() {
        "yr" | "yrs" => "years",
        "mo" | "mos" | "mon" | "mths" | "mth" => "months",
        "wk" | "wks" => "weeks",
        "dy" | "dys" => "days",
        _ => suggest(&word, ["days", "weeks", "months", "years"])?,
    };
    Some(unit)
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn durations_and_others() {
        check_diagnostics(
            r#"
#- /specql.config.yaml
audit: {retention: for ever}
#                  ^^^^^^^^ error[retention-format]: `for ever` is no duration, so nothing is dropped; write a number of days, weeks, months or years, like `90 days`
outbox: {retention: 7d}
kafka: {retention: 0 days}
#                  ^^^^^^ error[retention-format]: `0 days` is no duration, so the default holds; write a number of days, weeks, months or years, like `90 days`
#- /post.yaml
entity: Post
fields:
  title: text
audit:
  retention: 90
  #          ^^ 💡 error[retention-format]: `90` is no duration, so nothing is dropped; write a number of days, weeks, months or years, like `90 days`
"#,
        );
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
audit:
  retention: 7 yrs
  #          ^^^^^ 💡 error[retention-format]: `7 yrs` is no duration, so nothing is dropped; write a number of days, weeks, months or years, like `7 years`
"#,
        );
    }

    #[test]
    fn a_number_is_a_number_of_days() {
        check_fix(
            "entity: Post\nfields:\n  title: text\naudit: {retention: $090}  # law\n",
            "entity: Post\nfields:\n  title: text\naudit: {retention: 90 days}  # law\n",
        );
        check_fix(
            "entity: Post\nfields:\n  title: text\naudit: {retention: $06 mnths}  # law\n",
            "entity: Post\nfields:\n  title: text\naudit: {retention: 6 months}  # law\n",
        );
    }
}
