//! Completions of shells, asked as the shells ask.

use std::{
    fs,
    process::{Command, Output},
};

use serde_json::Value;
use specql_tests::binary::{project_root, run, workspace};

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// There is no PowerShell on the registries that the tests install from, so a grammar of others reads the
/// script: what is told for each command, with the texts as PowerShell has them.
#[test]
fn the_script_of_powershell_is_one_to_a_grammar_of_others() {
    let folder = workspace(&[]);
    let script = stdout(&run(folder.path(), &["completions", "powershell"]));
    fs::write(folder.path().join("script.ps1"), script).expect("writable");
    let program = r#"
import json, tree_sitter, tree_sitter_pwsh
source = open("script.ps1", "rb").read()
tree = tree_sitter.Parser(tree_sitter.Language(tree_sitter_pwsh.language())).parse(source)
assert not tree.root_node.has_error, "it is no PowerShell"
def below(node, kind):
    found = [node] if node.type == kind else []
    return found + [it for child in node.named_children for it in below(child, kind)]
def text(node):
    written = source[node.start_byte:node.end_byte].decode()
    assert written[0] == written[-1] == "'", written
    return written[1:-1].replace("''", "'").strip()
clauses = {}
for clause in below(tree.root_node, "switch_clause"):
    condition, told = clause.named_children[0], below(clause, "argument_list")
    results = [[text(it) for it in below(each, "string_literal")] for each in told]
    assert all(len(it) == 3 for it in results), results
    clauses[text(below(condition, "string_literal")[0])] = [it[0] for it in results]
print(json.dumps(clauses))
"#;
    let output = Command::new(project_root().join(".cache/venv/bin/python"))
        .args(["-c", program])
        .current_dir(folder.path())
        .output()
        .expect("scripts/setup.sh installs it");
    assert!(output.status.success(), "{}", stderr(&output));
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let of = |command: &str| -> Vec<String> {
        let words = told[command].as_array().unwrap_or_else(|| panic!("{command}: {told}"));
        words.iter().filter_map(|it| it.as_str().map(str::to_owned)).collect()
    };
    let commands = of("specql-lsp");
    for it in commands.iter().filter(|it| !it.starts_with('-')) {
        assert!(
            of(&format!("specql-lsp;{it}")).iter().any(|it| it == "--help") || it == "help",
            "{it}"
        );
        let help = stdout(&run(folder.path(), &["help", it]));
        let options = help.split(|it: char| !it.is_alphanumeric() && it != '-');
        for option in options.filter(|it| it.starts_with("--") && it.len() > 2) {
            let all = of(&format!("specql-lsp;{it}"));
            let is_own = help.contains(&format!("\n      {option}"))
                || help.contains(&format!(", {option}"));
            assert!(!is_own || all.iter().any(|it| it == option), "{it} {option}");
        }
    }
    assert!(commands.len() > 15, "{commands:?}");
}

/// What a program of another shell says, in a folder with that shell's script.
fn said_by(shell: &str, program: &str, files: &[(&str, &str)]) -> String {
    let folder = workspace(&[]);
    let script = stdout(&run(folder.path(), &["completions", shell]));
    fs::write(folder.path().join("script"), script).expect("writable");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("writable");
    }
    let script = fs::read_to_string(folder.path().join("script")).expect("written");
    fs::write(folder.path().join("program"), program.replace("SCRIPT", &script)).expect("writable");
    // Fish's and zsh's own settings are the user's.
    let output = Command::new("timeout")
        .args(["60", shell, if shell == "zsh" { "-f" } else { "--" }, "program"])
        .current_dir(folder.path())
        .env("HOME", folder.path())
        .env("TERM", "xterm")
        .output()
        .expect("scripts/setup.sh installs it");
    assert!(output.status.success(), "{shell}: {} {}", stdout(&output), stderr(&output));
    stdout(&output)
}

#[test]
fn fish_zsh_and_elvish_complete() {
    let fish = said_by(
        "fish",
        "source script\ncomplete -C 'specql-lsp expl'\ncomplete -C 'specql-lsp explain unknown-fi'\n\
         complete -C 'specql-lsp check --format gith'\n",
        &[],
    );
    let words: Vec<_> = fish.lines().filter_map(|it| it.split('\t').next()).collect();
    assert_eq!(words, ["explain", "unknown-field", "github"]);
    // A terminal of its own, in which words are typed: each wait ends where the completed word is shown.
    let zsh = said_by(
        "zsh",
        "zmodload zsh/zpty\nzpty z zsh -f\n\
         typed() { zpty -w -n z $'\\C-u'\"$1\"$'\\t'; zpty -r z out \"*$2*\" && print $2 }\n\
         zpty -w z \"PS1='> '; autoload -Uz compinit; compinit -D -u; source ./script; print REA''DY\"\n\
         zpty -r z out '*READY*'\n\
         typed 'specql-lsp expl' explain\n\
         typed 'specql-lsp explain unknown-fi' unknown-field\n\
         typed 'specql-lsp check --format gith' github\n\
         zpty -d z\n",
        &[],
    );
    assert_eq!(zsh, "explain\nunknown-field\ngithub\n");
    // What its editor has, in a module of that name: candidates are what they begin with.
    let editor = "var completion: = (ns [&arg-completer=[&]])\n\
                  fn complex-candidate {|text &display='' @rest| put $text }\n";
    let elvish = said_by(
        "elvish",
        "use ./edit\nSCRIPT\neach $echo~ [($edit:completion:arg-completer[specql-lsp] specql-lsp '')]\n\
         each $echo~ [($edit:completion:arg-completer[specql-lsp] specql-lsp check '')]\n",
        &[("edit.elv", editor)],
    );
    let words: Vec<_> = elvish.lines().collect();
    for it in ["check", "git-diff-driver", "--fail-on", "--add-suppressions"] {
        assert!(words.contains(&it), "{it}: {words:?}");
    }
}

/// What a real bash completes, asked as readline asks it.
#[test]
fn bash_completes_every_command() {
    let folder = workspace(&[]);
    let script = stdout(&run(folder.path(), &["completions", "bash"]));
    fs::write(folder.path().join("script"), script).expect("writable");
    let completed = |words: &[&str]| {
        let ask = "source ./script; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); \
                   of=$(complete -p specql-lsp); of=${of##*-F }; \
                   ${of%% *} \"$1\" \"${@: -1}\" \"${@: -2:1}\"; echo \"${COMPREPLY[*]}\"";
        let output = Command::new("bash")
            .args(["--norc", "-c", ask, "bash", "specql-lsp"])
            .args(words)
            .current_dir(folder.path())
            .output()
            .expect("bash is there");
        stdout(&output)
    };
    assert_eq!(completed(&["expl"]), "explain\n");
    assert_eq!(completed(&["check", "--for"]), "--format\n");
    assert_eq!(completed(&["check", "--format", "gith"]), "github\n");
    assert_eq!(completed(&["--col"]), "--color\n");
    assert_eq!(completed(&["explain", "unknown-fi"]), "unknown-field\n");
    assert_eq!(completed(&["explain", "topic-"]), "topic-changed\n");
    assert_eq!(completed(&["check", "--select", "unknown-fi"]), "unknown-field\n");
    let help = stdout(&run(folder.path(), &["--help"]));
    let commands = help.lines().skip_while(|it| *it != "Commands:").skip(1);
    let commands: Vec<&str> = commands
        .take_while(|it| !it.is_empty())
        .filter_map(|it| it.strip_prefix("  ").filter(|it| !it.starts_with(' ')))
        .filter_map(|it| it.split(' ').next())
        .collect();
    assert!(commands.len() > 15, "{commands:?}");
    for it in commands.iter().filter(|it| **it != "help") {
        assert!(completed(&[*it, "--he"]).contains("--help"), "{it}");
    }
}
