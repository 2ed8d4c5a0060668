//! Compiles the parser of the file grammar against the watched scanner, under a name of its own.

fn main() {
    let source = "../specql/src";
    let mut build = cc::Build::new();
    build.std("c11").include(source).opt_level(2);
    build.flag_if_supported("-Wno-unused-parameter");
    build.flag_if_supported("-Wno-unused-but-set-variable");
    for function in ["", "_create", "_destroy", "_scan", "_serialize", "_deserialize"] {
        let scanner = if function.is_empty() { "" } else { "_external_scanner" };
        let name = format!("tree_sitter_specql{scanner}{function}");
        build.define(&name, format!("watched_{name}").as_str());
    }
    build
        .file(format!("{source}/parser.c"))
        .file("src/watched_scanner.c")
        .compile("watched-specql");
    println!("cargo:rerun-if-changed={source}");
    println!("cargo:rerun-if-changed=src");
}
