//! What a workspace is, as the command line sees it: the nearest configuration governs, links to files
//! are followed, encodings are read, and nothing is passed over in silence that somebody asked for.

#![expect(clippy::indexing_slicing, reason = "a missing member of JSON reads as null")]

use std::{fs, path::Path, process::Output};

use serde_json::Value;
use specql_tests::{
    binary::{project_root, run},
    lsp_client::Folder,
};

const SHIP: &str = "entity: Ship\nschema: port\nfields:\n  a: txt\n";

/// `file code level`, one for each finding.
fn findings(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let mut all = vec!["check", "--format", "json"];
    all.extend(arguments);
    let output = run(folder, &all);
    let report: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
    let one =
        |it: &Value| format!("{} {} {}", text(&it["file"]), text(&it["code"]), text(&it["level"]));
    report["findings"].as_array().expect("a list").iter().map(one).collect()
}

fn check(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut all = vec!["check", "--format", "concise"];
    all.extend(arguments);
    let output = run(folder, &all);
    (output.status.code(), stderr(&output))
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[cfg(unix)]
fn link(folder: &Folder, path: &str, target: &str) {
    std::os::unix::fs::symlink(target, folder.path().join(path))
        .expect("the disk can be written to");
}

#[test]
fn a_configuration_governs_its_own_folder_and_no_other() {
    let off = "rules:\n  unknown-type: off\n";
    let folder = Folder::new(&[
        ("ship.yaml", SHIP),
        ("p/specql.config.yaml", off),
        ("p/ship.yaml", SHIP),
        ("q/specql.config.yml", "rules:\n  unknown-type: warning\n"),
        ("q/ship.yaml", SHIP),
    ]);
    let all = ["q/ship.yaml unknown-type warning", "ship.yaml unknown-type error"];
    assert_eq!(findings(folder.path(), &["."]), all);
    assert_eq!(findings(folder.path(), &["p", "q", "ship.yaml"]), all);
    assert!(findings(folder.path(), &["p"]).is_empty());
}

#[test]
fn globs_are_relative_to_the_configuration_from_everywhere() {
    let folder = Folder::new(&[
        ("specql.config.yaml", "rules:\n  unknown-type: {level: off, paths: [\"legacy/**\"]}\n"),
        ("legacy/ship.yaml", SHIP),
        ("new/legacy/boat.yaml", &SHIP.replace("Ship", "Boat")),
    ]);
    let root = folder.path();
    assert_eq!(findings(root, &["."]), ["new/legacy/boat.yaml unknown-type error"]);
    assert!(findings(root, &["legacy"]).is_empty());
    assert!(findings(&root.join("legacy"), &["."]).is_empty());
    assert!(findings(&root.join("legacy"), &["ship.yaml"]).is_empty());
    assert_eq!(
        findings(&root.join("new"), &["../new"]),
        ["../new/legacy/boat.yaml unknown-type error"]
    );
}

#[test]
fn two_configurations_in_one_folder_are_a_finding() {
    let folder = Folder::new(&[
        ("specql.config.yaml", "tenancy: single\n"),
        ("specql.config.yml", "tenancy: required\n"),
        ("ship.yaml", &SHIP.replace("txt", "text")),
    ]);
    assert_eq!(findings(folder.path(), &["."]), ["specql.config.yml invalid-config error"]);
}

#[cfg(unix)]
#[test]
fn links_to_files_are_followed() {
    let user = "entity: User\nschema: port\nfields:\n  name: text\n";
    let folder = Folder::new(&[
        ("common/user.yaml", user),
        ("w/ship.yaml", &SHIP.replace("txt", "ref(User)")),
        ("other/boat.yaml", SHIP),
    ]);
    link(&folder, "w/user.yaml", "../common/user.yaml");
    link(&folder, "w/again.yaml", "user.yaml");
    link(&folder, "w/nowhere.yaml", "nothing.yaml");
    link(&folder, "w/loop.yaml", "loop.yaml");
    link(&folder, "w/up", "..");
    link(&folder, "w/folder.yaml", "../other");
    link(&folder, "way", "w");
    assert_eq!(check(folder.path(), &["w"]), (Some(0), String::new()));
    assert_eq!(check(folder.path(), &["way"]), (Some(0), String::new()));
    assert_eq!(check(folder.path(), &["way/ship.yaml"]).0, Some(0));
    // One file, whatever leads to it.
    assert_eq!(check(folder.path(), &["w", "common"]).0, Some(0));
    let (code, said) = check(folder.path(), &["w/nowhere.yaml", "other"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("cannot read `w/nowhere.yaml`"), "{said}");
    assert_eq!(check(folder.path(), &["w/loop.yaml"]).0, Some(2));

    folder.write("common/user.yaml", &user.replace("text", "txt"));
    assert_eq!(findings(folder.path(), &["w"]), ["w/again.yaml unknown-type error"]);
    assert_eq!(findings(folder.path(), &["way"]), ["way/again.yaml unknown-type error"]);
    assert_eq!(findings(folder.path(), &["w/user.yaml"]), ["w/user.yaml unknown-type error"]);
}

#[test]
fn every_encoding_that_the_loader_reads_is_read() {
    let folder = Folder::new(&[]);
    let (utf16, bytes): (Vec<u16>, &[u8]) = (SHIP.encode_utf16().collect(), SHIP.as_bytes());
    let units =
        |bytes: fn(u16) -> [u8; 2]| utf16.iter().copied().flat_map(bytes).collect::<Vec<u8>>();
    for (name, bytes) in [
        ("utf8", bytes.to_vec()),
        ("utf8-mark", [b"\xef\xbb\xbf", bytes].concat()),
        ("utf16-le", [b"\xff\xfe".to_vec(), units(u16::to_le_bytes)].concat()),
        ("utf16-be", [b"\xfe\xff".to_vec(), units(u16::to_be_bytes)].concat()),
    ] {
        folder.write(&format!("{name}/ship.yaml"), "");
        fs::write(folder.path().join(name).join("ship.yaml"), bytes).expect("writable");
        let report = run(&folder.path().join(name), &["check", "--format", "concise"]);
        let said = String::from_utf8_lossy(&report.stdout).into_owned();
        assert!(said.starts_with("ship.yaml:4:6: error[unknown-type]"), "{name}: {said}");
    }
}

#[test]
fn bytes_that_are_no_text_are_a_finding_in_a_folder_too() {
    let folder = Folder::new(&[("a/ship.yaml", &SHIP.replace("txt", "text"))]);
    fs::write(folder.path().join("a/what.yaml"), b"\xe9ntity: Post\n").expect("writable");
    let found = ["a/what.yaml unreadable-file error"];
    assert_eq!(findings(folder.path(), &["."]), found);
    assert_eq!(findings(folder.path(), &["a"]), found);
    let named = findings(folder.path(), &["a/what.yaml"]);
    assert!(named.contains(&found[0].to_owned()), "{named:?}");
    // The loader takes UTF-16 by its mark alone.
    let wide: Vec<u8> = SHIP.encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(folder.path().join("a/what.yaml"), wide).expect("writable");
    assert_eq!(findings(folder.path(), &["."]), found);
}

#[test]
fn a_named_file_without_an_entity_is_a_finding() {
    let fields = "schema: port\nfields:\n  a: text\n";
    let folder = Folder::new(&[
        ("a/entiy.yaml", &format!("entiy: Ship\n{fields}")),
        ("a/upper.yaml", &format!("Entity: Boat\n{fields}")),
        ("a/colon.yaml", &format!("entity Port\n{fields}")),
        ("b/none.yaml", fields),
        ("b/compose.yaml", "services: {}\n"),
        ("b/empty.yaml", ""),
    ]);
    let root = folder.path();
    for name in [
        "a/entiy.yaml",
        "a/upper.yaml",
        "a/colon.yaml",
        "b/none.yaml",
        "b/compose.yaml",
        "b/empty.yaml",
    ] {
        assert_eq!(findings(root, &[name]), [format!("{name} missing-entity error")]);
        assert_eq!(check(root, &[name]).0, Some(1), "{name}");
    }
    // A slip is one in a folder too, and what only an entity file has; other YAML there is nobody's business.
    assert_eq!(findings(root, &["a"]).len(), 3);
    assert_eq!(findings(root, &["b"]), ["b/none.yaml missing-entity error"]);
}

#[test]
fn nothing_to_check_is_said_and_is_not_green() {
    let folder = Folder::new(&[("b/compose.yaml", "services: {}\n")]);
    fs::create_dir(folder.path().join("empty")).expect("writable");
    for path in ["empty", "b", "."] {
        let (code, said) = check(folder.path(), &[path]);
        assert_eq!(code, Some(2));
        assert!(said.contains(&format!("found nothing to check in `{path}`")), "{said}");
    }
    let (code, said) = check(folder.path(), &["nowhere", "also-not"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("`nowhere`") && said.contains("`also-not`"), "{said}");
}

#[test]
fn what_cannot_be_read_stops_nothing_else() {
    let folder = Folder::new(&[("ship.yaml", SHIP)]);
    let output = run(folder.path(), &["check", "--format", "concise", "missing.yaml", "."]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stdout).contains("unknown-type"));
    assert!(stderr(&output).contains("cannot read `missing.yaml`"), "{}", stderr(&output));
}

#[test]
fn every_workspace_is_emitted_with_its_own_configuration() {
    let folder = Folder::new(&[]);
    let out = folder.path().join("o");
    let emit = |paths: &[&str]| {
        let mut all = vec!["emit", "--out", out.to_str().expect("UTF-8")];
        all.extend(paths);
        let output = run(project_root(), &all);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    };
    emit(&["examples"]);
    let together = Folder::new(&[]);
    let alone = together.path().join("saas");
    let output =
        run(project_root(), &["emit", "examples/saas", "--out", alone.to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let secured = policies(&alone);
    assert!(secured > 0);
    assert_eq!(policies(&out.join("saas")), secured);
    assert_eq!(policies(&out.join("blog/20_table")), 0, "the blog has one tenant");
}

/// How many files below a folder secure rows.
fn policies(folder: &Path) -> usize {
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("it was written").flatten() {
        let path = entry.path();
        count += if path.is_dir() {
            policies(&path)
        } else {
            let text = fs::read_to_string(&path).expect("text");
            usize::from(text.contains("ROW LEVEL SECURITY"))
        };
    }
    count
}

#[test]
fn a_preview_comes_from_the_workspace_that_has_it() {
    let folder = Folder::new(&[
        ("p/specql.config.yaml", ""),
        ("p/ship.yaml", &SHIP.replace("txt", "text")),
        ("q/specql.config.yaml", ""),
        ("q/ship.yaml", &SHIP.replace("txt", "text")),
        ("q/boat.yaml", &SHIP.replace("txt", "text").replace("Ship", "Boat")),
    ]);
    let boat = run(folder.path(), &["preview", "Boat"]);
    assert_eq!(boat.status.code(), Some(0), "{}", stderr(&boat));
    let ship = run(folder.path(), &["preview", "Ship"]);
    assert_eq!(ship.status.code(), Some(2));
    assert!(stderr(&ship).contains("`p`") && stderr(&ship).contains("`q`"), "{}", stderr(&ship));
    assert_eq!(run(folder.path(), &["preview", "Ship", "--path", "q"]).status.code(), Some(0));
}
