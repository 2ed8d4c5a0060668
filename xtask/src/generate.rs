//! `cargo xtask generate`: parsers from `grammar.js`, by the library behind `tree-sitter generate`, and
//! the editors' copies of the queries.
//!
//! What is generated is committed, so that a build needs a C compiler only. `--check`, and the test
//! below, hold that nobody edited one side alone. Node.js evaluates `grammar.js`.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use tree_sitter_generate::{OptLevel, generate_parser_in_directory};

use crate::{project_root, queries};

/// Every grammar of the repository: a folder of `grammar/` that has a `grammar.js`.
pub(crate) const GRAMMARS: &[&str] = &["specql", "specql_type", "specql_step"];

/// The generated files of a grammar, below its folder.
const OUTPUTS: &[&str] = &[
    "parser.c",
    "grammar.json",
    "node-types.json",
    "tree_sitter/alloc.h",
    "tree_sitter/array.h",
    "tree_sitter/parser.h",
];

/// Version of the parser tables: what tree-sitter 0.25 and later load.
const ABI_VERSION: usize = 15;

/// Options of the command.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Grammars to write; all of them when none is named.
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(GRAMMARS))]
    grammars: Vec<String>,
    /// Write nothing; fail when what is committed differs from what would be written.
    #[arg(long)]
    check: bool,
    /// The queries alone, which need no Node.js.
    #[arg(long)]
    queries: bool,
}

/// Generates the chosen grammars, or compares them with what is committed.
pub(crate) fn run(options: &Options) -> Result<String, String> {
    let chosen: Vec<&str> = match options.grammars.as_slice() {
        [] => GRAMMARS.to_vec(),
        named => named.iter().map(String::as_str).collect(),
    };
    if options.check {
        queries::check(&chosen)?;
    } else {
        queries::write(&chosen)?;
    }
    for grammar in chosen.iter().filter(|_| !options.queries) {
        let source = folder_of(grammar).join("src");
        if options.check { check(grammar)? } else { generate(grammar, &source)? }
    }
    let done = if options.check { "up to date" } else { "generated" };
    Ok(format!("{done}: {}", chosen.join(", ")))
}

fn folder_of(grammar: &str) -> Utf8PathBuf {
    project_root().join("grammar").join(grammar)
}

fn generate(grammar: &str, into: &Utf8Path) -> Result<(), String> {
    generate_parser_in_directory(
        folder_of(grammar),
        Some(into.as_std_path()),
        None::<&str>,
        ABI_VERSION,
        None,
        None,
        true,
        OptLevel::default(),
    )
    .map_err(|error| format!("grammar `{grammar}`: {error}"))
}

/// Generates into a folder of its own, and names the first file that is not what is committed.
fn check(grammar: &str) -> Result<(), String> {
    let fresh = tempfile::tempdir().map_err(|error| error.to_string())?;
    let fresh = Utf8Path::from_path(fresh.path()).ok_or("the temporary folder is not UTF-8")?;
    generate(grammar, fresh)?;
    let committed = folder_of(grammar).join("src");
    for output in OUTPUTS {
        let (ours, theirs) = (read(&committed.join(output))?, read(&fresh.join(output))?);
        if ours != theirs {
            return Err(format!(
                "`grammar/{grammar}/src/{output}` is not what `grammar.js` gives; \
                 run `cargo xtask generate {grammar}` and commit the result"
            ));
        }
    }
    Ok(())
}

/// The text of a file, without the carriage returns a checkout on Windows may add.
fn read(path: &Utf8Path) -> Result<String, String> {
    let text =
        fs::read_to_string(path).map_err(|error| format!("cannot read `{path}`: {error}"))?;
    Ok(text.replace("\r\n", "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn committed_parsers_are_what_the_grammars_give() {
        for grammar in GRAMMARS {
            check(grammar).unwrap();
        }
    }
}
