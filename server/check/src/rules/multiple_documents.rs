//! A file has a second document after `---`; only the first one is read.

use specql_syntax::yaml::ProblemKind;

use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "multiple-documents",
    level: Level::Error,
    summary: "a file holds more than one document",
    run: multiple_documents,
    page: include_str!("../../../../docs/rules/multiple-documents.md"),
};

fn multiple_documents(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for problem in &ctx.file.parse().yaml().problems {
        if problem.kind == ProblemKind::SecondDocument {
            let message = "a file declares one entity, so this document is not read; move it to a \
                           file of its own";
            acc.push(ctx.finding(&RULE, problem.range, message.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn a_second_document() {
        check_diagnostics(
            r#"
---
entity: Post
---
#<^ error[multiple-documents]: a file declares one entity, so this document is not read; move it to a file of its own
entity: User
"#,
        );
    }

    #[test]
    fn an_entity_behind_an_empty_document() {
        check_diagnostics(
            r#"
---
---
#<^ error[multiple-documents]
entity: User
"#,
        );
    }

    #[test]
    fn documents_without_an_entity_are_passed_over() {
        check_diagnostics("#- /compose.yaml\na: 1\n---\nb: 2\n");
    }

    #[test]
    fn one_document_with_its_markers_is_fine() {
        check_diagnostics("---\nentity: Post\n...\n");
    }
}
