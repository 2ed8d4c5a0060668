//! The binary starts. With this test cargo builds it together with all others, from the same parts, and
//! `scripts/test.sh` hands it to what runs it.

use std::process::Command;

#[test]
fn the_binary_says_its_version() {
    let output = Command::new(env!("CARGO_BIN_EXE_specql-lsp"))
        .arg("--version")
        .output()
        .expect("cargo has built it");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said.trim(), concat!("specql-lsp ", env!("CARGO_PKG_VERSION")));
}
