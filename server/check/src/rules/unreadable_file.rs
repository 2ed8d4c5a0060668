//! A file, or a part of it, that cannot be read: lost characters, nesting and aliases beyond what a
//! file may hold, more text than is parsed.
//!
//! Bytes that are neither UTF-8 nor UTF-16 reach the rules as U+FFFD, from the disk and from editors
//! alike. One finding stands for all of them, at the first. It is said of files without an `entity` as
//! well: what was lost may be just that.

use specql_syntax::yaml::{Problem, ProblemKind};
use specql_text::TextRange;

use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "unreadable-file",
    level: Level::Error,
    summary: "a file, or a part of it, that cannot be read",
    run: unreadable_file,
    page: include_str!("../../../../docs/rules/unreadable-file.md"),
};

/// The finding in a file of which nobody can say what it is.
pub(crate) fn lost_characters(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let text = ctx.file.text();
    if let Some(at) = text.find(char::REPLACEMENT_CHARACTER) {
        let range = TextRange::from(at..at + char::REPLACEMENT_CHARACTER.len_utf8());
        let message = "this is no character of UTF-8, so the loader refuses the file; save it as UTF-8 \
                       and write again what was lost";
        acc.push(ctx.finding(&RULE, range, message.to_owned()));
    }
}

fn unreadable_file(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    lost_characters(ctx, acc);
    let mut told = Vec::new();
    for problem in &ctx.file.parse().yaml().problems {
        if let Some(message) = message(problem)
            // Of what is nested too deep one place says it of all.
            && !(problem.kind == ProblemKind::TooDeep && told.contains(&message))
        {
            told.push(message);
            acc.push(ctx.finding(&RULE, problem.range, message.to_owned()));
        }
    }
}

fn message(problem: &Problem) -> Option<&'static str> {
    match problem.kind {
        ProblemKind::TooDeep => {
            Some("this is nested deeper than a file may be, so it is not read; write it flatter")
        }
        ProblemKind::AliasBomb => Some(
            "these aliases stand for more values than a file may hold, so they are not read; write \
             out what they mean",
        ),
        ProblemKind::TooLarge => Some(
            "the file is larger than 16 MiB, so only its first lines are read; an entity has a file \
             of its own",
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use specql_model::{FileId, SourceFile, Workspace};

    use crate::{check_workspace, test_support::check_diagnostics};

    fn assert_is_found(text: &str) {
        let file = SourceFile::new(FileId(0), "post.yaml", text);
        let found = check_workspace(&Workspace::new([Arc::new(file)]));
        assert!(found.iter().any(|it| it.code == "unreadable-file"), "{found:#?}");
    }

    #[test]
    fn a_lost_character() {
        check_diagnostics(
            "
entity: Post
description: \"caf\u{fffd}\"
#                ^ error[unreadable-file]: this is no character of UTF-8, so the loader refuses the file; save it as UTF-8 and write again what was lost
fields:
  title: text # \u{fffd}
",
        );
    }

    #[test]
    fn a_file_that_may_have_been_anything() {
        assert_is_found("\u{fffd}ntity: Post\n");
    }

    #[test]
    fn brackets_beyond_the_limit() {
        let text = format!("entity: Post\nx-deep: {}{}\n", "[".repeat(80), "]".repeat(80));
        assert_is_found(&text);
    }

    /// However much of it there is, it is said once: at the first place, and of the nesting alone.
    #[test]
    fn nesting_is_told_once() {
        let brackets = |it: usize| format!("{}a{}", "[".repeat(it), "]".repeat(it));
        let file = |of: &str| {
            SourceFile::new(FileId(0), "post.yaml", format!("entity: Post\n{of}").as_str())
        };
        let found = |of: &str| check_workspace(&Workspace::new([Arc::new(file(of))]));
        let near = found(&format!("x-near: {}\n", brackets(20)));
        assert!(near.is_empty(), "{near:#?}");
        let text = format!("x-deep: {}\nx-more: {}\n", brackets(200), brackets(300));
        let found = found(&text);
        let [one] = found.as_slice() else { panic!("{found:#?}") };
        assert_eq!(
            (one.code, one.message.as_str()),
            (
                "unreadable-file",
                "this is nested deeper than a file may be, so it is not read; write it flatter"
            )
        );
        let start = one.range.start() as usize - "entity: Post\n".len();
        let before = text.get(..start).expect("within the file");
        assert!(before.starts_with("x-deep: [") && !before.contains('a'), "{before}");
    }

    #[test]
    fn blocks_beyond_the_limit() {
        let stairs: String = (1..200).map(|it| format!("{}k:\n", " ".repeat(it))).collect();
        assert_is_found(&format!("entity: Post\nx-deep:\n{stairs}"));
    }

    #[test]
    fn aliases_of_aliases() {
        let mut text = String::from("entity: Post\nx-0: &x0 [a, a, a, a, a, a, a, a, a]\n");
        for it in 1..9 {
            let all = vec![format!("*x{}", it - 1); 9].join(", ");
            text.push_str(&format!("x-{it}: &x{it} [{all}]\n"));
        }
        assert_is_found(&text);
    }
}
