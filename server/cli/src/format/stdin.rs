//! `specql-lsp format -`: stdin to stdout, as editors and filters call a formatter.
//!
//! Invariant: what comes out is the whole file or nothing. What is no SpecQL passes through as it came,
//! so that a filter over every YAML file does no harm.

use std::{path::Path, process::ExitCode};

use specql_ide::AnalysisHost;
use specql_project::Encoding;
use specql_text::apply_edits;

use crate::{Error, args::FormatFiles, fix, load, print, report::path_on_a_line};

/// Formats what stdin holds.
pub(super) fn run(arguments: &FormatFiles) -> Result<ExitCode, Error> {
    if let Some(name) = &arguments.stdin_filename {
        load::names_a_file(name)?;
    }
    let (old, encoding) = load::stdin_text()?;
    let path = arguments.stdin_filename.as_deref().unwrap_or(Path::new("stdin.yaml"));
    let name = path.to_string_lossy();
    let new = match formatted(&name, &old, encoding) {
        Ok(it) => it,
        Err(reason) => {
            say!("{}: {reason}", path_on_a_line(&name));
            return Ok(ExitCode::from(1));
        }
    };
    let asks = arguments.check || arguments.diff;
    if !asks {
        print::bytes(&encoding.encode(&new))?;
    } else if new != old && arguments.diff {
        fix::show(&name, encoding, &old, &new)?;
    } else if new != old {
        print::name(&name)?;
    }
    Ok(ExitCode::from(u8::from(asks && new != old)))
}

fn formatted(name: &str, old: &str, encoding: Encoding) -> Result<String, String> {
    if encoding == Encoding::Unknown {
        return Err(fix::NO_UTF8.to_owned());
    }
    let mut host = AnalysisHost::default();
    let file = host.set_file(name, old);
    let analysis = host.analysis();
    if !analysis.is_read(file) {
        return Ok(old.to_owned());
    }
    Ok(apply_edits(old, &analysis.format(file)?))
}
