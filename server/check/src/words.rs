//! What the rules about words of fixed vocabularies share.

use specql_model::{Name, Spelled, suggest};
use specql_text::TextEdit;

use crate::{
    Applicability, Context, Diagnostic, Fix, Level, Rule,
    context::{did_you_mean, listed},
};

/// Two keys of which each has the other one's value.
pub(crate) fn swapped(
    ctx: &Context<'_>,
    rule: &Rule,
    [(first_key, first), (second_key, second)]: [(&str, &Name); 2],
    consequence: &str,
) -> Diagnostic {
    let message = format!(
        "`{first_key}` and `{second_key}` have each other's value, so {consequence}; write `{first_key}: {}` and \
         `{second_key}: {}`",
        second.text, first.text
    );
    let edits = vec![
        TextEdit::replace(first.range, second.text.to_string()),
        TextEdit::replace(second.range, first.text.to_string()),
    ];
    ctx.finding(rule, second.range, message)
        .related(ctx.id(), first.range, format!("the {second_key}"))
        .fix(Fix::review("Swap the two", ctx.id(), edits))
}

/// A finding about a word that is not in the vocabulary, or an information about a synonym; `means` is
/// the word that it is read as.
pub(crate) fn check<T>(
    ctx: &Context<'_>,
    rule: &Rule,
    noun: &str,
    word: &Spelled<T>,
    means: Option<&'static str>,
    known: &[&'static str],
    synonym: fn(&str) -> Option<&'static str>,
) -> Option<Diagnostic> {
    let written = &word.name;
    match means {
        Some(_) if word.canonical => None,
        Some(to) => {
            let message = format!("`{}` is read as the {noun} `{to}`", written.text);
            let fix = Fix { applicability: Applicability::Safe, ..ctx.rename(written, to) };
            Some(ctx.finding(rule, written.range, message).level(Level::Info).fix(fix))
        }
        None => {
            let near =
                suggest(&written.text, known.iter().copied()).or_else(|| synonym(&written.text));
            let choice = match near {
                Some(_) => did_you_mean(near),
                None => format!("; it is one of {}", listed(known.iter().copied())),
            };
            let message = format!(
                "there is no {noun} `{}`, so what happens is not known{choice}",
                written.text
            );
            let fix = near.map(|to| ctx.rename(written, to));
            Some(ctx.finding(rule, written.range, message).fix(fix))
        }
    }
}
