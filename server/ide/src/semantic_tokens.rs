//! What the words of a file mean, for colours.
//!
//! Invariant: tokens are in order, lie in one line each, and do not overlap.

use specql_model::{SourceFile, Workspace};
use specql_text::TextRange;

use crate::{
    SemanticToken, TokenKind,
    mention::{self, Subject},
};

/// The tokens that touch a range, in order.
pub(crate) fn semantic_tokens(
    workspace: &Workspace,
    file: &SourceFile,
    within: TextRange,
) -> Vec<SemanticToken> {
    let text = file.text();
    let mut found: Vec<SemanticToken> = mention::all(workspace, file)
        .iter()
        .filter(|it| it.range.end() >= within.start() && it.range.start() <= within.end())
        .filter(|it| !matches!(it.subject, Subject::Query(_)))
        .filter(|it| !it.range.is_empty() && !it.range.slice(text).contains('\n'))
        .map(|it| SemanticToken {
            range: named(text, it.range, &it.subject),
            kind: kind(&it.subject),
            declares: it.declares,
            built_in: is_built_in(&it.subject),
        })
        .collect();
    found.sort_by_key(|it| (it.range.start(), it.range.len()));
    let mut end = 0;
    found.retain(|it| {
        let is_free = it.range.start() >= end;
        if is_free {
            end = it.range.end();
        }
        is_free
    });
    found
}

/// The word of a type: what stands in its brackets has colours of its own.
fn named(text: &str, range: TextRange, subject: &Subject<'_>) -> TextRange {
    let is_type = matches!(subject, Subject::Type(_) | Subject::Rich(_));
    let word = range.slice(text).find(['(', '[']).filter(|it| is_type && *it > 0);
    let len = word.and_then(|it| u32::try_from(it).ok()).unwrap_or(range.len());
    TextRange::new(range.start(), range.start() + len)
}

const fn kind(subject: &Subject<'_>) -> TokenKind {
    match subject {
        Subject::Entity(_) | Subject::Query(_) | Subject::Ambiguous(_) => TokenKind::Class,
        Subject::Field(..)
        | Subject::BuiltIn(..)
        | Subject::Part(..)
        | Subject::QueryColumn { .. } => TokenKind::Property,
        Subject::EnumValue { .. } | Subject::Choice { .. } => TokenKind::EnumMember,
        Subject::Type(_) | Subject::Rich(_) => TokenKind::Type,
        Subject::Action(_) | Subject::Function(_) => TokenKind::Function,
        Subject::Parameter(..) => TokenKind::Parameter,
        Subject::Context(_) | Subject::Variable { .. } => TokenKind::Variable,
        Subject::Impact(_) | Subject::Cdc(_) => TokenKind::Keyword,
        Subject::Event(_) => TokenKind::Event,
    }
}

const fn is_built_in(subject: &Subject<'_>) -> bool {
    matches!(
        subject,
        Subject::BuiltIn(..)
            | Subject::Part(..)
            | Subject::Context(_)
            | Subject::Function(_)
            | Subject::Type(_)
            | Subject::Rich(_)
    )
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::test_support::Fixture;

    #[test]
    fn words_by_their_meaning() {
        let it = Fixture::new(
            "#- /user.yaml\nentity: User\nfields:\n  name: text\n#- /post.yaml\nentity: Post\nfields:\n  status: enum(draft, done) = draft\n  author: ref(User)!$0\nactions:\n  - name: finish\n    params:\n      reason: text\n    steps:\n      - validate: status = 'draft' AND input.reason = author.name AND created_at < now()\n    impact:\n      primary: {entity: Post}\n",
        );
        let text = it.analysis.text(it.file).unwrap();
        let all = specql_text::TextRange::new(0, u32::try_from(text.len()).unwrap());
        let shown: Vec<String> = it
            .analysis
            .semantic_tokens(it.file, all)
            .iter()
            .map(|it| {
                let declares = if it.declares { " declared" } else { "" };
                let built_in = if it.built_in { " built-in" } else { "" };
                format!("{} {:?}{declares}{built_in}", it.range.slice(text), it.kind)
            })
            .collect();
        assert_snapshot!(shown.join("\n"), @"
    Post Class declared
    status Property declared
    enum Type built-in
    draft EnumMember declared
    done EnumMember declared
    draft EnumMember
    author Property declared
    User Class
    finish Function declared
    reason Parameter declared
    text Type built-in
    status Property
    'draft' EnumMember
    reason Parameter
    author Property
    name Property
    created_at Property built-in
    now Function built-in
    impact Keyword
    Post Class
    ");
    }
}
