//! Linked editing: the places of a file that are one name, so that typing in one changes them all.
//!
//! Invariant: all places have the same text, and no other file has the name: variables and parameters.

use specql_text::TextRange;

use crate::{
    Analysis, FileId,
    identity::identity,
    mention::{self, Subject},
    references,
};

impl Analysis {
    /// The places that change with the name under a cursor; none when there is nothing but it.
    #[must_use]
    pub fn linked_ranges(&self, file: FileId, offset: u32) -> Vec<TextRange> {
        let workspace = self.workspace();
        let Some(file) = workspace.file(file) else { return Vec::new() };
        let Some(it) = mention::at(workspace, file, offset) else { return Vec::new() };
        let name = match &it.subject {
            Subject::Variable { name, .. } => name.text.clone(),
            Subject::Parameter(_, it) => it.name.text.clone(),
            _ => return Vec::new(),
        };
        let Some(identity) = identity(&it, file) else { return Vec::new() };
        let found = references::of(workspace, file, &identity);
        let ranges: Vec<TextRange> = found.iter().map(|it| it.range).collect();
        let is_whole = found.iter().all(|it| it.file == file.id)
            && ranges.iter().all(|it| it.slice(file.text()) == name);
        if is_whole && ranges.len() > 1 { ranges } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::test_support::Fixture;

    fn linked(step: &str) -> String {
        let it = Fixture::new(&format!(
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: a\n    params:\n      reason: text\n      cause: text\n    steps:\n      - find: Post WHERE title = 'x'\n        as: found\n      - validate: input.reason = found.title\n      - validate: $cause IS NULL\n      - validate: found.title = reason\n      - {step}\n"
        ));
        let text = it.analysis.text(it.file).unwrap();
        let line = |range: &specql_text::TextRange| {
            let before = &text[..range.start() as usize];
            format!("{}: {}", before.matches('\n').count() + 1, range.slice(text))
        };
        let found = it.analysis.linked_ranges(it.file, it.offset());
        found.iter().map(line).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn variables_and_parameters_of_one_spelling() {
        assert_snapshot!(linked("validate: fou$0nd.title = 'y'"), @"11: found, 12: found, 14: found, 15: found");
        assert_snapshot!(linked("validate: rea$0son = 'y'"), @"7: reason, 12: reason, 14: reason, 15: reason");
        assert_snapshot!(linked("validate: $cau$0se = 'y'"), @"8: cause, 13: cause, 15: cause");
        assert_snapshot!(linked("validate: ti$0tle = 'y'"), @"");
    }
}
