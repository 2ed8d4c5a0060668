//! The command line, declared once.

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use specql_ide::Level;

/// Language server and checker for SpecQL: validates `impact` and `cdc` blocks and previews the SQL,
/// JSON and events that follow from them.
#[derive(Debug, Parser)]
#[command(name = "specql-lsp", version, max_term_width = 100, after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
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
    /// Write every artifact of a workspace, in an order in which `psql -f` runs
    Emit(Emit),
    /// Print the page of a rule
    Explain(Explain),
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Speak the protocol even on a terminal
    #[arg(long)]
    pub(crate) stdio: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Files and folders
    #[arg(default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// How findings are printed
    #[arg(long, value_enum, default_value_t = Format::Full)]
    pub(crate) format: Format,
    /// Exit with 1 when a finding has this level or a higher one
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = FailingLevel::Warning)]
    pub(crate) fail_on: FailingLevel,
}

#[derive(Debug, Args)]
pub(crate) struct Preview {
    /// `Entity`, `Entity.action` or `schema.Entity.action`
    pub(crate) name: String,
    /// The artifact: action, table, audit, outbox, foundation, cascade-sample, event-sample
    #[arg(long, value_name = "NAME")]
    pub(crate) artifact: Option<String>,
    /// The folder or file whose workspace is read
    #[arg(long, value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Emit {
    /// Files and folders
    #[arg(default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// The folder to write to; made when it does not exist
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Leave an artifact out (repeatable): `table` where the tables come from SpecQL's generator
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) skip: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The rule's code, as reports print it; all codes are listed without one
    pub(crate) code: Option<String>,
}

/// Formats of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Source excerpts with labels, help and links
    Full,
    /// One line for each finding
    Concise,
    /// One JSON object
    Json,
}

/// The level from which a finding makes the run fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailingLevel {
    /// Errors alone
    Error,
    /// Errors and warnings
    Warning,
    /// Every finding
    Info,
}

impl FailingLevel {
    pub(crate) const fn level(self) -> Level {
        match self {
            Self::Error => Level::Error,
            Self::Warning => Level::Warning,
            Self::Info => Level::Info,
        }
    }
}

/// `--check` anywhere before a subcommand means the subcommand `check`: CI scripts call it that way.
pub(crate) fn with_check_as_subcommand(
    arguments: impl IntoIterator<Item = OsString>,
) -> Vec<OsString> {
    let mut res: Vec<OsString> = arguments.into_iter().collect();
    let literal_from = res.iter().position(|it| it == "--").unwrap_or(res.len());
    let flag = res.iter().take(literal_from).skip(1).position(|it| it == "--check");
    let names_subcommand = res.get(1).is_some_and(|it| SUBCOMMANDS.iter().any(|name| it == *name));
    if let Some(index) = flag
        && !names_subcommand
    {
        res.remove(index + 1);
        res.insert(1, "check".into());
    }
    res
}

const SUBCOMMANDS: &[&str] = &["serve", "check", "preview", "emit", "explain", "help"];

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
        assert_eq!(rewritten("specql-lsp check -- --check"), "specql-lsp check -- --check");
    }

    #[test]
    fn every_subcommand_is_known_to_the_rewriting() {
        let command = Arguments::command();
        let mut names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        names.push("help");
        assert_eq!(names, SUBCOMMANDS);
    }

    #[test]
    fn the_declaration_is_consistent() {
        Arguments::command().debug_assert();
    }
}
