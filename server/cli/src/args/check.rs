//! `check`: which files, which rules, what is printed, what fails.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use specql_ide::Level;

#[derive(Debug, Args)]
#[command(after_help = CHECK_HELP)]
pub(crate) struct Check {
    /// Files, folders and patterns (`'entities/**/*.yaml'`); `-` reads one file from stdin
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
    #[command(flatten)]
    pub(crate) watching: Watching,
}

const CHECK_HELP: &str = "\
Examples:
  specql-lsp check                                everything below this folder
  specql-lsp check entities/post.yaml             one file, within its workspace
  specql-lsp check --since origin/main            what a branch changes, and what depends on it
  specql-lsp check --watch                        again after each save
  specql-lsp check --select unknown-field,unknown-entity
  specql-lsp check --format github --output-file sarif=report.sarif

Exit codes: 0 no finding at or above the failing level, 1 such findings, 2 a wrong call, or \
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
    /// Print how often each rule was broken instead of the findings: a table, or JSON with
    /// `--format json`
    #[arg(long, conflicts_with_all = ["fix_only", "diff", "full"])]
    pub(crate) statistics: bool,
}

/// Whether a run goes on.
#[derive(Debug, Args)]
#[command(next_help_heading = "Watching")]
pub(crate) struct Watching {
    /// Report again after each change, until Ctrl-C; a change checks what it can affect alone
    #[arg(long, conflicts_with_all = [
        "changed", "since", "stdin_filename", "fix", "diff", "fix_only", "add_suppressions",
        "update_baseline",
    ])]
    pub(crate) watch: bool,
    /// Look at the files again and again, where the system tells of no changes: network drives,
    /// folders shared with a container
    #[arg(long, requires = "watch")]
    pub(crate) poll: bool,
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
    /// Report hints as well: advice on what is right as it is; rules of `--select` and `--level` give theirs anyhow
    #[arg(long)]
    pub(crate) hints: bool,
    /// Report a rule at another level: `error`, `warning`, `info`, `hint`, `off`
    #[arg(long, value_name = "CODE=LEVEL", value_delimiter = ',')]
    pub(crate) level: Vec<String>,
    /// Leave out the findings that this file accepts
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write the findings of now to the baseline
    #[arg(long, requires = "baseline", conflicts_with = "add_suppressions")]
    pub(crate) update_baseline: bool,
}

/// What is changed in the files.
#[derive(Debug, Args)]
#[command(next_help_heading = "Fixes")]
pub(crate) struct Fixes {
    /// Apply the safe fixes, then report what is left; what `-` read goes to stdout, mended, and the
    /// report to stderr
    #[arg(long)]
    pub(crate) fix: bool,
    /// With the fixes that need a look
    #[arg(long, conflicts_with = "add_suppressions")]
    pub(crate) unsafe_fixes: bool,
    /// Print what `--fix` would change instead of changing it; exit with 1 when there is something
    #[arg(long)]
    pub(crate) diff: bool,
    /// Apply the fixes and report nothing; exit with 0
    #[arg(long)]
    pub(crate) fix_only: bool,
    /// Write a comment above each finding that silences it, but for those that `--baseline` accepts; then
    /// report what is left
    #[arg(long, conflicts_with_all = ["fix", "fix_only"])]
    pub(crate) add_suppressions: bool,
}

impl Fixes {
    /// The option by which no report is made.
    pub(crate) const fn instead_of_report(&self) -> Option<&'static str> {
        if self.diff {
            Some("--diff")
        } else if self.fix_only {
            Some("--fix-only")
        } else {
            None
        }
    }

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
    // A word before `=` is a format; a path with such a sign has a folder before it (`./a=b`).
    let is_word = |it: &str| it.chars().all(|it| it.is_ascii_alphanumeric() || it == '-');
    let res = match text.split_once('=').filter(|(name, _)| is_word(name)) {
        None => OutputFile { format: None, path: text.into() },
        Some((name, path)) => {
            let format = Format::from_str(name, false).map_err(|_| {
                let known =
                    Format::value_variants().iter().filter_map(ValueEnum::to_possible_value);
                let known: Vec<String> = known.map(|it| format!("`{}`", it.get_name())).collect();
                format!(
                    "`{name}` is no format; there are {}. A file of that name is `./{text}`",
                    known.join(", ")
                )
            })?;
            OutputFile { format: Some(format), path: path.into() }
        }
    };
    if res.path.as_os_str().is_empty() {
        Err("a file's name is missing".to_owned())
    } else {
        Ok(res)
    }
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
    /// Errors, warnings and what is worth knowing
    Info,
    /// Every finding; brings the hints into the report
    Hint,
}

impl FailingLevel {
    pub(crate) const fn level(self) -> Level {
        match self {
            Self::Error => Level::Error,
            Self::Warning => Level::Warning,
            Self::Info => Level::Info,
            Self::Hint => Level::Hint,
        }
    }
}
