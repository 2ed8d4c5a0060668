//! Real files: nothing panics, the order is always the same, and every fix mends its finding.

use specql_check::test_support::assert_mended;
use specql_check::{check_file, check_workspace};

use crate::support::{lines, real_files, real_workspaces, workspace};

#[test]
fn every_fix_mends_its_finding() {
    let mut fixes = 0;
    for (_, workspace) in real_workspaces() {
        for finding in check_workspace(&workspace) {
            for fix in &finding.fixes {
                assert_mended(&workspace, &finding, fix);
                fixes += 1;
            }
        }
    }
    assert!(fixes > 30, "only {fixes} fixes were tried");
}

#[test]
fn the_order_does_not_depend_on_the_order_of_files() {
    let files = real_files();
    let expected = lines(&workspace(files.clone()));
    let mut reversed = files;
    reversed.reverse();
    assert_eq!(lines(&workspace(reversed)), expected);
}

#[test]
fn a_file_has_the_same_findings_alone_and_in_a_run_over_all() {
    for (_, workspace) in real_workspaces() {
        let all = check_workspace(&workspace);
        for file in workspace.files() {
            let own: Vec<_> = all.iter().filter(|it| it.file == file.id).cloned().collect();
            assert_eq!(check_file(&workspace, file.id), own);
        }
    }
}

/// Prints every finding in the real files, folder by folder, for a look: `cargo test -p specql-check
/// --test suite -- --nocapture findings_of_real_files`.
#[test]
fn findings_of_real_files() {
    for (folder, workspace) in real_workspaces() {
        let found = lines(&workspace);
        println!("== {folder} ({} files, {} findings)", workspace.file_count(), found.len());
        println!("{}", found.join("\n"));
        let unique: std::collections::BTreeSet<&String> = found.iter().collect();
        assert_eq!(unique.len(), found.len(), "a finding is reported once");
    }
}
