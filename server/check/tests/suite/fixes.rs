//! Law: a safe fix removes its finding, adds none and keeps comments, alone and with all others; and the
//! suppression of a finding silences it and nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;

use specql_check::test_support::{Fixture, assert_mended, faults_of_fix};
use specql_check::{Applicability, Diagnostic, Fix, RULES, check_workspace, suppress};
use specql_model::{FileId, SourceFile, Workspace};
use specql_text::{TextEdit, apply_edits};

use crate::mistakes::mistakes;
use crate::mutants::{Files, sampled};
use crate::support::{real_workspaces, workspace};

/// The workspaces of the pages, by rule.
fn workspaces() -> impl Iterator<Item = (&'static str, Workspace)> {
    RULES.iter().map(|rule| {
        let (_, rest) = rule.page.split_once("\n## Example\n").unwrap();
        let (_, block) = rest.split_once("```yaml\n").unwrap();
        (rule.code, Fixture::parse(block.split_once("```").unwrap().0).workspace())
    })
}

fn with_edits(workspace: &Workspace, fixes: &[&Fix]) -> Workspace {
    let files = workspace.files().map(|it| {
        let edits = fixes.iter().flat_map(|fix| &fix.edits);
        let own: Vec<TextEdit> =
            edits.filter(|edit| edit.file == it.id).map(|edit| edit.edit.clone()).collect();
        Arc::new(SourceFile::new(it.id, Arc::clone(&it.path), apply_edits(it.text(), &own)))
    });
    Workspace::new(files.collect::<Vec<_>>())
}

/// Findings by what they say: how many of each there are.
fn counted(found: &[Diagnostic]) -> BTreeMap<(FileId, &'static str, String), usize> {
    let mut res = BTreeMap::new();
    for it in found {
        *res.entry((it.file, it.code, it.message.clone())).or_default() += 1;
    }
    res
}

fn comments(workspace: &Workspace) -> usize {
    workspace.files().map(|it| it.parse().yaml().comments.len()).sum()
}

fn safe_fixes(found: &[Diagnostic]) -> Vec<&Fix> {
    let fixes = found.iter().flat_map(|it| &it.fixes);
    fixes.filter(|it| it.applicability == Applicability::Safe).collect()
}

#[test]
fn every_fix_alone() {
    let mut count = 0;
    for (_, workspace) in workspaces() {
        for finding in check_workspace(&workspace) {
            for fix in &finding.fixes {
                assert_mended(&workspace, &finding, fix);
                count += 1;
            }
        }
    }
    assert!(count > 40, "only {count} fixes were tried");
}

#[test]
fn every_fix_of_seeded_mistakes_alone() {
    let mut count = 0;
    let mut faults = Vec::new();
    for (code, files) in sampled() {
        let workspace = workspace(files);
        let before = check_workspace(&workspace);
        for finding in before.iter().filter(|it| it.code == code) {
            for fix in &finding.fixes {
                faults.extend(faults_of_fix(&workspace, &before, finding, fix));
                count += 1;
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(count > 50, "only {count} fixes were tried");
}

#[test]
fn all_safe_fixes_together() {
    let mut count = 0;
    for (code, workspace) in workspaces() {
        count += together(code, workspace);
    }
    assert!(count > 10, "only {count} fixes were applied");
}

#[test]
fn all_safe_fixes_of_seeded_mistakes_and_of_real_files_together() {
    let mut count = 0;
    for (code, files) in sampled() {
        count += together(code, workspace(files));
    }
    for (folder, workspace) in real_workspaces() {
        count += together(&folder, workspace);
    }
    assert!(count > 40, "only {count} fixes were applied");
}

/// Applies the safe fixes of a workspace until there are none; answers with how many there were.
fn together(what: &str, mut workspace: Workspace) -> usize {
    let mut count = 0;
    let first = check_workspace(&workspace);
    let before = counted(&first);
    let kept = comments(&workspace);
    // What looked like a comment was a part of a text, or the comment was the mistake.
    let mends_comments =
        first.iter().any(|it| matches!(it.code, "unused-suppression" | "yaml-1-1-trap"));
    // A fix can make room for another, and an end is near: each removes a finding.
    for _ in 0..20 {
        let found = check_workspace(&workspace);
        let chosen = apart(safe_fixes(&found));
        if chosen.is_empty() {
            break;
        }
        count += chosen.len();
        workspace = with_edits(&workspace, &chosen);
    }
    let after = check_workspace(&workspace);
    assert!(safe_fixes(&after).is_empty(), "{what}: the fixes have no end");
    for (finding, found) in counted(&after) {
        let had = before.get(&finding).copied().unwrap_or_default();
        assert!(found <= had, "{what}: new: {finding:?}");
    }
    assert!(mends_comments || comments(&workspace) >= kept, "{what}: a comment is lost");
    count
}

/// Those that touch nothing that one before them touches.
fn apart(fixes: Vec<&Fix>) -> Vec<&Fix> {
    let mut chosen: Vec<&Fix> = Vec::new();
    for fix in fixes {
        let clashes = chosen.iter().flat_map(|it| &it.edits).any(|one| {
            fix.edits.iter().any(|two| {
                let (one_range, two_range) = (one.edit.range, two.edit.range);
                let is_near =
                    one_range.touches(two_range.start()) || two_range.touches(one_range.start());
                one.file == two.file && is_near
            })
        });
        if !clashes {
            chosen.push(fix);
        }
    }
    chosen
}

#[test]
fn a_suppression_silences_its_finding() {
    let mut count = 0;
    for (code, workspace) in workspaces() {
        let found = check_workspace(&workspace);
        for finding in &found {
            // Where YAML itself is damaged, comments may be as well.
            if matches!(finding.code, "invalid-yaml" | "unreadable-file" | "unused-suppression") {
                continue;
            }
            let file = workspace.file(finding.file).unwrap();
            let Some(fix) = suppress(file, finding) else { continue };
            let after = check_workspace(&with_edits(&workspace, &[&fix]));
            let (before, after) = (counted(&found), counted(&after));
            let key = (finding.file, finding.code, finding.message.clone());
            let count_of = |of: &BTreeMap<_, usize>| of.get(&key).copied().unwrap_or_default();
            assert!(count_of(&after) < count_of(&before), "{code}: {}", finding.message);
            for (other, found) in &after {
                assert!(before.get(other) >= Some(found), "{code}: new: {other:?}");
            }
            count += 1;
        }
    }
    assert!(count > 60, "only {count} findings were suppressed");
}

/// Steps in another style: each line `- key: text` of a step as `style` writes it.
fn restyled(files: &[(String, String)], style: fn(&str, &str) -> String) -> Vec<(String, String)> {
    let of_line = |line: &str| {
        let step = line.trim_start();
        let indent = line.len() - step.len();
        let (key, value) = step.strip_prefix("- ")?.split_once(": ")?;
        let is_plain = !value.contains(['"', '#', '{', '\\']) && !value.starts_with('\'');
        let is_step = indent > 4 && STEPS.contains(&key);
        (is_plain && is_step).then(|| format!("{:indent$}- {}", "", style(key, value)))
    };
    let is_flow = style("key", "value").starts_with('{');
    let indent = |line: &str| line.len() - line.trim_start().len();
    let of_text = |text: &str| -> String {
        let below = text.lines().skip(1).map(Some).chain([None]);
        let lines = text.lines().zip(below).map(|(line, below)| {
            // In braces a step has no keys below it.
            let is_whole = !is_flow || below.is_none_or(|it| indent(it) <= indent(line));
            of_line(line).filter(|_| is_whole).unwrap_or_else(|| line.to_owned()) + "\n"
        });
        lines.collect()
    };
    files.iter().map(|(path, text)| (path.clone(), of_text(text))).collect()
}

/// Steps that are whole in one line.
const STEPS: [&str; 6] = ["insert", "update", "delete", "validate", "upsert", "call"];

/// A fix writes what is meant in the style that it finds.
#[test]
fn fixes_in_every_style() {
    let styles: [fn(&str, &str) -> String; 5] = [
        |key, value| format!("{key}: '{}'", value.replace('\'', "''")),
        |key, value| format!("{key}: \"{value}\""),
        |key, value| format!("{{{key}: {}}}", specql_syntax::edit::scalar_text(value, true)),
        |key, value| format!("{{{key}: \"{value}\"}}"),
        |key, value| format!("{key}: >-\n                    {value}"),
    ];
    // Each mistake in one style where many mutants are asked for, and another one with another seed; else some.
    let number = |name: &str| std::env::var(name).ok().and_then(|it| it.parse::<usize>().ok());
    let share = if number("SPECQL_MUTANTS").is_some() { styles.len() } else { 16 };
    let turn = number("SPECQL_SEED").unwrap_or_default();
    let seeded = sampled().into_iter().map(|it| it.1);
    let all: Vec<Files> = mistakes().into_iter().map(|it| it.spoil().files).chain(seeded).collect();
    let of_style = &|(number, style): (usize, fn(&str, &str) -> String)| {
        let (mut count, mut faults) = (0, Vec::new());
        for files in all.iter().skip((number + turn) % share).step_by(share) {
            let restyled = restyled(files, style);
            if restyled == *files {
                continue;
            }
            let workspace = workspace(restyled);
            let before = check_workspace(&workspace);
            for finding in &before {
                for fix in &finding.fixes {
                    faults.extend(faults_of_fix(&workspace, &before, finding, fix));
                    count += 1;
                }
            }
        }
        (count, faults)
    };
    let (mut count, mut faults) = (0, Vec::new());
    std::thread::scope(|scope| {
        let runs = styles.into_iter().enumerate().map(|it| scope.spawn(move || of_style(it)));
        for run in runs.collect::<Vec<_>>() {
            let (tried, wrong) = run.join().unwrap();
            count += tried;
            faults.extend(wrong);
        }
    });
    // Where a condition cannot be read off the steps, the author alone can say it; whether a key of an event is
    // a good one, a value one of its enum, and what a release refuses, can be said once it is read.
    let later = [
        "conditional-effect",
        "sensitive-payload",
        "unstable-partition-key",
        "postgres-type",
        "compat",
        "not-generated: the generated function does not check",
    ];
    let is_later = |it: &str| later.iter().any(|code| it.starts_with(&format!("new: {code}")));
    faults.retain(|it: &String| !is_later(it) && !it.starts_with("new: unknown-enum-value: `yes`"));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(count > 60, "only {count} fixes were tried");
}
