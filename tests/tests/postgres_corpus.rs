//! The corpus: what is emitted for files in every style, broken ones included, installs, twice.

use specql_codegen::{EmitOptions, ProblemKind, problems};
use specql_corpus::{File, files, own};
use specql_tests::postgres::{Database, workspace};

#[test]
fn everything_of_the_real_files_installs() {
    let (ours, others): (Vec<File>, Vec<File>) =
        files().into_iter().partition(|it| it.path.starts_with(own()));
    installs(&ours);
    if !others.is_empty() {
        installs(&others);
    }
}

fn installs(files: &[File]) {
    let files: Vec<(&str, &str)> =
        files.iter().map(|it| (it.name.as_str(), it.text.as_str())).collect();
    let workspace = workspace(&files);
    let problems = problems(&workspace, EmitOptions { tables: true, samples: true });
    let untranslated = problems.iter().filter(|it| it.kind == ProblemKind::UntranslatedStep);
    for it in untranslated {
        assert!(it.message.ends_with("is no step that is understood here"), "{}", it.message);
    }
    let database = Database::with_problems(&workspace);
    let findings = database.findings();
    // An action without steps, as patterns make them, uses nothing that it is given.
    let harmless = ["unreachable", "never read", "unused parameter"];
    let errors: Vec<&String> =
        findings.iter().filter(|it| !harmless.iter().any(|word| it.contains(word))).collect();
    assert_eq!(errors, Vec::<&String>::new());
}
