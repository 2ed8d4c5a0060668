//! Holds the import table of ARCHITECTURE.md: which crate may name which.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

/// Crate, and what it may import: our crates, and those outside that carry a layer's knowledge.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("tree-sitter-specql", &[]),
    ("specql-text", &[]),
    ("specql-syntax", &["specql-text", "tree-sitter-specql", "tree-sitter", "sqlparser"]),
    ("specql-model", &["specql-text", "specql-syntax"]),
    ("specql-contract", &["specql-text", "specql-model"]),
    ("specql-check", &["specql-text", "specql-syntax", "specql-model", "specql-contract"]),
    ("specql-codegen", &["specql-text", "specql-model", "specql-contract"]),
    (
        "specql-ide",
        &[
            "specql-text",
            "specql-syntax",
            "specql-model",
            "specql-contract",
            "specql-check",
            "specql-codegen",
        ],
    ),
    ("specql-project", &["specql-text", "specql-ide", "ignore", "notify"]),
    (
        "specql-server",
        &[
            "specql-text",
            "specql-ide",
            "specql-project",
            "tower-lsp-server",
            "gen-lsp-types",
            "tokio",
        ],
    ),
    ("specql-lsp", &["specql-server", "specql-project", "specql-ide", "specql-text"]),
];

/// Crates that carry a layer's knowledge: only the layers that list them may import them.
const GUARDED: &[&str] = &[
    "tree-sitter",
    "sqlparser",
    "ignore",
    "notify",
    "tower-lsp-server",
    "gen-lsp-types",
    "tokio",
    "lsp-types",
    "postgres",
];

/// Crates that never touch disk, environment, processes or the terminal.
const PURE: &[&str] = &[
    "specql-text",
    "specql-syntax",
    "specql-model",
    "specql-contract",
    "specql-check",
    "specql-codegen",
    "specql-ide",
];

fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo runs these tests, so it is there")
}

/// What each crate imports outside of its tests.
fn imports() -> BTreeMap<String, BTreeSet<String>> {
    let crates = metadata().packages.into_iter().map(|package| {
        let normal =
            package.dependencies.into_iter().filter(|it| it.kind == DependencyKind::Normal);
        (package.name.to_string(), normal.map(|it| it.name).collect())
    });
    crates.collect()
}

#[test]
fn layers_import_only_what_lies_below() {
    let imports = imports();
    let ours: BTreeSet<&str> = imports.keys().map(String::as_str).collect();
    let mut forbidden = Vec::new();
    for (layer, allowed) in MAY_IMPORT {
        let imported = imports.get(*layer).unwrap_or_else(|| panic!("there is no crate `{layer}`"));
        for it in imported {
            let guarded = ours.contains(it.as_str()) || GUARDED.contains(&it.as_str());
            if guarded && !allowed.contains(&it.as_str()) {
                forbidden.push(format!("`{layer}` imports `{it}`"));
            }
        }
    }
    assert!(forbidden.is_empty(), "{forbidden:#?}");
}

#[test]
fn every_crate_of_the_server_stands_in_the_table() {
    let metadata = metadata();
    let in_table: BTreeSet<&str> = MAY_IMPORT.iter().map(|it| it.0).collect();
    let in_server: Vec<String> = metadata
        .packages
        .iter()
        .filter(|it| it.manifest_path.starts_with(metadata.workspace_root.join("server")))
        .map(|it| it.name.to_string())
        .filter(|it| !in_table.contains(it.as_str()))
        .collect();
    assert!(in_server.is_empty(), "not in the table: {in_server:?}");
}

#[test]
fn pure_crates_touch_neither_disk_nor_environment() {
    const FORBIDDEN: &[&str] = &[
        "std::fs",
        "std::env",
        "std::process",
        "std::net",
        "println!",
        "eprintln!",
        "std::thread",
    ];
    let mut found = Vec::new();
    for file in sources(PURE) {
        for (number, line) in code_of(&file).lines().enumerate() {
            let is_comment = line.trim_start().starts_with("//");
            for it in FORBIDDEN.iter().filter(|it| !is_comment && line.contains(**it)) {
                found.push(format!("{}:{}: {it}", file.display(), number + 1));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_server_touches_no_disk_itself() {
    const FORBIDDEN: &[&str] = &[
        "std::fs",
        "File::open",
        "read_dir",
        ".exists()",
        ".is_file()",
        ".is_dir()",
        ".is_symlink()",
        "metadata(",
        "canonicalize",
        "std::env",
        "println!",
    ];
    let mut found = Vec::new();
    for file in sources(&["specql-server"]) {
        for (number, line) in code_of(&file).lines().enumerate() {
            let is_comment = line.trim_start().starts_with("//");
            for it in FORBIDDEN.iter().filter(|it| !is_comment && line.contains(**it)) {
                found.push(format!("{}:{}: {it}", file.display(), number + 1));
            }
        }
    }
    assert!(found.is_empty(), "ask `specql-project`: {found:#?}");
}

/// Rooms of the server, and which they may name.
const ROOMS: &[(&str, &[&str])] = &[
    ("transport", &["transport", "protocol"]),
    ("convert", &["convert", "protocol"]),
    ("handlers", &["handlers", "convert", "protocol"]),
    ("session", &["session", "convert", "transport", "protocol"]),
];

#[test]
fn rooms_of_the_server_know_only_those_below() {
    let mut found = Vec::new();
    for file in sources(&["specql-server"]) {
        let path = file.to_string_lossy().replace('\\', "/");
        let Some((_, inside)) = path.split_once("server/lsp/src/") else { continue };
        let room = inside.split(['/', '.']).next().unwrap_or_default();
        let Some((_, allowed)) = ROOMS.iter().find(|it| it.0 == room) else { continue };
        for named in code_of(&file).split("crate::").skip(1) {
            let named = named.split(|it: char| !it.is_alphanumeric() && it != '_').next();
            let named = named.unwrap_or_default();
            if !allowed.contains(&named) {
                found.push(format!("{inside} names `{named}`"));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// A file without its unit tests.
fn code_of(file: &std::path::Path) -> String {
    let text = std::fs::read_to_string(file).expect("it was listed");
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned()
}

/// The Rust sources of crates, without their tests.
fn sources(crates: &[&str]) -> Vec<std::path::PathBuf> {
    let metadata = metadata();
    let mut res = Vec::new();
    for package in metadata.packages.iter().filter(|it| crates.contains(&it.name.as_str())) {
        let folder = package.manifest_path.parent().expect("a manifest stands in a folder");
        let mut open = vec![folder.join("src").into_std_path_buf()];
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(folder).expect("a crate has sources") {
                let path = entry.expect("it was listed").path();
                if path.is_dir() {
                    open.extend((!path.ends_with("tests")).then_some(path));
                } else if !path.ends_with("test_support.rs") && !path.ends_with("tests.rs") {
                    res.push(path);
                }
            }
        }
    }
    res
}
