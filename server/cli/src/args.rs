//! The command line, declared once.

mod artifacts;
mod check;
mod project;
mod revisions;

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, ColorChoice, Parser, Subcommand};

pub(crate) use artifacts::{Emit, FormatFiles, Impact, ImpactFormat, Preview};
pub(crate) use check::{
    Check, Choice, Exit, FailingLevel, Files, Fixes, Format, Output, OutputFile,
};
pub(crate) use project::{
    Ci, Doctor, DoctorFormat, Editor, Explain, Init, SchemaArguments, SchemaOf,
};
pub(crate) use revisions::{
    DiffArguments, DiffFormat, FailingChange, GitDiffDriver, LockArguments, MigrateArguments,
};

/// Language server and checker for SpecQL: validates `impact` and `cdc` blocks and previews the SQL,
/// JSON and events that follow from them.
#[derive(Debug, Parser)]
#[command(name = "specql-lsp", version, max_term_width = 100, after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// Without a command: speak the protocol even on a terminal
    #[arg(long)]
    pub(crate) stdio: bool,
    /// Whether output has colours; `auto`: on a terminal, unless `NO_COLOR` is set
    #[arg(long, global = true, value_name = "WHEN", default_value_t = ColorChoice::Auto, hide_default_value = true)]
    pub(crate) color: ColorChoice,
}

const AFTER_HELP: &str = "Without a command the language server runs on stdio, as editors start it.\n\
    `specql-lsp --check PATH…` is the same as `specql-lsp check PATH…`.";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the language server on stdin and stdout
    Serve(Serve),
    /// Check files and folders and print a report
    Check(Check),
    /// Print one generated artifact
    Preview(Preview),
    /// Say who reads and writes a field, and what carries its value
    Impact(Impact),
    /// Bring files into the one layout; comments, blank lines, quotes and meaning stay
    Format(FormatFiles),
    /// Write every artifact of a workspace, in an order in which `psql -f` runs
    Emit(Emit),
    /// Record what events and cascades promise in `specql.events.lock`
    Lock(LockArguments),
    /// Say what has changed in events and cascades since a revision
    Diff(DiffArguments),
    /// Write what brings a database of an earlier revision to this one, to be read first
    Migrate(MigrateArguments),
    /// Print what a code means: a rule, or a change that `diff` reports
    Explain(Explain),
    /// Print the JSON Schema of entity files or of the configuration
    Schema(SchemaArguments),
    /// Write the first files of a project: configuration, recipe for CI, settings of editors
    Init(Init),
    /// Say what is seen of a project and of this machine, and what is missing
    Doctor(Doctor),
    /// Show what a change of an entity file means; git runs it
    GitDiffDriver(GitDiffDriver),
    /// Print what a shell needs to complete this command line
    Completions(Completions),
    /// Print the manual page of the program or of one command
    Man(Man),
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Speak the protocol even on a terminal
    #[arg(long)]
    pub(crate) stdio: bool,
}

#[derive(Debug, Args)]
#[command(after_help = COMPLETIONS_HELP)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  specql-lsp man check | man -l -                         read a page
  specql-lsp man --out /usr/local/share/man/man1          install them all")]
pub(crate) struct Man {
    /// The command; the program itself otherwise
    pub(crate) command: Option<String>,
    /// Write the pages of the program and of all commands to this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub(crate) out: Option<PathBuf>,
}

const COMPLETIONS_HELP: &str = "\
Examples:
  specql-lsp completions bash > ~/.local/share/bash-completion/completions/specql-lsp
  specql-lsp completions zsh > ~/.zfunc/_specql-lsp        with ~/.zfunc in $fpath, before compinit
  specql-lsp completions fish > ~/.config/fish/completions/specql-lsp.fish
  specql-lsp completions powershell >> $PROFILE
  specql-lsp completions elvish >> ~/.config/elvish/rc.elv

In bash, zsh and fish codes of rules and changes are completed, too: `specql-lsp explain unk`.";

/// `--check` anywhere before a subcommand means the subcommand `check`: CI scripts call it that way.
pub(crate) fn with_check_as_subcommand(
    arguments: impl IntoIterator<Item = OsString>,
) -> Vec<OsString> {
    let mut res: Vec<OsString> = arguments.into_iter().collect();
    let literal_from = res.iter().position(|it| it == "--").unwrap_or(res.len());
    let flag = res.iter().take(literal_from).skip(1).position(|it| it == "--check");
    let first = first_word(&res);
    let names_subcommand = first.is_some_and(|it| SUBCOMMANDS.iter().any(|name| it == *name));
    if let Some(index) = flag
        && !names_subcommand
    {
        res.remove(index + 1);
        res.insert(1, "check".into());
    }
    res
}

/// The first word that is not `--color` or its value, which may stand anywhere.
fn first_word(words: &[OsString]) -> Option<&OsString> {
    let mut words = words.iter().skip(1);
    loop {
        let word = words.next()?;
        if word == "--color" {
            words.next()?;
        } else if !word.to_string_lossy().starts_with("--color=") {
            return Some(word);
        }
    }
}

const SUBCOMMANDS: &[&str] = &[
    "serve",
    "check",
    "preview",
    "impact",
    "format",
    "emit",
    "lock",
    "diff",
    "migrate",
    "explain",
    "schema",
    "init",
    "doctor",
    "git-diff-driver",
    "completions",
    "man",
    "help",
];

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn rewritten(line: &str) -> String {
        let words = with_check_as_subcommand(line.split(' ').map(OsString::from));
        words.iter().map(|it| it.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn check_as_a_flag_is_the_subcommand() {
        assert_eq!(rewritten("specql-lsp --check a b"), "specql-lsp check a b");
        assert_eq!(
            rewritten("specql-lsp --format json --check a"),
            "specql-lsp check --format json a"
        );
        assert_eq!(rewritten("specql-lsp check a"), "specql-lsp check a");
        assert_eq!(rewritten("specql-lsp emit --check"), "specql-lsp emit --check");
        let coloured = "specql-lsp --color never emit --check";
        assert_eq!(rewritten(coloured), coloured);
        assert_eq!(
            rewritten("specql-lsp --color=never --check a"),
            "specql-lsp check --color=never a"
        );
        assert_eq!(rewritten("specql-lsp check -- --check"), "specql-lsp check -- --check");
    }

    #[test]
    fn every_subcommand_is_known_to_the_rewriting() {
        let command = Arguments::command();
        let mut names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        names.push("help");
        assert_eq!(names, SUBCOMMANDS);
    }

    /// What follows the options is wrapped to the terminal: a line end within a sentence would break it twice.
    #[test]
    fn sentences_below_the_options_are_one_line() {
        let mut command = Arguments::command();
        command.build();
        for it in std::iter::once(&command).chain(command.get_subcommands()) {
            let text = it.get_after_help().map(ToString::to_string).unwrap_or_default();
            let inside =
                |it: &&str| it.starts_with(|it: char| it.is_lowercase() || it.is_numeric());
            let broken: Vec<&str> = text.lines().filter(inside).collect();
            assert_eq!(broken, Vec::<&str>::new(), "{}", it.get_name());
        }
    }

    #[test]
    fn the_declaration_is_consistent() {
        Arguments::command().debug_assert();
    }
}
