//! Between the client's terms and the program's: names of files, positions, findings, previews.

pub(crate) mod built_ins;
pub(crate) mod client_config;
pub(crate) mod diagnostic;
pub(crate) mod file_key;
pub(crate) mod line_indexes;
pub(crate) mod open_files;
pub(crate) mod preview;
pub(crate) mod settings;
pub(crate) mod snapshot;
pub(crate) mod uri;
