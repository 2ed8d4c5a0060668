//! Code actions: the fixes of findings that a selection touches, safe ones first, then refactorings of
//! the action under the cursor, then the comments that silence the findings.

mod refactoring;

use specql_check::{Applicability, Diagnostic};
use specql_model::{SourceFile, Workspace};
use specql_text::TextRange;

use crate::CodeAction;

/// What is offered for a selection.
pub(crate) fn code_actions(
    workspace: &Workspace,
    file: &SourceFile,
    diagnostics: &[Diagnostic],
    selection: TextRange,
) -> Vec<CodeAction> {
    let mut found = Vec::new();
    for diagnostic in diagnostics.iter().filter(|it| it.range.intersects(selection)) {
        fixes(diagnostic, &mut found);
    }
    // The sort is stable: within each kind findings keep their order, and their best fix is first.
    found.sort_by_key(|(applicability, _)| *applicability != Applicability::Safe);
    let mut acc = found.into_iter().map(|(_, it)| it).collect();
    refactoring::refactorings(workspace, file, selection, &mut acc);
    for diagnostic in diagnostics.iter().filter(|it| it.range.intersects(selection)) {
        acc.extend(suppression(file, diagnostic));
    }
    acc
}

/// The comment that silences a finding.
fn suppression(file: &SourceFile, diagnostic: &Diagnostic) -> Option<CodeAction> {
    let fix = specql_check::suppress(file, diagnostic)?;
    Some(CodeAction {
        title: fix.title,
        codes: vec![diagnostic.code],
        diagnostic_ranges: vec![diagnostic.range],
        preferred: false,
        edits: fix.edits,
    })
}

/// The fixes of a finding. One that another finding offers as well mends both.
fn fixes(diagnostic: &Diagnostic, acc: &mut Vec<(Applicability, CodeAction)>) {
    let best = diagnostic.fixes.iter().position(|it| it.applicability == Applicability::Safe);
    for (index, fix) in diagnostic.fixes.iter().enumerate() {
        let same = acc
            .iter_mut()
            .map(|(_, it)| it)
            .find(|it| it.title == fix.title && it.edits == fix.edits);
        if let Some(it) = same {
            it.codes.push(diagnostic.code);
            it.diagnostic_ranges.push(diagnostic.range);
            continue;
        }
        let action = CodeAction {
            title: fix.title.clone(),
            codes: vec![diagnostic.code],
            diagnostic_ranges: vec![diagnostic.range],
            preferred: best == Some(index),
            edits: fix.edits.clone(),
        };
        acc.push((fix.applicability, action));
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use specql_text::{TextEdit, apply_edits};

    use crate::{CodeAction, test_support::Fixture};

    fn actions(fixture: &Fixture) -> Vec<CodeAction> {
        fixture.analysis.code_actions(fixture.file, fixture.selection)
    }

    fn titles(fixture: &str) -> String {
        let lines: Vec<String> = actions(&Fixture::new(fixture))
            .iter()
            .map(|it| {
                let preferred = if it.preferred { " (preferred)" } else { "" };
                format!("{}{preferred} {:?}", it.title, it.codes)
            })
            .collect();
        lines.join("\n")
    }

    /// The file of the cursor after an action.
    fn apply(fixture: &str, title: &str) -> String {
        let fixture = Fixture::new(fixture);
        let actions = actions(&fixture);
        let titles: Vec<&str> = actions.iter().map(|it| it.title.as_str()).collect();
        let action = actions.iter().find(|it| it.title == title);
        let action = action.unwrap_or_else(|| panic!("`{title}` is not among {titles:?}"));
        let edits: Vec<TextEdit> = action.edits.iter().map(|it| it.edit.clone()).collect();
        apply_edits(fixture.analysis.text(fixture.file).unwrap(), &edits)
    }

    const USER: &str = "
#- /user.yaml
entity: User
fields:
  post_count: integer
#- /post.yaml
entity: Post
fields:
  title: text
  author: ref(User)
actions:
";

    #[test]
    fn fixes_of_findings_safe_ones_first() {
        assert_snapshot!(titles(&format!("{USER}  - name: publish_post
    steps:
      - update: Post SET title = 'x'
    impact:
      primary:
        entity: Post
        operation: $0insert
        fields: [titel]$1
")), @r#"
Change to `UPDATE` (preferred) ["operation-mismatch"]
Change to `CREATE` (preferred) ["unknown-operation"]
Change to `title` ["unknown-impact-field"]
Allow `operation-mismatch` here ["operation-mismatch"]
Allow `unknown-operation` here ["unknown-operation"]
Allow `unknown-impact-field` here ["unknown-impact-field"]
"#);
    }

    #[test]
    fn a_selection_elsewhere_has_none() {
        assert_snapshot!(titles(&format!("{USER}  - name: publish_post
    steps:
      - update: Post SET title = 'x'
    impact:
      primary:
        ent$0ity: Post
        operation: insert
")), @"");
    }

    #[test]
    fn the_impact_block_from_the_steps() {
        let fixture = format!(
            "{USER}  - name: create_$0post # makes one
    steps:
      - insert: Post(title)
      - update: User SET post_count = post_count + 1
    cdc:
      enabled: true
  - name: other
"
        );
        assert_snapshot!(titles(&fixture), @r#"
        Write the `impact` block from the steps []
        Allow `ignored-steps` here ["ignored-steps"]
        "#);
        assert_snapshot!(apply(&fixture, "Write the `impact` block from the steps"), @"
        entity: Post
        fields:
          title: text
          author: ref(User)
        actions:
          - name: create_post # makes one
            steps:
              - insert: Post(title)
              - update: User SET post_count = post_count + 1
            cdc:
              enabled: true
            impact:
              primary:
                entity: Post
                operation: CREATE
                fields: [title]
              side_effects:
                - entity: User
                  operation: UPDATE
                  fields: [post_count]
          - name: other
        ");
    }

    #[test]
    fn a_cdc_block() {
        let fixture = format!(
            "{USER}  - name: create_post
    steps:
      - insert: Post(title)
    imp$0act:
      primary:
        entity: Post
        operation: CREATE
"
        );
        assert_snapshot!(apply(&fixture, "Add a `cdc` block"), @"
        entity: Post
        fields:
          title: text
          author: ref(User)
        actions:
          - name: create_post
            steps:
              - insert: Post(title)
            impact:
              primary:
                entity: Post
                operation: CREATE
            cdc:
              enabled: true
              event_type: PostCreated
        ");
        let without = format!(
            "{USER}  - name: create_$0post
    steps:
      - insert: Post(title)
"
        );
        assert_snapshot!(apply(&without, "Add `impact` and `cdc` blocks"), @"
        entity: Post
        fields:
          title: text
          author: ref(User)
        actions:
          - name: create_post
            steps:
              - insert: Post(title)
            impact:
              primary:
                entity: Post
                operation: CREATE
                fields: [title]
            cdc:
              enabled: true
              event_type: PostCreated
        ");
    }
}
