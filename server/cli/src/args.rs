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
    /// Without a command: speak the protocol even on a terminal
    #[arg(long)]
    pub(crate) stdio: bool,
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
    /// Print the page of a rule
    Explain(Explain),
    /// Print the JSON Schema of entity files or of the configuration
    Schema(SchemaArguments),
    /// Print what a shell needs to complete this command line
    Completions(Completions),
    /// Print the manual page
    Man,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Speak the protocol even on a terminal
    #[arg(long)]
    pub(crate) stdio: bool,
}

#[derive(Debug, Args)]
#[command(after_help = CHECK_HELP)]
pub(crate) struct Check {
    /// Files and folders; `-` reads one file from stdin
    #[arg(default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) exit: Exit,
    #[command(flatten)]
    pub(crate) choice: Choice,
    #[command(flatten)]
    pub(crate) fixes: Fixes,
}

const CHECK_HELP: &str = "\
Examples:
  specql-lsp check                                everything below this folder
  specql-lsp check entities/post.yaml             one file, within its workspace
  specql-lsp check --since origin/main            what a branch changes, and what depends on it
  specql-lsp check --select unknown-field,unknown-entity
  specql-lsp check --format github --output-file sarif=report.sarif

Exit codes: 0 no finding at or above the failing level, 1 such findings, 2 a wrong call, or
something that cannot be read or written. `specql-lsp explain CODE` says more about a rule.";

/// Which files are looked at, and what they are taken for.
#[derive(Debug, Args)]
#[command(next_help_heading = "Choice of files")]
pub(crate) struct Files {
    /// Report on files that are not as committed, and on those that depend on them
    #[arg(long, conflicts_with = "since")]
    pub(crate) changed: bool,
    /// The same for files that changed since the current branch left this revision
    #[arg(long, value_name = "REV")]
    pub(crate) since: Option<String>,
    /// The name of the file that `-` reads from stdin: its place in a workspace
    #[arg(long, value_name = "PATH")]
    pub(crate) stdin_filename: Option<PathBuf>,
    /// Use this configuration instead of the nearest one
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Look at files that `.gitignore` and `.ignore` exclude
    #[arg(long)]
    pub(crate) no_ignore: bool,
}

/// What is printed, and where to.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct Output {
    /// How findings are printed; `full`, or `agent` where a coding agent runs the command
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    /// Write to a file as well, in a format of its own (repeatable); without `FORMAT=` the report
    /// goes there instead of stdout
    #[arg(long, value_name = "[FORMAT=]FILE", value_parser = output_file)]
    pub(crate) output_file: Vec<OutputFile>,
    /// Show every finding, however many there are
    #[arg(long)]
    pub(crate) full: bool,
    /// Print how often each rule was broken instead of the findings
    #[arg(long)]
    pub(crate) statistics: bool,
}

/// What makes a run fail.
#[derive(Debug, Args)]
#[command(next_help_heading = "Exit code")]
pub(crate) struct Exit {
    /// Exit with 1 when a finding has this level or a higher one
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = FailingLevel::Warning)]
    pub(crate) fail_on: FailingLevel,
    /// Exit with 0 whatever is found
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Let so many warnings pass
    #[arg(long, value_name = "N")]
    pub(crate) max_warnings: Option<usize>,
}

/// Which findings count.
#[derive(Debug, Args)]
#[command(next_help_heading = "Choice of rules")]
pub(crate) struct Choice {
    /// Report these rules alone (repeatable, or separated by commas)
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Do not report these rules
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// Report a rule at another level: `error`, `warning`, `info`, `off`
    #[arg(long, value_name = "CODE=LEVEL", value_delimiter = ',')]
    pub(crate) level: Vec<String>,
    /// Leave out the findings that this file accepts
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write the findings of now to the baseline
    #[arg(long, requires = "baseline")]
    pub(crate) update_baseline: bool,
}

/// What is changed in the files.
#[derive(Debug, Args)]
#[command(next_help_heading = "Fixes")]
pub(crate) struct Fixes {
    /// Apply the safe fixes, then report what is left
    #[arg(long)]
    pub(crate) fix: bool,
    /// With the fixes that need a look
    #[arg(long)]
    pub(crate) unsafe_fixes: bool,
    /// Print what `--fix` would change instead of changing it; exit with 1 when there is something
    #[arg(long)]
    pub(crate) diff: bool,
    /// Apply the fixes and report nothing; exit with 0
    #[arg(long)]
    pub(crate) fix_only: bool,
    /// Write a comment above each finding that silences it, then report what is left
    #[arg(long, conflicts_with_all = ["fix", "fix_only"])]
    pub(crate) add_suppressions: bool,
}

impl Fixes {
    /// Whether fixes are looked for at all.
    pub(crate) const fn any(&self) -> bool {
        self.fix || self.diff || self.fix_only || self.add_suppressions
    }
}

/// A file that a report is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OutputFile {
    /// The format; that of the run when absent.
    pub(crate) format: Option<Format>,
    pub(crate) path: PathBuf,
}

fn output_file(text: &str) -> Result<OutputFile, String> {
    let named = text.split_once('=').and_then(|(name, path)| {
        Some(OutputFile { format: Some(Format::from_str(name, false).ok()?), path: path.into() })
    });
    let res = named.unwrap_or_else(|| OutputFile { format: None, path: text.into() });
    if res.path.as_os_str().is_empty() {
        Err("a file's name is missing".to_owned())
    } else {
        Ok(res)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Preview {
    /// `Entity`, `Entity.action` or `schema.Entity.action`
    pub(crate) name: String,
    /// The artifact: action, table, audit, outbox, foundation, effects, contract, cascade-sample,
    /// event-sample, audit-sample, event-schema, debezium, debezium-properties, debezium-state,
    /// kafka-topics, kafka-topics-script, asyncapi, event-flow, event-flow-dot
    #[arg(long, value_name = "NAME")]
    pub(crate) artifact: Option<String>,
    /// The folder or file whose workspace is read
    #[arg(long, value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Impact {
    /// `Entity.field` or `schema.Entity.field`
    pub(crate) name: String,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = ImpactFormat::Text)]
    pub(crate) format: ImpactFormat,
    /// The folder or file whose workspace is read
    #[arg(long, value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
}

/// Formats of `impact`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ImpactFormat {
    /// Lines for people
    Text,
    /// One JSON object
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct FormatFiles {
    /// Files and folders
    #[arg(default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// Write nothing; print the files that would change, and exit with 1 when there are some
    #[arg(long)]
    pub(crate) check: bool,
    /// Write nothing; print what would change, and exit with 1 when there is something
    #[arg(long)]
    pub(crate) diff: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Emit {
    /// Files and folders
    #[arg(default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// The folder to write to; made when it does not exist
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Write although there are errors; what they concern is left out of the functions
    #[arg(long)]
    pub(crate) allow_errors: bool,
    /// Write nothing; exit with 1 when the folder is not as it would be written
    #[arg(long)]
    pub(crate) check: bool,
    /// Leave an artifact out (repeatable): `table` where the tables come from SpecQL's generator
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) skip: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct LockArguments {
    /// Files and folders
    #[arg(default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// Write nothing; exit with 1 when the file is not as it would be written, or an event has changed
    /// and its version has not
    #[arg(long)]
    pub(crate) check: bool,
    /// Let events change without a new version
    #[arg(long)]
    pub(crate) accept: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArguments {
    /// The folder
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// The revision of git to compare with
    #[arg(long, value_name = "REV")]
    pub(crate) base: String,
    /// How the changes are printed
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub(crate) format: DiffFormat,
    /// Exit with 1 when there is such a change
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) fail_on: Option<FailingChange>,
}

/// Formats of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// One line for each change
    Text,
    /// For a comment in a review
    Markdown,
    /// One JSON object
    Json,
}

/// What makes a difference fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailingChange {
    /// What breaks readers, consumers or clients that go on as before
    Breaking,
    /// Every change
    Any,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArguments {
    /// Of which files
    #[arg(value_enum)]
    pub(crate) of: SchemaOf,
}

/// What a JSON Schema describes.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum SchemaOf {
    /// Entity files
    Entity,
    /// `specql.config.yaml`
    Config,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The rule's code, as reports print it; all codes are listed without one
    pub(crate) code: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

/// Formats of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Source excerpts with labels and help
    Full,
    /// One line for each finding
    Concise,
    /// One JSON object
    Json,
    /// One JSON object for each finding
    JsonLines,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// Code Quality report of GitLab
    Gitlab,
    /// JUnit XML
    Junit,
    /// Checkstyle XML
    Checkstyle,
    /// Reviewdog's JSON
    Rdjson,
    /// Logging commands of Azure Pipelines
    Azure,
    /// A table for a comment in a review
    Markdown,
    /// One line for each finding with its fix, for coding agents
    Agent,
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

const SUBCOMMANDS: &[&str] = &[
    "serve",
    "check",
    "preview",
    "impact",
    "format",
    "emit",
    "lock",
    "diff",
    "explain",
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
