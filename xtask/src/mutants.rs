//! `cargo xtask mutants`: seeds mistakes into workspaces without findings, and says kind by kind what
//! the checker finds of them.

use std::process::Command;

use crate::project_root;

/// Options of the command.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// So many mistakes of each kind.
    #[arg(long, default_value_t = 40)]
    count: u64,
    /// Which ones; the same ones in every run without it.
    #[arg(long)]
    seed: Option<u64>,
    /// Print each mistake that is not found, with what was found instead.
    #[arg(long)]
    show: bool,
}

/// Runs the test that seeds them, at length.
pub(crate) fn run(options: &Options) -> Result<String, String> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(project_root());
    command.args(["test", "-q", "-p", "specql-check", "--test", "suite", "--"]);
    command.args(["--exact", "mutants::seeded_mistakes_are_found"]);
    command.args([
        "mutants::hands::a_slip_is_one_finding",
        "mutants::hands::what_emit_leaves_out_is_an_error",
    ]);
    command.args(["mistakes::one_cause_is_one_finding_at_its_place", "--nocapture"]);
    command.env("SPECQL_MUTANTS", options.count.to_string());
    if let Some(seed) = options.seed {
        command.env("SPECQL_SEED", seed.to_string());
    }
    if options.show {
        command.env("SPECQL_SHOW", "1");
    }
    let status = command.status().map_err(|error| format!("cannot run cargo: {error}"))?;
    if status.success() {
        Ok("every kind is found".to_owned())
    } else {
        Err("some kind of mistake is not found often enough".to_owned())
    }
}
