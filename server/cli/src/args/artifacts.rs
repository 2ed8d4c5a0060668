//! What follows from files, and their layout: `preview`, `impact`, `format`, `emit`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use specql_ide::ArtifactKind;

#[derive(Debug, Args)]
#[command(after_help = PREVIEW_HELP)]
pub(crate) struct Preview {
    /// `Entity`, `Entity.action` or `schema.Entity.action`; what a project has once needs none
    pub(crate) name: Option<String>,
    #[arg(long, value_name = "NAME", help = artifacts())]
    pub(crate) artifact: Option<String>,
    /// The folder or file whose workspace is read
    #[arg(long, value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
    /// Read the workspace as it is in a revision of its git repository
    #[arg(long, value_name = "REV")]
    pub(crate) revision: Option<String>,
}

/// What `--artifact` takes.
fn artifacts() -> String {
    let names: Vec<&str> = ArtifactKind::ALL.iter().map(|it| it.name()).collect();
    format!("The artifact: {}", names.join(", "))
}

const PREVIEW_HELP: &str = "\
Examples:
  specql-lsp preview Post.create_post                            the SQL of an action
  specql-lsp preview Post                                        the table of an entity
  specql-lsp preview Post.create_post --artifact cascade-sample  what a client receives
  specql-lsp preview Post.create_post --revision HEAD            as it was committed
  specql-lsp preview --artifact foundation                       what all actions share

Exit codes: 0 printed, 2 a wrong call, something could not be read, or there is no \
such entity, action or artifact.";

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  specql-lsp impact Post.title
  specql-lsp impact blog.Post.title --format json

Exit codes: 0 printed, 2 a wrong call, something could not be read, or there is no such field.")]
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
#[command(after_help = "\
Examples:
  specql-lsp format                   everything below this folder
  specql-lsp format --check entities  in CI
  specql-lsp format --diff            to look at it first
  specql-lsp format - < post.yaml     stdin to stdout, for editors and filters

Exit codes: 0 done, 1 a file would change (--check, --diff) or could not be formatted, 2 a wrong call, \
nothing to format, or something that cannot be read or written (a read-only file is left as it is).")]
pub(crate) struct FormatFiles {
    /// Files and folders; `-` alone writes what stdin holds to stdout
    #[arg(default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// What messages call the file that `-` reads
    #[arg(long, value_name = "PATH")]
    pub(crate) stdin_filename: Option<PathBuf>,
    /// Write nothing; print the files that would change, and exit with 1 when there are some
    #[arg(long)]
    pub(crate) check: bool,
    /// Write nothing; print what would change, and exit with 1 when there is something
    #[arg(long)]
    pub(crate) diff: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  specql-lsp emit --out sql                write
  specql-lsp emit --out sql --check        in CI: is what is committed what would be written?
  specql-lsp emit --out sql --skip table   where SpecQL's generator makes the tables

Exit codes: 0 done, 1 the files have errors, or (--check) the folder is not up to date, 2 a wrong call, or \
something that cannot be read or written.")]
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
    /// Write over generated files that somebody edited
    #[arg(long)]
    pub(crate) overwrite: bool,
    /// Leave an artifact out (repeatable): `table` where the tables come from SpecQL's generator
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) skip: Vec<String>,
}
