//! `specql-lsp schema`.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use crate::{
    Error,
    args::{SchemaArguments, SchemaOf},
};

/// Prints a JSON Schema.
pub(crate) fn run(arguments: &SchemaArguments) -> Result<ExitCode, Error> {
    let of = match arguments.of {
        SchemaOf::Entity => specql_ide::SchemaOf::Entity,
        SchemaOf::Config => specql_ide::SchemaOf::Config,
    };
    let mut out = io::stdout().lock();
    out.write_all(specql_ide::json_schema(of).as_bytes())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
