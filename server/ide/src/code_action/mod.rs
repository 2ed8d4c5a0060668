//! Code actions: the fixes of findings that a selection touches, safe ones first, then refactorings of
//! the action under the cursor and other forms of what is there, then the comments that silence the
//! findings.

mod forms;
mod refactoring;

pub(crate) use forms::field_parts;

use specql_check::{Applicability, Diagnostic};
use specql_model::{SourceFile, Workspace};
use specql_text::TextRange;

use crate::{CodeAction, CodeActionKind};

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
    forms::forms(file, selection, &mut acc);
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
        kind: CodeActionKind::QuickFix,
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
            kind: CodeActionKind::QuickFix,
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
                format!("{}{preferred} {:?} {:?}", it.title, it.codes, it.kind)
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
Change to `UPDATE` (preferred) ["operation-mismatch"] QuickFix
Change to `CREATE` (preferred) ["unknown-operation"] QuickFix
Change to `title` ["unknown-impact-field"] QuickFix
Allow `operation-mismatch` here ["operation-mismatch"] QuickFix
Allow `unknown-operation` here ["unknown-operation"] QuickFix
Allow `unknown-impact-field` here ["unknown-impact-field"] QuickFix
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
        Write the `impact` block from the steps [] Extract
        Allow `ignored-steps` here ["ignored-steps"] QuickFix
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
    fn a_cdc_block_of_an_entity_with_a_name_that_another_has() {
        let fixture = "#- /a.yaml
entity: Item
schema: alpha
fields: {n: integer}
#- /b.yaml
entity: Item
schema: beta
qualified: true
fields: {n: integer}
actions:
  - name: make_item
    steps:
      - insert: Item(n)
    imp$0act:
      primary: {entity: Item, operation: CREATE}
";
        let text = apply(fixture, "Add a `cdc` block");
        assert!(text.contains("event_type: BetaItemCreated"), "{text}");
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

    const FORMS: &str = "
#- /post.yaml
entity: Post
fields:
  title: text = 'x'!
  length:
    type: integer
    nullable: false
    description: Letters
  tags: {type: list(text), unique: true}
actions:
  - steps:
      - insert: Post(title)
    name: create_post
    impact:
      primary:
        entity: Post
        operation: CREATE
        fields: [title]
";

    fn form(cursor: &str, title: &str) -> String {
        let text = FORMS.replacen(&cursor.replace("$0", ""), cursor, 1);
        let (old, new) = (Fixture::new(FORMS), apply(&text, title));
        let old = old.analysis.text(old.file).unwrap().lines().collect::<Vec<_>>();
        let new_lines: Vec<&str> = new.lines().filter(|it| !old.contains(it)).collect();
        match new_lines.as_slice() {
            [one] => one.trim().to_owned(),
            several => several.join("\n"),
        }
    }

    #[test]
    fn fields_have_a_short_and_a_long_form() {
        assert_snapshot!(form("ti$0tle: text", "Write the field with a key for each part"), @"
        title:
          type: text
          default: 'x'
        ");
        assert_snapshot!(form("len$0gth:", "Write the field in one line"), @"length: integer!  # Letters");
    }

    #[test]
    fn values_have_a_block_and_a_flow_style() {
        assert_snapshot!(form("ta$0gs: {", "Write it in block style"), @"
        tags:
          type: list(text)
          unique: true
        ");
        assert_snapshot!(form("prim$0ary:", "Write it in one line"), @"primary: {entity: Post, operation: CREATE, fields: [title]}");
        assert_snapshot!(form("fie$0lds: [title]", "Write it in block style"), @"
        fields:
          - title
        ");
    }

    const ALIASES: &str = "
#- /post.yaml
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post(title)
    impact: &made
      primary: {entity: Post, operation: CREATE}
      side_effects: []
  - name: copy_post
    steps:
      - insert: Post(title)
    im$0pact: *made
  - name: make_post
    steps:
      - insert: Post(title)
    impact:
      <<: *made
      idempotent: true
";

    #[test]
    fn an_alias_is_written_out() {
        let title = "Write the alias out in full";
        let text = apply(ALIASES, title);
        assert!(
            text.contains("    impact:\n      primary: {entity: Post, operation: CREATE}\n      side_effects: []\n  - name: make_post"),
            "{text}"
        );
        let merged = ALIASES
            .replace("im$0pact: *made", "impact: *made")
            .replace("impact:\n      <<", "im$0pact:\n      <<");
        let text = apply(&merged, title);
        let end = "    impact:\n      idempotent: true\n      primary: {entity: Post, operation: CREATE}\n      side_effects: []\n";
        assert!(text.ends_with(end), "{text}");
        let flow = ALIASES.replace("im$0pact: *made", "impact: {pri$0mary: *made}");
        let flow = flow
            .replace(
                "impact: &made\n      primary: {entity: Post, operation: CREATE}",
                "impact:\n      primary: &made {entity: Post, operation: CREATE}",
            )
            .replace("      <<: *made\n", "");
        let text = apply(&flow, title);
        assert!(text.contains("impact: {primary: {entity: Post, operation: CREATE}}"), "{text}");
        let kind = actions(&Fixture::new(ALIASES)).into_iter().find(|it| it.title == title);
        assert_eq!(kind.map(|it| it.kind), Some(crate::CodeActionKind::Inline));
    }

    const REPEATED: &str = "
#- /post.yaml
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post(title)
    impact:
      primary: {entity: Post, operation: CREATE}
      cache_invalidations:
        - query: posts
  - name: copy_post
    steps:
      - insert: Post(title)
    im$0pact:
      primary:
        entity: Post
        operation: CREATE
      cache_invalidations: [{query: posts}]
  - name: note_post
    steps:
      - insert: Post(title)
    impact:
      # Said of this one.
      primary: {entity: Post, operation: CREATE}
      cache_invalidations:
        - query: posts
";

    /// A block that is repeated becomes one with a name, and one with a name is written out again.
    #[test]
    fn a_repeated_block_is_written_once_and_out_again() {
        let (once, out) = (
            "Write the repeated block once, with aliases",
            "Write the block out wherever it is used",
        );
        let text = apply(REPEATED, once);
        assert_snapshot!(text, @"
        entity: Post
        fields:
          title: text
        actions:
          - name: create_post
            steps:
              - insert: Post(title)
            impact: &create_post_impact
              primary: {entity: Post, operation: CREATE}
              cache_invalidations:
                - query: posts
          - name: copy_post
            steps:
              - insert: Post(title)
            impact: *create_post_impact
          - name: note_post
            steps:
              - insert: Post(title)
            impact:
              # Said of this one.
              primary: {entity: Post, operation: CREATE}
              cache_invalidations:
                - query: posts
        ");
        let cursor = |it: &str| {
            format!("#- /post.yaml\n{}", text.replacen(it, &it.replacen("im", "im$0", 1), 1))
        };
        let again = apply(&cursor("impact: &create"), out);
        assert_snapshot!(again, @"
        entity: Post
        fields:
          title: text
        actions:
          - name: create_post
            steps:
              - insert: Post(title)
            impact:
              primary: {entity: Post, operation: CREATE}
              cache_invalidations:
                - query: posts
          - name: copy_post
            steps:
              - insert: Post(title)
            impact:
              primary: {entity: Post, operation: CREATE}
              cache_invalidations:
                - query: posts
          - name: note_post
            steps:
              - insert: Post(title)
            impact:
              # Said of this one.
              primary: {entity: Post, operation: CREATE}
              cache_invalidations:
                - query: posts
        ");
        // What has its name gives it to others like it.
        let more = text.replacen("    impact:\n      # Said of this one.", "    im$0pact:", 1);
        let more = apply(&format!("#- /post.yaml\n{more}"), once);
        assert_eq!(more.matches("*create_post_impact").count(), 2, "{more}");
        let kinds = actions(&Fixture::new(REPEATED)).into_iter().filter(|it| it.title == once);
        let kinds: Vec<_> = kinds.map(|it| it.kind).collect();
        assert_eq!(kinds, [crate::CodeActionKind::Extract]);
        // Where something would be lost or nothing gained it is not offered.
        for text in [
            REPEATED
                .replace("im$0pact", "impact")
                .replace("impact:\n      # Said", "im$0pact:\n      # Said"),
            ALIASES.to_owned(),
        ] {
            assert!(!actions(&Fixture::new(&text)).iter().any(|it| it.title == once), "{text}");
        }
        let merged = ALIASES
            .replace("im$0pact: *made", "impact: *made")
            .replace("impact: &made", "im$0pact: &made");
        assert_snapshot!(apply(&merged, out), @"
        entity: Post
        fields:
          title: text
        actions:
          - name: create_post
            steps:
              - insert: Post(title)
            impact:
              primary: {entity: Post, operation: CREATE}
              side_effects: []
          - name: copy_post
            steps:
              - insert: Post(title)
            impact:
              primary: {entity: Post, operation: CREATE}
              side_effects: []
          - name: make_post
            steps:
              - insert: Post(title)
            impact:
              idempotent: true
              primary: {entity: Post, operation: CREATE}
              side_effects: []
        ");
        // An item of a list is no value of a key.
        let item = merged.replace("side_effects: []", "side_effects: []\n  - *made");
        assert!(!actions(&Fixture::new(&item)).iter().any(|it| it.title == out));
    }

    #[test]
    fn keys_have_a_usual_order() {
        let cursor = FORMS.replacen("    name: create", "    na$0me: create", 1);
        assert_snapshot!(apply(&cursor, "Sort the keys"), @"
        entity: Post
        fields:
          title: text = 'x'!
          length:
            type: integer
            nullable: false
            description: Letters
          tags: {type: list(text), unique: true}
        actions:
          - name: create_post
            steps:
              - insert: Post(title)
            impact:
              primary:
                entity: Post
                operation: CREATE
                fields: [title]
        ");
    }

    /// Each refactoring at places of the corpus: applied, the file is found to have what it had.
    #[test]
    fn every_form_over_the_corpus_keeps_the_findings() {
        let mut applied = std::collections::BTreeMap::<String, usize>::new();
        for (number, file) in specql_corpus::files().into_iter().enumerate() {
            let mut host = crate::AnalysisHost::new();
            let id = host.set_file(&file.name, file.text.as_str());
            let analysis = host.analysis();
            let codes = |analysis: &crate::Analysis| {
                let mut all: Vec<_> =
                    analysis.diagnostics(id).into_iter().map(|it| it.code).collect();
                all.sort_unstable();
                // Comments may have other places, and texts other forms, which released generators read
                // in their own ways: what is about them stays out.
                let of_form = ["yaml-1-1-trap", "unused-suppression", "lost-nullability", "compat"];
                all.retain(|it| !of_form.contains(it));
                all
            };
            let before = codes(&analysis);
            // What was said of each of several blocks is said of the one.
            let is_of_aliases = |title: &str| title.contains("alias") || title.contains("wherever");
            let distinct =
                |all: Vec<&'static str>| all.into_iter().collect::<std::collections::BTreeSet<_>>();
            let keys = file.text.match_indices(':').map(|it| it.0).skip(number % 5).step_by(5);
            for at in keys {
                let at = u32::try_from(at).unwrap();
                let range = specql_text::TextRange::empty(at);
                let file_now = analysis.workspace().file(id).unwrap();
                let mut found = Vec::new();
                super::forms::forms(file_now, range, &mut found);
                for it in found {
                    let edits: Vec<TextEdit> = it.edits.iter().map(|it| it.edit.clone()).collect();
                    let text = apply_edits(&file.text, &edits);
                    let mut changed = crate::AnalysisHost::from(&analysis);
                    changed.set_file(&file.name, text.as_str());
                    let after = codes(&changed.analysis());
                    let context = format!("{}: {}\n{text}", file.name, it.title);
                    if is_of_aliases(&it.title) {
                        assert_eq!(distinct(after), distinct(before.clone()), "{context}");
                    } else {
                        assert_eq!(after, before, "{context}");
                    }
                    *applied.entry(it.title).or_default() += 1;
                }
            }
        }
        assert_eq!(applied.len(), 6, "{applied:?}");
        assert!(applied.values().sum::<usize>() > 100, "{applied:?}");
    }
}
