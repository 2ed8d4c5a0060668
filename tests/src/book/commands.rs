//! One page for each command, from what the program says of it itself.

use super::Pages;
use crate::binary::{project_root, run};

/// The pages; the commands are those that `specql-lsp --help` lists.
pub(super) fn pages() -> Pages {
    commands().iter().map(|it| (format!("commands/{it}.md"), page(it))).collect()
}

fn commands() -> Vec<String> {
    let help = said(&["--help"]);
    let listed = help.lines().skip_while(|it| !it.starts_with("Commands:")).skip(1);
    let names = listed.take_while(|it| it.starts_with("  ")).filter(|it| !it.starts_with("   "));
    let first = names.filter_map(|it| it.split_whitespace().next());
    first.filter(|it| *it != "help").map(str::to_owned).collect()
}

fn page(command: &str) -> String {
    let help = said(&[command, "--help"]);
    // What it is for stands above the usage, and is text; the rest is as the program shows it.
    let (about, rest) = help.split_once("\nUsage:").unwrap_or(("", &help));
    format!(
        "# specql-lsp {command}\n\n{}\n\n```text\nUsage:{}\n```\n",
        about.trim(),
        rest.trim_end()
    )
}

fn said(arguments: &[&str]) -> String {
    let output = run(project_root(), arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
