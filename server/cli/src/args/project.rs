//! A project as a whole: `init`, `doctor`, `explain`, `schema`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  specql-lsp explain unknown-field    a rule, with an example that fails and one that passes
  specql-lsp explain type-narrowed    a change that `diff` reports
  specql-lsp explain                  all of them

Exit codes: 0 printed, 2 there is no such code.")]
pub(crate) struct Explain {
    /// The code, as reports print it; all codes are listed without one
    pub(crate) code: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = INIT_HELP)]
pub(crate) struct Init {
    /// The folder of the project
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// Where the project is checked (repeatable); otherwise what its files say, else GitHub
    #[arg(long, value_enum, value_name = "SERVICE", value_delimiter = ',')]
    pub(crate) ci: Vec<Ci>,
    /// Whose settings are written (repeatable); otherwise what its files say, else VS Code
    #[arg(long, value_enum, value_name = "NAME", value_delimiter = ',')]
    pub(crate) editor: Vec<Editor>,
    /// Print the files instead of writing them
    #[arg(long)]
    pub(crate) dry_run: bool,
}

const INIT_HELP: &str =
    "A file that is there is left alone; what would have been written is printed.

Examples:
  specql-lsp init                                   what the project's files suggest
  specql-lsp init --ci gitlab,pre-commit --editor none
  specql-lsp init --dry-run                         to read it first

Exit codes: 0 done, 2 a wrong call, or something that cannot be written.";

/// Services that `init` writes a recipe for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ci {
    /// A workflow of GitHub Actions
    Github,
    /// A pipeline of GitLab
    Gitlab,
    /// Hooks of pre-commit
    PreCommit,
    /// No recipe
    None,
}

/// Editors that `init` writes settings for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Editor {
    /// VS Code
    Vscode,
    /// Helix
    Helix,
    /// No settings
    None,
}

#[derive(Debug, Args)]
#[command(after_help = DOCTOR_HELP)]
pub(crate) struct Doctor {
    /// Files and folders
    #[arg(default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = DoctorFormat::Text)]
    pub(crate) format: DoctorFormat,
}

const DOCTOR_HELP: &str = "\
Examples:
  specql-lsp doctor                  this folder and this machine
  specql-lsp doctor --format json    to send with a question

Exit codes: 0 everything that is needed is there, 1 there is a problem, 2 a wrong call. \
What only some commands need may be missing.";

/// Formats of `doctor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DoctorFormat {
    /// Lines for people
    Text,
    /// One JSON object
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  specql-lsp schema entity > entity.schema.json    for editors that complete by a schema
  specql-lsp schema config")]
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
