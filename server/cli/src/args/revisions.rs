//! What changes from one revision to another: `lock`, `diff`, `git-diff-driver`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  specql-lsp lock             record what holds now
  specql-lsp lock --check     in CI
  specql-lsp lock --accept    nobody reads the events yet

Exit codes: 0 done, 1 there are errors, an event has changed and its version has not, or (--check) the file is not up to date, \
2 a wrong call, or something that cannot be read or written.")]
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
    /// Go on although there are errors
    #[arg(long)]
    pub(crate) allow_errors: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  specql-lsp diff --base main                          what a branch changes
  specql-lsp diff --base main --fail-on breaking       in CI
  specql-lsp diff --base main --format markdown        for a comment
  specql-lsp diff --base main --approve all --reason 'no consumer yet'

Exit codes: 0 printed, 1 there is such a change (--fail-on), 2 a wrong call, or a revision that is not there.
`specql-lsp explain CODE` says more about a change.")]
pub(crate) struct DiffArguments {
    /// The folder
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// The revision of git to compare with: the commit at which the current branch left it, as in
    /// `check --since`, so that what others did there since then does not count
    #[arg(long, value_name = "REV")]
    pub(crate) base: String,
    /// How the changes are printed
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub(crate) format: DiffFormat,
    /// Exit with 1 when there is such a change
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) fail_on: Option<FailingChange>,
    /// Approve a breaking change by its fingerprint (repeatable), or `all`: it is written to
    /// `specql.approvals`, and `--fail-on breaking` passes over it
    #[arg(long, value_name = "FINGERPRINT", requires = "reason")]
    pub(crate) approve: Vec<String>,
    /// Why it is approved
    #[arg(long, value_name = "TEXT", requires = "approve")]
    pub(crate) reason: Option<String>,
    /// Who approves it, instead of the author that git would note
    #[arg(long, value_name = "NAME", requires = "approve")]
    pub(crate) by: Option<String>,
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
    /// What breaks readers, consumers or clients that go on as before, and is not approved
    Breaking,
    /// Every change
    Any,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  git config diff.specql.command 'specql-lsp git-diff-driver'    once in a repository
  echo '*.yaml diff=specql' >> .gitattributes                    which files it is for
  git diff HEAD~1

Exit codes: 0 printed, 2 a wrong call, or something that cannot be read or written.")]
pub(crate) struct GitDiffDriver {
    /// What git says of the file: path, old file, its id and mode, new file, its id and mode
    #[arg(allow_hyphen_values = true)]
    pub(crate) named: Vec<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = MIGRATE_HELP)]
pub(crate) struct MigrateArguments {
    /// The folder of the workspace
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// What the database was made of: a revision of git as it is, or a folder that `emit` wrote
    #[arg(long, value_name = "REV|DIR")]
    pub(crate) base: String,
    /// The folder to write `1_expand.sql` and `2_contract.sql` to, instead of printing them
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Write over files of an earlier run that somebody edited
    #[arg(long, requires = "out")]
    pub(crate) overwrite: bool,
    /// Write what loses data as statements, not as comments
    #[arg(long)]
    pub(crate) allow_destructive: bool,
    /// Write although there are errors; what they concern is missing in the new schema
    #[arg(long)]
    pub(crate) allow_errors: bool,
    /// Leave an artifact out on both sides (repeatable): `table`, `roles`
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) skip: Vec<String>,
}

const MIGRATE_HELP: &str = "\
Examples:
  specql-lsp migrate --base v1.4 --out migrations/1.5     since a tag
  specql-lsp migrate --base sql/                          since the last `emit --out sql/`
  specql-lsp migrate --base main --allow-destructive      with what drops columns and tables

Renames are written `title: {type: text, was: name}` in the file, or `was: OldName` beside `entity`.
Run `1_expand.sql`, deploy, and run `2_contract.sql` when nothing of the old revision is left.

Exit codes: 0 done, 1 there are errors, and nothing was written, 2 a wrong call, or something that cannot be \
read or written.";
