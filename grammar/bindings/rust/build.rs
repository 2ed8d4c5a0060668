//! Compiles the generated parsers and their scanners into one static library.

use std::path::Path;

/// Folders of the grammars, and the parts of each that are compiled.
const GRAMMARS: &[(&str, &[&str])] = &[
    ("specql", &["parser.c", "scanner.c"]),
    ("specql_type", &["parser.c", "scanner.c"]),
    ("specql_step", &["parser.c", "scanner.c"]),
];

fn main() {
    for (grammar, units) in GRAMMARS {
        let source = Path::new(grammar).join("src");
        let mut build = cc::Build::new();
        build.std("c11").include(&source).flag_if_supported("-Wno-unused-parameter");
        build.flag_if_supported("-Wno-unused-but-set-variable");
        // A debug build of the server must not parse ten times slower than a released one.
        let is_release = std::env::var("OPT_LEVEL").is_ok_and(|it| it == "3");
        build.opt_level(if is_release { 3 } else { 2 });
        for unit in *units {
            build.file(source.join(unit));
        }
        build.compile(&format!("tree-sitter-{grammar}"));
        println!("cargo:rerun-if-changed={}", source.display());
    }
}
