//! Real SpecQL files, hundreds of fields and actions by other authors: what is emitted for them
//! installs, twice.

use std::{fs, path::PathBuf};

use specql_codegen::{EmitOptions, ProblemKind, problems};
use specql_tests::{
    binary::project_root,
    postgres::{Database, workspace},
};

/// The folder in `SPECQL_CORPUS`, else `shared/corpus` beside the repository.
fn corpus() -> PathBuf {
    let beside = project_root().join("../shared/corpus");
    std::env::var_os("SPECQL_CORPUS").map_or(beside, PathBuf::from)
}

fn yaml_files(folder: PathBuf, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("it is being listed").path();
        if path.is_dir() {
            yaml_files(path, files);
        } else if path.extension().is_some_and(|it| it == "yaml") {
            files
                .push((path.display().to_string(), fs::read_to_string(&path).expect("it is text")));
        }
    }
}

#[test]
fn everything_of_the_real_files_installs() {
    let mut files = Vec::new();
    yaml_files(corpus(), &mut files);
    assert!(!files.is_empty(), "no YAML file below {}; set SPECQL_CORPUS", corpus().display());
    files.sort();
    let files: Vec<(&str, &str)> = files.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    let workspace = workspace(&files);
    let problems = problems(&workspace, EmitOptions { tables: true, samples: true });
    let untranslated: Vec<&str> = problems
        .iter()
        .filter(|it| it.kind == ProblemKind::UntranslatedStep)
        .map(|it| it.message.as_str())
        .collect();
    assert_eq!(untranslated, ["`select` is no step that is understood here"]);
    let database = Database::with_problems(&workspace);
    let findings = database.findings();
    let errors: Vec<&String> = findings
        .iter()
        .filter(|it| !it.contains("unreachable") && !it.contains("never read"))
        .collect();
    assert_eq!(errors, Vec::<&String>::new());
}
